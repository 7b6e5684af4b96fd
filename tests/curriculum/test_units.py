"""Units of a module in a draft: their minutes, what they treat, their order, two people at one."""

import pytest
from django.test import Client

from curriculum.models import AgendaItem, Unit
from tests import factories
from tests.curriculum.parts import BAD_TEXT, MARKUP, audit_lines, changed, errors_in, page_data, text_of

GONE = "Etwas davon gibt es hier nicht mehr. Bitte wählen Sie aus dem, was jetzt in der Liste steht."
RANGE = "Ein Baustein dauert zwischen 1 und 600 Minuten. Bitte prüfen Sie die Dauer."
FIELDS = {"title": "Netzwerkkarussell", "minutes": "90"}


@pytest.fixture
def module(db):
    module = factories.ModuleFactory(code="K1", title="Grundlagen")
    fill_lists(module)
    return module


def fill_lists(module):
    edition = module.edition
    for position, name in enumerate(("Netzwerk-Arten", "Haltung", "Steuerung"), start=1):
        edition.topics.create(position=position, name=name)
        edition.methods.create(name=f"Methode {position}")
        module.learning_goals.create(position=position, text=f"Ziel {position}")
        edition.glossary.create(position=position, term=f"Begriff {position}", definition="Erklärt.")


@pytest.fixture
def unit(module):
    unit = factories.UnitFactory(module=module, position=1, title="Landkarte", minutes=45)
    unit.topics.set(module.edition.topics.filter(name="Haltung"))
    return unit


def two_clients(user):
    clients = Client(), Client()
    for client in clients:
        client.force_login(user)
    return clients


def keys(rows):
    return [str(row.pk) for row in rows]


def test_unit_add_stores_everything_that_was_chosen(client, organiser, module):
    client.force_login(organiser)
    chosen = {
        "topics": keys(module.edition.topics.all()[:2]),
        "methods": keys(module.edition.methods.all()[:1]),
        "learning_goals": keys(module.learning_goals.all()[1:]),
        "glossary_terms": keys(module.edition.glossary.all()[:1]),
    }
    marks = {"has_practice_report": "on", "is_about_attitude": "on"}

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | chosen | marks)

    unit = Unit.objects.get()
    assert response.url == f"/module/{module.pk}/#bausteine"
    assert (unit.title, unit.minutes, unit.position) == ("Netzwerkkarussell", 90, 1)
    assert unit.has_practice_report
    assert unit.is_about_attitude
    assert {name: keys(getattr(unit, name).all()) for name in chosen} == chosen
    assert [line.details["added"] for line in audit_lines()] == ["unit"]


def test_units_are_added_one_behind_the_other(client, organiser, module):
    client.force_login(organiser)

    for title in ("A", "B"):
        client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"title": title})

    assert list(module.units.values_list("title", "position")) == [("A", 1), ("B", 2)]


def test_unit_added_twice_by_a_double_click_is_one(client, organiser, module):
    client.force_login(organiser)
    address = f"/module/{module.pk}/bausteine/neu/"
    page = changed(page_data(client.get(address)), title="Landkarte", minutes="90")

    client.post(address, page)
    response = client.post(address, page)

    assert response.status_code == 302
    assert Unit.objects.count() == 1
    assert len(audit_lines()) == 1


@pytest.mark.parametrize("minutes", ["0", "-1", "601", "10000", "9" * 40])
def test_unit_of_too_few_or_too_many_minutes_gets_one_sentence_and_keeps_the_rest(
    client, organiser, module, minutes
):
    client.force_login(organiser)
    topics = keys(module.edition.topics.all()[:1])

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"minutes": minutes, "topics": topics})

    assert errors_in(response) == [RANGE]
    assert 'value="Netzwerkkarussell"' in text_of(response)
    assert response.context["form"]["topics"].value() == topics
    assert not Unit.objects.exists()


@pytest.mark.parametrize("minutes", ["", "x", "1.5", "²", "\x00"])
def test_unit_with_minutes_that_are_no_number_gets_one_sentence(client, organiser, module, minutes):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"minutes": minutes})

    assert len(errors_in(response)) == 1
    assert not Unit.objects.exists()


