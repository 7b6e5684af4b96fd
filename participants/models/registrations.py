"""Registrations and the tandems they form.

The tandem holds what its two people share – cohort, municipality and the decision – so that two cities in
one tandem, or one partner accepted and the other not, cannot be stored.
"""

import datetime
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Lower
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience, Cohort, Session
from netzkoord.models import Salutation, User
from participants.models.places import Municipality


class Selection(models.TextChoices):
    """What the organiser decided about a tandem."""

    OPEN = "OPEN", "offen"
    ACCEPTED = "ACCEPTED", "angenommen"
    WAITING = "WAITING", "Warteliste"
    DECLINED = "DECLINED", "abgelehnt"


class TandemState(models.TextChoices):
    """Derived from how many halves are confirmed."""

    SEEKING = "SEEKING", "sucht zweite Person"
    COMPLETE = "COMPLETE", "vollständig"
    DISSOLVED = "DISSOLVED", "gelöst"


def tandem_state(*, active: int, confirmed: int, is_shared: bool) -> TandemState:
    """The one rule, for rows of the list as well: halves that have not left, confirmed ones, a valid exception."""
    if not active:
        return TandemState.DISSOLVED
    return TandemState.COMPLETE if confirmed == 2 or is_shared else TandemState.SEEKING


def exception_holds(
    *,
    role: str | None,
    confirmed_at: datetime.datetime | None,
    withdrawn_at: datetime.datetime | None,
    selection: str | None,
    active_roles: Collection[str],
    confirmed: int,
) -> bool:
    """The one rule of the reasoned exception, for rows of lists and counts as well.

    Of the neighbour's half come its role, its moments and its tandem's selection; of the tandem that shares it the
    roles of its halves that have not left, and how many are confirmed. It holds while there is one confirmed half
    here that lacks just this role, and the shared one is confirmed, has not left and was not declined.
    """
    is_there = confirmed_at is not None and withdrawn_at is None and selection != Selection.DECLINED
    return is_there and confirmed == len(active_roles) == 1 and role not in active_roles


class RegistrationState(models.TextChoices):
    """Derived from the registration's own moments and its tandem's selection."""

    SUBMITTED = "SUBMITTED", "eingegangen, noch nicht bestätigt"
    CONFIRMED = "CONFIRMED", "bestätigt"
    ACCEPTED = "ACCEPTED", "angenommen"
    WAITING = "WAITING", "Warteliste"
    DECLINED = "DECLINED", "abgelehnt"
    WITHDRAWN = "WITHDRAWN", "zurückgezogen"
    REPLACED = "REPLACED", "ersetzt"
    MERGED = "MERGED", "zusammengeführt"


class TandemForm(models.TextChoices):
    """As what the first person has registered (Form der Anmeldung)."""

    TANDEM = "TANDEM", "als Tandem"
    SEEKING = "SEEKING", "allein, sucht eine zweite Person"
    ALONE = "ALONE", "allein"


class OrganisationType(models.TextChoices):
    MUNICIPAL = "MUNICIPAL", "Kommunalverwaltung"
    COUNTY = "COUNTY", "Kreisverwaltung"
    WELFARE = "WELFARE", "Wohlfahrtsverband"
    INDEPENDENT = "INDEPENDENT", "Freier Träger"
    ASSOCIATION = "ASSOCIATION", "Verein oder Initiative"
    FOUNDATION = "FOUNDATION", "Stiftung"
    AUTHORITY = "AUTHORITY", "Ministerium oder Landesbehörde"
    UNIVERSITY = "UNIVERSITY", "Hochschule"

    @property
    def sector(self) -> "Sector":
        return SECTORS.get(self, Sector.CIVIC)


class Sector(models.TextChoices):
    """The two sides that a cohort wants to bring together; a university counts for neither."""

    PUBLIC = "PUBLIC", "Verwaltung"
    CIVIC = "CIVIC", "Zivilgesellschaft"
    OTHER = "OTHER", "weder noch"


SECTORS = {
    OrganisationType.MUNICIPAL: Sector.PUBLIC,
    OrganisationType.COUNTY: Sector.PUBLIC,
    OrganisationType.AUTHORITY: Sector.PUBLIC,
    OrganisationType.UNIVERSITY: Sector.OTHER,
}


