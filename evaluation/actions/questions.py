"""Changes to the sections and questions of a draft. Lock its questionnaire before; each leaves one audit line."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from evaluation.models import Option, Question, Questionnaire, Section
from netzkoord.lib import audit
from netzkoord.lib.ordering import keys_of, next_position, step_aside
from netzkoord.lib.sorting import Sorting
from netzkoord.models import AuditAction, User


@transaction.atomic
def add_section(*, section: Section, by: User) -> Section:
    """Store a new section behind the others; sent twice, it is stored once."""
    siblings = section.questionnaire.sections.all()
    last = siblings.last()
    if last and (last.title, last.intro) == (section.title, section.intro):
        return last
    section.position = next_position(siblings)
    section.save(force_insert=True)
    record(section.questionnaire, by=by, added="section", title=section.title)
    return section


@transaction.atomic
def change_section(*, section: Section, fields: Collection[str], by: User) -> Section:
    """Store a changed section; nothing changed, nothing written."""
    if fields:
        section.save(update_fields=sorted(fields))
        record(section.questionnaire, by=by, changed="section", section=section.pk, fields=sorted(fields))
    return section


@transaction.atomic
def delete_section(*, section: Section, by: User) -> None:
    record(section.questionnaire, by=by, deleted="section", title=section.title)
    section.delete()


@transaction.atomic
def add_question(*, question: Question, labels: Sequence[str], by: User) -> Question:
    """Store a new question behind the others of its section; sent twice (same key), it is stored once."""
    siblings = question.section.questions.all()
    if twin := siblings.filter(key=question.key).first():
        return twin
    question.position = next_position(siblings)
    question.save(force_insert=True)
    set_options(question, labels)
    record(question.section.questionnaire, by=by, added="question", key=str(question.key))
    return question


@transaction.atomic
def change_question(*, question: Question, labels: Sequence[str], fields: Collection[str], by: User) -> Question:
    """Store a changed question; in another section it stands at the end. Nothing changed, nothing written."""
    if fields:
        if "section" in fields:
            question.position = next_position(question.section.questions.all())
        question.save()
        set_options(question, labels)
        named = {"changed": "question", "key": str(question.key)}
        record(question.section.questionnaire, by=by, **named, fields=sorted(fields))
    return question


@transaction.atomic
def change_condition(
    *, question: Question, earlier: Question | None, values: Sequence[int], fields: Collection[str], by: User
) -> Question:
    """Let a question depend on answers to an earlier one, or on none; nothing changed, nothing written."""
    if fields:
        question.condition_question, question.condition_values = earlier, list(values)
        question.save(update_fields=["condition_question", "condition_values"])
        named = {"changed": "question", "key": str(question.key)}
        record(question.section.questionnaire, by=by, **named, fields=["condition"])
    return question


@transaction.atomic
def delete_question(*, question: Question, by: User) -> None:
    record(question.section.questionnaire, by=by, deleted="question", key=str(question.key))
    question.delete()


@transaction.atomic
def order_pieces(*, pieces: QuerySet[Any], sorting: Sorting, questionnaire: Questionnaire, by: User) -> None:
    """Put sections, or the questions of one, into the order asked for. Raises `NotTheSameRows`."""
    before = keys_of(pieces)
    sorting.apply(pieces)
    if keys_of(pieces) != before:
        record(questionnaire, by=by, ordered=pieces.model._meta.model_name)


def matched_options(stored: Sequence[Option], labels: Sequence[str]) -> list[Option | None]:
    """For each label the stored option that it continues, None for a new one.

    The same words are the same option. Where as many lines stand as before, what is left was reworded: each line
    continues the one that stood there.
    """
    by_label = {option.label: option for option in stored}
    found = [by_label.get(label) for label in labels]
    rest = [option for option in stored if option not in found]
    if len(stored) != len(labels):
        return found
    return [option or rest.pop(0) for option in found]


def set_options(question: Question, labels: Sequence[str]) -> None:
    """Bring the options in line with these labels; questions that depend on an option stay with it."""
    stored = list(question.options.all())
    if [option.label for option in stored] == list(labels):
        return
    matched = matched_options(stored, labels)
    question.options.exclude(pk__in=[option.pk for option in matched if option]).delete()
    step_aside(question.options.all(), len(stored) + len(labels))
    places: dict[int, int] = {}
    for place, (option, label) in enumerate(zip(matched, labels, strict=True), start=1):
        if option is None:
            Option.objects.create(question=question, position=place, label=label)
        else:
            places[option.position] = place
            option.position, option.label = place, label
            option.save(update_fields=["position", "label"])
    follow_options(question, places)


def follow_options(question: Question, places: dict[int, int]) -> None:
    """Turn the conditions of later questions to the new places of the options."""
    depending = list(question.conditional_questions.all())
    for later in depending:
        later.condition_values = sorted(places[value] for value in later.condition_values if value in places)
    Question.objects.bulk_update(depending, ["condition_values"])


def record(questionnaire: Questionnaire, *, by: User, **details: Any) -> None:
    audit.record(AuditAction.QUESTIONNAIRE_CHANGED, target=questionnaire, by=by, **details)
