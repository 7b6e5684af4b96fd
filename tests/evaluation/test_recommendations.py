"""The register of recommendations: entered from cards, texts or by hand; decided on; what an edition owes."""

import csv
import io
import uuid

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.actions.copying import copy_parts
from curriculum.models import Edition
from evaluation.actions.recommendations import (
    NotDecidable,
    add_recommendation,
    change_recommendation,
    decide_recommendation,
)
from evaluation.actions.texts import hold_text, release_text
from evaluation.models import Answer, Recommendation, RecommendationDecision, RecommendationState
from evaluation.queries.recommendations import owed_page
from evaluation.queries.report import cohort_report
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.counted import counted_survey
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>alert(1)</script>'
LIST = "evaluation:recommendation_list"
Actions = AuditAction


@pytest.fixture
def draft():
    """The draft that follows a published edition with one module of one unit."""
    old = factories.EditionFactory(number=1)
    factories.UnitFactory(module=factories.ModuleFactory(edition=old, code="K1", title="Grundlagen"), title="Alt")
    factories.publish(old)
    draft = Edition.objects.create(
        programme=old.programme, number=2, title=old.title, abstract=old.abstract, replaces=old
    )
    copy_parts(old, draft)
    return draft


@pytest.fixture
def card():
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    return question.cards.create(round=question.workshop.rounds.get(), text="Mehr Praxis")


def entry(**fields):
    return Recommendation.objects.create(**({"text": "Mehr Zeit"} | fields))


def sent(**fields):
    return {
        "text": "Mehr Zeit",
        "source": "Gespräch",
        "audience": "BOTH",
        "key": str(uuid.uuid4()),
    } | fields


def decide(recommendation, state, by, *, reason="Weil es hilft.", edition=None):
    decide_recommendation(
        recommendation=recommendation, state=RecommendationState(state), reason=reason, edition=edition, by=by
    )
    recommendation.refresh_from_db()
    return recommendation


def lines(action):
    return AuditEvent.objects.filter(action=action).count()


# Entering


def test_typed_recommendation_sent_twice_is_entered_once(staff, draft):
    module = draft.modules.get()
    fields = sent(module_key=str(module.key), feature="TANDEMS", audience="MANAGER")

    for _ in range(2):
        response = staff.post(reverse("evaluation:recommendation_add"), fields)

    entered = Recommendation.objects.get()
    assert (entered.text, entered.source, entered.module_key) == ("Mehr Zeit", "Gespräch", module.key)
    assert (entered.feature, entered.audience, entered.state) == ("TANDEMS", "MANAGER", "OPEN")
    assert response.url == entered.get_absolute_url()
    assert lines(Actions.RECOMMENDATION_ADDED) == 1


def test_modules_of_the_newest_edition_are_offered(staff, draft):
    newer = factories.ModuleFactory(edition=draft, code="K9", title="Neu dazu")

    page = staff.get(reverse("evaluation:recommendation_add")).content.decode()

    assert page.count("K1 Grundlagen") == 1
    assert str(newer.key) in page


def test_card_becomes_a_recommendation_once_with_its_round(staff, card):
    address = reverse("evaluation:recommendation_from_card", args=[card.pk])
    page = staff.get(address).content.decode()
    staff.post(address, sent(text="Mehr Praxis in jedem Modul"))
    card.guiding_question.workshop.refresh_from_db()
    again = staff.post(address, sent(text="Mehr Praxis in jedem Modul", key=Recommendation.objects.get().key))
    other = staff.post(address, sent(text="Noch einmal"))

    assert "Mehr Praxis" in page
    entered = Recommendation.objects.get()
    assert (entered.card, entered.workshop, entered.round) == (card, card.guiding_question.workshop, card.round)
    assert entered.text == "Mehr Praxis in jedem Modul"
    assert card.guiding_question.workshop.revision == 1  # every screen is told
    assert again.url == entered.get_absolute_url()
    assert other.status_code == 409
    assert "Diese Karte steht schon im Register. Ihre Worte sind nicht gespeichert" in other.content.decode()
    assert "Noch einmal" in other.content.decode()
    card.refresh_from_db()
    assert card.text == "Mehr Praxis"


def test_card_stands_once_in_the_register(card):
    entry(card=card)

    with pytest.raises(IntegrityError), transaction.atomic():
        entry(card=card)


