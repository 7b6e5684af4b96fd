"""An edition of 60 modules and 600 units with everything that belongs to them, stored in a few statements."""

from itertools import cycle

from curriculum.models import (
    Aim,
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Programme,
    Responsibility,
    ResponsibilityLevel,
    TandemProfile,
    Topic,
    Track,
    Unit,
)

MODULES = 60
UNITS_PER_MODULE = 10
GOALS_PER_MODULE = 4
TOPICS = 40
METHODS = 25
KINDS = 3
TERMS_PER_KIND = 4
AREAS = 4
COMPETENCES_PER_AREA = 10
MODULES_PER_COMPETENCE = 3
AIMS = 5
PARAGRAPH = (
    "Nicht die Menschen im Raum sind das Netzwerk, sondern die Verbindungen, die zwischen ihnen wachsen. "
    "Wer koordiniert, schafft Anlässe, hält Zusagen fest und sorgt dafür, dass aus Absichten Vereinbarungen werden."
)


def large_edition(
    *, modules: int = MODULES, units_per_module: int = UNITS_PER_MODULE, title: str = "Großes Programm"
) -> Edition:
    """A draft; `tests.factories.publish` freezes it."""
    programme = Programme.objects.create(title=title)
    edition = Edition.objects.create(programme=programme, number=1, title=title, abstract=PARAGRAPH, note=PARAGRAPH)
    tracks = fill_frame(edition)
    rows = fill_modules(edition, tracks, modules)
    competences = fill_competences(edition, tracks, rows)
    goals = fill_goals(edition, rows, competences)
    fill_units(edition, rows, goals, units_per_module)
    return edition


def numbers(count):
    return range(1, count + 1)


def fill_frame(edition):
    """Aims, tracks, topics, methods and the glossary; returns the tracks."""
    Aim.objects.bulk_create(Aim(edition=edition, position=n, text=f"Ziel {n}: {PARAGRAPH}") for n in numbers(AIMS))
    Topic.objects.bulk_create(Topic(edition=edition, position=n, name=f"Thema {n:02}") for n in numbers(TOPICS))
    Method.objects.bulk_create(
        Method(edition=edition, name=f"Methode {n:02}", description=PARAGRAPH, material="Karten, Stifte")
        for n in numbers(METHODS)
    )
    fill_glossary(edition)
    return Track.objects.bulk_create(
        Track(edition=edition, audience=audience, title=f"Angebot für {audience.label}", summary=PARAGRAPH)
        for audience in Audience
    )


def fill_glossary(edition):
    kinds = GlossaryTerm.objects.bulk_create(
        GlossaryTerm(edition=edition, position=n, term=f"Netzwerk-Art {n}", definition=PARAGRAPH)
        for n in numbers(KINDS)
    )
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(
            edition=edition,
            position=KINDS + n,
            parent=kinds[n % KINDS],
            term=f"Begriff {n:02}",
            definition=PARAGRAPH,
            examples="Runder Tisch, Beirat",
        )
        for n in numbers(KINDS * TERMS_PER_KIND)
    )


def fill_modules(edition, tracks, count):
    """Every third module for both audiences, the others for one."""
    modules = Module.objects.bulk_create(
        Module(
            edition=edition,
            position=n,
            code=f"M{n:02}",
            title=f"Modul {n}: Netzwerke aufbauen und begleiten",
            summary=PARAGRAPH,
            requires_practice_report=n % 2 == 0,
            requires_attitude_unit=n % 4 == 0,
        )
        for n in numbers(count)
    )
    chosen = cycle([tracks, tracks[:1], tracks[1:]])
    Module.tracks.through.objects.bulk_create(
        Module.tracks.through(module_id=module.pk, track_id=track.pk)
        for module, own in zip(modules, chosen, strict=False)
        for track in own
    )
    return modules


def fill_competences(edition, tracks, modules):
    """Four areas of ten competences, each in three modules, with a target for everybody on every level."""
    levels = ResponsibilityLevel.objects.bulk_create(
        ResponsibilityLevel(
            edition=edition, position=n, kind=kind, question="Wozu?", responsible=PARAGRAPH, products="Beschluss"
        )
        for n, kind in enumerate(Responsibility, start=1)
    )
    areas = CompetenceArea.objects.bulk_create(
        CompetenceArea(edition=edition, position=n, name=f"Kompetenzbereich {n}") for n in numbers(AREAS)
    )
    competences = Competence.objects.bulk_create(
        Competence(
            area=area,
            position=n,
            name=f"Kompetenz {area.position}.{n}",
            description=PARAGRAPH,
            **{f"behaviour_{level}": f"Stufe {level}: {PARAGRAPH}" for level in range(5)},
        )
        for area in areas
        for n in numbers(COMPETENCES_PER_AREA)
    )
    Competence.modules.through.objects.bulk_create(
        Competence.modules.through(competence_id=competence.pk, module_id=modules[place].pk)
        for n, competence in enumerate(competences)
        for place in {(n + step) % len(modules) for step in range(MODULES_PER_COMPETENCE)}
    )
    fill_profiles(tracks, levels, competences)
    return competences


def fill_profiles(tracks, levels, competences):
    CompetenceProfile.objects.bulk_create(
        CompetenceProfile(
            track=track, competence=competence, responsibility_level=level, target_level=(n + level.position) % 5
        )
        for track in tracks
        for n, competence in enumerate(competences)
        for level in levels
    )
    TandemProfile.objects.bulk_create(
        TandemProfile(competence=competence, responsibility_level=level, target_level=3)
        for competence in competences
        for level in levels
    )


def fill_goals(edition, modules, competences):
    levels = list(edition.responsibility_levels.all())
    return LearningGoal.objects.bulk_create(
        LearningGoal(
            module=module,
            position=n,
            text=f"Lernziel {n}: Sie erklären, was ein Netzwerk von einem Gremium unterscheidet.",
            competence=competences[(module.position + n) % len(competences)],
            responsibility_level=levels[n % len(levels)],
        )
        for module in modules
        for n in numbers(GOALS_PER_MODULE)
    )


def fill_units(edition, modules, goals, count):
    """Each unit with two topics, a method, a learning goal of its module and a word of the glossary."""
    units = Unit.objects.bulk_create(
        Unit(
            module=module,
            position=n,
            title=f"Baustein {module.position}.{n}",
            summary=PARAGRAPH,
            minutes=45 * (1 + n % 3),
            material="Karten, Stifte",
            has_practice_report=n == 2,
            is_about_attitude=n == 3,
        )
        for module in modules
        for n in numbers(count)
    )
    topics = list(edition.topics.all())
    fill_links(Unit.topics, "topic", units, [topics, topics[1:] + topics[:1]])
    fill_links(Unit.methods, "method", units, [list(edition.methods.all())])
    fill_links(Unit.glossary_terms, "glossaryterm", units, [list(edition.glossary.all())])
    first = {module.pk: index * GOALS_PER_MODULE for index, module in enumerate(modules)}
    Unit.learning_goals.through.objects.bulk_create(
        Unit.learning_goals.through(
            unit_id=unit.pk, learninggoal_id=goals[first[unit.module_id] + unit.position % GOALS_PER_MODULE].pk
        )
        for unit in units
    )


def fill_links(field, name, units, sources):
    """Join the units with the rows of each source, taken in turn."""
    field.through.objects.bulk_create(
        field.through(**{"unit_id": unit.pk, f"{name}_id": rows[n % len(rows)].pk})
        for rows in sources
        for n, unit in enumerate(units)
    )
