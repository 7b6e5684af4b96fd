"""Sessions with what a calendar says of them."""

from curriculum.models.schedule import SessionQuerySet


def with_calendar(sessions: SessionQuerySet) -> SessionQuerySet:
    """By date, with cohort, module, venue, days and trainers; three queries however many there are."""
    return sessions.with_dates().select_related("cohort", "module", "venue").prefetch_related("days", "trainers")