def test_add_recommendation_of_a_card_finds_what_somebody_faster_entered(card, organiser):
    first = add_recommendation(recommendation=Recommendation(card=card, text="Eins"), by=organiser)
    second = add_recommendation(recommendation=Recommendation(card=card, text="Zwei"), by=organiser)

    assert first == second
    assert lines(Actions.RECOMMENDATION_ADDED) == 1


@pytest.mark.parametrize("change", [{"is_hidden": True}, {"purpose": "NEED"}])
def test_only_cards_that_hang_under_the_question_for_recommendations_are_taken(staff, card, change):
    for row in [card, card.guiding_question]:
        for name in change.keys() & {field.name for field in row._meta.fields}:
            setattr(row, name, change[name])
        row.save()

    assert staff.get(reverse("evaluation:recommendation_from_card", args=[card.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_hidden": True}, "Die Karte ist inzwischen verdeckt"),
        ({"purpose": "NEED"}, "nicht mehr nach Empfehlungen"),
    ],
)
def test_words_typed_at_a_card_that_is_gone_meanwhile_are_shown(staff, card, change, sentence):
    for row in [card, card.guiding_question]:
        type(row).objects.filter(pk=row.pk).update(
            **{name: value for name, value in change.items() if hasattr(row, name)}
        )

    response = staff.post(
        reverse("evaluation:recommendation_from_card", args=[card.pk]), sent(text="Übungen mit eigenen Fällen")
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert sentence in page
    assert "Übungen mit eigenen Fällen" in page
    assert not Recommendation.objects.exists()


def test_who_hides_a_card_of_the_register_is_told_where_it_still_stands(staff, card):
    told = entry(card=card, workshop=card.guiding_question.workshop)
    board = reverse("evaluation:wall_board", args=[card.guiding_question_id])
    step = reverse("evaluation:wall_step", args=[card.guiding_question_id])

    menu = staff.get(reverse("evaluation:wall_card", args=[card.guiding_question_id, card.pk])).content.decode()
    said = staff.post(step, {"do": f"hide:{card.pk}"}, headers={"Accept": "text/plain"}).content.decode()
    shown = staff.get(board).content.decode()

    for page in (menu, shown):
        assert f'href="{told.get_absolute_url()}"' in page
    assert "Verdecken Sie sie, bleibt die Empfehlung dort stehen." in menu
    assert "Im Register der Empfehlungen steht sie weiter" in said
    assert "steht weiter im Register" in shown


def test_hiding_a_card_that_is_not_in_the_register_says_nothing_of_it(staff, card):
    address = reverse("evaluation:wall_card", args=[card.guiding_question_id, card.pk])

    assert "Register" not in staff.get(address).content.decode()
    staff.post(reverse("evaluation:wall_step", args=[card.guiding_question_id]), {"do": f"hide:{card.pk}"})
    assert (
        "Register"
        not in staff.get(reverse("evaluation:wall_board", args=[card.guiding_question_id])).content.decode()
    )


def test_entry_says_that_its_card_is_hidden(client, organiser, reader, card):
    card.is_hidden = True
    card.save()
    told = entry(card=card, text="Mehr üben", workshop=card.guiding_question.workshop)

    client.force_login(reader)
    read = client.get(told.get_absolute_url()).content.decode()
    client.force_login(organiser)
    kept = client.get(told.get_absolute_url()).content.decode()

    assert "Die Karte ist verdeckt." in read
    assert "Mehr Praxis" not in read
    assert "berichtigen Sie sie, oder nehmen Sie sie zurück" in kept


def test_wall_and_workshop_offer_the_card_and_say_that_it_is_entered(staff, card):
    address = reverse("evaluation:recommendation_from_card", args=[card.pk])
    workshop = card.guiding_question.workshop

    assert address in staff.get(reverse("evaluation:wall_board", args=[card.guiding_question_id])).content.decode()
    assert address in staff.get(workshop.get_absolute_url()).content.decode()
    entry(card=card, workshop=workshop)
    page = staff.get(workshop.get_absolute_url()).content.decode()
    board = staff.get(reverse("evaluation:wall_board", args=[card.guiding_question_id])).content.decode()
    for shown in (page, board):
        assert "steht im Register" in shown
        assert address not in shown


def test_cards_of_needs_are_not_offered_as_recommendations(staff, card):
    card.guiding_question.purpose = "NEED"
    card.guiding_question.save()

    for address in [
        reverse("evaluation:wall_board", args=[card.guiding_question_id]),
        card.guiding_question.workshop.get_absolute_url(),
    ]:
        assert "als Empfehlung aufnehmen" not in staff.get(address).content.decode()


def text_address(answer, survey):
    return reverse("evaluation:recommendation_from_text", args=[survey.pk, answer.pk])


def test_released_text_becomes_a_recommendation_without_what_is_blackened(staff, organiser):
    survey = counted_survey(text="Frau Klug soll mehr Zeit bekommen", organiser=organiser)
    answer = Answer.objects.exclude(text="").first()
    release_text(survey=survey, answer=answer, blackened=[1], by=organiser)

    page = staff.get(text_address(answer, survey)).content.decode()
    staff.post(text_address(answer, survey), sent(text="Mehr Zeit", source="Rückmeldung", cohort=survey.cohort_id))

    assert "Frau [geschwärzt] soll mehr Zeit bekommen" in page
    assert "Klug" not in page
    entered = Recommendation.objects.get()
    assert entered.cohort == survey.cohort
    # Nothing leads back to the answer, nor to the response that it belongs to.
    stored = " ".join(str(value) for value in Recommendation.objects.values().get().values())
    assert str(answer.pk) not in stored
    assert str(answer.response_id) not in stored
    kept = " ".join(f"{event.target_id} {event.details}" for event in AuditEvent.objects.all())
    assert str(answer.pk) not in kept


def test_text_that_is_not_released_is_no_recommendation(staff, organiser):
    survey = counted_survey(organiser=organiser)
    pending, held = Answer.objects.exclude(text="")[:2]
    hold_text(survey=survey, answer=held, by=organiser)

    for answer in (pending, held):
        response = staff.get(text_address(answer, survey))
        assert response.url == reverse("evaluation:text_edit", args=[survey.pk, answer.pk])
        staff.post(
            text_address(answer, survey), {"text": "Mehr Zeit", "audience": "BOTH", "key": str(uuid.uuid4())}
        )

    assert not Recommendation.objects.exists()


def test_released_text_offers_to_be_entered(staff, organiser):
    survey = counted_survey(organiser=organiser)
    released, pending = Answer.objects.exclude(text="")[:2]
    release_text(survey=survey, answer=released, blackened=[], by=organiser)

    page = staff.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()

    assert text_address(released, survey) in page
    assert text_address(pending, survey) not in page


NONSENSE = [
    ({"text": ""}, "Schreiben Sie, was empfohlen wird."),
    ({"text": " \n\t"}, "Schreiben Sie, was empfohlen wird."),
    ({"text": "🙂" * 1001}, "Platz ist für 1000"),
    ({"audience": "ALL"}, "gültige"),
    ({"module_key": "x"}, "gültige"),
    ({"module_key": str(uuid.uuid4())}, "gültige"),
    ({"feature": "HUMOUR"}, "gültige"),
    ({"cohort": "9" * 30}, "Durchgang"),
    ({"cohort": "x"}, "Durchgang"),
    ({"source": "x" * 201}, "Platz ist für 200"),
    ({"key": "kein Schlüssel"}, "UUID"),
]


@pytest.mark.parametrize(("fields", "sentence"), NONSENSE)
def test_recommendation_add_survives_nonsense(staff, draft, fields, sentence):
    page = staff.post(reverse("evaluation:recommendation_add"), sent(**fields)).content.decode()

    assert sentence in page
    assert not Recommendation.objects.exists()


def test_recommendation_add_with_nothing_at_all_shows_errors(staff):
    assert "Schreiben Sie" in staff.post(reverse("evaluation:recommendation_add"), {}).content.decode()


# Correcting


def test_open_recommendation_is_corrected(staff):
    recommendation = entry()

    staff.post(
        reverse("evaluation:recommendation_edit", args=[recommendation.pk]), sent(text="Viel mehr Zeit", source="")
    )

    recommendation.refresh_from_db()
    assert recommendation.text == "Viel mehr Zeit"
    assert lines(Actions.RECOMMENDATION_CHANGED) == 1


def test_decided_recommendation_stays_as_those_read_it_who_decided(staff, organiser):
    recommendation = decide(entry(), "DECLINED", organiser)

    staff.post(reverse("evaluation:recommendation_edit", args=[recommendation.pk]), sent(text="Anders"))

    recommendation.refresh_from_db()
    assert recommendation.text == "Mehr Zeit"


def test_correction_does_not_write_over_a_decision_made_meanwhile(organiser):
    recommendation = entry()
    seen = Recommendation.objects.get()
    decide(recommendation, "DECLINED", organiser, reason="Zu teuer.")

    seen.text = "Mehr Zeit für Fälle"
    change_recommendation(recommendation=seen, by=organiser)

    recommendation.refresh_from_db()
    assert (recommendation.text, recommendation.state, recommendation.reason) == (
        "Mehr Zeit für Fälle",
        "DECLINED",
        "Zu teuer.",
    )


def test_two_who_correct_at_once_keep_what_both_have_changed(staff):
    recommendation = entry(source="Gespräch")
    address = reverse("evaluation:recommendation_edit", args=[recommendation.pk])
    seen = staff.get(address).context["form"]["seen"].value()

    staff.post(address, sent(text="Viel mehr Zeit", seen=seen))
    page = staff.post(address, sent(feature="TANDEMS", seen=seen), follow=True).content.decode()

    recommendation.refresh_from_db()
    assert (recommendation.text, recommendation.feature) == ("Viel mehr Zeit", "TANDEMS")
    assert "Inzwischen hat jemand anderes etwas geändert" in page


def test_module_that_is_gone_stays_what_the_recommendation_is_about(staff, draft):
    key = uuid.uuid4()
    recommendation = entry(module_key=key)
    address = reverse("evaluation:recommendation_edit", args=[recommendation.pk])

    assert "ein Modul, das es nicht mehr gibt" in staff.get(address).content.decode()
    staff.post(address, sent(module_key=str(key)))

    recommendation.refresh_from_db()
    assert recommendation.module_key == key


# Deciding


def test_every_decision_stays_on_record(staff, organiser, draft):
    recommendation = entry()
    address = reverse("evaluation:recommendation_decide", args=[recommendation.pk])

    staff.post(address, {"state": "ACCEPTED", "reason": "Wir brauchen das.", "edition": draft.pk})
    factories.publish(draft)
    staff.post(address, {"state": "DONE", "reason": "Ein Baustein kam dazu."})

    recommendation.refresh_from_db()
    assert (recommendation.state, recommendation.reason) == ("DONE", "Ein Baustein kam dazu.")
    assert (recommendation.edition, recommendation.decided_by) == (draft, organiser)
    assert list(recommendation.decisions.values_list("state", "reason", "decided_by")) == [
        ("ACCEPTED", "Wir brauchen das.", organiser.pk),
        ("DONE", "Ein Baustein kam dazu.", organiser.pk),
    ]
    assert lines(Actions.RECOMMENDATION_DECIDED) == 2
    page = staff.get(recommendation.get_absolute_url()).content.decode()
    assert page.index("Wir brauchen das.") < page.index("Ein Baustein kam dazu.")
    assert organiser.get_full_name() in page


def test_decision_sent_twice_is_one(staff, draft):
    recommendation = entry()
    fields = {"state": "ACCEPTED", "reason": "Ja.", "edition": draft.pk}

    for _ in range(2):
        response = staff.post(reverse("evaluation:recommendation_decide", args=[recommendation.pk]), fields)

    assert response.status_code == 302
    assert RecommendationDecision.objects.count() == lines(Actions.RECOMMENDATION_DECIDED) == 1


def test_decision_that_somebody_else_made_meanwhile_is_said(staff, organiser):
    recommendation = decide(entry(), "DECLINED", organiser, reason="Zu teuer.")

    page = staff.post(
        reverse("evaluation:recommendation_decide", args=[recommendation.pk]),
        {"state": "ACCEPTED", "reason": "Doch."},
    ).content.decode()

    assert "Die Empfehlung ist inzwischen abgelehnt." in page
    assert "Doch." in page
    recommendation.refresh_from_db()
    assert recommendation.reason == "Zu teuer."


def test_decision_is_not_made_over_one_that_was_not_read(staff, organiser):
    recommendation = entry()
    address = reverse("evaluation:recommendation_decide", args=[recommendation.pk])
    after = staff.get(address).context["form"]["after"].value()
    decide(recommendation, "ACCEPTED", organiser, reason="Wir brauchen das.")

    page = staff.post(address, {"state": "DECLINED", "reason": "Nein.", "after": after}).content.decode()

    recommendation.refresh_from_db()
    assert "Die Empfehlung ist inzwischen angenommen." in page
    assert recommendation.reason == "Wir brauchen das."


@pytest.mark.parametrize(
    ("before", "after"),
    [("OPEN", "DONE"), ("OPEN", "OPEN"), ("DONE", "DECLINED"), ("DECLINED", "ACCEPTED"), ("DONE", "ACCEPTED")],
)
def test_states_follow_each_other(organiser, before, after):
    recommendation = entry(state=before, reason="Weil.")

    with pytest.raises(NotDecidable):
        decide(recommendation, after, organiser)


def test_decision_may_be_reopened(organiser):
    recommendation = decide(decide(entry(), "DECLINED", organiser), "OPEN", organiser, reason="Neue Lage.")

    assert recommendation.is_open
    assert recommendation.decisions.count() == 2


def test_accepted_recommendation_is_put_off_to_another_edition(organiser, draft):
    later = factories.EditionFactory(programme=draft.programme, number=3)
    recommendation = decide(entry(), "ACCEPTED", organiser, edition=draft)

    decide(recommendation, "ACCEPTED", organiser, reason="Erst danach.", edition=later)

    assert recommendation.edition == later
    assert [decision.edition for decision in recommendation.decisions.all()] == [draft, later]


# What stands in a draft is not done yet

NOT_DONE = "Umgesetzt ist die Empfehlung erst mit der 2.\N{NO-BREAK SPACE}Fassung, und die ist noch ein Entwurf"


def is_done_refused(recommendation, by):
    """Whether it is refused by the action, with the sentence that also stands on the page."""
    try:
        decide(recommendation, "DONE", by)
    except NotDecidable as refusal:
        return str(refusal).startswith(NOT_DONE)
    return False


def test_what_a_draft_is_to_fulfil_is_done_once_it_is_published(organiser, draft):
    recommendation = decide(entry(), "ACCEPTED", organiser, edition=draft)

    assert is_done_refused(recommendation, organiser)
    assert recommendation.decisions.count() == 1
    factories.publish(draft)
    assert decide(recommendation, "DONE", organiser).state == "DONE"


def test_change_of_a_draft_alone_does_not_make_it_done(organiser, draft):
    recommendation = decide(entry(), "ACCEPTED", organiser)
    unit = draft.modules.get().units.get()
    recommendation.causes.create(edition=draft, part_key=unit.key)

    assert is_done_refused(recommendation, organiser)
    recommendation.causes.create(edition=draft.replaces, part_key=unit.key)
    assert not is_done_refused(recommendation, organiser)


def test_what_rests_on_no_edition_is_done_by_other_means(organiser):
    assert decide(decide(entry(), "ACCEPTED", organiser), "DONE", organiser).state == "DONE"


def test_page_says_why_it_is_not_done_yet_and_keeps_what_was_typed(staff, organiser, draft):
    recommendation = decide(entry(), "ACCEPTED", organiser, edition=draft)
    address = reverse("evaluation:recommendation_decide", args=[recommendation.pk])

    offered = staff.get(address).content.decode()
    refused = staff.post(address, {"state": "DONE", "reason": "Sie kam mit dem Baustein."}).content.decode()

    for page in (offered, refused):
        assert NOT_DONE in page
        assert 'value="DONE"' not in page
    assert "Sie kam mit dem Baustein." in refused
    recommendation.refresh_from_db()
    assert recommendation.is_accepted


def test_what_a_draft_changes_is_called_planned_everywhere(staff, organiser, draft):
    recommendation = decide(entry(), "ACCEPTED", organiser, edition=draft)
    recommendation.causes.create(edition=draft, part_key=draft.modules.get().units.get().key)

    def said(address):
        page = staff.get(address)
        return page.content.decode().replace("&nbsp;", "\N{NO-BREAK SPACE}")

    planned = "(2.\N{NO-BREAK SPACE}Fassung, Entwurf, noch nicht veröffentlicht)"
    for address in (reverse(LIST), recommendation.get_absolute_url()):
        assert planned in said(address)
        assert "orgesehen" in said(address)
        assert "führte zu" not in said(address)
    table = list(csv.DictReader(io.StringIO(said(table_address("csv")).lstrip("\ufeff")), delimiter=";"))
    assert [(row["führte zu"], row["vorgesehen"]) for row in table] == [("", f"Baustein „Alt“ {planned}")]


def table_address(kind):
    return reverse("evaluation:recommendation_export", args=[kind])


def test_decision_needs_a_reason_in_the_table():
    with pytest.raises(IntegrityError), transaction.atomic():
        RecommendationDecision.objects.create(recommendation=entry(), state="DONE", reason="")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Wählen Sie, was entschieden ist."),
        ({"state": "MAYBE"}, "Wählen Sie, was entschieden ist."),
        ({"state": "ACCEPTED", "reason": " "}, "Begründen Sie die Entscheidung"),
        ({"state": "ACCEPTED", "reason": "x" * 1001}, "Platz ist für 1000"),
        ({"state": "ACCEPTED", "reason": "Ja.", "edition": "9" * 30}, "gültige"),
        ({"state": "ACCEPTED", "reason": "Ja.", "edition": "x"}, "gültige"),
        ({"state": "DONE", "reason": "Ja."}, "inzwischen offen"),
    ],
)
def test_recommendation_decide_survives_nonsense(staff, fields, sentence):
    recommendation = entry()

    page = staff.post(
        reverse("evaluation:recommendation_decide", args=[recommendation.pk]), {"reason": "Ja."} | fields
    ).content.decode()

    assert sentence in page
    assert not RecommendationDecision.objects.exists()


