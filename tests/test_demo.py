"""The demo as its visitors find it."""

import io

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from evaluation.models import Outcome, Survey
from netzkoord import demo, overview
from netzkoord.models import Installation
from participants.certificates import render_certificate
from participants.models import Certificate, Registration
from tests import factories


@pytest.fixture
def filled(db):
    call_command("sync_roles", verbosity=0)
    demo.fill()


def test_demo_mirrors_the_cohort_of_2017(filled):
    strip = overview.finished_strips()[0]
    figures = {figure.label: figure.value for figure in strip.counts}

    assert strip.cohort.title == "Durchgang 2017/18"
    assert figures["Vollständige Tandems"] == 11
    assert figures["Bescheinigungen"] == 19
    assert strip.due == []
    assert (
        len({half.tandem.municipality_id for half in Registration.objects.accepted().filter(cohort=strip.cohort)})
        == 11
    )


def test_demo_accounts_have_something_to_show(filled):
    emails = set(Certificate.objects.values_list("registration__email", flat=True))

    assert {"fuehrung@netzkoord.example", "koordination@netzkoord.example"} <= emails


def test_demo_shows_results_and_what_is_withheld(filled):
    outcomes = list(Survey.objects.feedback().values_list("outcome", flat=True))

    assert sorted(outcomes) == [Outcome.COUNTED, Outcome.COUNTED, Outcome.COUNTED, Outcome.DESTROYED]


def test_demo_certificates_are_one_page_each(filled):
    one_of_each = [
        Certificate.objects.filter(registration__role=role).latest("pk") for role in ("MANAGER", "COORDINATOR")
    ]

    assert [len(PdfReader(io.BytesIO(render_certificate(paper))).pages) for paper in one_of_each] == [1, 1]


def test_demo_refuses_a_database_with_real_people(db):
    factories.UserFactory()

    with pytest.raises(demo.NotADemo):
        demo.fill()

    assert not Installation.objects.current().is_demo
