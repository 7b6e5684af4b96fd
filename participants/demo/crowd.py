"""The crowd of the open cohort: 214 registrations for 24 places, of invented people in every state there is."""

import datetime
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import Salutation, User
from participants import consent_texts
from participants.actions.places import recount
from participants.demo.cohorts import municipalities, slug, store, store_decisions
from participants.demo.names import FAMILY_NAMES, GIVEN_NAMES
from participants.models import (
    Approval,
    Consent,
    ConsentPurpose,
    FieldOfAction,
    Municipality,
    Note,
    OrganisationType,
    Registration,
    Selection,
    Tandem,
    TandemForm,
    TandemState,
)

REGISTRATIONS = 214
COMPLETE = 61
FIRST_ARRIVAL = datetime.timedelta(days=19)
# What a coordinator's organisation is called; a manager's is the town itself.
CARRIERS = (
    ("AWO {}", OrganisationType.WELFARE),
    ("Caritasverband {}", OrganisationType.WELFARE),
    ("Diakonie {}", OrganisationType.WELFARE),
    ("Quartiersarbeit {} e. V.", OrganisationType.ASSOCIATION),
    ("Jugendhilfe {} gGmbH", OrganisationType.INDEPENDENT),
    ("Stadt {}, Netzwerkbüro", OrganisationType.MUNICIPAL),
    ("Bürgerstiftung {}", OrganisationType.FOUNDATION),
    ("Paritätischer {}", OrganisationType.WELFARE),
)
OFFICES = ("Jugendamt", "Sozialdezernat", "Fachbereich Bildung", "Amt für Teilhabe", "Gesundheitsamt")
POSITIONS = ("Leitung", "stellvertretende Leitung", "Abteilungsleitung")
TITLES = ("", "", "", "", "", "Dr.", "", "", "", "Prof. Dr.")
NOTES = (
    "Ruft nächste Woche noch einmal an: Die zweite Person steht fest, die Adresse fehlt.",
    "War 2017 schon interessiert und hat damals keinen Platz bekommen.",
    "Bittet um einen Platz mit Rollstuhlzugang am Tisch.",
)


class Crowd:
    """Makes halves one after the other; no two are alike, and each run makes the same ones."""

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self.places = sorted(municipalities().values(), key=lambda municipality: municipality.ags)
        self.numbers = count()
        self.now = timezone.now()
        self.tandems: list[Tandem] = []
        self.halves: list[Registration] = []

    def tandem(self, municipality: Municipality | None = None, **fields: Any) -> Tandem:
        number = len(self.tandems)
        arrived = self.now - FIRST_ARRIVAL + datetime.timedelta(hours=3.1 * number, minutes=17 * number % 60)
        tandem = Tandem(
            cohort=self.cohort,
            municipality=municipality or self.places[number * 7 % len(self.places)],
            created_at=min(arrived, self.now - datetime.timedelta(minutes=90)),
            **fields,
        )
        self.tandems.append(tandem)
        return tandem

    def half(self, tandem: Tandem, role: Audience, **changes: Any) -> Registration:
        number = next(self.numbers)
        half = Registration(**self.particulars(tandem, role, number))
        half.confirmed_at = half.created_at + datetime.timedelta(minutes=11 + number % 50)
        for name, value in changes.items():
            setattr(half, name, value)
        self.halves.append(half)
        return half

    def particulars(self, tandem: Tandem, role: Audience, number: int) -> dict[str, Any]:
        salutation, given_names = GIVEN_NAMES[number % len(GIVEN_NAMES)]
        family_name = FAMILY_NAMES[number * 3 % len(FAMILY_NAMES)]
        organisation, kind = organisation_of(tandem.municipality, role, number)
        return {
            "cohort": self.cohort,
            "tandem": tandem,
            "role": role,
            "salutation": Salutation(salutation),
            "title": TITLES[number % len(TITLES)] if role is Audience.MANAGER else "",
            "given_names": given_names,
            "family_name": family_name,
            "email": f"{slug(given_names)}.{slug(family_name)}.{number}@stadt.example",
            "organisation": organisation,
            "organisation_type": kind,
            "position": POSITIONS[number % len(POSITIONS)] if role is Audience.MANAGER else "Netzwerkkoordination",
            "field_of_action": list(FieldOfAction)[number % 8] if number % 5 else "",
            "created_at": tandem.created_at + datetime.timedelta(hours=5 * (role is Audience.COORDINATOR)),
        }

    def complete(self, **fields: Any) -> Tandem:
        tandem = self.tandem(**fields)
        for role in Audience:
            self.half(tandem, role)
        return tandem

    def single(self, form: TandemForm, role: Audience, **fields: Any) -> Registration:
        return self.half(self.tandem(form=form, **fields), role)


def organisation_of(municipality: Municipality, role: Audience, number: int) -> tuple[str, OrganisationType]:
    if role is Audience.MANAGER:
        kind = OrganisationType.COUNTY if len(municipality.ags) == 5 else OrganisationType.MUNICIPAL
        return f"{municipality.name}, {OFFICES[number % len(OFFICES)]}", kind
    pattern, kind = CARRIERS[number % len(CARRIERS)]
    if kind is OrganisationType.MUNICIPAL and len(municipality.ags) == 5:
        return f"{municipality.name}, Netzwerkbüro", OrganisationType.COUNTY
    return pattern.format(municipality.name), kind


