"""The Transfervereinbarung: two people write one text, each confirms it, nobody else reads it."""

import datetime
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from curriculum.models import Audience
from netzkoord.lib import links
from netzkoord.models import AuditEvent
from participants.actions.locking import RegistrationRefused
from participants.actions.registrations import withdraw_registration
from participants.actions.substitutes import replace_half
from participants.actions.transfer import confirm_agreement
from participants.models import Registration, Selection, Tandem, TransferAgreement
from participants.queries.transfer import agreement_page
from participants.tokens import own_token, status_token
from participants.transfer_plan import USEFUL_FOR, is_reminder_due, remind_at
from tests.conftest import TODAY
from tests.factories import RegistrationFactory, TandemFactory, complete_tandem, staff
from tests.participants.agreements import (
    DAY,
    GOAL,
    STEP,
    SUPPORT,
    WORDS,
    address,
    agreed,
    begun_tandem,
    coordinator_of,
    day,
    manager_of,
    read,
)
from tests.participants.forms import last_mail, mails
from tests.test_mail_texts import form_data

pytestmark = pytest.mark.django_db

ONLY_MANAGER = (Audience.MANAGER,)


@pytest.fixture
def tandem():
    return begun_tandem()


def sent(page, **changes):
    """What the browser sends from this page, with some fields typed anew."""
    return {name: str(value or "") for name, value in form_data(page, **changes).items()}


def send(client, half, **changes):
    page = client.get(address(half, "transfer_edit"))
    return client.post(address(half, "transfer_edit"), sent(page, **changes), follow=True)


def press_confirm(client, half, *, tandem=None, page=None):
    page = page or read(client, half, tandem=tandem)
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    return client.post(address(half, "transfer_confirm", tandem=tandem), {"seen": seen}, follow=True)


def shown(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\u00a0", " ").replace("&nbsp;", " ").split())


# Writing and confirming


def test_two_people_write_and_confirm_one_agreement(client, tandem):
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)

    send(client, manager, goal=GOAL, support=SUPPORT)
    send(client, coordinator, first_step=STEP, due_on=DAY)
    half_way = shown(press_confirm(client, manager))
    done = shown(press_confirm(client, coordinator))

    agreement = TransferAgreement.objects.get()
    assert {name: getattr(agreement, name) for name in WORDS} == WORDS
    assert agreement.manager_confirmed_at < agreement.coordinator_confirmed_at
    assert "Sie haben bestätigt. Ben Roth bekommt eine Mail" in half_way
    assert "von Ihnen bestätigt, die zweite Bestätigung fehlt noch" in half_way
    assert "Sie haben beide bestätigt. Die Vereinbarung gilt." in done
    for text in (GOAL, STEP, SUPPORT, "Mo, 1. März 2027"):
        assert text in done
    assert mails() == [
        (coordinator.email, "Bitte bestätigen Sie Ihre Transfervereinbarung"),
        (manager.email, "Ihre Transfervereinbarung gilt"),
        (coordinator.email, "Ihre Transfervereinbarung gilt"),
    ]
    assert [(event.action, event.by_id, event.details) for event in AuditEvent.objects.order_by("pk")] == [
        ("TRANSFER_WRITTEN", manager.person_id, {"is_taken_back": False}),
        ("TRANSFER_WRITTEN", coordinator.person_id, {"is_taken_back": False}),
        ("TRANSFER_CONFIRMED", manager.person_id, {}),
        ("TRANSFER_CONFIRMED", coordinator.person_id, {}),
    ]


def test_first_sentence_says_who_reads_it(client, tandem):
    page = shown(client.get(address(manager_of(tandem))))

    assert "(freiwillig)" not in read(client, manager_of(tandem), "transfer_edit")
    assert "Was hier steht, lesen nur Sie und Ben Roth. Die Organisation und das Training sehen, ob" in page


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        ({"goal": ""}, "Zum Bestätigen fehlt noch: das Ziel."),
        ({"first_step": "", "due_on": None}, "Zum Bestätigen fehlt noch: der erste Schritt und der Tag."),
        ({"due_on": datetime.date(2026, 11, 2)}, "Der genannte Tag ist schon da oder vorbei."),
    ],
)
def test_what_is_not_whole_cannot_be_confirmed(client, tandem, gap, sentence):
    agreed(tandem, by=(), **gap)
    half = manager_of(tandem)
    page = agreement_page(half, tandem.pk)

    assert sentence in shown(client.get(address(half)))
    assert "So bestätigen" not in shown(client.get(address(half)))
    with pytest.raises(RegistrationRefused, match=re.escape(sentence)):
        confirm_agreement(registration=half, tandem_key=tandem.pk, seen=page.seen)
    assert TransferAgreement.objects.get().manager_confirmed_at is None


