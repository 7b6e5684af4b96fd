"""Legal pages: public, editable by organisers, harmless whatever is typed."""

import pytest
from django.urls import reverse

from netzkoord.lib import markdown
from netzkoord.models import AuditAction, AuditEvent, LegalPage, LegalPageKey


def url(name="legal_page", key="impressum"):
    return reverse(name, args=[key])


@pytest.mark.parametrize("key", LegalPageKey)
def test_legal_page_is_public_and_has_a_text_from_the_start(client, db, key):
    page = client.get(url(key=key)).content.decode()

    assert page.count("<h1>") == 1
    assert "<h2>" in page
    assert "[Bitte eintragen" in page
    assert "bearbeiten" not in page


@pytest.mark.parametrize("key", LegalPageKey)
def test_every_page_links_the_legal_page(client, db, key):
    assert url(key=key) in client.get(reverse("account_login")).content.decode()


def test_legal_page_unknown_is_not_found(client, organiser):
    client.force_login(organiser)

    assert client.get(url(key="gibt-es-nicht")).status_code == 404
    assert client.get(url("legal_page_edit", "gibt-es-nicht")).status_code == 404


def test_legal_page_shows_what_an_organiser_wrote(client, db):
    LegalPage.objects.create(key="impressum", text="## Träger\n\nStadt Łódź")

    page = client.get(url()).content.decode()

    assert "<h2>Träger</h2>\n<p>Stadt Łódź</p>" in page
    assert "[Bitte eintragen" not in page


def test_legal_page_refuses_post(client, db):
    assert client.post(url()).status_code == 405


def test_legal_page_edit_stores_the_text_and_leaves_a_line(client, organiser):
    client.force_login(organiser)

    response = client.post(url("legal_page_edit"), {"text": "## Neu"}, follow=True)

    assert "<h2>Neu</h2>" in response.content.decode()
    assert LegalPage.objects.get().text == "## Neu"
    event = AuditEvent.objects.get(action=AuditAction.LEGAL_PAGE_CHANGED)
    assert (event.by_id, event.target_id) == (organiser.pk, "impressum")


ROWS = "| a | b |\n| - | - |\n"


@pytest.mark.parametrize("name", ["legal_page_edit", "legal_page_preview"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Ein Wort: " + "x" * 3001, "ein Wort mit mehr als 3000 Zeichen. Bitte trennen"),
        (ROWS + "| c | d |\n" * 4000, "zu viele Zeilen, Listenpunkte oder Absätze. Bitte kürzen"),
    ],
)
def test_page_on_data_protection_with_which_no_information_could_be_printed_is_refused(
    client, organiser, name, text, sentence
):
    client.force_login(organiser)

    page = client.post(url(name, "datenschutz"), {"text": text}).content.decode()

    assert "Jede Auskunft druckt diese Seite ab" in page
    assert sentence in page
    assert text[-100:] in page
    assert not LegalPage.objects.exists()


def test_page_that_stands_in_no_information_may_be_longer(client, organiser):
    client.force_login(organiser)

    client.post(url("legal_page_edit"), {"text": ROWS + "| c | d |\n" * 4000})

    assert LegalPage.objects.exists()


def test_legal_page_edit_counts_the_gaps_of_the_draft(client, organiser):
    client.force_login(organiser)
    LegalPage.objects.create(key="impressum", text="[Bitte eintragen: A] [Bitte eintragen: B]")

    assert "noch 2 Lücken" in client.get(url("legal_page_edit")).content.decode()


def test_legal_page_preview_shows_the_text_and_stores_nothing(client, organiser):
    client.force_login(organiser)

    page = client.post(url("legal_page_preview"), {"text": "## Entwurf"}).content.decode()

    assert "<h2>Entwurf</h2>" in page
    assert "## Entwurf</textarea>" in page
    assert not LegalPage.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", ["legal_page_edit", "legal_page_preview"])
def test_legal_page_edit_keeps_what_was_typed_and_says_what_is_wrong(client, organiser, name):
    client.force_login(organiser)

    empty = client.post(url(name), {"text": ""}).content.decode()
    long = client.post(url(name), {"text": "x" * 60_001}).content.decode()

    assert "Die Seite darf nicht leer sein" in empty
    assert "error-summary" in long
    assert "x" * 60_001 in long
    assert not LegalPage.objects.exists()


@pytest.mark.parametrize("name", ["legal_page_edit", "legal_page_preview"])
@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_legal_page_edit_is_for_organisers(client, request, name, who):
    client.force_login(request.getfixturevalue(who))

    assert client.post(url(name), {"text": "x"}).status_code == 403
    assert not LegalPage.objects.exists()


def test_legal_page_edit_sends_anyone_else_to_sign_in(client, db):
    assert client.get(url("legal_page_edit"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["legal_page_edit", "legal_page_preview"])
def test_legal_page_is_not_changed_by_a_stranger(client, db, name):
    response = client.post(url(name), {"text": "## Fremd"})

    assert "<h2>Fremd</h2>" not in response.content.decode()
    assert not LegalPage.objects.exists()


def test_legal_page_preview_refuses_get(client, organiser):
    client.force_login(organiser)

    assert client.get(url("legal_page_preview")).status_code == 405


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](JavaScript:alert(1))", "<p>[a](JavaScript:alert(1))</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("[a](//evil.example)", "<p>[a](//evil.example)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        ("[a](/rechtliches/impressum/)", '<p><a href="/rechtliches/impressum/">a</a></p>\n'),
        ("[a](https://stadt.example)", '<p><a href="https://stadt.example">a</a></p>\n'),
        ("[a](mailto:a@stadt.example)", '<p><a href="mailto:a@stadt.example">a</a></p>\n'),
        ("{{ 7 }} {% load x %}", "<p>{{ 7 }} {% load x %}</p>\n"),
    ],
)
def test_markdown_is_harmless(text, html):
    assert html.strip() in markdown.render(text)


def test_markdown_shows_no_picture():
    assert "<img" not in markdown.render("![Bild](https://stadt.example/x.png)")


def test_markdown_headings_begin_below_the_page_and_skip_no_level():
    html = markdown.render("# A\n\n#### B\n\n###### C\n\n## D")

    assert [html[place + 1 : place + 3] for place in range(len(html)) if html.startswith("<h", place)] == [
        "h2",
        "h3",
        "h4",
        "h2",
    ]
