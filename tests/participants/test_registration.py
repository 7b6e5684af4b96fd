import datetime
from html import unescape

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience
from netzkoord.models import AuditEvent, User
from participants import tokens
from participants.actions.registrations import Particulars, store_half
from participants.models import Registration, Selection, Tandem
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    SessionFactory,
    TandemFactory,
    UserFactory,
    complete_tandem,
    lettered,
)
from tests.links import is_link_to
from tests.participants.forms import (
    last_mail,
    link_in,
    mails,
    own_fields,
    register,
    step_url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(title="Durchgang 2027", contact_email="kursbuero@stadt.example")


@pytest.fixture
def municipality():
    return MunicipalityFactory(ags="05170024", name="Moers")


def add_url(cohort):
    return reverse("participants:registration_add", args=[cohort.pk])


def test_registration_add_accepts_a_single_name(client, cohort, municipality):
    register(client, cohort, municipality, given_names="", family_name="Ọ̈gu\u0308n", salutation="", title="")

    assert Registration.objects.get().full_name == "Ọ̈gün"


@pytest.mark.parametrize(
    ("family_name", "sentence"),
    [
        ("Иванов", "Die Zeichen „И“ (U+0418, CYRILLIC CAPITAL LETTER I), „в“ (U+0432, CYRILLIC SMALL LETTER VE), "),
        ("\u0410nders", "Das Zeichen „\u0410“ (U+0410, CYRILLIC CAPITAL LETTER A) "),
        ("李", "Das Zeichen „李“ (U+674E) "),
    ],
)
def test_registration_add_tells_whoever_writes_in_another_script_what_to_do(
    client, cohort, municipality, family_name, sentence
):
    client.post(step_url(cohort, 1), {"form": "ALONE", "role": "MANAGER", "municipality": municipality.pk})

    page = unescape(client.post(step_url(cohort, 2), own_fields(family_name=family_name)).content.decode())

    assert sentence in page
    assert "Bitte schreiben Sie in lateinischen Buchstaben, so wie der Name im Pass steht." in page
    assert f'value="{family_name}"' in page
    assert not Registration.objects.exists()


def test_registration_submit_refuses_a_payload_that_is_not_ours(client, cohort):
    response = client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": "forged"})

    assert response.status_code == 400
    assert not Registration.objects.exists()


def test_registration_submit_stores_an_unconfirmed_half_and_mails_the_link(client, cohort, municipality):
    response = register(client, cohort, municipality)

    half = Registration.objects.get()
    assert response.url == reverse("participants:registration_done", args=[cohort.pk])
    assert (half.role, half.email, half.person, half.confirmed_at) == ("MANAGER", "anna@stadt.example", None, None)
    assert half.tandem.municipality == municipality
    assert mails() == [("anna@stadt.example", "Bitte bestätigen Sie Ihre Anmeldung")]
    assert is_link_to(Email.objects.get().message, tokens.CONFIRM, half.pk)
    assert not User.objects.exists()


def test_registration_submit_twice_stores_one_and_mails_once(client, cohort, municipality):
    for _ in range(2):
        register(client, cohort, municipality)

    assert Registration.objects.count() == Tandem.objects.count() == 1
    assert len(mails()) == 1


def test_registration_submit_again_later_sends_the_link_again(client, cohort, municipality):
    register(client, cohort, municipality)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        register(client, cohort, municipality)

    assert Registration.objects.count() == 1
    assert len(mails()) == 2


def test_registration_submit_fills_no_strangers_mailbox(client, cohort, municipality):
    """Ever new names for one address: three mails a day, and nothing stored beyond them."""
    for number in range(10):
        response = register(client, cohort, municipality, family_name=f"Name {lettered(number)}")

    assert response.url == reverse("participants:registration_done", args=[cohort.pk])
    assert mails() == [("anna@stadt.example", "Bitte bestätigen Sie Ihre Anmeldung")] * 3
    assert Registration.objects.count() == Tandem.objects.count() == 3


def test_registration_submit_counts_mails_by_address_and_cohort_and_day(client, cohort, municipality):
    for number in range(4):
        register(client, cohort, municipality, family_name=f"Name {lettered(number)}")

    register(client, cohort, municipality, email="neu@stadt.example")
    register(client, CohortFactory(), municipality)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        register(client, cohort, municipality, family_name="Morgen")

    assert len(mails()) == 6
    assert Registration.objects.filter(family_name="Morgen").exists()


def test_registration_submit_answers_alike_whether_the_address_is_known(client, cohort, municipality):
    known = RegistrationFactory(tandem__cohort=cohort, person__email="anna@stadt.example")

    first = register(client, cohort, municipality)
    second = register(client, cohort, municipality, email="neu@stadt.example")

    assert (first.status_code, first.url, first.content) == (second.status_code, second.url, second.content)
    assert mails() == [
        ("anna@stadt.example", "Sie sind schon angemeldet"),
        ("neu@stadt.example", "Bitte bestätigen Sie Ihre Anmeldung"),
    ]
    assert is_link_to(last_mail("anna@stadt.example").message, tokens.STATUS, known.pk)
    known.refresh_from_db()
    assert known.organisation == "Stadtverwaltung"


def test_registration_submit_for_a_known_address_mails_once_per_double_click(client, cohort, municipality):
    RegistrationFactory(tandem__cohort=cohort, person__email="anna@stadt.example")

    for _ in range(2):
        register(client, cohort, municipality)

    assert len(mails()) == 1


def test_an_unconfirmed_registration_cannot_block_the_owner_of_the_address(client, cohort, municipality):
    register(client, cohort, municipality, family_name="Falsch")
    register(client, cohort, municipality, family_name="Richtig")

    client.post(link_in(last_mail("anna@stadt.example")))

    half = Registration.objects.get()
    assert half.family_name == "Richtig"
    assert Tandem.objects.count() == 1


def test_registration_add_for_a_cancelled_cohort_shows_a_sentence(client):
    cohort = CohortFactory(cancelled_at=timezone.now())

    assert "ist abgesagt." in client.get(add_url(cohort)).content.decode()


def test_registration_add_hides_a_cohort_that_is_not_announced(client):
    cohort = CohortFactory(announced_at=None)

    assert client.get(add_url(cohort)).status_code == 404


@pytest.mark.parametrize("method", ["get", "head"])
def test_registration_confirm_changes_nothing_when_it_is_opened(client, cohort, municipality, method):
    register(client, cohort, municipality)
    path = link_in(Email.objects.get())

    response = getattr(client, method)(path)

    assert response.status_code == 200
    assert Registration.objects.get().confirmed_at is None
    assert not User.objects.exists()


def test_registration_confirm_links_the_half_to_a_new_account(client, cohort, municipality):
    register(client, cohort, municipality)

    response = client.post(link_in(Email.objects.get()))

    half = Registration.objects.get()
    assert is_link_to(response.url, tokens.STATUS, half.pk)
    assert half.confirmed_at
    assert (half.person.email, half.person.get_full_name()) == ("anna@stadt.example", "Dr. Anna Müller")
    assert not half.person.has_usable_password()
    assert mails()[1:] == [("anna@stadt.example", "Ihre Anmeldung ist bestätigt")]
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "REGISTRATION_SUBMITTED",
        "REGISTRATION_CONFIRMED",
    ]


