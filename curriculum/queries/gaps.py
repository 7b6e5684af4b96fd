"""What an edition leaves open: competences nobody teaches, topics nobody treats, goals nobody works on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from curriculum.models import Audience, Competence, CompetenceProfile, Edition, LearningGoal, Module, Unit
from netzkoord.lib.sentences import listed


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and the page on which it is mended."""

    text: str
    url: str


# One entry for each thing that was looked at; None where nothing is missing.
Checks = Iterable[Gap | None]


@dataclass(frozen=True)
class GapGroup:
    """All gaps of one kind; `closed` is the sentence where there is none, `absent` where nothing was looked at."""

    key: str
    title: str
    closed: str
    absent: str
    checks: tuple[Gap | None, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.checks if gap)

    @property
    def is_absent(self) -> bool:
        return not self.checks


@dataclass(frozen=True)
class EditionGaps:
    groups: tuple[GapGroup, ...]

    @property
    def count(self) -> int:
        return sum(len(group.gaps) for group in self.groups)

    @property
    def is_empty(self) -> bool:
        """The edition has nothing in which a gap could be."""
        return all(group.is_absent for group in self.groups)


def edition_gaps(edition: Edition) -> EditionGaps:
    """Every gap of an edition, in the order of its page; six queries, however large it is."""
    return EditionGaps(
        groups=tuple(
            GapGroup(key, title, closed, absent, tuple(look(edition))) for key, title, closed, absent, look in KINDS
        )
    )


def unserved_competences(edition: Edition) -> Checks:
    competences = Competence.objects.filter(area__edition=edition).select_related("area")
    for competence in competences.annotate(is_served=Exists(Module.objects.filter(competences=OuterRef("pk")))):
        yield (
            None
            if competence.is_served
            else Gap(
                f"„{competence}“ ({competence.area}): Kein Modul fördert diese Kompetenz.", edit_page(competence)
            )
        )


def unserved_targets(edition: Edition) -> Checks:
    """One line per competence and audience; a competence that no module serves at all stands in its own group."""
    in_track = Module.objects.filter(tracks=OuterRef("track"), competences=OuterRef("competence"))
    anywhere = Module.objects.filter(competences=OuterRef("competence"))
    rows = (
        CompetenceProfile.objects.filter(track__edition=edition, target_level__gt=0)
        .annotate(is_open=Exists(anywhere) & ~Exists(in_track))
        .select_related("competence", "track", "responsibility_level")
        .order_by(
            "competence__area__position",
            "competence__position",
            "track__audience",
            "responsibility_level__position",
        )
    )
    found: dict[tuple[int, int], list[CompetenceProfile]] = {}
    for row in rows:
        if row.is_open:
            found.setdefault((row.competence_id, row.track_id), []).append(row)
        else:
            yield None
    for profiles in found.values():
        levels = listed([f"{row.responsibility_level} Stufe\u00a0{row.target_level}" for row in profiles])
        audience = Audience(profiles[0].track.audience).label
        yield Gap(
            f"„{profiles[0].competence}“: Von {dative(audience)} ist {levels} verlangt, "
            "aber kein Modul ihres Angebots fördert die Kompetenz.",
            edit_page(profiles[0].competence),
        )


def dative(audience: str) -> str:
    return f"{audience}n"


def modules_without_competence(edition: Edition) -> Checks:
    page = reverse("curriculum:cascade", args=[edition.pk])
    served = Exists(Competence.objects.filter(modules=OuterRef("pk")))
    for module in edition.modules.annotate(has_competence=served):
        yield None if module.has_competence else Gap(f"{module}: Keine Kompetenz nennt dieses Modul.", page)


def unused_topics(edition: Edition) -> Checks:
    page = reverse("curriculum:topic_list", args=[edition.pk])
    for topic in edition.topics.annotate(is_used=Exists(Unit.objects.filter(topics=OuterRef("pk")))):
        yield None if topic.is_used else Gap(f"„{topic}“: Kein Baustein behandelt dieses Thema.", page)


def unused_goals(edition: Edition) -> Checks:
    used = Exists(Unit.objects.filter(learning_goals=OuterRef("pk")))
    goals = LearningGoal.objects.filter(module__edition=edition).annotate(is_used=used).select_related("module")
    for goal in goals.order_by("module__position", "position"):
        yield None if goal.is_used else Gap(f"{goal.module.code}: „{goal}“", goal.module.get_absolute_url())


def missing_features(edition: Edition) -> Checks:
    """One entry for each demand of a module."""
    modules = edition.modules.annotate(
        reports=Count("units", filter=Q(units__has_practice_report=True)),
        attitude=Count("units", filter=Q(units__is_about_attitude=True)),
    )
    for module in modules:
        if module.requires_practice_report:
            yield (
                None
                if module.reports
                else Gap(
                    f"{module}: Das Modul verlangt einen Erlebnisbericht, hat aber keinen Baustein dafür.",
                    module.get_absolute_url(),
                )
            )
        if module.requires_attitude_unit:
            yield (
                None
                if module.attitude
                else Gap(
                    f"{module}: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen.",
                    module.get_absolute_url(),
                )
            )


def edit_page(competence: Competence) -> str:
    return reverse("curriculum:competence_edit", args=[competence.pk])


# Key, title, sentence where none is missing, sentence where nothing is there, what looks; in the order of the page.
KINDS: tuple[tuple[str, str, str, str, Callable[[Edition], Checks]], ...] = (
    (
        "kompetenzen",
        "Kompetenzen ohne Modul",
        "Jede Kompetenz wird von mindestens einem Modul gefördert.",
        "Die Fassung beschreibt keine Kompetenz.",
        unserved_competences,
    ),
    (
        "zielstufen",
        "Zielstufen, die das Angebot nicht fördert",
        "Zu jeder verlangten Zielstufe gibt es im Angebot dieser Zielgruppe ein Modul.",
        "Es ist keine Zielstufe verlangt.",
        unserved_targets,
    ),
    (
        "module",
        "Module ohne Kompetenz",
        "Jedes Modul fördert mindestens eine Kompetenz.",
        "Die Fassung hat kein Modul.",
        modules_without_competence,
    ),
    (
        "themen",
        "Themen ohne Baustein",
        "Jedes Thema kommt in mindestens einem Baustein vor.",
        "Die Fassung nennt kein Thema.",
        unused_topics,
    ),
    (
        "lernziele",
        "Lernziele ohne Baustein",
        "An jedem Lernziel arbeitet mindestens ein Baustein.",
        "Es ist kein Lernziel beschrieben.",
        unused_goals,
    ),
    (
        "merkmale",
        "Verlangte Erlebnisberichte und Arbeit an der Haltung",
        "Jedes Modul hat die Bausteine, die es verlangt.",
        "Kein Modul verlangt einen Erlebnisbericht oder einen Baustein zur Haltung.",
        missing_features,
    ),
)
