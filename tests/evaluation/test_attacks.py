"""The attacks on promise 1 find nothing in a sound database, and each finds what it is there for."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from post_office.models import Email

from curriculum.models import Audience
from evaluation import attacks, sealed_codes
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.joining import forget_codes
from evaluation.attacks.attempts import reading_only
from evaluation.attacks.orders import deviation
from evaluation.models import (
    Answer,
    Draft,
    Envelope,
    Invitation,
    Outcome,
    Participation,
    Purpose,
    QuestionKind,
    Response,
    Survey,
)
from netzkoord.lib import audit
from netzkoord.models import AuditAction
from tests.evaluation import coded, judging, scenes

SENTENCE = "Die Erlebnisberichte haben mir Mut gemacht, Nummer"


def counted_survey(managers=6, coordinators=6, session=None):
    """A survey with a draft that was never sent, counted; its people answer in any order."""
    session = session or scenes.held_session()
    roles = [Audience.MANAGER] * managers + [Audience.COORDINATOR] * coordinators
    for role in random.sample(roles, len(roles)):
        scenes.attend(session, role=role)
    scenes.attend(session)
    survey = scenes.open_survey(0, session=session)
    text = scenes.question(survey, QuestionKind.TEXT).pk
    *answering, absent = survey.invitations.order_by("pk")
    for number, invitation in enumerate(random.sample(answering, len(answering))):
        scenes.send(invitation, {text: f"{SENTENCE} {number}"})
    scenes.save(absent, scenes.said({text: "Noch nicht fertig"}))
    scenes.end(survey)
    count_due_surveys()
    survey.refresh_from_db()
    return survey


def findings(attack):
    with reading_only():
        return attack().findings


@pytest.fixture
def survey(db):
    return counted_survey()


def test_nothing_is_found_in_a_sound_database(survey, capsys):
    counted_survey(managers=1)
    judging.judged_survey(*[[3, 0, 1]] * 6)
    withheld = scenes.open_survey(2)
    scenes.hand_in(withheld, [{scenes.question(withheld, QuestionKind.AGREEMENT).pk: 3}] * 2)
    # In a test, the traces are never erased: it is one transaction.
    Survey.objects.update(must_forget=False)

    call_command("attack_anonymity")

    shown = capsys.readouterr().out
    assert shown.count("nichts gefunden") == len(attacks.ATTACKS)
    assert "Kein Weg von einer Antwort zu einer Person gefunden." in shown
    assert SENTENCE not in shown
    for name in Invitation.objects.values_list("registration__family_name", flat=True):
        assert name not in shown


def test_what_is_found_is_printed_and_the_command_fails(survey, capsys):
    audit.record(AuditAction.SURVEY_CLOSED, target=Response.objects.first(), by=None)

    with pytest.raises(CommandError, match="1 Befund"):
        call_command("attack_anonymity")

    assert "netzkoord_auditevent.target_id nennt eine Antwort" in capsys.readouterr().out


def test_attacks_cannot_change_anything(survey):
    with pytest.raises(DatabaseError), reading_only():
        Answer.objects.all().delete()


def test_added_column_is_found(survey):
    connection.check_constraints()  # PostgreSQL alters no table with checks that are still to come
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evaluation_participation ADD COLUMN sent_at varchar(20)")

    assert findings(attacks.columns) == ["Spalte evaluation_participation.sent_at gehört nicht zum Programm"]


def test_added_trigger_is_found(survey):
    if connection.vendor == "postgresql":
        statement = (
            "CREATE TRIGGER spy BEFORE UPDATE ON evaluation_envelope "
            "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )
    else:
        statement = "CREATE TRIGGER spy AFTER INSERT ON evaluation_envelope BEGIN SELECT 1; END"
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert findings(attacks.triggers) == ["Trigger spy schreibt bei evaluation_envelope mit"]


@pytest.mark.parametrize(
    "said",
    [
        lambda answer: str(answer.pk),
        lambda answer: answer.response.pk.hex,
        lambda answer: answer.text,
        lambda answer: answer.response.fingerprint,
    ],
)
def test_mention_in_another_table_is_found(survey, said):
    audit.record(AuditAction.SURVEY_CLOSED, target=survey, by=None, note=said(Answer.objects.first()))

    assert findings(attacks.mentions) == ["netzkoord_auditevent.details nennt eine Antwort oder deren Schlüssel"]


def test_role_that_names_somebody_is_found(survey):
    few = Response.objects.filter(role=Audience.MANAGER).values_list("pk", flat=True)[:4]
    Response.objects.filter(role=Audience.MANAGER).exclude(pk__in=list(few)).delete()

    assert any("nennt eine Rolle" in finding for finding in findings(attacks.groups))


def test_opened_ballots_that_are_too_few_are_found(survey):
    Response.objects.exclude(pk__in=list(Response.objects.values_list("pk", flat=True)[:3])).delete()

    assert f"Erhebung {survey.pk} hat nur 3 geöffnete Antworten" in findings(attacks.groups)


def test_answer_that_tells_the_role_is_found(survey):
    Response.objects.update(role="")
    question = Answer.objects.first().question
    before = findings(attacks.told_roles)
    where = " ON evaluation_question" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER frozen_question_update{where}")
    type(question).objects.filter(pk=question.pk).update(audience=Audience.MANAGER)

    assert (before, len(findings(attacks.told_roles))) == ([], 1)


def test_codes_that_nobody_waits_for_are_found(db):
    cohort = coded.asked_twice(before=10, after=10)
    later = coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(10), 2))
    forget_codes()
    before = findings(attacks.left_behind)

    sealed_codes.seal(cohort.surveys.get(purpose=Purpose.START), []).save(force_insert=True)

    assert later.outcome == Outcome.COUNTED
    assert (before, findings(attacks.left_behind)) == ([], ["1 Codes ausgezählter Erhebungen"])


def test_participations_in_the_order_of_answering_are_found(survey):
    answered = list(Participation.objects.values_list("pk", flat=True))
    Participation.objects.all().delete()
    for pk in sorted(answered, reverse=True):
        Participation.objects.create(invitation_id=pk)

    assert findings(attacks.places) == [
        f"Erhebung {survey.pk}: Die Teilnahmen liegen in einer Reihenfolge, die vom Antworten stammen kann"
    ]


def test_responses_that_lie_as_the_people_do_are_found(db):
    # More than are needed: PostgreSQL puts rows where there is room, and that may be in front of others.
    for _ in range(6):
        rewrite_by_invitations(counted_survey())

    assert any("Antworten, wie sie liegen, folgen" in finding for finding in findings(attacks.order_of_roles))


def rewrite_by_invitations(survey):
    """The responses written anew so that their roles lie as those of the invited people."""
    by_role = {role: list(survey.responses.filter(role=role)) for role in Audience}
    roles = [i.registration.role for i in survey.invitations.filter(participation__isnull=False).order_by("pk")]
    Response.objects.filter(survey=survey).delete()
    for role in roles:
        Response.objects.create(pk=by_role[role].pop().pk, survey=survey, role=role)


def test_deviation_counts_in_standard_deviations_from_chance():
    m, c = Audience.MANAGER, Audience.COORDINATOR
    chance = random.Random(3)  # noqa: S311 -- invented orders
    shuffled = [(chance.sample([m, c] * 6, 12), chance.sample([m, c] * 6, 12)) for _ in range(200)]

    assert abs(deviation(shuffled)) < 3.5
    assert deviation([(one, one) for one, _ in shuffled]) > 30
    assert deviation([([m] * 6, [m] * 6), ([], [])]) == 0


def test_what_a_count_left_behind_is_found(survey):
    Envelope.objects.create(survey=survey, sealed=b"x")
    Draft.objects.create(pk="x", survey=survey, sealed=b"x")

    assert findings(attacks.left_behind) == [
        "1 versiegelte Stimmen ausgezählter Erhebungen",
        "1 Entwürfe ausgezählter Erhebungen",
    ]


def test_ballots_of_different_length_are_found(survey):
    for sealed in (b"x", b"xy"):
        Envelope.objects.create(survey=survey, sealed=sealed)

    assert findings(attacks.sizes) == [f"Versiegelte Stimmen der Erhebung {survey.pk} sind verschieden lang"]


def test_same_secret_twice_is_found(survey, settings):
    settings.BALLOT_SECRET = settings.SECRET_KEY

    assert findings(attacks.configuration) == ["BALLOT_SECRET und SECRET_KEY sind gleich"]


@pytest.mark.parametrize(("answered", "expected"), [(True, 1), (False, 0)])
def test_mail_to_those_who_have_answered_is_found_a_reminder_is_not(survey, answered, expected):
    for _ in range(9):
        invitation = Invitation.objects.create(survey=survey, registration=scenes.attend(survey.session))
        assert not invitation.is_answered
    chosen = survey.invitations.filter(participation__isnull=not answered)
    for address in chosen.values_list("registration__email", flat=True):
        mail = Email.objects.create(
            to=[address], from_email="a@b.example", subject="Zu Ihrer Rückmeldung", message="Danke"
        )
        Email.objects.filter(pk=mail.pk).update(created=survey.opens_at + scenes.DAY / 24)

    found = findings(attacks.mails_by_answer)

    assert len([finding for finding in found if "Zu Ihrer Rückmeldung" in finding]) == expected
