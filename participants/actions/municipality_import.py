"""The official list taken over: what would change is said first, then done, and a second time nothing changes."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.lib.sentences import listed
from netzkoord.models import AuditAction, Installation, User
from netzkoord.templatetags.german import decimal_comma
from participants.imports.municipality_rows import Reading, Row
from participants.models import Municipality
from participants.models.places import KREIS_DIGITS

# Germany has 10,800 municipalities; a list with fewer is an extract, and says nothing about those it leaves out.
WHOLE_COUNTRY = 10_000
# Of what is known no more goes in a year, not even in a year of reforms.
LARGEST_LOSS = 0.05
BATCH = 1000


@dataclass(frozen=True)
class Known:
    """A municipality as it is stored, with what an import may change."""

    pk: int
    ags: str
    name: str
    designation: str
    county_name: str
    dissolved_on: datetime.date | None
    tandem_count: int = 0

    @property
    def is_county(self) -> bool:
        return len(self.ags) == KREIS_DIGITS

    @property
    def words(self) -> str:
        return words_for(self.name, self.designation, self.county_name)


@dataclass(frozen=True)
class Wanted:
    """A municipality as the file says it should be."""

    ags: str
    name: str
    designation: str
    county_name: str

    @property
    def words(self) -> str:
        return words_for(self.name, self.designation, self.county_name)


def words_for(name: str, designation: str, county_name: str) -> str:
    """„Bergen, Stadt (Landkreis Celle)“."""
    official = ", ".join(part for part in (name, designation) if part)
    return f"{official} ({county_name})" if county_name else official


@dataclass(frozen=True)
class Change:
    before: Known
    after: Wanted

    @property
    def is_renamed(self) -> bool:
        return self.before.name != self.after.name


@dataclass(frozen=True)
class Plan:
    """What an import does; `missing` are those that the file does not have, dissolved only where that is meant."""

    as_of: datetime.date
    new: list[Wanted] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    revived: list[Change] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    unchanged_count: int = 0
    dissolves: bool = False
    is_whole_country: bool = False

    @property
    def renamed(self) -> list[Change]:
        return [change for change in self.changed if change.is_renamed]

    @property
    def added_to(self) -> list[Change]:
        """Of the same name, with another Kreis or another designation."""
        return [change for change in self.changed if not change.is_renamed]

    @property
    def dissolved(self) -> list[Known]:
        return self.missing if self.dissolves else []

    @property
    def asks(self) -> bool:
        """Whether somebody has to say that what is missing is meant to be gone."""
        return bool(self.missing) and not self.dissolves

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed or self.revived or self.dissolved)

    @property
    def sentence(self) -> str:
        """What the import has done, in words."""
        if not self.changes_anything:
            return "Die Datei enthält nichts Neues: Alle Kommunen sind schon auf diesem Stand."
        counts = {
            "neu": len(self.new),
            "umbenannt": len(self.renamed),
            "ergänzt": len(self.added_to),
            "wieder da": len(self.revived),
            "aufgelöst": len(self.dissolved),
        }
        parts = [f"{decimal_comma(count)}\u00a0{word}" for word, count in counts.items() if count]
        return f"Die Kommunen sind eingelesen: {listed(parts)}."

    @property
    def fingerprint(self) -> str:
        """Equal for two plans of the same changes, whether or not what is missing is to go."""
        parts = [
            sorted(map(repr, self.new)),
            sorted((change.before.pk, repr(change.after)) for change in [*self.changed, *self.revived]),
            sorted(known.pk for known in self.missing),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def plan_import(reading: Reading, *, is_complete: bool = False) -> Plan:
    """What this file would change; two queries.

    With `is_complete`, whoever imports has said that what is missing in the file is gone.
    """
    known = {row.ags: row for row in known_municipalities()}
    counties = county_names(known.values(), reading)
    plan = Plan(as_of=reading.as_of or timezone.localdate(), is_whole_country=is_whole_country(reading))
    for row in reading.rows:
        before = known.get(row.ags)
        sort_in(plan, before, wanted_of(row, before, counties))
    missing = [row for row in known.values() if may_be_missed(row, reading)]
    touched = len(plan.new) + len(plan.changed) + len(plan.revived)
    return replace(
        plan,
        missing=missing,
        unchanged_count=len(reading.rows) - touched,
        dissolves=bool(missing) and (is_complete or is_trusted(plan, missing, known.values(), reading)),
    )


def known_municipalities() -> list[Known]:
    names = ("pk", "ags", "name", "designation", "county_name", "dissolved_on")
    with_tandems = Municipality.objects.official().annotate(tandem_count=Count("tandems"))
    return [Known(*values) for values in with_tandems.values_list(*names, "tandem_count").order_by("ags")]


def county_names(known: Iterable[Known], reading: Reading) -> dict[str, str]:
    """Key → name of the Kreise that are known, and of those in the file."""
    names = {row.ags: row.name for row in known if row.is_county and not row.dissolved_on}
    return names | {row.ags: row.name for row in reading.rows if len(row.ags) == KREIS_DIGITS}


def wanted_of(row: Row, before: Known | None, counties: dict[str, str]) -> Wanted:
    """Where the file does not speak of Kreise, the Kreis stays what it was, or is that of the key."""
    county = row.county_name
    if county is None:
        county = (before.county_name if before else "") or counties.get(row.ags[:KREIS_DIGITS], "")
    return Wanted(row.ags, row.name, row.designation, "" if len(row.ags) == KREIS_DIGITS else county)


def sort_in(plan: Plan, before: Known | None, after: Wanted) -> None:
    if before is None:
        plan.new.append(after)
    elif before.dissolved_on:
        plan.revived.append(Change(before, after))
    elif asdict(after).items() - asdict(before).items():
        plan.changed.append(Change(before, after))


def may_be_missed(row: Known, reading: Reading) -> bool:
    """Not in the file, although the file speaks of its kind."""
    is_of_its_kind = reading.has_counties if row.is_county else True
    return is_of_its_kind and not row.dissolved_on and row.ags not in reading.keys


def is_whole_country(reading: Reading) -> bool:
    return sum(len(row.ags) > KREIS_DIGITS for row in reading.rows) >= WHOLE_COUNTRY


def is_trusted(plan: Plan, missing: list[Known], known: Iterable[Known], reading: Reading) -> bool:
    """Whether so few are missing that they are gone: out of the whole country, not just behind the file's end."""
    living = sum(not row.dissolved_on for row in known)
    is_cut_off = min(row.ags for row in missing) > max(reading.keys)
    return plan.is_whole_country and len(missing) <= LARGEST_LOSS * living and not is_cut_off


