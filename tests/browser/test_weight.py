"""What the loading page weighs, and how soon something is seen of it on a slow telephone."""
from playwright.sync_api import expect

from .launch_page import SPEC

MOST_BYTES = 150_000
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}


def wire(page):
    """The page's DevTools connection, and what each answer took on the wire: url -> bytes."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, sizes = {}, {}
    tools.on("Network.requestWillBeSent", lambda one: names.__setitem__(one["requestId"], one["request"]["url"]))
    tools.on("Network.loadingFinished", lambda one: sizes.__setitem__(names[one["requestId"]], one["encodedDataLength"]))
    return tools, sizes


def test_the_loading_page_is_light_and_the_log_comes_when_it_is_wanted(node, page, script, measured):
    script.follow_in(page)
    _, sizes = wire(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.say("building", "a line")
    expect(page.locator(".last-line")).to_be_visible()
    page.wait_for_load_state("load")
    total = sum(sizes.values())
    measured("the loading page with all its files, compressed, without the log", f"{total / 1000:.0f} kB")
    assert 20_000 < total < MOST_BYTES, sizes
    assert not any("terminal" in url for url in sizes)
    page.get_by_role("button", name="Show the log").click()
    expect(page.locator(".xterm-rows")).to_contain_text("a line")
    log = sum(size for url, size in sizes.items() if "terminal" in url or "LogView" in url)
    measured("the log's component, compressed, when it is wanted", f"{log / 1000:.0f} kB")
    assert log > 0


def test_something_is_seen_soon_on_a_slow_telephone(node, page, script, measured):
    script.follow_in(page)
    tools, _ = wire(page)
    tools.send("Network.emulateNetworkConditions", SLOW_4G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{node.url}v2/{SPEC}")
    script.wait_for_connection(page)
    script.say("building", "a line")
    expect(page.locator('[data-stage="build"]')).to_have_attribute("data-state", "now", timeout=60_000)
    paints = page.evaluate("Object.fromEntries(performance.getEntriesByType('paint').map(one => [one.name, one.startTime]))")
    measured("first paint of the loading page, 4 times slower processor, slow 4G", f"{paints['first-contentful-paint']:.0f} ms")
    assert paints["first-contentful-paint"] > 0
