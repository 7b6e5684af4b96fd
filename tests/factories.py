"""Data for tests: sequences, never random strings, so that a failure can be repeated."""

import datetime

import factory
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from curriculum.models import (
    Audience,
    Cohort,
    Edition,
    EditionStatus,
    Module,
    Programme,
    Session,
    SessionAudience,
    SessionDay,
    Track,
    Unit,
    Venue,
)
from netzkoord import roles
from netzkoord.models import User
from participants.halves import kinds_of
from participants.models import Attendance, Municipality, OrganisationType, Registration, Selection, Tandem


def lettered(number):
    """A number in letters, in the same order: names have no digits."""
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@stadt.example")
    given_names = factory.Sequence(lambda n: f"Vorname{lettered(n)}")
    family_name = factory.Sequence(lambda n: f"Familie{lettered(n)}")
    password = "!"


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    title = factory.Sequence(lambda n: f"Programm {n}")


class EditionFactory(factory.django.DjangoModelFactory):
    """A draft, to which parts can be added; `publish(edition)` freezes it."""

    class Meta:
        model = Edition

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.SelfAttribute("programme.title")
    abstract = "Worum es geht."


def publish(edition: Edition) -> Edition:
    """From now on the database refuses every change to it."""
    edition.status = EditionStatus.PUBLISHED
    edition.published_on = datetime.date(2017, 6, 14)
    edition.save()
    return edition


class TrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Track
        django_get_or_create = ["edition", "audience"]

    edition = factory.SubFactory(EditionFactory)
    audience = Audience.COORDINATOR
    title = factory.LazyAttribute(lambda track: f"Angebot für {Audience(track.audience).label}")


class ModuleFactory(factory.django.DjangoModelFactory):
    """A module for both audiences; `audiences=[…]` names others."""

    class Meta:
        model = Module
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    position = factory.Sequence(lambda n: n + 1)
    code = factory.Sequence(lambda n: f"M{n}")
    title = factory.Sequence(lambda n: f"Modul {n}")

    @factory.post_generation
    def audiences(self, create, extracted, **kwargs):
        for audience in extracted or list(Audience):
            self.tracks.add(TrackFactory(edition=self.edition, audience=audience))


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    module = factory.SubFactory(ModuleFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Baustein {n}")
    minutes = 90


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Tagungshaus {n}")
    city = "Hannover"


class CohortFactory(factory.django.DjangoModelFactory):
    """An announced cohort whose registration is open for two more weeks."""

    class Meta:
        model = Cohort

    edition = factory.SubFactory(EditionFactory)
    title = factory.Sequence(lambda n: f"Durchgang {n}")
    places = 22
    registration_closes_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=14))
    announced_at = factory.LazyFunction(timezone.now)


class SessionFactory(factory.django.DjangoModelFactory):
    """A session for those whom its module is for, with one day of 8 UE.

    `days=[date, …]` and `trainers=[user, …]` name others.
    """

    class Meta:
        model = Session
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    module = factory.SubFactory(ModuleFactory, edition=factory.SelfAttribute("..cohort.edition"))
    audience = factory.LazyAttribute(lambda session: SessionAudience.of(session.module.audiences))
    venue = factory.SubFactory(VenueFactory)

    @factory.post_generation
    def days(self, create, extracted, **kwargs):
        for date in extracted or [timezone.localdate() + datetime.timedelta(days=60)]:
            SessionDayFactory(session=self, date=date)

    @factory.post_generation
    def trainers(self, create, extracted, **kwargs):
        self.trainers.add(*(extracted or []))


class SessionDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SessionDay

    session = factory.SubFactory(SessionFactory)
    date = factory.Sequence(lambda n: datetime.date(2030, 1, 1) + datetime.timedelta(days=n))
    starts_at = datetime.time(9, 0)
    ends_at = datetime.time(16, 30)
    break_minutes = 90


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality

    ags = factory.Sequence(lambda n: f"05{n:06d}")
    state = "05"
    name = factory.Sequence(lambda n: f"Stadt {n}")


class TandemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tandem

    cohort = factory.SubFactory(CohortFactory)
    municipality = factory.SubFactory(MunicipalityFactory)


class RegistrationFactory(factory.django.DjangoModelFactory):
    """A confirmed half of a tandem; `accepted=True` decides its tandem."""

    class Meta:
        model = Registration

    class Params:
        accepted = factory.Trait(tandem__selection=Selection.ACCEPTED)

    tandem = factory.SubFactory(TandemFactory)
    cohort = factory.SelfAttribute("tandem.cohort")
    role = Audience.COORDINATOR
    person = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("person.email")
    given_names = factory.SelfAttribute("person.given_names")
    family_name = factory.SelfAttribute("person.family_name")
    organisation = "Stadtverwaltung"
    organisation_type = OrganisationType.MUNICIPAL
    confirmed_at = factory.LazyFunction(timezone.now)


def complete_tandem(**fields) -> Tandem:
    """A tandem with both halves confirmed."""
    tandem = TandemFactory(**fields)
    for role in Audience:
        RegistrationFactory(tandem=tandem, role=role)
    return tandem


def staff(role: str, **fields) -> User:
    """A person with one of the roles of `netzkoord.roles`."""
    user = UserFactory(**fields)
    group, created = Group.objects.get_or_create(name=role)
    if created:
        for label in roles.PERMISSIONS[role]:
            app, codename = label.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    user.groups.add(group)
    return user


def attend(registration, day, presence="PRESENT"):
    """The same presence in every half of the day; the last entry."""
    rows = [
        Attendance.objects.create(registration=registration, day=day, half=half, presence=presence)
        for half in kinds_of(day)
    ]
    return rows[-1]
