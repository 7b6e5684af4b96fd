"""Material that participants may see: released, of a session that is for them, in a cohort that accepted them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from curriculum.models import SessionAudience, SessionMaterial
from netzkoord.models import User
from participants.models import Registration


def released_to(user: User) -> QuerySet[SessionMaterial]:
    """What the person may read; also of a session that was cancelled."""
    own = Registration.objects.accepted().filter(person=user, cohort=OuterRef("session__cohort"))
    in_role = own.filter(role=OuterRef("session__audience"))
    is_for_both = Q(session__audience=SessionAudience.BOTH)
    mine = is_for_both & Exists(own) | ~is_for_both & Exists(in_role)
    return SessionMaterial.objects.released().filter(mine).order_by("session", "title", "pk")
