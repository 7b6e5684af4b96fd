"""Answers on paper, while they are typed in."""

from django.db import models

from evaluation.models.surveys import Survey


class PaperState(models.TextChoices):
    FIRST = "FIRST", "einmal eingegeben"
    DIFFERS = "DIFFERS", "die Eingaben weichen ab"
    DONE = "DONE", "eingelegt"


class PaperSheet(models.Model):
    """A filled-in sheet of paper (Papierbogen) by the number written on it, typed in once or twice.

    `first` and `second` are encrypted with a key that follows from the survey's private key. When the sheet is
    done, it is a ballot like any other, and both are empty.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="paper_sheets", verbose_name="Erhebung")
    number = models.PositiveSmallIntegerField("Nummer auf dem Bogen")
    state = models.CharField("Stand", max_length=7, choices=PaperState, default=PaperState.FIRST)
    first = models.BinaryField("erste Eingabe", default=b"")
    second = models.BinaryField("zweite Eingabe", default=b"")

    class Meta:
        verbose_name = "Papierbogen"
        verbose_name_plural = "Papierbögen"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"],
                name="paper_sheet_number_unique",
                violation_error_message="Dieser Bogen ist schon eingegeben.",
            ),
            models.CheckConstraint(
                name="paper_sheet_done_keeps_nothing",
                condition=~models.Q(state=PaperState.DONE) | models.Q(first=b"", second=b""),
            ),
        ]

    def __str__(self) -> str:
        return f"Bogen {self.number}"

    @property
    def is_done(self) -> bool:
        return self.state == PaperState.DONE
