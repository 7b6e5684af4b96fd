"""Mails around a session: when they are due, what went out, and what was missed."""

import datetime
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience, Session, SessionDay
from netzkoord.management.commands.worker import periodic_jobs
from netzkoord.models import AuditAction, AuditEvent
from participants.actions.mail_rules import send_due_mails, send_now, skip
from participants.mail_plan import Dates, MailingState
from participants.models import Anchor, MailDelivery, MailRule, MailSkip, Registration, RuleKind, StatusChange
from participants.queries.mail_rules import Reasons, mailing_of, mailings, missed_mails
from tests import factories
from tests.test_mail_texts import form_data

FIRST = datetime.date(2027, 3, 22)
SECOND = datetime.date(2027, 3, 23)
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def berlin(month, day, hour=9, minute=0, year=2027):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


DUE = berlin(3, 15)


@pytest.fixture
def rule(db):
    """A week before, at nine; there since long."""
    MailRule.objects.all().delete()
    return MailRule.objects.create(changed_at=LONG_AGO)


@pytest.fixture
def session(rule):
    session = factories.SessionFactory(
        days=[FIRST, SECOND], cohort__contact_email="kurs@stadt.example", online_url="https://online.example/x"
    )
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return session


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def at(moment):
    return time_machine.travel(moment, tick=False)


@contextmanager
def signed_in_at(client, user, moment):
    """A session of today has long expired in March."""
    with at(moment):
        client.force_login(user)
        yield client


def send_at(moment):
    with at(moment):
        return send_due_mails()


def state_at(moment, rule, session):
    with at(moment):
        return mailing_of(rule, session).state


def reason_at(moment, rule, session):
    with at(moment):
        mailing = mailing_of(rule, session)
        return Reasons.read([mailing]).sentence(mailing)


def recipients():
    return sorted(address for mail in Email.objects.all() for address in mail.to)


def emails_of(session):
    return sorted(Registration.objects.of_session(session).values_list("email", flat=True))


# When


@pytest.mark.parametrize(
    ("anchor", "days", "hour", "expected"),
    [
        (Anchor.BEFORE, 7, 9, berlin(3, 15)),
        (Anchor.BEFORE, 0, 7, berlin(3, 22, 7)),
        (Anchor.AFTER, 0, 18, berlin(3, 23, 18)),
        (Anchor.AFTER, 1, 9, berlin(3, 24)),
        (Anchor.AFTER, 7, 9, berlin(3, 30)),
    ],
)
def test_a_moment_follows_from_the_days_of_the_session(anchor, days, hour, expected):
    assert Dates(FIRST, SECOND).due_at(MailRule(anchor=anchor, days=days, hour=hour)) == expected


def test_the_hour_is_that_on_the_wall_in_summer_too():
    """On 28 March 2027 the clocks go forward: nine is nine, and two is some moment of that night."""
    rule = MailRule(anchor=Anchor.AFTER, days=6, hour=9)

    assert Dates(FIRST, FIRST).due_at(rule).astimezone(datetime.UTC).hour == 7
    rule.hour = 2
    assert Dates(FIRST, FIRST).due_at(rule).astimezone(datetime.UTC).hour == 1


def test_a_rule_says_when_in_words():
    assert str(MailRule()) == "Erinnerung an den Termin, 7\u00a0Tage vor dem ersten Tag, 9\u00a0Uhr"
    assert MailRule(days=1).timing == "1\u00a0Tag vor dem ersten Tag, 9\u00a0Uhr"
    assert MailRule(days=0, anchor="AFTER").timing == "am letzten Tag, 9\u00a0Uhr"


# Sending


def test_nothing_goes_before_its_time(session):
    assert send_at(DUE - datetime.timedelta(minutes=1)) == 0
    assert not Email.objects.exists()


