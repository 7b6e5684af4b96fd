"""Whether needs were covered, from asking to counting: fixed once, asked of everybody alike, only added up."""

import itertools
import random

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from evaluation import ballots, drafts
from evaluation.actions.inviting import invite
from evaluation.actions.paper import enter_again, enter_sheet
from evaluation.actions.room import send_room_link
from evaluation.attacks import values
from evaluation.entries import Entry
from evaluation.judgements import NeedAnswer, added_up
from evaluation.models import Answer, JudgedNeed, Need, Outcome, Purpose, QuestionKind, Response, Survey
from evaluation.queries.fingerprints import fingerprint_of
from evaluation.queries.sittings import Sitting
from evaluation.questionnaires import default_questionnaire
from evaluation.said import Said, fingerprint
from netzkoord import roles
from tests import factories
from tests.evaluation import counted, judging, scenes, themes

K = 5


def titles(survey):
    return [need.title for need in survey.judged_needs.all()]


# What is asked is fixed once


def test_needs_are_fixed_in_their_words_when_the_first_is_invited_the_heaviest_first(db):
    survey = judging.open_survey(people=1)
    Need.objects.filter(title="Wirkung zeigen").update(title="Wirkung")
    themes.need(survey.cohort, "Später genannt", weight=9)
    invite(survey)

    assert titles(survey) == list(judging.TITLES)
    assert survey.needs_fixed_on is not None


def test_survey_that_is_not_open_fixes_nothing(db):
    survey = judging.planned_survey(judging.cohort_with_needs(1))
    Survey.objects.filter(pk=survey.pk).update(opens_at=survey.closes_at - scenes.DAY)

    invite(survey)

    assert (titles(survey), Survey.objects.get().needs_fixed_on) == ([], None)


def hand_in(survey):
    scenes.submit(invitation=survey.invitations.first(), answers={}, receipt="")


def save_a_step(survey):
    scenes.save(survey.invitations.first(), {(scenes.question(survey, QuestionKind.AGREEMENT).pk, None): Said(1)})


def type_in(survey):
    enter_sheet(survey=survey, number=1, entry=scenes.entry(survey), by=factories.UserFactory())


def ask_in_the_room(survey):
    send_room_link.func(survey.pk, survey.invitations.first().registration.email)


@pytest.mark.parametrize("way", [invite, hand_in, save_a_step, type_in, ask_in_the_room])
def test_every_way_of_asking_fixes_the_needs(db, way):
    survey = judging.planned_survey(judging.cohort_with_needs(1))

    way(survey)

    assert titles(survey) == list(judging.TITLES)


def test_without_a_need_it_is_not_asked_even_when_one_is_named_later(db):
    survey = judging.open_survey(people=1, titles=())
    themes.need(survey.cohort, "Später genannt")
    invite(survey)

    steps = Sitting(survey.invitations.get(), "").steps

    assert [step.section.title for step in steps] == ["Sonst"]


def test_other_questionnaires_fix_no_needs(db):
    survey = judging.planned_survey(judging.cohort_with_needs(1), default_questionnaire(Purpose.FEEDBACK))

    invite(survey)

    assert titles(survey) == []


def test_need_that_is_asked_stays_and_the_page_says_why(db, client):
    survey = judging.open_survey(people=1)
    need = survey.judged_needs.first().need
    client.force_login(factories.staff(roles.ORGANISATION))

    response = client.post(reverse("evaluation:need_source_remove", args=[need.sources.get().pk]), follow=True)

    assert (
        "Der Bedarf bleibt im Themenspeicher, weil die Abschlusserhebung nach ihm fragt."
        in response.content.decode()
    )
    assert Need.objects.filter(pk=need.pk).exists()
    with pytest.raises(ProtectedError):
        need.delete()


