import datetime

import pytest
from django.urls import reverse

from participants.forms.fields import (
    MISSING,
    MunicipalityInput,
    MunicipalitySearchField,
    MunicipalitySearchForm,
    Typed,
)
from participants.models import Municipality
from participants.queries.municipalities import exactly_named, search_municipalities
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

SEARCH = "participants:municipality_search"


class PlaceForm(MunicipalitySearchForm):
    municipality = MunicipalitySearchField(label="Kommune")


def town(name, ags, **fields):
    return MunicipalityFactory(name=name, ags=ags, state=ags[:2], **fields)


@pytest.fixture
def diepholz():
    return town("Neuenkirchen", "03251028", county_name="Landkreis Diepholz")


@pytest.fixture
def steinfurt():
    return town("Neuenkirchen", "05566060", county_name="Kreis Steinfurt")


@pytest.fixture
def koeln():
    return town("Köln", "05315000", designation="Stadt")


def sent(**inputs):
    """A form with these inputs, by their last part: `text="Köln"`, `choice=…`, `search=True`."""
    names = {"choice": "municipality"}
    return PlaceForm({names.get(part, f"municipality_{part}"): value for part, value in inputs.items()})


def chosen(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data["municipality"]


def sentence(form):
    assert not form.is_valid()
    return form.errors["municipality"][0]


# What the field makes of its inputs


def test_a_key_alone_is_complete(koeln):
    assert chosen(sent(choice=str(koeln.pk))) == koeln


@pytest.mark.parametrize(
    "text", ["Köln", "koln", "KOELN", " Köln ", "05315000", "Köln, Nordrhein-Westfalen", "Stadt Köln"]
)
def test_a_name_in_full_is_taken_directly(koeln, text):
    town("Kölln-Reisiek", "01056029")

    assert chosen(sent(text=text)) == koeln


def test_a_homonym_leads_to_the_choice_between_its_places(diepholz, steinfurt):
    form = sent(text="Neuenkirchen")

    assert sentence(form) == (
        "„Neuenkirchen“ gibt es mehrmals. Bitte wählen Sie Ihre Kommune nach Kreis und Land aus."
    )
    page = form.as_p()
    assert f'value="{diepholz.pk}"' in page
    assert "Landkreis Diepholz, Niedersachsen" in page
    assert "Kreis Steinfurt, Nordrhein-Westfalen" in page


def test_a_homonym_with_its_place_is_taken_directly(diepholz, steinfurt):
    assert chosen(sent(text="Neuenkirchen, Landkreis Diepholz, Niedersachsen")) == diepholz


def test_homonyms_in_one_kreis_are_told_apart_by_their_key(client):
    for ags in ("13075101", "13075102"):
        town("Neuenkirchen", ags, county_name="Landkreis Vorpommern-Greifswald")

    places = [match["place"] for match in client.get(reverse(SEARCH), {"text": "neuenk"}).json()["matches"]]

    assert places == [
        f"Landkreis Vorpommern-Greifswald, Mecklenburg-Vorpommern, AGS\u00a0{ags}"
        for ags in ("13075101", "13075102")
    ]


def test_the_beginning_of_a_name_leads_to_a_choice(koeln):
    assert sentence(sent(text="Köl")) == "Bitte wählen Sie aus, welche Kommune mit „Köl“ gemeint ist."


@pytest.mark.parametrize("text", ["Xyz", "%", "_", "'; --", "#", "x" * 5000, "–", "K"])
def test_what_names_nothing_says_so_and_is_kept(koeln, text):
    form = sent(text=text)

    assert "finden wir nicht" in sentence(form)
    assert 'name="municipality_text"' in form.as_p()


def test_nothing_at_all_asks_for_it():
    assert sentence(sent()) == "Bitte suchen Sie Ihre Kommune und wählen Sie sie aus."


def test_a_field_that_is_optional_may_stay_empty():
    assert MunicipalitySearchField(required=False).clean(Typed()) is None


@pytest.mark.parametrize("choice", ["0", "-1", "abc", "9" * 30, "²", "1.5", "None"])
def test_a_key_that_is_none_is_refused(koeln, choice):
    assert "steht nicht zur Wahl" in sentence(sent(choice=choice))


def test_a_dissolved_one_is_refused_by_key_and_by_name():
    gone = town("Altdorf", "09274114", dissolved_on=datetime.date(2020, 1, 1))
    expected = (
        "Altdorf, Bayern wurde aufgelöst und steht nicht mehr zur Wahl. "
        "Bitte wählen Sie die Kommune, zu der sie heute gehört."
    )

    assert sentence(sent(choice=str(gone.pk))) == expected
    assert sentence(sent(text="altdorf")) == expected
    assert sentence(sent(text="09274114")) == expected


def test_a_name_that_a_dissolved_and_a_living_one_share_is_the_livings():
    town("Altdorf", "09274114", dissolved_on=datetime.date(2020, 1, 1))
    living = town("Altdorf", "08115002")

    assert chosen(sent(text="Altdorf")) == living


def test_one_that_is_written_in_is_not_stored_yet():
    place = chosen(sent(choice=MISSING, name="  Neu \u00a0Dorf ", state="09"))

    assert (place.pk, place.name, place.label) == (None, "Neu Dorf", "Neu Dorf, Bayern")
    assert place.is_written_in
    assert not Municipality.objects.exists()
    place.full_clean()


def test_one_that_is_written_in_needs_no_land_and_no_choice():
    assert chosen(sent(text="Neudorf", name="Neudorf")).label == "Neudorf"


def test_one_that_is_written_in_and_known_is_the_known_one(koeln):
    assert chosen(sent(name="Koeln", state="05")) == koeln


def test_a_homonym_that_is_written_in_stays_written_in_unless_the_land_decides(diepholz, steinfurt):
    assert chosen(sent(name="Neuenkirchen")).is_written_in
    assert chosen(sent(name="Neuenkirchen", state="05")) == steinfurt


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"choice": MISSING}, "Bitte tragen Sie den Namen Ihrer Kommune ein."),
        ({"name": "x" * 161}, "Der Name der Kommune hat höchstens 160 Zeichen."),
        ({"name": "Neu\u202edorf"}, "ändert die Schreibrichtung"),
        ({"name": "Neudorf", "state": "99"}, "Bitte wählen Sie das Land aus der Liste."),
    ],
)
def test_what_cannot_be_written_in_says_why_and_is_kept(inputs, expected):
    form = sent(**inputs)

    assert expected in sentence(form)
    assert f'value="{inputs.get("name", "")}"' in form.as_p()


