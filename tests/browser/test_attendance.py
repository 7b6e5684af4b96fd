"""Attendance on a phone: each choice saved at once, and none lost without a network."""

import datetime
import re

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import Email

from netzkoord import roles
from participants.models import Attendance, CheckIn
from tests import factories
from tests.browser.site import PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def site(live_server, settings):
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def session(site):
    session = factories.SessionFactory(days=[timezone.localdate()])
    for name in ("Berg", "Łukasik", "Özdemir"):
        factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True, family_name=name)
    return session


def staff(name):
    user = factories.staff(
        roles.ORGANISATION, email=f"{name.lower()}@stadt.example", given_names="", family_name=name
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def opened(browser, site, session, user):
    """The page of this session, ready, on a narrow phone."""
    visitor = Visitor(browser, site, viewport=NARROW)
    visitor.be(user)
    visitor.open(reverse("participants:attendance_edit", args=[session.pk]))
    visitor.page.locator("form[data-ready]").wait_for()
    visitor.page.get_by_text("Jede Wahl wird sofort gespeichert.").wait_for()
    return visitor


def choose(visitor, name, half, choice):
    row = visitor.page.locator("fieldset.presence", has_text=name)
    row.get_by_role("group", name=half).get_by_label(choice, exact=True).check()


def stored():
    rows = Attendance.objects.order_by("registration__family_name", "-half")
    return [(row.registration.family_name, row.half, row.presence, row.note) for row in rows]


def kept(visitor):
    """What this browser holds of the attendance: waiting choices, and pages with names."""
    return visitor.page.evaluate(
        """async () => ({
          waiting: Object.keys(localStorage).filter((key) => key.startsWith("netzkoord.")).length,
          pages: await caches.has("netzkoord-attendance-pages"),
        })"""
    )


def saved(visitor):
    visitor.page.get_by_text("Alles gespeichert.").wait_for()


def test_one_tap_saves_one_half(browser, site, session):
    visitor = opened(browser, site, session, staff("Sommer"))

    choose(visitor, "Berg", "Vormittag", "da")
    choose(visitor, "Berg", "Nachmittag", "entschuldigt")
    visitor.page.locator("fieldset.presence", has_text="Berg").get_by_label("Vermerk").last.fill("Rat tagt")
    visitor.page.keyboard.press("Tab")
    saved(visitor)
    visitor.page.get_by_text("Sommer, ").first.wait_for()

    assert stored() == [("Berg", "MORNING", "PRESENT", ""), ("Berg", "AFTERNOON", "EXCUSED", "Rat tagt")]
    expect(visitor.page.locator("main")).to_contain_text("4 UE von 8 UE")
    visitor.check()
    visitor.page.get_by_role("button", name="Wer offen ist: alle da am Vormittag").click()
    saved(visitor)
    assert Attendance.objects.present().filter(half="MORNING").count() == 3
    assert kept(visitor) == {"waiting": 0, "pages": False}


def test_people_are_found_while_typing(browser, site, session):
    visitor = opened(browser, site, session, staff("Sommer"))

    visitor.page.get_by_label("Person suchen").fill("lukas")

    rows = visitor.page.locator("fieldset.presence")
    expect(rows).to_have_count(3)
    expect(rows.filter(visible=True)).to_contain_text(["Łukasik"])


def test_without_network_nothing_is_lost_not_even_by_loading_the_page_again(browser, site, session):
    visitor = opened(browser, site, session, staff("Sommer"))
    visitor.page.wait_for_function("navigator.serviceWorker.controller !== null")

    visitor.context.set_offline(True)
    choose(visitor, "Berg", "Vormittag", "da")
    choose(visitor, "Łukasik", "Vormittag", "gefehlt")
    choose(visitor, "Özdemir", "Vormittag", "da")
    visitor.page.get_by_text("3 Einträge sind noch nicht gesendet.").wait_for()
    visitor.check()
    visitor.page.wait_for_function("caches.match(location.href, { cacheName: 'netzkoord-attendance-pages' })")
    assert stored() == []
    visitor.page.reload()  # from here on the browser may take itself for being online again
    expect(visitor.page.locator("input[value=ABSENT]:checked")).to_have_count(1)
    choose(visitor, "Özdemir", "Vormittag", "entschuldigt")
    visitor.context.set_offline(False)  # which may cut off the answer to what was chosen before
    saved(visitor)

    assert stored() == [
        ("Berg", "MORNING", "PRESENT", ""),
        ("Özdemir", "MORNING", "EXCUSED", ""),
        ("Łukasik", "MORNING", "ABSENT", ""),
    ]
    assert kept(visitor) == {"waiting": 0, "pages": False}


def test_without_network_and_without_entries_a_page_says_that_nothing_waits(browser, site, session):
    visitor = opened(browser, site, session, staff("Sommer"))
    visitor.page.wait_for_function("navigator.serviceWorker.controller !== null")

    visitor.context.set_offline(True)
    visitor.page.reload()

    expect(visitor.page.locator("body")).to_contain_text("Auf diesem Gerät wartet kein Eintrag")
    expect(visitor.page.locator("body")).not_to_contain_text("Berg")


def test_what_another_person_entered_meanwhile_stays_and_is_named(browser, site, session):
    first, second = (opened(browser, site, session, staff(name)) for name in ("Sommer", "Winter"))
    first.context.set_offline(True)
    choose(first, "Berg", "Vormittag", "da")
    choose(first, "Özdemir", "Vormittag", "da")
    first.page.get_by_text("2 Einträge sind noch nicht gesendet.").wait_for()
    choose(second, "Berg", "Vormittag", "entschuldigt")
    saved(second)

    first.context.set_offline(False)
    saved(first)
    first.page.get_by_text("Inzwischen ist „entschuldigt“ eingetragen (Winter,").wait_for()

    assert stored() == [("Berg", "MORNING", "EXCUSED", ""), ("Özdemir", "MORNING", "PRESENT", "")]
    expect(first.page.locator("input[value=EXCUSED]:checked")).to_have_count(1)
    choose(first, "Berg", "Vormittag", "da")
    saved(first)
    first.page.get_by_text("Sommer, ").first.wait_for()
    assert stored()[0] == ("Berg", "MORNING", "PRESENT", "")


def test_session_that_has_ended_keeps_the_entries_until_the_next_sign_in(browser, site, session):
    user = staff("Sommer")
    visitor = opened(browser, site, session, user)

    SignIn.objects.all().delete()
    choose(visitor, "Berg", "Vormittag", "da")
    visitor.page.get_by_text("Ihre Sitzung ist abgelaufen.").wait_for()
    assert stored() == []
    visitor.follow("Neu anmelden")
    visitor.fill(login=user.email, password=PASSWORD)
    visitor.press("Anmelden")
    saved(visitor)

    assert visitor.page.url.startswith(site + reverse("participants:attendance_edit", args=[session.pk]))
    assert stored() == [("Berg", "MORNING", "PRESENT", "")]
    assert kept(visitor) == {"waiting": 0, "pages": False}


def test_entries_of_another_person_are_not_sent_in_a_strange_name(browser, site, session):
    visitor = opened(browser, site, session, staff("Sommer"))
    visitor.page.evaluate(
        """localStorage.setItem("netzkoord.attendance.999.1.1.1-MORNING", JSON.stringify(
          { presence: "PRESENT", note: "", seen: ["", ""], url: "/" }))"""
    )

    choose(visitor, "Berg", "Vormittag", "da")
    visitor.page.get_by_text("Einträge einer anderen Person (1)").wait_for()

    assert stored() == [("Berg", "MORNING", "PRESENT", "")]
    assert kept(visitor)["waiting"] == 1


def test_checking_in_from_the_screen_needs_a_mail_and_no_password(browser, site, session):
    half = session.cohort.registrations.get(family_name="Berg")
    opened = CheckIn.objects.create(
        day=session.days.get(), half="MORNING", expires_at=timezone.now() + datetime.timedelta(hours=1)
    )
    screen = Visitor(browser, site, viewport={"width": 1440, "height": 900})
    screen.be(staff("Sommer"))
    screen.open(reverse("participants:check_in_screen", args=[opened.pk]))
    code = screen.page.locator(".check-in-letters").inner_text()
    screen.page.set_viewport_size({"width": 1024, "height": 600})
    picture = screen.page.locator(".check-in-code svg").bounding_box()
    assert picture["y"] + picture["height"] <= 600

    phone = Visitor(browser, site, viewport=NARROW)
    phone.open("/da/")
    phone.fill(code=code.lower())
    phone.press("Weiter")
    phone.follow("Mit der E-Mail-Adresse anmelden")
    phone.fill(email=half.email)
    phone.submit()
    phone.page.locator("[name=code]").wait_for()
    phone.fill(code=re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Email.objects.get(to=half.email).message).group())
    phone.submit()
    phone.press("Ich bin da")

    expect(phone.page.locator("h1")).to_have_text("Sie sind eingetragen")
    row = Attendance.objects.get()
    assert (row.registration, row.half, row.presence, row.is_self_reported) == (half, "MORNING", "PRESENT", True)


