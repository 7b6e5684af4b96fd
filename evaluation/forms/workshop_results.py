"""Input of those who moderate, after a workshop: what came out of a question, and photos of the wall."""

from typing import Any

from django import forms

from evaluation.forms.fields import FreeTextField
from evaluation.models import GuidingQuestion, Round, WallPhoto, Workshop
from evaluation.models.photos import LONGEST_ALT
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import ReadFileField, choose_from
from netzkoord.lib.photos import ACCEPT, Photo, read_photo
from netzkoord.lib.uploads import MAX_BYTES, MAX_MB, UploadRefused

ALT_MISSING = (
    "Sagen Sie in einem Satz, was auf dem Foto zu sehen ist: Wer es nicht sehen kann, liest oder hört ihn."
)
ALT_HELP = "Für alle, die das Foto nicht sehen, zum Beispiel: „Packpapier mit neun Spalten gelber Karten“."
ALT_TOO_LONG = "Das sind %(show_value)d Zeichen, Platz ist für %(limit_value)d. Bitte kürzen Sie den Satz."
SHORTEST_EDGE = 20
TOO_SMALL = (
    "Auf diesem Foto ist nichts zu erkennen: Gedruckt wäre es {width}\u00a0×\u00a0{height} Bildpunkte groß. "
    "Bitte wählen Sie ein anderes."
)
CHOOSE_AGAIN = "Wählen Sie das Foto noch einmal aus; der Browser behält es nicht."


class ResultForm(SeenModelForm[GuidingQuestion]):
    class Meta:
        model = GuidingQuestion
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"result": "Was in der Diskussion herauskam, in Worten. Es steht so in der Dokumentation."}


class AltField(FreeTextField):
    """What is to be seen on a photo, in one line, as it is read out; an emoji is told in words there."""

    def __init__(self) -> None:
        super().__init__(
            label="Was ist zu sehen?",
            max_length=LONGEST_ALT,
            is_required=True,
            help_text=ALT_HELP,
            error_messages={"required": ALT_MISSING, "max_length": ALT_TOO_LONG},
        )

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class WallPhotoForm(forms.Form):
    image = ReadFileField(
        label="Foto",
        read=read_photo,
        refusal=UploadRefused,
        max_bytes=MAX_BYTES,
        too_large=f"Das Foto ist größer als {MAX_MB}\u00a0MB. Bitte verkleinern Sie es.",
        accept=ACCEPT,
        help_text=(
            f"JPEG, PNG oder WebP, höchstens {MAX_MB}\u00a0MB. Ort, Zeit und Kamera werden entfernt, Gesichter "
            "nicht: Nehmen Sie nur die Wand auf."
        ),
    )
    alt = AltField()
    in_round = forms.ModelChoiceField(
        label="Runde", queryset=Round.objects.none(), required=False, empty_label="keine bestimmte"
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["in_round"], workshop.rounds.all())

    def clean_image(self) -> Photo:
        photo: Photo = self.cleaned_data["image"]
        if min(photo.width, photo.height) < SHORTEST_EDGE:
            raise forms.ValidationError(TOO_SMALL.format(width=photo.width, height=photo.height))
        return photo

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors and "image" not in self.errors:
            self.add_error("image", CHOOSE_AGAIN)
        return cleaned


class PhotoWordsForm(SeenModelForm[WallPhoto]):
    """What is to be seen on a photo, and in which round it was taken; the picture stays."""

    alt = AltField()

    class Meta:
        model = WallPhoto
        fields = ["alt", "round"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["round"], self.instance.workshop.rounds.all())
        self.fields["round"].empty_label = "keine bestimmte"  # type: ignore[attr-defined]  # it is a choice
