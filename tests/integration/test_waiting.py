"""What pages show those who wait, by a node whose every upstream is the stub cloud."""
import json
import re
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

from .launches import launch
from .processes import Node

TOKEN = "a-token-of-the-operator"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def start(program, cloud, tmp_path):
    """Starts a node; every one keeps its state in the same folder."""
    started = []

    def node(**sections):
        sections.setdefault("Bindery", {}).setdefault("state_folder", str(tmp_path / "state"))
        settings = cloud.settings(RateLimiter={"limit": 0}, **sections)
        settings["GitHubRepoProvider"]["access_token"] = TOKEN
        settings["GitLabRepoProvider"]["private_token"] = TOKEN
        folder = tmp_path / f"node-{len(started)}"
        started.append(Node(program, folder, settings, environment=cloud.environment))
        return started[-1].wait_until_serving()

    yield node
    for each in started:
        each.stop()


def ask(node, path, status=200, **more):
    answer = requests.get(node.url + path, timeout=30, allow_redirects=False, **more)
    assert answer.status_code == status, answer.text
    return answer


def estimate(node, spec):
    return ask(node, f"api/estimate/{spec}").json()


def awaited_estimate(node, spec, launches):
    """The last stage is told to the history just before the client hears of it."""
    deadline = time.monotonic() + 20
    while (told := estimate(node, spec))["launches"] < launches:
        assert time.monotonic() < deadline, told
        time.sleep(0.02)
    return told


def test_a_repositorys_earlier_launches_tell_how_long_the_next_may_take(cloud, start, tmp_path):
    node = start()
    assert estimate(node, "gh/ada/timed/HEAD") == {"launches": 0, "builds": 0, "seconds": {}}
    cloud.behave("repo2docker", milliseconds=400)
    assert launch(node.url, "gh/ada/timed/HEAD")[-1]["phase"] == "ready"
    first = awaited_estimate(node, "gh/Ada/timed.git/another-ref", 1)
    assert (first["launches"], first["builds"]) == (1, 1)
    assert list(first["seconds"]) == ["resolve", "fetch", "build", "push", "launch"]
    assert 0.3 <= sum(first["seconds"][stage] for stage in ("fetch", "build", "push")) < 60
    # The image is there now: nothing is built, and nothing is learned of builds.
    assert launch(node.url, "gh/ada/timed/HEAD")[-1]["phase"] == "ready"
    second = awaited_estimate(node, "gh/ada/timed/HEAD", 2)
    assert (second["launches"], second["builds"]) == (2, 1)
    for stage in ("fetch", "build", "push"):
        assert second["seconds"][stage] == first["seconds"][stage]
    # It outlives the node, but not what damages it.
    assert node.stop() == 0, node.output
    again = start()
    assert estimate(again, "gh/ada/timed/HEAD") == second
    assert again.stop() == 0, again.output
    (tmp_path / "state/launch-history.json").write_text("{")
    anew = start()
    assert estimate(anew, "gh/ada/timed/HEAD")["launches"] == 0
    assert "the history of launches begins anew" in anew.output
    assert (tmp_path / "state/launch-history.json.damaged").read_text() == "{"


def test_estimates_are_of_repositories_only(start):
    node = start()
    for path in ("zz/a", "gh/a", "gh/a/b", "git/x/HEAD"):
        answer = ask(node, f"api/estimate/{path}", 404)
        assert answer.json()["status"] == 404 and answer.json()["message"], path
    assert ask(node, "api/estimate/gh/a/b/HEAD").headers["Cache-Control"] == "no-store"


def test_a_readme_is_shown_and_no_login_goes_along(cloud, start):
    node = start()
    for _ in range(3):
        told = ask(node, "api/preview/gh/ada/shown/HEAD").json()
    assert told == {"name": "README.md", "text": "# shown at HEAD\n\nCafé <b>&amp;</b>\n",
                    "url": "https://github.com/ada/shown",
                    "files": "https://github.com/ada/shown/blob/HEAD/"}
    told = ask(node, "api/preview/gl/group%2Frst-one/v1").json()
    assert (told["name"], told["url"]) == ("README.rst", "https://gitlab.com/group/rst-one")
    told = ask(node, "api/preview/gh/ada/long/HEAD").json()
    assert told["cut"] is True and told["text"] == "x" * (256 * 1024)
    recorded = json.dumps(cloud.requests("raw"))
    assert TOKEN not in recorded and "authorization" not in recorded.lower()
    assert cloud.counters("raw")["requests"] == 2 + 2 + 2


def test_there_is_nothing_to_show(cloud, start):
    node = start(GitHubRepoProvider={"banned_specs": ["ada/banned.*"]})
    for spec in ("gh/ada/missing-one/HEAD", "gh/ada/private-one/HEAD", "gl/group%2Fprivate-one/HEAD",
                 "gh/ada/latin/HEAD", "gh/ada/banned/HEAD", "zenodo/10.5281/zenodo.1", "zz/a/b/c", "gh/a"):
        answer = ask(node, f"api/preview/{spec}", 404)
        assert answer.json()["status"] == 404, spec
    assert "banned" not in json.dumps(cloud.requests("raw"))
    asked = cloud.counters("raw")["requests"]
    ask(node, "api/preview/gh/ada/missing-one/HEAD", 404)
    assert cloud.counters("raw")["requests"] == asked


@pytest.mark.parametrize("fault", [{"kind": "silent"}, {"kind": "huge", "bytes": 50_000_000}, {"kind": "garbage"},
                                   {"kind": "redirect", "location": "http://169.254.169.254/latest/meta-data"},
                                   {"kind": "redirect", "location": "file:///etc/passwd"}], ids=str)
def test_a_host_that_misbehaves_costs_no_worker(cloud, start, fault):
    node = start(Bindery={"http_workers": 1})
    cloud.faults("raw", **fault)
    began = time.monotonic()
    waits = requests.Session()
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(waits.get(node.url + "api/preview/gh/ada/slow/HEAD", timeout=30)))
    thread.start()
    cloud.wait_for("raw", "GET /{repository}/raw/{ref}/{file}")
    ask(node, "about")  # by the one worker there is
    if fault["kind"] == "silent":
        assert not answers, "the silent host was given up before the page was served"
    thread.join()
    assert answers[0].status_code == 404 and time.monotonic() - began < 20


def test_previews_can_be_turned_off(cloud, start):
    node = start(Bindery={"repository_preview": False})
    assert "repository_preview" in ask(node, "api/preview/gh/ada/shown/HEAD", 404).json()["message"]
    assert cloud.counters("raw")["requests"] == 0


def test_an_api_has_none_of_this(start):
    node = start(BinderHub={"enable_api_only_mode": True})
    for path in ("api/estimate/gh/a/b/HEAD", "api/preview/gh/a/b/HEAD"):
        assert "API-only mode" in ask(node, path, 404).json()["message"]


def test_a_failed_builds_log_is_a_page_for_browsers(cloud, start):
    node = start()
    cloud.behave("repo2docker", failure="there is no such package")
    failed = launch(node.url, "gh/ada/failing/HEAD")[-1]
    path = urlsplit(re.search(r"The whole log: (\S+)", failed["message"])[1]).path.lstrip("/")
    page = ask(node, path, headers=BROWSER)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    raw = re.search(r'data-log-url="/([^"]+)"', page.text)[1]
    text = ask(node, raw, headers=BROWSER)
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "there is no such package" in text.text
    assert ask(node, path).text == text.text
    gone = ask(node, path[:-1] + ("a" if path[-1] != "a" else "b"), 404, headers=BROWSER)
    assert "kept for 14 days" in gone.text
