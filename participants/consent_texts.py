"""What people agree to, word by word.

A changed text is a new version at the end of its list; a consent holds the version and the text that was read.
"""

from dataclasses import dataclass

from participants.models import ConsentPurpose


@dataclass(frozen=True)
class ConsentText:
    """One version of the text beside a box (Einwilligungstext)."""

    version: int
    text: str


VERSIONS: dict[ConsentPurpose, tuple[str, ...]] = {
    ConsentPurpose.CONTACT_LIST: (
        "Mein Name, meine Organisation, meine Funktion, meine Kommune und meine E-Mail-Adresse stehen in der "
        "Liste, die alle Teilnehmenden dieses Durchgangs bekommen.",
    ),
    ConsentPurpose.POOL: (
        "Wenn ich in diesem Durchgang keinen Platz bekomme, darf die Organisation meine Angaben bis zu zwei Jahre "
        "aufbewahren und mich zu einem späteren Durchgang vor allen anderen einladen.",
    ),
    ConsentPurpose.PHOTO: (
        "Auf Fotos, die bei den Terminen für die Dokumentation entstehen, darf ich zu erkennen sein. Sie gehen nur "
        "an die Teilnehmenden dieses Durchgangs.",
    ),
}


def current(purpose: ConsentPurpose) -> ConsentText:
    """The version that is read today."""
    texts = VERSIONS[purpose]
    return ConsentText(len(texts), texts[-1])
