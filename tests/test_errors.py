"""Error pages say what happened and what to do; nothing that was typed is lost, nothing foreign is confirmed."""

import re
from copy import deepcopy
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django_ratelimit.exceptions import Ratelimited

from netzkoord import urls
from netzkoord.views import errors

handler400, handler403, handler404, handler429, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler429,
    urls.handler500,
)


@login_not_required
def echo(request):
    return JsonResponse({name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"})


def members_only(request):
    return HttpResponse("drin")


@login_not_required
def fail(request, kind):
    raise {
        "400": SuspiciousOperation("nein"),
        "403": PermissionDenied,
        "429": Ratelimited,
        "500": RuntimeError("kaputt"),
    }[kind]


urlpatterns = [
    path("echo/", echo),
    path("drinnen/", members_only),
    path("fehler/<kind>/", fail),
    path("", include("netzkoord.urls")),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


class Inputs(HTMLParser):
    """Names and values of all inputs of a page, in order, and where its forms go."""

    def __init__(self, html):
        super().__init__()
        self.pairs, self.actions = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input":
            self.pairs.append((attrs["name"], attrs.get("value", "")))
        if tag == "form":
            self.actions.append(attrs["action"])


@pytest.fixture
def checked():
    """A browser whose forms are checked for their origin as in operation."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("400", 400, "Diese Anfrage verstehen wir nicht"),
        ("403", 403, "Das darf Ihr Konto nicht"),
        ("429", 429, "Das waren zu viele Versuche"),
        ("500", 500, "Bei uns ist etwas schiefgegangen"),
    ],
)
def test_error_page_says_what_happened(kind, status, sentence):
    response = Client(raise_request_exception=False).get(f"/fehler/{kind}/")

    assert response.status_code == status
    html = response.content.decode()
    assert f"<h1>{sentence}</h1>" in html
    assert 'href="/"' in html


def test_unknown_address_is_404(client):
    response = client.get("/gibt-es-nicht/")

    assert response.status_code == 404
    assert "<h1>Diese Seite gibt es nicht</h1>" in response.content.decode()


def test_an_address_for_a_button_says_so_when_it_is_opened(client, stranger):
    client.force_login(stranger)

    response = client.get("/kalender/anlegen/")

    html = response.content.decode()
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "<h1>Diese Adresse ist keine Seite</h1>" in html
    assert 'href="/"' in html
    assert "no-store" in response["Cache-Control"]
    assert stranger.get_short_name() in html


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_page_to_read_says_that_it_takes_nothing(client, method):
    response = getattr(client, method)("/bausteine/")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "<h1>Hier wird nichts angenommen</h1>" in response.content.decode()


def test_too_many_requests_says_when_to_come_back(client):
    assert client.get("/fehler/429/").headers["Retry-After"] == "60"


def test_too_many_requests_does_not_speak_of_sending_to_who_only_read(client):
    read, sent = client.get("/fehler/429/").content.decode(), client.post("/fehler/429/").content.decode()

    assert ("laden Sie diese Seite dann neu" in read, "was Sie eben gesendet haben" in read) == (True, False)
    assert ("laden Sie diese Seite dann neu" in sent, "was Sie eben gesendet haben" in sent) == (False, True)


def test_server_error_needs_no_database(django_assert_num_queries):
    request = RequestFactory().get("/")

    with django_assert_num_queries(0):
        response = errors.server_error(request)

    assert response.status_code == 500


def test_server_error_needs_no_context_processor(settings):
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = ["does.not.exist"]
    settings.TEMPLATES = templates

    response = errors.server_error(RequestFactory().get("/"))

    assert "Bei uns ist etwas schiefgegangen" in response.content.decode()


def test_too_much_at_once_is_413_and_says_so(client, settings, caplog):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.post("/echo/", {"text": "x" * 200})

    assert response.status_code == 413
    assert "Das war zu viel auf einmal" in response.content.decode()
    assert "<title>Zu viel auf einmal" in response.content.decode()
    assert caplog.records == []


def test_too_much_without_token_is_413_too(checked, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = checked.post("/echo/", {"text": "x" * 200}, **OWN)

    assert response.status_code == 413


def test_too_many_fields_is_400(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    response = client.post("/echo/", {f"f{n}": n for n in range(5)})

    assert response.status_code == 400


def test_stale_form_gives_everything_back_and_can_be_sent_again(checked):
    typed = {
        "family_name": "O'Neill \"><script>alert(1)</script>",
        "note": "erste\nzweite Zeile",
        "t": ["1", "2", ""],
    }

    refused = checked.post("/echo/?schritt=2", typed | {"csrfmiddlewaretoken": "alt" * 20}, **OWN)

    html = refused.content.decode()
    page = Inputs(html)
    assert refused.status_code == 403
    assert "<h1>Ihre Eingaben sind noch da</h1>" in html
    assert "<script>alert" not in html
    assert page.actions == ["/echo/?schritt=2"]

    sent = {}
    for name, value in page.pairs:
        sent.setdefault(name, []).append(value)
    accepted = checked.post(page.actions[0], sent, **OWN)

    assert accepted.status_code == 200
    assert accepted.json() == {
        "family_name": [typed["family_name"]],
        "note": [typed["note"]],
        "t": ["1", "2", ""],
    }


def test_stale_form_names_fields_as_people_do(checked):
    response = checked.post("/echo/", {"family_name": "Müller", "salutation": "MS", "frage_7": "gut"}, **OWN)

    assert terms(response) == [("Familienname", "Müller"), ("Anrede", "Frau"), ("Angabe", "gut")]


def terms(response):
    return re.findall(r"<dt>(.*?)</dt>\s*<dd><p>(.*?)</p></dd>", response.content.decode())


@pytest.mark.parametrize("address", ["/konten/1/bearbeiten/", "/anmeldungen/1/bearbeiten/"])
def test_stale_form_calls_a_field_as_its_own_page_does(checked, address):
    assert terms(checked.post(address, {"title": "Dr."}, **OWN)) == [("Titel", "Dr.")]


def test_stale_form_calls_what_answers_a_question_an_answer(checked):
    assert terms(checked.post("/echo/", {"q3": "gut", "q12-t4": "5"}, **OWN)) == [
        ("Antwort", "gut"),
        ("Antwort", "5"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "payload",
        "then",
        "fill",
        "tandem",
        "selection",
        "roles",
        "registrations",
        "next",
        "form-TOTAL_FORMS",
        "form-0-id",
    ],
)
def test_stale_form_carries_what_only_the_machine_needs_unseen(checked, name):
    response = checked.post("/echo/", {name: "4711:eyJ"}, **OWN)

    assert (name, "4711:eyJ") in Inputs(response.content.decode()).pairs
    assert terms(response) == []
    assert "<h2>" not in response.content.decode()


@pytest.mark.parametrize(
    "name", ["password", "password1", "oldpassword", "login-code", "code", "otp", "credential", "reauth_token"]
)
def test_stale_form_keeps_no_secret(checked, name):
    html = checked.post("/echo/", {name: "streng-geheim", "email": "a@b.example"}, **OWN).content.decode()

    assert "streng-geheim" not in html
    assert "Passwörter und Codes behalten wir nicht" in html
    assert "a@b.example" in html


def test_stale_form_keeps_what_only_looks_secret(checked):
    html = checked.post("/echo/", {"postal_code": "30159"}, **OWN).content.decode()

    assert ("postal_code", "30159") in Inputs(html).pairs
    assert "Passwörter und Codes" not in html


def test_stale_form_never_repeats_the_old_token(checked):
    old = "a" * 64

    html = checked.post("/echo/", {"csrfmiddlewaretoken": old, "email": "a@b.example"}, **OWN).content.decode()

    tokens = [value for name, value in Inputs(html).pairs if name == "csrfmiddlewaretoken"]
    assert old not in html
    assert len(tokens) == 1


def test_stale_form_names_files_that_must_be_chosen_again(checked):
    file = BytesIO(b"PDF")
    file.name = "<b>plan.pdf"

    html = checked.post("/echo/", {"plan": file}, **OWN).content.decode()

    assert "noch einmal auswählen: &lt;b&gt;plan.pdf" in html


def test_stale_form_tells_to_sign_in_again_where_it_must(checked):
    outside = checked.post("/echo/", {"a": "1"}, **OWN).content.decode()
    inside = checked.post("/drinnen/", {"a": "1"}, **OWN).content.decode()

    assert "Sie sind nicht mehr angemeldet" not in outside
    assert "Sie sind nicht mehr angemeldet" in inside


def test_form_sent_after_the_session_ended_is_given_back(client):
    response = client.post("/drinnen/?x=1", {"family_name": "Müller"})

    page = Inputs(response.content.decode())
    assert response.status_code == 403
    assert "no-store" in response.headers["Cache-Control"]
    assert "Sie sind nicht mehr angemeldet" in response.content.decode()
    assert ("family_name", "Müller") in page.pairs
    assert page.actions == ["/drinnen/?x=1"]


def test_page_asked_for_after_the_session_ended_leads_to_sign_in(client):
    response = client.get("/drinnen/")

    assert response.status_code == 302


def test_form_sent_after_the_session_ended_arrives_after_sign_in(checked, stranger):
    """Token of the open page, then session ended, then signed in: two more clicks, nothing typed twice."""
    page = Inputs(checked.post("/drinnen/", {"family_name": "Müller"}, **OWN).content.decode())

    checked.force_login(stranger)
    response = checked.post("/drinnen/", dict(page.pairs), **OWN)

    assert response.content == b"drin"


def test_refused_form_is_kept_by_no_cache(checked):
    assert "no-store" in checked.post("/echo/", {"a": "1"}, **OWN).headers["Cache-Control"]


def test_resend_never_leaves_the_site():
    request = RequestFactory().post("/", {"a": "1"}, **OWN)
    request.path = "//evil.example/x"
    request.user = AnonymousUser()

    page = Inputs(errors.csrf_failure(request).content.decode())

    assert page.actions == ["/%2Fevil.example/x"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_REFERER": "http://testserver/echo/"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
        {"HTTP_ORIGIN": "https://testserver"},
        {"HTTP_ORIGIN": "null", "HTTP_REFERER": "http://testserver/echo/"},
        {"HTTP_REFERER": "http://evil.example/?http://testserver/"},
        {"HTTP_REFERER": "http://testserver@evil.example/"},
        {"HTTP_REFERER": "http://[kaputt"},
    ],
)
def test_foreign_form_is_refused_and_shows_nothing(checked, headers):
    response = checked.post("/echo/", {"family_name": "untergeschoben"}, **headers)

    html = response.content.decode()
    assert response.status_code == 403
    assert "<h1>Das haben wir nicht angenommen</h1>" in html
    assert "untergeschoben" not in html
    assert Inputs(html).actions == []


@pytest.mark.parametrize("headers", [{"HTTP_ORIGIN": "http://testserver"}, {"HTTP_REFERER": "http://testserver/x"}])
def test_older_browser_is_recognised_by_origin_or_referer(headers):
    request = RequestFactory().post("/echo/", **headers)
    request.user = AnonymousUser()

    assert errors.is_same_origin(request)


@pytest.mark.parametrize("address", ["/kalender/%00.ics", "/pruefen/a%00b/", "/%00"])
def test_address_with_a_null_names_nothing(client, stranger, address):
    client.force_login(stranger)

    response = client.get(address)

    assert response.status_code == 404
    assert "<h1>" in response.content.decode()
