import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from curriculum.models import Audience
from netzkoord.models import AuditEvent
from participants.actions.consents import Wishes
from participants.actions.locking import RegistrationRefused
from participants.actions.partners import complete_tandem as complete_by_partner
from participants.actions.registrations import Particulars, submit_registration
from participants.actions.selection import decide
from participants.models import Offer, Registration, Selection, StatusChange, Tandem, TandemForm
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    SessionFactory,
    TandemFactory,
    complete_tandem,
)
from tests.participants.forms import last_mail, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    return CohortFactory(places=4)


def decide_all(cohort, organiser, selection, *tandems):
    seen = {tandem.pk: tandem.selection for tandem in tandems}
    return decide(cohort=cohort, seen=seen, selection=selection, by=organiser)


def post_decision(client, cohort, selection, *values, name="tandem_decide"):
    url = reverse(f"participants:{name}", args=[cohort.pk])
    return client.post(url, {"selection": selection, "tandem": values}, follow=True)


def test_decide_accepts_a_tandem_as_one_and_mails_both(cohort, organiser):
    tandem = complete_tandem(cohort=cohort)

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, tandem)

    tandem.refresh_from_db()
    change = StatusChange.objects.get()
    assert plan.ready == [tandem]
    assert tandem.selection == Selection.ACCEPTED
    assert (change.from_selection, change.to_selection, change.changed_by) == ("OPEN", "ACCEPTED", organiser)
    assert AuditEvent.objects.get().action == "TANDEM_ACCEPTED"
    assert mails() == [(half.email, "Zusage") for half in tandem.registrations.all()]


def test_decide_accepts_only_what_fits(cohort, organiser):
    tandems = [complete_tandem(cohort=cohort) for _ in range(3)]

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, *tandems)

    assert plan.ready == tandems[:2]
    assert plan.without_room == tandems[2:]
    assert Registration.objects.accepted().count() == 4
    assert len(mails()) == 4


def test_decide_twice_mails_once(cohort, organiser):
    tandem = complete_tandem(cohort=cohort)

    for _ in range(2):
        plan = decide_all(cohort, organiser, Selection.WAITING, tandem)

    assert plan.ready == []
    assert [subject for _, subject in mails()] == ["Warteliste", "Warteliste"]
    assert StatusChange.objects.count() == 1


def test_decide_changes_an_earlier_decision_and_mails_again(cohort, organiser):
    tandem = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)

    decide_all(cohort, organiser, Selection.DECLINED, tandem)

    tandem.refresh_from_db()
    assert tandem.selection == Selection.DECLINED
    assert [subject for _, subject in mails()] == ["Leider kein Platz"] * 2


def test_decide_leaves_what_somebody_else_has_decided_meanwhile(cohort, organiser):
    tandem = complete_tandem(cohort=cohort, selection=Selection.DECLINED)

    plan = decide(cohort=cohort, seen={tandem.pk: "OPEN"}, selection=Selection.ACCEPTED, by=organiser)

    tandem.refresh_from_db()
    assert plan.ready == []
    assert tandem.selection == Selection.DECLINED


def test_decide_does_not_reach_into_another_cohort(cohort, organiser):
    other = complete_tandem()

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, other)

    assert plan.ready == []


def test_decide_needs_a_confirmed_half_and_mails_nobody_else(cohort, organiser):
    unconfirmed = RegistrationFactory(
        tandem__cohort=cohort,
        person=None,
        email="x@stadt.example",
        confirmed_at=None,
        given_names="X",
        family_name="Y",
    ).tandem
    half = RegistrationFactory(tandem__cohort=cohort, role=Audience.MANAGER)
    RegistrationFactory(
        tandem=half.tandem,
        person=None,
        email="y@stadt.example",
        confirmed_at=None,
        given_names="Y",
        family_name="Z",
    )

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, unconfirmed, half.tandem)

    assert plan.ready == [half.tandem]
    assert plan.unconfirmed == [unconfirmed]
    assert [to for to, _ in mails()] == [half.email]


def test_a_withdrawn_person_frees_the_place(cohort, organiser):
    first = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    second = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    for half in [*first.registrations.all(), second.registrations.first()]:
        Registration.objects.filter(pk=half.pk).update(withdrawn_at=timezone.now())
    third = complete_tandem(cohort=cohort)

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, third)

    assert plan.ready == [third]


def test_the_acceptance_names_the_dates_of_the_own_role(cohort, organiser):
    tandem = complete_tandem(cohort=cohort)
    SessionFactory(cohort=cohort, module__audiences=[Audience.MANAGER], days=[datetime.date(2030, 5, 7)])
    SessionFactory(cohort=cohort, module__audiences=[Audience.COORDINATOR], days=[datetime.date(2030, 6, 11)])

    decide_all(cohort, organiser, Selection.ACCEPTED, tandem)

    to_manager = last_mail(tandem.registrations.get(role=Audience.MANAGER).email).message
    assert "Di, 7.\u00a0Mai 2030, 9:00–16:30\u00a0Uhr" in to_manager
    assert "Juni 2030" not in to_manager


