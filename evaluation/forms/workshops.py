"""Input about workshops: what is presented, the rounds, the guiding questions."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from curriculum.models import Edition, Session
from evaluation.models import (
    Card,
    CardSource,
    GuidingQuestion,
    Need,
    QuestionPurpose,
    Recommendation,
    RecommendationState,
    Round,
    Workshop,
)
from netzkoord.lib.editing import KeyedModelForm
from netzkoord.lib.fields import PrintableField
from netzkoord.lib.sentences import counted, listed
from netzkoord.models import User
from netzkoord.templatetags.german import german_date

MOST_PEOPLE = 999
MOST_CARDS = 50
HOW_MANY = f"Wie viele waren da? Geben Sie eine Zahl von 1 bis {MOST_PEOPLE} an."
STAYS_WITH_COHORT = (
    "Zum Durchgang „{cohort}“ gehören aus diesem Workshop schon: {resting}. Mit diesem Termin kämen sie zu "
    "einem anderen Durchgang. Lassen Sie den Termin, wie er war, oder nehmen Sie zuerst zurück, was schon steht."
)
HOW_MANY_CARDS = f"Geben Sie eine Zahl von 1 bis {MOST_CARDS} an, oder lassen Sie das Feld leer."


class SessionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's is not generic at run time
    """Of all cohorts, so that the module alone would not tell them apart."""

    def label_from_instance(self, session: Any) -> str:
        day = f", {german_date(session.first_on)}" if session.first_on else ""
        return f"{session.cohort}: {session}{day}"


class WorkshopForm(KeyedModelForm[Workshop]):
    class Meta:
        model = Workshop
        fields = ["title", "event", "abstract", "explanation", "held_on", "place", "edition", "session"]
        field_classes = {
            "title": PrintableField,
            "event": PrintableField,
            "place": PrintableField,
            "session": SessionField,
        }
        widgets = {"held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "event": "Die Tagung oder Reihe, zu der der Workshop gehört.",
            "explanation": "Wie das Angebot erläutert wurde, jeder Punkt in einer Zeile.",
            "edition": "Die Fassung, über die gesprochen wird.",
            "session": "Wenn der Workshop Teil eines Termins ist: Seine Bedarfe gehören dann zu diesem Durchgang.",
        }
        error_messages = {"held_on": {"invalid": "Geben Sie den Tag als Datum an, zum Beispiel 14.6.2017."}}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = Session.objects.visible_to(user).filter(Q(cancelled_at=None) | Q(pk=self.instance.session_id))
        offered: dict[str, QuerySet[Any]] = {
            "edition": Edition.objects.visible_to(user),
            "session": sessions.with_dates().select_related("cohort", "module").order_by("cohort", "pk"),
        }
        for name, rows in offered.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset, field.empty_label = rows, "keine" if name == "edition" else "keiner"

    def clean_session(self) -> Session | None:
        """What rests on the words of the workshop is of its cohort, and would go along to another one."""
        session: Session | None = self.cleaned_data["session"]
        now = self.instance.session
        resting = (
            resting_on(self.instance) if now and (session is None or session.cohort_id != now.cohort_id) else []
        )
        if now and resting:
            raise forms.ValidationError(STAYS_WITH_COHORT.format(cohort=now.cohort, resting=listed(resting)))
        return session


def resting_on(workshop: Workshop) -> list[str]:
    """What the workshop has given to its cohort, in words: needs, recommendations, and what its survey has said."""
    needs = Need.objects.filter(sources__cluster__guiding_question__workshop=workshop).distinct().count()
    entered = Recommendation.objects.filter(workshop=workshop).exclude(state=RecommendationState.WITHDRAWN).count()
    said = Card.objects.filter(guiding_question__workshop=workshop, source=CardSource.SURVEY).count()
    return [
        words
        for number, words in (
            (needs, counted(needs, "Bedarf", "Bedarfe")),
            (entered, counted(entered, "Empfehlung", "Empfehlungen")),
            (said, counted(said, "Karte aus der Bedarfserhebung", "Karten aus der Bedarfserhebung")),
        )
        if number
    ]


class RoundForm(KeyedModelForm[Round]):
    class Meta:
        model = Round
        fields = ["people_present"]
        help_texts = {"people_present": "Daraus folgt, wie viele Punkte jede Person hat."}
        widgets = {"people_present": forms.NumberInput(attrs={"inputmode": "numeric", "max": MOST_PEOPLE})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people_present"].error_messages |= dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), HOW_MANY
        )

    def clean_people_present(self) -> int:
        people: int = self.cleaned_data["people_present"]
        if not 1 <= people <= MOST_PEOPLE:
            raise forms.ValidationError(HOW_MANY)
        return people


class GuidingQuestionForm(KeyedModelForm[GuidingQuestion]):
    class Meta:
        model = GuidingQuestion
        fields = ["purpose", "text", "cards_each"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "cards_each": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "purpose": (
                "Spalten unter „Bedarf“ werden Bedarfe des Durchgangs, Karten unter „Empfehlung“ Empfehlungen."
            ),
            "cards_each": "Leer heißt: so viele, wie jede Person mag.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = [("", "Bitte wählen"), *QuestionPurpose.choices]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]  # a Field to the checker
        self.fields["cards_each"].error_messages |= dict.fromkeys(
            ("invalid", "min_value", "max_value"), HOW_MANY_CARDS
        )

    def clean_cards_each(self) -> int | None:
        cards: int | None = self.cleaned_data["cards_each"]
        if cards is not None and not 1 <= cards <= MOST_CARDS:
            raise forms.ValidationError(HOW_MANY_CARDS)
        return cards
