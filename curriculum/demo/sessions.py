"""Material of the finished cohort, and what the trainers have said to the dates of the coming one."""

import datetime
import io

from django.utils import timezone

from curriculum.actions.materials import add_material
from curriculum.models import Cohort, TrainerAnswer, TrainerConfirmation
from netzkoord.lib.pdf import render
from netzkoord.lib.uploads import PDF, Checked
from netzkoord.models import User

ANSWERS = {
    "F": (TrainerAnswer.YES, ""),
    "K1": (TrainerAnswer.YES, "Ich bringe die Karten für das Netzwerkkarussell mit."),
    "K2": (TrainerAnswer.OPEN, ""),
}


def fill_material(cohort: Cohort, *, by: User) -> None:
    """One released handout per session: the topics and methods of its module, out of the programme itself."""
    for session in cohort.sessions.select_related("module").order_by("pk"):
        units = session.module.units.prefetch_related("topics", "methods").all()
        title = f"Zum Nachlesen: {session.module.title}"
        paper = render("curriculum/pdf/demo_handout.html", {"module": session.module, "units": units}, title=title)
        name = f"nachlesen-{session.module.code.lower()}.pdf"
        upload = Checked(io.BytesIO(paper), len(paper), PDF, name)
        add_material(session=session, title=title, upload=upload, is_released=True, by=by)


def fill_confirmations(cohort: Cohort) -> None:
    """Asked a week ago, answered on the next day; one module's trainer has not been asked yet."""
    asked_at = timezone.now() - datetime.timedelta(days=7)
    for session in cohort.sessions.select_related("module").prefetch_related("trainers"):
        if session.module.code not in ANSWERS:
            continue
        answer, remark = ANSWERS[session.module.code]
        TrainerConfirmation.objects.bulk_create(
            TrainerConfirmation(
                session=session,
                trainer=trainer,
                sequence=session.sequence,
                asked_at=asked_at,
                answer=answer,
                answered_at=asked_at + datetime.timedelta(days=1) if answer else None,
                remark=remark,
            )
            for trainer in session.trainers.all()
        )