def test_registration_confirm_leaves_an_existing_account_as_it_is(client, cohort, municipality):
    person = UserFactory(email="Anna@stadt.example", given_names="Anna-Lena", family_name="Vorher")
    register(client, cohort, municipality)

    client.post(link_in(Email.objects.get()))

    half = Registration.objects.get()
    person.refresh_from_db()
    assert half.person == person
    assert person.get_full_name() == "Anna-Lena Vorher"
    assert half.full_name == "Dr. Anna Müller"


def test_registration_confirm_twice_changes_and_mails_nothing_more(client, cohort, municipality):
    register(client, cohort, municipality, partner_email="ben@stadt.example")
    path = link_in(Email.objects.get())

    client.post(path)
    before = (mails(), Registration.objects.get().confirmed_at)
    response = client.post(path)

    assert response.status_code == 302
    assert (mails(), Registration.objects.get().confirmed_at) == before


def test_registration_confirm_invites_the_partner(client, cohort, municipality):
    register(client, cohort, municipality, partner_email="ben@stadt.example")

    client.post(link_in(Email.objects.get()))

    assert ("ben@stadt.example", "Dr. Anna Müller lädt Sie ins Tandem ein") in mails()
    tandem = Tandem.objects.get()
    assert is_link_to(last_mail("ben@stadt.example").message, tokens.PARTNER, tandem.pk)


def test_registration_confirm_refuses_a_link_that_is_too_old(client, cohort, municipality):
    register(client, cohort, municipality)
    path = link_in(Email.objects.get())

    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        response = client.post(path)

    assert "Der Link gilt nicht mehr" in response.content.decode()
    assert Registration.objects.get().confirmed_at is None


