"""The texts of mails: occasions, placeholders, and what organisers make of them."""

import pytest
from django.conf import settings
from django.urls import reverse
from post_office.models import Email

from netzkoord.lib import mail
from netzkoord.lib.mail_texts import Text, occasion_of, occasions, problems, text_for
from netzkoord.lib.placeholders import Kind, Placeholder, fill, one_line, paragraphs
from netzkoord.models import AuditEvent, MailText
from tests.factories import RegistrationFactory

NASTY = ["{0.__class__}", "{{7*7}}", "{% load static %}", "%s", "%(x)s", "${{7}}", "{anrede}", '"><script>', "<b>&"]
CONFIRM = "participants/mail/confirm.txt"


def occasion(template=CONFIRM):
    return occasion_of(template)


def context(**values):
    return occasion().example() | values


def write(subject, body, *, template=CONFIRM):
    MailText.objects.create(occasion=occasion(template).name, subject=subject, body=body, based_on="")


# Every occasion


@pytest.mark.parametrize("row", occasions().values(), ids=list(occasions()))
def test_occasion_is_whole(row):
    """Its default text has no fault, uses every placeholder, and says when and to whom it goes."""
    assert problems(row, row.default) == {}
    used = str(row.default)
    assert [str(each) for each in row.placeholders if str(each) not in used and not is_shared(each)] == []
    assert all([row.title, row.when, row.to, row.area])
    assert len({each.name for each in row.placeholders}) == len(row.placeholders)


def is_shared(placeholder):
    """What every mail to a registration may mention; not each of them does."""
    return placeholder.key in {"municipality", "role", "contact", "cohort"}


@pytest.mark.parametrize("row", occasions().values(), ids=list(occasions()))
def test_occasion_leaves_no_braces_in_its_example(db, row):
    composed = mail.compose(row.template, row.example())

    assert "{" not in composed.subject + composed.text
    for each in row.placeholders:
        if each.kind is Kind.LINK:
            assert composed.html.count(f'href="{row.example()[each.key]}"') == 1


@pytest.mark.parametrize("row", occasions().values(), ids=list(occasions()))
def test_a_link_that_is_needed_has_words_for_its_button(row):
    assert [each for each in row.placeholders if each.kind is Kind.LINK and not each.label] == []


# Replacing


@pytest.mark.parametrize("nasty", NASTY)
def test_a_value_is_never_looked_at_again(db, nasty):
    composed = mail.compose(CONFIRM, context(cohort=nasty, greeting=nasty))

    assert nasty in composed.subject
    assert nasty in composed.text
    assert "<script>" not in composed.html
    assert "49" not in composed.subject + composed.text


@pytest.mark.parametrize("nasty", [each for each in NASTY if each != "{anrede}"])
def test_what_organisers_write_is_never_run(db, nasty):
    write(f"Betreff {nasty}", f"Text {nasty}\n\n{{link}}")

    email = mail.send("x@stadt.example", CONFIRM, context())

    assert email.subject == f"Betreff {nasty}"
    assert email.message.startswith(f"Text {nasty}\n\nhttp")
    assert "<script>" not in email.html_message
    assert "<b>" not in email.html_message


def test_html_escapes_each_value_for_itself(db):
    composed = mail.compose(CONFIRM, context(municipality='<img src=x onerror="y"> & Co'))

    assert "&lt;img src=x onerror=&quot;y&quot;&gt; &amp; Co" in composed.html
    assert '<img src=x onerror="y"> & Co' in composed.text


@pytest.mark.parametrize("breaking", ["a\r\nBcc: x@evil.example", "a\nb", "a\rb", "a\x00b", "a\u202eb", "a\x85b"])
def test_a_value_never_breaks_the_line(db, breaking):
    composed = mail.compose(CONFIRM, context(cohort=breaking))

    assert not set("\r\n\x00\u202e\x85") & set(composed.subject)
    assert composed.subject.startswith("Bitte bestätigen Sie Ihre Anmeldung: a")


