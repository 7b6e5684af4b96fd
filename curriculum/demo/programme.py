"""The programme and two cohorts of the demo: the frame is the real one, the filling and all people are invented."""

import datetime
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.utils import timezone

from curriculum.actions.selection_rule import store_rule
from curriculum.models import (
    Aim,
    Cohort,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    EditionStatus,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Programme,
    ResponsibilityLevel,
    Session,
    SessionAudience,
    SessionDay,
    TandemProfile,
    Topic,
    Track,
    Unit,
    Venue,
)
from curriculum.rules import USUAL_RULE
from netzkoord.lib.free_days import is_free
from netzkoord.lib.states import State
from netzkoord.models import User

Row = TypeVar("Row")

PROGRAMME_FILE = Path(__file__).parent / "programme.toml"
CONTACT_EMAIL = "kursbuero@netzkoord.example"
MONDAY, THURSDAY = 0, 3
# The Land whose holidays count: all venues of the demo lie there.
HOST_STATE = State.NI
# First day of each module: F and K1 as they were held, K2 and K3 invented.
PAST_DAYS = {
    "F": datetime.date(2017, 10, 9),
    "K1": datetime.date(2017, 12, 7),
    "K2": datetime.date(2018, 2, 15),
    "K3": datetime.date(2018, 4, 12),
}


def fill_programme() -> Edition:
    """The programme in its published first edition, with both tracks, all modules and competence profiles."""
    content = tomllib.loads(PROGRAMME_FILE.read_text(encoding="utf-8"))
    programme = Programme.objects.create(title=content["title"])
    edition = Edition.objects.create(
        programme=programme,
        number=1,
        title=content["title"],
        abstract=content["abstract"],
        note=content["note"],
    )
    Aim.objects.bulk_create(
        Aim(edition=edition, position=position, text=text) for position, text in numbered(content["aims"])
    )
    tracks = {
        track.audience: track
        for track in Track.objects.bulk_create(Track(edition=edition, **track) for track in content["tracks"])
    }
    modules = fill_modules(edition, content["modules"], tracks)
    fill_units(edition, content, modules)
    fill_competences(edition, content, modules, tracks)
    fill_goals(edition, content["modules"])
    fill_glossary(edition, content)
    edition.status, edition.published_on = EditionStatus.PUBLISHED, content["published_on"]
    edition.save(update_fields=["status", "published_on"])
    return edition


def fill_modules(edition: Edition, rows: list[dict[str, Any]], tracks: dict[str, Track]) -> dict[str, Module]:
    modules = Module.objects.bulk_create(
        Module(
            edition=edition,
            position=position,
            code=row["code"],
            title=row["title"],
            summary=row["summary"],
            requires_practice_report=True,
            requires_attitude_unit=row["audience"] == "COORDINATOR",
        )
        for position, row in numbered(rows)
    )
    Module.tracks.through.objects.bulk_create(
        Module.tracks.through(module_id=module.pk, track_id=tracks[row["audience"]].pk)
        for module, row in zip(modules, rows, strict=True)
    )
    LearningGoal.objects.bulk_create(
        LearningGoal(module=module, position=position, text=goal["text"])
        for module, row in zip(modules, rows, strict=True)
        for position, goal in numbered(row["goals"])
    )
    return {module.code: module for module in modules}


def fill_units(edition: Edition, content: dict[str, Any], modules: dict[str, Module]) -> None:
    topics = Topic.objects.bulk_create(
        Topic(edition=edition, position=position, name=name) for position, name in numbered(content["topics"])
    )
    methods = {
        method.name: method
        for method in Method.objects.bulk_create(
            Method(edition=edition, name=name, description=description)
            for name, description in content["methods"].items()
        )
    }
    rows = [
        (module, position, unit) for module in content["modules"] for position, unit in numbered(module["units"])
    ]
    units = Unit.objects.bulk_create(
        Unit(
            module=modules[module["code"]],
            position=position,
            title=unit["title"],
            minutes=unit["minutes"],
            material=unit.get("material", ""),
            has_practice_report=unit.get("report", False),
            is_about_attitude=unit.get("attitude", False),
        )
        for module, position, unit in rows
    )
    pairs = [(unit, row) for unit, (_, _, row) in zip(units, rows, strict=True)]
    Unit.topics.through.objects.bulk_create(
        Unit.topics.through(unit_id=unit.pk, topic_id=topics[number - 1].pk)
        for unit, row in pairs
        for number in row["topics"]
    )
    Unit.methods.through.objects.bulk_create(
        Unit.methods.through(unit_id=unit.pk, method_id=methods[name].pk)
        for unit, row in pairs
        for name in row["methods"]
    )


