"""The glossary of an edition: two levels, an order that reads as a tree, and the units in which a term occurs."""

import pytest
from django.test import Client

from curriculum.models import GlossaryTerm
from tests import factories
from tests.curriculum.parts import BAD_TEXT, MARKUP, audit_lines, changed, errors_in, page_data, text_of

FIELDS = {"term": "Tertiäres Netzwerk", "definition": "Professionelle Beziehungen."}


@pytest.fixture
def edition(db):
    return factories.EditionFactory()


def term(edition, position, name, parent=None):
    return edition.glossary.create(position=position, term=name, definition=f"Was {name} ist.", parent=parent)


@pytest.fixture
def natural(edition):
    """Natural networks with two kinds below, then professional ones."""
    natural = term(edition, 1, "natürlich")
    term(edition, 2, "primär", natural)
    term(edition, 3, "sekundär", natural)
    term(edition, 4, "professionell")
    return natural


def names(edition):
    return list(edition.glossary.order_by("position").values_list("term", flat=True))


@pytest.mark.parametrize("count", [1, 3])
def test_glossary_query_count(client, organiser, edition, django_assert_num_queries, count):
    for number in range(count):
        top = term(edition, number, f"Oben {number}")
        for below in range(count):
            child = term(edition, number, f"Unten {number}.{below}", top)
            factories.UnitFactory(module__edition=edition).glossary_terms.add(child, top)
    client.force_login(organiser)

    with django_assert_num_queries(8):
        response = client.get(f"/programm/{edition.pk}/glossar/")

    assert text_of(response).count("<h2 id=") == count
    assert text_of(response).count("<h3 id=") == count * count


def test_glossary_shows_kinds_below_their_parent_and_units_with_each(client, reader, edition, natural):
    unit = factories.UnitFactory(module__edition=edition, module__code="K1", title="Landkarte")
    unit.glossary_terms.add(edition.glossary.get(term="primär"))
    factories.publish(edition)
    client.force_login(reader)

    response = client.get(f"/programm/{edition.pk}/glossar/")

    rows = response.context["rows"]
    assert [(row.term.term, [child.term.term for child in row.children]) for row in rows] == [
        ("natürlich", ["primär", "sekundär"]),
        ("professionell", []),
    ]
    assert [str(use) for use in rows[0].children[0].uses] == ["„Landkarte“ (K1)"]
    assert "Bearbeiten" not in text_of(response)


def test_unit_links_to_its_terms(client, organiser, edition, natural):
    unit = factories.UnitFactory(module__edition=edition)
    unit.glossary_terms.add(natural)
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{unit.module_id}/"))

    assert f'<a href="/programm/{edition.pk}/glossar/#begriff-{natural.pk}">natürlich</a>' in page
    assert f'id="begriff-{natural.pk}"' in text_of(client.get(f"/programm/{edition.pk}/glossar/"))


def test_empty_glossary_says_what_belongs_there(client, organiser, edition):
    client.force_login(organiser)

    assert "Das Glossar ist noch leer." in text_of(client.get(f"/programm/{edition.pk}/glossar/"))


def test_glossary_of_a_draft_is_hidden_from_readers(client, reader, edition):
    client.force_login(reader)

    assert client.get(f"/programm/{edition.pk}/glossar/").status_code == 404


def test_term_add_puts_it_last_below_its_parent(client, organiser, edition, natural):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/glossar/neu/", FIELDS | {"parent": natural.pk})

    added = GlossaryTerm.objects.get(term="Tertiäres Netzwerk")
    assert response.url == f"/programm/{edition.pk}/glossar/#begriff-{added.pk}"
    assert names(edition) == ["natürlich", "primär", "sekundär", "Tertiäres Netzwerk", "professionell"]
    assert len(audit_lines()) == 1


def test_term_that_is_explained_already_is_refused(client, organiser, edition, natural):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/glossar/neu/", FIELDS | {"term": "primär"})

    assert errors_in(response) == ["Diesen Begriff erklärt das Glossar schon."]


@pytest.mark.parametrize(("name", "sentence"), BAD_TEXT)
def test_term_that_cannot_be_printed_gets_one_sentence(client, organiser, edition, name, sentence):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/glossar/neu/", FIELDS | {"term": name})

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_term_with_markup_is_shown_as_typed(client, organiser, edition):
    client.force_login(organiser)

    response = client.post(
        f"/programm/{edition.pk}/glossar/neu/", {"term": MARKUP, "definition": MARKUP}, follow=True
    )

    assert MARKUP not in response.content.decode()
    assert MARKUP in text_of(response)