def test_all_ballots_and_sheets_are_of_one_size_whatever_is_named_meanwhile(db):
    survey = judging.open_survey(people=3)
    judge = judging.said(survey, [3, 2, 0])
    judging.judge(survey, [3, 3, 3])
    themes.need(survey.cohort, "Später genannt")
    judging.judge(survey, [None, None, None])
    scenes.submit(invitation=survey.invitations.last(), answers=judge, receipt="")

    sizes = {len(bytes(sealed)) for sealed in survey.envelopes.values_list("sealed", flat=True)}

    assert len(sizes) == 1
    assert ballots.rated_in(survey, QuestionKind.COVERAGE) == 3


# On the form


def test_participant_judges_every_need_and_reads_back_what_was_said(db, client):
    survey = judging.open_survey(people=1, can_abstain=True)
    link = scenes.link_of(survey.invitations.get())
    question, (first, second, third) = judging.question_of(survey), survey.judged_needs.all()

    page = client.get(f"{link}1/").content.decode()
    name = f"q{question.pk}"
    sent = {f"{name}-{first.need_id}": "3", f"{name}-{second.need_id}": "0", f"{name}-{third.need_id}": "x"}
    client.post(f"{link}1/", sent | {"then": "check"})
    check = client.get(f"{link}pruefen/").content.decode()

    assert all(f"<legend>{title}" in page for title in judging.TITLES)
    assert page.count("teilweise gedeckt") == 3
    assert drafts.load(survey.invitations.get()).answers == {
        (question.pk, first.need_id): Said(3),
        (question.pk, second.need_id): Said(0),
        (question.pk, third.need_id): Said(is_abstention=True),
    }
    for words in ("ganz gedeckt", "war nicht mein Bedarf", "kann ich nicht beurteilen"):
        assert f"<dd>{words}</dd>" in check


@pytest.mark.parametrize("nonsense", ["4", "-1", "ganz", "x", "0; DROP", "３"])
def test_nonsense_is_refused_and_kept_nowhere(db, client, nonsense):
    survey = judging.open_survey(people=1)
    link, need = scenes.link_of(survey.invitations.get()), survey.judged_needs.first()

    response = client.post(f"{link}1/", {f"q{judging.question_of(survey).pk}-{need.need_id}": nonsense})

    assert response.status_code == 200
    assert drafts.load(survey.invitations.get()).answers == {}


@pytest.mark.parametrize("number", [1, 3])
def test_step_costs_the_same_for_few_and_many_needs(db, client, django_assert_num_queries, number):
    survey = judging.open_survey(people=1, titles=judging.TITLES[:number])
    link = scenes.link_of(survey.invitations.get())

    with django_assert_num_queries(9):
        page = client.get(f"{link}1/").content.decode()

    assert page.count("war nicht mein Bedarf") == number


# On paper


def test_sheet_is_typed_in_by_digits_and_two_entries_are_compared(db, client):
    survey = judging.open_survey(people=1)
    client.force_login(factories.staff(roles.ORGANISATION))
    page = client.get(reverse("evaluation:paper_sheet_add", args=[survey.pk])).content.decode()
    by, (first, *_) = factories.UserFactory(), survey.judged_needs.all()
    key = (judging.question_of(survey).pk, first.need_id)
    enter_sheet(survey=survey, number=1, entry=Entry({key: Said(3)}, "a"), by=by)
    enter_again(survey=survey, number=1, entry=Entry({key: Said(0)}, "b"), by=by)

    decide = client.get(reverse("evaluation:paper_sheet_decide", args=[survey.pk, 1])).content.decode()

    assert page.count("0 bis 3") == 3
    assert f"War das gedeckt? – {first.title}" in decide


@pytest.mark.parametrize("is_open", [False, True])
def test_page_of_the_sheets_says_while_the_needs_are_not_fixed(db, client, is_open):
    survey = judging.planned_survey(judging.cohort_with_needs(1))
    if not is_open:
        Survey.objects.filter(pk=survey.pk).update(opens_at=survey.closes_at - scenes.DAY)
    client.force_login(factories.staff(roles.ORGANISATION))

    page = client.get(reverse("evaluation:paper_sheet_list", args=[survey.pk])).content.decode()

    assert ("steht erst fest, wenn die Erhebung öffnet" in page) is not is_open