def fill_crowd(cohort: Cohort, *, by: User) -> None:
    """All that comes on top of the hand-written applications of `participants.demo`."""
    crowd = Crowd(cohort)
    known = Registration.objects.filter(cohort=cohort)
    tandems = cohort.tandems.prefetch_related("registrations")
    missing = COMPLETE - sum(tandem.state is TandemState.COMPLETE for tandem in tandems)
    for number in range(missing - 1):
        crowd.complete()
        if number % 17 == 16:
            crowd.complete(selection=Selection.DECLINED)
    add_special_cases(crowd)
    add_singles(crowd, REGISTRATIONS - known.count() - len(crowd.halves) - 1)
    store(crowd.tandems, crowd.halves, known=[])
    store_decisions([tandem for tandem in crowd.tandems if tandem.selection != Selection.OPEN], crowd.now)
    add_exception(cohort, crowd, by=by)
    add_consents(cohort)
    add_approvals(cohort)
    add_notes(cohort, by=by)
    recount(cohort)


def add_special_cases(crowd: Crowd) -> None:
    """A municipality that is not in the list, duplicates, and halves that have left."""
    written_in = Municipality.objects.create(name="Samtgemeinde Leinebergland-Süd", state="03")
    crowd.single(TandemForm.SEEKING, Audience.MANAGER, municipality=written_in)
    first = crowd.single(TandemForm.ALONE, Audience.MANAGER)
    again = crowd.single(TandemForm.ALONE, Audience.MANAGER, municipality=first.tandem.municipality)
    again.given_names, again.family_name = first.given_names, first.family_name
    again.salutation, again.title = first.salutation, first.title
    same_address = crowd.single(TandemForm.SEEKING, Audience.COORDINATOR)
    later = crowd.single(TandemForm.ALONE, Audience.COORDINATOR, municipality=same_address.tandem.municipality)
    later.email, later.family_name, later.confirmed_at = same_address.email, same_address.family_name, None
    for _ in range(2):
        half = crowd.single(TandemForm.ALONE, Audience.COORDINATOR)
        half.withdrawn_at = half.created_at + datetime.timedelta(days=2)


def add_singles(crowd: Crowd, number: int) -> None:
    """Looking for somebody, alone, waiting for an invited person, and not confirmed yet."""
    forms = (TandemForm.SEEKING, TandemForm.ALONE, TandemForm.TANDEM, TandemForm.SEEKING, TandemForm.ALONE)
    for place in range(number):
        role = Audience.COORDINATOR if place % 3 else Audience.MANAGER
        form = forms[place % len(forms)]
        half = crowd.single(form, role, selection=Selection.WAITING if place % 19 == 18 else Selection.OPEN)
        if form is TandemForm.TANDEM:
            half.tandem.partner_email = f"zweite.person.{place}@stadt.example"
            half.tandem.partner_invited_at = half.confirmed_at
            half.tandem.partner_reminded_count = 3
        if place % 9 == 8:
            half.confirmed_at = None
            half.created_at = max(half.created_at, crowd.now - datetime.timedelta(days=3))


def add_exception(cohort: Cohort, crowd: Crowd, *, by: User) -> None:
    """Two neighbours in one Kreis share a coordinator."""
    places = municipalities()
    shared = Registration.objects.confirmed().filter(cohort=cohort, role=Audience.COORDINATOR)
    bergkamen = shared.filter(tandem__municipality__ags="05978004", tandem__form=TandemForm.TANDEM)
    lender = bergkamen.filter(tandem__selection=Selection.OPEN).earliest("pk")
    extra = Crowd(cohort)
    extra.numbers = crowd.numbers
    extra.single(TandemForm.TANDEM, Audience.MANAGER, municipality=places["05978024"])
    store(extra.tandems, extra.halves, known=[])
    tandem = extra.tandems[0]
    tandem.shared_half, tandem.exception_by, tandem.exception_at = lender, by, crowd.now
    tandem.exception_reason = (
        "Beide Kommunen tragen die Koordinierungsstelle gemeinsam (Zweckvereinbarung von 2024)."
    )
    tandem.save()


def add_consents(cohort: Cohort) -> None:
    """Different ones for different people; those who were declined agreed to be asked again."""
    halves = Registration.objects.filter(cohort=cohort).select_related("tandem").order_by("pk")
    Consent.objects.bulk_create(
        Consent(registration=half, purpose=purpose, version=text.version, text=text.text, given_at=half.created_at)
        for number, half in enumerate(halves)
        for purpose in purposes_of(half, number)
        for text in [consent_texts.current(purpose)]
    )


def purposes_of(half: Registration, number: int) -> Iterator[ConsentPurpose]:
    if number % 5 < 3:
        yield ConsentPurpose.CONTACT_LIST
    if half.tandem.selection == Selection.DECLINED or (number % 2 and half.tandem.selection != Selection.ACCEPTED):
        yield ConsentPurpose.POOL
    if number % 3 == 0:
        yield ConsentPurpose.PHOTO


def add_approvals(cohort: Cohort) -> None:
    """Some superiors have agreed, some not, some have not answered."""
    halves: Sequence[Registration] = list(Registration.objects.confirmed().filter(cohort=cohort).order_by("pk"))[
        ::9
    ]
    for number, half in enumerate(halves):
        approval = Approval(registration=half, email=f"leitung.{number}@stadt.example", asked_at=half.confirmed_at)
        if number % 3:
            approval.decided_at = (half.confirmed_at or half.created_at) + datetime.timedelta(days=1)
            approval.is_granted = number % 7 != 1
            approval.name, approval.position = f"Petra {FAMILY_NAMES[-1 - number % 40]}", "Dezernatsleitung"
        approval.save()


def add_notes(cohort: Cohort, *, by: User) -> None:
    tandems = list(cohort.tandems.order_by("pk")[20:80:20])
    for tandem, text in zip(tandems, NOTES, strict=True):
        Note.objects.create(tandem=tandem, text=text, written_by=by)