def test_registration_confirm_refuses_a_person_who_is_registered_already(client, cohort, municipality):
    register(client, cohort, municipality)
    path = link_in(Email.objects.get())
    RegistrationFactory(tandem__cohort=cohort, person__email="anna@stadt.example")

    page = client.post(path).content.decode()

    assert "Sie sind für diesen Durchgang schon angemeldet." in page
    assert Registration.objects.filter(confirmed_at__isnull=True).count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_registration_confirm_refuses_a_declined_tandem(client, cohort, method):
    tandem = TandemFactory(cohort=cohort, selection=Selection.DECLINED)
    RegistrationFactory(tandem=tandem, role=Audience.MANAGER)
    half = RegistrationFactory(tandem=tandem, confirmed_at=None)

    page = getattr(client, method)(confirm_url(half)).content.decode()

    half.refresh_from_db()
    assert "Dieses Tandem nimmt nicht mehr an der Anmeldung teil." in page
    assert half.confirmed_at is None
    assert mails() == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_registration_confirm_refuses_a_cancelled_cohort(client, method):
    half = RegistrationFactory(tandem__cohort=CohortFactory(cancelled_at=timezone.now()), confirmed_at=None)

    page = getattr(client, method)(confirm_url(half)).content.decode()

    half.refresh_from_db()
    assert "Dieser Durchgang ist abgesagt." in page
    assert half.confirmed_at is None
    assert mails() == []


@pytest.mark.parametrize(
    "name", ["registration_confirm", "registration_status", "registration_withdraw", "partner_add"]
)
@pytest.mark.parametrize("token", ["1", "1.forged", "x.y", "９.x", "1" * 30 + ".x"])
def test_a_forged_token_finds_nothing(client, name, token):
    assert client.get(reverse(f"participants:{name}", args=[token])).status_code == 404


def test_a_token_is_good_for_its_own_purpose_only(client, cohort):
    half = RegistrationFactory(tandem__cohort=cohort)

    confirm = tokens.confirm_token(half)

    assert client.get(reverse("participants:registration_status", args=[confirm])).status_code == 404


def confirm_url(half):
    return reverse("participants:registration_confirm", args=[tokens.confirm_token(half)])


def status_url(half, name="registration_status"):
    return reverse(f"participants:{name}", args=[tokens.status_token(half)])


def test_registration_status_shows_the_partner_by_name_and_nothing_else(client, cohort):
    tandem = complete_tandem(cohort=cohort)
    half, partner = tandem.registrations.all()
    Registration.objects.filter(pk=partner.pk).update(organisation="Geheime Stelle", title="Dr.")

    response = client.get(status_url(half))

    page = response.content.decode()
    assert f"Dr. {partner.given_names} {partner.family_name}".replace("Dr. ", "Dr.\u00a0") in page
    assert partner.email not in page
    assert "Geheime Stelle" not in page
    assert "vollständig" in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection.OPEN, "Die Organisation entscheidet über die Plätze"),
        (Selection.ACCEPTED, "Sie haben einen Platz."),
        (Selection.WAITING, "Ein Tandem rückt gemeinsam nach"),
        (Selection.DECLINED, "leider kein Platz frei"),
    ],
)
def test_registration_status_says_what_happens_next(client, cohort, selection, sentence):
    half = RegistrationFactory(tandem__cohort=cohort, tandem__selection=selection)

    assert sentence in client.get(status_url(half)).content.decode()


@pytest.mark.parametrize(
    ("form", "partner_email", "sentence"),
    [
        ("TANDEM", "bernd@stadt.example", "ist eingeladen und hat noch nicht geantwortet"),
        ("TANDEM", "", "Es fehlt eine zweite Person"),
        ("ALONE", "", ""),
    ],
)
def test_registration_status_says_what_the_tandem_waits_for(client, cohort, form, partner_email, sentence):
    half = RegistrationFactory(
        tandem__cohort=cohort, tandem__form=form, tandem__partner_email=partner_email, role=Audience.MANAGER
    )

    page = client.get(status_url(half)).content.decode()

    assert sentence in page
    assert ("Vollständige Tandems gehen vor." in page) is bool(sentence)
    assert "sucht zweite Person" not in page


def test_registration_status_shows_the_dates_of_the_own_role_only(client, cohort):
    half = RegistrationFactory(tandem__cohort=cohort, role=Audience.COORDINATOR)
    for audience, day in [(Audience.COORDINATOR, 7), (Audience.MANAGER, 9)]:
        SessionFactory(cohort=cohort, module__audiences=[audience], days=[datetime.date(2030, 5, day)])

    page = client.get(status_url(half)).content.decode()

    assert 'Di, 7.\u00a0Mai 2030, <span class="hours">9:00–16:30&nbsp;Uhr</span>' in page
    assert "9.\u00a0Mai 2030" not in page


def test_registration_withdraw_asks_first(client, cohort):
    half = RegistrationFactory(tandem__cohort=cohort)

    page = client.get(status_url(half, "registration_withdraw")).content.decode()

    half.refresh_from_db()
    assert "Anmeldung zurückziehen?" in page
    assert half.withdrawn_at is None