@transaction.atomic
def import_municipalities(*, reading: Reading, is_complete: bool, fingerprint: str | None, by: User | None) -> Plan:
    """Do what the plan says. With a fingerprint, only if that is still what was shown. Raises `PlanChanged`."""
    lock_table()
    plan = plan_import(reading, is_complete=is_complete)
    if fingerprint is not None and plan.fingerprint != fingerprint:
        raise PlanChanged
    if not plan.changes_anything:
        return plan
    Municipality.objects.bulk_create([row_for(wanted) for wanted in plan.new], batch_size=BATCH)
    overwrite([*plan.changed, *plan.revived])
    Municipality.objects.filter(pk__in=[known.pk for known in plan.dissolved]).update(dissolved_on=plan.as_of)
    audit.record(
        AuditAction.MUNICIPALITIES_IMPORTED,
        target=Installation.objects.current(),
        by=by,
        **counts_of(plan, reading),
    )
    return plan


class PlanChanged(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The municipalities have changed since the plan was shown."""


def lock_table() -> None:
    """Nobody else stores municipalities until we are done; on SQLite nobody stores anything anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Municipality._meta.db_table)} IN EXCLUSIVE MODE")


def row_for(wanted: Wanted, *, pk: int | None = None) -> Municipality:
    return Municipality(pk=pk, state=wanted.ags[:2], **asdict(wanted))


def overwrite(changes: list[Change]) -> None:
    """In a few statements, where `bulk_update` would write a CASE for each row and field; the row lives again."""
    Municipality.objects.bulk_create(
        [row_for(change.after, pk=change.before.pk) for change in changes],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["name", "designation", "county_name", "dissolved_on", "search_text"],
    )


def counts_of(plan: Plan, reading: Reading) -> dict[str, int | str]:
    return {
        "kind": reading.kind,
        "as_of": plan.as_of.isoformat(),
        "new": len(plan.new),
        "renamed": len(plan.renamed),
        "added_to": len(plan.added_to),
        "revived": len(plan.revived),
        "dissolved": len(plan.dissolved),
        "unchanged": plan.unchanged_count,
    }
