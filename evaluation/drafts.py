"""Half-filled forms, kept so that nothing is lost and nobody else can read them.

A draft is encrypted under the survey's private key, which the operator's secret unwraps and which is deleted with
the ballots; so even a forgotten copy of a draft can never be opened after the count. Its row is found by a key that
follows from the same private key and the invitation: the table alone does not tell whose a draft is.
"""

import datetime
import json
from dataclasses import dataclass, field

from django.utils import timezone

from evaluation import ballots
from evaluation.models import Draft, Invitation
from evaluation.said import Key, Said, packed, to_json, unpacked

ID_BYTES = 16


@dataclass(frozen=True)
class DraftContent:
    """What was filled in so far, which sections were saved, and when for the last time."""

    answers: dict[Key, Said] = field(default_factory=dict)
    sections: frozenset[int] = frozenset()
    saved_at: datetime.datetime | None = None


def draft_id(invitation: Invitation) -> str:
    info = b"draft id " + invitation.link_key.encode()
    return ballots.derived_key(invitation.survey, info, ID_BYTES).hex()


def info_of(invitation: Invitation) -> bytes:
    return b"draft " + invitation.link_key.encode()


def load(invitation: Invitation) -> DraftContent:
    """The draft of the invitation; an empty one when there is none. Raises BallotsUnreadableError."""
    draft = Draft.objects.filter(pk=draft_id(invitation)).first()
    if draft is None:
        return DraftContent()
    content = json.loads(ballots.unlock(invitation.survey, bytes(draft.sealed), info=info_of(invitation)))
    saved_at = datetime.datetime.fromisoformat(content["saved_at"])
    return DraftContent(unpacked(content["answers"]), frozenset(content["sections"]), saved_at)


def store(invitation: Invitation, content: DraftContent) -> None:
    """Write the draft, as one that was saved now."""
    text = to_json(
        {
            "answers": packed(content.answers),
            "sections": sorted(content.sections),
            "saved_at": timezone.now().isoformat(),
        }
    )
    survey = invitation.survey
    sealed = ballots.lock(survey, ballots.padded(survey, text), info=info_of(invitation))
    Draft.objects.update_or_create(pk=draft_id(invitation), defaults={"survey": survey, "sealed": sealed})


def discard(invitation: Invitation) -> None:
    Draft.objects.filter(pk=draft_id(invitation)).delete()