class FieldOfAction(models.TextChoices):
    """What somebody's network is about (Handlungsfeld)."""

    YOUTH = "YOUTH", "Offene Kinder- und Jugendarbeit"
    EARLY = "EARLY", "Frühe Hilfen"
    EDUCATION = "EDUCATION", "Bildung"
    INTEGRATION = "INTEGRATION", "Integration"
    NEIGHBOURHOOD = "NEIGHBOURHOOD", "Quartier"
    HEALTH = "HEALTH", "Gesundheit und Prävention"
    INCLUSION = "INCLUSION", "Inklusion"
    AGEING = "AGEING", "Altenhilfe"
    OTHER = "OTHER", "ein anderes Feld"


class TandemQuerySet(models.QuerySet["Tandem"]):
    def with_halves(self) -> Self:
        """Adds `confirmed_count`: halves that are confirmed and not withdrawn."""
        return self.annotate(
            confirmed_count=Count(
                "registrations",
                filter=Q(registrations__confirmed_at__isnull=False, registrations__withdrawn_at__isnull=True),
            )
        )

    def with_people(self) -> Self:
        """Reads with the tandems what their state and their pages are made of; one more query for the halves."""
        return self.select_related("municipality", "shared_half__tandem__municipality").prefetch_related(
            "registrations"
        )

    def awaiting_decision(self) -> Self:
        """Undecided tandems of which at least one half is confirmed."""
        return self.with_halves().filter(selection=Selection.OPEN, confirmed_count__gte=1)

    def end_invitation(self, **values: Any) -> int:
        """Nobody is invited any more, neither as second person nor as a substitute; other values go along."""
        return self.update(partner_email="", substitute_for=None, **values)

    def keep_no_place(self) -> int:
        """No place is kept for a substitute any more, so that nobody is one."""
        return self.update(place_held_until=None, substitute_for=None)

    def visible_to(self, user: User) -> Self:
        """Organisers see every tandem, nobody else any: partners see each other through their registration."""
        return self if user.has_perm("participants.view_tandem") else self.none()