@pytest.mark.parametrize("minutes", [1, 600])
def test_unit_may_take_a_minute_or_ten_hours(client, organiser, module, minutes):
    client.force_login(organiser)

    client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"minutes": minutes})

    assert Unit.objects.get().minutes == minutes


@pytest.mark.parametrize(("title", "sentence"), BAD_TEXT)
def test_unit_title_that_cannot_be_printed_gets_one_sentence(client, organiser, module, title, sentence):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"title": title})

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_unit_title_with_markup_is_shown_as_typed(client, organiser, module):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"title": MARKUP}, follow=True)

    assert MARKUP not in response.content.decode()
    assert MARKUP in text_of(response)


@pytest.mark.parametrize("field", ["topics", "methods", "learning_goals", "glossary_terms"])
def test_unit_never_takes_a_part_of_another_edition(client, organiser, module, field):
    other = factories.ModuleFactory()
    fill_lists(other)
    rows = {
        "topics": other.edition.topics,
        "methods": other.edition.methods,
        "learning_goals": other.learning_goals,
        "glossary_terms": other.edition.glossary,
    }[field]
    client.force_login(organiser)
    address = f"/module/{module.pk}/bausteine/neu/"

    response = client.post(address, FIELDS | {field: keys(rows.all())})

    assert errors_in(response) == [GONE]
    offered = {str(choice[0]) for choice in response.context["form"].fields[field].choices}
    assert not offered & set(keys(rows.all()))
    assert not Unit.objects.exists()


def test_unit_never_takes_a_goal_of_another_module(client, organiser, module):
    other = factories.ModuleFactory(edition=module.edition)
    goal = other.learning_goals.create(position=1, text="Anderes Ziel")
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"learning_goals": [goal.pk]})

    assert errors_in(response) == [GONE]
    assert "Anderes Ziel" not in text_of(response)


@pytest.mark.parametrize("key", ["x", "9" * 30, "-1", "\x00"])
def test_unit_refuses_keys_that_are_none(client, organiser, module, key):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"topics": [key]})

    assert len(errors_in(response)) == 1
    assert not Unit.objects.exists()


def test_unit_moves_to_another_module_without_the_goals_of_the_old(client, organiser, unit):
    other = factories.ModuleFactory(edition=unit.module.edition)
    factories.UnitFactory(module=other, position=7)
    unit.learning_goals.set(unit.module.learning_goals.all())
    client.force_login(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), module=other.pk))

    unit.refresh_from_db()
    assert response.url == f"/module/{other.pk}/#baustein-{unit.pk}"
    assert (unit.module, unit.position) == (other, 8)
    assert not unit.learning_goals.exists()
    assert [topic.name for topic in unit.topics.all()] == ["Haltung"]


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_unit_moves_to_no_module_that_is_none(client, organiser, unit, key):
    client.force_login(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), module=key))

    assert len(errors_in(response)) == 1
    assert Unit.objects.get().module == unit.module


def test_unit_never_moves_to_a_module_of_another_edition(client, organiser, unit):
    foreign = factories.ModuleFactory(title="Fremdes Modul")
    client.force_login(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), module=foreign.pk))

    assert errors_in(response) == [GONE]
    assert "Fremdes Modul" not in text_of(response)