def test_everybody_whom_the_session_is_for_gets_one_mail(session):
    factories.complete_tandem(cohort=session.cohort, selection="WAITING")
    factories.complete_tandem(selection="ACCEPTED")

    assert send_at(DUE) == 2

    assert recipients() == emails_of(session)
    mail = Email.objects.first()
    assert mail.subject == f"Erinnerung: {session.module}, Mo, 22.\u00a0März 2027"
    assert "Mo, 22.\u00a0März 2027, 9:00–16:30\u00a0Uhr\nDi, 23.\u00a0März 2027" in mail.message
    assert 'href="https://online.example/x">Zur Online-Sitzung</a>' in mail.html_message
    assert (mail.headers["Reply-To"], mail.headers["Sensitivity"]) == ("kurs@stadt.example", "Private")


def test_only_the_role_of_the_session_is_reminded(session):
    Session.objects.update(audience="MANAGER")

    assert send_at(DUE) == 1
    assert recipients() == [Registration.objects.get(role=Audience.MANAGER).email]


def test_nothing_goes_twice(session):
    counts = [send_at(DUE + datetime.timedelta(hours=hours)) for hours in (0, 0, 1, 23)]

    assert counts == [2, 0, 0, 0]
    assert MailDelivery.objects.count() == 2


def test_the_database_refuses_a_second_time(session, rule):
    send_at(DUE)
    row = MailDelivery.objects.first()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_who_is_accepted_within_the_day_gets_it_too(session):
    send_at(DUE)
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    assert send_at(DUE + datetime.timedelta(hours=5)) == 2
    assert recipients() == emails_of(session)


@pytest.mark.parametrize("late", [datetime.timedelta(days=1), datetime.timedelta(days=3)])
def test_what_is_a_day_late_does_not_go_by_itself(session, rule, late):
    assert send_at(DUE + late) == 0
    assert state_at(DUE + late, rule, session) is MailingState.MISSED


def test_a_rule_that_is_switched_off_sends_nothing(session, rule):
    MailRule.objects.update(is_active=False)

    assert send_at(DUE) == 0


def test_a_rule_of_another_cohort_sends_nothing(session, rule):
    MailRule.objects.update(cohort=factories.CohortFactory())

    assert send_at(DUE) == 0


def test_a_suspended_rule_sends_nothing_here_and_elsewhere_it_does(session, rule):
    other = factories.SessionFactory(days=[FIRST])
    factories.complete_tandem(cohort=other.cohort, selection="ACCEPTED")
    rule.suspended_in.add(session.cohort)

    assert send_at(DUE) == 2
    assert recipients() == emails_of(other)


@pytest.mark.parametrize("whole", [False, True])
def test_a_cancelled_session_sends_nothing(session, rule, whole):
    if whole:
        session.cohort.cancelled_at = timezone.now()
        session.cohort.save()
    else:
        Session.objects.update(cancelled_at=timezone.now())

    assert send_at(DUE) == 0
    assert state_at(DUE, rule, session) is MailingState.CANCELLED
    assert mailings(session.cohort) == []


def test_after_the_last_day_thanks_go_out(session, rule):
    MailRule.objects.update(kind=RuleKind.THANKS, anchor=Anchor.AFTER, days=1, addition="Bis bald!\nIhr Team")

    assert send_at(berlin(3, 24)) == 2
    mail = Email.objects.first()
    assert mail.subject == f"Danke, und die Unterlagen: {session.module}"
    assert "\n\nBis bald!\nIhr Team\n\n" in mail.message


def test_an_own_text_is_filled_and_never_run(session, rule):
    MailRule.objects.update(
        kind=RuleKind.OWN,
        subject="Für {termin} {{7*7}}",
        body="{anrede},\n\n{0.__class__} {% load x %} %s\n\n{link}",
    )

    send_at(DUE)

    mail = Email.objects.first()
    assert mail.subject == f"Für {session.module} {{{{7*7}}}}"
    assert "{0.__class__} {% load x %} %s" in mail.message


def test_a_person_without_an_address_does_not_keep_the_others_waiting(session, rule):
    first = Registration.objects.first()
    Registration.objects.filter(pk=first.pk).update(email="keine adresse")

    assert [send_at(DUE), send_at(DUE)] == [1, 0]
    assert not MailDelivery.objects.filter(registration=first).exists()

    Registration.objects.filter(pk=first.pk).update(email="richtig@stadt.example")
    assert [send_at(DUE), send_at(DUE)] == [1, 0]
    assert "richtig@stadt.example" in recipients()


