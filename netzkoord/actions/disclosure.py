"""An information that organisers make for somebody who has asked for it."""

from django.db import transaction

from netzkoord.disclosure import Disclosure, disclosure_of
from netzkoord.lib import audit
from netzkoord.lib.frequency import is_first
from netzkoord.models import AuditAction, User


@transaction.atomic
def make_disclosure(*, person: User, by: User) -> Disclosure:
    """Leaves a line that the person reads in the next one; paper and file of one sitting leave one line."""
    if is_first(f"disclosure-{person.pk}-{by.pk}"):
        audit.record(AuditAction.DISCLOSURE_MADE, target=person, by=by)
    return disclosure_of(person, is_asked_for=True)
