"""Entering oneself with the code on the screen: who may, when, and what it cannot do."""

import datetime
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from netzkoord.lib import codes
from netzkoord.models import AuditAction, AuditEvent
from participants.check_in import code_at, find, grouped
from participants.models import Attendance, CheckIn
from participants.tokens import status_token
from participants.views.check_in import CHECK_IN
from tests import factories

NOW = datetime.datetime(2026, 10, 5, 8, 30, tzinfo=datetime.UTC)  # 10:30 in Berlin


@pytest.fixture(autouse=True)
def in_the_morning():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session(db, trainer):
    return factories.SessionFactory(days=[NOW.date()], trainers=[trainer], module__code="K1", module__title="Start")


@pytest.fixture
def half(session):
    return factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True, given_names="Anna")


@pytest.fixture
def opened(session, trainer):
    day = session.days.get()
    return CheckIn.objects.create(day=day, half="MORNING", expires_at=NOW + datetime.timedelta(hours=2))


def later(**span):
    return time_machine.travel(NOW + datetime.timedelta(**span), tick=False)


def open_scanned(client, opened):
    return client.get(scanned(opened))


def scanned(opened):
    """What the QR code leads to at this moment."""
    code = codes.signed(code_at(opened, timezone.now()), place=CHECK_IN)
    return reverse("participants:check_in_scan", args=[code])


def scan(client, opened):
    """Scans the code and goes on, which this browser remembers."""
    assert open_scanned(client, opened).status_code == 200
    code = code_at(opened, timezone.now())
    return client.post(reverse("participants:check_in"), {"code": code}, follow=True)


def confirm(client):
    return client.post(reverse("participants:check_in_confirm"), follow=True).content.decode()


def stored():
    return [(row.registration, row.half, row.presence, row.is_self_reported) for row in Attendance.objects.all()]


def test_check_in_open_shows_a_code_for_this_half(client, trainer, session):
    client.force_login(trainer)

    page = client.post(reverse("participants:check_in_open", args=[session.pk]), {"half": "MORNING"}, follow=True)

    opened = CheckIn.objects.get()
    assert (opened.half, opened.opened_by) == ("MORNING", trainer)
    assert timezone.localtime(opened.expires_at).time() == datetime.time(13, 0)
    assert grouped(code_at(opened, NOW)) in page.content.decode()
    assert "0 von 0 sind eingetragen." in page.content.decode()
    event = AuditEvent.objects.get(action=AuditAction.CHECK_IN_OPENED)
    assert event.details == {"day": opened.day_id, "half": "MORNING"}


def test_check_in_open_twice_is_once(client, trainer, session):
    client.force_login(trainer)
    for _ in range(2):
        client.post(reverse("participants:check_in_open", args=[session.pk]), {"half": "MORNING"})

    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(("wanted", "sentence"), [("AFTERNOON", "von 11:45 bis 16:45"), ("🐘", "kein Tag")])
def test_check_in_open_refuses_another_time(client, trainer, session, wanted, sentence):
    client.force_login(trainer)

    page = client.post(reverse("participants:check_in_open", args=[session.pk]), {"half": wanted}, follow=True)

    assert sentence in page.content.decode()
    assert not CheckIn.objects.exists()


def test_check_in_open_the_day_before_is_refused(client, trainer, session):
    with later(days=-1):
        client.force_login(trainer)
        page = client.post(
            reverse("participants:check_in_open", args=[session.pk]), {"half": "MORNING"}, follow=True
        )

    assert "Heute ist kein Tag dieses Termins." in page.content.decode()


def test_code_changes_and_is_good_for_a_little_longer(opened):
    code = code_at(opened, NOW)

    assert code_at(opened, NOW + datetime.timedelta(minutes=2)) != code
    with later(minutes=2):
        assert find(f" {grouped(code).lower()} ") == opened
    with later(minutes=5):
        assert find(code) is None


def test_code_is_stored_nowhere(opened):
    code = code_at(opened, NOW)

    assert code not in str(CheckIn.objects.values().get())
    opened.nonce = "0" * 32
    assert code_at(opened, NOW) != code