def test_an_address_that_is_none_is_told(client, organiser, session, rule):
    Registration.objects.filter(pk=Registration.objects.first().pk).update(email="keine adresse")
    send_at(DUE)

    with signed_in_at(client, organiser, berlin(3, 18)):
        line = calendar(client, session).content.decode()
        page = client.get(url("mailing_detail", rule.pk, session.pk)).content.decode()

    assert "2 Personen, 1 ohne gültige Adresse" in line.replace("\u00a0", " ")
    assert page.count("keine gültige E-Mail-Adresse") == 1
    assert "Jetzt an" not in page


def test_where_no_address_is_valid_the_mail_is_not_called_sent(session, rule):
    for half in Registration.objects.all():
        Registration.objects.filter(pk=half.pk).update(email=f"keine adresse {half.pk}")

    assert state_at(berlin(3, 18), rule, session) is MailingState.UNREACHABLE


def test_the_worker_does_it_every_minute():
    assert [job.every_seconds for job in periodic_jobs() if job.run is send_due_mails] == [60]


# Moving


def move(session, days):
    """The days as `session_move` leaves them."""
    for row, date in zip(session.days.order_by("date"), days, strict=True):
        SessionDay.objects.filter(pk=row.pk).update(date=date)


def test_a_moved_session_moves_its_mail(session, rule):
    move(session, [FIRST + datetime.timedelta(days=14), SECOND + datetime.timedelta(days=14)])

    assert send_at(DUE) == 0
    assert send_at(DUE + datetime.timedelta(days=14)) == 2


def test_after_a_move_the_new_date_is_reminded_of_once(session, rule):
    send_at(DUE)
    move(session, [FIRST + datetime.timedelta(days=14), SECOND + datetime.timedelta(days=14)])

    assert [send_at(DUE + datetime.timedelta(days=14)) for _ in range(2)] == [2, 0]
    assert MailDelivery.objects.count() == 4


def test_a_session_moved_nearer_has_missed_its_mail(session, rule):
    move(session, [datetime.date(2027, 1, 12), datetime.date(2027, 1, 13)])
    with at(berlin(1, 10)):
        AuditEvent.objects.create(
            action=AuditAction.SESSION_MOVED, target_type="curriculum.session", target_id=str(session.pk)
        )

    assert send_at(berlin(1, 10)) == 0
    assert (
        reason_at(berlin(1, 10), rule, session) == "Der Termin wurde erst am So, 10.\u00a0Januar 2027 verschoben."
    )


# Missed, and why


def test_a_mail_that_nobody_sent_says_that_the_worker_was_down(session, rule):
    assert reason_at(DUE + datetime.timedelta(days=2), rule, session) == (
        "Der Hintergrunddienst lief zu dieser Zeit nicht."
    )


def test_a_rule_that_came_late_says_so(session, rule):
    MailRule.objects.update(changed_at=berlin(3, 17))
    rule.refresh_from_db()

    assert reason_at(berlin(3, 18), rule, session) == "Die Regel gilt erst seit Mi, 17.\u00a0März 2027."


def accept_at(moment, session):
    tandem = factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    StatusChange.objects.create(tandem=tandem, from_selection="WAITING", to_selection="ACCEPTED", changed_at=moment)
    return sorted(half.email for half in tandem.registrations.all())


def test_people_who_got_their_place_later_are_told_apart(session, rule):
    MailRule.objects.update(kind=RuleKind.THANKS, anchor=Anchor.AFTER)
    rule.refresh_from_db()
    Registration.objects.all().delete()
    accept_at(berlin(4, 2), session)

    assert reason_at(berlin(4, 3), rule, session) == "Damals hatte noch niemand einen Platz."


def test_who_is_accepted_after_the_mail_gets_it_once(client, organiser, session, rule):
    first = emails_of(session)
    send_at(DUE)
    late = accept_at(berlin(3, 18), session)

    assert state_at(berlin(3, 18, 10), rule, session) is MailingState.DUE
    assert [send_at(berlin(3, 18, 10)), send_at(berlin(3, 18, 11)), send_at(berlin(3, 22, 8))] == [2, 0, 0]
    assert recipients() == sorted(first + late)
    with signed_in_at(client, organiser, berlin(3, 19)):
        assert "4 Personen, 2 nachträglich" in calendar(client, session).content.decode().replace("\u00a0", " ")


