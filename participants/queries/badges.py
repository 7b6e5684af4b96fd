"""Which certificates have ended, as places in a list."""

from django.db.models import Q

from netzkoord.lib.credentials import LIST_BITS
from participants.models import Certificate


def has_status_list(number: int) -> bool:
    """The first exists from the beginning, each further one from its first certificate on."""
    return number == 0 or Certificate.objects.filter(pk__gte=number * LIST_BITS).exists()


def ended_places(number: int) -> list[int]:
    """Places of the replaced and revoked ones in the list of this number; nobody is named."""
    start = number * LIST_BITS
    ended = Certificate.objects.filter(Q(replaced_at__isnull=False) | Q(revoked_at__isnull=False))
    keys = ended.filter(pk__gte=start, pk__lt=start + LIST_BITS).values_list("pk", flat=True)
    return [key - start for key in keys]
