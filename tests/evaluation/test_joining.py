"""The codes: kept under seal while they are waited for, compared at the count, and telling nobody afterwards."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from curriculum.models import Audience, Competence
from evaluation import attacks, ballots, codes, sealed_codes
from evaluation.actions import joining
from evaluation.actions.counting import count_due_surveys, count_survey
from evaluation.attacks.attempts import reading_only
from evaluation.models import (
    Answer,
    Invitation,
    Outcome,
    PaperState,
    Participation,
    Purpose,
    QuestionKind,
    Response,
    ResponsePair,
    SealedCodes,
    Survey,
)
from participants.models import Registration
from tests import factories
from tests.evaluation import coded
from tests.evaluation.databases import dump
from tests.evaluation.test_anonymity import wait_until_forgotten


def findings():
    with reading_only():
        return attacks.dropouts().findings + attacks.kinds_of_partners().findings


# Nobody is told by having no partner


@pytest.mark.parametrize(("before", "after"), [(22, 20), (22, 21), (21, 22), (22, 22), (22, 9)])
def test_who_answered_only_once_is_not_told(db, before, after):
    coded.asked_twice(before=before, after=after)

    assert findings() == []
    assert ResponsePair.objects.exists()


def test_who_answered_only_once_is_told_where_every_pair_is_kept(db, monkeypatch):
    """As it was: all that match are joined, and the two who stayed away at the end are those without a partner."""
    monkeypatch.setattr(joining, "kept", lambda pairs, *others: list(pairs))

    start = coded.asked_twice(before=22, after=20).surveys.get(purpose=Purpose.START)

    assert findings()[0].startswith(f"Erhebung {start.pk}: 2 Antworten ohne Gegenstück")
    assert findings()[0].endswith("nur hier geantwortet haben 2 Personen")


def test_a_single_pair_taken_away_later_is_found(db):
    coded.asked_twice(before=22, after=22)
    ResponsePair.objects.first().delete()

    assert [finding for finding in findings() if "1 Antwort an Rolle und Gegenstück" in finding]


def test_no_response_is_told_by_both_later_surveys_together(db):
    cohort = coded.asked_twice(before=22, after=17)
    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys([*range(12), 18, 20], 2))

    assert findings() == []


def test_where_a_role_is_needed_each_has_enough_without_a_partner(db):
    """A competence of one role tells it: so it is stored, and divides those who have no partner."""
    cohort = coded.cohort_with_profile(competences=2)
    Competence.objects.last().profiles.filter(track__audience=Audience.MANAGER).delete()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(22), 1))
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(20), 3))

    start = cohort.surveys.get(purpose=Purpose.START)

    assert set(start.responses.values_list("role", flat=True)) == set(Audience)
    assert findings() == []


def test_without_a_question_for_one_role_no_role_is_stored(db):
    coded.asked_twice(before=22, after=22)

    assert set(Response.objects.values_list("role", flat=True)) == {""}
    assert sorted(ResponsePair.objects.values_list("role", flat=True)) == ["COORDINATOR"] * 11 + ["MANAGER"] * 11


def test_pairs_of_fewer_people_by_link_than_k_are_not_kept(db):
    """The others are on paper; whoever typed in the sheets would know theirs."""
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 3), is_counted=False)
    by_link = end.invitations.filter(participation__isnull=False).order_by("pk")[4:]
    Participation.objects.filter(invitation__in=list(by_link)).delete()

    count_survey(end)

    assert end.responses.count() == 12
    assert not ResponsePair.objects.exists()


def test_sheets_of_paper_are_needed_beyond_k_without_a_partner(db):
    """Whoever typed in the three knows theirs: of the others without a partner there are still five."""
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(22), 1))
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(18), 3), is_counted=False)
    by_link = end.invitations.filter(participation__isnull=False).order_by("pk")[15:]
    Participation.objects.filter(invitation__in=list(by_link)).delete()
    for number in range(3):
        end.paper_sheets.create(number=number, state=PaperState.DONE)

    count_survey(end)

    assert (end.responses.count(), ResponsePair.objects.count()) == (18, 10)


@pytest.mark.parametrize(
    ("before", "after", "number", "of_paper"),
    [
        (range(6), (), 11, 0),
        ((), range(6), 11, 0),
        (range(6), range(6), 22, 6),
        (range(22), range(22), 22, 22),
    ],
)
def test_a_sheet_of_paper_is_joined_with_none_but_a_sheet_of_paper(db, before, after, number, of_paper):
    """Who typed it in knows it, and would follow the pair to what the same person has said by link."""
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, {n: 2 if n in before else 1 for n in range(22)}, on_paper=before)
    coded.answered(cohort, Purpose.END, {n: 4 if n in after else 3 for n in range(22)}, on_paper=after)

    levels = ResponsePair.objects.values_list("before__answers__number", "after__answers__number")

    assert Counter(levels) == Counter({(2, 4): of_paper, (1, 3): number - of_paper})
    assert findings() == []


def test_sheets_among_those_without_a_partner_are_found(db, monkeypatch):
    """Five are enough where nobody has typed in a sheet, and too few where some of them may be known."""
    cohort = coded.cohort_with_profile()
    start = coded.answered(cohort, Purpose.START, dict.fromkeys(range(22), 1), on_paper=range(6))
    monkeypatch.setattr(joining, "needed_in_all", lambda survey: survey.minimum)

    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(16), 3), on_paper=range(5))

    assert findings() == [
        f"Erhebung {end.pk}: 5 Antworten ohne Gegenstück in Erhebung {start.pk}, "
        "und nur hier geantwortet haben 1 Person",
        f"Erhebung {end.pk}: 5 Antworten an Rolle und Gegenstück zu erkennen",
    ]


# What becomes of the codes


@pytest.mark.parametrize(("managers", "sealed"), [(4, {""}), (5, set(Audience))])
def test_a_role_that_could_name_somebody_is_not_sealed_either(db, managers, sealed):
    cohort = coded.cohort_with_profile()
    roles = list(Registration.objects.order_by("pk").values_list("role", flat=True))
    of_managers = [place for place, role in enumerate(roles) if role == Audience.MANAGER]
    others = [place for place, role in enumerate(roles) if role != Audience.MANAGER]

    coded.answered(cohort, Purpose.START, dict.fromkeys(of_managers[:managers] + others, 1))

    assert {each.role for each in sealed_codes.unsealed(SealedCodes.objects.get())} == sealed


def test_codes_of_the_beginning_are_sealed_and_those_of_the_end_never_stored(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    hashed = codes.prints("AB00CD", secret=ballots.code_secret(cohort.pk))

    coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 3))

    kept = SealedCodes.objects.get()
    assert kept.survey.purpose == Purpose.START
    assert [each for each in sealed_codes.unsealed(kept) if each.prints == hashed]
    assert not [said for said in ("AB00CD", *hashed) if said in str(dump_of_everything())]
    assert not [said for said in ("AB00CD", *hashed) if said.encode() in bytes(kept.sealed)]


def dump_of_everything():
    return [list(model.objects.values()) for model in (Response, ResponsePair, Survey, Answer)]


def test_codes_go_with_the_count_of_the_last_survey(db):
    cohort = coded.asked_twice(before=12, after=12)
    assert SealedCodes.objects.count() == 1

    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(4), 2))
    count_due_surveys()

    assert not SealedCodes.objects.exists()
    assert cohort.surveys.get(purpose=Purpose.START).must_forget


def test_codes_wait_for_the_end_that_is_counted_last(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 1), is_counted=False)
    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(12), 1))
    joining.forget_codes()
    assert SealedCodes.objects.exists()

    count_due_surveys()

    assert ResponsePair.objects.filter(after__survey=end).count() == 12
    assert not SealedCodes.objects.exists()


def test_codes_go_when_the_cohort_is_cancelled(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    count_due_surveys()
    was_there = SealedCodes.objects.exists()
    cohort.cancelled_at = timezone.now()
    cohort.save()

    count_due_surveys()

    assert (was_there, SealedCodes.objects.exists()) == (True, False)


@pytest.mark.parametrize(("years", "is_kept"), [(2, True), (3, False)])
def test_codes_go_when_no_survey_can_come_any_more(db, years, is_kept):
    cohort = coded.cohort_with_profile()
    start = coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    then = timezone.localdate() - datetime.timedelta(days=365 * years)
    factories.SessionFactory(cohort=cohort, days=[then])
    Survey.objects.filter(pk=start.pk).update(counted_on=then)

    count_due_surveys()

    assert SealedCodes.objects.exists() is is_kept


@pytest.mark.parametrize(("years", "is_kept"), [(2, True), (3, False)])
def test_codes_go_when_the_cohort_has_lost_all_its_sessions(db, years, is_kept):
    cohort = coded.cohort_with_profile()
    start = coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    then = timezone.localdate() - datetime.timedelta(days=365 * years)
    Survey.objects.filter(pk=start.pk).update(counted_on=then)

    count_due_surveys()

    assert SealedCodes.objects.exists() is is_kept


def test_an_end_with_too_few_answers_leaves_no_pair_and_no_code(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(4), 1))

    assert end.outcome == Outcome.WITHHELD
    assert not ResponsePair.objects.exists()
    assert SealedCodes.objects.get().survey.purpose == Purpose.START


def test_an_end_without_a_beginning_is_counted_without_pairs(db):
    end = coded.answered(coded.cohort_with_profile(), Purpose.END, dict.fromkeys(range(12), 1))

    assert end.outcome == Outcome.COUNTED
    assert not ResponsePair.objects.exists()
    assert not SealedCodes.objects.exists()


def test_another_secret_ends_the_comparison_and_not_the_count(db, settings, caplog):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    settings.BALLOT_SECRET = "another secret that is long enough as well"

    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 1))

    assert end.outcome == Outcome.COUNTED
    assert not ResponsePair.objects.exists()
    assert "is compared without pairs" in caplog.text


def test_codes_are_not_found_in_the_file_once_they_are_gone(database):
    cohort = coded.cohort_with_profile(tandems=6)
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1))
    sealed = bytes(SealedCodes.objects.get().sealed)
    piece = sealed[100:124]
    was_there = piece in database.raw()

    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(12), 1))
    count_due_surveys()
    wait_until_forgotten()

    assert (was_there, piece in database.raw()) == (True, False)
    assert dump(database)["evaluation_sealedcodes"] == []


def test_a_slip_in_the_code_still_joins_at_the_count(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1), code="A{:02}XYZ")
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 3), code="A{:02}XQZ")

    assert QuestionKind.CODE in {question.kind for question in end.questionnaire.questions()}
    assert ResponsePair.objects.count() == 12
    assert Invitation.objects.filter(survey=end, participation__isnull=False).count() == 12
