"""Which recommendation led to which change: the remark in the tables, and the register of recommendations."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from curriculum.actions.copying import copy_parts
from curriculum.difference import EDITION_KEY
from curriculum.models import Edition
from evaluation.actions.causes import NotACause, note_cause, note_causes, remove_cause
from evaluation.actions.recommendations import set_aside_recommendation
from evaluation.models import ChangeCause, Recommendation
from evaluation.queries.causes import causes_in, recommendation_rows
from netzkoord.models import AuditAction, AuditEvent
from tests import factories


@pytest.fixture
def recommendation(db):
    return Recommendation.objects.create(text="Erlebnisberichten Raum geben")


@pytest.fixture
def unit(db):
    """A unit of a draft that replaces a published edition."""
    old = factories.EditionFactory(number=1)
    factories.UnitFactory(module__edition=old, title="Erlebnisbericht aus der Praxis")
    factories.publish(old)
    draft = Edition.objects.create(programme=old.programme, number=2, title=old.title, replaces=old)
    copy_parts(old, draft)
    return draft.modules.get().units.get()


def edition_of(unit):
    return unit.module.edition


def register(client):
    response = client.get(reverse("evaluation:recommendation_list"))
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_cause_stands_once_in_the_table(unit, recommendation):
    cause = ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)

    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeCause.objects.create(recommendation=recommendation, edition=cause.edition, part_key=unit.key)


def test_several_causes_are_noted_together_or_not_at_all(unit, recommendation, organiser):
    def breaking():
        yield unit.key
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        note_causes(recommendation=recommendation, edition=edition_of(unit), part_keys=breaking(), by=organiser)

    assert not ChangeCause.objects.exists()
    assert not AuditEvent.objects.filter(action=AuditAction.CHANGE_EXPLAINED).exists()


def test_a_recommendation_that_led_to_a_change_is_not_deleted(unit, recommendation):
    ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)

    with pytest.raises(ProtectedError):
        recommendation.delete()


def test_causes_go_with_the_draft_they_speak_of(unit, recommendation):
    ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)

    edition_of(unit).delete()

    assert not ChangeCause.objects.exists()


def test_note_cause_writes_one_line_however_often_it_is_said(unit, recommendation, organiser):
    noted = [
        note_cause(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key, by=organiser)
        for _ in range(2)
    ]

    assert noted[0] == noted[1]
    event = AuditEvent.objects.get(action=AuditAction.CHANGE_EXPLAINED)
    assert (event.by_id, event.target_id) == (organiser.pk, str(edition_of(unit).pk))


@pytest.fixture
def aside(recommendation, organiser):
    set_aside_recommendation(recommendation=recommendation, reason="Zur Probe.", by=organiser)
    return recommendation


def test_what_is_set_aside_led_to_nothing(unit, aside, organiser):
    with pytest.raises(NotACause, match="inzwischen zurückgenommen"):
        note_cause(recommendation=aside, edition=edition_of(unit), part_key=unit.key, by=organiser)

    assert not ChangeCause.objects.exists()


def test_what_is_set_aside_is_offered_no_changes_and_takes_none(client, organiser, unit, aside):
    added = factories.UnitFactory(module=unit.module, title="Kollegiale Beratung")
    client.force_login(organiser)
    address = reverse("recommendation_change_add", args=[aside.pk])

    page = client.post(address, {"changes": [str(added.key)]}).content.decode()

    assert address not in client.get(aside.get_absolute_url()).content.decode()
    assert "Die Empfehlung ist inzwischen zurückgenommen." in page
    assert not ChangeCause.objects.exists()


def test_a_change_is_not_put_down_to_what_is_set_aside(client, organiser, unit, aside):
    added = factories.UnitFactory(module=unit.module, title="Kollegiale Beratung")
    Recommendation.objects.create(text="Eine, die gilt")
    client.force_login(organiser)

    response = client.post(
        reverse("change_cause_add", args=[edition_of(unit).pk, added.key]), {"recommendation": aside.pk}
    )

    assert "Diese Empfehlung gilt nicht (mehr) für sich." in response.content.decode()
    assert not ChangeCause.objects.exists()


def test_remove_cause_leaves_a_line_and_the_recommendation(unit, recommendation, organiser):
    cause = ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)

    remove_cause(cause=cause, by=organiser)

    assert list(Recommendation.objects.all()) == [recommendation]
    assert AuditEvent.objects.get().details["is_noted"] is False


def test_causes_in_reads_the_named_editions_only(unit, recommendation):
    edition = edition_of(unit)
    cause = ChangeCause.objects.create(recommendation=recommendation, edition=edition, part_key=unit.key)

    assert causes_in([edition]) == {unit.key: [cause]}
    assert causes_in([edition.replaces]) == {}


def test_the_register_says_what_a_recommendation_led_to(client, organiser, unit, recommendation):
    edition = edition_of(unit)
    ChangeCause.objects.create(recommendation=recommendation, edition=edition, part_key=unit.key)
    ChangeCause.objects.create(recommendation=recommendation, edition=edition, part_key=EDITION_KEY)
    client.force_login(organiser)

    text = register(client)

    assert "vorgesehen:" in text
    assert f'href="{reverse("edition_compare", args=[edition.pk])}#teil-{unit.key}"' in text
    assert "Baustein „Erlebnisbericht aus der Praxis“</a> (2. Fassung, Entwurf, noch nicht veröffentlicht)" in text
    assert "Texte der Fassung" in text


def test_the_register_names_a_part_that_was_removed(client, organiser, unit, recommendation):
    ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)
    unit.delete()
    client.force_login(organiser)

    assert "Baustein „Erlebnisbericht aus der Praxis“" in register(client)


def test_the_register_keeps_what_happens_in_drafts_from_readers(client, reader, unit, recommendation):
    ChangeCause.objects.create(recommendation=recommendation, edition=edition_of(unit), part_key=unit.key)
    client.force_login(reader)

    assert "vorgesehen" not in register(client)

    factories.publish(edition_of(unit))

    assert "führte zu" in register(client)


@pytest.mark.parametrize("count", [1, 3])
def test_recommendation_rows_query_count(organiser, django_assert_num_queries, unit, count):
    for number in range(count):
        entry = Recommendation.objects.create(text=f"Empfehlung {number}")
        ChangeCause.objects.create(recommendation=entry, edition=edition_of(unit), part_key=unit.key)
    organiser.has_perm("curriculum.change_edition")

    with django_assert_num_queries(4):
        rows = recommendation_rows(Recommendation.objects.all(), organiser)

    assert [len(row.consequences) for row in rows] == [1] * count


def test_a_consequence_has_the_name_that_its_edition_gives_it(client, organiser, unit, recommendation):
    """A later draft calls it otherwise; that is not what the recommendation led to."""
    second = edition_of(unit)
    ChangeCause.objects.create(recommendation=recommendation, edition=second, part_key=unit.key)
    factories.publish(second)
    third = Edition.objects.create(programme=second.programme, number=3, title=second.title, replaces=second)
    copy_parts(second, third)
    third.modules.get().units.update(title="Umbenannt")
    client.force_login(organiser)

    assert "Umbenannt" not in register(client)
    assert "Baustein „Erlebnisbericht aus der Praxis“</a> (2. Fassung" in register(client)