def test_scanning_enters_nobody(client, opened, half):
    client.force_login(half.person)

    page = scan(client, opened).content.decode()

    assert f"Sie sind <strong>{half.full_name}</strong>." in page
    assert stored() == []


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_opening_the_scanned_address_stores_nothing(client, opened, half, is_signed_in):
    if is_signed_in:
        client.force_login(half.person)

    page = open_scanned(client, opened).content.decode()

    assert ("Ich bin da" if is_signed_in else "Weiter</button>") in page
    assert "check_in" not in client.session
    assert "Acht Zeichen" in client.get(reverse("participants:check_in")).content.decode()


def test_the_scanned_page_brings_its_code_along(client, opened, half):
    client.force_login(half.person)
    page = open_scanned(client, opened).content.decode()
    code = re.search(r'name="code" value="([^"]+)"', page)[1]

    done = client.post(reverse("participants:check_in_confirm"), {"code": code}).content.decode()

    assert "Sie sind eingetragen" in done
    assert stored() == [(half, "MORNING", "PRESENT", True)]


def test_a_scanned_code_that_has_changed_meanwhile_asks_for_the_present_one(client, opened, half):
    code = code_at(opened, timezone.now())
    with later(minutes=10):
        client.force_login(half.person)
        page = client.post(reverse("participants:check_in_confirm"), {"code": code}).content.decode()

    assert "Bitte geben Sie den Code ein, der jetzt auf der Leinwand steht." in page
    assert stored() == []


def test_check_in_confirm_enters_the_person_who_is_signed_in(client, opened, half):
    client.force_login(half.person)
    scan(client, opened)

    assert "Sie sind eingetragen" in confirm(client)
    confirm(client)

    assert stored() == [(half, "MORNING", "PRESENT", True)]
    event = AuditEvent.objects.get(action=AuditAction.ATTENDANCE_RECORDED)
    assert event.details == {"entries": 1, "self_reported": True}


def test_signing_in_after_the_scan_keeps_the_code(client, opened, half):
    page = scan(client, opened).content.decode()
    assert "Mit der E-Mail-Adresse anmelden" in page
    with later(minutes=10):
        client.force_login(half.person)
        assert "Sie sind eingetragen" in confirm(client)

    assert stored() == [(half, "MORNING", "PRESENT", True)]


def test_code_seen_long_ago_enters_nobody(client, opened, half):
    client.force_login(half.person)
    scan(client, opened)

    with later(minutes=16):
        client.force_login(half.person)
        assert "Der Code ist abgelaufen." in confirm(client)

    assert stored() == []


def test_without_the_code_nobody_is_entered(client, opened, half):
    client.force_login(half.person)

    assert "Der Code ist abgelaufen." in confirm(client)
    assert stored() == []


@pytest.mark.parametrize("scans_first", [True, False])
def test_personal_link_and_code_enter_without_an_account(client, opened, half, scans_first):
    address = reverse("participants:own_check_in", args=[status_token(half)])
    if scans_first:
        scan(client, opened)
    data = {} if scans_first else {"code": code_at(opened, NOW)}

    assert "Sie sind" in client.get(address).content.decode()
    assert stored() == []
    assert "Sie sind eingetragen" in client.post(address, data).content.decode()

    assert stored() == [(half, "MORNING", "PRESENT", True)]


def test_personal_link_alone_enters_nobody(client, opened, half):
    address = reverse("participants:own_check_in", args=[status_token(half)])

    for data in ({}, {"code": "ABCD-EFGH"}, {"code": "🐘\x00"}):
        page = client.post(address, data).content.decode()
        assert "Ich bin da" in page

    assert stored() == []


def test_whoever_is_not_of_the_session_is_refused(client, opened):
    stranger = factories.RegistrationFactory(accepted=True)
    client.force_login(stranger.person)
    scan(client, opened)

    assert "nehmen an diesem Termin nicht teil" in client.get(reverse("participants:check_in")).content.decode()
    assert "sind Sie nicht angemeldet" in confirm(client)
    address = reverse("participants:own_check_in", args=[status_token(stranger)])
    assert "sind Sie nicht angemeldet" in client.post(address).content.decode()
    assert stored() == []


def test_what_the_staff_has_entered_stays(client, opened, half):
    Attendance.objects.create(registration=half, day=opened.day, half="MORNING", presence="EXCUSED")
    client.force_login(half.person)
    scan(client, opened)

    assert "Für Sie ist „entschuldigt“ eingetragen." in confirm(client)
    assert stored() == [(half, "MORNING", "EXCUSED", False)]


