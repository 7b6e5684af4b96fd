"""One small world with something of everything, for tests that try every address."""

import datetime
import io
from types import SimpleNamespace

from django.utils import timezone
from post_office.models import STATUS, Email

from curriculum.actions.materials import add_material
from curriculum.models import (
    AgendaItem,
    AgendaKind,
    Aim,
    Audience,
    CalendarFeed,
    Competence,
    CompetenceArea,
    PracticeReport,
    Responsibility,
    ResponsibilityLevel,
    Session,
    TrainerConfirmation,
)
from curriculum.queries.practice_reports import report_token
from curriculum.queries.trainers import confirmation_token
from evaluation.actions.comments import return_result, write_comment
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.photos import add_photo
from evaluation.actions.questionnaires import add_version
from evaluation.actions.surveys import start_feedback_survey, start_needs_survey, start_survey
from evaluation.actions.texts import release_text
from evaluation.models import ChangeCause, Invitation, Need, Purpose, Recommendation, Survey, Workshop
from evaluation.queries.texts import readable_texts
from evaluation.queries.walls import signed_code
from evaluation.tokens import answer_token
from netzkoord import roles
from netzkoord.lib.uploads import Checked
from netzkoord.models import SendingAttempt, SendingOutcome
from participants.actions.certificates import issue_certificates
from participants.models import (
    Approval,
    Certificate,
    ConsentPurpose,
    MailRule,
    Merge,
    Offer,
    PoolInvitation,
    Registration,
)
from participants.tokens import (
    address_token,
    approval_token,
    confirm_token,
    partner_token,
    pool_token,
    status_token,
)
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.photos import photo
from tests.participants.agreements import agreed

ANSWERING = 5


def build() -> SimpleNamespace:
    """A finished cohort (two sessions, counted feedback, certificates), an open one, and all kinds of people."""
    world = SimpleNamespace(**people())
    world.legal_key = "impressum"
    world.mail_text = "participants.accepted"
    add_cohorts(world)
    add_participants(world)
    add_material_and_question(world)
    add_feedback(world)
    add_open_registration(world)
    add_waiting_list(world)
    add_desk(world)
    add_agenda_and_calendars(world)
    add_practice_report(world)
    factories.publish(world.edition)
    add_draft(world)
    add_competences(world)
    world.workshop = Workshop.objects.create(
        title="Kompetenzen",
        held_on=datetime.date(2017, 6, 14),
        place="Düsseldorf",
        edition=world.edition,
        session=world.session,
    )
    world.round = world.workshop.rounds.create(position=1, people_present=8)
    world.guiding_question = world.workshop.guiding_questions.create(position=1, purpose="NEED", text="Was fehlt?")
    world.poll = world.guiding_question.polls.create(people=8, points_each=1, is_open=False)
    card = world.guiding_question.cards.create(round=world.round, text="Mehr Zeit")
    column = world.guiding_question.clusters.create(position=1, title="Zeit")
    world.hung_card, world.hung_column = ((world.guiding_question.pk, each.pk) for each in (card, column))
    world.wall_code = signed_code(world.workshop)
    world.wall_photo = add_photo(workshop=world.workshop, photo=photo(), alt="Drei Karten", in_round=world.round)[0]
    add_need(world)
    add_cause(world)
    add_questionnaires(world)
    add_paper(world)
    add_trouble_with_mails(world)
    return world


def add_trouble_with_mails(world: SimpleNamespace) -> None:
    """Nobody knows of the first whether it arrived; the last was refused."""
    world.mail, world.failed_mail = Email.objects.order_by("pk").first(), Email.objects.order_by("pk").last()
    for mail, outcome in [(world.mail, SendingOutcome.UNCERTAIN), (world.failed_mail, SendingOutcome.REFUSED)]:
        SendingAttempt.objects.create(
            email=mail, recipient=mail.to[0], outcome=outcome, ended_at=timezone.now(), reply="550 no such user"
        )
    Email.objects.filter(pk=world.failed_mail.pk).update(status=STATUS.failed)


def people() -> dict[str, object]:
    return {
        "stranger": factories.UserFactory(email="fremd@stadt.example"),
        "other_trainer": factories.staff(roles.TRAINER, email="anderes.training@stadt.example"),
        "trainer": factories.staff(roles.TRAINER, email="training@stadt.example"),
        "reader": factories.staff(roles.READER, email="leitung@stadt.example"),
        "organiser": factories.staff(roles.ORGANISATION, email="organisation@stadt.example"),
    }


