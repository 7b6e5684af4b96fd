"""The result of a survey as a table: every number and every released text of its page, one in a line."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from evaluation.judgements import NeedResult
from evaluation.queries.results import RatedItems, ScaleGroup, SurveyResult
from evaluation.results import QuestionResult, TopicNeed
from evaluation.tallies import ChoiceResult, LevelResult
from netzkoord.lib.spreadsheets import CSV_TYPE, XLSX_TYPE, Value, csv_bytes, xlsx_bytes

COLUMNS = (
    ("Frage", 60),
    ("Gefragt", 28),
    ("Skala oder Gegenstand", 44),
    ("Wer", 20),
    ("Was", 30),
    ("Zahl", 10),
    ("Text", 80),
)
EVERYBODY = "alle"
WITHHELD = "zu wenige Antworten"

# What, and the number or the text that belongs to it.
Figure = tuple[str, Value, str]
Row = tuple[str, str, str, str, str, Value, str]


def result_csv(result: SurveyResult) -> bytes:
    return csv_bytes([heading for heading, _ in COLUMNS], rows_of(result))


def result_workbook(result: SurveyResult) -> bytes:
    return xlsx_bytes("Ergebnis", COLUMNS, rows_of(result))


FORMATS: Mapping[str, tuple[str, Callable[[SurveyResult], bytes]]] = {
    "csv": (CSV_TYPE, result_csv),
    "xlsx": (XLSX_TYPE, result_workbook),
}


def rows_of(result: SurveyResult) -> Iterator[Row]:
    yield ("", "", "", EVERYBODY, "befragt", result.rate.invited, "")
    yield ("", "", "", EVERYBODY, "Antworten", result.people.total, "")
    for group in result.groups:
        yield from scale_rows(group)
    for choice in result.choices:
        for who, part in [(EVERYBODY, choice), *choice.by_role]:
            yield from rows(choice.asked.text, choice.asked.whom, "Auswahl", who, choice_figures(part))
    for rated in result.rated:
        yield from rated_rows(rated)
    for need in result.needs:
        yield from rows("Bedarfe", result.needs_whom, need.title, EVERYBODY, need_figures(need))
    for open_ in result.texts:
        texts: list[Figure] = [("Text", None, str(text)) for text in open_.texts]
        yield from rows(open_.question, open_.whom, "freier Text", EVERYBODY, texts)


def rows(question: str, whom: str, about: str, who: str, figures: Iterable[Figure]) -> Iterator[Row]:
    """`whom` is empty where all were asked."""
    for what, number, text in figures:
        yield (question, whom or EVERYBODY, about, who, what, number, text)


def scale_rows(group: ScaleGroup) -> Iterator[Row]:
    for question in group.results:
        asked = question.asked
        for who, part in [(EVERYBODY, question), *question.by_role]:
            yield from rows(asked.text, asked.whom, group.direction, who, scale_figures(part, group.top_label))


def scale_figures(result: QuestionResult, top_label: str) -> list[Figure]:
    if result.is_withheld:
        return [(WITHHELD, None, "")]
    figures: list[Figure] = [
        ("n", result.n, ""),
        ("Mittel", result.mean, result.band.value if result.band else result.leaning),
        ("Median", result.median, ""),
        ("Standardabweichung", result.deviation, ""),
        ("kann ich nicht beurteilen", result.abstained, ""),
        ("ausgelassen", result.left_out, ""),
    ]
    if result.top_share is not None:
        figures.append((f"Anteil {top_label}", result.top_share, ""))
    return figures + [(f"Antworten mit {share.value}", share.count, "") for share in result.shares]


def choice_figures(result: ChoiceResult) -> list[Figure]:
    if result.is_withheld:
        return [(WITHHELD, None, "")]
    return [
        ("n", result.n, ""),
        ("kann ich nicht beurteilen", result.abstained, ""),
        ("ausgelassen", result.left_out, ""),
        *(("gewählt", option.count, option.label) for option in result.options),
    ]


def rated_rows(rated: RatedItems) -> Iterator[Row]:
    for topic in rated.topics:
        yield from rows(rated.question, rated.whom, topic.name, EVERYBODY, topic_figures(topic))
    for level in rated.levels:
        yield from rows(rated.question, rated.whom, level.name, EVERYBODY, level_figures(level))


def topic_figures(topic: TopicNeed) -> list[Figure]:
    if topic.is_withheld:
        return [(WITHHELD, None, "")]
    return [("n", topic.n, ""), ("Wichtigkeit (1–4)", topic.importance, ""), ("Können (1–4)", topic.skill, "")]


def level_figures(level: LevelResult) -> list[Figure]:
    if level.is_withheld:
        return [(WITHHELD, None, "")]
    return [
        ("n", level.n, ""),
        ("Mittel (0–4)", level.mean, ""),
        ("kann ich nicht beurteilen", level.abstained, ""),
        *((f"Stufe {share.value}", share.count, "") for share in level.shares),
    ]


def need_figures(need: NeedResult) -> list[Figure]:
    counts = need.counts
    if counts is None:
        return [("ohne Ergebnis", None, need.why_withheld)]
    return [
        ("haben geurteilt", counts.people, ""),
        ("war nicht mein Bedarf", counts.not_theirs, ""),
        ("ganz gedeckt", counts.fully, ""),
        ("teilweise gedeckt", counts.partly, ""),
        ("nicht gedeckt", counts.uncovered, ""),
    ]
