"""What strips and dues are made from, read once for all cohorts."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from curriculum.models import Cohort, Module, Session, TrainerConfirmation
from curriculum.queries import DeliveryFeatures, delivery_features
from evaluation.models import Purpose, Survey
from evaluation.queries.recurrence import open_recurrences
from evaluation.queries.unread import unread_texts
from participants.counting import RegistrationCounts, group_for
from participants.models import Attendance, Certificate, Registration, Tandem, exception_holds, tandem_state
from participants.queries.certificates import CertificateDues, certificate_dues
from participants.queries.mail_rules import missed_mails
from participants.queries.offers import free_and_waiting, offers_ending_by
from participants.selection import Group


@dataclass
class CohortSurveys:
    """Surveys of one cohort with their counts: those of the whole cohort, and the feedback on its sessions."""

    by_purpose: dict[Purpose, Survey] = field(default_factory=dict)
    by_session: dict[int, Survey] = field(default_factory=dict)

    def all(self) -> list[Survey]:
        return [*self.by_purpose.values(), *self.by_session.values()]


@dataclass(frozen=True)
class Facts:
    """What the strips are made from, read once for all cohorts."""

    tandems: dict[int, RegistrationCounts]
    surveys: dict[int, CohortSurveys]
    unread: Counter[int]
    sessions: dict[int, list[Session]]
    expected: dict[tuple[int, str], int]
    entered: dict[int, int]
    certificates: dict[int, int]
    features: dict[int, DeliveryFeatures]
    refusals: dict[int, list[str]]
    modules: dict[int, list[tuple[int, str]]]
    free_places: dict[int, int]
    ending_offers: dict[int, int]
    certificate_dues: dict[int, CertificateDues]
    missed_mails: dict[int, int]
    recurring_needs: dict[int, dict[str, str]]


def read_facts(cohorts: Sequence[Cohort]) -> Facts:
    ids = [cohort.pk for cohort in cohorts]
    sessions = sessions_by_cohort(ids)
    surveys = surveys_by_cohort(ids)
    return Facts(
        tandems=tandem_counts(ids),
        surveys=surveys,
        unread=unread_texts([survey for each in surveys.values() for survey in each.all()]),
        sessions=sessions,
        expected=expected_people(ids),
        entered=entered_attendance(ids),
        certificates=dict(
            Certificate.objects.valid()
            .filter(cohort__in=ids)
            .values_list("cohort")
            .annotate(Count("person", distinct=True))
        ),
        features=delivery_features(cohorts),
        refusals=trainers_refusing(ids),
        modules=modules_by_edition(cohorts),
        free_places=free_and_waiting(ids),
        ending_offers=offers_ending_by(ids, day=timezone.localdate() + datetime.timedelta(days=1)),
        certificate_dues=certificate_dues(over(cohorts)),
        missed_mails=missed_mails(cohorts),
        recurring_needs=open_recurrences(),
    )


def over(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """Those that are over, read `with_dates()`: only there certificates are due."""
    today = timezone.localdate()
    return [cohort for cohort in cohorts if cohort.last_on and cohort.last_on < today and not cohort.cancelled_at]


# What is read of a tandem to count it.
COLUMNS = (
    "cohort",
    "selection",
    "confirmed_count",
    "received",
    "first_role",
    "last_role",
    "shared_half__role",
    "shared_half__confirmed_at",
    "shared_half__withdrawn_at",
    "shared_half__tandem__selection",
)


def tandem_counts(cohort_ids: Iterable[int]) -> dict[int, RegistrationCounts]:
    """One query for all cohorts."""
    counts: dict[int, RegistrationCounts] = defaultdict(RegistrationCounts)
    active = Q(registrations__withdrawn_at__isnull=True)
    tandems = Tandem.objects.filter(cohort__in=cohort_ids).with_halves()
    found = tandems.annotate(
        received=Count("registrations", filter=active),
        # Of two roles the first and the last are all there are.
        first_role=Min("registrations__role", filter=active),
        last_role=Max("registrations__role", filter=active),
    )
    for row in found.values(*COLUMNS):
        counts[row["cohort"]].people += row["received"]
        counts[row["cohort"]].add(selection=row["selection"], group=group_of(row), confirmed=row["confirmed_count"])
    return counts


def group_of(row: Mapping[str, Any]) -> Group:
    active_roles = {row["first_role"], row["last_role"]} - {None}
    is_shared = exception_holds(
        role=row["shared_half__role"],
        confirmed_at=row["shared_half__confirmed_at"],
        withdrawn_at=row["shared_half__withdrawn_at"],
        selection=row["shared_half__tandem__selection"],
        active_roles=active_roles,
        confirmed=row["confirmed_count"],
    )
    state = tandem_state(active=len(active_roles), confirmed=row["confirmed_count"], is_shared=is_shared)
    return group_for(state, confirmed=row["confirmed_count"])


def surveys_by_cohort(cohort_ids: Iterable[int]) -> dict[int, CohortSurveys]:
    """One query for all cohorts."""
    surveys: dict[int, CohortSurveys] = defaultdict(CohortSurveys)
    for survey in Survey.objects.filter(cohort__in=cohort_ids).with_counts():
        if survey.session_id:
            surveys[survey.cohort_id].by_session[survey.session_id] = survey
        else:
            surveys[survey.cohort_id].by_purpose[Purpose(survey.purpose)] = survey
    return surveys


def sessions_by_cohort(cohort_ids: Iterable[int]) -> dict[int, list[Session]]:
    """Sessions that are not cancelled, with their days, in order of date; two queries for all cohorts."""
    sessions: dict[int, list[Session]] = defaultdict(list)
    rows = Session.objects.not_cancelled().filter(cohort__in=cohort_ids).with_dates().select_related("module")
    for session in rows.prefetch_related("days"):
        sessions[session.cohort_id].append(session)
    return sessions


def expected_people(cohort_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Accepted people per cohort and role; one query."""
    rows = Registration.objects.accepted().filter(cohort__in=cohort_ids)
    counted = rows.values_list("cohort", "role").annotate(Count("pk"))
    return {(cohort, role): count for cohort, role, count in counted}


def entered_attendance(cohort_ids: Iterable[int]) -> dict[int, int]:
    """Entries of attendance per session, of people who are still accepted; one query."""
    rows = Attendance.objects.filter(
        day__session__cohort__in=cohort_ids, registration__in=Registration.objects.accepted()
    )
    return dict(rows.values_list("day__session").annotate(Count("pk")))


def trainers_refusing(cohort_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of trainers who cannot come on the dates as they are now, per session; one query."""
    names: dict[int, list[str]] = defaultdict(list)
    refused = TrainerConfirmation.objects.refused().filter(session__cohort__in=cohort_ids).select_related("trainer")
    for confirmation in refused:
        names[confirmation.session_id].append(confirmation.trainer.get_full_name())
    return names


def modules_by_edition(cohorts: Iterable[Cohort]) -> dict[int, list[tuple[int, str]]]:
    """Keys and codes of the modules of these cohorts' editions; one query."""
    modules: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Module.objects.filter(edition__in={cohort.edition_id for cohort in cohorts})
    for edition, key, code in rows.values_list("edition", "pk", "code"):
        modules[edition].append((key, code))
    return modules
