"""Where people come from."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connections, models
from django.db.models import F, Q, Value
from django.db.models.functions import Collate, Left, Replace

from netzkoord.lib.folding import spellings, words
from netzkoord.lib.states import State

AGS = r"^([0-9]{5}|[0-9]{8})$"
# The key of a Kreis; that of each of its municipalities begins with it.
KREIS_DIGITS = 5
WRONG_AGS = "Der AGS hat 8 Ziffern, der eines Landkreises 5."
WRONG_STATE = "Der AGS beginnt mit der Nummer des Landes, 01 bis 16."
LONGEST_NAME = 160
# What is compared byte by byte, so that all databases sort alike.
BINARY = {"sqlite": "BINARY", "postgresql": "C"}
# „St. Wendel“ is found as „Sankt Wendel“, and the other way round.
SAINT = {"st": "sankt", "sankt": "st"}


# The words that a Kreis is sorted without: „Landkreis Osnabrück“ stands beside the town of Osnabrück.
KREIS_KINDS = ("Landkreis", "Kreis")


def sorted_under(name: str) -> str:
    """What a list of municipalities sorts a name by."""
    kind, _, rest = name.partition(" ")
    return rest if kind in KREIS_KINDS and rest else name


def search_text(name: str, surroundings: str) -> str:
    """What a municipality is found by: its name in all spellings, and behind # what else may be typed with it.

    „ koln koeln #stadt-nordrhein-westfalen“: each spelling stands between spaces, its words are joined by „-“. So
    a whole name is „ koln “, the beginning of one „ ko“, and what stands in the name has a # somewhere behind it.
    Sorted as bytes it is the order of a German list (DIN 5007, ä as a).
    """
    ways = ["-".join(words(spelling)) for spelling in spellings(name)]
    saintly = ["-".join(SAINT.get(word, word) for word in way.split("-")) for way in ways]
    return f" {' '.join(dict.fromkeys([*ways, *saintly]))} #{'-'.join(words(surroundings))}"


class SearchTextField(models.TextField[str, str]):
    """Written from name, Kreis and Land whenever the row is inserted or saved, one by one or in bulk."""

    def deconstruct(self) -> Any:
        """A plain text to migrations, which know nothing of this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        assert isinstance(model_instance, Municipality)  # noqa: S101 -- for the type checker
        text = search_text(model_instance.name, model_instance.surroundings)
        setattr(model_instance, self.attname, text)
        return text


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def official(self) -> Self:
        return self.exclude(ags="")

    def offered(self) -> Self:
        """What people can register from: official and not dissolved."""
        return self.official().filter(dissolved_on__isnull=True)

    def written_in(self) -> Self:
        """Names that people typed because theirs was missing, and that nobody has matched yet."""
        return self.filter(ags="")

    def by_name(self, *, first: Sequence[str] = ()) -> Self:
        """In the order of a German list, on every database; `first` names what goes before the name."""
        order: F | Replace = F("search_text")
        for kind in KREIS_KINDS:
            order = Replace(order, Value(f" {kind.lower()}-"), Value(" "))
        collation = BINARY[connections[self.db].vendor]
        return self.order_by(*first, Collate(order, collation), "ags", "pk")

    def update(self, **values: Any) -> int:
        """Names are saved row by row, or the search text would not follow. Raises `ValueError`."""
        if Municipality.SEARCHED & set(values):
            raise ValueError("The search text does not follow update(): use save() or bulk_create().")
        return super().update(**values)

    def bulk_update(
        self, objs: Iterable["Municipality"], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """As `update`. Raises `ValueError`."""
        names = list(fields)
        if Municipality.SEARCHED & set(names):
            raise ValueError(
                "The search text does not follow bulk_update(): use bulk_create(update_conflicts=True)."
            )
        return super().bulk_update(objs, names, batch_size)


class Municipality(models.Model):
    """A town or county that sends people (Kommune); a Landkreis has a five-digit key.

    One without a key was written in by somebody who did not find theirs, until an organiser matches it.
    """

    # What the search text is made of.
    SEARCHED = frozenset({"ags", "name", "designation", "county_name", "state"})

    ags = models.CharField(
        "Amtlicher Gemeindeschlüssel (AGS)",
        max_length=8,
        blank=True,
        validators=[RegexValidator(AGS, WRONG_AGS)],
    )
    name = models.CharField("Name", max_length=LONGEST_NAME)
    designation = models.CharField(
        "Bezeichnung",
        max_length=80,
        blank=True,
        help_text="Was im amtlichen Namen hinter dem Komma steht, zum Beispiel Stadt oder Hansestadt.",
    )
    county_name = models.CharField(
        "Kreis",
        max_length=LONGEST_NAME,
        blank=True,
        help_text="Unterscheidet Orte gleichen Namens: Landkreis Diepholz. Leer bei kreisfreien Städten.",
    )
    state = models.CharField("Land", max_length=2, choices=State, blank=True, editable=False)
    dissolved_on = models.DateField(
        "aufgelöst am",
        null=True,
        blank=True,
        help_text="Dann steht sie nicht mehr zur Wahl; ihre Anmeldungen bleiben.",
    )
    search_text = SearchTextField("Suchform", blank=True, editable=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ["name", "ags"]
        constraints = [
            models.CheckConstraint(
                name="municipality_ags_format",
                condition=Q(ags="") | Q(ags__regex=AGS),
                violation_error_message=WRONG_AGS,
            ),
            models.CheckConstraint(
                name="municipality_state_of_ags",
                condition=Q(ags="", state__in=["", *State.values])
                | (~Q(ags="") & Q(state=Left("ags", 2), state__in=State.values)),
                violation_error_message=WRONG_STATE,
            ),
            models.UniqueConstraint(
                fields=["ags"],
                condition=~Q(ags=""),
                name="municipality_ags_unique",
                violation_error_message="Eine Kommune mit diesem AGS gibt es schon.",
            ),
            models.CheckConstraint(
                name="municipality_has_name",
                condition=~Q(name=""),
                violation_error_message="Bitte geben Sie den Namen der Kommune an.",
            ),
            models.CheckConstraint(
                name="municipality_dissolved_is_official",
                condition=Q(dissolved_on__isnull=True) | ~Q(ags=""),
                violation_error_message="Aufgelöst wird nur eine amtliche Kommune. "
                "Eine eingetragene ordnen Sie einer amtlichen zu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.ags:
            return
        self.state = self.ags[:2]
        if self.state not in State.values:
            raise ValidationError({"ags": WRONG_STATE})

    @property
    def is_written_in(self) -> bool:
        return not self.ags

    @property
    def sort_name(self) -> str:
        return sorted_under(self.name)

    @property
    def place(self) -> str:
        """Kreis and Land, so that two of one name can be told apart; empty for Berlin, Hamburg and Bremen."""
        land = self.get_state_display()
        return ", ".join(part for part in (self.county_name, land) if part and part != self.name)

    @property
    def label(self) -> str:
        """Name with Kreis and Land: „Neuenkirchen, Landkreis Diepholz, Niedersachsen“."""
        return ", ".join(part for part in (self.name, self.place) if part)

    @property
    def surroundings(self) -> str:
        """What people type beside the name: „Gemeinde Neuenkirchen“, „Hansestadt Lübeck“, „Bergen Celle“."""
        kind = {KREIS_DIGITS: "Landkreis", 8: "Gemeinde"}.get(len(self.ags), "")
        return " ".join([self.designation, self.county_name, self.get_state_display(), kind])
