"""The start pages of trainers and participants: what is theirs, and the next step."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from curriculum.cancellations import cancelled_at, held_days, is_off
from curriculum.models import Session, SessionDay, SessionMaterial, TrainerConfirmation
from curriculum.queries.agenda import AGENDA
from evaluation.models import Invitation, Outcome, Purpose, Survey, Workshop
from netzkoord.lib.sentences import listed
from netzkoord.models import User
from netzkoord.templatetags.german import german_date, german_datetime, german_time
from participants.entitlement import Entitlement
from participants.models import Certificate, Registration, RegistrationState, TandemForm
from participants.queries.achievements import own_entitlements
from participants.queries.certificates import certificates_of_tandems
from participants.queries.invitations import OwnInvitation, own_calendar_url, own_invitations
from participants.queries.materials import released_to
from participants.queries.offers import open_offer
from participants.queries.own_page import own_proposal
from participants.queries.status import CANCELLED_SENTENCE, OwnSession, are_under_way, own_sessions, standing
from participants.queries.transfer import SHARED_TANDEMS, AgreementPage, agreement_to_ask_for, own_agreements
from participants.tokens import own_token


@dataclass(frozen=True)
class Step:
    """The one thing to do next: a sentence, and a button when there is something to press."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Participation:
    """One registration on the participant's start page."""

    registration: Registration
    kind: str
    label: str
    reason: str
    partner: Registration | None
    sessions: list[OwnSession]
    materials: list[SessionMaterial]
    invitations: list[OwnInvitation]
    calendar_url: str
    forms: list[Step]
    results: list[Step]
    certificates: list[Certificate]
    entitlement: Entitlement | None
    agreements: list[AgreementPage]
    next_step: Step
    second_step: Step | None
    status_url: str


@dataclass(frozen=True)
class KeptPlace:
    """The place of somebody who has left, and where to name who comes instead."""

    registration: Registration
    url: str


@dataclass(frozen=True)
class TrainerSession:
    """One of a trainer's own sessions with what there is to read or to enter."""

    session: Session
    when: str
    is_over: bool
    is_cancelled: bool
    reason: str
    question: str
    feedback: Survey | None
    has_result: bool
    workshops: list[Workshop]


def participations(user: User) -> list[Participation]:
    """The person's own registrations, the latest cohort on top; eleven queries, seven more once one has begun."""
    registrations = list(
        Registration.objects.active()
        .filter(person=user)
        .select_related(
            "cohort",
            "tandem__municipality",
            "tandem__shared_half__tandem__municipality",
            "tandem__transfer_agreement",
        )
        .prefetch_related(
            SHARED_TANDEMS,
            Prefetch("tandem__registrations", queryset=Registration.objects.active()),
            Prefetch("certificates", queryset=Certificate.objects.valid().defer("content")),
            Prefetch(
                "invitations",
                queryset=Invitation.objects.filter(survey__in=Survey.objects.open(), participation=None)
                .select_related("survey__session__module")
                .order_by("survey__closes_at"),
            ),
            Prefetch(
                "cohort__sessions",
                queryset=Session.objects.with_dates()
                .select_related("module", "venue")
                .prefetch_related("days", AGENDA),
            ),
        )
        .order_by("-cohort__registration_closes_on", "-pk")
    )
    materials = list(released_to(user).select_related("session__module")) if registrations else []
    results = returned_results(user) if registrations else {}
    entitlements = own_entitlements([row for row in registrations if are_under_way(sessions_for(row))])
    of_tandems = certificates_of_tandems(registrations)
    return [
        participation_of(
            row, materials, results.get(row.pk, []), entitlements.get(row.pk), of_tandems.get(row.pk, [])
        )
        for row in registrations
    ]


def kept_places(user: User) -> list[KeptPlace]:
    """What somebody who has left an accepted tandem can still do; one query."""
    halves = Registration.objects.with_kept_place().filter(person=user).select_related("cohort", "tandem")
    return [
        KeptPlace(half, reverse("participants:substitute_name", args=[own_token(half)]))
        for half in halves.order_by("tandem__place_held_until")
    ]


