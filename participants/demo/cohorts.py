"""Municipalities, and invented people who register from them."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import Salutation, User
from participants.actions.municipality_import import import_municipalities
from participants.actions.places import recount
from participants.imports.municipalities import read
from participants.models import (
    Municipality,
    OrganisationType,
    Registration,
    Selection,
    StatusChange,
    Tandem,
)
from participants.queries.search import fold

MUNICIPALITIES = Path(__file__).parent / "municipalities.csv"
TYPES = {kind.name: kind for kind in OrganisationType}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

# Salutation, title, given names, family name, organisation, type of the organisation
Someone = tuple[str, str, str, str, str, str]
GOETTINGEN = "03159016"

# AGS of the municipality, the manager, the coordinator
PAST: list[tuple[str, Someone, Someone]] = [
    (
        GOETTINGEN,
        ("MS", "", "Friederike", "Özdemir-Voß", "Stadt Göttingen, Fachbereich Soziales", "MUNICIPAL"),
        ("MR", "", "Konrad", "Łukasik", "Caritasverband Südniedersachsen", "WELFARE"),
    ),
    (
        "05158020",
        ("MR", "Dr.", "Henning", "Großkopf", "Stadt Langenfeld, Fachbereich Jugend", "MUNICIPAL"),
        ("MS", "", "Ayşe", "Yıldırım", "AWO Langenfeld", "WELFARE"),
    ),
    (
        "07317000",
        ("MS", "", "Heide-Marie", "Schäfer", "Stadt Pirmasens, Sozialdezernat", "MUNICIPAL"),
        ("MS", "", "Jule", "Čech", "Pakt für Pirmasens e. V.", "ASSOCIATION"),
    ),
    (
        "15001000",
        ("MR", "", "Torsten", "Köhler", "Stadt Dessau-Roßlau, Jugendamt", "MUNICIPAL"),
        ("MR", "", "Vu Anh", "Nguyễn", "Diakonie Dessau", "WELFARE"),
    ),
    (
        "05754008",
        ("MS", "Prof. Dr.", "Ulrike", "Freifrau von der Mühlen", "Stadt Gütersloh, Dezernat III", "MUNICIPAL"),
        ("MS", "", "Marleen", "Wójcik", "Stadt Gütersloh, Quartiersbüro Nord", "MUNICIPAL"),
    ),
    (
        "12052000",
        ("MR", "", "Měto", "Nowak", "Stadt Cottbus/Chóśebuz, Fachbereich Bildung", "MUNICIPAL"),
        ("MS", "", "Sandra", "Weiß", "Paritätischer Cottbus", "WELFARE"),
    ),
    (
        "09463000",
        ("MS", "", "Agnes", "Häfner", "Stadt Coburg, Amt für Jugend und Familie", "MUNICIPAL"),
        ("MR", "", "Étienne", "Baumann", "DRK-Kreisverband Coburg", "WELFARE"),
    ),
    (
        "08222000",
        ("MR", "Dr. phil.", "Emre", "Şahin", "Stadt Mannheim, Integration und Migration", "MUNICIPAL"),
        ("MS", "", "Zoë", "Schmitt-Delacroix", "Jugendhilfe Neckarstadt gGmbH", "INDEPENDENT"),
    ),
    (
        "16055000",
        ("MS", "", "Grit", "Böhme", "Stadt Weimar, Familie und Soziales", "MUNICIPAL"),
        ("", "", "Kim", "Sørensen", "Bürgerstiftung Weimar", "FOUNDATION"),
    ),
    (
        "01003000",
        ("MR", "", "Jörn", "Petersen", "Hansestadt Lübeck, Bereich Soziale Sicherung", "MUNICIPAL"),
        ("MS", "", "Wiebke", "Đorđević", "Mehrgenerationenhaus Eichholz e. V.", "ASSOCIATION"),
    ),
    (
        "06414000",
        ("MS", "", "Renate", "Kräuter", "Landeshauptstadt Wiesbaden, Amt für Soziale Arbeit", "MUNICIPAL"),
        ("MR", "", "Tomáš", "Hoffmann", "Caritasverband Wiesbaden", "WELFARE"),
    ),
]


@dataclass(frozen=True)
class Application:
    """One registration of the open cohort: how far it has come, and what was decided.

    `days_ago` is the day it came in; without `is_confirmed` the first half was never confirmed;
    `partner` is confirmed, `invited` only named by address.
    """

    ags: str
    days_ago: int
    first: Someone
    partner: Someone | None = None
    invited: str = ""
    is_confirmed: bool = True
    is_withdrawn: bool = False
    selection: Selection = Selection.OPEN
    first_role: Audience = Audience.MANAGER


OPEN = [
    Application(
        "05913000",
        9,
        ("MS", "", "Birgit", "Kühn", "Stadt Dortmund, Jugendamt", "MUNICIPAL"),
        ("MR", "", "Piotr", "Zieliński", "AWO Dortmund", "WELFARE"),
        selection=Selection.ACCEPTED,
    ),
    Application(
        "13003000",
        9,
        ("MR", "Dr.", "Arne", "Wülfing", "Hanse- und Universitätsstadt Rostock, Sozialamt", "MUNICIPAL"),
        ("MS", "", "Lena", "Graf", "Volkssolidarität Rostock", "WELFARE"),
        selection=Selection.ACCEPTED,
    ),
    Application(
        "14626110",
        8,
        ("MS", "", "Beáta", "Krzyżanowska", "Stadt Görlitz, Amt für Jugend", "MUNICIPAL"),
        ("MR", "", "Falk", "Jähnig", "Esta e. V. Görlitz", "ASSOCIATION"),
        selection=Selection.ACCEPTED,
    ),
    Application(
        "10041100",
        8,
        (
            "MR",
            "",
            "Jean-Luc",
            "Thönnes",
            "Landeshauptstadt Saarbrücken, Amt für soziale Angelegenheiten",
            "MUNICIPAL",
        ),
        ("MS", "", "Mira", "Kovačević", "Diakonie Saar", "WELFARE"),
    ),
    Application(
        "03403000",
        7,
        ("MS", "", "Insa", "Janßen", "Stadt Oldenburg, Amt für Teilhabe", "MUNICIPAL"),
        ("MR", "", "Eike", "Müller", "Diakonie Oldenburger Land", "WELFARE"),
    ),
    Application(
        "08311000",
        7,
        ("MR", "", "Florian", "Göhner", "Stadt Freiburg, Amt für Soziales", "MUNICIPAL"),
        ("MS", "", "Nour", "Al-Khatib", "Quartiersarbeit Weingarten e. V.", "ASSOCIATION"),
    ),
    Application(
        "05513000",
        6,
        ("MS", "", "Sevgi", "Aydoğan", "Stadt Gelsenkirchen, Referat Bildung", "MUNICIPAL"),
        ("MS", "", "Petra", "Schulz", "Caritas Gelsenkirchen", "WELFARE"),
        selection=Selection.WAITING,
    ),
    Application(
        "16053000",
        5,
        ("MR", "", "Anselm", "Rößler", "Stadt Jena, Dezernat Familie", "MUNICIPAL"),
        invited="tandem.jena@stadt.example",
    ),
    Application(
        "09761000",
        5,
        ("MS", "", "Walburga", "Öttl", "Kreisjugendring Augsburg", "INDEPENDENT"),
        first_role=Audience.COORDINATOR,
    ),
    Application(
        "05315000",
        4,
        ("MR", "", "Mehmet", "Güneş", "Stadt Köln, Amt für Integration", "MUNICIPAL"),
        selection=Selection.WAITING,
    ),
    Application(
        "06611000",
        4,
        ("MS", "", "Rosemarie", "Löw", "Beratungsstelle Nordhessen (ohne Bezug zur Kommune)", "INDEPENDENT"),
        selection=Selection.DECLINED,
    ),
    Application(
        "07211000",
        3,
        ("MS", "", "Catherine", "Weber", "Stadt Trier, Jugendamt", "MUNICIPAL"),
        ("MR", "", "Matthias", "Groß", "Lebenshilfe Trier", "WELFARE"),
        is_withdrawn=True,
    ),
    Application(
        "12073532",
        2,
        ("MR", "", "Ole", "Brüggemann", "Stadt Schwedt/Oder, Fachbereich Soziales", "MUNICIPAL"),
        is_confirmed=False,
        invited="tandem.schwedt@stadt.example",
    ),
    Application(
        "04012000",
        1,
        ("MS", "", "Sünje", "Ahlers", "Magistrat Bremerhaven, Sozialamt", "MUNICIPAL"),
        is_confirmed=False,
    ),
]


def fill_municipalities() -> None:
    """The municipalities of the programme's surroundings, with some Kreise and homonyms, from our own list."""
    reading = read(MUNICIPALITIES.read_bytes())
    import_municipalities(reading=reading, is_complete=False, fingerprint=None, by=None)


