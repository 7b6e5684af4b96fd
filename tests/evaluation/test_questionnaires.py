"""Questionnaires as organisers write and release them, and as trainers and readers read them."""

import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Competence, CompetenceArea, CompetenceProfile, Responsibility, ResponsibilityLevel
from evaluation.models import Purpose, Questionnaire, Survey, SurveyRule
from evaluation.queries.questionnaires import cohorts_asking, would_be_usual
from evaluation.queries.rules import usual_rule
from evaluation.questionnaires import default_questionnaire
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.curriculum.parts import BAD_TEXT, MARKUP, changed, errors_in, page_data, text_of
from tests.evaluation.forms import ask, branching, draft, release

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def survey_of(questionnaire, purpose=Purpose.FEEDBACK):
    now = timezone.now()
    session = factories.SessionFactory() if purpose == Purpose.FEEDBACK else None
    return Survey.objects.create(
        cohort=session.cohort if session else factories.CohortFactory(),
        session=session,
        questionnaire=questionnaire,
        purpose=purpose,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=1),
    )


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_questionnaire_list_query_count(signed_in, django_assert_num_queries, count):
    for number in range(count):
        questionnaire = draft(title=f"Bogen {number}")
        for question in range(count):
            ask(questionnaire, f"Frage {question}?")
        release(questionnaire)
        survey_of(questionnaire)

    with django_assert_num_queries(5):
        response = signed_in.get(address("questionnaire_list"))

    rows = response.context["groups"][2].questionnaires
    assert [(row.title, row.question_count, row.survey_count) for row in rows] == [
        (f"Bogen {number}", count, 1) for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_questionnaire_detail_query_count(signed_in, django_assert_num_queries, count):
    questionnaire = draft(sections=[f"Abschnitt {number}" for number in range(count)])
    for section in range(1, count + 1):
        for number in range(count):
            ask(questionnaire, f"{section}.{number}", section=section, kind="SINGLE", options=("Ja", "Nein"))

    with django_assert_num_queries(11):
        response = signed_in.get(questionnaire.get_absolute_url())

    assert text_of(response).count('<li id="frage-') == count * count


@pytest.mark.parametrize("count", [1, 3])
def test_questionnaire_preview_query_count(signed_in, django_assert_num_queries, count):
    factories.publish(factories.EditionFactory())
    questionnaire = draft(sections=["Einziger"])
    for number in range(count):
        ask(questionnaire, f"Frage {number}?", kind="SINGLE", options=("Ja", "Nein"))

    with django_assert_num_queries(15):
        response = signed_in.get(address("questionnaire_preview", questionnaire.pk))

    assert text_of(response).count('type="radio"') == count * 3


def test_empty_purposes_offer_what_comes_with_the_product(signed_in):
    page = text_of(signed_in.get(address("questionnaire_list")))

    assert page.count("Vorschlag anlegen") == len(Purpose)


def test_proposal_is_written_released_and_on_record(signed_in):
    for _ in range(2):
        response = signed_in.post(address("questionnaire_propose", "START"), follow=True)

    questionnaire = Questionnaire.objects.get()
    assert (questionnaire.purpose, questionnaire.is_draft, questionnaire.is_proposal) == ("START", False, True)
    assert "Der Vorschlag „Selbsteinschätzung zu Beginn“ ist da." in text_of(response)
    assert actions() == [AuditAction.QUESTIONNAIRE_CREATED]


def test_proposal_for_no_purpose_of_ours_is_unknown(signed_in):
    assert signed_in.post(address("questionnaire_propose", "WETTER")).status_code == 404


@pytest.mark.parametrize("role", ["trainer", "reader"])
def test_others_read_what_is_released_and_nothing_else(client, request, role):
    hidden, shown = draft(title="Entwurf im Werden"), release(branching(title="Freigegeben")[0])
    client.force_login(request.getfixturevalue(role))

    page = text_of(client.get(address("questionnaire_list")))

    assert "Freigegeben" in page
    assert hidden.title not in page
    assert "anlegen" not in page
    for name in ("questionnaire_detail", "questionnaire_preview"):
        assert client.get(address(name, hidden.pk)).status_code == 404
        page = text_of(client.get(address(name, shown.pk)))
        assert "Was hindert Sie?" in page
    for word in ("Bearbeiten", "nach oben", "Neue Version", "kopieren"):
        assert word not in text_of(client.get(shown.get_absolute_url()))


def test_new_questionnaire_is_a_draft_sent_twice_it_is_one(signed_in):
    page = page_data(signed_in.get(address("questionnaire_add")))
    data = changed(page, purpose="FEEDBACK", title="Kurzer Bogen", intro="Zwei Minuten.")

    for _ in range(2):
        response = signed_in.post(address("questionnaire_add"), data)

    questionnaire = Questionnaire.objects.get()
    assert response.url == questionnaire.get_absolute_url()
    assert (questionnaire.title, questionnaire.purpose, questionnaire.is_draft) == (
        "Kurzer Bogen",
        "FEEDBACK",
        True,
    )
    assert actions() == [AuditAction.QUESTIONNAIRE_CREATED]


@pytest.mark.parametrize(("text", "sentence"), BAD_TEXT)
def test_title_that_cannot_be_printed_gets_one_sentence(signed_in, text, sentence):
    response = signed_in.post(address("questionnaire_add"), {"purpose": "END", "title": text})

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_markup_is_shown_as_typed(signed_in):
    questionnaire = draft(title=MARKUP, intro=MARKUP, sections=[MARKUP])
    ask(questionnaire, MARKUP, kind="SINGLE", options=(MARKUP, "Nein"))

    for name in ("questionnaire_detail", "questionnaire_preview", "questionnaire_release", "questionnaire_delete"):
        content = signed_in.get(address(name, questionnaire.pk)).content.decode()
        assert MARKUP not in content
        assert MARKUP in unescape(content)


def test_two_organisers_at_one_draft_lose_nothing(organiser):
    questionnaire = draft(intro="Alt")
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    edit = address("questionnaire_edit", questionnaire.pk)
    page_of_first, page_of_second = page_data(first.get(edit)), page_data(second.get(edit))

    first.post(edit, changed(page_of_first, title="Von der ersten"))
    response = second.post(edit, changed(page_of_second, intro="Von der zweiten"), follow=True)

    questionnaire.refresh_from_db()
    assert (questionnaire.title, questionnaire.intro) == ("Von der ersten", "Von der zweiten")
    assert "Inzwischen hat jemand anderes etwas geändert" in text_of(response)


def test_release_freezes_and_is_on_record(signed_in):
    questionnaire, _, _ = branching()

    response = signed_in.post(address("questionnaire_release", questionnaire.pk), follow=True)

    questionnaire.refresh_from_db()
    assert not questionnaire.is_draft
    assert "Die Version 1 ist freigegeben." in text_of(response)
    assert actions() == [AuditAction.QUESTIONNAIRE_RELEASED]


@pytest.mark.parametrize(
    ("is_first", "is_named", "sentence"),
    [
        (True, False, "außer wo die Regel eines Durchgangs einen anderen Fragebogen nennt"),
        (False, True, "wo die Regel des Durchgangs diesen Fragebogen nennt: <a"),
        (False, False, "Gefragt wird damit erst, wenn Sie diesen Fragebogen in der Regel eines Durchgangs wählen"),
    ],
)
def test_release_says_before_which_surveys_will_ask_it(signed_in, is_first, is_named, sentence):
    if not is_first:
        release(branching(title="Zuerst da")[0])
    first, _, _ = branching(title="Kurzer Abschluss")
    if is_named:
        rule = usual_rule(factories.CohortFactory(), Purpose.FEEDBACK)
        rule.questionnaire = release(first)
        rule.save()
        signed_in.post(address("questionnaire_version_add", first.pk))
    draft_of_it = Questionnaire.objects.get(key=first.key, released_at=None)

    page = text_of(signed_in.get(address("questionnaire_release", draft_of_it.pk)))

    assert sentence in page
    assert page.count("Laufende und ausgezählte Erhebungen behalten ihre Version.") == 1


def test_what_was_there_first_stays_usual_whatever_was_released_later(signed_in):
    first, later = (branching(title=title)[0] for title in ("Zuerst da", "Später"))
    release(first)
    release(later)
    assert [would_be_usual(each) for each in (first, later)] == [True, False]

    signed_in.post(address("questionnaire_version_add", first.pk))

    assert would_be_usual(Questionnaire.objects.get(key=first.key, released_at=None))


def test_cohort_whose_survey_is_there_already_will_not_ask_a_new_version():
    questionnaire, cohort, now = branching(purpose=Purpose.END)[0], factories.CohortFactory(), timezone.now()
    rule = usual_rule(cohort, Purpose.END)
    rule.questionnaire = release(questionnaire)
    rule.save()
    assert list(cohorts_asking(questionnaire)) == [cohort]

    cohort.surveys.create(
        purpose=Purpose.END,
        questionnaire=questionnaire,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=1),
    )

    assert list(cohorts_asking(questionnaire)) == []