def test_who_is_accepted_when_nobody_was_gets_it_alone(session, rule):
    Registration.objects.all().delete()
    late = accept_at(berlin(3, 18), session)

    assert send_at(berlin(3, 18, 10)) == 2
    assert recipients() == late


def test_who_joins_an_accepted_tandem_late_gets_it_too(session, rule):
    send_at(DUE)
    half = factories.RegistrationFactory(
        tandem__cohort=session.cohort, tandem__selection="ACCEPTED", confirmed_at=berlin(3, 20)
    )

    assert send_at(berlin(3, 20, 10)) == 1
    assert half.email in recipients()


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        (berlin(3, 23), {}),
        (berlin(3, 19), {"is_skipped": True}),
        (berlin(3, 19), {"cancelled_at": LONG_AGO, "cancellation_reason": "Krank"}),
        (berlin(3, 19), {"is_missed": True}),
    ],
    ids=["over", "left out", "cancelled", "missed by all"],
)
def test_who_comes_late_gets_nothing(session, rule, organiser, moment, change):
    change = dict(change)
    if not change.pop("is_missed", False):
        send_at(DUE)
    accept_at(berlin(3, 18), session)
    if change.pop("is_skipped", False):
        with at(berlin(3, 18)):
            MailSkip.objects.create(rule=rule, session=session, about_on=FIRST, skipped_by=organiser)
    Session.objects.filter(pk=session.pk).update(**(change or {"online_url": ""}))
    before = Email.objects.count()

    assert send_at(moment) == 0
    assert Email.objects.count() == before


def test_two_workers_at_once_send_a_late_mail_once(at_once):
    session = factories.SessionFactory(days=[FIRST])
    MailRule.objects.all().delete()
    MailRule.objects.create(changed_at=LONG_AGO)
    late = accept_at(berlin(3, 18), session)

    with at(berlin(3, 18, 10)):
        counts = at_once(*[send_due_mails] * 4)

    assert sorted(counts) == [0, 0, 0, 2]
    assert recipients() == late


def test_who_comes_after_the_mail_is_pointed_out(session, rule):
    send_at(DUE)
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    assert state_at(berlin(3, 18), rule, session) is MailingState.PARTLY
    assert reason_at(berlin(3, 18), rule, session).startswith("Diese Personen kamen erst nach dem Versand dazu")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (berlin(3, 1), MailingState.COMING),
        (DUE, MailingState.DUE),
        (berlin(3, 16, 8, 59), MailingState.DUE),
        (berlin(3, 16), MailingState.MISSED),
        (berlin(3, 22, 23), MailingState.MISSED),
        (berlin(3, 23, 0), MailingState.OVER),
    ],
)
def test_a_reminder_is_of_use_until_the_first_day_is_over(session, rule, moment, expected):
    assert state_at(moment, rule, session) is expected


def test_thanks_are_of_use_for_a_month(session, rule):
    MailRule.objects.update(kind=RuleKind.THANKS, anchor=Anchor.AFTER)
    rule.refresh_from_db()

    assert state_at(berlin(4, 10), rule, session) is MailingState.MISSED
    assert state_at(berlin(5, 1), rule, session) is MailingState.OVER


def test_where_nobody_is_accepted_nothing_is_missed(session, rule):
    Registration.objects.update(withdrawn_at=timezone.now())

    assert state_at(berlin(3, 18), rule, session) is MailingState.NOBODY


# Deciding


def url(name, *args):
    return reverse(f"participants:{name}", args=args)


def test_mailing_send_sends_what_was_missed_once(signed_in, organiser, session, rule):
    with signed_in_at(signed_in, organiser, berlin(3, 18)):
        pages = [
            signed_in.post(url("mailing_send", rule.pk, session.pk), follow=True).content.decode() for _ in range(2)
        ]

    assert recipients() == emails_of(session)
    assert "2 Mails sind unterwegs." in pages[0]
    assert "Es gibt niemanden mehr" in pages[1]
    assert [event.action for event in AuditEvent.objects.all()] == [AuditAction.MAILING_SENT]


