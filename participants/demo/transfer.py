"""Transfervereinbarungen of the demo: one that both have confirmed, one that waits for the second person."""

import datetime

from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.models import User
from participants.models import Registration, Tandem, TransferAgreement
from participants.queries.offers import first_day
from participants.queries.pairs import Pair, pair_of

AFTER = datetime.timedelta(days=120)
CONFIRMED_AFTER = datetime.timedelta(days=95)
AHEAD = datetime.timedelta(days=75)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

CONFIRMED = {
    "goal": "Alle Träger der Frühen Hilfen in Göttingen kennen einander und planen ein gemeinsames Jahr: "
    "drei feste Treffen, eine Liste der Angebote, eine Stelle, die fragt.",
    "first_step": "Konrad Łukasik lädt zum ersten Runden Tisch ein und bringt die Netzwerkkarte aus Modul K2 mit. "
    "Friederike Özdemir-Voß spricht vorher mit der Amtsleitung.",
    "support": "Vier Stunden in der Woche für die Koordination, ein Mandat durch den Fachausschuss und 1.500 Euro "
    "im Jahr für Räume und Moderation.",
}
WAITING = {
    "goal": "Die Quartiersarbeit in Langenfeld bekommt einen Platz im Ausschuss: Was die Netzwerke beobachten, "
    "kommt dort zweimal im Jahr auf die Tagesordnung.",
    "first_step": "Wir schreiben im nächsten Monat zusammen eine Seite für den Ausschuss und stellen sie vor.",
    "support": "Die Führungskraft bringt den Punkt selbst ein und hält der Koordinierungskraft den Rücken frei, "
    "wenn Fachbereiche anders planen.",
}


def fill_transfer(cohort: Cohort, people: list[User]) -> None:
    """These two have confirmed and were reminded on the day; in another tandem one of the two has confirmed."""
    began_on = first_day(cohort)
    tandem = Registration.objects.accepted().filter(cohort=cohort, person__in=people).earliest("pk").tandem
    others = Tandem.objects.filter(cohort=cohort).exclude(pk=tandem.pk).order_by("pk")
    if began_on is None:
        raise ValueError(f"{cohort} has no sessions")
    agree(tandem, confirmed_on=began_on + CONFIRMED_AFTER)
    wait(next(other for other in others if pair_of(other)))


def pair(tandem: Tandem) -> Pair:
    found = pair_of(tandem)
    if found is None:
        raise ValueError(f"{tandem} is not complete")
    return found


def agree(tandem: Tandem, *, confirmed_on: datetime.date) -> None:
    two = pair(tandem)
    written_at = timezone.make_aware(datetime.datetime.combine(confirmed_on, datetime.time(16, 40)))
    due_on = confirmed_on + AFTER
    TransferAgreement.objects.create(
        tandem=tandem,
        manager=two.manager,
        coordinator=two.coordinator,
        due_on=due_on,
        reminded_of=due_on,
        changed_at=written_at,
        manager_confirmed_at=written_at + DAY,
        coordinator_confirmed_at=written_at + HOUR,
        **CONFIRMED,
    )


def wait(tandem: Tandem) -> None:
    two = pair(tandem)
    now = timezone.now()
    TransferAgreement.objects.create(
        tandem=tandem,
        manager=two.manager,
        coordinator=two.coordinator,
        due_on=timezone.localdate() + AHEAD,
        changed_at=now - 2 * DAY,
        coordinator_confirmed_at=now - DAY,
        **WAITING,
    )
