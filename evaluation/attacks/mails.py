"""Attacks on the mails: one that goes only to those who have answered says so, and when."""

import math
from collections import defaultdict

from django.db.models import Prefetch
from post_office.models import Email

from evaluation.attacks.attempts import Attempt, number_of
from evaluation.models import Invitation, Survey

# So unlikely must it be that chance alone chose the recipients.
IMPROBABLE = 1e-5


def mails_by_answer() -> Attempt:
    """Whether a mail went, while a survey was open, to those who answered more than chance explains.

    Reminders go to the others and are allowed: they say that somebody had not answered yet.
    """
    invitations = Invitation.objects.select_related("registration", "participation")
    surveys = Survey.objects.anonymous().prefetch_related(Prefetch("invitations", invitations))
    findings, number = [], 0
    for survey in surveys:
        answered = {i.registration.email.lower(): i.is_answered for i in survey.invitations.all()}
        sent = recipients_by_subject(survey, set(answered))
        number += sum(len(recipients) for recipients in sent.values())
        findings += [
            f"„{subject}“ ging während der Erhebung {survey.pk} fast nur an Personen, die geantwortet haben"
            for subject, recipients in sent.items()
            if chance_of(answered, recipients) < IMPROBABLE
        ]
    return Attempt(
        "Mails", f"{number_of(number, 'Mail', 'Mails')} an Eingeladene, während eine Erhebung lief", findings
    )


def recipients_by_subject(survey: Survey, invited: set[str]) -> dict[str, set[str]]:
    sent: dict[str, set[str]] = defaultdict(set)
    mails = Email.objects.filter(created__range=(survey.opens_at, survey.closes_at)).only("subject", "to")
    for mail in mails:
        for address in mail.to:
            if address.lower() in invited:
                sent[mail.subject].add(address.lower())
    return sent


def chance_of(answered: dict[str, bool], recipients: set[str]) -> float:
    """Probability that as many of those who answered, or more, are among so many recipients drawn by lot."""
    n, a, r = len(answered), sum(answered.values()), len(recipients)
    hits = sum(answered[address] for address in recipients)
    ways = sum(math.comb(a, h) * math.comb(n - a, r - h) for h in range(hits, min(a, r) + 1) if r - h <= n - a)
    return ways / math.comb(n, r)
