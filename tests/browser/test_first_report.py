"""The first report, walked through in a real browser, and a look at the digest."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from playground.demo import running
from playground.town import MARIA, Town

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="LEFT OUT: the browser test, since there is no chromium here"
)

LINE = "/workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare"


@pytest.fixture(scope="module")
def demo() -> Iterator[Town]:
    with running(0, empty=False) as town:
        yield town


@pytest.fixture
def page(demo: Town) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        opened = browser.new_page()
        opened.goto(f"{demo.slack.page_url}#{demo.person(MARIA).id}/bro")
        yield opened
        browser.close()


def test_maria_reports_gets_her_receipt_and_sees_the_digest_come(page: Page) -> None:
    page.get_by_test_id("composer").fill(LINE)
    page.get_by_test_id("composer").press("Enter")
    form = page.get_by_test_id("modal")
    expect(form.get_by_test_id("field-title").locator("input")).to_have_value(
        "Exportdag för småföretag"
    )
    form.get_by_test_id("modal-submit").click()
    expect(form.get_by_role("alert").first).to_be_visible()
    form.get_by_label("Näringslivsservice").check()
    form.get_by_test_id("modal-submit").click()
    expect(form).not_to_be_visible()

    page.get_by_test_id("channel-Brobot").click()
    receipt = page.get_by_test_id("message").last
    expect(receipt).to_contain_text("Exportdag för småföretag")
    expect(receipt).to_contain_text("workshop 2 av 4 i år för nyckelresultat S4")
    expect(receipt.get_by_role("button", name="Ändra")).to_be_visible()

    page.get_by_test_id("channel-bro").click()
    page.get_by_test_id("clock-monday").click()
    digest = page.get_by_test_id("message").filter(has_text="vecka 24").last
    expect(digest).to_contain_text("2 av 4 (+1)", timeout=10_000)
    expect(digest.get_by_role("img").last).to_have_js_property("complete", True)
    assert "S4 2 av 4" in (digest.get_by_role("img").last.get_attribute("alt") or "")