def test_registration_withdraw_keeps_the_partner_and_tells_both_once(client, cohort):
    half, partner = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED).registrations.all()

    for _ in range(2):
        response = client.post(status_url(half, "registration_withdraw"))

    half.refresh_from_db()
    partner.refresh_from_db()
    assert is_link_to(response.url, tokens.STATUS, half.pk)
    assert half.withdrawn_at
    assert partner.withdrawn_at is None
    assert mails() == [
        (half.email, "Ihre Anmeldung ist zurückgezogen"),
        (partner.email, "Ihr Tandem sucht eine zweite Person"),
    ]


def test_registration_withdraw_after_the_first_day_is_left_to_the_organiser(client, cohort):
    half = RegistrationFactory(tandem__cohort=cohort)
    SessionFactory(cohort=cohort, days=[timezone.localdate()])

    page = client.post(status_url(half, "registration_withdraw")).content.decode()

    half.refresh_from_db()
    assert "Der Durchgang hat schon begonnen." in page
    assert half.withdrawn_at is None


def test_a_withdrawn_person_may_register_again(client, cohort, municipality):
    RegistrationFactory(tandem__cohort=cohort, person__email="anna@stadt.example", withdrawn_at=timezone.now())
    register(client, cohort, municipality)

    client.post(link_in(Email.objects.get()))

    assert Registration.objects.confirmed().filter(email="anna@stadt.example").count() == 1


def test_what_people_type_becomes_no_link_and_no_header_in_a_mail(client, cohort, municipality):
    register(
        client,
        cohort,
        municipality,
        family_name="www.boese.example",
        organisation="a@b.example, Bcc: c@d.example",
        partner_email="ben@stadt.example",
    )
    # A name as it could be typed in earlier.
    Registration.objects.update(given_names="Gewinn: https://boese.example/x")

    client.post(link_in(Email.objects.get()))

    mail = last_mail("ben@stadt.example")
    assert mail.to == ["ben@stadt.example"]
    assert mail.bcc == mail.cc == []
    assert "https://boese" not in mail.message + mail.html_message + mail.subject
    assert mail.html_message.count("<a ") == 1
    assert "\n" not in mail.subject


def test_two_cities_are_two_tandems(client, cohort, municipality):
    """Who registers for another city gets another tandem; a half has no city of its own."""
    register(client, cohort, municipality)
    register(client, cohort, MunicipalityFactory(name="Coburg"), email="ben@stadt.example", role="COORDINATOR")

    halves = Registration.objects.select_related("tandem__municipality")
    assert sorted((half.email, half.tandem.municipality.name) for half in halves) == [
        ("anna@stadt.example", "Moers"),
        ("ben@stadt.example", "Coburg"),
    ]
    assert Tandem.objects.count() == 2


def test_a_role_is_taken_once_in_a_tandem(cohort):
    half = RegistrationFactory(tandem__cohort=cohort, role=Audience.MANAGER)

    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(tandem=half.tandem, role=Audience.MANAGER)


def test_a_half_is_stored_in_the_cohort_of_its_tandem(cohort):
    tandem = TandemFactory(cohort=cohort)
    person = Particulars(
        email="anna@stadt.example",
        salutation="",
        title="",
        given_names="Anna",
        family_name="Müller",
        organisation="Stadt Moers",
        organisation_type="",
    )

    half = store_half(tandem, role=Audience.MANAGER, particulars=person)

    assert half.cohort == cohort


def test_every_mail_with_a_personal_link_is_private(client, cohort, municipality):
    register(client, cohort, municipality, partner_email="ben@stadt.example")
    client.post(link_in(Email.objects.get()))
    register(client, cohort, municipality)
    client.post(status_url(Registration.objects.get(), "registration_withdraw"))

    private = [email.headers.get("Sensitivity") for email in Email.objects.order_by("pk")]

    assert len(private) == 5
    assert set(private) == {"Private"}


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.parametrize(("name", "rate"), [("registration_add", 120), ("registration_submit", 30)])
def test_public_forms_take_so_many_submissions_a_minute(client, cohort, name, rate):
    url = reverse(f"participants:{name}", args=[cohort.pk])

    with time_machine.travel(timezone.now(), tick=False):
        answers = [client.post(url).status_code for _ in range(rate + 1)]

    assert 429 not in answers[:rate]
    assert answers[rate] == 429


@pytest.mark.django_db
def test_registration_status_after_the_course_leads_to_the_start_page(client):
    half = RegistrationFactory(accepted=True)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    SessionFactory(cohort=half.cohort, days=[yesterday])

    page = client.get(
        reverse("participants:registration_status", args=[tokens.status_token(half)])
    ).content.decode()

    assert "Der Durchgang ist abgeschlossen." in page
    assert "Vor dem ersten Termin" not in page