def test_published_edition_is_not_promised_anything(staff, draft):
    recommendation = entry()
    published = draft.replaces

    page = staff.post(
        reverse("evaluation:recommendation_decide", args=[recommendation.pk]),
        {"state": "ACCEPTED", "reason": "Ja.", "edition": published.pk},
    ).content.decode()

    assert "gültige" in page


# The list


def shown(client, **filters):
    return client.get(reverse(LIST), filters).content.decode()


def test_list_filters_by_state_audience_module_and_feature(staff, draft):
    key = draft.modules.get().key
    entry(text="Eins", audience="MANAGER", module_key=key, feature="TANDEMS")
    entry(text="Zwei", audience="COORDINATOR", state="DECLINED", reason="Nein.")
    entry(text="Drei")

    def texts(**filters):
        page = shown(staff, **filters)
        return {text for text in ("Eins", "Zwei", "Drei") if f">{text}</a>" in page}

    assert texts() == {"Eins", "Zwei", "Drei"}
    assert texts(stand="DECLINED") == {"Zwei"}
    assert texts(angebot="MANAGER") == {"Eins", "Drei"}
    assert texts(modul=str(key)) == texts(merkmal="TANDEMS") == {"Eins"}
    assert texts(stand="OPEN", angebot="COORDINATOR") == {"Drei"}
    for nonsense in ({"stand": "x"}, {"angebot": "\0"}, {"modul": "1"}, {"merkmal": "9"}, {"seite": "x"}):
        assert texts(**nonsense) == {"Eins", "Zwei", "Drei"}