def test_release_says_what_is_missing_and_does_nothing(signed_in):
    questionnaire = draft()
    ask(questionnaire, "Umgesetzt?", kind="SINGLE")

    page = text_of(signed_in.post(address("questionnaire_release", questionnaire.pk), follow=True))

    questionnaire.refresh_from_db()
    assert questionnaire.is_draft
    assert "Frage 1 „Umgesetzt?“: Es fehlen Antworten zur Auswahl." in page
    assert "Der Abschnitt „Zweiter“ hat keine Frage." in page
    section = questionnaire.sections.get(position=2)
    assert f'href="{questionnaire.get_absolute_url()}#abschnitt-{section.pk}"' in page
    assert actions() == []


def test_release_leads_to_the_condition_that_is_wrong(signed_in):
    questionnaire, _, text = branching()
    text.condition_values = [7]
    text.save()

    page = text_of(signed_in.get(address("questionnaire_release", questionnaire.pk)))

    assert f'href="{address("question_condition", text.pk)}">Bedingung ändern' in page


def test_release_twice_is_one_release(signed_in):
    questionnaire, _, _ = branching()

    for _ in range(2):
        signed_in.post(address("questionnaire_release", questionnaire.pk))

    assert actions() == [AuditAction.QUESTIONNAIRE_RELEASED]


