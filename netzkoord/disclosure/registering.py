"""What a person has registered: registrations, tandems, consents, the word of a superior."""

import datetime

from django.db.models import Q

from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.common import COHORT, OF_SOMEBODY_ELSE, OF_THE_REGISTRATION, OF_THE_TANDEM, TANDEM
from netzkoord.disclosure.shapes import Section, Shown, Table
from netzkoord.models import User
from participants.models import Approval, Consent, Registration, Tandem, TransferAgreement


def state_of(half: Registration, _: User) -> str:
    return half.state.label


def partner_of(half: Registration, _: User) -> str:
    """The other half by name and role, as the own page says it; nobody once the person has left."""
    partner = half.partner if half.withdrawn_at is None else None
    if partner is None or partner.confirmed_at is None:
        return ""
    return f"{partner.full_name} ({partner.get_role_display()})"


def counts_for(half: Registration, _: User) -> str:
    return ", ".join(tandem.municipality.name for tandem in half.shared_by.all())


def shared_in(tandem: Tandem, _: User) -> str:
    shared = tandem.shared
    return f"{shared.full_name} ({shared.get_role_display()})" if shared else ""


REGISTRATION = Shown(
    Registration,
    "registrations",
    "Ihre Anmeldungen",
    (
        "cohort",
        "role",
        "salutation",
        "title",
        "given_names",
        "family_name",
        "email",
        "organisation",
        "organisation_type",
        "position",
        "phone",
        "field_of_action",
        "created_at",
        "confirmed_at",
        "joined_at",
        "withdrawn_at",
        "state",
        "partner",
        "counts_for",
    ),
    left_out={
        "id": "ist eine laufende Nummer",
        "tandem": OF_THE_TANDEM,
        "person": "sind Sie",
        "replaced_by": OF_SOMEBODY_ELSE,
        "merged_into": "steht bei den Zusammenführungen",
    },
    added={
        "state": ("Stand", state_of),
        "partner": ("Im Tandem mit", partner_of),
        "counts_for": ("Zählt auch für das Tandem von", counts_for),
    },
    as_facts=True,
)
TANDEM_OF_PERSON = Shown(
    Tandem,
    "tandems",
    "Ihre Tandems",
    (
        "cohort",
        "municipality",
        "form",
        "selection",
        "created_at",
        "partner_invited_at",
        "partner_reminded_count",
        "place_held_until",
        "exception_reason",
        "exception_at",
        "exception_by",
        "shared",
    ),
    left_out={
        "id": "ist eine laufende Nummer",
        "partner_email": OF_SOMEBODY_ELSE,
        "substitute_for": OF_SOMEBODY_ELSE,
        "shared_half": "steht mit Namen und Rolle darunter",
    },
    added={"shared": ("Mitgenutzt", shared_in)},
    as_facts=True,
)
CONSENT = Shown(
    Consent,
    "consents",
    "Ihre Einwilligungen",
    ("cohort", "purpose", "version", "text", "given_at", "withdrawn_at"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
    added=COHORT,
    as_facts=True,
)
APPROVAL = Shown(
    Approval,
    "approvals",
    "Zustimmung Ihrer vorgesetzten Person",
    ("cohort", "email", "asked_at", "decided_at", "is_granted", "name", "position"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
    added=COHORT,
    as_facts=True,
)
ONLY_THE_TWO = "lesen nur Sie beide auf der Seite Ihrer Vereinbarung, nicht die Organisation"
OF_THE_TWO = "sind die beiden im Tandem; die eigene Bestätigung steht da"


def own_confirmation(agreement: TransferAgreement, person: User) -> datetime.datetime | None:
    is_manager = agreement.manager.person_id == person.pk
    return agreement.manager_confirmed_at if is_manager else agreement.coordinator_confirmed_at


AGREEMENT = Shown(
    TransferAgreement,
    "transfer_agreements",
    "Ihre Transfervereinbarungen",
    ("tandem_of", "changed_at", "own_confirmation"),
    left_out={
        "id": "ist eine laufende Nummer",
        "tandem": OF_THE_TANDEM,
        **dict.fromkeys(("goal", "first_step", "support", "due_on", "reminded_of"), ONLY_THE_TWO),
        **dict.fromkeys(("manager", "manager_confirmed_at", "coordinator", "coordinator_confirmed_at"), OF_THE_TWO),
    },
    added={**TANDEM, "own_confirmation": ("Von Ihnen bestätigt am", own_confirmation)},
    note="Was Sie vereinbart haben, lesen nur Sie beide, auf der Seite Ihrer Vereinbarung.",
)
UNCONFIRMED = Shown(
    Registration,
    "unconfirmed",
    "Unbestätigte Anmeldungen mit Ihrer Adresse",
    ("cohort", "created_at", "email"),
    note="Wer sie eingetippt hat, ist nicht bekannt; darum steht von ihrem Inhalt nichts hier.",
)
INVITED_AS_PARTNER = Shown(
    Tandem,
    "partner_invitations",
    "Einladungen als zweite Person eines Tandems",
    ("cohort", "municipality", "partner_email", "partner_invited_at", "partner_reminded_count"),
)
APPROVAL_ASKED = Shown(
    Approval,
    "approvals_asked",
    "Worum Sie als vorgesetzte Person gebeten wurden",
    ("cohort", "email", "asked_at", "decided_at", "is_granted", "name", "position"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_SOMEBODY_ELSE},
    added=COHORT,
)
# Of these models a second, narrower look is given as well, by the address alone.
BY_ADDRESS = (UNCONFIRMED, INVITED_AS_PARTNER, APPROVAL_ASKED)
SHOWN = (REGISTRATION, TANDEM_OF_PERSON, CONSENT, APPROVAL, AGREEMENT)


def section(own: Belonging) -> Section:
    person, halves = own.person, own.registrations
    consents = Consent.objects.filter(registration__in=halves).select_related("registration__cohort")
    approvals = Approval.objects.filter(registration__in=halves).select_related("registration__cohort")
    agreements = TransferAgreement.objects.filter(Q(manager__in=halves) | Q(coordinator__in=halves))
    return Section(
        "registrations",
        "Anmeldung und Tandem",
        "von Ihnen und von der Person, die Sie als zweite genannt hat; Antworten auf eine Bitte um Zustimmung von "
        "Ihrer vorgesetzten Person",
        [
            REGISTRATION.table(halves, person),
            TANDEM_OF_PERSON.table(own.tandems, person),
            CONSENT.table(consents.order_by("given_at", "pk"), person),
            APPROVAL.table(approvals, person),
            AGREEMENT.table(agreements.select_related("tandem__cohort", "tandem__municipality", "manager"), person),
            *by_address(own),
        ],
    )


def by_address(own: Belonging) -> list[Table]:
    """What names the person by nothing but the address."""
    mine = Q()
    invited = Q()
    for address in sorted(own.addresses):
        mine |= Q(email__iexact=address)
        invited |= Q(partner_email__iexact=address)
    unconfirmed = Registration.objects.filter(mine, person=None).select_related("cohort")
    tandems = Tandem.objects.filter(invited).select_related("cohort", "municipality")
    asked = Approval.objects.filter(mine).select_related("registration__cohort")
    return [
        UNCONFIRMED.table(unconfirmed, own.person),
        INVITED_AS_PARTNER.table(tandems, own.person),
        APPROVAL_ASKED.table(asked.exclude(registration__in=own.registrations), own.person),
    ]
