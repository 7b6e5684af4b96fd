"""The Verantwortungskaskade: as it is read, and its target levels as one form."""

import json
import re

import pytest
from django.db import IntegrityError, transaction

from curriculum.actions.competences import set_targets
from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Responsibility,
    ResponsibilityLevel,
    TandemProfile,
)
from curriculum.queries.competences import cascade_of
from netzkoord.models import AuditEvent
from tests import factories


@pytest.fixture
def edition(db):
    edition = factories.EditionFactory()
    for audience in Audience:
        factories.TrackFactory(edition=edition, audience=audience)
    return edition


def add_level(edition, kind=Responsibility.NORMATIVE, position=1):
    return ResponsibilityLevel.objects.create(
        edition=edition, position=position, kind=kind, question="Wozu?", responsible="Der Rat"
    )


def add_competence(edition, name="Netzwerke verstehen", area="Fachkompetenz", **fields):
    position = edition.competence_areas.count() + 1
    area, _ = CompetenceArea.objects.get_or_create(edition=edition, name=area, defaults={"position": position})
    return Competence.objects.create(area=area, position=area.competences.count() + 1, name=name, **fields)


@pytest.fixture
def level(edition):
    return add_level(edition)


@pytest.fixture
def competence(edition, level):
    return add_competence(edition)


def url(edition):
    return f"/programm/{edition.pk}/kompetenzen/"


def edit_url(edition):
    return f"/programm/{edition.pk}/kompetenzen/zielstufen/"


def cell(competence, level, audience=None):
    """The name of a select; without an audience, the tandem's."""
    track = level.edition.tracks.get(audience=audience).pk if audience else None
    return f"c{competence.pk}-e{level.pk}-{f't{track}' if track else 'tandem'}"


def page_of(client, edition):
    """What a browser would send back from the page as it now is."""
    form = client.get(edit_url(edition)).context["form"]
    return {name: form[name].value() for name in form.fields}


def manager_level(competence):
    profile = CompetenceProfile.objects.filter(competence=competence, track__audience=Audience.MANAGER).first()
    return profile.target_level if profile else None


# Reading


@pytest.mark.parametrize("count", [1, 3])
def test_cascade_query_count(client, reader, edition, django_assert_num_queries, count):
    for number, kind in list(enumerate(Responsibility))[:count]:
        level = add_level(edition, kind, number)
        competence = add_competence(edition, f"Kompetenz {number}", area=f"Bereich {number}")
        competence.modules.add(factories.ModuleFactory(edition=edition))
        TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=3)
    factories.publish(edition)
    client.force_login(reader)

    with django_assert_num_queries(12):
        response = client.get(url(edition))

    assert response.content.decode().count('class="competence"') == count


def test_cascade_has_a_column_per_level_for_both_audiences_and_the_tandem(
    client, reader, edition, competence, level
):
    manager = edition.tracks.get(audience=Audience.MANAGER)
    CompetenceProfile.objects.create(
        track=manager, competence=competence, responsibility_level=level, target_level=4
    )
    TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=3)
    add_level(edition, Responsibility.OPERATIVE, 2)

    row = cascade_of(edition).areas[0].rows[0]

    assert [(target.level, target.word) for target in row.cells] == [
        (4, "gestalten"),
        (None, "keine Angabe"),
        (3, "anwenden"),
        (None, "keine Angabe"),
        (None, "keine Angabe"),
        (None, "keine Angabe"),
    ]


def test_cascade_says_each_cell_with_a_number_and_a_word(client, reader, edition, competence, level):
    manager = edition.tracks.get(audience=Audience.MANAGER)
    CompetenceProfile.objects.create(
        track=manager, competence=competence, responsibility_level=level, target_level=0
    )
    TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=3)
    factories.publish(edition)
    client.force_login(reader)

    page = client.get(url(edition)).content.decode()

    assert '<strong>0</strong> <span class="cascade-word">nicht verlangt</span>' in page
    assert '<strong>3</strong> <span class="cascade-word">anwenden</span>' in page
    assert '<span class="cascade-word">keine Angabe</span>' in page
    assert "normativ: mindestens eine der beiden Personen auf Stufe\u00a03" in page.replace("&nbsp;", "\u00a0")
    assert '<th scope="colgroup" colspan="3" class="cascade-edge">normativ</th>' in page
    assert "rowspan" not in page


