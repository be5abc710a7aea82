"""Pages under a path of their own, with what an operator puts on them. In headless Chromium."""
import pytest
from playwright.sync_api import expect

from integration.processes import Node

from .conftest import NO_HUB

BASE = "/some/hub/"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="9"/></svg>'


@pytest.fixture(scope="module")
def node(program, tmp_path_factory):
    place = tmp_path_factory.mktemp("pages")
    (place / "static").mkdir()
    (place / "static" / "logo.svg").write_text(LOGO)
    (place / "parts").mkdir()
    (place / "parts" / "footer.html").write_text(
        '<p id="motto">{{motto}}</p>\n{{> templates/footer.html}}\n'
    )
    running = Node(
        program,
        place / "node",
        {
            "BinderHub": {
                "hub_url": NO_HUB,
                "hub_api_token": "token-for-tests",
                "base_url": BASE,
                "banner_message": f'<p style="color: rgb(1, 2, 3)"><img src="{BASE}extra_static/logo.svg" alt="">'
                f' Down on Monday: <a href="{BASE}about">why</a></p>',
                "about_message": "<p>Run by the <b>example</b> federation</p>",
                "extra_header_html": {"one": '<meta name="operator" content="example">'},
                "extra_footer_scripts": {"one": 'document.documentElement.dataset.script = "ran";'},
                "template_path": str(place / "parts"),
                "template_variables": {"motto": "Open & free"},
                "extra_static_path": str(place / "static"),
            },
            "GitRepoProvider": {"private_hosts": ["127.0.0.1"]},
        },
    ).wait_until_serving()
    yield running
    assert running.stop() == 0


@pytest.fixture
def seen(page):
    """What went wrong in the page, but for paths that are meant not to be there."""
    page.on("response", lambda answer: page.faults.append(answer.url) if answer.status >= 500 else None)
    return page.faults


def test_every_page_has_the_operators_words(node, page, seen, picture):
    for path in ("", "about", "v2/git/git%3A%2F%2F127.0.0.1%3A1%2Fx/HEAD", "no/such/page"):
        answer = page.goto(node.url + path)
        assert answer.status == (404 if path == "no/such/page" else 200)
        banner = page.get_by_role("region", name="Announcement")
        expect(banner).to_contain_text("Down on Monday")
        expect(banner.locator("p")).to_have_css("color", "rgb(1, 2, 3)")
        assert page.evaluate("document.querySelector('.banner img').naturalWidth") == 20
        expect(page.locator("html")).to_have_attribute("data-script", "ran")
        expect(page.locator("#motto")).to_have_text("Open & free")
        expect(page.locator("meta[name=operator]")).to_have_count(1)
        expect(page.locator("main h1")).to_have_count(1)
        assert page.evaluate("getComputedStyle(document.querySelector('.brand')).textDecorationLine") == "none", "no style"
        picture(page, "page-" + (path.split("/")[0] or "home"))
    assert [fault for fault in seen if "no/such/page" not in fault] == []


def test_the_way_from_form_to_launch_stays_below_the_base(node, page, seen):
    page.goto(node.url)
    page.locator("#repo").fill("git://127.0.0.1:1/nothing")
    link = f"{node.url}v2/git/git%3A%2F%2F127.0.0.1%3A1%2Fnothing/HEAD"
    expect(page.get_by_label("Link", exact=True)).to_have_value(link)
    expect(page.get_by_label("Badge for a README or a page: Markdown")).to_have_value(f"[![Binder]({node.url}badge_logo.svg)]({link})")
    page.get_by_role("button", name="Launch", exact=True).click()
    page.wait_for_url(link)
    expect(page.locator(".failure")).to_contain_text("127.0.0.1:1")
    assert page.locator('link[rel="icon"]').get_attribute("href") == f"{BASE}favicon_fail.ico"
    page.get_by_role("link", name="Choose another repository").click()
    page.wait_for_url(node.url)
    page.get_by_role("link", name="why").click()
    page.wait_for_url(f"{node.url}about")
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    expect(page.locator(".about b")).to_have_text("example")
    assert seen == []


def test_the_base_without_its_slash_and_old_links_lead_home(node, page, seen):
    page.goto(node.url.rstrip("/"))
    assert page.url == node.url
    page.goto(f"{node.url}repo/nobody/nothing/a%20b.ipynb")
    assert page.url == f"{node.url}v2/gh/nobody/nothing/master?urlpath=%2Fa+b.ipynb"
    assert page.evaluate("new URLSearchParams(location.search).get('urlpath')") == "/a b.ipynb"
    assert seen == []


def test_the_badges_are_pictures(node, page, seen):
    page.goto(node.url)
    for name in ("badge.svg", "badge_logo.svg", "assets/images/badge.svg", "logo_social.png"):
        width = page.evaluate(
            "async (url) => { const one = new Image(); one.src = url; await one.decode(); return one.naturalWidth; }",
            node.url + name,
        )
        assert width > 50, name
    assert seen == []
