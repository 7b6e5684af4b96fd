"""Projects, the colloquium and made-up time of the demo's past cohort; titles and units are invented."""

import datetime

from curriculum.models import Audience, Cohort
from netzkoord.models import User
from participants.models import Achievement, AchievementKind, MadeUpTime
from participants.queries.attendance import AttendanceRecord
from participants.queries.certificates import certificate_rows

# In the order in which the tandems have registered: title, day on which it was completed, units
PROJECTS: list[tuple[str, datetime.date, int | None]] = [
    ("Runder Tisch Wohnen: Hilfen aus einer Hand", datetime.date(2018, 3, 22), 12),
    ("Besuchsdienste verbinden: ein Netzwerk gegen Einsamkeit im Alter", datetime.date(2018, 4, 3), 16),
    ("Kinderarmut gemeinsam begegnen: vom Pakt zum Netzwerk", datetime.date(2018, 3, 15), 12),
    ("Ankommen und bleiben: Lotsinnen und Lotsen im Stadtteil", datetime.date(2018, 4, 9), 10),
    ("Quartiersfrühstück Nord: alle Träger an einem Tisch", datetime.date(2018, 3, 27), 8),
    ("Zweisprachig aufwachsen: Kitas und Vereine vernetzt", datetime.date(2018, 4, 5), 12),
    ("Eine Anlaufstelle für das Ehrenamt", datetime.date(2018, 3, 8), 8),
    ("Von der Schule in den Beruf: Übergänge im Viertel", datetime.date(2018, 4, 10), 14),
    ("Die Stiftung als Knoten: Förderer und Initiativen zusammenbringen", datetime.date(2018, 3, 29), None),
    ("Das Mehrgenerationenhaus als Netzwerkstelle", datetime.date(2018, 4, 6), 12),
    ("Kurze Wege: Beratung für Familien abgestimmt", datetime.date(2018, 3, 20), 10),
]
MADE_UP_ON = datetime.date(2018, 3, 22)
MADE_UP_MINUTES = 8 * 45
HOW = "Fallwerkstatt zu Modul 2, mit schriftlicher Rückmeldung der Trainerin"


def fill_achievements(cohort: Cohort, *, by: User) -> None:
    """Every coordinator has a project; whoever was away on the last day missed the colloquium for good.

    One who fell short of the rule has made up a day.
    """
    rows = [row for row in certificate_rows(cohort) if row.registration.role == Audience.COORDINATOR]
    records = [row.record for row in rows]
    records.sort(key=lambda record: record.registration.tandem.created_at)
    Achievement.objects.bulk_create(
        Achievement(
            registration=record.registration,
            kind=AchievementKind.PROJECT,
            title=title,
            completed_on=completed_on,
            units=units,
            recorded_by=by,
        )
        for record, (title, completed_on, units) in zip(records, PROJECTS, strict=True)
    )
    Achievement.objects.bulk_create(
        Achievement(
            registration=record.registration,
            kind=AchievementKind.COLLOQUIUM,
            completed_on=record.days[-1].day.date,
            recorded_by=by,
        )
        for record in records
        if record.days[-1].attended_minutes
    )
    MadeUpTime.objects.bulk_create(made_up(row.record, by=by) for row in rows if not row.fulfils)


def made_up(record: AttendanceRecord, *, by: User) -> MadeUpTime:
    return MadeUpTime(
        registration=record.registration,
        minutes=MADE_UP_MINUTES,
        made_up_on=MADE_UP_ON,
        how=HOW,
        recorded_by=by,
    )
