"""A new personal link for one that has expired, mailed to the address that had it."""

from collections.abc import Callable, Mapping

from curriculum.mails import send_date_question, send_report_link
from curriculum.models import PracticeReport
from curriculum.queries import practice_reports, trainers
from netzkoord.models import PersonalLink


def renew_report(link: PersonalLink) -> None:
    report = PracticeReport.objects.filter(link_key=link.target_id, email__iexact=link.email).first()
    if report:
        send_report_link(report)


def renew_date_question(link: PersonalLink) -> None:
    confirmation = trainers.confirmation_with_key(int(link.target_id))
    if confirmation and confirmation.trainer.email == link.email and not trainers.why_closed(confirmation.session):
        send_date_question(confirmation)


RENEWALS: Mapping[str, Callable[[PersonalLink], None]] = {
    practice_reports.PURPOSE: renew_report,
    trainers.PURPOSE: renew_date_question,
}
