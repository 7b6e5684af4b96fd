"""The design: tokens with enough contrast, style sheets that keep to them, components in every state."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from netzkoord.navigation import navigation_for
from netzkoord.templatetags import components

ROOT = Path(django_settings.BASE_DIR)
CSS = ROOT / "static" / "css"
SCHEMES = ["light", "dark"]
SHOWN = [
    "bar",
    "breadcrumb",
    "cohort_strip",
    "cohort_tabs",
    "coverage",
    "empty",
    "form_errors",
    "notice",
    "pagination",
    "progress",
    "status",
    "steps",
    "submit",
]
SURFACES = ["paper", "paper-deep", "surface", "petrol-paper", "amber-paper", "red-paper", "green-paper"]


def tokens(scheme):
    text = (CSS / "tokens.css").read_text()
    light, dark = text.split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        changed = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
        assert changed.keys() == found.keys()
        found = changed
    return found


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "surfaces"),
    [
        ("ink", SURFACES),
        ("ink-muted", ["paper", "paper-deep", "surface"]),
        ("petrol", ["paper", "paper-deep", "surface", "petrol-paper", "amber-paper"]),
        ("petrol-strong", ["paper", "paper-deep", "surface", "petrol-paper", "amber-paper"]),
        ("red", ["paper", "surface", "red-paper"]),
        ("on-petrol", ["petrol", "petrol-strong"]),
    ],
)
def test_text_has_contrast_of_seven(scheme, ink, surfaces):
    colours = tokens(scheme)

    too_weak = {s: round(contrast(colours[ink], colours[s]), 2) for s in surfaces}
    assert not {surface: value for surface, value in too_weak.items() if value < 7}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("sign", "surfaces"),
    [
        ("line", ["paper", "paper-deep", "surface"]),
        ("amber", ["paper", "surface", "amber-paper"]),
        ("green", ["paper", "surface", "green-paper"]),
        ("red", ["paper", "surface", "red-paper"]),
    ],
)
def test_signs_and_lines_have_contrast_of_four_and_a_half(scheme, sign, surfaces):
    colours = tokens(scheme)

    too_weak = {s: round(contrast(colours[sign], colours[s]), 2) for s in surfaces}
    assert not {surface: value for surface, value in too_weak.items() if value < 4.5}


def style_sheets():
    return sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")


@pytest.mark.parametrize("path", style_sheets(), ids=lambda path: path.name)
def test_style_sheet_takes_its_colours_from_the_tokens(path):
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) == []
    assert "!important" not in text
    assert re.findall(r"(?m)^\s*#[\w-]+", text) == []


@pytest.mark.parametrize("path", style_sheets(), ids=lambda path: path.name)
def test_style_sheet_uses_only_tokens_that_exist(path):
    known = set(re.findall(r"(--[\w-]+):", (CSS / "tokens.css").read_text()))

    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) - known == set()


def test_every_form_shows_its_errors_in_a_summary():
    """crispy shows no errors of the whole form itself (templates/bootstrap5/errors.html)."""
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if any("|crispy" in form for form in re.findall(r'(?s)<form[^>]*method="post".*?</form>', path.read_text()))
        and "components/form_errors.html" not in path.read_text()
    ]

    assert silent == []


@pytest.mark.django_db
@pytest.mark.parametrize("setting", ["DEBUG", "DEMO"])
def test_showcase_shows_every_component(client, settings, setting):
    setattr(settings, setting, True)

    html = client.get("/bausteine/").content.decode()

    page = (ROOT / "templates" / "netzkoord" / "showcase.html").read_text()
    assert [name for name in SHOWN if f"components/{name}.html" not in page] == []
    assert "<h1>Bausteine</h1>" in html
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.django_db
def test_showcase_is_absent_in_operation(client):
    assert client.get("/bausteine/").status_code == 404


@pytest.mark.django_db
def test_showcase_refuses_post(client, settings):
    settings.DEMO = True

    assert client.post("/bausteine/").status_code == 405


class DayForm(forms.Form):
    date = forms.DateField(label="Tag")
    role = forms.ChoiceField(label="Rolle?", choices=[("a", "A")], widget=forms.RadioSelect)
    hidden = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Zusammen passt es nicht.")


def test_problems_lead_to_the_fields_in_order():
    assert components.problems(DayForm({"date": "morgen", "hidden": ""})) == [
        ("", "", "Zusammen passt es nicht."),
        ("id_date", "Tag", "Bitte ein gültiges Datum eingeben."),
        ("id_role_0", "Rolle", "Bitte füllen Sie dieses Feld aus."),
        ("", "", "Bitte füllen Sie dieses Feld aus."),
    ]


def test_problems_of_a_formset_are_those_of_all_its_forms():
    formset_class = forms.formset_factory(DayForm, extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-date": "morgen", "form-1-role": "a"}

    found = components.problems(formset_class(data | {"form-1-hidden": "x"}))

    assert [problem.target for problem in found] == ["", "id_form-1-date"]


def test_problems_of_a_form_not_yet_sent_are_none():
    assert components.problems(DayForm()) == []
    assert components.problems(forms.formset_factory(DayForm)()) == []


def test_field_marks_what_may_be_left_out_and_wires_hint_and_error():
    class Sample(forms.Form):
        note = forms.CharField(label="Bemerkung", help_text="Kurz.", max_length=3, required=False)

    html = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=Sample({"note": "zu lang"}))

    assert 'Bemerkung <span class="field-optional">(freiwillig)</span>' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert html.index('id="id_note_helptext"') < html.index('id="id_note_error"') < html.index('id="id_note">')


@pytest.mark.parametrize(
    ("current", "kinds"), [(1, ["current", "open", "open"]), (2, ["done", "current", "open"]), (4, ["done"] * 3)]
)
def test_step_kinds(current, kinds):
    assert components.step_kinds(current, 3) == kinds


def test_pages_of_a_list_keep_the_filters():
    request = RequestFactory().get("/liste/", {"suche": "a&b", "seite": "1"})

    html = engines["django"].from_string("{% load components %}{% page_link 2 %}").render({}, request)

    assert html == "?suche=a%26b&amp;seite=2"


def render(text, **context):
    return engines["django"].from_string(text).render(context)


def labels(entries):
    return [entry.label for entry in entries]


def test_navigation_of_a_stranger_to_the_site_has_no_inside():
    menu = navigation_for(AnonymousUser(), "/")

    assert set(labels(menu.primary)) <= {"Angebote", "Bescheinigung prüfen", "Anmelden"}
    assert (menu.more, menu.account) == ([], [])


def test_navigation_shows_what_the_role_may_see(organiser, trainer, stranger):
    inside = {"Durchgänge", "Programm", "Workshops", "Empfehlungen"}

    assert set(labels(navigation_for(stranger, "/").primary)) <= {"Start"}
    assert labels(navigation_for(trainer, "/").more) == [
        "Bedarfe über alle Durchgänge",
        "Fragebögen",
        "Erlebnisberichte",
    ]
    assert set(labels(navigation_for(organiser, "/").primary)) <= inside | {"Start"}


def test_navigation_marks_the_page_and_those_below(organiser):
    def current(path):
        menu = navigation_for(organiser, path)
        return {entry.label: entry.current for entry in menu.primary if entry.current}

    assert current("/durchgaenge/") == {"Durchgänge": "page"}
    assert current("/durchgaenge/7/bericht/") == {"Durchgänge": "true"}
    assert current("/termine/3/") == {"Durchgänge": "true"}


@pytest.mark.django_db
def test_demo_ribbon_only_in_the_demo(client, settings):
    without = client.get("/gibt-es-nicht/").content.decode()
    settings.DEMO = True
    with_ribbon = client.get("/gibt-es-nicht/").content.decode()

    assert "alle Personen sind erfunden" not in without
    assert "alle Personen sind erfunden" in with_ribbon


def test_mail_and_page_share_the_mark():
    assert "<title>netzkoord</title>" in (ROOT / "static" / "img" / "mark.svg").read_text()
    assert 'class="mark"' in render_to_string("components/mark.html")
