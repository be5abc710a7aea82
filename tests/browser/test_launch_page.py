"""The loading page, with a launch whose events are told one by one. In headless Chromium."""
import re

import pytest
from playwright.sync_api import expect

SPEC = "gh/alice/notebooks/main"
PATIENCE = 30_000
WAITS = "Waiting for a free build slot; builds ahead of this one: {}"


@pytest.fixture
def launched(node, page, script):
    """The page of a launch that this test tells."""
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.wait_for_connection(page)
    return page


def stages(page):
    return page.locator(".stages li").evaluate_all("all => Object.fromEntries(all.map(one => [one.dataset.stage, one.dataset.state]))")


def expect_stages(page, **wanted):
    for name, state in wanted.items():
        expect(page.locator(f'.stages [data-stage="{name}"]')).to_have_attribute("data-state", state)


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


def rows(page):
    """What the log's terminal shows."""
    return page.locator(".xterm-rows")


def show_log(page):
    page.get_by_role("button", name="Show the log").click()
    expect(page.locator(".xterm-screen")).to_be_visible(timeout=PATIENCE)


def test_a_hundred_thousand_lines_do_not_stop_the_page(launched, script, measured):
    page = launched
    page.evaluate(
        """() => { window.longest = 0;
          new PerformanceObserver((list) => { for (const one of list.getEntries()) longest = Math.max(longest, one.duration); })
            .observe({type: "longtask"}); }"""
    )
    lines = [f"\x1b[3{n % 8}mline {n} of a long log\x1b[0m with more words in it" for n in range(99_999)]
    show_log(page)
    script.say_lines(lines[:1000])
    expect(rows(page)).to_contain_text("line 999 of a long log")
    keys = page.locator(".xterm-helper-textarea")
    for start in range(1000, len(lines), 11_000):
        script.say_lines(lines[start : start + 11_000])
        # While these come, the page answers a reader.
        keys.press("Home")
        expect(rows(page)).to_contain_text("line 0 of a long log", timeout=PATIENCE)
        keys.press("End")
        expect(rows(page)).not_to_contain_text("line 0 of a long log", timeout=PATIENCE)
    expect(rows(page)).to_contain_text("line 99998 of a long log", timeout=PATIENCE)
    page.get_by_role("searchbox", name="Find in the log").fill("line 77777 of")
    expect(rows(page)).to_contain_text("line 77777 of a long log", timeout=PATIENCE)
    expect(page.get_by_text("1 of 1")).to_be_visible(timeout=PATIENCE)
    script.say("building", "the very last line of all")
    page.get_by_role("button", name="Follow the end").click()
    expect(rows(page)).to_contain_text("the very last line of all", timeout=PATIENCE)
    keys.press("Home")
    expect(rows(page)).to_contain_text("line 0 of a long log")
    page.get_by_role("button", name="Plain text").click()
    expect(page.get_by_role("log")).to_contain_text("the very last line of all")
    page.get_by_role("button", name="Hide the log").click()
    expect(page.locator(".last-line")).to_contain_text("100,000 lines")
    expect(page.locator(".last-line")).to_contain_text("the very last line of all")
    measured("100,000 lines of log: the longest that the page was busy", f"{page.evaluate('longest'):.0f} ms")
    assert page.faults == []


def test_long_lines_do_not_stop_the_plain_log(launched, script):
    page = launched
    page.get_by_role("button", name="Show the log").click()
    page.get_by_role("button", name="Plain text").click()
    log = page.get_by_role("log")
    for n in range(8):
        script.say("building", f"begin-{n} {'x' * 60_000} end-{n}")
        expect(log).to_contain_text(f"end-{n}\n", timeout=PATIENCE)
    expect(log).to_contain_text("Earlier lines were left out here.")
    expect(log).to_contain_text("begin-7 ")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    with open(saved.value.path(), encoding="utf-8") as file:
        assert re.findall(r"begin-(\d+) ", file.read()) == [str(n) for n in range(8)]
    assert page.faults == []


def test_the_log_is_text_whatever_it_holds(launched, script):
    page = launched
    script.say("building", '<img src=x onerror="document.title=1"><script>document.title=2</script> \x1b]8;;javascript:1\x07link\x1b]8;;\x07')
    show_log(page)
    expect(rows(page)).to_contain_text('<img src=x onerror="document.title=1">')
    page.get_by_role("button", name="Plain text").click()
    expect(page.get_by_role("log")).to_contain_text("<script>document.title=2</script> link")
    expect(page.locator("#log img, #log script, #log a")).to_have_count(0)
    expect(page).to_have_title("Building · alice/notebooks")
    assert page.faults == []