def test_a_choice_and_a_name_together_ask_which_is_meant(koeln):
    assert "zugleich eine Kommune eingetragen" in sentence(sent(choice=str(koeln.pk), name="Neudorf"))


def test_a_text_that_was_changed_after_the_choice_is_not_passed_over(koeln, diepholz):
    form = sent(choice=str(koeln.pk), searched="Köln", text="Neuenkirchen")

    assert sentence(form) == (
        "Gewählt ist Köln, Nordrhein-Westfalen; im Suchfeld steht „Neuenkirchen“. "
        "Bitte suchen Sie noch einmal und wählen Sie aus."
    )


# The step without JavaScript


def test_the_button_brings_the_choices_and_no_errors(diepholz, steinfurt):
    form = sent(text="neuenk", search="1")

    assert not form.is_valid()
    assert not form.errors
    page = form.as_p()
    assert page.count('type="radio"') == 3
    assert "autofocus" in page
    assert 'name="municipality_searched" value="neuenk"' in page


def test_the_button_without_a_text_is_an_ordinary_submission(koeln):
    """Enter in any other field presses the first button of a form."""
    assert chosen(sent(choice=str(koeln.pk), search="1")) == koeln
    assert chosen(sent(choice=str(koeln.pk), text="Köln", searched="Köln", search="1")) == koeln
    assert "Bitte suchen Sie" in sentence(sent(search="1"))


