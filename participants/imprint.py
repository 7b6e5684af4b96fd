"""What every certificate of an issuance says beside its content: who issues and signs it, and how it looks."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Self

from netzkoord.lib.fingerprints import fingerprint_of


@dataclass(frozen=True)
class Signatory:
    """Who signs, and as what; `signature` is the SHA-256 of a picture, or empty."""

    name: str
    function: str
    signature: str = ""


@dataclass(frozen=True)
class Imprint:
    """Veranstalter, Unterschriften and Gestaltung; `logo` is the SHA-256 of a picture, or empty."""

    issuer: str
    place: str
    signatories: tuple[Signatory, ...]
    layout: str = "PORTRAIT"
    intro: str = ""
    logo: str = ""
    logo_alternative: str = ""

    @property
    def seen(self) -> str:
        """Names what a page has shown of it, so that nothing else is issued with it."""
        return fingerprint_of(self)

    @property
    def pictures(self) -> list[str]:
        """SHA-256 of every picture that is named."""
        return [name for name in [self.logo, *(each.signature for each in self.signatories)] if name]

    def with_only(self, pictures: Collection[str]) -> Self:
        """Without the pictures that are not among these."""
        signatories = tuple(
            signatory if signatory.signature in pictures else replace(signatory, signature="")
            for signatory in self.signatories
        )
        if self.logo in pictures:
            return replace(self, signatories=signatories)
        return replace(self, signatories=signatories, logo="", logo_alternative="")


def imprint_of(content: dict[str, Any]) -> Imprint:
    """The imprint of a snapshot of whatever version."""
    stored = content["imprint"]
    if version_of(content) == 1:
        return Imprint(stored["issuer"], stored["place"], (Signatory(stored["signatory"], stored["function"]),))
    return Imprint(**stored | {"signatories": tuple(Signatory(**each) for each in stored["signatories"])})


def version_of(content: dict[str, Any]) -> int:
    """Of a snapshot; the first version had no number."""
    version: int = content.get("version", 1)
    return version
