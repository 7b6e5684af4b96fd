"""One cohort from the published edition to the certificate and the report, played in a real browser."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from netzkoord import roles
from participants.models import Attendance, Presence, Registration
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, Visitor, mailed_link, pdf_text

pytestmark = pytest.mark.django_db(transaction=True)

MANAGER = "leitung@stadt.example"
COORDINATOR = "koordination@stadt.example"
STRANGE_NAME = '"><script>alert(1)</script>'


@pytest.fixture
def site(live_server, settings):
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def offer():
    """A published edition with one module for both, a place, a town, a trainer."""
    edition = factories.EditionFactory(programme__title="Netzwerkkoordination in der Kommune", number=1)
    module = factories.ModuleFactory(edition=edition, code="K1", title="Grundverständnis")
    factories.UnitFactory(module=module, minutes=360)
    factories.VenueFactory(name="Tagungshaus", city="Hannover")
    factories.MunicipalityFactory(name="Langenfeld (Rheinland)", ags="05158020")
    return factories.publish(edition)


def account(role, email):
    user = factories.staff(role, email=email)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_journey(browser, site, offer):
    organiser = account(roles.ORGANISATION, "organisation@stadt.example")
    trainer = account(roles.TRAINER, "training@stadt.example")
    other_trainer = account(roles.TRAINER, "anderes.training@stadt.example")
    office = Visitor(browser, site, viewport=DESKTOP)
    start = timezone.now().replace(hour=8, minute=0)

    with time_machine.travel(start):
        office.sign_in(organiser)
        plan_cohort(office, start, trainer)
        register_manager(Visitor(browser, site))
        complete_tandem(Visitor(browser, site))
        accept_tandem(office)
        fill_in_needs(browser, site, office)
    with time_machine.travel(start + datetime.timedelta(days=40)):
        office.sign_in(organiser)
        enter_attendance(office)
        give_feedback(browser, site, office)
        read_feedback(browser, site, office, trainer, other_trainer)
    with time_machine.travel(start + datetime.timedelta(days=41)):
        issue_certificates(office)
        download_certificate(browser, site)
        read_report(office)


def plan_cohort(office, start, trainer):
    office.follow("Durchgang anlegen")
    office.choose(edition="Netzwerkkoordination in der Kommune, 1. Fassung")
    office.fill(
        title="Durchgang Herbst",
        places="22",
        registration_closes_on=day(start, 20),
        contact_email="kursbuero@stadt.example",
    )
    office.press("Anlegen und Termine planen")
    office.follow("Termine")
    office.follow("Ersten Termin anlegen")
    office.choose(module="K1 Grundverständnis", venue="Tagungshaus, Hannover")
    office.fill(first_on=day(start, 40), last_on=day(start, 40))
    office.fill(starts_at="00:01", ends_at="07:01", break_minutes="60")
    office.tick("trainers", trainer.pk)
    office.press("Termin anlegen")
    office.follow("Überblick")
    office.follow("Der Durchgang ist noch nicht ausgeschrieben")
    office.press("Durchgang ausschreiben")


def day(start, days):
    return str(timezone.localdate(start) + datetime.timedelta(days=days))


def register_manager(phone):
    phone.open("/")
    phone.follow("Ausschreibung lesen")
    phone.follow("Jetzt anmelden")
    phone.tick("form", "TANDEM")
    phone.tick("role", "MANAGER")
    phone.fill(municipality_text="Langenf")
    phone.page.get_by_role("option", name="Langenfeld (Rheinland)", exact=False).click()
    phone.press("Weiter", exact=False)
    phone.fill(
        title="Prof. Dr.",
        given_names="Łucja",
        family_name="von und zu Größenwahn-Şahin",
        email=MANAGER,
        organisation=STRANGE_NAME,
    )
    phone.press("Weiter", exact=False)
    phone.fill(partner_email=COORDINATOR)
    phone.page.locator("[name=contact_list]").check()
    phone.press("Weiter", exact=False)
    assert STRANGE_NAME in phone.text
    phone.press("Verbindlich anmelden")
    phone.open(mailed_link(MANAGER, "/anmeldung/bestaetigen/"))
    assert not Registration.objects.confirmed().exists()
    phone.press("Anmeldung bestätigen")


def complete_tandem(phone):
    phone.open(mailed_link(COORDINATOR, "/anmeldung/partner/"))
    assert "Łucja" in phone.text
    phone.fill(given_names="李", family_name="Müller", organisation="Stadt Langenfeld")
    phone.press("Weiter", exact=False)
    assert "Bitte schreiben Sie in lateinischen Buchstaben, so wie der Name im Pass steht." in phone.text
    phone.fill(given_names="Li")
    phone.press("Weiter", exact=False)
    phone.press("Verbindlich anmelden", exact=False)
    for address in (MANAGER, COORDINATOR):
        phone.open(mailed_link(address, "/anmeldung/"))
        assert "vollständig" in phone.text


def accept_tandem(office):
    office.open("/")
    office.follow("1 Tandem wartet auf Entscheidung")
    office.page.locator("input[type=checkbox][name=tandem]").check()
    office.press("Annehmen", exact=False)
    office.press("Entscheiden und Mails senden")
    accepted = Registration.objects.accepted()
    assert {half.email for half in accepted} == {MANAGER, COORDINATOR}
    for address in (MANAGER, COORDINATOR):
        assert "Platz" in mails_to(address)[-1].message


def fill_in_needs(browser, site, office):
    office.open("/")
    office.follow("Die Bedarfserhebung ist noch nicht gestartet")
    office.press("Erhebung starten und Links senden")
    assert "2 Personen haben den Link per Mail erhalten." in office.text
    link = mailed_link(COORDINATOR, "/erhebung/")
    first = Visitor(browser, site)
    first.open(link)
    assert "persönlich" in first.text
    first.follow("Beginnen")
    first.page.locator("textarea").first.fill("Wie gewinne ich den Rat?")
    first.press("Speichern und weiter")
    second = Visitor(browser, site)
    second.open(link)
    second.follow("Weiter mit Schritt", exact=False)
    second.press("Speichern und zurück")
    assert second.page.locator("textarea").first.input_value() == "Wie gewinne ich den Rat?"
    while second.page.get_by_role("button", name="Angaben absenden").count() == 0:
        second.press("Speichern und", exact=False)
    second.press("Angaben absenden")
    assert "Fertig" in second.heading


def enter_attendance(office):
    """Four more people join by the back door; the browser enters everyone's attendance."""
    cohort = Registration.objects.earliest("pk").cohort
    for _ in range(2):
        factories.complete_tandem(cohort=cohort, selection="ACCEPTED")
    office.open("/")
    office.follow("Anwesenheit fehlt", exact=False)
    for half in ("Vormittag", "Nachmittag"):
        office.page.get_by_role("button", name=f"Wer offen ist: alle da am {half}").click()
        office.check()
    for half in ("Vormittag", "Nachmittag"):
        office.page.get_by_text(f"{half}: für alle eingetragen").wait_for()
    assert Attendance.objects.filter(presence=Presence.PRESENT).count() == 12


