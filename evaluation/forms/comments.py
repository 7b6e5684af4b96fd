"""The trainers' comment on a result."""

from collections.abc import Mapping
from typing import Any

from django import forms

from evaluation.models import SurveyComment


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SurveyComment
        fields = ["text", "shows_texts"]
        labels = {"text": "Ihr Kommentar", "shows_texts": "Freigegebene Texte auch den Teilnehmenden zeigen"}
        help_texts = {
            "text": (
                "Was nehmen Sie aus der Rückmeldung mit? Was ändern Sie, was bleibt? Der Kommentar steht im "
                "Feedbackbericht und geht an die Teilnehmenden, wenn Sie das Ergebnis zurückgeben."
            ),
            "shows_texts": "Ohne Haken sehen die Teilnehmenden nur Zahlen und den Kommentar.",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        comment: SurveyComment | None,
        decides_on_texts: bool,
    ) -> None:
        """Only organisers decide whether the participants see the released texts."""
        super().__init__(data, instance=comment)
        if not decides_on_texts:
            del self.fields["shows_texts"]