def participation_of(
    registration: Registration,
    materials: Sequence[SessionMaterial],
    results: list[Step],
    entitlement: Entitlement | None,
    of_tandems: list[Certificate],
) -> Participation:
    sessions = sessions_for(registration)
    forms = [form_step(invitation) for invitation in registration.invitations.all()]
    certificates = list(registration.certificates.all())
    agreements = own_agreements(registration, first_on=first_day_of(registration))
    kind, label = standing(registration)
    token = own_token(registration)
    step = next_step(registration, sessions, forms, certificates, agreements)
    return Participation(
        registration=registration,
        kind=kind,
        label=label,
        reason=registration.cohort.cancellation_reason,
        partner=registration.partner,
        sessions=own_sessions(registration, sessions),
        materials=[material for material in materials if material.session in sessions],
        invitations=own_invitations(registration, sessions, token=token),
        calendar_url=own_calendar_url(registration, sessions, token=token),
        forms=forms,
        results=results,
        certificates=certificates + of_tandems,
        entitlement=entitlement,
        agreements=agreements,
        next_step=step,
        second_step=second_step(step, certificates, agreements),
        status_url=reverse("participants:registration_status", args=[token]),
    )


def sessions_for(registration: Registration) -> list[Session]:
    """Those that are for this person; prefetched."""
    return [session for session in registration.cohort.sessions.all() if registration.role in session.audiences]


# The question of each survey, and its button.
FORMS = {
    Purpose.NEEDS: ("Ihre Bedarfe sind gefragt.", "Bedarfe angeben"),
    Purpose.START: ("Wo stehen Sie heute, vor dem Beginn?", "Sich anonym einschätzen"),
    Purpose.FEEDBACK: ("Wie war der Termin?", "Anonyme Rückmeldung geben"),
    Purpose.END: ("Wie war die Fortbildung?", "Anonym zum Abschluss antworten"),
    Purpose.TRANSFER: ("Was ist von der Fortbildung angekommen?", "Anonym zum Transfer antworten"),
}


def form_step(invitation: Invitation) -> Step:
    """A form that is open and not answered yet; signed in, the person needs no link for it."""
    text, label = FORMS[Purpose(invitation.survey.purpose)]
    if session := invitation.survey.session:
        text = f"Wie war „{session.module.title}“?"
    return Step(text, reverse("evaluation:survey_answer", args=[invitation.link_key]), label)


def returned_results(user: User) -> dict[int, list[Step]]:
    """The results that were given back to all who were asked, by registration, the latest first; one query."""
    invitations = Invitation.objects.filter(
        registration__person=user, survey__comment__returned_at__isnull=False
    ).select_related("survey__session__module")
    results: dict[int, list[Step]] = defaultdict(list)
    for invitation in invitations.order_by("-survey__comment__returned_at"):
        address = reverse("evaluation:survey_returned", args=[invitation.link_key])
        text = "was alle zusammen gesagt haben, und was das Training dazu sagt"
        results[invitation.registration_id].append(Step(text, address, invitation.survey.about))
    return results


def next_step(
    registration: Registration,
    sessions: Sequence[Session],
    forms: Sequence[Step],
    certificates: Sequence[Certificate],
    agreements: Sequence[AgreementPage],
) -> Step:
    if registration.cohort.cancelled_at:
        return Step(CANCELLED_SENTENCE)
    if question := open_question_to(registration):
        return question
    if forms:
        return forms[0]
    upcoming = upcoming_days(sessions)
    if registration.state is RegistrationState.ACCEPTED and upcoming:
        day = upcoming[0]
        when = f"{german_date(day.date)} um {german_time(day.starts_at)}\u00a0Uhr"
        return Step(f"Ihr nächster Termin: {day.session.module.title}, {when}.")
    if agreement := agreement_to_ask_for(agreements, last_on=last_day_of(sessions), today=timezone.localdate()):
        return agreement_step(agreement)
    if certificates:
        return certificate_step(certificates)
    return Step(WAITING_TEXTS.get(registration.state, "Im Moment ist nichts zu tun."))


def certificate_step(certificates: Sequence[Certificate]) -> Step:
    address = certificates[0].get_absolute_url()
    return Step("Ihre Bescheinigung liegt bereit.", address, "Bescheinigung herunterladen")


def second_step(
    first: Step, certificates: Sequence[Certificate], agreements: Sequence[AgreementPage]
) -> Step | None:
    """The certificate, where only the agreement comes before it: for it many open this page."""
    is_agreement = first.url in {agreement_url(page) for page in agreements}
    return certificate_step(certificates) if certificates and is_agreement else None


def agreement_url(page: AgreementPage) -> str:
    return reverse("participants:transfer_show", args=[own_token(page.registration), page.tandem.pk])


def agreement_step(page: AgreementPage) -> Step:
    """What waits for this person: to write it together, or to confirm what the other has confirmed."""
    address = agreement_url(page)
    if page.partner_confirmed_at:
        return Step(f"{page.partner} hat Ihre Transfervereinbarung bestätigt.", address, "Lesen und bestätigen")
    return Step(
        "Was nehmen Sie zu zweit mit in den Alltag? Halten Sie es in Ihrer Transfervereinbarung fest.",
        address,
        "Transfervereinbarung öffnen",
    )


