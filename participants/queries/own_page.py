"""What a person can do on the own page beside reading: consents, a proposed partner, a superior's answer."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from participants import consent_texts
from participants.models import Approval, ConsentPurpose, PartnerProposal, Registration


@dataclass(frozen=True)
class OwnConsent:
    """One purpose: the text that is or was agreed to, and since when; what may be agreed to today."""

    purpose: ConsentPurpose
    text: str
    given_at: datetime.datetime | None
    withdrawn_at: datetime.datetime | None

    @property
    def is_given(self) -> bool:
        return self.given_at is not None and self.withdrawn_at is None


@dataclass(frozen=True)
class OwnProposal:
    """Somebody who was proposed, without name, and whether this person has agreed already."""

    key: int
    other: str
    has_agreed: bool


def own_consents(half: Registration) -> list[OwnConsent]:
    """All purposes, given or not; one query."""
    latest = {consent.purpose: consent for consent in reversed(half.consents.all())}
    rows = []
    for purpose in ConsentPurpose:
        consent = latest.get(purpose.value)
        is_given = consent is not None and consent.withdrawn_at is None
        rows.append(
            OwnConsent(
                purpose=purpose,
                text=consent.text if consent and is_given else consent_texts.current(purpose).text,
                given_at=consent.given_at if consent else None,
                withdrawn_at=consent.withdrawn_at if consent else None,
            )
        )
    return rows


def own_proposal(half: Registration) -> OwnProposal | None:
    """The open proposal of this person, if any; one query."""
    proposals = PartnerProposal.objects.open().filter(Q(manager=half) | Q(coordinator=half))
    related = ("manager__tandem__municipality", "coordinator__tandem__municipality")
    proposal = proposals.select_related(*related).first()
    if proposal is None:
        return None
    is_manager = proposal.manager_id == half.pk
    other = proposal.coordinator if is_manager else proposal.manager
    agreed = proposal.manager_agreed if is_manager else proposal.coordinator_agreed
    return OwnProposal(proposal.pk, in_words(other), bool(agreed))


def own_approval(half: Registration) -> Approval | None:
    """What was asked of the superior; one query."""
    return Approval.objects.filter(registration=half).first()


def losses(half: Registration) -> list[str]:
    """What ends or is deleted when this person goes on without the second one; empty where there is nothing."""
    sentences = []
    if half.tandem.partner_email:
        sentences.append(f"Die Einladung an {half.tandem.partner_email}: Der Link darin öffnet dann nichts mehr.")
    if half.partner:
        sentences.append(
            "Die Angaben, die die zweite Person schon gemacht und noch nicht bestätigt hat: Wir löschen sie. "
            "Laden Sie sie später wieder ein, muss sie alles noch einmal eingeben."
        )
    return sentences


def in_words(half: Registration) -> str:
    """„eine Koordinierungskraft aus Langenfeld (Rheinland), Handlungsfeld Bildung“"""
    words = f"eine {half.get_role_display()} aus {half.tandem.municipality.name}"
    return f"{words}, Handlungsfeld {half.get_field_of_action_display()}" if half.field_of_action else words
