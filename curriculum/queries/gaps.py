"""What an edition leaves open: competences nobody teaches, topics nobody treats, goals nobody works on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from curriculum.models import Audience, Competence, CompetenceProfile, Edition, LearningGoal, Module
from netzkoord.lib.sentences import listed


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and the page on which it is mended."""

    text: str
    url: str


@dataclass(frozen=True)
class GapGroup:
    """All gaps of one kind; `closed` is the sentence that holds when there is none."""

    key: str
    title: str
    closed: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class EditionGaps:
    groups: tuple[GapGroup, ...]

    @property
    def count(self) -> int:
        return sum(len(group.gaps) for group in self.groups)


def edition_gaps(edition: Edition) -> EditionGaps:
    """Every gap of an edition, in the order of its page; six queries, however large it is."""
    return EditionGaps(
        groups=(
            GapGroup(
                "kompetenzen",
                "Kompetenzen ohne Modul",
                "Jede Kompetenz wird von mindestens einem Modul gefördert.",
                tuple(unserved_competences(edition)),
            ),
            GapGroup(
                "zielstufen",
                "Zielstufen, die das Angebot nicht fördert",
                "Zu jeder verlangten Zielstufe gibt es im Angebot dieser Zielgruppe ein Modul.",
                tuple(unserved_targets(edition)),
            ),
            GapGroup(
                "module",
                "Module ohne Kompetenz",
                "Jedes Modul fördert mindestens eine Kompetenz.",
                tuple(modules_without_competence(edition)),
            ),
            GapGroup(
                "themen",
                "Themen ohne Baustein",
                "Jedes Thema kommt in mindestens einem Baustein vor.",
                tuple(unused_topics(edition)),
            ),
            GapGroup(
                "lernziele",
                "Lernziele ohne Baustein",
                "An jedem Lernziel arbeitet mindestens ein Baustein.",
                tuple(unused_goals(edition)),
            ),
            GapGroup(
                "merkmale",
                "Verlangte Erlebnisberichte und Arbeit an der Haltung",
                "Jedes Modul hat die Bausteine, die es verlangt.",
                tuple(missing_features(edition)),
            ),
        )
    )


def unserved_competences(edition: Edition) -> Iterable[Gap]:
    for competence in Competence.objects.filter(area__edition=edition, modules=None).select_related("area"):
        yield Gap(f"„{competence}“ ({competence.area}): Kein Modul fördert diese Kompetenz.", edit_page(competence))


def unserved_targets(edition: Edition) -> Iterable[Gap]:
    """One line per competence and audience; a competence that no module serves at all stands in its own group."""
    in_track = Module.objects.filter(tracks=OuterRef("track"), competences=OuterRef("competence"))
    anywhere = Module.objects.filter(competences=OuterRef("competence"))
    rows = (
        CompetenceProfile.objects.filter(
            Exists(anywhere), ~Exists(in_track), track__edition=edition, target_level__gt=0
        )
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
        found.setdefault((row.competence_id, row.track_id), []).append(row)
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


def modules_without_competence(edition: Edition) -> Iterable[Gap]:
    for module in edition.modules.filter(competences=None):
        yield Gap(
            f"{module}: Keine Kompetenz nennt dieses Modul.", reverse("curriculum:cascade", args=[edition.pk])
        )


def unused_topics(edition: Edition) -> Iterable[Gap]:
    for topic in edition.topics.filter(units=None):
        yield Gap(
            f"„{topic}“: Kein Baustein behandelt dieses Thema.", reverse("curriculum:topic_list", args=[edition.pk])
        )


def unused_goals(edition: Edition) -> Iterable[Gap]:
    goals = LearningGoal.objects.filter(module__edition=edition, units=None)
    for goal in goals.select_related("module").order_by("module__position", "position"):
        yield Gap(f"{goal.module.code}: „{goal}“", goal.module.get_absolute_url())


def missing_features(edition: Edition) -> Iterable[Gap]:
    modules = edition.modules.annotate(
        reports=Count("units", filter=Q(units__has_practice_report=True)),
        attitude=Count("units", filter=Q(units__is_about_attitude=True)),
    )
    for module in modules:
        if module.requires_practice_report and not module.reports:
            yield Gap(
                f"{module}: Das Modul verlangt einen Erlebnisbericht, hat aber keinen Baustein dafür.",
                module.get_absolute_url(),
            )
        if module.requires_attitude_unit and not module.attitude:
            yield Gap(
                f"{module}: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen.",
                module.get_absolute_url(),
            )


def edit_page(competence: Competence) -> str:
    return reverse("curriculum:competence_edit", args=[competence.pk])
