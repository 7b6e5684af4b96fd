"""Scenes of the waiting list: a cohort whose registration has closed, people with a place and people who wait."""

import datetime

from django.utils import timezone

from curriculum.models import Audience
from participants.actions.places import recount
from participants.models import Selection
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, SessionFactory, complete_tandem


def days(count):
    return datetime.timedelta(days=count)


def closed_cohort(*, places, accepted=1, **fields):
    """Registration has closed, so many tandems have a place, the first day is two months away."""
    cohort = CohortFactory(places=places, registration_closes_on=timezone.localdate() - days(1), **fields)
    SessionFactory(cohort=cohort, days=[timezone.localdate() + days(60)])
    for _ in range(accepted):
        complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    recount(cohort)
    return cohort


def waiting_tandem(cohort, name="", **fields):
    town = {"municipality": MunicipalityFactory(name=name)} if name else {}
    return complete_tandem(cohort=cohort, selection=Selection.WAITING, **town, **fields)


def waiting_single(cohort, role=Audience.COORDINATOR):
    return RegistrationFactory(tandem__cohort=cohort, tandem__selection=Selection.WAITING, role=role).tandem


def half_of(tandem, role=Audience.MANAGER):
    """The confirmed half of this role that has not left."""
    halves = tandem.registrations.confirmed().select_related("cohort", "tandem", "person")
    return halves.get(role=role)


def taken(cohort):
    cohort.refresh_from_db()
    return cohort.places_taken
