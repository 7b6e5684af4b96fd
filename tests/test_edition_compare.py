"""Two editions side by side, and the causes of their changes."""

import uuid

import pytest
from django.urls import reverse

from curriculum.actions.copying import copy_parts
from curriculum.models import Edition
from curriculum.wording import pieces_of
from evaluation.models import ChangeCause, Recommendation
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.curriculum.test_difference import watching


def first_edition():
    edition = factories.EditionFactory(number=1)
    module = factories.ModuleFactory(edition=edition, code="K1", title="Haltung")
    factories.UnitFactory(module=module, title="Lebenslinie zeichnen", minutes=90)
    return factories.publish(edition)


def copy_of(edition, **fields):
    copy = Edition.objects.create(
        programme=edition.programme, number=edition.number + 1, title=edition.title, replaces=edition, **fields
    )
    copy_parts(edition, copy)
    return copy


@pytest.fixture
def old(db):
    return first_edition()


@pytest.fixture
def new(old):
    return copy_of(old, abstract=old.abstract)


def unit_of(edition):
    return edition.modules.get().units.get()


def change_unit(edition, **fields):
    unit = unit_of(edition)
    for name, value in fields.items():
        setattr(unit, name, value)
    unit.save()
    return unit


def page(client, edition, **query):
    return client.get(reverse("edition_compare", args=[edition.pk]), query)


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def cause_address(edition, key):
    return reverse("change_cause_add", args=[edition.pk, key])


def test_edition_compare_tells_the_change_in_one_sentence_and_by_the_word(client, organiser, old, new):
    change_unit(new, title="Lebenslinie besprechen", minutes=135)
    client.force_login(organiser)

    text = text_of(page(client, new))

    assert "Gegenüber der 1. Fassung: 1 Baustein umformuliert, 1 geändert, 2 → 3 UE." in text
    assert '<del><span class="visually-hidden">entfallen: </span>zeichnen' in text
    assert '<ins><span class="visually-hidden">neu: </span>besprechen' in text
    assert "<td>+1 UE</td>" in text


def test_edition_compare_is_the_same_from_either_side(client, organiser, old, new):
    change_unit(new, minutes=135)
    client.force_login(organiser)

    assert "Gegenüber der 1. Fassung" in text_of(page(client, old, mit=new.pk))
    assert "Gegenüber der 1. Fassung" in text_of(page(client, new, mit=old.pk))


def test_edition_compare_says_that_nothing_differs(client, organiser, new):
    client.force_login(organiser)

    text = text_of(page(client, new))

    assert "Gegenüber der 1. Fassung hat sich nichts geändert." in text
    assert "Umfang</h2>" not in text


def test_edition_compare_of_the_only_edition_says_what_comes_next(client, organiser, old):
    client.force_login(organiser)

    assert "bisher nur diese eine Fassung" in text_of(page(client, old))


def test_edition_compare_keeps_drafts_from_readers(client, reader, old, new):
    change_unit(new, title="Geheimer Plan")
    client.force_login(reader)

    assert page(client, new).status_code == 404
    assert page(client, old, mit=new.pk).status_code == 404
    assert "bisher nur diese eine Fassung" in text_of(page(client, old))


def test_edition_compare_shows_readers_published_editions_without_the_forms_for_causes(client, reader, old, new):
    change_unit(new, minutes=135)
    factories.publish(new)
    client.force_login(reader)

    text = text_of(page(client, new))

    assert "2 → 3 UE" in text
    assert "Anlass eintragen" not in text


def test_edition_compare_forbidden_to_strangers_and_to_posts(client, organiser, stranger, old):
    client.force_login(stranger)
    assert page(client, old).status_code == 403

    client.force_login(organiser)
    assert client.post(reverse("edition_compare", args=[old.pk])).status_code == 405


@pytest.mark.parametrize("asked", ["abc", "999999", "-1", "1" * 40])
def test_edition_compare_survives_nonsense(client, organiser, old, new, asked):
    client.force_login(organiser)

    assert page(client, new, mit=asked).status_code == 404
    assert page(client, new, fassung=asked, mit=asked).status_code in (200, 404)


def test_edition_compare_does_not_reach_other_programmes(client, organiser, new):
    client.force_login(organiser)

    assert page(client, new, mit=first_edition().pk).status_code == 404


def test_edition_compare_leads_to_the_pair_that_was_chosen(client, organiser, old, new):
    third = copy_of(factories.publish(new))
    client.force_login(organiser)

    response = page(client, old, fassung=third.pk, mit=new.pk)

    assert response.url == f"{reverse('edition_compare', args=[third.pk])}?mit={new.pk}"


