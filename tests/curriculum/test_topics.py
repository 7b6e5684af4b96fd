"""Topics and methods of an edition, and in which units they are used."""

import pytest
from django.test import Client

from curriculum.difference import EDITION_KEY
from curriculum.models import Method, Topic
from netzkoord.models import AuditEvent
from tests import factories
from tests.curriculum.parts import BAD_TEXT, MARKUP, audit_lines, changed, errors_in, page_data, text_of


@pytest.fixture
def edition(db):
    return factories.EditionFactory()


@pytest.fixture
def topic(edition):
    return edition.topics.create(position=1, name="Netzwerk-Arten")


@pytest.fixture
def method(edition):
    return edition.methods.create(name="Netzwerkkarussell", material="Karten")


def use(edition, count):
    """`count` topics and methods, each used in as many units."""
    module = factories.ModuleFactory(edition=edition)
    for number in range(count):
        topic = edition.topics.create(position=number, name=f"Thema {number}")
        method = edition.methods.create(name=f"Methode {number}", description="So geht es.")
        for unit in factories.UnitFactory.create_batch(count, module=module):
            unit.topics.add(topic)
            unit.methods.add(method)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("kind", ["themen", "methoden"])
def test_topics_and_methods_query_count(client, organiser, edition, django_assert_num_queries, count, kind):
    use(edition, count)
    client.force_login(organiser)

    with django_assert_num_queries(8):
        response = client.get(f"/programm/{edition.pk}/{kind}/")

    assert text_of(response).count('<details class="uses">') == count
    assert text_of(response).count("#baustein-") == count * count


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("themen", "Die Fassung hat noch keine Themen."), ("methoden", "Die Fassung hat noch keine Methoden")],
)
def test_empty_lists_say_what_next(client, organiser, edition, kind, sentence):
    client.force_login(organiser)

    assert sentence in text_of(client.get(f"/programm/{edition.pk}/{kind}/"))


def test_topic_list_shows_where_a_topic_is_used(client, reader, edition, topic):
    unit = factories.UnitFactory(module__edition=edition, module__code="K1", title="Landkarte")
    unit.topics.add(topic)
    unused = edition.topics.create(position=2, name="Steuerung")
    factories.publish(edition)
    client.force_login(reader)

    response = client.get(f"/programm/{edition.pk}/themen/")

    assert [[str(use) for use in row.uses] for row in response.context["rows"]] == [["„Landkarte“ (K1)"], []]
    assert f'href="/module/{unit.module_id}/#baustein-{unit.pk}"' in text_of(response)
    assert unused.name in text_of(response)
    assert "nach oben" not in text_of(response)


@pytest.mark.parametrize("kind", ["themen", "methoden"])
def test_lists_of_a_draft_are_hidden_from_readers(client, reader, edition, kind):
    client.force_login(reader)

    assert client.get(f"/programm/{edition.pk}/{kind}/").status_code == 404


def test_topic_add_stores_it_last(client, organiser, edition, topic):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/themen/neu/", {"name": "Steuerung"})

    assert response.url == f"/programm/{edition.pk}/themen/"
    assert list(edition.topics.values_list("name", "position")) == [("Netzwerk-Arten", 1), ("Steuerung", 2)]


def test_topic_that_is_there_already_is_refused_in_one_sentence(client, organiser, edition, topic):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/themen/neu/", {"name": topic.name})

    assert errors_in(response) == ["Dieses Thema hat die Fassung schon."]


def test_method_that_is_there_already_is_refused_in_one_sentence(client, organiser, edition, method):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/methoden/neu/", {"name": method.name})

    assert errors_in(response) == ["Diese Methode hat die Fassung schon."]


@pytest.mark.parametrize("kind", ["themen", "methoden"])
@pytest.mark.parametrize(("name", "sentence"), BAD_TEXT)
def test_name_that_cannot_be_printed_gets_one_sentence(client, organiser, edition, kind, name, sentence):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/{kind}/neu/", {"name": name})

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_method_with_markup_is_shown_as_typed(client, organiser, edition):
    client.force_login(organiser)

    response = client.post(
        f"/programm/{edition.pk}/methoden/neu/",
        {"name": MARKUP, "description": MARKUP, "material": MARKUP},
        follow=True,
    )

    assert MARKUP not in response.content.decode()
    assert text_of(response).count(MARKUP) >= 3


