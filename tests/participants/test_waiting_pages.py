"""Pages of the waiting list: the offer as people see it, the organiser's page, substitutes."""

import pytest
from django.urls import reverse

from curriculum.models import Audience, Cohort
from participants import tokens
from participants.actions.registrations import withdraw_registration
from participants.actions.selection import decide
from participants.actions.waiting import keep_waiting_lists
from participants.models import Offer, Registration, Selection, Tandem
from tests.factories import RegistrationFactory, complete_tandem
from tests.participants.forms import last_mail, link_in, mails
from tests.participants.waiting import closed_cohort, half_of, taken, waiting_single, waiting_tandem

pytestmark = pytest.mark.django_db

NEW = "vertretung@stadt.example"


@pytest.fixture
def cohort(db):
    return closed_cohort(places=4, title="Durchgang 2027")


@pytest.fixture
def offered(cohort):
    """A tandem to which the job has offered two places."""
    tandem = waiting_tandem(cohort, name="Moers")
    keep_waiting_lists()
    return tandem


def own_url(half, name):
    """Addresses of one row in memory carry one token, as the pages that lead to each other do."""
    if not hasattr(half, "token"):
        half.token = tokens.status_token(half)
    return reverse(f"participants:{name}", args=[half.token])


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_offer_show_is_what_the_mail_leads_to_and_changes_nothing(client, cohort, offered):
    half = half_of(offered)
    url = link_in(last_mail(half.email))

    for call in (client.get, client.head, client.options):
        call(url)
    page = text(client.get(url))

    assert "<h1>Zwei Plätze für Ihr Tandem</h1>" in page
    assert "Sa, 7. November 2026, 23:59 Uhr" in page
    assert "Eine Antwort genügt" in page
    assert half_of(offered, Audience.COORDINATOR).full_name in page
    assert half_of(offered, Audience.COORDINATOR).email not in page
    assert not Offer.objects.get().answer


def test_offer_accept_gives_the_place_and_a_second_press_finds_it_done(client, cohort, offered):
    half = half_of(offered)

    pages = [text(client.post(own_url(half, "offer_accept"), follow=True)) for _ in range(2)]

    assert all("Der Platz ist angenommen. Die Zusage ist unterwegs." in page for page in pages)
    offered.refresh_from_db()
    assert offered.selection == Selection.ACCEPTED
    assert len(mails()) == 4
    assert "Der Platz ist schon angenommen." in text(client.get(own_url(half, "offer_show")))
    assert "Der Platz ist schon angenommen." in text(client.post(own_url(half, "offer_decline")))


@pytest.mark.parametrize(
    ("answer", "decision", "state"),
    [
        ("offer_accept", Selection.WAITING, "Warteliste"),
        ("offer_accept", Selection.DECLINED, "abgelehnt"),
        ("offer_decline", Selection.ACCEPTED, "angenommen"),
    ],
)
def test_to_answer_again_after_the_organiser_has_decided_otherwise_says_what_is_true(
    client, cohort, offered, organiser, answer, decision, state
):
    half = half_of(offered)
    client.post(own_url(half, answer), follow=True)
    offered.refresh_from_db()
    decide(cohort=cohort, seen={offered.pk: offered.selection}, selection=decision, by=organiser)

    again = text(client.post(own_url(half, answer), follow=True))
    page = text(client.get(own_url(half, "offer_show")))

    sentence = f"Nach diesem Angebot hat die Organisation neu entschieden. Der Stand ist jetzt: {state}."
    assert sentence in again
    assert sentence in page
    assert "Der Platz ist angenommen" not in again + page
    offered.refresh_from_db()
    assert offered.selection == decision


def test_offer_decline_asks_first(client, cohort, offered):
    url = own_url(half_of(offered), "offer_decline")

    assert "Angebot ablehnen?" in text(client.get(url))
    assert not Offer.objects.get().answer
    pages = [text(client.post(url, follow=True)) for _ in range(2)]

    assert all("Das Angebot ist abgelehnt. Der Platz geht an die Nächsten." in page for page in pages)
    assert len(mails()) == 4
    assert "Das Angebot ist schon abgelehnt." in text(client.post(own_url(half_of(offered), "offer_accept")))


@pytest.mark.parametrize("name", ["offer_show", "offer_decline"])
def test_without_an_offer_there_is_a_sentence(client, cohort, name):
    tandem = waiting_tandem(cohort)

    page = text(client.get(own_url(half_of(tandem), name)))

    assert "Für Ihr Tandem liegt kein Angebot vor." in page
    assert "Stand der Anmeldung ansehen" in page