def test_a_day_that_has_come_stays_agreed_by_both(client, tandem):
    agreed(tandem)

    with time_machine.travel(datetime.datetime(2027, 4, 1, tzinfo=datetime.UTC)):
        page = shown(client.get(address(manager_of(tandem))))

    assert "von Ihnen beiden bestätigt" in page
    assert "schon da oder vorbei" not in page


def test_a_change_takes_both_confirmations_back_and_says_so(client, tandem):
    agreed(tandem)
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)

    before = read(client, manager, "transfer_edit")
    after = shown(send(client, manager, goal="Ein anderes Ziel."))

    assert "Wenn Sie etwas ändern, gilt das nicht mehr" in before
    assert "Ben Roth bekommt eine Mail, dass sich etwas geändert hat" in before
    assert re.search(r'<a href="[^"]+/vereinbarung\.pdf">speichern Sie vorher das PDF</a>', before)
    assert "Was bestätigt war, gilt jetzt nicht mehr: Bitte bestätigen Sie beide noch einmal." in after
    agreement = TransferAgreement.objects.get()
    assert (agreement.manager_confirmed_at, agreement.coordinator_confirmed_at) == (None, None)
    assert mails() == [(coordinator.email, "Ihre Transfervereinbarung ist geändert")]
    assert AuditEvent.objects.get().details == {"is_taken_back": True}


def test_saving_what_is_there_already_changes_nothing(client, tandem):
    agreement = agreed(tandem)

    page = shown(send(client, manager_of(tandem)))

    assert "Gespeichert." in page
    assert "gilt jetzt nicht mehr" not in page
    assert TransferAgreement.objects.values().get() == TransferAgreement.objects.filter(pk=agreement.pk).values()[0]
    assert TransferAgreement.objects.get().manager_confirmed_at == agreement.manager_confirmed_at
    assert mails() == []


def test_a_change_before_any_confirmation_writes_no_mail(client, tandem):
    agreed(tandem, by=())

    send(client, manager_of(tandem), goal="Ein anderes Ziel.")

    assert mails() == []


def test_confirming_twice_is_confirming_once(client, tandem):
    agreed(tandem, by=())
    page = read(client, manager_of(tandem))
    press_confirm(client, manager_of(tandem), page=page)
    first = TransferAgreement.objects.get().manager_confirmed_at

    answer = shown(press_confirm(client, manager_of(tandem), page=page))

    assert "Sie haben bestätigt." in answer
    assert TransferAgreement.objects.get().manager_confirmed_at == first
    assert len(mails()) == 1


def test_what_changed_since_the_page_was_read_is_not_confirmed(client, tandem):
    agreed(tandem, by=())
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)
    page = read(client, manager)

    send(client, coordinator, support="Nur eine Stunde im Monat.")
    answer = shown(press_confirm(client, manager, page=page))

    assert "Inzwischen hat sich die Vereinbarung geändert. Nichts ist bestätigt." in answer
    assert "Nur eine Stunde im Monat." in answer
    assert TransferAgreement.objects.get().manager_confirmed_at is None


def test_two_who_begin_at_once_lose_nothing(client, tandem):
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)
    empty = sent(client.get(address(manager, "transfer_edit")))

    client.post(address(manager, "transfer_edit"), empty | {"goal": GOAL, "support": SUPPORT})
    refused = client.post(address(coordinator, "transfer_edit"), empty | {"goal": "Mein Ziel", "first_step": STEP})

    agreement = TransferAgreement.objects.get()
    assert (agreement.goal, agreement.first_step) == (GOAL, "")
    page = refused.content.decode()
    assert "Inzwischen hat jemand anderes dieses Feld geändert." in page
    assert GOAL in page
    again = sent(refused)
    assert (again["goal"], again["first_step"], again["support"]) == ("Mein Ziel", STEP, SUPPORT)

    client.post(address(coordinator, "transfer_edit"), again)

    agreement.refresh_from_db()
    assert (agreement.goal, agreement.first_step, agreement.support) == ("Mein Ziel", STEP, SUPPORT)