def fill_past_cohort(cohort: Cohort, manager: User, coordinator: User) -> list[Registration]:
    """Eleven accepted tandems of the summer of 2017; the first one are the two accounts of the demo."""
    places = municipalities()
    came_in = local_noon(datetime.date(2017, 6, 27))
    decided_at = local_noon(datetime.date(2017, 9, 14))
    tandems = [
        Tandem(
            cohort=cohort,
            municipality=places[ags],
            selection=Selection.ACCEPTED,
            created_at=came_in + datetime.timedelta(days=6 * number, minutes=23 * number),
        )
        for number, (ags, _, _) in enumerate(PAST)
    ]
    halves = []
    for tandem, (_, first, second) in zip(tandems, PAST, strict=True):
        halves.append(half_of(tandem, Audience.MANAGER, first))
        halves.append(half_of(tandem, Audience.COORDINATOR, second, days_later=1))
    halves[0].email, halves[1].email = manager.email, coordinator.email
    store(tandems, halves, known=[manager, coordinator])
    store_decisions(tandems, decided_at)
    recount(cohort)
    return halves


def fill_open_cohort(cohort: Cohort) -> None:
    """Fourteen tandems in every state that a registration can have, over the last days."""
    places = municipalities()
    now = timezone.now()
    tandems, halves = [], []
    for application in OPEN:
        tandem = Tandem(
            cohort=cohort,
            municipality=places[application.ags],
            partner_email=application.invited,
            selection=application.selection,
            created_at=now - datetime.timedelta(days=application.days_ago, hours=2),
        )
        tandems.append(tandem)
        halves += halves_of(tandem, application)
    store(tandems, halves, known=[])
    store_decisions([tandem for tandem in tandems if tandem.selection != Selection.OPEN], now)


