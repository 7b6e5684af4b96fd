"""The demo as its visitors find it."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email
from pypdf import PdfReader

from curriculum.demo.programme import fill_programme
from curriculum.difference import summary
from curriculum.models import Audience, Cohort, Edition
from curriculum.queries.comparison import compared
from evaluation.coverage import Verdict
from evaluation.judgements import Judgement
from evaluation.models import (
    CardSource,
    NeedSource,
    Outcome,
    Purpose,
    QuestionPurpose,
    Recommendation,
    RecommendationState,
    Survey,
    SurveyComment,
    Workshop,
)
from evaluation.queries.causes import causes_in
from evaluation.queries.coverage import matrix_of
from evaluation.queries.polls import results_of
from evaluation.queries.recurrence import need_trend
from evaluation.queries.results import response_rate, survey_result
from evaluation.queries.room import grouped
from evaluation.queries.trends import cohorts_compared
from evaluation.queries.variants import changeable_sessions
from netzkoord import demo, overview
from netzkoord.lib.mail_states import MailState, count_by_state
from netzkoord.management.commands.demo import greeting
from netzkoord.models import Installation, User
from participants.models import (
    Certificate,
    Consent,
    Registration,
    Selection,
    TandemForm,
    TandemState,
    TransferAgreement,
)
from participants.queries.transfer import agreement_page
from tests import factories

pytestmark = pytest.mark.slow


def test_demo_refuses_a_database_with_real_people(db):
    factories.UserFactory()

    with pytest.raises(demo.NotADemo):
        demo.fill()

    assert not Installation.objects.current().is_demo


def test_demo_has_a_draft_whose_changes_name_the_recommendations_that_led_to_them(organiser):
    demo.fill_draft(fill_programme(), by=organiser)
    draft = Edition.objects.drafts().get()

    found = compared(draft.replaces, draft)
    causes = causes_in([draft])

    assert summary(found) == (
        "Gegenüber der 1.\xa0Fassung: 2\xa0Bausteine neu, 1\xa0verschoben, 1\xa0umformuliert, 5\xa0geändert, "
        "1\xa0Lernziel umformuliert, 2\xa0weitere Änderungen, 64 → 68\xa0UE."
    )
    assert causes.keys() <= found.by_key.keys()
    assert len({cause.recommendation for noted in causes.values() for cause in noted}) == 3


@pytest.fixture(scope="module")
def shared_demo(module_db):
    call_command("sync_roles", verbosity=0)
    demo.fill()


@pytest.fixture
def filled(shared_demo, db):
    """Takes seconds, so it is filled once; tests of an empty database stand above."""


def test_demo_mirrors_the_cohort_of_2017_and_every_page_has_something_to_show(filled):
    strip = overview.finished_strips()[0]
    figures = {figure.label: figure.value for figure in strip.counts}
    people = Registration.objects.accepted().filter(cohort=strip.cohort)

    assert strip.cohort.title == "Durchgang 2017/18"
    assert (figures["Tandems"], figures["Plätze belegt"]) == (11, 22)
    assert figures["Bescheinigungen"] == 22
    assert [due.text.partition(":")[0] for due in strip.due] == [
        "Abschlusserhebung",
        "Transfererhebung",
        "Rückmeldung zu K1",
    ]
    assert all("freie Texte sind noch nicht angesehen" in due.text for due in strip.due)
    assert len(set(people.values_list("tandem__municipality", flat=True))) == 11
    assert people.filter(consents__purpose="CONTACT_LIST").count() > people.count() // 2
    with_certificate = set(Certificate.objects.values_list("registration__email", flat=True))
    assert {"fuehrung@netzkoord.example", "koordination@netzkoord.example"} <= with_certificate
    outcomes = Survey.objects.feedback().filter(cohort=strip.cohort).values_list("outcome", flat=True)
    assert sorted(outcomes) == [Outcome.COUNTED, Outcome.COUNTED, Outcome.COUNTED, Outcome.DESTROYED]
    papers = [Certificate.objects.filter(registration__role=role).latest("pk") for role in Audience]
    assert [len(PdfReader(io.BytesIO(bytes(paper.paper.pdf))).pages) for paper in papers] == [1, 1]


def test_demo_has_one_agreement_that_stands_and_one_that_waits(filled):
    half = Registration.objects.get(email="fuehrung@netzkoord.example")
    standing = agreement_page(half, half.tandem_id)
    waiting = TransferAgreement.objects.exclude(tandem=half.tandem_id).get()

    assert standing.stands
    assert standing.agreement.reminded_of == standing.agreement.due_on
    page = agreement_page(waiting.manager, waiting.tandem_id)
    assert (page.own_confirmed_at, page.is_confirmable) == (None, True)
    assert page.partner_confirmed_at


def test_demo_has_an_open_cohort_that_many_want_to_join(filled):
    cohort = Cohort.objects.get(places=24)
    halves = Registration.objects.filter(cohort=cohort)
    tandems = cohort.tandems.select_related("shared_half").prefetch_related("registrations")

    assert halves.count() == 214
    complete = [tandem for tandem in tandems if tandem.state is TandemState.COMPLETE]
    assert sum(tandem.selection != Selection.DECLINED for tandem in complete) == 61
    borrower = tandems.get(shared_half__isnull=False)
    assert borrower.municipality.county_name == borrower.shared_half.tandem.municipality.county_name
    assert not halves.filter(organisation__startswith="Stadt Landkreis").exists()
    assert tandems.filter(municipality__ags="").count() == 1
    assert {tandem.selection for tandem in tandems} == set(Selection)
    assert {tandem.form for tandem in tandems} == set(TandemForm)
    pooled = Consent.objects.valid().filter(purpose="POOL", registration__tandem__selection="DECLINED")
    assert pooled.count() > 3
    assert 0 < cohort.places_taken < cohort.places
    states = count_by_state(Email.objects.all())
    assert [states[state] for state in (MailState.FAILED, MailState.RETRYING, MailState.UNCERTAIN)] == [1, 1, 1]
    assert states[MailState.SENT] > 5


def test_demo_has_an_earlier_run_to_compare_with_and_answers_on_paper(filled):
    organiser = User.objects.get(email="organisation@netzkoord.example")

    comparison = cohorts_compared(organiser, Purpose.FEEDBACK)
    first = response_rate(Survey.objects.feedback().filter(cohort__title="Durchgang 2017/18").earliest("opens_at"))

    assert [column.title for column in comparison.columns] == ["Erprobung 2016/17", "Durchgang 2017/18"]
    agreed = [row.cells for row in comparison.rows if row.asked.scale.highest == 6 and row.asked.scale.ideal == 6]
    better = sum(now.mean > before.mean for before, now in agreed)
    assert better > len(agreed) / 2
    assert first.note == "davon 3 auf Papier"


def test_demo_has_an_open_anonymous_feedback_that_some_have_still_to_answer(filled):
    survey = Survey.objects.feedback().open().with_counts().get()

    assert survey.follows_rule
    assert 5 <= survey.answered < survey.invited
    assert survey.cohort.survey_rules.count() == 5
    assert Cohort.objects.get(places=24).survey_rules.count() == 5


def test_demo_has_a_wall_that_was_sorted_weighed_and_recommended_from(filled):
    wall = Workshop.objects.get(session__cohort__title="Durchgang 2017/18")
    needs = wall.guiding_questions.get(purpose=QuestionPurpose.NEED)
    results = results_of(needs.polls.get())

    assert [purpose for (purpose,) in wall.guiding_questions.values_list("purpose")] == [
        QuestionPurpose.NEED,
        QuestionPurpose.COVERAGE,
        QuestionPurpose.RECOMMENDATION,
    ]
    assert needs.cards.filter(source=CardSource.SURVEY).exists()
    assert needs.cards.get(is_hidden=True).cluster is None
    assert needs.clusters.get(is_dropped=True).cards.count() == 0
    assert needs.steps.filter(is_undone=True).count() == 1
    assert [result.place.is_tied for result in results[:3]] == [True, True, False]
    assert Recommendation.objects.filter(card__guiding_question__workshop=wall).count() == 3
    assert set(Recommendation.objects.values_list("state", flat=True)) == set(RecommendationState)


def test_demo_has_a_wall_that_phones_can_join(filled):
    wall = Workshop.objects.get(asked__isnull=False)

    assert wall.session.cohort.title.startswith("Durchgang Nord")
    assert wall.asked.cards.filter(source=CardSource.PHONE).count() == wall.asked.cards.count() > 5
    assert wall.code in greeting()
    assert grouped(wall.code) in greeting()


@pytest.mark.parametrize("title", ["Durchgang 2017/18", "Durchgang Nord"])
def test_demo_has_needs_of_every_source_and_with_every_verdict(filled, title):
    cohort = Cohort.objects.get(title__startswith=title)
    sources = NeedSource.objects.filter(need__cohort=cohort)

    assert sources.filter(cluster__isnull=False).exists()
    assert sources.filter(topic__isnull=False).exists()
    assert sources.exclude(text="").exists()
    assert {row.verdict for row in matrix_of(cohort).rows} == set(Verdict)


def test_demo_has_needs_that_were_covered_and_not_and_one_of_too_few_people(filled):
    survey = Survey.objects.get(cohort__title="Durchgang 2017/18", purpose=Purpose.END)

    judged = [need.judgement for need in survey_result(survey).needs]

    assert set(judged) == set(Judgement)
    assert judged.count(Judgement.UNKNOWN) == 1
    assert survey.needs_fixed_on == timezone.localdate(survey.opens_at)


def test_demo_has_needs_that_three_cohorts_in_a_row_have_named_and_none_has_covered(filled):
    found = {str(each.need): each for each in need_trend(Cohort.objects.all()).recurring}

    assert {each.sentence for each in found.values()} == {"Im dritten Durchgang in Folge genannt und nie gedeckt."}
    assert [str(naming) for naming in found["Rat und Haushalt überzeugen"].before] == [
        "Erprobung 2016/17 (dort „Ressourcen sichern“)",
        "Durchgang 2017/18 (dort „Ressourcen sichern“)",
    ]


def test_demo_lets_a_variant_be_tried_in_the_running_cohort(filled):
    assert changeable_sessions(Cohort.objects.get(title__startswith="Durchgang Nord")).count() == 3


def test_demo_has_counted_when_its_surveys_closed(filled):
    counted = Survey.objects.filter(counted_on__isnull=False)

    assert counted.exists()
    assert all(survey.counted_on == timezone.localdate(survey.closes_at) for survey in counted)
    assert SurveyComment.objects.get().written_at.year == 2017


def test_demo_can_be_attacked_without_being_started(filled, capsys):
    """Takes a second or two: it reads everything that is stored."""
    # In a test, the traces are never erased: it is one transaction.
    Survey.objects.update(must_forget=False)

    call_command("demo", attack=True)

    shown = capsys.readouterr().out
    assert "10 ausgezählte Erhebungen" in shown
    assert "Kein Weg von einer Antwort zu einer Person gefunden." in shown
    assert "Die Demo läuft" not in shown
