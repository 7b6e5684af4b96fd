"""Sheets of paper typed in: twice, compared, and put in as ballots that nobody can find again."""

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Competence, CompetenceArea, Responsibility, ResponsibilityLevel
from evaluation import entries
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.paper import cast_sheets, enter_sheet
from evaluation.actions.surveys import create_survey
from evaluation.entries import Entry
from evaluation.models import (
    Answer,
    Envelope,
    Option,
    Outcome,
    PaperSheet,
    PaperState,
    Purpose,
    QuestionKind,
    Response,
    Survey,
)
from evaluation.queries.results import response_rate
from evaluation.results import ResponseRate, rate_sentence
from netzkoord import roles
from netzkoord.lib.numbers import percent
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation import scenes

PAGE = "b3b0a1de-0c4e-4a52-8c5a-6b1e7f6b0001"
OTHER_PAGE = "b3b0a1de-0c4e-4a52-8c5a-6b1e7f6b0002"


@pytest.fixture(scope="module")
def shared(module_db):
    return factories.staff(roles.ORGANISATION), scenes.open_survey(3)


@pytest.fixture
def organiser(shared, db):
    return copy.deepcopy(shared[0])


@pytest.fixture
def survey(shared, db):
    return copy.deepcopy(shared[1])


@pytest.fixture
def office(client, organiser):
    client.force_login(organiser)
    return client


def address(name, survey, *more):
    return reverse(f"evaluation:{name}", args=[survey.pk, *more])


def typed(survey, number=7, *, page=PAGE, **values):
    """What the page sends: the first question of each kind with this value."""
    names = {"agreement": QuestionKind.AGREEMENT, "grade": QuestionKind.GRADE, "text": QuestionKind.TEXT}
    fields = {scenes.field(survey, names[kind]): value for kind, value in values.items()}
    return {"number": number, "page": page, **fields}


def message(response):
    return str(next(iter(response.context["messages"])))


def test_first_entry_is_kept_encrypted(office, survey):
    response = office.post(address("paper_sheet_add", survey), typed(survey, agreement="6", text="Streng geheim"))

    assert response.url == address("paper_sheet_add", survey)
    sheet = PaperSheet.objects.get()
    assert (sheet.number, sheet.state, sheet.second) == (7, PaperState.FIRST, b"")
    assert b"geheim" not in bytes(sheet.first)
    said = entries.first_of(survey, sheet).answers
    assert sorted(str(value.text or value.number) for value in said.values()) == ["6", "Streng geheim"]
    assert not Envelope.objects.exists()


def test_every_entry_is_equally_long(survey, organiser):
    scenes.type_in(survey, [1], by=organiser)
    text = scenes.said({scenes.question(survey, QuestionKind.TEXT).pk: "ä" * 900})
    enter_sheet(survey=survey, number=2, entry=Entry(text, PAGE), by=organiser)

    assert len({len(sheet.first) for sheet in PaperSheet.objects.all()}) == 1


def test_equal_second_entry_makes_a_ballot_without_role_or_receipt(office, survey, organiser):
    office.post(address("paper_sheet_add", survey), typed(survey, agreement="x", grade="2", text="Gut"))

    office.post(address("paper_sheet_repeat", survey), typed(survey, agreement="X", grade="2", text="Gut"))

    sheet = PaperSheet.objects.get()
    assert (sheet.state, bytes(sheet.first), bytes(sheet.second)) == (PaperState.DONE, b"", b"")
    (ballot,) = scenes.ballots.open_all(survey)
    assert (ballot.role, ballot.receipt, len(ballot.answers)) == ("", "", 3)


def test_differing_entries_are_shown_side_by_side_and_one_is_chosen(office, survey):
    office.post(address("paper_sheet_add", survey), typed(survey, agreement="5", grade="2", text="Gut"))

    response = office.post(
        address("paper_sheet_repeat", survey), typed(survey, agreement="5", grade="", text="Gud")
    )

    assert response.url == address("paper_sheet_decide", survey, 7)
    assert PaperSheet.objects.get().state == PaperState.DIFFERS
    page = office.get(response.url).content.decode()
    assert "keine Angabe" in page
    assert "Gud" in page
    assert page.count("<fieldset") == 2
    grade, text = scenes.field(survey, QuestionKind.GRADE), scenes.field(survey, QuestionKind.TEXT)
    office.post(response.url, {grade: "first", text: "second"})
    assert sorted(scenes.opened(survey)[0].values(), key=str) == [2, 5, "Gud"]
    assert PaperSheet.objects.get().is_done