def fill_goals(edition: Edition, rows: list[dict[str, Any]]) -> None:
    """What each goal is about, and the units that lead to it."""
    competences = {each.name: each for each in Competence.objects.filter(area__edition=edition)}
    levels = {level.kind: level for level in edition.responsibility_levels.all()}
    goals = {(goal.module.code, goal.position): goal for goal in goals_of(edition)}
    for module in rows:
        for position, row in numbered(module["goals"]):
            goal = goals[module["code"], position]
            goal.competence, goal.responsibility_level = competences[row["competence"]], levels[row["level"]]
    LearningGoal.objects.bulk_update(goals.values(), ["competence", "responsibility_level"])
    Unit.learning_goals.through.objects.bulk_create(
        Unit.learning_goals.through(unit_id=unit.pk, learninggoal_id=goals[unit.module.code, number].pk)
        for unit, row in units_with_rows(edition, rows)
        for number in row["goals"]
    )


def goals_of(edition: Edition) -> Iterable[LearningGoal]:
    return LearningGoal.objects.filter(module__edition=edition).select_related("module")


def units_with_rows(edition: Edition, rows: list[dict[str, Any]]) -> Iterator[tuple[Unit, dict[str, Any]]]:
    """Each stored unit with what the file says of it."""
    units = {
        (unit.module.code, unit.position): unit
        for unit in Unit.objects.filter(module__edition=edition).select_related("module")
    }
    for module in rows:
        for position, row in numbered(module["units"]):
            yield units[module["code"], position], row


def fill_glossary(edition: Edition, content: dict[str, Any]) -> None:
    """The kinds of networks and other words, linked from the units in which they matter."""
    terms: dict[str, GlossaryTerm] = {}
    for position, row in numbered(content["glossary"]):
        fields = row | {"parent": terms.get(row.get("parent", ""))}
        terms[row["term"]] = GlossaryTerm.objects.create(edition=edition, position=position, **fields)
    Unit.glossary_terms.through.objects.bulk_create(
        Unit.glossary_terms.through(unit_id=unit.pk, glossaryterm_id=terms[name].pk)
        for unit, row in units_with_rows(edition, content["modules"])
        for name in row.get("terms", [])
    )


def fill_competences(
    edition: Edition, content: dict[str, Any], modules: dict[str, Module], tracks: dict[str, Track]
) -> None:
    levels = ResponsibilityLevel.objects.bulk_create(
        ResponsibilityLevel(edition=edition, position=position, **level)
        for position, level in numbered(content["levels"])
    )
    areas = CompetenceArea.objects.bulk_create(
        CompetenceArea(edition=edition, position=position, name=area["name"])
        for position, area in numbered(content["areas"])
    )
    rows = [
        (area, position, row)
        for area, area_row in zip(areas, content["areas"], strict=True)
        for position, row in numbered(area_row["competences"])
    ]
    competences = Competence.objects.bulk_create(
        Competence(
            area=area,
            position=position,
            name=row["name"],
            description=row["description"],
            **{f"behaviour_{level}": text for level, text in enumerate(content["behaviours"][row["name"]])},
        )
        for area, position, row in rows
    )
    pairs = [(competence, row) for competence, (_, _, row) in zip(competences, rows, strict=True)]
    Competence.modules.through.objects.bulk_create(
        Competence.modules.through(competence_id=competence.pk, module_id=modules[code].pk)
        for competence, row in pairs
        for code in row["modules"]
    )
    CompetenceProfile.objects.bulk_create(
        CompetenceProfile(track=track, competence=competence, responsibility_level=level, target_level=target)
        for competence, row in pairs
        for audience, track in tracks.items()
        for level, target in zip(levels, row[audience.lower()], strict=True)
    )
    TandemProfile.objects.bulk_create(
        TandemProfile(competence=competence, responsibility_level=level, target_level=target)
        for competence, row in pairs
        for level, target in zip(levels, row["tandem"], strict=True)
    )