# Counting


def test_what_is_said_is_added_up_and_kept_with_no_response(db):
    survey = judging.judged_survey([3, 0, 1], [3, 0, 1], [3, 0, 1], [2, 0, 2], [1, 0, 2], [3, 3, None])

    assert judging.rows(survey) == [(6, 4, 1, 1), (6, None, None, None), (5, 0, 2, 3)]
    assert set(Answer.objects.values_list("question__kind", flat=True)) == {QuestionKind.AGREEMENT}
    assert Response.objects.count() == 6


def test_fewer_than_k_judgements_are_not_kept(db):
    survey = judging.judged_survey(*[[3, 3, None]] * 4, [3, None, None], [0, None, None])

    assert judging.rows(survey) == [(6, 5, 0, 0), (None,) * 4, (None,) * 4]


def test_abstentions_count_for_nobody(db):
    survey = judging.open_survey(people=6, can_abstain=True)
    question, need = judging.question_of(survey), survey.judged_needs.first()
    for place, invitation in enumerate(survey.invitations.order_by("pk")):
        said = Said(3) if place < 5 else Said(is_abstention=True)
        answers = {(question.pk, need.need_id): said}
        scenes.submit(invitation=invitation, answers=answers, receipt=scenes.receipt_of(invitation))

    assert judging.rows(counted.counted(survey))[0] == (5, 5, 0, 0)


def test_sheets_beside_links_need_as_many_more(db):
    survey = judging.open_survey(people=5)
    judging.judge(survey, *[[3, 3, 0]] * 5)
    for number in (1, 2):
        enter_sheet(
            survey=survey,
            number=number,
            entry=Entry(judging.said(survey, [3, None, 3]), str(number)),
            by=factories.UserFactory(),
        )

    assert judging.rows(counted.counted(survey)) == [(7, 7, 0, 0), (None,) * 4, (7, None, None, None)]


def test_question_to_one_role_is_added_up_whether_or_not_roles_are_stored(db):
    survey = judging.open_survey(people=0, audience="MANAGER")
    for number in range(8):
        role = "MANAGER" if number < 5 else "COORDINATOR"
        person = factories.RegistrationFactory(
            tandem__cohort=survey.cohort, tandem__selection="ACCEPTED", role=role
        )
        invitation = survey.invitations.create(registration=person)
        answers = Sitting(invitation, "").sheet.relevant(judging.said(survey, [3, 2, 1]))
        scenes.submit(invitation=invitation, answers=answers, receipt=scenes.receipt_of(invitation))

    assert judging.rows(counted.counted(survey)) == [(5, 5, 0, 0), (5, 0, 5, 0), (5, 0, 0, 5)]
    assert set(Response.objects.values_list("role", flat=True)) == {""}


def test_survey_with_too_few_ballots_keeps_no_judgement(db):
    survey = judging.judged_survey(*[[3, 3, 3]] * 4)

    assert survey.outcome in (Outcome.WITHHELD, Outcome.DESTROYED)
    assert judging.rows(survey) == [(None,) * 4] * 3


def test_judgement_of_a_need_that_was_not_asked_is_dropped(db):
    survey = judging.open_survey(people=5)
    other = themes.need(factories.CohortFactory(), "Fremd")
    for invitation in survey.invitations.order_by("pk"):
        scenes.submit(
            invitation=invitation,
            answers={(judging.question_of(survey).pk, other.pk): Said(3)},
            receipt=scenes.receipt_of(invitation),
        )

    assert judging.rows(counted.counted(survey)) == [(None,) * 4] * 3