def test_mailing_send_refuses_what_is_of_no_use(signed_in, organiser, session, rule):
    with signed_in_at(signed_in, organiser, berlin(3, 23)):
        signed_in.post(url("mailing_send", rule.pk, session.pk))

    Session.objects.update(cancelled_at=timezone.now())
    signed_in.post(url("mailing_send", rule.pk, session.pk))

    assert not Email.objects.exists()


def test_mailing_skip_leaves_out_and_can_be_taken_back(signed_in, organiser, session, rule):
    for _ in range(2):
        signed_in.post(url("mailing_skip", rule.pk, session.pk))

    assert MailSkip.objects.get().skipped_by == organiser
    assert send_at(DUE) == 0
    assert state_at(DUE, rule, session) is MailingState.SKIPPED

    for _ in range(2):
        signed_in.post(url("mailing_unskip", rule.pk, session.pk))

    assert send_at(DUE) == 2


def test_mailing_send_after_all_forgets_that_it_was_left_out(signed_in, organiser, session, rule):
    skip(rule=rule, session=session, by=organiser)

    signed_in.post(url("mailing_send", rule.pk, session.pk))

    assert not MailSkip.objects.exists()
    assert recipients() == emails_of(session)


def test_mailing_detail_shows_the_mail_the_people_and_what_can_be_done(client, organiser, session, rule):
    with signed_in_at(client, organiser, berlin(3, 18)) as signed_in:
        page = signed_in.get(url("mailing_detail", rule.pk, session.pk)).content.decode()

    assert "versäumt" in page
    assert "Der Hintergrunddienst lief zu dieser Zeit nicht." in page
    assert "Jetzt an 2 Personen senden" in page
    assert "(persönlicher Link)" in page
    for half in Registration.objects.all():
        assert half.full_name in page


@pytest.mark.parametrize("count", [1, 3])
def test_mailing_detail_query_count(signed_in, django_assert_num_queries, session, rule, count):
    for _ in range(count - 1):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    with django_assert_num_queries(12):
        page = signed_in.get(url("mailing_detail", rule.pk, session.pk)).content.decode()

    assert page.count("(Koordinierungskraft)</li>") == count


def test_mailing_detail_of_a_rule_of_another_cohort_is_not_found(signed_in, session, rule):
    MailRule.objects.update(cohort=factories.CohortFactory())

    assert signed_in.get(url("mailing_detail", rule.pk, session.pk)).status_code == 404
    assert signed_in.get(url("mailing_detail", 99, session.pk)).status_code == 404
    assert signed_in.get(url("mailing_detail", rule.pk, 99)).status_code == 404


# The rules


def save_rule(client, address, **values):
    data = form_data(client.get(address)) | {"is_active": "on"} | values
    return client.post(address, {name: value for name, value in data.items() if value is not None}, follow=True)


def test_mail_rule_add_stores_a_common_rule(signed_in, rule):
    page = save_rule(signed_in, url("mail_rule_add"), days="2", hour="14")

    added = MailRule.objects.latest("pk")
    assert (added.cohort, added.days, added.hour, added.kind) == (None, 2, 14, "REMINDER")
    assert "Die Regel gilt ab jetzt: Erinnerung an den Termin, 2\u00a0Tage vor dem ersten Tag, 14\u00a0Uhr." in (
        page.content.decode()
    )


