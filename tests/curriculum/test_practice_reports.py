"""Erlebnisberichte: planned by organisers, written and released by their authors, read by nobody else before."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from curriculum.actions.practice_reports import plan_report
from curriculum.demo.delivery import fill_practice_reports
from curriculum.demo.programme import fill_cohorts, fill_programme
from curriculum.models import PracticeReport
from curriculum.queries.practice_reports import report_token
from netzkoord.lib import links
from netzkoord.models import AuditEvent
from tests import factories
from tests.links import is_link_to

SECRET = "Der Dezernent hat die Akten geschreddert."


@pytest.fixture
def session(db):
    return factories.SessionFactory(cohort__title="Durchgang 2027", days=[datetime.date(2027, 2, 1)])


@pytest.fixture
def cohort(session):
    return session.cohort


@pytest.fixture
def report(session):
    """Written, not released."""
    return add_report(session)


def add_report(session, *, released=False, **fields):
    defaults = {
        "practitioner": "Petra Praxis",
        "municipality": "Musterstadt",
        "title": "Ein Jahr Koordination",
        "text": SECRET,
        "released_at": timezone.now() if released else None,
    }
    number = session.practice_reports.count()
    defaults["email"] = f"praxis{number or ''}@stadt.example"
    return PracticeReport.objects.create(session=session, **defaults | fields)


def plan(session, /, **changes):
    return {
        "session": session.pk,
        "practitioner": "Petra Praxis",
        "municipality": "Musterstadt",
        "email": "praxis@stadt.example",
        "title": "Ein Jahr Koordination",
    } | changes


def list_url(cohort):
    return f"/durchgaenge/{cohort.pk}/erlebnisberichte/"


def add_url(cohort):
    return f"/durchgaenge/{cohort.pk}/erlebnisberichte/neu/"


def detail_url(report):
    return f"/erlebnisberichte/{report.pk}/"


def author_url(report, step=""):
    return f"/erlebnisbericht/{report_token(report)}/{step}"


def sent_by(client, url):
    """What a browser would send back from the page as it now is."""
    form = client.get(url).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def release(client, report):
    seen = client.get(author_url(report, "vorschau/")).context["seen"]
    return client.post(author_url(report, "freigeben/"), {"seen": seen})


# Planning


def test_practice_report_add_sends_the_author_a_private_link(client, organiser, session, cohort):
    client.force_login(organiser)

    response = client.post(add_url(cohort), plan(session))

    report, mail = PracticeReport.objects.get(), Email.objects.get()
    assert response.url == list_url(cohort)
    assert (report.session, report.text, report.released_at) == (session, "", None)
    assert mail.to == ["praxis@stadt.example"]
    assert is_link_to(mail.message, "practice-report", report.link_key)
    assert mail.headers["Sensitivity"] == "Private"
    assert "liest ihn außer Ihnen niemand" in mail.message
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id) == ("PRACTICE_REPORT_PLANNED", organiser.pk)


def test_practice_report_add_twice_makes_one_and_sends_one_mail(client, organiser, session, cohort):
    client.force_login(organiser)
    client.post(add_url(cohort), plan(session))

    page = client.post(add_url(cohort), plan(session)).content.decode()

    assert "Für diese Adresse ist in diesem Termin schon ein Bericht geplant." in page
    assert (PracticeReport.objects.count(), Email.objects.count()) == (1, 1)


@pytest.mark.parametrize("field", ["session", "practitioner", "municipality", "email", "title"])
def test_practice_report_add_needs_every_field(client, organiser, session, cohort, field):
    client.force_login(organiser)

    response = client.post(add_url(cohort), plan(session, **{field: ""}))

    assert field in response.context["form"].errors
    assert not PracticeReport.objects.exists()


def test_practice_report_add_refuses_sessions_of_another_cohort_and_cancelled_ones(
    client, organiser, session, cohort
):
    foreign = factories.SessionFactory()
    cancelled = factories.SessionFactory(cohort=cohort, cancelled_at=timezone.now())
    client.force_login(organiser)

    for other in (foreign, cancelled):
        client.post(add_url(cohort), plan(session, session=other.pk))

    assert not PracticeReport.objects.exists()


def test_practice_report_add_begins_with_the_session_asked_for(client, organiser, session, cohort):
    client.force_login(organiser)

    page = client.get(add_url(cohort), {"termin": session.pk}).content.decode()

    assert f'<option value="{session.pk}" selected>' in page


def test_names_in_the_mail_are_text_and_never_links(organiser, session):
    plan_report(
        report=PracticeReport(**plan(session, session=session, title="Siehe https://boese.example {{ 7*7 }}")),
        by=organiser,
    )

    mail = Email.objects.get()
    assert "https://boese.example" not in mail.subject + mail.message + mail.html_message
    assert "{{ 7*7 }}" in mail.subject


# What staff see


def pages(report):
    cohort = report.session.cohort
    return [
        list_url(cohort),
        detail_url(report),
        detail_url(report) + "bearbeiten/",
        detail_url(report) + "loeschen/",
        "/erlebnisberichte/",
        f"/erlebnisberichte/?text={SECRET[:12]}",
        cohort.get_absolute_url(),
        report.session.get_absolute_url(),
        "/",
    ]


def test_text_that_is_not_released_is_on_no_page_of_anybody_else(client, organiser, reader, trainer, report):
    report.session.trainers.add(trainer)

    for user in (organiser, reader, trainer):
        client.force_login(user)
        assert not [url for url in pages(report) if SECRET in client.get(url).content.decode()]


def test_text_that_is_not_released_does_not_leave_the_database(client, organiser, report):
    """No query of these pages hands it out: the word itself stays where it is."""
    read = []

    def keep(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        read.append(sql)
        return result

    client.force_login(organiser)
    with connection.execute_wrapper(keep):
        for url in pages(report):
            client.get(url)

    column = '"curriculum_practicereport"."text"'
    # Whether there is a text may be asked, and the text of what is released.
    harmless = re.compile(rf"CASE WHEN .*? END|\({re.escape(column)} = %s\)")
    handed_out = [harmless.sub("", sql.partition(" FROM ")[0]) for sql in read]
    assert any(column in sql for sql in read)
    assert [sql for sql in handed_out if column in sql] == []


def test_text_that_is_not_released_is_in_no_export_and_no_log(client, organiser, report):
    client.force_login(organiser)
    client.post(author_url(report), sent_by(client, author_url(report)) | {"text": SECRET + " Wirklich."})
    client.post(detail_url(report) + "link-senden/")

    details = str(list(AuditEvent.objects.values_list("details", flat=True)))
    mails = "".join(mail.message + mail.subject for mail in Email.objects.all())
    assert "geschreddert" not in details + mails


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"text": ""}, "geplant, noch kein Text"),
        ({}, "liegt vor, noch nicht freigegeben"),
        ({"released": True}, "freigegeben"),
    ],
)
def test_practice_report_list_says_how_far_each_is(client, reader, session, cohort, fields, state):
    add_report(session, **fields)
    client.force_login(reader)

    assert f"{state}</span>" in client.get(list_url(cohort)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_practice_report_list_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        add_report(factories.SessionFactory(cohort=cohort))
    client.force_login(organiser)

    with django_assert_num_queries(6):
        response = client.get(list_url(cohort))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_practice_report_library_query_count(client, reader, cohort, django_assert_num_queries, count):
    for _ in range(count):
        add_report(factories.SessionFactory(cohort=cohort), released=True)
    client.force_login(reader)

    with django_assert_num_queries(6):
        response = client.get("/erlebnisberichte/")

    assert len(response.context["rows"]) == count


def test_practice_report_library_has_released_ones_only_and_filters(client, reader, session):
    add_report(session, title="Geheim")
    add_report(session, released=True, title="Vertrauen wächst langsam", text="Es begann im Jugendamt.")
    other = add_report(factories.SessionFactory(), released=True, title="Der erste Beschluss", text="Im Rat.")
    client.force_login(reader)

    everything = client.get("/erlebnisberichte/").content.decode()
    by_text = client.get("/erlebnisberichte/", {"text": "jugendamt"}).content.decode()
    by_module = client.get("/erlebnisberichte/", {"module": other.session.module.code}).content.decode()

    assert "Geheim" not in everything
    assert ("Vertrauen" in by_text, "Beschluss" in by_text) == (True, False)
    assert ("Vertrauen" in by_module, "Beschluss" in by_module) == (False, True)
    assert "Kein freigegebener Bericht passt" in client.get("/erlebnisberichte/?text=xyz").content.decode()


def test_practice_report_detail_shows_the_text_once_it_is_released(client, reader, session):
    report = add_report(session, released=True, text="Erster Absatz.\n\n<script>alert(1)</script>")
    client.force_login(reader)

    page = client.get(detail_url(report)).content.decode()

    assert "<p>Erster Absatz.</p>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_practice_report_of_another_session_does_not_exist_for_trainers_until_it_is_released(
    client, trainer, report
):
    client.force_login(trainer)

    assert client.get(detail_url(report)).status_code == 404

    PracticeReport.objects.update(released_at=timezone.now())

    assert SECRET in client.get(detail_url(report)).content.decode()


def test_address_of_the_author_is_for_organisers_only(client, organiser, reader, report):
    shown = []
    for user in (organiser, reader):
        client.force_login(user)
        shown.append(report.email in client.get(detail_url(report)).content.decode())

    assert shown == [True, False]


# What organisers change


def test_practice_report_edit_never_touches_the_text(client, organiser, report):
    client.force_login(organiser)
    url = detail_url(report) + "bearbeiten/"

    client.post(url, sent_by(client, url) | {"practitioner": "Petra Praxis-Meyer", "text": "überschrieben"})

    report.refresh_from_db()
    assert (report.practitioner, report.text) == ("Petra Praxis-Meyer", SECRET)
    assert AuditEvent.objects.get().details == {"fields": ["practitioner"]}


def test_practice_report_edit_with_a_new_address_sends_a_new_link(client, organiser, session):
    report = add_report(session, text="")
    old = author_url(report)
    client.force_login(organiser)
    url = detail_url(report) + "bearbeiten/"

    client.post(url, sent_by(client, url) | {"email": "neu@stadt.example"})

    report.refresh_from_db()
    assert Email.objects.get().to == ["neu@stadt.example"]
    assert client.get(old).status_code == 404
    assert client.get(author_url(report)).status_code == 200


def test_nobody_reads_a_text_by_sending_the_link_to_another_address(client, organiser, report):
    client.force_login(organiser)
    url = detail_url(report) + "bearbeiten/"

    page = client.post(url, sent_by(client, url) | {"email": organiser.email}).content.decode()

    report.refresh_from_db()
    assert "Deshalb bleibt die Adresse." in page
    assert report.email == "praxis@stadt.example"
    assert not Email.objects.exists()


def test_practice_report_ask_makes_older_links_worthless_and_a_double_click_sends_one(client, organiser, report):
    old = author_url(report)
    client.force_login(organiser)

    for _ in range(2):
        client.post(detail_url(report) + "link-senden/")

    report.refresh_from_db()
    assert Email.objects.count() == 1
    assert "Dieser Link gilt nicht mehr" in client.get(old).content.decode()
    assert client.get(author_url(report)).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        client.post(detail_url(report) + "link-senden/")
    assert Email.objects.count() == 2


def test_practice_report_delete_says_that_a_text_is_lost(client, organiser, report):
    author = author_url(report)
    client.force_login(organiser)
    url = detail_url(report) + "loeschen/"

    page = client.get(url).content.decode()
    client.post(url)

    assert "Es liegt ein Text vor, der noch nicht freigegeben ist. Er geht verloren." in page
    assert not PracticeReport.objects.exists()
    assert client.get(author).status_code == 404
    assert client.post(author, {"title": "x"}).status_code == 409
    assert AuditEvent.objects.get().action == "PRACTICE_REPORT_DELETED"


def test_practice_reports_are_planned_by_organisers_only(client, trainer, session, cohort, report):
    session.trainers.add(trainer)
    client.force_login(trainer)
    urls = [add_url(cohort), *(detail_url(report) + step for step in ("bearbeiten/", "link-senden/", "loeschen/"))]

    assert {client.post(url).status_code for url in urls} == {403}


# What the author does


@pytest.mark.parametrize("step", ["", "vorschau/"])
def test_opening_the_link_changes_nothing(client, report, step):
    url = author_url(report, step)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)

    assert response.status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT"))] == []


@pytest.mark.parametrize("step", ["freigeben/", "zuruecknehmen/"])
def test_opening_what_only_a_button_does_is_refused(client, report, step):
    assert client.get(author_url(report, step)).status_code == 405


def test_author_saves_as_often_as_they_like(client, session):
    report = add_report(session, text="")
    for text in ("Erster Anfang.", "Zweiter Anfang."):
        client.post(author_url(report), sent_by(client, author_url(report)) | {"text": text})

    page = client.get(author_url(report)).content.decode()

    report.refresh_from_db()
    assert (report.text, report.released_at) == ("Zweiter Anfang.", None)
    assert "Gespeichert um " in page
    assert not AuditEvent.objects.exists()


def test_author_goes_from_saving_to_the_preview(client, report):
    data = sent_by(client, author_url(report)) | {"preview": "1"}

    url = author_url(report)
    assert client.post(url, data).url == f"{url}vorschau/"


def test_author_releases_what_the_preview_has_shown(client, report):
    response = release(client, report)

    report.refresh_from_db()
    assert is_link_to(response.url, "practice-report", report.link_key)
    assert report.is_released
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id, event.details) == ("PRACTICE_REPORT_RELEASED", None, {})


def test_author_reads_once_that_the_report_is_released_and_no_instructions_any_more(client, report):
    before = client.get(author_url(report)).content.decode()
    release(client, report)
    at_once = client.get(author_url(report)).content.decode()
    later = client.get(author_url(report)).content.decode()

    assert "Schreiben Sie in Ihren Worten" in before
    assert at_once.count("ist freigegeben") == later.count("ist freigegeben") == 1
    for page in (at_once, later):
        assert "Ihn lesen jetzt die Teilnehmenden dieses Durchgangs" in page
        assert "Schreiben Sie in Ihren Worten" not in page
        assert "solange Sie ihn nicht freigeben" not in page


def test_author_is_told_who_sees_the_report_before_its_release(client, organiser, reader, trainer, report):
    """What the page says is what the pages of the staff show."""
    report.session.trainers.add(trainer)
    for user in (organiser, reader, trainer):
        client.force_login(user)
        page = client.get(detail_url(report)).content.decode()
        assert report.title in page
        assert report.practitioner in page
        assert SECRET not in page
    client.logout()

    page = client.get(author_url(report)).content.decode()

    assert (
        "Ihren Namen, Ihre Kommune, den Titel und ob schon ein Text da ist, sehen die Organisation, die Leitung "
        "und die Trainerinnen und Trainer dieses Durchgangs schon jetzt."
    ) in page


def test_release_twice_is_one_release(client, report):
    release(client, report)
    moment = PracticeReport.objects.get().released_at

    release(client, report)

    assert PracticeReport.objects.get().released_at == moment
    assert AuditEvent.objects.count() == 1


def test_release_of_a_wording_that_was_changed_in_another_tab_is_refused(client, report):
    seen = client.get(author_url(report, "vorschau/")).context["seen"]
    PracticeReport.objects.update(text="Ganz anders.")

    page = client.post(author_url(report, "freigeben/"), {"seen": seen}, follow=True).content.decode()

    assert "Der Bericht hat sich seit dieser Ansicht geändert" in page
    assert not PracticeReport.objects.get().is_released


def test_release_without_a_text_is_refused(client, session):
    report = add_report(session, text="")

    release(client, report)

    assert not PracticeReport.objects.get().is_released
    assert "Ihr Bericht hat noch keinen Text." in client.get(author_url(report, "vorschau/")).content.decode()


def test_author_takes_the_release_back(client, reader, report):
    release(client, report)

    client.post(author_url(report, "zuruecknehmen/"))
    client.post(author_url(report, "zuruecknehmen/"))

    client.force_login(reader)
    assert SECRET not in client.get(detail_url(report)).content.decode()
    assert AuditEvent.objects.filter(action="PRACTICE_REPORT_WITHDRAWN").count() == 1


def test_saving_in_an_old_tab_after_the_release_is_refused_and_keeps_what_was_typed(client, report):
    data = sent_by(client, author_url(report)) | {"text": "Später getippt."}
    release(client, report)

    page = client.post(author_url(report), data).content.decode()

    assert "Der Bericht ist schon freigegeben und bleibt deshalb, wie er ist." in page
    assert "Später getippt." in page
    assert PracticeReport.objects.get().text == SECRET


def test_two_tabs_lose_nothing(client, report):
    shown = sent_by(client, author_url(report))
    client.post(author_url(report), shown | {"text": "Aus dem ersten Fenster."})

    page = client.post(author_url(report), shown | {"text": "Aus dem zweiten Fenster."}).content.decode()

    assert "Aus dem ersten Fenster." in page
    assert "Aus dem zweiten Fenster." in page
    assert PracticeReport.objects.get().text == "Aus dem ersten Fenster."


@pytest.mark.parametrize(("length", "is_stored"), [(6000, True), (6001, False)])
def test_text_has_a_limit_that_counts_line_ends_once(client, session, length, is_stored):
    report = add_report(session, text="")
    text = "a\r\n" + "x" * (length - 2)

    page = client.post(author_url(report), sent_by(client, author_url(report)) | {"text": text}).content.decode()

    assert (PracticeReport.objects.get().text != "") == is_stored
    assert ("Platz ist für 6000" in page) != is_stored


def test_author_page_is_not_kept_anywhere(client, report):
    assert "no-store" in client.get(author_url(report))["Cache-Control"]


@pytest.mark.parametrize("token", ["x", "1.2.3", "0" * 300])
def test_a_forged_link_leads_nowhere(client, db, token):
    assert client.get(f"/erlebnisbericht/{token}/").status_code == 404


def test_token_of_another_purpose_leads_nowhere(client, report):
    other = links.create("trainer-date", report.link_key, email=report.email, expires_at=links.in_days(1))

    assert client.get(f"/erlebnisbericht/{other}/").status_code == 404


# What participants read


def test_participants_read_what_is_released_in_their_cohort(client, session, cohort):
    half = factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
    add_report(session)
    add_report(session, released=True, title="Vertrauen", text="Es begann im Jugendamt.")
    add_report(factories.SessionFactory(), released=True, text="Aus einem anderen Durchgang.")
    client.force_login(half.person)

    page = client.get(f"/mein-durchgang/{half.pk}/erlebnisberichte/").content.decode()

    assert "Es begann im Jugendamt." in page
    assert SECRET not in page
    assert "Aus einem anderen Durchgang." not in page
    assert f'href="/mein-durchgang/{half.pk}/erlebnisberichte/"' in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_own_practice_reports_query_count(client, session, cohort, django_assert_num_queries, count):
    half = factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
    for _ in range(count):
        add_report(session, released=True)
    client.force_login(half.person)

    with django_assert_num_queries(6):
        response = client.get(f"/mein-durchgang/{half.pk}/erlebnisberichte/")

    assert response.content.decode().count("report-text") == count


def test_own_practice_reports_of_somebody_else_or_before_the_decision_do_not_exist(client, stranger, cohort):
    other = factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
    undecided = factories.RegistrationFactory(tandem__cohort=cohort, person=stranger)
    client.force_login(stranger)

    for half in (other, undecided):
        assert client.get(f"/mein-durchgang/{half.pk}/erlebnisberichte/").status_code == 404


def test_demo_has_reports_of_each_kind(trainer, organiser):
    past, upcoming = fill_cohorts(fill_programme(), trainer, organiser)

    fill_practice_reports(past, upcoming)

    rows = PracticeReport.objects.order_by("pk").values_list("session__cohort", "released_at__year", "email")
    assert [(cohort, year) for cohort, year, _ in rows] == [
        (past.pk, 2017),
        (past.pk, 2017),
        (past.pk, None),
        (upcoming.pk, None),
    ]
    assert all(email.endswith("@praxis.example") for *_, email in rows)


# The database


def test_report_without_a_text_cannot_be_released_in_the_database(session):
    report = add_report(session, text="")

    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeReport.objects.filter(pk=report.pk).update(released_at=timezone.now())


def test_what_an_author_types_is_not_lost_when_the_link_was_renewed_meanwhile(client, report):
    old = author_url(report)
    PracticeReport.objects.update(link_key=uuid.uuid4())

    response = client.post(old, {"title": "Titel", "municipality": "Stadt", "text": "Eine ganze Seite Text."})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Dieser Link gilt nicht mehr" in page
    assert "Eine ganze Seite Text." in page


@pytest.mark.parametrize("name", ["practitioner", "municipality", "title"])
def test_practice_report_edit_leaves_the_words_of_a_released_report(client, organiser, session, name):
    report = add_report(session, released=True)
    before = getattr(report, name)
    client.force_login(organiser)

    url = f"{detail_url(report)}bearbeiten/"
    page = client.get(url).content.decode()
    client.post(url, plan(session, **{name: "Untergeschoben"}) | {"email": report.email})

    report.refresh_from_db()
    assert getattr(report, name) == before
    assert report.is_released
    assert page.count("So ist der Bericht freigegeben.") == 3
