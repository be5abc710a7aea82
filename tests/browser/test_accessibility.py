"""axe-core finds nothing wrong with any page in any state, light, dark or small; nothing breaks the pages' own policy."""
import pytest
from playwright.sync_api import expect

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "width": 360, "height": 740},
}
LAUNCH = "v2/gh/alice/notebooks/main"


@pytest.fixture(params=LOOKS)
def page(request, open_page):
    return open_page(**LOOKS[request.param])


@pytest.fixture
def good(axe):
    """`good(page)`: nothing is wrong with it now."""

    def check(page):
        assert axe(page) == []
        assert page.faults == [] and page.foreign == []

    return check


def test_home(node, page, good):
    page.goto(node.url)
    expect(page.locator("#provider option")).not_to_have_count(0)
    good(page)
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.get_by_text("Name a repository.")).to_be_visible()
    good(page)
    page.evaluate(
        """localStorage.setItem("bindery.recent:/", JSON.stringify([{spec: "gh/a/b/HEAD", query: "", source: "GitHub", repo: "a/b",
           ref: "HEAD", state: "failed", at: 1}]))"""
    )
    page.reload()
    page.locator("#repo").fill("https://gitlab.com/group/project")
    expect(page.get_by_role("link", name="a/b")).to_be_visible()
    good(page)


def test_launch(node, page, script, good):
    script.follow_in(page)
    page.route("**/api/preview/**", lambda route: route.fulfill(json={"name": "README.md", "text": "# A\n\n- [x](y)\n\n|a|b|\n|-|-|\n|1|2|\n" + "\nwords\n" * 80, "url": "https://example.org", "files": "https://example.org/blob/HEAD/"}))
    page.route("**/api/estimate/**", lambda route: route.fulfill(json={"seconds": {"fetch": 1, "build": 60, "push": 5, "launch": 3}}))
    page.goto(node.url + LAUNCH)
    script.wait_for_connection(page)
    good(page)
    script.say("building", "\x1b[31mred\x1b[32mgreen\x1b[33myellow\x1b[34mblue\x1b[35mmagenta\x1b[36mcyan\x1b[90mgrey\x1b[0m plain")
    expect(page.locator(".readme")).to_be_visible()
    good(page)
    page.get_by_role("button", name="Show the log").click()
    expect(page.locator(".xterm-rows")).to_contain_text("magenta")
    page.get_by_role("searchbox").fill("blue")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    good(page)
    page.get_by_role("button", name="Plain text").click()
    expect(page.get_by_role("log")).to_contain_text("magenta")
    good(page)
    script.say("pushing", "Pushing", progress={"aaaa": "Preparing", "bbbb": {"current": 1, "total": 2}, **{f"cccc{n}": "Pushed" for n in range(40)}})
    expect(page.get_by_role("progressbar", name="Layers of the image")).to_be_visible()
    good(page)
    script.say("failed", "It failed for a reason\n" * 60 + "The whole log: /build-log/abc")
    expect(page.locator(".failure")).to_be_visible()
    good(page)


def test_ready(node, page, script, good):
    script.follow_in(page)
    page.add_init_script('Object.defineProperty(document, "hidden", {get: () => true});')
    page.goto(node.url + LAUNCH)
    script.say("ready", "there", url=f"{node.url}somewhere/", token="t")
    expect(page.get_by_role("link", name="Open it now")).to_be_visible()
    good(page)


def test_about(node, page, good):
    page.goto(f"{node.url}about")
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    good(page)


@pytest.mark.parametrize("path", ["no/such/page", "build-log/nosuchlog"])
def test_what_is_not_there(node, page, axe, path):
    answer = page.goto(f"{node.url}{path}")
    assert answer.status == 404
    expect(page.get_by_role("heading").first).to_be_visible()
    assert axe(page) == []
    assert [fault for fault in page.faults if "404" not in fault] == []


def test_without_scripts_each_page_says_what_it_is(node, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(node.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    assert "This form needs JavaScript." in page.locator("noscript").text_content()
    page.goto(node.url + LAUNCH)
    expect(page.get_by_role("heading", level=1)).to_have_text("alice/notebooks/main")
    expect(page.locator("noscript p")).to_be_visible()
    assert "This page needs JavaScript" in page.locator("noscript").text_content()
