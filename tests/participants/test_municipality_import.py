"""The official list taken over: twice is once, what is gone is dissolved, what is wrong changes nothing."""

import datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from netzkoord.models import AuditAction, AuditEvent
from participants.actions.municipality_import import import_municipalities, plan_import
from participants.imports.municipalities import read
from participants.models import Municipality
from participants.queries.municipalities import search_municipalities
from tests.factories import MunicipalityFactory, TandemFactory
from tests.participants import gv100ad

pytestmark = pytest.mark.django_db

IMPORT = "participants:municipality_import"
LIST = "participants:municipality_list"
FLENSBURG, KIEL = "01001000;Flensburg, Stadt", "01002000;Kiel, Landeshauptstadt"


def csv(*lines, header="ags;name"):
    return "\n".join([header, *lines, ""]).encode()


def take_over(content, *, is_complete=False, by=None):
    return import_municipalities(reading=read(content), is_complete=is_complete, fingerprint=None, by=by)


def stored():
    return list(Municipality.objects.order_by("ags").values_list("ags", "name", "designation", "county_name"))


def counts(plan):
    return len(plan.new), len(plan.renamed), len(plan.added_to), len(plan.dissolved), plan.unchanged_count


def test_a_list_is_stored_and_a_second_time_nothing_changes():
    first = take_over(csv(FLENSBURG, KIEL))
    keys = set(Municipality.objects.values_list("pk", flat=True))
    second = take_over(csv(FLENSBURG, KIEL))

    assert counts(first) == (2, 0, 0, 0, 0)
    assert counts(second) == (0, 0, 0, 0, 2)
    assert stored() == [
        ("01001000", "Flensburg", "Stadt", ""),
        ("01002000", "Kiel", "Landeshauptstadt", ""),
    ]
    assert set(Municipality.objects.values_list("pk", flat=True)) == keys
    assert AuditEvent.objects.filter(action=AuditAction.MUNICIPALITIES_IMPORTED).count() == 1
    for municipality in Municipality.objects.all():
        municipality.full_clean()


def test_the_official_file_brings_kreise_into_what_a_csv_has_stored():
    take_over(csv("03251028;Neuenkirchen"))
    diepholz = Municipality.objects.get()

    plan = take_over(
        gv100ad.content(gv100ad.whole_country(l03=gv100ad.county("03251", "Diepholz", ("028", "Neuenkirchen"))))
    )

    assert counts(plan) == (16, 0, 1, 0, 0)
    diepholz.refresh_from_db()
    assert diepholz.label == "Neuenkirchen, Landkreis Diepholz, Niedersachsen"
    assert Municipality.objects.get(ags="03251").label == "Landkreis Diepholz, Niedersachsen"
    assert search_municipalities("Neuenkirchen Diepholz") == [diepholz]


def test_a_csv_keeps_the_kreise_that_are_known_and_takes_them_from_the_key():
    MunicipalityFactory(ags="03251", state="03", name="Landkreis Diepholz")
    MunicipalityFactory(ags="03251028", state="03", name="Neuenkirchen", county_name="Landkreis Diepholz")

    plan = take_over(csv("03251028;Neuenkirchen", "03251012;Diepholz, Stadt"))

    assert counts(plan) == (1, 0, 0, 0, 1)
    assert Municipality.objects.get(ags="03251012").county_name == "Landkreis Diepholz"


def test_a_new_name_is_found_at_once_and_the_tandems_stay():
    tandem = TandemFactory(municipality__ags="01001000", municipality__state="01", municipality__name="Flensborg")

    plan = take_over(csv(FLENSBURG))

    assert [(change.before.name, change.after.name) for change in plan.renamed] == [("Flensborg", "Flensburg")]
    assert search_municipalities("flensburg") == [tandem.municipality]
    assert search_municipalities("flensborg") == []


def test_a_short_file_is_an_extract_and_dissolves_nothing_unless_somebody_says_so():
    take_over(csv(FLENSBURG, KIEL))

    extract = take_over(csv(KIEL))
    assert (extract.asks, len(extract.missing)) == (True, 1)
    assert not Municipality.objects.filter(dissolved_on__isnull=False).exists()

    complete = take_over(csv(KIEL), is_complete=True)
    flensburg = Municipality.objects.get(ags="01001000")
    assert counts(complete) == (0, 0, 0, 1, 1)
    assert flensburg.dissolved_on == datetime.date(2026, 11, 2)
    assert search_municipalities("flensburg") == []