def test_staff_sees_and_corrects_an_own_entry(client, opened, half, trainer):
    Attendance.objects.create(
        registration=half, day=opened.day, half="MORNING", presence="PRESENT", is_self_reported=True
    )
    client.force_login(trainer)
    address = reverse("participants:attendance_edit", args=[opened.day.session_id])

    assert "selbst eingetragen, 10:30" in client.get(address).content.decode()
    name = f"{half.pk}-MORNING"
    client.post(address, {f"p{name}": "ABSENT", f"initial-p{name}": "PRESENT"})

    assert stored() == [(half, "MORNING", "ABSENT", False)]


def test_check_in_end_makes_the_code_worthless(client, opened, half, trainer):
    code = code_at(opened, NOW)
    client.force_login(half.person)
    scan(client, opened)
    client.force_login(trainer)

    for _ in range(2):
        client.post(reverse("participants:check_in_end", args=[opened.pk]))
    client.post(reverse("participants:check_in_open", args=[opened.day.session_id]), {"half": "MORNING"})

    assert find(code) is None
    assert CheckIn.objects.count() == 2
    assert AuditEvent.objects.filter(action=AuditAction.CHECK_IN_CLOSED).count() == 1
    client.force_login(half.person)
    assert "Der Code ist abgelaufen." in confirm(client)


def test_expired_check_in_makes_room_for_another(client, opened, trainer):
    CheckIn.objects.update(expires_at=NOW - datetime.timedelta(minutes=1))
    client.force_login(trainer)
    assert client.get(reverse("participants:check_in_screen", args=[opened.pk])).status_code == 302

    client.post(reverse("participants:check_in_open", args=[opened.day.session_id]), {"half": "MORNING"})

    assert CheckIn.objects.running().count() == 1


@pytest.mark.one_database
def test_wrong_codes_are_limited_and_right_ones_are_not(client, opened):
    for _ in range(40):
        assert client.post(reverse("participants:check_in"), {"code": code_at(opened, NOW)}).status_code == 302
    assert guess_codes(client) == [200] * 30 + [429]


def guess_codes(client):
    return [client.post(reverse("participants:check_in"), {"code": "FALSCH22"}).status_code for _ in range(31)]


def test_who_scans_is_entered_while_somebody_beside_guesses(client, opened, half):
    guess_codes(client)
    client.force_login(half.person)
    page = open_scanned(client, opened).content.decode()
    code = re.search(r'name="code" value="([^"]+)"', page)[1]

    done = client.post(reverse("participants:check_in_confirm"), {"code": code}).content.decode()

    assert "Sie sind eingetragen" in done
    typed = client.post(reverse("participants:check_in_confirm"), {"code": code_at(opened, NOW)})
    assert typed.status_code == 429
    assert "Scannen Sie den QR-Code" in typed.content.decode()


def test_code_of_ones_own_page_is_limited_too(client, opened, half):
    address = reverse("participants:own_check_in", args=[status_token(half)])
    guess_codes(client)

    refused = client.post(address, {"code": code_at(opened, NOW)})

    assert refused.status_code == 429
    assert "Scannen Sie den QR-Code" in refused.content.decode()
    assert stored() == []


def test_code_that_was_scanned_too_late_is_no_guess(client, opened):
    """A whole room scans, and the code changes every two minutes."""
    address = scanned(opened)
    with later(minutes=5):
        late = [client.get(address) for _ in range(40)]

        assert {page.status_code for page in late} == {200}
        assert "der jetzt auf der Leinwand steht" in late[0].content.decode()
        assert f'value="{code_at(opened, NOW)}"' in late[0].content.decode()
        assert client.post(reverse("participants:check_in"), {"code": code_at(opened, timezone.now())}).url


def test_screen_names_nobody(client, opened, half, trainer):
    factories.attend(half, opened.day)
    client.force_login(trainer)

    page = client.get(reverse("participants:check_in_screen", args=[opened.pk])).content.decode()

    assert "1 von 1 sind eingetragen." in page
    assert half.family_name not in page


def test_check_in_pages_of_anothers_session_are_not_found(client, opened, trainer):
    opened.day.session.trainers.clear()
    client.force_login(trainer)

    assert client.get(reverse("participants:check_in_screen", args=[opened.pk])).status_code == 404
    assert client.post(reverse("participants:check_in_end", args=[opened.pk])).status_code == 404
    assert client.post(reverse("participants:check_in_open", args=[opened.day.session_id])).status_code == 404