def add_cohorts(world: SimpleNamespace) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    world.cohort = factories.CohortFactory(title="Vergangener Durchgang")
    world.edition = world.cohort.edition
    world.session = factories.SessionFactory(cohort=world.cohort, days=[yesterday], trainers=[world.trainer])
    world.other_session = factories.SessionFactory(
        cohort=world.cohort, days=[yesterday - datetime.timedelta(days=7)], trainers=[world.other_trainer]
    )
    world.venue = world.session.venue
    world.open_cohort = factories.CohortFactory(title="Offener Durchgang", edition=world.edition)
    world.planned_cohort = factories.CohortFactory(
        title="Geplanter Durchgang", edition=world.edition, announced_at=None
    )
    factories.SessionFactory(cohort=world.open_cohort, module=world.session.module)


def add_practice_report(world: SimpleNamespace) -> None:
    """Written, but not released: of the staff only those of its session see that there is one."""
    world.report = PracticeReport.objects.create(
        session=world.session,
        practitioner="Petra Praxis",
        email="praxis@stadt.example",
        municipality="Musterstadt",
        title="Ein Jahr Koordination",
        text="Was noch niemand lesen darf.",
    )
    world.report_token = report_token(world.report)


def add_paper(world: SimpleNamespace) -> None:
    """An open survey of a cohort of its own, with a sheet whose two entries differ and one typed in once."""
    world.paper_survey = scenes.open_end_survey(factories.CohortFactory(title="Auf Papier", edition=world.edition))
    scenes.type_in(world.paper_survey, [7, 8], by=world.organiser)
    scenes.type_in_again(world.paper_survey, 7, by=world.organiser, value=2)
    world.paper_sheet = (world.paper_survey.pk, 7)
    world.csv, world.cohort_csv = "csv", (world.cohort.pk, "csv")


def add_competences(world: SimpleNamespace) -> None:
    """An area with one competence, and a level of responsibility, in the draft."""
    world.draft_area = CompetenceArea.objects.create(edition=world.draft, position=1, name="Fachkompetenz")
    world.draft_competence = Competence.objects.create(
        area=world.draft_area, position=1, name="Netzwerke verstehen"
    )
    world.draft_level = ResponsibilityLevel.objects.create(
        edition=world.draft, position=1, kind=Responsibility.NORMATIVE, question="Wozu?", responsible="Rat"
    )


def add_questionnaires(world: SimpleNamespace) -> None:
    """The next version of what the survey asks: a draft with something to change."""
    world.questionnaire = world.survey.questionnaire
    world.draft_questionnaire = add_version(questionnaire=world.questionnaire, by=world.organiser)
    world.purpose = world.questionnaire.purpose
    world.draft_section = world.draft_questionnaire.sections.last()
    world.draft_question = world.draft_section.questions.first()


def add_need(world: SimpleNamespace) -> None:
    """A need of the finished cohort, in words of its survey, and the cell of one module in the matrix."""
    world.need = Need.objects.create(cohort=world.cohort, title="Rolle und Mandat")
    world.need_source = world.need.sources.create(text="Wie ich ohne Weisungsrecht koordiniere.")
    world.coverage_cell = (world.need.pk, world.session.module_id)


def add_cause(world: SimpleNamespace) -> None:
    """A change of the draft, and the recommendation that led to it."""
    world.change = (world.draft.pk, world.draft.modules.earliest("pk").key)
    recommendation = Recommendation.objects.create(workshop=world.workshop, text="Erlebnisberichten Raum geben")
    world.recommendation = recommendation
    world.open_recommendation = Recommendation.objects.create(workshop=world.workshop, text="Mehr Zeit für Fälle")
    question = world.workshop.guiding_questions.create(position=2, purpose="RECOMMENDATION", text="Was raten Sie?")
    world.recommending_card = question.cards.create(round=world.round, text="Mehr Praxis")
    world.cause = ChangeCause.objects.create(
        recommendation=recommendation, edition=world.draft, part_key=world.change[1]
    )