def test_filter_stays_in_the_addresses_of_the_tables(staff):
    entry()

    assert reverse("evaluation:recommendation_export", args=["xlsx"]) + "?stand=OPEN" in shown(staff, stand="OPEN")


def test_filter_that_finds_nothing_says_so(staff):
    entry()

    assert "Keine Empfehlung passt zu diesem Filter." in shown(staff, stand="DONE")


def test_tables_hold_what_is_filtered_and_calculate_nothing(staff, organiser, draft):
    decide(entry(text="=1+1", source="Gespräch", feature="ATTITUDE"), "ACCEPTED", organiser, edition=draft)
    entry(text="Eine offene")

    table = staff.get(reverse("evaluation:recommendation_export", args=["csv"]), {"stand": "ACCEPTED"}).content
    book = staff.get(reverse("evaluation:recommendation_export", args=["xlsx"]), {"stand": "ACCEPTED"}).content

    [row] = csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";")
    assert row["Empfehlung"] == "'=1+1"
    assert (row["Woher"], row["Merkmal"], row["Stand"]) == ("Gespräch", "Haltung", "angenommen")
    assert (row["entschieden am"], row["geschuldet von"]) == ("02.11.2026", str(draft))
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert [line[0] for line in rows] == ["Empfehlung", "=1+1"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [(LIST, 12), ("evaluation:recommendation_export", 11), ("evaluation:edition_recommendations", 10)],
)
def test_query_count(staff, organiser, draft, django_assert_num_queries, count, name, queries):
    unit = factories.UnitFactory(module=draft.modules.get())
    for number in range(count):
        cohort = factories.CohortFactory(edition=draft.replaces)
        question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
        in_round = question.workshop.rounds.get()
        for source in ({"workshop": question.workshop, "round": in_round}, {"cohort": cohort, "source": "Brief"}):
            recommendation = entry(text=f"Rat {number}", module_key=draft.modules.get().key, **source)
            decide(recommendation, "ACCEPTED", organiser, edition=draft)
            recommendation.causes.create(edition=draft, part_key=unit.key)
    arguments = {"recommendation_export": ["csv"], "edition_recommendations": [draft.pk]}

    with django_assert_num_queries(queries):
        page = staff.get(reverse(name, args=arguments.get(name.partition(":")[2], []))).content.decode()

    assert page.count("Rat ") == 2 * count


