"""Every page of the access matrix, by those who may see it: no finding of axe, nothing wider than the screen."""

import pytest

from tests.browser.site import DESKTOP, Visitor
from tests.test_access import MATRIX, ROLES, address_of, whole_world

pytestmark = pytest.mark.django_db(transaction=True)

# What is no page: papers, tables, calendars, files.
PAPERS = {
    "announcement_calendar",
    "announcement_pdf",
    "attendance_state",
    "attendance_worker",
    "badge_calibration",
    "badge_sheet",
    "calendar_feed_file",
    "certificate_archive",
    "certificate_download",
    "certificate_print",
    "check_in_screen",
    "chosen_export",
    "cohort_contacts",
    "cohort_trend_export",
    "edition_export",
    "evaluation_report",
    "feedback_report",
    "handbook",
    "health",
    "heat_map_export",
    "import_template",
    "invitation_download",
    "invitation_pdf",
    "material_download",
    "municipality_search",
    "needs_report",
    "own_calendar",
    "own_contacts",
    "own_disclosure_file",
    "own_disclosure_paper",
    "own_material",
    "questionnaire_paper",
    "recommendation_export",
    "result_csv",
    "result_workbook",
    "session_calendar",
    "signature_list",
    "survey_paper",
    "tandem_export",
    "tandem_workbook",
    "transfer_paper",
    "wall_board_state",
    "wall_phone_state",
    "wall_photo",
    "wall_screen_state",
    "workshop_record",
    "you_said_paper",
}
NARROW = {"width": 320, "height": 640}


def seen_by(role):
    column = ROLES.index(role)
    return {
        name
        for name, (_, answers) in MATRIX.items()
        if answers.split()[column] == "200" and name.rpartition(":")[2] not in PAPERS
    }


# Of what organisers see trainers see the same with less on it; these are made for them.
MADE_FOR_TRAINERS = {"start", "curriculum:session_list", "curriculum:session_detail"}


def pages_for(role):
    """In the order of the matrix, so that it can be halved."""
    names = seen_by(role)
    if role == "trainer":
        names -= seen_by("organiser") - MADE_FOR_TRAINERS
    return [name for name in MATRIX if name in names]


@pytest.fixture
def world(live_server, settings):
    settings.BASE_URL = live_server.url
    world = whole_world()
    world.reset_key = ("1", "set-password")
    return world


@pytest.mark.parametrize(
    ("role", "half"),
    [("nobody", 0), ("participant", 0), ("trainer", 0), ("organiser", 0), ("organiser", 1)],
)
def test_every_page_is_accessible_and_fits(browser, live_server, world, role, half):
    """Each page on a narrow screen with every rule, then in a wide window for colours and sizes."""
    visitor = Visitor(browser, live_server.url, viewport=NARROW, scheme="dark")
    if role != "nobody":
        visitor.be(getattr(world, role))

    for name in pages_for(role)[half :: 2 if role == "organiser" else 1]:
        visitor.open(address_of(world, name))
        visitor.look(DESKTOP, scheme="light")