def test_a_subject_is_cut_where_nobody_reads_it_any_more(db):
    assert len(mail.compose(CONFIRM, context(cohort="x" * 900)).subject) == mail.SUBJECT_SHOWN


def test_no_break_spaces_stay():
    assert one_line(" 7.\u00a0Mai  2030 \t x") == "7.\u00a0Mai 2030 x"


def test_values_of_people_become_no_link(db):
    composed = mail.compose(CONFIRM, context(municipality="https://evil.example/x www.evil.example"))

    assert "https://evil" not in composed.text + composed.html
    assert composed.html.count("<a ") == 1


def test_a_missing_value_is_an_error_of_the_programmer(db):
    values = context()
    del values["cohort"]

    with pytest.raises(KeyError, match="cohort"):
        mail.compose(CONFIRM, values)


def test_several_lines_where_one_belongs_are_an_error_of_the_programmer(db):
    with pytest.raises(TypeError, match="durchgang takes one text"):
        mail.compose(CONFIRM, context(cohort=["a", "b"]))


# Paragraphs


NOTE = Placeholder("hinweis", "note", "Hinweis", "ja").optional()
LINES = Placeholder("tage", "days", "Tage", ("eins", "zwei"), Kind.LINES).optional()
WHO = Placeholder("wer", "who", "Name", "Anna")


@pytest.mark.parametrize(
    ("body", "values", "expected"),
    [
        ("Eins\n\n{hinweis}\n\nDrei", {"hinweis": ""}, ["Eins", "Drei"]),
        ("Eins\n\n{hinweis}\n\nDrei", {"hinweis": "zwei"}, ["Eins", "zwei", "Drei"]),
        ("Ihre Termine:\n{tage}", {"tage": ""}, []),
        ("Ihre Termine:\n{tage}", {"tage": "eins\nzwei"}, ["Ihre Termine:\neins\nzwei"]),
        ("{hinweis} {tage}", {"hinweis": "", "tage": "eins"}, ["eins"]),
        ("Hallo {wer}", {"wer": ""}, ["Hallo"]),
        ("{wer}\n \n\n\nEnde", {"wer": ""}, ["Ende"]),
        ("{fremd} {wer}", {"wer": "{fremd}"}, ["{fremd} {fremd}"]),
    ],
)
def test_a_paragraph_goes_with_what_it_speaks_of(body, values, expected):
    values = {"hinweis": "", "tage": "", "wer": ""} | values

    assert [each.text for each in paragraphs(body, values, [NOTE, LINES, WHO])] == expected


def test_fill_is_one_pass():
    assert fill("{a} {b} {c}", {"a": "{b}", "b": "{a}"}) == "{b} {a} {c}"


def test_lines_stay_lines_in_both_parts(db):
    composed = mail.compose("participants/mail/accepted.txt", occasion("participants/mail/accepted.txt").example())

    assert "Ihre Termine:\nMo, 8. März 2027" in composed.text
    assert "Ihre Termine:<br>Mo, 8. März 2027" in composed.html


def test_a_link_in_a_sentence_is_a_link_and_no_button(db):
    write("Betreff", "Bitte hier {link} bestätigen.")

    html = mail.compose(CONFIRM, context()).html

    assert 'class="mail-action"' not in html
    assert html.count("<a href=") == 1


def test_a_note_in_place_of_a_link_is_text(db):
    html = mail.compose(CONFIRM, context(link="(persönlicher Link)")).html

    assert "<a " not in html
    assert "(persönlicher Link)" in html


# What is refused