@pytest.mark.parametrize(("kind", "model"), [("themen", Topic), ("methoden", Method)])
def test_edit_renames(client, organiser, edition, topic, method, kind, model):
    row = model.objects.get()
    client.force_login(organiser)
    address = f"/{kind}/{row.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), name="Neu"))

    assert response.url == f"/programm/{edition.pk}/{kind}/"
    assert model.objects.get().name == "Neu"
    assert audit_lines()[-1].details["fields"] == ["name"]


def test_two_organisers_at_one_method_lose_nothing(organiser, method):
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    address = f"/methoden/{method.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, material="Karten und Stifte"))
    second.post(address, changed(page_of_second, description="Alle gehen im Kreis."))

    method.refresh_from_db()
    assert (method.material, method.description) == ("Karten und Stifte", "Alle gehen im Kreis.")


@pytest.mark.parametrize(("kind", "model"), [("themen", Topic), ("methoden", Method)])
def test_delete_names_the_units_that_use_it(client, organiser, edition, topic, method, kind, model):
    row = model.objects.get()
    for title in ("Landkarte", "Karussell"):
        row.units.add(factories.UnitFactory(module__edition=edition, module__code=title[:2], title=title))
    client.force_login(organiser)
    address = f"/{kind}/{row.pk}/loeschen/"

    page = text_of(client.get(address))
    response = client.post(address)

    assert "Diese 2 Bausteine verwenden das: „Landkarte“ (La), „Karussell“ (Ka). Dort fällt es weg." in page
    assert response.url == f"/programm/{edition.pk}/{kind}/"
    assert not model.objects.exists()


def test_delete_says_when_nothing_uses_it(client, organiser, topic):
    client.force_login(organiser)

    assert "Kein Baustein verwendet das." in text_of(client.get(f"/themen/{topic.pk}/loeschen/"))


def test_topics_are_sorted(client, organiser, edition, topic):
    other = edition.topics.create(position=2, name="Steuerung")
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/themen/ordnen/", {"order": [other.pk, topic.pk]})

    assert response.url == f"/programm/{edition.pk}/themen/"
    assert list(edition.topics.all()) == [other, topic]


def writing_addresses(edition, topic, method):
    return [
        f"/programm/{edition.pk}/themen/neu/",
        f"/programm/{edition.pk}/themen/ordnen/",
        f"/programm/{edition.pk}/methoden/neu/",
        f"/themen/{topic.pk}/bearbeiten/",
        f"/themen/{topic.pk}/loeschen/",
        f"/methoden/{method.pk}/bearbeiten/",
        f"/methoden/{method.pk}/loeschen/",
    ]


def test_a_published_edition_is_not_written_at_any_address(client, organiser, edition, topic, method):
    factories.publish(edition)
    client.force_login(organiser)

    for address in writing_addresses(edition, topic, method):
        assert client.post(address, {"name": "Neu"}).status_code == 409, address
    assert Topic.objects.get().name == "Netzwerk-Arten"


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_is_refused_at_every_address(client, request, edition, topic, method, role):
    client.force_login(request.getfixturevalue(role))

    for address in writing_addresses(edition, topic, method):
        assert client.post(address, {"name": "Neu"}).status_code == 403, address


@pytest.mark.parametrize("kind", ["themen", "methoden"])
def test_lists_refuse_post(client, organiser, edition, kind):
    client.force_login(organiser)

    assert client.post(f"/programm/{edition.pk}/{kind}/").status_code == 405


def test_topic_order_as_it_was_leaves_no_trace(client, organiser, edition, topic):
    client.force_login(organiser)

    client.post(f"/programm/{edition.pk}/themen/ordnen/", {"list": "themen", "order": [topic.pk]})

    assert not AuditEvent.objects.exists()


def test_topic_add_takes_no_key_that_stands_for_the_edition(client, organiser, edition):
    client.force_login(organiser)

    client.post(f"/programm/{edition.pk}/themen/neu/", {"name": "Neu", "key": str(EDITION_KEY)})

    assert edition.topics.get(name="Neu").key != EDITION_KEY
