"""The rule by which places are given: part of what is announced, and fixed from then on."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from curriculum.models.schedule import Cohort
from netzkoord.models import User


class RuleMethod(models.TextChoices):
    """How several criteria come together."""

    ORDER = "ORDER", "der Reihe nach: das erste entscheidet, das nächste bei Gleichstand"
    WEIGHT = "WEIGHT", "nach Gewicht: alle zusammen"


class TieBreak(models.TextChoices):
    """What decides between those whom the criteria leave equal."""

    ARRIVAL = "ARRIVAL", "die Reihenfolge des Eingangs"
    LOT = "LOT", "das Los"


class Criterion(models.TextChoices):
    """What a rule can look at, beside complete tandems, which always come first."""

    NEW_MUNICIPALITY = "NEW_MUNICIPALITY", "Kommunen, die noch nicht vertreten sind"
    SECTOR_BALANCE = "SECTOR_BALANCE", "Verwaltung und Zivilgesellschaft ausgewogen"
    STATE_SPREAD = "STATE_SPREAD", "reihum nach Ländern"
    FIELD_SPREAD = "FIELD_SPREAD", "reihum nach Handlungsfeldern"
    DECLINED_BEFORE = "DECLINED_BEFORE", "wer bei einem früheren Durchgang keinen Platz bekam"


class SelectionRule(models.Model):
    """By which rule a cohort gives its places (Auswahlregel); without one it is arrival alone."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="selection_rule", verbose_name="Durchgang")
    method = models.CharField(
        "Mehrere Kriterien gelten", max_length=6, choices=RuleMethod, default=RuleMethod.ORDER
    )
    tie_break = models.CharField(
        "Unter sonst Gleichen entscheidet", max_length=7, choices=TieBreak, default=TieBreak.ARRIVAL
    )
    # Drawn once, after the closing date, so that nobody can know the order before.
    lot_seed = models.CharField("Startwert des Loses", max_length=32, blank=True, editable=False)
    lot_drawn_at = models.DateTimeField("Los gezogen am", null=True, blank=True, editable=False)
    lot_drawn_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="Los gezogen durch",
    )

    class Meta:
        verbose_name = "Auswahlregel"
        verbose_name_plural = "Auswahlregeln"
        constraints = [
            models.CheckConstraint(
                name="selection_rule_lot_is_whole",
                condition=Q(lot_seed="", lot_drawn_at__isnull=True)
                | (~Q(lot_seed="") & Q(lot_drawn_at__isnull=False)),
                violation_error_message="Ein gezogenes Los hat einen Startwert und einen Zeitpunkt.",
            ),
        ]

    def __str__(self) -> str:
        return f"Auswahlregel: {self.cohort}"


class SelectionCriterion(models.Model):
    """One criterion of a rule (Kriterium), with its place or its weight."""

    rule = models.ForeignKey(SelectionRule, models.CASCADE, related_name="criteria", verbose_name="Auswahlregel")
    criterion = models.CharField("Kriterium", max_length=20, choices=Criterion)
    position = models.PositiveSmallIntegerField("Stelle")
    weight = models.PositiveSmallIntegerField(
        "Gewicht",
        default=1,
        validators=[
            MinValueValidator(1, "Ein Gewicht liegt zwischen 1 und 10."),
            MaxValueValidator(10, "Ein Gewicht liegt zwischen 1 und 10."),
        ],
    )

    class Meta:
        verbose_name = "Kriterium"
        verbose_name_plural = "Kriterien"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "criterion"],
                name="selection_criterion_unique",
                violation_error_message="Dieses Kriterium steht schon in der Regel.",
            ),
            models.CheckConstraint(
                name="selection_criterion_weight_in_range",
                condition=Q(weight__gte=1, weight__lte=10),
                violation_error_message="Ein Gewicht liegt zwischen 1 und 10.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_criterion_display()
