"""Input about questionnaires: texts, sections, questions, what they depend on, and whom a preview is for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField

from curriculum.forms.parts import GONE, limit_texts
from curriculum.models import Audience, Cohort, Edition
from evaluation.models import (
    ABSTENTION_KINDS,
    CHOICE_KINDS,
    DEFAULT_ENDS,
    REQUIRABLE_KINDS,
    SCALE_KINDS,
    Option,
    Purpose,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
)
from evaluation.outlines import Outline, PlannedQuestion
from netzkoord.lib.editing import KeyedModelForm, SeenModelForm
from netzkoord.lib.fields import PrintableField, choose_from
from netzkoord.lib.sentences import quoted

SCALE_FIELDS = ("low_label", "high_label", "good_within", "poor_beyond")
MOST_OPTIONS = 30
LONGEST_OPTION = 200


class QuestionnaireForm(SeenModelForm[Questionnaire]):
    """The texts of a draft."""

    class Meta:
        model = Questionnaire
        fields = ["title", "intro", "is_proposal"]
        field_classes = {"title": PrintableField, "intro": PrintableField}
        widgets = {"intro": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "title": "So steht er über der ersten Seite und auf dem Papier.",
            "intro": "Ein, zwei Sätze: wozu, und wie lange es dauert.",
            "is_proposal": "Steht in der Liste, bis sich der Fragebogen bewährt hat.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)


class NewQuestionnaireForm(KeyedModelForm[Questionnaire]):
    class Meta(QuestionnaireForm.Meta):
        fields = ["purpose", "title", "intro"]
        help_texts = QuestionnaireForm.Meta.help_texts | {
            "purpose": "Entscheidet, wann gefragt wird, und bleibt. "
            "Die Bedarfserhebung ist persönlich, alle anderen sind anonym."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)


class CopyForm(forms.Form):
    """The page carries the key of the copy, so that a double click copies once."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class SectionForm(SeenModelForm[Section]):
    class Meta:
        model = Section
        fields = ["title", "intro"]
        field_classes = {"title": PrintableField, "intro": PrintableField}
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"title": "Ein Abschnitt ist eine Seite: ein Schritt für alle, die antworten."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)