def test_a_log_makes_no_links(launched, script):
    page = launched
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    script.say("building", "\x1b]8;;https://example.org/\x07some link\x1b]8;;\x07 and \x1b[32mgreen\x1b[0m")
    show_log(page)
    expect(rows(page)).to_contain_text("some link and green")
    expect(rows(page).locator(".xterm-fg-2")).to_have_text("green")
    line = page.locator(".xterm-rows > div", has_text="some link").bounding_box()
    page.mouse.move(line["x"] + 12, line["y"] + line["height"] / 2, steps=3)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("[class*=xterm-underline], .xterm-cursor-pointer")).to_have_count(0)
    assert asked == [] and len(page.context.pages) == 1
    assert page.faults == [] and page.foreign == []


@pytest.mark.parametrize(
    "said",
    [
        ["\x1b[?1049h"], ["\x1b[?1047h"], ["\x1b[?47h"], ["\x1b[2J\x1b[3J\x1b[H"], ["\x1bc"], ["\x1b[?10", "49h"],
        ["\x1b[?1000h\x1b[?1003h\x1b[?1006h"], ["\x1b]0;taken\x07\x1b]52;c;dGFrZW4=\x07"], ["\x1b]0;a title without an end"],
    ],
)
def test_a_log_changes_nothing_of_its_terminal(launched, script, said):
    page = launched
    script.say("building", "before")
    show_log(page)
    expect(rows(page)).to_contain_text("before")
    for piece in said:
        script.say("building", piece)
    script.say("building", "after")
    expect(rows(page)).to_contain_text("after")
    expect(rows(page)).to_contain_text("before")
    expect(page.locator(".enable-mouse-events")).to_have_count(0)
    expect(page).to_have_title("Building · alice/notebooks")
    assert page.faults == []


def test_the_log_is_scrolled_with_keys(launched, script):
    page = launched
    script.say_lines(f"line {n} of it" for n in range(200))
    show_log(page)
    shown, first, last = rows(page), "line 0 of it", "line 199 of it"
    expect(shown).to_contain_text(last)
    follow = page.get_by_role("button", name="Follow the end")
    keys = page.locator(".xterm-helper-textarea")
    keys.focus()
    scrolled = page.evaluate("scrollY")
    keys.press("Home")
    expect(shown).to_contain_text(first)
    expect(follow).to_be_visible()
    for forth, back in [("ArrowDown", "ArrowUp"), ("PageDown", "PageUp"), ("Shift+PageDown", "Shift+PageUp"), ("Shift+End", "Shift+Home")]:
        keys.press(forth)
        expect(shown).not_to_contain_text(first)
        keys.press(back)
        expect(shown).to_contain_text(first)
    keys.press("End")
    expect(shown).to_contain_text(last)
    expect(follow).to_have_count(0)
    assert page.evaluate("scrollY") == scrolled, "the keys are the log's while it has the focus"
    # Other keys are the page's.
    page.get_by_role("searchbox", name="Find in the log").fill("line 150 of")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    page.evaluate("document.addEventListener('copy', (event) => (window.copied = event.clipboardData.getData('text/plain')))")
    keys.press("Control+c")
    assert page.evaluate("copied") == "line 150 of"
    keys.press("Tab")
    expect(keys).not_to_be_focused()


def test_the_log_can_be_copied_where_pages_have_no_clipboard(node, page, script):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.say_lines(f"\x1b[32mline {n}\x1b[0m" for n in range(1000))
    show_log(page)
    expect(rows(page)).to_contain_text("line 999")
    page.evaluate("document.addEventListener('copy', (event) => (window.copied = event.clipboardData.getData('text/plain')))")
    copy = page.get_by_role("button", name="Copy all")
    copy.click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("copied") == "".join(f"line {n}\n" for n in range(1000))
    expect(copy).to_be_focused()
    page.evaluate("document.execCommand = () => false")
    copy.click()
    expect(page.get_by_text("does not let pages copy. Save the log as a file")).to_be_visible()
    expect(page.get_by_text("The text is selected")).to_have_count(0)
    assert page.faults == []


def test_the_log_can_be_saved(launched, script):
    page = launched
    script.say("building", "\x1b[32msaved line\x1b[0m")
    page.get_by_role("button", name="Show the log").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == "alice-notebooks.log"
    with open(saved.value.path(), encoding="utf-8") as file:
        assert file.read() == "saved line\n"


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
