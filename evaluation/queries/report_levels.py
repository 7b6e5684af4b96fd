"""The four levels of Kirkpatrick: what the report of a cohort knows on each, and what it does not."""

from dataclasses import dataclass

from evaluation.models import Purpose
from evaluation.queries.report import CohortReport, CoursePart
from evaluation.queries.results import SurveyResult
from netzkoord.lib.sentences import listed


@dataclass(frozen=True)
class Level:
    """One level with its question; `known` is empty when nothing is known on it."""

    number: int
    name: str
    question: str
    known: list[str]
    unknown: list[str]


def levels_of(report: CohortReport) -> list[Level]:
    return [reaction(report), learning(report), behaviour(report), outcomes(report)]


def reaction(report: CohortReport) -> Level:
    """Level 1, from the feedback on the sessions and the survey at the end."""
    held = len(report.sessions)
    known = [f"Zu {len(report.counted)} von {held} Terminen liegt ein Ergebnis vor (5.3)."] if held else []
    if end := result_of(report, Purpose.END):
        known += overall_sentences(end)
    unknown = ["Wie die urteilen, die nicht geantwortet haben."]
    if report.withheld:
        codes = listed([part.row.module.code for part in report.withheld])
        unknown.append(f"Was zu {codes} gesagt wurde: Zu wenige haben geantwortet.")
    return Level(1, "Reaktion", "Wie fanden die Teilnehmenden die Fortbildung?", known, unknown)


def learning(report: CohortReport) -> Level:
    """Level 2, from the self-ratings at the beginning and at the end."""
    found = [each for each in report.course.comparisons if each.after.purpose is Purpose.END]
    known = [sentence for comparison in found for sentence in comparison.summary]
    unknown = ["Was die Teilnehmenden können: Sie schätzen sich selbst ein, geprüft wurde nichts."]
    return Level(
        2, "Lernen", "Was haben sie gelernt?", known, unknown if known else [why_missing(report, Purpose.END)]
    )


def behaviour(report: CohortReport) -> Level:
    """Level 3, from the survey months later."""
    transfer = result_of(report, Purpose.TRANSFER)
    later = [each for each in report.course.comparisons if each.after.purpose is Purpose.TRANSFER]
    known = [sentence for comparison in later for sentence in comparison.summary]
    if transfer:
        known = [*transfer.summary, *known]
    unknown = ["Ob andere am Arbeitsplatz es ebenso sehen: Gefragt wurden nur die Teilnehmenden selbst."]
    return Level(
        3,
        "Verhalten",
        "Was setzen sie in ihrer Arbeit um?",
        known,
        unknown if known else [why_missing(report, Purpose.TRANSFER)],
    )


def outcomes(report: CohortReport) -> Level:
    """Level 4: nothing is measured in the municipalities; what the survey months later says is no proof."""
    return Level(
        4,
        "Ergebnisse",
        "Was hat sich in den Kommunen verändert?",
        [],
        [
            "In den Kommunen wurde nichts gemessen.",
            "Was Teilnehmende Monate später berichten, ist ein Hinweis und kein Beleg: Auch anderes als die "
            "Fortbildung kann es bewirkt haben.",
        ],
    )


def part_of(report: CohortReport, purpose: Purpose) -> CoursePart:
    return next(part for part in report.course_parts if part.purpose is purpose)


def result_of(report: CohortReport, purpose: Purpose) -> SurveyResult | None:
    return part_of(report, purpose).result


def why_missing(report: CohortReport, purpose: Purpose) -> str:
    part = part_of(report, purpose)
    if part.result:
        return "Die Antworten ließen sich nicht mit denen zu Beginn vergleichen (5.5 sagt, warum)."
    return f"Noch nichts. {part.title}: {part.status}."


def overall_sentences(result: SurveyResult) -> list[str]:
    """Marks and recommendation at the end, as they stand in the summary of the survey."""
    return [sentence for sentence in result.summary[1:] if sentence]
