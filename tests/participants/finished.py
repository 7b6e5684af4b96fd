"""A cohort whose sessions are over, and people who were there."""

import datetime

from django.utils import timezone

from curriculum.models import Cohort, LearningGoal, SessionDay
from participants.actions.certificates import Imprint, issue_certificates
from participants.models import Certificate, CertificateKind, Registration
from tests.factories import (
    CohortFactory,
    EditionFactory,
    ModuleFactory,
    ProgrammeFactory,
    RegistrationFactory,
    SessionFactory,
    UserFactory,
    VenueFactory,
    attend,
)

IMPRINT = Imprint("Institut für Netzwerkarbeit", "Köln", "Dr. Anna Beispiel", "Leitung der Fortbildung")


def finished_cohort(
    *, title: str = "Durchgang 2017/18", programme: str = "Netzwerkkoordination in der Kommune", **rule
) -> Cohort:
    """Two days of 8 UE each, the last of them yesterday; one module with two learning goals."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    edition = EditionFactory(programme=ProgrammeFactory(title=programme))
    cohort = CohortFactory(title=title, edition=edition, **rule)
    module = ModuleFactory(edition=cohort.edition, title="Grundlagen der Netzwerkarbeit")
    for position, text in enumerate(["Netzwerke analysieren", "Konflikte moderieren"], 1):
        LearningGoal.objects.create(module=module, position=position, text=text)
    SessionFactory(
        cohort=cohort,
        module=module,
        venue=VenueFactory(name=f"Haus {title}", city="Hannover"),
        days=[yesterday - datetime.timedelta(days=1), yesterday],
        trainers=[UserFactory(title="Prof. Dr.", given_names="Thea", family_name="Trainer")],
    )
    return cohort


def attending(cohort: Cohort, presence: str = "PRESENT", **fields) -> Registration:
    """An accepted person with this presence on every day."""
    registration = RegistrationFactory(tandem__cohort=cohort, accepted=True, **fields)
    for day in SessionDay.objects.filter(session__cohort=cohort):
        attend(registration, day, presence)
    return registration


def certificate_for(registration: Registration, by, kind=CertificateKind.ATTENDANCE) -> Certificate:
    only = [f"{registration.pk}-{kind}"]
    (certificate,) = issue_certificates(cohort=registration.cohort, by=by, imprint=IMPRINT, only=only)
    return certificate