def test_cohort_mail_rule_add_stores_a_rule_of_the_cohort(signed_in, session):
    save_rule(
        signed_in,
        url("cohort_mail_rule_add", session.cohort_id),
        kind="OWN",
        anchor="AFTER",
        subject="Protokoll {termin}",
        body="Es liegt vor.",
    )

    added = MailRule.objects.latest("pk")
    assert (added.cohort, added.subject, added.body) == (session.cohort, "Protokoll {termin}", "Es liegt vor.")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"days": "-1"}, "Es sind mindestens 0 Tage."),
        ({"days": "366"}, "Es sind höchstens 365 Tage."),
        ({"days": ""}, "Bitte geben Sie an, wie viele Tage es sind."),
        ({"days": "bald"}, "Bitte geben Sie eine ganze Zahl an."),
        ({"kind": "THANKS"}, "An einen Termin wird vorher erinnert, gedankt wird danach."),
        ({"anchor": "AFTER"}, "An einen Termin wird vorher erinnert, gedankt wird danach."),
        ({"kind": "OWN"}, "Bitte geben Sie einen Betreff an."),
        (
            {"kind": "OWN", "subject": "x", "body": "{grund}"},
            "Den Platzhalter {grund} gibt es in dieser Mail nicht.",
        ),
        ({"kind": "OWN", "subject": "x\ny", "body": "y"}, "Der Betreff steht in einer Zeile."),
        ({"hour": "24"}, "24"),
        ({"kind": "\x00", "anchor": "x"}, "x"),
    ],
)
def test_mail_rule_add_says_what_is_wrong(signed_in, rule, values, sentence):
    page = save_rule(signed_in, url("mail_rule_add"), **values).content.decode()

    assert sentence in page
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert MailRule.objects.count() == 1


def test_the_same_mail_at_the_same_moment_is_refused_unless_the_other_is_suspended(signed_in, session, rule):
    address = url("cohort_mail_rule_add", session.cohort_id)
    moment = {"days": str(rule.days), "anchor": rule.anchor, "hour": str(rule.hour), "kind": rule.kind}

    refused = save_rule(signed_in, address, **moment).content.decode()
    assert "Diese Mail geht zu diesem Zeitpunkt schon hinaus" in refused
    assert MailRule.objects.count() == 1

    rule.suspended_in.add(session.cohort)
    save_rule(signed_in, address, **moment)
    assert MailRule.objects.filter(cohort=session.cohort).count() == 1


def test_the_same_common_mail_with_another_addition_is_refused(signed_in, rule):
    moment = {"days": str(rule.days), "anchor": rule.anchor, "hour": str(rule.hour), "kind": rule.kind}

    page = save_rule(signed_in, url("mail_rule_add"), **moment, addition="Bitte Laptop mitbringen.")

    assert "Diese Mail geht zu diesem Zeitpunkt schon hinaus" in page.content.decode()
    assert MailRule.objects.count() == 1


def test_mail_rule_edit_counts_from_now_on(signed_in, rule):
    save_rule(signed_in, url("mail_rule_edit", rule.pk), days="3")

    rule.refresh_from_db()
    assert rule.days == 3
    assert rule.changed_at > LONG_AGO
    assert AuditEvent.objects.get().action == AuditAction.MAIL_RULE_CHANGED


def test_mail_rule_delete_only_while_nothing_was_sent(signed_in, session, rule):
    send_at(DUE)
    page = signed_in.post(url("mail_rule_delete", rule.pk), follow=True).content.decode()
    assert "schalten Sie sie ab" in page
    assert MailRule.objects.exists()

    MailDelivery.objects.all().delete()
    signed_in.post(url("mail_rule_delete", rule.pk))
    assert not MailRule.objects.exists()


def test_mail_rule_suspend_and_resume(signed_in, session, rule):
    for _ in range(2):
        signed_in.post(url("mail_rule_suspend", session.cohort_id, rule.pk))
    assert list(rule.suspended_in.all()) == [session.cohort]

    for _ in range(2):
        signed_in.post(url("mail_rule_resume", session.cohort_id, rule.pk))
    assert not rule.suspended_in.exists()
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_mail_rule_list_query_count(signed_in, django_assert_num_queries, rule, count):
    for days in range(count - 1):
        MailRule.objects.create(days=days)

    with django_assert_num_queries(6):
        page = signed_in.get(url("mail_rule_list")).content.decode()

    assert page.count('<th scope="row">') == count


# The calendar


def calendar(client, session):
    return client.get(reverse("mail_calendar", args=[session.cohort_id]))


