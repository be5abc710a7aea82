"""Links of today (badges, nbgitpuller, legacy ones), opened in Chromium: where they land, to the byte."""
import re
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from integration.processes import Node
from stubs.cloud import Cloud

# Milliseconds in which a browser on a busy machine shows a page; a healthy run needs a fraction of it.
PATIENCE = 60_000

PULLER = "git-pull?" + urlencode({"repo": "https://github.com/alice/course", "branch": "main", "urlpath": "lab/tree/course/a b.ipynb"})

# Queries as they stand in badges and generated links.
QUERIES = {
    "nothing": "",
    "labpath": "labpath=index.ipynb",
    "labpath in folders": "labpath=a%2Fb%2Fc.ipynb",
    "labpath, slashes bare": "labpath=a/b/c.ipynb",
    "labpath with spaces": "labpath=a%20plan.ipynb",
    "labpath, spaces as plus": "labpath=a+plan.ipynb",
    "labpath in unicode": "labpath=%C3%9Cbersicht.ipynb",
    "labpath in bare unicode": "labpath=Übersicht.ipynb",
    "labpath with a question mark": "labpath=what%3F.ipynb",
    "labpath with a hash": "labpath=index.ipynb%23Results",
    "labpath with a percent sign": "labpath=100%25.ipynb",
    "labpath with an ampersand": "labpath=a%26b.ipynb",
    "labpath of a folder": "labpath=folder%2F",
    "labpath from the root": "labpath=%2Fa.ipynb",
    "labpath of nothing": "labpath=",
    "filepath": "filepath=index.ipynb",
    "filepath in folders, unicode, spaces": "filepath=a%2F%C3%9C%20b.ipynb",
    "filepath with a hash": "filepath=index.ipynb%23Results",
    "urlpath": "urlpath=lab",
    "urlpath from the root": "urlpath=%2Flab%2Ftree%2Findex.ipynb",
    "urlpath with a slash at its end": "urlpath=rstudio%2F",
    "urlpath with a query": "urlpath=voila%2Frender%2Fa.ipynb%3Ftheme%3Ddark%26x%3D1%2B1",
    "urlpath with a hash": "urlpath=lab%2Ftree%2Fa.ipynb%23Results",
    "urlpath twice escaped": "urlpath=lab%2Ftree%2Fwhat%253F.ipynb",
    "urlpath with a token of its own": "urlpath=app%3Ftoken%3Dtheirs",
    "urlpath of nbgitpuller": urlencode({"urlpath": PULLER}),
    "labpath before urlpath": "urlpath=rstudio&labpath=a.ipynb",
    "labpath before filepath": "filepath=b.ipynb&labpath=a.ipynb",
    "filepath before urlpath": "urlpath=rstudio&filepath=a.ipynb",
    "the first of two": "labpath=a.ipynb&labpath=b.ipynb",
    "others beside it": "utm_source=x&urlpath=lab&build_token_=1",
}

# What leads away from the server, which BinderHub's own page follows and hands the token to.
AWAY = {
    "another host": "urlpath=%2F%2Fexample.org%2Fx",
    "another address": "urlpath=https%3A%2F%2Fexample.org%2Fx",
    "the hub": "urlpath=..%2F..%2Fhub%2Fhome",
    "the hub, escaped": "urlpath=%252e%252e%2F%252e%252e%2Fhub%2Fhome",
    "the hub by labpath": "labpath=..%2F..%2F..%2F..%2Fhub%2Fhome",
    "backslashes": "urlpath=%5C%5Cexample.org%2Fx",
}


@pytest.fixture(scope="module")
def quick(program, stack, forge, cached, tmp_path_factory):
    """A node whose hub has every server ready at once: this is about addresses."""
    cloud = Cloud(program)
    hub_url = cloud.urls["hub"] + "/"
    settings = stack.settings_with(BinderHub={"port": 0}, GitHubRepoProvider=forge.settings)
    settings["BinderHub"].update({"hub_url": hub_url, "hub_url_local": hub_url})
    node = Node(program, tmp_path_factory.mktemp("quick") / "node", settings, environment=forge.environment)
    yield node.wait_until_serving()
    node.stop()
    cloud.stop()


def land(page, node, path):
    """Opens the link; the server's address, its token and where the browser went."""
    page.goto(f"{node.url}{path}")
    page.wait_for_url(re.compile(r"/user/[^/]+/.*"))
    landed = page.evaluate("location.href")
    server = re.match(r"https?://[^/]+/user/[^/]+/", landed)[0]
    token = re.search(r"[?&]token=([A-Za-z0-9_-]{22})(?:#|$)", landed)
    return server, token and token[1], landed