def test_cascade_gives_each_of_its_regions_a_name_of_its_own(client, organiser, edition, competence, level):
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    headings = dict(re.findall(r'<h\d id="([\w-]+)">(.*?)</h\d>', page))
    sections = [headings[name] for name in re.findall(r'<section aria-labelledby="([\w-]+)"', page)]
    regions = sections + re.findall(r'role="region" aria-label="(.*?)"', page)
    assert "Verantwortungskaskade" in regions
    assert len(set(regions)) == len(regions) >= 4


def test_cascade_describes_what_people_do_on_each_level_and_what_serves_it(client, reader, edition, level):
    competence = add_competence(edition, behaviour_0="Sieht nur das eigene Amt.", behaviour_4="Lehrt es andere.")
    competence.modules.add(factories.ModuleFactory(edition=edition, code="K9", title="Aufbau"))
    factories.publish(edition)
    client.force_login(reader)

    page = client.get(url(edition)).content.decode()

    assert page.index("Sieht nur das eigene Amt.") < page.index("Lehrt es andere.")
    assert "K9&ensp;Aufbau" in page
    assert page.count('<span class="cascade-word">kennen</span>') == 0


def test_cascade_of_a_draft_does_not_exist_for_readers(client, reader, edition):
    client.force_login(reader)

    assert client.get(url(edition)).status_code == 404


def test_cascade_that_is_empty_says_what_to_do(client, organiser, edition):
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    assert "Noch ist kein Kompetenzbereich angelegt." in page
    assert f'href="/programm/{edition.pk}/kompetenzbereiche/neu/"' in page


def test_cascade_of_a_published_edition_offers_nothing_to_change(client, organiser, edition, competence):
    factories.publish(edition)
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    assert "bearbeiten" not in page
    assert "sort-button" not in page


def test_cascade_forbidden_without_permission(client, stranger, edition):
    client.force_login(stranger)

    assert client.get(url(edition)).status_code == 403


# Target levels


@pytest.mark.parametrize("count", [1, 3])
def test_cascade_edit_query_count(client, organiser, edition, level, django_assert_num_queries, count):
    for number in range(count):
        add_competence(edition, f"Kompetenz {number}")
    client.force_login(organiser)

    with django_assert_num_queries(12):
        response = client.get(edit_url(edition))

    assert len(response.context["form"].cells) == 3 * count


def test_cascade_edit_shows_the_levels_of_a_competence_below_each_other(
    client, organiser, edition, competence, level
):
    add_level(edition, Responsibility.OPERATIVE, 2)
    client.force_login(organiser)

    page = client.get(edit_url(edition)).content.decode()

    assert '<th scope="row" rowspan="2">Netzwerke verstehen</th>' in page
    rows = re.findall(r'class="targets-level">(\w+)</th>(.*?)</tr>', page, re.DOTALL)
    assert [(name, re.findall(r"</span>([\w]+)</label>", cells)) for name, cells in rows] == [
        (name, ["Führungskräfte", "Koordinierungskräfte", "Tandem"]) for name in ("normativ", "operativ")
    ]
    assert (
        f'<label for="id_{cell(competence, level)}"><span class="targets-of">Netzwerke verstehen, normativ, '
        in page
    )


def test_cascade_edit_tells_what_is_undecided_from_what_is_not_asked(client, organiser, edition, competence, level):
    TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=0)
    client.force_login(organiser)

    page = client.get(edit_url(edition)).content.decode()

    assert page.count('<option value="" selected>noch offen</option>') == 2
    assert page.count('<option value="0" selected>0 nicht verlangt</option>') == 1


def test_cascade_edit_stores_the_matrix_with_one_line_in_the_log(client, organiser, edition, competence, level):
    client.force_login(organiser)
    data = page_of(client, edition) | {
        cell(competence, level, Audience.MANAGER): "4",
        cell(competence, level, Audience.COORDINATOR): "0",
        cell(competence, level): "3",
    }

    response = client.post(edit_url(edition), data)

    assert response.url == url(edition)
    levels = CompetenceProfile.objects.values_list("track__audience", "target_level")
    assert dict(levels) == {"MANAGER": 4, "COORDINATOR": 0}
    assert TandemProfile.objects.get().target_level == 3
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id, event.details) == ("EDITION_CHANGED", str(edition.pk), {"targets": 3})


