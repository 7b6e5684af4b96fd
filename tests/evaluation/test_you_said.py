"""„Das haben Sie gesagt – das haben wir geändert“: who reads it, in whose words, and that it names nobody."""

import pytest
from django.urls import reverse

from curriculum.models import Edition
from evaluation.actions.comments import return_result, write_comment
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.texts import release_text
from evaluation.actions.walls import merge_columns
from evaluation.models import Answer, Need, Recommendation
from evaluation.queries.you_said import you_said
from evaluation.you_said import you_said_paper
from participants.models import Registration
from tests import factories
from tests.evaluation import scenes, themes
from tests.evaluation.counted import counted_survey
from tests.evaluation.workshops import guiding_question
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_text

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def session():
    return scenes.held_session()


@pytest.fixture
def cohort(session):
    return session.cohort


def say(cohort, text="Mehr Zeit", **fields):
    return Recommendation.objects.create(cohort=cohort, text=text, **fields)


def page_of(client, cohort):
    return client.get(reverse("evaluation:you_said", args=[cohort.pk])).content.decode()


def words(rows):
    return [voice.words for said in rows for voice in said.voices]


@pytest.fixture
def participant(client, session):
    registration = scenes.attend(session)
    client.force_login(registration.person)
    return client


def test_participant_reads_what_became_of_what_was_said(participant, cohort, organiser):
    say(cohort, "Längere Pausen", state="DONE", reason="Sie dauern jetzt 75 Minuten.", decided_by=organiser)
    say(cohort, "Ein Treffen danach", state="ACCEPTED", reason="Es ist geplant.")
    say(cohort, "Fördermittel", state="DECLINED", reason="Das veraltet zu schnell.")
    say(cohort, "Kleine Kommunen")

    page = page_of(participant, cohort)

    headings = ["geändert</h2>", "vorgenommen</h2>", "nicht übernommen</h2>", "noch nicht entschieden</h2>"]
    texts = ["Längere Pausen", "Ein Treffen danach", "Fördermittel", "Kleine Kommunen"]
    places = [page.index(part) for pair in zip(headings, texts, strict=True) for part in pair]
    assert places == sorted(places)
    assert "Das veraltet zu schnell." in page
    assert organiser.family_name not in page


def test_start_page_of_a_participant_leads_there(participant, cohort):
    start = participant.get(reverse("start")).content.decode()

    assert reverse("evaluation:you_said", args=[cohort.pk]) in start


