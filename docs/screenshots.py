"""Makes the pictures of the README from a running demo: python docs/screenshots.py http://127.0.0.1:8000"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import chromium_path

PASSWORD = "netzkoord-demo"  # noqa: S105 -- of the demo's invented people
PICTURES = Path(__file__).parent / "img"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def sign_in(page: Page, base: str, email: str) -> None:
    page.goto(f"{base}/konto/anmelden/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(f"{base}/")


def take(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = browser.new_context(viewport=DESKTOP, locale="de-DE").new_page()
        sign_in(page, base, "organisation@netzkoord.example")
        page.screenshot(path=PICTURES / "start.png")
        page.get_by_role("link", name="Durchgang 2017/18").first.click()
        page.get_by_role("link", name="Rückmeldungen").first.click()
        page.get_by_role("link", name="Ergebnis ansehen").first.click()
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / "rueckmeldung.png")
        phone = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="de-DE").new_page()
        sign_in(phone, base, "koordination@netzkoord.example")
        phone.screenshot(path=PICTURES / "teilnehmende.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"))