def test_two_organisers_at_one_unit_lose_nothing(organiser, unit):
    first, second = two_clients(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"
    topics = {topic.name: str(topic.pk) for topic in unit.module.edition.topics.all()}
    methods = keys(unit.module.edition.methods.all())
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(
        address,
        changed(
            page_of_first,
            minutes=60,
            topics=[topics["Haltung"], topics["Steuerung"]],
            methods=methods[:1],
            has_practice_report="on",
        ),
    )
    response = second.post(
        address, changed(page_of_second, title="Netzwerkkarte", topics=[topics["Netzwerk-Arten"]]), follow=True
    )

    unit.refresh_from_db()
    assert (unit.title, unit.minutes, unit.has_practice_report) == ("Netzwerkkarte", 60, True)
    assert [topic.name for topic in unit.topics.all()] == ["Netzwerk-Arten", "Steuerung"]
    assert keys(unit.methods.all()) == methods[:1]
    told = text_of(response)
    assert "Inzwischen hat jemand anderes etwas geändert, das ist erhalten geblieben." in told
    assert "Dauer in Minuten: „60“" in told
    assert "Themen: „Haltung, Steuerung“" in told
    assert "Methoden: „Methode 1“" in told


def test_two_organisers_at_the_same_minutes_see_each_other(organiser, unit):
    first, second = two_clients(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, minutes=60))
    refused = second.post(address, changed(page_of_second, minutes=120))

    assert "Inzwischen hat jemand anderes dieses Feld geändert. Dort steht jetzt: „60“." in text_of(refused)
    assert 'value="120"' in text_of(refused)
    assert Unit.objects.get().minutes == 60

    second.post(address, page_data(refused))

    assert Unit.objects.get().minutes == 120


def test_unit_moved_away_by_the_first_stays_there_for_the_second(organiser, unit):
    other = factories.ModuleFactory(edition=unit.module.edition)
    first, second = two_clients(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, module=other.pk))
    response = second.post(address, changed(page_of_second, title="Netzwerkkarte"))

    unit.refresh_from_db()
    assert response.url == f"/module/{other.pk}/#baustein-{unit.pk}"
    assert (unit.module, unit.title) == (other, "Netzwerkkarte")


def test_a_topic_that_was_deleted_meanwhile_is_said(organiser, unit):
    first, second = two_clients(organiser)
    address = f"/module/bausteine/{unit.pk}/bearbeiten/"
    page_of_second = page_data(second.get(address))
    topic = unit.topics.get()

    first.post(f"/themen/{topic.pk}/loeschen/")
    response = second.post(address, changed(page_of_second, title="Netzwerkkarte"))

    assert errors_in(response) == [GONE]
    assert 'value="Netzwerkkarte"' in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_unit_form_query_count(client, organiser, module, django_assert_num_queries, count):
    for position in range(4, 4 + count):
        module.edition.topics.create(position=position, name=f"Thema {position}")
        factories.ModuleFactory(edition=module.edition)
    unit = factories.UnitFactory(module=module)
    client.force_login(organiser)

    with django_assert_num_queries(15):
        response = client.get(f"/module/bausteine/{unit.pk}/bearbeiten/")

    assert text_of(response).count("Thema ") == count


def test_unit_form_folds_its_lists_and_says_how_many_are_chosen(client, organiser, unit):
    client.force_login(organiser)

    page = text_of(client.get(f"/module/bausteine/{unit.pk}/bearbeiten/"))

    assert '<summary>Themen <span class="muted">1 gewählt (freiwillig)</span></summary>' in page
    assert '<summary>Methoden <span class="muted">nichts gewählt (freiwillig)</span></summary>' in page
    assert '<details class="choices">' in page


def test_unit_form_opens_a_list_with_a_mistake_in_it(client, organiser, module):
    client.force_login(organiser)

    page = text_of(client.post(f"/module/{module.pk}/bausteine/neu/", FIELDS | {"topics": ["0"]}))

    assert page.count('<details class="choices" open>') == 1


def test_unit_form_leaves_out_lists_with_nothing_in_them(client, organiser):
    module = factories.ModuleFactory()
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{module.pk}/bausteine/neu/"))

    assert '<details class="choices"' not in page


def test_unit_delete_says_how_much_shorter_the_module_gets(client, organiser, unit):
    client.force_login(organiser)

    page = text_of(client.get(f"/module/bausteine/{unit.pk}/loeschen/"))
    response = client.post(f"/module/bausteine/{unit.pk}/loeschen/", follow=True)

    assert "Das Modul „K1 Grundlagen“ ist dann 45 Minuten kürzer." in page
    assert "Der Baustein „Landkarte“ ist gelöscht." in text_of(response)
    assert not Unit.objects.exists()


