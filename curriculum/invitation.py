"""The invitation (Einladung) to a session as a document: when, where and what happens.

The same paper for everybody who comes and for the staff; it carries the address of an online session and is not
public.
"""

from curriculum.models import Session
from curriculum.queries.agenda import session_agenda, with_agenda
from curriculum.queries.schedule import scheduled_minutes
from netzkoord.lib import pdf

STYLES = ("css/pdf/invitation.css",)


def invitation_paper(key: int) -> bytes:
    """The paper of the session with this primary key. Raises `pdf.DocumentTooLarge`."""
    sessions = with_agenda(Session.objects.filter(pk=key)).select_related("venue", "cohort__edition")
    session = sessions.prefetch_related("trainers").get()
    agenda = session_agenda(session)
    return pdf.render(
        "curriculum/pdf/invitation.html",
        {
            "session": session,
            "cohort": session.cohort,
            "agenda": agenda,
            "days": list(session.days.all()),
            "minutes": scheduled_minutes(session),
            "trainers": [trainer.get_full_name() for trainer in session.trainers.all()],
            "contact": session.cohort.contact,
        },
        title=f"Einladung: {session.module}, {session.cohort}",
        description=f"Einladung mit Ablaufplan zu {session.module}, {session.cohort}",
        styles=STYLES,
    )