def test_release_is_taken_back_while_nobody_was_asked(signed_in):
    release(branching(title="Der andere")[0])
    questionnaire = release(branching()[0])

    signed_in.post(address("questionnaire_take_back", questionnaire.pk))

    questionnaire.refresh_from_db()
    assert questionnaire.is_draft
    assert actions() == [AuditAction.QUESTIONNAIRE_TAKEN_BACK]


def refused_to_take_back(signed_in, questionnaire):
    page = text_of(signed_in.post(address("questionnaire_take_back", questionnaire.pk)))
    questionnaire.refresh_from_db()
    assert not questionnaire.is_draft
    assert actions() == []
    return page


def test_release_stays_once_a_survey_asks(signed_in):
    release(branching(title="Der andere")[0])
    questionnaire = release(branching()[0])
    survey_of(questionnaire)

    assert "In einer Erhebung wird danach gefragt." in refused_to_take_back(signed_in, questionnaire)


def test_release_stays_where_it_is_the_only_one_for_its_purpose(signed_in):
    questionnaire = release(branching()[0])

    assert "der einzige freigegebene Fragebogen" in refused_to_take_back(signed_in, questionnaire)


def test_release_stays_where_a_newer_version_is_there(signed_in):
    questionnaire = release(branching()[0])
    draft(key=questionnaire.key, version=2)

    assert "Es gibt schon eine neuere Version." in refused_to_take_back(signed_in, questionnaire)


def test_release_stays_where_a_rule_has_nothing_else_to_ask(signed_in):
    release(branching(title="Der andere")[0])
    questionnaire = release(branching()[0])
    SurveyRule.objects.create(
        cohort=factories.CohortFactory(), purpose=Purpose.FEEDBACK, questionnaire=questionnaire
    )

    assert "nach einer Regel von selbst" in refused_to_take_back(signed_in, questionnaire)


