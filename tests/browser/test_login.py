"""A person's way where logins are asked for: home page, login, launch, JupyterLab, logout."""
import pytest
from playwright.sync_api import expect

from integration.hub_with_logins import PASSWORD, HubWithLogins

from .test_click import PATIENCE, fill_home


@pytest.fixture(scope="module")
def hub(stack, tmp_path_factory):
    running = HubWithLogins(stack, tmp_path_factory.mktemp("logins") / "hub")
    yield running
    running.stop()


def log_in(page, name):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_login_to_jupyterlab_and_out_again(hub, serve, git_server, page, picture):
    bindery = serve(hub.settings, environment=hub.environment)
    repository = git_server.publish(
        "logged-in",
        {"Dockerfile": "FROM bindery/base\nCOPY --chown=1000:1000 . /home/jovyan\n", "hers.md": "# Hers\n"},
    )
    page.goto(bindery.url)
    page.wait_for_url("**/hub/login**")
    log_in(page, "grace")
    page.wait_for_url(bindery.url)
    expect(page.get_by_text("grace")).to_be_visible()
    picture(page, "logged-in")
    fill_home(page, bindery, repository.url)
    page.get_by_role("button", name="Launch", exact=True).click()
    page.wait_for_url("**/user/grace/lab**", timeout=PATIENCE)
    expect(page.locator("#jp-main-dock-panel")).to_be_visible()
    expect(page.get_by_text("hers.md").first).to_be_visible()
    picture(page, "logged-in-jupyterlab")
    page.goto(bindery.url)
    page.get_by_role("link", name="Log out").click()
    page.wait_for_url("**/hub/login**")
    page.goto(bindery.url)
    page.wait_for_url("**/hub/login**")
