"""The questionnaires that come with the product, written when they are first needed."""

import uuid

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from evaluation.models import Option, Purpose, Question, Questionnaire, Section
from evaluation.proposals import PROPOSALS, Item, Part

SHIPPED = uuid.UUID("8d0f3e6c-2f57-4b7e-9a43-51c0de5a7a10")


def default_questionnaire(purpose: Purpose) -> Questionnaire:
    """The newest released version of the questionnaire that was there first for this purpose.

    The shipped proposal is written where none is released.
    """
    first = Questionnaire.objects.filter(key=OuterRef("key")).order_by("pk").values("pk")[:1]
    released = Questionnaire.objects.latest_released().filter(purpose=purpose)
    return released.order_by(Subquery(first)).first() or write_proposal(purpose)


def shipped_key(purpose: Purpose) -> uuid.UUID:
    """The same at every place, so that two who need a proposal at once write it once."""
    return uuid.uuid5(SHIPPED, purpose)


@transaction.atomic
def write_proposal(purpose: Purpose) -> Questionnaire:
    proposal = PROPOSALS[purpose]
    questionnaire, is_new = Questionnaire.objects.get_or_create(
        key=shipped_key(purpose),
        version=1,
        defaults={
            "purpose": purpose,
            "title": proposal.title,
            "intro": proposal.intro,
            "is_proposal": True,
        },
    )
    if is_new:
        for position, part in enumerate(proposal.parts, start=1):
            write_part(questionnaire, position, part)
        questionnaire.released_at = timezone.now()
        questionnaire.save(update_fields=["released_at"])
    return questionnaire


def write_part(questionnaire: Questionnaire, position: int, part: Part) -> None:
    section = Section.objects.create(
        questionnaire=questionnaire, position=position, title=part.title, intro=part.intro
    )
    for number, item in enumerate(part.items, start=1):
        write_item(section, number, item)


def write_item(section: Section, position: int, item: Item) -> None:
    values = item._asdict()
    options, after = values.pop("options"), values.pop("after")
    if after:
        text, values["condition_values"] = after
        earlier = Question.objects.filter(section__questionnaire=section.questionnaire_id)
        values["condition_question"] = earlier.get(text=text)
    question = Question.objects.create(section=section, position=position, **values)
    Option.objects.bulk_create(
        Option(question=question, position=place, label=label) for place, label in enumerate(options, start=1)
    )
