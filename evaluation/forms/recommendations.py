"""Input about recommendations: what they say, which of them are shown, what is decided."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import Truncator

from curriculum.models import Audience, Cohort, Edition, Module
from evaluation.forms.fields import FreeTextField
from evaluation.models import Feature, Recommendation, RecommendationState, Round
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import choose_from

LONGEST_TEXT = 1000
LONGEST_REASON = 1000
NO_TEXT = "Schreiben Sie, was empfohlen wird."
NO_REASON = "Begründen Sie die Entscheidung in einem Satz: Wer es empfohlen hat, liest ihn."
NO_REASON_ASIDE = "Schreiben Sie in einem Satz, warum diese Empfehlung nicht für sich steht."
NOT_STANDING = "Diese Empfehlung gilt nicht (mehr) für sich. Wählen Sie neu."
NO_STATE = "Wählen Sie, was entschieden ist."
READ_BY_ALL = (
    "Das lesen alle im Haus und die Teilnehmenden des Durchgangs. Lassen Sie weg, was auf eine Person zeigt."
)
ACTS = {
    RecommendationState.ACCEPTED: "annehmen: Eine Fassung löst sie ein",
    RecommendationState.DONE: "umgesetzt: Sie ist eingelöst",
    RecommendationState.DECLINED: "ablehnen",
    RecommendationState.OPEN: "wieder öffnen: Es wird neu entschieden",
}
ALL_STANDING = "alle, die gelten"
ACCEPT_ANEW = "angenommen lassen, für eine andere Fassung"


class RecommendationForm(SeenModelForm[Recommendation]):
    """A recommendation while it is open: of a workshop the round is asked, of anything else the source.

    Of a card both are known.
    """

    text = FreeTextField(
        label="Empfehlung", max_length=LONGEST_TEXT, is_required=True, error_messages={"required": NO_TEXT}
    )
    module_key = forms.TypedChoiceField(label="Modul", coerce=uuid.UUID, empty_value=None, required=False)

    class Meta:
        model = Recommendation
        fields = ["text", "source", "round", "cohort", "audience", "module_key", "feature"]
        help_texts = {
            "source": (
                "Woher sie kommt, zum Beispiel: Gespräch beim Netzwerktreffen. Auch das lesen die Teilnehmenden; "
                "nennen Sie keinen Namen."
            ),
            "cohort": "Seine Teilnehmenden lesen, was aus der Empfehlung wurde.",
            "feature": "Wenn es um eines der drei Merkmale der Durchführung geht.",
        }
        error_messages = {"cohort": {"invalid_choice": "Diesen Durchgang gibt es nicht (mehr). Wählen Sie neu."}}

    def __init__(
        self, data: QueryDict | None = None, *, modules: Sequence[Module], instance: Recommendation
    ) -> None:
        super().__init__(data, instance=instance)
        self.fields["text"].help_text = READ_BY_ALL
        self.fields["module_key"].choices = module_choices(modules, instance)  # type: ignore[attr-defined]
        if instance.workshop:
            del self.fields["source"]
            choose_from(self.fields["round"], Round.objects.filter(workshop=instance.workshop))
        if instance.card or not instance.workshop:
            del self.fields["round"]
        if instance.workshop and instance.workshop.session_id:
            del self.fields["cohort"]
        else:
            choose_from(self.fields["cohort"], Cohort.objects.order_by("-registration_closes_on", "-pk"))
            self.fields["cohort"].empty_label = "keiner"  # type: ignore[attr-defined]  # a Field to the checker
        self.fields["feature"].choices = [("", "keins"), *Feature.choices]  # type: ignore[attr-defined]


def module_choices(modules: Sequence[Module], instance: Recommendation) -> list[tuple[str, str]]:
    """The modules offered; one that is no longer among them stays what the recommendation is about."""
    choices = [(str(module.key), f"{module.code} {module.title}") for module in modules]
    if instance.module_key and str(instance.module_key) not in dict(choices):
        choices.append((str(instance.module_key), "ein Modul, das es nicht mehr gibt"))
    return [("", "keins: das Ganze"), *choices]


class NewRecommendationForm(RecommendationForm):
    """One that is not in the register; it carries a key, so that it is entered once however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()

    def clean_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["key"]
        self.instance.key = key
        return key