def test_scripts_are_literal_everywhere(staff, organiser, draft, card):
    recommendation = entry(text=SCRIPT, source=SCRIPT)
    decide(recommendation, "ACCEPTED", organiser, reason=SCRIPT, edition=draft)

    for address in [
        reverse(LIST),
        recommendation.get_absolute_url(),
        reverse("evaluation:recommendation_decide", args=[recommendation.pk]),
        reverse("recommendation_change_add", args=[recommendation.pk]),
        reverse("evaluation:edition_recommendations", args=[draft.pk]),
    ]:
        assert "<script>alert" not in staff.get(address).content.decode()


def test_report_of_a_cohort_lists_what_it_recommended_and_what_was_said_about_its_edition():
    cohort = factories.CohortFactory()
    question = guiding_question()
    question.workshop.edition = cohort.edition
    question.workshop.save()
    entry(text="Aus dem Durchgang", cohort=cohort)
    entry(text="Zur Fassung", workshop=question.workshop)
    entry(text="Von anderswo")

    assert [each.text for each in cohort_report(cohort).register] == ["Aus dem Durchgang", "Zur Fassung"]


# What an edition owes


def test_edition_owes_what_is_accepted_for_it_by_audience(organiser, draft):
    decide(entry(text="Für Führung", audience="MANAGER"), "ACCEPTED", organiser, edition=draft)
    decide(entry(text="Für alle"), "ACCEPTED", organiser, edition=draft)
    entry(text="Fertig", state="DONE", reason="Ja.", edition=draft)
    decide(entry(text="Ohne Fassung"), "ACCEPTED", organiser)
    entry(text="Offen")

    page = owed_page(draft, organiser)

    def texts(rows):
        return [row.recommendation.text for row in rows]

    assert [(part.audience, texts(part.rows)) for part in page.owed] == [
        ("Führungskräfte", ["Für Führung"]),
        ("Führungs- und Koordinierungskräfte", ["Für alle"]),
    ]
    assert (texts(page.fulfilled), texts(page.unassigned)) == (["Fertig"], ["Ohne Fassung"])


