"""Whose half a tandem may share with another one."""

from django.db.models import QuerySet

from participants.models import Registration, Selection, Tandem


def shareable_halves(tandem: Tandem) -> QuerySet[Registration]:
    """Confirmed people of the role that is missing here, out of tandems that need no exception themselves."""
    halves = Registration.objects.confirmed().filter(cohort=tandem.cohort_id, role=tandem.missing_role or "")
    others = halves.exclude(tandem=tandem.pk).exclude(tandem__selection=Selection.DECLINED)
    return others.filter(tandem__shared_half__isnull=True).select_related("tandem__municipality")
