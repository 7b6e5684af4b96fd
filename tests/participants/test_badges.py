"""The digital badge: what it says, that it is as Open Badges 3.0 wants it, and that somebody else can check it.

No package carries the JSON schema that 1EdTech publishes, so its rules for what we use stand here once more; and a
library that is not ours reads, verifies and asks for the status as any wallet would.
"""

import base64
import datetime
import json
import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import reverse
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3.contexts import bundled_contexts

from netzkoord.lib import credentials, limits, seals
from participants.actions.certificates import replace_certificate, revoke_certificate
from participants.badges import badge_of, credential_of
from participants.models import Certificate
from participants.snapshots import texts
from tests.authority import HOLDER, PASSPHRASE, Authority
from tests.factories import UserFactory
from tests.participants.finished import achieve, attending, certificate_for, finished_cohort, make_up
from tests.participants.repeated import organiser as organiser_of_its_own


@pytest.fixture(scope="module")
def shared(module_db):
    """To issue one, paper and all, takes a while; each test rolls back what it did to it."""
    return certificate_for(attending(finished_cohort(), family_name='Größe"><script>'), organiser_of_its_own())


@pytest.fixture
def certificate(shared, db):
    return Certificate.objects.select_related("person").get(pk=shared.pk)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(params=["P-256", "RSA-2048"])
def seal_of_each_kind(request, set_up):
    return set_up(kind=request.param)


@pytest.fixture
def seal(set_up):
    return set_up()


@pytest.fixture
def set_up(authority, settings, tmp_path):
    def with_file(**fields):
        settings.BASE_URL = "https://fortbildung.example.de"
        settings.SEAL_FILE = str(authority.seal_file(tmp_path / "siegel.p12", **fields))
        settings.SEAL_PASSPHRASE = PASSPHRASE
        return seals.current()

    return with_file


def url(name, *args):
    return reverse(f"participants:{name}", args=args)


def owner_of(client, certificate):
    client.force_login(certificate.person)
    return client


def part(token, number):
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def pem(seal):
    return seal.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


# What it says