def test_what_only_the_other_has_written_stays(client, tandem):
    agreed(tandem, by=())
    data = sent(client.get(address(manager_of(tandem), "transfer_edit")))
    send(client, coordinator_of(tandem), first_step="Wir rufen alle Träger an.")

    response = client.post(address(manager_of(tandem), "transfer_edit"), data | {"goal": "Neu"}, follow=True)

    agreement = TransferAgreement.objects.get()
    assert (agreement.goal, agreement.first_step) == ("Neu", "Wir rufen alle Träger an.")
    assert "Inzwischen hat jemand anderes etwas geändert, das ist erhalten geblieben." in shown(response)


# What may be typed


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("due_on", "2026-11-02", "Bitte nennen Sie einen Tag ab morgen, Di, 3. November 2026."),
        ("due_on", "2028-11-02", "Bitte nennen Sie einen Tag in den nächsten zwei Jahren"),
        ("due_on", "bald", "Bitte geben Sie einen Tag an, zum Beispiel 31.05.2027."),
        ("goal", "x" * 1001, "Bitte kürzen Sie den Text auf 1000 Zeichen; es sind 1001."),
        ("support", "Hilfe \u202eteil", "U+202E (unsichtbar)"),
        ("first_step", "李 kommt", "Das Zeichen „李“ (U+674E) kann nicht gedruckt werden."),
        ("goal", "a\x00b", "Nullzeichen"),
    ],
)
def test_nonsense_gets_a_sentence_and_keeps_what_was_typed(client, tandem, name, value, sentence):
    agreed(tandem, by=())
    typed = {"goal": "Behalten", "first_step": "Bleibt"} | {name: value}

    response = send(client, manager_of(tandem), **typed)

    page = response.content.decode()
    assert sentence in shown(response)
    assert f'href="#id_{name}"' in page
    assert "Behalten" in page or name == "goal"
    assert "Bleibt" in page or name == "first_step"
    agreement = TransferAgreement.objects.get()
    assert (agreement.goal, agreement.first_step, agreement.support, agreement.due_on) == (GOAL, STEP, SUPPORT, DAY)


@pytest.mark.parametrize("value", ["2026-11-03", "2028-11-01"])
def test_the_first_and_the_last_day_that_may_be_agreed_on(client, tandem, value):
    send(client, manager_of(tandem), due_on=value)

    assert TransferAgreement.objects.get().due_on.isoformat() == value


def test_words_may_change_while_an_agreed_day_has_come(client, tandem):
    agreed(tandem, by=(), due_on=day(-3))

    send(client, manager_of(tandem), goal="Neu")

    assert TransferAgreement.objects.get().goal == "Neu"


@pytest.fixture
def own_page(tandem):
    agreed(tandem, by=())
    return address(manager_of(tandem))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.dictionaries(st.sampled_from([*WORDS, "seen", "csrf", "tandem"]), st.text(max_size=60), max_size=5))
def test_any_text_is_answered(client, own_page, data):
    cache.clear()
    with transaction.atomic():
        assert client.post(f"{own_page}bearbeiten/", data).status_code in {200, 302}
        assert client.post(f"{own_page}bestaetigen/", data).status_code == 302
        assert TransferAgreement.objects.get().manager_confirmed_at is None
        transaction.set_rollback(True)


def test_html_of_the_texts_stays_text(client, tandem):
    agreed(tandem, goal="<script>alert(1)</script> {{7*7}}")

    page = read(client, manager_of(tandem))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page


# From when, and for whom


@pytest.mark.parametrize("days", [(5,), ()])
def test_before_the_course_there_is_nothing_to_write(client, days):
    tandem = begun_tandem(days=days or (5,))
    if not days:
        tandem.cohort.sessions.all().delete()
    half = manager_of(tandem)

    page = shown(client.get(address(half)))

    expected = "ab Sa, 7. November 2026." if days else "Die Termine stehen noch nicht fest."
    assert expected in page
    assert "beginnen" not in page
    assert client.get(address(half, "transfer_edit")).status_code == 302
    assert client.post(address(half, "transfer_edit"), {"goal": GOAL}).status_code == 409
    assert not TransferAgreement.objects.exists()


def test_after_the_course_it_can_still_be_written(client):
    tandem = begun_tandem(days=(-90, -60))

    send(client, manager_of(tandem), goal=GOAL)

    assert TransferAgreement.objects.get().goal == GOAL


