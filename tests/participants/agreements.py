"""Scenes of the Transfervereinbarung: a tandem whose course has begun, and what its two people have agreed on."""

import datetime

from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from participants.models import Selection, Tandem, TransferAgreement
from participants.tokens import status_token
from tests.factories import CohortFactory, MunicipalityFactory, SessionFactory, complete_tandem

GOAL = "Ein Netzwerk Frühe Hilfen, in dem alle Träger mitarbeiten."
STEP = "Wir laden im März zum ersten Runden Tisch ein."
SUPPORT = "Vier Stunden in der Woche und ein Mandat des Rates."
DAY = datetime.date(2027, 3, 1)
WORDS = {"goal": GOAL, "first_step": STEP, "support": SUPPORT, "due_on": DAY}


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def begun_tandem(*, days=(-1, 30), **fields) -> Tandem:
    """Anna Berg leads, Ben Roth coordinates; the course runs from yesterday until in a month."""
    cohort = CohortFactory(title="Durchgang Süd", contact_email="kurs@stadt.example")
    SessionFactory(cohort=cohort, days=[day(offset) for offset in days])
    tandem = complete_tandem(
        cohort=cohort, municipality=MunicipalityFactory(name="Moers"), selection=Selection.ACCEPTED, **fields
    )
    names = {Audience.MANAGER: ("Anna", "Berg"), Audience.COORDINATOR: ("Ben", "Roth")}
    for half in tandem.registrations.all():
        half.given_names, half.family_name = names[half.role]
        half.save()
    return tandem


def manager_of(tandem):
    return tandem.registrations.active().get(role=Audience.MANAGER)


def coordinator_of(tandem):
    return tandem.registrations.active().get(role=Audience.COORDINATOR)


def agreed(tandem, *, by=(Audience.MANAGER, Audience.COORDINATOR), **fields) -> TransferAgreement:
    """Written an hour ago and confirmed by those in `by`."""
    now = timezone.now()
    return TransferAgreement.objects.create(
        tandem=tandem,
        manager=manager_of(tandem),
        coordinator=coordinator_of(tandem),
        changed_at=now - datetime.timedelta(hours=1),
        manager_confirmed_at=now if Audience.MANAGER in by else None,
        coordinator_confirmed_at=now if Audience.COORDINATOR in by else None,
        **(WORDS | fields),
    )


def address(half, name="transfer_show", *, tandem=None):
    key = tandem.pk if tandem else half.tandem_id
    return reverse(f"participants:{name}", args=[status_token(half), key])


def read(client, half, name="transfer_show", *, tandem=None):
    response = client.get(address(half, name, tandem=tandem))
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
