"""The loading page, with a launch whose events are told one by one. In headless Chromium."""
import re

from playwright.sync_api import expect

from .launch_page import SPEC, expect_stages

WAITS = "Waiting for a free build slot; builds ahead of this one: {}"


def stages(page):
    return page.locator(".stages li").evaluate_all("all => Object.fromEntries(all.map(one => [one.dataset.stage, one.dataset.state]))")


def icon(page):
    return page.locator('link[rel="icon"]').get_attribute("href").rpartition("/")[2]


def test_a_launch_goes_through_its_stages(launched, script, node):
    page = launched
    status = page.locator("#status")
    expect(page.get_by_role("heading", level=1)).to_contain_text("alice/notebooks")
    expect(page.get_by_text("GitHub", exact=True)).to_be_visible()
    expect_stages(page, resolve="now", fetch="ahead")
    expect(page).to_have_title("Starting · alice/notebooks")
    script.say("waiting", "Waiting for build to start...")
    expect(status).to_have_text("Waiting for a free place to build.")
    script.say("waiting", WAITS.format(3))
    expect(status).to_have_text("Waiting for a free place to build: 3 builds are ahead.")
    script.say("waiting", WAITS.format(1))
    expect(status).to_contain_text("one build is ahead")
    expect(page).to_have_title("Waiting · alice/notebooks")
    script.say("fetching", "Cloning into 'x'")
    expect_stages(page, resolve="done", fetch="now")
    script.say("building", "Step 1/3 : FROM scratch")
    expect_stages(page, fetch="done", build="now")
    expect(page).to_have_title("Building · alice/notebooks")
    expect(page.locator(".last-line")).to_contain_text("Step 1/3 : FROM scratch")
    script.say("pushing", "Pushing image", progress={"aaaabbbbcccc": {"current": 5_000_000, "total": 20_000_000}, "ddddeeeeffff": "Layer already exists"})
    expect_stages(page, push="now")
    expect(page.get_by_role("progressbar", name="Layers of the image")).to_have_attribute("aria-valuetext", "1 of 2 layers stored")
    expect(page.locator(".layers")).to_contain_text("5.0 MB of 20 MB")
    script.say("built", "Built image, launching...", imageName="x")
    script.say("launching", "Launching server...")
    expect_stages(page, push="done", launch="now", ready="ahead")
    assert icon(page) == "favicon_building.ico"
    script.say("ready", "server running", url=f"{node.url}somewhere/", token="secret-of-the-server")
    page.wait_for_url(f"{node.url}somewhere/?token=secret-of-the-server")


def test_a_found_image_skips_what_it_does_not_need(launched, script):
    script.say("built", "Found built image, launching...", imageName="x")
    expect_stages(launched, resolve="done", fetch="skipped", build="skipped", push="skipped", launch="now")
    expect(launched.locator("#status")).to_have_text("The image is there already. Starting your server…")


def test_a_failure_says_why_what_to_do_and_where_the_log_is(launched, script, node):
    page = launched
    script.say("building", "Step 2/3 : RUN false")
    script.say("failed", f"The build failed at step 2/3.\nThe whole log: {node.url}build-log/abc123")
    alert = page.locator(".failure")
    expect(alert).to_contain_text("The build failed at step 2/3.")
    expect(alert).to_contain_text("The log says where the build stopped")
    expect(alert.get_by_role("link", name="Whole log of the build")).to_have_attribute("href", "/build-log/abc123")
    expect_stages(page, build="failed")
    expect(page).to_have_title("✕ Failed · alice/notebooks")
    assert icon(page) == "favicon_fail.ico"
    alert.get_by_role("link", name="Try again").click()
    script.wait_for_connection(page)
    expect(page.locator(".failure")).to_have_count(0)
    expect_stages(page, resolve="now")
    assert script.last_ids == [None, None], "a new try is a new launch"


def test_a_broken_connection_is_made_again_and_nothing_starts_over(launched, script):
    page = launched
    script.say("building", "Step 1/3 : FROM scratch")
    expect_stages(page, build="now")
    script.cut()
    script.wait_for_connection(page)
    assert script.last_ids == [None, "launch.1"]
    script.say("building", "Step 2/3 : RUN true")
    page.get_by_role("button", name="Show the log").click()
    page.get_by_role("button", name="Plain text").click()
    expect(page.get_by_role("log")).to_have_text(re.compile(r"^Step 1/3 : FROM scratch\s+Step 2/3 : RUN true\s*$"))
    expect(page.locator("#status")).to_have_text("Building the image…")


def test_a_launch_that_had_to_begin_again_says_so(launched, script):
    script.say("building", "x")
    script.cut()
    script.wait_for_connection(launched)
    script.say("waiting", "Waiting for build to start...", launch="another")
    expect(launched.locator("#status")).to_contain_text("has begun again")
    expect_stages(launched, build="ahead")