def test_term_is_offered_uppermost_terms_of_its_own_edition_only(client, organiser, edition, natural):
    foreign = term(factories.EditionFactory(), 1, "Fremder Begriff")
    child = edition.glossary.get(term="primär")
    client.force_login(organiser)
    address = f"/programm/{edition.pk}/glossar/neu/"

    page = client.get(address)
    forged = [foreign.pk, child.pk, "x", "9" * 30, "\x00"]
    refusals = [errors_in(client.post(address, FIELDS | {"parent": key})) for key in forged]

    offered = [str(label) for _, label in page.context["form"].fields["parent"].choices]
    assert offered == ["keinem anderen Begriff", "natürlich", "professionell"]
    assert [len(refusal) for refusal in refusals] == [1] * 5


def test_term_with_others_below_cannot_go_below_another(client, organiser, edition, natural):
    other = edition.glossary.get(term="professionell")
    client.force_login(organiser)
    address = f"/glossar/{natural.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), parent=other.pk))

    assert errors_in(response) == [
        "Das Glossar hat zwei Stufen. Bitte einen Oberbegriff wählen, der selbst keinen hat."
    ]


def test_term_never_belongs_to_itself(client, organiser, edition, natural):
    client.force_login(organiser)
    address = f"/glossar/{natural.pk}/bearbeiten/"

    response = client.post(address, changed(page_data(client.get(address)), parent=natural.pk))

    assert len(errors_in(response)) == 1


def test_term_put_below_another_stands_last_there(client, organiser, edition, natural):
    other, child = edition.glossary.get(term="professionell"), edition.glossary.get(term="primär")
    client.force_login(organiser)
    address = f"/glossar/{child.pk}/bearbeiten/"

    client.post(address, changed(page_data(client.get(address)), parent=other.pk))

    assert names(edition) == ["natürlich", "sekundär", "professionell", "primär"]


def test_two_organisers_at_one_term_lose_nothing(organiser, natural):
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    address = f"/glossar/{natural.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, examples="Familie"))
    second.post(address, changed(page_of_second, definition="Gewachsen."))

    natural.refresh_from_db()
    assert (natural.definition, natural.examples) == ("Gewachsen.", "Familie")


def test_term_delete_names_what_is_below_and_the_units_that_use_it(client, organiser, edition, natural):
    factories.UnitFactory(module__edition=edition, module__code="K1", title="Karte").glossary_terms.add(natural)
    client.force_login(organiser)

    page = text_of(client.get(f"/glossar/{natural.pk}/loeschen/"))
    client.post(f"/glossar/{natural.pk}/loeschen/")

    assert "Mit ihm verschwindet, was zu ihm gehört: „primär“ und „sekundär“." in page
    assert "Dieser Baustein verwendet das: „Karte“ (K1)." in page
    assert names(edition) == ["professionell"]


def test_uppermost_terms_are_sorted_with_what_is_below_them(client, organiser, edition, natural):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/glossar/ordnen/", {"down": f"{natural.pk}:2", "list": "terms"})

    assert response.url == f"/programm/{edition.pk}/glossar/#terms-down-{natural.pk}"
    assert names(edition) == ["professionell", "natürlich", "primär", "sekundär"]


def test_terms_below_one_are_sorted_among_themselves(client, organiser, edition, natural):
    below = [child.pk for child in natural.children.order_by("position")]
    client.force_login(organiser)

    response = client.post(f"/glossar/{natural.pk}/ordnen/", {"order": list(reversed(below))})

    assert response.url == f"/programm/{edition.pk}/glossar/"
    assert names(edition) == ["natürlich", "sekundär", "primär", "professionell"]


def test_terms_below_one_are_not_mixed_with_others(client, organiser, edition, natural):
    keys = list(edition.glossary.values_list("pk", flat=True))
    client.force_login(organiser)

    assert client.post(f"/glossar/{natural.pk}/ordnen/", {"order": keys}).status_code == 409
    assert names(edition) == ["natürlich", "primär", "sekundär", "professionell"]


def writing_addresses(term):
    return [
        f"/programm/{term.edition_id}/glossar/neu/",
        f"/programm/{term.edition_id}/glossar/ordnen/",
        f"/glossar/{term.pk}/ordnen/",
        f"/glossar/{term.pk}/bearbeiten/",
        f"/glossar/{term.pk}/loeschen/",
    ]


def test_a_published_edition_is_not_written_at_any_address(client, organiser, edition, natural):
    factories.publish(edition)
    client.force_login(organiser)

    for address in writing_addresses(natural):
        assert client.post(address, FIELDS).status_code == 409, address
    assert len(names(edition)) == 4


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_is_refused_at_every_address(client, request, natural, role):
    client.force_login(request.getfixturevalue(role))

    for address in writing_addresses(natural):
        assert client.post(address, FIELDS).status_code == 403, address


def test_glossary_refuses_post(client, organiser, edition):
    client.force_login(organiser)

    assert client.post(f"/programm/{edition.pk}/glossar/").status_code == 405
