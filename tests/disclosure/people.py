"""A person of whom every table has something, beside two of whom nothing may be told."""

import datetime
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience, CalendarFeed, PracticeReport, SessionMaterial, TrainerConfirmation
from evaluation.actions.surveys import start_needs_survey
from evaluation.models import MirrorRelease, SurveyComment
from netzkoord import roles
from netzkoord.lib import audit, mail
from netzkoord.lib.mail import Composed
from netzkoord.models import AuditAction, SendingAttempt, SendingOutcome
from participants.models import (
    Achievement,
    Approval,
    Certificate,
    Consent,
    ConsentPurpose,
    Issuance,
    MadeUpTime,
    MailDelivery,
    MailRule,
    Merge,
    NotDuplicate,
    Note,
    Offer,
    PartnerProposal,
    PoolInvitation,
    SelectionOverride,
    SessionInvitation,
    StatusChange,
    TransferAgreement,
)
from participants.tokens import status_token
from tests import factories
from tests.evaluation import scenes

DAY = datetime.timedelta(days=1)
# Stands in everything that belongs to somebody else.
FOREIGN = "Fremdwort"


def everything() -> SimpleNamespace:
    """Vera, her tandem partner Paul, a stranger, and the organiser who has dealt with all of them."""
    world = SimpleNamespace(organiser=factories.staff(roles.ORGANISATION, family_name="Handelnde"))
    world.vera = factories.UserFactory(email="vera@stadt.example", given_names="Vera", family_name="Özdemir-Voß")
    paul = factories.UserFactory(email="paul@stadt.example", given_names="Paul", family_name="Partner")
    other = factories.UserFactory(email="fremd@stadt.example", given_names=FOREIGN, family_name=FOREIGN)
    world.paul, world.other = paul, other
    world.session = scenes.held_session(cohort__title="Durchgang 2026")
    cohort = world.cohort = world.session.cohort
    world.tandem = factories.TandemFactory(cohort=cohort, selection="ACCEPTED", municipality__name="Moers")
    world.half = half_of(world, world.vera, Audience.MANAGER, organisation="Jugendamt", phone="02841 1")
    world.partner = half_of(world, paul, Audience.COORDINATOR, organisation=FOREIGN, phone=FOREIGN)
    world.stranger = factories.RegistrationFactory(
        tandem__cohort=cohort, tandem__selection="ACCEPTED", person=other, organisation=FOREIGN
    )
    for half, word in ((world.half, ""), (world.partner, FOREIGN), (world.stranger, FOREIGN)):
        add_registered(world, half, word)
        add_attended(world, half, word)
    add_deciding(world)
    add_needs(world)
    for person, word in ((world.vera, ""), (world.paul, FOREIGN), (world.other, FOREIGN)):
        add_account(person)
        add_taught(world, person, word)
        add_mail(person, word)
    return world


def half_of(world, person, role, **fields):
    created_at = timezone.now() - 30 * DAY
    return factories.RegistrationFactory(
        tandem=world.tandem, person=person, role=role, created_at=created_at, confirmed_at=created_at, **fields
    )


def add_registered(world, half, word):
    Consent.objects.create(
        registration=half, purpose=ConsentPurpose.CONTACT_LIST, version=1, text=f"Ich stimme zu. {word}"
    )
    Approval.objects.create(
        registration=half,
        email=f"chefin{half.pk}@stadt.example",
        name=f"Clara Chefin {word}",
        position="Dezernentin",
        asked_at=timezone.now(),
        decided_at=timezone.now(),
        is_granted=True,
    )
    PoolInvitation.objects.create(registration=half, cohort=world.cohort)
    status_token(half)


def add_attended(world, half, word):
    rule, _ = MailRule.objects.get_or_create()
    row = factories.attend(half, world.session.days.get(), "EXCUSED")
    row.note, row.changed_by = f"beim Arzt {word}", world.organiser
    row.save()
    today = timezone.localdate()
    MailDelivery.objects.create(rule=rule, session=world.session, registration=half, about_on=today)
    SessionInvitation.objects.create(session=world.session, registration=half)
    Achievement.objects.create(
        registration=half, kind="PROJECT", title=f"Ein Netz {word}".strip(), completed_on=today, units=8
    )
    MadeUpTime.objects.create(registration=half, minutes=90, made_up_on=today, how=f"Aufgabe {word}".strip())
    certificate = Certificate.objects.create(
        cohort=world.cohort,
        person=half.person,
        registration=half,
        issuance=Issuance.objects.create(cohort=world.cohort, issued_by=world.organiser),
        kind="ATTENDANCE",
        year=2026,
        ordinal=half.pk,
        code=f"{half.pk:032x}",
        content={"name": half.full_name, "days": [{"date": "2026-11-01", "minutes": 360}]},
        issued_by=world.organiser,
    )
    Certificate.objects.filter(pk=certificate.pk).update(
        revoked_at=timezone.now(), revocation_reason=f"Name falsch {word}"
    )
    audit.record(AuditAction.REGISTRATION_CHANGED, target=half, by=world.organiser, fields=["phone"])


