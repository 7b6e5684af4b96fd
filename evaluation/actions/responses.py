"""Writing down what was in the opened ballots of a survey or of a pool, and throwing the ballots away."""

import secrets
from collections.abc import Mapping, Sequence

from django.db.models import F
from django.utils import timezone

from evaluation import ballots, codes
from evaluation.actions.joining import use_codes
from evaluation.actions.judging import count_judgements
from evaluation.ballots import Ballot
from evaluation.codes import Coded
from evaluation.models import (
    UNKEPT_KINDS,
    Answer,
    Envelope,
    Outcome,
    Participation,
    QuestionKind,
    Response,
    Survey,
    SurveyPool,
)
from evaluation.queries.told import told_by
from evaluation.said import Key, Said, fields_of, fingerprint, receipt_print, without
from evaluation.unlinking import Told, role_of, unlinked, without_roles


def write_survey(survey: Survey, opened: Sequence[Ballot]) -> None:
    """The responses of one survey, in the order given, under random keys.

    Codes are used, judgements of needs added up; neither is stored with a response.
    """
    told = told_by(survey.questionnaire_id, survey.cohort.edition_id)
    stored = unlinked(opened, told, survey.minimum, needs_role=told.needs_role(survey.purpose))
    responses = write([(response_of(ballot, told.kinds, survey=survey), ballot) for ballot in stored], told)
    count_judgements(survey, opened, told.kinds)
    if told.is_joined(survey.purpose):
        use_codes(
            survey,
            [
                Coded(response.pk, prints_of(ballot, told.kinds, survey.cohort_id), role_of(ballot, told))
                for response, ballot in zip(responses, opened, strict=True)
            ],
        )


def write_pool(pool: SurveyPool, opened: Sequence[Ballot]) -> None:
    """The responses of a pool, without codes and roles: one person may have answered several of its surveys."""
    told = told_by(pool.questionnaire_id, pool.cohort.edition_id)
    kept = without_roles(opened, told)
    write([(response_of(ballot, told.kinds, pool=pool), ballot) for ballot in kept], told)


def write(counted: Sequence[tuple[Response, Ballot]], told: Told) -> list[Response]:
    responses = Response.objects.bulk_create(response for response, _ in counted)
    Answer.objects.bulk_create(
        Answer(response_id=response.pk, **fields)
        for response, ballot in counted
        for key, said in kept_answers(ballot, told.kinds).items()
        for fields in fields_of(key, said, told.kinds[key[0]])
    )
    return responses


def response_of(ballot: Ballot, kinds: Mapping[int, str], **belongs_to: Survey | SurveyPool) -> Response:
    return Response(
        role=ballot.role,
        fingerprint=fingerprint(ballot.receipt, kept_answers(ballot, kinds)),
        receipt_print=receipt_print(ballot.receipt),
        **belongs_to,
    )


def prints_of(ballot: Ballot, kinds: Mapping[int, str], cohort_pk: int) -> list[str]:
    """Paper meets paper only: who typed in a sheet would follow its pair to what the same person said by link."""
    code = next((said.text for (pk, _), said in ballot.answers.items() if kinds[pk] == QuestionKind.CODE), "")
    secret_of = ballots.paper_code_secret if ballot.is_on_paper else ballots.code_secret
    return codes.prints(code, secret=secret_of(cohort_pk)) if code else []


def kept_answers(ballot: Ballot, kinds: Mapping[int, str]) -> dict[Key, Said]:
    """All but the code and what was said about needs: both are used when they are counted, and not stored."""
    return without(ballot.answers, [pk for pk, kind in kinds.items() if kind in UNKEPT_KINDS])


def withhold_ballots(survey: Survey) -> None:
    """Leave too few ballots sealed, in an order and under keys that tell nothing; `forget_traces` follows."""
    sealed = ballots.sealed_ballots(survey)
    secrets.SystemRandom().shuffle(sealed)
    survey.envelopes.all().delete()
    Envelope.objects.bulk_create(Envelope(survey=survey, sealed=ballot) for ballot in sealed)
    rewrite_in_one_go(survey)
    survey.outcome = Outcome.WITHHELD
    survey.must_forget = True
    survey.save(update_fields=["outcome", "must_forget"])


def discard_ballots(survey: Survey, outcome: Outcome, *, pool: SurveyPool | None = None) -> None:
    """Delete envelopes and both halves of the key, and make the rest unrecognisable; `forget_traces` follows."""
    survey.envelopes.all().delete()
    rewrite_in_one_go(survey)
    survey.outcome = outcome
    survey.pool = pool
    survey.counted_on = timezone.localdate()
    survey.public_key = survey.wrapped_private_key = None
    survey.must_forget = True
    survey.save(update_fields=["outcome", "pool", "counted_on", "public_key", "wrapped_private_key", "must_forget"])


def rewrite_in_one_go(survey: Survey) -> None:
    """Write anew, in the order of the invitations, what each submission wrote or locked.

    PostgreSQL keeps with every row the transaction that wrote it (xmin) and that last locked it (xmax, here by
    the foreign key): both told in which order people answered. Now all rows name this one transaction.
    """
    participations = Participation.objects.filter(invitation__survey=survey)
    answered = sorted(participations.values_list("pk", flat=True))
    participations.delete()
    survey.invitations.update(link_key=F("link_key"))
    Participation.objects.bulk_create(Participation(invitation_id=pk) for pk in answered)