def test_only_one_draft_at_a_time(signed_in):
    questionnaire = release(branching()[0])

    pages = [signed_in.post(address("questionnaire_version_add", questionnaire.pk), follow=True) for _ in range(2)]

    assert list(Questionnaire.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert "Die Version 2 ist als Entwurf angelegt." in text_of(pages[0])
    assert "gibt es schon diesen Entwurf" in text_of(pages[1])
    assert actions() == [AuditAction.QUESTIONNAIRE_CREATED]


def test_new_version_of_a_draft_is_unknown(signed_in):
    assert signed_in.post(address("questionnaire_version_add", draft().pk)).status_code == 404


def test_shipped_questionnaire_can_be_changed_in_a_new_version(signed_in):
    shipped = default_questionnaire(Purpose.TRANSFER)

    signed_in.post(address("questionnaire_version_add", shipped.pk))
    newer = Questionnaire.objects.get(version=2)
    signed_in.post(address("questionnaire_release", newer.pk))

    assert default_questionnaire(Purpose.TRANSFER) == newer


def test_copy_leads_to_its_title(signed_in):
    questionnaire = release(branching()[0])

    key = signed_in.get(questionnaire.get_absolute_url()).context["copy_form"]["key"].value()

    responses = [signed_in.post(address("questionnaire_copy", questionnaire.pk), {"key": key}) for _ in range(2)]

    copy = Questionnaire.objects.exclude(pk=questionnaire.pk).get()
    assert [response.url for response in responses] == [address("questionnaire_edit", copy.pk)] * 2
    assert str(copy.key) == str(key) != str(questionnaire.key)
    assert actions() == [AuditAction.QUESTIONNAIRE_CREATED]


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_copy_survives_nonsense(signed_in, key):
    questionnaire = release(branching()[0])

    signed_in.post(address("questionnaire_copy", questionnaire.pk), {"key": key})

    assert Questionnaire.objects.count() == 2


def test_compare_shows_new_gone_and_changed(signed_in):
    questionnaire = release(branching(purpose=Purpose.END)[0])
    signed_in.post(address("questionnaire_version_add", questionnaire.pk))
    newer = Questionnaire.objects.get(version=2)
    ask(newer, "Neu?")
    newer.sections.get(position=2).questions.all().delete()

    page = text_of(signed_in.get(address("questionnaire_compare", newer.pk)))

    assert "Neu?" in page
    assert "Was hindert Sie?" in page
    assert signed_in.get(address("questionnaire_compare", questionnaire.pk)).status_code == 404


def test_delete_of_a_draft_leaves_the_released_version(signed_in):
    questionnaire = release(branching()[0])
    signed_in.post(address("questionnaire_version_add", questionnaire.pk))

    response = signed_in.post(address("questionnaire_delete", Questionnaire.objects.get(version=2).pk))

    assert response.url == address("questionnaire_list")
    assert Questionnaire.objects.get() == questionnaire
    assert actions()[-1] == AuditAction.QUESTIONNAIRE_DELETED


def test_delete_says_who_still_needs_the_draft(signed_in):
    questionnaire = draft()
    SurveyRule.objects.create(
        cohort=factories.CohortFactory(title="Hannover"), purpose=Purpose.FEEDBACK, questionnaire=questionnaire
    )

    page = text_of(signed_in.post(address("questionnaire_delete", questionnaire.pk)))

    assert "Der Entwurf wird noch gebraucht: Regel für Erhebungen" in page
    assert Questionnaire.objects.exists()


@pytest.mark.parametrize("name", ["questionnaire_edit", "questionnaire_delete"])
def test_a_released_version_is_not_written_at_any_address(signed_in, name):
    questionnaire = release(branching()[0])

    assert signed_in.get(address(name, questionnaire.pk)).status_code == 404
    response = signed_in.post(address(name, questionnaire.pk), {"title": "Anders"})
    assert response.status_code == 409
    assert "Legen Sie für Ihre Änderung eine neue Version an." in text_of(response)


def test_what_was_typed_into_a_deleted_draft_is_shown(signed_in):
    response = signed_in.post(address("questionnaire_edit", 999), {"title": "Mein langer Text"})

    assert response.status_code == 409
    assert "Mein langer Text" in text_of(response)


WRITING = [
    "questionnaire_edit",
    "questionnaire_release",
    "questionnaire_take_back",
    "questionnaire_delete",
    "questionnaire_version_add",
    "questionnaire_copy",
]


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_is_refused_at_every_address(client, request, role):
    questionnaire = release(branching()[0])
    client.force_login(request.getfixturevalue(role))

    for name in WRITING:
        assert client.post(address(name, questionnaire.pk)).status_code == 403, name
    assert client.post(address("questionnaire_propose", "END")).status_code == 403
    assert client.post(address("questionnaire_add")).status_code == 403


def test_preview_shows_each_role_its_own_questions(signed_in):
    questionnaire = default_questionnaire(Purpose.TRANSFER)
    preview = address("questionnaire_preview", questionnaire.pk)

    both, manager, coordinator = (
        text_of(signed_in.get(preview, {"rolle": role})) for role in ("", "MANAGER", "COORDINATOR")
    )

    own, other = "entschieden oder auf den Weg gebracht", "Was haben Sie aus der Fortbildung angewendet?"
    assert (own in both, other in both) == (True, True)
    assert (own in manager, other in manager) == (True, False)
    assert (own in coordinator, other in coordinator) == (False, True)
    assert "Nur wer bei „Haben Sie seit der Fortbildung" in both
    assert ("Nur an Führungskräfte" in both, "Nur an Führungskräfte" in manager) == (True, False)


def test_preview_shows_competences_with_behaviour_of_the_chosen_edition(signed_in):
    edition = factories.EditionFactory()
    area = CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")
    competence = Competence.objects.create(
        area=area, position=1, name="Netzwerke verstehen", behaviour_2="Zeichnet das eigene Netzwerk."
    )
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.OPERATIVE, question="Wie?", responsible="Alle"
    )
    track = factories.TrackFactory(edition=edition)
    CompetenceProfile.objects.create(track=track, competence=competence, responsibility_level=level, target_level=3)
    factories.publish(edition)
    newest = factories.publish(factories.EditionFactory(title="Andere"))
    preview = address("questionnaire_preview", default_questionnaire(Purpose.START).pk)

    chosen = text_of(signed_in.get(preview, {"fassung": edition.pk}))

    assert "Zeichnet das eigene Netzwerk." in chosen
    assert "Netzwerke verstehen" not in text_of(signed_in.get(preview, {"fassung": newest.pk}))


