"""What the two people of a tandem agree on for the time after the course (Tandem-Transfervereinbarung).

Only the two read it. The organisation learns that there is one and whether both have confirmed, never the words.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from curriculum.models import Audience
from curriculum.models.schedule import EARLIEST, LATEST
from participants.models.registrations import Registration, Tandem

LONGEST_TRANSFER_TEXT = 1000

PARTS = {
    "goal": "das Ziel",
    "first_step": "der erste Schritt",
    "support": "was die Führungskraft zusagt",
    "due_on": "der Tag",
}
NOT_CONFIRMED = Q(manager_confirmed_at__isnull=True, coordinator_confirmed_at__isnull=True)
WHOLE = ~Q(goal="") & ~Q(first_step="") & ~Q(support="") & Q(due_on__isnull=False)


class TransferAgreementQuerySet(models.QuerySet["TransferAgreement"]):
    def confirmed(self) -> Self:
        """Confirmed by both; whether the two still are a tandem, `participants.queries.transfer` knows."""
        return self.filter(manager_confirmed_at__isnull=False, coordinator_confirmed_at__isnull=False)

    def with_people(self) -> Self:
        """Reads with the agreements what says whose they are today; one more query for the halves."""
        related = ("tandem__cohort", "tandem__municipality", "tandem__shared_half__tandem__municipality")
        return self.select_related(*related).prefetch_related("tandem__registrations")


class TransferAgreement(models.Model):
    """Goal, first step, promised support and day, agreed by the two of a tandem (Transfervereinbarung).

    It belongs to the tandem. `manager` and `coordinator` are the two who last wrote or confirmed it: when somebody
    else comes instead of one of them, neither confirmation holds any more, for nobody has confirmed it with the one
    who is there now.
    """

    tandem = models.OneToOneField(
        Tandem, models.CASCADE, related_name="transfer_agreement", editable=False, verbose_name="Tandem"
    )
    goal = models.TextField("Unser Ziel", max_length=LONGEST_TRANSFER_TEXT, blank=True)
    first_step = models.TextField("Unser erster Schritt", max_length=LONGEST_TRANSFER_TEXT, blank=True)
    support = models.TextField(
        "Unterstützung, die die Führungskraft zusagt", max_length=LONGEST_TRANSFER_TEXT, blank=True
    )
    due_on = models.DateField("Bis wann", null=True, blank=True)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)
    manager = models.ForeignKey(
        Registration, models.PROTECT, editable=False, related_name="+", verbose_name=Audience.MANAGER.person
    )
    manager_confirmed_at = models.DateTimeField(
        "von der Führungskraft bestätigt am", null=True, blank=True, editable=False
    )
    coordinator = models.ForeignKey(
        Registration, models.PROTECT, editable=False, related_name="+", verbose_name=Audience.COORDINATOR.person
    )
    coordinator_confirmed_at = models.DateTimeField(
        "von der Koordinierungskraft bestätigt am", null=True, blank=True, editable=False
    )
    # The day of which both have been reminded: of another one they will be again.
    reminded_of = models.DateField("erinnert an", null=True, blank=True, editable=False)

    objects = TransferAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "Transfervereinbarung"
        verbose_name_plural = "Transfervereinbarungen"
        constraints = [
            models.CheckConstraint(
                name="transfer_agreement_between_two",
                condition=~Q(manager=F("coordinator")),
                violation_error_message="Eine Vereinbarung schließen zwei Personen.",
            ),
            models.CheckConstraint(
                name="transfer_agreement_confirmed_is_whole",
                condition=NOT_CONFIRMED | WHOLE,
                violation_error_message="Bestätigen lässt sich nur, was vollständig ist.",
            ),
            models.CheckConstraint(
                name="transfer_agreement_confirmed_as_it_is",
                condition=(Q(manager_confirmed_at__isnull=True) | Q(manager_confirmed_at__gte=F("changed_at")))
                & (Q(coordinator_confirmed_at__isnull=True) | Q(coordinator_confirmed_at__gte=F("changed_at"))),
                violation_error_message="Nach einer Änderung gilt keine frühere Bestätigung.",
            ),
            models.CheckConstraint(
                name="transfer_agreement_due_on_plausible",
                condition=Q(due_on__isnull=True) | Q(due_on__gte=EARLIEST, due_on__lte=LATEST),
                violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
            ),
            *(
                models.CheckConstraint(
                    name=f"transfer_agreement_{name}_fits",
                    condition=LessThanOrEqual(Length(name), LONGEST_TRANSFER_TEXT),
                    violation_error_message=f"Jeder Text hat höchstens {LONGEST_TRANSFER_TEXT} Zeichen.",
                    violation_error_code=name,
                )
                for name in ("goal", "first_step", "support")
            ),
        ]

    def __str__(self) -> str:
        return f"Transfervereinbarung {self.tandem}"

    @property
    def missing(self) -> list[str]:
        """What still has to be written before anybody can confirm, in words."""
        return [word for name, word in PARTS.items() if not getattr(self, name)]

    @property
    def confirmations(self) -> dict[int, datetime.datetime | None]:
        """When each of the two for whom it was written has confirmed it, by the key of the registration."""
        return {
            self.manager_id: self.manager_confirmed_at,
            self.coordinator_id: self.coordinator_confirmed_at,
        }

    def is_between(self, manager: Registration, coordinator: Registration) -> bool:
        """Whether these are the two who wrote and confirmed it."""
        return (self.manager_id, self.coordinator_id) == (manager.pk, coordinator.pk)

    def belongs_to(self, manager: Registration, coordinator: Registration) -> None:
        """Make it the agreement of these two, which neither of them has confirmed; not saved."""
        self.manager, self.coordinator = manager, coordinator
        self.manager_confirmed_at = self.coordinator_confirmed_at = None