def test_a_choice_that_is_missing_is_asked_for(office, survey):
    office.post(address("paper_sheet_add", survey), typed(survey, agreement="5"))
    office.post(address("paper_sheet_repeat", survey), typed(survey, agreement="4"))

    response = office.post(address("paper_sheet_decide", survey, 7), {})

    assert "Bitte wählen Sie, was auf dem Bogen steht." in response.content.decode()
    assert not Envelope.objects.exists()


def test_second_entry_does_not_show_the_first(office, survey, organiser):
    text = scenes.said({scenes.question(survey, QuestionKind.TEXT).pk: "Streng geheim"})
    enter_sheet(survey=survey, number=7, entry=Entry(text, PAGE), by=organiser)

    page = office.get(address("paper_sheet_repeat", survey)).content.decode()

    assert "geheim" not in page


def test_a_number_is_typed_in_once_and_a_double_click_is_no_mistake(office, survey):
    url = address("paper_sheet_add", survey)
    office.post(url, typed(survey, agreement="5"))

    again = office.post(url, typed(survey, agreement="5"))
    other = office.post(url, typed(survey, agreement="5", page=OTHER_PAGE))

    assert again.status_code == 302
    assert "Bogen 7 ist schon eingegeben." in other.content.decode()
    assert PaperSheet.objects.count() == 1
    assert AuditEvent.objects.filter(action=AuditAction.PAPER_ENTERED).count() == 1


def test_second_entry_of_an_unknown_sheet_keeps_what_was_typed(office, survey):
    response = office.post(address("paper_sheet_repeat", survey), typed(survey, agreement="5", text="Getippt"))

    assert "Bogen 7 ist noch nicht eingegeben." in response.content.decode()
    assert "Getippt" in response.content.decode()


@pytest.mark.parametrize("value", ["7", "0", "-1", "5.5", "55", "drei", "xx", "²", "x5"])
def test_what_is_not_on_the_scale_is_refused_with_what_is(office, survey, value):
    response = office.post(address("paper_sheet_add", survey), typed(survey, agreement=value))

    assert "Bitte 1 bis 6, x für „kann ich nicht beurteilen“" in response.content.decode()
    assert not PaperSheet.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "10000", "sieben", "7; DROP"])
def test_nonsense_as_a_number_is_refused(office, survey, number):
    response = office.post(address("paper_sheet_add", survey), typed(survey, number, agreement="5"))

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


def test_an_empty_sheet_does_not_count(office, survey):
    response = office.post(address("paper_sheet_add", survey), typed(survey))

    assert "Leere Bögen zählen nicht" in response.content.decode()
    assert not PaperSheet.objects.exists()


def test_the_rest_is_put_in_without_a_second_entry(office, survey, organiser):
    scenes.type_in(survey, [1, 2, 3], by=organiser)
    scenes.type_in_again(survey, 3, by=organiser, value=2)

    assert "2 Bögen wurden" in office.get(address("paper_sheets_cast", survey)).content.decode()
    office.post(address("paper_sheets_cast", survey))

    assert [sheet.state for sheet in PaperSheet.objects.all()] == ["DONE", "DONE", "DIFFERS"]
    assert Envelope.objects.count() == 2


def test_an_entry_by_mistake_is_deleted_but_no_ballot_is(office, survey, organiser):
    scenes.type_in(survey, [1, 2], by=organiser)
    scenes.type_in_again(survey, 2, by=organiser)

    office.post(address("paper_sheet_delete", survey, 1))
    office.post(address("paper_sheet_delete", survey, 2))

    assert [(sheet.number, sheet.state) for sheet in PaperSheet.objects.all()] == [(2, PaperState.DONE)]
    assert "niemand kann ihn dort wiederfinden" in office.get(
        address("paper_sheet_delete", survey, 2)
    ).content.decode().replace("\n", " ")


def test_nothing_is_taken_after_closing(office, survey, organiser):
    scenes.type_in(survey, [1], by=organiser)
    scenes.end(survey)

    entered = office.post(address("paper_sheet_add", survey), typed(survey, agreement="5", text="Getippt"))
    page = office.get(address("paper_sheet_add", survey), follow=True)
    decided = office.get(address("paper_sheet_decide", survey, 1))
    cast = office.post(address("paper_sheets_cast", survey), follow=True)

    assert "Getippt" in entered.content.decode()
    assert message(page).startswith("Die Erhebung ist nicht offen.")
    assert message(cast).startswith("Die Erhebung ist nicht offen.")
    assert decided.status_code == 404
    assert PaperSheet.objects.get().state == PaperState.FIRST


