"""The forms of a registration; none of them knows which addresses are registered already."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curriculum.models import Audience, Cohort
from netzkoord.lib.fields import AddressField, NameField, PersonNameField, PersonTitleField
from netzkoord.lib.mail import is_address
from netzkoord.models import Salutation
from participants import consent_texts
from participants.actions.consents import Wishes
from participants.actions.registrations import CORRECTABLE_FIELDS, OWN_FIELDS, Particulars
from participants.forms.carried import CarriedForm
from participants.forms.fields import MunicipalitySearchField, MunicipalitySearchForm
from participants.models import (
    ConsentPurpose,
    FieldOfAction,
    OrganisationType,
    Registration,
    Selection,
    Tandem,
    TandemForm,
)

# Browsers fill in what they know of the person (WCAG 1.3.5).
AUTOCOMPLETE = {
    "title": "honorific-prefix",
    "given_names": "given-name",
    "family_name": "family-name",
    "email": "email",
    "organisation": "organization",
    "position": "organization-title",
    "phone": "tel",
}
# How each way to register is called on the form, and what it means.
WAYS = {
    TandemForm.TANDEM: (
        "als Tandem",
        "Die zweite Person ist gefunden; sie macht ihre Angaben selbst über einen eigenen Link.",
    ),
    TandemForm.SEEKING: (
        "allein, ich suche eine zweite Person",
        "Wir schlagen Ihnen jemanden aus Ihrer Kommune oder Ihrem Kreis vor. Wer das ist, erfahren Sie beide erst, "
        "wenn Sie beide zugestimmt haben.",
    ),
    TandemForm.ALONE: (
        "allein",
        "Vollständige Tandems gehen vor. Eine zweite Person können Sie später nennen.",
    ),
}


def explained(label: str, hint: str) -> SafeString:
    """A choice with a line below it that says what it means."""
    return format_html('{} <span class="choice-hint">{}</span>', label, hint)


class TandemStepForm(MunicipalitySearchForm, CarriedForm):
    """As what, in which role and from where somebody registers."""

    form = forms.ChoiceField(
        label="Ich melde mich an",
        choices=[(form.value, explained(*words)) for form, words in WAYS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie Sie sich anmelden."},
    )
    role = forms.ChoiceField(
        label="Meine Rolle im Tandem",
        choices=Audience.person_choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie Ihre Rolle im Tandem."},
    )
    municipality = MunicipalitySearchField(label="Kommune")


class ParticularsForm(CarriedForm):
    """What a person says about herself or himself (Angaben zur Person)."""

    salutation = forms.ChoiceField(
        label="Anrede",
        choices=Salutation.choices,
        required=False,
        help_text="Damit wir Sie in Mails so ansprechen.",
    )
    title = PersonTitleField(
        label="Titel", max_length=60, required=False, help_text="Zum Beispiel Dr. oder Prof. Dr."
    )
    given_names = PersonNameField(
        label="Vorname", max_length=120, required=False, help_text="Leer lassen, wenn Sie nur einen Namen haben."
    )
    family_name = PersonNameField(
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
        help_text="Damit Verwaltung und Zivilgesellschaft ausgewogen zusammenkommen.",
    )
    position = NameField(
        label="Funktion",
        max_length=200,
        required=False,
        help_text="Damit die Trainerinnen und Trainer wissen, woran sie anknüpfen können.",
    )
    field_of_action = forms.ChoiceField(
        label="Handlungsfeld",
        choices=[("", "keine Angabe"), *FieldOfAction.choices],
        required=False,
        help_text="Damit im Durchgang verschiedene Felder zusammenkommen.",
    )
    phone = NameField(
        label="Telefon",
        max_length=40,
        required=False,
        help_text="Nur für den Fall, dass sich an einem Termin kurzfristig etwas ändert.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, purpose in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose

    def particulars(self) -> Particulars:
        return Particulars(**{name: self.cleaned_data[name] for name in OWN_FIELDS})


def consent_field(purpose: ConsentPurpose) -> forms.BooleanField:
    """One unticked box with its own text."""
    return forms.BooleanField(label=consent_texts.current(purpose).text, required=False)


class ConsentForm(CarriedForm):
    """Separate consents, each voluntary; a superior who is asked, where the cohort does so."""

    superior_email = AddressField(
        label="E-Mail-Adresse der vorgesetzten Person",
        required=False,
        help_text="Sie bekommt nach Ihrer Bestätigung einen Link und kann Ihrer Teilnahme zustimmen. Das kann die "
        "Auswahl erleichtern; ohne Angabe fragen wir niemanden.",
    )
    contact_list = consent_field(ConsentPurpose.CONTACT_LIST)
    pool = consent_field(ConsentPurpose.POOL)
    photo = consent_field(ConsentPurpose.PHOTO)

    PURPOSES = {purpose.value.lower(): purpose for purpose in ConsentPurpose}

    def __init__(self, *args: Any, cohort: Cohort, own_email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_email = own_email
        if not cohort.asks_approval:
            del self.fields["superior_email"]

    def clean_superior_email(self) -> str:
        email: str = self.cleaned_data["superior_email"]
        if email and email == self.own_email:
            raise forms.ValidationError(
                "Das ist Ihre eigene Adresse. Bitte nennen Sie die Ihrer Leitung oder lassen Sie das Feld leer."
            )
        return email

    def wishes(self) -> Wishes:
        return Wishes(
            superior_email=self.cleaned_data.get("superior_email", ""),
            consents=frozenset(purpose for name, purpose in self.PURPOSES.items() if self.cleaned_data[name]),
        )

    def summary(self) -> list[tuple[str, str]]:
        """A consent by its purpose, and „nein“ said aloud."""
        rows = [
            (self.PURPOSES[each.name].label if each.name in self.PURPOSES else str(each.label), each)
            for each in self
        ]
        return [(label, value) for label, each in rows if (value := self.shown(each.name))]

    def shown(self, name: str) -> str:
        return super().shown(name) or ("nein" if name in self.PURPOSES else "")


class ClosingStepForm(ConsentForm):
    """The second person, where there is one already, and the consents."""

    partner_email = AddressField(
        label="E-Mail-Adresse der zweiten Person im Tandem",
        help_text="Sie bekommt nach Ihrer Bestätigung einen eigenen Link.",
        error_messages={
            "required": "Bitte nennen Sie die Adresse der zweiten Person, oder wählen Sie in Schritt 1, "
            "dass Sie sich allein anmelden."
        },
    )

    field_order = ["partner_email", "superior_email"]

    def __init__(self, *args: Any, form_of_registration: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if form_of_registration != TandemForm.TANDEM:
            del self.fields["partner_email"]

    def clean_partner_email(self) -> str:
        email: str = self.cleaned_data["partner_email"]
        if email == self.own_email:
            raise forms.ValidationError(
                "Das ist Ihre eigene Adresse. Ein Tandem sind zwei Personen: Bitte nennen Sie die der zweiten."
            )
        return email


class PartnerForm(ParticularsForm, ConsentForm):
    """The second half of a tandem; municipality and role are the tandem's."""

    field_order = OWN_FIELDS

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, cohort=tandem.cohort, **kwargs)
        self.tandem = tandem
        self.fields[
            "email"
        ].help_text = "Wenn Sie eine andere Adresse eintragen, senden wir dorthin einen Link zur Bestätigung."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        inviter = self.tandem.inviter
        if inviter and inviter.email == email:
            raise forms.ValidationError(
                "Mit dieser Adresse ist die andere Person in diesem Tandem angemeldet. "
                "Ein Tandem sind zwei Personen: Bitte tragen Sie Ihre eigene Adresse ein."
            )
        self.own_email = email
        return email


