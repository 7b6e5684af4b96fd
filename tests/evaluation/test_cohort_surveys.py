import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from evaluation.actions.surveys import move_by_rule
from evaluation.actions.timetable import keep_timetables
from evaluation.models import Purpose, Survey, SurveyRule
from evaluation.queries.rules import usual_rule
from evaluation.rule_words import SLUGS, rule_sentences
from evaluation.timetable import Period
from netzkoord.lib.links import TOKEN
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Selection
from tests import factories
from tests.evaluation import forms, scenes

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)
SCRIPT = '"><script>alert(1)</script>'


def at(year, month, day, hour=12, minute=0):
    return time_machine.travel(datetime.datetime(year, month, day, hour, minute, tzinfo=BERLIN), tick=False)


def list_url(cohort):
    return reverse("evaluation:feedback_list", args=[cohort.pk])


def add_url(cohort, purpose):
    return reverse("evaluation:survey_add", args=[cohort.pk, SLUGS[purpose]])


def rule_url(cohort, purpose):
    return reverse("evaluation:survey_rule_edit", args=[cohort.pk, SLUGS[purpose]])


def edit_url(survey):
    return reverse("evaluation:survey_edit", args=[survey.pk])


def open_url(survey):
    return reverse("evaluation:survey_open", args=[survey.pk])