def test_fingerprint_of_the_receipt_is_of_what_is_kept(db, client):
    survey = judging.open_survey(people=5)
    *others, own = survey.invitations.order_by("pk")
    judging.judge(survey, *[[3, 0, 1]] * len(others))
    scenes.save(own, judging.said(survey, [3, 2, 1]))
    response = client.post(f"{scenes.link_of(own)}pruefen/", {"receipt": "ABCD-EFGH-JKLM-2345"})
    counted.counted(survey)

    kept = fingerprint("ABCD-EFGH-JKLM-2345", {(scenes.question(survey, "AGREEMENT").pk, None): Said(4)})

    assert fingerprint_of(survey, "ABCD-EFGH-JKLM-2345") == kept
    assert kept[:16] in response.content.decode()


JUDGEMENTS = st.lists(st.sampled_from(list(NeedAnswer)), max_size=16)


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow])
@given(answers=JUDGEMENTS, needed=st.integers(3, 9))
def test_what_is_kept_is_what_was_said_or_nothing(answers, needed):
    kept = added_up(answers).of_enough(needed)
    mine = [answer for answer in answers if answer is not NeedAnswer.NOT_MINE]

    assert kept.people == (len(answers) if len(answers) >= needed else None)
    if len(mine) < needed:
        assert kept[1:] == (None, None, None)
    else:
        assert kept[1:] == tuple(mine.count(degree) for degree in (3, 2, 1))
        assert sum(kept[1:]) == len(mine)
    assert kept.of_enough(needed) == kept


@pytest.mark.parametrize("seed", range(3))
def test_sums_in_the_table_are_what_the_ballots_said(db, seed):
    chance = random.Random(seed)  # noqa: S311 -- invented answers
    sheets = [[chance.choice([None, 0, 1, 2, 3, 3]) for _ in judging.TITLES] for _ in range(12)]

    survey = judging.judged_survey(*sheets)

    columns = zip(*sheets, strict=True)
    assert judging.rows(survey) == [
        tuple(added_up(value for value in column if value is not None).of_enough(K)) for column in columns
    ]


# The database refuses


@pytest.mark.parametrize(
    "counts", [(2, None, None, None), (5, 1, 1, 0), (5, 3, 2, 1), (5, 5, None, 0), (None, 5, 0, 0)]
)
def test_counts_of_too_few_are_refused(db, counts):
    survey = judging.open_survey(people=1)
    fields = dict(zip(("people", "fully", "partly", "uncovered"), counts, strict=True))

    with pytest.raises(Exception, match="judged_need_of_enough_people"):
        survey.judged_needs.update(**fields)


# Attacks


def test_attack_finds_a_judgement_that_is_kept_with_a_response(db):
    survey = judging.judged_survey(*[[3, 0, 1]] * 6)
    before = values.judgements().findings
    Answer.objects.create(response=Response.objects.first(), question=judging.question_of(survey), number=3)

    assert before == []
    assert values.judgements().findings == ["1 Urteil über einen Bedarf steht bei einer Antwort"]


def test_attack_finds_sums_of_fewer_people_than_were_promised(db):
    survey = judging.judged_survey(*[[3, 0, 1]] * 6)
    JudgedNeed.objects.filter(people=6, fully=6).update(people=4, fully=4)

    assert values.judgements().findings == [f"Erhebung {survey.pk} nennt das Urteil von weniger als 5 Personen"]


def test_operator_cannot_tell_whose_need_it_was(db):
    """Whoever says what: as long as the sums are the same, the same rows are stored."""
    sheets = [[3, 0, 1], [0, 3, 1], [3, 3, 0], [2, 3, 1], [3, 1, 1], [3, 3, 1]]
    stored = set()
    for order in itertools.islice(itertools.permutations(sheets), 0, 720, 240):
        survey = judging.judged_survey(*order)
        answers = Answer.objects.filter(response__survey=survey)
        stored.add((tuple(judging.rows(survey)), tuple(sorted(answers.values_list("question__kind", "number")))))

    assert len(stored) == 1
