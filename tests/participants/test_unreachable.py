"""An address that is none stops no mail to the others; organisers read whose it is, and put it right."""

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience, Session
from netzkoord.models import AuditEvent
from participants.actions.invitations import invite_latecomers
from participants.actions.waiting import keep_waiting_lists
from participants.models import Offer, Registration, Selection, SessionInvitation
from participants.queries.pool import pool_candidates
from participants.tokens import STATUS, registration_key
from tests.factories import CohortFactory, RegistrationFactory, SessionFactory, complete_tandem
from tests.links import token_in
from tests.participants.test_waiting_pool import refused
from tests.participants.waiting import closed_cohort, days, half_of, waiting_tandem

pytestmark = pytest.mark.django_db

BROKEN = "anna.stadt.example"


@pytest.fixture
def cohort(db):
    return CohortFactory(places=40)


def break_address(tandem, email=BROKEN):
    """The manager's address becomes none, as only a hand at the database or an old import can make it."""
    half = half_of(tandem)
    Registration.objects.filter(pk=half.pk).update(email=email)
    half.person.email = email
    half.person.save(update_fields=["email"])
    half.refresh_from_db()
    return half


def recipients():
    return sorted(address for mail in Email.objects.all() for address in mail.to)


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def address(name, *args):
    return reverse(f"participants:{name}", args=args)


def correct(client, half, email, **changes):
    fields = ["salutation", "title", "given_names", "family_name", "organisation", "organisation_type"]
    data = {name: getattr(half, name) for name in fields} | {"email": email} | changes
    return client.post(address("registration_edit", half.pk), data, follow=True)


# Invitations


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, days=[timezone.localdate() + days(10)])


@pytest.fixture
def tandem(session):
    return complete_tandem(cohort=session.cohort, selection=Selection.ACCEPTED)


def test_the_invitation_goes_to_all_others_and_names_who_did_not_get_it(client, organiser, session, tandem):
    broken = break_address(tandem)
    client.force_login(organiser)
    before = text_of(client.get(address("invitation_send", session.pk)))

    after = text_of(client.post(address("invitation_send", session.pk), {"seen": ""}, follow=True))

    assert recipients() == [half_of(tandem, Audience.COORDINATOR).email]
    assert "Die Einladung ist an eine Person gesendet." in after
    assert not SessionInvitation.objects.filter(registration=broken).exists()
    for page in (before, after):
        assert "An 1 Person<" in page
        assert f"{broken}, {tandem.municipality.name}: „{BROKEN}“" in page
        assert address("registration_edit", broken.pk) in page


def test_where_no_address_is_valid_no_invitation_is_called_sent(client, organiser, session, tandem):
    for half in tandem.registrations.all():
        Registration.objects.filter(pk=half.pk).update(email=f"keine adresse {half.pk}")
    client.force_login(organiser)

    page = text_of(client.post(address("invitation_send", session.pk), {"seen": ""}, follow=True))

    session.refresh_from_db()
    assert session.invited_at is None
    assert "hat eine gültige E-Mail-Adresse." in page


# Decisions


def test_bulk_decisions_hold_and_name_who_got_no_mail(client, organiser, cohort):
    first, second = complete_tandem(cohort=cohort), complete_tandem(cohort=cohort)
    broken = break_address(first)
    client.force_login(organiser)
    keys = [first.pk, second.pk]
    preview = text_of(
        client.post(address("tandem_decide", cohort.pk), {"tandem": keys, "selection": "ACCEPTED"}, follow=True)
    )

    seen = [f"{key}:OPEN" for key in keys]
    page = text_of(
        client.post(address("decision_send", cohort.pk), {"tandem": seen, "selection": "ACCEPTED"}, follow=True)
    )

    assert set(cohort.tandems.values_list("selection", flat=True)) == {Selection.ACCEPTED}
    assert len(recipients()) == 3
    assert f"{broken}, {first.municipality.name}: „{BROKEN}“" in preview
    assert "Keine Mail bekommen, weil die E-Mail-Adresse ungültig ist" in page
    assert f"{broken} ({first.municipality.name}): „{BROKEN}“." in page


def test_the_desk_decides_for_all_and_names_who_got_no_mail(client, organiser, cohort):
    tandem = complete_tandem(cohort=cohort)
    complete_tandem(cohort=cohort)
    broken = break_address(tandem)
    client.force_login(organiser)
    check = client.get(address("selection_check", cohort.pk))

    page = text_of(
        client.post(address("selection_send", cohort.pk), {"shown": check.context["shown"]}, follow=True)
    )

    assert check.context["unreachable"] == [broken]
    assert "2 Tandems, 3 Personen" in text_of(check)
    assert text_of(check).count("<details>") == 3
    assert len(recipients()) == 3
    assert f"{broken} ({tandem.municipality.name}): „{BROKEN}“." in page