def shown(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def cohort(db):
    """One session in March and one tandem with places."""
    cohort = factories.CohortFactory()
    factories.SessionFactory(cohort=cohort, days=[datetime.date(2030, 3, 18)])
    factories.complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    return cohort


@pytest.fixture
def office(client, organiser):
    """An organiser's browser, signed in at whatever moment a test has travelled to."""

    def send(method):
        def call(*args, **kwargs):
            client.force_login(organiser)
            return getattr(client, method)(*args, **kwargs)

        return call

    return SimpleNamespace(get=send("get"), post=send("post"))


def test_rules_are_said_in_a_sentence_each():
    sentences = [rule_sentences(usual_rule(None, purpose)).replace("\u00a0", " ") for purpose in Purpose]

    assert sentences == [
        "Öffnet, sobald jemand angenommen ist, und schließt 3 Tage vor dem ersten Termin um 24 Uhr. "
        "Wer nicht antwortet, wird nach 5 und 10 Tagen erinnert.",
        "Öffnet 7 Tage vor dem ersten Termin und schließt mit dessen Ende. "
        "Wer nicht antwortet, wird nach 3 und 6 Tagen erinnert.",
        "Öffnet 30 Minuten vor dem Ende jedes Termins und bleibt 14 Tage offen. "
        "Wer nicht antwortet, wird nach 4 und 10 Tagen erinnert.",
        "Öffnet 30 Minuten vor dem Ende des letzten Termins und bleibt 14 Tage offen. "
        "Wer nicht antwortet, wird nach 4 und 10 Tagen erinnert.",
        "Öffnet 6 Monate nach dem letzten Termin und bleibt 28 Tage offen. "
        "Wer nicht antwortet, wird nach 7 und 21 Tagen erinnert.",
    ]
    off = SurveyRule(purpose=Purpose.END, is_active=False, open_days=1)
    assert rule_sentences(off) == "Startet nicht von selbst. Erinnert niemanden."


@at(2030, 1, 7)
def test_list_says_what_comes_by_itself_before_anything_is_there(office, cohort):
    page = shown(office.get(list_url(cohort)))

    for sentence in (
        "Öffnet von selbst in den nächsten Minuten.",
        "Öffnet von selbst am Mo, 11. März 2030, 9:00 Uhr.",
        "Öffnet von selbst am Mo, 18. März 2030, 16:00 Uhr.",
        "Öffnet von selbst am Mi, 18. September 2030, 16:30 Uhr.",
        "Öffnet 7 Tage vor dem ersten Termin und schließt mit dessen Ende.",
    ):
        assert sentence in page
    assert not Survey.objects.exists()
    assert not SurveyRule.objects.exists()


@at(2030, 3, 11)
def test_list_shows_share_reminders_and_what_can_be_done(office, cohort):
    keep_timetables()
    start = cohort.surveys.get(purpose=Purpose.START)
    needs = cohort.surveys.get(purpose=Purpose.NEEDS)
    for survey in (start, needs):
        for person in cohort.registrations.all():
            survey.invitations.create(registration=person, mailed_on=timezone.localdate(), reminders=1)
    question = scenes.question(needs, "TEXT")
    scenes.hand_in(needs, [{question.pk: "Ja"}])

    page = shown(office.get(list_url(cohort)))

    assert "1 von 2" in page
    assert "50 %" in page
    for words in ("Verlängern", "Vorzeitig schließen", "Jetzt öffnen", "Zeitraum ändern", "Raumcode zeigen"):
        assert words in page


@at(2030, 1, 7)
def test_list_says_why_nothing_comes_by_itself(office, cohort):
    cohort.tandems.update(selection=Selection.OPEN)
    without_dates = factories.CohortFactory()

    assert "Öffnet, sobald jemand angenommen ist." in shown(office.get(list_url(cohort)))
    assert "Ein passender Termin fehlt oder ist schon zu nah." in shown(office.get(list_url(without_dates)))
    with at(2032, 1, 1):
        assert "Die Zeit dafür ist vorbei." in shown(office.get(list_url(cohort)))


@pytest.mark.parametrize("count", [1, 3])
@at(2030, 3, 11)
def test_survey_list_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for number in range(1, count):
        factories.SessionFactory(cohort=cohort, days=[datetime.date(2030, 3, 18) + number * DAY])
    keep_timetables()
    client.force_login(organiser)

    with django_assert_num_queries(10):
        page = shown(client.get(list_url(cohort)))

    assert page.count('<span class="muted">Rückmeldung zum Termin</span>') == count


@at(2030, 1, 7)
@pytest.mark.parametrize("purpose", [Purpose.START, Purpose.END, Purpose.TRANSFER])
def test_starting_by_hand_proposes_the_rule_and_follows_it_no_more(office, cohort, purpose):
    assert "2030-03" in shown(office.get(add_url(cohort, purpose))) or purpose is Purpose.TRANSFER
    now = timezone.now()

    response = office.post(
        add_url(cohort, purpose), {"opens_at": local(now), "closes_at": local(now + 9 * DAY)}, follow=True
    )
    again = office.post(
        add_url(cohort, purpose), {"opens_at": local(now), "closes_at": local(now + DAY)}, follow=True
    )

    assert "2 Personen haben den Link per Mail erhalten." in shown(response)
    assert "Diese Erhebung gibt es schon." in shown(again)
    survey = cohort.surveys.get()
    assert (survey.purpose, survey.follows_rule, survey.is_open) == (purpose, False, True)
    assert Email.objects.count() == 2


@pytest.mark.parametrize("purpose", [Purpose.NEEDS, Purpose.FEEDBACK])
def test_only_surveys_of_the_whole_cohort_are_started_there(office, cohort, purpose):
    assert office.get(add_url(cohort, purpose)).status_code == 404
    assert office.get(f"/durchgaenge/{cohort.pk}/erhebungen/unsinn/starten/").status_code == 404
    assert office.get(f"/durchgaenge/{cohort.pk}/erhebungen/unsinn/regel/").status_code == 404


def test_nothing_is_started_in_a_cancelled_cohort(office, cohort):
    cohort.cancelled_at = timezone.now()
    cohort.save()

    assert "Der Durchgang ist abgesagt." in shown(office.get(add_url(cohort, Purpose.END), follow=True))


@at(2030, 3, 11)
def test_a_planned_survey_can_be_set_by_hand_and_opened_now(office, cohort):
    keep_timetables()
    survey = cohort.surveys.feedback().get()
    now = timezone.now()

    office.post(edit_url(survey), {"opens_at": local(now + DAY), "closes_at": local(now + 2 * DAY)})
    survey.refresh_from_db()
    moved = (survey.opens_at, survey.closes_at, survey.follows_rule)
    response = office.post(open_url(survey), follow=True)
    again = office.post(open_url(survey), follow=True)

    assert moved == (now + DAY, now + 2 * DAY, False)
    assert "Die Erhebung ist jetzt offen." in shown(response)
    assert "Die Erhebung war schon offen." in shown(again)
    survey.refresh_from_db()
    assert (survey.opens_at, survey.is_open) == (now, True)
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_MOVED).count() == 2


@at(2030, 3, 11)
def test_an_open_survey_is_only_extended(office, cohort):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.START)
    page = shown(office.get(edit_url(survey)))

    office.post(edit_url(survey), {"opens_at": local(timezone.now() + DAY), "closes_at": "2030-04-01T12:00"})

    assert 'name="opens_at"' not in page
    before = survey.opens_at
    survey.refresh_from_db()
    assert survey.opens_at == before
    assert local(survey.closes_at) == "2030-04-01T12:00"


