"""Changes to questionnaires as wholes: made, copied, released, taken back, deleted; one audit line each."""

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from curriculum.actions.copying import copies
from curriculum.actions.in_use import delete_unused
from evaluation.models import Option, Purpose, Question, Questionnaire
from evaluation.queries.questionnaires import draft_of, outline_of, why_release_stays
from evaluation.questionnaires import shipped_key, write_proposal
from evaluation.readiness import problems_of
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class NotReadyToRelease(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something is wrong; `evaluation.readiness` says what."""


class DraftExists(Exception):  # noqa: N818
    """There is a draft of this questionnaire already; `draft` is that one."""

    def __init__(self, draft: Questionnaire) -> None:
        super().__init__(f"Questionnaire {draft.key} has draft {draft.pk}")
        self.draft = draft


class ReleaseStays(Exception):  # noqa: N818
    """The release cannot be taken back; the German sentence says why."""


@transaction.atomic
def create_questionnaire(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """Store a new draft; sent twice (same key), it is stored once."""
    if twin := Questionnaire.objects.filter(key=questionnaire.key, version=questionnaire.version).first():
        return twin
    questionnaire.save(force_insert=True)
    audit.record(AuditAction.QUESTIONNAIRE_CREATED, target=questionnaire, by=by)
    return questionnaire


@transaction.atomic
def change_questionnaire(*, questionnaire: Questionnaire, fields: Iterable[str], by: User) -> Questionnaire:
    """Store changed texts of a draft; `fields` names what changed. Nothing changed, nothing written."""
    names = sorted(fields)
    if names:
        questionnaire.save(update_fields=names)
        audit.record(AuditAction.QUESTIONNAIRE_CHANGED, target=questionnaire, by=by, fields=names)
    return questionnaire


@transaction.atomic
def propose_questionnaire(*, purpose: Purpose, by: User) -> Questionnaire:
    """Write the questionnaire that comes with the product for this purpose; one that is there stays as it is."""
    if stored := Questionnaire.objects.filter(key=shipped_key(purpose)).order_by("-version").first():
        return stored
    questionnaire = write_proposal(purpose)
    audit.record(AuditAction.QUESTIONNAIRE_CREATED, target=questionnaire, by=by, proposal=purpose)
    return questionnaire


@transaction.atomic
def release_questionnaire(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """Release a draft, which freezes it; a released one stays as it is. Raises `NotReadyToRelease`.

    The lock keeps questions from coming in between the check and the release.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if not locked.is_draft:
        return locked
    if problems_of(outline_of(locked)):
        raise NotReadyToRelease(f"Questionnaire {locked.pk}")
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    audit.record(AuditAction.QUESTIONNAIRE_RELEASED, target=locked, by=by, version=locked.version)
    return locked


@transaction.atomic
def take_back(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """Make a released version a draft again; a draft stays as it is. Raises `ReleaseStays`.

    The lock keeps a survey from beginning meanwhile: its trigger waits for it.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.is_draft:
        return locked
    if reason := why_release_stays(locked):
        raise ReleaseStays(reason)
    locked.released_at = None
    locked.save(update_fields=["released_at"])
    audit.record(AuditAction.QUESTIONNAIRE_TAKEN_BACK, target=locked, by=by, version=locked.version)
    return locked


@transaction.atomic
def add_version(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """A draft of the next version with the same questions under the same keys, by which trends survive.

    Raises `DraftExists`: one draft is enough to work on.
    """
    versions = Questionnaire.objects.filter(key=questionnaire.key)
    list(versions.select_for_update())
    if draft := draft_of(questionnaire):
        raise DraftExists(draft)
    draft = copied(
        questionnaire,
        key=questionnaire.key,
        version=int(versions.aggregate(last=Max("version"))["last"]) + 1,
        title=questionnaire.title,
        key_of=lambda row: row.key,
    )
    audit.record(AuditAction.QUESTIONNAIRE_CREATED, target=draft, by=by, version_of=questionnaire.pk)
    return draft


@transaction.atomic
def copy_questionnaire(*, questionnaire: Questionnaire, key: uuid.UUID, by: User) -> Questionnaire:
    """A draft of another questionnaire with the same words; its questions begin trends of their own.

    Sent twice (same key), it is copied once.
    """
    if twin := Questionnaire.objects.filter(key=key, version=1).first():
        return twin
    longest = Questionnaire._meta.get_field("title").max_length or 0
    suffix = " (Kopie)"
    copy = copied(
        questionnaire,
        key=key,
        version=1,
        title=questionnaire.title[: longest - len(suffix)] + suffix,
        key_of=lambda row: uuid.uuid4(),
    )
    audit.record(AuditAction.QUESTIONNAIRE_CREATED, target=copy, by=by, copied_from=questionnaire.pk)
    return copy


def copied(
    old: Questionnaire,
    *,
    key: uuid.UUID,
    version: int,
    title: str,
    key_of: Callable[[Question | Option], uuid.UUID],
) -> Questionnaire:
    new = Questionnaire.objects.create(
        key=key,
        version=version,
        title=title,
        purpose=old.purpose,
        intro=old.intro,
        is_proposal=old.is_proposal,
    )
    sections = copies(old.sections.all(), questionnaire_id={old.pk: new.pk})
    questions = copied_questions(old, sections, key_of)
    Option.objects.bulk_create(
        Option(
            question=questions[option.question_id],
            key=key_of(option),
            position=option.position,
            label=option.label,
        )
        for option in Option.objects.filter(question__section__questionnaire=old)
    )
    return new


def copied_questions(
    old: Questionnaire, sections: dict[int, int], key_of: Callable[[Question | Option], uuid.UUID]
) -> dict[int, Question]:
    """Key of the old question → its copy; what it depends on is turned to the copies once all are there."""
    originals = list(Question.objects.filter(section__questionnaire=old))
    stored = Question.objects.bulk_create(question_copy(one, sections[one.section_id], key_of) for one in originals)
    found = {original.pk: copy for original, copy in zip(originals, stored, strict=True)}
    depending = [original for original in originals if original.condition_question_id]
    for original in depending:
        copy = found[original.pk]
        copy.condition_question = found[original.condition_question_id or 0]
        copy.condition_values = original.condition_values
    Question.objects.bulk_update(
        [found[original.pk] for original in depending], ["condition_question", "condition_values"]
    )
    return found


def question_copy(
    question: Question, section_id: int, key_of: Callable[[Question | Option], uuid.UUID]
) -> Question:
    own = {"id", "key", "section", "condition_question", "condition_values"}
    values = {f.attname: getattr(question, f.attname) for f in question._meta.concrete_fields if f.name not in own}
    return Question(section_id=section_id, key=key_of(question), **values)


@transaction.atomic
def delete_draft(*, questionnaire: Questionnaire, by: User) -> None:
    """Delete a draft with all that is in it. Raises `InUse`; what is released is refused by the database."""
    audit.record(
        AuditAction.QUESTIONNAIRE_DELETED,
        target=questionnaire,
        by=by,
        title=questionnaire.title,
        version=questionnaire.version,
    )
    delete_unused(questionnaire)