def test_the_button_with_another_text_searches_anew_in_spite_of_the_choice(koeln, diepholz):
    form = sent(choice=str(koeln.pk), searched="Köln", text="neuenk", search="1")

    assert not form.is_valid()
    assert not form.errors
    assert f'value="{diepholz.pk}"' in form.as_p()


def test_a_new_search_gives_up_the_choice(koeln, diepholz):
    """Otherwise the page comes back with the old one chosen, and the next „Weiter“ takes it without a word."""
    found = sent(choice=str(koeln.pk), searched="Köln", text="neuenk", search="1").as_p()
    nothing = sent(choice=str(koeln.pk), searched="Köln", text="Nirgendwo", search="1").as_p()

    assert 'type="radio"' in found
    assert " checked" not in found
    assert 'type="radio"' not in nothing
    assert "Zu „Nirgendwo“ finden wir nichts." in nothing


def test_a_search_without_a_match_opens_the_room_for_a_missing_one():
    page = sent(text="Nirgendwo", search="1").as_p()

    assert "Zu „Nirgendwo“ finden wir nichts." in page
    assert '<details class="municipality-missing" open>' in page


def test_what_was_typed_comes_back_literally():
    page = sent(text='"><script>', name="<b>{{7*7}}").as_p()

    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "&lt;b&gt;{{7*7}}" in page


# What is kept between pages


def test_all_that_was_typed_can_be_carried(diepholz):
    data = {"municipality": "", "municipality_text": "Neuenkirchen", "other": "x"}
    widget = MunicipalityInput()
    kept = {name: data.get(name, "") for name in widget.names("municipality")}

    assert chosen(PlaceForm(kept)) == diepholz
    initial = widget.value_from_datadict(kept, {}, "municipality")
    assert 'value="Neuenkirchen"' in PlaceForm(initial={"municipality": initial}).as_p()


@pytest.mark.parametrize("initial", [lambda place: place, lambda place: place.pk, lambda place: str(place.pk)])
def test_an_initial_municipality_is_shown_as_chosen(diepholz, initial):
    page = PlaceForm(initial={"municipality": initial(diepholz)}).as_p()

    assert f'value="{diepholz.pk}" id="id_municipality_0" checked' in page
    assert 'value="Neuenkirchen, Landkreis Diepholz, Niedersachsen"' in page


def test_an_initial_one_that_was_written_in_is_shown_as_such():
    page = PlaceForm(initial={"municipality": Municipality(name="Neudorf", state="09")}).as_p()

    assert 'value="Neudorf"' in page
    assert '<option value="09" selected>' in page


def test_what_somebody_else_has_written_in_cannot_be_read_by_its_key():
    other = MunicipalityFactory(ags="", state="", name="Geheimdorf")
    form = sent(choice=str(other.pk))

    assert "steht nicht zur Wahl" in sentence(form)
    assert "Geheimdorf" not in form.as_p()


def test_a_stored_one_that_was_written_in_is_shown_as_such():
    page = PlaceForm(initial={"municipality": MunicipalityFactory(ags="", state="", name="Neudorf")}).as_p()

    assert 'name="municipality_name" id="id_municipality_name" value="Neudorf"' in page
    assert 'type="radio"' not in page


def test_the_field_asks_the_database_only_for_what_it_shows(koeln, django_assert_num_queries):
    with django_assert_num_queries(0):
        PlaceForm().as_p()
    with django_assert_num_queries(2):  # once to check, once to show
        sent(choice=str(koeln.pk)).as_p()
    with django_assert_num_queries(2):
        sent(text="Köl").as_p()


