"""How far each cohort has one of the three features of delivery that the workshop of 2017 recommended."""

from collections.abc import Iterable
from dataclasses import dataclass

from curriculum.models import Cohort
from curriculum.queries import delivery_features
from evaluation.models import Feature as Recommended
from netzkoord.overview.facts import tandem_counts
from netzkoord.overview.strips import Feature, attitude_feature, report_feature, tandem_feature
from participants.counting import RegistrationCounts


@dataclass(frozen=True)
class Fulfilment:
    cohort: Cohort
    feature: Feature


def fulfilment(recommended: str, asked: Iterable[Cohort]) -> list[Fulfilment]:
    """One query more for tandems, three for the others, however many cohorts; no query without a feature."""
    if not recommended:
        return []
    cohorts = list(asked)
    if recommended == Recommended.TANDEMS:
        counts = tandem_counts([cohort.pk for cohort in cohorts])
        return [
            Fulfilment(cohort, tandem_feature(cohort, counts.get(cohort.pk, RegistrationCounts())))
            for cohort in cohorts
        ]
    made = report_feature if recommended == Recommended.PRACTICE_REPORTS else attitude_feature
    delivery = delivery_features(cohorts)
    return [Fulfilment(cohort, made(delivery[cohort.pk])) for cohort in cohorts]