@at(2030, 3, 11)
@pytest.mark.parametrize(
    ("closes_at", "message"),
    [
        ("", "Bitte füllen Sie dieses Feld aus"),
        (SCRIPT, "Bitte ein gültiges Datum"),
        ("2030-03-01T12:00", "Dieser Zeitpunkt ist vorbei"),
        ("9999-12-31T23:59", "Bitte wählen Sie einen Tag von"),
    ],
)
def test_nonsense_in_a_period_is_refused_with_a_sentence(office, cohort, closes_at, message):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.START)

    page = shown(office.post(edit_url(survey), {"closes_at": closes_at}))

    assert message in page
    assert SCRIPT not in page
    assert Survey.objects.get(pk=survey.pk).closes_at == survey.closes_at


@at(2030, 3, 11)
def test_a_closed_survey_stays_as_it_is(office, cohort):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.START)
    scenes.end(survey)
    closed = Survey.objects.get(pk=survey.pk).closes_at

    response = office.post(edit_url(survey), {"closes_at": "2030-04-01T12:00"}, follow=True)

    assert "lässt sich nicht mehr ändern" in shown(response)
    assert Survey.objects.get(pk=survey.pk).closes_at == closed


@at(2030, 3, 11)
def test_a_changed_rule_moves_what_follows_it_at_once(office, cohort):
    keep_timetables()
    feedback = cohort.surveys.feedback().get()
    rule = cohort.survey_rules.get(purpose=Purpose.FEEDBACK)

    response = office.post(
        rule_url(cohort, Purpose.FEEDBACK),
        {
            "is_active": "on",
            "questionnaire": rule.questionnaire_id,
            "open_days": "7",
            "first_reminder_days": "2",
            "second_reminder_days": "",
        },
        follow=True,
    )

    page = shown(response)
    assert "bleibt 7 Tage offen. Wer nicht antwortet, wird nach 2 Tagen erinnert." in page
    feedback.refresh_from_db()
    assert local(feedback.closes_at) == "2030-03-25T16:00"
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_RULE_CHANGED).count() == 1


@pytest.mark.parametrize("purpose", Purpose)
def test_rules_can_be_changed_before_anything_is_stored_and_opening_the_page_stores_nothing(
    office, cohort, purpose
):
    page = office.get(rule_url(cohort, purpose))
    before = SurveyRule.objects.count()
    fields = {name: value for name, value in page.context["form"].initial.items() if value is not None}

    response = office.post(rule_url(cohort, purpose), fields | {"is_active": ""})

    assert before == 0
    assert response.status_code == 302
    assert cohort.survey_rules.get(purpose=purpose).is_active is False
    assert not Survey.objects.filter(purpose=purpose).exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"open_days": SCRIPT}, "Bitte geben Sie eine ganze Zahl an."),
        ({"open_days": "0"}, "Eine Erhebung ist 1 bis 120 Tage offen."),
        ({"open_days": "99999999999"}, ""),
        ({"months_after": "25"}, "höchstens 24 Monate"),
        ({"months_after": "-1"}, ""),
        ({"first_reminder_days": "9", "second_reminder_days": "3"}, "Die zweite Erinnerung folgt auf die erste."),
        ({"first_reminder_days": "", "second_reminder_days": "3"}, "Die zweite Erinnerung folgt auf die erste."),
        ({"questionnaire": "999"}, ""),
    ],
)
def test_nonsense_in_a_rule_is_refused_with_a_sentence(office, cohort, fields, message):
    usual = {
        "is_active": "on",
        "months_after": "6",
        "open_days": "28",
        "first_reminder_days": "7",
        "second_reminder_days": "21",
    }

    response = office.post(rule_url(cohort, Purpose.TRANSFER), usual | fields)

    assert response.status_code == 200
    assert message in shown(response)
    assert set(response.context["form"].errors) & set(fields)
    assert response.context["form"].fields["questionnaire"].required
    assert SCRIPT not in shown(response)


def test_a_trainer_sees_the_own_sessions_only_and_no_rules(client, trainer):
    session = scenes.held_session(trainers=[trainer])
    client.force_login(trainer)

    page = shown(client.get(list_url(session.cohort)))

    assert "Regeln" not in page
    assert "Transfererhebung" not in page
    assert session.module.title in page


# By hand: which questionnaire, whom, and back


def named_in_the_rule(cohort, purpose, title="Kurzer Abschluss"):
    """A second questionnaire for the purpose, released and named in the rule of the cohort."""
    keep_timetables()
    questionnaire = forms.draft(title=title, purpose=purpose)
    forms.ask(questionnaire, "Wie war es?")
    forms.ask(questionnaire, "Und sonst?", section=2)
    cohort.survey_rules.filter(purpose=purpose).update(questionnaire=forms.release(questionnaire))
    return questionnaire


