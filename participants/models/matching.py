"""Two people who look for a partner, proposed to each other."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from participants.models.registrations import Registration


class ProposalQuerySet(models.QuerySet["PartnerProposal"]):
    def open(self) -> Self:
        """Neither refused nor joined nor given up."""
        return self.filter(closed_at__isnull=True)


class PartnerProposal(models.Model):
    """A manager and a coordinator, both alone, proposed to each other (Vorschlag).

    They join when both have said yes. A closed one is not repeated, whoever said no.
    """

    manager = models.ForeignKey(Registration, models.CASCADE, related_name="+", verbose_name="Führungskraft")
    coordinator = models.ForeignKey(
        Registration, models.CASCADE, related_name="+", verbose_name="Koordinierungskraft"
    )
    is_same_municipality = models.BooleanField("aus derselben Kommune, sonst aus demselben Kreis")
    made_at = models.DateTimeField("vorgeschlagen am", default=timezone.now)
    manager_agreed = models.BooleanField("Führungskraft stimmt zu", null=True, blank=True)
    coordinator_agreed = models.BooleanField("Koordinierungskraft stimmt zu", null=True, blank=True)
    closed_at = models.DateTimeField("abgeschlossen am", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "Partnervorschlag"
        verbose_name_plural = "Partnervorschläge"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["manager", "coordinator"], name="partner_proposal_unique"),
            models.UniqueConstraint(
                fields=["manager"], condition=Q(closed_at__isnull=True), name="partner_proposal_one_of_manager"
            ),
            models.UniqueConstraint(
                fields=["coordinator"],
                condition=Q(closed_at__isnull=True),
                name="partner_proposal_one_of_coordinator",
            ),
            models.CheckConstraint(
                name="partner_proposal_two_people",
                condition=~Q(manager=F("coordinator")),
                violation_error_message="Ein Tandem sind zwei Personen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} und {self.coordinator}"
