"""The home page: what is pasted, what comes of it, and the launch in its place. In headless Chromium."""
import pytest
from playwright.sync_api import expect

SHA = "0123456789abcdef0123456789abcdef01234567"

# What is pasted: source, and the link's path and query.
PASTED = {
    "https://github.com/alice/notebooks": ("gh", "gh/alice/notebooks/HEAD"),
    "https://github.com/alice/notebooks/blob/main/a%20plan.ipynb": ("gh", "gh/alice/notebooks/main?labpath=a%20plan.ipynb"),
    "https://github.com/alice/notebooks/blob/main/a plan.ipynb": ("gh", "gh/alice/notebooks/main?labpath=a%20plan.ipynb"),
    "https://github.com/alice/notebooks/blob/main/a%23b.ipynb": ("gh", "gh/alice/notebooks/main?urlpath=doc%2Ftree%2Fa%2523b.ipynb"),
    "https://github.com/alice/notebooks/archive/refs/tags/v1.zip": ("gh", "gh/alice/notebooks/v1"),
    "alice/notebooks": ("gh", "gh/alice/notebooks/HEAD"),
    "alice/notebooks#dev": ("gh", "gh/alice/notebooks/dev"),
    f"https://gist.github.com/alice/0123456789abcdef0123/{SHA}": ("gist", f"gist/alice/0123456789abcdef0123/{SHA}"),
    "https://gitlab.com/group/sub/project/-/tree/dev": ("gl", "gl/group%2Fsub%2Fproject/dev"),
    "git clone https://git.example.org/x/y.git": ("git", "git/https%3A%2F%2Fgit.example.org%2Fx%2Fy.git/HEAD"),
    "https://doi.org/10.5281/zenodo.3242074": ("zenodo", "zenodo/10.5281/zenodo.3242074"),
    "10.6084/m9.figshare.9782777.v1": ("figshare", "figshare/10.6084/m9.figshare.9782777.v1"),
    "https://www.hydroshare.org/resource/8f7c2f0341ef4180b0dbe97f59130756/": ("hydroshare", "hydroshare/8f7c2f0341ef4180b0dbe97f59130756"),
    "doi:10.7910/DVN/TJCLKP": ("dataverse", "dataverse/10.7910/DVN/TJCLKP"),
    "https://demo.ckan.org/dataset/sample": ("ckan", "ckan/https%3A%2F%2Fdemo.ckan.org%2Fdataset%2Fsample"),
    "https://mybinder.org/v2/gh/alice/notebooks/main?urlpath=rstudio": ("gh", "gh/alice/notebooks/main?urlpath=rstudio"),
}


def link_field(page):
    return page.get_by_label("Link", exact=True)


@pytest.mark.parametrize("text", PASTED)
def test_what_is_pasted_is_understood(node, page, text):
    source, link = PASTED[text]
    page.goto(node.url)
    page.locator("#repo").fill(text)
    expect(page.get_by_label("Source")).to_have_value(source)
    expect(link_field(page)).to_have_value(f"{node.url}v2/{link}")
    assert page.faults == []


def test_what_was_understood_can_be_changed(node, page):
    page.goto(node.url)
    page.locator("#repo").fill("https://github.com/alice/notebooks/tree/dev")
    expect(page.get_by_text("Recognized: GitHub")).to_be_visible()
    expect(page.get_by_label("Branch, tag or commit")).to_have_value("dev")
    page.get_by_label("Branch, tag or commit").fill("v1.0")
    page.get_by_label("Open at start").fill("a b.ipynb")
    page.get_by_label("Open it as").select_option("filepath")
    expect(link_field(page)).to_have_value(f"{node.url}v2/gh/alice/notebooks/v1.0?filepath=a%20b.ipynb")
    page.get_by_label("Source").select_option("git")
    expect(link_field(page)).to_have_value(f"{node.url}v2/git/https%3A%2F%2Fgithub.com%2Falice%2Fnotebooks/v1.0?filepath=a%20b.ipynb")
    page.get_by_label("Source").select_option("zenodo")
    expect(page.get_by_label("Branch, tag or commit")).to_have_count(0)


def test_another_repository_takes_nothing_from_the_one_before(node, page):
    page.goto(node.url)
    page.locator("#repo").fill("https://github.com/alice/notebooks/tree/dev")
    page.get_by_label("Branch, tag or commit").fill("mine")
    page.locator("#repo").fill("")
    page.locator("#repo").fill("https://gitlab.com/group/project")
    expect(page.get_by_label("Source")).to_have_value("gl")
    expect(page.get_by_label("Branch, tag or commit")).to_have_value("")


