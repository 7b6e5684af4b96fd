"""Photos of a paper wall, and what came out of a question: added by those who moderate, shown with the workshop."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image, PngImagePlugin

from evaluation.actions import photos as photo_actions
from evaluation.actions.photos import add_photo
from evaluation.models import WallPhoto
from evaluation.workshop_records import workshop_record
from netzkoord import roles
from netzkoord.lib import photos, uploads
from netzkoord.lib.uploads import UploadRefused
from tests import factories
from tests.evaluation.photos import BLUE, RED, from_camera, photo, picture, uploaded
from tests.evaluation.workshops import guiding_question
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_text

ALT = "Packpapier mit zwei Karten"


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg))


def is_like(point, colour):
    return all(abs(a - b) < 40 for a, b in zip(point, colour, strict=True))


def test_place_camera_and_comment_are_gone():
    sent = from_camera()
    assert opened(sent).getexif().get_ifd(0x8825)

    kept = photos.read_photo(sent)

    assert b"Geheim" in sent
    assert b"Geheim" not in kept.jpeg
    assert b"Exif" not in kept.jpeg
    assert not opened(kept.jpeg).getexif()
    assert set(opened(kept.jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_text_in_a_png_is_gone():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Geheim")

    assert b"Geheim" not in photos.read_photo(picture("PNG", pnginfo=notes)).jpeg


@pytest.mark.parametrize(
    ("orientation", "size", "top_left"),
    [(1, (40, 30), RED), (3, (40, 30), BLUE), (6, (30, 40), RED), (8, (30, 40), BLUE)],
)
def test_photo_stands_as_it_was_taken(orientation, size, top_left):
    kept = photos.read_photo(from_camera(orientation))

    assert (kept.width, kept.height) == opened(kept.jpeg).size == size
    assert is_like(opened(kept.jpeg).getpixel((2, 2)), top_left)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_photo_is_made_smaller_and_a_jpeg(kind):
    kept = photos.read_photo(picture(kind, size=(4400, 1100)))

    assert opened(kept.jpeg).format == "JPEG"
    assert (kept.width, kept.height) == (2000, 500)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_comes_in(mode):
    out = io.BytesIO()
    Image.new(mode, (4, 3)).save(out, "PNG")

    assert photos.read_photo(out.getvalue()).width == 4


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (4, 3), (0, 0, 0, 0)).save(out, "PNG")

    assert opened(photos.read_photo(out.getvalue()).jpeg).getpixel((1, 1)) == (255, 255, 255)


def test_cmyk_comes_in():
    out = io.BytesIO()
    Image.new("CMYK", (4, 3)).save(out, "JPEG")

    assert opened(photos.read_photo(out.getvalue()).jpeg).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nur Text", "Diese Datei ist kein Foto."),
        (b"<svg onload='x()'/>", "Diese Datei ist kein Foto."),
        (b"GIF89a" + b"\0" * 99, "Diese Datei ist kein Foto."),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, "Fotos im Format HEIC nehmen wir nicht an."),
        (picture()[:200], "Die Datei ist unvollständig"),
        (b"\xff\xd8\xff" + b"\0" * 99, "Die Datei ist unvollständig"),
        # A place whose letter of east is a number: Pillow cannot write that.
        (from_camera(6).replace(b"\0\x02\0\x05\0", b"\0\x03\0\x05\0"), "Die Datei ist unvollständig"),
        (b"RIFF\0\0\0\0WEBP" + b"\0" * 99, "Die Datei ist unvollständig"),
    ],
)
def test_what_is_no_photo_is_refused_with_its_sentence(content, message):
    with pytest.raises(UploadRefused, match=message):
        photos.read_photo(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_photo_that_broke_off_on_its_way_is_refused(kind, share):
    """The maker of PDFs allows half a picture when it is imported; what comes in is whole."""
    whole = picture(kind, size=(400, 300))

    with pytest.raises(UploadRefused, match="unvollständig"):
        photos.read_photo(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("size", [(7000, 7000), (20_000, 20_000)])
def test_few_bytes_with_many_points_are_refused_before_they_are_unpacked(size):
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert len(out.getvalue()) < 100_000

    with pytest.raises(UploadRefused, match="mehr als 40 Millionen Bildpunkte"):
        photos.read_photo(out.getvalue())


@pytest.fixture
def session(db, trainer):
    return factories.SessionFactory(trainers=[trainer])


@pytest.fixture
def question(session):
    question = guiding_question()
    question.workshop.session = session
    question.workshop.save()
    return question


@pytest.fixture
def workshop(question):
    return question.workshop


@pytest.fixture
def moderator(client, trainer):
    client.force_login(trainer)
    return client


def send(client, workshop, **fields):
    fields = {"image": uploaded(), "alt": ALT} | fields
    return client.post(reverse("evaluation:wall_photo_add", args=[workshop.pk]), fields, follow=True)


def kept_photo(workshop, **options):
    return add_photo(workshop=workshop, photo=photo(**options), alt=ALT, in_round=None)[0]


def test_moderator_adds_sees_and_removes_a_photo(moderator, workshop):
    page = send(
        moderator, workshop, in_round=workshop.rounds.get().pk, image=uploaded(from_camera())
    ).content.decode()

    kept = WallPhoto.objects.get()
    assert "Das Foto ist aufgenommen." in page
    assert f'alt="{ALT}"' in page
    assert "Foto 1, 1. Runde" in page
    shown = moderator.get(kept.get_absolute_url())
    assert b"Geheim" not in shown.content
    assert opened(shown.content).size == (40, 30)

    moderator.get(reverse("evaluation:wall_photo_remove", args=[kept.pk]))
    assert WallPhoto.objects.exists()
    for _ in range(2):
        moderator.post(reverse("evaluation:wall_photo_remove", args=[kept.pk]))
    assert not WallPhoto.objects.exists()


def test_words_typed_for_a_photo_that_somebody_has_removed_are_shown(moderator, workshop):
    hung = kept_photo(workshop)
    address = reverse("evaluation:wall_photo_edit", args=[hung.pk])
    hung.delete()

    response = moderator.post(address, {"alt": "Packpapier mit neun Karten"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Dieses Foto hat inzwischen jemand entfernt." in page
    assert "Packpapier mit neun Karten" in page
    assert moderator.get(address).status_code == 404


def test_words_of_a_photo_can_be_changed_and_are_one_line(moderator, workshop):
    kept = kept_photo(workshop)
    address = reverse("evaluation:wall_photo_edit", args=[kept.pk])
    seen = moderator.get(address).context["form"]["seen"].value()

    page = moderator.post(
        address,
        {"alt": " Neun Spalten\n gelber  Karten ", "round": workshop.rounds.get().pk, "seen": seen},
        follow=True,
    ).content.decode()

    assert "Das Foto ist gespeichert." in page
    assert 'alt="Neun Spalten gelber Karten"' in page
    assert "Foto 1, 1. Runde" in page
    again = moderator.post(address, {"alt": "Anders", "round": "", "seen": seen}).content.decode()
    assert "Dort steht jetzt: „Neun Spalten gelber Karten“" in again


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"alt": ""}, "Sagen Sie in einem Satz, was auf dem Foto zu sehen ist"),
        ({"alt": "x" * 501}, "Das sind 501 Zeichen, Platz ist für 500."),
        ({"round": "999999"}, "error-summary"),
        ({"round": str(2**70)}, "error-summary"),
    ],
)
def test_words_of_a_photo_that_are_wrong_are_refused(moderator, workshop, fields, message):
    kept = kept_photo(workshop)

    page = moderator.post(reverse("evaluation:wall_photo_edit", args=[kept.pk]), {"alt": "Neu", **fields})

    assert message in page.content.decode()
    assert WallPhoto.objects.get().alt == ALT


def test_photo_of_another_workshop_takes_no_round_of_this_one(moderator, workshop):
    kept = kept_photo(workshop)
    other = guiding_question().workshop.rounds.get()

    moderator.post(reverse("evaluation:wall_photo_edit", args=[kept.pk]), {"alt": "Neu", "round": other.pk})

    assert WallPhoto.objects.get().round is None


def test_photos_are_put_into_another_order_by_a_button(moderator, workshop):
    first, second, third = (kept_photo(workshop, size=(8, 8 + number)) for number in range(3))
    address = reverse("evaluation:wall_photo_order", args=[workshop.pk])

    for _ in range(2):  # a double click moves it once
        response = moderator.post(address, {"list": "fotos", "up": f"{third.pk}:2"})

    assert response.url == f"{workshop.get_absolute_url()}#fotos-up-{third.pk}"
    assert list(workshop.photos.values_list("pk", flat=True)) == [first.pk, third.pk, second.pk]
    assert moderator.post(address, {"list": "fotos", "order": [first.pk, second.pk]}).status_code == 409
    assert moderator.post(address, {"up": "nonsense"}).status_code == 302
    assert list(workshop.photos.values_list("pk", flat=True)) == [first.pk, third.pk, second.pk]


def test_photos_of_one_round_are_not_put_into_order(moderator, workshop):
    kept = kept_photo(workshop)
    kept.round = workshop.rounds.get()
    kept.save()

    whole = moderator.get(workshop.get_absolute_url()).content.decode()
    part = moderator.get(f"{workshop.get_absolute_url()}?runde=1").content.decode()

    assert f'id="fotos-up-{kept.pk}"' in whole
    assert f'id="fotos-up-{kept.pk}"' not in part


def test_photo_is_shown_in_a_sandbox_and_kept_by_no_cache_between(moderator, workshop):
    response = moderator.get(kept_photo(workshop).get_absolute_url())

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


def test_photo_that_is_sent_twice_hangs_once(moderator, workshop):
    send(moderator, workshop)
    page = send(moderator, workshop, alt="Anders beschrieben").content.decode()

    assert WallPhoto.objects.get().alt == ALT
    assert "Dieses Foto ist schon aufgenommen" in page


def test_database_refuses_the_same_photo_and_one_without_words(workshop):
    kept = kept_photo(workshop)
    other = {"workshop": workshop, "position": 2, "jpeg": b"x", "width": 1, "height": 1}
    for fields in ({"digest": kept.digest, "alt": ALT}, {"digest": "anders", "alt": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WallPhoto.objects.create(**other, **fields)


def test_same_photo_may_hang_in_another_workshop(workshop):
    kept_photo(workshop)
    kept_photo(guiding_question().workshop)

    assert WallPhoto.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"alt": ""}, "Sagen Sie in einem Satz, was auf dem Foto zu sehen ist"),
        ({"alt": " \n "}, "Wählen Sie das Foto noch einmal aus"),
        ({"image": ""}, "Bitte wählen Sie eine Datei."),
        ({"image": uploaded(b"nur Text")}, "Diese Datei ist kein Foto."),
        ({"image": uploaded(b"")}, "Die Datei ist leer."),
        ({"alt": "x" * 501}, "Das sind 501 Zeichen, Platz ist für 500."),
        ({"in_round": "999999"}, "error-summary"),
    ],
)
def test_what_is_missing_or_wrong_is_said(moderator, workshop, fields, message):
    page = send(moderator, workshop, **fields).content.decode()

    assert message in page
    assert not WallPhoto.objects.exists()


def test_file_that_is_too_large_is_refused_with_its_sentence(moderator, workshop):
    large = uploaded(picture() + b" " * uploads.MAX_BYTES)

    assert "Das Foto ist größer als 20\u00a0MB." in send(moderator, workshop, image=large).content.decode()


@pytest.mark.parametrize("size", [(1, 1), (20_000, 40), (40, 20_000), (300, 19)])
def test_photo_on_which_nothing_can_be_seen_is_refused(moderator, workshop, size):
    page = send(moderator, workshop, image=uploaded(picture(size=size))).content.decode()

    assert "Auf diesem Foto ist nichts zu erkennen" in page
    assert ALT in page
    assert not WallPhoto.objects.exists()


def test_small_photo_is_taken(moderator, workshop):
    send(moderator, workshop, image=uploaded(picture(size=(300, 20))))

    assert WallPhoto.objects.exists()


def test_emoji_in_the_words_of_a_photo_is_told_in_words_on_paper(moderator, workshop):
    send(moderator, workshop, alt="Viele\u202e Karten 👍🏽\x07")

    kept = WallPhoto.objects.get()
    page = moderator.get(workshop.get_absolute_url()).content.decode()
    assert kept.alt == "Viele Karten 👍🏽"
    assert 'alt="Viele Karten 👍🏽"' in page
    assert "Figure: Viele Karten (Daumen hoch)" in pdf_outline(workshop_record(workshop))


def test_one_photo_too_many_is_refused(moderator, workshop, monkeypatch):
    monkeypatch.setattr(photo_actions, "MOST_PHOTOS", 1)
    kept_photo(workshop)

    page = send(moderator, workshop, image=uploaded(picture(size=(50, 30)))).content.decode()

    assert "höchstens 20 Fotos" in page
    assert WallPhoto.objects.count() == 1


def test_round_that_is_deleted_leaves_its_photo(workshop):
    in_round = workshop.rounds.get()
    add_photo(workshop=workshop, photo=photo(), alt=ALT, in_round=in_round)

    in_round.delete()

    assert WallPhoto.objects.get().round is None


@pytest.mark.parametrize(
    ("role", "shown", "changed"),
    [(roles.ORGANISATION, 200, 200), (roles.READER, 200, 404), (roles.TRAINER, 404, 404), (None, 403, 403)],
)
def test_photo_is_for_those_who_may_see_the_workshop(client, question, role, shown, changed):
    kept = kept_photo(question.workshop)
    client.force_login(factories.staff(role) if role else factories.UserFactory())

    assert client.get(kept.get_absolute_url()).status_code == shown
    for name, pk in [
        ("wall_photo_add", question.workshop_id),
        ("wall_photo_edit", kept.pk),
        ("wall_photo_remove", kept.pk),
        ("guiding_question_result", question.pk),
    ]:
        assert client.get(reverse(f"evaluation:{name}", args=[pk])).status_code == changed
        if changed != 200:
            assert client.post(reverse(f"evaluation:{name}", args=[pk])).status_code == changed
    if changed != 200:
        order = reverse("evaluation:wall_photo_order", args=[question.workshop_id])
        assert client.post(order, {"up": f"{kept.pk}:1"}).status_code == changed


def test_moderator_writes_down_what_came_out(moderator, question):
    address = reverse("evaluation:guiding_question_result", args=[question.pk])
    seen = moderator.get(address).context["form"]["seen"].value()

    page = moderator.post(address, {"result": "Überwiegend <ja>", "seen": seen}, follow=True).content.decode()

    assert "Überwiegend &lt;ja&gt;" in page
    again = moderator.post(address, {"result": "Nein", "seen": seen}).content.decode()
    assert "Dort steht jetzt: „Überwiegend &lt;ja&gt;“" in again


@pytest.fixture
def documented(question):
    question.workshop.explanation = "Worüber reden wir?\n\n  Welche Kompetenzen?  "
    question.workshop.save()
    question.result = "Überwiegend gedeckt"
    question.save()
    kept_photo(question.workshop)
    question.workshop.recommendations.create(
        text="Möglichst Tandems",
        feature="TANDEMS",
        state="DONE",
        reason="Zuerst die Tandems",
        decided_on="2026-11-02",
    )
    return question.workshop


def test_page_tells_explanation_and_result(moderator, documented):
    page = moderator.get(documented.get_absolute_url()).content.decode()

    assert "<li>Worüber reden wir?</li><li>Welche Kompetenzen?</li>" in page
    assert "Überwiegend gedeckt" in page


def test_record_tells_explanation_result_features_and_photos(documented):
    paper = workshop_record(documented)
    text = pdf_text(paper)

    assert "Erläuterung Worüber reden wir? Welche Kompetenzen?" in text
    assert "Ergebnis Überwiegend gedeckt" in text
    assert "Besondere Merkmale für die Durchführung Tandems: umgesetzt. Zuerst die Tandems" in text
    assert f"Figure: {ALT}" in pdf_outline(paper)


@pytest.mark.verapdf
def test_record_with_a_photo_is_valid(documented):
    assert_pdf_ua_and_a(workshop_record(documented))


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_as_many_queries_for_many_photos_as_for_few(
    moderator, workshop, django_assert_num_queries, count
):
    for number in range(count):
        add_photo(workshop=workshop, photo=photo(size=(8, 8 + number)), alt=ALT, in_round=workshop.rounds.get())

    with django_assert_num_queries(13) as counted:
        moderator.get(workshop.get_absolute_url())
    assert not any('"jpeg"' in query["sql"] for query in counted.captured_queries)
