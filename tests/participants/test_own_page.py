"""What people do on their own page: consents, a new address, going on without the second person; superiors."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.queries import practice_reports, trainers
from netzkoord import roles
from netzkoord.lib import links
from netzkoord.models import AuditEvent, PersonalLink
from participants import tokens
from participants.actions.partners import REMINDED_AFTER, remind_partners
from participants.models import Approval, Consent, PoolInvitation, Registration, Tandem
from tests import factories
from tests.links import is_link_to, token_in
from tests.participants.forms import complete, mails

pytestmark = pytest.mark.django_db
OF_OTHERS = [practice_reports.PURPOSE, trainers.PURPOSE]


@pytest.fixture
def half():
    return factories.RegistrationFactory(
        email="anna@stadt.example",
        person__email="anna@stadt.example",
        tandem__cohort__title="Durchgang 2027",
        tandem__cohort__registration_closes_on=timezone.localdate() + datetime.timedelta(days=60),
    )


@pytest.fixture
def token(half):
    return tokens.status_token(half)


def url(name, *args):
    return reverse(f"participants:{name}", args=args)


def page_of(client, token):
    return client.get(url("registration_status", token)).content.decode()


# Consents


def test_a_consent_is_given_withdrawn_and_given_anew(client, half, token):
    for is_given in ("yes", "no", "yes"):
        client.post(url("consent_edit", token), {"purpose": "POOL", "is_given": is_given})

    rows = [(consent.version, bool(consent.withdrawn_at)) for consent in Consent.objects.order_by("pk")]
    assert rows == [(1, True), (1, False)]
    assert "erteilt" in page_of(client, token)
    actions = [event.action for event in AuditEvent.objects.order_by("pk")]
    assert actions == ["CONSENT_GIVEN", "CONSENT_WITHDRAWN", "CONSENT_GIVEN"]


@pytest.mark.parametrize("is_given", ["yes", "no"])
def test_a_consent_sent_twice_is_stored_once(client, half, token, is_given):
    for _ in range(2):
        client.post(url("consent_edit", token), {"purpose": "POOL", "is_given": is_given})

    assert Consent.objects.count() == (is_given == "yes")


@pytest.mark.parametrize("purpose", ["", "EVERYTHING", "pool"])
def test_a_consent_to_nonsense_is_none(client, half, token, purpose):
    assert client.post(url("consent_edit", token), {"purpose": purpose, "is_given": "yes"}).status_code == 404
    assert not Consent.objects.exists()


def test_the_text_that_was_read_stays_when_a_new_one_is_written(client, half, token):
    Consent.objects.create(registration=half, purpose="POOL", version=0, text="Der alte Text.")

    assert "Der alte Text." in page_of(client, token)


# A new address


def test_a_new_address_is_confirmed_from_the_new_mailbox(client, half, token):
    client.post(url("address_edit", token), {"email": "Neu@Stadt.example"})
    half.refresh_from_db()
    assert half.email == "anna@stadt.example"
    mail = Email.objects.get()
    assert mail.to == ["neu@stadt.example"]

    link = url("address_confirm", token_in(mail.message))
    client.get(link)
    half.refresh_from_db()
    assert half.email == "anna@stadt.example"

    for _ in range(2):
        response = client.post(link)
    half.refresh_from_db()
    half.person.refresh_from_db()
    assert (half.email, half.person.email) == ("neu@stadt.example", "neu@stadt.example")
    assert is_link_to(response.url, tokens.STATUS, half.pk)
    assert links.find(token_in(response.url)).email == "neu@stadt.example"
    assert [subject for to, subject in mails() if to == "anna@stadt.example"] == [
        "Ihre E-Mail-Adresse ist geändert"
    ]
    assert client.get(url("registration_status", token)).status_code == 404


def test_who_reads_the_former_mailbox_gets_no_further(client, half, token):
    confirmed = url("registration_confirm", tokens.confirm_token(half))
    client.post(url("address_confirm", tokens.address_token(half, "neu@stadt.example")))

    answers = [client.get(confirmed), client.post(confirmed)]

    assert [answer.status_code for answer in answers] == [404, 409]


def test_with_the_former_address_all_links_of_the_person_end(client, half):
    other = factories.RegistrationFactory(person=half.person, email=half.email)
    invitation = PoolInvitation.objects.create(registration=other, cohort=factories.CohortFactory())
    ended = [
        tokens.status_token(other),
        tokens.pool_token(invitation),
        tokens.address_token(other, "dieb@fremd.example"),
    ]
    ended.append(links.create("survey", "1", email=half.email, expires_at=links.in_days(9)))
    client.post(url("address_confirm", tokens.address_token(half, "neu@stadt.example")))

    assert [token for token in ended if links.find(token).is_valid] == []
    assert PersonalLink.objects.valid().exclude(email="neu@stadt.example").count() == 0


def test_who_is_something_else_under_the_former_address_keeps_those_links(client, half):
    colleague = factories.RegistrationFactory(email="kollegin@stadt.example", tandem__partner_email=half.email)
    approval = Approval.objects.create(registration=colleague, email=half.email)
    kept = [tokens.approval_token(approval), tokens.partner_token(colleague.tandem)]
    kept += [links.create(each, "1", email=half.email, expires_at=links.in_days(9)) for each in OF_OTHERS]
    client.post(url("address_confirm", tokens.address_token(half, "neu@stadt.example")))

    assert all(links.find(token).is_valid for token in kept)


def test_an_address_that_many_name_gets_a_few_mails_a_day(client, half):
    others = [factories.RegistrationFactory() for _ in range(7)]

    pages = [
        client.post(url("address_edit", tokens.status_token(other)), {"email": "opfer@fremd.example"}, follow=True)
        for other in others
    ]

    assert len(mails()) == 5
    assert "Für heute sind genug Links gesendet." in pages[-1].content.decode()
    assert "<h1>Das geht gerade nicht</h1>" in pages[-1].content.decode()


def test_the_own_address_is_no_new_one(client, half, token):
    response = client.post(url("address_edit", token), {"email": "Anna@stadt.example"})

    assert "Das ist schon Ihre Adresse." in response.content.decode()
    assert not Email.objects.exists()


def test_the_link_of_a_new_address_says_that_it_was_used(client, half, token):
    client.post(url("address_edit", token), {"email": "neu@stadt.example"})
    link = url("address_confirm", token_in(Email.objects.get().message))
    client.post(link)

    page = client.get(link).content.decode()

    assert "Die Adresse ist schon übernommen" in page
    assert "<button" not in page.partition("<main")[2]


def test_a_new_address_holds_for_all_cohorts_of_the_person(client, half):
    other = factories.RegistrationFactory(person=half.person, email=half.email)
    elsewhere = tokens.status_token(other)

    client.post(url("address_confirm", tokens.address_token(half, "neu@stadt.example")))

    other.refresh_from_db()
    assert other.email == "neu@stadt.example"
    assert client.get(url("registration_status", elsewhere)).status_code == 404


def test_a_new_address_that_is_taken_in_one_cohort_changes_none(client, half):
    other = factories.RegistrationFactory(person=half.person, email=half.email)
    factories.RegistrationFactory(tandem__cohort=other.cohort, email="neu@stadt.example")

    client.post(url("address_confirm", tokens.address_token(half, "neu@stadt.example")))

    assert Registration.objects.filter(person=half.person).values_list("email", flat=True).distinct().get() == (
        "anna@stadt.example"
    )


def test_an_address_that_is_known_gets_the_same_answer_and_is_refused_in_the_end(client, half, token):
    factories.UserFactory(email="bekannt@stadt.example")

    known = client.post(url("address_edit", token), {"email": "bekannt@stadt.example"})
    new = client.post(url("address_edit", token), {"email": "neu@stadt.example"})
    assert (known.status_code, known.url) == (new.status_code, new.url)

    mail = Email.objects.get(to="bekannt@stadt.example")
    page = client.post(url("address_confirm", tokens.address_token(half, "bekannt@stadt.example"))).content.decode()
    half.refresh_from_db()
    assert "Unter dieser Adresse gibt es schon eine Anmeldung oder ein Konto." in page
    assert half.email == "anna@stadt.example"
    assert "Adresse übernehmen" in mail.message


def test_asking_again_ends_the_link_that_was_sent_before(client, half, token):
    first = tokens.address_token(half, "eins@stadt.example")
    tokens.address_token(half, "zwei@stadt.example")

    assert client.get(url("address_confirm", first)).status_code == 404


@pytest.mark.parametrize("is_superuser", [True, False])
def test_nobody_takes_over_an_account_of_the_team_by_the_link_of_a_registration(client, half, token, is_superuser):
    address = "team@stadt.example"
    if is_superuser:
        person = factories.UserFactory(email=address, is_superuser=True)
    else:
        person = factories.staff(roles.ORGANISATION, email=address)
    Registration.objects.update(person=person, email=address)

    page = client.post(url("address_edit", token), {"email": "boese@fremd.example"}).content.decode()

    assert "Ihr Konto gehört zum Team." in page
    assert not Email.objects.exists()


@pytest.mark.parametrize("email", ["", "kaputt", "a@b", "x@stadt.example\nBcc: y@stadt.example"])
def test_nonsense_as_a_new_address_is_refused_and_kept(client, half, token, email):
    page = client.post(url("address_edit", token), {"email": email}).content.decode()

    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert not Email.objects.exists()


# The second person does not come


@pytest.fixture
def invited(half):
    now = timezone.now()
    Tandem.objects.update(partner_email="ben@stadt.example", partner_invited_at=now)
    return tokens.partner_token(Tandem.objects.get())


@pytest.mark.parametrize("form", ["SEEKING", "ALONE"])
def test_going_on_without_the_invited_person_ends_the_invitation(client, half, token, invited, form):
    for _ in range(2):
        client.post(url("partner_give_up", token), {"form": form})

    tandem = Tandem.objects.get()
    assert (tandem.form, tandem.partner_email) == (form, "")
    assert client.get(url("partner_add", invited)).status_code == 404
    assert AuditEvent.objects.filter(action="PARTNER_GIVEN_UP").count() == 1


def test_going_on_alone_takes_along_what_was_merged_into_the_unconfirmed_half(client, half, token, invited):
    second = factories.RegistrationFactory(tandem=half.tandem, role="MANAGER", confirmed_at=None)
    factories.RegistrationFactory(
        tandem__cohort=half.cohort, confirmed_at=None, merged_into=second, withdrawn_at=timezone.now()
    )

    client.post(url("partner_give_up", token), {"form": "ALONE"})

    assert list(Registration.objects.all()) == [half]


def test_nobody_goes_on_alone_out_of_a_complete_tandem(client, half, token):
    factories.RegistrationFactory(tandem=half.tandem, role="MANAGER")

    page = client.post(url("partner_give_up", token), {"form": "ALONE"}).content.decode()

    assert "Ihr Tandem ist inzwischen vollständig." in page
    assert Tandem.objects.get().form == "TANDEM"


@pytest.mark.parametrize("form", ["", "TANDEM", "x"])
def test_going_on_in_no_known_way_changes_nothing(client, half, token, invited, form):
    page = client.post(url("partner_give_up", token), {"form": form}).content.decode()

    assert "Bitte wählen Sie, wie es weitergehen soll." in page
    assert Tandem.objects.get().partner_email == "ben@stadt.example"


def test_going_on_without_the_second_person_says_first_what_is_lost(client, half, token, invited):
    factories.RegistrationFactory(tandem=half.tandem, role="MANAGER", confirmed_at=None)

    own = page_of(client, token)
    page = client.get(url("partner_give_up", token)).content.decode()

    assert f'href="{url("partner_give_up", token)}"' in own
    assert "Die Einladung an ben@stadt.example: Der Link darin öffnet dann nichts mehr." in page
    assert "noch nicht bestätigt hat: Wir löschen sie." in page
    assert ">Einladung beenden und so weitermachen</button>" in page
    assert Tandem.objects.get().partner_email == "ben@stadt.example"
    assert Registration.objects.count() == 2


def test_going_on_without_the_second_person_loses_nothing_where_nobody_is_invited(client, half, token):
    page = client.get(url("partner_give_up", token)).content.decode()

    assert "Das geht damit verloren" not in page
    assert ">So weitermachen</button>" in page
    assert "Jemanden vorschlagen lassen" in page
    assert "Allein weitermachen" in page


def test_going_on_without_the_second_person_is_no_question_in_a_complete_tandem(client, half, token):
    factories.RegistrationFactory(tandem=half.tandem, role="MANAGER")

    assert "Ihr Tandem ist inzwischen vollständig." in client.get(url("partner_give_up", token)).content.decode()


def test_the_invited_person_declines_by_a_button_and_the_inviter_learns_it_once(client, half, invited):
    page = client.get(url("partner_decline", invited)).content.decode()
    assert "Einladung ablehnen" in page
    assert Tandem.objects.get().partner_email == "ben@stadt.example"

    for _ in range(2):
        response = client.post(url("partner_decline", invited))

    assert "Die Einladung ist abgelehnt" in response.content.decode()
    assert Tandem.objects.get().partner_email == ""
    assert mails() == [("anna@stadt.example", "Die zweite Person hat abgesagt")]


def test_who_declines_leaves_nothing_behind_that_was_typed_and_not_confirmed(client, half, invited):
    complete(client, invited, email="anders@stadt.example", family_name="Schulz")
    assert Registration.objects.count() == 2

    client.post(url("partner_decline", invited))

    assert list(Registration.objects.all()) == [half]


def test_who_seeks_and_has_left_is_promised_no_proposal(client, half, token):
    Tandem.objects.update(form="SEEKING")
    assert "bekommen Sie von uns einen Vorschlag" in page_of(client, token)

    Registration.objects.update(withdrawn_at=timezone.now())

    assert "bekommen Sie von uns einen Vorschlag" not in page_of(client, token)


def test_a_link_that_has_ended_declines_nothing(client, half, invited):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=tokens.PARTNER_DAYS)):
        client.post(url("partner_decline", invited))

    assert Tandem.objects.get().partner_email == "ben@stadt.example"


def test_an_invited_person_is_reminded_twice_and_then_the_inviter_is_told(half, invited):
    start = timezone.now()
    for after in REMINDED_AFTER:
        with time_machine.travel(start + after + datetime.timedelta(minutes=1)):
            assert [remind_partners(), remind_partners()] == [1, 0]

    assert mails() == [
        ("ben@stadt.example", "Erinnerung"),
        ("ben@stadt.example", "Erinnerung"),
        ("anna@stadt.example", "Die zweite Person hat nicht geantwortet"),
    ]


def test_who_has_answered_is_not_reminded(client, half, invited):
    complete(client, invited, email="ben@stadt.example", family_name="Schulz")
    Email.objects.all().delete()

    with time_machine.travel(timezone.now() + REMINDED_AFTER[0] + datetime.timedelta(minutes=1)):
        remind_partners()

    assert not Email.objects.exists()


# Superiors


@pytest.fixture
def approval(half):
    half.cohort.asks_approval = True
    half.cohort.save()
    return Approval.objects.create(registration=half, email="chefin@stadt.example", asked_at=timezone.now())


def answer(client, approval, **fields):
    data = {"name": "Petra Groß", "position": "Dezernentin", "is_granted": "yes"} | fields
    return client.post(url("approval_answer", tokens.approval_token(approval)), data)


def test_a_superior_sees_who_asks_and_answers_with_name_and_function(client, half, token, approval):
    page = client.get(url("approval_answer", tokens.approval_token(approval))).content.decode()
    assert half.full_name in page
    assert half.email not in page

    for _ in range(2):
        answer(client, approval)

    approval.refresh_from_db()
    assert (approval.is_granted, approval.name, approval.position) == (True, "Petra Groß", "Dezernentin")
    assert mails() == [("anna@stadt.example", "Antwort auf die Bitte um Zustimmung")]
    assert "Petra Groß, Dezernentin" in page_of(client, token)


def test_a_superior_can_decide_anew(client, approval):
    answer(client, approval)
    answer(client, approval, is_granted="no")

    approval.refresh_from_db()
    assert approval.is_granted is False


@pytest.mark.parametrize("field", ["name", "position", "is_granted"])
def test_a_superior_is_asked_for_what_is_missing(client, approval, field):
    page = answer(client, approval, **{field: ""}).content.decode()

    approval.refresh_from_db()
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert approval.decided_at is None


def test_a_superior_is_asked_once_the_address_is_confirmed(client, half):
    half.cohort.asks_approval = True
    half.cohort.save()
    other = factories.RegistrationFactory(tandem__cohort=half.cohort, confirmed_at=None)
    Registration.objects.filter(pk=other.pk).update(person=None)
    Approval.objects.create(registration=other, email="chefin@stadt.example")

    for _ in range(2):
        client.post(url("registration_confirm", tokens.confirm_token(other)))

    assert [to for to, _ in mails()].count("chefin@stadt.example") == 1
