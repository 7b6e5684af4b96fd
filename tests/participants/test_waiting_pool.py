"""The pool: who got no place and wants to be asked again is invited first."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import AuditEvent
from participants.actions.pool import PoolRefused, invite_from_pool
from participants.models import Consent, ConsentPurpose, PoolInvitation, Selection
from participants.queries.pool import pool_candidates
from tests.conftest import TODAY
from tests.factories import CohortFactory, RegistrationFactory, SessionFactory, complete_tandem
from tests.participants.forms import last_mail, link_in, mails
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    """Announced; open for all in a week."""
    opens_on = TODAY.date() + datetime.timedelta(days=7)
    return CohortFactory(title="Durchgang 2028", registration_opens_on=opens_on)


@pytest.fixture
def past(db):
    return CohortFactory(title="Durchgang 2027", registration_closes_on=datetime.date(2026, 9, 1))


def consent(half, **fields):
    return Consent.objects.create(
        registration=half, purpose=ConsentPurpose.POOL, version=1, text="Bitte laden Sie mich ein.", **fields
    )


def refused(cohort, *, is_willing=True, **fields):
    tandem = complete_tandem(cohort=cohort, selection=Selection.DECLINED, **fields)
    if is_willing:
        for half in tandem.registrations.all():
            consent(half)
    return tandem


def halves(tandem):
    """As the pool lists them."""
    return sorted(tandem.registrations.all(), key=lambda half: half.role)


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_a_refused_tandem_is_invited_as_both(cohort, past, organiser):
    tandem = refused(past)

    assert pool_candidates(cohort) == halves(tandem)
    assert invite_from_pool(cohort=cohort, by=organiser) == 2

    assert {to for to, _ in mails()} == {half.email for half in halves(tandem)}
    assert AuditEvent.objects.get(action="POOL_INVITED").details == {"people": 2}


def test_once_per_person_and_cohort(cohort, past, organiser):
    refused(past)

    assert [invite_from_pool(cohort=cohort, by=organiser) for _ in range(3)] == [2, 0, 0]
    assert len(mails()) == 2


def test_who_was_refused_twice_is_asked_once(cohort, past, organiser):
    half = RegistrationFactory(tandem__cohort=past, tandem__selection=Selection.DECLINED)
    earlier = RegistrationFactory(
        tandem__cohort=CohortFactory(), tandem__selection=Selection.DECLINED, person=half.person
    )
    consent(half)
    consent(earlier)

    assert invite_from_pool(cohort=cohort, by=organiser) == 1
    assert pool_candidates(cohort) == []


def test_who_has_not_agreed_or_agrees_no_more_is_not_invited(cohort, past):
    refused(past, is_willing=False)
    half = RegistrationFactory(tandem__cohort=past, tandem__selection=Selection.DECLINED)
    consent(half, withdrawn_at=TODAY)

    assert pool_candidates(cohort) == []


@pytest.mark.parametrize("selection", [Selection.ACCEPTED, Selection.OPEN, Selection.WAITING])
def test_who_was_not_refused_is_not_in_the_pool(cohort, past, selection):
    half = RegistrationFactory(tandem__cohort=past, tandem__selection=selection)
    consent(half)

    assert pool_candidates(cohort) == []


def test_who_waited_in_vain_until_the_end_is_in_the_pool(cohort, past):
    SessionFactory(cohort=past, days=[datetime.date(2026, 10, 1)])
    half = RegistrationFactory(tandem__cohort=past, tandem__selection=Selection.WAITING)
    consent(half)

    assert pool_candidates(cohort) == [half]


def test_who_is_registered_here_already_is_not_invited(cohort, past):
    tandem = refused(past)
    manager, coordinator = (
        tandem.registrations.get(role=Audience.MANAGER),
        tandem.registrations.exclude(role=Audience.MANAGER),
    )
    RegistrationFactory(tandem__cohort=cohort, person=manager.person)

    assert pool_candidates(cohort) == list(coordinator)


def test_nobody_is_invited_before_the_announcement_or_after_the_closing_date(cohort, past, organiser):
    refused(past)
    rewrite(cohort, announced_at=None)
    with pytest.raises(PoolRefused, match="noch nicht ausgeschrieben"):
        invite_from_pool(cohort=cohort, by=organiser)
    Cohort.objects.filter(pk=cohort.pk).update(
        announced_at=TODAY, registration_closes_on="2026-11-01", registration_opens_on=None
    )
    with pytest.raises(PoolRefused, match="geschlossen"):
        invite_from_pool(cohort=cohort, by=organiser)
    assert mails() == []


@pytest.fixture
def invited(cohort, past, organiser):
    """Somebody whose invitation has been sent."""
    half = RegistrationFactory(tandem__cohort=past, tandem__selection=Selection.DECLINED)
    consent(half)
    invite_from_pool(cohort=cohort, by=organiser)
    return half


def test_the_mail_says_why_it_comes_and_from_when_all_others_may(invited):
    message = last_mail(invited.email)

    assert message.subject == "Sie können sich vor allen anderen anmelden: Durchgang 2028"
    assert "für „Durchgang 2027“ konnten wir Ihnen" in message.message
    assert "öffnet für alle am Mo, 9.\u00a0November 2026" in message.message


def add_url(cohort):
    return reverse("participants:registration_add", args=[cohort.pk])


def test_the_link_lets_its_owner_register_before_all_others(client, cohort, invited):
    url = link_in(last_mail(invited.email))

    assert client.get(add_url(cohort)).context.get("form") is None
    page = text(client.get(url))
    assert "Mo, 9. November 2026" in page
    assert client.get(add_url(cohort)).context.get("form") is None
    response = client.post(url, follow=True)

    assert response.redirect_chain == [(add_url(cohort), 302)]
    assert response.context["form"]


def test_the_link_opens_no_other_cohort(client, cohort, invited):
    other = CohortFactory(registration_opens_on=cohort.registration_opens_on)
    client.post(link_in(last_mail(invited.email)))

    assert client.get(add_url(other)).context.get("form") is None


def test_to_leave_the_pool_ends_the_invitation(client, cohort, invited):
    url = link_in(last_mail(invited.email))
    leave = reverse("participants:pool_leave", args=url.strip("/").split("/")[-1:])
    client.post(url)

    assert "Nicht mehr einladen?" in text(client.get(leave))
    assert Consent.objects.valid().exists()
    for _ in range(2):
        assert "Ihre Einwilligung ist widerrufen." in text(client.post(leave, follow=True))

    assert not Consent.objects.valid().exists()
    assert client.get(add_url(cohort)).context.get("form") is None
    assert "Diese Einladung gilt nicht mehr" in text(client.post(url))
    assert AuditEvent.objects.filter(action="CONSENT_WITHDRAWN").count() == 1


def test_after_the_closing_date_the_link_says_so(client, cohort, invited):
    url = link_in(last_mail(invited.email))

    with time_machine.travel(TODAY + datetime.timedelta(days=15)):
        assert "Diese Einladung gilt nicht mehr" in text(client.get(url))


def test_pool_show_with_a_token_that_is_not_ours(client, db):
    assert client.get(reverse("participants:pool_show", args=["1.falsch"])).status_code == 404


def test_pool_invite_shows_whom_and_which_mail_and_invites_once(client, cohort, past, organiser):
    tandem = refused(past)
    client.force_login(organiser)
    url = reverse("participants:pool_invite", args=[cohort.pk])

    page = text(client.get(url))
    assert "An 2 Personen" in page
    assert all(half.full_name in page for half in halves(tandem))
    assert "(persönlicher Link)" in page
    assert mails() == []
    assert "2 Personen sind eingeladen." in text(client.post(url, follow=True))
    again = text(client.post(url, follow=True))

    assert "Es war niemand mehr einzuladen." in again
    assert "Schon eingeladen: 2" in again
    assert len(mails()) == 2


def test_pool_invite_says_why_not_yet(client, past, organiser):
    cohort = CohortFactory(announced_at=None)
    refused(past)
    client.force_login(organiser)
    url = reverse("participants:pool_invite", args=[cohort.pk])

    for page in (text(client.get(url)), text(client.post(url))):
        assert "Der Durchgang ist noch nicht ausgeschrieben." in page
        assert "Im Pool 2 Personen" in page
        assert "Alle einladen" not in page
    assert not PoolInvitation.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pool_invite_query_count(client, cohort, past, organiser, django_assert_num_queries, count):
    for _ in range(count):
        refused(past)
    client.force_login(organiser)

    with django_assert_num_queries(8):
        page = client.get(reverse("participants:pool_invite", args=[cohort.pk])).content.decode()

    assert page.count('<th scope="row">') == 2 * count


def test_two_years_later_nobody_is_asked_any_more(cohort, past):
    refused(past)
    assert pool_candidates(cohort)

    Consent.objects.update(given_at=timezone.now() - datetime.timedelta(days=731))

    assert pool_candidates(cohort) == []
