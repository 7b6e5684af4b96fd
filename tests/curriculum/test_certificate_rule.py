"""The rule for certificates of a cohort: in words, in its form, and in what is announced."""

import datetime

import pytest

from curriculum.certificate_rule import certificate_rule_sentence
from curriculum.models import Cohort
from curriculum.queries import announcement_hints, cohort_schedule
from netzkoord.models import AuditEvent
from tests import factories
from tests.curriculum.test_cohorts import ADD, valid
from tests.pdf import pdf_text

UNTIL = datetime.date(2027, 6, 30)
USUAL = (
    "Wer mindestens 80 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung; "
    "wer dazu ein Praxisprojekt und ein Kolloquium abschließt, das Zertifikat"
)


def edit_url(cohort):
    return f"/durchgaenge/{cohort.pk}/bearbeiten/"


def page_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, f"{USUAL}."),
        ({"make_up_until": UNTIL}, f"{USUAL}; Fehlendes kann bis 30. Juni 2027 nachgeholt werden."),
        (
            {"grants_certificate": False, "attendance_threshold_percent": 75},
            "Wer mindestens 75 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung.",
        ),
        (
            {"certificate_threshold_percent": 90, "needs_project": False},
            "Wer mindestens 80 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung; "
            "wer mindestens 90 % besucht und ein Kolloquium abschließt, das Zertifikat.",
        ),
        (
            {"certificate_threshold_percent": 90, "needs_project": False, "needs_colloquium": False},
            "Wer mindestens 80 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung; "
            "wer mindestens 90 % besucht, das Zertifikat.",
        ),
        (
            {"needs_project": False, "needs_colloquium": False},
            "Wer mindestens 80 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung "
            "und das Zertifikat.",
        ),
    ],
)
def test_rule_is_one_sentence(fields, sentence):
    assert certificate_rule_sentence(Cohort(**fields)).replace("\u00a0", " ") == sentence


@pytest.mark.django_db
def test_announcement_and_its_paper_print_the_rule(client):
    session = factories.SessionFactory(cohort__make_up_until=UNTIL)
    address = f"/angebote/{session.cohort_id}/"
    sentence = f"{USUAL}; Fehlendes kann bis 30. Juni 2027 nachgeholt werden."

    assert sentence in page_of(client.get(address))
    paper = pdf_text(client.get(f"{address}ausschreibung.pdf").content).replace("\u00a0", " ")
    assert sentence in " ".join(paper.split())


def test_pages_for_organisers_say_the_rule(client, organiser):
    cohort = factories.SessionFactory(cohort__announced_at=None).cohort
    client.force_login(organiser)

    assert f"{USUAL}." in page_of(client.get(f"/durchgaenge/{cohort.pk}/ausschreiben/"))
    assert f"{USUAL}." in page_of(client.get(f"/durchgaenge/{cohort.pk}/"))


def test_rule_of_a_planned_cohort_is_set_in_its_form(client, organiser):
    cohort = factories.CohortFactory(announced_at=None)
    client.force_login(organiser)
    rule = {"certificate_threshold_percent": 75, "make_up_until": "2027-06-30"}
    data = valid(cohort.edition, title=cohort.title, places=22, **rule)
    del data["needs_project"]

    client.post(edit_url(cohort), data)

    cohort.refresh_from_db()
    assert (cohort.certificate_threshold_percent, cohort.make_up_until) == (75, UNTIL)
    assert (cohort.grants_certificate, cohort.needs_project, cohort.needs_colloquium) == (True, False, True)


def test_rule_of_an_announced_cohort_is_text_and_says_why(client, organiser):
    cohort = factories.CohortFactory(make_up_until=UNTIL)
    client.force_login(organiser)

    page = page_of(client.get(edit_url(cohort)))

    assert f"{USUAL}; Fehlendes" in page
    assert "Die Regel steht seit der Ausschreibung am Mo, 2. November 2026 fest" in page
    assert 'name="certificate_threshold_percent"' not in page
    assert 'name="make_up_until"' in page


def announced_data(cohort, **changes):
    """What the page of an announced cohort sends."""
    data = valid(cohort.edition, title=cohort.title, places=cohort.places, **changes)
    fixed = ("attendance_threshold_percent", "grants_certificate", "certificate_threshold_percent")
    for name in (*fixed, "needs_project", "needs_colloquium"):
        del data[name]
    return data | {"registration_closes_on": cohort.registration_closes_on.isoformat(), "contact_email": ""}


