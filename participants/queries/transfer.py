"""Transfervereinbarungen: whose they are today, what a person may do with one, how many of a cohort stand."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import german_date
from participants.models import Registration, RegistrationState, Selection, Tandem, TransferAgreement
from participants.queries.offers import first_day
from participants.queries.pairs import Pair, pair_of
from participants.transfer_plan import ASKED_FOR, days_to_remind_of, earliest, is_reminder_due

# Tandems that share somebody's half by exception, with all that says whose agreement theirs is.
SHARED_TANDEMS = Prefetch(
    "shared_by",
    Tandem.objects.filter(selection=Selection.ACCEPTED).with_people().select_related("transfer_agreement"),
)
CANCELLED = "Der Durchgang ist abgesagt. Die Vereinbarung lässt sich nicht mehr ändern und nicht mehr bestätigen."
NOT_TWO = (
    "Im Moment gehören zu diesem Tandem nicht zwei Personen mit einem Platz im Durchgang. Sobald es zwei sind, "
    "können sie die Vereinbarung gemeinsam schreiben und bestätigen."
)
PAST = "Der genannte Tag ist schon da oder vorbei. Bitte ändern Sie ihn; danach können Sie beide bestätigen."


@dataclass(frozen=True)
class AgreementPage:
    """The agreement of one tandem as one of its people sees it. `why_closed` is empty while it can be written."""

    registration: Registration
    tandem: Tandem
    agreement: TransferAgreement | None
    pair: Pair | None
    why_closed: str

    @property
    def partner(self) -> Registration | None:
        return self.pair.other_than(self.registration) if self.pair else None

    @property
    def holds_for_pair(self) -> bool:
        """Whether those two wrote it who are the tandem today: otherwise nobody's confirmation counts."""
        if not self.agreement or not self.pair:
            return False
        return self.agreement.is_between(self.pair.manager, self.pair.coordinator)

    @property
    def is_inherited(self) -> bool:
        """Whether it was written when somebody else was one of the two."""
        return self.agreement is not None and self.pair is not None and not self.holds_for_pair

    def confirmed_at(self, half: Registration | None) -> datetime.datetime | None:
        if not self.agreement or not half or not self.holds_for_pair:
            return None
        return self.agreement.confirmations[half.pk]

    @property
    def own_confirmed_at(self) -> datetime.datetime | None:
        return self.confirmed_at(self.registration)

    @property
    def partner_confirmed_at(self) -> datetime.datetime | None:
        return self.confirmed_at(self.partner)

    @property
    def confirmed_by(self) -> list[tuple[Registration, datetime.datetime]]:
        """Who has confirmed when, the first one first."""
        halves = self.pair.both if self.pair else ()
        found = [(half, moment) for half in halves if (moment := self.confirmed_at(half))]
        return sorted(found, key=lambda row: row[1])

    @property
    def stands(self) -> bool:
        """Confirmed by both."""
        return len(self.confirmed_by) == 2

    @property
    def objection(self) -> str:
        """Why nobody can confirm what is written; empty when it can be, and when nothing is written."""
        if self.why_closed or self.agreement is None:
            return self.why_closed
        if missing := self.agreement.missing:
            return f"Zum Bestätigen fehlt noch: {listed(missing)}."
        return "" if self.stands or self.is_day_ahead else PAST

    @property
    def is_day_ahead(self) -> bool:
        """Whether there is still a day to go."""
        day = self.agreement.due_on if self.agreement else None
        return day is not None and day >= earliest(timezone.localdate())

    @property
    def is_confirmable(self) -> bool:
        """Whether this person can confirm it as it is now."""
        return self.agreement is not None and not self.own_confirmed_at and not self.objection

    @property
    def seen(self) -> str:
        """Names the words and the two people that a page has shown, so that nothing else is confirmed with it."""
        people = [half.pk for half in self.pair.both] if self.pair else []
        moment = self.agreement.changed_at.isoformat() if self.agreement else ""
        return " ".join([moment, *map(str, people)])

    @property
    def status(self) -> tuple[str, str]:
        """Kind of sign and words for how far it is, from this person's side."""
        if self.stands:
            return "done", "von Ihnen beiden bestätigt"
        if self.own_confirmed_at:
            return "info", "von Ihnen bestätigt, die zweite Bestätigung fehlt noch"
        if self.partner_confirmed_at:
            return "due", "Ihre Bestätigung fehlt noch"
        return ("info", "begonnen, noch nicht bestätigt") if self.agreement else ("neutral", "noch nicht begonnen")