def test_badge_says_what_the_paper_says(certificate, seal):
    credential = credential_of(certificate)

    content, said = certificate.content, set(texts(credential))
    subject = credential["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == content["name"]
    assert (subject["creditsEarned"], subject["achievement"]["creditsAvailable"]) == (16, 16)
    assert subject["licenseNumber"] == certificate.number
    assert subject["result"][0]["resultDescription"] == subject["achievement"]["resultDescription"][0]["id"]
    assert credential["id"] == f"https://fortbildung.example.de{url('certificate_verify', certificate.code)}"
    assert credential["issuer"]["name"] == content["imprint"]["issuer"]
    assert f"{content['heading']}: {content['programme']}" in said
    narrative = subject["narrative"]
    assert "16 Unterrichtseinheiten" in subject["achievement"]["criteria"]["narrative"]
    assert narrative.startswith(f"{content['name']} hat an der Fortbildung")
    assert "16 von 16 Unterrichtseinheiten (UE)" in narrative.replace("\u00a0", " ")
    assert [goal for module in content["modules"] for goal in module["goals"] if goal not in narrative] == []


def test_badge_of_a_zertifikat_says_what_was_made_up_and_achieved(seal, organiser):
    cohort = finished_cohort(title="Zweiter", programme="Netze knüpfen", grants_certificate=True)
    person = attending(cohort)
    person.attendances.filter(half="AFTERNOON").update(presence="ABSENT")
    make_up(person, minutes=270)
    on = datetime.date(2026, 10, 28)
    achieve(person, "PROJECT", title="Frühe Hilfen", units=4, completed_on=on)
    achieve(person, completed_on=on)

    subject = credential_of(certificate_for(person, organiser, "QUALIFICATION"))["credentialSubject"]

    described = {one["id"]: one["name"].split()[0] for one in subject["achievement"]["resultDescription"]}
    values = {described[one["resultDescription"]]: one["value"] for one in subject["result"]}
    narrative = subject["narrative"].replace("\u00a0", " ")
    assert values == {"besuchte": "8", "nachgeholte": "6"}
    assert (subject["creditsEarned"], subject["achievement"]["creditsAvailable"]) == (14, 16)
    assert "8 von 16 Unterrichtseinheiten (UE) zu je 45 Minuten besucht und 6 UE nachgeholt." in narrative
    assert "Praxisprojekt: „Frühe Hilfen“, 4 UE zusätzlich, abgeschlossen am 28. Oktober 2026." in narrative
    assert "Kolloquium am 28. Oktober 2026." in narrative


def test_badges_of_one_course_are_for_one_achievement(certificate, seal):
    other = certificate_for(attending(certificate.cohort), UserFactory())

    achievements = [credential_of(each)["credentialSubject"]["achievement"] for each in (certificate, other)]

    assert achievements[0] == achievements[1]


# As Open Badges 3.0 wants it

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})")
# Type → properties that the published schema requires of it, and those it knows.
RULES = {
    "AchievementSubject": (
        "type achievement",
        "activityEndDate activityStartDate creditsEarned identifier licenseNumber narrative result role term",
    ),
    "Achievement": (
        "id type criteria description name",
        "achievementType creditsAvailable fieldOfStudy humanCode inLanguage resultDescription tag version",
    ),
    "Profile": ("id type", "name url phone description image email address official"),
    "Evidence": ("type", "id narrative name description genre audience"),
    "Result": ("type", "achievedLevel resultDescription status value"),
    "ResultDescription": ("id type name resultType", "allowedValue requiredLevel requiredValue valueMax valueMin"),
    "IdentityObject": ("type hashed identityHash identityType", "salt"),
    "BitstringStatusListEntry": ("id type statusPurpose statusListIndex statusListCredential", ""),
    "1EdTechJsonSchemaValidator2019": ("id type", ""),
}
TYPES_OF_RESULT = {"GradePointAverage", "LetterGrade", "Percent", "RawScore", "Result", "ScaledScore", "Status"}
TYPES_OF_ACHIEVEMENT = {"Achievement", "Certificate", "CertificateOfCompletion", "Course", "LearningProgram"}


def typed_parts(value):
    """Every object with a type below the credential itself, with its type."""
    if isinstance(value, dict):
        if "type" in value:
            kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
            yield kinds[-1], value
        for each in value.values():
            yield from typed_parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from typed_parts(each)


def test_badge_keeps_to_the_structure_of_the_specification(certificate, seal):
    credential = credential_of(certificate)

    assert credential.keys() >= {"@context", "id", "type", "credentialSubject", "issuer", "validFrom"}
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert re.fullmatch(
        r"https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.\d\.\d\.json", credential["@context"][1]
    )
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(credential["type"])
    found = dict(typed_parts({key: value for key, value in credential.items() if key != "type"}))
    assert found.keys() == RULES.keys()
    for kind, part_of_it in found.items():
        required, known = (set(words.split()) for words in RULES[kind])
        assert part_of_it.keys() >= required, kind
        assert part_of_it.keys() <= required | known, kind


def test_values_of_the_badge_are_of_the_kinds_that_the_specification_knows(certificate, seal):
    credential = credential_of(certificate)

    subject = credential["credentialSubject"]
    for moment in [
        credential["validFrom"],
        credential["awardedDate"],
        subject["activityStartDate"],
        subject["activityEndDate"],
    ]:
        assert INSTANT.fullmatch(moment)
        datetime.datetime.fromisoformat(moment)
    assert subject["activityStartDate"] <= subject["activityEndDate"]
    assert subject["achievement"]["achievementType"] in TYPES_OF_ACHIEVEMENT
    assert subject["achievement"]["resultDescription"][0]["resultType"] in TYPES_OF_RESULT
    assert isinstance(subject["creditsEarned"], int | float)
    assert isinstance(subject["result"][0]["value"], str)
    assert isinstance(credential["credentialStatus"]["statusListIndex"], str)