def test_cascade_edit_takes_a_target_back(client, organiser, edition, competence, level):
    TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=3)
    client.force_login(organiser)

    client.post(edit_url(edition), page_of(client, edition) | {cell(competence, level): ""})

    assert not TandemProfile.objects.exists()


def test_cascade_edit_sent_twice_writes_once(client, organiser, edition, competence, level):
    client.force_login(organiser)
    data = page_of(client, edition) | {cell(competence, level): "2"}

    answers = [client.post(edit_url(edition), data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert AuditEvent.objects.count() == 1


def test_cascade_edit_by_two_at_once_keeps_the_cells_of_both(client, organiser, edition, competence, level):
    client.force_login(organiser)
    shown = page_of(client, edition)
    client.post(edit_url(edition), shown | {cell(competence, level, Audience.MANAGER): "4"})

    response = client.post(edit_url(edition), shown | {cell(competence, level): "2"})

    assert response.status_code == 302
    assert manager_level(competence) == 4
    assert TandemProfile.objects.get().target_level == 2


def test_cascade_edit_of_the_same_cell_by_two_is_refused_once(client, organiser, edition, competence, level):
    other = add_competence(edition, "Ziele verfolgen")
    client.force_login(organiser)
    shown = page_of(client, edition)
    mine, foreign = cell(competence, level, Audience.MANAGER), cell(other, level)
    client.post(edit_url(edition), shown | {mine: "4", foreign: "1"})

    refused = client.post(edit_url(edition), shown | {mine: "2"})
    form = refused.context["form"]
    again = client.post(edit_url(edition), {name: form[name].value() for name in form.fields})

    assert "hat jemand anderes diese Zielstufe geändert, auf „4 gestalten“" in refused.content.decode()
    assert form[mine].value() == "2"
    assert again.status_code == 302
    assert manager_level(competence) == 2
    assert TandemProfile.objects.get(competence=other).target_level == 1


def test_cascade_edit_leaves_alone_what_its_page_did_not_have(client, organiser, edition, competence, level):
    client.force_login(organiser)
    shown = page_of(client, edition)
    later = add_competence(edition, "Später dazu")
    TandemProfile.objects.create(competence=later, responsibility_level=level, target_level=4)

    client.post(edit_url(edition), shown | {cell(competence, level): "1"})

    assert TandemProfile.objects.get(competence=later).target_level == 4


def test_cascade_edit_survives_a_competence_that_is_gone(client, organiser, edition, competence, level):
    client.force_login(organiser)
    data = page_of(client, edition) | {cell(competence, level): "1"}
    competence.delete()

    assert client.post(edit_url(edition), data).status_code == 302
    assert not TandemProfile.objects.exists()


@pytest.mark.parametrize("nonsense", ["5", "-1", "drei", "3 "])
def test_cascade_edit_refuses_levels_that_do_not_exist(client, organiser, edition, competence, level, nonsense):
    client.force_login(organiser)

    response = client.post(edit_url(edition), {"seen": "{]", cell(competence, level): nonsense})

    assert response.status_code == 200
    assert not TandemProfile.objects.exists()


def test_cascade_edit_without_the_hidden_field_takes_what_was_sent(client, organiser, edition, competence, level):
    client.force_login(organiser)

    client.post(edit_url(edition), {"seen": json.dumps([1]), cell(competence, level): "3"})

    assert TandemProfile.objects.get().target_level == 3


def test_cascade_edit_of_a_published_edition_does_not_exist(client, organiser, edition, competence, level):
    factories.publish(edition)
    client.force_login(organiser)

    assert client.post(edit_url(edition), {cell(competence, level): "3"}).status_code == 409


def test_cascade_edit_forbidden_for_readers(client, reader, edition, competence, level):
    client.force_login(reader)

    assert client.post(edit_url(edition), {cell(competence, level): "3"}).status_code == 403
    assert not TandemProfile.objects.exists()


def test_targets_of_a_published_edition_are_refused_by_the_database(organiser, edition, competence, level):
    factories.publish(edition)

    with pytest.raises(IntegrityError), transaction.atomic():
        set_targets(edition=edition, targets={(competence.pk, None, level.pk): 3}, by=organiser)
