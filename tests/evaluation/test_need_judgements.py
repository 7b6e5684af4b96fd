"""The needs of a cohort as planned and as judged by its participants."""

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.inviting import invite
from evaluation.judgements import Judgement, Share
from evaluation.models import Need, Outcome, Recommendation, Survey
from evaluation.queries.judgements import Stage, judged_needs
from tests import factories
from tests.evaluation import judging, scenes, themes

WORSE = "Geplant als gedeckt, beurteilt als nicht gedeckt"


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


@pytest.fixture
def module(cohort):
    return factories.ModuleFactory(edition=cohort.edition, code="K7")


def planned(cohort, module, title, degree="FULL", **fields):
    need = themes.need(cohort, title, **fields)
    need.coverages.create(module=module, degree=degree)
    return need


def page_of(client, cohort):
    return client.get(reverse("evaluation:need_judgements", args=[cohort.pk])).content.decode()


def test_what_is_judged_worse_than_planned_comes_first_and_says_with_whom_to_check(
    client, organiser, cohort, module
):
    themes.judged(planned(cohort, module, "Alles gut", weight=9), 8, 1, 1)
    themes.judged(planned(cohort, module, "Verfehlt"), 1, 1, 8)
    themes.judged(themes.need(cohort, "Zum Glück", weight=5), 8, 0, 0)
    client.force_login(organiser)

    page = page_of(client, cohort)

    places = [page.index(f">{title}</a>") for title in ("Verfehlt", "Zum Glück", "Alles gut")]
    assert places == sorted(places)
    assert f"{WORSE}: zu prüfen mit dem Training von K7." in page
    assert "Geplant als nicht gedeckt, beurteilt als gedeckt: zu klären, was ihn gedeckt hat" in page
    assert "Bei 2 Bedarfen urteilen die Teilnehmenden anders" in page


def test_later_change_of_the_plan_changes_no_comparison_and_stands_beside_it(client, organiser):
    """Participants judged the plan of the day on which they were asked."""
    survey = judging.judged_survey(*[[3, 1, 3]] * 6)
    first, second, _ = Need.objects.with_weight()
    module = factories.ModuleFactory(edition=survey.cohort.edition, code="K7")
    for need in (first, second):
        need.coverages.create(module=module, degree="FULL")
    client.force_login(organiser)

    page = page_of(client, survey.cohort)

    assert "Geplant als nicht gedeckt, beurteilt als gedeckt: zu klären, was ihn gedeckt hat" in page
    assert WORSE not in page
    assert page.count("inzwischen im Plan: gedeckt") == 2


def test_plan_of_the_day_is_kept_with_its_modules(db):
    survey = judging.planned_survey(judging.cohort_with_needs())
    first = Need.objects.with_weight()[0]
    module = factories.ModuleFactory(edition=survey.cohort.edition, code="K7")
    first.coverages.create(module=module, degree="PARTLY")

    invite(survey)
    first.coverages.all().delete()

    kept = survey.judged_needs.get(need=first)
    assert (kept.planned, kept.planned_modules) == ("PARTLY", ["K7"])
    assert survey.judged_needs.filter(planned="UNCOVERED", planned_modules=[]).count() == 2


def test_the_share_counts_what_could_be_judged_and_says_what_could_not(client, organiser, cohort, module):
    themes.judged(planned(cohort, module, "Gedeckt"), 9, 3, 2, people=18)
    themes.judged(planned(cohort, module, "Halb"), 2, 6, 2)
    themes.judged(planned(cohort, module, "Zu wenige Betroffene"), people=77)
    themes.judged(planned(cohort, module, "Zu wenige überhaupt"))
    client.force_login(organiser)

    page = page_of(client, cohort)

    assert judged_needs(cohort).share == Share(1, 2, 2)
    assert "1 von 2 beurteilten Bedarfen ist gedeckt; 2 konnten nicht beurteilt werden" in page
    assert "50\u00a0%" in page
    assert "Ganz gedeckt: 9 von 14, deren Bedarf es war; teilweise 3, nicht 2." in page
    assert "Von 18, die geurteilt haben, war es bei 14 ihr Bedarf." in page
    assert page.count("Kein Ergebnis: weniger als 5 haben geurteilt.") == 1
    assert page.count("Kein Ergebnis: weniger als 5 hatten diesen Bedarf.") == 1
    assert "77" not in page.partition("<table")[2]


