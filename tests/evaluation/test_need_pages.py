"""The Themenspeicher: what may become a need, who reads it, and how it is taken back."""

import pytest
from django.urls import reverse

from evaluation.actions.needs import NothingLeft, take_back, take_up
from evaluation.models import Card, Coverage, Need, NeedSource
from evaluation.queries.candidates import candidates_of
from tests import factories
from tests.evaluation import scenes, themes

SCRIPT = '"><script>alert(1)</script>'
WORDS = "Koordinieren ohne Weisungsrecht."


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


def gather(client, cohort, **fields):
    data = {"title": "", "audience": "BOTH", "need": ""} | fields
    return client.post(reverse("evaluation:need_gather", args=[cohort.pk]), data)


def titles(candidates):
    return [candidate.title or candidate.source.text for candidate in candidates]


def test_columns_under_need_of_the_own_cohort_are_candidates(cohort):
    question = themes.wall_of(cohort, ("Rolle", ["Mandat", "Auftrag"]), ("Leer", []), ("Weg", ["Fort"]))
    question.clusters.filter(title="Weg").update(is_dropped=True)
    Card.objects.filter(text="Auftrag").update(is_hidden=True)
    themes.wall_of(factories.CohortFactory(), ("Fremd", ["Karte"]))
    themes.wall_of(cohort, ("Empfehlung", ["Karte"]), purpose="RECOMMENDATION")

    found = candidates_of(cohort)

    assert titles(found.walls) == ["Rolle"]
    assert found.walls[0].source.weight == 1
    assert "Auftrag" not in found.walls[0].label


def test_topics_come_from_the_kept_totals_and_only_where_more_is_needed_than_known(db):
    survey = themes.closed_survey(topics=[("Konflikte", 4, 1), ("Moderation", 2, 3)])

    found = candidates_of(survey.cohort)

    assert titles(found.topics) == ["Konflikte"]
    assert found.topics[0].source.weight == 6


@pytest.mark.django_db
def test_topics_and_words_of_too_few_people_are_no_candidates():
    survey = themes.closed_survey(topics=[("Konflikte", 4, 1)], texts=[WORDS], people=4)

    assert candidates_of(survey.cohort).all == []


def test_topics_that_fewer_than_the_present_minimum_rated_are_no_candidates(settings, db):
    survey = themes.closed_survey(topics=[("Konflikte", 4, 1)])
    settings.MINIMUM_ANSWERS = 7

    assert candidates_of(survey.cohort).topics == []


def test_words_are_candidates_once_and_without_a_name(db):
    survey = themes.closed_survey(texts=[WORDS, WORDS.upper(), "x" * 600])

    found = candidates_of(survey.cohort).words

    assert sorted(len(candidate.source.text) for candidate in found) == [32, 500]
    assert max(candidate.source.weight for candidate in found) == 2
    names = survey.invitations.values_list("registration__family_name", flat=True)
    assert not any(name in candidate.label for candidate in found for name in names)


def test_an_open_survey_gives_no_candidates_and_the_page_says_so(client, organiser):
    survey = scenes.needs_survey(6)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_gather", args=[survey.cohort_id])).content.decode()

    assert candidates_of(survey.cohort).all == []
    assert "Ihre Themen und Texte erscheinen hier danach" in page


def test_several_candidates_become_one_need(client, organiser, cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat", "Auftrag"]), ("Haltung", ["Nein sagen"]))
    keys = [candidate.key for candidate in candidates_of(cohort).all]
    client.force_login(organiser)

    response = gather(client, cohort, walls=keys, title="Rolle klären", audience="COORDINATOR")

    need = Need.objects.with_weight().get()
    assert response.url == reverse("evaluation:need_gather", args=[cohort.pk])
    assert (need.title, need.audience, need.weight) == ("Rolle klären", "COORDINATOR", 3)
    assert candidates_of(cohort).all == []


def test_one_candidate_gives_its_name_to_the_need_and_another_is_added_to_it(client, organiser, cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]), ("Haltung", ["Nein sagen"]))
    first, second = (candidate.key for candidate in candidates_of(cohort).all)
    client.force_login(organiser)

    gather(client, cohort, walls=[first])
    gather(client, cohort, walls=[second], need=Need.objects.get().pk)

    assert Need.objects.get().title == "Rolle"
    assert NeedSource.objects.count() == 2


def test_a_second_click_says_that_it_is_taken_up(client, organiser, cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]))
    key = candidates_of(cohort).all[0].key
    client.force_login(organiser)
    gather(client, cohort, walls=[key])

    response = gather(client, cohort, walls=[key])

    assert "schon aufgenommen" in response.content.decode()
    assert NeedSource.objects.count() == 1


