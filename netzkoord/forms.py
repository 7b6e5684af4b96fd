"""Forms of the frame: search, legal pages, accounts of the staff."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group

from netzkoord import roles
from netzkoord.disclosure.paper import privacy_objection
from netzkoord.lib.fields import AddressField, PersonNameField, PersonTitleField, SeveralField
from netzkoord.lib.mail_states import MailState
from netzkoord.models import LegalPage, LegalPageKey

NO_FAMILY_NAME = "Bitte geben Sie den Familiennamen an."


class SearchForm(forms.Form):
    """A GET form; what was searched for survives in the address."""

    suche = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suche"].label = label

    def words(self) -> str:
        return str(self.cleaned_data["suche"]) if self.is_valid() else ""


class LinkRequestForm(forms.Form):
    """The address under which somebody has registered."""

    email = AddressField(
        label="E-Mail-Adresse",
        error_messages={"required": "Bitte geben Sie Ihre E-Mail-Adresse an."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DisclosureForm(forms.Form):
    """Paper or file, once it is clear who has asked."""

    PAPER, FILE = "pdf", "json"

    kind = forms.ChoiceField(
        label="Als",
        choices=[(PAPER, "PDF zum Lesen und Drucken"), (FILE, "JSON zum Weitergeben an ein anderes Programm")],
        initial=PAPER,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Bitte wählen Sie PDF oder JSON.",
            "invalid_choice": "Bitte wählen Sie PDF oder JSON.",
        },
    )
    is_checked = forms.BooleanField(
        label="Ich habe geprüft, dass die Bitte von dieser Person kommt.",
        error_messages={"required": "Bitte prüfen Sie zuerst, wer gefragt hat, und setzen Sie das Häkchen."},
    )

    @property
    def wants_file(self) -> bool:
        return bool(self.cleaned_data["kind"] == self.FILE)


class OutboxForm(SearchForm):
    """The search keeps the state that is shown; what is no state counts as none."""

    stand = forms.ChoiceField(choices=[("", "alle"), *MailState.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label="Adresse oder Betreff", **kwargs)

    def state(self) -> str:
        return str(self.cleaned_data["stand"]) if self.is_valid() else ""


class MailAddressForm(forms.Form):
    """Where a failed mail is to go."""

    address = AddressField(
        label="E-Mail-Adresse",
        error_messages={"required": "Bitte geben Sie die Adresse an, an die diese Mail gehen soll."},
    )


class LegalPageForm(forms.Form):
    text = forms.CharField(
        label="Text",
        max_length=LegalPage._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text="Überschriften mit ##, Fettes zwischen **Sternen**, Links als [Wort](https://…).",
        error_messages={"required": "Die Seite darf nicht leer sein. Bitte tragen Sie einen Text ein."},
    )

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.key == LegalPageKey.PRIVACY and (objection := privacy_objection(text)):
            raise forms.ValidationError(objection)
        return text


class RolesField(SeveralField[Group]):
    """The roles of `netzkoord.roles`; any other group is not on offer."""

    def __init__(self) -> None:
        super().__init__(
            Group.objects.filter(name__in=roles.PERMISSIONS).order_by("name"),
            label="Rollen",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Bitte wählen Sie mindestens eine Rolle."},
        )


class StaffAddForm(forms.Form):
    """Not a form of the model: an address that is taken is no error, its owner gets the role."""

    given_names = PersonNameField(label="Vorname", max_length=120, required=False)
    family_name = PersonNameField(label="Familienname", max_length=120, error_messages={"required": NO_FAMILY_NAME})
    email = AddressField(
        label="E-Mail-Adresse",
        help_text="Wer mit dieser Adresse schon ein Konto hat, bekommt die Rolle dazu.",
        error_messages={"required": "Bitte geben Sie die E-Mail-Adresse an."},
    )
    roles = RolesField()


class StaffEditForm(forms.Form):
    title = PersonTitleField(
        label="Titel", max_length=60, required=False, help_text="Zum Beispiel Dr. oder Prof. Dr."
    )
    given_names = PersonNameField(label="Vorname", max_length=120, required=False)
    family_name = PersonNameField(label="Familienname", max_length=120, error_messages={"required": NO_FAMILY_NAME})
    roles = RolesField()
    is_active = forms.BooleanField(
        label="Konto ist offen",
        required=False,
        help_text="Wer ausscheidet, dessen Konto wird geschlossen: sofort, und ohne dass etwas verloren geht.",
    )


class MoveForm(forms.Form):
    """The last word before a session is moved."""

    message = forms.CharField(
        label="Nachricht an die Teilnehmenden",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht in der Mail, auch in der an die Trainerinnen und Trainer.",
    )
    notify = forms.BooleanField(label="Betroffene per Mail informieren", required=False)
    notify_others = forms.BooleanField(
        required=False, initial=True, help_text="Nur zusammen mit der Mail an die Betroffenen."
    )

    def __init__(self, *args: Any, others: int, **kwargs: Any) -> None:
        """`others`: how many people signed up for these dates and have no place yet."""
        super().__init__(*args, **kwargs)
        if not others:
            del self.fields["notify_others"]
        elif others == 1:
            self.fields[
                "notify_others"
            ].label = "Auch die eine Person informieren, die wartet oder noch keine Entscheidung hat"
        else:
            self.fields[
                "notify_others"
            ].label = f"Auch die {others} Personen informieren, die warten oder noch keine Entscheidung haben"


class ReasonForm(forms.Form):
    """Why something is cancelled; the mail tells it."""

    reason = forms.CharField(
        label="Grund der Absage",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht in den Mails und auf den Seiten der Betroffenen.",
        error_messages={"required": "Bitte nennen Sie den Grund. Er steht in den Mails an die Betroffenen."},
    )
