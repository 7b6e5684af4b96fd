"""What the demo's manager finds under „Meine Daten“, beside what all others have."""

import datetime

from curriculum.models import CalendarFeed, Cohort
from netzkoord.models import User
from participants.models import Approval, FieldOfAction, Note, Registration

ASKED = datetime.datetime(2017, 6, 27, 12, 10, tzinfo=datetime.UTC)
ANSWERED = datetime.datetime(2017, 6, 29, 6, 45, tzinfo=datetime.UTC)
NOTED = datetime.datetime(2017, 9, 26, 9, 20, tzinfo=datetime.UTC)


def fill_person(cohort: Cohort, person: User, *, by: User) -> None:
    """Voluntary fields, the word of a superior, a note of the organisers, a calendar feed."""
    half = Registration.objects.get(cohort=cohort, person=person)
    Registration.objects.filter(pk=half.pk).update(
        position="Leiterin des Fachbereichs Soziales",
        phone="0551 5550123",
        field_of_action=FieldOfAction.NEIGHBOURHOOD,
    )
    Approval.objects.create(
        registration=half,
        email="dezernat@stadt.example",
        name="Dr. Wilhelmine Uhlig",
        position="Dezernentin für Soziales",
        asked_at=ASKED,
        decided_at=ANSWERED,
        is_granted=True,
    )
    Note.objects.create(
        tandem=half.tandem,
        about=half,
        text="Rief an: kommt am ersten Tag mit dem Zug um 8:40 Uhr, bitte am Empfang Bescheid geben.",
        written_by=by,
        written_at=NOTED,
    )
    CalendarFeed.objects.create(user=person, created_at=ANSWERED)
