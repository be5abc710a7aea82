"""The log of a launch as the loading page shows it. In headless Chromium."""
import re

import pytest
from playwright.sync_api import expect

from .launch_page import SPEC

PATIENCE = 30_000


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