def test_unit_that_stands_in_an_agenda_stays_and_says_where(client, organiser, unit):
    session = factories.SessionFactory(
        cohort__edition=unit.module.edition, cohort__title="Hannover", module=unit.module
    )
    AgendaItem.objects.create(day=session.days.get(), position=1, unit=unit, minutes=45)
    client.force_login(organiser)

    response = client.post(f"/module/bausteine/{unit.pk}/loeschen/")

    assert "bleibt bestehen: Er steht im Ablaufplan von „Hannover“." in text_of(response)
    assert Unit.objects.exists()


@pytest.fixture
def three(module):
    return [factories.UnitFactory(module=module, position=place, title=f"B{place}") for place in (1, 2, 3)]


def order_of(module):
    return [unit.title for unit in module.units.all()]


def test_unit_goes_up_by_its_button_which_keeps_the_focus(client, organiser, module, three):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/ordnen/", {"up": f"{three[2].pk}:2", "list": "units"})

    assert response.url == f"/module/{module.pk}/#units-up-{three[2].pk}"
    assert order_of(module) == ["B1", "B3", "B2"]
    assert f'id="units-up-{three[2].pk}"' in text_of(client.get(response.url))
    assert audit_lines()[-1].details == {"ordered": "unit"}


def test_a_double_click_on_up_moves_a_unit_once(client, organiser, module, three):
    client.force_login(organiser)

    for _ in range(2):
        client.post(f"/module/{module.pk}/bausteine/ordnen/", {"up": f"{three[2].pk}:2", "list": "units"})

    assert order_of(module) == ["B1", "B3", "B2"]


def test_units_take_the_order_in_which_they_were_dragged(client, organiser, module, three):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/ordnen/", {"order": keys(reversed(three))})

    assert response.url == f"/module/{module.pk}/"
    assert order_of(module) == ["B3", "B2", "B1"]


def test_an_order_without_a_unit_that_was_added_meanwhile_is_refused(client, organiser, module, three):
    sent = keys(reversed(three))
    factories.UnitFactory(module=module, position=4, title="B4")
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/ordnen/", {"order": sent})

    assert response.status_code == 409
    assert order_of(module) == ["B1", "B2", "B3", "B4"]
    page = text_of(client.get(f"/module/{module.pk}/"))
    assert "Die Liste hat sich inzwischen geändert, die Reihenfolge ist deshalb nicht gespeichert." in page


@pytest.mark.parametrize("data", [{}, {"up": "x"}, {"up": "0:1"}, {"down": "9" * 30 + ":1"}])
def test_a_button_that_makes_no_sense_changes_nothing_and_says_so(client, organiser, module, three, data):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/ordnen/", data, follow=True)

    assert response.redirect_chain == [(f"/module/{module.pk}/", 302)]
    assert "die Reihenfolge ist deshalb nicht gespeichert" in text_of(response)
    assert order_of(module) == ["B1", "B2", "B3"]


def test_a_unit_of_another_module_is_not_sorted_in(client, organiser, module, three):
    foreign = factories.UnitFactory(module__edition=module.edition, position=1)
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/bausteine/ordnen/", {"order": [*keys(three), str(foreign.pk)]})

    assert response.status_code == 409
    foreign.refresh_from_db()
    assert foreign.position == 1


def writing_addresses(unit):
    return [
        f"/module/{unit.module_id}/bausteine/neu/",
        f"/module/{unit.module_id}/bausteine/ordnen/",
        f"/module/bausteine/{unit.pk}/bearbeiten/",
        f"/module/bausteine/{unit.pk}/loeschen/",
    ]


def test_units_of_a_published_edition_are_not_written_at_any_address(client, organiser, unit):
    factories.publish(unit.module.edition)
    client.force_login(organiser)

    for address in writing_addresses(unit):
        assert client.post(address, FIELDS | {"module": unit.module_id}).status_code == 409, address
    assert Unit.objects.get().title == "Landkarte"


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_units_is_refused_at_every_address(client, request, unit, role):
    client.force_login(request.getfixturevalue(role))

    for address in writing_addresses(unit):
        assert client.post(address, FIELDS).status_code == 403, address


def test_unit_order_refuses_to_be_read(client, organiser, module):
    client.force_login(organiser)

    assert client.get(f"/module/{module.pk}/bausteine/ordnen/").status_code == 405
