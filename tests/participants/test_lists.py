"""Papers for the day itself: what stands on them, who gets them, and that they are valid."""

import datetime

import pytest
from django.urls import reverse
from weasyprint.formatting_structure.boxes import TextBox

from netzkoord.lib import measure, pdf
from participants.lists import badges, contacts, signatures
from participants.lists.formats import PAGE_HEIGHT, PAGE_WIDTH, SHEETS
from participants.models import Consent
from participants.tokens import status_token
from tests import factories
from tests.pdf import assert_pdf_ua_and_a, pdf_document, pdf_outline, pdf_reader, pdf_text

MONDAY, TUESDAY = datetime.date(2026, 12, 7), datetime.date(2026, 12, 8)
LONG_GIVEN = ("Maximiliane-Friederike-Charlotte-Oberhuber-" * 3)[:119]
LONG_FAMILY = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LETTERS = "Łucja Ánh M̂arija Größenwahn-Şahin C̆ẞ"


@pytest.fixture
def session(trainer):
    trainer.title, trainer.given_names, trainer.family_name = "Dr.", "Thea", "Sommer"
    trainer.save()
    session = factories.SessionFactory(
        days=[MONDAY, TUESDAY],
        trainers=[trainer],
        cohort__title="Durchgang Süd",
        module__code="K1",
        module__title="Grundlagen",
        venue__name="Haus am See",
    )
    for _ in range(2):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return session


def person(session, **fields):
    """The first accepted person, with other fields."""
    half = session.cohort.registrations.earliest("pk")
    for name, value in fields.items():
        setattr(half, name, value)
    half.save()
    return half


def agree(half, **fields):
    return Consent.objects.create(registration=half, purpose="CONTACT_LIST", version=1, text="Ja.", **fields)


@pytest.mark.verapdf
def test_signature_list_says_when_where_and_who_and_nothing_private(session):
    half = person(session, title="Dr.", given_names="Anna", family_name="Berg", phone="0211 99")

    paper = signatures.signature_paper(session, only=None, empty_rows=2)

    text = pdf_text(paper).replace("\u00a0", " ")
    for part in [
        "Unterschriftenliste",
        "K1 Grundlagen Durchgang Süd",
        "Mo, 7. Dezember 2026, 9:00–16:30 Uhr (Tag 1 von 2)",
        "Haus am See, Hannover",
        "8 UE zu 45 Minuten: Vormittag 4 UE, Nachmittag 4 UE Bitte",
        "Nachmittag 4 UE; alle 2 Tage zusammen 16 UE",
        "Name Vorname Unterschrift vormittags Unterschrift nachmittags",
        "Berg Dr. Anna",
        "Datum Unterschrift Training: Dr. Thea Sommer",
        "Seite 2 von 2",
    ]:
        assert part in text
    for private in (half.email, half.organisation, half.phone, half.tandem.municipality.name, "Führungskraft"):
        assert private not in text
    outline = pdf_outline(paper)
    assert outline.count("Table") == 2
    assert outline.count("TR") == 2 * (1 + 4 + 2)
    assert_pdf_ua_and_a(paper)


def test_signature_list_of_a_day_repeats_its_head_on_every_page(session):
    for _ in range(15):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    paper = signatures.signature_paper(session, only=session.days.last(), empty_rows=0)

    pages = [page.extract_text().replace("\u00a0", " ") for page in pdf_reader(paper).pages]
    assert len(pages) == 2
    assert all("Unterschrift vormittags" in page for page in pages)
    assert "Unterschriftenliste · K1 Grundlagen · Di, 8. Dezember 2026 · Durchgang Süd" in pages[1]
    assert "Seite 2 von 2" in pages[1]
    assert "7. Dezember" not in "".join(pages)


def test_signature_list_of_an_afternoon_has_one_column(session):
    session.days.update(starts_at=datetime.time(13), ends_at=datetime.time(17))

    text = pdf_text(signatures.signature_paper(session, only=session.days.first(), empty_rows=0))

    assert "Name Vorname Unterschrift " in text
    assert "vormittags" not in text


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_labels_lie_on_the_page_and_not_on_each_other(sheet):
    corners = [sheet.corner(place) for place in range(sheet.count)]

    assert min(left for left, _ in corners) >= 0
    assert max(left for left, _ in corners) + sheet.width <= PAGE_WIDTH
    assert max(top for _, top in corners) + sheet.height <= PAGE_HEIGHT
    assert sheet.pitch_x >= sheet.width
    assert sheet.pitch_y >= sheet.height


@pytest.mark.parametrize(
    ("key", "left", "top"),
    [("l4785", 17.5, 13.5), ("32015", 17, 31.5), ("l7414", 15, 18.5), ("l7160", 7.21, 15.15)],
)
def test_margins_are_those_of_the_makers(key, left, top):
    assert SHEETS[key].corner(0) == pytest.approx((left, top), abs=0.01)