def test_a_tab_that_nobody_sees_tells_and_waits(node, page, script):
    script.follow_in(page)
    page.add_init_script(
        """window.seen = false;
           Object.defineProperty(document, "hidden", {get: () => !window.seen});
           Object.defineProperty(document, "visibilityState", {get: () => window.seen ? "visible" : "hidden"});"""
    )
    page.goto(f"{node.url}v2/{SPEC}")
    script.say("built", "Found built image, launching...")
    script.say("ready", "there", url=f"{node.url}somewhere/", token="t")
    expect(page).to_have_title("✓ Ready · alice/notebooks")
    expect(page.get_by_text("It opens when you come back to this tab.")).to_be_visible()
    assert icon(page) == "favicon_success.ico"
    assert page.url == f"{node.url}v2/{SPEC}"
    page.evaluate("() => { window.seen = true; document.dispatchEvent(new Event('visibilitychange')); }")
    page.wait_for_url(f"{node.url}somewhere/?token=t")


def test_earlier_launches_tell_how_long_this_one_may_take(node, page, script):
    page.route("**/api/estimate/**", lambda route: route.fulfill(
        json={"launches": 4, "builds": 3, "seconds": {"resolve": 0.3, "fetch": 2, "build": 130, "push": 20, "launch": 4}}
    ))
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    expect(page.locator('[data-stage="build"]')).to_contain_text("usually 2 min 10 s")
    expect(page.locator(".clock")).to_contain_text("about 3 min left")
    script.say("built", "Found built image, launching...")
    expect(page.locator(".clock")).to_contain_text("about 5 s left")


README = """# Waves

Some **text**, a [link](docs/more.md), [the root's](/LICENSE), <script>document.title = "taken"</script> and <img src="https://example.org/x.png" alt="a picture">.

<a href="javascript:document.title='taken'">run</a>
"""


def test_the_repository_is_shown_meanwhile_from_here_alone(node, page, script):
    page.route("**/api/preview/**", lambda route: route.fulfill(
        json={"name": "README.md", "text": README, "url": "https://github.com/alice/notebooks", "files": "https://github.com/alice/notebooks/blob/HEAD/"}
    ))
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.say("fetching", "Cloning")
    readme = page.locator(".readme")
    expect(readme.get_by_role("heading", name="Waves")).to_be_visible()
    expect(readme.get_by_role("link", name="link")).to_have_attribute("href", "https://github.com/alice/notebooks/blob/HEAD/docs/more.md")
    root = readme.get_by_role("link", name="the root's")
    expect(root).to_have_attribute("href", "https://github.com/alice/notebooks/blob/HEAD/LICENSE")
    expect(readme).to_contain_text("a picture")
    expect(readme.locator("img, script, a[href^=javascript]")).to_have_count(0)
    expect(page).to_have_title("Fetching · alice/notebooks")
    assert page.foreign == [] and page.faults == []


def test_a_refused_stream_is_a_failure_that_says_so(node, page):
    page.route("**/build/**", lambda route: route.fulfill(status=404, body="no"))
    page.goto(f"{node.url}v2/{SPEC}")
    expect(page.locator(".failure")).to_contain_text("status 404")


def test_with_reduced_motion_nothing_moves(open_page, node, script):
    page = open_page(reduced_motion="reduce")
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.say("building", "x")
    expect_stages(page, build="now")
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_page_holds_from_right_to_left_and_on_a_phone(open_page, node, script):
    page = open_page(width=360, height=740)
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    page.evaluate("document.documentElement.dir = 'rtl'")
    script.say("building", "a line " * 60)
    page.get_by_role("button", name="Show the log").click()
    expect(page.locator(".xterm-screen")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "it does not scroll sideways"
    knot = page.locator('[data-stage="build"] .knot').bounding_box()
    name = page.locator('[data-stage="build"] .stage-name').bounding_box()
    assert knot["x"] > name["x"], "the thread is on the side where lines begin"


def lose(page, piece):
    """The server has no such piece of a script any more, as after another release."""
    page.route(f"**/static/app/{piece}-*.js", lambda route: route.fulfill(status=404, body="gone"))


def test_a_launch_goes_on_without_the_pieces_that_do_not_load(node, page, script):
    lose(page, "Markdown")
    lose(page, "LogView")
    page.route("**/api/preview/**", lambda route: route.fulfill(
        json={"name": "README.md", "text": README, "url": "https://github.com/alice/notebooks", "files": ""}
    ))
    script.follow_in(page)
    with page.expect_response("**/Markdown-*.js"):
        page.goto(f"{node.url}v2/{SPEC}")
        script.say("building", "a line of the build")
    page.get_by_role("button", name="Show the log").click()
    expect(page.get_by_text("The log's view could not be loaded.")).to_be_visible()
    expect(page.get_by_role("region", name="Log")).to_contain_text("a line of the build")
    script.say("building", "another line")
    expect(page.get_by_role("region", name="Log")).to_contain_text("another line")
    expect_stages(page, build="now")
    assert len(script.asked) == 1


def test_an_old_token_in_the_address_is_not_used_and_does_not_stay(node, page, script):
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}?build_token=old&labpath=a%20b.ipynb")
    script.wait_for_connection(page)
    assert page.url == f"{node.url}v2/{SPEC}?labpath=a%20b.ipynb"
    shown = page.locator('meta[name="bindery-build-token"]').get_attribute("content")
    assert shown and script.asked == [f"{node.url}build/{SPEC}?build_token={shown}"]
    script.say("failed", "no")
    expect(page.locator(".failure")).to_be_visible()
    assert "old" not in page.content()
