"""Self-ratings of a cohort at the beginning, at the end and months later, joined by the self-made code."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriculum.models import Audience, Cohort, Competence, CompetenceProfile
from evaluation.change import Blocks, Change, Development, Joining, Levels, development
from evaluation.models import MOMENTS, Answer, Outcome, Purpose, Response, ResponsePair, Survey, SurveyState
from evaluation.pairing import Pair
from evaluation.queries.people import needed_for
from netzkoord.lib.numbers import decimal

TITLES = {Purpose.START: "zu Beginn", Purpose.END: "am Ende", Purpose.TRANSFER: "einige Monate danach"}

Targets = Mapping[str, int]
# Competence → response → level
Ratings = Mapping[int, Levels]


@dataclass(frozen=True)
class Moment:
    """One of the three surveys and where it stands; `survey` is None when it was not asked."""

    purpose: Purpose
    survey: Survey | None

    @property
    def title(self) -> str:
        return TITLES[self.purpose]

    @property
    def is_counted(self) -> bool:
        return self.survey is not None and self.survey.outcome == Outcome.COUNTED

    @property
    def counted_on(self) -> datetime.date | None:
        return self.survey.counted_on if self.survey else None

    @property
    def status(self) -> str:
        """What the survey has come to, as the end of a sentence."""
        if self.survey is None:
            return "nicht gefragt"
        if self.survey.state is not SurveyState.CLOSED:
            return {SurveyState.SCHEDULED: "geplant", SurveyState.OPEN: "läuft noch"}[self.survey.state]
        return {
            Outcome.PENDING.value: "wird ausgezählt",
            Outcome.COUNTED.value: "ausgezählt",
        }.get(self.survey.outcome, f"weniger als {self.survey.minimum} Antworten, darum ohne Ergebnis")


def counted(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


@dataclass(frozen=True)
class ChangeRow:
    """One competence: the same people before and after."""

    competence: str
    change: Change


@dataclass(frozen=True)
class TargetRow:
    """One competence: the level that one role is to reach, and the mean that is reached.

    `is_together` when the mean is of both roles, because one of them is too small.
    """

    competence: str
    role: str
    target: int
    reached: float
    n: int
    is_together: bool

    @property
    def who(self) -> str:
        return Audience(self.role).label

    @property
    def is_reached(self) -> bool:
        return self.reached >= self.target


@dataclass(frozen=True)
class TargetTable:
    """What one role is to reach, and has reached."""

    who: str
    rows: list[TargetRow]

    @property
    def reached(self) -> int:
        return sum(row.is_reached for row in self.rows)

    @property
    def sentence(self) -> str:
        """How many targets are reached in the mean; says so where the mean is not of this role alone."""
        reached = f"in {self.reached} von {len(self.rows)} Kompetenzen"
        if any(row.is_together for row in self.rows):
            return f"Die Zielstufe der {self.who} erreicht das Mittel beider Rollen {reached}."
        return f"{self.who} haben {reached} ihre Zielstufe erreicht."


@dataclass(frozen=True)
class CompetenceLine:
    """One competence: all who answered before and after, and why pairs are missing."""

    competence: str
    development: Development


@dataclass(frozen=True)
class Withheld:
    reason: str
    competences: list[str]


@dataclass(frozen=True)
class ComparedMoments:
    """The beginning against a later survey."""

    before: Moment
    after: Moment
    minimum: int
    joining: Joining
    rows: list[ChangeRow]
    targets: list[TargetRow]
    lines: list[CompetenceLine]
    blocks: Mapping[int, Blocks]

    @property
    def key(self) -> str:
        return self.after.purpose.lower()

    @property
    def summary(self) -> list[str]:
        """The answer in sentences, by rule: how much has changed, where most, which targets are reached."""
        if not self.rows:
            return [*self.group_sentences, *self.target_sentences]
        greatest = max(self.rows, key=lambda row: row.change.difference)
        risen = sum(row.change.difference > 0 for row in self.rows)
        sentences = [f"In {risen} von {len(self.rows)} Kompetenzen schätzen sich die Teilnehmenden höher ein."]
        if greatest.change.difference > 0:
            sentences.append(
                f"Am meisten gestiegen ist „{greatest.competence}“: "
                f"von {decimal(greatest.change.before)} auf {decimal(greatest.change.after)}."
            )
        return [*sentences, *self.target_sentences]

    @property
    def group_sentences(self) -> list[str]:
        """What the means of all say where no pair may be shown: two groups, not the same people."""
        groups = [(line.development.before.mean, line.development.after.mean) for line in self.lines]
        means = [(one, other) for one, other in groups if one is not None and other is not None]
        if not means:
            return []
        risen = sum(other > one for one, other in means)
        return [
            f"In {risen} von {len(means)} Kompetenzen ist das Mittel aller Antworten {self.after.title} höher als "
            "zu Beginn; verglichen sind zwei Gruppen, nicht dieselben Personen."
        ]

    @property
    def target_sentences(self) -> list[str]:
        """How many targets each role has reached in the mean."""
        return [table.sentence for table in self.target_tables]

    @property
    def target_tables(self) -> list[TargetTable]:
        """One for each role."""
        return [
            TargetTable(role.label, rows)
            for role in Audience
            if (rows := [row for row in self.targets if row.role == role])
        ]

    @property
    def has_roles_together(self) -> bool:
        return any(row.is_together for row in self.targets)

    @property
    def joining_sentence(self) -> str:
        joining = self.joining
        return (
            f"{counted(len(joining.pairs), 'Paar', 'Paare')} aus {joining.before} Antworten zu Beginn und "
            f"{joining.after} {self.after.title}. Verbunden wird, wer beide Male denselben Code angegeben hat; "
            f"ein einzelner Schreibfehler schadet nicht.{self.paper_sentence}"
        )

    @property
    def paper_sentence(self) -> str:
        surveys = [moment.survey for moment in (self.before, self.after) if moment.survey]
        if not any(survey.on_paper for survey in surveys):
            return ""
        return " Ein Papierbogen wird nur mit einem Papierbogen verbunden."

    @property
    def rest_sentence(self) -> str:
        """Why there are not more pairs, or none at all, as far as that is known."""
        if self.joining.pairs:
            return (
                f"Es bleiben immer keine oder mindestens {self.minimum} Antworten ohne Gegenstück, "
                "auch wenn mehr Codes passen: Sonst ließe sich erkennen, von wem sie sind."
            )
        return (
            f"{self.why_no_pairs} Darum stehen hier zwei Gruppen nebeneinander: "
            f"alle Antworten zu Beginn und alle {self.after.title}."
        )

    @property
    def why_no_pairs(self) -> str:
        if self.is_later_counted_first:
            return (
                f"Die Antworten {self.after.title} wurden vor denen vom Beginn ausgezählt, also ohne deren Codes."
            )
        return (
            "Entweder passten zu wenige Codes zusammen, oder an den Paaren ließe sich erkennen, von wem einzelne "
            "Antworten sind, oder die Codes vom Beginn lagen beim Auszählen nicht vor."
        )

    @property
    def is_later_counted_first(self) -> bool:
        """Only the days are known."""
        before, after = self.before.counted_on, self.after.counted_on
        return before is not None and after is not None and after < before

    @property
    def withheld(self) -> list[Withheld]:
        """Why pairs are missing, with the competences in which they do; empty where there is no pair at all."""
        if not self.joining.pairs:
            return []
        names: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            names[line.development.why_fewer].append(line.competence)
        return [Withheld(reason, competences) for reason, competences in names.items() if reason]


@dataclass(frozen=True)
class BeforeAfter:
    moments: list[Moment]
    comparisons: list[ComparedMoments]

    @property
    def is_asked(self) -> bool:
        return any(moment.survey for moment in self.moments)


def before_after(cohort: Cohort) -> BeforeAfter:
    """The beginning against the end, and against the months later, as far as they are counted. Six queries."""
    surveys = {survey.purpose: survey for survey in cohort.surveys.with_counts().filter(purpose__in=MOMENTS)}
    moments = [Moment(purpose, surveys.get(purpose)) for purpose in MOMENTS]
    later = [moment for moment in moments[1:] if moment.is_counted]
    if not later or not moments[0].is_counted:
        return BeforeAfter(moments, [])
    return BeforeAfter(moments, comparisons_of(cohort, moments[0], later))


def comparisons_of(cohort: Cohort, before: Moment, later: Sequence[Moment]) -> list[ComparedMoments]:
    """Each against the same beginning: what an earlier one tells apart binds the next one."""
    material = material_of(cohort, [moment.survey.pk for moment in (before, *later) if moment.survey])
    comparisons: list[ComparedMoments] = []
    for moment in later:
        told_apart = comparisons[-1].blocks if comparisons else {}
        comparisons.append(comparison(before, moment, material, told_apart))
    return comparisons


@dataclass(frozen=True)
class Material:
    """What was counted, by purpose, and what the edition asks for."""

    roles: Mapping[str, Mapping[uuid.UUID, str]]
    pairs: Mapping[str, list[Pair]]
    ratings: Mapping[str, Ratings]
    competences: list[Competence]
    targets: Mapping[int, Targets]


def material_of(cohort: Cohort, surveys: Sequence[int]) -> Material:
    return Material(
        roles_of(surveys),
        pairs_of(surveys),
        ratings_of(surveys),
        list(Competence.objects.filter(area__edition=cohort.edition_id)),
        targets_of(cohort),
    )


def comparison(
    before: Moment, after: Moment, material: Material, told_apart: Mapping[int, Blocks]
) -> ComparedMoments:
    joining = joining_of(before, after, material)
    needed = max(needed_for(moment.survey) for moment in (before, after) if moment.survey)
    ones, others = material.ratings[before.purpose], material.ratings[after.purpose]
    developments = {
        competence: development(
            joining,
            ones.get(competence.pk, {}),
            others.get(competence.pk, {}),
            minimum=needed,
            told_apart=told_apart.get(competence.pk),
        )
        for competence in material.competences
        if competence.pk in ones or competence.pk in others
    }
    return ComparedMoments(
        before=before,
        after=after,
        minimum=needed,
        joining=joining,
        rows=[ChangeRow(each.name, found.change) for each, found in developments.items() if found.change],
        targets=[row for each, found in developments.items() for row in target_rows(each, found, material)],
        lines=[CompetenceLine(competence.name, found) for competence, found in developments.items()],
        blocks={competence.pk: found.blocks for competence, found in developments.items()},
    )


def target_rows(competence: Competence, found: Development, material: Material) -> list[TargetRow]:
    targets = material.targets.get(competence.pk, {})
    rows = []
    for role in Audience:
        group = found.reached.get(role, found.reached.get(""))
        if role in targets and group and group.mean is not None:
            is_together = role not in found.reached
            rows.append(TargetRow(competence.name, role, targets[role], group.mean, group.n, is_together))
    return rows


def joining_of(before: Moment, after: Moment, material: Material) -> Joining:
    roles, pairs = material.roles[after.purpose], material.pairs[after.purpose]
    return Joining(
        before=len(material.roles[before.purpose]),
        after=len(roles),
        pairs=tuple(pairs),
        roles={**roles, **{pair.after: pair.role for pair in pairs}},
    )


def roles_of(surveys: Sequence[int]) -> Mapping[str, Mapping[uuid.UUID, str]]:
    """Purpose → response → role, as far as it is stored. One query."""
    found: dict[str, dict[uuid.UUID, str]] = defaultdict(dict)
    rows = Response.objects.filter(survey__in=surveys).values_list("survey__purpose", "pk", "role")
    for purpose, key, role in rows:
        found[purpose][key] = role
    return found


def pairs_of(surveys: Sequence[int]) -> Mapping[str, list[Pair]]:
    """Purpose of the later survey → pairs, in an order that says nothing and is always the same. One query."""
    found: dict[str, list[Pair]] = defaultdict(list)
    rows = ResponsePair.objects.filter(after__survey__in=surveys).order_by("before")
    for purpose, one, other, role in rows.values_list("after__survey__purpose", "before", "after", "role"):
        found[purpose].append(Pair(one, other, role))
    return found


def ratings_of(surveys: Sequence[int]) -> Mapping[str, Ratings]:
    """Purpose → competence → response → level. One query."""
    found: dict[str, dict[int, dict[uuid.UUID, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = Answer.objects.filter(response__survey__in=surveys, competence__isnull=False, number__isnull=False)
    values = rows.values_list("response__survey__purpose", "competence", "response", "number")
    for purpose, competence, response, number in values:
        found[purpose][competence or 0][response] = number or 0
    return found


def targets_of(cohort: Cohort) -> Mapping[int, Targets]:
    """Competence → role → the highest level that any level of responsibility asks of it. One query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    profiles = CompetenceProfile.objects.filter(competence__area__edition=cohort.edition_id)
    for competence, role, level in profiles.values_list("competence", "track__audience", "target_level"):
        found[competence][role] = max(level, found[competence].get(role, 0))
    return found