def test_two_people_who_take_up_at_once_take_up_each_candidate_once(cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]), ("Haltung", ["Nein sagen"]))
    keys = [candidate.key for candidate in candidates_of(cohort).all]
    take_up(need=Need(cohort=cohort, title="Rolle"), keys=keys[:1])

    take_up(need=Need(cohort=cohort, title="Rolle"), keys=keys)
    with pytest.raises(NothingLeft):
        take_up(need=Need(cohort=cohort, title="Anders"), keys=keys)

    assert Need.objects.get().sources.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Wählen Sie mindestens eine Angabe aus."),
        ({"walls": ["cluster-99999999999999999999", SCRIPT]}, "schon aufgenommen oder nicht mehr da"),
        ({"walls": "all"}, "Geben Sie dem neuen Bedarf einen Titel"),
        ({"walls": "all", "title": "Haltung"}, "Diesen Bedarf hat der Durchgang schon"),
        ({"walls": "all", "title": "Neu", "need": "known"}, "nicht beides"),
        ({"walls": "all", "title": "😀" * 500}, "Zeichen"),
        ({"walls": "all", "title": "Neu", "audience": "<b>"}, "Bitte eine gültige Auswahl treffen. &lt;b&gt; ist"),
        ({"walls": "all", "need": "9" * 30}, "Bitte eine gültige Auswahl treffen. Dies ist keine"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_changes_nothing(client, organiser, cohort, fields, sentence):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]), ("Ziele", ["Beschluss"]))
    known = themes.need(cohort, "Haltung")
    keys = [candidate.key for candidate in candidates_of(cohort).all]
    client.force_login(organiser)
    sent = {"all": keys, "known": known.pk}

    page = gather(
        client,
        cohort,
        **{name: sent.get(value, value) if isinstance(value, str) else value for name, value in fields.items()},
    ).content.decode()

    assert sentence in page
    assert "<script>" not in page
    assert (Need.objects.count(), NeedSource.objects.count()) == (1, 1)


def test_taking_back_the_last_source_removes_a_need_of_which_nothing_else_is_known(client, organiser, cohort):
    need = themes.need(cohort)
    client.force_login(organiser)

    response = client.post(reverse("evaluation:need_source_remove", args=[need.sources.get().pk]))

    assert response.url == reverse("evaluation:need_list", args=[cohort.pk])
    assert not Need.objects.exists()


@pytest.mark.parametrize("known", ["understanding", "outcome", "coverage", "judgement"])
def test_a_need_of_which_something_is_known_stays_without_sources(client, organiser, cohort, known):
    need = themes.need(cohort)
    if known == "judgement":
        need.judgements.create(
            survey=scenes.open_survey(2, session=scenes.held_session(cohort=cohort)), title=need.title
        )
    elif known == "coverage":
        need.coverages.create(module=factories.ModuleFactory(edition=cohort.edition), degree="FULL")
    else:
        Need.objects.update(**{known: "Etwas"})
    client.force_login(organiser)

    client.post(reverse("evaluation:need_source_remove", args=[need.sources.get().pk]))

    assert Need.objects.get().sources.count() == 0
    assert "keine Quelle mehr" in client.get(need.get_absolute_url()).content.decode()


def test_a_need_that_somebody_removed_meanwhile_takes_up_nothing(cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]))
    need = themes.need(cohort)
    seen, sources = Need.objects.get(), [need.sources.get(), need.sources.get()]

    assert [take_back(source=source) for source in sources] == [False, False]
    with pytest.raises(NothingLeft):
        take_up(need=seen, keys=[candidate.key for candidate in candidates_of(cohort).all])


def test_what_was_taken_back_can_be_taken_up_again(cohort):
    themes.wall_of(cohort, ("Rolle", ["Mandat"]))
    key = candidates_of(cohort).all[0].key
    need = take_up(need=Need(cohort=cohort, title="Rolle"), keys=[key])
    assert candidates_of(cohort).all == []

    need.sources.get().delete()

    assert [candidate.key for candidate in candidates_of(cohort).all] == [key]


@pytest.mark.parametrize(("role", "reads"), [("organiser", True), ("trainer", True), ("reader", False)])
def test_words_are_read_by_organisers_and_trainers_only(client, request, cohort, role, reads):
    user = request.getfixturevalue(role)
    factories.SessionFactory(cohort=cohort, trainers=[user] if role == "trainer" else [])
    need = themes.need(cohort)
    client.force_login(user)

    page = client.get(need.get_absolute_url()).content.decode()

    assert ("Mehr zu Rolle und Mandat" in page) is reads
    assert "1 Nennung" in page