def halves_of(tandem: Tandem, application: Application) -> list[Registration]:
    first = half_of(tandem, application.first_role, application.first)
    if not application.is_confirmed:
        first.confirmed_at = None
    if application.partner is None:
        return [first]
    partner = half_of(tandem, application.first_role.other, application.partner)
    if application.is_withdrawn:
        partner.withdrawn_at = tandem.created_at + datetime.timedelta(days=1)
    return [first, partner]


def half_of(tandem: Tandem, role: Audience, someone: Someone, *, days_later: int = 0) -> Registration:
    """A confirmed half, not stored yet."""
    salutation, title, given_names, family_name, organisation, kind = someone
    created_at = tandem.created_at + datetime.timedelta(days=days_later)
    return Registration(
        cohort=tandem.cohort,
        tandem=tandem,
        role=role,
        email=f"{slug(given_names)}.{slug(family_name)}@stadt.example",
        salutation=Salutation(salutation),
        title=title,
        given_names=given_names,
        family_name=family_name,
        organisation=organisation,
        organisation_type=TYPES[kind],
        created_at=created_at,
        confirmed_at=created_at + datetime.timedelta(minutes=38),
    )


def store(tandems: list[Tandem], halves: list[Registration], *, known: list[User]) -> None:
    """Write tandems, accounts of confirmed people and registrations in one statement each."""
    Tandem.objects.bulk_create(tandems)
    people = {person.email: person for person in known}
    new = [account_for(half) for half in halves if half.confirmed_at and half.email not in people]
    people |= {person.email: person for person in User.objects.bulk_create(new)}
    for half in halves:
        half.tandem = half.tandem  # takes over the key that the tandem has just been given
        half.person = people.get(half.email) if half.confirmed_at else None
    Registration.objects.bulk_create(halves)


def account_for(half: Registration) -> User:
    """An account without a password: its owner signs in with a code by mail."""
    return User(
        email=half.email,
        password=make_password(None),
        salutation=half.salutation,
        title=half.title,
        given_names=half.given_names,
        family_name=half.family_name,
        joined_at=half.confirmed_at or half.created_at,
    )


def store_decisions(tandems: list[Tandem], decided_at: datetime.datetime) -> None:
    StatusChange.objects.bulk_create(
        StatusChange(
            tandem=tandem,
            from_selection=Selection.OPEN,
            to_selection=tandem.selection,
            changed_at=max(decided_at - datetime.timedelta(hours=1), tandem.created_at),
        )
        for tandem in tandems
    )


def municipalities() -> dict[str, Municipality]:
    return {municipality.ags: municipality for municipality in Municipality.objects.all()}


def local_noon(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(12, 0)))


def slug(text: str) -> str:
    """„von der Mühlen“ → „von-der-muehlen“"""
    return re.sub(r"[^a-z0-9]+", "-", fold(text.translate(UMLAUTS))).strip("-")