@at(2030, 1, 7)
def test_by_hand_the_questionnaire_of_the_rule_is_asked_and_named_before(office, cohort):
    questionnaire = named_in_the_rule(cohort, Purpose.END)
    now = timezone.now()

    page = shown(office.get(add_url(cohort, Purpose.END)))
    office.post(add_url(cohort, Purpose.END), {"opens_at": local(now), "closes_at": local(now + DAY)})

    assert "„Kurzer Abschluss“, Version 1" in page
    assert reverse("evaluation:questionnaire_preview", args=[questionnaire.pk]) in page
    assert rule_url(cohort, Purpose.END) in page
    assert cohort.surveys.get(purpose=Purpose.END).questionnaire == questionnaire


@at(2030, 1, 7)
@pytest.mark.parametrize("purpose", [Purpose.START, Purpose.END, Purpose.TRANSFER])
def test_page_says_before_that_nobody_would_be_asked(office, cohort, purpose):
    everybody = shown(office.get(add_url(cohort, purpose)))
    cohort.tandems.update(selection=Selection.OPEN)
    now = timezone.now()

    nobody = shown(office.get(add_url(cohort, purpose)))
    started = office.post(
        add_url(cohort, purpose), {"opens_at": local(now), "closes_at": local(now + DAY)}, follow=True
    )

    assert "2 Personen haben einen Platz" in everybody
    assert "Per Mail würde diese Erhebung niemanden fragen" not in everybody
    assert "Per Mail würde diese Erhebung niemanden fragen" in nobody
    assert shown(started).count("Noch hat niemand einen Link; sie gehen hinaus, sobald jemand zu fragen ist.") == 2


def started_by_hand(office, cohort, purpose=Purpose.END):
    now = timezone.now()
    office.post(add_url(cohort, purpose), {"opens_at": local(now), "closes_at": local(now + 9 * DAY)})
    return cohort.surveys.get(purpose=purpose)


def take_back_url(survey):
    return reverse("evaluation:survey_take_back", args=[survey.pk])


@at(2030, 1, 7)
def test_survey_started_too_early_goes_and_comes_by_its_rule(office, cohort):
    survey = started_by_hand(office, cohort)

    page = shown(office.get(take_back_url(survey)))
    response = office.post(take_back_url(survey), follow=True)

    assert "Die Erhebung entfällt" in page
    assert "am Mo, 18. März 2030, 16:00 Uhr" in page
    assert "2 Personen haben schon einen Link." in page
    assert "ist zurückgenommen." in shown(response)
    assert not Survey.objects.filter(purpose=Purpose.END).exists()
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_REMOVED, by_id__isnull=False).count() == 1
    with at(2030, 3, 18):
        keep_timetables()
        again = cohort.surveys.get(purpose=Purpose.END)
    assert (again.follows_rule, local(again.opens_at)) == (True, "2030-03-18T16:00")


@at(2030, 1, 7)
def test_mails_that_wait_do_not_go_out_when_their_survey_is_taken_back(office, client, cohort):
    survey = started_by_hand(office, cohort)
    sent, waiting = Email.objects.order_by("pk")
    Email.objects.filter(pk=sent.pk).update(status=STATUS.sent)
    Email.objects.filter(pk=waiting.pk).update(status=STATUS.requeued, scheduled_time=timezone.now() + DAY)
    other = Email.objects.create(
        from_email="a@stadt.example", to=["b@stadt.example"], message=f"/{'a' * 32}/", status=STATUS.queued
    )

    page = shown(office.get(take_back_url(survey)))
    office.post(take_back_url(survey))

    assert "Mails, die noch warten, gehen nicht hinaus" in page
    assert set(Email.objects.all()) == {sent, other}
    [token] = TOKEN.findall(sent.message)
    client.logout()
    ended = client.get(reverse("evaluation:survey_answer", args=[token]))
    assert ended.status_code == 404
    assert "eine Erhebung zum Beispiel, die zurückgenommen wurde" in shown(ended)
    assert "eine Erhebung zum Beispiel" not in shown(
        client.get(reverse("evaluation:survey_answer", args=["f" * 32]))
    )


@at(2030, 1, 7)
def test_mail_that_is_on_its_way_when_its_survey_is_taken_back_is_left_alone(office, cohort):
    survey = started_by_hand(office, cohort)
    running, _ = Email.objects.order_by("pk")
    running.attempts.create(recipient="a@b.example", worker="1")

    office.post(take_back_url(survey))

    assert list(Email.objects.all()) == [running]


