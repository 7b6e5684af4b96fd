"""The sealed ballot: what makes an anonymous answer unreadable until all of its survey are opened together.

Answers are sealed with the survey's public key (HPKE, RFC 9180). The private key is wrapped with a secret that
is not in the database and vanishes with the ballots. `docs/anonymity.md` says what this guarantees.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Count

from curriculum.models import Competence, Topic
from evaluation.models import Question, QuestionKind, Survey
from evaluation.said import Answers, packed, to_json, unpacked

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
NONCE_BYTES = 12
RECEIPT_BYTES = 10
# Longest text of one answer, in characters: with it every ballot of a survey can have the same size.
TEXT_LIMIT = 1000
PERSONAL_TEXT_LIMIT = 2000
# A character takes at most four bytes in UTF-8 and six as a JSON escape of a control character.
BYTES_PER_CHARACTER = 6
# A primary key with its comma; a row of an answer with two keys, its numbers and marks; what stands around.
KEY_BYTES = 20
ROW_BYTES = 80
SPARE_BYTES = 400


class KeyPair(NamedTuple):
    """Both halves as they are stored: the public one, and the private one wrapped with the operator's secret."""

    public: bytes
    wrapped_private: bytes


class BallotsUnreadableError(Exception):
    """The ballots of a survey cannot be opened: the operator's secret is another one, or data was changed."""


def new_key_pair() -> KeyPair:
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    nonce = secrets.token_bytes(NONCE_BYTES)
    return KeyPair(public, nonce + wrapping_cipher().encrypt(nonce, private.private_bytes_raw(), public))


def wrapping_cipher() -> AESGCM:
    return AESGCM(secret_for(b"ballot key"))


def secret_for(info: bytes) -> bytes:
    """256 bits for one use, from the operator's secret."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"netzkoord " + info)
    return kdf.derive(settings.BALLOT_SECRET.encode())


def codes_cipher() -> AESGCM:
    """For the codes of the beginning, while a later survey is awaited."""
    return AESGCM(secret_for(b"kept codes"))


def code_secret(cohort_pk: int) -> bytes:
    """Keys the hashes of the self-made codes of one cohort."""
    return secret_for(b"codes " + str(cohort_pk).encode())


def paper_code_secret(cohort_pk: int) -> bytes:
    """For those on paper, so that none of them meets one by link."""
    return secret_for(b"codes on paper " + str(cohort_pk).encode())


def unwrapped_private_key(survey: Survey) -> X25519PrivateKey:
    """The survey's private key; Raises BallotsUnreadableError when it was wrapped with another secret."""
    wrapped, public = bytes(survey.wrapped_private_key or b""), bytes(survey.public_key or b"")
    try:
        raw = wrapping_cipher().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], public)
    except (InvalidTag, ValueError) as error:
        raise BallotsUnreadableError(f"key of survey {survey.pk}") from error
    return X25519PrivateKey.from_private_bytes(raw)


def derived_key(survey: Survey, info: bytes, length: int = 32) -> bytes:
    """A secret that follows from the survey's private key, and ends with it. Raises BallotsUnreadableError."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=b"netzkoord " + info)
    return kdf.derive(unwrapped_private_key(survey).private_bytes_raw())


def lock(survey: Survey, content: bytes, *, info: bytes) -> bytes:
    """The content encrypted so that only the operator's secret and the survey's key together open it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(derived_key(survey, info)).encrypt(nonce, content, None)


def unlock(survey: Survey, locked: bytes, *, info: bytes) -> bytes:
    """What was locked for this survey under the same `info`. Raises BallotsUnreadableError."""
    try:
        return AESGCM(derived_key(survey, info)).decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], None)
    except InvalidTag as error:
        raise BallotsUnreadableError(f"locked content of survey {survey.pk}") from error


def random_receipt() -> str:
    """A receipt (Beleg): 80 bits in four groups of letters, that follow from nothing and are in the ballot only."""
    letters = base64.b32encode(secrets.token_bytes(RECEIPT_BYTES)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


@dataclass(frozen=True)
class Ballot:
    """What is sealed: the answers, the role of who gave them and the receipt; both empty for paper."""

    answers: Answers
    role: str = ""
    receipt: str = ""

    @property
    def is_on_paper(self) -> bool:
        return not self.receipt

    def to_json(self) -> str:
        return to_json({"answers": packed(self.answers), "role": self.role, "receipt": self.receipt})


def seal(survey: Survey, ballot: Ballot) -> bytes:
    """The ballot sealed for this survey, always of the same length."""
    public = X25519PublicKey.from_public_bytes(bytes(survey.public_key or b""))
    return SUITE.encrypt(padded(survey, ballot.to_json()), public, info=purpose_of(survey))


def padded(survey: Survey, text: str) -> bytes:
    """The text with spaces behind it, as long as the longest one of this survey."""
    content, size = text.encode(), padded_size(survey)
    if len(content) > size:
        raise ValueError(f"{len(content)} bytes do not fit into {size}")
    return content.ljust(size)


def purpose_of(survey: Survey) -> bytes:
    """Binds a ballot to its survey: under another one it cannot be opened."""
    return b"netzkoord ballot " + str(survey.pk).encode()


def padded_size(survey: Survey) -> int:
    """Bytes that every ballot and every draft of this survey fits into. One query, and one for what is rated."""
    kinds = (
        Question.objects.filter(section__questionnaire=survey.questionnaire_id)
        .order_by()
        .values_list("kind")
        .annotate(Count("pk", distinct=True), Count("options"))
    )
    return SPARE_BYTES + sum(size_of(survey, *kind) for kind in kinds)


def size_of(survey: Survey, kind: str, questions: int, options: int) -> int:
    """Bytes for the answers to all questions of one kind."""
    rows = questions * (1 + rated_in(survey, kind))
    texts = questions * text_limit(survey) * BYTES_PER_CHARACTER if kind == QuestionKind.TEXT else 0
    return rows * ROW_BYTES + options * KEY_BYTES + texts


def rated_in(survey: Survey, kind: str) -> int:
    """How many topics, competences or needs each question of this kind asks to rate."""
    edition = survey.cohort.edition_id
    if kind == QuestionKind.TOPICS:
        return Topic.objects.filter(edition=edition).count()
    if kind == QuestionKind.COMPETENCES:
        return Competence.objects.filter(area__edition=edition).count()
    if kind == QuestionKind.COVERAGE:
        return survey.judged_needs.count()
    return 0


def text_limit(survey: Survey) -> int:
    """Longest text of one answer, in characters."""
    return TEXT_LIMIT if survey.is_anonymous else PERSONAL_TEXT_LIMIT


def open_all(survey: Survey) -> list[Ballot]:
    """What is in the envelopes of a survey, in an order that nobody can know.

    Raises BallotsUnreadableError when a single one cannot be opened.
    """
    private = unwrapped_private_key(survey)
    info = purpose_of(survey)
    try:
        contents = [SUITE.decrypt(sealed, private, info=info) for sealed in sealed_ballots(survey)]
    except InvalidTag as error:
        raise BallotsUnreadableError(f"ballot of survey {survey.pk}") from error
    return shuffled([opened(content) for content in contents])


def shuffled(ballots: Sequence[Ballot]) -> list[Ballot]:
    return secrets.SystemRandom().sample(ballots, len(ballots))


def opened(content: bytes) -> Ballot:
    said = json.loads(content)
    return Ballot(unpacked(said["answers"]), said["role"], said["receipt"])


def sealed_ballots(survey: Survey) -> list[bytes]:
    return [bytes(sealed) for sealed in survey.envelopes.order_by("pk").values_list("sealed", flat=True)]
