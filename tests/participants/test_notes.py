import pytest
from django.urls import reverse

from netzkoord import roles
from netzkoord.models import AuditEvent
from participants.models import Note
from tests.factories import CohortFactory, RegistrationFactory, complete_tandem, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def tandem():
    return complete_tandem(cohort=CohortFactory())


def url(name, *args):
    return reverse(f"participants:{name}", args=args)


def test_note_add_stands_at_the_tandem_with_who_and_when(client, tandem, organiser):
    client.force_login(organiser)

    response = client.post(url("note_add", tandem.pk), {"text": "Ruft am\r\nMontag an.\n<b>"}, follow=True)

    note = Note.objects.get()
    page = response.content.decode()
    assert (note.tandem, note.text, note.written_by) == (tandem, "Ruft am\nMontag an.\n<b>", organiser)
    assert "Montag an.<br>&lt;b&gt;" in page
    assert (AuditEvent.objects.get().action, AuditEvent.objects.get().details) == ("NOTE_WRITTEN", {})


def test_note_add_says_about_whom_it_is(client, tandem, organiser):
    half = tandem.registrations.first()
    client.force_login(organiser)

    form = client.get(url("note_add", tandem.pk)).content.decode()
    page = client.post(url("note_add", tandem.pk), {"text": "Kommt später.", "about": half.pk}, follow=True)

    assert "Das Tandem als Ganzes" in form
    assert form.count('name="about"') == 3
    assert Note.objects.get().about == half
    assert f"über {half.full_name}" in page.content.decode().replace("\u00a0", " ")


def test_note_add_refuses_somebody_of_another_tandem(client, tandem, organiser):
    client.force_login(organiser)

    response = client.post(url("note_add", tandem.pk), {"text": "Fremd.", "about": RegistrationFactory().pk})

    assert response.context["form"].errors["about"] == [
        "Diese Person gehört nicht mehr zum Tandem. Bitte wählen Sie noch einmal."
    ]
    assert not Note.objects.exists()


def test_note_edit_keeps_about_whom_it_is_unless_chosen_anew(client, tandem, organiser):
    half = tandem.registrations.first()
    note = tandem.notes.create(text="Kommt später.", about=half, written_by=organiser)
    client.force_login(organiser)

    form = client.get(url("note_edit", note.pk)).context["form"]
    client.post(url("note_edit", note.pk), {"text": "Kommt später.", "about": ""})
    note.refresh_from_db()

    assert form["about"].value() == half.pk
    assert note.about is None


def test_note_add_twice_writes_one(client, tandem, organiser):
    client.force_login(organiser)

    for _ in range(2):
        client.post(url("note_add", tandem.pk), {"text": "Einmal."})

    assert Note.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001, "\0"])
def test_note_add_refuses_nonsense_and_keeps_what_was_typed(client, tandem, organiser, text):
    client.force_login(organiser)

    response = client.post(url("note_add", tandem.pk), {"text": text})

    assert response.status_code == 200
    assert response.context["form"].errors["text"]
    assert response.context["form"]["text"].value() == text
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Herr \u202ereilliM", "U+202E (RIGHT-TO-LEFT OVERRIDE) ändert die Schreibrichtung."),
        ("Ruft an\u0007", "U+0007 ist ein Steuerzeichen."),
        ("Zeile\u2028Zeile", "U+2028 (LINE SEPARATOR) ist unsichtbar."),
    ],
)
def test_note_add_names_a_character_that_turns_or_hides(client, tandem, organiser, text, sentence):
    client.force_login(organiser)

    response = client.post(url("note_add", tandem.pk), {"text": text})

    (error,) = response.context["form"].errors["text"]
    assert error == f"Das Zeichen {sentence} Bitte löschen Sie es oder tippen Sie die Angabe neu."
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["Ruft an ✓\n\tam Montag", "Danke 👩‍💻❤️", "محمد ruft an"])
def test_note_add_takes_lines_pictures_and_every_script(client, tandem, organiser, text):
    client.force_login(organiser)

    client.post(url("note_add", tandem.pk), {"text": text})

    assert Note.objects.get().text == text


def test_note_add_many_asks_for_the_text_first(client, tandem, organiser):
    other = complete_tandem(cohort=tandem.cohort)
    elsewhere = RegistrationFactory().tandem
    client.force_login(organiser)
    keys = [tandem.pk, other.pk, elsewhere.pk]

    page = client.post(url("note_add_many", tandem.cohort_id), {"tandem": keys}).content.decode()
    sent = {"tandem": " ".join(map(str, keys)), "text": "Für alle."}
    response = client.post(url("note_add_many", tandem.cohort_id), sent, follow=True)

    assert "Notiz bei 2 Anmeldungen schreiben" in page
    assert {note.tandem for note in Note.objects.all()} == {tandem, other}
    assert "Die Notiz steht bei 2 Anmeldungen." in response.content.decode()


def test_note_add_many_without_a_choice_says_so(client, tandem, organiser):
    client.force_login(organiser)

    response = client.post(url("note_add_many", tandem.cohort_id), {"text": "Für wen?"}, follow=True)

    assert "Bitte wählen Sie mindestens eine Anmeldung aus." in response.content.decode()


def test_note_edit_and_delete_are_the_writers(client, tandem, organiser):
    note = tandem.notes.create(text="Von mir.", written_by=organiser)
    client.force_login(organiser)

    client.post(url("note_edit", note.pk), {"text": "Von mir, berichtigt."})
    note.refresh_from_db()
    client.post(url("note_delete", tandem.pk, note.pk))
    again = client.post(url("note_delete", tandem.pk, note.pk))

    assert note.text == "Von mir, berichtigt."
    assert not Note.objects.exists()
    assert again.url == tandem.get_absolute_url() + "#notizen"


def test_the_note_of_a_colleague_is_read_only(client, tandem, organiser):
    colleague = staff(roles.ORGANISATION, email="kollegium@stadt.example")
    note = tandem.notes.create(text="Nicht von mir.", written_by=colleague)
    client.force_login(organiser)

    page = client.get(tandem.get_absolute_url()).content.decode()

    assert "Nicht von mir." in page
    assert url("note_edit", note.pk) not in page
    assert client.post(url("note_edit", note.pk), {"text": "Doch."}).status_code == 404
    assert client.post(url("note_delete", tandem.pk, note.pk)).status_code == 404
    assert Note.objects.get().text == "Nicht von mir."