def test_a_module_that_only_some_attend_is_named_as_such(client, organiser, cohort):
    only = factories.ModuleFactory(edition=cohort.edition, code="F9", audiences=["MANAGER"])
    themes.judged(planned(cohort, only, "Bei beiden"), 6, 0, 0)
    client.force_login(organiser)

    assert "nur in F9, nicht für alle" in page_of(client, cohort)


def test_a_higher_minimum_withholds_what_was_counted_under_a_lower_one(settings, cohort, module):
    themes.judged(planned(cohort, module, "Gedeckt"), 4, 1, 1)
    assert judged_needs(cohort).rows[0].judgement is Judgement.COVERED

    settings.MINIMUM_ANSWERS = 7

    assert judged_needs(cohort).rows[0].judgement is Judgement.UNKNOWN


def test_a_need_keeps_the_words_in_which_it_was_asked_and_one_added_later_was_not(
    client, organiser, cohort, module
):
    asked = planned(cohort, module, "Mandat")
    themes.judged(asked, 5, 0, 0)
    asked.title = "Rolle und Mandat"
    asked.save()
    planned(cohort, module, "Nachzügler")
    client.force_login(organiser)

    page = page_of(client, cohort)

    assert "Gefragt als „Mandat“." in page
    assert page.count("Nicht gefragt: Der Bedarf kam dazu") == 1
    assert judged_needs(cohort).share == Share(1, 1, 0)


def test_an_organiser_goes_on_to_the_outcome_and_to_a_recommendation(client, organiser, cohort, module):
    lacking = planned(cohort, module, "Verfehlt")
    themes.judged(lacking, 0, 0, 6)
    themes.judged(planned(cohort, module, "Gedeckt"), 6, 0, 0)
    client.force_login(organiser)

    page = page_of(client, cohort)

    assert f'{reverse("evaluation:need_edit", args=[lacking.pk])}#id_outcome"' in page
    assert page.count("Der nächsten Fassung empfehlen") == 1
    assert page.count("Festhalten, was daraus wurde") == 2


@pytest.mark.parametrize("who", ["reader", "trainer"])
def test_others_read_the_judgement_and_are_offered_nothing_to_do(request, client, cohort, module, who):
    user = request.getfixturevalue(who)
    factories.SessionFactory(cohort=cohort, trainers=[user])
    themes.judged(planned(cohort, module, "Verfehlt"), 0, 0, 6)
    client.force_login(user)

    page = page_of(client, cohort)

    assert WORSE in page
    assert "empfehlen" not in page
    assert "Festhalten" not in page


def test_a_trainer_of_another_cohort_sees_nothing(client, trainer, cohort):
    factories.SessionFactory(trainers=[trainer])
    client.force_login(trainer)

    assert client.get(reverse("evaluation:need_judgements", args=[cohort.pk])).status_code == 404