def test_tandem_decide_shows_who_gets_which_mail_and_decides_nothing(client, cohort, organiser):
    tandem = complete_tandem(cohort=cohort, municipality=MunicipalityFactory(name="Moers"))
    client.force_login(organiser)

    page = post_decision(client, cohort, "ACCEPTED", tandem.pk).content.decode()

    tandem.refresh_from_db()
    assert "Entscheidung prüfen: Zusage" in page
    assert all(half.email in page for half in tandem.registrations.all())
    assert "Sie haben einen Platz" in page
    assert "(persönlicher Link)" in page
    assert f'value="{tandem.pk}:OPEN"' in page
    assert tandem.selection == Selection.OPEN
    assert mails() == []


def test_tandem_decide_names_what_does_not_fit_and_what_is_incomplete(client, cohort, organiser):
    cohort.places = 2
    cohort.save()
    single = RegistrationFactory(tandem__cohort=cohort).tandem
    late = RegistrationFactory(tandem__cohort=cohort).tandem
    third = RegistrationFactory(tandem__cohort=cohort, tandem__municipality__name="Zuvielstadt").tandem
    client.force_login(organiser)

    page = post_decision(client, cohort, "ACCEPTED", single.pk, late.pk, third.pk).content.decode()

    assert "Einzelanmeldungen: Es fehlt die zweite Person" in page
    assert page.index("Kein Platz mehr") < page.index("Zuvielstadt")


def test_tandem_decide_without_a_choice_says_so(client, cohort, organiser):
    client.force_login(organiser)

    page = post_decision(client, cohort, "ACCEPTED").content.decode()

    assert "Bitte wählen Sie mindestens eine Anmeldung aus." in page


@pytest.mark.parametrize("values", [["x"], ["-1"], ["1:2:3"], ["٣"], ["9" * 40], [""]])
@pytest.mark.parametrize("selection", ["ACCEPTED", "OPEN", "nonsense", ""])
@pytest.mark.parametrize("name", ["tandem_decide", "decision_send"])
def test_a_decision_survives_nonsense(client, cohort, organiser, name, values, selection):
    client.force_login(organiser)

    assert post_decision(client, cohort, selection, *values, name=name).status_code == 200
    assert mails() == []


def test_decision_send_decides_once_and_says_what_happened(client, cohort, organiser):
    tandem = complete_tandem(cohort=cohort, municipality=MunicipalityFactory(name="Moers"))
    client.force_login(organiser)

    first = post_decision(client, cohort, "ACCEPTED", f"{tandem.pk}:OPEN", name="decision_send")
    second = post_decision(client, cohort, "ACCEPTED", f"{tandem.pk}:OPEN", name="decision_send")

    assert "Entschieden (Zusage): Moers. Die Mails sind unterwegs." in first.content.decode()
    assert "Es war nichts mehr zu entscheiden." in second.content.decode()
    assert len(mails()) == 2


@pytest.mark.parametrize("name", ["tandem_decide", "decision_send"])
def test_a_decision_is_the_organisers(client, cohort, reader, trainer, stranger, name):
    tandem = complete_tandem(cohort=cohort)

    for user in (reader, trainer, stranger):
        client.force_login(user)
        response = post_decision(client, cohort, "ACCEPTED", f"{tandem.pk}:OPEN", name=name)
        assert response.status_code == 403

    tandem.refresh_from_db()
    assert tandem.selection == Selection.OPEN


@pytest.mark.parametrize("name", ["tandem_decide", "decision_send"])
def test_a_decision_is_never_made_by_opening_a_page(client, cohort, organiser, name):
    client.force_login(organiser)

    assert client.get(reverse(f"participants:{name}", args=[cohort.pk])).status_code == 405


def test_one_role_twice_in_a_tandem_cannot_be_stored(cohort):
    half = RegistrationFactory(tandem__cohort=cohort)

    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(tandem=half.tandem, role=half.role)


def test_one_confirmed_address_twice_in_a_cohort_cannot_be_stored(cohort):
    half = RegistrationFactory(tandem__cohort=cohort)

    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(tandem__cohort=cohort, email=half.email.upper())


def particulars(email):
    return Particulars(
        email=email,
        salutation="",
        title="",
        given_names="Ben",
        family_name="Roth",
        organisation="Stadt Moers",
        organisation_type="",
    )


def test_the_last_place_goes_to_one_of_two_decisions_at_once(at_once, organiser):
    cohort = CohortFactory(places=2)
    tandems = [complete_tandem(cohort=cohort) for _ in range(2)]

    plans = at_once(
        *[lambda tandem=tandem: decide_all(cohort, organiser, Selection.ACCEPTED, tandem) for tandem in tandems]
    )

    assert sorted(len(plan.ready) for plan in plans) == [0, 1]
    assert sorted(len(plan.without_room) for plan in plans) == [0, 1]
    assert Tandem.objects.filter(selection=Selection.ACCEPTED).count() == 1
    assert len(mails()) == 2