def numbered(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    return enumerate(rows, start=1)


def fill_cohorts(edition: Edition, trainer: User, second_trainer: User) -> tuple[Cohort, Cohort]:
    """The finished cohort of 2017/18, and one whose registration is open and whose sessions lie ahead."""
    lindenhof = Venue.objects.create(
        name="Tagungshaus Lindenhof (erfunden)",
        street="Lindenallee 12",
        postal_code="30159",
        city="Hannover",
        state=State.NI,
        directions="Vom Hauptbahnhof zehn Minuten zu Fuß. Alle Räume sind stufenlos erreichbar.",
    )
    # The one real place: K1 was held there. Nothing invented is said of it, and nothing else happens there.
    leonardo = Venue.objects.create(
        name="Leonardo Hotel", city="Hannover", state=State.NI, directions="Am Tiergarten."
    )
    venues = dict.fromkeys(PAST_DAYS, lindenhof)
    trainers = {"F": [trainer], "K1": [trainer, second_trainer], "K2": [second_trainer], "K3": [trainer]}
    past = Cohort.objects.create(
        edition=edition,
        title="Durchgang 2017/18",
        places=22,
        registration_closes_on=datetime.date(2017, 9, 11),
        make_up_until=datetime.date(2018, 6, 30),
        contact_email=CONTACT_EMAIL,
        announced_at=datetime.datetime(2017, 6, 26, 9, 0, tzinfo=timezone.get_default_timezone()),
    )
    fill_sessions(past, PAST_DAYS, venues | {"K1": leonardo}, trainers)
    future = future_cohort(edition)
    for cohort in (past, future):
        store_rule(cohort, USUAL_RULE)
    fill_sessions(future, future_days(timezone.localdate()), venues, trainers)
    return past, future


def future_cohort(edition: Edition) -> Cohort:
    today = timezone.localdate()
    days = future_days(today)
    years = f"{days['F'].year}/{days['K3']:%y}" if days["F"].year != days["K3"].year else str(days["F"].year)
    return Cohort.objects.create(
        edition=edition,
        title=f"Durchgang {years}",
        places=24,
        asks_approval=True,
        registration_closes_on=closing_date(days["F"]),
        make_up_until=days["K3"] + datetime.timedelta(weeks=10),
        contact_email=CONTACT_EMAIL,
        announced_at=timezone.now() - datetime.timedelta(days=20),
    )


def future_days(today: datetime.date) -> dict[str, datetime.date]:
    """First day of each module: two working days in a row, managers before coordinators, six weeks between."""
    managers = next_pair(today + datetime.timedelta(weeks=10), weekday=MONDAY)
    days = {"F": managers}
    for number, code in enumerate(("K1", "K2", "K3"), start=1):
        days[code] = next_pair(managers + datetime.timedelta(weeks=6 * number), weekday=THURSDAY)
    return days


def closing_date(first_on: datetime.date) -> datetime.date:
    """Five weeks before the first session, earlier if that is a holiday."""
    date = first_on - datetime.timedelta(weeks=5)
    while is_free(date, HOST_STATE):
        date -= datetime.timedelta(weeks=1)
    return date


def next_pair(earliest: datetime.date, *, weekday: int) -> datetime.date:
    """The first such weekday from `earliest` on that, like the day after it, is no holiday."""
    date = earliest + datetime.timedelta(days=(weekday - earliest.weekday()) % 7)
    while is_free(date, HOST_STATE) or is_free(date + datetime.timedelta(days=1), HOST_STATE):
        date += datetime.timedelta(weeks=1)
    return date


def fill_sessions(
    cohort: Cohort,
    first_days: dict[str, datetime.date],
    venues: dict[str, Venue],
    trainers: dict[str, list[User]],
) -> None:
    """One session of two days, 8 UE each, for every module of the cohort's edition."""
    modules = {module.code: module for module in cohort.edition.modules.prefetch_related("tracks")}
    sessions = {
        code: Session(
            cohort=cohort,
            module=modules[code],
            audience=SessionAudience.of(modules[code].audiences),
            venue=venues[code],
        )
        for code in first_days
    }
    Session.objects.bulk_create(sessions.values())
    SessionDay.objects.bulk_create(
        SessionDay(
            session=sessions[code],
            date=first_on + datetime.timedelta(days=offset),
            starts_at=datetime.time(9, 0),
            ends_at=datetime.time(16, 30),
            break_minutes=90,
        )
        for code, first_on in first_days.items()
        for offset in range(2)
    )
    Session.trainers.through.objects.bulk_create(
        Session.trainers.through(session_id=session.pk, user_id=trainer.pk)
        for code, session in sessions.items()
        for trainer in trainers[code]
    )
