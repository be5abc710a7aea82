"""Every field of every request, wrong in every way: one clear answer each, and the node lives on."""
import base64
import hashlib
import hmac
import json
import re
import socket
import subprocess
import time

import pytest
import yaml

from .processes import Node

KEY = bytes(range(32))
HOST = "hub.example:8080"
# No launch here gets as far as a hub.
NO_HUB = "http://127.0.0.1:1/"
# Nobody listens there: a launch that got so far ends with 502, at once.
SPEC = "git/git%3A%2F%2F127.0.0.1%3A1%2Fx/HEAD"
REACHED = ("event", 502)
REFUSED = ("event", 403)
MALFORMED = ("event", 400)
OUTSIDE = "this stands outside of every folder that is served"


@pytest.fixture(scope="module")
def node(program, tmp_path_factory):
    place = tmp_path_factory.mktemp("bad-requests")
    served = place / "served"
    served.mkdir()
    (served / "fine.txt").write_text("fine")
    (place / "passwd").write_text(OUTSIDE)
    (served / "out.txt").symlink_to(place / "passwd")
    running = Node(
        program,
        place / "node",
        {
            "BinderHub": {
                "hub_url": NO_HUB,
                "hub_api_token": "token-for-tests",
                "build_token_secret": KEY.hex(),
                "extra_static_path": str(served),
                "ban_networks": {"203.0.113.0/24": "a cloud", "2001:db8::/32": "a lab"},
            },
            "RateLimiter": {"limit": 0},
            "GitRepoProvider": {"private_hosts": ["127.0.0.1"]},
        },
    ).wait_until_serving()
    yield running
    assert running.stop() == 0
    assert not re.search(r"terminate called|runtime error|Sanitizer|what\(\)", running.output)
    assert KEY.hex() not in running.output and "token-for-tests" not in running.output


@pytest.fixture(scope="module")
def distrusting(program, tmp_path_factory):
    """A node that believes no proxy on this machine, and serves nobody on it."""
    running = Node(
        program,
        tmp_path_factory.mktemp("distrusting") / "node",
        {
            "BinderHub": {
                "hub_url": NO_HUB,
                "hub_api_token": "token-for-tests",
                "ban_networks": {"127.0.0.0/8": "this machine"},
            },
            "Bindery": {"trusted_proxies": ["192.0.2.1/32"]},
        },
    ).wait_until_serving()
    yield running
    assert running.stop() == 0


def request(target="/versions", fields=None, method="GET", version="HTTP/1.1", body=b""):
    """The bytes of a request; `fields` replace or join those of a good one, None takes one out."""
    all_fields = {"Host": HOST, "Accept": "text/event-stream", "Connection": "close", **(fields or {})}
    text = b" ".join(as_bytes(part) for part in (method, target, version)) + b"\r\n"
    for name, values in all_fields.items():
        for value in values if isinstance(values, list) else [values]:
            if value is not None:
                text += as_bytes(name) + b": " + as_bytes(value) + b"\r\n"
    return text + b"\r\n" + body


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("latin-1")


