"""Attacks on promise 1, on the database as it is: each looks for a way from an answer to who gave it.

They only read. What they cannot look at – backups, logs of a proxy, whoever had the secret before the count –
stands in `docs/anonymity.md`.
"""

from collections.abc import Callable

from evaluation.attacks.attempts import Attempt
from evaluation.attacks.mails import mails_by_answer
from evaluation.attacks.orders import order_of_roles, places, transactions
from evaluation.attacks.partners import dropouts, kinds_of_partners
from evaluation.attacks.remains import configuration, left_behind, sizes
from evaluation.attacks.tables import columns, counters, mentions, triggers
from evaluation.attacks.values import groups, judgements, told_roles

ATTACKS: tuple[Callable[[], Attempt], ...] = (
    columns,
    triggers,
    counters,
    mentions,
    groups,
    told_roles,
    judgements,
    dropouts,
    kinds_of_partners,
    places,
    order_of_roles,
    transactions,
    left_behind,
    sizes,
    configuration,
    mails_by_answer,
)


def attempt_all() -> list[Attempt]:
    return [attack() for attack in ATTACKS]
