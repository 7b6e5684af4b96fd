"""Charts and numbers of results, the same on page and paper."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from curriculum.models import HIGHEST_LEVEL
from evaluation import versions
from evaluation.judgements import JudgedCounts, Share
from evaluation.models import Question
from evaluation.outlines import Outline, PlannedQuestion
from evaluation.queries.before_after import ChangeRow, TargetRow
from evaluation.queries.trends import Column
from evaluation.ratings import IMPORTANCE, SKILL
from evaluation.results import QuestionResult, TopicNeed
from evaluation.tallies import LevelResult, OptionShare
from evaluation.trends import Row
from netzkoord.lib import charts
from netzkoord.lib.numbers import decimal, percent

register = template.Library()
# So many letters stand below a bar as narrow as on a phone.
LETTERS_OF_A_BAR = 40


@register.simple_tag
def condition_sentence(outline: Outline, question: Question) -> str:
    return outline.condition_sentence(question)


@register.filter
def bands_of(planned: PlannedQuestion) -> str:
    """„gut bis 1,0, kritisch über 2,0 vom Ideal“; empty where none are given."""
    return versions.bands_of(planned)


@register.filter
def fixed(value: float | None) -> str:
    """„4,0“: always one place, so that columns line up; a dash where there is nothing."""
    return "–" if value is None else decimal(value)


@register.filter
def signed(value: float | None) -> str:
    """„+1,3“ or „−0,4“"""
    if value is None:
        return "–"
    return f"{'−' if value < 0 else '+'}{decimal(abs(value))}"


@register.filter
def as_percent(share: float | None) -> str:
    return "–" if share is None else percent(share)


@register.filter
def importance_word(value: int | None) -> str:
    return IMPORTANCE.get(value or 0, "keine Angabe")


@register.filter
def skill_word(value: int | None) -> str:
    return SKILL.get(value or 0, "keine Angabe")


@register.simple_tag
def topic_chart(need: TopicNeed) -> SafeString:
    if need.importance is None or need.skill is None:
        return SafeString("")
    title = f"{need.name}: Wichtigkeit {decimal(need.importance)}, Können {decimal(need.skill)} von 4"
    return charts.gap_line(title, skill=need.skill, importance=need.importance, lowest=1, highest=4)


@register.simple_tag
def answer_chart(result: QuestionResult) -> SafeString:
    """Distribution of the answers; the nearer to the ideal, the darker."""
    counts = ", ".join(f"{share.count} mal {share.value}" for share in result.shares if share.count)
    segments = [charts.Segment(str(share.value), share.count, tone(result, share.value)) for share in result.shares]
    return charts.stacked_bar(f"{result.asked.text} Verteilung der Antworten: {counts}", segments)


@register.simple_tag
def option_chart(option: OptionShare) -> SafeString:
    return charts.share_bar(f"{option.label}: {option.count} mal, {percent(option.share)}", option.share)


@register.simple_tag
def judgement_chart(title: str, counts: JudgedCounts) -> SafeString:
    """How those whose need it was judge; the better it was covered, the darker."""
    told = f"{title}: {counts.fully} mal ganz, {counts.partly} mal teilweise, {counts.uncovered} mal nicht gedeckt"
    degrees = (("ganz", counts.fully, 5), ("teilweise", counts.partly, 2), ("nicht", counts.uncovered, 0))
    # A narrow part has room for its number only.
    segments = [
        charts.Segment(word if count * LETTERS_OF_A_BAR >= counts.concerned * len(word) else "", count, tone)
        for word, count, tone in degrees
    ]
    return charts.stacked_bar(told, segments)


@register.simple_tag
def share_chart(title: str, share: Share) -> SafeString:
    return charts.share_bar(f"{title}: {share.covered} von {share.judged} Bedarfen gedeckt", share.value or 0)


@register.simple_tag
def level_chart(level: LevelResult) -> SafeString:
    """Distribution over the levels of a competence; the higher, the darker."""
    counts = ", ".join(f"{share.count} mal Stufe {share.value}" for share in level.shares if share.count)
    segments = [charts.Segment(str(share.value), share.count, share.value + 1) for share in level.shares]
    return charts.stacked_bar(f"{level.name} Verteilung der Antworten: {counts}", segments)


def tone(result: QuestionResult, value: int) -> int:
    scale = result.asked.scale
    distance = abs(value - scale.ideal)
    farthest = max(scale.highest - scale.ideal, scale.ideal - scale.lowest)
    return round((len(charts.TONES) - 1) * (1 - distance / farthest))


@register.simple_tag
def change_chart(row: ChangeRow) -> SafeString:
    """Mean before and after on the five levels of a competence."""
    change = row.change
    title = (
        f"{row.competence}: vorher {decimal(change.before)}, nachher {decimal(change.after)} von {HIGHEST_LEVEL}"
    )
    return charts.change_line(title, before=change.before, after=change.after, lowest=0, highest=HIGHEST_LEVEL)


@register.simple_tag
def steps_chart(row: ChangeRow) -> SafeString:
    """How many have fallen, stayed and risen by how many levels; the further up, the darker."""
    change = row.change
    title = f"{row.competence}: {change.fallen} gesunken, {change.equal} gleich, {change.risen} gestiegen"
    segments = [
        charts.Segment(step_label(step), count, max(0, min(len(charts.TONES) - 1, step + 2)))
        for step, count in sorted(change.steps.items())
    ]
    return charts.stacked_bar(title, segments)


def step_label(step: int) -> str:
    """„−1“, „0“, „+2“"""
    return "0" if not step else f"{'−' if step < 0 else '+'}{abs(step)}"


@register.simple_tag
def target_chart(row: TargetRow) -> SafeString:
    title = f"{row.competence}, {row.who}: erreicht {decimal(row.reached)}, Ziel {row.target} von {HIGHEST_LEVEL}"
    return charts.target_line(title, reached=row.reached, target=row.target, lowest=0, highest=HIGHEST_LEVEL)


@register.simple_tag
def trend_chart(row: Row, columns: Sequence[Column]) -> SafeString:
    """Means of one question over cohorts, the ideal end of its scale always on top."""
    points = [(column.mark, cell.mean, fixed(cell.mean)) for column, cell in zip(columns, row.cells, strict=True)]
    told = ", ".join(f"{mark}: {words}" for mark, mean, words in points if mean is not None)
    scale = row.asked.scale
    ends = (scale.highest, scale.lowest) if scale.ideal == scale.lowest else (scale.lowest, scale.highest)
    return charts.trend_line(
        f"{row.asked.text} Mittel je Durchgang: {told}", points, lowest=ends[0], highest=ends[1]
    )