@at(2030, 3, 12)
def test_mails_that_wait_do_not_go_out_when_their_survey_opens_later_again(office, cohort):
    survey = started_by_hand(office, cohort)
    assert Email.objects.count() == 2

    move_by_rule(survey, Period(timezone.now() + DAY, timezone.now() + 2 * DAY))

    assert not Email.objects.exists()
    assert survey.invitations.filter(mailed_on=None).count() == 2


@at(2030, 3, 12)
def test_survey_that_its_rule_has_open_now_keeps_its_links(office, cohort):
    survey = started_by_hand(office, cohort, Purpose.START)
    links = set(survey.invitations.values_list("link_key", flat=True))

    page = shown(office.get(take_back_url(survey)))
    response = office.post(take_back_url(survey), follow=True)

    assert "gelten weiter" in page
    assert "folgt wieder der Regel" in shown(response)
    survey.refresh_from_db()
    assert (survey.follows_rule, local(survey.opens_at), local(survey.closes_at)) == (
        True,
        "2030-03-11T09:00",
        "2030-03-18T16:30",
    )
    assert set(survey.invitations.values_list("link_key", flat=True)) == links
    assert Email.objects.count() == 2


@at(2030, 3, 12)
def test_planned_survey_that_was_moved_goes_back_to_its_rule(office, cohort):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.END)
    now = timezone.now()
    office.post(edit_url(survey), {"opens_at": local(now + DAY), "closes_at": local(now + 2 * DAY)})

    office.post(take_back_url(survey))

    survey.refresh_from_db()
    assert (survey.follows_rule, local(survey.opens_at)) == (True, "2030-03-18T16:00")


@at(2030, 3, 12)
def test_planned_survey_that_goes_back_asks_at_once_what_its_rule_names(office, cohort):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.END)
    now = timezone.now()
    office.post(edit_url(survey), {"opens_at": local(now + DAY), "closes_at": local(now + 2 * DAY)})
    questionnaire = named_in_the_rule(cohort, Purpose.END)
    keep_timetables()
    assert Survey.objects.filter(questionnaire=questionnaire).count() == 0

    office.post(take_back_url(survey))

    survey.refresh_from_db()
    assert survey.questionnaire == questionnaire


@at(2030, 1, 7)
@pytest.mark.parametrize("is_active", [True, False])
def test_survey_without_a_plan_goes_for_good(office, cohort, is_active):
    keep_timetables()
    survey = started_by_hand(office, cohort)
    cohort.survey_rules.filter(purpose=Purpose.END).update(is_active=is_active)
    if is_active:
        cohort.sessions.update(cancelled_at=timezone.now())

    page = shown(office.get(take_back_url(survey)))
    office.post(take_back_url(survey))

    assert "Von selbst kommt sie nach der Regel des Durchgangs nicht wieder" in page
    assert not Survey.objects.filter(purpose=Purpose.END).exists()


@at(2030, 3, 12)
@pytest.mark.parametrize("is_on_paper", [True, False])
def test_nothing_is_taken_back_once_somebody_has_answered(office, cohort, organiser, is_on_paper):
    survey = started_by_hand(office, cohort)
    if is_on_paper:
        scenes.type_in(survey, [1], by=organiser)
    else:
        scenes.hand_in(survey, [{scenes.question(survey, "AGREEMENT").pk: 5}])

    listed = shown(office.get(list_url(cohort)))
    page = shown(office.get(take_back_url(survey)))
    response = office.post(take_back_url(survey), follow=True)

    assert take_back_url(survey) not in listed
    assert "Es hat schon jemand geantwortet" in page
    assert "lässt sich nicht mehr zurücknehmen" in shown(response)
    assert Survey.objects.filter(pk=survey.pk, follows_rule=False).exists()


@at(2030, 3, 12)
@pytest.mark.parametrize("is_closed", [True, False])
def test_nothing_is_taken_back_that_follows_its_rule_or_has_closed(office, cohort, is_closed):
    keep_timetables()
    survey = cohort.surveys.get(purpose=Purpose.START)
    if is_closed:
        survey.follows_rule = False
        survey.save()
        scenes.end(survey)

    listed = shown(office.get(list_url(cohort)))
    response = office.post(take_back_url(survey), follow=True)

    assert take_back_url(survey) not in listed
    assert "lässt sich nicht mehr zurücknehmen" in shown(response)
    assert Survey.objects.filter(pk=survey.pk).exists()
