"""The questionnaires that come with the product, written when they are first needed."""

import uuid

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from evaluation.models import Option, Purpose, Question, Questionnaire, Section, SurveyRule
from evaluation.proposals import PROPOSALS, Item, Part

SHIPPED = uuid.UUID("8d0f3e6c-2f57-4b7e-9a43-51c0de5a7a10")


def default_questionnaire(purpose: Purpose) -> Questionnaire:
    """What is asked where nobody has chosen; the shipped proposal is written where nothing is released."""
    return usual_questionnaire(purpose) or write_proposal(purpose)


def usual_questionnaire(purpose: Purpose) -> Questionnaire | None:
    """The newest released version of the questionnaire that was there first for this purpose."""
    return Questionnaire.objects.latest_released().filter(purpose=purpose).order_by(first_version()).first()


def first_version() -> Subquery:
    """Of a questionnaire the key of its first version: the smaller, the longer it has been there."""
    versions = Questionnaire.objects.filter(key=OuterRef("key")).order_by("pk")
    return Subquery(versions.values("pk")[:1])


def questionnaire_by_rule(rule: SurveyRule) -> Questionnaire | None:
    """What a survey of this rule asks when it is started now; None where nothing is released for its purpose."""
    if rule._state.adding:
        return usual_questionnaire(Purpose(rule.purpose))
    return Questionnaire.objects.latest_released().filter(key=rule.questionnaire.key).first()


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