class GiveUpForm(forms.Form):
    """How somebody goes on whose second person does not come."""

    form = forms.ChoiceField(
        label="Wie soll es weitergehen?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Bitte wählen Sie, wie es weitergehen soll."),
    )

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _, proposed = WAYS[TandemForm.SEEKING]
        field = self.fields["form"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [
            (TandemForm.SEEKING.value, explained("Jemanden vorschlagen lassen", proposed)),
            (TandemForm.ALONE.value, explained("Allein weitermachen", what_alone_means(tandem))),
        ]


def what_alone_means(tandem: Tandem) -> str:
    """For the place, where there is one already."""
    if tandem.is_place_held:
        return "Der zweite Platz geht an die Nächsten auf der Warteliste. Ihr eigener Platz bleibt Ihnen."
    if tandem.selection == Selection.ACCEPTED:
        return "Ihr Platz bleibt Ihnen. Eine zweite Person können Sie nennen, solange noch ein Platz frei ist."
    _, alone = WAYS[TandemForm.ALONE]
    return alone


class AddressForm(forms.Form):
    """A person's new e-mail address."""

    email = AddressField(
        label="Neue E-Mail-Adresse",
        help_text="Wir senden dorthin einen Link. Erst wenn Sie ihn öffnen und bestätigen, gilt die neue Adresse.",
        error_messages={"required": "Bitte geben Sie die neue Adresse an."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.registration.email:
            raise forms.ValidationError("Das ist schon Ihre Adresse. Bitte geben Sie die neue an.")
        return email


class ApprovalForm(forms.Form):
    """A superior's answer, with name and function."""

    name = PersonNameField(
        label="Ihr Name",
        max_length=200,
        error_messages={"required": "Bitte geben Sie Ihren Namen an."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = NameField(
        label="Ihre Funktion",
        max_length=200,
        error_messages={"required": "Bitte geben Sie Ihre Funktion an."},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    is_granted = forms.TypedChoiceField(
        choices=[("yes", "ja"), ("no", "nein")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Bitte drücken Sie „Zustimmen“ oder „Nicht zustimmen“."},
        widget=forms.HiddenInput,
    )


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
    """An organiser corrects names or organisation; the address stays, because it is the key to the account.

    Unless it is none: then it opens no account, and nobody but the organiser can put it right.
    """

    email = AddressField(
        label="E-Mail-Adresse",
        help_text="Die bisherige ist ungültig. Die Person bekommt an die berichtigte den Link zu ihrer Seite.",
        error_messages={"required": "Bitte geben Sie die berichtigte Adresse an."},
    )

    class Meta:
        model = Registration
        fields = CORRECTABLE_FIELDS
        field_classes = {
            "title": PersonTitleField,
            "given_names": PersonNameField,
            "family_name": PersonNameField,
            "organisation": NameField,
            "position": NameField,
            "phone": NameField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_address(self.instance.email):
            del self.fields["email"]
        else:
            self.initial["email"] = self.instance.email

    @property
    def changed_particulars(self) -> list[str]:
        return [name for name in self.changed_data if name != "email"]
