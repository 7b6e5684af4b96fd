"""The main navigation: which entries a person sees, and which of them is the current one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.urls import NoReverseMatch, reverse


class Place(NamedTuple):
    """A place of the site: URL name, label, who may see it, and the paths that belong to it."""

    name: str
    label: str
    permission: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `current` is the value of aria-current, empty for all others."""

    label: str
    url: str
    current: str


@dataclass(frozen=True)
class Navigation:
    home: str
    primary: list[Entry]
    more: list[Entry]
    account: list[Entry]
    footer: list[Entry]
    is_more_current: bool


COHORT_PATHS = ("/durchgaenge/", "/termine/", "/tandems/", "/anmeldungen/", "/erhebungen/", "/bescheinigungen/")
EDITION_PATHS = (
    "/programm/",
    "/module/",
    "/lernziele/",
    "/themen/",
    "/methoden/",
    "/glossar/",
    "/kompetenzen/",
    "/kompetenzbereiche/",
    "/ebenen/",
)
QUESTIONNAIRE_PATHS = ("/abschnitte/", "/fragen/")
PRIMARY = (
    Place("start", "Start"),
    Place("curriculum:cohort_list", "Durchgänge", "curriculum.view_cohort", COHORT_PATHS),
    Place("curriculum:edition_list", "Programm", "curriculum.view_edition", EDITION_PATHS),
    Place("evaluation:workshop_list", "Workshops", "evaluation.view_workshop"),
    Place("evaluation:recommendation_list", "Empfehlungen", "evaluation.view_workshop"),
)
MORE = (
    Place("evaluation:cohort_trend", "Durchgänge im Vergleich", "evaluation.view_report"),
    Place("evaluation:need_trend", "Bedarfe über alle Durchgänge", "evaluation.view_need"),
    Place("evaluation:questionnaire_list", "Fragebögen", "evaluation.view_questionnaire", QUESTIONNAIRE_PATHS),
    Place("curriculum:practice_report_library", "Erlebnisberichte", "curriculum.view_practicereport"),
    Place("curriculum:venue_list", "Orte", "curriculum.view_venue"),
    Place("participants:municipality_list", "Kommunen", "participants.view_municipality"),
    Place("account_list", "Konten", "netzkoord.view_user"),
    Place("outbox", "Postausgang", "post_office.view_email"),
    Place("mail_text_list", "Mailtexte", "netzkoord.change_mailtext", ("/mailregeln/",)),
)
PUBLIC = (
    Place("start", "Angebote", paths=("/angebote/",)),
    Place("participants:certificate_check", "Bescheinigung prüfen"),
    Place("account_login", "Anmelden"),
)
ACCOUNT = (
    Place("participants:calendar_feed", "Kalender"),
    Place("own_data", "Meine Daten"),
    Place("mfa_index", "Sicherheit"),
)
FOOTER = (Place("participants:certificate_check", "Bescheinigung prüfen"), Place("showcase", "Bausteine"))


def navigation_for(user: AbstractBaseUser | AnonymousUser, path: str) -> Navigation:
    """The menu of this person on this page; costs the queries for permissions once per request."""
    is_known = user.is_authenticated
    more = entries(MORE, user, path) if is_known else []
    return Navigation(
        home=url_of("start") or "/",
        primary=entries(PRIMARY if is_known else PUBLIC, user, path),
        more=more,
        account=entries(ACCOUNT, user, path) if is_known else [],
        footer=entries(FOOTER, user, path),
        is_more_current=any(entry.current for entry in more),
    )


def entries(places: Sequence[Place], user: AbstractBaseUser | AnonymousUser, path: str) -> list[Entry]:
    found = []
    for place in places:
        url = url_of(place.name) if may_see(user, place) else ""
        if url:
            found.append(Entry(place.label, url, current(url, place.paths, path)))
    return found


def may_see(user: AbstractBaseUser | AnonymousUser, place: Place) -> bool:
    if not place.permission:
        return True
    return isinstance(user, PermissionsMixin) and user.has_perm(place.permission)


def current(url: str, paths: tuple[str, ...], path: str) -> str:
    """ "page" on the page itself, "true" on those below it; the start page has none below."""
    if path == url:
        return "page"
    below = paths if url == "/" else (url, *paths)
    return "true" if path.startswith(below) else ""


def url_of(name: str) -> str:
    """The address of a place without arguments; empty where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