@pytest.mark.parametrize(
    "name", ["offer_show", "offer_accept", "offer_decline", "substitute_name", "partner_give_up"]
)
def test_a_token_that_is_not_ours_opens_nothing(client, db, name):
    url = reverse(f"participants:{name}", args=["1.falsch"])

    assert client.post(url).status_code in (405, 409)


def test_the_own_page_leads_to_the_open_offer(client, cohort, offered):
    half = half_of(offered)

    page = text(client.get(own_url(half, "registration_status")))

    assert "Für Ihr Tandem ist bis Sa, 7. November 2026, 23:59 Uhr Platz für beide reserviert." in page
    assert own_url(half, "offer_show") in page
    assert "Bitte antworten Sie auf unser Angebot" in page
    assert "rückt Ihr Tandem gemeinsam nach" not in page


def test_the_own_page_promises_no_second_offer_to_who_has_declined(client, cohort, offered):
    half = half_of(offered)
    client.post(own_url(half, "offer_decline"))

    page = text(client.get(own_url(half, "registration_status")))

    assert "Ein zweites Angebot kommt nicht von selbst" in page
    assert "rückt Ihr Tandem gemeinsam nach" not in page


def test_the_own_page_says_why_not_yet(client, cohort, offered):
    other = waiting_tandem(cohort)

    page = text(client.get(own_url(half_of(other), "registration_status")))

    assert "Warum noch nicht?" in page
    assert "Es ist kein Platz frei." in page
    assert "Vor Ihnen steht eine andere Anmeldung." in page
    assert "Auf der Warteliste seit Mo, 2. November 2026" in page


def test_the_own_page_of_an_accepted_person_says_nothing_of_waiting(client, cohort):
    half = Registration.objects.accepted().first()

    assert "Warum noch nicht?" not in text(client.get(own_url(half, "registration_status")))


def test_who_leaves_an_accepted_tandem_reads_first_that_somebody_else_can_come(client, cohort, offered):
    accepted, waiting = half_of(cohort.tandems.get(selection=Selection.ACCEPTED)), half_of(offered)

    assert "jemanden nennen, der an Ihrer Stelle kommt" in text(
        client.get(own_url(accepted, "registration_withdraw"))
    )
    assert "an Ihrer Stelle" not in text(client.get(own_url(waiting, "registration_withdraw")))


def test_who_has_left_names_somebody_on_the_own_page(client, cohort):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    half = half_of(tandem)
    withdraw_registration(registration=half)
    status, url = own_url(half, "registration_status"), own_url(half, "substitute_name")

    assert f'href="{url}"' in text(client.get(status))
    assert "Bitte geben Sie die Adresse an." in text(client.post(url, {"email": ""}))
    own = text(client.post(url, {"email": half.email}))
    assert "Das ist die Adresse der Person, die ersetzt wird." in own
    assert f'value="{half.email}"' in own
    assert "Die Einladung ist gesendet." in text(client.post(url, {"email": NEW}, follow=True))
    assert "Die Einladung ist schon gesendet." in text(client.post(url, {"email": NEW}, follow=True))
    assert len([to for to, _ in mails() if to == NEW]) == 1
    partner_page = client.get(link_in(last_mail(NEW)))
    assert partner_page.status_code == 200


def test_who_stays_and_goes_on_alone_releases_the_second_place_and_keeps_the_own(client, cohort):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    left = half_of(tandem)
    withdraw_registration(registration=left)
    client.post(own_url(left, "substitute_name"), {"email": NEW})
    half = half_of(tandem, Audience.COORDINATOR)
    url = own_url(half, "partner_give_up")

    own = text(client.get(own_url(half, "registration_status")))
    assert own.count(f'href="{url}"') == 1
    assert "Zweiten Platz freigeben" in own
    asked = text(client.get(url))
    assert "Zweiten Platz freigeben?" in asked
    assert f"Die Einladung an {NEW}" in asked
    assert "Der zweite Platz geht an die Nächsten auf der Warteliste. Ihr eigener Platz bleibt Ihnen." in asked
    assert taken(cohort) == 2
    for _ in range(2):
        assert "Sie machen allein weiter." in text(client.post(url, {"form": "ALONE"}, follow=True))
    assert taken(cohort) == 1
    assert half_of(tandem, Audience.COORDINATOR) == half
    assert "Wir halten ihn bis" not in text(client.get(own_url(half, "registration_status")))