def laid_out(monkeypatch, make):
    """The document that a press would lay out, for a look at its boxes."""
    orders = []
    make_it = pdf.made
    monkeypatch.setattr(pdf, "made", lambda order: orders.append(order) or make_it(order))
    make()
    return pdf_document(orders[0])


def text_boxes(page):
    """Left, right, top and bottom of every text in millimetres, with the text."""
    scale = 25.4 / 96
    for box in page._page_box.descendants(placeholders=True):
        if isinstance(box, TextBox) and box.text.strip():
            yield (
                box.position_x * scale,
                (box.position_x + box.width) * scale,
                box.position_y * scale,
                (box.position_y + box.height) * scale,
                box.text,
            )


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_badges_never_leave_their_label_however_long_the_name(session, monkeypatch, sheet):
    half = person(
        session, given_names=LONG_GIVEN, family_name=LONG_FAMILY, organisation="Landesarbeitsgemeinschaft " * 7
    )
    half.tandem.municipality.name = "Verbandsgemeinde " * 9
    half.tandem.municipality.save()

    document = laid_out(monkeypatch, lambda: badges.badge_paper(session, badges.Options(sheet, start=2)))

    boxes = list(text_boxes(document.pages[0]))
    printed = "".join("".join(text.split()) for *_, text in boxes)
    assert LONG_GIVEN.replace(" ", "") + LONG_FAMILY in printed
    corners = [sheet.corner(place) for place in range(sheet.count)]
    for left, right, top, bottom, text in boxes:
        inside = [
            (x, y)
            for x, y in corners
            if x <= left and right <= x + sheet.width and y <= top and bottom <= y + sheet.height
        ]
        assert inside, f"{text!r} at {left:.1f}–{right:.1f} × {top:.1f}–{bottom:.1f}"


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_organisation_on_two_lines_stays_apart_from_the_municipality(session, monkeypatch, sheet):
    half = person(session, organisation="Landeshauptstadt Wiesbaden, Amt für Soziale Arbeit und Jugend")
    half.tandem.municipality.name = "Wiesbaden"
    half.tandem.municipality.save()

    document = laid_out(monkeypatch, lambda: badges.badge_paper(session, badges.Options(sheet)))

    boxes = [(left, top, text) for left, _, top, _, text in text_boxes(document.pages[0])]
    begin, first = next((left, top) for left, top, text in boxes if text.startswith("Landeshauptstadt"))
    last, municipality = sorted(top for left, top, _ in boxes if left == begin and top > first)[:2]
    assert (begin, municipality, "Wiesbaden") in boxes
    assert municipality - last > 1.25 * (last - first)


@pytest.mark.verapdf
def test_badges_carry_name_place_and_the_number_of_the_tandem(session):
    person(session, title="Prof. Dr.", given_names="Łucja", family_name="Größenwahn-Şahin", organisation=LETTERS)
    alone = factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True, family_name="Allein")

    paper = badges.badge_paper(session, badges.Options(SHEETS["l4785"], start=9))

    text = pdf_text(paper).replace("\u00a0", " ")
    assert len(pdf_reader(paper).pages) == 2
    assert "Prof. Dr. Łucja Größenwahn-Şahin" in text
    assert LETTERS.replace(" ", "") in text.replace(" ", "")
    numbers = badges.tandem_numbers(session.cohort)
    assert sorted(numbers.values()) == ["1", "1", "2", "2"]
    assert alone.pk not in numbers
    assert alone.family_name in text
    assert pdf_outline(paper).count("Figure: Tandem") == 4
    assert_pdf_ua_and_a(paper)


def test_badges_without_roles(session):
    text = pdf_text(badges.badge_paper(session, badges.Options(SHEETS["l7160"], shows_role=False)))

    assert "kraft" not in text


def test_whoever_belongs_to_two_tandems_carries_both_numbers(session):
    shared = session.cohort.registrations.filter(role="COORDINATOR").earliest("pk")
    neighbour = factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True, role="MANAGER")
    neighbour.tandem.shared_half, neighbour.tandem.exception_reason = shared, "Nachbarn"
    neighbour.tandem.save()

    numbers = badges.tandem_numbers(session.cohort)

    assert (numbers[shared.pk], numbers[neighbour.pk]) == ("1 + 3", "3")


@pytest.mark.verapdf
def test_calibration_sheet_shows_every_label(client, organiser):
    client.force_login(organiser)

    paper = client.get(reverse("participants:badge_calibration", args=["32015"])).content

    text = pdf_text(paper)
    assert [f"Feld {number}" in text for number in range(1, 10)] == [True] * 8 + [False]
    assert_pdf_ua_and_a(paper)
    assert client.get(reverse("participants:badge_calibration", args=["a4"])).status_code == 404


