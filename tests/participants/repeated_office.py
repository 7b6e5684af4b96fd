"""Rows of `tests.participants.repeated` for what organisers and trainers send."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from curriculum.models import Audience, CalendarFeed, Cohort, Session
from netzkoord.lib import kept_files
from netzkoord.models import User
from participants.actions.duplicates import dismiss_pair, merge_registrations
from participants.actions.mail_rules import skip
from participants.actions.municipality_import import plan_import
from participants.check_in import code_at
from participants.imports import registration_table
from participants.imports.municipalities import read
from participants.imports.registrations import try_out
from participants.models import CheckIn, Half, MailRule, Merge, Note, Registration, Tandem
from participants.queries.selection_desk import desk_of
from participants.tokens import status_token
from participants.views.municipality_import import owner
from tests import factories
from tests.factories import MunicipalityFactory, RegistrationFactory, SessionFactory
from tests.participants.finished import (
    IMPRINT,
    achieve,
    attending,
    certificate_for,
    design_data,
    finished_cohort,
    issue_data,
    make_up,
    with_time_limit,
)
from tests.participants.forms import own_fields
from tests.participants.repeated import Post, organiser, row

# The desk


@row
def tandem_decide() -> Post:
    tandem = factories.complete_tandem()
    return Post(organiser(), [tandem.cohort_id], {"selection": "ACCEPTED", "tandem": [f"{tandem.pk}:OPEN"]})


@row
def decision_send() -> Post:
    return tandem_decide()


@row
def registration_edit() -> Post:
    return Post(organiser(), [RegistrationFactory().pk], own_fields(family_name="Neu"))


@row
def municipality_add() -> Post:
    return Post(organiser(), [], {"ags": "05170024", "name": "Moers", "state": "05"})


@row
def municipality_edit() -> Post:
    town = MunicipalityFactory()
    return Post(organiser(), [town.pk], {"ags": town.ags, "name": "Neuer Name", "state": town.state})


@row
def municipality_import() -> Post:
    """The second step: what was tried out is stored."""
    by, reading = organiser(), read(b"ags;name\n01001000;Flensburg, Stadt\n")
    word = kept_files.keep(reading.packed(), owner=owner(by), fingerprint=plan_import(reading).fingerprint)
    return Post(by, [], {"datei": word})


@row
def written_in_match() -> Post:
    written = RegistrationFactory(tandem__municipality__ags="", tandem__municipality__state="").tandem.municipality
    return Post(organiser(), [written.pk], {"zu": MunicipalityFactory().pk})


@row
def selection_line() -> Post:
    cohort = factories.complete_tandem().cohort
    return Post(organiser(), [cohort.pk], {"line": "1", "waiting_count": "0", "rest": "DECLINED"})


@row
def selection_override() -> Post:
    tandem = factories.complete_tandem()
    return Post(organiser(), [tandem.pk], {"selection": "DECLINED", "reason": "Auf eigenen Wunsch"})


@row
def selection_send() -> Post:
    cohort = factories.complete_tandem().cohort
    by = organiser()
    selection_line_of(cohort, by)
    return Post(by, [cohort.pk], {"shown": " ".join(change.shown for change in desk_of(cohort).changes)})


def selection_line_of(cohort: Cohort, by: User) -> None:
    Post(by, [cohort.pk], {"line": "1", "waiting_count": "0", "rest": "DECLINED"}).send("selection_line")


# On the day, and after


@row
def attendance_edit() -> Post:
    session = SessionFactory(days=[timezone.localdate()])
    half = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    name = f"{half.pk}-{Half.MORNING}"
    sent = {f"p{name}": "PRESENT", f"n{name}": "", f"initial-p{name}": "", f"initial-n{name}": ""}
    return Post(organiser(), [session.pk], sent)


@row
def attendance_state() -> Post:
    return attendance_edit()


@row
def invitation_send() -> Post:
    session = SessionFactory()
    RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    return Post(organiser(), [session.pk], {"seen": ""})


@row
def certificate_issue() -> Post:
    by, half = organiser(), attending(finished_cohort())
    return Post(by, [half.cohort_id], issue_data(half.cohort, by, f"{half.pk}-ATTENDANCE"))


@row
def certificate_design() -> Post:
    return Post(organiser(), [finished_cohort().pk], design_data(IMPRINT))


@row
def certificate_design_preview() -> Post:
    cohort = finished_cohort()
    attending(cohort)
    return Post(organiser(), [cohort.pk], design_data(IMPRINT))


@row
def certificate_replace() -> Post:
    by = organiser()
    certificate = certificate_for(attending(finished_cohort()), by)
    return Post(by, [certificate.pk], {"replacement_reason": "Name geändert"})


@row
def certificate_revoke() -> Post:
    by = organiser()
    certificate = certificate_for(attending(finished_cohort()), by)
    return Post(by, [certificate.pk], {"revocation_reason": "Name falsch geschrieben"})


@row
def certificate_check() -> Post:
    return Post(None, [], {"code": certificate_for(attending(finished_cohort()), organiser()).code})


@row
def certificate_compare() -> Post:
    certificate = certificate_for(attending(finished_cohort()), organiser())
    return Post(None, [certificate.code], {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 something else")})


# Achievements


@row
def achievement_add_many() -> Post:
    half = attending(with_time_limit(finished_cohort()))
    today = timezone.localdate().isoformat()
    return Post(organiser(), [half.cohort_id], {"kind": "COLLOQUIUM", "completed_on": today, "people": [half.pk]})


@row
def achievement_edit() -> Post:
    half = attending(with_time_limit(finished_cohort()))
    project = {"title": "Netzwerk", "completed_on": timezone.localdate().isoformat(), "units": "6"}
    return Post(organiser(), [half.pk, "praxisprojekt"], project)


@row
def achievement_delete() -> Post:
    return Post(organiser(), [achieve(attending(finished_cohort())).registration_id, "kolloquium"])


@row
def made_up_add() -> Post:
    half = attending(with_time_limit(finished_cohort()), "ABSENT")
    return Post(organiser(), [half.pk], made_up_fields("2"))


@row
def made_up_edit() -> Post:
    half = attending(with_time_limit(finished_cohort()), "ABSENT")
    return Post(organiser(), [make_up(half).pk], made_up_fields("1,5"))


@row
def made_up_delete() -> Post:
    return Post(organiser(), [make_up(attending(with_time_limit(finished_cohort()), "ABSENT")).pk])


def made_up_fields(units: str) -> dict[str, str]:
    return {"minutes": units, "made_up_on": timezone.localdate().isoformat(), "how": "Aufgabe"}


# Calendars


@row
def calendar_feed_create() -> Post:
    return Post(factories.UserFactory())


@row
def calendar_feed_renew() -> Post:
    feed = CalendarFeed.objects.create(user=factories.UserFactory())
    CalendarFeed.objects.filter(pk=feed.pk).update(created_at=timezone.now() - datetime.timedelta(days=1))
    feed.refresh_from_db()
    return Post(feed.user, [], {"seen": feed.created_at.isoformat()})


@row
def calendar_feed_revoke() -> Post:
    return Post(CalendarFeed.objects.create(user=factories.UserFactory()).user)


# Notes and exceptions


def note() -> Note:
    tandem = factories.complete_tandem()
    return Note.objects.create(tandem=tandem, text="Ruft zurück", written_by=organiser())


@row
def note_add() -> Post:
    return Post(organiser(), [factories.complete_tandem().pk], {"text": "Ruft zurück"})


@row
def note_add_many() -> Post:
    tandem = factories.complete_tandem()
    return Post(organiser(), [tandem.cohort_id], {"tandem": [tandem.pk], "text": "Ruft zurück"})


@row
def note_edit() -> Post:
    own = note()
    return Post(own.written_by, [own.pk], {"text": "Hat zurückgerufen"})


@row
def note_delete() -> Post:
    own = note()
    return Post(own.written_by, [own.tandem_id, own.pk])


def neighbours() -> tuple[Tandem, Registration]:
    """A manager alone, and a neighbour's coordinator."""
    other = factories.complete_tandem()
    alone = RegistrationFactory(tandem__cohort=other.cohort, role=Audience.MANAGER).tandem
    return alone, other.registrations.get(role=Audience.COORDINATOR)