class Tandem(models.Model):
    """One manager and one coordinator of one municipality (Tandem); a single is one that seeks a partner."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="tandems", verbose_name="Durchgang")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="tandems", verbose_name="Kommune")
    form = models.CharField("Anmeldung", max_length=7, choices=TandemForm, default=TandemForm.TANDEM)
    partner_email = models.EmailField("E-Mail-Adresse der Partnerin oder des Partners", blank=True)
    partner_invited_at = models.DateTimeField("zweite Person eingeladen am", null=True, blank=True, editable=False)
    partner_reminded_count = models.PositiveSmallIntegerField("Erinnerungen an sie", default=0, editable=False)
    # Who has left, while the invited person is to come instead.
    substitute_for = models.ForeignKey(
        "participants.Registration",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="Vertretung für",
    )
    # The reasoned exception: a neighbour's half that counts here as well.
    shared_half = models.ForeignKey(
        "participants.Registration",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="shared_by",
        verbose_name="mitgenutzte Koordinierungskraft",
    )
    exception_reason = models.CharField("Grund der Ausnahme", max_length=500, blank=True, editable=False)
    exception_at = models.DateTimeField("Ausnahme am", null=True, blank=True, editable=False)
    exception_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="Ausnahme durch",
    )
    # One place stays kept for a substitute until then.
    place_held_until = models.DateTimeField("Platz gehalten bis", null=True, blank=True, editable=False)
    selection = models.CharField(
        "Entscheidung", max_length=8, choices=Selection, default=Selection.OPEN, editable=False
    )
    created_at = models.DateTimeField("eingegangen am", default=timezone.now, editable=False)

    # Set by with_halves()
    confirmed_count: int

    objects = TandemQuerySet.as_manager()

    class Meta:
        verbose_name = "Tandem"
        verbose_name_plural = "Tandems"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="tandem_exception_has_reason",
                condition=Q(shared_half__isnull=True, exception_reason="")
                | (Q(shared_half__isnull=False) & ~Q(exception_reason="")),
                violation_error_message="Eine Ausnahme braucht einen Grund.",
            ),
            models.CheckConstraint(
                name="tandem_substitute_is_invited",
                condition=Q(substitute_for__isnull=True) | ~Q(partner_email=""),
                violation_error_message="Als Vertretung ist niemand eingeladen.",
            ),
            models.CheckConstraint(
                name="tandem_substitute_has_place",
                condition=Q(substitute_for__isnull=True) | Q(place_held_until__isnull=False),
                violation_error_message="Für eine Vertretung ist hier kein Platz gehalten.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tandem {self.municipality.name}"

    def get_absolute_url(self) -> str:
        return reverse("participants:tandem_detail", args=[self.pk])

    def active_registrations(self) -> list["Registration"]:
        """Halves that have not been withdrawn; reads the prefetched registrations."""
        return [half for half in self.registrations.all() if half.withdrawn_at is None]

    def confirmed_registrations(self) -> list["Registration"]:
        """Halves confirmed by mail and not withdrawn; reads the prefetched registrations."""
        return [half for half in self.active_registrations() if half.confirmed_at]

    @property
    def people(self) -> int:
        """Places that the tandem takes: its own confirmed halves; a shared one has its place elsewhere."""
        return len(self.confirmed_registrations())

    @property
    def shared(self) -> "Registration | None":
        """The neighbour's half that completes this tandem by exception, as long as it holds."""
        half = self.shared_half if self.shared_half_id else None
        if half is None:
            return None
        holds = exception_holds(
            role=half.role,
            confirmed_at=half.confirmed_at,
            withdrawn_at=half.withdrawn_at,
            selection=half.tandem.selection,
            active_roles=[own.role for own in self.active_registrations()],
            confirmed=self.people,
        )
        return half if holds else None

    @property
    def has_lost_shared_half(self) -> bool:
        """Whether the exception would still be needed here, but the shared half is there no more."""
        return self.shared_half_id is not None and self.shared is None and self.people < 2

    @property
    def state(self) -> TandemState:
        return tandem_state(
            active=len(self.active_registrations()), confirmed=self.people, is_shared=bool(self.shared)
        )

    @property
    def missing_role(self) -> Audience | None:
        """The role that still has no half, if any."""
        taken = {half.role for half in self.active_registrations()}
        missing = [role for role in Audience if role.value not in taken]
        return missing[0] if len(missing) == 1 else None

    @property
    def is_place_held(self) -> bool:
        """Whether the place of a half that has left is still kept for a substitute."""
        return self.place_held_until is not None and self.place_held_until > timezone.now()

    @property
    def inviter(self) -> "Registration | None":
        """The first confirmed half, which invites the other; reads the prefetched registrations."""
        return next(iter(self.confirmed_registrations()), None)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def confirmed(self) -> Self:
        return self.active().filter(confirmed_at__isnull=False)

    def accepted(self) -> Self:
        """The people of a cohort: confirmed halves of accepted tandems."""
        return self.confirmed().filter(tandem__selection=Selection.ACCEPTED)

    def with_kept_place(self) -> Self:
        """Those who have left an accepted tandem and may still name who comes instead."""
        successors = Registration.objects.active().filter(tandem=OuterRef("tandem"), role=OuterRef("role"))
        return self.filter(
            ~Exists(successors),
            confirmed_at__isnull=False,
            withdrawn_at__isnull=False,
            replaced_by__isnull=True,
            merged_into__isnull=True,
            tandem__place_held_until__gt=timezone.now(),
        )

    def of_session(self, session: Session) -> Self:
        """Accepted people of the roles that the session is for."""
        return self.accepted().filter(
            cohort=session.cohort_id,
            role__in=session.audiences,
        )

    def with_accepted_at(self) -> Self:
        """Adds when an accepted person got the place: the last decision, or joining a tandem that had one."""
        decided = StatusChange.objects.filter(tandem=OuterRef("tandem"), to_selection=Selection.ACCEPTED)
        latest = Subquery(decided.order_by("-changed_at").values("changed_at")[:1])
        moments = (Coalesce(moment, "confirmed_at") for moment in (latest, "joined_at"))
        return self.annotate(accepted_at=Greatest("confirmed_at", *moments))

    def visible_to(self, user: User) -> Self:
        """Organisers see every registration, a person the own ones."""
        if user.has_perm("participants.view_registration"):
            return self
        return self.filter(person=user)