@pytest.mark.parametrize("text", ["Anna Berg", LONG_FAMILY, LONG_GIVEN, "A" * 300, "x", LETTERS])
@pytest.mark.parametrize(("width", "height"), [(56.5, 12.0), (73, 17), (30, 9)])
def test_text_is_fitted_and_complete(text, width, height):
    fitted = measure.fit(text, width=width, height=height, sizes=(30, 20, 12, 8), bold=True)

    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert fitted.height_mm <= height
    assert all(measure.width_mm(line, fitted.size, bold=True) <= width for line in fitted.lines)


def test_words_stay_whole_while_they_can():
    fitted = measure.fit("Betriebswerkbauunterbeamtin Ute", width=60, height=12, sizes=(30, 20, 12, 8))

    assert fitted == measure.Fitted(12, ("Betriebswerkbauunterbeamtin Ute",)) or fitted.size == 12
    assert all(word in " ".join(fitted.lines) for word in ("Betriebswerkbauunterbeamtin", "Ute"))


@pytest.mark.verapdf
def test_contact_list_names_who_agreed_and_counts_the_others(session):
    first, second, third, fourth = session.cohort.registrations.order_by("pk")
    person(session, position="Amtsleitung", phone="0211 99")
    first.refresh_from_db()
    agree(first)
    agree(second, withdrawn_at=factories.timezone.now())
    Consent.objects.create(registration=third, purpose="PHOTO", version=1, text="Ja.")

    paper = contacts.contact_paper(session.cohort)

    text = pdf_text(paper).replace("\u00a0", " ")
    for part in (
        "1 Person, Stand 2. November 2026",
        first.full_name,
        first.organisation,
        "Amtsleitung",
    ):
        assert part in text
    assert first.email in "".join(text.split())  # a long one breaks at the end of its column
    assert "und 3 weitere Personen." in text
    assert first.phone not in text
    assert first.get_role_display() not in text
    for hidden in (second, third, fourth):
        assert hidden.family_name not in text
        assert hidden.email not in "".join(text.split())
    assert_pdf_ua_and_a(paper)


def test_contact_list_of_nobody_says_so(session):
    assert "4 Personen; bisher möchte niemand auf der Liste stehen." in pdf_text(
        contacts.contact_paper(session.cohort)
    )


def test_contact_list_is_for_those_who_take_part(client, session):
    accepted = session.cohort.registrations.earliest("pk")
    applicant = factories.RegistrationFactory(tandem__cohort=session.cohort)

    answers = [
        client.get(reverse("participants:own_contacts", args=[status_token(half)]))
        for half in (accepted, applicant)
    ]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0]["Content-Type"] == "application/pdf"
    assert "no-store" in answers[0]["Cache-Control"]


def test_session_papers_offers_every_paper(client, trainer, session):
    agree(session.cohort.registrations.earliest("pk"))
    client.force_login(trainer)

    page = client.get(reverse("participants:session_papers", args=[session.pk])).content.decode()

    assert "4 Personen werden erwartet." in page
    assert "1 Person des Durchgangs; 3 weitere werden gezählt" in page
    assert all(sheet.label in page for sheet in SHEETS.values())
    assert reverse("participants:signature_list", args=[session.pk]) in page


def test_signature_list_of_the_chosen_day(client, trainer, session):
    client.force_login(trainer)
    address = reverse("participants:signature_list", args=[session.pk])

    response = client.get(address, {"tag": session.days.last().pk, "leer": "0"})

    assert response["Content-Disposition"] == 'inline; filename="unterschriftenliste-k1.pdf"'
    text = pdf_text(response.content)
    assert "8.\u00a0Dezember 2026" in text
    assert "7.\u00a0Dezember" not in text


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("signature_list", {"tag": "🐘", "leer": "9"}, "Bitte prüfen Sie Ihre Angaben"),
        ("badge_sheet", {"bogen": "l4785", "ab": "11"}, "Dieser Bogen hat 10 Felder."),
        ("badge_sheet", {"bogen": "l4785", "ab": "0"}, "Das erste Feld hat die Nummer 1."),
        ("badge_sheet", {"bogen": "l4785", "ab": "eins"}, "Bitte eine ganze Zahl eingeben."),
        ("badge_sheet", {"bogen": "../etc", "ab": "1"}, "Bitte prüfen Sie Ihre Angaben"),
    ],
)
def test_papers_answer_nonsense_with_a_sentence(client, organiser, session, name, query, sentence):
    client.force_login(organiser)

    response = client.get(reverse(f"participants:{name}", args=[session.pk]), query)

    assert response["Content-Type"].startswith("text/html")
    assert sentence in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_papers_query_count(client, organiser, session, django_assert_num_queries, count):
    for _ in range(count):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    client.force_login(organiser)

    with django_assert_num_queries(8):
        client.get(reverse("participants:badge_sheet", args=[session.pk]))
    with django_assert_num_queries(10):
        client.get(reverse("participants:signature_list", args=[session.pk]))
    with django_assert_num_queries(7):
        client.get(reverse("participants:cohort_contacts", args=[session.cohort_id]))
