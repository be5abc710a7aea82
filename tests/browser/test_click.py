"""A person's way: home page, a click, the loading page, JupyterLab. In headless Chromium."""
import os
import pathlib

import pytest
from playwright.sync_api import expect

from .chromium import chromium

# Kept where the docs show them, when asked for; else where the run can be looked at.
PICTURES = pathlib.Path(os.environ.get("BINDERY_PICTURES", "build/pictures"))
PATIENCE = 240_000


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    tab = context.new_page()
    tab.faults = []
    tab.on("pageerror", lambda fault: tab.faults.append(str(fault)))
    yield tab
    context.close()


def picture(page, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def fill_home(page, stack, url):
    page.goto(stack.url)
    page.get_by_label("Source").select_option("git")
    page.locator("#repo").fill(url)


def test_from_home_page_to_jupyterlab(stack, git_server, page):
    repository = git_server.publish(
        "clicked",
        {
            # The last step leaves time to look at the page while it builds.
            "Dockerfile": "FROM bindery/base\nCOPY --chown=1000:1000 . /home/jovyan\n"
            "RUN echo Installing the packages of this repository && sleep 4\n",
            "notes.md": "# Opened by a click\n",
        },
    )
    fill_home(page, stack, repository.url)
    picture(page, "home")
    page.get_by_role("button", name="Launch", exact=True).click()
    page.wait_for_url("**/v2/git/**")
    expect(page.get_by_role("log")).to_contain_text("\nInstalling the packages", timeout=PATIENCE)
    expect(page.get_by_role("status")).to_contain_text("Building the image")
    picture(page, "building")
    page.wait_for_url("**/user/**/lab**", timeout=PATIENCE)
    expect(page.locator("#jp-main-dock-panel")).to_be_visible()
    expect(page.get_by_text("notes.md").first).to_be_visible()
    picture(page, "jupyterlab")


def test_a_failure_is_told_on_the_page(stack, page):
    fill_home(page, stack, "git://127.0.0.1:1/nothing")
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("127.0.0.1:1")
    picture(page, "failed")
    assert page.faults == []


def test_the_home_page_works_with_the_keyboard_alone(stack, git_server, page):
    page.goto(stack.url)
    page.locator("#repo").focus()
    page.keyboard.type("nobody/nothing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v2/gh/nobody/nothing/HEAD**")


def test_a_pasted_address_tells_its_source_and_a_foreign_one_does_not(stack, page):
    page.goto(stack.url)
    page.locator("#repo").fill("https://gitlab.com/group/project")
    expect(page.get_by_label("Source")).to_have_value("gl")
    page.locator("#repo").fill("https://github.com/user/repo")
    expect(page.get_by_label("Source")).to_have_value("gh")
    page.get_by_label("Source").select_option("git")
    page.locator("#repo").fill("https://git.example.org/x")
    expect(page.get_by_label("Source")).to_have_value("git")


def test_an_unknown_path_is_a_page(stack, page):
    answer = page.goto(f"{stack.url}no/such/page")
    assert answer.status == 404
    expect(page.get_by_role("heading").first).to_be_visible()