class Registration(models.Model):
    """One person's application for a cohort (Anmeldung): the own half of a tandem.

    The data is the half's own: what somebody types under another person's address never reaches that
    person's account. `person` is set when the address is confirmed. Only a confirmed address is unique in its
    cohort: otherwise anybody could block another person's registration by typing that address first.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="registrations", verbose_name="Durchgang")
    tandem = models.ForeignKey(Tandem, models.PROTECT, related_name="registrations", verbose_name="Tandem")
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name="Person"
    )
    role = models.CharField("Rolle im Tandem", max_length=12, choices=Audience.person_choices())
    email = models.EmailField("E-Mail-Adresse", max_length=254)
    salutation = models.CharField("Anrede", max_length=2, choices=Salutation, blank=True, default="")
    title = models.CharField("Titel", max_length=60, blank=True)
    given_names = models.CharField("Vorname", max_length=120, blank=True)
    family_name = models.CharField("Familienname", max_length=120)
    organisation = models.CharField("Organisation", max_length=200)
    organisation_type = models.CharField(
        "Art der Organisation", max_length=12, choices=OrganisationType, blank=True
    )
    position = models.CharField("Funktion", max_length=200, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    field_of_action = models.CharField("Handlungsfeld", max_length=13, choices=FieldOfAction, blank=True)
    created_at = models.DateTimeField("eingegangen am", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("bestätigt am", null=True, blank=True, editable=False)
    # When somebody who was confirmed already came here from a tandem of their own.
    joined_at = models.DateTimeField("ins Tandem gekommen am", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("zurückgezogen am", null=True, blank=True, editable=False)
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaces",
        verbose_name="ersetzt durch",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name="zusammengeführt mit",
    )

    accepted_at: datetime.datetime  # by `with_accepted_at`

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "Anmeldung"
        verbose_name_plural = "Anmeldungen"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tandem", "role"],
                condition=Q(withdrawn_at__isnull=True),
                name="registration_role_unique_in_tandem",
                violation_error_message="Diese Rolle ist im Tandem schon besetzt.",
            ),
            models.UniqueConstraint(
                "cohort",
                Lower("email"),
                condition=Q(withdrawn_at__isnull=True, confirmed_at__isnull=False),
                name="registration_email_unique_in_cohort",
                violation_error_message="Unter dieser Adresse liegt für den Durchgang schon eine Anmeldung vor.",
            ),
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(withdrawn_at__isnull=True),
                name="registration_person_unique_in_cohort",
                violation_error_message="Diese Person ist für den Durchgang schon angemeldet.",
            ),
            models.CheckConstraint(
                name="registration_confirmed_has_person",
                condition=Q(confirmed_at__isnull=True) | Q(person__isnull=False),
                violation_error_message="Eine bestätigte Anmeldung gehört zu einer Person.",
            ),
            models.CheckConstraint(
                name="registration_left_when_replaced_or_merged",
                condition=Q(replaced_by__isnull=True, merged_into__isnull=True) | Q(withdrawn_at__isnull=False),
                violation_error_message="Wer ersetzt oder zusammengeführt ist, hat keine eigene Anmeldung mehr.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return self.tandem.get_absolute_url()

    @property
    def full_name(self) -> str:
        """Title, given names and family name as the person wrote them."""
        return " ".join(part for part in (self.title, self.given_names, self.family_name) if part)

    @property
    def sort_name(self) -> str:
        return ", ".join(part for part in (self.family_name, self.given_names) if part)

    @property
    def state(self) -> RegistrationState:
        if self.merged_into_id:
            return RegistrationState.MERGED
        if self.replaced_by_id:
            return RegistrationState.REPLACED
        if self.withdrawn_at:
            return RegistrationState.WITHDRAWN
        if not self.confirmed_at:
            return RegistrationState.SUBMITTED
        if self.tandem.selection == Selection.OPEN:
            return RegistrationState.CONFIRMED
        return RegistrationState(self.tandem.selection)

    @property
    def partner(self) -> "Registration | None":
        """The other half, confirmed or not; reads the tandem's prefetched registrations."""
        others = [half for half in self.tandem.active_registrations() if half.pk != self.pk]
        return others[0] if others else None


class StatusChange(models.Model):
    """One decision about a tandem (Statuswechsel): who, when, from, to."""

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="status_changes", verbose_name="Tandem")
    from_selection = models.CharField("von", max_length=8, choices=Selection)
    to_selection = models.CharField("nach", max_length=8, choices=Selection)
    changed_at = models.DateTimeField("am", default=timezone.now)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="durch")
    reason = models.CharField("Grund", max_length=500, blank=True)

    class Meta:
        verbose_name = "Statuswechsel"
        verbose_name_plural = "Statuswechsel"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_from_selection_display()} → {self.get_to_selection_display()}"
