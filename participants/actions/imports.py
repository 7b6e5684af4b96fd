"""Registrations out of a table that was tried out: all of them, or none."""

from collections.abc import Sequence
from dataclasses import fields

from django.db import transaction

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.actions.consents import Wishes, store_wishes
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.actions.registrations import Particulars, confirm_half, store_half
from participants.imports.registration_table import Row
from participants.imports.registrations import Bond, Entry, Trial, try_out
from participants.models import Tandem
from participants.tokens import CONFIRM_DAYS


@transaction.atomic
def import_registrations(*, cohort: Cohort, rows: Sequence[Row], is_confirmed: bool, by: User) -> Trial:
    """Store what the table would create now, if nothing is wrong with it; the caller looks at `problems`.

    Each person gets a mail: with the link that confirms, or, where the organiser answers for the confirmation, with
    what was stored. Who is registered already stays as they are, so that a second time stores nothing.
    """
    cohort = lock(cohort)
    trial = try_out(rows, cohort)
    if cohort.cancelled_at:
        trial.object(0, "", "Der Durchgang ist abgesagt. Hier wird niemand mehr angemeldet.")
    if trial.problems or not trial.people:
        return trial
    try:
        with transaction.atomic():
            for bond in trial.bonds:
                store_bond(bond, cohort, is_confirmed=is_confirmed)
            audit.record(AuditAction.REGISTRATIONS_IMPORTED, target=cohort, by=by, count=trial.people)
    except EntryRefused as refused:
        trial.object(refused.entry.number, "", f"{refused.entry.name}: {refused}")
    return trial


class EntryRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """One person cannot be confirmed; the sentence is the one that the person would read."""

    def __init__(self, entry: Entry, text: str) -> None:
        super().__init__(text)
        self.entry = entry


def store_bond(bond: Bond, cohort: Cohort, *, is_confirmed: bool) -> None:
    tandem = bond.joins or Tandem(
        cohort=cohort, municipality=bond.municipality, form=bond.form, partner_email=bond.partner_email
    )
    if tandem._state.adding:
        tandem.save()
    for entry in bond.entries:
        try:
            store(entry, tandem, is_confirmed=is_confirmed)
        except RegistrationRefused as refusal:
            raise EntryRefused(entry, str(refusal)) from refusal


def store(entry: Entry, tandem: Tandem, *, is_confirmed: bool) -> None:
    particulars = Particulars(**{field.name: entry.values[field.name] for field in fields(Particulars)})
    half = store_half(tandem, role=entry.role, particulars=particulars)
    if tandem.cohort.asks_approval:
        store_wishes(half, Wishes(superior_email=entry.superior_email))
    if is_confirmed:
        confirm_half(fresh(half))
    else:
        mails.send_confirmation(half, days=CONFIRM_DAYS)