@pytest.mark.parametrize(
    ("subject", "body", "field", "sentence"),
    [
        ("", "{link}", "subject", "Bitte geben Sie einen Betreff an."),
        ("  ", "{link}", "subject", "Bitte geben Sie einen Betreff an."),
        ("x" * 151, "{link}", "subject", "hat 151 Zeichen"),
        ("a\nb", "{link}", "subject", "Der Betreff steht in einer Zeile."),
        ("a\rb", "{link}", "subject", "Der Betreff steht in einer Zeile."),
        ("a\u202eb", "{link}", "subject", "Das Zeichen U+202E ist unsichtbar."),
        ("{link}", "{link}", "subject", "{link} kann nicht im Betreff stehen."),
        ("{ort}", "{link}", "subject", "Den Platzhalter {ort} gibt es in dieser Mail nicht."),
        ("x", "", "body", "Bitte geben Sie einen Text an."),
        ("x", "Ohne", "body", "Im Text fehlt {link} (persönlicher Link)."),
        ("x", "{link} {Anrede}", "body", "{Anrede} gibt es in dieser Mail nicht. Meinten Sie {anrede}?"),
        ("x", "{link} {{ anrede }}", "body", "{ anrede } gibt es in dieser Mail nicht. Meinten Sie {anrede}?"),
        ("x", "{link} {vor-name}", "body", "{vor-name} gibt es in dieser Mail nicht."),
        ("x", "{link} a\x07", "body", "Das Zeichen U+0007 ist unsichtbar."),
    ],
)
def test_a_text_that_cannot_be_sent_is_named(subject, body, field, sentence):
    found = problems(occasion(), Text(subject, body))

    assert list(found) == [field]
    assert sentence in " ".join(found[field])


@pytest.mark.parametrize("literal", ["{0.__class__}", "{{7*7}}", "{% load %}", "%s", "${{}}", "{}", "{ }", "{1}"])
def test_what_is_no_placeholder_is_only_text(literal):
    assert problems(occasion(), Text(f"x {literal}", f"{literal} {{link}}")) == {}


# What is sent


def test_the_text_of_organisers_is_sent(db):
    write("Für {durchgang}", "{anrede}!\n\n{link}")

    mail.send("x@stadt.example", CONFIRM, context(greeting="Guten Tag Anna"), reply_to="kurs@stadt.example")

    email = Email.objects.get()
    assert (email.subject, email.to) == ("Für Hannover 2027", ["x@stadt.example"])
    assert email.message.startswith("Guten Tag Anna!\n\nhttp://testserver/")
    assert email.headers["Auto-Submitted"] == "auto-generated"
    assert email.headers["Reply-To"] == "kurs@stadt.example"


def test_a_text_that_is_not_whole_any_more_gives_way_to_the_default(db):
    write("Für {durchgang}", "Der Link fehlt, seit er gebraucht wird.")

    assert text_for(occasion()) == occasion().default


def test_a_mail_without_an_occasion_stays_a_template(db):
    assert occasion_of("account/email/login_code.txt") is None

    composed = mail.compose("account/email/login_code.txt", {"code": "12345", "link": ""})

    assert composed.subject == "Ihr Code zur Anmeldung"
    assert "\n\n12345\n\n" in composed.text


# The pages


def url(name="edit", occasion="participants.confirm"):
    return reverse("mail_text_list") if name == "list" else reverse(f"mail_text_{name}", args=[occasion])


def form_data(page, **values):
    """What the browser would send: the fields as the page shows them, some of them changed."""
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return shown | values


def save(client, **values):
    return client.post(url(), form_data(client.get(url()), **values), follow=True)


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_mail_text_list_query_count(signed_in, django_assert_num_queries, count):
    for template in ["confirm", "accepted", "waiting"][:count]:
        write("Betreff", "{link}", template=f"participants/mail/{template}.txt")

    with django_assert_num_queries(5):
        page = signed_in.get(url("list")).content.decode()

    assert page.count("eigener Text") == count
    assert page.count('<th scope="row">') == len(occasions())


