"""What a person said to the questions of a form, and how it travels: as JSON under seal, as rows in a table."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from evaluation.models import QuestionKind


@dataclass(frozen=True)
class Said:
    """What was said to one question, or about one topic or competence; all of it may be missing.

    `options` are the primary keys of what was chosen, `skill` is the own skill in a rated topic.
    """

    number: int | None = None
    skill: int | None = None
    text: str = ""
    options: tuple[int, ...] = ()
    is_abstention: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Said()


# A question, and the topic or competence that is rated in it; None for every other question.
Key = tuple[int, int | None]
Answers = Mapping[Key, Said]
Row = list[Any]


def packed(answers: Answers) -> list[Row]:
    """The answers as JSON can carry them, in the order of their keys; empty ones are left out."""
    return [
        [question, item, said.number, said.skill, said.text, sorted(said.options), int(said.is_abstention)]
        for (question, item), said in sorted(answers.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0))
        if not said.is_empty
    ]


def unpacked(rows: Iterable[Row]) -> dict[Key, Said]:
    return {
        (question, item): Said(number, skill, text, tuple(options), bool(is_abstention))
        for question, item, number, skill, text, options, is_abstention in rows
    }


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fingerprint(receipt: str, answers: Answers) -> str:
    """SHA-256 of the receipt and the answers together, hexadecimal: nobody without the receipt can guess it."""
    return hashlib.sha256(f"{receipt}\n{to_json(packed(answers))}".encode()).hexdigest()


def receipt_print(receipt: str) -> str:
    """SHA-256 of the receipt alone, hexadecimal: its 80 random bits cannot be tried out."""
    return hashlib.sha256(receipt.encode()).hexdigest()


def without(answers: Answers, questions: Collection[int]) -> dict[Key, Said]:
    """The answers without those to certain questions, by their primary keys."""
    return {key: said for key, said in answers.items() if key[0] not in questions}


class StoredAnswer(Protocol):
    """A row in which an answer, or one of several chosen options, is stored."""

    question_id: int
    option_id: int | None
    topic_id: int | None
    competence_id: int | None
    number: int | None
    skill: int | None
    text: str
    is_abstention: bool


def read_back(rows: Iterable[StoredAnswer]) -> dict[Key, Said]:
    """The answers of one person from their rows; the opposite of `fields_of`."""
    answers: dict[Key, Said] = {}
    for row in rows:
        key = (row.question_id, row.topic_id or row.competence_id)
        options = answers.get(key, Said()).options + ((row.option_id,) if row.option_id else ())
        answers[key] = Said(row.number, row.skill, row.text, tuple(sorted(options)), row.is_abstention)
    return answers


def fields_of(key: Key, said: Said, kind: str) -> Iterator[dict[str, Any]]:
    """The fields of the row, or of the rows for several options, in which an answer is stored."""
    question, item = key
    if said.options:
        yield from ({"question_id": question, "option_id": option} for option in said.options)
    elif not said.is_empty:
        yield {
            "question_id": question,
            "topic_id": item if kind == QuestionKind.TOPICS else None,
            "competence_id": item if kind == QuestionKind.COMPETENCES else None,
            "number": said.number,
            "skill": said.skill,
            "text": said.text,
            "is_abstention": said.is_abstention,
        }