def test_cohort_page_leads_there(client, organiser, cohort):
    client.force_login(organiser)

    assert (
        reverse("evaluation:you_said", args=[cohort.pk]) in client.get(cohort.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("name", ["you_said", "you_said_paper"])
def test_only_those_with_a_place_in_the_cohort_read_it(client, stranger, session, cohort, name):
    waiting = factories.RegistrationFactory(tandem__cohort=cohort, tandem__selection="WAITING")
    elsewhere = scenes.attend(scenes.held_session())
    other_trainer = factories.staff("Trainer/in", email="anderes.training@stadt.example")

    for person in (stranger, waiting.person, elsewhere.person, other_trainer):
        client.force_login(person)
        assert client.get(reverse(f"evaluation:{name}", args=[cohort.pk])).status_code == 404


def test_what_was_said_elsewhere_stays_elsewhere(cohort):
    say(factories.CohortFactory(), "Von anderen")
    say(None, "Von niemandem")

    assert you_said(cohort).is_empty


def test_card_is_quoted_as_it_was_written(cohort, session):
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    question.workshop.session = session
    question.workshop.save()
    card = question.cards.create(round=question.workshop.rounds.get(), text="mehr pausen!!")
    Recommendation.objects.create(workshop=question.workshop, card=card, text="Längere Pausen einplanen")

    [said] = you_said(cohort).open
    assert (words([said]), said.reworded) == (["mehr pausen!!"], "Längere Pausen einplanen")
    card.is_hidden = True
    card.save()
    [said] = you_said(cohort).open
    assert (words([said]), said.reworded) == (["Längere Pausen einplanen"], "")


@pytest.fixture
def following(cohort):
    """The draft that follows the cohort's edition."""
    return factories.EditionFactory(programme=cohort.edition.programme, number=99, replaces=cohort.edition)


def test_changes_are_told_when_the_edition_is_published(cohort, following):
    unit = factories.UnitFactory(module__edition=following, title="Transfertreffen")
    accepted = say(cohort, state="ACCEPTED", reason="Ja.")
    accepted.causes.create(edition=following, part_key=unit.key)

    assert [words(you_said(cohort).accepted), words(you_said(cohort).changed)] == [["Mehr Zeit"], []]
    factories.publish(following)

    [said] = you_said(cohort).changed
    assert [each.part_name for each in said.row.consequences] == ["Baustein „Transfertreffen“"]


def test_declined_is_not_told_as_changed(cohort, following):
    unit = factories.UnitFactory(module__edition=following)
    declined = say(cohort, state="DECLINED", reason="Nein.")
    declined.causes.create(edition=following, part_key=unit.key)
    factories.publish(following)

    assert words(you_said(cohort).declined) == ["Mehr Zeit"]


def test_needs_are_told_once_there_is_something_to_tell(cohort):
    Need.objects.create(cohort=cohort, title="Rolle klären", outcome="Dazu gab es einen eigenen Baustein.")
    Need.objects.create(cohort=cohort, title="Noch offen")

    page = you_said(cohort)

    assert [told.need.title for told in page.needs] == ["Rolle klären"]
    assert page.needs_sentence == ""


def test_needs_named_most_come_first_wherever_their_cards_hang_now(cohort, organiser):
    wall = themes.wall_of(cohort, ("Rolle", ["Mandat", "Auftrag"]), ("Haltung", ["Nein sagen"]))
    rolle, haltung = wall.clusters.order_by("position")
    heavy = Need.objects.create(cohort=cohort, title="Rolle klären", outcome="Ja.")
    heavy.sources.create(cluster=rolle, weight=2)
    themes.need(cohort, "Recht", weight=2, outcome="Nein.")

    merge_columns(into=haltung, column=rolle, by=organiser)

    assert [told.need.title for told in you_said(cohort).needs] == ["Rolle klären", "Recht"]


def judged_cohort(cohort):
    """Three needs that were judged: by enough people, by too few whose it was, and one that came later."""
    themes.judged(themes.need(cohort, "Rolle klären", weight=9), 1, 2, 5, people=11)
    themes.judged(themes.need(cohort, "Recht", weight=4), people=11)
    themes.need(cohort, "Kam dazu")


def asked_at_the_end(registration):
    themes.coverage_survey(registration.cohort).invitations.create(registration=registration)


def test_participants_read_how_they_have_judged_their_needs(participant, cohort):
    judged_cohort(cohort)
    asked_at_the_end(Registration.objects.get(cohort=cohort))

    page = page_of(participant, cohort)

    assert "Ganz gedeckt: 1 von 8, deren Bedarf es war; teilweise 2, nicht 5." in page
    assert "Kein Ergebnis: weniger als 5 hatten diesen Bedarf." in page
    assert "Der einzige beurteilte Bedarf ist nicht ganz gedeckt" in page
    assert "Was daraus wird, ist noch nicht festgehalten." in page
    assert page.index("Rolle klären") < page.index("Recht")
    assert "Kam dazu" not in page


def test_judgement_of_needs_is_told_to_those_who_were_asked(participant, cohort, organiser, client):
    judged_cohort(cohort)

    assert "gedeckt" not in page_of(participant, cohort)
    client.force_login(organiser)
    assert "Ganz gedeckt: 1 von 8" in page_of(client, cohort)


def test_need_that_was_asked_in_other_words_says_so(cohort):
    judged_cohort(cohort)
    Need.objects.filter(title="Rolle klären").update(title="Rolle und Mandat klären")

    assert you_said(cohort).needs[0].asked_as == "Rolle klären"


def commented(session, *, organiser, shows_texts=True, is_returned=True, text="Gute Beispiele"):
    """A counted survey with one released and one waiting text, a comment, and perhaps given back.

    All who have a place in the cohort were asked.
    """
    survey = counted_survey(session=session, organiser=organiser, text=text)
    for registration in Registration.objects.filter(cohort=session.cohort).exclude(invitations__survey=survey):
        survey.invitations.create(registration=registration)
    first, second = Answer.objects.filter(response__survey=survey).exclude(text="").order_by("pk")[:2]
    Answer.objects.filter(pk=second.pk).update(text="Was niemand lesen soll")
    release_text(survey=survey, answer=first, blackened=[0], by=organiser)
    write_comment(survey=survey, text="Wir nehmen mehr Fälle.", shows_texts=shows_texts, by=organiser)
    if is_returned:
        return_result(survey=survey, by=organiser)
    return survey


def test_comments_and_released_texts_are_told_without_the_trainer(client, organiser, session):
    reader = scenes.attend(session).person
    commented(session, organiser=organiser)
    client.force_login(reader)

    page = page_of(client, session.cohort)

    assert "Wir nehmen mehr Fälle." in page
    assert '<span class="blackened">[geschwärzt]</span> Beispiele' in page
    assert "Was niemand lesen soll" not in page
    assert "Gute" not in page
    assert organiser.family_name not in page


@pytest.mark.parametrize("name", ["you_said", "you_said_paper"])
def test_result_of_a_survey_is_told_to_those_who_were_asked_only(client, organiser, session, name):
    commented(session, organiser=organiser)
    say(session.cohort, "Längere Pausen")
    client.force_login(scenes.attend(session).person)

    response = client.get(reverse(f"evaluation:{name}", args=[session.cohort_id]))

    text = pdf_text(response.content) if name == "you_said_paper" else response.content.decode()
    assert "Längere Pausen" in text
    assert "Wir nehmen mehr Fälle." not in text
    assert "Beispiele" not in text


def test_what_was_not_given_back_is_not_told(organiser, session):
    commented(session, organiser=organiser, is_returned=False)

    assert you_said(session.cohort).is_empty


def test_texts_that_participants_may_not_read_are_not_told(organiser, session):
    commented(session, organiser=organiser, shows_texts=False)

    [returned] = you_said(session.cohort).returned
    assert returned.texts == []


def test_texts_of_surveys_counted_together_are_told_once(client, organiser):
    cohort = factories.CohortFactory()
    surveys = []
    for _ in range(2):
        survey = scenes.open_survey(4, session=scenes.held_session(cohort=cohort))
        scenes.hand_in(survey, [{scenes.question(survey, "TEXT").pk: "Mehr Fälle"}] * 4)
        scenes.end(survey)
        surveys.append(survey)
    count_due_surveys()
    answer = Answer.objects.exclude(text="").first()
    release_text(survey=surveys[0], answer=answer, blackened=[], by=organiser)
    for survey in surveys:
        survey.refresh_from_db()
        write_comment(survey=survey, text="Ja.", shows_texts=True, by=organiser)
        return_result(survey=survey, by=organiser)
    client.force_login(organiser)

    first, second = you_said(cohort).returned
    page = client.get(reverse("evaluation:recommendation_from_text", args=[surveys[1].pk, answer.pk]))

    assert [str(text) for _, texts in first.texts for text in texts] == ["Mehr Fälle"]
    assert second.texts == []
    assert "Rückmeldungen zu mehreren Terminen" in page.content.decode()


def test_page_without_anything_says_so(participant, cohort):
    assert "Noch ist nichts zurückzugeben." in page_of(participant, cohort)


def test_what_was_said_is_literal(participant, cohort):
    say(cohort, SCRIPT, source=SCRIPT, state="DONE", reason=SCRIPT)
    Need.objects.create(cohort=cohort, title=SCRIPT, outcome=SCRIPT)

    assert "<script>alert" not in page_of(participant, cohort)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(participant, organiser, cohort, django_assert_num_queries, count):
    edition = factories.EditionFactory(programme=cohort.edition.programme, number=99)
    unit = factories.UnitFactory(module__edition=edition)
    for number in range(count):
        said = say(
            cohort, f"Rat {number}", state="DONE", reason="Ja.", module_key=unit.module.key, source="Gespräch"
        )
        said.causes.create(edition=edition, part_key=unit.key)
        say(cohort, f"Auch {number}", state="MERGED", reason="Dasselbe.", merged_into=said)
        themes.judged(themes.need(cohort, f"Bedarf {number}", outcome="Geschehen."), 1, 2, 5, people=11)
        commented(scenes.held_session(cohort=cohort), organiser=organiser)
    for registration in Registration.objects.filter(cohort=cohort):
        asked_at_the_end(registration)
    factories.publish(Edition.objects.get(pk=edition.pk))

    with django_assert_num_queries(16):
        page = page_of(participant, cohort)

    for part in ("Rat ", "Auch ", 'said-need">Bedarf ', "Wir nehmen mehr Fälle."):
        assert page.count(part) == count


def test_paper_says_what_the_page_says(participant, cohort, organiser, session):
    commented(session, organiser=organiser, text="Gute Beispiele aus kleinen Kommunen")
    say(cohort, "Längere Pausen 🙂", state="DONE", reason="Sie dauern jetzt 75 Minuten.", source="Gespräch")
    say(cohort, "Fördermittel", state="DECLINED", reason="Das veraltet zu schnell.")
    rolle = themes.need(cohort, "Rolle klären", outcome="Dazu gab es einen Baustein.")
    themes.judged(rolle, 1, 2, 5, people=11)
    for registration in Registration.objects.filter(cohort=cohort):
        asked_at_the_end(registration)

    response = participant.get(reverse("evaluation:you_said_paper", args=[cohort.pk]))

    assert response["Content-Type"] == "application/pdf"
    text = pdf_text(response.content)
    for part in (
        "Das haben Sie gesagt – das haben wir geändert",
        "Längere Pausen",
        "Sie dauern jetzt 75 Minuten.",
        "Das haben wir nicht übernommen",
        "Das veraltet zu schnell.",
        "Rolle klären",
        "Ganz gedeckt: 1 von 8, deren Bedarf es war; teilweise 2, nicht 5.",
        "Wir nehmen mehr Fälle.",
        "[geschwärzt] Beispiele aus kleinen Kommunen",
    ):
        assert part in text
    assert "Was niemand lesen soll" not in text
    assert organiser.family_name not in text
    assert next(tag for tag in pdf_outline(response.content) if tag.startswith("H")) == "H1"
    assert_pdf_ua_and_a(response.content)


def test_paper_of_nothing_is_valid_and_always_the_same(cohort):
    page = you_said(cohort)

    assert "Noch ist nichts zurückzugeben." in pdf_text(you_said_paper(page))
    assert you_said_paper(page) == you_said_paper(page)
