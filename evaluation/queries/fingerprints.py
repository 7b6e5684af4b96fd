"""The published fingerprints of a counted survey, and finding one's own with the receipt."""

from django.db.models import Prefetch

from evaluation.models import Answer, Survey
from evaluation.queries.counted import responses_of
from evaluation.said import fingerprint, read_back, receipt_print


def fingerprints_of(survey: Survey) -> list[str]:
    """In alphabetical order: one for each response; on paper it is of a receipt that nobody has."""
    found = responses_of(survey).order_by("fingerprint")
    return list(found.values_list("fingerprint", flat=True))


def fingerprint_of(survey: Survey, receipt: str) -> str:
    """The fingerprint of the answers to which a receipt belongs, calculated from the stored answers; empty if none.

    That it is found says that the answers are stored as they were sent. Two queries, by an index, however many have
    answered; ballots that were counted before the prints of receipts were kept are tried one by one.
    """
    answers = Answer.objects.only(
        "response", "question", "option", "topic", "competence", "number", "skill", "text", "is_abstention"
    )
    candidates = responses_of(survey).filter(receipt_print__in=[receipt_print(receipt), ""])
    for response in candidates.prefetch_related(Prefetch("answers", answers)):
        print_ = fingerprint(receipt, read_back(response.answers.all()))
        if print_ == response.fingerprint:
            return print_
    return ""
