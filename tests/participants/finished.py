"""A cohort whose sessions are over, and people who were there."""

import datetime
import re

from django.test import override_settings
from django.utils import timezone

from curriculum.models import Audience, Cohort, LearningGoal, SessionDay
from participants.actions.certificates import issue_certificates
from participants.imprint import Imprint, Signatory
from participants.models import Achievement, Certificate, CertificateKind, MadeUpTime, Registration, Tandem
from participants.queries.certificates import all_claims, certificate_rows
from participants.queries.designs import imprint_for
from tests.factories import (
    CohortFactory,
    EditionFactory,
    ModuleFactory,
    MunicipalityFactory,
    ProgrammeFactory,
    RegistrationFactory,
    SessionFactory,
    UserFactory,
    VenueFactory,
    attend,
)

IMPRINT = Imprint(
    "Institut für Netzwerkarbeit", "Köln", (Signatory("Dr. Anna Beispiel", "Leitung der Fortbildung"),)
)


def design_data(imprint: Imprint) -> dict[str, str]:
    """What the page „Gestaltung“ sends."""
    data = {"layout": imprint.layout, "issuer": imprint.issuer, "place": imprint.place, "intro": imprint.intro}
    for number, signatory in enumerate(imprint.signatories, 1):
        data |= {f"name_{number}": signatory.name, f"function_{number}": signatory.function}
    return data


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
    belongs = {} if "tandem" in fields else {"tandem__cohort": cohort, "accepted": True}
    registration = RegistrationFactory(**belongs, **fields)
    for day in SessionDay.objects.filter(session__cohort=cohort):
        attend(registration, day, presence)
    return registration


def there_on_the_first_day(cohort: Cohort) -> Registration:
    """Half of the time."""
    half = attending(cohort, "ABSENT")
    half.attendances.filter(day=half.attendances.first().day).update(presence="PRESENT")
    return half


def with_time_limit(cohort: Cohort) -> Cohort:
    """What is missing can be made up for a month."""
    cohort.make_up_until = timezone.localdate() + datetime.timedelta(days=30)
    cohort.save(update_fields=["make_up_until"])
    return cohort


def achieve(registration: Registration, kind: str = "COLLOQUIUM", **fields) -> Achievement:
    fields = {"completed_on": timezone.localdate()} | fields
    return Achievement.objects.create(registration=registration, kind=kind, **fields)


def make_up(registration: Registration, *, minutes: int = 45, how: str = "Aufgabe mit Rückmeldung") -> MadeUpTime:
    return MadeUpTime.objects.create(
        registration=registration, minutes=minutes, made_up_on=timezone.localdate(), how=how
    )


def certificate_for(registration: Registration, by, kind=CertificateKind.ATTENDANCE) -> Certificate:
    only = [f"{registration.pk}-{kind}"]
    (certificate,) = issue_certificates(cohort=registration.cohort, by=by, imprint=IMPRINT, only=only)
    return certificate


def waiting_certificate(registration, by):
    """Issued, but the worker has not come to its paper yet."""
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}):
        return certificate_for(registration, by)


def issue_data(cohort: Cohort, by, *keys: str) -> dict[str, object]:
    """What „Bescheinigungen ausstellen“ sends for these claims, as the page shows them now."""
    seen = {claim.key: claim.seen for claim in all_claims(cohort, certificate_rows(cohort))}
    claims = [f"{key}:{seen[key]}" for key in keys]
    return {"claims": claims, "imprint": imprint_for(cohort, by=by).seen}


def ticked(page: str) -> set[str]:
    """Keys of the claims that „Bescheinigungen ausstellen“ shows as chosen."""
    return set(re.findall(r'name="claims" value="([^":]+):[^"]*" checked', page))


def attending_tandem(cohort: Cohort, municipality: str = "Herne", presence: str = "PRESENT") -> Tandem:
    """A manager and a coordinator of one municipality; the coordinator was there as `presence` says."""
    manager = attending(
        cohort,
        role=Audience.MANAGER,
        tandem__municipality=MunicipalityFactory(name=municipality),
        family_name="Amtmann",
    )
    attending(cohort, presence, tandem=manager.tandem, family_name="Vernetz")
    return Tandem.objects.with_people().get(pk=manager.tandem_id)


def municipality_certificate(tandem: Tandem, by) -> Certificate:
    only = [f"{tandem.pk}-{CertificateKind.MUNICIPALITY}"]
    (certificate,) = issue_certificates(cohort=tandem.cohort, by=by, imprint=IMPRINT, only=only)
    return certificate