def open_question_to(registration: Registration) -> Step | None:
    """An offered place or a proposed partner that waits for an answer; a query only where there may be one."""
    token = own_token(registration)
    if registration.state is RegistrationState.WAITING and (offer := open_offer(registration.tandem)):
        return Step(
            f"Ein Platz wartet auf Ihre Antwort, bis {german_datetime(offer.expires_at)}.",
            reverse("participants:offer_show", args=[token]),
            "Angebot ansehen und antworten",
        )
    if registration.confirmed_at and registration.tandem.form == TandemForm.SEEKING:
        proposal = own_proposal(registration)
        if proposal and not proposal.has_agreed:
            return Step(
                f"Unser Vorschlag für Ihr Tandem: {proposal.other}.",
                reverse("participants:registration_status", args=[token]),
                "Vorschlag ansehen und antworten",
            )
    return None


WAITING_TEXTS = {
    RegistrationState.CONFIRMED: "Ihre Anmeldung ist bestätigt. Die Organisation entscheidet und schreibt Ihnen.",
    RegistrationState.WAITING: "Sie stehen auf der Warteliste. Wird ein Platz frei, schreiben wir Ihnen.",
    RegistrationState.DECLINED: "Für diesen Durchgang konnten wir Ihnen keinen Platz geben.",
}


def first_day_of(registration: Registration) -> datetime.date | None:
    """The first day of the cohort for anybody; reads the prefetched sessions."""
    dates = [day.date for session in registration.cohort.sessions.all() for day in held_days(session)]
    return min(dates, default=None)


def last_day_of(sessions: Sequence[Session]) -> datetime.date | None:
    return max((day.date for session in sessions for day in held_days(session)), default=None)


def upcoming_days(sessions: Sequence[Session]) -> list[SessionDay]:
    today = timezone.localdate()
    days = [day for session in sessions for day in held_days(session) if day.date >= today]
    return sorted(days, key=lambda day: (day.date, day.starts_at))


def trainer_sessions(user: User) -> list[TrainerSession]:
    """The trainer's own sessions: the next one first, then those that are over, the latest first; six queries."""
    feedback = Survey.objects.feedback().defer("public_key", "wrapped_private_key")
    sessions = (
        Session.objects.filter(trainers=user)
        .with_dates()
        .select_related("module", "venue", "cohort")
        .prefetch_related(
            "days",
            "workshops",
            Prefetch("surveys", queryset=feedback),
            Prefetch("confirmations", queryset=TrainerConfirmation.objects.filter(trainer=user)),
        )
    )
    rows = [trainer_session(session) for session in sessions]
    return [row for row in rows if not row.is_over] + [row for row in reversed(rows) if row.is_over]


def trainer_session(session: Session) -> TrainerSession:
    dates = [day.date for day in session.days.all()]
    survey = next(iter(session.surveys.all()), None)
    is_cancelled = is_off(session)
    return TrainerSession(
        session=session,
        when=dates_in_words(dates),
        is_over=all(date < timezone.localdate() for date in dates),
        is_cancelled=is_cancelled,
        reason=(session.cancellation_reason or session.cohort.cancellation_reason) if is_cancelled else "",
        question=open_question(session),
        feedback=survey,
        has_result=survey is not None and survey.outcome == Outcome.COUNTED,
        workshops=list(session.workshops.all()),
    )


def dates_in_words(dates: Sequence[datetime.date]) -> str:
    """Three and more in a row from the first to the last, others one by one."""
    if len(dates) > 2 and dates[-1] - dates[0] == datetime.timedelta(days=len(dates) - 1):
        return f"{german_date(dates[0])} bis {german_date(dates[-1])}"
    return listed([german_date(date) for date in dates])


def open_question(session: Session) -> str:
    """What the trainer was asked and has not answered for the dates as they are now; empty when nothing is open."""
    confirmation = next(iter(session.confirmations.all()), None)
    if confirmation is None or cancelled_at(session) or has_begun(session):
        return ""
    if not confirmation.answer:
        return "Bitte sagen Sie zu oder ab."
    return "Der Termin ist verschoben. Bitte antworten Sie noch einmal." if confirmation.is_outdated else ""


def has_begun(session: Session) -> bool:
    """Whether the first day has begun, or there is none; as `why_closed` asks, of prefetched days."""
    day = next(iter(session.days.all()), None)
    if day is None:
        return True
    return timezone.make_aware(datetime.datetime.combine(day.date, day.starts_at)) <= timezone.now()
