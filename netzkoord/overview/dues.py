"""What waits for an organiser, as sentences with a link."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Cohort, CohortState, Session
from evaluation.models import Purpose, Survey, TextState
from evaluation.queries.asking import last_day
from evaluation.queries.session_feedback import is_behind
from netzkoord.lib.mail_states import MailState, count_by_state
from netzkoord.lib.sentences import counted, listed
from netzkoord.overview.facts import CohortSurveys, Facts
from netzkoord.templatetags.german import german_date, long_date
from participants.counting import RegistrationCounts
from participants.entitlement import Lack
from participants.halves import kinds_of
from participants.models import Selection
from participants.queries.certificates import CertificateDues
from participants.queries.written_in import written_in_count

INVITED_BEFORE = datetime.timedelta(days=21)
FEEDBACK_STARTS_WITHIN = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Due:
    """Something that waits for a person, as a sentence with a link."""

    text: str
    url: str


def mail_dues() -> list[Due]:
    """Mails that a person must look after; one query."""
    counts = count_by_state(Email.objects.all())
    sentences = {
        MailState.FAILED: ("Mail ist nicht angekommen", "Mails sind nicht angekommen"),
        MailState.UNCERTAIN: ("Mail ist vielleicht nicht angekommen", "Mails sind vielleicht nicht angekommen"),
    }
    outbox = reverse("outbox")
    return [
        Due(counted(counts[state], *words), f"{outbox}?stand={state}")
        for state, words in sentences.items()
        if counts[state]
    ]


def general_dues() -> list[Due]:
    """What concerns no cohort alone; one query."""
    count = written_in_count()
    text = counted(count, "eingetragene Kommune ist", "eingetragene Kommunen sind") + " noch nicht zugeordnet"
    return [Due(text, reverse("participants:written_in_list"))] if count else []


def due_of(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    """Everything that waits for an organiser in this cohort."""
    if state is CohortState.CANCELLED:
        return []
    due = [*due_before_start(cohort, state, facts), *due_without_session(cohort, state, facts)]
    for session in facts.sessions.get(cohort.pk, []):
        due += due_before_session(cohort, session, facts)
        due += due_after_session(cohort, session, facts)
    due += [*due_answers(cohort, facts), *due_texts(cohort, facts), *due_needs(cohort, facts)]
    if state is CohortState.FINISHED:
        due += due_at_end(cohort, facts)
    return due


def due_before_start(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    tandems = facts.tandems.get(cohort.pk, RegistrationCounts())
    surveys = facts.surveys.get(cohort.pk, CohortSurveys())
    due = []
    if state is CohortState.PLANNED and not facts.sessions.get(cohort.pk):
        due.append(Due("Der Durchgang hat noch keine Termine", url("curriculum:session_add", cohort)))
    elif state is CohortState.PLANNED:
        due.append(Due("Der Durchgang ist noch nicht ausgeschrieben", url("curriculum:cohort_announce", cohort)))
    if tandems.open_sentence:
        waiting = f"{url('participants:tandem_list', cohort)}?selection={Selection.OPEN}&flags=confirmed"
        due.append(Due(tandems.open_sentence, waiting))
    due += due_on_waiting_list(cohort, facts)
    if missed := facts.missed_mails.get(cohort.pk):
        text = counted(missed, "Mail nach Regel ist versäumt", "Mails nach Regel sind versäumt")
        due.append(Due(text, url("mail_calendar", cohort)))
    if tandems.accepted.total() and state is not CohortState.FINISHED and Purpose.NEEDS not in surveys.by_purpose:
        due.append(Due("Die Bedarfserhebung ist noch nicht gestartet", url("evaluation:needs_survey_add", cohort)))
    return due


def due_on_waiting_list(cohort: Cohort, facts: Facts) -> list[Due]:
    """Free places that nobody is being offered, and offers that end by tomorrow."""
    address = url("participants:waiting_list_show", cohort)
    due = []
    if free := facts.free_places.get(cohort.pk):
        due.append(Due(f"{counted(free, 'Platz ist', 'Plätze sind')} frei, niemand rückt gerade nach", address))
    if ending := facts.ending_offers.get(cohort.pk):
        due.append(Due(f"{counted(ending, 'Angebot läuft', 'Angebote laufen')} bis morgen ab", address))
    return due


def due_without_session(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    """Modules of an announced cohort that nobody is going to hold, as after a cancelled session."""
    if not cohort.announced_at or state is CohortState.FINISHED:
        return []
    held = {session.module_id for session in facts.sessions.get(cohort.pk, [])}
    missing = [code for key, code in facts.modules[cohort.edition_id] if key not in held]
    verb = "hat" if len(missing) == 1 else "haben"
    text = f"{listed(missing)} {verb} keinen Termin"
    return [Due(text, url("curriculum:session_add", cohort))] if missing else []


def due_before_session(cohort: Cohort, session: Session, facts: Facts) -> list[Due]:
    """Whoever teaches; the invitation, once the session is near and somebody is to come."""
    first_on = min((day.date for day in session.days.all()), default=None)
    if first_on is None or first_on < timezone.localdate():
        return []
    due = [
        Due(f"{name} kann zu {session.module.code} nicht kommen", url("curriculum:session_edit", session))
        for name in facts.refusals.get(session.pk, [])
    ]
    return due + due_invitation(cohort, session, facts, first_on=first_on)


def due_invitation(cohort: Cohort, session: Session, facts: Facts, *, first_on: datetime.date) -> list[Due]:
    people = sum(facts.expected.get((cohort.pk, audience), 0) for audience in session.audiences)
    if session.invited_at or not people:
        return []
    if not first_on - INVITED_BEFORE <= timezone.localdate() < first_on:
        return []
    text = f"Einladung zu {session.module.code} ist noch nicht versendet"
    return [Due(text, url("participants:invitation_send", session))]


def due_after_session(cohort: Cohort, session: Session, facts: Facts) -> list[Due]:
    today = timezone.localdate()
    past_days = [day for day in session.days.all() if day.date <= today]
    if not past_days:
        return []
    people = sum(facts.expected.get((cohort.pk, audience), 0) for audience in session.audiences)
    missing = people * sum(len(kinds_of(day)) for day in past_days) - facts.entered.get(session.pk, 0)
    due = []
    if people and missing > 0:
        text = f"Anwesenheit fehlt: {session.module.code} ({counted(missing, 'Eintrag', 'Einträge')})"
        due.append(Due(text, url("participants:attendance_edit", session)))
    surveys = facts.surveys.get(cohort.pk, CohortSurveys())
    is_recent = max(day.date for day in past_days) >= today - FEEDBACK_STARTS_WITHIN
    if facts.entered.get(session.pk) and is_recent and session.pk not in surveys.by_session:
        text = f"Rückmeldung zu {session.module.code} ist noch nicht gestartet"
        due.append(Due(text, url("evaluation:feedback_survey_add", session)))
    return due


def due_answers(cohort: Cohort, facts: Facts) -> list[Due]:
    """Open surveys that few have answered though half of their time is over; the tab says what can be done."""
    return [
        Due(lagging_sentence(name, survey), url("evaluation:feedback_list", cohort))
        for name, survey in named_surveys(cohort, facts)
        if is_behind(survey)
    ]


def due_texts(cohort: Cohort, facts: Facts) -> list[Due]:
    """Free texts of counted surveys, which nobody else reads before an organiser has looked at them."""
    return [
        Due(unread_sentence(name, count), f"{url('evaluation:text_list', survey)}?stand={TextState.PENDING}")
        for name, survey in named_surveys(cohort, facts)
        if (count := facts.unread[survey.pk])
    ]


def unread_sentence(name: str, count: int) -> str:
    return f"{name}: {counted(count, 'freier Text ist', 'freie Texte sind')} noch nicht angesehen"


def named_surveys(cohort: Cohort, facts: Facts) -> list[tuple[str, Survey]]:
    surveys = facts.surveys.get(cohort.pk, CohortSurveys())
    named = [(survey.get_purpose_display(), survey) for survey in surveys.by_purpose.values()]
    named += [
        (f"Rückmeldung zu {session.module.code}", surveys.by_session[session.pk])
        for session in facts.sessions.get(cohort.pk, [])
        if session.pk in surveys.by_session
    ]
    return named


def lagging_sentence(name: str, survey: Survey) -> str:
    verb = "haben" if survey.answered > 1 else "hat"
    so_far = f"{verb} {survey.answered or 'keine'} von {counted(survey.invited, 'Person', 'Personen')}"
    return f"{name}: Bisher {so_far} geantwortet; offen bis {german_date(last_day(survey))}"


def due_needs(cohort: Cohort, facts: Facts) -> list[Due]:
    """Needs that cohort after cohort names and none has covered; the page says of each what can be done."""
    recurring = facts.recurring_needs.get(cohort.pk, {})
    if not recurring:
        return []
    (title, sentence), *others = recurring.items()
    text = f"„{title}“: {sentence[0].lower()}{sentence[1:-1]}"
    if others:
        text = f"{len(recurring)} Bedarfe sind wiederholt in Folge genannt und nie gedeckt"
    return [Due(text, url("evaluation:need_judgements", cohort))]


def due_at_end(cohort: Cohort, facts: Facts) -> list[Due]:
    dues = facts.certificate_dues.get(cohort.pk, CertificateDues())
    due = []
    if dues.ready:
        text = counted(dues.ready, "Bescheinigung kann", "Bescheinigungen können") + " ausgestellt werden"
        due.append(Due(text, url("participants:certificate_issue", cohort)))
    if dues.completed:
        text = counted(dues.completed, "Bescheinigung ist", "Bescheinigungen sind")
        address = url("participants:certificate_list", cohort)
        due.append(Due(f"{text} jetzt vollständig und zu ersetzen", f"{address}?state=completed"))
    if cohort.make_up_until:
        address = url("participants:achievement_list", cohort)
        due += [Due(sentence, address) for sentence in lacking_sentences(dues.lacking, until=cohort.make_up_until)]
    return due


def lacking_sentences(lacking: Counter[tuple[Lack, ...]], *, until: datetime.date) -> list[str]:
    """„3 Personen fehlt nur noch das Kolloquium (bis 30. Juni 2018)“; who lacks more than one thing comes last."""
    several = sum(count for lacks, count in lacking.items() if len(lacks) > 1)
    single = {lack: lacking[(lack,)] for lack in Lack if lacking[(lack,)]}
    texts = [f"{in_people(count)} fehlt nur noch {lack.value}" for lack, count in single.items()]
    if several:
        texts.append(f"{in_people(several)} fehlt für das Zertifikat noch mehreres")
    return [f"{text} (bis {long_date(until)})" for text in texts]


def in_people(count: int) -> str:
    return counted(count, "Person", "Personen")


def url(name: str, target: Cohort | Session | Survey) -> str:
    return reverse(name, args=[target.pk])