def test_mail_text_edit_shows_text_placeholders_and_previews(signed_in):
    page = signed_in.get(url()).content.decode()

    assert "Bitte bestätigen Sie Ihre Anmeldung: {durchgang}" in page
    for each in occasion().placeholders:
        assert f'<code class="mail-placeholder">{each}</code>' in page
    assert page.count("Bitte bestätigen Sie Ihre Anmeldung: Hannover 2027") == 2
    assert "Bitte bestätigen Sie Ihre Anmeldung: Ha…" in page


def test_mail_text_edit_previews_the_longest_real_names(signed_in):
    for name in ["Kurz", "Von-und-zu-Überlang-Habsburg"]:
        RegistrationFactory(
            family_name=name, tandem__cohort__title=f"Durchgang {name}", tandem__municipality__name=f"Stadt {name}"
        )

    preview = signed_in.get(url()).context["previews"][1]

    assert preview.subject == "Bitte bestätigen Sie Ihre Anmeldung: Durchgang Von-und-zu-Überlang-Habsburg"
    assert preview.text.count("Von-und-zu-Überlang-Habsburg") == 3
    assert "Kurz" not in preview.text


def test_mail_text_edit_stores_the_text_with_who_and_when(signed_in, organiser):
    page = save(signed_in, subject="  Nur noch ein Klick: {durchgang} ", body="{anrede},\r\n\r\n{link}\r\n")

    stored = MailText.objects.get()
    assert (stored.subject, stored.body) == ("Nur noch ein Klick: {durchgang}", "{anrede},\n\n{link}")
    assert (stored.changed_by, stored.based_on) == (organiser, str(occasion().default))
    assert "Bitte um Bestätigung: Der neue Text gilt ab jetzt." in page.content.decode()
    assert "<del>" in page.content.decode()
    assert AuditEvent.objects.get().action == "MAIL_TEXT_CHANGED"


def test_mail_text_edit_needs_no_row_for_the_default(signed_in):
    save(signed_in, subject="Anders")
    save(signed_in, subject=occasion().default.subject)

    assert not MailText.objects.exists()


@pytest.mark.parametrize("name", ["edit", "preview", "try"])
def test_mail_text_says_what_is_wrong_and_keeps_what_was_typed(signed_in, name):
    typed = {"subject": "Für {kommunen}", "body": "Ganz ohne Schaltfläche"}

    page = signed_in.post(url(name), form_data(signed_in.get(url()), **typed)).content.decode()

    assert "Den Platzhalter {kommunen} gibt es in dieser Mail nicht. Meinten Sie {kommune}?" in page
    assert "Im Text fehlt {link} (persönlicher Link)." in page
    assert 'value="Für {kommunen}"' in page
    assert "Ganz ohne Schaltfläche</textarea>" in page
    assert not MailText.objects.exists()
    assert not Email.objects.exists()


def test_mail_text_edit_survives_nonsense(signed_in):
    for data in [
        {},
        {"subject": "\x00", "body": "\x00"},
        {"subject": "x" * 5000, "body": "y" * 20_000},
        {"seen": "["},
    ]:
        response = signed_in.post(url(), data)

        assert response.status_code == 200
        assert response.context["form"].errors
    assert not MailText.objects.exists()


def test_mail_text_preview_shows_what_was_typed_and_stores_nothing(signed_in):
    page = signed_in.post(
        url("preview"), form_data(signed_in.get(url()), body="Neu <b> für {kommune}\n\n{link}")
    ).content.decode()

    assert "Vorschau – noch nicht gespeichert" in page
    assert "Neu &lt;b&gt; für Musterstadt" in page
    assert '<td class="mail-action"><a href="http://testserver/#beispiel">Anmeldung bestätigen</a>' in page
    assert not MailText.objects.exists()