@pytest.mark.database
def test_what_is_not_a_ballot_at_closing_counts_as_typed_in_first(survey, organiser):
    scenes.type_in(survey, [1, 2, 3, 4, 5], by=organiser, value=6)
    scenes.type_in_again(survey, 4, by=organiser, value=1)
    scenes.type_in_again(survey, 5, by=organiser, value=6)
    scenes.end(survey)

    count_due_surveys()

    survey.refresh_from_db()
    assert survey.outcome == Outcome.COUNTED
    assert [answer.number for answer in Answer.objects.filter(response__survey=survey)] == [6] * 5
    assert response_rate(survey) == ResponseRate(5, 3, on_paper=5)


@pytest.mark.parametrize(
    ("by_link", "outcome"), [(1, Outcome.WITHHELD), (4, Outcome.WITHHELD), (5, Outcome.COUNTED)]
)
def test_who_typed_in_sheets_cannot_subtract_them_from_a_few_links(db, organiser, by_link, outcome):
    survey = scenes.open_survey(by_link)
    factories.SessionFactory(cohort=survey.cohort)  # the cohort goes on
    scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.AGREEMENT).pk: 2}] * by_link)
    scenes.type_in(survey, range(1, 6), by=organiser)
    scenes.end(survey)

    count_due_surveys()

    survey.refresh_from_db()
    assert survey.outcome == outcome
    assert Answer.objects.exists() is (outcome == Outcome.COUNTED)


@pytest.mark.database
def test_a_finished_sheet_keeps_nothing(survey, organiser):
    scenes.type_in(survey, range(1, 6), by=organiser)
    cast_sheets(survey=survey, by=organiser)
    before = set(PaperSheet.objects.values_list("pk", flat=True))
    scenes.end(survey)

    count_due_surveys()

    rows = list(PaperSheet.objects.values("survey", "number", "state", "first", "second"))
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5]
    assert {(row["survey"], row["state"], bytes(row["first"]), bytes(row["second"])) for row in rows} == {
        (survey.pk, "DONE", b"", b"")
    }
    assert before.isdisjoint(PaperSheet.objects.values_list("pk", flat=True))
    assert not {key for key, *_ in Response.objects.values_list("pk")} & {row["number"] for row in rows}


def test_audit_says_who_and_which_sheet_and_nothing_of_it(survey, organiser):
    scenes.type_in(survey, [1], by=organiser, value=3)
    scenes.type_in_again(survey, 1, by=organiser, value=4)

    lines = AuditEvent.objects.filter(action__startswith="PAPER").order_by("pk")

    assert [(line.by_id, line.details) for line in lines] == [
        (organiser.pk, {"sheet": 1}),
        (organiser.pk, {"sheet": 1, "state": "DIFFERS"}),
    ]


def test_paper_counts_as_answers_without_invitation(survey, organiser):
    scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.AGREEMENT).pk: 5}] * 2)
    scenes.type_in(survey, [1], by=organiser)

    rate = response_rate(survey)

    assert rate == ResponseRate(answered=3, invited=3, on_paper=1)
    assert rate_sentence(rate) == f"3 von 3 Befragten haben geantwortet ({percent(1)}), davon 1 auf Papier."
    counted = Survey.objects.with_counts().get(pk=survey.pk)
    assert (counted.answered, counted.invited, counted.on_paper) == (3, 3, 1)


@pytest.mark.parametrize(("sheets", "share"), [(2, True), (4, False)])
def test_list_of_surveys_leads_to_paper_and_says_no_share_above_all(office, survey, organiser, sheets, share):
    scenes.type_in(survey, range(1, sheets + 1), by=organiser)

    page = office.get(reverse("evaluation:feedback_list", args=[survey.cohort_id])).content.decode()

    assert address("paper_sheet_list", survey) in page
    assert f"davon {sheets} auf Papier" in page
    assert (percent(2 / 3) in page) == share
    assert percent(4 / 3) not in page


def test_a_sheet_that_was_typed_in_is_an_answer(survey, organiser):
    before = Survey.objects.with_has_answers().get(pk=survey.pk).has_answers
    scenes.type_in(survey, [1], by=organiser)

    assert [before, Survey.objects.with_has_answers().get(pk=survey.pk).has_answers] == [False, True]


def test_more_answers_than_invitations_are_explained():
    sentence = rate_sentence(ResponseRate(answered=12, invited=10, on_paper=7))

    assert sentence == (
        "Eingeladen waren 10, geantwortet haben 12, davon 7 auf Papier; "
        "auf Papier kann auch antworten, wer keine Einladung hat."
    )