def test_who_stays_and_lets_somebody_be_proposed_keeps_the_second_place(client, cohort):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    withdraw_registration(registration=half_of(tandem))

    client.post(own_url(half_of(tandem, Audience.COORDINATOR), "partner_give_up"), {"form": "SEEKING"})

    tandem.refresh_from_db()
    assert tandem.is_place_held
    assert taken(cohort) == 2


def test_who_has_left_does_not_release_it(client, cohort):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    half = half_of(tandem)
    withdraw_registration(registration=half)

    assert client.post(own_url(half, "partner_give_up"), {"form": "ALONE"}).status_code == 404
    assert taken(cohort) == 2


def test_who_has_left_finds_the_kept_place_on_the_start_page(client, cohort):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    half = half_of(tandem)
    client.force_login(half.person)
    assert "Kann jemand anderes für Sie kommen?" not in text(client.get(reverse("start")))

    withdraw_registration(registration=half)

    page = text(client.get(reverse("start")))
    address = reverse("participants:substitute_name", args=[half.pk])
    assert "Den Platz halten wir bis Mo, 9. November 2026, 23:59 Uhr frei." in page
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("ending", ["released", "taken"])
def test_a_place_that_is_not_kept_any_more_is_not_on_the_start_page(client, cohort, ending):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    half = half_of(tandem)
    withdraw_registration(registration=half)
    client.force_login(half.person)

    if ending == "released":
        Tandem.objects.update(place_held_until=None)
    else:
        RegistrationFactory(tandem=tandem, role=half.role)

    assert "Person nennen" not in text(client.get(reverse("start")))


def list_url(cohort):
    return reverse("participants:waiting_list_show", args=[cohort.pk])


def test_waiting_list_show_says_who_stands_where_and_why(client, cohort, offered, organiser):
    waiting_tandem(cohort, name="Görlitz")
    client.force_login(organiser)

    page = text(client.get(list_url(cohort)))

    assert "4, davon vergeben 2, angeboten 2, für Vertretungen gehalten 0, frei 0" in page
    assert "Es ist kein Platz frei. Davor steht eine andere Anmeldung." in page
    assert "Angeboten bis Sa, 7. November 2026, 23:59 Uhr." in page
    assert "1 offen, 0 beantwortet oder beendet" in page
    assert "von selbst" in page


def test_an_empty_waiting_list_says_so(client, cohort, organiser):
    client.force_login(organiser)

    assert "Niemand steht auf der Warteliste." in text(client.get(list_url(cohort)))


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_list_show_query_count(client, organiser, django_assert_num_queries, count):
    cohort = closed_cohort(places=20)
    for _ in range(count):
        waiting_tandem(cohort)
        complete_tandem(cohort=cohort, selection=Selection.ACCEPTED, place_held_until="2026-11-09T12:00Z")
    keep_waiting_lists()
    waiting_single(cohort)
    client.force_login(organiser)

    with django_assert_num_queries(19):
        page = client.get(list_url(cohort)).content.decode()

    assert page.count('<th scope="row">') == 2 * count + 1


def test_offer_next_offers_in_turn_and_says_when_nothing_is_left(client, organiser):
    cohort = closed_cohort(places=4, moves_up_automatically=False)
    waiting_tandem(cohort, name="Moers")
    client.force_login(organiser)
    url = reverse("participants:offer_next", args=[cohort.pk])

    assert url in text(client.get(list_url(cohort)))
    assert "1 Angebot ist gemacht: Moers. Die Mails sind unterwegs." in text(client.post(url, follow=True))
    assert "Es war nichts mehr anzubieten." in text(client.post(url, follow=True))
    assert len(mails()) == 2


def test_offer_make_out_of_turn_wants_a_reason_and_shows_the_mail(client, organiser):
    cohort = closed_cohort(places=4, moves_up_automatically=False)
    first, second = waiting_tandem(cohort), waiting_tandem(cohort, name="Görlitz")
    client.force_login(organiser)
    url = reverse("participants:offer_make", args=[second.pk])

    page = text(client.get(url))
    assert "Zwei Plätze für Ihr Tandem: " in page
    assert "(persönlicher Link)" in page
    assert half_of(second).email in page
    assert "Bitte nennen Sie den Grund" in text(client.post(url, {"reason": " "}))
    assert not Offer.objects.exists()
    client.post(url, {"reason": "Nur hier gibt es Frühe Hilfen"})
    client.post(url, {"reason": "Nur hier gibt es Frühe Hilfen"})

    assert Offer.objects.get().reason == "Nur hier gibt es Frühe Hilfen"
    assert "Grund: Nur hier gibt es Frühe Hilfen" in text(client.get(list_url(cohort)))
    assert 'name="reason"' not in text(client.get(reverse("participants:offer_make", args=[first.pk])))