def test_a_dissolved_one_keeps_its_tandems_and_comes_back_with_the_next_file():
    tandem = TandemFactory(municipality__ags="01001000", municipality__state="01", municipality__name="Flensburg")
    take_over(csv(KIEL), is_complete=True)
    tandem.refresh_from_db()
    assert tandem.municipality.dissolved_on

    plan = take_over(csv(FLENSBURG, KIEL))

    assert len(plan.revived) == 1
    tandem.municipality.refresh_from_db()
    assert tandem.municipality.dissolved_on is None
    assert Municipality.objects.count() == 2


def test_a_dissolved_one_is_dissolved_once():
    take_over(csv(FLENSBURG, KIEL))
    take_over(csv(KIEL), is_complete=True)
    Municipality.objects.filter(ags="01001000").update(dissolved_on=datetime.date(2020, 1, 1))

    plan = take_over(csv(KIEL), is_complete=True)

    assert not plan.changes_anything
    assert Municipality.objects.get(ags="01001000").dissolved_on == datetime.date(2020, 1, 1)


def test_the_official_file_dates_what_is_gone_and_leaves_kreise_to_those_who_know_them():
    MunicipalityFactory(ags="03999", state="03", name="Landkreis Altland")
    MunicipalityFactory(ags="03999001", state="03", name="Altdorf")
    everything = gv100ad.content(gv100ad.whole_country())

    take_over(csv("01001000;Stadt 01, Stadt"), is_complete=True)
    assert Municipality.objects.get(ags="03999").dissolved_on is None

    take_over(everything, is_complete=True)
    assert Municipality.objects.get(ags="03999").dissolved_on == datetime.date(2024, 1, 31)


def test_what_was_written_in_is_not_touched():
    MunicipalityFactory(ags="", state="", name="Neudorf")

    plan = take_over(csv(KIEL), is_complete=True)

    assert plan.missing == []
    assert Municipality.objects.written_in().get().name == "Neudorf"


def large(count, *, begins=0):
    return csv(*(f"03{number:06d};Ort {number}" for number in range(begins, count)))


@pytest.mark.slow
def test_of_the_whole_country_a_few_missing_are_gone_and_many_are_asked_for():
    take_over(large(10_400))

    assert plan_import(read(large(10_300))).asks  # all at the end: perhaps it is cut off
    assert len(plan_import(read(large(10_400, begins=100))).dissolved) == 100
    many = plan_import(read(large(11_000, begins=900)))
    assert (many.asks, many.is_whole_country, len(many.missing)) == (True, True, 900)


def test_a_plan_asks_the_database_once_however_long_the_file(django_assert_num_queries):
    take_over(large(30))

    with django_assert_num_queries(1):
        assert plan_import(read(large(20))).unchanged_count == 20


@pytest.mark.parametrize("count", [1, 30])
def test_an_import_takes_few_statements(django_assert_num_queries, count):
    take_over(large(count))
    renamed = csv(*(f"03{number:06d};Neu {number}" for number in range(count)), "04000001;Neu")
    lock = connection.vendor == "postgresql"

    with django_assert_num_queries(7 + lock):
        take_over(renamed)


# In the browser


def upload(client, content, name="liste.csv"):
    return client.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, content)})


def word_in(response):
    return response.context["word"]


@pytest.fixture
def office(client, organiser):
    client.force_login(organiser)
    return client


def test_municipality_import_shows_first_and_stores_then(office):
    take_over(csv("01001000;Flensborg", "01003000;Lübeck"))

    shown = upload(office, csv(FLENSBURG, KIEL))
    page = shown.content.decode()
    assert Municipality.objects.count() == 2
    assert "Flensborg" in page
    assert "Flensburg, Stadt" in page
    assert "Lübeck" in page  # missing in the file
    assert "Die Datei ist offenbar ein Auszug." in page

    done = office.post(reverse(IMPORT), {"datei": word_in(shown)}, follow=True)
    assert "Die Kommunen sind eingelesen: 1\u00a0neu und 1\u00a0umbenannt." in done.content.decode()
    assert [row[1] for row in stored()] == ["Flensburg", "Kiel", "Lübeck"]


def test_municipality_import_dissolves_what_the_organiser_ticks(office):
    take_over(csv(FLENSBURG, KIEL))
    shown = upload(office, csv(KIEL))

    office.post(reverse(IMPORT), {"datei": word_in(shown), "vollstaendig": "ja"})

    assert Municipality.objects.get(ags="01001000").dissolved_on