def test_the_missing_half_goes_to_one_of_two_people_at_once(at_once):
    half = RegistrationFactory(role=Audience.MANAGER, tandem__partner_email="ben@stadt.example")

    def join(name):
        try:
            return complete_by_partner(
                tandem=half.tandem, particulars=replace(particulars("ben@stadt.example"), family_name=name)
            )
        except RegistrationRefused as refusal:
            return str(refusal)

    results = at_once(lambda: join("Roth"), lambda: join("Grün"))

    assert True in results
    assert next(result for result in results if result is not True).startswith(
        "Dieses Tandem ist schon vollständig"
    )
    assert half.tandem.registrations.filter(role=Audience.COORDINATOR).count() == 1
    assert len(mails()) == 2


def test_one_form_sent_twice_at_once_is_one_registration(at_once):
    cohort, municipality = CohortFactory(), MunicipalityFactory()

    def send():
        submit_registration(
            cohort=cohort,
            form=TandemForm.TANDEM,
            role=Audience.MANAGER,
            municipality=municipality,
            partner_email="",
            particulars=particulars("ben@stadt.example"),
            wishes=Wishes(),
        )

    at_once(send, send, send)

    assert Registration.objects.count() == Tandem.objects.count() == 1
    assert len(mails()) == 1


def test_tandems_that_share_a_half_are_decided_together(cohort, organiser):
    first = complete_tandem(cohort=cohort)
    coordinator = first.registrations.get(role=Audience.COORDINATOR)
    neighbour = TandemFactory(cohort=cohort, shared_half=coordinator, exception_reason="Eine Stelle für beide.")
    RegistrationFactory(tandem=neighbour, role=Audience.MANAGER)

    plan = decide_all(cohort, organiser, Selection.ACCEPTED, neighbour)

    assert plan.ready == [first, neighbour]
    assert Registration.objects.accepted().count() == 3
    assert len(mails()) == 3


def test_tandem_decide_says_why_somebody_is_decided_who_was_not_chosen(client, cohort, organiser):
    first = complete_tandem(cohort=cohort)
    coordinator = first.registrations.get(role=Audience.COORDINATOR)
    neighbour = TandemFactory(cohort=cohort, shared_half=coordinator, exception_reason="Eine Stelle für beide.")
    RegistrationFactory(tandem=neighbour, role=Audience.MANAGER)
    client.force_login(organiser)

    page = post_decision(client, cohort, "DECLINED", first.pk).content.decode()

    shared = f"teilt sich {coordinator.full_name} mit {first.municipality.name} und wird deshalb mit entschieden"
    assert page.count(shared) == 1


def test_tandems_that_share_a_half_stay_when_one_of_them_was_decided_meanwhile(cohort, organiser):
    first = complete_tandem(cohort=cohort, selection=Selection.WAITING)
    coordinator = first.registrations.get(role=Audience.COORDINATOR)
    neighbour = TandemFactory(cohort=cohort, shared_half=coordinator, exception_reason="Eine Stelle für beide.")
    RegistrationFactory(tandem=neighbour, role=Audience.MANAGER)

    plan = decide(
        cohort=cohort,
        seen={first.pk: "OPEN", neighbour.pk: "OPEN"},
        selection=Selection.DECLINED,
        by=organiser,
    )

    assert plan.ready == []


def test_who_has_an_offer_is_not_decided_beside_it(cohort, organiser):
    tandem = complete_tandem(cohort=cohort, selection=Selection.WAITING)
    Offer.objects.create(tandem=tandem, places=2, expires_at=timezone.now() + datetime.timedelta(days=5))

    plan = decide_all(cohort, organiser, Selection.DECLINED, tandem)

    assert (plan.ready, plan.offered) == ([], [tandem])


def test_after_a_decision_the_list_is_filtered_as_before(client, organiser):
    tandem = complete_tandem()
    listed = reverse("participants:tandem_list", args=[tandem.cohort_id])
    chosen = {"tandem": [tandem.pk], "selection": "WAITING", "liste": "selection=OPEN&order=-created&seite=2"}
    client.force_login(organiser)

    page = client.post(reverse("participants:tandem_decide", args=[tandem.cohort_id]), chosen).content.decode()
    sent = client.post(
        reverse("participants:decision_send", args=[tandem.cohort_id]), chosen | {"tandem": f"{tandem.pk}:OPEN"}
    )

    back = f"{listed}?selection=OPEN&order=-created"
    assert page.count(f'href="{escape(back)}"') == 2
    assert sent.url == back


def test_what_makes_no_sense_leads_back_to_the_whole_list(client, organiser):
    tandem = complete_tandem()
    client.force_login(organiser)

    refused = client.post(
        reverse("participants:tandem_decide", args=[tandem.cohort_id]), {"liste": "//elsewhere.example/%ff&="}
    )

    assert refused.url.startswith(reverse("participants:tandem_list", args=[tandem.cohort_id]))
