"""Material of sessions: uploaded, released, taken back, deleted, downloaded by those it is for."""

import datetime
import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from curriculum.actions.materials import add_material, remove_orphans
from curriculum.models import Audience, Session, SessionMaterial
from curriculum.models.delivery import private_storage
from netzkoord import roles
from netzkoord.lib import uploads
from netzkoord.lib.uploads import Checked
from netzkoord.models import AuditEvent
from participants.models import Registration
from tests import factories
from tests.rewriting import rewrite

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


@pytest.fixture
def session(db, trainer):
    session = factories.SessionFactory(trainers=[trainer])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return session


@pytest.fixture
def material(session, organiser):
    upload = Checked(io.BytesIO(PDF), len(PDF), "application/pdf", "Übersicht.pdf")
    return add_material(session=session, title="Handout", upload=upload, is_released=False, by=organiser)


def add_url(session):
    return f"/termine/{session.pk}/material/neu/"


def pdf(name="Übersicht.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="text/html")


def person(session, role=Audience.COORDINATOR):
    return Registration.objects.get(cohort=session.cohort, role=role).person


def exists(material):
    return private_storage().exists(material.file.name)


@pytest.mark.parametrize("role", ["organiser", "trainer"])
def test_material_add_stores_the_file_under_a_random_name(client, request, session, role):
    client.force_login(request.getfixturevalue(role))

    response = client.post(add_url(session), {"title": "Handout", "file": pdf()})

    material = SessionMaterial.objects.get()
    assert response.url == session.get_absolute_url()
    assert (material.original_name, material.content_type, material.size_bytes) == (
        "Übersicht.pdf",
        "application/pdf",
        len(PDF),
    )
    assert "bersicht" not in material.file.name
    assert material.released_at is None
    assert AuditEvent.objects.get().action == "MATERIAL_ADDED"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (pdf("seite.html", b"<html>"), "Endung „.html“ nehmen wir nicht an"),
        (pdf("seite.pdf", b"<html>"), "HTML-Seiten nehmen wir nicht an"),
        (pdf("leer.pdf", b""), "Die Datei ist leer."),
        ("", "Bitte wählen Sie eine Datei."),
    ],
)
def test_material_add_says_what_is_wrong_and_keeps_the_title(client, organiser, session, file, message):
    client.force_login(organiser)

    page = client.post(add_url(session), {"title": "Handout", "file": file}).content.decode()

    assert message in page
    assert 'value="Handout"' in page
    assert not SessionMaterial.objects.exists()


def test_a_file_that_is_too_large_reaches_neither_memory_nor_disk(client, organiser, session, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 200_000)
    client.force_login(organiser)

    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=1000):
        response = client.post(add_url(session), {"title": "Film", "file": pdf(content=PDF + b" " * 900_000)})

    assert "Die Datei ist größer als" in response.content.decode()
    assert response.wsgi_request.FILES["file"].size > 900_000
    assert isinstance(response.wsgi_request.FILES["file"].file, io.BytesIO)  # not the temporary file


def test_material_is_released_and_taken_back(client, trainer, material):
    client.force_login(trainer)

    for _ in range(2):
        client.post(f"/material/{material.pk}/freigeben/")
    material.refresh_from_db()
    assert material.is_released

    for _ in range(2):
        client.post(f"/material/{material.pk}/zuruecknehmen/")
    material.refresh_from_db()
    assert not material.is_released
    actions = sorted(AuditEvent.objects.values_list("action", flat=True))
    assert actions == ["MATERIAL_ADDED", "MATERIAL_RELEASED", "MATERIAL_WITHDRAWN"]


def test_material_download_is_a_download_in_a_sandbox(client, trainer, material):
    client.force_login(trainer)

    response = client.get(f"/material/{material.pk}/")

    assert response.content == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_material_download_of_a_lost_file_does_not_exist(client, trainer, material):
    private_storage().delete(material.file.name)
    client.force_login(trainer)

    assert client.get(f"/material/{material.pk}/").status_code == 404


@pytest.mark.parametrize("action", ["", "freigeben/", "zuruecknehmen/", "loeschen/"])
def test_material_of_others_does_not_exist_for_trainers(client, material, action):
    client.force_login(factories.staff(roles.TRAINER))

    assert client.post(f"/material/{material.pk}/{action}").status_code == (404 if action else 405)
    assert client.get(f"/material/{material.pk}/").status_code == 404


def test_participants_see_what_is_released_and_nothing_else(client, session, material):
    client.force_login(person(session))
    url = f"/mein-material/{material.pk}/"
    assert "Handout" not in client.get("/").content.decode()
    assert client.get(url).status_code == 404

    SessionMaterial.objects.update(released_at=timezone.now())

    assert f'href="{url}"' in client.get("/").content.decode()
    assert client.get(url).content == PDF


@pytest.mark.parametrize("selection", ["OPEN", "WAITING", "DECLINED"])
def test_material_is_for_accepted_people_only(client, session, material, selection):
    SessionMaterial.objects.update(released_at=timezone.now())
    half = factories.complete_tandem(cohort=session.cohort, selection=selection).registrations.first()
    client.force_login(half.person)

    assert client.get(f"/mein-material/{material.pk}/").status_code == 404
    assert "Handout" not in client.get("/").content.decode()


def test_material_is_for_those_the_session_is_for(client, session, material):
    Session.objects.update(audience="MANAGER")
    SessionMaterial.objects.update(released_at=timezone.now())
    answers = {}
    for role in Audience:
        client.force_login(person(session, role))
        answers[role.value] = client.get(f"/mein-material/{material.pk}/").status_code

    assert answers == {"MANAGER": 200, "COORDINATOR": 404}


def test_material_of_another_cohort_does_not_exist(client, material):
    SessionMaterial.objects.update(released_at=timezone.now())
    half = factories.complete_tandem(selection="ACCEPTED").registrations.first()
    client.force_login(half.person)

    assert client.get(f"/mein-material/{material.pk}/").status_code == 404


def test_material_delete_asks_first_and_takes_the_file_along(
    client, trainer, material, django_capture_on_commit_callbacks
):
    client.force_login(trainer)
    url = f"/material/{material.pk}/loeschen/"
    assert "Material löschen?" in client.get(url).content.decode()
    assert exists(material)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url)

    assert not SessionMaterial.objects.exists()
    assert not exists(material)


def test_a_session_that_is_deleted_takes_its_files_along(
    client, organiser, session, material, django_capture_on_commit_callbacks
):
    rewrite(session.cohort, announced_at=None)
    client.force_login(organiser)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/termine/{session.pk}/loeschen/")

    assert not Session.objects.exists()
    assert not exists(material)


def test_files_without_a_row_are_removed_after_a_day(material):
    storage = private_storage()
    old, young = (storage.save(f"material/{name}", io.BytesIO(b"x")) for name in ("alt", "neu"))
    yesterday = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    for name in (old, material.file.name):
        os.utime(storage.path(name), (yesterday, yesterday))

    remove_orphans()

    assert [storage.exists(name) for name in (old, young, material.file.name)] == [False, True, True]
    storage.delete(young)