def add_deciding(world):
    """At the desk; of the tandem also what was before either of the two came."""
    by, before = world.organiser, timezone.now() - 60 * DAY
    TransferAgreement.objects.create(
        tandem=world.tandem, manager=world.half, coordinator=world.partner, goal=FOREIGN, support=FOREIGN
    )
    for tandem, word, at in (
        (world.tandem, "", timezone.now()),
        (world.tandem, FOREIGN, before),
        (world.stranger.tandem, FOREIGN, timezone.now()),
    ):
        StatusChange.objects.create(
            tandem=tandem,
            from_selection="OPEN",
            to_selection="ACCEPTED",
            changed_by=by,
            reason=f"Platz {word}",
            changed_at=at,
        )
        Note.objects.create(tandem=tandem, text=f"Rief wegen der Anreise an. {word}", written_by=by, written_at=at)
        expires_at = at + DAY
        Offer.objects.create(
            tandem=tandem,
            places=2,
            made_at=at,
            expires_at=expires_at,
            reason=f"Grund {word}",
            answered_at=expires_at,
            answer="ACCEPTED",
            answered_by=world.half,
        )
    Note.objects.create(tandem=world.tandem, about=world.half, text="Kommt später.", written_by=by)
    Note.objects.create(tandem=world.tandem, about=world.partner, text=FOREIGN, written_by=by)
    for tandem, word in ((world.tandem, ""), (world.stranger.tandem, FOREIGN)):
        SelectionOverride.objects.create(
            tandem=tandem, selection="ACCEPTED", reason=f"Härtefall {word}", stored_by=by
        )
    PartnerProposal.objects.create(
        manager=world.half,
        coordinator=world.stranger,
        is_same_municipality=True,
        manager_agreed=True,
        coordinator_agreed=False,
        closed_at=timezone.now(),
    )
    Merge.objects.create(kept=world.half, merged=world.stranger, before={"phone": "02841 99"}, merged_by=by)
    first, second = sorted((world.half, world.stranger), key=lambda half: half.pk)
    NotDuplicate.objects.create(first=first, second=second, stored_by=by)
    # Under her address alone: typed by nobody knows whom, invited as a partner, asked as a superior.
    factories.RegistrationFactory(
        tandem__cohort=world.cohort,
        person=None,
        confirmed_at=None,
        email=world.vera.email,
        given_names="Unbekannt",
        family_name=FOREIGN,
        organisation=FOREIGN,
    )
    factories.TandemFactory(cohort=world.cohort, partner_email=world.vera.email, municipality__name="Unna")
    Approval.objects.filter(registration=world.stranger).update(
        email=world.vera.email.upper(), name="Vera Özdemir-Voß", position="Leiterin"
    )


def add_needs(world):
    """All three have answered by name; Paul has shown his answers to Vera, and she hers to him."""
    survey = start_needs_survey(cohort=world.cohort, closes_at=timezone.now() + 7 * DAY, by=world.organiser)
    world.survey = survey
    text = scenes.question(survey, "TEXT")
    for invitation in survey.invitations.select_related("registration"):
        word = "" if invitation.registration_id == world.half.pk else FOREIGN
        scenes.send(invitation, {text.pk: f"Weniger Sitzungen. {word}"})
    MirrorRelease.objects.create(registration=world.half, partner=world.partner)
    MirrorRelease.objects.create(registration=world.partner, partner=world.half)


def add_account(person):
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": f"geheim-{person.pk}"})
    CalendarFeed.objects.create(user=person)


def add_taught(world, person, word):
    TrainerConfirmation.objects.create(session=world.session, trainer=person, sequence=0, remark=f"Passt. {word}")
    PracticeReport.objects.create(
        session=world.session,
        practitioner=person.get_full_name(),
        email=person.email,
        municipality="Moers",
        title=f"Ein Jahr {word}",
        text=f"Es begann im Mai. {word}",
    )
    SessionMaterial.objects.create(
        session=world.session,
        title=f"Handout {word}",
        original_name=f"handout{word}.pdf",
        size_bytes=8,
        uploaded_by=person,
    )
    if not word:
        SurveyComment.objects.create(survey=world.survey, text="Danke für die Offenheit.", written_by=person)
    world.session.trainers.add(world.vera)


def add_mail(person, word):
    written = mail.put(person.email, Composed(f"Zusage {word}".strip(), f"Sie haben einen Platz. {word}", ""))
    Email.objects.filter(pk=written.pk).update(headers=mail.PRIVATE)
    SendingAttempt.objects.create(
        email=written,
        recipient=person.email,
        outcome=SendingOutcome.REFUSED,
        ended_at=timezone.now(),
        reply=f"550 voll {word}",
    )