@pytest.mark.parametrize("selection", [Selection.OPEN, Selection.WAITING, Selection.DECLINED])
def test_without_a_place_there_is_no_agreement(client, tandem, selection):
    Tandem.objects.filter(pk=tandem.pk).update(selection=selection)

    response = client.post(address(manager_of(tandem), "transfer_edit"), {"goal": GOAL})

    assert response.status_code == 409
    assert GOAL in response.content.decode()
    assert not TransferAgreement.objects.exists()


def test_in_a_cancelled_cohort_it_is_read_only(client, tandem):
    agreed(tandem, by=ONLY_MANAGER)
    half = coordinator_of(tandem)
    page = agreement_page(half, tandem.pk)
    tandem.cohort.cancelled_at = timezone.now()
    tandem.cohort.save()

    assert GOAL in read(client, half)
    assert "So bestätigen" not in read(client, half)
    with pytest.raises(RegistrationRefused, match="Der Durchgang ist abgesagt"):
        confirm_agreement(registration=half, tandem_key=tandem.pk, seen=page.seen)


@pytest.mark.parametrize("name", ["transfer_show", "transfer_edit", "transfer_paper"])
def test_others_find_nothing(client, tandem, name):
    agreed(tandem)
    strangers = complete_tandem(cohort=tandem.cohort, selection=Selection.ACCEPTED)
    stranger = manager_of(strangers)

    assert client.get(address(stranger, name, tandem=tandem)).status_code == 404
    assert client.post(address(stranger, "transfer_confirm", tandem=tandem)).status_code == 404
    assert client.post(address(stranger, "transfer_edit", tandem=tandem), {"goal": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["Organisation", "Trainer/in", "Leitung"])
def test_nobody_of_the_staff_reads_the_text(client, tandem, role):
    agreed(tandem)
    client.force_login(staff(role))
    pages = [
        tandem.get_absolute_url(),
        tandem.cohort.get_absolute_url(),
        f"/durchgaenge/{tandem.cohort_id}/anmeldungen/",
        f"/durchgaenge/{tandem.cohort_id}/anmeldungen/tabelle.csv",
        f"/anmeldung/{own_token(manager_of(tandem))}/transfervereinbarung/{tandem.pk}/",
        "/postausgang/",
    ]

    texts = [client.get(page).content.decode() for page in pages]

    for word in (GOAL, STEP, SUPPORT, "1. März 2027", "1.\u00a0März 2027"):
        assert [page for page, text in zip(pages, texts, strict=True) if word in text] == []


def test_no_mail_carries_a_word_of_it(client, tandem):
    agreed(tandem, by=())
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)
    press_confirm(client, manager)
    press_confirm(client, coordinator)
    send(client, manager, goal="Ein anderes Ziel.")

    messages = [last_mail(half.email) for half in (manager, coordinator)]
    for message in messages:
        for word in (GOAL, STEP, SUPPORT, "Ein anderes Ziel", "März"):
            assert word not in message.message
        assert message.headers["Sensitivity"] == "Private"


# People who leave and come


def test_the_organisation_sees_that_it_exists_and_stands(client, organiser, tandem):
    client.force_login(organiser)
    assert "Transfervereinbarung" not in client.get(tandem.get_absolute_url()).content.decode()
    agreement = agreed(tandem, by=ONLY_MANAGER)
    assert "Transfervereinbarung begonnen" in shown(client.get(tandem.get_absolute_url()))
    assert "noch keine von beiden bestätigt" in shown(client.get(tandem.cohort.get_absolute_url()))

    TransferAgreement.objects.update(coordinator_confirmed_at=agreement.manager_confirmed_at)

    assert "Transfervereinbarung von beiden bestätigt" in shown(client.get(tandem.get_absolute_url()))
    assert "Transfervereinbarungen ein Tandem hat sie bestätigt" in shown(
        client.get(tandem.cohort.get_absolute_url())
    )


def leave_by_oneself(half):
    withdraw_registration(registration=half)


def be_replaced(half):
    replace_half(registration=half, email="neu@stadt.example", by=staff("Organisation"))


@pytest.mark.parametrize("leave", [leave_by_oneself, be_replaced])
def test_who_has_left_reads_and_confirms_nothing_and_nothing_is_confirmed_any_more(
    client, organiser, tandem, leave
):
    agreed(tandem)
    gone, stays = manager_of(tandem), coordinator_of(tandem)

    leave(gone)

    for name in ("transfer_show", "transfer_edit", "transfer_paper"):
        assert client.get(address(gone, name)).status_code == 404
    assert client.post(address(gone, "transfer_confirm")).status_code == 404
    page = read(client, stays)
    assert GOAL in page
    assert "nicht zwei Personen mit einem Platz" in page
    assert client.post(address(stays, "transfer_edit"), {"goal": "Neu"}).status_code == 409
    assert client.get(address(stays, "transfer_paper")).status_code == 302
    client.force_login(organiser)
    assert "Transfervereinbarung begonnen" in shown(client.get(tandem.get_absolute_url()))