@row
def exception_add() -> Post:
    alone, half = neighbours()
    return Post(organiser(), [alone.pk], {"shared_half": half.pk, "reason": "Beide Orte teilen sich die Stelle"})


@row
def exception_revoke() -> Post:
    alone, half = neighbours()
    Tandem.objects.filter(pk=alone.pk).update(
        shared_half=half, exception_reason="Geteilte Stelle", exception_at=timezone.now()
    )
    return Post(organiser(), [alone.pk])


@row
def chosen_export() -> Post:
    tandem = factories.complete_tandem()
    return Post(organiser(), [tandem.cohort_id], {"tandem": [tandem.pk]})


# Duplicates


def twins() -> tuple[Registration, Registration]:
    first = RegistrationFactory(given_names="Anna", family_name="Müller")
    return first, RegistrationFactory(tandem__cohort=first.cohort, given_names="Anna", family_name="Müller")


@row
def duplicate_merge() -> Post:
    first, second = twins()
    return Post(organiser(), [first.pk, second.pk], {"stays": "first"})


@row
def duplicate_dismiss() -> Post:
    first, second = twins()
    return Post(organiser(), [first.pk, second.pk])


@row
def duplicate_reconsider() -> Post:
    by, pair = organiser(), twins()
    dismiss_pair(pair=pair, by=by)
    return Post(by, [half.pk for half in pair])


