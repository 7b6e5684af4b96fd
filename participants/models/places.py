"""Where people come from."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from netzkoord.lib.states import State


class Municipality(models.Model):
    """A town or county that sends people (Kommune); a Landkreis has a five-digit key."""

    ags = models.CharField(
        "Amtlicher Gemeindeschlüssel (AGS)",
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^([0-9]{5}|[0-9]{8})$", "Der AGS hat 8 Ziffern, der eines Landkreises 5.")],
        error_messages={"unique": "Eine Kommune mit diesem AGS gibt es schon."},
    )
    name = models.CharField("Name", max_length=160)
    state = models.CharField("Land", max_length=2, choices=State, editable=False)

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ["name", "ags"]
        constraints = [
            models.CheckConstraint(
                name="municipality_ags_format",
                condition=Q(ags__regex=r"^([0-9]{5}|[0-9]{8})$"),
                violation_error_message="Der AGS hat 8 Ziffern, der eines Landkreises 5.",
            ),
            models.CheckConstraint(
                name="municipality_state_of_ags",
                condition=Q(state=Left("ags", 2), state__in=State.values),
                violation_error_message="Der AGS beginnt mit der Nummer des Landes, 01 bis 16.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.state = self.ags[:2]
        if self.state not in State.values:
            raise ValidationError({"ags": "Der AGS beginnt mit der Nummer des Landes, 01 bis 16."})

    @property
    def label(self) -> str:
        """Name with its Land, so that two of one name can be told apart."""
        return f"{self.name}, {self.get_state_display()}"
