"""The mails about the curriculum's delivery: each says why it comes and has one link.

A mail whose link lets its reader act as the recipient is private: nobody reads it in the outbox.
"""

from email.utils import parseaddr

from django.conf import settings

from curriculum.models import Cohort, PracticeReport
from curriculum.queries.practice_reports import report_link
from netzkoord.lib import mail


def contact_of(cohort: Cohort) -> str:
    """Where people ask about this cohort."""
    return cohort.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def send_report_link(report: PracticeReport) -> None:
    """To the practitioner: what is asked for, and the personal link to write it."""
    cohort = report.session.cohort
    contact = contact_of(cohort)
    values = {
        "practitioner": report.practitioner,
        "title": report.title,
        "module": report.session.module.title,
        "cohort": cohort.title,
        "days": list(report.session.days.all()),
        "contact": contact,
        "link": report_link(report),
    }
    mail.send(
        report.email,
        "curriculum/mail/practice_report_link.txt",
        values,
        reply_to=contact,
        headers=mail.PRIVATE,
    )
