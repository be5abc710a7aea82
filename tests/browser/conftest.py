"""A browser, pages that are watched, and nodes without any infrastructure for them."""
import os
import pathlib
import subprocess
from urllib.parse import urlsplit

import pytest

from integration.processes import Node

from .chromium import chromium
from .launch_page import SPEC
from .scripted_launch import ScriptedLaunch

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
# Kept where the docs show them, when asked for; else where the run can be looked at.
PICTURES = pathlib.Path(os.environ.get("BINDERY_PICTURES", "build/pictures"))
# No launch here gets as far as a hub.
NO_HUB = "http://127.0.0.1:1/"

VIOLATIONS = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`CSP: ${event.effectiveDirective} blocked ${event.blockedURI} at ${event.sourceFile}`));
"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser):
    """`open_page(width=..., color_scheme=...)`: a page in a context of its own, watched.

    `page.faults` is what went wrong in it: exceptions, complaints of the console, violations of the content security
    policy, answers of the server's own failure. `page.foreign` is what it asked of other hosts.
    """
    contexts = []

    def make(width=1280, height=800, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.add_init_script(VIOLATIONS)
        tab = context.new_page()
        tab.faults = []
        tab.foreign = []
        tab.on("pageerror", lambda fault: tab.faults.append(str(fault)))
        tab.on("console", lambda line: note_complaint(tab, line))
        tab.on("request", lambda asked: note_foreign(tab, asked.url))
        return tab

    yield make
    for context in contexts:
        context.close()


def note_complaint(tab, line):
    # A repository without a README to show is no fault, though the console calls every 404 one.
    if line.type in ("error", "warning") and "/api/preview/" not in line.location["url"]:
        tab.faults.append(f"{line.text} {line.location['url']}")


def note_foreign(tab, url):
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost"):
        tab.foreign.append(url)


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="module")
def node(program, tmp_path_factory):
    """A node for pages: nothing is launched, and its content policy is as strict as it gets."""
    running = Node(
        program,
        tmp_path_factory.mktemp("pages") / "node",
        {"BinderHub": {"hub_url": NO_HUB, "hub_api_token": "token-for-tests"}},
    ).wait_until_serving()
    yield running
    assert running.stop() == 0


@pytest.fixture
def script():
    running = ScriptedLaunch()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def axe():
    """`axe(page)`: what axe-core finds wrong with the page as it is now, a line each."""
    done = subprocess.run(
        [SOURCE / "local/setup/node-env", "clients", SOURCE / "local/dependencies/clients"],
        check=True, stdout=subprocess.PIPE, text=True,
    )
    source = (pathlib.Path(done.stdout.strip()) / "node_modules/axe-core/axe.min.js").read_text()

    def problems(page):
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:200]}: {node['failureSummary'][:300]}"
            for one in found["violations"] for node in one["nodes"]
        ]

    return problems


@pytest.fixture
def picture():
    """`picture(page, name)` keeps what the page shows."""

    def take(page, name, **more):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", **more)

    return take


@pytest.fixture
def launched(node, page, script):
    """The page of a launch that this test tells."""
    script.follow_in(page)
    page.goto(f"{node.url}v2/{SPEC}")
    script.wait_for_connection(page)
    return page