def test_a_recommendation_is_entered_from_a_need(client, organiser, cohort, module):
    need = planned(cohort, module, "Verfehlt", audience="MANAGER")
    client.force_login(organiser)
    address = reverse("evaluation:recommendation_from_need", args=[need.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in ("text", "audience", "source", "cohort", "key")}

    client.post(address, sent | {"feature": "", "module_key": ""})
    client.post(address, sent | {"feature": "", "module_key": ""})

    entered = Recommendation.objects.get()
    assert (entered.text, entered.source) == ("Den Bedarf „Verfehlt“ ganz decken.", "Bedarf „Verfehlt“")
    assert (entered.cohort, entered.audience) == (cohort, "MANAGER")


def closes_later():
    return {"closes_at": timezone.now() + scenes.DAY, "outcome": Outcome.PENDING, "counted_on": None}


def end_survey(cohort, fields):
    """With its instants given in days from now."""
    shown = {"outcome": Outcome.PENDING, "counted_on": None} | fields
    is_asked = shown.pop("asks", True)
    instants = [name for name in ("opens_at", "closes_at", "needs_fixed_on") if name in shown]
    days = {name: timezone.now() + shown[name] * scenes.DAY for name in instants}
    asked = themes.end_questionnaire(asks_coverage=is_asked)
    return themes.coverage_survey(cohort, **(shown | days | {"questionnaire": asked}))


@pytest.mark.parametrize(
    ("survey", "stage", "sentence"),
    [
        (None, Stage.NO_SURVEY, "Dafür gibt es noch keine."),
        ({"asks": False}, Stage.NOT_ASKED, "fragt nicht nach den Bedarfen"),
        ({"opens_at": 1, "closes_at": 3}, Stage.AHEAD, "Die Abschlusserhebung öffnet am"),
        ({"closes_at": 1}, Stage.OPEN, "Die Abschlusserhebung läuft bis"),
        ({}, Stage.COUNTING, "wird ausgezählt"),
        ({"outcome": Outcome.WITHHELD}, Stage.TOO_FEW, "weniger als 5&nbsp;Personen"),
        ({"outcome": Outcome.DESTROYED}, Stage.TOO_FEW, "weniger als 5&nbsp;Personen"),
        ({"outcome": Outcome.COUNTED}, Stage.NONE_THEN, "stand noch kein Bedarf im Themenspeicher"),
    ],
)
def test_before_there_is_a_judgement_the_page_shows_the_plan_and_says_what_is_missing(
    client, organiser, cohort, module, survey, stage, sentence
):
    planned(cohort, module, "Rolle")
    if survey is not None:
        end_survey(cohort, survey)
    client.force_login(organiser)

    page = page_of(client, cohort)

    assert judged_needs(cohort).stage is stage
    assert sentence in page
    assert ">Rolle</a>" in page
    assert "Was folgt" not in page


def test_nothing_is_shown_before_the_survey_is_counted(client, organiser, cohort, module):
    need = planned(cohort, module, "Rolle")
    themes.judged(need, 6, 0, 0)
    Survey.objects.update(**closes_later())
    client.force_login(organiser)

    assert judged_needs(cohort).stage is Stage.OPEN
    assert "Ganz gedeckt" not in page_of(client, cohort)
    assert "Ganz gedeckt" not in client.get(need.get_absolute_url()).content.decode()


def test_without_needs_the_page_leads_to_taking_them_up(client, organiser, cohort):
    client.force_login(organiser)

    page = page_of(client, cohort)

    assert reverse("evaluation:need_gather", args=[cohort.pk]) in page
    assert "<table" not in page


def test_the_life_line_of_a_need_says_how_it_was_judged(client, organiser, cohort, module):
    need = planned(cohort, module, "Rolle")
    themes.judged(need, 9, 3, 2, people=18)
    client.force_login(organiser)

    page = client.get(need.get_absolute_url()).content.decode()

    assert "Ganz gedeckt: 9 von 14, deren Bedarf es war; teilweise 3, nicht 2." in page


@pytest.mark.parametrize(
    ("survey", "text", "label"),
    [
        ({"outcome": Outcome.WITHHELD}, "Zur Abschlusserhebung kamen zu wenige Antworten.", "ohne Ergebnis"),
        ({"outcome": Outcome.DESTROYED}, "Zur Abschlusserhebung kamen zu wenige Antworten.", "ohne Ergebnis"),
        (
            {"outcome": Outcome.COUNTED},
            "Der Bedarf kam dazu, als die Befragung schon begonnen hatte.",
            "ausgeblieben",
        ),
        ({"asks": False}, "Die Abschlusserhebung fragt nicht nach den Bedarfen.", "ausgeblieben"),
        ({"closes_at": 1}, "Die Abschlusserhebung läuft", "offen"),
        ({"closes_at": 1, "needs_fixed_on": 0}, "Der Bedarf kam dazu", "ausgeblieben"),
        ({"opens_at": 1, "closes_at": 3}, "Am Ende des Durchgangs urteilen die Teilnehmenden.", "offen"),
        (None, "Am Ende des Durchgangs urteilen die Teilnehmenden.", "offen"),
    ],
)
def test_the_life_line_says_why_there_is_no_judgement(client, organiser, cohort, survey, text, label):
    need = themes.need(cohort, understanding="", outcome="")
    if survey is not None:
        end_survey(cohort, survey)
    client.force_login(organiser)

    page = client.get(need.get_absolute_url()).content.decode()

    station = page.split("<h3>Beurteilt</h3>")[1].split("<h3>")[0]
    assert text in station
    assert label in station


def test_a_need_of_too_few_people_is_not_judged_and_in_a_past_cohort_only_its_outcome_is_to_be_held(
    client, organiser, cohort
):
    scenes.held_session(cohort=cohort)
    need = themes.need(cohort)
    themes.judged(need, people=9)
    client.force_login(organiser)

    page = client.get(need.get_absolute_url()).content.decode()

    line = page.split('class="life-line"')[1].split("</ol>")[0]
    assert "ohne Ergebnis" in line.split("<h3>Beurteilt</h3>")[1]
    assert "als Nächstes" in line.split("<h3>Was daraus wurde</h3>")[1]
    assert line.count("als Nächstes") == 1
    assert "Was tun, damit der Bedarf gedeckt ist?" not in page
    assert f'{reverse("evaluation:need_edit", args=[need.pk])}#id_outcome"' in page


def test_a_past_cohort_without_a_survey_at_its_end_says_so(client, organiser, cohort):
    scenes.held_session(cohort=cohort)
    need = themes.need(cohort)
    client.force_login(organiser)

    assert "gibt es keine Abschlusserhebung" in client.get(need.get_absolute_url()).content.decode()
    assert "<strong>Nicht beurteilt.</strong> Für diesen Durchgang gibt es keine" in page_of(client, cohort)


@pytest.mark.parametrize(("days", "word"), [(-1, "gefragt hat"), (1, "fragt")])
def test_a_need_that_loses_its_last_source_stays_because_it_is_asked_or_was(client, organiser, cohort, days, word):
    need = themes.need(cohort)
    themes.judged(need)
    Survey.objects.update(closes_at=timezone.now() + days * scenes.DAY)
    client.force_login(organiser)

    page = client.post(
        reverse("evaluation:need_source_remove", args=[need.sources.get().pk]), follow=True
    ).content.decode()

    assert f"weil die Abschlusserhebung nach ihm {word}." in page


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (1, "Die Abschlusserhebung fragt gerade nach diesem Bedarf, und zwar als „Mandat“."),
        (-1, "Die Abschlusserhebung hat nach diesem Bedarf als „Mandat“ gefragt."),
    ],
)
def test_whoever_edits_a_need_is_told_that_the_survey_keeps_its_words(client, organiser, cohort, days, sentence):
    need = themes.need(cohort, "Mandat")
    address = reverse("evaluation:need_edit", args=[need.pk])
    client.force_login(organiser)
    assert "Die Abschlusserhebung" not in client.get(address).content.decode()

    themes.judged(need)
    Survey.objects.update(closes_at=timezone.now() + days * scenes.DAY)

    assert sentence in client.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_need_judgements_query_count(client, organiser, cohort, module, django_assert_num_queries, count):
    for number in range(count):
        themes.judged(planned(cohort, module, f"Bedarf {number}"), 0, 0, 6)
    client.force_login(organiser)

    with django_assert_num_queries(23):
        response = client.get(reverse("evaluation:need_judgements", args=[cohort.pk]))

    assert response.content.decode().count(WORSE) == count
