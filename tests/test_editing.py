"""Two people at the same row: both changes stay, and nobody overwrites what he has not seen."""

import json

import pytest
from django.http import QueryDict

from curriculum.forms.modules import ModuleForm
from curriculum.forms.units import StoredUnitForm
from curriculum.models import Module, Unit
from netzkoord.lib.editing import read_seen
from tests import factories

CONFLICT = "Inzwischen hat jemand anderes dieses Feld geändert. Dort steht jetzt: „{}“."


@pytest.fixture
def unit(db):
    unit = factories.UnitFactory(title="Begrüßung", minutes=45, summary="Eins\nZwei", module__title="Grundlagen")
    edition = unit.module.edition
    for position, name in enumerate(["Netzwerk-Arten", "Haltung", "Steuerung"], start=1):
        edition.topics.create(position=position, name=name)
    unit.topics.add(edition.topics.get(name="Haltung"))
    return unit


def topics(unit, *names):
    return [str(topic.pk) for topic in unit.module.edition.topics.filter(name__in=names)]


def page_of(unit):
    """What a browser would send back from a freshly loaded page."""
    form = StoredUnitForm(instance=Unit.objects.get(pk=unit.pk))
    data = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        if field.name == "seen" or not isinstance(value, (list, bool)):
            text = "" if value is None else str(value)
            data[field.name] = text if field.name == "seen" else text.replace("\n", "\r\n")
        elif isinstance(value, list):
            data.setlist(field.name, [str(getattr(each, "pk", each)) for each in value])
        elif value:
            data[field.name] = "on"
    return data


def sent(unit, page, **values):
    for name, value in values.items():
        page.setlist(name, value if isinstance(value, list) else [value])
    return StoredUnitForm(page, instance=Unit.objects.get(pk=unit.pk))


def save(form):
    assert form.is_valid(), form.errors
    form.save()
    return Unit.objects.get(pk=form.instance.pk)


def test_a_page_sent_as_it_was_changes_nothing(unit):
    form = sent(unit, page_of(unit))

    assert form.is_valid()
    assert form.changed == []
    assert save(form).summary == "Eins\nZwei"


def test_what_only_the_other_has_changed_stays(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen", has_practice_report="on", topics=topics(unit, "Steuerung")))

    form = sent(unit, mine, minutes="90")
    stored = save(form)

    assert (stored.title, stored.minutes, stored.has_practice_report) == ("Ankommen", 90, True)
    assert [topic.name for topic in stored.topics.all()] == ["Steuerung"]
    assert form.changed == ["minutes"]


def test_the_second_is_told_what_the_first_has_changed(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen", has_practice_report="on"))

    form = sent(unit, mine, minutes="90")

    assert form.is_valid()
    assert form.merged_sentence == (
        "Inzwischen hat jemand anderes etwas geändert, das ist erhalten geblieben. Titel: „Ankommen“; "
        "Hier berichtet jemand aus der Praxis (Erlebnisbericht): „ja“"
    )


def test_of_a_list_both_keep_what_they_added_and_took_away(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), topics=topics(unit, "Haltung", "Steuerung")))

    stored = save(sent(unit, mine, topics=topics(unit, "Netzwerk-Arten")))

    assert [topic.name for topic in stored.topics.all()] == ["Netzwerk-Arten", "Steuerung"]


