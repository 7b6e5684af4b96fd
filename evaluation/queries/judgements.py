"""The needs of cohorts as they were planned, and as participants judge them at the end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from curriculum.models import Audience, Cohort
from evaluation.coverage import Degree, Verdict
from evaluation.judgements import (
    PLANNED,
    WORDS,
    Judgement,
    KeptCounts,
    NeedResult,
    Share,
    attention,
    difference,
    is_covered,
    share_of,
    share_sentence,
)
from evaluation.life_line import Heard, Progress
from evaluation.models import JudgedNeed, Need, Outcome, Purpose, Survey, SurveyState
from evaluation.queries.coverage import Plan, plans_of
from evaluation.queries.people import needed_for
from evaluation.queries.recurring import RecurringNeed
from evaluation.queries.sources import weighed


class Stage(Enum):
    """How far a cohort has come with judging its needs; before JUDGED nothing is known."""

    NO_NEEDS = "NO_NEEDS"
    NO_SURVEY = "NO_SURVEY"
    NOT_ASKED = "NOT_ASKED"
    AHEAD = "AHEAD"
    OPEN = "OPEN"
    COUNTING = "COUNTING"
    TOO_FEW = "TOO_FEW"
    NONE_THEN = "NONE_THEN"
    JUDGED = "JUDGED"

    @property
    def words(self) -> str:
        """Why nobody has judged, in a few words."""
        return STAGE_WORDS.get(self, WORDS[Judgement.UNKNOWN])


STAGE_WORDS = {
    Stage.NOT_ASKED: "nicht danach gefragt",
    Stage.TOO_FEW: "kein Ergebnis: zu wenige Antworten",
    Stage.NONE_THEN: "nicht danach gefragt",
    Stage.JUDGED: "zu wenige haben geurteilt",
}
NO_SURVEY_HELD = Heard("Für diesen Durchgang gibt es keine Abschlusserhebung.", Progress.MISSED)
LATER = "Nicht gefragt: Der Bedarf kam dazu, als die Befragung schon begonnen hatte."
# What the life line of a need says where nobody has judged it.
UNHEARD = {
    Stage.NO_SURVEY: Heard("Am Ende des Durchgangs urteilen die Teilnehmenden.", Progress.AHEAD),
    Stage.AHEAD: Heard("Am Ende des Durchgangs urteilen die Teilnehmenden.", Progress.AHEAD),
    Stage.OPEN: Heard(
        "Die Abschlusserhebung läuft; das Urteil steht hier, wenn sie geschlossen ist.", Progress.AHEAD
    ),
    Stage.COUNTING: Heard("Die Abschlusserhebung ist geschlossen und wird ausgezählt.", Progress.AHEAD),
    Stage.NOT_ASKED: Heard("Die Abschlusserhebung fragt nicht nach den Bedarfen.", Progress.MISSED),
    Stage.TOO_FEW: Heard("Kein Ergebnis: Zur Abschlusserhebung kamen zu wenige Antworten.", Progress.WITHHELD),
    Stage.NONE_THEN: Heard(LATER, Progress.MISSED),
    Stage.JUDGED: Heard(LATER, Progress.MISSED),
}


@dataclass(frozen=True)
class JudgedRow:
    """A need beside its judgement; `recurrence` says that it recurs.

    `verdict` and `modules`, by which it is served, are the plan that participants have judged: as it was when they
    were asked. `now` is the plan as it stands.
    """

    need: Need
    verdict: Verdict
    modules: Sequence[str]
    heard: NeedResult | None
    now: Verdict
    recurrence: RecurringNeed | None = None

    @property
    def judgement(self) -> Judgement:
        return self.heard.judgement if self.heard else Judgement.UNKNOWN

    @property
    def difference(self) -> str:
        return difference(self.verdict, self.judgement, self.modules)

    @property
    def is_covered(self) -> bool:
        return is_covered(self.verdict, self.judgement)

    @property
    def planned_words(self) -> str:
        return WORDS[PLANNED[self.verdict]]

    @property
    def changed_words(self) -> str:
        """„inzwischen im Plan: gedeckt“, where somebody has changed it since; empty elsewhere."""
        has_changed = PLANNED[self.now] is not PLANNED[self.verdict]
        return f"inzwischen im Plan: {WORDS[PLANNED[self.now]]}" if has_changed else ""

    @property
    def modules_words(self) -> str:
        """„in F, K1“; and that these do not reach everybody, where the need counts as uncovered nevertheless."""
        if not self.modules:
            return ""
        words = f"in {', '.join(self.modules)}"
        return f"nur {words}, nicht für alle" if self.verdict is Verdict.UNCOVERED else words

    @property
    def is_planned(self) -> bool:
        return is_covered(self.verdict, Judgement.UNKNOWN)

    @property
    def lacks(self) -> bool:
        """Whether those whose need it was say that it was not covered, or only partly."""
        return self.judgement in (Judgement.UNCOVERED, Judgement.PARTLY)

    @property
    def asked_as(self) -> str:
        """The words of the survey, where the need has got others since."""
        return self.heard.title if self.heard and self.heard.title != self.need.title else ""


@dataclass(frozen=True)
class JudgedNeeds:
    """The needs of a cohort, and at which stage their judging is."""

    cohort: Cohort
    survey: Survey | None
    stage: Stage
    rows: list[JudgedRow]

    @property
    def is_judged(self) -> bool:
        return self.stage is Stage.JUDGED

    @property
    def share(self) -> Share:
        return share_of_rows(self.rows)

    @property
    def sentence(self) -> str:
        needed = next(row.heard.needed for row in self.rows if row.heard)
        return share_sentence(self.share, f"weniger als {needed} Personen")

    @property
    def differing(self) -> list[JudgedRow]:
        return [row for row in self.rows if row.difference]

    @property
    def recurring(self) -> list[JudgedRow]:
        """Needs that cohorts before it have named, too, and none has covered."""
        return [row for row in self.rows if row.recurrence]

    @property
    def added_later(self) -> list[JudgedRow]:
        """Needs that were taken up after people were asked."""
        return [row for row in self.rows if not row.heard]


def share_of_rows(rows: Sequence[JudgedRow]) -> Share:
    """Of those that people were asked about."""
    return share_of(row.judgement for row in rows if row.heard)


def judged_needs(cohort: Cohort, recurrences: Mapping[int, RecurringNeed] | None = None) -> JudgedNeeds:
    """Those first where plan and judgement differ; the number of queries does not depend on the needs.

    `recurrences` is what is said of a need over several cohorts.
    """
    survey = end_surveys([cohort]).get(cohort.pk)
    rows = rows_of([cohort], recurrences)[cohort.pk]
    rows.sort(key=lambda row: attention(row.verdict, row.judgement))
    stage = stage_of(survey, any(row.heard for row in rows)) if rows else Stage.NO_NEEDS
    return JudgedNeeds(cohort, survey, stage, rows)


def end_surveys(cohorts: Sequence[Cohort]) -> dict[int, Survey]:
    """Cohort → its survey at the end, `with_asks_needs`. One query."""
    surveys = Survey.objects.filter(cohort__in=cohorts, purpose=Purpose.END).select_related("questionnaire")
    return {survey.cohort_id: survey for survey in surveys.with_asks_needs()}


def stage_of(survey: Survey | None, is_heard: bool) -> Stage:
    """Of a cohort with needs; `is_heard` says whether anything was counted of one of them."""
    if survey is None:
        return Stage.NO_SURVEY
    if is_heard:
        return Stage.JUDGED
    if not survey.asks_needs:
        return Stage.NOT_ASKED
    if survey.state is not SurveyState.CLOSED:
        return Stage.OPEN if survey.is_open else Stage.AHEAD
    return {Outcome.PENDING: Stage.COUNTING, Outcome.COUNTED: Stage.NONE_THEN}.get(
        Outcome(survey.outcome), Stage.TOO_FEW
    )


def heard_at_end(need: Need, *, is_over: bool) -> Heard:
    """What its life line says of its judgement. Three queries, or one more while a survey is open.

    `is_over`: the last session of the cohort has been.
    """
    heard, survey = heard_in([need.cohort]), end_surveys([need.cohort]).get(need.cohort_id)
    if own := heard.get(need.pk):
        return Heard(own.sentence, Progress.DONE if own.counts else Progress.WITHHELD)
    stage = stage_of(survey, bool(heard))
    if survey and survey.needs_fixed_on and stage in (Stage.OPEN, Stage.COUNTING) and not need.is_asked:
        stage = Stage.NONE_THEN
    if stage is Stage.NO_SURVEY and is_over:
        return NO_SURVEY_HELD
    return UNHEARD[stage]


def rows_of(
    cohorts: Sequence[Cohort], recurrences: Mapping[int, RecurringNeed] | None = None
) -> dict[int, list[JudgedRow]]:
    """Cohort → its needs, the heaviest first; eight queries for all of them."""
    needs: dict[int, list[Need]] = defaultdict(list)
    for need in weighed(Need.objects.filter(cohort__in=cohorts)):
        needs[need.cohort_id].append(need)
    plans, heard, said = plans_of(cohorts), heard_in(cohorts), recurrences or {}
    return {cohort.pk: rows_in(plans[cohort.pk], needs[cohort.pk], heard, said) for cohort in cohorts}


def rows_in(
    plan: Plan,
    needs: Sequence[Need],
    heard: Mapping[int, NeedResult],
    recurrences: Mapping[int, RecurringNeed],
) -> list[JudgedRow]:
    verdicts = verdicts_of(plan, needs)
    return [
        row_of(need, verdicts[need.pk], serving(plan, need), heard.get(need.pk), recurrences.get(need.pk))
        for need in needs
    ]


def row_of(
    need: Need, now: Verdict, modules: Sequence[str], heard: NeedResult | None, recurrence: RecurringNeed | None
) -> JudgedRow:
    if heard and heard.planned:
        return JudgedRow(need, heard.planned, heard.modules, heard, now, recurrence)
    return JudgedRow(need, now, modules, heard, now, recurrence)


def verdicts_of(plan: Plan, needs: Sequence[Need]) -> dict[int, Verdict]:
    """Need → how it stands with all modules together, for everybody who has it."""
    return {row.need.key: row.verdict for row in plan.judged(needs, list(Audience))}


def serving(plan: Plan, need: Need) -> list[str]:
    """The codes of the modules that give something to those who have the need."""
    return [
        each.module.code
        for each in plan.modules
        if plan.degree(need.pk, each) is not Degree.NONE and each.audiences & set(need.audiences)
    ]


def heard_in(cohorts: Sequence[Cohort]) -> dict[int, NeedResult]:
    """Need → what was said of it; of surveys that were counted only, and of enough people. Two queries."""
    surveys = Survey.objects.filter(cohort__in=cohorts, purpose=Purpose.END, outcome=Outcome.COUNTED)
    counted = surveys.with_counts().prefetch_related("judged_needs")
    return {
        judged.need_id: heard_of(judged, needed)
        for survey in counted
        for needed in [needed_for(survey)]
        for judged in survey.judged_needs.all()
    }


def heard_of(judged: JudgedNeed, needed: int) -> NeedResult:
    """As many are needed as when it was counted, or as are by now, if that is more."""
    kept = KeptCounts(judged.people, judged.fully, judged.partly, judged.uncovered)
    planned = Verdict(judged.planned) if judged.planned else None
    return NeedResult(judged.title, kept.of_enough(needed), needed, planned, tuple(judged.planned_modules))
