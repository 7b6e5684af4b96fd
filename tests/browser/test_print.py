"""What comes out of the printer: nothing that cannot be used on paper, and tables that stay together."""

import io
from itertools import product

import pytest
from pypdf import PdfReader

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Responsibility,
    ResponsibilityLevel,
    TandemProfile,
)
from tests import factories
from tests.browser.site import DESKTOP, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

USELESS = """() => [...document.querySelectorAll(
        "button, input, select, textarea, .button, .demo-ribbon, .sort-cell, .sort-grip, [href$='/bearbeiten/']")]
    .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def office(browser, live_server, organiser):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    return visitor


@pytest.fixture
def edition():
    """A draft with a module, and a matrix of the usual size: four areas with three competences each."""
    module = factories.ModuleFactory()
    for place in (1, 2):
        factories.UnitFactory(module=module, position=place)
    edition = module.edition
    tracks = [factories.TrackFactory(edition=edition, audience=audience) for audience in Audience]
    levels = [
        ResponsibilityLevel.objects.create(
            edition=edition, position=n, kind=kind, question="Was?", responsible="Rat und Ausschüsse " * 5
        )
        for n, kind in enumerate(Responsibility)
    ]
    for area, number in product(range(4), range(3)):
        add_competence(edition, f"Bereich {area}", f"Kompetenz {area}.{number}", tracks=tracks, levels=levels)
    return edition


def add_competence(edition, area, name, *, tracks, levels):
    position = edition.competence_areas.count()
    area, _ = CompetenceArea.objects.get_or_create(edition=edition, name=area, defaults={"position": position})
    behaviours = {f"behaviour_{level}": f"Verhalten {level} von {name}." for level in range(5)}
    competence = Competence.objects.create(
        area=area, position=area.competences.count(), name=name, description="Was das heißt. " * 6, **behaviours
    )
    for level in levels:
        TandemProfile.objects.create(competence=competence, responsibility_level=level, target_level=3)
        for track in tracks:
            CompetenceProfile.objects.create(
                competence=competence, track=track, responsibility_level=level, target_level=2
            )


def printed(page):
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return [" ".join(sheet.extract_text().split()) for sheet in pages], [sheet.mediabox for sheet in pages]


def test_the_matrix_lies_on_one_page_and_each_competence_stays_whole(office, edition):
    office.open(f"/programm/{edition.pk}/kompetenzen/")

    texts, boxes = printed(office.page)

    assert all(f"Kompetenz {area}.{number}" in texts[0] for area, number in product(range(4), range(3)))
    assert [box.width > box.height for box in boxes] == [True] + [False] * (len(boxes) - 1)
    assert len(boxes) <= 6
    for area, number in product(range(4), range(3)):
        name = f"Kompetenz {area}.{number}"
        assert [
            text for text in texts if f"Woran man „{name}“ erkennt" in text and f"Verhalten 4 von {name}." in text
        ], name


@pytest.mark.parametrize("path", ["", "kompetenzen/", "module", "themen/", "methoden/"])
def test_paper_has_nothing_to_press(office, edition, path, settings):
    settings.DEMO = True
    edition.topics.create(position=1, name="Rolle und Mandat")
    edition.methods.create(name="Netzwerkkarussell")
    office.open(f"/module/{edition.modules.get().pk}/" if path == "module" else f"/programm/{edition.pk}/{path}")

    office.page.emulate_media(media="print")

    assert office.page.evaluate(USELESS) == []
