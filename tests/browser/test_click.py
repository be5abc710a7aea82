"""A person's way: home page, a click, the launch, JupyterLab; a build that fails; a connection that breaks. With every
real part, in headless Chromium."""
import os
import re
import subprocess

import pytest
import requests
from playwright.sync_api import expect

from stubs.relay import HttpRelay

PATIENCE = 240_000
COPY = "FROM bindery/base\nCOPY --chown=1000:1000 . /home/jovyan\n"


def fill_home(page, stack, url):
    page.goto(stack.url)
    page.locator("#repo").fill(url)
    expect(page.get_by_label("Source")).to_have_value("git")


def launch(page):
    page.get_by_role("button", name="Launch", exact=True).click()
    page.wait_for_url("**/v2/git/**")


def show_log(page):
    page.get_by_role("button", name="Show the log").click()
    page.get_by_role("button", name="Plain text").click()
    return page.get_by_role("log")


def test_from_a_pasted_address_to_jupyterlab(stack, git_server, page, picture):
    repository = git_server.publish(
        "clicked",
        {
            # The last step leaves time to look at the page while it builds.
            "Dockerfile": f"{COPY}RUN echo Installing the packages of this repository && sleep 4\n",
            "notes.md": "# Opened by a click\n",
        },
    )
    fill_home(page, stack, repository.url)
    picture(page, "click-home")
    launch(page)
    expect(page.locator(".last-line")).to_contain_text("Installing the packages", timeout=PATIENCE)
    expect(page.locator("#status")).to_contain_text("Building the image")
    picture(page, "click-building")
    page.wait_for_url("**/user/**/lab**", timeout=PATIENCE)
    expect(page.locator("#jp-main-dock-panel")).to_be_visible()
    expect(page.get_by_text("notes.md").first).to_be_visible()
    picture(page, "click-jupyterlab")
    page.goto(stack.url)
    recent = page.get_by_role("region", name="Your recent launches")
    expect(recent.get_by_role("link", name=repository.url)).to_be_visible()
    expect(recent).to_contain_text("ready")


def test_a_failing_build_tells_why_and_leads_to_its_log(stack, git_server, page, picture, axe):
    repository = git_server.publish("broken", {"Dockerfile": "FROM bindery/base\nRUN echo these-are-its-last-words && exit 3\n"})
    page.goto(f"{stack.url}v2/{repository.spec()}")
    failure = page.locator(".failure")
    expect(failure).to_contain_text("exit status 3", timeout=PATIENCE)
    expect(page.locator('[data-stage="build"]')).to_have_attribute("data-state", "failed")
    picture(page, "click-failed")
    failure.get_by_role("link", name="Whole log of the build").click()
    page.wait_for_url("**/build-log/*")
    expect(page.locator(".xterm-rows")).to_contain_text("these-are-its-last-words")
    picture(page, "click-build-log")
    assert axe(page) == []
    raw = page.get_by_role("link", name="As plain text").get_attribute("href")
    assert "these-are-its-last-words" in requests.get(requests.compat.urljoin(page.url, raw), timeout=30).text
    assert page.faults == []


def test_an_address_that_leads_nowhere_is_told(stack, page):
    fill_home(page, stack, "git://127.0.0.1:1/nothing")
    launch(page)
    expect(page.locator(".failure")).to_contain_text("127.0.0.1:1")
    expect(page.locator('[data-stage="resolve"]')).to_have_attribute("data-state", "failed")
    assert page.faults == []


@pytest.fixture
def front(stack):
    """A proxy before the stack, whose connections can be cut."""
    running = HttpRelay(stack.url)
    yield running
    running.stop()


def test_a_connection_that_breaks_mid_build_costs_nothing(stack, front, git_server, page):
    repository = git_server.publish(
        "cut-off",
        {"Dockerfile": f"{COPY}RUN for n in $(seq 1 400); do echo numbered-$n; sleep 0.02; done\n", "notes.md": "# Here\n"},
    )
    page.goto(f"{front.url}v2/{repository.spec()}")
    log = show_log(page)
    expect(log).to_contain_text("numbered-20\n", timeout=PATIENCE)
    for _ in range(4):
        before = log.text_content().count("numbered-")
        front.cut()
        page.wait_for_function(
            "(before) => document.querySelector('[role=log]').textContent.split('numbered-').length > before + 20", arg=before
        )
    kept = re.compile(r"^numbered-(\d+)$", re.MULTILINE)
    expect(log).to_contain_text("numbered-400", timeout=PATIENCE)
    assert [int(n) for n in kept.findall(log.text_content())] == list(range(1, 401)), "nothing lost, nothing twice"
    page.wait_for_url("**/user/**/lab**", timeout=PATIENCE)
    expect(page.get_by_text("notes.md").first).to_be_visible(timeout=60_000)
    engine = stack.settings["Bindery"]["container_engine"]
    names = subprocess.run(
        ["docker", "ps", "--format", "{{.Names}}"], env={**os.environ, "DOCKER_HOST": engine}, check=True, capture_output=True, text=True
    ).stdout
    assert len(re.findall("cut-2doff", names)) == 1, f"one server, not several: {names}"


def test_an_unknown_path_is_a_page(stack, page):
    answer = page.goto(f"{stack.url}no/such/page")
    assert answer.status == 404
    expect(page.get_by_role("heading").first).to_be_visible()