def test_every_word_of_the_badge_is_one_of_its_contexts(certificate, seal):
    """A word that no context defines means nothing to a machine, and is dropped."""
    contexts = bundled_contexts()
    known = {"@context"} | words([contexts[name] for name in credential_of(certificate)["@context"]])

    used = keys_of(credential_of(certificate))

    assert used - known == set()


def words(value):
    """All terms that a context defines, those within a type included."""
    if isinstance(value, list):
        return set().union(*map(words, value))
    if isinstance(value, dict):
        return set(value) | words(list(value.values()))
    return set()


def keys_of(value):
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if isinstance(value, dict):
        return set(value) | keys_of(list(value.values()))
    return set()


# Somebody else checks it


def test_badge_is_verified_by_a_library_that_is_not_ours(certificate, seal_of_each_kind):
    token = badge_of(certificate, seal_of_each_kind)

    found = OB3Verifier(pem(seal_of_each_kind)).verify(token)

    assert found.issuer.id == "did:web:fortbildung.example.de"
    assert found.achievement.name.startswith("Teilnahmebescheinigung: ")


def test_header_names_the_key_in_both_ways(certificate, seal_of_each_kind):
    header = part(badge_of(certificate, seal_of_each_kind), 0)

    assert header["typ"] == "JWT"
    assert header["kid"] == credentials.key_id(seal_of_each_kind)
    assert header["jwk"] == credentials.public_jwk(seal_of_each_kind)
    assert "d" not in header["jwk"]


def test_key_is_found_by_the_name_of_the_issuer(client, certificate, seal_of_each_kind):
    token = badge_of(certificate, seal_of_each_kind)
    asked = []

    def download(address, *args, **kwargs):
        asked.append(address)
        return client.get(address.removeprefix("https://fortbildung.example.de")).content

    verifier = OB3Verifier.for_issuer_did("did:web:fortbildung.example.de", download=download)

    assert verifier.verify(token).issuer.id == "did:web:fortbildung.example.de"
    assert asked == ["https://fortbildung.example.de/.well-known/did.json"]


@pytest.mark.parametrize("place", [1, 2])
def test_changed_badge_is_refused(certificate, seal, place):
    pieces = badge_of(certificate, seal).split(".")
    pieces[place] = ("A" if pieces[place][9] != "A" else "B").join([pieces[place][:9], pieces[place][10:]])

    with pytest.raises(OB3VerificationError):
        OB3Verifier(pem(seal)).verify(".".join(pieces))


def test_badge_signed_by_another_key_is_refused(certificate, seal, set_up):
    token = badge_of(certificate, seal)

    with pytest.raises(OB3VerificationError):
        OB3Verifier(pem(set_up())).verify(token)


@pytest.mark.parametrize("end", ["none", "revoked", "replaced"])
def test_wallet_learns_that_a_badge_does_not_hold_any_more(client, certificate, seal, end):
    token = badge_of(certificate, seal)
    if end == "revoked":
        revoke_certificate(certificate=certificate, reason="Geheimer Grund", by=UserFactory())
    if end == "replaced":
        replace_certificate(certificate=certificate, reason="Geheimer Grund", by=UserFactory())

    def verified():
        return OB3Verifier(pem(seal)).verify(token, check_status=True, download=download)

    def download(address, *args, **kwargs):
        return client.get(address.removeprefix("https://fortbildung.example.de")).content

    if end == "none":
        assert verified().issuer
    else:
        with pytest.raises(OB3VerificationError, match="revocation"):
            verified()


def test_status_list_names_nobody_and_asks_once(client, certificate, seal, django_assert_num_queries):
    revoke_certificate(certificate=certificate, reason="Geheimer Grund", by=UserFactory())

    with django_assert_num_queries(1):
        response = client.get(url("badge_status", 0))

    said = json.dumps(part(response.content.decode(), 1))
    assert response["Content-Type"] == "application/vc+jwt"
    for text in (certificate.code, certificate.number, certificate.content["name"], "Geheimer Grund"):
        assert text not in said


