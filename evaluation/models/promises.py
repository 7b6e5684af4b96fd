"""How few is too few: what those who answered were promised, whatever the operator sets later."""

from django.conf import settings
from django.db import models
from django.db.models import Q


def present_minimum() -> int:
    """What a survey promises that is created now."""
    return int(settings.MINIMUM_ANSWERS)


class Promised(models.Model):
    """Something that has results, with the number of people that was promised for it; a trigger holds it."""

    minimum_answers = models.PositiveSmallIntegerField(
        "Mindestzahl der Antworten", default=present_minimum, editable=False
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_minimum_never_below_three", condition=Q(minimum_answers__gte=3))
        ]

    @property
    def minimum(self) -> int:
        """Nothing is shown about fewer people than these: as promised, or as set now if that is more."""
        return max(self.minimum_answers, present_minimum())