def give_feedback(browser, site, office):
    office.open("/")
    office.follow("Rückmeldung zu K1 ist noch nicht gestartet")
    office.press("Rückmeldung starten")
    for registration in Registration.objects.accepted().order_by("pk")[:5]:
        phone = Visitor(browser, site)
        phone.open(mailed_link(registration.email, "/erhebung/"))
        assert "anonym" in phone.text
        phone.follow("Beginnen")
        phone.page.locator(".scale").first.locator("input[value='5']").check()
        while phone.page.get_by_role("button", name="Anonym absenden").count() == 0:
            phone.press("Speichern und", exact=False)
        phone.press("Anonym absenden")
        assert "Danke" in phone.heading
        phone.context.close()


def read_feedback(browser, site, office, trainer, other_trainer):
    office.open("/")
    office.follow("Durchgang Herbst")
    office.follow("Rückmeldungen")
    assert "5 von 6" in office.text
    assert "Ergebnis ansehen" not in office.text
    office.follow("Vorzeitig schließen", exact=False)
    office.press("Jetzt schließen")
    own = Visitor(browser, site, viewport=DESKTOP)
    own.sign_in(trainer)
    report = pdf_text(own.download("Feedbackbericht (PDF)"))
    assert "Grundverständnis" in report
    assert "5 von 6" in report
    other = Visitor(browser, site, viewport=DESKTOP)
    other.sign_in(other_trainer)
    address = own.page.get_by_role("link", name="Feedbackbericht (PDF)").get_attribute("href")
    assert other.context.request.get(site + address).status == 404


def issue_certificates(office):
    office.open("/")
    office.follow("Durchgang Herbst")
    office.follow("Bescheinigungen")
    office.follow("Bescheinigungen ausstellen", exact=False)
    office.press("Jetzt ausstellen")
    assert "9 Bescheinigungen sind ausgestellt" in office.text  # six people, three municipalities


def download_certificate(browser, site):
    phone = Visitor(browser, site)
    phone.open("/konto/code/")
    phone.fill(email=MANAGER)
    phone.submit()
    phone.fill(code=latest_code(MANAGER))
    phone.submit()
    phone.open("/")
    text = pdf_text(phone.download("Bescheinigung herunterladen"))
    assert "Prof.Dr.ŁucjavonundzuGrößenwahn-Şahin" in "".join(text.split())
    certificate = Registration.objects.get(email=MANAGER).certificates.get()
    anyone = Visitor(browser, site)
    anyone.open(f"/pruefen/{certificate.code}/")
    assert "Łucja" in anyone.text
    changed = certificate.code[:-1] + ("0" if certificate.code[-1] != "0" else "1")
    anyone.open(f"/pruefen/{changed}/")
    assert "Łucja" not in anyone.text


def mails_to(address):
    return [mail for mail in Email.objects.order_by("pk") if address in mail.to]


def latest_code(address):
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", mails_to(address)[-1].message, re.MULTILINE).group(1)


def read_report(office):
    office.open("/")
    office.follow("Durchgang Herbst")
    office.follow("Bericht")
    text = pdf_text(office.download("Evaluationsbericht"))
    for chapter in ("Zweck", "Beteiligte", "Methode", "Rücklauf", "Ergebnisse", "Grenzen"):
        assert chapter in text
    assert "Łucja" not in text
