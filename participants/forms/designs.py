"""How the certificates of a cohort look, and who signs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from netzkoord.lib.fields import LatinField, ReadFileField
from netzkoord.lib.graphics import ACCEPT, MAX_BYTES, MAX_MB, SHA256, Graphic, read_graphic, stash, stashed
from netzkoord.lib.uploads import UploadRefused
from participants.imprint import Imprint, Signatory
from participants.models import CertificateDesign, CertificateKind, Layout
from participants.models.designs import LONGEST_INTRO, MOST_SIGNATORIES
from participants.previews import REDUCED
from participants.queries.designs import imprint_of_design, mark_of, pictures_named
from participants.replacement import design_differences

SHOWN = [
    (CertificateKind.ATTENDANCE.value, CertificateKind.ATTENDANCE.label),
    (REDUCED, f"{CertificateKind.ATTENDANCE.label} unter der Regel"),
    (CertificateKind.QUALIFICATION.value, CertificateKind.QUALIFICATION.label),
    (CertificateKind.MUNICIPALITY.value, CertificateKind.MUNICIPALITY.label),
]
GONE = "Das Bild ist nach einer Stunde verworfen worden. Bitte wählen Sie es noch einmal aus."


@dataclass(frozen=True)
class Slot:
    """Where one picture stands in the form: choosing, keeping and removing it."""

    file: BoundField
    kept: BoundField
    removed: BoundField
    sha256: str


@dataclass(frozen=True)
class SignatoryFields:
    """The fields of one who signs."""

    number: int
    name: BoundField
    function: BoundField
    picture: Slot


def picture_field(label: str, help_text: str) -> ReadFileField:
    return ReadFileField(
        label=label,
        required=False,
        read=read_graphic,
        refusal=UploadRefused,
        max_bytes=MAX_BYTES,
        too_large=f"Das Bild ist größer als {MAX_MB}\u00a0MB. Bitte verkleinern Sie es.",
        accept=ACCEPT,
        help_text=help_text,
    )


class DesignForm(forms.Form):
    """Becomes an `Imprint`; `new_pictures` are those among its pictures that may not be stored yet.

    Pictures are named by their SHA-256 in hidden fields: what was chosen stays chosen until it is saved.
    """

    layout = forms.ChoiceField(label="Format", choices=Layout, widget=forms.RadioSelect)
    issuer = LatinField(label="Veranstalter", max_length=160)
    place = LatinField(label="Ort der Ausstellung", max_length=80)
    intro = LatinField(
        label="Einleitung",
        max_length=LONGEST_INTRO,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="steht über dem Namen, zum Beispiel wer die Fortbildung fördert",
    )
    logo = picture_field("Datei mit dem Logo", f"PNG, JPEG oder WebP, höchstens {MAX_MB}\u00a0MB")
    logo_alternative = LatinField(
        label="Was das Logo zeigt",
        max_length=160,
        required=False,
        help_text="Für alle, die es nicht sehen, zum Beispiel: „Logo der Stadt Herne“.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    shown = forms.ChoiceField(
        label="Vorschau für", choices=SHOWN, required=False, widget=forms.RadioSelect, initial=SHOWN[0][0]
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        imprint: Imprint,
        seen: str,
        owner: str,
    ) -> None:
        """`seen` is the mark of the design that the page shows."""
        super().__init__(data, files, initial=initial_of(imprint) | {"seen": seen})
        self.owner = owner
        self.kept: dict[str, str] = {}
        self.new_pictures: dict[str, Graphic] = {}
        for number in range(1, MOST_SIGNATORIES + 1):
            self.add_signatory(number)
        self.add_picture_choice("logo")

    def add_signatory(self, number: int) -> None:
        self.fields[f"name_{number}"] = LatinField(
            label="Wer unterschreibt",
            max_length=120,
            required=number == 1,
            help_text="Titel, Vorname und Name",
        )
        self.fields[f"function_{number}"] = LatinField(label="Funktion", max_length=120, required=number == 1)
        self.fields[f"signature_{number}"] = picture_field(
            "Unterschrift als Bild", "Ohne Bild bleibt Platz, um von Hand zu unterschreiben."
        )
        self.add_picture_choice(f"signature_{number}")

    def add_picture_choice(self, name: str) -> None:
        self.fields[f"{name}_kept"] = forms.RegexField(SHA256, required=False, widget=forms.HiddenInput)
        self.fields[f"{name}_removed"] = forms.BooleanField(label="Bild entfernen", required=False)

    @property
    def logo_slot(self) -> Slot:
        return self.slot("logo")

    def slot(self, name: str) -> Slot:
        kept = self[f"{name}_kept"]
        return Slot(self[name], kept, self[f"{name}_removed"], str(kept.value() or ""))

    def signatories(self) -> Iterator[SignatoryFields]:
        for number in range(1, MOST_SIGNATORIES + 1):
            yield SignatoryFields(
                number, self[f"name_{number}"], self[f"function_{number}"], self.slot(f"signature_{number}")
            )

    def clean(self) -> dict[str, Any]:
        for name in ("logo", *(f"signature_{number}" for number in range(1, MOST_SIGNATORIES + 1))):
            self.cleaned_data[f"{name}_kept"] = self.chosen_picture(name)
        if self.cleaned_data["logo_kept"] and not self.cleaned_data.get("logo_alternative"):
            self.add_error("logo_alternative", "Bitte sagen Sie, was das Logo zeigt: Wer es nicht sieht, hört es.")
        for number in range(2, MOST_SIGNATORIES + 1):
            self.require_whole_signatory(number)
        return self.cleaned_data

    def chosen_picture(self, name: str) -> str:
        """The SHA-256 of the picture in this place: a new one, the one from before, or none."""
        if new := self.cleaned_data.get(name):
            stash(new, owner=self.owner)
            self.new_pictures[new.sha256] = new
            self.remember(name, new.sha256)
            return str(new.sha256)
        kept: str = self.cleaned_data.get(f"{name}_kept") or ""
        if self.cleaned_data.get(f"{name}_removed") or not kept:
            return ""
        if known := stashed(kept, owner=self.owner):
            self.new_pictures[kept] = known
        elif not pictures_named([kept]):
            self.add_error(name, GONE)
            return ""
        return kept

    def remember(self, name: str, sha256: str) -> None:
        """The page that shows the form again names the picture, as the browser does not keep the file."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 -- what was sent; for the type checker
        data = self.data.copy()
        data[f"{name}_kept"] = self.kept[f"{name}_kept"] = sha256
        data.pop(f"{name}_removed", None)
        self.data = data

    def show_changed(self, design: CertificateDesign) -> None:
        """Say what somebody else has saved meanwhile; sent once more, what was typed counts."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 -- as above
        data = self.data.copy()
        data["seen"] = mark_of(design)
        self.data = data
        rows = design_differences(self.imprint, imprint_of_design(design))
        values = "; ".join(f"{row.label}: {row.after}" for row in rows)
        who = design.changed_by.get_full_name() if design.changed_by else "jemand anderes"
        self.add_error(
            None,
            f"Inzwischen hat {who} die Gestaltung geändert. Dort steht jetzt – {values}. "
            "Ihre Angaben sind noch da; wenn Sie erneut speichern, ersetzen sie die anderen.",
        )

    def require_whole_signatory(self, number: int) -> None:
        name, function = (self.cleaned_data.get(f"{part}_{number}", "") for part in ("name", "function"))
        is_begun = name or function or self.cleaned_data[f"signature_{number}_kept"]
        if is_begun and not name and f"name_{number}" not in self.errors:
            self.add_error(f"name_{number}", "Bitte nennen Sie den Namen, oder leeren Sie auch die Funktion.")
        if is_begun and not function and f"function_{number}" not in self.errors:
            self.add_error(f"function_{number}", "Bitte nennen Sie die Funktion, oder leeren Sie auch den Namen.")

    @property
    def imprint(self) -> Imprint:
        values = self.cleaned_data
        return Imprint(
            issuer=values["issuer"],
            place=values["place"],
            signatories=tuple(
                Signatory(
                    values[f"name_{number}"], values[f"function_{number}"], values[f"signature_{number}_kept"]
                )
                for number in range(1, MOST_SIGNATORIES + 1)
                if values[f"name_{number}"]
            ),
            layout=values["layout"],
            intro=values["intro"],
            logo=values["logo_kept"],
            logo_alternative=values["logo_alternative"] if values["logo_kept"] else "",
        )

    @property
    def kind_shown(self) -> str:
        """Which of `SHOWN`; the first when nothing was chosen."""
        return str(self["shown"].value() or SHOWN[0][0])


def initial_of(imprint: Imprint) -> dict[str, Any]:
    values: dict[str, Any] = {
        "layout": imprint.layout,
        "issuer": imprint.issuer,
        "place": imprint.place,
        "intro": imprint.intro,
        "logo_kept": imprint.logo,
        "logo_alternative": imprint.logo_alternative,
    }
    for number, signatory in enumerate(imprint.signatories, 1):
        values[f"name_{number}"] = signatory.name
        values[f"function_{number}"] = signatory.function
        values[f"signature_{number}_kept"] = signatory.signature
    return values
