"""Debian's Chromium, headless."""
import contextlib
import os

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("BINDERY_CHROMIUM", "/usr/bin/chromium")


@contextlib.contextmanager
def chromium():
    """A running browser; one at a time in a process."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )
        yield running
        running.close()