class RegisterFilterForm(forms.Form):
    """Filter of the register; what makes no sense is ignored."""

    stand = forms.ChoiceField(
        label="Stand", required=False, choices=[("", ALL_STANDING), *RecommendationState.choices]
    )
    angebot = forms.ChoiceField(label="Angebot für", required=False, choices=[("", "alle"), *Audience.choices])
    modul = forms.ChoiceField(label="Modul", required=False)
    merkmal = forms.ChoiceField(label="Merkmal", required=False, choices=[("", "alle"), *Feature.choices])

    FIELDS = {"stand": "state", "angebot": "audience", "modul": "module_key", "merkmal": "feature"}

    def __init__(self, data: Mapping[str, Any], *, modules: Sequence[Module], reads_withdrawn: bool) -> None:
        super().__init__(data)
        if not reads_withdrawn:
            states = [each for each in RecommendationState.choices if each[0] != RecommendationState.WITHDRAWN]
            self.fields["stand"].choices = [("", ALL_STANDING), *states]  # type: ignore[attr-defined]
        choices = [(str(module.key), f"{module.code} {module.title}") for module in modules]
        self.fields["modul"].choices = [("", "alle"), *choices]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, str]:
        """The valid part of what was asked for."""
        self.full_clean()
        return {self.FIELDS[name]: value for name, value in self.cleaned_data.items() if value}


class StateField(forms.ChoiceField):
    """Offers what may follow and takes every decision: whether it follows is asked again when it is made."""

    def valid_value(self, value: Any) -> bool:
        return value in ACTS


class EntryField(forms.ModelChoiceField[Recommendation]):
    """An entry of the register, by the beginning of its words, where and when it was said, and its state."""

    def label_from_instance(self, entry: Recommendation) -> str:
        day = date_format(entry.workshop.held_on, "d.m.Y") if entry.workshop else ""
        facts = [Truncator(entry.origin).chars(60), day, str(entry.cohort or ""), entry.get_state_display()]
        return f"{Truncator(entry.text).chars(80)} ({', '.join(filter(None, facts))})"


class DecisionForm(forms.Form):
    """What becomes of a recommendation, and why."""

    state = StateField(
        label="Entscheidung",
        widget=forms.RadioSelect,
        error_messages={"required": NO_STATE, "invalid_choice": NO_STATE},
    )
    edition = forms.ModelChoiceField(
        Edition.objects.none(),
        label="Zugesagt für die Fassung",
        required=False,
        empty_label="eine, die es noch nicht gibt",
        help_text="Nur wenn Sie die Empfehlung annehmen. Die Fassung zeigt, was sie schuldet.",
    )
    reason = FreeTextField(
        label="Begründung",
        max_length=LONGEST_REASON,
        is_required=True,
        help_text="Ein Satz für die, die es empfohlen haben; er steht auch auf ihrer Seite.",
        error_messages={"required": NO_REASON},
    )
    # The last decision that the page has shown.
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        recommendation: Recommendation,
        editions: QuerySet[Edition],
        not_done: str = "",
    ) -> None:
        """`not_done` says why it is not done yet: that is not offered then."""
        last = recommendation.decisions.last()
        proposed = recommendation.edition or editions.first()
        super().__init__(data, initial={"edition": proposed, "after": last.pk if last else 0})
        offered = [
            (state.value, ACCEPT_ANEW if state == recommendation.state else ACTS[state])
            for state in recommendation.following
            if state in ACTS and not (not_done and state == RecommendationState.DONE)
        ]
        self.fields["state"].choices = offered  # type: ignore[attr-defined]  # a Field to the checker
        self.fields["state"].help_text = not_done
        choose_from(self.fields["edition"], editions)
        if not any(state == RecommendationState.ACCEPTED for state, _ in offered):
            del self.fields["edition"]

    @property
    def decision(self) -> dict[str, Any]:
        state = RecommendationState(self.cleaned_data["state"])
        return {
            "state": state,
            "reason": self.cleaned_data["reason"],
            "edition": self.cleaned_data.get("edition"),
            "after": self.cleaned_data["after"],
        }


class SetAsideForm(forms.Form):
    """Why a recommendation does not stand for itself: entered by mistake, or said by another entry, too."""

    merged_into = EntryField(
        Recommendation.objects.none(),
        label="Dasselbe sagt schon",
        required=False,
        empty_label="keine andere: Sie ist irrtümlich eingetragen",
        error_messages={"invalid_choice": NOT_STANDING},
        help_text="Dann lesen die Teilnehmenden ihre Worte bei jener Empfehlung, und was daraus wird.",
    )
    reason = FreeTextField(
        label="Begründung",
        max_length=LONGEST_REASON,
        is_required=True,
        help_text="Ein Satz für alle im Haus; er bleibt im Verlauf.",
        error_messages={"required": NO_REASON_ASIDE},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        recommendation: Recommendation,
        alike: Sequence[Recommendation],
    ) -> None:
        super().__init__(data, initial={"merged_into": alike[0] if alike else None})
        others = Recommendation.objects.standing().exclude(pk=recommendation.pk)
        told = others.select_related("workshop", "round", "cohort")
        choose_from(self.fields["merged_into"], told.order_by("-pk"))
