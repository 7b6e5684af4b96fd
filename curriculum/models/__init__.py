"""What is taught, when and by whom."""

from curriculum.models.competences import (
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Responsibility,
    ResponsibilityLevel,
)
from curriculum.models.concept import (
    Aim,
    Audience,
    Edition,
    EditionStatus,
    LearningGoal,
    Method,
    Module,
    Programme,
    Topic,
    Track,
    Unit,
)
from curriculum.models.schedule import Cohort, CohortState, Session, SessionDay, Venue

__all__ = [
    "Aim",
    "Audience",
    "Cohort",
    "CohortState",
    "Competence",
    "CompetenceArea",
    "CompetenceProfile",
    "Edition",
    "EditionStatus",
    "LearningGoal",
    "Method",
    "Module",
    "Programme",
    "Responsibility",
    "ResponsibilityLevel",
    "Session",
    "SessionDay",
    "Topic",
    "Track",
    "Unit",
    "Venue",
]
