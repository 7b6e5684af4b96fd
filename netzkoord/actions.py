"""Changes of the frame: legal pages and the accounts of the staff."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

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
    """Give somebody a role and tell them how to sign in; whoever has an account already keeps it and their name."""
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        person = User.objects.create_user(email, given_names=given_names, family_name=family_name)
    elif not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    person.groups.add(*groups)
    names = role_names(groups)
    audit.record(AuditAction.ACCOUNT_INVITED, target=person, by=by, roles=names)
    link = links.absolute("account_request_login_code")
    mail.send(person.email, "netzkoord/mail/staff_invited.txt", {"roles": ", ".join(names), "link": link})
    return person


@transaction.atomic
def change_staff(*, person: User, groups: Iterable[Group], is_active: bool, by: User) -> User:
    """Set roles and whether the account is open; a closed one counts as without roles.

    Raises `LastOrganiserError` for one's own access as organiser, and when no other open account would have it.
    """
    before = role_names(person.groups.all()) if person.is_active else []
    after = role_names(groups) if is_active else []
    if roles.ORGANISATION in before and roles.ORGANISATION not in after:
        refuse_without_organiser(person, by=by)
    person.groups.set([*person.groups.exclude(name__in=roles.PERMISSIONS), *groups])
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    audit.record(AuditAction.ACCOUNT_CHANGED, target=person, by=by, roles_before=before, roles_after=after)
    return person


def refuse_without_organiser(person: User, *, by: User) -> None:
    """Two organisers who remove each other at the same instant are told apart by the lock on the group."""
    group = Group.objects.select_for_update().get(name=roles.ORGANISATION)
    others = User.objects.filter(groups=group, is_active=True).exclude(pk=person.pk)
    if person == by or not others.exists():
        raise LastOrganiserError


def role_names(groups: Iterable[Group]) -> list[str]:
    return sorted(group.name for group in groups)