class OptionLinesField(forms.CharField):
    """Answers to choose from, one a line; empty lines count for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 6}), **kwargs)

    def clean(self, value: Any) -> str:
        text = PrintableField(required=False).clean(value)
        lines = lines_of(text)
        if len(lines) > MOST_OPTIONS:
            raise forms.ValidationError(
                f"Es sind {len(lines)} Antworten, höchstens {MOST_OPTIONS} sind möglich. Bitte fassen Sie zusammen."
            )
        if long := next((line for line in lines if len(line) > LONGEST_OPTION), None):
            raise forms.ValidationError(
                f"„{long[:30]} …“ hat {len(long)} Zeichen. Bitte kürzen Sie auf höchstens {LONGEST_OPTION}."
            )
        if double := next((line for line in lines if lines.count(line) > 1), None):
            raise forms.ValidationError(f"„{double}“ steht zweimal da. Bitte streichen Sie eine davon.")
        return "\n".join(lines)


def lines_of(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


class QuestionForm(KeyedModelForm[Question]):
    """A question, added or changed; a new one comes with its section set."""

    options = OptionLinesField(
        label="Antworten zur Auswahl",
        help_text="Eine je Zeile, mindestens zwei.",
    )

    class Meta:
        model = Question
        fields = [
            "kind",
            "text",
            "hint",
            "options",
            "low_label",
            "high_label",
            "is_required",
            "can_abstain",
            "audience",
            "good_within",
            "poor_beyond",
        ]
        field_classes = dict.fromkeys(["text", "hint", "low_label", "high_label"], PrintableField)
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "hint": forms.Textarea(attrs={"rows": 2})}
        labels = {
            "kind": "Art der Antwort",
            "low_label": "Wort am unteren Ende der Skala",
            "high_label": "Wort am oberen Ende der Skala",
            "is_required": "Diese Frage muss beantwortet werden",
            "audience": "Nur stellen an",
            "good_within": "Gut: Mittelwert höchstens so weit vom Ideal",
            "poor_beyond": "Kritisch: Mittelwert weiter vom Ideal als",
        }
        help_texts = {
            "low_label": "Bleibt es leer, steht dort das übliche Wort.",
            "high_label": "Bleibt es leer, steht dort das übliche Wort.",
            "good_within": "In Punkten der Skala, zum Beispiel 1,0. Das Ideal ist die beste Antwort, "
            "bei „Mitte ist ideal“ die 3.",
        }
        localized_fields = ["good_within", "poor_beyond"]

    def __init__(self, *args: Any, outline: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outline = outline
        planned = outline.by_pk.get(self.instance.pk or 0)
        self.stored_options = list(planned.options) if planned else []
        self.stored_kind = self.instance.kind
        self.initial["options"] = "\n".join(option.label for option in self.stored_options)
        self.fields["audience"].choices = [("", "alle"), *Audience.choices]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            choice
            for choice in self.fields["kind"].choices  # type: ignore[attr-defined]
            if choice[0] != QuestionKind.COVERAGE or self.may_ask_about_needs
        ]

    choice_kinds = " ".join(CHOICE_KINDS)
    scale_kinds = " ".join(SCALE_KINDS)
    requirable_kinds = " ".join(REQUIRABLE_KINDS)
    abstention_kinds = " ".join(ABSTENTION_KINDS)

    @property
    def may_ask_about_needs(self) -> bool:
        """Only at the end; a question that does so elsewhere keeps its kind until it is deleted."""
        return self.outline.questionnaire.purpose == Purpose.END or self.stored_kind == QuestionKind.COVERAGE

    @property
    def labels(self) -> list[str]:
        """The answers to choose from; valid forms only."""
        return lines_of(self.cleaned_data["options"])

    @property
    def depending(self) -> list[PlannedQuestion]:
        return self.outline.depending_on(self.instance) if self.instance.pk else []

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        kind = self.cleaned_data.get("kind")
        if kind:
            self.check_scale(kind)
            self.fit_ends(kind)
            self.check_options(kind)
            self.fit_bands(kind)
            self.keep_what_others_need(kind)
        return self.cleaned_data

    def fit_ends(self, kind: str) -> None:
        """The usual words where none were chosen, or where those of the former kind were left standing."""
        former = DEFAULT_ENDS.get(QuestionKind(self.stored_kind)) if self.stored_kind else None
        sent = self.cleaned_data.get("low_label"), self.cleaned_data.get("high_label")
        is_former = kind != self.stored_kind and sent == former
        usual = DEFAULT_ENDS.get(QuestionKind(kind), ("", ""))
        for name, word in zip(("low_label", "high_label"), usual, strict=True):
            if kind not in SCALE_KINDS or is_former or not self.cleaned_data.get(name):
                self.cleaned_data[name] = word

    def check_scale(self, kind: str) -> None:
        """What was typed for a scale is not dropped in silence; what stood there before a change of kind is."""
        typed = [name for name in SCALE_FIELDS if name in self.changed_data and self.data.get(name)]
        if kind not in SCALE_KINDS and typed:
            self.add_error(
                typed[0],
                "Wörter an den Enden, „gut“ und „kritisch“ gibt es nur bei einer Skala. "
                "Bitte ändern Sie die Art oder leeren Sie diese Felder.",
            )

    def check_options(self, kind: str) -> None:
        if kind not in CHOICE_KINDS and self.cleaned_data.get("options"):
            self.add_error(
                "options",
                "Antworten zur Auswahl gibt es nur bei „Auswahl“. Bitte ändern Sie die Art oder leeren Sie.",
            )
        if kind in CHOICE_KINDS and "options" in self.cleaned_data and len(self.labels) < 2:
            self.add_error("options", "Bitte geben Sie mindestens zwei Antworten an, eine je Zeile.")

    def fit_bands(self, kind: str) -> None:
        bands = [self.cleaned_data.get(name) for name in ("good_within", "poor_beyond")]
        if kind not in SCALE_KINDS:
            self.cleaned_data |= {"good_within": None, "poor_beyond": None}
        elif bands.count(None) == 1 and not {"good_within", "poor_beyond"} & set(self.errors):
            self.add_error("poor_beyond", "Bitte geben Sie „gut“ und „kritisch“ beide an oder keines von beiden.")

    def keep_what_others_need(self, kind: str) -> None:
        """A later question may depend on this one: its answers stay while it does."""
        if not self.depending:
            return
        names = quoted(planned.question for planned in self.depending)
        if kind != self.stored_kind:
            self.add_error("kind", f"Von den Antworten hängt ab: {names}. Ändern Sie zuerst dort die Bedingung.")
            return
        if "options" in self.cleaned_data and (lost := self.needed_and_lost()):
            self.add_error(
                "options",
                f"Von {quoted(lost)} hängt ab: {names}. Ändern Sie zuerst dort die Bedingung.",
            )

    def needed_and_lost(self) -> list[Option]:
        """Stored options that a condition names and that no line continues."""
        needed = {value for planned in self.depending for value in planned.question.condition_values}
        lines = self.labels
        is_reworded = len(lines) == len(self.stored_options)
        return [
            option
            for option in self.stored_options
            if option.position in needed and option.label not in lines and not is_reworded
        ]


class StoredQuestionForm(QuestionForm):
    """A question that is there already; it may go to another section."""

    class Meta(QuestionForm.Meta):
        fields = [*QuestionForm.Meta.fields, "section"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"] = forms.ModelChoiceField(
            queryset=self.outline.questionnaire.sections.all(),
            label="Abschnitt",
            empty_label=None,
            help_text="In einem anderen Abschnitt steht die Frage am Ende.",
            error_messages={"invalid_choice": GONE},
        )

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if section := self.cleaned_data.get("section"):
            self.check_place(section)
        return self.cleaned_data

    def check_place(self, section: Section) -> None:
        """Conditions look back: the question stays behind what it depends on and before what depends on it."""
        stored = self.outline.by_pk[self.instance.pk].question
        earlier = self.outline.condition_of(stored)
        if earlier and earlier.section.position >= section.position:
            self.add_error("section", f"Die Frage hängt von „{earlier.question}“ ab und muss dahinter stehen.")
        if any(planned.section.position <= section.position for planned in self.depending):
            names = quoted(planned.question for planned in self.depending)
            self.add_error("section", f"Von der Frage hängt ab: {names}. Sie muss in einem Abschnitt davor stehen.")


class ConditionForm(SeenModelForm[Question]):
    """On which answers to which earlier question a question depends: one list of answers per earlier question."""

    class Meta:
        model = Question
        fields: Sequence[str] = []

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Question, outline: Outline) -> None:
        super().__init__(data, instance=instance)
        self.earlier = {f"q{planned.question.pk}": planned for planned in outline.may_condition(instance)}
        for name, planned in self.earlier.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=f"Frage {planned.number}: {planned.question}",
                choices=list(planned.answers.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            is_chosen = instance.condition_question_id == planned.question.pk
            self.initial[name] = instance.condition_values if is_chosen else []

    @property
    def is_condition_lost(self) -> bool:
        """Whether the question depends on one that does not stand in an earlier section any more."""
        key = self.instance.condition_question_id
        return key is not None and f"q{key}" not in self.earlier

    @property
    def changed(self) -> list[str]:
        return [*super().changed, *(["condition"] if self.is_condition_lost else [])]

    def lists(self) -> Iterator[tuple[BoundField, int]]:
        """Each list with the number of what is chosen in it."""
        for name in self.earlier:
            yield self[name], len(self[name].value() or [])

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        chosen = [name for name in self.earlier if self.cleaned_data.get(name)]
        if len(chosen) > 1:
            names = quoted(self.earlier[name].question for name in chosen)
            raise forms.ValidationError(
                f"Eine Frage kann nur von einer anderen abhängen. Gewählt sind Antworten auf {names}. "
                "Bitte lassen Sie die Häkchen bei einer davon stehen."
            )
        return self.cleaned_data

    def condition(self) -> tuple[Question | None, list[int]]:
        """The earlier question and the answers to it; valid forms only."""
        for name, planned in self.earlier.items():
            if values := self.cleaned_data[name]:
                return planned.question, sorted(int(value) for value in values)
        return None, []


class PreviewForm(forms.Form):
    """Whom a preview is for, and whose topics, competences and needs it shows."""

    rolle = forms.ChoiceField(label="Gefragt wird", required=False, choices=[("", "alle"), *Audience.choices])
    fassung = forms.ModelChoiceField(
        queryset=Edition.objects.none(),
        label="Themen, Kompetenzen",
        required=False,
        empty_label="der neuesten Fassung",
    )

    durchgang = forms.ModelChoiceField(
        queryset=Cohort.objects.none(), label="Bedarfe", required=False, empty_label="keines Durchgangs"
    )

    def __init__(
        self, data: Mapping[str, Any], *, editions: QuerySet[Edition], cohorts: QuerySet[Cohort] | None
    ) -> None:
        """Without `cohorts` nothing asks about needs."""
        super().__init__(data)
        choose_from(self.fields["fassung"], editions)
        if cohorts is None:
            del self.fields["durchgang"]
        else:
            choose_from(self.fields["durchgang"], cohorts)

    @property
    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}
