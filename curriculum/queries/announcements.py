"""What the public reads about a cohort, and what is missing before it may."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from curriculum.certificate_rule import certificate_rule_sentence
from curriculum.models import Audience, Cohort, Edition, Module, Session, Topic, Track, Unit
from curriculum.queries.editions import minutes_by_module
from curriculum.queries.schedule import CohortSchedule, ScheduleRow, schedule_rows
from curriculum.queries.selection_rules import rule_of
from curriculum.rules import RuleInWords, in_words
from netzkoord.lib.sentences import listed


@dataclass(frozen=True)
class OfferedModule:
    """A module as the public reads it; without a session its dates are still to come."""

    module: Module
    minutes: int
    topics: tuple[Topic, ...]
    row: ScheduleRow | None


@dataclass(frozen=True)
class Offer:
    """What one audience is offered in this cohort."""

    track: Track
    audience: Audience
    modules: tuple[OfferedModule, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.modules)


@dataclass(frozen=True)
class AnnouncementPage:
    """The announcement (Ausschreibung) of a cohort, derived from edition and schedule at this moment."""

    cohort: Cohort
    aims: tuple[str, ...]
    offers: tuple[Offer, ...]
    first_on: datetime.date | None
    last_on: datetime.date | None
    towns: tuple[str, ...]
    is_online: bool
    rule: RuleInWords
    certificate_rule: str

    @property
    def cities(self) -> tuple[str, ...]:
        """Where it is held, as a list: „online“ stands beside the towns."""
        return (*self.towns, "online") if self.is_online else self.towns

    @property
    def where(self) -> str:
        """The same inside a sentence: „in Hannover und Dresden“, „online“, „in Hannover und online“."""
        inside = f"in {listed(self.towns)}" if self.towns else ""
        return " und ".join(part for part in (inside, "online" if self.is_online else "") if part)

    @property
    def tandems(self) -> int:
        """How many tandems find a place."""
        return self.cohort.places // 2


@dataclass(frozen=True)
class Blocker:
    """A reason why a cohort cannot be announced yet, and where it is put right."""

    text: str
    label: str
    url: str


def open_announcements() -> QuerySet[Cohort]:
    """What the public start page offers: announced, not over; the next closing date first. One query."""
    today = timezone.localdate()
    return (
        Cohort.objects.announced()
        .with_dates()
        .filter(Q(last_on__gte=today) | Q(last_on__isnull=True, registration_closes_on__gte=today))
        .select_related("edition")
        .order_by("registration_closes_on", "pk")
    )


def announcement_page(cohort: Cohort) -> AnnouncementPage:
    """Reads what is announced; the number of queries does not depend on modules or sessions."""
    rows = schedule_rows(Session.objects.not_cancelled().filter(cohort=cohort))
    days = [day.date for row in rows for day in row.days]
    return AnnouncementPage(
        cohort=cohort,
        aims=tuple(aim.text for aim in cohort.edition.aims.all()),
        offers=offers_of(cohort, {(row.module.pk, audience): row for row in rows for audience in row.audiences}),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        towns=tuple(dict.fromkeys(row.venue.city for row in rows if row.venue)),
        is_online=any(row.venue is None and row.session.online_url for row in rows),
        rule=in_words(rule_of(cohort)),
        certificate_rule=certificate_rule_sentence(cohort),
    )


def offers_of(cohort: Cohort, rows: dict[tuple[int, Audience], ScheduleRow]) -> tuple[Offer, ...]:
    tracks = list(cohort.edition.tracks.prefetch_related("modules"))
    minutes = minutes_by_module({module.pk for track in tracks for module in track.modules.all()})
    topics = topics_by_module(cohort.edition)
    return tuple(
        Offer(
            track=track,
            audience=Audience(track.audience),
            modules=tuple(
                OfferedModule(
                    module=module,
                    minutes=minutes.get(module.pk, 0),
                    topics=topics.get(module.pk, ()),
                    row=rows.get((module.pk, Audience(track.audience))),
                )
                for module in track.modules.all()
            ),
        )
        for track in tracks
    )


def topics_by_module(edition: Edition) -> dict[int, tuple[Topic, ...]]:
    """Topics of all units by the module's key, in the order of the edition; two queries."""
    links = Unit.topics.through.objects.filter(unit__module__edition=edition)
    used: dict[int, set[int]] = defaultdict(set)
    for module, topic in links.values_list("unit__module", "topic"):
        used[module].add(topic)
    topics = list(edition.topics.all())
    return {module: tuple(topic for topic in topics if topic.pk in keys) for module, keys in used.items()}


def announcement_blockers(cohort: Cohort) -> list[Blocker]:
    """Why the cohort cannot be announced yet; empty when it can. One query."""
    edit_url = reverse("curriculum:cohort_edit", args=[cohort.pk])
    sessions = cohort.sessions.not_cancelled().order_by("module__position", "pk")
    held = list(sessions.values_list("module__code", "venue", "online_url"))
    blockers = []
    if cohort.cancelled_at:
        sessions_url = reverse("curriculum:session_list", args=[cohort.pk])
        return [Blocker("Der Durchgang ist abgesagt.", "Termine ansehen", sessions_url)]
    if not held:
        add_url = reverse("curriculum:session_add", args=[cohort.pk])
        blockers.append(Blocker("Der Durchgang hat noch keinen Termin.", "Termin anlegen", add_url))
    if homeless := dict.fromkeys(code for code, venue, online_url in held if not venue and not online_url):
        plan_url = reverse("curriculum:plan_edit", args=[cohort.pk])
        blockers.append(Blocker(f"Für {listed(list(homeless))} fehlt der Ort.", "Ort wählen", plan_url))
    if cohort.registration_closes_on < timezone.localdate():
        text = "Der Anmeldeschluss liegt in der Vergangenheit. Niemand könnte sich anmelden."
        blockers.append(Blocker(text, "Anmeldeschluss ändern", edit_url))
    return blockers


def announcement_hints(cohort: Cohort, schedule: CohortSchedule) -> list[str]:
    """What should be looked at before announcing, though nothing stands in the way."""
    hints = []
    days = [day.date for row in schedule.held for day in row.days]
    if days and cohort.registration_closes_on >= min(days):
        hints.append("Der Anmeldeschluss liegt nicht vor dem ersten Termin.")
    if days and cohort.make_up_until and cohort.make_up_until <= max(days):
        hints.append("Die Frist zum Nachholen endet nicht nach dem letzten Termin.")
    if schedule.held and schedule.unscheduled:
        codes = ", ".join(module.code for module in schedule.unscheduled)
        hints.append(f"Noch ohne Termin: {codes}. In der Ausschreibung steht dort „Termin folgt“.")
    if not cohort.contact_email:
        hints.append("Es fehlt eine E-Mail-Adresse für Rückfragen.")
    return hints