# What the search finds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("muelheim", ["Mülheim an der Ruhr"]),
        ("Mulheim", ["Mülheim an der Ruhr"]),
        ("MÜL", ["Mülheim an der Ruhr"]),
        ("Mu\u0308lheim", ["Mülheim an der Ruhr"]),
        ("mülheim ruhr", ["Mülheim an der Ruhr"]),
        ("Ruhr", ["Mülheim an der Ruhr"]),
        ("Ölde", ["Oelde"]),
        ("Sankt Wendel", ["St. Wendel"]),
        ("st.wendel", ["St. Wendel"]),
        ("chose", ["Cottbus/Chóśebuz"]),
        ("Weissenfels", ["Weißenfels"]),
        ("Lutherstadt Wittenberg", ["Wittenberg"]),
        ("Hansestadt", []),
        ("Nordrhein-Westfalen", []),
        ("Oelde Bayern", []),
        ("0511", ["Mülheim an der Ruhr"]),
        ("051170000000", ["Mülheim an der Ruhr"]),
        ("05 117 000", ["Mülheim an der Ruhr"]),
        ("m", []),
        ("", []),
    ],
)
def test_the_search_finds_it_however_it_is_written(text, expected):
    town("Mülheim an der Ruhr", "05117000", designation="Stadt")
    town("Oelde", "05570028", county_name="Kreis Warendorf")
    town("St. Wendel", "10046117")
    town("Cottbus/Chóśebuz", "12052000")
    town("Weißenfels", "15084550")
    town("Wittenberg", "15091375", designation="Lutherstadt")

    assert [place.name for place in search_municipalities(text)] == expected


def test_the_search_puts_the_likeliest_first():
    names = ["Alt Bergen", "Bergen-Belsen", "Bergen", "Nordbergen", "Berg", "Bergenhusen"]
    for number, name in enumerate(names):
        town(name, f"0325{number:04d}")

    assert [place.name for place in search_municipalities("bergen")] == [
        "Bergen",
        "Bergen-Belsen",
        "Bergenhusen",
        "Alt Bergen",
        "Nordbergen",
    ]


def test_the_search_offers_neither_dissolved_nor_written_in_ones():
    town("Neudorf", "03251001", dissolved_on=datetime.date(2020, 1, 1))
    MunicipalityFactory(ags="", state="", name="Neudorf")

    assert search_municipalities("Neudorf") == []


def test_a_kreis_is_found_like_a_town(client):
    town("Diepholz", "03251012", county_name="Landkreis Diepholz")
    town("Landkreis Diepholz", "03251")

    found = client.get(reverse(SEARCH), {"text": "diepholz"}).json()

    assert [(match["name"], match["place"]) for match in found["matches"]] == [
        ("Diepholz", "Landkreis Diepholz, Niedersachsen"),
        ("Landkreis Diepholz", "Niedersachsen"),
    ]


def test_exactly_named_takes_the_whole_name_only():
    places = [town("Berg", "08436010"), town("Bergen", "03351006")]

    assert exactly_named("Berg", places) == places[:1]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_search_asks_the_database_once_and_says_where_it_stops(client, django_assert_num_queries, count):
    for number in range(count):
        town(f"Neudorf {number}", f"03{number:06d}")

    with django_assert_num_queries(1):
        response = client.get(reverse(SEARCH), {"text": "neudorf"})

    assert len(response.json()["matches"]) == min(count, 20)
    assert response.json()["has_more"] is (count > 20)


@pytest.mark.parametrize("text", ["", "x", "\x00", "\ud800".encode("utf-8", "surrogatepass"), "%_\\", "🙂" * 500])
def test_the_search_answers_nonsense_with_nothing(client, koeln, text):
    assert client.get(reverse(SEARCH), {"text": text}).json() == {"matches": [], "has_more": False}


@pytest.mark.one_database
def test_the_search_is_limited_per_network(client, koeln):
    for _ in range(300):
        client.get(reverse(SEARCH))

    assert client.get(reverse(SEARCH)).status_code == 429
    assert client.get(reverse(SEARCH), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_search_cannot_be_posted(client):
    assert client.post(reverse(SEARCH)).status_code == 405
