"""How the hashed codes of the beginning are kept for later surveys: unreadable without the operator's secret."""

import json
import secrets
import uuid
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag

from evaluation import ballots
from evaluation.codes import Coded
from evaluation.models import SealedCodes, Survey


def seal(survey: Survey, coded: Sequence[Coded]) -> SealedCodes:
    """What is needed to join these responses later, not yet stored."""
    rows = sorted([each.response.hex, each.role, *each.prints] for each in coded if each.prints)
    nonce = secrets.token_bytes(ballots.NONCE_BYTES)
    content = ballots.codes_cipher().encrypt(nonce, json.dumps(rows).encode(), bound_to(survey))
    return SealedCodes(survey=survey, sealed=nonce + content)


def unsealed(kept: SealedCodes) -> list[Coded]:
    """Raises BallotsUnreadableError when they were sealed with another secret."""
    sealed = bytes(kept.sealed)
    nonce, content = sealed[: ballots.NONCE_BYTES], sealed[ballots.NONCE_BYTES :]
    try:
        rows = json.loads(ballots.codes_cipher().decrypt(nonce, content, bound_to(kept.survey)))
    except InvalidTag as error:
        raise ballots.BallotsUnreadableError(f"codes of survey {kept.survey_id}") from error
    return [Coded(uuid.UUID(key), prints, role) for key, role, *prints in rows]


def bound_to(survey: Survey) -> bytes:
    return str(survey.pk).encode()
