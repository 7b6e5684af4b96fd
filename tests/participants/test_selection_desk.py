"""The selection desk: the line, overrides, the preview of all mails, and the one step that decides."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from post_office.models import Email

from curriculum.models import Audience, Cohort, SelectionRule, TieBreak
from netzkoord.models import AuditEvent, User
from participants.actions.registrations import withdraw_registration
from participants.actions.selection_desk import SelectionRefused, decide_selection
from participants.models import (
    Approval,
    Offer,
    Registration,
    Selection,
    SelectionDraft,
    SelectionOverride,
    StatusChange,
    Tandem,
)
from participants.queries.selection_desk import desk_of
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    SessionFactory,
    TandemFactory,
    UserFactory,
    complete_tandem,
)
from tests.participants.forms import last_mail, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    return CohortFactory(places=4)


def tandem_in(name, cohort, **fields):
    return complete_tandem(cohort=cohort, municipality=MunicipalityFactory(name=name), **fields)


@pytest.fixture
def four(cohort):
    return [tandem_in(name, cohort) for name in ("Aachen", "Bonn", "Celle", "Dortmund")]


def address(cohort, name="selection_desk"):
    return reverse(f"participants:{name}", args=[cohort.pk])


def set_line(client, cohort, **changes):
    form = client.get(address(cohort)).context["form"]
    fields = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    return client.post(address(cohort, "selection_line"), fields | changes, follow=True)


def override(client, tandem, selection, reason="Dort beginnt gerade ein Netzwerk.", **fields):
    url = address(tandem, "selection_override")
    return client.post(url, {"selection": selection, "reason": reason} | fields, follow=True)


def shown(client, cohort):
    return client.get(address(cohort, "selection_check")).context["shown"]


def send(client, cohort, value):
    return client.post(address(cohort, "selection_send"), {"shown": value}, follow=True)


def outcomes(response):
    return [(row.row.candidate.name, row.outcome.after.value) for row in response.context["desk"].rows]


def decisions(cohort):
    return dict(cohort.tandems.values_list("municipality__name", "selection"))


# The desk


@pytest.mark.parametrize("count", [1, 3])
def test_selection_desk_query_count(client, cohort, organiser, django_assert_num_queries, count):
    for _ in range(count):
        SelectionOverride.objects.create(tandem=complete_tandem(cohort=cohort), selection="WAITING", reason="Grund")
    client.force_login(organiser)

    with django_assert_num_queries(14):
        response = client.get(address(cohort))

    assert response.content.decode().count("Linie hierher") == count


def test_selection_desk_proposes_as_many_as_fit_and_says_why(client, cohort, organiser, four):
    client.force_login(organiser)

    response = client.get(address(cohort))

    page = response.content.decode()
    assert outcomes(response) == [
        ("Aachen", "ACCEPTED"),
        ("Bonn", "ACCEPTED"),
        ("Celle", "WAITING"),
        ("Dortmund", "WAITING"),
    ]
    assert "vollständiges Tandem; Eingang" in page
    assert "hinter Rang\u00a01 (Aachen): sonst gleich, später eingegangen" in page
    assert "die Linie steht hinter Rang&nbsp;2" in page
    assert not SelectionDraft.objects.exists()


def test_selection_desk_leaves_out_who_has_left_and_shows_who_is_unconfirmed(client, cohort, organiser):
    gone = tandem_in("Gonstadt", cohort)
    gone.registrations.update(withdrawn_at=timezone.now())
    RegistrationFactory(tandem__cohort=cohort, tandem__municipality__name="Neustadt", confirmed_at=None)
    client.force_login(organiser)

    page = client.get(address(cohort)).content.decode()

    assert "Gonstadt" not in page
    assert "noch von niemandem bestätigt" in page
    assert "Linie hierher" not in page


def test_selection_desk_without_registrations_says_so(client, cohort, organiser):
    client.force_login(organiser)

    assert "Noch hat sich niemand angemeldet." in client.get(address(cohort)).content.decode()


def test_selection_line_is_kept_and_quotas_follow(client, cohort, organiser, four):
    client.force_login(organiser)

    response = set_line(client, cohort, line="1", waiting_count="1", rest="DECLINED")

    assert [after for _, after in outcomes(response)] == ["ACCEPTED", "WAITING", "DECLINED", "DECLINED"]
    assert outcomes(client.get(address(cohort))) == outcomes(response)
    places = response.context["desk"].quotas[0].quotas
    assert [(quota.before, quota.after) for quota in places] == [(0, 2), (4, 2)]
    assert SelectionDraft.objects.get().changed_by == organiser
    assert decisions(cohort)["Aachen"] == Selection.OPEN


def test_selection_line_follows_a_button_of_a_row(client, cohort, organiser, four):
    client.force_login(organiser)

    response = set_line(client, cohort, here="1")

    assert SelectionDraft.objects.get().line == 1
    assert response.redirect_chain[-1][0].endswith("#rang-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"line": "x"},
        {"line": "-1"},
        {"line": "99999"},
        {"line": "9" * 40},
        {"here": "'"},
        {"waiting_count": ""},
        {"waiting_count": "-1"},
        {"rest": "ACCEPTED"},
    ],
)
def test_selection_line_survives_nonsense(client, cohort, organiser, four, changes):
    client.force_login(organiser)

    response = set_line(client, cohort, **changes)

    assert response.context["form"].errors
    assert [after for _, after in outcomes(response)] == ["ACCEPTED", "ACCEPTED", "WAITING", "WAITING"]


def test_two_organisers_at_one_line_lose_nothing(client, cohort, organiser, four):
    client.force_login(organiser)
    form = client.get(address(cohort)).context["form"]
    seen = form["seen"].value()
    set_line(client, cohort, waiting_count="7")

    client.post(
        address(cohort, "selection_line"), {"line": "1", "waiting_count": "10", "rest": "OPEN", "seen": seen}
    )

    draft = SelectionDraft.objects.get()
    assert (draft.line, draft.waiting_count) == (1, 7)


# Overrides


def test_selection_override_needs_a_reason(client, cohort, organiser, four):
    client.force_login(organiser)

    refused = override(client, four[3], "ACCEPTED", reason=" ")
    assert "Eine Abweichung braucht einen Grund." in refused.content.decode()
    assert not SelectionOverride.objects.exists()

    stored = override(client, four[3], "ACCEPTED")

    assert outcomes(stored) == [
        ("Aachen", "ACCEPTED"),
        ("Bonn", "WAITING"),
        ("Celle", "WAITING"),
        ("Dortmund", "ACCEPTED"),
    ]
    assert "Dort beginnt gerade ein Netzwerk." in stored.content.decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "{% load x %}", "%s {0.__class__}"])
def test_what_somebody_types_as_a_reason_stays_text(client, cohort, organiser, four, text):
    client.force_login(organiser)
    override(client, four[0], "DECLINED", reason=text)

    pages = [client.get(address(cohort, name)).content.decode() for name in ("selection_desk", "selection_check")]

    assert all(escape(text) in page for page in pages)
    send(client, cohort, shown(client, cohort))
    assert StatusChange.objects.get(tandem=four[0]).reason == text


def test_selection_override_shows_what_the_rule_says_and_is_taken_back(client, cohort, organiser, four):
    client.force_login(organiser)
    override(client, four[0], "DECLINED")

    page = client.get(address(four[0], "selection_override"))
    form = page.context["form"]
    override(client, four[0], "", **{name: form[name].value() for name in ("seen_selection", "seen_reason")})

    assert "<dt>Nach der Regel</dt><dd>annehmen</dd>" in page.content.decode()
    assert not SelectionOverride.objects.exists()


def test_selection_override_tells_of_somebody_who_was_faster_and_keeps_both(client, cohort, organiser, four):
    client.force_login(organiser)
    override(client, four[3], "ACCEPTED", reason="Erste")

    refused = override(client, four[3], "DECLINED", reason="Zweite")

    page = refused.content.decode()
    assert "Inzwischen hat jemand anderes hier eine Abweichung geändert: „angenommen“, Erste." in page
    assert "Zweite</textarea>" in page
    assert SelectionOverride.objects.get().reason == "Erste"
    form = refused.context["form"]
    override(
        client,
        four[3],
        "DECLINED",
        reason="Zweite",
        seen_selection=form["seen_selection"].value(),
        seen_reason=form["seen_reason"].value(),
    )
    assert SelectionOverride.objects.get().reason == "Zweite"


@pytest.mark.parametrize("fields", [{"selection": "OPEN"}, {"selection": "x"}, {"reason": "x" * 501}])
def test_selection_override_survives_nonsense(client, cohort, organiser, four, fields):
    client.force_login(organiser)

    response = override(client, four[0], **({"selection": "WAITING"} | fields))

    assert response.context["form"].errors
    assert not SelectionOverride.objects.exists()


def test_selection_override_is_not_for_those_who_cannot_be_decided(client, cohort, organiser):
    unconfirmed = RegistrationFactory(tandem__cohort=cohort, confirmed_at=None).tandem
    client.force_login(organiser)

    page = override(client, unconfirmed, "ACCEPTED").content.decode()

    assert "lässt sich hier gerade nicht entscheiden" in page
    assert not SelectionOverride.objects.exists()


# The preview


@pytest.mark.parametrize("count", [1, 3])
def test_selection_check_query_count(client, cohort, organiser, django_assert_num_queries, count):
    Cohort.objects.update(places=6, asks_approval=True)
    SessionFactory(cohort=cohort)
    for _ in range(count):
        complete_tandem(cohort=cohort)
    client.force_login(organiser)

    with django_assert_num_queries(20):
        response = client.get(address(cohort, "selection_check"))

    assert response.content.decode().count("<details>") == 2 * count


def test_selection_check_shows_every_mail_in_full_and_decides_nothing(client, cohort, organiser, four):
    client.force_login(organiser)

    response = client.get(address(cohort, "selection_check"))

    page = response.content.decode()
    assert all(half.email in page for half in Registration.objects.all())
    assert page.count("(persönlicher Link)") == 8
    assert re.findall(r"<dt>(Zusage|Warteliste|Absage)</dt><dd>([^<]*)", page) == [
        ("Zusage", "2 Tandems, 4 Personen"),
        ("Warteliste", "2 Tandems, 4 Personen"),
    ]
    assert decisions(cohort)["Aachen"] == Selection.OPEN
    assert mails() == []


def test_selection_check_is_what_is_sent_in_the_end(client, cohort, organiser, four):
    SessionFactory(cohort=cohort, days=[datetime.date(2030, 5, 7)])
    client.force_login(organiser)
    previewed = {
        mail.recipient.half.email: mail.text
        for mail in client.get(address(cohort, "selection_check")).context["mails"]
    }

    send(client, cohort, shown(client, cohort))

    sent = {email.to[0]: re.sub(r"http\S+", "(persönlicher Link)", email.message) for email in Email.objects.all()}
    assert {to: text.strip() for to, text in previewed.items()} == {to: text.strip() for to, text in sent.items()}


def test_selection_check_warns_of_incomplete_ones_and_missing_approvals(client, cohort, organiser):
    Cohort.objects.update(asks_approval=True)
    half = RegistrationFactory(tandem__cohort=cohort, family_name="Allein")
    asked = RegistrationFactory(tandem__cohort=cohort, family_name="Gefragt")
    Approval.objects.create(
        registration=half,
        email="c@stadt.example",
        name="C",
        position="D",
        decided_at=timezone.now(),
        is_granted=True,
    )
    Approval.objects.create(registration=asked, email="c@stadt.example", asked_at=timezone.now())
    client.force_login(organiser)

    response = client.get(address(cohort, "selection_check"))

    assert [tandem.pk for tandem in response.context["incomplete"]] == [half.tandem_id, asked.tandem_id]
    assert response.context["without_approval"] == [asked]
    assert "Ohne Zustimmung der vorgesetzten Person" in response.content.decode()


def test_selection_check_pages_the_mails_and_decides_about_all(client, organiser):
    cohort = CohortFactory(places=200)
    half = RegistrationFactory(tandem__cohort=cohort)
    tandems = Tandem.objects.bulk_create(
        Tandem(cohort=cohort, municipality=half.tandem.municipality) for _ in range(110)
    )
    people = UserFactory.create_batch(1) + User.objects.bulk_create(UserFactory.build_batch(109))
    Registration.objects.bulk_create(
        Registration(
            cohort=cohort,
            tandem=tandem,
            person=person,
            role=Audience.MANAGER,
            email=person.email,
            family_name=person.family_name,
            organisation="Stadt",
            confirmed_at=timezone.now(),
        )
        for tandem, person in zip(tandems, people, strict=True)
    )
    client.force_login(organiser)

    response = client.get(address(cohort, "selection_check"))

    page = response.content.decode()
    assert page.count("<details>") == 100
    assert len(response.context["shown"].split()) == 111
    assert page.count("<input") < 10


# The decision


def test_selection_send_decides_all_at_once_mails_everybody_and_keeps_the_reasons(client, cohort, organiser, four):
    client.force_login(organiser)
    set_line(client, cohort, waiting_count="1", rest="DECLINED")
    override(client, four[3], "ACCEPTED")

    page = send(client, cohort, shown(client, cohort)).content.decode()

    assert decisions(cohort) == {
        "Aachen": "ACCEPTED",
        "Bonn": "WAITING",
        "Celle": "DECLINED",
        "Dortmund": "ACCEPTED",
    }
    assert "Entschieden. Zusage: 2 Tandems; Warteliste: 1 Tandem; Absage: 1 Tandem." in page
    assert len(mails()) == 8
    reasons = dict(StatusChange.objects.values_list("tandem__municipality__name", "reason"))
    assert reasons == {
        "Aachen": "Rang\u00a01 nach der Auswahlregel",
        "Bonn": "Rang\u00a02 nach der Auswahlregel",
        "Celle": "Rang\u00a03 nach der Auswahlregel",
        "Dortmund": "Dort beginnt gerade ein Netzwerk.",
    }
    assert sorted(AuditEvent.objects.values_list("action", flat=True)) == [
        "TANDEM_ACCEPTED",
        "TANDEM_ACCEPTED",
        "TANDEM_DECLINED",
        "TANDEM_WAITLISTED",
    ]
    cohort.refresh_from_db()
    assert cohort.places_taken == 4


def test_after_a_decision_the_desk_proposes_nothing_more(client, cohort, organiser, four):
    client.force_login(organiser)
    set_line(client, cohort, line="1", waiting_count="3")
    override(client, four[1], "WAITING")

    page = send(client, cohort, shown(client, cohort)).content.decode()

    assert "So ist alles schon entschieden." in page
    assert not SelectionOverride.objects.exists()
    assert desk_of(cohort).changes == []


def test_selection_send_twice_mails_once(client, cohort, organiser, four):
    client.force_login(organiser)
    value = shown(client, cohort)

    send(client, cohort, value)
    second = send(client, cohort, value)

    assert "Es war nichts mehr zu entscheiden." in second.content.decode()
    assert len(mails()) == 8
    assert StatusChange.objects.count() == 4


def decide_by_another(four):
    Tandem.objects.filter(pk=four[0].pk).update(selection=Selection.DECLINED)


def withdraw_one(four):
    withdraw_registration(registration=four[0].registrations.first())


def register_one(four):
    complete_tandem(cohort=four[0].cohort, municipality=four[0].municipality)


def fill_places(four):
    Cohort.objects.update(places=2)


@pytest.mark.parametrize("change", [decide_by_another, withdraw_one, register_one, fill_places])
def test_selection_send_is_refused_as_a_whole_when_anything_has_changed(client, cohort, organiser, four, change):
    client.force_login(organiser)
    value = shown(client, cohort)
    change(four)
    Email.objects.all().delete()

    response = send(client, cohort, value)

    page = response.content.decode()
    assert "Seit Sie die Vorschau geöffnet haben, hat sich" in page
    assert "Es ist nichts entschieden und keine Mail gesendet." in page
    assert response.redirect_chain[-1][0] == address(cohort, "selection_check")
    assert mails() == []
    assert decisions(cohort)["Bonn"] == Selection.OPEN
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize(
    "value", ["", "x", "1:2", "٣:OPEN:ACCEPTED:2", f"{'9' * 40}:OPEN:ACCEPTED:2", "x" * 300_000]
)
def test_selection_send_survives_nonsense(client, cohort, organiser, four, value):
    client.force_login(organiser)

    response = send(client, cohort, value)

    assert response.status_code == 200
    assert mails() == []
    assert decisions(cohort)["Aachen"] == Selection.OPEN


def test_nothing_is_decided_before_the_lot_is_drawn(client, cohort, organiser, four):
    SelectionRule.objects.create(cohort=cohort, tie_break=TieBreak.LOT)
    client.force_login(organiser)

    page = client.get(address(cohort)).content.decode()

    assert "Das Los ist noch nicht gezogen." in page
    assert "Mails prüfen und entscheiden" not in page
    with pytest.raises(SelectionRefused, match="Das Los ist noch nicht gezogen"):
        decide_selection(cohort=cohort, shown=[change.shown for change in desk_of(cohort).changes], by=organiser)


def test_nothing_is_decided_while_overrides_ask_for_more_than_there_is(client, cohort, organiser, four):
    client.force_login(organiser)
    for tandem in four[:3]:
        override(client, tandem, "ACCEPTED")

    page = client.get(address(cohort, "selection_check")).content.decode()

    assert "Ihre Abweichungen vergeben 2 Plätze mehr, als frei sind." in page
    assert "Entscheiden und Mails senden" not in page


def test_nothing_is_decided_in_a_cancelled_cohort(client, cohort, organiser, four):
    client.force_login(organiser)
    value = shown(client, cohort)
    Cohort.objects.update(cancelled_at=timezone.now(), cancellation_reason="Krank")

    assert "Der Durchgang ist abgesagt." in send(client, cohort, value).content.decode()
    assert mails() == []


def test_who_has_an_offer_is_left_alone(client, cohort, organiser):
    tandem = tandem_in("Aachen", cohort, selection=Selection.WAITING)
    Offer.objects.create(tandem=tandem, places=2, expires_at=timezone.now() + datetime.timedelta(days=5))
    tandem_in("Bonn", cohort)
    client.force_login(organiser)

    response = client.get(address(cohort))

    assert outcomes(response) == [("Aachen", "WAITING"), ("Bonn", "ACCEPTED")]
    assert "hat ein Angebot für einen frei gewordenen Platz" in response.content.decode()
    assert [change.tandem.municipality.name for change in response.context["desk"].changes] == ["Bonn"]


def test_tandems_that_share_a_half_are_decided_by_one_row(client, cohort, organiser):
    first = tandem_in("Aachen", cohort)
    coordinator = first.registrations.get(role=Audience.COORDINATOR)
    neighbour = TandemFactory(
        cohort=cohort,
        shared_half=coordinator,
        exception_reason="Eine Stelle für beide.",
        municipality=MunicipalityFactory(name="Bonn"),
    )
    RegistrationFactory(tandem=neighbour, role=Audience.MANAGER)
    client.force_login(organiser)

    send(client, cohort, shown(client, cohort))

    assert decisions(cohort) == {"Aachen": "ACCEPTED", "Bonn": "ACCEPTED"}
    assert Cohort.objects.get().places_taken == 3
    assert "fehlt noch die zweite Person" not in last_mail(neighbour.registrations.get().email).message


@pytest.mark.parametrize("name", ["selection_line", "selection_send"])
def test_deciding_is_never_done_by_opening_a_page(client, cohort, organiser, name):
    client.force_login(organiser)

    assert client.get(address(cohort, name)).status_code == 405


@pytest.mark.parametrize("name", ["selection_line", "selection_send"])
def test_the_desk_is_the_organisers(client, cohort, reader, trainer, stranger, four, name):
    for user in (reader, trainer, stranger):
        client.force_login(user)
        assert client.post(address(cohort, name), {"line": "1"}).status_code == 403
        assert override(client, four[0], "ACCEPTED").status_code == 403

    assert not SelectionDraft.objects.exists()
    assert not SelectionOverride.objects.exists()


def test_one_decision_at_two_desks_at_once_is_made_once(at_once, organiser):
    cohort = CohortFactory(places=2)
    for _ in range(3):
        complete_tandem(cohort=cohort)
    value = [change.shown for change in desk_of(cohort).changes]

    results = at_once(*[lambda: decide_selection(cohort=cohort, shown=value, by=organiser)] * 2)

    assert sorted(len(changes) for changes in results) == [0, 3]
    assert len(mails()) == 6
    assert Cohort.objects.get().places_taken == 2