@pytest.mark.parametrize(
    "query", [{"rolle": "KOENIG"}, {"fassung": "x" * 300}, {"fassung": 10**30}, {"rolle": "\x00"}]
)
def test_preview_survives_nonsense(signed_in, query):
    questionnaire = draft(sections=["Einziger"])
    ask(questionnaire, "Gut?")

    response = signed_in.get(address("questionnaire_preview", questionnaire.pk), query)

    assert response.status_code == 200
    assert "Gut?" in text_of(response)


@pytest.mark.parametrize("can_abstain", [True, False])
def test_both_ends_of_a_scale_are_read_aloud(signed_in, can_abstain):
    questionnaire = draft(sections=["Einziger"])
    ask(questionnaire, "Gut?", can_abstain=can_abstain, low_label="ganz unten", high_label="ganz oben")

    page = text_of(signed_in.get(address("questionnaire_preview", questionnaire.pk)))

    for value, word in [(1, "ganz unten"), (6, "ganz oben")]:
        assert f'{value}<span class="visually-hidden"> – {word}</span>' in page


def test_preview_on_paper_is_one_click_away(signed_in):
    questionnaire, _, _ = branching()
    paper = address("questionnaire_paper", questionnaire.pk)

    pages = [
        text_of(signed_in.get(address(f"questionnaire_{name}", questionnaire.pk))) for name in ("detail", "preview")
    ]

    assert all(f'href="{paper}">Vorschau auf Papier' in page for page in pages)
    assert signed_in.get(paper).content.startswith(b"%PDF")


def test_preview_can_send_nothing(signed_in):
    questionnaire = draft(sections=["Einziger"])
    ask(questionnaire, "Gut?")

    page = text_of(signed_in.get(address("questionnaire_preview", questionnaire.pk)))

    main = page[page.index("<main") : page.index("</main")]
    assert 'method="post"' not in main
    assert signed_in.post(address("questionnaire_preview", questionnaire.pk)).status_code == 405
