"""The demo: the real frame of the programme of 2017/18, filled with invented people."""

from django.contrib.auth.models import Group
from django.db import transaction

from curriculum.demo.agendas import fill_agendas, mark_invited
from curriculum.demo.delivery import fill_practice_reports
from curriculum.demo.programme import fill_cohorts, fill_programme
from curriculum.demo.second_edition import fill_second_edition
from curriculum.demo.sessions import fill_confirmations, fill_material
from curriculum.models import Edition
from evaluation.actions.rules import write_rules
from evaluation.demo.causes import fill_causes
from evaluation.demo.course import fill_course
from evaluation.demo.feedback import fill_feedback, fill_trial_run
from evaluation.demo.finished_wall import fill_finished_wall
from evaluation.demo.mirror import fill_mirror
from evaluation.demo.needs import fill_needs
from evaluation.demo.questionnaires import fill_questionnaires
from evaluation.demo.recommendations import fill_register
from evaluation.demo.results import date_back, fill_results
from evaluation.demo.running import TANDEMS, fill_running
from evaluation.demo.running_wall import fill_running_wall
from evaluation.demo.themes import FINISHED, RUNNING, TRIAL, fill_themes
from evaluation.demo.trial_wall import fill_trial_wall
from evaluation.demo.workshop import fill_workshop
from evaluation.models import Workshop
from netzkoord import roles
from netzkoord.demo_outbox import fill_outbox
from netzkoord.models import Installation, User
from participants.demo.achievements import fill_achievements
from participants.demo.attendance import fill_attendance, fill_certificates
from participants.demo.cohorts import fill_municipalities, fill_open_cohort, fill_past_cohort
from participants.demo.crowd import add_consents, fill_crowd
from participants.demo.person import fill_person
from participants.demo.transfer import fill_transfer

PASSWORD = "netzkoord-demo"  # noqa: S105 -- printed by the demo; accounts of invented people only

# e-mail address, title, given names, family name, role of the staff
ACCOUNTS: list[tuple[str, str, str, str, str | None]] = [
    ("organisation@netzkoord.example", "", "Olga", "Brandt", roles.ORGANISATION),
    ("training@netzkoord.example", "Dr.", "Tarik", "Sommer", roles.TRAINER),
    ("leitung@netzkoord.example", "", "Leonore", "Wiegand", roles.READER),
    ("fuehrung@netzkoord.example", "", "Friederike", "Özdemir-Voß", None),
    ("koordination@netzkoord.example", "", "Konrad", "Łukasik", None),
]
SECOND_TRAINER = ("zweites.training@netzkoord.example", "", "Mirjam", "Østergaard", roles.TRAINER)


class NotADemo(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The database holds people who are not invented."""


def refuse_real_people() -> None:
    """Raises `NotADemo` when the database holds people and was not filled by the demo."""
    if User.objects.exists() and not Installation.objects.current().is_demo:
        raise NotADemo("Diese Datenbank enthält Daten echter Personen; sie wird nicht verändert.")


@transaction.atomic
def fill() -> None:
    """Fill an empty database; one transaction, so that a demo is whole or not there.

    Raises `NotADemo` when the database holds other people.
    """
    refuse_real_people()
    Installation.objects.update_or_create(id=1, defaults={"is_demo": True})
    people = {account[0]: create_account(*account) for account in [*ACCOUNTS, SECOND_TRAINER]}
    organiser, trainer = people["organisation@netzkoord.example"], people["training@netzkoord.example"]

    edition = fill_programme()
    past, upcoming = fill_cohorts(edition, trainer, people[SECOND_TRAINER[0]])
    fill_agendas([past, upcoming])
    fill_practice_reports(past, upcoming)
    mark_invited(past)
    fill_material(past, by=organiser)
    fill_confirmations(upcoming)
    fill_municipalities()
    fill_past_cohort(past, people["fuehrung@netzkoord.example"], people["koordination@netzkoord.example"])
    add_consents(past)
    fill_open_cohort(upcoming)
    fill_crowd(upcoming, by=organiser)
    fill_outbox(upcoming)
    fill_needs(past)
    fill_person(past, people["fuehrung@netzkoord.example"], by=organiser)
    fill_mirror(past, [people["fuehrung@netzkoord.example"], people["koordination@netzkoord.example"]])
    fill_transfer(past, [people["fuehrung@netzkoord.example"], people["koordination@netzkoord.example"]])
    fill_needs(upcoming)
    fill_attendance(past)
    fill_achievements(past, by=organiser)
    fill_feedback(past)
    fill_results(past, organiser=organiser, trainer=trainer)
    trial = fill_trial_run(past)
    fill_trial_wall(trial)
    fill_themes(trial, TRIAL)
    write_rules(upcoming)
    running = fill_running(past)
    fill_questionnaires(by=organiser)
    fill_certificates(past, by=organiser)
    fill_finished_wall(past, by=trainer)
    fill_themes(past, FINISHED)
    fill_course(past)
    date_back()
    fill_running_wall(running, people=TANDEMS, by=trainer)
    fill_themes(running, RUNNING)
    workshop, draft = fill_draft(edition, by=organiser)
    fill_register(past, workshop, draft, by=organiser)


def fill_draft(edition: Edition, *, by: User) -> tuple[Workshop, Edition]:
    """The workshop in which the edition was discussed, and the draft that follows its recommendations."""
    workshop = fill_workshop(edition)
    second = fill_second_edition(edition, by=by)
    changed = {reason.value: keys for reason, keys in second.changed.items()}
    fill_causes(workshop, second.edition, changed, by=by)
    return workshop, second.edition


def create_account(email: str, title: str, given_names: str, family_name: str, role: str | None) -> User:
    user = User.objects.create_user(email, PASSWORD, title=title, given_names=given_names, family_name=family_name)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user