@pytest.mark.parametrize("before", [None, UNTIL])
def test_time_limit_of_an_announced_cohort_may_become_later(client, organiser, before):
    cohort = factories.CohortFactory(make_up_until=before)
    client.force_login(organiser)

    client.post(edit_url(cohort), announced_data(cohort, make_up_until="2027-07-31"))

    cohort.refresh_from_db()
    assert cohort.make_up_until == datetime.date(2027, 7, 31)
    assert AuditEvent.objects.get().details == {"fields": ["make_up_until"]}


@pytest.mark.parametrize("until", ["2027-06-29", ""])
def test_time_limit_of_an_announced_cohort_is_neither_shortened_nor_removed(client, organiser, until):
    cohort = factories.CohortFactory(make_up_until=UNTIL)
    client.force_login(organiser)

    page = page_of(client.post(edit_url(cohort), announced_data(cohort, make_up_until=until, offer_days=9)))

    assert "Die Frist bis 30. Juni 2027 steht in der Ausschreibung." in page
    assert f"{USUAL}; Fehlendes kann bis 30. Juni 2027 nachgeholt werden." in page
    cohort.refresh_from_db()
    assert (cohort.make_up_until, cohort.offer_days) == (UNTIL, 5)


def test_change_that_comes_after_the_announcement_is_refused_in_words(client, organiser):
    """The page was open while somebody else announced the cohort."""
    cohort = factories.CohortFactory()
    client.force_login(organiser)
    closes_on = cohort.registration_closes_on.isoformat()
    data = valid(cohort.edition, title=cohort.title, registration_closes_on=closes_on)

    page = page_of(client.post(edit_url(cohort), data | {"certificate_threshold_percent": 50, "places": 30}))

    assert "Inzwischen ist der Durchgang ausgeschrieben." in page
    assert Cohort.objects.get().places == 22
    client.post(edit_url(cohort), data | {"places": 30})
    assert Cohort.objects.get().places == 30


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"certificate_threshold_percent": "0"}, "für das Zertifikat liegt zwischen 1 und 100 Prozent."),
        ({"certificate_threshold_percent": "viel"}, "Bitte eine ganze Zahl eingeben."),
        ({"make_up_until": "2027-01-31"}, "Nachgeholt werden kann erst nach dem Anmeldeschluss."),
        ({"make_up_until": "1999-01-01"}, "Bitte prüfen Sie das Jahr"),
        ({"make_up_until": "irgendwann"}, "Bitte ein gültiges Datum eingeben."),
    ],
)
def test_nonsense_in_the_rule_gets_a_sentence(client, organiser, change, message):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)

    page = page_of(client.post(ADD, valid(edition, **change)))

    assert message in page
    assert not Cohort.objects.exists()


def test_time_limit_lies_after_the_last_session(client, organiser):
    cohort = factories.SessionFactory(cohort__announced_at=None, days=[datetime.date(2027, 5, 7)]).cohort
    client.force_login(organiser)
    data = valid(cohort.edition, title=cohort.title, make_up_until="2027-05-07")

    page = page_of(client.post(edit_url(cohort), data))

    assert "Nachgeholt wird nach dem letzten Termin, Fr, 7. Mai 2027." in page
    assert Cohort.objects.get().make_up_until is None


@pytest.mark.django_db
def test_a_limit_before_the_last_session_is_hinted_at_before_announcing():
    cohort = factories.SessionFactory(days=[datetime.date(2027, 7, 1)], cohort__make_up_until=UNTIL).cohort

    assert "Die Frist zum Nachholen endet nicht nach dem letzten Termin." in announcement_hints(
        cohort, cohort_schedule(cohort)
    )


def test_copy_takes_the_rule_along_and_moves_the_time_limit(client, organiser):
    days = [datetime.date(2027, 5, 6)]
    source = factories.SessionFactory(
        days=days,
        cohort__certificate_threshold_percent=75,
        cohort__needs_project=False,
        cohort__make_up_until=UNTIL,
        cohort__title="Durchgang 2027",
    ).cohort
    factories.publish(source.edition)
    client.force_login(organiser)

    client.post(
        f"/durchgaenge/{source.pk}/kopieren/",
        {
            "title": "Durchgang 2028",
            "edition": source.edition_id,
            "first_on": "2028-05-04",
            "registration_closes_on": "2028-02-01",
        },
    )

    copied = Cohort.objects.get(title="Durchgang 2028")
    assert (copied.certificate_threshold_percent, copied.needs_project) == (75, False)
    assert copied.make_up_until == datetime.date(2028, 6, 28)  # as many weeks later as the session