def test_edition_page_says_when_nothing_is_owed(staff, draft):
    page = staff.get(reverse("evaluation:edition_recommendations", args=[draft.pk])).content.decode()

    assert "Für diese Fassung ist nichts angenommen" in page


def test_published_edition_that_still_owes_says_so(staff, organiser, draft):
    decide(entry(), "ACCEPTED", organiser, edition=draft)
    factories.publish(draft)

    page = staff.get(reverse("evaluation:edition_recommendations", args=[draft.pk])).content.decode()

    assert "Diese Fassung ist veröffentlicht" in page


def test_debts_of_a_draft_are_unknown_to_readers(client, reader, draft):
    client.force_login(reader)

    assert client.get(reverse("evaluation:edition_recommendations", args=[draft.pk])).status_code == 404


# One recommendation, and the changes that fulfil it


def test_changes_of_the_edition_that_owes_it_are_noted(staff, organiser, draft):
    recommendation = decide(entry(), "ACCEPTED", organiser, edition=draft)
    added = factories.UnitFactory(module=draft.modules.get(), title="Kollegiale Beratung")
    address = reverse("recommendation_change_add", args=[recommendation.pk])

    page = staff.get(address).content.decode()
    for _ in range(2):
        staff.post(address, {"changes": [str(added.key)]})
    detail = staff.get(recommendation.get_absolute_url()).content.decode()

    assert "Baustein „Kollegiale Beratung“: neu" in page
    assert recommendation.causes.get().part_key == added.key
    assert "Baustein „Kollegiale Beratung“" in detail
    assert lines(Actions.CHANGE_EXPLAINED) == 1


