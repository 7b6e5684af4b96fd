"""Who takes part: places, registrations and tandems, attendance, certificates."""

from netzkoord.lib.states import State
from participants.models.attendance import Attendance, Presence
from participants.models.certificates import Certificate, CertificateCounter, CertificateKind
from participants.models.places import Municipality
from participants.models.registrations import (
    OrganisationType,
    Registration,
    RegistrationState,
    Selection,
    StatusChange,
    Tandem,
    TandemState,
)

__all__ = [
    "Attendance",
    "Certificate",
    "CertificateCounter",
    "CertificateKind",
    "Municipality",
    "OrganisationType",
    "Presence",
    "Registration",
    "RegistrationState",
    "Selection",
    "State",
    "StatusChange",
    "Tandem",
    "TandemState",
]