def test_without_javascript_it_is_a_form(browser, site, session):
    user = staff("Sommer")
    context = browser.new_context(viewport=NARROW, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(site + "/konto/anmelden/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").first.click()
    expect(page).to_have_url(site + "/")
    page.goto(site + reverse("participants:attendance_edit", args=[session.pk]))
    page.locator("fieldset.presence", has_text="Berg").locator("input[value=EXCUSED]").first.check()
    page.locator("fieldset.presence", has_text="Berg").get_by_label("Vermerk").first.fill("Rat tagt")
    page.get_by_role("button", name="Anwesenheit speichern", exact=True).click()

    expect(page.locator("main")).to_contain_text("Ein Eintrag ist gespeichert.")
    assert stored() == [("Berg", "MORNING", "EXCUSED", "Rat tagt")]


def test_day_before_is_saved_as_well_while_today_is_shown(browser, site, session):
    yesterday = factories.SessionDayFactory(session=session, date=timezone.localdate() - datetime.timedelta(days=1))
    visitor = opened(browser, site, session, staff("Sommer"))
    visitor.page.goto(site + reverse("participants:attendance_edit", args=[session.pk]) + f"?tag={yesterday.pk}")
    visitor.page.locator("form[data-ready]").wait_for()
    visitor.page.wait_for_function("navigator.serviceWorker.controller !== null")
    visitor.context.set_offline(True)
    choose(visitor, "Berg", "Vormittag", "da")
    visitor.page.get_by_text("Ein Eintrag ist noch nicht gesendet.").wait_for()
    visitor.context.set_offline(False)
    visitor.page.goto(site + reverse("participants:attendance_edit", args=[session.pk]))
    saved(visitor)

    assert [row.day for row in Attendance.objects.all()] == [yesterday]