@pytest.mark.parametrize("changes", [[], ["x"], [str(uuid.uuid4())]])
def test_recommendation_change_add_survives_nonsense(staff, draft, changes):
    factories.UnitFactory(module=draft.modules.get())
    recommendation = entry()

    response = staff.post(reverse("recommendation_change_add", args=[recommendation.pk]), {"changes": changes})

    assert response.status_code == 200
    assert not recommendation.causes.exists()


def test_recommendation_change_add_without_a_draft_says_so(staff):
    response = staff.get(reverse("recommendation_change_add", args=[entry().pk]), follow=True)

    assert "Es gibt keinen Entwurf." in response.content.decode()


def test_recommendation_change_add_without_a_change_says_so(staff, draft):
    page = staff.get(reverse("recommendation_change_add", args=[entry().pk])).content.decode()

    assert "nichts geändert" in page


@pytest.mark.parametrize(
    ("feature", "words"),
    [("PRACTICE_REPORTS", "0 von 1 Modulen"), ("ATTITUDE", "0 von 1 Modulen"), ("TANDEMS", "1 von 1 vollständig")],
)
def test_detail_shows_how_far_the_cohorts_have_the_feature(staff, feature, words):
    cohort = factories.CohortFactory(title="Erster Durchgang")
    factories.ModuleFactory(edition=cohort.edition, requires_practice_report=True, requires_attitude_unit=True)
    tandem = factories.TandemFactory(cohort=cohort, selection="ACCEPTED")
    for role in ("MANAGER", "COORDINATOR"):
        factories.RegistrationFactory(tandem=tandem, role=role)

    page = staff.get(entry(feature=feature).get_absolute_url()).content.decode()

    assert words in page
    assert f'href="{cohort.get_absolute_url()}#merkmale"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_detail_query_count(staff, organiser, draft, django_assert_num_queries, count):
    recommendation = entry(feature="TANDEMS", module_key=draft.modules.get().key)
    for number in range(count):
        factories.CohortFactory(edition=draft.replaces)
        decide(recommendation, "ACCEPTED", organiser, reason=f"Grund {number}", edition=draft)

    with django_assert_num_queries(12):
        page = staff.get(recommendation.get_absolute_url()).content.decode()

    assert page.count("Grund ") == count


