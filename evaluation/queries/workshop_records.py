"""What the record of a workshop tells, the same on the page and on paper."""

from dataclasses import dataclass
from itertools import takewhile

from evaluation.models import QuestionPurpose, Recommendation, Round, WallPhoto, Workshop
from evaluation.queries.workshops import (
    RecommendedPart,
    RecordedQuestion,
    features_of,
    recommended_in,
    record_of,
)


@dataclass(frozen=True)
class Record:
    """In the order of the day: who came with which needs, what was explained to them, what they said to it."""

    workshop: Workshop
    rounds: list[Round]
    questions: list[RecordedQuestion]
    recommended: list[RecommendedPart]
    photos: list[WallPhoto]

    @property
    def introduction(self) -> list[RecordedQuestion]:
        """The questions for needs with which the workshop began, before anything was explained."""
        return list(takewhile(lambda recorded: recorded.question.purpose == QuestionPurpose.NEED, self.questions))

    @property
    def discussion(self) -> list[RecordedQuestion]:
        return self.questions[len(self.introduction) :]

    @property
    def features(self) -> list[Recommendation]:
        return features_of(self.recommended)


def whole_record(workshop: Workshop) -> Record:
    """Queries: seven, and one where something was weighed with points. Pictures are left where they lie."""
    return Record(
        workshop=workshop,
        rounds=list(workshop.rounds.all()),
        questions=record_of(workshop),
        recommended=recommended_in(workshop),
        photos=list(workshop.photos.defer("jpeg").select_related("round")),
    )
