"""The forms of a registration; none of them knows which addresses are registered already."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from curriculum.models import Audience
from netzkoord.lib.fields import AddressField, NameField
from netzkoord.models import Salutation
from participants import drafts
from participants.actions.registrations import Particulars
from participants.forms.fields import MunicipalityField
from participants.models import Municipality, OrganisationType, Registration, Tandem

OWN_FIELDS = [
    "salutation",
    "title",
    "given_names",
    "family_name",
    "email",
    "organisation",
    "organisation_type",
]


LONGEST_ADDRESS = 254


def longest(field: forms.Field) -> int:
    """Characters that a field takes at most; a choice is shorter than any text."""
    return getattr(field, "max_length", None) or LONGEST_ADDRESS


class CarriedForm(forms.Form):
    """A form whose input is shown on the page „Angaben prüfen“ before it is sent.

    `choice_labels` says for each field with choices how a choice is shown; what is empty is not shown.
    """

    choice_labels: ClassVar[dict[str, dict[str, str]]] = {
        "salutation": dict(Salutation.choices) | {"": ""},
        "organisation_type": dict(OrganisationType.choices),
        "role": dict(Audience.person_choices()),
    }

    def payload(self) -> str:
        """What was typed, signed; the form takes it back as its data and checks it again.

        Of a text that is too long so much is kept that it is still too long: a draft takes little room.
        """
        return drafts.pack(
            {name: self.data.get(name, "")[: longest(field) + 1] for name, field in self.fields.items()}
        )

    def summary(self) -> list[tuple[str, str]]:
        """Label and value of every field that was filled in, as a person reads them."""
        rows = [(str(field.label), self.shown(field.name)) for field in self]
        return [(label, value) for label, value in rows if value]

    def shown(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(value, Municipality):
            return value.label
        return self.choice_labels.get(name, {}).get(value, str(value))


class ParticularsForm(CarriedForm):
    """What a person says about herself or himself (Angaben zur Person)."""

    salutation = forms.ChoiceField(label="Anrede", choices=Salutation.choices, required=False)
    title = NameField(label="Titel", max_length=60, required=False, help_text="Zum Beispiel Dr. oder Prof. Dr.")
    given_names = NameField(
        label="Vorname", max_length=120, required=False, help_text="Leer lassen, wenn Sie nur einen Namen haben."
    )
    family_name = NameField(
        label="Familienname",
        max_length=120,
        help_text="So steht der Name später auf der Bescheinigung.",
        error_messages={"required": "Bitte geben Sie Ihren Familiennamen an."},
    )
    email = AddressField(
        label="E-Mail-Adresse",
        help_text="An diese Adresse senden wir alle Mails zur Anmeldung.",
        error_messages={"required": "Bitte geben Sie Ihre E-Mail-Adresse an."},
    )
    organisation = NameField(
        label="Organisation",
        max_length=200,
        help_text="Zum Beispiel Stadt Musterstadt oder der Name Ihres Trägers.",
        error_messages={"required": "Bitte geben Sie Ihre Organisation an."},
    )
    organisation_type = forms.ChoiceField(
        label="Art der Organisation",
        choices=[("", "keine Angabe"), *OrganisationType.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_autocomplete()

    def use_autocomplete(self) -> None:
        """Browsers fill in what they know of the person (WCAG 1.3.5)."""
        purposes = {
            "title": "honorific-prefix",
            "given_names": "given-name",
            "family_name": "family-name",
            "email": "email",
            "organisation": "organization",
        }
        for name, purpose in purposes.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose

    def particulars(self) -> Particulars:
        return Particulars(**{name: self.cleaned_data[name] for name in OWN_FIELDS})


class RegistrationForm(ParticularsForm):
    """The first half of a tandem, with what both halves share."""

    role = forms.ChoiceField(
        label="Ich melde mich an als",
        choices=Audience.person_choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie Ihre Rolle im Tandem."},
    )
    municipality = MunicipalityField(label="Kommune", error_messages={"required": "Bitte wählen Sie Ihre Kommune."})
    partner_email = AddressField(
        label="E-Mail-Adresse der zweiten Person im Tandem",
        required=False,
        help_text=(
            "Ein Tandem sind eine Führungskraft und eine Koordinierungskraft aus derselben Kommune. "
            "Die zweite Person bekommt einen eigenen Link und macht ihre Angaben selbst. "
            "Ohne Adresse melden Sie sich allein an und können die zweite Person später einladen."
        ),
    )

    field_order = ["role", *OWN_FIELDS, "municipality", "partner_email"]

    def __init__(self, *args: Any, contact: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].help_text = format_html(
            "Ihre Kommune fehlt? Schreiben Sie an {}, dann nehmen wir sie auf.", contact
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("partner_email") and cleaned.get("partner_email") == cleaned.get("email"):
            self.add_error(
                "partner_email",
                "Das ist Ihre eigene Adresse. Bitte nennen Sie die Adresse der zweiten Person "
                "oder lassen Sie das Feld leer.",
            )
        return cleaned


class PartnerForm(ParticularsForm):
    """The second half of a tandem; municipality and role are the tandem's."""

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tandem = tandem
        self.fields[
            "email"
        ].help_text = "Wenn Sie eine andere Adresse eintragen, senden wir dorthin einen Link zur Bestätigung."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        inviter = self.tandem.inviter
        if inviter and inviter.email == email:
            raise forms.ValidationError(
                "Mit dieser Adresse ist die Person angemeldet, die einlädt. "
                "Ein Tandem sind zwei Personen: Bitte tragen Sie Ihre eigene Adresse ein."
            )
        return email


class InvitationForm(forms.Form):
    """The partner's address, named or corrected on one's own status page."""

    partner_email = AddressField(
        label="E-Mail-Adresse der zweiten Person", error_messages={"required": "Bitte geben Sie die Adresse an."}
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration

    def clean_partner_email(self) -> str:
        email: str = self.cleaned_data["partner_email"]
        if email == self.registration.email:
            raise forms.ValidationError(
                "Das ist Ihre eigene Adresse. Bitte nennen Sie die Adresse der zweiten Person."
            )
        return email


class CorrectionForm(forms.ModelForm[Registration]):
    """An organiser corrects names or organisation; the address stays, because it is the key to the account."""

    class Meta:
        model = Registration
        fields = ["salutation", "title", "given_names", "family_name", "organisation", "organisation_type"]
        field_classes = {
            "title": NameField,
            "given_names": NameField,
            "family_name": NameField,
            "organisation": NameField,
        }
