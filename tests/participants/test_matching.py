"""Two who look for a partner: who is proposed to whom, what each learns, and how they come together."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post_office.models import Email

from curriculum.models import Audience
from participants import tokens
from participants.actions.matching import propose_partners
from participants.actions.partners import give_up_partner
from participants.actions.places import recount
from participants.actions.registrations import withdraw_registration
from participants.matching import Single, propose
from participants.models import Municipality, PartnerProposal, Registration, Selection, Tandem, TandemForm
from tests import factories
from tests.participants.forms import mails


def manager(key, municipality=1, ags="05170024", **place):
    return Single(key, Audience.MANAGER, municipality, ags, **place)


def coordinator(key, municipality=1, ags="05170024", **place):
    return Single(key, Audience.COORDINATOR, municipality, ags, **place)


def keys(singles, known=(), places=0, **options):
    return [(pair.manager, pair.coordinator) for pair in propose(singles, known=known, places=places, **options)]


def test_those_of_one_municipality_come_before_those_of_one_kreis():
    assert keys([manager(1), coordinator(2, 2, "05170048"), coordinator(3)]) == [(1, 3)]


def test_those_of_one_kreis_are_proposed_where_nobody_is_nearer():
    assert keys([manager(1), coordinator(2, 2, "05170048")]) == [(1, 2)]


def test_a_kreis_and_a_municipality_in_it_belong_together():
    assert keys([manager(1), coordinator(2, 2, "05170")]) == [(1, 2)]


def test_who_has_waited_longest_is_first():
    assert keys([manager(5), manager(1), coordinator(3)]) == [(5, 3)]


def test_two_managers_are_no_tandem_and_other_kreise_are_too_far():
    assert keys([manager(1), manager(2), coordinator(3, 3, "03241001")]) == []


def test_written_in_municipalities_have_no_kreis():
    assert keys([manager(1, 1, ""), coordinator(2, 2, "")]) == []
    assert keys([manager(1, 1, ""), coordinator(2, 1, "")]) == [(1, 2)]


def test_nobody_is_proposed_to_the_same_person_again():
    assert keys([manager(1), coordinator(2), coordinator(3)], known={(1, 2)}) == [(1, 3)]


def test_nobody_is_proposed_to_somebody_with_a_place_where_there_is_no_other():
    singles = [manager(1, has_place=True), coordinator(2), manager(3, has_place=True), coordinator(4)]

    assert keys(singles, places=0) == []
    assert keys(singles, places=1) == [(1, 2)]
    assert keys(singles, places=2) == [(1, 2), (3, 4)]


def test_who_finds_no_place_there_is_proposed_to_somebody_who_waits_as_well():
    assert keys([manager(1, has_place=True), coordinator(2), manager(3)], places=0) == [(3, 2)]


def test_a_place_that_is_kept_and_two_that_are_there_need_no_free_one():
    assert keys([manager(1, has_place=True, keeps_place=True), coordinator(2)]) == [(1, 2)]
    assert keys([manager(1, has_place=True), coordinator(2, has_place=True)]) == [(1, 2)]


def test_once_the_course_has_begun_only_somebody_with_a_place_is_worth_meeting():
    waiting = [manager(1), coordinator(2)]

    assert keys(waiting, places=2, has_begun=True) == []
    assert keys([manager(3, has_place=True), *waiting], places=1, has_begun=True) == [(3, 2)]


SINGLES = st.lists(
    st.builds(
        Single,
        key=st.integers(1, 40),
        role=st.sampled_from(Audience),
        municipality=st.integers(1, 4),
        ags=st.sampled_from(["", "05170024", "05170048", "05170", "03241001"]),
        has_place=st.booleans(),
    ),
    unique_by=lambda single: single.key,
    max_size=15,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SINGLES, st.integers(0, 3))
def test_nobody_is_proposed_twice_and_every_pair_has_both_roles(singles, places):
    by_key = {single.key: single for single in singles}

    found = propose(singles, known=(), places=places)

    people = [key for pair in found for key in (pair.manager, pair.coordinator)]
    assert len(people) == len(set(people))
    assert all(by_key[pair.manager].role is Audience.MANAGER for pair in found)
    assert all(by_key[pair.coordinator].role is Audience.COORDINATOR for pair in found)
    assert sum(pair.needs_place for pair in found) <= places


# With the database


@pytest.fixture
def cohort():
    return factories.CohortFactory()


def single(cohort, role, ags="05170024", **fields):
    municipality = Municipality.objects.filter(ags=ags).first() or factories.MunicipalityFactory(
        ags=ags, name=f"Stadt {ags}", county_name="Kreis Wesel" if len(ags) == 8 else ""
    )
    tandem = factories.TandemFactory(cohort=cohort, municipality=municipality, form=TandemForm.SEEKING, **fields)
    return factories.RegistrationFactory(tandem=tandem, role=role)


def page_of(client, half):
    return client.get(
        reverse("participants:registration_status", args=[tokens.status_token(half)])
    ).content.decode()


def say(client, half, agrees, proposal=None):
    proposal = proposal or PartnerProposal.objects.get()
    url = reverse("participants:proposal_answer", args=[tokens.status_token(half), proposal.pk])
    return client.post(url, {"agrees": agrees}, follow=True)


@pytest.mark.django_db
def test_both_learn_of_each_other_without_name_or_address(client, cohort):
    first, second = single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)

    assert [propose_partners(), propose_partners()] == [1, 0]

    assert sorted(mails()) == sorted(
        [(first.email, "Vorschlag für Ihr Tandem"), (second.email, "Vorschlag für Ihr Tandem")]
    )
    seen = page_of(client, first) + Email.objects.get(to=first.email).message
    assert "eine Koordinierungskraft aus Stadt 05170024" in seen
    for secret in (second.family_name, second.given_names, second.email):
        assert secret not in seen


@pytest.mark.django_db
def test_they_come_together_after_both_have_agreed(client, cohort):
    first, second = single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    propose_partners()

    say(client, first, "yes")
    assert Tandem.objects.filter(registrations__isnull=False).distinct().count() == 2
    for _ in range(2):
        say(client, second, "yes")

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.tandem_id == second.tandem_id
    assert Tandem.objects.get(pk=first.tandem_id).form == TandemForm.TANDEM
    joined = Email.objects.get(to=first.email, subject__startswith="Ihr Tandem ist vollständig")
    assert second.family_name in joined.message
    assert second.email in joined.message
    assert PartnerProposal.objects.get().closed_at


@pytest.mark.django_db
@pytest.mark.parametrize("first_says", ["yes", "no"])
def test_a_no_ends_the_proposal_and_tells_only_who_had_agreed(client, cohort, first_says):
    first, second = single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    propose_partners()
    Email.objects.all().delete()

    say(client, first, first_says)
    say(client, second, "no")

    told = [(first.email, "Aus dem Vorschlag wird nichts")] if first_says == "yes" else []
    assert mails() == told
    assert propose_partners() == 0


@pytest.mark.django_db
def test_two_of_one_kreis_become_a_tandem_of_the_kreis(client, cohort):
    first = single(cohort, Audience.MANAGER)
    second = single(cohort, Audience.COORDINATOR, ags="05170048")
    propose_partners()

    say(client, first, "yes")
    say(client, second, "yes")

    tandem = Registration.objects.get(pk=second.pk).tandem
    assert (tandem.municipality.ags, tandem.municipality.name) == ("05170", "Kreis Wesel")


@pytest.mark.django_db
def test_somebody_who_has_found_another_partner_is_proposed_no_more(client, cohort):
    first, second = single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    propose_partners()
    factories.RegistrationFactory(tandem=first.tandem, role=Audience.COORDINATOR)

    page = say(client, second, "yes").content.decode()

    assert "Dieser Vorschlag gilt nicht mehr" in page


@pytest.mark.django_db
def test_only_the_two_can_answer(client, cohort):
    single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    propose_partners()
    stranger = factories.RegistrationFactory(tandem__cohort=cohort)

    assert say(client, stranger, "yes").status_code == 404


@pytest.mark.django_db
def test_an_accepted_single_keeps_the_place_and_needs_a_second_one(client):
    cohort = factories.CohortFactory(places=2)
    first = single(cohort, Audience.MANAGER, selection=Selection.ACCEPTED)
    second = single(cohort, Audience.COORDINATOR)
    propose_partners()
    factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
    say(client, first, "yes")

    page = say(client, second, "yes").content.decode()

    assert "kein Platz mehr frei" in page
    assert Registration.objects.get(pk=second.pk).tandem_id == second.tandem_id


@pytest.mark.django_db
def test_one_free_place_is_promised_to_one_pair_only():
    cohort = factories.CohortFactory(places=3)
    for _ in range(2):
        single(cohort, Audience.MANAGER, selection=Selection.ACCEPTED)
        single(cohort, Audience.COORDINATOR)

    assert [propose_partners(), propose_partners()] == [1, 0]
    assert PartnerProposal.objects.count() == 1


@pytest.mark.django_db
def test_nobody_is_proposed_to_an_accepted_single_of_a_full_cohort():
    cohort = factories.CohortFactory(places=2)
    factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
    single(cohort, Audience.MANAGER, selection=Selection.ACCEPTED)
    single(cohort, Audience.COORDINATOR)

    assert propose_partners() == 0
    assert mails() == []


@pytest.mark.django_db
def test_two_without_a_place_are_not_proposed_once_the_course_has_begun(cohort):
    single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    today = timezone.localdate()
    factories.SessionFactory(cohort=cohort, days=[today, today + datetime.timedelta(days=30)])

    assert propose_partners() == 0


@pytest.mark.django_db
def test_who_comes_to_an_accepted_single_takes_the_place_that_was_kept(client):
    cohort = factories.CohortFactory(places=2)
    first = single(cohort, Audience.MANAGER, selection=Selection.ACCEPTED)
    left = factories.RegistrationFactory(tandem=first.tandem, role=Audience.COORDINATOR)
    recount(cohort)
    withdraw_registration(registration=left)
    give_up_partner(registration=first, form=TandemForm.SEEKING)
    second = single(cohort, Audience.COORDINATOR)
    propose_partners()

    say(client, first, "yes")
    say(client, second, "yes")

    cohort.refresh_from_db()
    tandem = Registration.objects.get(pk=second.pk).tandem
    assert (tandem.pk, tandem.place_held_until, cohort.places_taken) == (first.tandem_id, None, 2)
    assert Registration.objects.get(pk=left.pk).replaced_by_id == second.pk


@pytest.mark.django_db
def test_nobody_is_proposed_once_the_course_is_over(cohort):
    single(cohort, Audience.MANAGER), single(cohort, Audience.COORDINATOR)
    factories.SessionFactory(cohort=cohort, days=[timezone.localdate() - datetime.timedelta(days=1)])

    assert propose_partners() == 0
    assert not Email.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("form", [TandemForm.ALONE, TandemForm.TANDEM])
def test_who_does_not_look_for_anybody_is_not_proposed(cohort, form):
    single(cohort, Audience.MANAGER)
    half = single(cohort, Audience.COORDINATOR)
    Tandem.objects.filter(pk=half.tandem_id).update(form=form)

    assert propose_partners() == 0


# Two who name each other


def named(cohort, role, email, partner_email, **fields):
    municipality = Municipality.objects.filter(ags="05170024").first() or factories.MunicipalityFactory(
        ags="05170024"
    )
    tandem = factories.TandemFactory(
        cohort=cohort, municipality=municipality, partner_email=partner_email, **fields
    )
    return factories.RegistrationFactory(
        tandem=tandem, role=role, email=email, person__email=email, confirmed_at=None
    )


def confirm(client, half):
    Registration.objects.filter(pk=half.pk).update(person=None)
    return client.post(reverse("participants:registration_confirm", args=[tokens.confirm_token(half)]))


@pytest.mark.django_db
def test_two_who_name_each_other_are_the_tandem_that_both_meant(client, cohort):
    first = named(cohort, Audience.MANAGER, "anna@stadt.example", "ben@stadt.example")
    second = named(cohort, Audience.COORDINATOR, "ben@stadt.example", "anna@stadt.example")

    for half in (first, second, second):
        confirm(client, half) if not Registration.objects.get(pk=half.pk).confirmed_at else None

    assert Registration.objects.get(pk=second.pk).tandem_id == first.tandem_id
    subjects = [subject for to, subject in mails() if to == "ben@stadt.example"]
    assert subjects[-1] == "Ihr Tandem ist vollständig"
    assert not any("schon" in mail.message and "zurück" in mail.message for mail in Email.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"role": Audience.MANAGER}, {"partner_email": "carla@stadt.example"}, {"selection": "DECLINED"}]
)
def test_who_does_not_fit_is_not_joined(client, cohort, changes):
    first = named(cohort, Audience.MANAGER, "anna@stadt.example", "ben@stadt.example")
    values = {"role": Audience.COORDINATOR, "partner_email": "anna@stadt.example"} | changes
    second = named(cohort, values.pop("role"), "ben@stadt.example", **values)

    confirm(client, first)
    confirm(client, second)

    assert Registration.objects.get(pk=second.pk).tandem_id == second.tandem_id
