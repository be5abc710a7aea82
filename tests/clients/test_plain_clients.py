"""Clients of a few lines: requests as BinderHub's documentation reads it, curl, and one that is strict.

The node says nothing after `ready` for ten minutes, so a client that is kept waiting for more bytes fails.
"""
import json
import subprocess

import pytest
import requests

from .strict import Strict, read_stream


def as_documented(base, spec):
    """Lines that start with `data:`, and what follows the first colon is JSON."""
    answer = requests.get(f"{base}build/{spec}", stream=True, headers={"Accept": "text/event-stream"}, timeout=120)
    answer.raise_for_status()
    for line in answer.iter_lines():
        line = line.decode("utf8", "replace")
        if line.startswith("data:"):
            event = json.loads(line.split(":", 1)[1])
            yield event
            if event["phase"] in ("ready", "failed"):
                answer.close()
                return


def test_requests_reads_a_launch(binder, cached):
    events = list(as_documented(binder.url, cached))
    assert events[-1]["phase"] == "ready"
    page = requests.get("{url}lab?token={token}".format(**events[-1]), timeout=30)
    assert page.status_code == 200 and "jupyter" in page.text.lower()


def test_requests_reads_a_failed_build(binder, failing):
    spec, words = failing
    events = list(as_documented(binder.url, spec))
    assert events[-1]["phase"] == "failed"
    assert any(words in event["message"] for event in events)


def curl(*arguments, until):
    """The lines that curl prints up to the first one with `until`; each as soon as it was sent."""
    with subprocess.Popen(["curl", "--no-buffer", "--silent", "--show-error", *arguments], stdout=subprocess.PIPE, text=True) as run:
        lines = []
        for line in run.stdout:
            lines.append(line.rstrip("\n"))
            if until in line:
                break
        run.terminate()
    return lines


def test_curl_reads_a_launch(binder, cached):
    lines = curl("--header", "Accept: text/event-stream", f"{binder.url}build/{cached}", until='"ready"')
    assert '"phase":"ready"' in lines[-1].replace(" ", ""), lines
    assert all(line.startswith(("data: ", "id: ", ":keepalive")) or not line for line in lines), lines


def test_curl_without_an_accept_is_told_what_is_missing(binder, cached):
    done = subprocess.run(
        ["curl", "--no-buffer", "--silent", "--write-out", "%{http_code}", f"{binder.url}build/{cached}"],
        capture_output=True, text=True, timeout=60, check=True,
    )
    assert done.stdout.endswith("\n\n200"), done.stdout
    assert '"failed"' in done.stdout and "text/event-stream" in done.stdout


def strict_launch(base, spec, headers=None):
    """Every event and keepalive until the launch's end, by a reader that forgives nothing."""
    answer = requests.get(
        f"{base}build/{spec}", stream=True, timeout=120, headers={"Accept": "text/event-stream", **(headers or {})}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-headers"] == "cache-control"
    found = []
    for event in read_stream(iter(lambda: answer.raw.read1(4096), b"")):
        found.append(event)
        if event and event["phase"] == "ready":
            answer.close()
            return found
    return found  # ended by the other side, as after a failure


def test_a_strict_client_reads_a_new_image_and_its_keepalives(stack, serve, forge):
    node = serve(
        stack.settings_with(BinderHub={"port": 0}, Bindery={"keepalive_seconds": 1}, GitHubRepoProvider=forge.settings),
        environment=forge.environment,
    )
    forge.publish("alice/slow", {"Dockerfile": "FROM bindery/base\nRUN sleep 3 && printf 'half a line\\r\\033[1mend\\n'\n"})
    found = strict_launch(node.url, "gh/alice/slow/HEAD")
    events = [event for event in found if event]
    assert events[-1]["phase"] == "ready"
    assert None in found, "no keepalive came in a second's silence"


def test_a_strict_client_reads_every_kind_of_failure(binder, cached, failing):
    for spec, status in {
        failing[0]: None,
        "gh/alice/nothing-here/HEAD": 404,
        "gh/alice/notebooks/no-such-branch": 404,
        "gh/malformed": 400,
        "no-such-provider/x/y": 404,
        cached + "?build_token=wrong": 403,
        cached + "?build_only=true": 400,
    }.items():
        events = [event for event in strict_launch(binder.url, spec) if event]
        assert events[-1]["phase"] == "failed", (spec, events[-1])
        assert [event["phase"] for event in events].count("failed") == 1, spec
        assert events[-1].get("status_code") == status, (spec, events[-1])


def test_a_strict_client_of_a_federation_asks_with_a_list_of_types(binder, cached):
    events = [e for e in strict_launch(binder.url, cached, {"Accept": "text/event-stream, */*;q=0.1"}) if e]
    assert events[-1]["phase"] == "ready"


@pytest.mark.parametrize("bad", [
    b'data:{"phase":"built","message":"x\\n","imageName":"i"}\n\n',
    b'data: {"phase":"built","message":"x\\n","imageName":"i"}\n',
    b'data: {"phase":"built","message":"x\\n","imageName":"i"}\r\n\r\n',
    b'data: {"phase":"resolving","message":"x\\n"}\n\n',
    b'data: {"phase":"waiting","message":"x"}\n\n',
    b'data: {"phase":"waiting"}\n\n',
    b'data: {"phase":"ready","message":"x\\n"}\n\n',
    b'data: {"phase":"waiting","message":"\xff\\n"}\n\n',
    b'event: news\ndata: {"phase":"waiting","message":"x\\n"}\n\n',
    b'data: {"phase":"waiting",\ndata: "message":"x\\n"}\n\n',
    b'\ndata: {"phase":"waiting","message":"x\\n"}\n\n',
    b":heartbeat\n\n",
    b"retry: 10\n\n",
])
def test_the_strict_client_is_strict(bad):
    with pytest.raises(Strict):
        list(read_stream([bad]))
    good = b'id: a.1\ndata: {"phase":"waiting","message":"x\\n"}\n\n:keepalive\n\n'
    assert [event and event["phase"] for event in read_stream([good[:9], good[9:]])] == ["waiting", None]
