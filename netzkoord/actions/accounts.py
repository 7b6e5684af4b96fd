"""Changes of the frame: legal pages and the accounts of the staff."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from netzkoord import roles
from netzkoord.lib import audit, links, mail
from netzkoord.models import AuditAction, LegalPage, User


class LastOrganiserError(Exception):
    """Without this account nobody could manage the platform any more."""


@transaction.atomic
def change_legal_page(*, key: str, text: str, by: User) -> LegalPage:
    page, _ = LegalPage.objects.update_or_create(key=key, defaults={"text": text})
    audit.record(AuditAction.LEGAL_PAGE_CHANGED, target=page, by=by, characters=len(text))
    return page


@transaction.atomic
def invite_staff(*, email: str, given_names: str, family_name: str, groups: Iterable[Group], by: User) -> User:
    """Give somebody a role and tell them how to sign in; whoever has an account already keeps it and their name.

    A closed account is opened with these roles only. Who has them already is told nothing twice.
    """
    person = person_with(email, given_names=given_names, family_name=family_name)
    names = role_names(groups)
    if person.is_active and set(names) <= set(role_names(person.groups.all())):
        return person
    if person.is_active:
        person.groups.add(*groups)
    else:
        set_roles(person, groups)
        person.is_active = True
        person.save(update_fields=["is_active"])
    audit.record(AuditAction.ACCOUNT_INVITED, target=person, by=by, roles=names)
    link = links.absolute("account_request_login_code")
    mail.send(person.email, "netzkoord/mail/staff_invited.txt", {"roles": ", ".join(names), "link": link})
    return person


def person_with(email: str, **names: str) -> User:
    """The person with this address, locked; a new one if nobody has it, even if two are asking at one instant."""
    known = User.objects.select_for_update().filter(email__iexact=email)
    person = known.first()
    if person is not None:
        return person
    try:
        with transaction.atomic():
            return User.objects.create_user(email, **names)
    except IntegrityError:
        return known.get()


class Names(TypedDict, total=False):
    """What a person is called; what is left out stays as it is."""

    title: str
    given_names: str
    family_name: str


@transaction.atomic
def change_staff(
    *, person: User, groups: Iterable[Group], is_active: bool, by: User, **names: Unpack[Names]
) -> User:
    """Set roles, names, and whether the account is open; a closed one counts as without roles.

    Raises `LastOrganiserError` for one's own access as organiser, and when no other open account would have it.
    """
    before = role_names(person.groups.all()) if person.is_active else []
    after = role_names(groups) if is_active else []
    if roles.ORGANISATION in before and roles.ORGANISATION not in after:
        refuse_without_organiser(person, by=by)
    set_roles(person, groups)
    person.is_active = is_active
    for field, value in names.items():
        setattr(person, field, value)
    person.save(update_fields=["is_active", *names])
    audit.record(AuditAction.ACCOUNT_CHANGED, target=person, by=by, roles_before=before, roles_after=after)
    return person


def set_roles(person: User, groups: Iterable[Group]) -> None:
    """These roles and no other; groups that are no role of ours stay."""
    person.groups.set([*person.groups.exclude(name__in=roles.PERMISSIONS), *groups])


def refuse_without_organiser(person: User, *, by: User) -> None:
    """Two organisers who remove each other at the same instant are told apart by the lock on the group."""
    group = Group.objects.select_for_update().get(name=roles.ORGANISATION)
    others = User.objects.filter(groups=group, is_active=True).exclude(pk=person.pk)
    if person == by or not others.exists():
        raise LastOrganiserError


def role_names(groups: Iterable[Group]) -> list[str]:
    return sorted(group.name for group in groups)
