"""The columns of a table of registrations, one row per person: written by the export, read by the import."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from curriculum.models import Audience
from netzkoord.models import Salutation
from participants.models import FieldOfAction, OrganisationType, TandemForm


@dataclass(frozen=True)
class Column:
    """A column: its heading, others that mean the same, and the words that may stand in it, if only some may.

    `name` is how rows call it; a column that is only written has none.
    """

    header: str
    name: str = ""
    width: int = 16
    also: tuple[str, ...] = ()
    words: Sequence[tuple[str, str]] = ()


def both(choices: type[TextChoices]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices.choices]


COLUMNS = (
    Column(
        "Tandem", "tandem", 10, ("Tandemnummer", "Tandem-Nr.", "Nr.", "Tandem number", "Tandem no.", "Team", "Pair")
    ),
    Column("Rolle", "role", 20, ("Rolle im Tandem", "Role"), Audience.person_choices()),
    Column("Anrede", "salutation", 9, ("Salutation",), both(Salutation)),
    Column("Titel", "title", 10, ("Akademischer Titel", "Title", "Academic title")),
    Column("Vorname", "given_names", 18, ("Vornamen", "First name", "Given name", "Given names", "Forename")),
    Column("Familienname", "family_name", 22, ("Name", "Nachname", "Last name", "Family name", "Surname")),
    Column(
        "E-Mail-Adresse", "email", 32, ("E-Mail", "Email", "Mail", "Mailadresse", "E-mail address", "Email address")
    ),
    Column(
        "Organisation", "organisation", 34, ("Einrichtung", "Träger", "Organization", "Institution", "Employer")
    ),
    Column(
        "Art der Organisation",
        "organisation_type",
        22,
        ("Art", "Organisationsart", "Type of organisation", "Organisation type", "Organization type"),
        both(OrganisationType),
    ),
    Column("Funktion", "position", 22, ("Position", "Stelle", "Job title", "Function")),
    Column("Telefon", "phone", 18, ("Telefonnummer", "Tel.", "Phone", "Telephone", "Phone number")),
    Column(
        "Handlungsfeld", "field_of_action", 22, ("Arbeitsfeld", "Field of action", "Field"), both(FieldOfAction)
    ),
    Column(
        "E-Mail-Adresse der vorgesetzten Person",
        "superior_email",
        32,
        (
            "Vorgesetzte Person",
            "Vorgesetzte",
            "Vorgesetzter",
            "E-Mail der vorgesetzten Person",
            "Superior",
            "Superior email",
            "Supervisor email",
            "Line manager email",
        ),
    ),
    Column(
        "AGS",
        "ags",
        12,
        ("Gemeindeschlüssel", "Amtlicher Gemeindeschlüssel", "Municipality key", "Municipality code"),
    ),
    Column("Kommune", "municipality", 24, ("Stadt", "Gemeinde", "Ort", "Municipality", "City", "Town")),
    Column("Land", "land", 20, ("Bundesland", "State")),
    Column(
        "E-Mail-Adresse der zweiten Person",
        "partner_email",
        32,
        (
            "Partner",
            "Partner-E-Mail",
            "Tandempartner",
            "E-Mail der zweiten Person",
            "Partner email",
            "Partner e-mail",
        ),
    ),
    Column("Form der Anmeldung", "form", 24, ("Form", "Kind of registration"), both(TandemForm)),
    Column("Stand des Tandems"),
    Column("Entscheidung"),
    Column("Eingang"),
    Column("Bestätigt am"),
)
READ = {column.name: column for column in COLUMNS if column.name}