def is_one_of(half: Registration, tandem: Tandem) -> bool:
    """Whether the tandem is this person's own, or shares this person's half by an exception that holds."""
    return half.tandem_id == tandem.pk or (tandem.shared is not None and tandem.shared.pk == half.pk)


def agreement_page(half: Registration, key: int) -> AgreementPage | None:
    """What the person of this registration sees of the tandem with this key; None where it is not theirs.

    Three queries, and one more for a neighbour's tandem that is not theirs any more.
    """
    tandems = Tandem.objects.with_people().select_related("cohort", "transfer_agreement")
    tandem = tandems.filter(pk=key).first()
    if tandem is None or not is_one_of(half, tandem):
        return None
    return page_of(half, tandem, first_on=first_day(tandem.cohort))


def page_of(half: Registration, tandem: Tandem, *, first_on: datetime.date | None) -> AgreementPage:
    """Reads the tandem's prefetched registrations; `first_on` is the first day of the cohort."""
    pair = pair_of(tandem)
    return AgreementPage(
        registration=half,
        tandem=tandem,
        agreement=getattr(tandem, "transfer_agreement", None),
        pair=pair,
        why_closed=why_closed(tandem.cohort, pair, first_on=first_on),
    )


def why_closed(cohort: Cohort, pair: Pair | None, *, first_on: datetime.date | None) -> str:
    """Why nobody can write or confirm; the end of the cohort is no reason."""
    if cohort.cancelled_at:
        return CANCELLED
    if pair is None:
        return NOT_TWO
    if first_on is None:
        return (
            "Die Vereinbarung schreiben Sie, wenn die Fortbildung begonnen hat. Die Termine stehen noch nicht fest."
        )
    if first_on > timezone.localdate():
        return f"Die Vereinbarung schreiben Sie, wenn die Fortbildung begonnen hat: ab {german_date(first_on)}."
    return ""


def own_agreements(half: Registration, *, first_on: datetime.date | None) -> list[AgreementPage]:
    """Those of the person's tandems that can be written or read; reads what `SHARED_TANDEMS` prefetches."""
    if half.state is not RegistrationState.ACCEPTED:
        return []
    tandems = [half.tandem, *(tandem for tandem in half.shared_by.all() if is_one_of(half, tandem))]
    for tandem in tandems:
        tandem.cohort = half.cohort
    pages = [page_of(half, tandem, first_on=first_on) for tandem in tandems]
    return [page for page in pages if page.agreement or not page.why_closed]


def agreement_to_ask_for(
    pages: Iterable[AgreementPage], *, last_on: datetime.date | None, today: datetime.date
) -> AgreementPage | None:
    """After the last day, the one that waits for this person: to be written, or to be confirmed."""
    if last_on is None or not last_on < today <= last_on + ASKED_FOR:
        return None
    return next((page for page in pages if not page.why_closed and not page.own_confirmed_at), None)


def agreement_state(tandem: Tandem) -> tuple[str, str] | None:
    """What the organisation learns of it: a sign and whether both have confirmed; None where there is none.

    Whose confirmation is missing is not told, nor a word of the text. Reads the prefetched registrations.
    """
    agreement: TransferAgreement | None = getattr(tandem, "transfer_agreement", None)
    if agreement is None:
        return None
    return ("done", "von beiden bestätigt") if holds(agreement, tandem) else ("neutral", "begonnen")


def tandems_with_agreement(cohort: Cohort) -> int:
    """Tandems of the cohort whose two people of today have both confirmed; two queries."""
    agreements = TransferAgreement.objects.confirmed().filter(tandem__cohort=cohort).with_people()
    return sum(holds(agreement, agreement.tandem) for agreement in agreements)


def holds(agreement: TransferAgreement, tandem: Tandem) -> bool:
    """Whether both have confirmed it who are its tandem today; reads the tandem's prefetched registrations."""
    pair = pair_of(tandem)
    if pair is None or not all(agreement.confirmations.values()):
        return False
    return agreement.is_between(pair.manager, pair.coordinator)


def agreements_to_remind_of(now: datetime.datetime) -> list[TransferAgreement]:
    """Whose day has come and who were not reminded of it; one query.

    Whether the two still are a tandem is asked behind the lock.
    """
    confirmed = TransferAgreement.objects.confirmed().filter(due_on__range=days_to_remind_of(now))
    running = confirmed.filter(tandem__cohort__cancelled_at__isnull=True)
    waiting = running.exclude(reminded_of__isnull=False, reminded_of=F("due_on"))
    rows = waiting.select_related("tandem__cohort").order_by("pk")
    return [row for row in rows if row.due_on and is_reminder_due(row.due_on, now)]