def test_who_comes_instead_reads_it_and_both_confirm_anew(client, tandem):
    agreed(tandem)
    withdraw_registration(registration=manager_of(tandem))
    new = RegistrationFactory(tandem=tandem, role=Audience.MANAGER, given_names="Nora", family_name="Neu")
    stays = coordinator_of(tandem)

    page = read(client, new)
    assert GOAL in page
    assert "Ihr Tandem besteht nicht mehr aus denselben Personen" in page
    assert page.count("<dd>noch nicht bestätigt</dd>") == 2

    press_confirm(client, stays)
    agreement = TransferAgreement.objects.get()
    assert (agreement.manager, agreement.manager_confirmed_at) == (new, None)
    press_confirm(client, new)

    assert agreement_page(new, tandem.pk).stands


def test_what_was_read_with_somebody_else_is_not_confirmed(client, tandem):
    agreed(tandem, by=())
    stays = coordinator_of(tandem)
    page = read(client, stays)
    withdraw_registration(registration=manager_of(tandem))
    RegistrationFactory(tandem=tandem, role=Audience.MANAGER)

    answer = shown(press_confirm(client, stays, page=page))

    assert "Inzwischen hat sich die Vereinbarung geändert." in answer
    assert TransferAgreement.objects.get().coordinator_confirmed_at is None


def test_when_the_one_who_left_is_back_the_confirmations_hold_again(tandem):
    """As after a merge that was undone."""
    agreed(tandem)
    half = manager_of(tandem)
    Registration.objects.filter(pk=half.pk).update(withdrawn_at=timezone.now())
    assert not agreement_page(coordinator_of(tandem), tandem.pk).stands

    Registration.objects.filter(pk=half.pk).update(withdrawn_at=None)

    assert agreement_page(coordinator_of(tandem), tandem.pk).stands


@pytest.fixture
def sharing(tandem):
    """A tandem of one manager that shares Ben Roth by exception."""
    other = TandemFactory(
        cohort=tandem.cohort,
        municipality__name="Kleve",
        selection=Selection.ACCEPTED,
        shared_half=coordinator_of(tandem),
        exception_reason="Beide Städte teilen sich die Stelle.",
    )
    RegistrationFactory(tandem=other, role=Audience.MANAGER, given_names="Cem", family_name="Kaya")
    return other


def test_who_belongs_to_two_tandems_has_two_agreements(client, tandem, sharing):
    shared, cem = coordinator_of(tandem), manager_of(sharing)

    own = shown(client.get(reverse("participants:registration_status", args=[status_token(shared)])))
    assert "Transfervereinbarung mit dem Tandem Kleve : noch nicht begonnen" in own
    send(client, cem, **WORDS)
    press_confirm(client, cem)
    press_confirm(client, shared, tandem=sharing)

    assert agreement_page(cem, sharing.pk).stands
    assert agreement_page(shared, tandem.pk).agreement is None
    assert agreement_page(manager_of(tandem), sharing.pk) is None
    assert mails()[0] == (shared.email, "Bitte bestätigen Sie Ihre Transfervereinbarung")


def test_when_the_exception_ends_the_neighbour_reads_nothing_more(client, tandem, sharing):
    shared = coordinator_of(tandem)
    Tandem.objects.filter(pk=sharing.pk).update(shared_half=None, exception_reason="")

    assert client.get(address(shared, tandem=sharing)).status_code == 404


# Links and pages


def test_a_press_on_the_link_of_the_mail_changes_nothing(client, tandem):
    agreed(tandem, by=())
    press_confirm(client, manager_of(tandem))
    before = TransferAgreement.objects.values().get()
    link = re.search(r"https?://\S+/transfervereinbarung/\S+", last_mail(coordinator_of(tandem).email).message)[0]

    client.get(link)

    assert TransferAgreement.objects.values().get() == before
    assert client.get(address(coordinator_of(tandem), "transfer_confirm")).status_code == 405


