"""What the snapshot holds, and that papers of snapshots of any version can be made and checked."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse

from curriculum.models import Competence, CompetenceArea, CompetenceProfile, Module, ResponsibilityLevel, Session
from participants.actions.certificates import issue_certificates
from participants.certificate_fit import fitted
from participants.certificates import context_of, render_certificate, statement
from participants.imprint import Imprint, Signatory, imprint_of
from participants.models import Achievement, AchievementKind, Certificate, CertificateKind, Issuance, MadeUpTime
from participants.queries.certificates import certificate_rows, claims_of, fetch_for_snapshot
from participants.snapshots import snapshot
from tests.factories import TrackFactory
from tests.participants.finished import IMPRINT, attending, finished_cohort
from tests.pdf import assert_pdf_ua_and_a, pdf_reader, pdf_text

# As it was stored before snapshots had a number.
FIRST_VERSION = {
    "heading": "Teilnahmebescheinigung",
    "name": "Anna Berg",
    "role": "Koordinierungskraft",
    "municipality": "Herne",
    "programme": "Netzwerkkoordination in der Kommune",
    "track": "Netzwerke koordinieren",
    "cohort": "Durchgang 2017/18",
    "days": [
        {
            "date": "2017-12-07",
            "minutes": 360,
            "is_half": False,
            "place": "Lindenhof, Hannover",
            "city": "Hannover",
        },
        {"date": "2017-12-08", "minutes": 180, "is_half": True, "place": "Lindenhof, Hannover", "city": "Hannover"},
    ],
    "planned_minutes": 720,
    "attended_minutes": 540,
    "threshold_percent": 75,
    "modules": [{"title": "Grundverständnis", "goals": ["Netzwerke verstehen"]}],
    "trainers": ["Prof. Dr. Thea Trainer"],
    "imprint": {
        "issuer": "Institut für Netzwerkarbeit",
        "place": "Köln",
        "signatory": "Dr. Anna Beispiel",
        "function": "Leitung der Fortbildung",
    },
    "issued_on": "2018-07-27",
    "is_demo": False,
}


@pytest.fixture
def cohort(db):
    return finished_cohort()


def content_of(registration, kind=CertificateKind.ATTENDANCE):
    claims = claims_of(row for row in certificate_rows(registration.cohort) if row.registration == registration)
    claim = replace(claims[0], kind=kind)
    fetch_for_snapshot([claim])
    return snapshot(claim, imprint=IMPRINT, issued_on=datetime.date(2018, 7, 27), is_demo=False)


def certificate_of(content):
    """Not stored: what is printed is the content alone."""
    return Certificate(
        content=content, kind=content.get("kind", "ATTENDANCE"), year=2018, ordinal=17, code="0a" * 16
    )


def printed(content):
    return pdf_text(render_certificate(certificate_of(content))).replace("\u00a0", " ")


def test_competences_stand_on_the_levels_on_which_the_persons_track_asks_for_most(cohort):
    registration = attending(cohort)
    module = Module.objects.get()
    own, other = (TrackFactory(edition=cohort.edition, audience=role) for role in ("COORDINATOR", "MANAGER"))
    module.tracks.set([own, other])
    area = CompetenceArea.objects.create(edition=cohort.edition, position=1, name="Fachkompetenz")
    levels = [
        ResponsibilityLevel.objects.create(edition=cohort.edition, position=position, kind=kind, question="?")
        for position, kind in enumerate(["NORMATIVE", "STRATEGIC", "OPERATIVE"], 1)
    ]
    for position, (name, targets) in enumerate({"Netzwerke verstehen": (1, 3, 3), "Führen": (0, 0, 0)}.items(), 1):
        competence = Competence.objects.create(area=area, position=position, name=name)
        competence.modules.add(module)
        for level, target in zip(levels, targets, strict=True):
            for track, level_target in ((own, target), (other, 4)):
                CompetenceProfile.objects.create(
                    track=track, competence=competence, responsibility_level=level, target_level=level_target
                )

    content = content_of(registration)

    assert content["modules"][0]["competences"] == [
        {"name": "Netzwerke verstehen", "levels": ["strategisch", "operativ"]}
    ]
    assert "strategisch und operativ: Netzwerke verstehen" in printed(content)


def test_a_stored_snapshot_without_a_single_day_is_still_printed_and_checked(client, organiser, cohort):
    """Some were issued over nothing but time that was made up; they are frozen."""
    registration = attending(cohort)
    content = content_of(registration) | {"days": [], "attended_minutes": 0, "made_up_minutes": 720, "modules": []}
    issuance = Issuance.objects.create(cohort=cohort, issued_by=organiser)
    certificate = Certificate.objects.create(
        cohort=cohort,
        person=registration.person,
        registration=registration,
        issuance=issuance,
        kind=CertificateKind.ATTENDANCE,
        year=2018,
        ordinal=1,
        code="0a" * 16,
        content=content,
    )

    page = client.get(reverse("participants:certificate_verify", args=[certificate.code]))

    assert page.status_code == 200
    assert context_of(certificate)["period"] == ""
    assert "16 UE nachgeholt" in printed(content)


def test_form_follows_from_places_and_online_sessions(cohort):
    registration = attending(cohort)
    assert content_of(registration)["format"] == "Präsenz"

    Session.objects.update(venue=None, online_url="https://konferenz.example/raum")

    content = content_of(registration)
    assert content["format"] == "online"
    assert {day["format"] for day in content["days"]} == {"online"}
    assert "Form und Ort online" in printed(content)


def test_half_days_say_which_half_was_attended(cohort):
    registration = attending(cohort)
    registration.attendances.filter(half="AFTERNOON", day=registration.attendances.last().day).update(
        presence="ABSENT"
    )

    content = content_of(registration)

    assert [day["half"] for day in content["days"]].count("Vormittag") == 1
    assert [day["planned_minutes"] for day in content["days"]] == [360, 360]
    assert "(Vormittag)" in printed(content)


def test_achievements_and_time_made_up_stand_on_the_paper(cohort):
    registration = attending(cohort)
    registration.attendances.filter(half="AFTERNOON").update(presence="EXCUSED")
    Achievement.objects.create(
        registration=registration,
        kind=AchievementKind.PROJECT,
        title="Frühe Hilfen in einer Hand",
        units=4,
        completed_on=datetime.date(2018, 6, 1),
    )
    Achievement.objects.create(
        registration=registration, kind=AchievementKind.COLLOQUIUM, completed_on=datetime.date(2018, 6, 12)
    )
    MadeUpTime.objects.create(
        registration=registration, minutes=270, made_up_on=datetime.date(2018, 5, 2), how="im nächsten Durchgang"
    )

    text = printed(content_of(registration, CertificateKind.QUALIFICATION))

    assert "Zertifikat" in text
    assert (
        "hat die Fortbildung „Netzwerkkoordination in der Kommune“ erfolgreich abgeschlossen und dabei 8 von 16 "
        "Unterrichtseinheiten (UE) zu je 45 Minuten besucht und 6 UE nachgeholt." in text
    )
    assert "Praxisprojekt „Frühe Hilfen in einer Hand“, 4 UE zusätzlich, abgeschlossen am 1. Juni 2018" in text
    assert "Kolloquium am 12. Juni 2018" in text


def test_below_the_rule_the_paper_states_what_was_attended_and_the_deviation(cohort):
    registration = attending(cohort)
    registration.attendances.filter(half="AFTERNOON").update(presence="ABSENT")

    content = content_of(registration)

    assert content["is_reduced"] is True
    assert (
        "hat an einem Teil der Fortbildung „Netzwerkkoordination in der Kommune“ teilgenommen und 8 von 16 "
        "Unterrichtseinheiten (UE) zu je 45 Minuten besucht; das sind 8 UE weniger als geplant." in printed(content)
    )


@pytest.mark.parametrize(("made_up", "words"), [(315, "das ist 1 UE weniger"), (270, "das sind 2 UE weniger")])
def test_deviation_of_one_unit_is_said_in_the_singular(made_up, words):
    content = FIRST_VERSION | {"kind": "ATTENDANCE", "is_reduced": True}
    content |= {"planned_minutes": 720, "attended_minutes": 360, "made_up_minutes": made_up}

    assert f"; {words} als geplant." in statement(content).replace("\u00a0", " ")


def test_more_time_made_up_than_missed_is_not_counted(cohort):
    registration = attending(cohort)
    registration.attendances.filter(half="AFTERNOON").update(presence="ABSENT")
    MadeUpTime.objects.create(registration=registration, minutes=999, made_up_on="2018-05-02", how="doppelt")

    content = content_of(registration)

    assert content["made_up_minutes"] == 360
    assert content["is_reduced"] is False
    assert "6 UE" not in statement(content)


@pytest.mark.verapdf
def test_snapshot_of_the_first_version_prints():
    paper = render_certificate(certificate_of(FIRST_VERSION))

    text = pdf_text(paper).replace("\u00a0", " ")
    for part in [
        "Anna Berg",
        "12 von 16 Unterrichtseinheiten (UE) zu je 45 Minuten besucht.",
        "7. Dezember 2017 · 8. Dezember 2017 (halbtägig)",
        "Ort Lindenhof, Hannover",
        "Institut für Netzwerkarbeit · Köln, 27. Juli 2018",
        "Dr. Anna Beispiel",
        "Leitung der Fortbildung",
    ]:
        assert part in text
    assert_pdf_ua_and_a(paper)


def test_snapshot_of_the_first_version_can_be_checked(client, cohort, organiser):
    registration = attending(cohort)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    old = Certificate(
        **{name: getattr(certificate, name) for name in ("cohort", "person", "issuance", "issued_at")},
        registration=registration,
        kind="QUALIFICATION",
        year=2018,
        ordinal=1,
        code="0b" * 16,
        content=FIRST_VERSION,
    )
    old.save()

    page = (
        client.get(reverse("participants:certificate_verify", args=[old.code]))
        .content.decode()
        .replace("\u00a0", " ")
    )

    assert "Anna Berg" in page
    assert "Dr. Anna Beispiel, Leitung der Fortbildung" in page


def test_imprint_of_every_version_can_be_read(cohort):
    signatory = Signatory("Dr. Anna Beispiel", "Leitung der Fortbildung")

    assert imprint_of(FIRST_VERSION) == Imprint("Institut für Netzwerkarbeit", "Köln", (signatory,))
    assert imprint_of(content_of(attending(cohort))) == IMPRINT


@pytest.mark.parametrize(("modules", "pages"), [(1, 1), (3, 1), (8, 1), (20, 2)])
def test_paper_is_one_page_wherever_it_can_be(cohort, modules, pages):
    content = content_of(attending(cohort))
    module = {"title": "Netzwerke verstehen", "goals": ["die Rolle der Koordination beschreiben"] * 5}
    content["modules"] = [module] * modules

    paper = render_certificate(certificate_of(content))

    assert len(pdf_reader(paper).pages) == pages


def test_the_more_there_is_to_say_the_smaller_it_is_printed(cohort):
    content = content_of(attending(cohort))
    module = {"title": "Netzwerke verstehen", "goals": ["die Rolle der Koordination beschreiben"] * 5}

    sizes = [
        fitted(context_of(certificate_of(content | {"modules": [module] * count}))).size
        for count in (1, 5, 6, 8, 20)
    ]

    assert sizes == ["large", "medium", "snug", "small", "flowing"]
