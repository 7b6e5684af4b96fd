"""Who takes part: places, registrations and tandems, attendance, certificates."""

from netzkoord.lib.states import State
from participants.models.achievements import (
    LONGEST_TITLE,
    MOST_MADE_UP,
    MOST_UNITS,
    Achievement,
    AchievementKind,
    MadeUpTime,
)
from participants.models.attendance import LONGEST_NOTE, Attendance, CheckIn, Half, Presence
from participants.models.certificates import (
    Certificate,
    CertificateCounter,
    CertificateKind,
    CertificatePaper,
    CertificateState,
    Issuance,
    PaperTrouble,
)
from participants.models.consents import Approval, Consent, ConsentPurpose
from participants.models.designs import (
    CertificateDesign,
    CertificatePicture,
    CertificatePictureUse,
    DesignSignatory,
    Layout,
)
from participants.models.desk import Merge, NotDuplicate, Note
from participants.models.mail_rules import Anchor, MailDelivery, MailRule, MailSkip, RuleKind, SessionInvitation
from participants.models.matching import PartnerProposal
from participants.models.places import Municipality
from participants.models.registrations import (
    FieldOfAction,
    OrganisationType,
    Registration,
    RegistrationState,
    Sector,
    Selection,
    StatusChange,
    Tandem,
    TandemForm,
    TandemState,
    exception_holds,
    tandem_state,
)
from participants.models.selection import Rest, SelectionDraft, SelectionOverride
from participants.models.transfer import LONGEST_TRANSFER_TEXT, TransferAgreement
from participants.models.waiting import Offer, OfferAnswer, PoolInvitation

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_TITLE",
    "LONGEST_TRANSFER_TEXT",
    "MOST_MADE_UP",
    "MOST_UNITS",
    "Achievement",
    "AchievementKind",
    "Anchor",
    "Approval",
    "Attendance",
    "Certificate",
    "CertificateCounter",
    "CertificateDesign",
    "CertificateKind",
    "CertificatePaper",
    "CertificatePicture",
    "CertificatePictureUse",
    "CertificateState",
    "CheckIn",
    "Consent",
    "ConsentPurpose",
    "DesignSignatory",
    "FieldOfAction",
    "Half",
    "Issuance",
    "Layout",
    "MadeUpTime",
    "MailDelivery",
    "MailRule",
    "MailSkip",
    "Merge",
    "Municipality",
    "NotDuplicate",
    "Note",
    "Offer",
    "OfferAnswer",
    "OrganisationType",
    "PaperTrouble",
    "PartnerProposal",
    "PoolInvitation",
    "Presence",
    "Registration",
    "RegistrationState",
    "Rest",
    "RuleKind",
    "Sector",
    "Selection",
    "SelectionDraft",
    "SelectionOverride",
    "SessionInvitation",
    "State",
    "StatusChange",
    "Tandem",
    "TandemForm",
    "TandemState",
    "TransferAgreement",
    "exception_holds",
    "tandem_state",
]