def talk(node, data):
    """Sends it, and reads all that comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=30) as peer:
        answer = b""
        try:
            peer.sendall(data)
            while piece := peer.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def outcome(answer, method="GET"):
    """What the answer says: its status, or of an event stream the last event's. Whole and only one."""
    head, mark, body = answer.partition(b"\r\n\r\n")
    assert mark, f"no whole answer: {answer[:200]!r}"
    lines = head.split(b"\r\n")
    found = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [A-Za-z ]+", lines[0])
    assert found, lines[0]
    fields = {}
    for line in lines[1:]:
        assert re.fullmatch(rb"[A-Za-z-]+: [\x20-\x7e]*", line), line
        name, value = line.split(b": ", 1)
        fields.setdefault(name.lower(), []).append(value)
    for name in (b"content-length", b"content-type", b"location", b"access-control-allow-origin"):
        assert len(fields.get(name, [])) <= 1, fields
    assert b"x-injected" not in fields and b"set-cookie" not in fields, fields
    assert OUTSIDE.encode() not in body
    assert not re.search(rb"\.cpp:\d|\.hpp:\d|std::|caf::|terminate|0x[0-9a-f]{8}", body), body[:500]
    status = int(found[1])
    if fields.get(b"content-type") == [b"text/event-stream"]:
        events = [json.loads(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: ")]
        assert [event["phase"] for event in events].count("failed") == 1, events
        assert events[-1]["phase"] == "failed" and len(events[-1]["message"].strip()) > 10, events
        return "event", events[-1]["status_code"]
    if method != "HEAD":
        assert len(body) == int(fields[b"content-length"][0]), answer
        if status >= 400:
            assert len(body.strip()) > 10, f"no clear reason: {answer!r}"
    return status


def lives(node):
    assert outcome(talk(node, request())) == 200


def check(node, data, expected, method="GET"):
    got = outcome(talk(node, data), method)
    assert got in expected if isinstance(expected, set) else got == expected, (got, data[:300])
    lives(node)


# What makes any field's value wrong, and what is answered where a field has no answer of its own.
ANY_VALUE = {
    "a control character": (b"a\x01b", 400),
    "a nul": (b"a\x00b", 400),
    "a delete": (b"a\x7fb", 400),
    "a carriage return": (b"a\rX-Injected: 1", 400),
    "a line feed": (b"a\nX-Injected: 1", 400),
    "a folded line": (b"a\r\n b", 400),
    "more than a head may hold": (b"a" * 20_000, 431),
    "nothing": (b"", None),
    "no text": (b"\xff\xfe\xc0\x80", None),
    "escaped line breaks": (b"%0d%0aX-Injected:%201%0d%0a%0d%0a", None),
    "a path": (b"../../../../etc/passwd", None),
    "markup": (b"\"><script>alert(1)</script>", None),
    "a format": (b"%s%n%x{0}${jndi:ldap://x}", None),
    "very much": (b"a," * 3500, None),
}

# Each field that is read anywhere: where, and what is answered where its value says nothing to us.
FIELDS = {
    "Host": ("/v2/gh/a/b/c", 400),
    "Accept": (f"/build/{SPEC}", MALFORMED),
    "Accept-Encoding": ("/static/bindery.css", 200),
    "Origin": (f"/build/{SPEC}", REACHED),
    "Sec-Fetch-Site": (f"/build/{SPEC}", REACHED),
    "Last-Event-ID": (f"/build/{SPEC}", REACHED),
    "X-Forwarded-For": ("/v2/gh/a/b/c", 200),
    "X-Real-IP": ("/v2/gh/a/b/c", 200),
    "X-Forwarded-Proto": ("/v2/gh/a/b/c", 200),
    "X-Scheme": ("/v2/gh/a/b/c", 200),
    "If-None-Match": ("/static/bindery.css", 200),
    "If-Modified-Since": ("/extra_static/fine.txt", 200),
    "Range": ("/static/bindery.css", 200),
    "Cookie": ("/", 200),
    "Authorization": ("/", 200),
    "Expect": ("/", 200),
    "Content-Type": ("/", 200),
    "Content-Length": ("/", 400),
    "Transfer-Encoding": ("/", 411),
    "User-Agent": ("/", 200),
    "Referer": ("/", 200),
    "X-Anything": ("/", 200),
}


@pytest.mark.parametrize("kind", ANY_VALUE)
@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_a_field_is_too_much(node, field, kind):
    value, always = ANY_VALUE[kind]
    target, else_ = FIELDS[field]
    if kind == "a folded line" and field == "Transfer-Encoding":
        always = 411  # its first line is refused already
    check(node, request(target, {field: value}), always or else_)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_comes_twice_has_one_meaning(node, field):
    target, else_ = FIELDS[field]
    if field == "Accept":
        else_ = MALFORMED
    check(node, request(target, {field: ["a", "b"]}), else_)


METHODS = {
    "POST": 405, "PUT": 405, "DELETE": 405, "PATCH": 405,
    "TRACE": 501, "CONNECT": 501, "PROPFIND": 501, "get": 501, "GETGET": 501, "A" * 3000: 501,
    "": 400, "G(T": 400, "G\x00T": 400, "G\xe9T": 400, "\r": 400,
}


@pytest.mark.parametrize("target", ["/", "/versions", "/build/" + SPEC, "/extra_static/fine.txt", "/nowhere"])
@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused_everywhere(node, method, target):
    check(node, request(target, method=method), METHODS[method])


def test_head_never_launches(node):
    check(node, request(f"/build/{SPEC}", method="HEAD"), 405, "HEAD")


VERSIONS = {
    "HTTP/0.9": 505, "HTTP/2.0": 505, "HTTP/9.9": 505, "http/1.1": 400, "HTTP/1.1x": 400, "HTTP/": 400,
    "HTTP/1.1 x": 400, "": 400, "\xff": 400, "HTTP/" + "1" * 3000: 400,
}


@pytest.mark.parametrize("version", VERSIONS)
def test_other_versions_are_refused(node, version):
    check(node, request(version=version), VERSIONS[version])


TARGETS = {
    "overlong": ("/v2/gh/" + "a" * 9000, 414),
    "no slash": ("versions", 400),
    "nothing": ("", 400),
    "a star": ("*", 400),
    "a fragment": ("/#x", 400),
    "no text": ("/v2/gh/\xff\xfe", 400),
    "a tab": ("/v2/gh/a\tb", 400),
    "a control character": ("/v2/gh/a\x01b", 400),
    "a line feed": ("/v2/gh/a\nX-Injected: 1", 400),
    "another site": ("http://evil.example/nowhere", 404),
    "no path": ("http://evil.example", 200),
    "another scheme": ("file:///etc/passwd", 400),
    "two slashes": ("//evil.example/%2e%2e", 404),
    "a broken escape": ("/v2/gh/a/b/%", 404),
    "half an escape": ("/v2/gh/a/b/%4", 404),
    "no hex": ("/v2/gh/a/b/%zz", 404),
    "an escaped nul": ("/v2/gh/a/b/%00", 404),
    "escaped line breaks": ("/v2/gh/a/b/%0d%0aX-Injected:1", 404),
    "escaped bytes that are no text": ("/v2/gh/a/b/%ff%fe", 200),
    "an overlong form": ("/v2/gh/a/b/%c0%af", 200),
    "markup": ("/v2/gh/a/b/%3Cscript%3E%22", 200),
    "no spec": ("/v2/gh/", 404),
    "no such provider": ("/v2/nope/a/b", 404),
    "a provider that is a word of the code": ("/v2/__proto__/a/b", 404),
    "an old link without a repository": ("/repo/u", 404),
    "an old link with line breaks": ("/repo/u/%0d%0aLocation:%20x", 404),
    "an old link that climbs": ("/repo/../r", 404),
    "an old link with line breaks in its query": ("/repo/u/r?a=%0d%0aSet-Cookie:%20x", 302),
    "an old link with line breaks in its path": ("/repo/u/r/a%0d%0aSet-Cookie:%20x", 404),
    "no launch": ("/build/", 404),
    "no launch of anything": ("/build/gh/", 404),
    "a launch of nobody": ("/build//x", 404),
    "many ampersands": ("/?" + "&" * 7000, 200),
    "broken escapes in the query": ("/?a=%&b=%zz&%=%", 200),
    "a query of no end": ("/v2/gh/a/b/c?urlpath=" + "%2F" * 2500, 200),
}


@pytest.mark.parametrize("kind", TARGETS)
def test_targets_of_every_kind(node, kind):
    target, expected = TARGETS[kind]
    check(node, request(target), expected)


CLIMBS = [
    "../", "%2e%2e/", ".%2e/", "%2E./", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "..;/", "%2e%2e;/", "..%00/",
    "%252e%252e/", "%252e%252e%252f", "%c0%ae%c0%ae/", "%uff0e%uff0e/", "....//", "..././", "./../", "/../", "//",
    "%2f", "..%c0%af", "..%ef%bc%8f",
]


@pytest.mark.parametrize("folder", ["static/", "extra_static/", "static/images/", "assets/images/", ""])
@pytest.mark.parametrize("climb", CLIMBS)
def test_no_path_leaves_its_folder(node, folder, climb):
    for depth in (1, 3, 8):
        for file in ("passwd", "etc/passwd", "pages/home.html"):
            got = outcome(talk(node, request(f"/{folder}{climb * depth}{file}")))
            assert got in (400, 404), (got, folder, climb, depth, file)
    lives(node)


@pytest.mark.parametrize("name", ["out.txt", "", "/", ".", "..", "fine.txt/", "fine.txt%00.svg", "fine%2etxt%20"])
def test_links_folders_and_other_names_are_no_files(node, name):
    check(node, request(f"/extra_static/{name}"), 404)


@pytest.mark.parametrize("climb", ["../", "%2e%2e/", ".%2e/", "./", "%2E/"])
@pytest.mark.parametrize("provider", ["gh", "gl", "git", "gist"])
def test_specs_that_climb_are_refused(node, provider, climb):
    check(node, request(f"/build/{provider}/{climb}{climb}x/HEAD"), MALFORMED)
    check(node, request(f"/v2/{provider}/{climb}{climb}x/HEAD"), 404)


SPECS = {
    "%": MALFORMED, "a/b/%zz": MALFORMED, "a/b/%00": MALFORMED, "a/b/%0d%0aX": MALFORMED, "a/b/%1b[31m": MALFORMED,
    "%ff%fe/b/HEAD": {MALFORMED, REFUSED}, "a": MALFORMED, "a/b": MALFORMED, "a/b/": MALFORMED, "//": MALFORMED,
    "///": MALFORMED, "/b/HEAD": MALFORMED,
}


@pytest.mark.parametrize("spec", SPECS)
def test_specs_of_no_form_are_refused(node, spec):
    check(node, request(f"/build/gh/{spec}"), SPECS[spec])


QUERIES = {
    "build_only=true": MALFORMED,  # without the API-only mode
    "build_only=TRUE": MALFORMED,
    "build_only=%00": REACHED,
    "build_only=" + "true" * 1500: REACHED,
    "build_only=%ff": REACHED,
    "build_only=%": REACHED,
    "build_only": REACHED,
    "build_only[]=true": REACHED,
    "build_token=": REACHED,  # none, as upstream has it
    "build_token": REACHED,
    "build_token=%ff%fe": REFUSED,
    "build_token=%00": REFUSED,
    "build_token=a%0d%0aX-Injected:1": REFUSED,
    "build_token=..": REFUSED,
    "build_token=" + "." * 6000: REFUSED,
    "build_token=" + "a" * 6000: REFUSED,
    "build_token=a.b.c.d.e": REFUSED,
    "build_token=../../../etc/passwd": REFUSED,
    "build_token=a.b.c&build_token=": REFUSED,
}


@pytest.mark.parametrize("query", QUERIES)
def test_values_in_the_query(node, query):
    check(node, request(f"/build/{SPEC}?{query}"), QUERIES[query])


def coded(part):
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(header=None, key=KEY, digest=hashlib.sha256, payload=None, **claims):
    """A build token as ours are, but for what is named; a claim that is None is left out."""
    good = {"exp": int(time.time()) + 300, "aud": SPEC, "origin": HOST, **claims}
    body = payload if payload is not None else {k: v for k, v in good.items() if v is not None}
    text = coded({"alg": "HS256", "typ": "JWT"} if header is None else header) + "." + coded(body)
    signature = hmac.new(key, text.encode(), digest).digest() if key else b""
    return text + "." + coded(signature)


NESTED = b'{"a":' * 700 + b"1" + b"}" * 700
TOKENS = {
    "no signature wanted": lambda: token({"alg": "none", "typ": "JWT"}, None),
    "no signature wanted, in other letters": lambda: token({"alg": "nOnE", "typ": "JWT"}, None),
    "no signature wanted, and one given": lambda: token({"alg": "none", "typ": "JWT"}),
    "no algorithm": lambda: token({"typ": "JWT"}),
    "an algorithm that is no text": lambda: token({"alg": 1}),
    "a longer hash": lambda: token({"alg": "HS512", "typ": "JWT"}, digest=hashlib.sha512),
    "a public key's algorithm": lambda: token({"alg": "RS256", "typ": "JWT"}),
    "a curve's algorithm": lambda: token({"alg": "ES256", "typ": "JWT"}),
    "a foreign key": lambda: token(key=b"foreign"),
    "a key of nothing": lambda: token(key=b"\0"),
    "a key that the header brings": lambda: token(
        {"alg": "HS256", "jwk": {"kty": "oct", "k": coded(b"foreign")}, "kid": "../../dev/null"}, key=b"foreign"),
    "no signature": lambda: token().rsplit(".", 1)[0] + ".",
    "half a signature": lambda: token()[:-20],
    "another's signature": lambda: token().rsplit(".", 1)[0] + "." + token(aud="x").rsplit(".", 1)[1],
    "another's claims": lambda: ".".join([token().split(".")[0], token(aud="x").split(".")[1], token().split(".")[2]]),
    "expired": lambda: token(exp=int(time.time()) - 1),
    "expired in 1970": lambda: token(exp=0),
    "a time before all times": lambda: token(exp=-1),
    "no end": lambda: token(exp=None),
    "an end that is a text": lambda: token(exp="tomorrow"),
    "an end that is a list": lambda: token(exp=[9999999999]),
    "an end that is true": lambda: token(exp=True),
    "not yet good": lambda: token(nbf=int(time.time()) + 3600),
    "not yet good, as a text": lambda: token(nbf="tomorrow"),
    "for another repository": lambda: token(aud="git/other/HEAD"),
    "for the repository unescaped": lambda: token(aud="git/git://127.0.0.1:1/x/HEAD"),
    "for nobody": lambda: token(aud=None),
    "for several": lambda: token(aud=[SPEC, "x"]),
    "for a number": lambda: token(aud=1),
    "from another site": lambda: token(origin="evil.example"),
    "from nowhere": lambda: token(origin=None),
    "from a list": lambda: token(origin=[HOST]),
    "claims that are a list": lambda: token(payload=[1, 2]),
    "claims that are a text": lambda: token(payload="x"),
    "claims that are no JSON": lambda: token(payload=b"{"),
    "claims that are no text": lambda: token(payload=b"\xff\xfe"),
    "claims within claims": lambda: token(payload=NESTED),
    "claims within claims by a foreign key": lambda: token(payload=NESTED, key=b"foreign"),
    "no claims": lambda: token(payload={}),
    "a header that is a list": lambda: token([]),
    "a header that is no JSON": lambda: token(b"x"),
    "a header within headers": lambda: token(NESTED),
}


def test_a_good_token_is_taken(node):
    check(node, request(f"/build/{SPEC}?build_token={token()}"), REACHED)


@pytest.mark.parametrize("kind", TOKENS)
def test_tokens_that_are_not_ours_or_not_for_this_are_refused(node, kind):
    check(node, request(f"/build/{SPEC}?build_token={TOKENS[kind]()}"), REFUSED)


FORWARDED = {
    # How a trusted proxy on this machine may be spoken through, and whether the client is a banned one.
    "banned": ({"X-Forwarded-For": "203.0.113.9"}, 403),
    "banned, behind another proxy": ({"X-Forwarded-For": "203.0.113.9, 127.0.0.1"}, 403),
    "banned, and claims another": ({"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}, 403),
    "banned, and claims another in a field of its own": ({"X-Forwarded-For": ["198.51.100.1", "203.0.113.9"]}, 403),
    "banned, in the newer form": ({"X-Forwarded-For": "::ffff:203.0.113.9"}, 403),
    "banned, by IPv6": ({"X-Forwarded-For": "2001:db8::1"}, 403),
    "banned, by the other field": ({"X-Real-IP": "203.0.113.9"}, 403),
    "not banned": ({"X-Forwarded-For": "198.51.100.1"}, 200),
    "not banned, and claims a banned one": ({"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}, 200),
}


@pytest.mark.parametrize("kind", FORWARDED)
def test_forwarders_are_believed_where_they_are_trusted(node, kind):
    fields, expected = FORWARDED[kind]
    check(node, request("/v2/gh/a/b/c", fields), expected)
    check(node, request("/versions", fields), 200)


@pytest.mark.parametrize("field", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "Via"])
@pytest.mark.parametrize("value", ["198.51.100.1", "for=198.51.100.1", "::1", "192.0.2.1", "", "a" * 3000])
def test_forwarders_that_are_not_trusted_hide_nobody(distrusting, field, value):
    check(distrusting, request("/", {field: value}), 403)


@pytest.mark.parametrize("proto", ["javascript", "https\" onload=\"x", "https, http", "HTTPS://evil.example/", "file"])
def test_a_forged_scheme_reaches_no_page(node, proto):
    answer = talk(node, request("/v2/gh/a/b/c", {"X-Forwarded-Proto": proto}))
    assert outcome(answer) == 200
    assert f"http://{HOST}/".encode() in answer and b"javascript:" not in answer and b"onload" not in answer


BODIES = {
    "a body with a question": (request(fields={"Content-Length": "5"}, body=b"hello"), 200),
    "a body on a refused method": (request(method="POST", fields={"Content-Length": "5"}, body=b"hello"), 405),
    "a form": (
        request("/", method="POST", fields={"Content-Type": "multipart/form-data", "Content-Length": "5"}, body=b"hello"),
        405,
    ),
    "a coded body": (
        request("/", method="POST", fields={"Content-Encoding": "gzip", "Content-Length": "5"}, body=b"hello"),
        {400, 405, 415},
    ),
    "too large a body": (request(method="POST", fields={"Content-Length": "99999999"}), 413),
    "a length beyond all": (request(method="POST", fields={"Content-Length": "9" * 400}), 413),
    "a length in hex": (request(method="POST", fields={"Content-Length": "0x5"}, body=b"hello"), 400),
    "a length with a sign": (request(method="POST", fields={"Content-Length": "+5"}, body=b"hello"), 400),
    "two lengths": (request(method="POST", fields={"Content-Length": ["5", "5"]}, body=b"hello"), 400),
    "chunks": (request(method="POST", fields={"Transfer-Encoding": "chunked"}, body=b"0\r\n\r\n"), 411),
    "too many fields": (request(fields={f"X-{i}": "x" for i in range(200)}), 431),
    "no host": (request(fields={"Host": None}), 400),
    "an empty field name": (request(fields={"": "x"}), 400),
    "a field name with a space": (request(fields={"X Y": "x"}), 400),
    "a field name that is no text": (request(fields={"\xff": "x"}), 400),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_and_heads(node, kind):
    data, expected = BODIES[kind]
    check(node, data, expected)


def section(**values):
    return {"BinderHub": values}


SETTINGS = {
    "a field that brings another": (section(tornado_settings={"headers": {"X-A": "a\r\nX-Injected: 1"}}), "X-A"),
    "a field's name that brings another": (section(tornado_settings={"headers": {"X-A: b\r\nX-Injected": "1"}}), "X-A"),
    "a field of the connection": (section(tornado_settings={"headers": {"Content-Length": "1"}}), "Content-Length"),
    "fields that are a text": (section(tornado_settings={"headers": "X-A: 1"}), "tornado_settings.headers"),
    "another tornado setting": (section(tornado_settings={"xheaders": True}), "Bindery.trusted_proxies"),
    "an origin with a line break": (section(cors_allow_origin="*\r\nX-Injected: 1"), "cors_allow_origin"),
    "a base with a line break": (section(base_url="/a\r\nX-Injected: 1/"), "base_url"),
    "a base with markup": (section(base_url="/\"><script>/"), "base_url"),
    "a base that climbs": (section(base_url="/a/../"), "base_url"),
    "a badge base with a line break": (section(badge_base_url="https://x/\r\nX: 1"), "badge_base_url"),
    "a function for badges": (section(badge_base_url="lambda handler: 'x'"), "badge_base_url"),
    "no such folder of parts": (section(template_path="/nowhere"), "template_path"),
    "no such folder of files": (section(extra_static_path="/nowhere"), "extra_static_path"),
    "a file for a folder": (section(extra_static_path="/etc/passwd"), "extra_static_path"),
    "a word of ours": (section(template_variables={"title": "x"}), "template_variables"),
    "analytics": (section(google_analytics_code="UA-1"), "extra_footer_scripts"),
    "no network": (section(ban_networks={"203.0.113.0/33": "x"}), "ban_networks"),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_that_would_forge_answers_stop_the_start(program, tmp_path, kind):
    settings, words = SETTINGS[kind]
    settings["BinderHub"].update(hub_url="http://127.0.0.1:1/", hub_api_token="token-for-tests", port=0)
    file = tmp_path / "bindery.yaml"
    file.write_text(yaml.safe_dump(settings))
    for command in ("check", "serve"):
        done = subprocess.run(
            [program, command, "--settings", str(file)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1, done
        assert words in done.stderr and "error: " in done.stderr, done.stderr
        assert "terminate" not in done.stderr and "token-for-tests" not in done.stderr


def test_the_node_serves_as_before(node, distrusting):
    for path in ("/", "/about", "/v2/gh/a/b/c", "/badge.svg", "/extra_static/fine.txt", "/metrics", "/versions"):
        assert outcome(talk(node, request(path))) == 200, path
    assert outcome(talk(distrusting, request())) == 200
