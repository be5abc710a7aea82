"""What tests of the loading page share."""
from playwright.sync_api import expect

SPEC = "gh/alice/notebooks/main"


def expect_stages(page, **wanted):
    for name, state in wanted.items():
        expect(page.locator(f'.stages [data-stage="{name}"]')).to_have_attribute("data-state", state)
