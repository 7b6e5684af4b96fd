"""Form fields for what any app may ask: a name, an address, a date, several of a list."""

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet

from netzkoord.lib.latin import TEXT, validate_latin_name, validate_person_name, validate_title
from netzkoord.lib.letters import missing_letters_sentence
from netzkoord.lib.names import normalise_name, validate_name

M = TypeVar("M", bound=Model)
LARGEST_KEY = 2**63 - 1


class NameField(forms.CharField):
    """A name as it is written, brought into one form; refuses what cannot be seen or read."""

    default_validators = [validate_name]

    def to_python(self, value: Any) -> str:
        return normalise_name(str(super().to_python(value) or ""))


class PersonNameField(NameField):
    """What a person is called, or a part of it, as it will stand on a certificate: at least one letter."""

    default_validators = [validate_person_name]


class PersonTitleField(NameField):
    """„Prof. Dr.“, „Dipl.-Ing. (FH)“"""

    default_validators = [validate_title]


class LatinNameField(NameField):
    """The name of a place or an office that will stand on a certificate."""

    default_validators = [validate_latin_name]


class AddressField(forms.EmailField):
    """An e-mail address in small letters: the same address is always the same text."""

    default_error_messages = {
        "invalid": "Das ist keine gültige E-Mail-Adresse. Bitte geben Sie nur eine an, wie name@stadt.example."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254} | kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", str(super().to_python(value) or "")).lower()


class SeveralField(forms.ModelMultipleChoiceField[M]):
    """Several rows of a list; a key that no database could hold is an invalid choice like any other.

    Django hands such a key to the database, which ends in an OverflowError.
    """

    def clean(self, value: Any) -> QuerySet[M]:
        for key in value or []:
            if not could_be_stored(key):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        chosen: QuerySet[M] = super().clean(value)
        return chosen


def could_be_stored(key: Any) -> bool:
    """False for a number out of range; whether anything else is a key at all, Django checks itself."""
    try:
        return abs(int(key)) <= LARGEST_KEY
    except (TypeError, ValueError):
        return True


def row_key(text: str) -> int | None:
    """The key of a row as an address or a form names it, in plain digits; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_KEY))):
        return None
    key = int(text)
    return key if key <= LARGEST_KEY else None


class DateInput(forms.DateInput):
    """The browser's own date field, which wants ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field, without seconds."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PrintableField(forms.CharField):
    """A text that will stand on paper: every letter of it can be printed."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if sentence := missing_letters_sentence(text):
            raise forms.ValidationError(sentence)
        return text


class LatinField(forms.CharField):
    """A text that will stand on a certificate (decision 29): every reader of German can read its letters."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", str(super().to_python(value) or ""))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        TEXT.validate(text)
        return text


def choose_from(field: forms.Field, queryset: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
    field.queryset = queryset


class ReadFileField(forms.FileField):
    """A file of which the cleaned value is what `read` makes of its content.

    `refusal` is the exception by which `read` says what is wrong. What is larger than `max_bytes` is not read;
    `too_large` says what to do then.
    """

    def __init__(
        self,
        *,
        read: Callable[[bytes], object],
        refusal: type[Exception],
        max_bytes: int,
        too_large: str,
        accept: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)
        self.read, self.refusal, self.max_bytes, self.too_large = read, refusal, max_bytes, too_large
        self.error_messages |= {
            "required": "Bitte wählen Sie eine Datei.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        }

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is None:  # and none is required
            return None
        if (file.size or 0) > self.max_bytes:
            raise ValidationError(self.too_large)
        try:
            return self.read(file.read())
        except self.refusal as refused:
            raise ValidationError(str(refused)) from refused