@pytest.mark.parametrize("count", [1, 3])
def test_paper_sheet_list_query_count(office, survey, organiser, count, django_assert_num_queries):
    scenes.type_in(survey, range(1, count + 1), by=organiser)

    with django_assert_num_queries(6):
        page = office.get(address("paper_sheet_list", survey)).content.decode()

    assert page.count('<th scope="row">') == count


@pytest.fixture
def transfer(db):
    """An open survey with choices, a condition on the first of them, a code and one competence."""
    cohort = factories.CohortFactory()
    track = cohort.edition.tracks.first() or factories.TrackFactory(edition=cohort.edition)
    level = ResponsibilityLevel.objects.create(
        edition=cohort.edition, position=1, kind=Responsibility.NORMATIVE, question="Wozu?", responsible="Rat"
    )
    area = CompetenceArea.objects.create(edition=cohort.edition, position=1, name="Fach")
    competence = Competence.objects.create(area=area, position=1, name="Netzwerke verstehen")
    competence.profiles.create(track=track, responsibility_level=level, target_level=3)
    now = timezone.now()
    return create_survey(cohort, Purpose.TRANSFER, opens_at=now - scenes.DAY, closes_at=now + scenes.DAY)


def choice(survey, text):
    return next(question for question in survey.questionnaire.questions() if question.text.startswith(text))


def test_choices_codes_and_competences_are_typed_as_digits_and_letters(office, transfer):
    applied, hindered = choice(transfer, "Haben Sie"), choice(transfer, "Was hat Sie")
    code, rated = choice(transfer, "Ihr persönlicher"), choice(transfer, "Wo stehen")
    competence = Competence.objects.get()
    fields = {
        f"q{applied.pk}": "4",
        f"q{hindered.pk}": "31, 1",
        f"q{code.pk}": "ma 07-kö",
        f"q{rated.pk}-{competence.pk}": "0",
    }

    response = office.post(address("paper_sheet_add", transfer), {"number": 1, "page": PAGE, **fields})

    assert response.status_code == 302
    said = entries.first_of(transfer, PaperSheet.objects.get()).answers
    chosen = Option.objects.filter(pk__in=said[hindered.pk, None].options).values_list("label", flat=True)
    assert sorted(chosen) == ["Rückhalt", "Zeit"]
    assert said[code.pk, None].text == "MA07KO"
    assert said[rated.pk, competence.pk].number == 0


def test_what_the_earlier_answer_leaves_out_does_not_count(office, transfer):
    applied, hindered = choice(transfer, "Haben Sie"), choice(transfer, "Was hat Sie")

    office.post(
        address("paper_sheet_add", transfer),
        {"number": 1, "page": PAGE, f"q{applied.pk}": "1", f"q{hindered.pk}": "1"},
    )

    assert list(entries.first_of(transfer, PaperSheet.objects.get()).answers) == [(applied.pk, None)]


@pytest.mark.parametrize("value", ["9", "1 a", "x", "0"])
def test_a_choice_that_is_not_offered_is_refused(office, transfer, value):
    hindered = choice(transfer, "Was hat Sie")

    response = office.post(
        address("paper_sheet_add", transfer), {"number": 1, "page": PAGE, f"q{hindered.pk}": value}
    )

    assert "Bitte 1 bis 7, auch mehrere hintereinander; leer für keine Angabe." in response.content.decode()


@pytest.mark.parametrize("page", ["paper_sheet_add", "paper_sheet_repeat", "paper_sheets_cast"])
def test_with_another_secret_pages_of_sheets_say_so(office, survey, settings, page):
    office.post(address("paper_sheet_add", survey), typed(survey, agreement="6"))
    settings.BALLOT_SECRET = "another secret than that of the survey"
    number = 8 if page == "paper_sheet_add" else 7

    response = office.post(address(page, survey), typed(survey, number, page=OTHER_PAGE, agreement="6"))

    assert response.status_code == 409
    assert "mit einem anderen BALLOT_SECRET" in response.content.decode()
    assert PaperSheet.objects.get().state == PaperState.FIRST


def test_with_another_secret_the_choice_between_two_entries_says_so(office, survey, settings):
    for page, value in (("paper_sheet_add", "6"), ("paper_sheet_repeat", "5")):
        office.post(address(page, survey), typed(survey, page=OTHER_PAGE, agreement=value))
    settings.BALLOT_SECRET = "another secret than that of the survey"

    response = office.get(address("paper_sheet_decide", survey, 7))

    assert response.status_code == 409
    assert "mit einem anderen BALLOT_SECRET" in response.content.decode()
