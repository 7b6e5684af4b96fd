"""Input about Erlebnisberichte: the plan of the organisers, the text of the author, the filter of the library."""

from typing import Any

from django import forms

from curriculum.actions.practice_reports import RELEASED_WORDS
from curriculum.models import Cohort, PracticeReport, Session
from curriculum.queries.practice_reports import modules_with_released
from netzkoord.lib.editing import SeenModelForm, one_newline
from netzkoord.lib.fields import AddressField, PersonNameField, PrintableField, choose_from
from netzkoord.templatetags.german import german_date

LONGEST_TEXT = 6000


class SessionField(forms.ModelChoiceField[Session]):
    def label_from_instance(self, session: Session) -> str:
        return f"{session}, {german_date(session.first_on)}" if session.first_on else str(session)


class PracticeReportForm(SeenModelForm[PracticeReport]):
    """Who reports in which session; the text is the author's alone."""

    session = SessionField(queryset=Session.objects.none(), label="Termin", empty_label="Bitte wählen")
    practitioner = PersonNameField(
        label="Praktikerin oder Praktiker", max_length=200, help_text="Vor- und Familienname."
    )
    email = AddressField(
        label="E-Mail-Adresse",
        help_text="Dorthin geht der persönliche Link, über den die Person ihren Text schreibt.",
    )

    class Meta:
        model = PracticeReport
        fields = ["session", "practitioner", "municipality", "email", "title"]
        field_classes = {"municipality": PrintableField, "title": PrintableField}
        help_texts = {"title": "Worum es geht. Die Person kann den Titel ändern."}

    def __init__(self, *args: Any, cohort: Cohort, has_text: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_text = has_text
        sessions = Session.objects.filter(cohort=cohort)
        sessions = sessions.not_cancelled() if self.instance._state.adding else sessions
        choose_from(self.fields["session"], sessions.with_dates().select_related("module"))
        if self.instance.is_released:
            self.keep_released_words()

    def keep_released_words(self) -> None:
        for name in RELEASED_WORDS:
            self.fields[name].disabled = True
            self.fields[
                name
            ].help_text = (
                "So ist der Bericht freigegeben. Ändern kann das, wer ihn geschrieben hat, über den eigenen Link."
            )

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.has_text and "email" in self.cleaned_data and self.cleaned_data["email"] != self.initial["email"]:
            self.add_error(
                "email",
                "Es liegt schon ein Text vor, den nur seine Autorin oder sein Autor kennt. Deshalb bleibt die "
                "Adresse. Für eine andere Person planen Sie bitte einen eigenen Bericht.",
            )
        return self.cleaned_data


class ReportTextField(PrintableField):
    """A text whose lines count one character at their end, as the page's counter counts them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return one_newline(str(super().to_python(value) or ""))


class ReportTextForm(SeenModelForm[PracticeReport]):
    """What the author writes."""

    text = ReportTextField(
        label="Ihr Bericht",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "data-counter": LONGEST_TEXT}),
        help_text="Höchstens 6.000 Zeichen, das sind etwa zwei Seiten. Leerzeilen trennen Absätze.",
    )

    class Meta:
        model = PracticeReport
        fields = ["title", "municipality", "text"]
        field_classes = {"title": PrintableField, "municipality": PrintableField}


class LibraryFilterForm(forms.Form):
    """Filter of the library; what makes no sense is ignored."""

    text = forms.CharField(label="Enthält", max_length=200, required=False)
    module = forms.ChoiceField(label="Modul", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        module = self.fields["module"]
        assert isinstance(module, forms.ChoiceField)  # noqa: S101 -- for the type checker
        module.choices = [("", "alle"), *((code, code) for code in modules_with_released())]

    def filters(self) -> dict[str, str]:
        """The valid part of what was asked for."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
