"""Somebody leaves an accepted tandem: the place is kept, taken by somebody else, or released."""

import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience
from netzkoord.models import AuditEvent, PersonalLink
from participants.actions.locking import RegistrationRefused
from participants.actions.partners import REMINDED_AFTER, invite_partner, remind_partners
from participants.actions.partners import complete_tandem as complete_by_partner
from participants.actions.registrations import Particulars, may_write_to, withdraw_registration
from participants.actions.renewals import RENEWALS
from participants.actions.selection import decide
from participants.actions.substitutes import name_substitute, release_place, replace_half
from participants.actions.waiting import keep_waiting_lists
from participants.models import Offer, Registration, RegistrationState, Selection, Tandem
from participants.tokens import PARTNER
from tests.conftest import TODAY
from tests.factories import RegistrationFactory, SessionFactory
from tests.participants.forms import last_mail, link_in, mails
from tests.participants.waiting import closed_cohort, days, half_of, taken, waiting_single, waiting_tandem

pytestmark = pytest.mark.django_db

NEW = "vertretung@stadt.example"


@pytest.fixture
def cohort(db):
    """Full: one tandem has both places."""
    return closed_cohort(places=2)


@pytest.fixture
def tandem(cohort):
    return cohort.tandems.get()


def leave(tandem, role=Audience.MANAGER):
    half = half_of(tandem, role)
    withdraw_registration(registration=half)
    return half


def join(tandem, email=NEW):
    tandem = Tandem.objects.get(pk=tandem.pk)
    particulars = Particulars(
        email=email,
        salutation="",
        title="",
        given_names="Nora",
        family_name="Neu",
        organisation="Stadt",
        organisation_type="",
    )
    return complete_by_partner(tandem=tandem, particulars=particulars)


def test_the_place_of_one_half_is_kept_for_a_week(cohort, tandem):
    waiting_single(cohort, role=Audience.MANAGER)

    half = leave(tandem)
    keep_waiting_lists()

    tandem.refresh_from_db()
    assert tandem.is_place_held
    assert taken(cohort) == 2
    assert Offer.objects.count() == 0
    stays = half_of(tandem, Audience.COORDINATOR)
    assert mails() == [
        (half.email, "Ihre Anmeldung ist zurückgezogen"),
        (stays.email, "Ihr Tandem sucht eine zweite Person"),
    ]
    assert "frei bis Mo, 9.\u00a0November 2026, 23:59\u00a0Uhr" in last_mail(stays.email).message


def test_after_a_week_the_place_goes_to_the_next(cohort, tandem):
    single = waiting_single(cohort, role=Audience.MANAGER)
    leave(tandem)

    with time_machine.travel(TODAY + days(8)):
        keep_waiting_lists()

        tandem.refresh_from_db()
        assert tandem.place_held_until is None
        assert Offer.objects.get().tandem == single
        assert AuditEvent.objects.filter(action="PLACE_RELEASED").count() == 1


def test_the_place_is_not_kept_beyond_the_evening_before_the_first_day(cohort, tandem):
    SessionFactory(cohort=cohort, days=[TODAY.date() + days(3)])

    leave(tandem)

    tandem.refresh_from_db()
    assert tandem.place_held_until.isoformat(" ", "minutes") == "2026-11-04 19:00+00:00"


def test_when_both_have_left_the_tandem_leaves_as_one(cohort, tandem):
    waiting = waiting_tandem(cohort)
    leave(tandem)
    leave(tandem, Audience.COORDINATOR)

    assert taken(cohort) == 0
    keep_waiting_lists()
    assert Offer.objects.get().tandem == waiting


def test_a_tandem_without_a_place_keeps_none(cohort):
    waiting = waiting_tandem(cohort)

    leave(waiting)

    waiting.refresh_from_db()
    assert waiting.place_held_until is None


def test_who_leaves_names_a_substitute_who_takes_the_place(cohort, tandem):
    half = leave(tandem)

    sent = [name_substitute(registration=half, email=NEW) for _ in range(2)]
    assert sent == [True, False]
    assert last_mail(NEW).subject == f"{half.full_name} schlägt Sie als Vertretung vor: {cohort}"
    assert join(tandem)

    half.refresh_from_db()
    new = half_of(tandem)
    tandem.refresh_from_db()
    assert (new.email, new.role) == (NEW, half.role)
    assert half.replaced_by == new
    assert half.state is RegistrationState.REPLACED
    assert tandem.place_held_until is None
    assert taken(cohort) == 2
    assert AuditEvent.objects.filter(action="REGISTRATION_REPLACED").count() == 1