def test_mail_calendar_shows_what_is_missed_coming_and_past(client, organiser, session, rule):
    MailRule.objects.create(days=14, changed_at=LONG_AGO)
    MailRule.objects.create(days=1, changed_at=LONG_AGO)
    send_at(berlin(3, 8))

    with signed_in_at(client, organiser, berlin(3, 18)) as signed_in:
        found = calendar(signed_in, session).context["calendar"]

    assert [line.title for line in found.missed] == ["Einladung zum Termin", "Erinnerung an den Termin"]
    assert [(line.title, line.recipients) for line in found.coming] == [("Erinnerung an den Termin", "2 Personen")]
    assert [(line.label, line.at) for line in found.past] == [("gesendet", berlin(3, 8))]


def test_mail_calendar_shows_invitations_that_went_out(client, organiser, session, rule):
    Session.objects.update(invited_at=berlin(3, 2))

    with signed_in_at(client, organiser, berlin(3, 10)) as signed_in:
        found = calendar(signed_in, session).context["calendar"]

    assert [(line.title, line.label) for line in found.past] == [("Einladung zum Termin", "gesendet")]


@pytest.mark.parametrize("count", [1, 3])
def test_mail_calendar_query_count(signed_in, django_assert_num_queries, session, rule, count):
    for number in range(count - 1):
        other = factories.SessionFactory(cohort=session.cohort, days=[FIRST + datetime.timedelta(days=30 + number)])
        factories.complete_tandem(cohort=other.cohort, selection="ACCEPTED")

    with django_assert_num_queries(18):
        page = calendar(signed_in, session).content.decode()

    assert page.count("Einladung zum Termin") == count


@pytest.mark.parametrize("count", [1, 3])
def test_missed_mails_of_several_cohorts_are_counted_in_the_same_queries(
    session, rule, django_assert_num_queries, count
):
    sessions = [session]
    for _ in range(count - 1):
        sessions.append(factories.SessionFactory(days=[FIRST]))
        factories.complete_tandem(cohort=sessions[-1].cohort, selection="ACCEPTED")
    quiet = factories.CohortFactory()

    with at(berlin(3, 18)), django_assert_num_queries(7):
        missed = missed_mails([*(each.cohort for each in sessions), quiet])

    assert missed == {each.cohort_id: 1 for each in sessions}


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_mail_rules_are_for_organisers(client, request, session, rule, who):
    client.force_login(request.getfixturevalue(who))

    assert calendar(client, session).status_code == 403
    assert client.post(url("mailing_send", rule.pk, session.pk)).status_code == 403
    assert client.post(url("mail_rule_add"), {"days": 1}).status_code == 403
    assert not Email.objects.exists()


# Two workers, and one that dies


def test_two_workers_at_once_send_each_mail_once(at_once):
    session = factories.SessionFactory(days=[FIRST])
    for _ in range(5):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    MailRule.objects.all().delete()
    MailRule.objects.create(changed_at=LONG_AGO)

    with at(DUE):
        counts = at_once(*[send_due_mails] * 4)

    assert sorted(counts) == [0, 0, 0, 10]
    assert recipients() == emails_of(session)


def test_the_button_and_the_worker_at_once_send_each_mail_once(at_once):
    session = factories.SessionFactory(days=[FIRST])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    MailRule.objects.all().delete()
    rule = MailRule.objects.create(changed_at=LONG_AGO)
    organiser = factories.UserFactory()

    with at(DUE):
        at_once(send_due_mails, lambda: send_now(rule=rule, session=session, by=organiser), send_due_mails)

    assert recipients() == emails_of(session)


def test_who_dies_in_the_middle_has_sent_nothing_and_loses_nothing(session, rule):
    """A text that fails for one of the people stands for the end of the process: nothing of the mailing is kept."""
    last = Registration.objects.order_by("family_name", "given_names").last()
    Registration.objects.filter(pk=last.pk).update(salutation="XX")

    with at(DUE), pytest.raises(ValueError, match="XX"), transaction.atomic():
        send_due_mails()
    assert not Email.objects.exists()
    assert not MailDelivery.objects.exists()

    Registration.objects.filter(pk=last.pk).update(salutation="")
    assert send_at(DUE) == 2