@pytest.mark.parametrize(("name", "args", "seconds"), [("badge_status", [0], 300), ("badge_issuer", [], 3600)])
def test_what_wallets_ask_for_may_be_read_by_any_page_and_kept(client, certificate, seal, name, args, seconds):
    response = client.get(url(name, *args))

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == f"public, max-age={seconds}"


def test_key_is_of_the_kind_that_its_context_defines(client, db, seal):
    document = json.loads(client.get(url("badge_issuer")).content)

    assert document["@context"][1] == "https://w3id.org/security/suites/jws-2020/v1"
    assert document["verificationMethod"][0]["type"] == "JsonWebKey2020"


@pytest.mark.parametrize("number", [1, 7, 10**18])
def test_list_in_which_nothing_has_a_place_is_not_there(client, certificate, seal, number):
    assert client.get(url("badge_status", number)).status_code == 404


@pytest.mark.one_database
def test_badges_of_a_whole_course_can_be_checked_at_once(client, certificate, seal):
    papers = int(limits.PAPERS.split("/")[0])

    answers = {client.get(url("badge_status", 0)).status_code for _ in range(papers + 5)}

    assert answers == {200}


def test_badge_can_be_checked_after_the_seal_has_expired(client, certificate, set_up, time_machine):
    token = badge_of(certificate, set_up(days=(-1, 1)))
    time_machine.move_to("2026-11-09 09:00Z")

    def download(address, *args, **kwargs):
        return client.get(address.removeprefix("https://fortbildung.example.de")).content

    verifier = OB3Verifier.for_issuer_did("did:web:fortbildung.example.de", download=download)
    assert verifier.verify(token, check_status=True, download=download).issuer
    assert owner_of(client, certificate).get(url("certificate_badge_file", certificate.pk)).status_code == 404


# Who may have it


def test_owner_downloads_the_badge(client, certificate, seal):
    response = owner_of(client, certificate).get(url("certificate_badge_file", certificate.pk))

    assert OB3Verifier(pem(seal)).verify(response.content.decode()).issuer
    assert response["Content-Disposition"] == (
        f'attachment; filename="Teilnahmebescheinigung-{certificate.number}.jwt"'
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["certificate_badge", "certificate_badge_file"])
def test_badge_is_nobody_elses(client, certificate, seal, name):
    client.force_login(UserFactory())

    assert client.get(url(name, certificate.pk)).status_code == 404


@pytest.mark.parametrize("name", ["certificate_badge", "certificate_badge_file"])
def test_badge_of_what_has_ended_is_not_given(client, certificate, seal, organiser, name):
    revoke_certificate(certificate=certificate, reason="Grund", by=organiser)

    assert owner_of(client, certificate).get(url(name, certificate.pk)).status_code == 404
    client.force_login(organiser)
    assert client.get(url(name, certificate.pk)).status_code == 404


def page(client, certificate):
    return owner_of(client, certificate).get(url("certificate_badge", certificate.pk)).content.decode()


def test_certificate_badge_offers_the_file_and_says_who_signs(client, certificate, seal):
    html = page(client, certificate)

    assert "alles, was auf der Bescheinigung steht" not in html
    assert f"mit dem Siegel „{HOLDER}“ unterschrieben" in html
    assert url("certificate_badge_file", certificate.pk) in html
    assert "Größe&quot;&gt;&lt;script&gt;" in html


def test_without_a_key_there_is_no_badge_and_the_page_says_why(client, certificate):
    html = page(client, certificate)

    assert "Ein Abzeichen ist nur etwas wert, wenn es unterschrieben ist" in html
    assert url("certificate_badge_file", certificate.pk) not in html
    for name, args in [("certificate_badge_file", [certificate.pk]), ("badge_status", [0]), ("badge_issuer", [])]:
        assert client.get(url(name, *args)).status_code == 404


def test_with_a_key_that_cannot_be_used_the_page_says_so(client, certificate, set_up, settings):
    set_up()
    settings.SEAL_PASSPHRASE = "falsch"

    html = page(client, certificate)

    assert "Zurzeit nicht möglich" in html
    assert client.get(url("certificate_badge_file", certificate.pk)).status_code == 404