def test_a_link_that_has_ended_is_renewed(client, tandem):
    path = address(manager_of(tandem))
    with time_machine.travel(TODAY + datetime.timedelta(days=400)):
        response = client.get(path)

    assert response.status_code == 410
    assert links.find(path.split("/")[2]) is not None


def test_signed_in_the_own_number_is_enough_and_a_foreign_one_is_not(client, tandem):
    agreed(tandem)
    client.force_login(manager_of(tandem).person)
    own, foreign = own_token(manager_of(tandem)), own_token(coordinator_of(tandem))

    assert GOAL in client.get(f"/anmeldung/{own}/transfervereinbarung/{tandem.pk}/").content.decode()
    assert client.get(f"/anmeldung/{foreign}/transfervereinbarung/{tandem.pk}/").status_code == 404


@pytest.mark.parametrize("shared", [0, 2])
def test_transfer_show_query_count(client, tandem, shared, django_assert_num_queries):
    agreed(tandem)
    for _ in range(shared):
        complete_tandem(cohort=tandem.cohort, selection=Selection.ACCEPTED)
    path = address(manager_of(tandem))

    with django_assert_num_queries(6):
        client.get(path)


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_counts_agreements_with_the_same_queries(client, organiser, django_assert_num_queries, count):
    tandem = begun_tandem()
    agreed(tandem)
    for _ in range(count - 1):
        agreed(complete_tandem(cohort=tandem.cohort, selection=Selection.ACCEPTED))
    client.force_login(organiser)

    with django_assert_num_queries(31):
        page = shown(client.get(tandem.cohort.get_absolute_url()))

    assert ("ein Tandem hat sie bestätigt" if count == 1 else "3 Tandems haben sie bestätigt") in page


# What the start page asks for


def start_page(client, half):
    client.force_login(half.person)
    return shown(client.get("/"))


ASKED = "Halten Sie es in Ihrer Transfervereinbarung fest."


def test_after_the_last_session_the_start_page_asks_for_it(client):
    tandem = begun_tandem(days=(-2, -1))

    assert ASKED in start_page(client, manager_of(tandem))
    agreed(tandem, by=ONLY_MANAGER)
    assert ASKED not in start_page(client, manager_of(tandem))
    assert "Anna Berg hat Ihre Transfervereinbarung bestätigt." in start_page(client, coordinator_of(tandem))


@pytest.mark.parametrize("days", [(-2, 0), (-2, 3), (-300, -190)])
def test_before_the_last_session_and_long_after_it_does_not(client, days):
    tandem = begun_tandem(days=days)

    page = start_page(client, manager_of(tandem))

    assert ASKED not in page
    assert "Transfervereinbarung : noch nicht begonnen" in page


def test_who_is_alone_is_not_asked(client):
    tandem = begun_tandem(days=(-2, -1))
    withdrawn = coordinator_of(tandem)
    Registration.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())

    assert "Transfervereinbarung" not in start_page(client, manager_of(tandem))


# What the table refuses


@pytest.mark.parametrize(
    "change",
    [
        {"goal": ""},
        {"due_on": None},
        {"goal": "x" * 1001},
        {"first_step": "x" * 1001},
        {"support": "x" * 1001},
        {"due_on": datetime.date(1999, 12, 31)},
        {"changed_at": TODAY + datetime.timedelta(hours=5)},
    ],
)
def test_the_table_keeps_a_confirmed_agreement_whole_and_unchanged(tandem, change):
    agreement = agreed(tandem)

    with pytest.raises(IntegrityError), transaction.atomic():
        TransferAgreement.objects.filter(pk=agreement.pk).update(**change)


def test_the_table_knows_one_for_each_tandem_between_two_people(tandem):
    agreement = agreed(tandem)

    with pytest.raises(IntegrityError), transaction.atomic():
        agreed(tandem)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferAgreement.objects.filter(pk=agreement.pk).update(coordinator=agreement.manager)


# When a reminder is due


def test_a_reminder_is_due_from_nine_on_the_agreed_day_for_two_weeks():
    second = datetime.timedelta(seconds=1)
    moment = remind_at(DAY)

    assert moment.isoformat() == "2027-03-01T09:00:00+01:00"
    assert [
        is_reminder_due(DAY, moment + offset) for offset in (-second, 0 * second, USEFUL_FOR - second, USEFUL_FOR)
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_a_reminder_keeps_its_hour_on_the_wall_in_summer():
    assert remind_at(datetime.date(2027, 3, 28)).isoformat() == "2027-03-28T09:00:00+02:00"