def test_mail_text_try_sends_one_sample_to_the_person_who_asks(signed_in, organiser):
    data = form_data(signed_in.get(url()), subject="Neu für {durchgang}")

    first, second = (signed_in.post(url("try"), data).content.decode() for _ in range(2))

    sample = Email.objects.get()
    assert (sample.to, sample.subject) == ([organiser.email], "Probe: Neu für Hannover 2027")
    assert "Die Probemail ist unterwegs" in first
    assert "Die Probemail war schon unterwegs" in second
    assert 'value="Neu für {durchgang}"' in second


def test_mail_text_reset_brings_back_the_default(signed_in):
    write("Anders", "{link}")

    for _ in range(2):
        page = signed_in.post(url("reset"), follow=True).content.decode()

    assert not MailText.objects.exists()
    assert "Es gilt wieder die Vorlage." in page
    assert AuditEvent.objects.get().details == {"is_default": True}


def test_two_organisers_do_not_overwrite_each_other(signed_in):
    data = form_data(signed_in.get(url()), subject="Meiner")
    save(signed_in, subject="Der andere")

    page = signed_in.post(url(), data).content.decode()

    assert "Inzwischen hat jemand anderes dieses Feld geändert. Dort steht jetzt: „Der andere“." in page
    assert MailText.objects.get().subject == "Der andere"


def test_a_change_of_the_default_is_pointed_out(signed_in):
    write("Anders", "{anrede}\n\n{link}")
    MailText.objects.update(based_on="Alter Betreff\n\nAlter Text\n")

    page = signed_in.get(url()).content.decode()

    assert "Die Vorlage hat sich geändert" in page
    assert "Was an der Vorlage neu ist" in page
    assert "eigener Text, Vorlage ist neuer" in signed_in.get(url("list")).content.decode()
    save(signed_in)
    assert "Die Vorlage hat sich geändert" not in signed_in.get(url()).content.decode()


def test_a_text_that_lacks_something_now_is_pointed_out(signed_in):
    write("Anders", "Kein Link")

    assert "Dem gespeicherten Text fehlt inzwischen etwas." in signed_in.get(url()).content.decode()
    assert "unvollständig, es gilt die Vorlage" in signed_in.get(url("list")).content.decode()


@pytest.mark.parametrize("name", ["edit", "preview", "try", "reset"])
def test_an_unknown_occasion_is_not_found(signed_in, name):
    assert signed_in.post(url(name, "participants.unknown")).status_code == 404


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
@pytest.mark.parametrize("name", ["edit", "preview", "try", "reset"])
def test_mail_texts_are_for_organisers(client, request, who, name):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url("list")).status_code == 403
    assert client.post(url(name), {"subject": "x", "body": "{link}"}).status_code == 403
    assert not MailText.objects.exists()


# The documentation


HEADING = "## All occasions\n\n"


def table():
    """The table of docs/mail.md."""
    lines = ["| Name | Anlass | Wann | An | Platzhalter |", "|---|---|---|---|---|"]
    for row in occasions().values():
        placeholders = ", ".join(f"`{each}`" for each in row.placeholders)
        lines.append(f"| `{row.name}` | {row.title} | {row.when} | {row.to} | {placeholders} |")
    return "\n".join(lines) + "\n"


def test_the_documentation_has_the_table_of_all_occasions():
    text = (settings.BASE_DIR / "docs" / "mail.md").read_text()

    assert text.partition(HEADING)[2] == table(), "python docs/mail_table.py writes it anew"


def test_every_text_of_a_mail_has_its_row():
    """So that organisers can edit it."""
    files = (settings.BASE_DIR / "templates").glob("*/mail/*.txt")

    assert sorted(f"{path.parent.parent.name}.{path.stem}" for path in files) == sorted(occasions())


def test_a_mail_has_one_main_button(db):
    html = mail.compose(
        "participants/mail/invitation.txt", occasion("participants/mail/invitation.txt").example()
    ).content

    assert html.count('<td class="mail-action">') == 1
    assert html.count('<td class="mail-action mail-action-quiet">') == 2
