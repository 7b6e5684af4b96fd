"""Workshops with their card walls: what is asked, what hangs there, how it was sorted and weighed."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Edition, Session
from evaluation.models.surveys import CODE_LENGTH, random_code
from netzkoord.lib.sentences import counted
from netzkoord.models import User

LONGEST_CARD = 200


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cohorts that the user may see, and those that belong to no session."""
        return self.filter(Q(session=None) | Q(session__cohort__in=Cohort.objects.visible_to(user)))

    def moderated_by(self, user: User) -> Self:
        """Organisers moderate every workshop, trainers those that belong to a session of theirs."""
        if user.has_perm("evaluation.change_workshop"):
            return self
        return self.filter(session__trainers=user)


class Workshop(models.Model):
    """A workshop (Workshop) in which an edition is presented and discussed in one or more rounds."""

    title = models.CharField("Titel", max_length=200)
    event = models.CharField("Veranstaltung", max_length=200, blank=True)
    abstract = models.TextField("Kurzbeschreibung", blank=True)
    explanation = models.TextField("Erläuterung", blank=True)
    held_on = models.DateField("Tag")
    place = models.CharField("Ort", max_length=200)
    edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workshops",
        verbose_name="Vorgestellte Fassung",
    )
    session = models.ForeignKey(
        Session,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="workshops",
        verbose_name="Termin eines Durchgangs",
    )
    code = models.CharField(
        "Code der Wand", max_length=CODE_LENGTH, unique=True, default=random_code, editable=False
    )
    # Grows with every change of what the walls show, so that a screen asks for one number only.
    revision = models.PositiveIntegerField("Stand der Wände", default=0, editable=False)
    # What phones are asked until the end of the day, and in which round; nothing while no question is open.
    asked = models.ForeignKey(
        "GuidingQuestion", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    asked_in = models.ForeignKey("Round", models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    # Chosen by the form, so that one that is sent twice is stored once.
    key = models.UUIDField("Schlüssel", null=True, unique=True, default=uuid.uuid4, editable=False)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = "Workshop"
        verbose_name_plural = "Workshops"
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:workshop_detail", args=[self.pk])

    @property
    def explained(self) -> list[str]:
        """The points in which the offer was explained."""
        return [point.strip() for point in self.explanation.splitlines() if point.strip()]

    @property
    def is_over(self) -> bool:
        """Whether its day is over: nothing is open to phones any more, whatever was left open."""
        return self.held_on < timezone.localdate()

    @property
    def open_question(self) -> "GuidingQuestion | None":
        return None if self.is_over else self.asked

    @property
    def open_round(self) -> "Round | None":
        return None if self.is_over else self.asked_in

    @property
    def people_asked(self) -> int:
        """How many people are in the round that is asked, or in all rounds while nothing is open."""
        return (
            self.open_round.people_present
            if self.open_round
            else sum(each.people_present for each in self.rounds.all())
        )


class Round(models.Model):
    """One round (Runde) of a workshop with the number of people present."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="rounds", verbose_name="Workshop")
    position = models.PositiveSmallIntegerField("Nummer")
    people_present = models.PositiveSmallIntegerField("Teilnehmende")
    # Chosen by the form, so that one that is sent twice is stored once.
    key = models.UUIDField("Schlüssel", null=True, unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "Runde"
        verbose_name_plural = "Runden"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["workshop", "position"], name="round_position_unique")]

    def __str__(self) -> str:
        return f"{self.position}. Runde"


class QuestionPurpose(models.TextChoices):
    NEED = "NEED", "Bedarf"
    COVERAGE = "COVERAGE", "Abdeckung"
    RECOMMENDATION = "RECOMMENDATION", "Empfehlung"
    FREE = "FREE", "eigene Frage"


class GuidingQuestion(models.Model):
    """A question that the cards answer (Leitfrage)."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="guiding_questions", verbose_name="Workshop"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    purpose = models.CharField("Zweck", max_length=15, choices=QuestionPurpose)
    text = models.TextField("Leitfrage")
    result = models.TextField("Ergebnis", blank=True)
    cards_each = models.PositiveSmallIntegerField("Karten je Person und Runde", null=True, blank=True)
    # Chosen by the form, so that one that is sent twice is stored once.
    key = models.UUIDField("Schlüssel", null=True, unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "Leitfrage"
        verbose_name_plural = "Leitfragen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "position"], name="guiding_question_position_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Cluster(models.Model):
    """Cards that belong together under a heading (Cluster)."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="clusters", verbose_name="Leitfrage"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    title = models.CharField("Überschrift", max_length=120)
    # Taken off the wall; undoing a step can bring it back.
    is_dropped = models.BooleanField("abgenommen", default=False, editable=False)

    class Meta:
        verbose_name = "Cluster"
        verbose_name_plural = "Cluster"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CardSource(models.TextChoices):
    PHONE = "PHONE", "am Telefon geschrieben"
    PAPER = "PAPER", "von Papier übernommen"
    SURVEY = "SURVEY", "aus der Bedarfserhebung"


class Card(models.Model):
    """One thought on the wall (Karte), written in one round, without an author."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="cards", verbose_name="Leitfrage"
    )
    round = models.ForeignKey(Round, models.CASCADE, related_name="cards", verbose_name="Runde")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="cards", verbose_name="Cluster"
    )
    position = models.PositiveIntegerField("Stelle", default=0, editable=False)
    text = models.CharField("Text", max_length=LONGEST_CARD)
    source = models.CharField("Herkunft", max_length=6, choices=CardSource, default=CardSource.PAPER)
    is_hidden = models.BooleanField("verdeckt", default=False)
    # Chosen by the phone, so that a card whose answer was lost can be sent again and hangs once.
    key = models.UUIDField("Schlüssel", unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "Karte"
        verbose_name_plural = "Karten"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="card_has_text",
                condition=~Q(text=""),
                violation_error_message="Auf einer Karte steht ein Gedanke; diese ist leer.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Step(models.Model):
    """One thing that a moderator did on a wall (Schritt), and the changes that undo it, as `boards.packed`."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="steps", verbose_name="Leitfrage"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="von")
    words = models.CharField("Was geschah", max_length=300)
    undo = models.JSONField("macht ihn rückgängig")
    is_undone = models.BooleanField("rückgängig gemacht", default=False)

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words


class Hand(models.Model):
    """How many cards one phone has hung up under a question in a round; which ones is not known (Hand).

    `phone` is the hash of a random value in a cookie of that phone.
    """

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="hands", verbose_name="Leitfrage"
    )
    round = models.ForeignKey(Round, models.CASCADE, related_name="hands", verbose_name="Runde")
    phone = models.CharField("Telefon", max_length=64)
    cards = models.PositiveSmallIntegerField("Karten", default=0)

    class Meta:
        verbose_name = "Hand"
        verbose_name_plural = "Hände"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["guiding_question", "round", "phone"], name="hand_phone_unique")
        ]

    def __str__(self) -> str:
        return f"{self.cards} Karten"


class PollQuerySet(models.QuerySet["Poll"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def with_voters(self) -> Self:
        """Adds `voters`, how many have set points."""
        return self.annotate(voters=models.Count("sheets"))

    def ended(self) -> Self:
        """Those that are over and have a result, `with_voters`; one without a vote weighs nothing."""
        return self.with_voters().filter(is_open=False, voters__gt=0)


class Poll(models.Model):
    """Points on the columns of a wall (Mehrpunktabfrage); what was set is shown to nobody before it is closed."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="polls", verbose_name="Leitfrage"
    )
    # In which it was started; nothing where all rounds set points together.
    round = models.ForeignKey(
        Round, models.SET_NULL, null=True, blank=True, related_name="polls", verbose_name="Runde"
    )
    people = models.PositiveSmallIntegerField("Personen")
    points_each = models.PositiveSmallIntegerField("Punkte je Person")
    may_accumulate = models.BooleanField("mehrere Punkte auf eine Spalte erlaubt", default=False)
    is_open = models.BooleanField("läuft", default=True, editable=False)
    ended_at = models.DateTimeField("beendet", null=True, blank=True, editable=False)
    # Of several polls of a question the one that the projector shows.
    is_chosen = models.BooleanField("gilt", default=False, editable=False)

    # Set by with_voters()
    voters: int

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = "Punktabfrage"
        verbose_name_plural = "Punktabfragen"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["guiding_question"],
                condition=Q(is_open=True),
                name="poll_open_unique",
                violation_error_message="Zu dieser Leitfrage läuft schon eine Punktabfrage.",
            ),
            models.UniqueConstraint(
                fields=["guiding_question"],
                condition=Q(is_chosen=True),
                name="poll_chosen_unique",
                violation_error_message="Zu jeder Leitfrage gilt höchstens eine Punktabfrage.",
            ),
            models.CheckConstraint(
                name="poll_chosen_is_over",
                condition=Q(is_chosen=False) | Q(is_open=False),
                violation_error_message="Eine Punktabfrage gilt erst, wenn sie beendet ist.",
            ),
            models.CheckConstraint(
                name="poll_points_positive",
                condition=Q(people__gte=1, points_each__gte=1),
                violation_error_message="Es braucht mindestens eine Person und einen Punkt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points_each} Punkte je Person"

    @property
    def most_per_column(self) -> int:
        """How many points one person may set on one column."""
        return self.points_each if self.may_accumulate else 1

    @property
    def has_surplus(self) -> bool:
        """Whether more have set points than are said to be in the room; of a poll `with_voters`."""
        return self.voters > self.people

    @property
    def turnout(self) -> str:
        """„9 von 9 Personen“; of a poll `with_voters`."""
        if self.has_surplus:
            stated = "einen angegebenen" if self.people == 1 else f"angegebenen {self.people}"
            return f"{self.voters} Personen statt der {stated}"
        return f"{self.voters} von {counted(self.people, 'Person', 'Personen')}"


class Dot(models.Model):
    """All points that a column got in a poll (Punkte); who set them is not stored."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="dots", verbose_name="Punktabfrage")
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="dots", verbose_name="Cluster")
    # As people read it when they set their points; the column can be renamed afterwards.
    title = models.CharField("Überschrift", max_length=120, editable=False)
    points = models.PositiveIntegerField("Punkte", default=0)

    class Meta:
        verbose_name = "Punkte"
        verbose_name_plural = "Punkte"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["poll", "cluster"], name="dot_cluster_unique")]

    def __str__(self) -> str:
        return f"{self.points} Punkte"


class PollSheet(models.Model):
    """That one phone, or one person at the table, has set points (Stimmzettel); the points are added to the `Dot`s.

    `key` is chosen by the phone; a sheet that arrives twice counts once.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="sheets", verbose_name="Punktabfrage")
    key = models.CharField("Schlüssel", max_length=64)

    class Meta:
        verbose_name = "Stimmzettel"
        verbose_name_plural = "Stimmzettel"
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["poll", "key"], name="poll_sheet_unique")]

    def __str__(self) -> str:
        return "Stimmzettel"
