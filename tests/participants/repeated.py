"""For each address of this app that takes a POST: a scene, and what is sent there.

A row returns who sends it (None: nobody who is signed in), the arguments of the address, and the data. It builds
what it needs itself; what several need has a function of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from curriculum.models import Audience
from netzkoord import roles
from netzkoord.models import User
from participants import drafts, tokens
from participants.actions.registrations import withdraw_registration
from participants.actions.waiting import keep_waiting_lists
from participants.models import (
    Approval,
    ConsentPurpose,
    Offer,
    PartnerProposal,
    PoolInvitation,
    Registration,
    Selection,
    Tandem,
)
from participants.queries.transfer import agreement_page
from tests import factories
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory
from tests.participants.agreements import WORDS, agreed, begun_tandem, manager_of
from tests.participants.forms import own_fields, registration_fields
from tests.participants.waiting import closed_cohort, half_of, waiting_tandem


@dataclass(frozen=True)
class Post:
    by: User | None
    args: list[Any] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    before: tuple[str, dict[str, Any]] | None = None

    def client(self) -> Client:
        """The browser of who sends it, after what was sent before."""
        client = Client()
        if self.by:
            client.force_login(self.by)
        if self.before:
            name, data = self.before
            client.post(reverse(f"participants:{name}"), data)
        return client

    def send(self, name: str, client: Client | None = None) -> int:
        """The status of the answer."""
        response = (client or self.client()).post(reverse(f"participants:{name}", args=self.args), self.data)
        return response.status_code


ROWS: dict[str, Callable[[], Post]] = {}


def row(build: Callable[[], Post]) -> Callable[[], Post]:
    ROWS[build.__name__] = build
    return build


def organiser() -> User:
    return factories.staff(roles.ORGANISATION)


def offered() -> Tandem:
    tandem = waiting_tandem(closed_cohort(places=4))
    keep_waiting_lists()
    return tandem


def left() -> Tandem:
    """An accepted tandem whose manager has left; the place is kept."""
    tandem = closed_cohort(places=4).tandems.get()
    withdraw_registration(registration=half_of(tandem))
    return tandem


def inviting() -> Tandem:
    return RegistrationFactory(role=Audience.MANAGER, tandem__partner_email="ben@stadt.example").tandem


def half_data() -> dict[str, str]:
    return own_fields(given_names="Ben", family_name="Roth", email="ben@stadt.example")


# Registering


@row
def registration_add() -> Post:
    data = registration_fields(MunicipalityFactory())
    return Post(None, [CohortFactory().pk], {name: data[name] for name in ("form", "role", "municipality")})


@row
def registration_step() -> Post:
    data = own_fields()
    return Post(None, [CohortFactory().pk, 2], data)


@row
def registration_address() -> Post:
    return Post(None, [CohortFactory().pk, 2], own_fields(email="anna@webde") | {"feld": "email"})


@row
def registration_submit() -> Post:
    payload = drafts.pack(registration_fields(MunicipalityFactory()))
    return Post(None, [CohortFactory().pk], {"payload": payload})


@row
def registration_confirm() -> Post:
    half = RegistrationFactory(
        person=None,
        email="anna@stadt.example",
        given_names="Anna",
        family_name="Müller",
        confirmed_at=None,
        tandem__partner_email="ben@stadt.example",
    )
    return Post(None, [tokens.confirm_token(half)])


@row
def registration_withdraw() -> Post:
    return Post(None, [tokens.status_token(half_of(closed_cohort(places=4).tandems.get()))])


@row
def partner_add() -> Post:
    return Post(None, [tokens.partner_token(inviting())], half_data())


@row
def partner_address() -> Post:
    return Post(None, [tokens.partner_token(inviting())], half_data() | {"feld": "email"})


@row
def partner_submit() -> Post:
    return Post(None, [tokens.partner_token(inviting())], {"payload": drafts.pack(half_data())})


@row
def partner_invite() -> Post:
    half = RegistrationFactory(role=Audience.MANAGER)
    return Post(None, [tokens.status_token(half)], {"partner_email": "ben@stadt.example"})


@row
def partner_decline() -> Post:
    return Post(None, [tokens.partner_token(inviting())])


@row
def partner_give_up() -> Post:
    return Post(None, [tokens.status_token(half_of(inviting()))], {"form": "ALONE"})


@row
def proposal_answer() -> Post:
    """The other one has agreed already; so this yes joins them."""
    town = MunicipalityFactory()
    manager = RegistrationFactory(tandem__form="SEEKING", tandem__municipality=town, role=Audience.MANAGER)
    coordinator = RegistrationFactory(
        tandem__form="SEEKING", tandem__municipality=town, tandem__cohort=manager.cohort
    )
    proposal = PartnerProposal.objects.create(
        manager=manager, coordinator=coordinator, is_same_municipality=True, coordinator_agreed=True
    )
    return Post(None, [tokens.status_token(manager), proposal.pk], {"agrees": "yes"})


@row
def consent_edit() -> Post:
    return Post(None, [tokens.status_token(RegistrationFactory())], {"purpose": "POOL", "is_given": "yes"})


@row
def address_edit() -> Post:
    return Post(None, [tokens.status_token(RegistrationFactory())], {"email": "neu@stadt.example"})


@row
def address_confirm() -> Post:
    return Post(None, [tokens.address_token(RegistrationFactory(), "neu@stadt.example")])


@row
def approval_answer() -> Post:
    approval = Approval.objects.create(registration=RegistrationFactory(), email="chefin@stadt.example")
    answer = {"name": "Dr. Chefin", "position": "Amtsleitung", "is_granted": "yes"}
    return Post(None, [tokens.approval_token(approval)], answer)


# The Transfervereinbarung


@row
def transfer_edit() -> Post:
    tandem = begun_tandem()
    words = {name: str(value) for name, value in WORDS.items()}
    return Post(None, [tokens.status_token(manager_of(tandem)), tandem.pk], words)


@row
def transfer_confirm() -> Post:
    tandem = begun_tandem()
    agreed(tandem, by=[Audience.COORDINATOR])
    half = manager_of(tandem)
    page = agreement_page(half, tandem.pk)
    return Post(None, [tokens.status_token(half), tandem.pk], {"seen": page.seen if page else ""})


# Waiting list, substitutes, pool


@row
def offer_accept() -> Post:
    return Post(None, [tokens.status_token(half_of(offered()))])


@row
def offer_decline() -> Post:
    return offer_accept()


@row
def substitute_name() -> Post:
    half = left().registrations.get(role=Audience.MANAGER)
    return Post(None, [tokens.status_token(half)], {"email": "neu@stadt.example"})


@row
def offer_next() -> Post:
    cohort = closed_cohort(places=4)
    waiting_tandem(cohort)
    return Post(organiser(), [cohort.pk])


@row
def offer_make() -> Post:
    cohort = closed_cohort(places=6)
    waiting_tandem(cohort)
    return Post(organiser(), [waiting_tandem(cohort).pk], {"reason": "Erstmals aus diesem Land"})


@row
def offer_revoke() -> Post:
    return Post(organiser(), [Offer.objects.get(tandem=offered()).pk])


@row
def place_release() -> Post:
    return Post(organiser(), [left().pk])


@row
def registration_replace() -> Post:
    half = half_of(closed_cohort(places=4).tandems.get())
    return Post(organiser(), [half.pk], {"email": "neu@stadt.example"})


def in_the_pool() -> Registration:
    half = RegistrationFactory(tandem__selection=Selection.DECLINED)
    half.consents.create(purpose=ConsentPurpose.POOL, version=1, text="Bitte laden Sie mich ein.")
    return half


@row
def pool_invite() -> Post:
    in_the_pool()
    return Post(organiser(), [CohortFactory().pk])


@row
def pool_show() -> Post:
    invitation = PoolInvitation.objects.create(registration=in_the_pool(), cohort=CohortFactory())
    return Post(None, [tokens.pool_token(invitation)])


@row
def pool_leave() -> Post:
    return pool_show()
