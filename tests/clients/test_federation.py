"""A Bindery as a member of a federation: how the front reads it, and a launch through the front."""
import re
import urllib.error

import pytest
import requests
from playwright.sync_api import expect

from integration.processes import Node, free_port
from stubs.redirector import Redirector, refusal

# Milliseconds in which a browser on a busy machine shows a page.
PATIENCE = 60_000
SECRET = "5a" * 32


@pytest.fixture(scope="module")
def members(stack, program, forge, tmp_path_factory):
    """A prime member and another with the same secret, which checks whom a token was made for."""
    folder = tmp_path_factory.mktemp("members")
    settings = stack.settings_with(
        BinderHub={"port": 0, "cors_allow_origin": "*", "build_token_secret": SECRET, "build_token_check_origin": True},
        GitHubRepoProvider=forge.settings,
    )
    nodes = [Node(program, folder / name, settings, environment=forge.environment) for name in ("prime", "other")]
    yield [node.wait_until_serving() for node in nodes]
    for node in nodes:
        node.stop()


def test_members_of_one_version_are_in_the_rotation(members):
    prime, other = members
    why, versions = refusal(prime.url)
    assert why is None and versions["binderhub"]
    assert refusal(other.url, versions) == (None, versions)
    assert refusal(other.url, {**versions, "binderhub": "0.0.0"})[0] == "other versions than the prime member"


def test_a_member_whose_hub_is_down_is_taken_out(stack, serve):
    nowhere = f"http://127.0.0.1:{free_port()}/"
    node = serve(stack.settings_with(BinderHub={"port": 0, "hub_url": nowhere, "hub_url_local": nowhere}))
    with pytest.raises(urllib.error.HTTPError) as told:
        refusal(node.url)
    assert told.value.code == 503
    assert requests.head(f"{node.url}health", timeout=30).status_code == 503


def test_a_link_of_the_federation_launches_on_another_member(members, cached, page):
    prime, other = members
    front = Redirector(prime.url, other.url)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{front.url}v2/{cached}?labpath=index.ipynb")
    page.wait_for_url("**/user/**/doc/tree/index.ipynb**")
    expect(page.get_by_role("main").get_by_text("6 * 7").first).to_be_visible(timeout=PATIENCE)
    builds = [url for url in asked if "/build/" in url]
    # Its token, made by one member for pages of the front, opened the other.
    assert [url.split("/build/")[0] + "/" for url in builds] == [front.url, other.url], builds
    assert "build_token=" in builds[1]
    other.wait_for_line("launch is ready.*alice/notebooks")
    assert "launch began" not in prime.output
    front.stop()


def test_a_token_for_pages_of_elsewhere_opens_nothing(members, cached):
    prime, other = members
    page = requests.get(f"{prime.url}v2/{cached}", headers={"Origin": "https://front.example.org"}, timeout=30).text
    token = re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", page)[0]
    answer = requests.get(
        f"{other.url}build/{cached}?build_token={token}", timeout=30, stream=True,
        headers={"Accept": "text/event-stream", "Origin": "https://elsewhere.example.org"},
    )
    assert '"status_code":403' in answer.text.replace(" ", "")