def test_the_badges_are_there_to_copy(node, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(node.url)
    page.locator("#repo").fill("alice/notebooks")
    link, picture = f"{node.url}v2/gh/alice/notebooks/HEAD", f"{node.url}badge_logo.svg"
    for tab, start in {"Markdown": f"[![Binder]({picture})]({link})", "HTML": f'<a href="{link}">', "reStructuredText": f".. image:: {picture}"}.items():
        page.get_by_role("tab", name=tab).click()
        page.get_by_role("button", name="Copy the badge").click()
        expect(page.get_by_role("tabpanel").get_by_text("Copied.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()").startswith(start)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".share > .copy-field").get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert page.get_by_role("img", name="launch binder").evaluate("one => one.decode().then(() => one.naturalWidth)") > 50


def test_a_launch_starts_in_its_place_and_is_remembered(node, page, script):
    script.follow_in(page)
    page.goto(node.url)
    page.evaluate("window.same = true")
    page.locator("#repo").fill("https://github.com/alice/notebooks/blob/main/index.ipynb")
    page.get_by_role("button", name="Launch", exact=True).click()
    script.wait_for_connection(page)
    assert page.url == f"{node.url}v2/gh/alice/notebooks/main?labpath=index.ipynb"
    assert page.evaluate("window.same"), "no other page was loaded"
    assert "build_token=" in script.asked[0], "it is a launch of a page's, which no rate limit counts"
    expect(page.get_by_role("heading", level=1)).to_contain_text("alice/notebooks")
    script.say("failed", "no luck")
    expect(page.locator(".failure")).to_contain_text("no luck")
    page.go_back()
    recent = page.get_by_role("region", name="Your recent launches")
    expect(recent.get_by_role("link", name="alice/notebooks")).to_have_attribute("href", f"{node.url}v2/gh/alice/notebooks/main?labpath=index.ipynb")
    expect(recent).to_contain_text("failed")
    assert "token" not in page.evaluate("JSON.stringify(localStorage)")
    recent.get_by_role("button", name="Forget them").click()
    expect(recent).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()
    expect(recent).to_have_count(0)


def test_leaving_a_launch_for_the_home_page_ends_it(node, page, script):
    script.follow_in(page)
    page.goto(node.url)
    page.locator("#repo").fill("alice/notebooks")
    page.get_by_role("button", name="Launch", exact=True).click()
    script.wait_for_connection(page)
    page.go_back()
    script.wait_until_left(page)
    expect(page.locator("#repo")).to_be_visible()
    expect(page).to_have_title("Bindery")


def test_a_mistake_is_told_and_the_field_is_at_hand(node, page):
    page.goto(node.url)
    expect(page.locator("#provider option")).not_to_have_count(0)
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.get_by_role("alert").get_by_text("Name a repository.")).to_be_visible()
    expect(page.locator("#repo")).to_be_focused()
    page.locator("#repo").fill("notebooks")
    expect(page.get_by_role("alert").get_by_text("Expected: binder-examples/requirements")).to_be_visible()
    page.locator("#repo").fill("alice/notebooks")
    expect(page.locator(".problem")).to_be_hidden()


def test_everything_is_done_with_the_keyboard_alone(node, page, script):
    script.follow_in(page)
    page.goto(node.url)
    expect(page.locator("#repo")).to_be_focused()
    page.keyboard.type("https://github.com/alice/notebooks")
    for label in ("Source", "Branch, tag or commit", "Open at start", "Open it as"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Launch", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    script.wait_for_connection(page)
    script.say("building", "one line of the log")
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "Show the log":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".xterm-rows")).to_contain_text("one line of the log")
    # The log is no trap: Tab leads through it and out again.
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('footer') !== null"):
            break
    assert page.evaluate("document.activeElement.closest('footer') !== null")


def test_a_page_that_cannot_have_its_sources_says_so(node, page):
    page.route("**/api/repoproviders", lambda route: route.fulfill(status=503, body="no"))
    page.goto(node.url)
    expect(page.get_by_role("alert").get_by_text("The list of sources could not be loaded (status 503)")).to_be_visible()


def begin(page, node):
    """Types a repository and presses Launch, all with the keyboard."""
    page.goto(node.url)
    expect(page.locator("#provider option")).not_to_have_count(0)
    page.locator("#repo").fill("alice/notebooks")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v2/gh/alice/notebooks/HEAD")


def test_a_launch_that_takes_the_forms_place_takes_the_focus_too(node, page, script):
    script.follow_in(page)
    begin(page, node)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Finding the commit…")


def test_a_way_to_a_place_in_the_page_does_not_begin_a_launch_anew(node, page, script):
    script.follow_in(page)
    begin(page, node)
    script.wait_for_connection(page)
    script.say("building", "a line")
    skip = page.get_by_role("link", name="Skip to the content")
    skip.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    script.say("building", "another line")
    expect(page.locator(".last-line")).to_contain_text("another line")
    assert len(script.asked) == 1, "it would have been another launch"
    # Back from that place leads nowhere either; back from there leads home.
    page.go_back()
    expect(page.locator(".last-line")).to_contain_text("another line")
    page.go_back()
    expect(page.locator("#repo")).to_be_visible()
    assert len(script.asked) == 1


def test_a_launch_whose_view_does_not_load_begins_on_its_own_page(node, page, script):
    script.follow_in(page)
    lost = []

    def lose_once(route):
        lost.append(route.request.url)
        route.fulfill(status=404, body="gone") if len(lost) == 1 else route.continue_()

    page.route("**/static/app/LaunchView-*.js", lose_once)
    begin(page, node)
    script.wait_for_connection(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("alice/notebooks")
    assert lost
