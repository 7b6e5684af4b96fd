"""A table of registrations tried out: every error with its place, and what would be created. Writes nothing."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError

from curriculum.models import Cohort
from netzkoord.lib.fields import AddressField, NameField, PersonNameField, PersonTitleField
from netzkoord.lib.grids import normal
from participants.imports.municipality_names import Municipalities, Unclear
from participants.imports.registration_table import Problem, Row, is_empty
from participants.models import Municipality, Registration, Selection, Tandem, TandemForm
from participants.tables import READ

# Words beside the labels that mean a choice.
SYNONYMS = {
    "role": {
        "MANAGER": ("Führungskräfte", "Leitung", "Manager"),
        "COORDINATOR": ("Koordination", "Koordinator", "Koordinatorin", "Koordinator/in", "Coordinator"),
    },
    "salutation": {"MS": ("Ms", "Mrs", "Ms.", "Mrs."), "MR": ("Mr", "Mr.", "Herrn")},
    "form": {"SEEKING": ("sucht", "seeking"), "ALONE": ("single", "alone"), "TANDEM": ("Tandem",)},
}
ASKED = "Dieser Durchgang fragt Vorgesetzte um Zustimmung: für {} Personen, sobald sie bestätigt sind."
NOBODY_NAMED = (
    "Dieser Durchgang fragt Vorgesetzte um Zustimmung. Die Liste nennt keine; für die Personen daraus wird niemand "
    "gefragt."
)
NOT_ASKED = (
    "Dieser Durchgang fragt keine Vorgesetzten. Die Liste nennt welche; ihre Adressen werden nicht gespeichert, "
    "und niemand wird gefragt."
)
FIELDS: dict[str, forms.CharField] = {
    "title": PersonTitleField(max_length=60, required=False),
    "given_names": PersonNameField(max_length=120, required=False),
    "family_name": PersonNameField(max_length=120, error_messages={"required": "Der Familienname fehlt."}),
    "email": AddressField(error_messages={"required": "Die E-Mail-Adresse fehlt."}),
    "organisation": NameField(max_length=200, error_messages={"required": "Die Organisation fehlt."}),
    "position": NameField(max_length=200, required=False),
    "phone": NameField(max_length=40, required=False),
    "partner_email": AddressField(required=False),
    "superior_email": AddressField(required=False),
}


@dataclass(frozen=True)
class Entry:
    """One person of the table; `values` are by the names of the model's fields."""

    number: int
    tandem: str
    role: str
    values: Mapping[str, str]
    municipality: Municipality
    partner_email: str
    superior_email: str
    form: str

    @property
    def email(self) -> str:
        return self.values["email"]

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.values[key] for key in ("title", "given_names", "family_name"))))


@dataclass
class Bond:
    """People who would form one tandem; `joins` is the one that exists already and lacks them."""

    entries: list[Entry]
    joins: Tandem | None = None

    @property
    def municipality(self) -> Municipality:
        return self.entries[0].municipality

    @property
    def partner_email(self) -> str:
        """Who is still to be invited: somebody whom the table names and does not hold."""
        return self.entries[0].partner_email if len(self.entries) == 1 and self.joins is None else ""

    @property
    def form(self) -> str:
        if len(self.entries) == 2 or self.partner_email:
            return TandemForm.TANDEM
        return self.entries[0].form or TandemForm.ALONE


@dataclass(frozen=True)
class Known:
    """A row whose address is registered in this cohort already; it stays as it is."""

    number: int
    registration: Registration


@dataclass
class Trial:
    """What a table would do, or all that is wrong with it."""

    bonds: list[Bond] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    empty: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(len(bond.entries) for bond in self.bonds)

    @property
    def with_superior(self) -> int:
        """For how many people the table says whom to ask for approval."""
        return sum(bool(entry.superior_email) for bond in self.bonds for entry in bond.entries)

    @property
    def pairs(self) -> int:
        return sum(len(bond.entries) == 2 or bond.joins is not None for bond in self.bonds)

    @property
    def singles(self) -> int:
        return len(self.bonds) - self.pairs

    def object(self, number: int, column: str, text: str) -> None:
        self.problems.append(Problem(number, column, text))