def test_offer_make_says_why_nothing_can_be_offered(client, cohort, offered, organiser):
    other = waiting_tandem(cohort)
    client.force_login(organiser)
    url = reverse("participants:offer_make", args=[other.pk])

    assert "Es ist kein Platz mehr frei." in text(client.get(url))
    assert "Es ist kein Platz mehr frei." in text(client.post(url, {"reason": "x"}))
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("reason", ['"><script>alert(1)</script>', "{{7*7}} {0.__class__} %s"])
def test_a_reason_stands_there_as_it_was_typed(client, organiser, reason):
    cohort = closed_cohort(places=4, moves_up_automatically=False)
    waiting_tandem(cohort)
    second = waiting_tandem(cohort)
    client.force_login(organiser)

    client.post(reverse("participants:offer_make", args=[second.pk]), {"reason": reason})

    assert Offer.objects.get().reason == reason
    assert "<script>alert" not in client.get(list_url(cohort)).content.decode()


@pytest.mark.parametrize("reason", ["\0", "\u202e", "x" * 501])
def test_a_reason_that_cannot_be_stored_gets_a_sentence(client, organiser, reason):
    cohort = closed_cohort(places=4, moves_up_automatically=False)
    waiting_tandem(cohort)
    second = waiting_tandem(cohort)
    client.force_login(organiser)

    response = client.post(reverse("participants:offer_make", args=[second.pk]), {"reason": reason})

    assert response.status_code == 200
    assert not Offer.objects.exists()


def test_offer_revoke_asks_first_and_works_once(client, cohort, offered, organiser):
    client.force_login(organiser)
    url = reverse("participants:offer_revoke", args=[Offer.objects.get().pk])

    assert "Angebot an Moers zurücknehmen?" in text(client.get(url))
    assert "Das Angebot ist zurückgenommen." in text(client.post(url, follow=True))
    assert "Das Angebot ist schon beantwortet." in text(client.post(url, follow=True))
    assert len(mails()) == 4


def test_place_release_works_once(client, cohort, organiser):
    tandem = cohort.tandems.get(selection=Selection.ACCEPTED)
    withdraw_registration(registration=half_of(tandem))
    client.force_login(organiser)
    url = reverse("participants:place_release", args=[tandem.pk])

    assert url in text(client.get(list_url(cohort)))
    assert "Der Platz ist frei." in text(client.post(url, follow=True))
    assert "Der Platz war schon frei oder vergeben." in text(client.post(url, follow=True))


def test_registration_replace_asks_for_an_address_and_works_once(client, cohort, organiser):
    half = half_of(cohort.tandems.get(selection=Selection.ACCEPTED))
    client.force_login(organiser)
    url = reverse("participants:registration_replace", args=[half.pk])

    assert f"Wer kommt an der Stelle von {half.full_name}?" in text(client.get(url))
    assert "Bitte geben Sie die Adresse an." in text(client.post(url, {}))
    assert "Die Einladung ist gesendet." in text(client.post(url, {"email": NEW}, follow=True))
    assert "Die Einladung ist schon gesendet." in text(client.post(url, {"email": NEW}, follow=True))
    assert len(mails()) == 3


def test_registration_replace_says_why_not(client, cohort, organiser):
    half = half_of(waiting_tandem(cohort))
    client.force_login(organiser)

    page = text(client.post(reverse("participants:registration_replace", args=[half.pk]), {"email": NEW}))

    assert "Ersetzt wird nur, wer einen Platz hat." in page
    assert f'value="{NEW}"' in page


def test_in_a_cancelled_cohort_nothing_is_offered(client, cohort, organiser):
    tandem = waiting_tandem(cohort)
    Cohort.objects.update(cancelled_at="2026-11-01T12:00Z")
    client.force_login(organiser)

    page = text(client.post(reverse("participants:offer_make", args=[tandem.pk]), {}))
    assert "Der Durchgang ist abgesagt." in page
    client.post(reverse("participants:offer_next", args=[cohort.pk]))

    assert not Offer.objects.exists()
    assert Tandem.objects.get(pk=tandem.pk).selection == Selection.WAITING


def test_offer_revoke_calls_a_single_person_no_tandem(client, cohort, organiser):
    waiting_single(cohort)
    keep_waiting_lists()
    client.force_login(organiser)

    page = text(client.get(reverse("participants:offer_revoke", args=[Offer.objects.get().pk])))

    assert "Die Anmeldung bleibt auf der Warteliste, und die Person bekommt eine Mail" in page
    assert "Das Tandem bleibt" not in page
