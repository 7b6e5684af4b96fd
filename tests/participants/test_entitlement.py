"""Who gets which certificate, and why: the calculation alone, without a database."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.entitlement import Done, Entitlement, Facts, Lack, Outcome, Rule, Verdict, entitlement
from participants.models import CertificateKind

UNTIL = datetime.date(2018, 6, 30)
LAST_ON = datetime.date(2018, 4, 13)
AFTERWARDS = datetime.date(2018, 5, 20)
TOO_LATE = datetime.date(2018, 7, 1)
PROJECT = Done(datetime.date(2018, 5, 3), "Netzwerk gegen Einsamkeit")
COLLOQUIUM = Done(datetime.date(2018, 5, 18))
RULE = Rule(
    attendance_percent=80,
    certificate_percent=80,
    grants_certificate=True,
    needs_project=True,
    needs_colloquium=True,
    make_up_until=UNTIL,
)
# 48 UE, attended all but two, everything else done
FACTS = Facts(
    rule=RULE,
    planned_minutes=48 * 45,
    attended_minutes=46 * 45,
    made_up_minutes=0,
    project=PROJECT,
    colloquium=COLLOQUIUM,
    open_days=(),
    last_on=LAST_ON,
    is_over=True,
    today=AFTERWARDS,
)


def verdicts(**changes) -> Entitlement:
    rule = {name: changes.pop(name) for name in list(changes) if name in Rule.__dataclass_fields__}
    return entitlement(replace(FACTS, rule=replace(RULE, **rule), **changes))


def words(verdict: Verdict) -> str:
    return f"{verdict.why} | {verdict.why_not}".replace("\u00a0", " ")


# The Zertifikat


def test_zertifikat_says_why():
    verdict = verdicts().qualification

    assert verdict.outcome is Outcome.FULL
    assert words(verdict) == (
        "Besucht 46 von 48 UE (95 %), Praxisprojekt „Netzwerk gegen Einsamkeit“ am 3. Mai 2018 abgeschlossen, "
        "Kolloquium am 18. Mai 2018. | "
    )


def test_project_without_a_title_is_named_all_the_same():
    assert "Praxisprojekt am 3. Mai 2018 abgeschlossen" in words(
        verdicts(project=Done(PROJECT.completed_on)).qualification
    )


def test_what_the_rule_does_not_ask_for_is_neither_needed_nor_said():
    verdict = verdicts(needs_project=False, needs_colloquium=False).qualification

    assert words(verdict) == "Besucht 46 von 48 UE (95 %). | "
    assert verdicts(needs_colloquium=False, colloquium=None).qualification.outcome is Outcome.FULL


@pytest.mark.parametrize(
    ("facts", "outcome", "sentence", "until"),
    [
        (
            {"colloquium": None},
            Outcome.NOT_YET,
            "Es fehlt das Kolloquium; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"project": None, "colloquium": None},
            Outcome.NOT_YET,
            "Es fehlen das Praxisprojekt und das Kolloquium; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"attended_minutes": 36 * 45, "certificate_percent": 75, "colloquium": None},
            Outcome.NOT_YET,
            "Es fehlt das Kolloquium; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"attended_minutes": 36 * 45, "colloquium": None},
            Outcome.NOT_YET,
            "Nötig sind 80 % der UE. Es fehlen 2,4 UE und das Kolloquium; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"attended_minutes": 35 * 45, "certificate_percent": 75},
            Outcome.NOT_YET,
            "Nötig sind 75 % der UE. Es fehlt 1 UE; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"colloquium": None, "today": TOO_LATE},
            Outcome.NOT,
            "Es fehlt das Kolloquium; die Frist dafür endete am 30. Juni 2018.",
            None,
        ),
        (
            {"colloquium": None, "make_up_until": None},
            Outcome.NOT,
            "Es fehlt das Kolloquium; Nachholen ist in diesem Durchgang nicht vorgesehen.",
            None,
        ),
        (
            {"grants_certificate": False},
            Outcome.NOT,
            "In diesem Durchgang gibt es kein Zertifikat.",
            None,
        ),
        (
            {"planned_minutes": 0, "attended_minutes": 0},
            Outcome.NOT,
            "Für dieses Angebot sind keine Termine geplant.",
            None,
        ),
        (
            {"open_days": (LAST_ON,)},
            Outcome.NOT_YET,
            "Anwesenheit für 13. April 2018 fehlt noch.",
            None,
        ),
        (
            {"open_days": (LAST_ON,), "colloquium": None},
            Outcome.NOT_YET,
            "Anwesenheit für 13. April 2018 fehlt noch. Es fehlt das Kolloquium; nachholen bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"is_over": False, "today": datetime.date(2018, 4, 1), "project": None},
            Outcome.NOT_YET,
            "Die Termine gehen noch bis 13. April 2018. Es fehlt das Praxisprojekt; Zeit ist bis 30. Juni 2018.",
            UNTIL,
        ),
        (
            {"is_over": False, "today": LAST_ON, "project": None, "make_up_until": None},
            Outcome.NOT_YET,
            "Die Termine gehen noch bis 13. April 2018. Es fehlt das Praxisprojekt.",
            None,
        ),
    ],
)
def test_zertifikat_says_what_is_missing_and_until_when(facts, outcome, sentence, until):
    verdict = verdicts(**facts).qualification

    assert verdict.outcome is outcome
    assert verdict.why_not.replace("\u00a0", " ") == sentence
    assert verdict.until == until


def test_what_is_there_already_is_said_though_something_is_missing():
    verdict = verdicts(colloquium=None).qualification

    assert words(verdict).startswith(
        "Besucht 46 von 48 UE (95 %), Praxisprojekt „Netzwerk gegen Einsamkeit“ am 3. Mai 2018 abgeschlossen. | "
    )


def test_last_day_of_the_time_limit_still_counts():
    assert verdicts(colloquium=None, today=UNTIL).qualification.outcome is Outcome.NOT_YET


# The Teilnahmebescheinigung


def test_teilnahmebescheinigung_in_full():
    verdict = verdicts(project=None, colloquium=None).attendance

    assert verdict.outcome is Outcome.FULL
    assert verdict.is_final
    assert words(verdict) == "Besucht 46 von 48 UE (95 %). | "


@pytest.mark.parametrize(
    ("facts", "sentence", "is_final"),
    [
        ({}, "Nötig sind 80 % der UE. Es fehlen 2,4 UE; nachholen bis 30. Juni 2018.", False),
        (
            {"today": TOO_LATE},
            "Nötig sind 80 % der UE. Es fehlen 2,4 UE; die Frist dafür endete am 30. Juni 2018.",
            True,
        ),
        (
            {"make_up_until": None},
            "Nötig sind 80 % der UE. Es fehlen 2,4 UE; Nachholen ist in diesem Durchgang nicht vorgesehen.",
            True,
        ),
    ],
)
def test_below_the_rule_there_is_a_reduced_one(facts, sentence, is_final):
    verdict = verdicts(attended_minutes=36 * 45, **facts).attendance

    assert verdict.outcome is Outcome.REDUCED
    assert words(verdict) == f"Besucht 36 von 48 UE (75 %). | {sentence}"
    assert verdict.is_final is is_final


def test_time_made_up_counts_for_both_and_is_told_apart():
    facts = verdicts(attended_minutes=36 * 45, made_up_minutes=8 * 45)

    assert facts.attendance.outcome is facts.qualification.outcome is Outcome.FULL
    assert words(facts.attendance) == "Besucht 36 von 48 UE, nachgeholt 8 UE (zusammen 91 %). | "


def test_nobody_makes_up_more_than_was_missed():
    assert words(verdicts(made_up_minutes=500).attendance) == (
        "Besucht 46 von 48 UE, nachgeholt 2 UE (zusammen 100 %). | "
    )


@pytest.mark.parametrize("facts", [{}, {"made_up_minutes": 48 * 45}, {"today": TOO_LATE}])
def test_whoever_was_never_there_gets_none_whatever_was_made_up(facts):
    for verdict in both(replace(FACTS, attended_minutes=0, **facts)):
        assert verdict.outcome is Outcome.NOT
        assert verdict.why_not == "Besucht wurde keine UE. Nachgeholte Zeit allein genügt nicht."


def test_nothing_attended_is_no_verdict_before_the_end():
    assert verdicts(attended_minutes=0, is_over=False).qualification.outcome is Outcome.NOT_YET


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"open_days": (LAST_ON,)}, "Anwesenheit für 13. April 2018 fehlt noch."),
        ({"is_over": False, "today": LAST_ON}, "Die Termine gehen noch bis 13. April 2018."),
    ],
)
def test_before_everything_is_over_and_entered_nothing_is_certain(facts, sentence):
    verdict = verdicts(**facts).attendance

    assert verdict.outcome is Outcome.NOT_YET
    assert not verdict.is_final
    assert verdict.why_not.replace("\u00a0", " ") == sentence


# Whatever the numbers are

DAYS = st.dates(datetime.date(2018, 4, 13), datetime.date(2018, 12, 31))
PERCENT = st.integers(1, 100)
MINUTES = st.integers(1, 60 * 45)
RULES = st.builds(
    Rule,
    attendance_percent=PERCENT,
    certificate_percent=PERCENT,
    grants_certificate=st.booleans(),
    needs_project=st.booleans(),
    needs_colloquium=st.booleans(),
    make_up_until=st.none() | DAYS,
)


@st.composite
def any_facts(draw) -> Facts:
    planned = draw(MINUTES)
    return Facts(
        rule=draw(RULES),
        planned_minutes=planned,
        attended_minutes=draw(st.integers(0, planned)),
        made_up_minutes=draw(st.integers(0, planned)),
        project=draw(st.none() | st.just(PROJECT)),
        colloquium=draw(st.none() | st.just(COLLOQUIUM)),
        open_days=draw(st.just(()) | st.just((LAST_ON,))),
        last_on=LAST_ON,
        is_over=draw(st.booleans()),
        today=draw(DAYS),
    )


def both(facts: Facts) -> list[Verdict]:
    found = entitlement(facts)
    return [found.attendance, found.qualification]


def never_less(before: Facts, after: Facts) -> None:
    for earlier, later in zip(both(before), both(after), strict=True):
        assert later.outcome.value >= earlier.outcome.value


@given(any_facts(), st.data())
def test_more_attendance_never_gives_less(facts, data):
    more = data.draw(st.integers(facts.attended_minutes, facts.planned_minutes))

    never_less(facts, replace(facts, attended_minutes=more))


@given(any_facts(), st.integers(0, 500))
def test_more_time_made_up_never_gives_less(facts, minutes):
    never_less(facts, replace(facts, made_up_minutes=facts.made_up_minutes + minutes))


@given(any_facts())
def test_an_achievement_never_gives_less(facts):
    never_less(facts, replace(facts, project=PROJECT))
    never_less(facts, replace(facts, colloquium=COLLOQUIUM))


@given(any_facts(), st.integers(0, 200))
def test_a_later_time_limit_never_gives_less(facts, days):
    until = facts.rule.make_up_until or datetime.date(2018, 4, 13)
    later = replace(facts.rule, make_up_until=until + datetime.timedelta(days=days))

    never_less(facts, replace(facts, rule=later))


@given(MINUTES, PERCENT, st.data())
def test_less_than_the_share_never_counts_as_the_share(planned, percent, data):
    """79.9 percent are not 80, not even by half a minute."""
    attended = data.draw(st.integers(0, planned))
    facts = replace(
        FACTS,
        rule=replace(RULE, attendance_percent=percent, certificate_percent=percent, make_up_until=None),
        planned_minutes=planned,
        attended_minutes=attended,
    )

    is_enough = attended * 100 >= planned * percent
    assert [verdict.outcome is Outcome.FULL for verdict in both(facts)] == [is_enough, is_enough]


@given(any_facts())
def test_making_up_what_is_said_to_be_missing_is_enough(facts):
    """What stands in the sentence is rounded up to a tenth of a unit."""
    ended = replace(
        facts, is_over=True, open_days=(), made_up_minutes=min(facts.made_up_minutes, facts.missed_minutes)
    )
    for kind in CertificateKind:
        missing = entitlement(ended).of(kind).missing_minutes
        after = entitlement(replace(ended, made_up_minutes=ended.made_up_minutes + missing)).of(kind)

        assert after.missing_minutes == 0
        assert Lack.TIME not in after.lacks


@given(any_facts())
def test_every_verdict_says_why_or_why_not(facts):
    for verdict in both(facts):
        assert verdict.why or verdict.why_not
        assert (verdict.outcome is Outcome.FULL) == (not verdict.why_not)
        assert all(text == "" or text.endswith(".") for text in (verdict.why, verdict.why_not))
        assert verdict.is_final or verdict.outcome in {Outcome.NOT_YET, Outcome.REDUCED}


@given(any_facts())
def test_whoever_gets_one_was_there(facts):
    for verdict in both(facts):
        assert facts.attended_minutes or not verdict.is_entitled


@given(any_facts())
def test_zertifikat_is_never_reduced(facts):
    assert entitlement(facts).qualification.outcome is not Outcome.REDUCED
