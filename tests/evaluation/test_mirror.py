"""The tandem mirror: two sides side by side, and nobody else."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from curriculum.models import Audience, Competence, CompetenceArea, Topic
from evaluation.actions.answering import submit
from evaluation.actions.mirror import release, take_back
from evaluation.actions.surveys import start_needs_survey
from evaluation.mirror import CompetenceViews, Mirror, TextViews, TopicViews
from evaluation.models import Invitation, MirrorRelease, QuestionKind
from evaluation.said import Said
from netzkoord import roles
from netzkoord.models import AuditAction, AuditEvent
from participants.actions.registrations import withdraw_registration
from participants.tokens import own_token, status_token
from tests import factories
from tests.evaluation import scenes

SECRET_TEXT = "Mein Chef hört mir nicht zu"
OWN_TEXT = "Mehr Zeit für das Netzwerk"
# Not there, not to be opened, a form of a link that is none, a link that has ended.
REFUSED = {404, 405, 409, 410}


@pytest.fixture
def tandem(db):
    """Both have sent their needs; nothing is released."""
    tandem = factories.complete_tandem(selection="ACCEPTED")
    edition = tandem.cohort.edition
    topic = Topic.objects.create(edition=edition, position=1, name="Netzwerk-Arten")
    area = CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")
    competence = Competence.objects.create(area=area, position=1, name="Netzwerke verstehen")
    closes_at = factories.timezone.now() + 10 * scenes.DAY
    survey = start_needs_survey(cohort=tandem.cohort, closes_at=closes_at, by=scenes.author())
    manager = tandem.registrations.get(role=Audience.MANAGER)
    coordinator = tandem.registrations.get(role=Audience.COORDINATOR)
    people = SimpleNamespace(tandem=tandem, survey=survey, manager=manager, coordinator=coordinator)
    send(people, manager, topic, competence, importance=4, skill=1, level=3, text=OWN_TEXT)
    send(people, coordinator, topic, competence, importance=2, skill=4, level=1, text=SECRET_TEXT)
    return people


def send(people, half, topic, competence, *, importance, skill, level, text):
    def question(kind):
        return scenes.question(people.survey, kind).pk

    submit(
        invitation=Invitation.objects.get(registration=half, survey=people.survey),
        answers={
            (question(QuestionKind.TOPICS), topic.pk): Said(importance, skill),
            (question(QuestionKind.COMPETENCES), competence.pk): Said(level),
            (question(QuestionKind.TEXT), None): Said(text=text),
        },
    )


def release_both(people):
    release(half=people.manager)
    release(half=people.coordinator)


def address(half, name="tandem_mirror"):
    return reverse(f"evaluation:{name}", args=[status_token(half)])


def page(client, half):
    response = client.get(address(half))
    assert response.status_code == 200
    return response.content.decode()


# Rules


def test_mirror_names_agreement_and_difference_with_questions():
    mirror = Mirror(
        "Anna Muster",
        [
            TopicViews("Netzwerk-Arten", 4, 2, 1, 4),
            TopicViews("Rollen", 3, 4, 1, 2),
            TopicViews("Recht", 1, 1, 2, 2),
        ],
        [CompetenceViews("Führen", 3, 1), CompetenceViews("Moderieren", 2, 2)],
        [TextViews("Was interessiert Sie?", "Rollen", "")],
    )

    assert mirror.agreements == [
        "Sie beide halten „Rollen“ für wichtig.",
        "Bei „Moderieren“ sehen Sie sich beide auf Stufe\u00a02.",
    ]
    assert mirror.differences == [
        "Sie halten „Netzwerk-Arten“ für wichtiger als Anna Muster.",
        "Bei „Netzwerk-Arten“ schätzt Anna Muster das eigene Können höher ein als Sie Ihres.",
        "Bei „Führen“ sehen Sie sich auf Stufe\u00a03, Anna Muster sieht sich auf Stufe\u00a01.",
    ]
    assert mirror.questions == [
        "„Netzwerk-Arten“: Woran liegt es, dass es einer von Ihnen wichtiger ist?",
        "„Netzwerk-Arten“: Was möchten Sie von Anna Muster darüber wissen?",
        "„Rollen“ ist Ihnen beiden wichtig und noch wenig vertraut: Wer nimmt es sich zuerst vor?",
        "„Führen“: Welche Aufgaben daraus übernehmen Sie beide, und welche eher Sie?",
        "Was hat Sie an den Angaben der anderen Person überrascht?",
    ]


ratings = st.none() | st.integers(1, 4)


@given(ratings, ratings, ratings, ratings)
def test_both_sides_of_a_mirror_say_the_same(own_importance, other_importance, own_skill, other_skill):
    mine = Mirror("B", [TopicViews("T", own_importance, other_importance, own_skill, other_skill)], [], [])
    yours = Mirror("A", [TopicViews("T", other_importance, own_importance, other_skill, own_skill)], [], [])

    assert mine.agreements == yours.agreements
    assert len(mine.differences) == len(yours.differences)
    assert len(mine.questions) == len(yours.questions)
    assert not (mine.topics[0].is_agreed and "wichtiger" in "".join(mine.differences))


# Releasing


def test_both_see_the_mirror_when_both_have_released(client, tandem):
    release_both(tandem)

    for half, partner in [(tandem.manager, tandem.coordinator), (tandem.coordinator, tandem.manager)]:
        text = page(client, half)
        assert SECRET_TEXT in text
        assert OWN_TEXT in text
        assert partner.full_name.replace(" ", "\u00a0") in text or partner.full_name in text
        assert "Fragen für Ihr Gespräch" in text


@pytest.mark.parametrize("who", ["manager", "coordinator"])
def test_nobody_sees_anything_when_one_has_released(client, tandem, who):
    release(half=getattr(tandem, who))

    assert SECRET_TEXT not in page(client, tandem.manager)
    assert OWN_TEXT not in page(client, tandem.coordinator)
    assert "Fragen für Ihr Gespräch" not in page(client, tandem.manager)


def test_page_does_not_tell_that_the_other_has_released(client, tandem):
    before = page(client, tandem.manager)

    release(half=tandem.coordinator)

    assert without_token(page(client, tandem.manager)) == without_token(before)


def without_token(text):
    lines = [line for line in text.splitlines() if "csrf" not in line and "/tandem-spiegel/" not in line]
    return [line for line in lines if "/anmeldung/" not in line and "nonce" not in line]


def test_taking_back_closes_the_mirror_for_both(client, tandem):
    release_both(tandem)

    take_back(half=tandem.coordinator)

    assert SECRET_TEXT not in page(client, tandem.manager)
    assert OWN_TEXT not in page(client, tandem.coordinator)


def test_drafts_and_unsent_needs_are_no_mirror(client, tandem):
    tandem.coordinator.invitations.get().participation.delete()
    release_both(tandem)

    text = page(client, tandem.manager)

    assert SECRET_TEXT not in text
    assert "noch nichts gesendet" in text


def test_release_names_both_in_the_log_without_content(tandem):
    release(half=tandem.manager)
    take_back(half=tandem.manager)

    events = AuditEvent.objects.filter(action__in=[AuditAction.MIRROR_RELEASED, AuditAction.MIRROR_TAKEN_BACK])
    assert [(event.action, event.by_id, event.details) for event in events.order_by("pk")] == [
        ("MIRROR_RELEASED", tandem.manager.person_id, {}),
        ("MIRROR_TAKEN_BACK", tandem.manager.person_id, {}),
    ]


@pytest.mark.parametrize(("name", "released"), [("tandem_mirror_release", [True]), ("tandem_mirror_take_back", [])])
def test_pressed_three_times_it_is_done_once(client, tandem, name, released):
    if not released:
        release(half=tandem.manager)
    before = AuditEvent.objects.count()

    answers = [client.post(address(tandem.manager, name)).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert [row.partner == tandem.coordinator for row in MirrorRelease.objects.all()] == released
    assert AuditEvent.objects.count() == before + 1


@pytest.mark.parametrize("name", ["tandem_mirror_release", "tandem_mirror_take_back"])
def test_opening_the_addresses_changes_nothing(client, tandem, name):
    assert client.get(address(tandem.manager, name)).status_code == 405
    assert not MirrorRelease.objects.exists()


def test_signed_in_the_own_number_is_enough(client, tandem):
    release_both(tandem)
    client.force_login(tandem.manager.person)

    response = client.get(reverse("evaluation:tandem_mirror", args=[own_token(tandem.manager)]))

    assert SECRET_TEXT in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_mirror_query_count(client, tandem, django_assert_num_queries, count):
    edition = tandem.tandem.cohort.edition
    Topic.objects.bulk_create(
        Topic(edition=edition, position=number, name=f"Thema {number}") for number in range(2, 1 + count)
    )
    for half in (tandem.manager, tandem.coordinator):
        invitation = half.invitations.get()
        question = scenes.question(tandem.survey, QuestionKind.TOPICS)
        for topic in Topic.objects.filter(edition=edition, position__gt=1):
            invitation.personal_answers.create(question=question, topic=topic, number=4, skill=1)
    release_both(tandem)
    url = address(tandem.manager)

    with django_assert_num_queries(10):
        text = client.get(url).content.decode()

    assert text.count("Sie beide halten") == count - 1


# Attacks


@pytest.mark.parametrize("role", [roles.ORGANISATION, roles.TRAINER, roles.READER])
@pytest.mark.parametrize("name", ["tandem_mirror", "tandem_mirror_release", "tandem_mirror_take_back"])
def test_staff_never_reach_the_mirror_of_others(client, tandem, role, name):
    release_both(tandem)
    client.force_login(factories.staff(role))
    url = reverse(f"evaluation:{name}", args=[own_token(tandem.manager)])

    answers = [client.get(url), client.post(url)]

    assert all(response.status_code in REFUSED for response in answers)
    assert not any(SECRET_TEXT in response.content.decode() for response in answers)
    assert MirrorRelease.objects.count() == 2


def test_the_number_of_the_partner_opens_nothing(client, tandem):
    release(half=tandem.manager)
    client.force_login(tandem.manager.person)

    for name in ("tandem_mirror_release", "tandem_mirror_take_back"):
        response = client.post(reverse(f"evaluation:{name}", args=[own_token(tandem.coordinator)]))
        assert response.status_code in REFUSED

    assert [row.registration for row in MirrorRelease.objects.all()] == [tandem.manager]


def test_the_link_of_a_survey_or_a_wrong_one_opens_nothing(client, tandem):
    release_both(tandem)
    survey_link = scenes.link_of(tandem.manager.invitations.get()).split("/")[2]

    for token in (survey_link, "x" * 40, "0", "999999", status_token(tandem.manager)[:-1]):
        response = client.get(reverse("evaluation:tandem_mirror", args=[token]))
        assert response.status_code in REFUSED
        assert SECRET_TEXT not in response.content.decode()


def test_who_has_left_sees_nothing_any_more_and_is_not_seen(client, tandem):
    release_both(tandem)
    old = address(tandem.coordinator)

    withdraw_registration(registration=tandem.coordinator)

    assert client.get(old).status_code in REFUSED
    assert SECRET_TEXT not in page(client, tandem.manager)


def test_a_new_partner_sees_nothing_of_what_was_released_to_the_old_one(client, tandem):
    release_both(tandem)
    withdraw_registration(registration=tandem.coordinator)
    new = factories.RegistrationFactory(tandem=tandem.tandem, role=Audience.COORDINATOR)
    release(half=new)

    assert OWN_TEXT not in page(client, new)
    assert "Sie haben nicht freigegeben" in page(client, tandem.manager)

    release(half=type(tandem.manager).objects.get(pk=tandem.manager.pk))

    assert MirrorRelease.objects.get(registration=tandem.manager).partner == new


def test_nobody_else_of_the_cohort_sees_a_mirror(client, tandem):
    release_both(tandem)
    other = factories.complete_tandem(cohort=tandem.tandem.cohort, selection="ACCEPTED")

    for half in other.registrations.all():
        release(half=half)
        assert SECRET_TEXT not in page(client, half)


def test_alone_there_is_nobody_to_release_to(client, db):
    half = factories.RegistrationFactory(tandem__selection="ACCEPTED")

    assert "sobald Ihr Tandem aus zwei Personen besteht" in page(client, half)
    assert client.post(address(half, "tandem_mirror_release")).status_code == 404
    assert not MirrorRelease.objects.exists()


def test_nonsense_in_the_post_is_ignored(client, tandem):
    response = client.post(
        address(tandem.manager, "tandem_mirror_release"),
        {"partner": tandem.survey.pk, "registration": tandem.coordinator.pk, "x": "\x00{{7*7}}"},
    )

    assert response.status_code == 302
    assert [row.registration for row in MirrorRelease.objects.all()] == [tandem.manager]
