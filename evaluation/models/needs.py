"""The needs of a cohort (Themenspeicher): where each comes from, who serves it, what became of it."""

import hashlib
from typing import Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from curriculum.models import AgendaItem, Audience, Cohort, Module, SessionAudience, Topic, Unit
from evaluation.models.surveys import Survey
from evaluation.models.workshops import Card, CardSource, Cluster
from netzkoord.models import User

LONGEST_SOURCE = 500


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> Self:
        """The needs of the cohorts that the user may see."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user).values("pk"))

    def with_weight(self) -> Self:
        """Adds `weight`, how often the need was named in all its sources, and orders by it: the heaviest first.

        And `has_merged`: whether a column was taken off its wall; what that one counts, `sources.weighed` adds.
        """
        sources = NeedSource.objects.filter(need=OuterRef("pk"))
        sums = sources.with_named().order_by().values("need").annotate(total=Sum("named")).values("total")
        weighed = self.annotate(
            weight=Coalesce(Subquery(sums), 0), has_merged=Exists(sources.filter(cluster__is_dropped=True))
        )
        return weighed.order_by("-weight", "title", "pk")


class Need(models.Model):
    """What people of a cohort need (Bedarf).

    Its life line is derived: named (sources), understood, planned (`Coverage`), delivered (sessions), judged (the
    survey at the end), and what became of it.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="needs", verbose_name="Durchgang")
    title = models.CharField("Bedarf", max_length=120)
    audience = models.CharField("Bei", max_length=12, choices=SessionAudience, default=SessionAudience.BOTH)
    # How the organisers have understood it; with the day the second station of the life line.
    understanding = models.TextField("So haben wir es verstanden", blank=True)
    understood_on = models.DateField("verstanden am", null=True, blank=True, editable=False)
    outcome = models.TextField("Was daraus wurde", blank=True)
    outcome_on = models.DateField("festgehalten am", null=True, blank=True, editable=False)

    # Set by with_weight()
    weight: int
    has_merged: bool

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "Bedarf"
        verbose_name_plural = "Bedarfe"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "title"],
                name="need_title_unique",
                violation_error_message="Diesen Bedarf hat der Durchgang schon; legen Sie die Quellen dort dazu.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:need_detail", args=[self.pk])

    @property
    def is_asked(self) -> bool:
        """Whether a survey lets people judge it; then it stays. One query."""
        return self.judgements.exists()

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return SessionAudience(self.audience).audiences


def named_cards() -> models.QuerySet[Card]:
    """Cards that count: everybody may see them, and they are no words of the survey that count as a source."""
    words = NeedSource.objects.filter(
        need__cohort=OuterRef("guiding_question__workshop__session__cohort"), text=OuterRef("text")
    )
    return Card.objects.filter(~Q(source=CardSource.SURVEY) | ~Exists(words), is_hidden=False).order_by()


class NeedSourceQuerySet(models.QuerySet["NeedSource"]):
    def with_named(self) -> Self:
        """Adds `named`, how often the need is named there: a column counts the cards that hang in it now."""
        cards = named_cards().filter(cluster=OuterRef("cluster")).values("cluster").annotate(count=Count("pk"))
        hanging = Coalesce(Subquery(cards.values("count")), 0)
        return self.annotate(named=Case(When(cluster__isnull=True, then=F("weight")), default=hanging))


