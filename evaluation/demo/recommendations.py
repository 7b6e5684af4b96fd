"""For the demo: what the past cohort recommended, and what its participants read of it; decisions are invented."""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from curriculum.models import Cohort, Edition, SessionAudience
from evaluation.actions.recommendations import (
    add_recommendation,
    decide_recommendation,
    set_aside_recommendation,
)
from evaluation.demo.finished_wall import ONLINE, TEMPLATE, TOGETHER
from evaluation.models import Card, Recommendation, RecommendationDecision, Workshop
from evaluation.models import RecommendationState as State
from netzkoord.models import User

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Told:
    """A recommendation in the words of a released text, and every decision on it: state, reason, day.

    `card` is what hangs on the cohort's wall, where it comes from there.
    """

    text: str
    module: str
    audience: SessionAudience
    decisions: tuple[tuple[State, str, datetime.date], ...] = ()
    card: str = ""


TOLD = [
    Told(
        "Eine längere Mittagspause, um sich auszutauschen.",
        "K1",
        SessionAudience.COORDINATOR,
        (
            (State.ACCEPTED, "Der Austausch am Rand gehört zum Programm.", datetime.date(2018, 1, 15)),
            (State.DONE, "Seit dem zweiten Termin dauert die Mittagspause 75 Minuten.", datetime.date(2018, 3, 5)),
        ),
    ),
    Told(
        "Nach einem halben Jahr ein Treffen aller Tandems.",
        "F",
        SessionAudience.BOTH,
        ((State.ACCEPTED, "Die nächste Fassung bekommt ein Transfertreffen.", datetime.date(2018, 5, 14)),),
    ),
    Told(
        "Ein Überblick über Fördermittel.",
        "K2",
        SessionAudience.COORDINATOR,
        (
            (
                State.DECLINED,
                "Ein Überblick veraltet schneller, als ein Durchgang dauert. Wir nennen stattdessen die Stellen, "
                "die dazu beraten.",
                datetime.date(2018, 5, 14),
            ),
        ),
    ),
    Told("Beispiele aus kleinen Kommunen.", "", SessionAudience.BOTH),
    Told(
        TEMPLATE,
        "K2",
        SessionAudience.COORDINATOR,
        (
            (State.ACCEPTED, "In K2 wird sie gebraucht.", datetime.date(2018, 1, 15)),
            (State.DONE, "Die Vorlage liegt seit K2 beim Material und wird dort geübt.", datetime.date(2018, 3, 5)),
        ),
        card=TEMPLATE,
    ),
    Told(
        "Führungs- und Koordinierungskräfte arbeiten einen halben Tag gemeinsam.",
        "K1",
        SessionAudience.BOTH,
        (
            (
                State.ACCEPTED,
                "Die Tandemvereinbarung braucht beide im selben Raum. Der halbe Tag kommt in die nächste Fassung.",
                datetime.date(2018, 5, 14),
            ),
        ),
        card=TOGETHER,
    ),
    Told(
        ONLINE,
        "K2",
        SessionAudience.COORDINATOR,
        (
            (
                State.ACCEPTED,
                "Digitale Formate kamen nicht vor; ein Treffen am Bildschirm übt sie gleich mit.",
                datetime.date(2018, 5, 14),
            ),
        ),
        card=ONLINE,
    ),
]


# Typed in twice, and by mistake: what becomes of such entries.
TWICE = "Für kleine Städte eigene Beispiele bringen."
FOR_THE_OFFICE = "Beamer für K2 bestellen."
SET_ASIDE_ON = datetime.date(2018, 1, 16)


def fill_register(cohort: Cohort, workshop: Workshop, draft: Edition, *, by: User) -> None:
    """The recommendations of the cohort; what the draft owes, that of 2017 on attitude included."""
    workshop.recommendations.filter(state=State.ACCEPTED).update(edition=draft)
    modules = {module.code: module.key for module in cohort.edition.modules.all()}
    for told in TOLD:
        entry = add_recommendation(
            recommendation=Recommendation(
                text=told.text,
                audience=told.audience,
                module_key=modules.get(told.module),
                **origin_of(told, cohort),
            ),
            by=by,
        )
        is_owed = bool(told.decisions) and told.decisions[-1][0] == State.ACCEPTED
        for state, reason, day in told.decisions:
            decide_on(entry, state, reason, day, edition=draft if is_owed else None, by=by)
    set_two_aside(cohort, by=by)


def set_two_aside(cohort: Cohort, *, by: User) -> None:
    small_towns = cohort.recommendations.get(text="Beispiele aus kleinen Kommunen.")
    for text, reason, other in (
        (TWICE, "Dasselbe steht schon im Register.", small_towns),
        (FOR_THE_OFFICE, "Das ist eine Notiz für das Kursbüro und keine Empfehlung.", None),
    ):
        typed = Recommendation(text=text, cohort=cohort, source="Rückmeldung aus dem Durchgang")
        entry = add_recommendation(recommendation=typed, by=by)
        set_aside_recommendation(recommendation=entry, merged_into=other, reason=reason, by=by)
        date_back(entry, SET_ASIDE_ON)


def origin_of(told: Told, cohort: Cohort) -> dict[str, Any]:
    if not told.card:
        return {"cohort": cohort, "source": "Rückmeldung aus dem Durchgang"}
    hung = Card.objects.filter(guiding_question__workshop__session__cohort=cohort, text=told.card)
    card = hung.select_related("guiding_question__workshop", "round").get()
    return {"card": card, "workshop": card.guiding_question.workshop, "round": card.round}


def decide_on(
    entry: Recommendation, state: State, reason: str, day: datetime.date, *, edition: Edition | None, by: User
) -> None:
    """As it was decided on that day."""
    decide_recommendation(recommendation=entry, state=state, reason=reason, edition=edition, by=by)
    date_back(entry, day)


def date_back(entry: Recommendation, day: datetime.date) -> None:
    """The latest decision was made on that day."""
    Recommendation.objects.filter(pk=entry.pk).update(decided_on=day)
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=BERLIN)
    latest = RecommendationDecision.objects.filter(recommendation=entry).latest("pk")
    RecommendationDecision.objects.filter(pk=latest.pk).update(decided_at=noon)
