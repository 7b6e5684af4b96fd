"""The Erlebnisberichte of the demo, by invented practitioners: some released, one not, one still to be written."""

import datetime

from django.utils import timezone

from curriculum.models import Cohort, PracticeReport, Session

# Module, who reports, from where, title, text; None where nothing is written yet. Released after so many days.
REPORTS: list[tuple[str, str, str, str, str, int | None]] = [
    (
        "F",
        "Annegret Vollmer",
        "Stadt Eichenfurt (erfunden)",
        "Nicht alle in einen Raum",
        "Als wir das Netzwerk für junge Menschen begannen, habe ich alle eingeladen: sechsundvierzig Personen, "
        "ein Saal, Kaffee. Es war ein freundlicher Nachmittag. Danach ist nichts geschehen.\n\n"
        "Beim zweiten Versuch haben wir mit fünf Gesprächen angefangen, jedes eine halbe Stunde, jedes mit einer "
        "Frage: Was brauchst du, das du allein nicht bekommst? Aus den Antworten wurden drei Vorhaben, und zu "
        "jedem kamen nur die, die etwas beitragen wollten.\n\n"
        "Meine Aufgabe als Beigeordnete war kleiner, als ich dachte, und wichtiger: den Auftrag in einem Satz "
        "sagen, zwei halbe Stellen sichern und im Ausschuss erklären, warum wir noch keine Zahlen haben.",
        12,
    ),
    (
        "K1",
        "Jonas Petermann",
        "Stadt Wiesenbrück (erfunden)",
        "Ein Jahr Koordination, und wer mich am meisten gelehrt hat",
        "Im ersten halben Jahr habe ich Protokolle geschrieben. Gute Protokolle. Niemand hat sie gelesen.\n\n"
        "Dann sagte die Leiterin einer Kita zu mir: Du fragst uns immer, was wir tun. Frag uns doch, was uns "
        "fehlt. Seitdem beginnt jedes Treffen mit dieser Frage, und die Antwort steht groß an der Wand, bis "
        "sie erledigt ist.\n\n"
        "Misslungen ist mir die Sache mit den beiden Trägern, die um dieselbe Stelle konkurrierten. Ich habe so "
        "getan, als gäbe es das nicht. Heute würde ich mit jedem einzeln sprechen, und zwar vor dem Treffen.",
        9,
    ),
    (
        "K3",
        "Merle Hinrichsen",
        "Landkreis Auental (erfunden)",
        "Viele Bälle in der Luft",
        "Ich weiß noch nicht, ob ich das so stehen lassen möchte.\n\n"
        "Im dritten Jahr lief alles gleichzeitig: die Bildungskonferenz, der Umzug des Familienbüros und meine "
        "eigene Befristung. Ich habe zu lange Ja gesagt. Geholfen hat mir ein Satz meines Amtsleiters: Welchen "
        "Ball darfst du fallen lassen?",
        None,
    ),
]
UPCOMING = ("K1", "Thea Morgenroth", "Stadt Neuenfließ (erfunden)", "Koordinieren ohne Weisungsrecht")


def fill_practice_reports(past: Cohort, upcoming: Cohort) -> None:
    """Three of four in the finished cohort, two of them released; one planned in the one to come."""
    sessions = {session.module.code: session for session in sessions_of(past)}
    PracticeReport.objects.bulk_create(
        report_of(sessions[code], name, municipality, title, text=text, released_after=days)
        for code, name, municipality, title, text, days in REPORTS
    )
    code, name, municipality, title = UPCOMING
    session = next(session for session in sessions_of(upcoming) if session.module.code == code)
    PracticeReport.objects.bulk_create([report_of(session, name, municipality, title)])


def sessions_of(cohort: Cohort) -> list[Session]:
    return list(cohort.sessions.with_dates().select_related("module"))


def report_of(
    session: Session, name: str, municipality: str, title: str, *, text: str = "", released_after: int | None = None
) -> PracticeReport:
    return PracticeReport(
        session=session,
        practitioner=name,
        email=f"{name.lower().replace(' ', '.')}@praxis.example",
        municipality=municipality,
        title=title,
        text=text,
        asked_at=timezone.now() if not text else moment(session, days=-21),
        released_at=moment(session, days=released_after) if released_after else None,
    )


def moment(session: Session, *, days: int) -> datetime.datetime:
    """So many days after the last day of the session, at ten o'clock."""
    day = session.last_on or timezone.localdate()
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(10, 0)))