def test_the_half_that_stays_invites_as_ever(cohort, tandem):
    half = leave(tandem)
    Tandem.objects.filter(pk=tandem.pk).update(partner_email=NEW)

    assert join(tandem)

    half.refresh_from_db()
    assert half.replaced_by == half_of(tandem)


def test_a_released_place_cannot_be_taken_by_a_substitute_when_it_is_gone(cohort, tandem):
    single = waiting_single(cohort, role=Audience.MANAGER)
    leave(tandem)

    with time_machine.travel(TODAY + days(8)):
        keep_waiting_lists()
        assert Offer.objects.get().tandem == single
        Tandem.objects.filter(pk=tandem.pk).update(partner_email=NEW)
        with pytest.raises(RegistrationRefused, match="kein Platz mehr frei"):
            join(tandem)


def test_the_substitute_reads_whose_place_it_is_and_with_whom(client, cohort, tandem):
    half = leave(tandem)
    stays = half_of(tandem, Audience.COORDINATOR)
    name_substitute(registration=half, email=NEW)

    page = client.get(link_in(last_mail(NEW))).content.decode().replace("\u00a0", " ")

    assert f"Sie sind als Vertretung für {half.full_name} zu „{cohort}“ eingeladen." in page
    assert f"<dt>An der Stelle von</dt><dd>{half.full_name}" in page
    assert f"<dt>Im Tandem mit</dt><dd>{stays.full_name}" in page
    assert "gehalten bis Mo, 9. November 2026, 23:59 Uhr" in page
    assert "Es lädt ein" not in page


def test_who_is_invited_by_the_half_that_stays_reads_that_name_alone(client, cohort, tandem):
    half = leave(tandem)
    stays = half_of(tandem, Audience.COORDINATOR)
    name_substitute(registration=half, email=NEW)

    invite_partner(registration=stays, partner_email="andere@stadt.example")

    page = client.get(link_in(last_mail("andere@stadt.example"))).content.decode().replace("\u00a0", " ")
    assert f"<dt>Es lädt ein</dt><dd>{stays.full_name}" in page
    assert half.full_name not in page


def test_a_substitute_who_declines_is_told_to_who_has_left(client, cohort, tandem):
    half = leave(tandem)
    name_substitute(registration=half, email=NEW)
    link = link_in(last_mail(NEW))

    asked = client.get(f"{link}ablehnen/").content.decode().replace("\u00a0", " ")
    before = len(mails())
    for _ in range(2):
        client.post(f"{link}ablehnen/")

    assert f"{half.full_name} erfährt" in asked
    assert mails()[before:] == [(half.email, "Ihre Vertretung hat abgesagt")]
    assert client.get(link_in(last_mail(half.email))).status_code == 200
    tandem.refresh_from_db()
    assert (tandem.partner_email, tandem.substitute_for) == ("", None)


def test_nobody_is_a_substitute_where_the_organiser_has_taken_the_place_back(cohort, tandem, organiser):
    name_substitute(registration=leave(tandem), email=NEW)

    decide(cohort=cohort, seen={tandem.pk: "ACCEPTED"}, selection=Selection.WAITING, by=organiser)

    tandem.refresh_from_db()
    assert (tandem.partner_email, tandem.substitute_for, tandem.place_held_until) == ("", None, None)


def test_a_reminded_substitute_reads_again_whose_place_it_is(cohort, tandem):
    half = leave(tandem)
    name_substitute(registration=half, email=NEW)

    with time_machine.travel(timezone.now() + REMINDED_AFTER[0] + datetime.timedelta(minutes=1)):
        remind_partners()

    assert [subject for to, subject in mails() if to == NEW] == [
        f"{half.full_name} schlägt Sie als Vertretung vor"
    ] * 2


def test_a_substitute_whose_link_has_expired_gets_the_same_invitation(cohort, tandem):
    half = leave(tandem)
    name_substitute(registration=half, email=NEW)

    RENEWALS[PARTNER](PersonalLink.objects.get(purpose=PARTNER, email=NEW))

    assert last_mail(NEW).subject.startswith(f"{half.full_name} schlägt Sie als Vertretung vor")
    assert Email.objects.filter(to=NEW).count() == 2


def test_nobody_is_a_substitute_without_an_invitation(cohort, tandem):
    half = leave(tandem)

    with pytest.raises(IntegrityError, match="tandem_substitute_is_invited"):
        Tandem.objects.filter(pk=tandem.pk).update(substitute_for=half)


