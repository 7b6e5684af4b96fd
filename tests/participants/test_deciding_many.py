"""Many tandems decided in one step: what each of them gets, in a number of queries that does not grow with them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from netzkoord.lib import links
from netzkoord.models import AuditAction, AuditEvent, PersonalLink
from participants.actions.decisions import Decision
from participants.actions.selection import change_selections, decide
from participants.actions.selection_desk import decide_selection
from participants.models import Offer, OfferAnswer, Selection, SelectionDraft, StatusChange, Tandem
from participants.queries.selection_desk import desk_of
from participants.tokens import STATUS, registration_key
from tests.factories import CohortFactory, SessionFactory, complete_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    cohort = CohortFactory(places=40)
    SessionFactory(cohort=cohort)
    return cohort


def decide_all(cohort, organiser):
    return decide_selection(cohort=cohort, shown=[change.shown for change in desk_of(cohort).changes], by=organiser)


def queries_of_deciding(count, organiser):
    cohort = CohortFactory(places=40)
    SessionFactory(cohort=cohort)
    for _ in range(count):
        complete_tandem(cohort=cohort)
    shown = [change.shown for change in desk_of(cohort).changes]
    with CaptureQueriesContext(connection) as queries:
        assert len(decide_selection(cohort=cohort, shown=shown, by=organiser)) == count
    return len(queries)


def test_deciding_takes_as_many_queries_for_six_tandems_as_for_two(organiser):
    assert queries_of_deciding(2, organiser) == queries_of_deciding(6, organiser)


def test_each_tandem_has_its_history_its_line_in_the_log_and_a_mail_with_a_link_of_its_own(cohort, organiser):
    tandems = [complete_tandem(cohort=cohort) for _ in range(3)]
    halves = {half.email: half.pk for tandem in tandems for half in tandem.registrations.all()}

    decide_all(cohort, organiser)

    assert {change.tandem_id for change in StatusChange.objects.all()} == {tandem.pk for tandem in tandems}
    assert StatusChange.objects.filter(changed_by=organiser, reason__startswith="Rang").count() == 3
    events = AuditEvent.objects.filter(action=AuditAction.TANDEM_ACCEPTED, by_id=organiser.pk)
    assert sorted(event.target_id for event in events) == sorted(str(tandem.pk) for tandem in tandems)
    opened = {
        mail.to[0]: registration_key(STATUS, links.TOKEN.search(mail.message)[0]) for mail in Email.objects.all()
    }
    assert opened == halves
    assert Email.objects.count() == PersonalLink.objects.count() == 6


def test_mails_of_one_decision_say_what_was_decided_about_each(cohort, organiser):
    cohort.places = 2
    cohort.save()
    for _ in range(3):
        complete_tandem(cohort=cohort)
    SelectionDraft.objects.create(cohort=cohort, waiting_count=1, rest="DECLINED")

    decide_all(cohort, organiser)

    subjects = [mail.subject.partition(":")[0] for mail in Email.objects.order_by("pk")]
    assert subjects[0] == subjects[1] != subjects[2] == subjects[3] != subjects[4] == subjects[5]
    assert all(mail.headers["Sensitivity"] == "Private" for mail in Email.objects.all())
    assert {mail.headers["Reply-To"] for mail in Email.objects.all()} == {cohort.contact}


@pytest.mark.parametrize(
    ("selection", "answer"), [("ACCEPTED", OfferAnswer.ACCEPTED), ("DECLINED", OfferAnswer.REVOKED)]
)
def test_an_open_offer_has_its_answer_with_the_decision(cohort, organiser, selection, answer):
    tandem = complete_tandem(cohort=cohort, selection=Selection.WAITING)
    later = timezone.now() + datetime.timedelta(days=3)
    offer = Offer.objects.create(tandem=tandem, places=2, expires_at=later)

    change_selections([Decision(tandem, Selection(selection))], by=organiser)

    offer.refresh_from_db()
    assert (offer.answer, AuditEvent.objects.filter(target_type="participants.offer").count()) == (answer, 1)


def test_no_place_is_kept_where_a_tandem_is_declined(cohort, organiser):
    until = timezone.now() + datetime.timedelta(days=3)
    kept, left = (
        complete_tandem(cohort=cohort, selection=Selection.ACCEPTED, place_held_until=until) for _ in range(2)
    )

    decide(cohort=cohort, seen={left.pk: Selection.ACCEPTED}, selection=Selection.DECLINED, by=organiser)

    assert list(Tandem.objects.filter(place_held_until__isnull=False)) == [kept]
