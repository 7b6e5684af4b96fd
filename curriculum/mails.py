"""The mails about the curriculum's delivery: each says why it comes and has one link.

A mail whose link lets its reader act as the recipient is private: nobody reads it in the outbox.
"""

from typing import Any

from curriculum.models import PracticeReport, Session, TrainerConfirmation
from curriculum.queries.practice_reports import report_link
from curriculum.queries.trainers import confirmation_link
from netzkoord.lib import links, mail
from netzkoord.models import User


def send_report_link(report: PracticeReport) -> None:
    """To the practitioner: what is asked for, and the personal link to write it."""
    cohort = report.session.cohort
    values = {
        "practitioner": report.practitioner,
        "title": report.title,
        "module": report.session.module.title,
        "cohort": cohort.title,
        "days": list(report.session.days.all()),
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
        "days": list(session.days.all()),
    }