def test_trainers_and_readers_read_and_do_not_decide(client, trainer, reader, organiser):
    recommendation = entry()
    for user in (trainer, reader):
        client.force_login(user)

        page = client.get(recommendation.get_absolute_url()).content.decode()

        assert "Entscheiden" not in page
        assert "Mehr Zeit" in page
        for name in ("recommendation_decide", "recommendation_edit"):
            address = reverse(f"evaluation:{name}", args=[recommendation.pk])
            assert client.post(address, {"state": "ACCEPTED", "reason": "Ja."}).status_code == 403


def test_trainer_does_not_reach_texts_of_another_session(client, trainer, organiser):
    survey = scenes.open_survey()
    client.force_login(trainer)

    address = reverse("evaluation:recommendation_from_text", args=[survey.pk, uuid.uuid4()])
    assert client.get(address).status_code == 403


def test_page_before_publishing_says_what_the_edition_owes_and_has_not_fulfilled(staff, draft):
    address = reverse("curriculum:edition_publish", args=[draft.pk])
    owing = {"state": "ACCEPTED", "reason": "Gut", "edition": draft}
    nothing = staff.get(address).content.decode()
    fulfilled, _, _ = entry(**owing), entry(text="Mehr Praxis", **owing), entry(text="Offen")
    open_ones = staff.get(address).content.decode()
    fulfilled.causes.create(edition=draft, part_key=draft.modules.get().key)
    one = staff.get(address).content.decode()

    sentence = "2 angenommene Empfehlungen sind dieser Fassung zugesagt; noch von keiner Änderung eingelöst: "
    assert "zugesagt" not in nothing
    assert f'href="{reverse("evaluation:edition_recommendations", args=[draft.pk])}">{sentence}2</a>' in open_ones
    assert f"{sentence}1</a>" in one
