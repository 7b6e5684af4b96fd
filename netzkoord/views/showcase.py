"""Every component in every state, with invented content: for those who build pages, and for the tests."""

import datetime
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Name der Kommune", help_text="So, wie er auf der Bescheinigung stehen soll.")
    email = forms.EmailField(label="E-Mail-Adresse")
    begins_on = forms.DateField(label="Beginn", widget=forms.DateInput(attrs={"type": "date"}))
    places = forms.IntegerField(label="Plätze", min_value=2, help_text="Personen, nicht Tandems.")
    state = forms.ChoiceField(label="Land", choices=[("", "Bitte wählen"), ("NI", "Niedersachsen")])
    role = forms.ChoiceField(
        label="Rolle im Tandem",
        choices=[("MANAGER", "Führungskraft"), ("COORDINATOR", "Koordinierungskraft")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Themen",
        choices=[("types", "Netzwerk-Arten"), ("talks", "Gesprächsführung"), ("stance", "Haltung")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Bemerkung", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    document = forms.FileField(label="Datei", required=False, help_text="PDF, höchstens 2\u00a0MB.")
    fixed = forms.CharField(label="Durchgang", initial="Hannover 2017/18", disabled=True)
    is_listed = forms.BooleanField(
        label="Meine Kontaktdaten dürfen in der Teilnehmendenliste stehen.",
        help_text="Sie können das jederzeit ändern.",
        required=False,
    )
    has_read = forms.BooleanField(label="Ich habe die Hinweise zum Datenschutz gelesen.")

    def clean(self) -> None:
        raise forms.ValidationError("Beide Personen eines Tandems kommen aus derselben Kommune.")


class FilterForm(forms.Form):
    text = forms.CharField(label="Suche", required=False)
    state = forms.ChoiceField(label="Stand", choices=[("", "alle"), ("open", "offen")], required=False)


@dataclass(frozen=True)
class SampleCohort:
    pk: int
    title: str

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"#durchgang-{self.pk}"


@dataclass(frozen=True)
class Message:
    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


@require_safe
@login_not_required
def showcase(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "netzkoord/showcase.html", sample_context())


def sample_context() -> dict[str, object]:
    return {
        "kinds": [
            ("done", "vollständig"),
            ("due", "wartet auf Sie"),
            ("error", "widerrufen"),
            ("info", "läuft"),
            ("neutral", "geplant"),
        ],
        "notices": [
            ("info", "Diese Erhebung ist anonym: Niemand kann Ihre Antworten Ihnen zuordnen."),
            ("done", "Die Anmeldung ist angenommen. Die Zusage ist an beide gesendet."),
            ("due", "Bis zum 30. September fehlt noch die Partnerin oder der Partner."),
            ("error", "Die Datei hat keine Spalte „Kommune“. Bitte die Vorlage verwenden."),
            ("neutral", "Die Ergebnisse erscheinen, wenn die Erhebung geschlossen ist."),
        ],
        "messages": [
            Message(constants.DEFAULT_TAGS[constants.SUCCESS], "Der Termin ist gespeichert."),
            Message(constants.DEFAULT_TAGS[constants.WARNING], "Zwei Personen haben noch nicht geantwortet."),
        ],
        "form": SampleForm(),
        "form_with_errors": SampleForm({"email": "anna@", "places": "1"}, auto_id="fehler_%s"),
        "filter_form": FilterForm(auto_id="filter_%s"),
        "page": Paginator(range(70), 30).page(2),
        "cohort": SampleCohort(1, "Hannover 2017/18"),
        "perms": {
            "curriculum": {"view_session": True},
            "participants": {"view_tandem": True, "view_certificate": True},
            "evaluation": {"view_survey": True, "view_report": True},
        },
        "strips": [busy_strip(), calm_strip()],
        "scale_values": [1, 2, 3, 4, 5],
        "bars": [("sehr hilfreich", 58, "11 von 19"), ("hilfreich", 32, "6 von 19"), ("wenig", 10, "2 von 19")],
        "coverage": [("full", "abgedeckt"), ("partial", "teilweise"), ("none", "nicht abgedeckt")],
    }


def busy_strip() -> dict[str, object]:
    return {
        "cohort": SampleCohort(1, "Hannover 2017/18"),
        "state_label": "läuft",
        "milestones": [
            {"label": "Anmeldeschluss", "date": datetime.date(2017, 9, 15), "is_past": True, "percent": 0},
            {"label": "Führungskräfte", "date": datetime.date(2017, 10, 9), "is_past": True, "percent": 12},
            {"label": "Modul 1", "date": datetime.date(2017, 12, 7), "is_past": True, "percent": 40},
            {"label": "Modul 2", "date": datetime.date(2018, 2, 15), "is_past": False, "percent": 74},
            {"label": "Modul 3", "date": datetime.date(2018, 4, 11), "is_past": False, "percent": 100},
        ],
        "today_percent": 52,
        "counts": [
            {"label": "Plätze belegt", "value": 22, "maximum": 22},
            {"label": "Tandems vollständig", "value": 9, "maximum": 11},
            {"label": "Bedarfe beantwortet", "value": 17, "maximum": 22},
            {"label": "auf der Warteliste", "value": 3, "maximum": None},
        ],
        "features": [
            {"label": "Tandems", "kind": "due", "text": "9 von 11"},
            {"label": "Erlebnisberichte", "kind": "info", "text": "3 von 4 Modulen"},
            {"label": "Haltung", "kind": "done", "text": "im Programm"},
        ],
        "due": [
            {"text": "3 Anmeldungen warten auf Entscheidung", "url": "#"},
            {"text": "Die Anwesenheit vom 7. Dezember fehlt noch", "url": "#"},
        ],
    }


def calm_strip() -> dict[str, object]:
    return {
        "cohort": SampleCohort(
            2, "Durchgang mit dem Namen der Arbeitsgemeinschaft Grafschaft-Größenwahn und Umland"
        ),
        "state_label": "Anmeldung offen",
        "milestones": [
            {"label": "Anmeldeschluss", "date": datetime.date(2018, 8, 31), "is_past": False, "percent": 0},
            {"label": "Führungskräfte", "date": datetime.date(2018, 10, 8), "is_past": False, "percent": 100},
        ],
        "today_percent": None,
        "counts": [{"label": "Plätze belegt", "value": 0, "maximum": 22}],
        "features": [],
        "due": [],
    }