def test_where_both_wrote_the_second_sees_the_first_and_keeps_his_own(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen"))

    form = sent(unit, mine, title="Kennenlernen")

    assert not form.is_valid()
    assert form.errors["title"][0].startswith(CONFLICT.format("Ankommen"))
    assert form["title"].value() == "Kennenlernen"
    assert Unit.objects.get(pk=unit.pk).title == "Ankommen"


def test_sent_once_more_the_second_replaces_what_he_has_seen(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen"))
    refused = sent(unit, mine, title="Kennenlernen")
    refused.is_valid()

    again = sent(unit, refused.data.copy())

    assert save(again).title == "Kennenlernen"


def test_sent_once_more_it_loses_nothing_that_was_not_in_conflict(unit):
    """The refused page shows what only the other has changed: his minutes, his tick, and the topics of both."""
    mine = page_of(unit)
    his = {"minutes": "120", "is_about_attitude": "on", "topics": topics(unit, "Netzwerk-Arten")}
    save(sent(unit, page_of(unit), title="Ankommen", **his))
    refused = sent(unit, mine, title="Kennenlernen", topics=topics(unit, "Haltung", "Steuerung"))
    refused.is_valid()

    shown = {name: refused[name].value() for name in ("minutes", "is_about_attitude")}
    assert shown == {"minutes": "120", "is_about_attitude": True}
    assert sorted(refused["topics"].value()) == sorted(topics(unit, "Netzwerk-Arten", "Steuerung"))
    stored = save(sent(unit, refused.data.copy()))
    assert (stored.title, stored.minutes, stored.is_about_attitude) == ("Kennenlernen", 120, True)
    assert {topic.name for topic in stored.topics.all()} == {"Netzwerk-Arten", "Steuerung"}


def test_a_third_change_in_between_is_shown_again(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen"))
    refused = sent(unit, mine, title="Kennenlernen")
    refused.is_valid()
    save(sent(unit, page_of(unit), title="Auftakt"))

    again = sent(unit, refused.data.copy())

    assert not again.is_valid()
    assert again.errors["title"][0].startswith(CONFLICT.format("Auftakt"))


def test_both_writing_the_same_is_no_conflict(unit):
    mine = page_of(unit)
    save(sent(unit, page_of(unit), title="Ankommen"))

    form = sent(unit, mine, title="Ankommen")

    assert form.is_valid()
    assert (form.changed, form.merged_sentence) == ([], "")


def test_a_double_click_is_no_conflict(unit):
    mine = page_of(unit)
    save(sent(unit, mine.copy(), title="Ankommen"))

    assert save(sent(unit, mine, title="Ankommen")).title == "Ankommen"


def test_lines_are_stored_with_one_kind_of_end(unit):
    stored = save(sent(unit, page_of(unit), summary="Eins\r\nZwei\r\nDrei"))

    assert stored.summary == "Eins\nZwei\nDrei"


def test_a_choice_in_conflict_is_named_in_words(unit):
    other = factories.ModuleFactory(edition=unit.module.edition, code="ZZ", title="Anderes")
    third = factories.ModuleFactory(edition=unit.module.edition)
    mine = page_of(unit)
    save(sent(unit, page_of(unit), module=str(other.pk)))

    form = sent(unit, mine, module=str(third.pk))

    assert form.errors["module"][0].startswith(CONFLICT.format("ZZ Anderes"))


@pytest.mark.parametrize(
    "text", ["", "kein JSON", "[]", "7", '{"title": "x"}', '{"title": null}', "[" * 100_000, "\x00"]
)
def test_a_forged_memory_of_the_page_is_no_memory(text):
    assert read_seen(text) == {}


def test_without_a_memory_what_is_sent_counts(unit):
    page = page_of(unit)
    del page["seen"]

    assert save(sent(unit, page, title="Ankommen")).title == "Ankommen"


def test_memory_of_fields_that_do_not_exist_is_ignored(unit):
    page = page_of(unit)
    page["seen"] = json.dumps({"status": ["PUBLISHED"], "title": [{"a": 1}]})

    assert sent(unit, page).is_valid()


def test_a_new_row_has_no_memory_to_compare(db):
    edition = factories.EditionFactory()
    track = factories.TrackFactory(edition=edition)
    form = ModuleForm(
        {"code": "K1", "title": "Neu", "tracks": [track.pk], "seen": '{"title": ["alt"]}'},
        instance=Module(edition=edition),
    )

    assert form.is_valid(), form.errors
    assert form.merged_sentence == ""