def try_out(rows: Sequence[Row], cohort: Cohort, found: Iterable[Problem] = ()) -> Trial:
    """Every row checked on its own, then against the others and the cohort; three queries.

    `found` is what the cells themselves were wrong with; the rows of these are not judged a second time.
    """
    trial = Trial(problems=list(found))
    unreadable = {(problem.row, problem.column) for problem in trial.problems}
    registered = registered_in(cohort)
    municipalities = Municipalities()
    entries = []
    for row in rows:
        email = address_of(row)
        if is_empty(row):
            trial.empty += 1
        elif email in registered:
            trial.known.append(Known(row.number, registered[email]))
        elif entry := entry_of(row, trial, municipalities):
            entries.append(entry)
    refuse_repeated(rows, registered, trial)
    bind(entries, rows, registered, trial)
    trial.problems = in_order(trial.problems, unreadable)
    return trial


def approval_note(trial: Trial, cohort: Cohort) -> str:
    """Whose superiors are asked for approval; empty where the cohort asks none and the table names none."""
    named = trial.with_superior
    if not cohort.asks_approval:
        return NOT_ASKED if named else ""
    if not named:
        return NOBODY_NAMED
    whose = "alle" if named == trial.people else f"{named} von {trial.people}"
    rest = "" if named == trial.people else " Für die übrigen nennt die Liste niemanden."
    return f"{ASKED.format(whose)}{rest}"


def registered_in(cohort: Cohort) -> dict[str, Registration]:
    """Everybody of the cohort who has not left, by address."""
    halves = Registration.objects.active().filter(cohort=cohort).select_related("tandem__municipality")
    return {half.email.lower(): half for half in halves.prefetch_related("tandem__registrations").order_by("-pk")}


def address_of(row: Row) -> str:
    return str(FIELDS["email"].to_python(row.cells["email"]))


# One row


def entry_of(row: Row, trial: Trial, municipalities: Municipalities) -> Entry | None:
    """The row in the words of the model, if nothing is wrong with it."""
    before = len(trial.problems)
    values = {name: cleaned(row, name, trial) for name in FIELDS}
    chosen = {name: choice(row, name, trial) for name, column in READ.items() if column.words}
    if not chosen["role"] and not row.cells["role"]:
        trial.object(row.number, READ["role"].header, "Die Rolle fehlt: Führungskraft oder Koordinierungskraft.")
    municipality = place(row, trial, municipalities)
    if len(trial.problems) > before or municipality is None:
        return None
    others = {name: values.pop(name) for name in ("partner_email", "superior_email")}
    own_addresses = [name for name, email in others.items() if email == values["email"]]
    for name in own_addresses:
        trial.object(row.number, READ[name].header, "Das ist die eigene Adresse dieser Person.")
    if own_addresses:
        return None
    own = {name: chosen[name] for name in ("salutation", "organisation_type", "field_of_action")}
    tandem = normal(row.cells["tandem"])
    return Entry(row.number, tandem, chosen["role"], values | own, municipality, **others, form=chosen["form"])


def cleaned(row: Row, name: str, trial: Trial) -> str:
    try:
        return str(FIELDS[name].clean(row.cells[name]))
    except ValidationError as error:
        trial.object(row.number, READ[name].header, " ".join(error.messages))
        return ""


def choice(row: Row, name: str, trial: Trial) -> str:
    """The value of a choice by its label, its key or another word for it."""
    word = row.cells[name]
    if not word:
        return ""
    for value, label in READ[name].words:
        names = (label, value, *SYNONYMS.get(name, {}).get(value, ()))
        if normal(word) in {normal(each) for each in names if each}:
            return value
    labels = "; ".join(label for _, label in READ[name].words)
    trial.object(row.number, READ[name].header, f"„{word[:60]}“ ist hier nicht vorgesehen. Möglich sind: {labels}.")
    return ""


def place(row: Row, trial: Trial, municipalities: Municipalities) -> Municipality | None:
    try:
        return municipalities.find(ags=row.cells["ags"], name=row.cells["municipality"], land=row.cells["land"])
    except Unclear as unclear:
        trial.object(row.number, unclear.column, str(unclear))
        return None


# Rows among each other


