"""What pages and reports read about the concept, the schedule and its announcement."""

from curriculum.queries.announcements import (
    AnnouncementPage,
    Blocker,
    Offer,
    announcement_blockers,
    announcement_hints,
    announcement_page,
    open_announcements,
)
from curriculum.queries.cohorts import CohortRow, cohort_rows
from curriculum.queries.editions import planned_minutes
from curriculum.queries.features import DeliveryFeatures, delivery_features
from curriculum.queries.schedule import (
    CohortSchedule,
    Conflict,
    ScheduleRow,
    cohort_schedule,
    schedule_rows,
    scheduled_minutes,
)

__all__ = [
    "AnnouncementPage",
    "Blocker",
    "CohortRow",
    "CohortSchedule",
    "Conflict",
    "DeliveryFeatures",
    "Offer",
    "ScheduleRow",
    "announcement_blockers",
    "announcement_hints",
    "announcement_page",
    "cohort_rows",
    "cohort_schedule",
    "delivery_features",
    "open_announcements",
    "planned_minutes",
    "schedule_rows",
    "scheduled_minutes",
]