def add_draft(world: SimpleNamespace) -> None:
    """A draft of the same programme with a module and a unit that may be changed."""
    world.programme = world.edition.programme
    world.draft = factories.EditionFactory(
        programme=world.edition.programme, number=world.edition.number + 1, replaces=world.edition
    )
    world.draft_module = factories.ModuleFactory(edition=world.draft)
    world.draft_unit = factories.UnitFactory(module=world.draft_module)
    world.draft_goal = world.draft_module.learning_goals.create(position=1, text="Netzwerke unterscheiden.")
    world.draft_topic = world.draft.topics.create(position=1, name="Netzwerk-Arten")
    world.draft_method = world.draft.methods.create(name="Netzwerkkarussell")
    world.draft_term = world.draft.glossary.create(position=1, term="Netzwerk", definition="Beziehungen.")
    world.module = world.session.module
    world.draft_track = world.draft.tracks.first()
    world.draft_aim = Aim.objects.create(edition=world.draft, position=1, text="Sie initiieren Netzwerke.")


def add_material_and_question(world: SimpleNamespace) -> None:
    """Released material of the trainer's session, and the trainer asked whether its dates suit."""
    world.material = add_material(
        session=world.session,
        title="Handout",
        upload=Checked(io.BytesIO(b"%PDF-1.7"), 8, "application/pdf", "handout.pdf"),
        is_released=True,
        by=world.organiser,
    )
    confirmation = TrainerConfirmation.objects.create(session=world.session, trainer=world.trainer, sequence=0)
    world.trainer_token = confirmation_token(confirmation)


def add_participants(world: SimpleNamespace) -> None:
    """Six accepted people in the finished cohort, one tandem in the open one."""
    tandems = [factories.complete_tandem(cohort=world.cohort, selection="ACCEPTED") for _ in range(3)]
    world.tandem = tandems[0]
    world.municipality = world.tandem.municipality
    world.written_in = factories.MunicipalityFactory(ags="", state="", name="Neudorf")
    world.registration = world.tandem.registrations.get(role=Audience.COORDINATOR)
    world.participant = world.registration.person
    world.own_module = (world.registration.pk, world.session.module_id)
    other = factories.complete_tandem(cohort=world.open_cohort, selection="ACCEPTED")
    world.other_participant = other.registrations.get(role=Audience.COORDINATOR).person
    for registration in Registration.objects.filter(cohort=world.cohort):
        for session in (world.session, world.other_session):
            factories.attend(registration, session.days.get())
    issue_certificates(cohort=world.cohort, by=world.organiser)
    world.certificate = Certificate.objects.get(registration=world.registration)
    world.certificate_code = world.certificate.code
    world.badge_list = 0
    world.issuance = world.certificate.issuance


def add_desk(world: SimpleNamespace) -> None:
    """A note, a tandem that may need an exception, two registrations to compare, two that were merged."""
    note = world.tandem.notes.create(text="Nur für die Organisation.", written_by=world.organiser)
    world.note, world.note_of_tandem = note, (world.tandem.pk, note.pk)
    world.single_tandem = factories.RegistrationFactory(tandem__cohort=world.open_cohort).tandem
    halves = list(Registration.objects.filter(cohort=world.cohort).order_by("pk"))
    world.pair = (halves[0].pk, halves[2].pk)
    merged = factories.RegistrationFactory(
        tandem__cohort=world.cohort, withdrawn_at=timezone.now(), merged_into=halves[0]
    )
    world.merge = Merge.objects.create(kept=halves[0], merged=merged)
    world.gone_list = (world.cohort.pk, "gone")


def add_agenda_and_calendars(world: SimpleNamespace) -> None:
    """A point of the course of the session, invitations that have gone out, a feed."""
    day = world.session.days.get()
    item = AgendaItem.objects.create(day=day, position=1, kind=AgendaKind.OTHER, title="Begrüßung", minutes=15)
    world.agenda_day, world.agenda_item = (world.session.pk, day.pk), (world.session.pk, item.pk)
    world.announced_session = (world.cohort.pk, world.session.pk)
    Session.objects.filter(pk=world.session.pk).update(invited_at=timezone.now())
    world.accepted_token = status_token(world.registration)
    world.invitation = (world.accepted_token, world.session.pk)
    world.mail_rule = MailRule.objects.create()
    world.cohort_rule = (world.cohort.pk, world.mail_rule.pk)
    world.mailing = (world.mail_rule.pk, world.session.pk)
    world.agreement = (world.accepted_token, world.tandem.pk)
    agreed(world.tandem)
    world.feed_key = CalendarFeed.objects.create(user=world.participant).key


