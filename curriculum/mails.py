"""The mails about the curriculum's delivery: each says why it comes and has one link.

A mail whose link lets its reader act as the recipient is private: nobody reads it in the outbox.
"""

from collections.abc import Iterable
from typing import Any

from curriculum.models import PracticeReport, Session, SessionDay, TrainerConfirmation
from curriculum.queries.practice_reports import report_link
from curriculum.queries.trainers import confirmation_link
from netzkoord.lib import links, mail
from netzkoord.lib.sentences import listed
from netzkoord.models import User
from netzkoord.templatetags.german import german_date, german_time


def send_report_link(report: PracticeReport) -> None:
    """To the practitioner: what is asked for, and the personal link to write it."""
    cohort = report.session.cohort
    values = {
        "practitioner": report.practitioner,
        "title": report.title,
        "module": module_with_days(report.session),
        "cohort": cohort.title,
        "contact": cohort.contact,
        "link": report_link(report),
    }
    mail.send(
        report.email,
        "curriculum/mail/practice_report_link.txt",
        values,
        reply_to=cohort.contact,
        headers=mail.PRIVATE,
    )


def send_date_question(confirmation: TrainerConfirmation) -> None:
    """To the trainer, with the personal link to answer."""
    session = confirmation.session
    mail.send(
        confirmation.trainer.email,
        "curriculum/mail/trainer_asked.txt",
        about(session, confirmation.trainer) | {"place": session.place, "link": confirmation_link(confirmation)},
        reply_to=session.cohort.contact,
        headers=mail.PRIVATE,
    )


def send_date_refusal(confirmation: TrainerConfirmation) -> None:
    """To the organisers: somebody else is to be found, which must not wait until one of them happens to look."""
    session, trainer = confirmation.session, confirmation.trainer
    link = links.absolute("curriculum:session_edit", session.pk)
    mail.send(
        session.cohort.contact,
        "curriculum/mail/trainer_refused.txt",
        about(session, trainer) | {"remark": confirmation.remark, "link": link},
        reply_to=trainer.email,
    )


def send_released(session: Session, trainer: User) -> None:
    """To a trainer who is not to come any more."""
    contact = session.cohort.contact
    values = about(session, trainer) | {"contact": contact}
    mail.send(trainer.email, "curriculum/mail/trainer_released.txt", values, reply_to=contact)


def about(session: Session, trainer: User) -> dict[str, Any]:
    return {
        "name": trainer.get_full_name(),
        "session": str(session),
        "cohort": session.cohort.title,
        "days": day_lines(session.days.all()),
    }


def day_lines(days: Iterable[SessionDay]) -> list[str]:
    """„Do, 7. Dezember 2017, 9:00–16:30 Uhr“ for each day."""
    return [
        f"{german_date(day.date)}, {german_time(day.starts_at)}–{german_time(day.ends_at)}\u00a0Uhr" for day in days
    ]


def module_with_days(session: Session) -> str:
    """„„Haltung“ (Do, 7. Dezember 2017 und Fr, 8. Dezember 2017)“"""
    dates = listed([german_date(day.date) for day in session.days.all()])
    return f"„{session.module.title}“" + (f" ({dates})" if dates else "")