class NeedSource(models.Model):
    """One place in which a need was named (Quelle): a column of a wall, a rated topic, or words of a survey.

    Words are copied without a name and without the invitation they came from. `weight` counts who named it there
    when it was taken up; a column goes on counting its cards (`with_named`).
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="sources", verbose_name="Bedarf")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="need_sources", verbose_name="Cluster"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="need_sources", verbose_name="Thema"
    )
    text = models.CharField("Wortlaut", max_length=LONGEST_SOURCE, blank=True)
    weight = models.PositiveSmallIntegerField("Nennungen", default=1)

    # Set by with_named()
    named: int

    objects = NeedSourceQuerySet.as_manager()

    class Meta:
        verbose_name = "Quelle"
        verbose_name_plural = "Quellen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="need_source_is_one",
                condition=Q(cluster__isnull=False, topic__isnull=True, text="")
                | Q(cluster__isnull=True, topic__isnull=False, text="")
                | Q(cluster__isnull=True, topic__isnull=True) & ~Q(text=""),
                violation_error_message="Eine Quelle ist ein Cluster, ein Thema oder ein Wortlaut.",
            ),
            models.UniqueConstraint(
                fields=["need", "cluster"], condition=Q(cluster__isnull=False), name="need_source_cluster_unique"
            ),
            models.UniqueConstraint(
                fields=["need", "topic"], condition=Q(topic__isnull=False), name="need_source_topic_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.cluster or self.topic)

    @property
    def key(self) -> str:
        """Names what it is a copy of, within its cohort: the same words are the same source."""
        if self.cluster_id:
            return f"cluster-{self.cluster_id}"
        if self.topic_id:
            return f"topic-{self.topic_id}"
        return f"words-{hashlib.sha256(self.text.casefold().encode()).hexdigest()[:16]}"


class CoverageDegree(models.TextChoices):
    FULL = "FULL", "gedeckt"
    PARTLY = "PARTLY", "teilweise gedeckt"


class Coverage(models.Model):
    """That a module serves a need (Bedarfsabdeckung), how far, and with which unit; no row means: not.

    One that rests on a point of the course keeps its title: when the point is removed, it gives nothing and says
    so. A point beside a unit is the time that the unit got for this need.
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="coverages", verbose_name="Bedarf")
    module = models.ForeignKey(Module, models.PROTECT, related_name="coverages", verbose_name="Modul")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="coverages", verbose_name="Baustein"
    )
    point = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="coverages",
        verbose_name="Punkt des Ablaufs",
    )
    point_title = models.CharField("Bezeichnung des Punktes", max_length=200, blank=True, editable=False)
    degree = models.CharField("Abdeckung", max_length=6, choices=CoverageDegree)

    class Meta:
        verbose_name = "Bedarfsabdeckung"
        verbose_name_plural = "Bedarfsabdeckungen"
        ordering = ["need", "module"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "module"],
                name="coverage_unique",
                violation_error_message="Für dieses Modul steht die Abdeckung des Bedarfs schon da.",
            ),
            models.CheckConstraint(
                name="coverage_point_has_title", condition=Q(point__isnull=True) | ~Q(point_title="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} – {self.get_degree_display()}"

    @property
    def means(self) -> str:
        """What serves the need; empty for the module as a whole. Reads unit and point."""
        if self.unit is None:
            return str(self.point or self.point_title)
        return f"{self.unit} (mehr Zeit)" if self.point_title else str(self.unit)

    @property
    def has_lost_point(self) -> bool:
        return self.point_id is None and bool(self.point_title)


class KeptPlan(models.TextChoices):
    """How the plan served a need when people were asked about it; as `evaluation.coverage.Verdict`."""

    UNCOVERED = "UNCOVERED", "nicht gedeckt"
    PARTLY = "PARTLY", "teilweise gedeckt"
    COVERED = "COVERED", "gedeckt"
    OVER = "OVER", "mehrfach gedeckt"


class JudgedNeed(models.Model):
    """A need that a survey lets people judge, in the words in which they were asked, and what all together said.

    Written when the first is asked, with the plan of that day and the codes of the modules that served it, so that
    everybody judges the same, and counted when the survey is. Nothing is kept person by person: whose need it was
    would name somebody in a small cohort. `people` have said whether it was their own, from the survey's minimum
    on; what those said whose own it was, from as many of them on.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="judged_needs", verbose_name="Erhebung")
    need = models.ForeignKey(Need, models.PROTECT, related_name="judgements", verbose_name="Bedarf")
    title = models.CharField("im Wortlaut", max_length=120)
    # Empty where it was asked before plans were kept.
    planned = models.CharField("geplant", max_length=9, choices=KeptPlan, blank=True, editable=False)
    planned_modules = models.JSONField("geplant in", default=list, editable=False)
    people = models.PositiveIntegerField("Personen", null=True, editable=False)
    fully = models.PositiveIntegerField("ganz gedeckt", null=True, editable=False)
    partly = models.PositiveIntegerField("teilweise gedeckt", null=True, editable=False)
    uncovered = models.PositiveIntegerField("nicht gedeckt", null=True, editable=False)

    class Meta:
        verbose_name = "Beurteilter Bedarf"
        verbose_name_plural = "Beurteilte Bedarfe"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "need"], name="judged_need_unique"),
            models.CheckConstraint(
                name="judged_need_of_enough_people",
                condition=Q(people__isnull=True, fully__isnull=True, partly__isnull=True, uncovered__isnull=True)
                | Q(people__gte=3, fully__isnull=True, partly__isnull=True, uncovered__isnull=True)
                | Q(
                    people__gte=F("fully") + F("partly") + F("uncovered"),
                    people__isnull=False,
                    fully__gte=3 - F("partly") - F("uncovered"),
                    fully__isnull=False,
                    partly__isnull=False,
                    uncovered__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