def test_a_trainer_of_another_cohort_finds_no_need(client, trainer, cohort):
    factories.SessionFactory(trainers=[trainer])
    need = themes.need(cohort)
    client.force_login(trainer)

    for address in [need.get_absolute_url(), reverse("evaluation:need_list", args=[cohort.pk])]:
        assert client.get(address).status_code == 404


def test_the_life_line_tells_what_is_stored(client, organiser, cohort):
    session = scenes.held_session(cohort=cohort)
    need = themes.need(cohort)
    need.coverages.create(
        module=session.module, degree="FULL", unit=factories.UnitFactory(module=session.module, title="Lebenslinie")
    )
    client.force_login(organiser)

    client.post(
        reverse("evaluation:need_edit", args=[need.pk]),
        {"title": need.title, "audience": "BOTH", "understanding": "Ohne Weisung.", "outcome": ""},
    )
    page = client.get(need.get_absolute_url()).content.decode()

    assert "Ohne Weisung." in page
    assert "gedeckt, mit „Lebenslinie“" in page
    assert f"{session.module} am So, 1.\u00a0November 2026" in page
    need.refresh_from_db()
    assert (str(need.understood_on), need.outcome_on) == ("2026-11-02", None)


def test_whoever_edits_a_need_is_told_what_participants_read(client, organiser, cohort):
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_edit", args=[themes.need(cohort).pk])).content.decode()

    assert "die Teilnehmenden den Titel und was daraus wurde" in page


def test_a_title_that_another_need_has_is_refused(client, organiser, cohort):
    themes.need(cohort, "Haltung")
    need = themes.need(cohort, "Rolle")
    client.force_login(organiser)

    page = client.post(
        reverse("evaluation:need_edit", args=[need.pk]), {"title": "Haltung", "audience": "BOTH"}
    ).content.decode()

    assert "So heißt schon ein anderer Bedarf" in page


def test_what_was_typed_for_a_need_that_is_gone_is_shown(client, organiser, cohort):
    need = themes.need(cohort)
    address = reverse("evaluation:need_edit", args=[need.pk])
    need.delete()
    client.force_login(organiser)

    response = client.post(address, {"title": "Rolle", "audience": "BOTH", "understanding": "Lange getippt."})

    assert response.status_code == 409
    assert "Lange getippt." in response.content.decode()


def test_texts_of_needs_are_literal(client, organiser, cohort):
    themes.wall_of(cohort, (SCRIPT, [SCRIPT]))
    need = themes.need(cohort, SCRIPT)
    Need.objects.update(understanding=SCRIPT, outcome=SCRIPT)
    need.sources.create(text=SCRIPT)
    client.force_login(organiser)

    for name, key in [
        ("need_list", cohort.pk),
        ("need_gather", cohort.pk),
        ("coverage_matrix", cohort.pk),
        ("need_detail", need.pk),
        ("need_edit", need.pk),
        ("need_remedies", need.pk),
    ]:
        assert "<script>" not in client.get(reverse(f"evaluation:{name}", args=[key])).content.decode()


@pytest.mark.parametrize("name", ["need_list", "need_gather"])
def test_empty_pages_say_what_to_do(client, organiser, cohort, name):
    client.force_login(organiser)

    page = client.get(reverse(f"evaluation:{name}", args=[cohort.pk])).content.decode()

    assert "Themenspeicher" in page
    assert 'class="empty"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_need_list_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for number in range(count):
        need = themes.need(cohort, f"Bedarf {number}")
        Coverage.objects.create(need=need, module=factories.ModuleFactory(edition=cohort.edition), degree="PARTLY")
    client.force_login(organiser)

    with django_assert_num_queries(20):
        response = client.get(reverse("evaluation:need_list", args=[cohort.pk]))

    assert response.content.decode().count('class="cell-title"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_need_gather_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for number in range(count):
        themes.wall_of(cohort, (f"Spalte {number}", ["Eins", "Zwei"]))
    client.force_login(organiser)

    with django_assert_num_queries(11):
        response = client.get(reverse("evaluation:need_gather", args=[cohort.pk]))

    assert response.content.decode().count('type="checkbox"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_need_detail_query_count(client, organiser, cohort, django_assert_num_queries, count):
    need = themes.need(cohort)
    for number in range(count):
        question = themes.wall_of(cohort, (f"Spalte {number}", ["Eins", "Zwei"]))
        need.sources.create(cluster=question.clusters.get(), weight=2)
        session = scenes.held_session(cohort=cohort)
        need.coverages.create(module=session.module, degree="FULL")
    client.force_login(organiser)

    with django_assert_num_queries(24):
        response = client.get(need.get_absolute_url())

    assert response.content.decode().count("Quelle entfernen") == count + 1