def test_a_decision_about_people_without_any_address_is_stored(client, organiser, cohort):
    tandem = RegistrationFactory(tandem__cohort=cohort, role=Audience.MANAGER).tandem
    break_address(tandem)
    client.force_login(organiser)

    client.post(address("decision_send", cohort.pk), {"tandem": f"{tandem.pk}:OPEN", "selection": "ACCEPTED"})

    tandem.refresh_from_db()
    assert tandem.selection == Selection.ACCEPTED
    assert recipients() == []


# Jobs and other mails to many


def test_the_waiting_list_goes_on(cohort):
    closed = closed_cohort(places=4)
    tandem = waiting_tandem(closed)
    break_address(tandem)

    assert keep_waiting_lists() == 1

    assert Offer.objects.get().tandem == tandem
    assert recipients() == [half_of(tandem, Audience.COORDINATOR).email]


def test_the_pool_is_invited_without_those_who_cannot_be_written_to(cohort):
    tandem = refused(CohortFactory(registration_closes_on=timezone.localdate() - days(60)))
    break_address(tandem)

    assert [half.role for half in pool_candidates(cohort)] == [Audience.COORDINATOR]


# Putting it right


def test_the_corrected_person_gets_the_own_link_and_the_missed_invitation(client, organiser, session, tandem):
    broken = break_address(tandem)
    client.force_login(organiser)
    client.post(address("invitation_send", session.pk), {"seen": ""})
    Email.objects.all().delete()

    page = text_of(correct(client, broken, "Anna@Stadt.example"))

    broken.refresh_from_db()
    assert broken.email == broken.person.email == "anna@stadt.example"
    assert "An eine ungültige E-Mail-Adresse" not in page
    assert recipients() == ["anna@stadt.example"] * 2
    token = token_in(Email.objects.earliest("pk").message)
    assert registration_key(STATUS, token) == broken.pk
    assert SessionInvitation.objects.get(registration=broken).is_late
    assert invite_latecomers() == 0
    assert AuditEvent.objects.filter(action="ADDRESS_CHANGED", by_id=organiser.pk).count() == 1


def test_nobody_is_invited_to_what_is_over_or_not_theirs(client, organiser, session, tandem):
    Session.objects.update(invited_at=timezone.now(), audience=Audience.COORDINATOR)
    broken = break_address(tandem)
    client.force_login(organiser)

    correct(client, broken, "anna@stadt.example")

    assert not SessionInvitation.objects.exists()


@pytest.mark.parametrize("email", ["", BROKEN, "a@b.example, c@d.example", "x" * 300 + "@stadt.example"])
def test_the_correction_is_an_address(client, organiser, cohort, email):
    broken = break_address(complete_tandem(cohort=cohort))
    client.force_login(organiser)

    response = correct(client, broken, email)

    broken.refresh_from_db()
    assert broken.email == BROKEN
    assert response.context["form"].errors["email"]


def test_the_address_of_another_person_is_refused_and_nothing_stored(client, organiser, cohort):
    broken = break_address(complete_tandem(cohort=cohort))
    other = RegistrationFactory(tandem__cohort=cohort)
    client.force_login(organiser)

    response = correct(client, broken, other.email, family_name="Anders")

    broken.refresh_from_db()
    assert (broken.email, broken.family_name == "Anders") == (BROKEN, False)
    assert "Bitte fragen Sie die Person nach einer anderen." in text_of(response)


def test_the_account_of_the_team_stays_as_it_is(client, organiser, cohort):
    broken = break_address(complete_tandem(cohort=cohort))
    broken.person.is_superuser = True
    broken.person.save()
    client.force_login(organiser)

    response = correct(client, broken, "dieb@stadt.example")

    broken.refresh_from_db()
    assert broken.email == broken.person.email == BROKEN
    (sentence,) = response.context["form"].errors["email"]
    assert sentence.startswith("Das Konto dieser Person gehört zum Team.")


def test_an_address_that_is_one_stays(client, organiser, cohort):
    half = half_of(complete_tandem(cohort=cohort))
    client.force_login(organiser)

    correct(client, half, "dieb@stadt.example")

    assert Registration.objects.get(pk=half.pk).email == half.email