def test_every_link_lands_where_binderhubs_client_leads(page, quick, cached, upstream_addresses):
    found = {name: land(page, quick, f"v2/{cached}?{query}") for name, query in QUERIES.items()}
    assert all(token for _, token, _ in found.values()), found
    expected = upstream_addresses([(QUERIES[name], server, token) for name, (server, token, _) in found.items()])
    wrong = {name: (landed, there) for (name, (_, _, landed)), there in zip(found.items(), expected) if landed != there}
    assert wrong == {}


@pytest.mark.parametrize("kind", AWAY)
def test_no_link_carries_the_token_off_the_server(page, quick, cached, kind):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    server, token, landed = land(page, quick, f"v2/{cached}?{AWAY[kind]}")
    assert landed.startswith(server) and token, landed
    assert [url for url in asked if token in url and not url.startswith(server)] == []


SPECS = {
    # what stands in the link: what must have been launched
    "gh/alice/notebooks/HEAD": "gh/alice/notebooks/{head}",
    "gh/alice/notebooks/main": "gh/alice/notebooks/{head}",
    "gh/alice/notebooks/topic/x": "gh/alice/notebooks/{head}",
    "gh/alice/notebooks/topic%2Fx": "gh/alice/notebooks/{head}",
    "gh/alice/notebooks.git/main": "gh/alice/notebooks/{head}",
    "git/{url}/HEAD": "git/{url}/{head}",
    "git/{url}/topic/x": "git/{url}/{head}",
    "git/{url}/topic%2Fx": "git/{url}/{head}",
}


@pytest.mark.parametrize("link", SPECS)
def test_the_link_is_launched_as_it_stands(page, quick, repository, link):
    names = {"url": quote(repository.url, safe=""), "head": repository.head}
    launched = []
    page.on("request", lambda request: "/build/" in request.url and launched.append(request.url))
    land(page, quick, f"v2/{link.format(**names)}")
    assert urlsplit(launched[0]).path == f"/build/{link.format(**names)}"
    answer = requests.get(launched[0], headers={"Accept": "text/event-stream"}, stream=True, timeout=60)
    ready = next(line for line in answer.iter_lines() if b'"ready"' in line).decode()
    answer.close()
    assert f'"v2/{SPECS[link].format(**names)}"' in ready, ready


def test_a_legacy_link_lands_in_the_same_place(page, quick, repository, upstream_addresses):
    repository.git("branch", "--force", "master")
    for path, query in {
        "repo/alice/notebooks": "",
        "repo/alice/notebooks/": "",
        "repo/alice/notebooks/tree/a%20plan.ipynb": "urlpath=%2Ftree%2Fa%20plan.ipynb",
        "repo/alice/notebooks/lab/tree/%C3%9Cbersicht.ipynb": "urlpath=%2Flab%2Ftree%2F%C3%9Cbersicht.ipynb",
    }.items():
        server, token, landed = land(page, quick, path)
        assert [landed] == upstream_addresses([(query, server, token)]), path


def test_a_badge_in_a_readme_opens_its_notebook_in_the_lab(page, binder, cached):
    page.set_content(
        f'<a href="{binder.url}v2/{cached}?labpath=a%20plan.ipynb"><img src="{binder.url}badge_logo.svg" alt="Binder"></a>'
    )
    assert page.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    page.get_by_role("img").click()
    page.wait_for_url("**/user/**/doc/tree/a%20plan.ipynb**")
    expect(page.get_by_role("main").get_by_text("6 * 7").first).to_be_visible(timeout=PATIENCE)


def test_a_classic_link_opens_its_notebook(page, binder, cached):
    page.goto(f"{binder.url}v2/{cached}?filepath=%C3%9Cbersicht.ipynb")
    page.wait_for_url("**/user/**/%C3%9Cbersicht.ipynb**")
    expect(page.get_by_text("6 * 7").first).to_be_visible(timeout=PATIENCE)


def test_a_file_with_a_question_mark_is_opened_by_a_twice_escaped_urlpath(page, binder, cached):
    page.goto(f"{binder.url}v2/{cached}?urlpath=lab%2Ftree%2Fwhat%253F.ipynb")
    page.wait_for_url("**/user/**/lab/**")
    expect(page.get_by_role("tab", name=re.compile(r"what\?\.ipynb")).first).to_be_visible(timeout=PATIENCE)


def test_the_token_lets_in_and_without_it_there_is_nothing(page, binder, cached):
    page.goto(f"{binder.url}v2/{cached}?urlpath=api%2Fstatus")
    page.wait_for_url("**/user/**/api/status**")
    expect(page.locator("body")).to_contain_text("started", timeout=PATIENCE)
    address = urlsplit(page.url)
    bare = f"{address.scheme}://{address.netloc}{address.path}"
    token = parse_qs(address.query)["token"][0]
    assert requests.get(bare, timeout=30).status_code in (401, 403)
    assert requests.get(bare, headers={"Authorization": f"token {token}"}, timeout=30).status_code == 200
    assert requests.get(bare, params={"token": token[:-1]}, timeout=30).status_code in (401, 403)
    assert unquote(token) == token  # it needs no escapes in a link
