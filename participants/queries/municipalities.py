"""Finding a municipality."""

from participants.models import Municipality
from participants.queries.search import matches


def find_municipalities(text: str) -> list[Municipality]:
    """Municipalities by name, Land or key, without regard to accents; one query."""
    municipalities = list(Municipality.objects.all())
    if not text:
        return municipalities
    return [
        municipality
        for municipality in municipalities
        if matches(text, municipality.name, municipality.get_state_display(), municipality.ags)
    ]
