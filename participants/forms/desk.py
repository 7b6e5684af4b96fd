"""What an organiser writes at a tandem: a note, a reasoned exception."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator

from netzkoord.lib.editing import one_newline
from netzkoord.lib.names import validate_text
from participants.models import Note, Registration, Tandem
from participants.queries.exceptions import shareable_halves
from participants.queries.search import fold


class NoteForm(forms.ModelForm[Note]):
    """A note; at one tandem also about whom it is."""

    about = forms.ModelChoiceField(
        label="Worüber?",
        queryset=Registration.objects.none(),
        required=False,
        blank=True,
        empty_label="Das Tandem als Ganzes",
        widget=forms.RadioSelect,
        help_text="Verlangt jemand Auskunft über die eigenen Daten, "
        "steht darin, was über diese Person notiert ist. Was das Tandem als Ganzes betrifft, lesen beide.",
        error_messages={
            "invalid_choice": "Diese Person gehört nicht mehr zum Tandem. Bitte wählen Sie noch einmal."
        },
    )

    class Meta:
        model = Note
        fields = ["about", "text"]
        labels = {"text": "Notiz"}
        help_texts = {"text": "Die Organisation liest sie, und auf Verlangen die Person, um die es geht."}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"text": {"required": "Bitte schreiben Sie etwas."}}

    def __init__(self, *args: Any, tandem: Tandem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tandem is None:
            del self.fields["about"]
            self.fields[
                "text"
            ].help_text = "Die Organisation liest sie, und auf Verlangen die Personen dieser Tandems, beide."
        else:
            about = cast("forms.ModelChoiceField[Registration]", self.fields["about"])
            about.queryset = tandem.registrations.all()

    def clean_text(self) -> str:
        text = one_newline(self.cleaned_data["text"])
        validate_text(text)
        return text


class ByMunicipality(ModelChoiceIterator[Registration]):
    """Sorted as a German list of places."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", "Bitte wählen")
        halves = sorted(
            self.queryset, key=lambda half: (fold(half.tandem.municipality.sort_name), fold(half.sort_name))
        )
        yield from (self.choice(half) for half in halves)


class HalfField(forms.ModelChoiceField[Registration]):
    iterator = ByMunicipality

    def label_from_instance(self, obj: Registration) -> str:
        return f"{obj.tandem.municipality.label}: {obj.full_name}, {obj.organisation}"


class ExceptionForm(forms.Form):
    """Whose half is shared, and why."""

    shared_half = HalfField(
        label="Person aus einem anderen Tandem",
        queryset=Registration.objects.none(),
        error_messages={
            "required": "Bitte wählen Sie eine Person.",
            "invalid_choice": "Diese Person steht nicht mehr zur Wahl. Bitte wählen Sie eine andere.",
        },
    )
    reason = forms.CharField(
        label="Grund",
        max_length=500,
        validators=[validate_text],
        help_text="Steht bei der Anmeldung und zählt in der Übersicht, zum Beispiel: "
        "Zwei Nachbarstädte teilen sich eine Stelle.",
        error_messages={"required": "Bitte nennen Sie den Grund der Ausnahme."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shared_half"]
        assert isinstance(field, HalfField)  # noqa: S101 -- for the type checker
        field.queryset = shareable_halves(tandem)