@row
def merge_undo() -> Post:
    by, (kept, merged) = organiser(), twins()
    merge_registrations(kept=kept, merged=merged, values={}, by=by)
    return Post(by, [Merge.objects.get(kept=kept).pk])


@row
def registration_import() -> Post:
    by, cohort = organiser(), factories.CohortFactory()
    return Post(by, [cohort.pk], {"file": SimpleUploadedFile("liste.csv", b"Rolle;Name\n")})


@row
def import_store() -> Post:
    by, cohort = organiser(), factories.CohortFactory()
    town = MunicipalityFactory()
    table = registration_table.read(
        "Rolle;Familienname;E-Mail-Adresse;Organisation;AGS\n"
        f"Führungskraft;Müller;erika@stadt.example;Stadt;{town.ags}\n".encode()
    )
    assert not try_out(table.rows, cohort, table.problems).problems
    rows = [(line.number, line.cells) for line in table.rows]
    word = kept_files.keep(rows, owner=f"{by.pk}:registrations:{cohort.pk}", fingerprint="")
    return Post(by, [cohort.pk], {"liste": word, "way": "ask"})


# Mails around sessions


RULE = {"kind": "REMINDER", "days": "2", "anchor": "BEFORE", "hour": "14", "is_active": "on"}


def rule_and_session() -> tuple[MailRule, Session]:
    session = SessionFactory()
    RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    return MailRule.objects.create(cohort=session.cohort), session


@row
def mail_rule_add() -> Post:
    return Post(organiser(), [], RULE)


@row
def cohort_mail_rule_add() -> Post:
    return Post(organiser(), [factories.CohortFactory().pk], RULE)


@row
def mail_rule_edit() -> Post:
    return Post(organiser(), [rule_and_session()[0].pk], RULE)


@row
def mail_rule_delete() -> Post:
    return Post(organiser(), [rule_and_session()[0].pk])


@row
def mail_rule_suspend() -> Post:
    return Post(organiser(), [factories.CohortFactory().pk, MailRule.objects.create().pk])


@row
def mail_rule_resume() -> Post:
    rule, cohort = MailRule.objects.create(), factories.CohortFactory()
    rule.suspended_in.add(cohort)
    return Post(organiser(), [cohort.pk, rule.pk])


@row
def mailing_send() -> Post:
    rule, session = rule_and_session()
    return Post(organiser(), [rule.pk, session.pk])


@row
def mailing_skip() -> Post:
    return mailing_send()


@row
def mailing_unskip() -> Post:
    (rule, session), by = rule_and_session(), organiser()
    skip(rule=rule, session=session, by=by)
    return Post(by, [rule.pk, session.pk])


# Checking in by oneself


def opened() -> CheckIn:
    session = SessionFactory(days=[timezone.localdate()])
    expires_at = timezone.now() + datetime.timedelta(hours=2)
    return CheckIn.objects.create(day=session.days.get(), half="MORNING", expires_at=expires_at)


@row
def check_in_open() -> Post:
    return Post(organiser(), [SessionFactory(days=[timezone.localdate()]).pk], {"half": "MORNING"})


@row
def check_in_end() -> Post:
    return Post(organiser(), [opened().pk])


@row
def check_in() -> Post:
    return Post(None, [], {"code": code_at(opened(), timezone.now())})


@row
def own_check_in() -> Post:
    found = opened()
    half = RegistrationFactory(tandem__cohort=found.day.session.cohort, accepted=True)
    return Post(None, [status_token(half)], {"code": code_at(found, timezone.now())})


@row
def check_in_confirm() -> Post:
    """Of somebody signed in, whose browser has seen the code."""
    found = opened()
    half = RegistrationFactory(tandem__cohort=found.day.session.cohort, accepted=True)
    return Post(half.person, before=("check_in", {"code": code_at(found, timezone.now())}))