def test_edition_compare_with_itself_shows_the_one_before(client, organiser, old, new):
    client.force_login(organiser)

    assert "Gegenüber der 1. Fassung" in text_of(page(client, new, mit=new.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_edition_compare_query_count(client, organiser, django_assert_num_queries, count):
    edition = factories.EditionFactory(number=1)
    for _ in range(count):
        factories.UnitFactory(module=factories.ModuleFactory(edition=edition))
    new = copy_of(edition)
    recommendation = Recommendation.objects.create(text="Mehr Zeit")
    for module in new.modules.all():
        unit = module.units.get()
        unit.minutes = 100
        unit.save()
        ChangeCause.objects.create(recommendation=recommendation, edition=new, part_key=unit.key)
    client.force_login(organiser)

    with django_assert_num_queries(26):
        response = page(client, new)

    assert text_of(response).count("Anlass:") == count


def test_change_cause_add_notes_the_recommendation_once(client, organiser, old, new):
    unit = change_unit(new, minutes=135)
    recommendation = Recommendation.objects.create(text="Die Haltung zum Thema machen")
    client.force_login(organiser)
    address = cause_address(new, unit.key)

    answers = [client.post(address, {"recommendation": recommendation.pk}) for _ in range(2)]

    assert [answer.url for answer in answers] == [
        f"{reverse('edition_compare', args=[new.pk])}#teil-{unit.key}"
    ] * 2
    assert ChangeCause.objects.get().part_key == unit.key
    event = AuditEvent.objects.get(action=AuditAction.CHANGE_EXPLAINED)
    assert event.details == {"recommendation": recommendation.pk, "part": str(unit.key), "is_noted": True}
    assert "Empfehlung „Die Haltung zum Thema machen“" in text_of(page(client, new))
    assert "Alle Empfehlungen sind als Anlass eingetragen." in text_of(client.get(address))


def test_change_cause_add_works_when_the_edition_is_published(client, organiser, old, new):
    unit = change_unit(new, minutes=135)
    factories.publish(new)
    recommendation = Recommendation.objects.create(text="Mehr Zeit")
    client.force_login(organiser)

    client.post(cause_address(new, unit.key), {"recommendation": recommendation.pk})

    assert ChangeCause.objects.get().edition == new


@pytest.mark.parametrize("choice", ["", "abc", "999999"])
def test_change_cause_add_asks_for_a_recommendation(client, organiser, old, new, choice):
    unit = change_unit(new, minutes=135)
    Recommendation.objects.create(text="Mehr Zeit")
    client.force_login(organiser)

    response = client.post(cause_address(new, unit.key), {"recommendation": choice})

    assert response.status_code == 200
    assert not ChangeCause.objects.exists()


def test_change_cause_add_knows_only_parts_that_changed(client, organiser, old, new):
    client.force_login(organiser)

    for edition, key in [(new, unit_of(new).key), (new, uuid.uuid4()), (old, unit_of(old).key)]:
        assert client.get(cause_address(edition, key)).status_code == 404


def test_change_cause_add_compares_the_words_of_its_part_only(client, organiser, old, new):
    unit = change_unit(new, title="Lebenslinie besprechen", summary="Neu gefasst.")
    new.modules.update(title="Einstellung")
    client.force_login(organiser)

    with watching(pieces_of) as calls:
        text = text_of(client.get(cause_address(new, unit.key)))

    assert "besprechen" in text
    assert len(calls) == 2


def test_change_cause_add_without_recommendations_says_where_they_come_from(client, organiser, old, new):
    unit = change_unit(new, minutes=135)
    client.force_login(organiser)

    assert "Empfehlungen entstehen in Workshops" in text_of(client.get(cause_address(new, unit.key)))


def test_change_cause_remove_takes_the_remark_back(client, organiser, old, new):
    unit = change_unit(new, minutes=135)
    recommendation = Recommendation.objects.create(text="Mehr Zeit")
    cause = ChangeCause.objects.create(recommendation=recommendation, edition=new, part_key=unit.key)
    client.force_login(organiser)
    address = reverse("change_cause_remove", args=[cause.pk])

    assert client.get(address).status_code == 405
    assert client.post(address).url == cause_address(new, unit.key)
    assert client.post(address).status_code == 404
    assert not ChangeCause.objects.exists()
    assert AuditEvent.objects.get(action=AuditAction.CHANGE_EXPLAINED).details["is_noted"] is False


def test_causes_of_every_step_are_shown_between_the_first_and_the_third(client, organiser, old, new):
    unit = change_unit(new, minutes=135)
    third = copy_of(factories.publish(new))
    change_unit(third, title="Lebenslinie besprechen")
    for edition, text in [(new, "Mehr Zeit"), (third, "Mehr Gespräch")]:
        recommendation = Recommendation.objects.create(text=text)
        ChangeCause.objects.create(recommendation=recommendation, edition=edition, part_key=unit.key)
    client.force_login(organiser)

    both = text_of(page(client, third, mit=old.pk))
    last = text_of(page(client, third, mit=new.pk))

    assert "„Mehr Zeit“" in both
    assert "„Mehr Gespräch“" in both
    assert "Anlass eintragen" not in both
    assert "„Mehr Zeit“" not in last
    assert "„Mehr Gespräch“" in last


def test_causes_of_an_edition_that_was_passed_over_are_not_shown(client, organiser, old, new):
    """The third one was copied from the first: what the second changed is none of its business."""
    unit = unit_of(new)
    recommendation = Recommendation.objects.create(text="Mehr Zeit")
    ChangeCause.objects.create(recommendation=recommendation, edition=new, part_key=unit.key)
    third = Edition.objects.create(programme=old.programme, number=3, title=old.title, replaces=old)
    copy_parts(old, third)
    change_unit(third, minutes=45)
    client.force_login(organiser)

    assert "Mehr Zeit" not in text_of(page(client, third))
