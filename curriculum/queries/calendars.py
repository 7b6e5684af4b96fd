"""Sessions with what a calendar says of them."""

from curriculum.models.schedule import SessionQuerySet


def with_calendar(sessions: SessionQuerySet) -> SessionQuerySet:
    """By date, with cohort, module, venue, days, removed days and trainers; four queries for any number of them."""
    related = sessions.with_dates().select_related("cohort", "module", "venue")
    return related.prefetch_related("days", "removed_days", "trainers")
