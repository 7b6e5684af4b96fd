"""What people need and what they say."""

from evaluation.models.answers import Answer, AnswerValue, Draft, Envelope, Response, TextState
from evaluation.models.causes import ChangeCause
from evaluation.models.paper import PaperSheet, PaperState
from evaluation.models.personal import MirrorRelease, PersonalAnswer
from evaluation.models.promises import Promised, present_minimum
from evaluation.models.questionnaires import (
    CHOICE_KINDS,
    CONDITION_KINDS,
    DEFAULT_ENDS,
    SCALE_KINDS,
    Option,
    Purpose,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
)
from evaluation.models.surveys import (
    Invitation,
    Outcome,
    Participation,
    Survey,
    SurveyComment,
    SurveyPool,
    SurveyRule,
    SurveyState,
)
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
    "CHOICE_KINDS",
    "CONDITION_KINDS",
    "DEFAULT_ENDS",
    "SCALE_KINDS",
    "Answer",
    "AnswerValue",
    "Card",
    "ChangeCause",
    "Cluster",
    "Draft",
    "Envelope",
    "GuidingQuestion",
    "Invitation",
    "MirrorRelease",
    "Option",
    "Outcome",
    "PaperSheet",
    "PaperState",
    "Participation",
    "PersonalAnswer",
    "Promised",
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
    "SurveyComment",
    "SurveyPool",
    "SurveyRule",
    "SurveyState",
    "TextState",
    "Workshop",
    "present_minimum",
]
