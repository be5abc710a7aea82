"""The pictures that the docs show. `docs/pictures/take` keeps them there; every run looks that they can be taken."""
import pytest
from playwright.sync_api import expect

from .launch_page import SPEC, expect_stages

README = """# Gravitational waves, by hand

Open **index.ipynb** and run it cell by cell. You will

1. read the strain of two detectors,
2. whiten it,
3. and hear the chirp.

| detector | rate |
| --- | --- |
| Hanford | 4,096 Hz |
| Livingston | 4,096 Hz |
"""
LOG = [
    "Picked Git content provider.", "Cloning into '/tmp/repo2docker8x'…", "HEAD is now at 33d514c Explain the whitening",
    "Using PythonBuildPack builder", "\x1b[1mStep 7/18 : RUN pip install -r requirements.txt\x1b[0m",
    "Collecting numpy==2.2", "\x1b[32m     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 16.4/16.4 MB 31.0 MB/s\x1b[0m", "Collecting scipy",
    "\x1b[33mDEPRECATION: a legacy setup.py is used\x1b[0m",
]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "width": 390, "height": 844, "device_scale_factor": 2},
}


@pytest.fixture(params=LOOKS)
def look(request):
    return request.param


@pytest.fixture
def page(open_page, look):
    return open_page(**{"height": 860, **LOOKS[look]})


def test_home(node, page, picture, look):
    page.goto(node.url)
    page.evaluate(
        """localStorage.setItem("bindery.recent:/", JSON.stringify([
           {spec: "gh/alice/notebooks/main", query: "", source: "GitHub", repo: "alice/notebooks", ref: "main", state: "ready", at: 1795600000000},
           {spec: "zenodo/10.5281/zenodo.3242074", query: "", source: "Zenodo DOI", repo: "10.5281/zenodo.3242074", ref: "", state: "ready", at: 1795500000000}]))"""
    )
    page.reload()
    page.locator("#repo").fill("https://github.com/alice/waves/blob/main/index.ipynb")
    expect(page.get_by_text("Recognized: GitHub")).to_be_visible()
    picture(page, f"home-{look}", full_page=True)


@pytest.fixture
def launched(node, page, script):
    page.route("**/api/preview/**", lambda route: route.fulfill(json={"name": "README.md", "text": README, "url": "https://github.com/alice/waves", "files": "https://github.com/alice/waves/blob/HEAD/"}))
    page.route("**/api/estimate/**", lambda route: route.fulfill(json={"seconds": {"resolve": 0.4, "fetch": 2.2, "build": 74, "push": 12, "launch": 4.1}}))
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC.replace('notebooks', 'waves')}")
    script.wait_for_connection(page)
    return page


def test_building(launched, script, picture, look):
    script.say("waiting", "Waiting for build to start...")
    script.say("fetching", LOG[0])
    expect_stages(launched, fetch="now")
    for line in LOG:
        script.say("building", line)
    expect_stages(launched, build="now")
    expect(launched.get_by_role("heading", name="Gravitational waves")).to_be_visible()
    picture(launched, f"building-{look}", full_page=True)
    launched.get_by_role("button", name="Show the log").click()
    expect(launched.locator(".xterm-rows")).to_contain_text("DEPRECATION")
    launched.get_by_role("searchbox").fill("collecting")
    expect(launched.get_by_text("1 of 2")).to_be_visible()
    picture(launched, f"log-{look}")


def test_pushing(launched, script, picture, look):
    for phase in ("fetching", "building"):
        script.say(phase, LOG[0])
    script.say("pushing", "Pushing image", progress={
        "4c6f8a1b2d3e": {"current": 61_000_000, "total": 148_000_000}, "9a7b5c3d1e2f": {"current": 4_100_000, "total": 4_700_000},
        "1f2e3d4c5b6a": "Pushed", "0a1b2c3d4e5f": "Layer already exists", "8e7d6c5b4a39": "Waiting"})
    expect(launched.locator(".layers li")).to_have_count(5)
    picture(launched, f"pushing-{look}")


def test_failed(launched, script, picture, look):
    script.say("fetching", LOG[0])
    expect_stages(launched, fetch="now")
    script.say("building", LOG[3])
    expect_stages(launched, build="now")
    script.say("failed", "The build failed: pip found no package that fits scipyy==1.15 (requirements.txt). Its last words: No matching "
                         "distribution found for scipyy==1.15. The whole log: /build-log/k3v9x2")
    expect(launched.locator(".failure")).to_be_visible()
    picture(launched, f"failed-{look}")


def test_ready(node, launched, script, picture, look):
    launched.evaluate("""() => { Object.defineProperty(document, "hidden", {get: () => true});
                          document.dispatchEvent(new Event("visibilitychange")); }""")
    for phase in ("fetching", "building", "pushing", "built", "launching"):
        script.say(phase, phase)
        launched.wait_for_timeout(150)  # so that each stage has a time to show
    script.say("ready", "there", url=f"{node.url}somewhere/", token="t")
    expect(launched.get_by_role("link", name="Open it now")).to_be_visible()
    picture(launched, f"ready-{look}")
