"""What people need and what they say."""

from evaluation.models.answers import Answer, Envelope, Response
from evaluation.models.causes import ChangeCause
from evaluation.models.personal import PersonalAnswer
from evaluation.models.questionnaires import Purpose, Question, QuestionKind, Questionnaire, Section
from evaluation.models.surveys import Invitation, Outcome, Participation, Survey, SurveyState
from evaluation.models.workshops import (
    Card,
    Cluster,
    GuidingQuestion,
    QuestionPurpose,
    Recommendation,
    RecommendationState,
    Round,
    Workshop,
)

__all__ = [
    "Answer",
    "Card",
    "ChangeCause",
    "Cluster",
    "Envelope",
    "GuidingQuestion",
    "Invitation",
    "Outcome",
    "Participation",
    "PersonalAnswer",
    "Purpose",
    "Question",
    "QuestionKind",
    "QuestionPurpose",
    "Questionnaire",
    "Recommendation",
    "RecommendationState",
    "Response",
    "Round",
    "Section",
    "Survey",
    "SurveyState",
    "Workshop",
]
