"""What differs between two versions of a questionnaire. Pure.

Questions are matched by their keys. A section has none: it continues the one of the same title, or the one from
which its first question comes.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curriculum.difference import out_of_order
from curriculum.models import Audience
from evaluation.outlines import Outline, PlannedQuestion, PlannedSection

NOTHING = "nichts"


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedQuestion:
    planned: PlannedQuestion
    changes: list[Change]


@dataclass(frozen=True)
class ChangedSection:
    part: PlannedSection
    changes: list[Change]


@dataclass(frozen=True)
class VersionDifference:
    """What makes the newer version out of the older one."""

    texts: list[Change]
    sections_added: list[PlannedSection]
    sections_gone: list[PlannedSection]
    sections_changed: list[ChangedSection]
    added: list[PlannedQuestion]
    gone: list[PlannedQuestion]
    changed: list[ChangedQuestion]

    def __bool__(self) -> bool:
        return any(vars(self).values())


def difference(old: Outline, new: Outline) -> VersionDifference:
    before = {planned.question.key: planned for planned in old.questions()}
    after = {planned.question.key: planned for planned in new.questions()}
    continued = continued_sections(old, new)
    known = {part.section.pk for part in continued.values()}
    return VersionDifference(
        texts=changes_between(texts_of(old), texts_of(new)),
        sections_added=[part for part in new.sections if part.section.pk not in continued],
        sections_gone=[part for part in old.sections if part.section.pk not in known],
        sections_changed=list(changed_sections(new, continued)),
        added=[planned for key, planned in after.items() if key not in before],
        gone=[planned for key, planned in before.items() if key not in after],
        changed=list(changed_questions(old, new, before, after)),
    )


def texts_of(outline: Outline) -> dict[str, str]:
    return {"Titel": outline.questionnaire.title, "Einleitung": outline.questionnaire.intro}


def continued_sections(old: Outline, new: Outline) -> dict[int, PlannedSection]:
    """Key of a section of the newer version → the one of the older that it continues."""
    by_title = {part.section.title: part for part in old.sections}
    found = {
        part.section.pk: by_title[part.section.title] for part in new.sections if part.section.title in by_title
    }
    taken = {part.section.pk for part in found.values()}
    home = {planned.question.key: part for part in old.sections for planned in part.questions}
    for part in new.sections:
        origin = next((home[p.question.key] for p in part.questions if p.question.key in home), None)
        if part.section.pk not in found and origin and origin.section.pk not in taken:
            found[part.section.pk] = origin
            taken.add(origin.section.pk)
    return found


def changed_sections(new: Outline, continued: Mapping[int, PlannedSection]) -> Iterator[ChangedSection]:
    for part in new.sections:
        if origin := continued.get(part.section.pk):
            old, own = origin.section, part.section
            changes = changes_between(
                {"Überschrift": old.title, "Einleitung": old.intro},
                {"Überschrift": own.title, "Einleitung": own.intro},
            )
            if changes:
                yield ChangedSection(part, changes)


def changed_questions(
    old: Outline,
    new: Outline,
    before: Mapping[uuid.UUID, PlannedQuestion],
    after: Mapping[uuid.UUID, PlannedQuestion],
) -> Iterator[ChangedQuestion]:
    moved = out_of_order(list(before), list(after))
    for key, planned in after.items():
        if key not in before:
            continue
        changes = changes_between(described(before[key], old), described(planned, new))
        if key in moved:
            changes.append(Change("Stelle", f"Frage {before[key].number}", f"Frage {planned.number}"))
        if changes:
            yield ChangedQuestion(planned, changes)


def described(planned: PlannedQuestion, outline: Outline) -> dict[str, str]:
    """Everything that can change about a question, in words."""
    question = planned.question
    return {
        "Frage": question.text,
        "Hinweis": question.hint,
        "Art": question.get_kind_display(),
        "Antworten zur Auswahl": "; ".join(option.label for option in planned.options),
        "Unteres Ende": question.low_label,
        "Oberes Ende": question.high_label,
        "Muss beantwortet werden": "ja" if question.is_required else "nein",
        "„Kann ich nicht beurteilen“": "ja" if question.can_abstain else "nein",
        "Gefragt werden": Audience(question.audience).label if question.audience else "alle",
        "Bedingung": outline.condition_sentence(question),
        "Gut und kritisch": bands_of(planned),
    }


def bands_of(planned: PlannedQuestion) -> str:
    question = planned.question
    if question.good_within is None or question.poor_beyond is None:
        return ""
    good, poor = (f"{value:.1f}".replace(".", ",") for value in (question.good_within, question.poor_beyond))
    return f"gut bis {good}, kritisch über {poor} vom Ideal"


def changes_between(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    return [
        Change(label, old[label] or NOTHING, new[label] or NOTHING) for label in new if old[label] != new[label]
    ]
