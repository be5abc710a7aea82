"""What pages show those who wait, by a node whose every upstream is the stub cloud."""
import re
from urllib.parse import urlsplit

import pytest
import requests

from stubs.cloud import Cloud

from .launches import launch
from .processes import Node

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def running_cloud(program):
    cloud = Cloud(program)
    yield cloud
    assert cloud.stop() == 0


@pytest.fixture
def cloud(running_cloud):
    running_cloud.reset()
    return running_cloud


@pytest.fixture
def start(program, cloud, tmp_path):
    """Starts a node; every one keeps its state in the same folder."""
    started = []

    def node(**sections):
        sections.setdefault("Bindery", {}).setdefault("state_folder", str(tmp_path / "state"))
        settings = cloud.settings(RateLimiter={"limit": 0}, **sections)
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
