"""The sealed ballot: what makes an anonymous answer unreadable until all of its survey are opened together.

Answers are sealed with the survey's public key (HPKE, RFC 9180). The private key is wrapped with a secret that
is not in the database and vanishes with the ballots. `docs/anonymity.md` says what this guarantees.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from evaluation.models import Question, QuestionKind, Survey

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
NONCE_BYTES = 12
# Longest text of one answer, in characters: with it every ballot of a survey can have the same size.
TEXT_LIMIT = 1000
# A character takes at most four bytes in UTF-8 and six as a JSON escape of a control character.
BYTES_PER_CHARACTER = 6
NUMBER_DIGITS = 2

Answers = Mapping[int, int | str]


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
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"netzkoord ballot key")
    return AESGCM(kdf.derive(settings.BALLOT_SECRET.encode()))


def unwrapped_private_key(survey: Survey) -> X25519PrivateKey:
    """The survey's private key; Raises BallotsUnreadableError when it was wrapped with another secret."""
    wrapped, public = bytes(survey.wrapped_private_key or b""), bytes(survey.public_key or b"")
    try:
        raw = wrapping_cipher().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], public)
    except (InvalidTag, ValueError) as error:
        raise BallotsUnreadableError(f"key of survey {survey.pk}") from error
    return X25519PrivateKey.from_private_bytes(raw)


def seal(survey: Survey, answers: Answers) -> bytes:
    """The answers (question → number or text) sealed for this survey, always of the same length."""
    public = X25519PublicKey.from_public_bytes(bytes(survey.public_key or b""))
    text = json.dumps({str(pk): value for pk, value in answers.items()}, ensure_ascii=False, separators=(",", ":"))
    size = padded_size(survey.questionnaire.questions())
    content = text.encode()
    if len(content) > size:
        raise ValueError(f"ballot of {len(content)} bytes does not fit into {size}")
    return SUITE.encrypt(content.ljust(size), public, info=purpose_of(survey))


def purpose_of(survey: Survey) -> bytes:
    """Binds a ballot to its survey: under another one it cannot be opened."""
    return b"netzkoord ballot " + str(survey.pk).encode()


def padded_size(questions: Sequence[Question]) -> int:
    """Bytes of the longest ballot that this questionnaire allows."""
    braces = 2
    return braces + sum(len(f'"{question.pk}":,') + longest_value(question) for question in questions)


def longest_value(question: Question) -> int:
    quotes = 2
    return quotes + TEXT_LIMIT * BYTES_PER_CHARACTER if question.kind == QuestionKind.TEXT else NUMBER_DIGITS


def open_all(survey: Survey) -> list[dict[int, int | str]]:
    """What is in the envelopes of a survey, in an order that nobody can know.

    Raises BallotsUnreadableError when a single one cannot be opened.
    """
    private = unwrapped_private_key(survey)
    info = purpose_of(survey)
    try:
        contents = [SUITE.decrypt(sealed, private, info=info) for sealed in sealed_ballots(survey)]
    except InvalidTag as error:
        raise BallotsUnreadableError(f"ballot of survey {survey.pk}") from error
    ballots = [{int(pk): value for pk, value in json.loads(content).items()} for content in contents]
    secrets.SystemRandom().shuffle(ballots)
    return ballots


def sealed_ballots(survey: Survey) -> list[bytes]:
    return [bytes(sealed) for sealed in survey.envelopes.order_by("pk").values_list("sealed", flat=True)]