def test_municipality_import_pressed_twice_stores_once(office):
    shown = upload(office, csv(KIEL))

    answers = [office.post(reverse(IMPORT), {"datei": word_in(shown)}) for _ in range(3)]

    assert {answer.url for answer in answers} == {reverse(LIST)}
    assert AuditEvent.objects.filter(action=AuditAction.MUNICIPALITIES_IMPORTED).count() == 1


def test_municipality_import_of_what_has_changed_meanwhile_asks_to_look_again(office):
    shown = upload(office, csv(FLENSBURG, KIEL))
    take_over(csv("01001000;Flensborg"))

    answer = office.post(reverse(IMPORT), {"datei": word_in(shown)}, follow=True)

    assert "Die Kommunen haben sich seit der Prüfung geändert." in answer.content.decode()
    assert [row[1] for row in stored()] == ["Flensborg"]


@pytest.mark.parametrize("word", ["", "nonsense", "\x00", "ä" * 60])
def test_municipality_import_takes_no_word_that_is_not_ours(office, word):
    answer = office.post(reverse(IMPORT), {"datei": word}, follow=True)

    assert "liegt nicht mehr bereit" in answer.content.decode()


def test_municipality_import_waits_an_hour_and_for_nobody_else(office, client, django_user_model):
    shown = upload(office, csv(KIEL))
    other = django_user_model.objects.create_superuser("andere@stadt.example")
    client.force_login(other)

    client.post(reverse(IMPORT), {"datei": word_in(shown)})
    assert not Municipality.objects.exists()

    cache.clear()
    client.force_login(django_user_model.objects.get(email="organisation@stadt.example"))
    assert (
        "liegt nicht mehr bereit"
        in client.post(reverse(IMPORT), {"datei": word_in(shown)}, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "Die Datei ist ein PDF."),
        (b"", "Die Datei ist leer."),
        (b"x" * (10 * 1024 * 1024 + 1), "größer als 10\u00a0MB"),
        (b"x" * (21 * 1024 * 1024), "größer als 10\u00a0MB"),
        (csv("1001000;Flensburg"), "ist kein AGS"),
        (csv(KIEL, KIEL), "steht schon in Zeile\u00a02."),
    ],
    ids=["pdf", "empty", "large", "dropped", "zeros", "twice"],
)
def test_municipality_import_of_a_wrong_file_says_what_is_wrong_and_stores_nothing(office, content, sentence):
    page = upload(office, content).content.decode()

    assert sentence in page
    assert 'name="datei"' not in page
    assert not Municipality.objects.exists()


def test_municipality_import_without_a_file_asks_for_one(office):
    assert "Bitte wählen Sie eine Datei." in office.post(reverse(IMPORT), {}).content.decode()


def test_municipality_import_of_what_is_known_says_so(office):
    take_over(csv(KIEL))

    page = upload(office, csv(KIEL)).content.decode()

    assert "Die Datei enthält nichts Neues" in page
    assert 'name="datei"' not in page


def test_municipality_import_shows_names_literally(office):
    take_over(csv("01001000;Kiel"))

    page = upload(office, csv("01001000;Kiel's Ort (a)")).content.decode()

    assert "Kiel&#x27;s Ort (a)" in page


def test_municipality_import_is_the_organisers(client, reader, trainer, stranger):
    for user in (reader, trainer, stranger):
        client.force_login(user)

        assert upload(client, csv(KIEL)).status_code == 403


# As a command


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "liste.csv"
    file.write_bytes(csv(FLENSBURG, KIEL))
    return file


def test_import_municipalities_says_what_would_change_and_then_does_it(path, capsys):
    call_command("import_municipalities", str(path), "--dry-run")
    assert "2 neu" in capsys.readouterr().out
    assert not Municipality.objects.exists()

    call_command("import_municipalities", str(path))
    assert Municipality.objects.count() == 2

    path.write_bytes(csv("01002000;Kiel am Meer"))
    call_command("import_municipalities", str(path), "--complete")
    said = capsys.readouterr().out
    assert "01002000 Kiel → Kiel am Meer" in said
    assert "01001000 Flensburg: aufgelöst" in said


@pytest.mark.parametrize(
    ("content", "sentence"), [(csv("1;x"), "Zeile 2: „1“ ist kein AGS"), (b"%PDF-", "Die Datei ist ein PDF.")]
)
def test_import_municipalities_refuses_a_wrong_file_with_its_lines(path, content, sentence):
    path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        call_command("import_municipalities", str(path))

    assert not Municipality.objects.exists()


def test_import_municipalities_says_when_there_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_municipalities", str(tmp_path / "nichts.csv"))