def refuse_repeated(rows: Sequence[Row], registered: Container[str], trial: Trial) -> None:
    """Each address once, in whatever case or form of its umlauts it is written.

    Rows that are passed over may repeat one: our own table does where somebody has registered twice.
    """
    first: dict[str, int] = {}
    for row in rows:
        email = address_of(row)
        if email in registered:
            continue
        if email and email in first:
            trial.object(
                row.number, READ["email"].header, f"Diese Adresse steht schon in Zeile\u00a0{first[email]}."
            )
        first.setdefault(email, row.number)


def bind(
    entries: Sequence[Entry], rows: Sequence[Row], registered: Mapping[str, Registration], trial: Trial
) -> None:
    """Put together who belongs together: by the number of the tandem, or because one names the other's address."""
    known = known_tandems(rows, registered)
    bonds: dict[str, Bond] = {}
    by_email = {entry.email: entry for entry in entries}
    named = {entry.partner_email: entry for entry in entries if entry.partner_email in by_email}
    for entry in entries:
        other = by_email.get(entry.partner_email) or named.get(entry.email)
        key = f"#{entry.tandem}" if entry.tandem else "@" + min(entry.email, other.email if other else entry.email)
        if other and other.tandem and not entry.tandem:
            key = f"#{other.tandem}"
        bonds.setdefault(key, Bond([])).entries.append(entry)
    for key, bond in bonds.items():
        mate = known.get(key) or registered.get(bond.entries[0].partner_email)
        bond.joins = mate.tandem if mate else None
        for objection in objections(bond, mate):
            trial.object(*objection)
    trial.bonds = list(bonds.values())


def known_tandems(rows: Sequence[Row], registered: Mapping[str, Registration]) -> dict[str, Registration]:
    """Numbers of tandems that the table gives to somebody who is registered already."""
    pairs = ((normal(row.cells["tandem"]), registered.get(address_of(row))) for row in rows)
    return {f"#{number}": half for number, half in pairs if number and half}


Objection = tuple[int, str, str]  # number of the row, heading of the column, sentence


def objections(bond: Bond, mate: Registration | None) -> Iterator[Objection]:
    """Why these people cannot be one tandem; `mate` is registered already."""
    for extra in bond.entries[1 if mate else 2 :]:
        yield extra.number, READ["tandem"].header, "Zu diesem Tandem gehören schon zwei andere Personen."
    if mate:
        yield from against_joining(bond.entries[0], mate)
    elif len(bond.entries) > 1:
        yield from against_pair(*bond.entries[:2])


def against_pair(first: Entry, other: Entry) -> Iterator[Objection]:
    row = f"Zeile\u00a0{first.number}"
    if other.role == first.role:
        sentence = f"Im selben Tandem hat diese Rolle schon {first.name} ({row})."
        yield other.number, READ["role"].header, sentence
    elif other.municipality != first.municipality:
        sentence = f"Ein Tandem kommt aus einer Kommune. In {row} steht {first.municipality.label}."
        yield other.number, READ["municipality"].header, sentence
    elif other.partner_email not in ("", first.email) or first.partner_email not in ("", other.email):
        sentence = f"Hier oder in {row} ist eine andere zweite Person genannt."
        yield other.number, READ["partner_email"].header, sentence


def against_joining(entry: Entry, mate: Registration) -> Iterator[Objection]:
    tandem = mate.tandem
    if tandem.selection == Selection.DECLINED:
        yield entry.number, READ["tandem"].header, f"Das Tandem von {mate} ist abgelehnt."
    elif any(half.role == entry.role for half in tandem.active_registrations()):
        yield entry.number, READ["role"].header, f"Im Tandem von {mate} ist diese Rolle schon besetzt."
    elif tandem.municipality_id != entry.municipality.pk:
        label = tandem.municipality.label
        sentence = f"Ein Tandem kommt aus einer Kommune. {mate} ist mit {label} angemeldet."
        yield entry.number, READ["municipality"].header, sentence


def in_order(problems: Iterable[Problem], unreadable: set[tuple[int | None, str]]) -> list[Problem]:
    """By row; where a cell could not be read, what follows from that is not said as well."""
    kept: dict[tuple[int | None, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.row, problem.column), problem)
    return sorted(kept.values(), key=lambda problem: (problem.row or 0, problem.column))