def test_nobody_is_a_substitute_without_a_kept_place(cohort, tandem):
    half = leave(tandem)
    name_substitute(registration=half, email=NEW)

    with pytest.raises(IntegrityError, match="tandem_substitute_has_place"):
        Tandem.objects.filter(pk=tandem.pk).update(place_held_until=None)


def test_a_substitute_is_reminded_like_anybody_who_is_invited(cohort, tandem):
    Tandem.objects.update(partner_reminded_count=3)
    half = leave(tandem)

    name_substitute(registration=half, email=NEW)
    with time_machine.travel(timezone.now() + REMINDED_AFTER[0] + datetime.timedelta(minutes=1)):
        assert remind_partners() == 1


def test_nobody_is_reminded_of_a_place_that_is_kept_no_more(cohort, tandem):
    half = leave(tandem)
    name_substitute(registration=half, email=NEW)

    with time_machine.travel(TODAY + days(8)):
        keep_waiting_lists()

    assert not Tandem.objects.get(pk=tandem.pk).partner_email


@pytest.mark.parametrize("state", ["active", "released"])
def test_only_who_has_left_a_kept_place_names_a_substitute(cohort, tandem, state):
    half = half_of(tandem)
    if state == "released":
        leave(tandem)
        release_place(tandem=tandem, by=None)

    with pytest.raises(RegistrationRefused, match="nicht mehr freigehalten"):
        name_substitute(registration=half, email=NEW)


def test_an_address_that_many_have_named_is_not_invited_once_more_today(cohort, tandem):
    half = tandem.registrations.first()
    withdraw_registration(registration=half)
    for _ in range(5):
        may_write_to(NEW)

    with pytest.raises(RegistrationRefused, match="Für heute sind genug Einladungen gesendet"):
        name_substitute(registration=half, email=NEW)


def test_neither_of_the_two_is_the_substitute(cohort, tandem):
    half = leave(tandem)
    stays = half_of(tandem, Audience.COORDINATOR)

    with pytest.raises(RegistrationRefused, match="Adresse der Person, die ersetzt wird"):
        name_substitute(registration=half, email=half.email)
    with pytest.raises(RegistrationRefused, match="schon im Tandem"):
        name_substitute(registration=half, email=stays.email)


def test_a_place_is_released_once(cohort, tandem, organiser):
    leave(tandem)

    assert [release_place(tandem=tandem, by=organiser) for _ in range(2)] == [True, False]
    assert taken(cohort) == 1


def test_the_organiser_replaces_a_half_of_a_cohort_that_has_begun(cohort, tandem, organiser):
    half = half_of(tandem)

    with time_machine.travel(TODAY + days(61)):
        sent = [replace_half(registration=half, email=NEW, by=organiser) for _ in range(2)]

        assert sent == [True, False]
        assert [to for to, _ in mails()] == [half.email, half_of(tandem, Audience.COORDINATOR).email, NEW]
        assert join(tandem)
    half.refresh_from_db()
    assert half.state is RegistrationState.REPLACED
    assert taken(cohort) == 2


def test_the_organiser_keeps_a_released_place_anew_while_one_is_free(cohort, tandem, organiser):
    half = leave(tandem)
    release_place(tandem=tandem, by=organiser)

    replace_half(registration=half, email=NEW, by=organiser)
    assert taken(cohort) == 2

    release_place(tandem=tandem, by=organiser)
    RegistrationFactory(tandem__cohort=cohort, accepted=True)
    with pytest.raises(RegistrationRefused, match="inzwischen vergeben"):
        replace_half(registration=half, email="andere@stadt.example", by=organiser)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda tandem: Tandem.objects.update(selection=Selection.WAITING), "nur, wer einen Platz hat"),
        (lambda tandem: tandem.registrations.filter(role=Audience.COORDINATOR).delete(), "bleibt niemand übrig"),
        (lambda tandem: type(tandem.cohort).objects.update(cancelled_at=TODAY), "abgesagt"),
    ],
)
def test_the_organiser_replaces_nobody_where_there_is_no_place(cohort, tandem, organiser, change, sentence):
    half = half_of(tandem)
    change(tandem)

    with pytest.raises(RegistrationRefused, match=re.escape(sentence)):
        replace_half(registration=half, email=NEW, by=organiser)
    assert Registration.objects.active().filter(pk=half.pk).exists()
    assert mails() == []
