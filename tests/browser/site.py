"""What browser tests do again and again: sign in, read a mail, check a page."""

import io
import re

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect
from post_office.models import Email
from pypdf import PdfReader

PASSWORD = "sicheres-kennwort-17"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
# What axe does not report it need not gather: a third of its time.
EVERY_RULE = {"resultTypes": ["violations"], "preload": False}
# What depends on colours and sizes; the rest is the same in every window.
LOOKS = EVERY_RULE | {"runOnly": ["color-contrast", "target-size"]}


class Visitor:
    """A person with a browser of their own; every page is checked by axe and for its width."""

    def __init__(self, browser, base, *, viewport=PHONE, scheme="light", has_touch=False):
        self.context = browser.new_context(
            viewport=viewport,
            has_touch=has_touch,
            color_scheme=scheme,
            reduced_motion="reduce",  # colours on their way from one scheme to the other have no contrast
            locale="de-DE",
            timezone_id="Europe/Berlin",
        )
        self.scheme = scheme
        # Half a megabyte, given to the browser once: sent along with each check it was a third of its time.
        self.context.add_init_script(AXE_SCRIPT)
        self.page = self.context.new_page()
        self.base = base
        self.foreign_requests = []
        self.page.on("request", self.note_request)

    def note_request(self, request):
        if not request.url.startswith((self.base, "data:")):
            self.foreign_requests.append(request.url)

    def open(self, path):
        self.page.goto(path if path.startswith("http") else self.base + path)
        self.check()

    def press(self, name, *, exact=True):
        """A button that leads to another page."""
        self.leave_by(self.page.get_by_role("button", name=name, exact=exact))
        self.check()

    def follow(self, name, *, exact=True):
        self.leave_by(self.page.get_by_role("link", name=name, exact=exact))
        self.check()

    def submit(self):
        """The form of the page, whatever its button says."""
        self.leave_by(self.page.locator("main form button[type=submit]"))

    def leave_by(self, found):
        """Click, and be on the next page with all its scripts: a click alone returns when that page begins."""
        expect(found.first, f"on {self.page.url}").to_be_visible()
        with self.page.expect_navigation():
            found.first.click()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)

    def choose(self, **fields):
        for name, label in fields.items():
            self.page.locator(f"select[name='{name}']").select_option(label=label)

    def tick(self, name, value):
        self.page.locator(f"input[name='{name}'][value='{value}']").check()

    def sign_in(self, user):
        self.open("/konto/anmelden/")
        self.fill(login=user.email, password=PASSWORD)
        self.press("Anmelden")

    def be(self, user):
        """Signed in already; the form is filled in where signing in is what matters."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base}])

    @property
    def text(self):
        return self.page.locator("main").inner_text()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    def download(self, name):
        """The bytes behind a link, fetched with this person's cookies."""
        address = self.page.get_by_role("link", name=name).first.get_attribute("href")
        response = self.context.request.get(self.base + address)
        assert response.status == 200
        return response.body()

    def look(self, viewport, *, scheme):
        """At the same page in another window and other colours; then back to how it was."""
        before = self.page.viewport_size
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=scheme)
        self.check(rules=LOOKS)
        self.page.set_viewport_size(before)
        self.page.emulate_media(color_scheme=self.scheme)

    def check(self, *, rules=EVERY_RULE):
        self.page.wait_for_load_state()
        assert self.foreign_requests == []
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{self.page.url} is {width}px too wide"
        violations = self.page.evaluate("rules => axe.run(rules)", rules)["violations"]
        found = [(item["id"], [node["html"][:160] for node in item["nodes"]]) for item in violations]
        assert found == [], f"{self.page.url}: {found}"


def mailed_link(address, part):
    """The link of the latest mail to this address that contains `part`."""
    for mail in Email.objects.order_by("-pk"):
        link = re.search(r"^http\S+$", mail.message, re.MULTILINE)
        if address in mail.to and link and part in link.group():
            return link.group()
    raise AssertionError(f"no mail to {address} with a link {part}")


def pdf_text(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