def add_feedback(world: SimpleNamespace) -> None:
    now = timezone.now()
    world.survey = start_feedback_survey(
        session=world.session,
        opens_at=now - datetime.timedelta(hours=2),
        closes_at=now + datetime.timedelta(days=1),
        by=world.organiser,
    )
    invitations = list(world.survey.invitations.order_by("pk"))
    world.feedback_token = answer_token(invitations[-1])
    question, text = scenes.question(world.survey, "AGREEMENT"), scenes.question(world.survey, "TEXT")
    for invitation in invitations[: ANSWERING - 1]:
        scenes.send(invitation, {question.pk: 5, text.pk: "Was noch niemand freigegeben hat."})
    scenes.send(invitations[ANSWERING - 1], {question.pk: 5, text.pk: "Mehr Fälle."})
    Survey.objects.filter(pk=world.survey.pk).update(closes_at=now - datetime.timedelta(minutes=1))
    count_due_surveys()
    world.survey.refresh_from_db()
    world.room_code, world.cohort_end = world.survey.room_code, (world.cohort.pk, "abschluss")
    world.planned_survey = start_survey(
        cohort=world.cohort,
        purpose=Purpose.TRANSFER,
        opens_at=now + datetime.timedelta(days=90),
        closes_at=now + datetime.timedelta(days=118),
        by=world.organiser,
    )
    texts = readable_texts(world.survey)
    world.free_text = (world.survey.pk, texts.exclude(text="Mehr Fälle.").first().pk)
    released = texts.get(text="Mehr Fälle.")
    release_text(survey=world.survey, answer=released, blackened=(), by=world.organiser)
    world.released_text = (world.survey.pk, released.pk)
    write_comment(survey=world.survey, text="Danke für die Rückmeldung.", by=world.trainer)
    return_result(survey=world.survey, by=world.trainer)


def open_feedback(world: SimpleNamespace) -> Survey:
    """A feedback survey that takes answers, on the session that has none yet."""
    now = timezone.now()
    return start_feedback_survey(
        session=world.other_session,
        opens_at=now - datetime.timedelta(minutes=5),
        closes_at=now + datetime.timedelta(days=1),
        by=world.organiser,
    )


def feedback_token(survey: Survey) -> str:
    return answer_token(survey.invitations.earliest("pk"))


def add_waiting_list(world: SimpleNamespace) -> None:
    """In the open cohort: a tandem that waits, one with an offer, somebody from the pool who is invited."""
    world.waiting_tandem = factories.complete_tandem(cohort=world.open_cohort, selection="WAITING")
    offered = factories.complete_tandem(cohort=world.open_cohort, selection="WAITING")
    expires_at = timezone.now() + datetime.timedelta(days=3)
    world.offer = Offer.objects.create(tandem=offered, places=2, expires_at=expires_at)
    world.offer_token = status_token(offered.registrations.first())
    refused = factories.RegistrationFactory(tandem__cohort=world.cohort, tandem__selection="DECLINED")
    refused.consents.create(purpose=ConsentPurpose.POOL, version=1, text="Bitte laden Sie mich wieder ein.")
    world.pool_token = pool_token(PoolInvitation.objects.create(registration=refused, cohort=world.open_cohort))


def add_open_registration(world: SimpleNamespace) -> None:
    tandem = factories.TandemFactory(cohort=world.open_cohort, partner_email="partner@stadt.example")
    world.open_tandem = tandem
    half = factories.RegistrationFactory(tandem=tandem)
    unconfirmed = factories.RegistrationFactory(tandem__cohort=world.open_cohort, confirmed_at=None)
    world.status_token = status_token(half)
    world.partner_token = partner_token(tandem)
    world.first_step = (world.open_cohort.pk, 1)
    world.address_token = address_token(half, "neu@stadt.example")
    world.approval_token = approval_token(Approval.objects.create(registration=half, email="chefin@stadt.example"))
    world.proposal = (world.status_token, 1)
    world.confirm_token = confirm_token(unconfirmed)
    survey = start_needs_survey(
        cohort=world.open_cohort, closes_at=timezone.now() + datetime.timedelta(days=7), by=world.organiser
    )
    world.needs_token = answer_token(Invitation.objects.filter(survey=survey).earliest("pk"))
