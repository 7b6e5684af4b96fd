"""The demo as its visitors find it."""

import io

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from curriculum.models import Audience
from evaluation.models import Outcome, Survey
from netzkoord import demo, overview
from netzkoord.models import Installation
from participants.models import Certificate, Registration
from tests import factories


@pytest.fixture
def filled(db):
    call_command("sync_roles", verbosity=0)
    demo.fill()


def test_demo_mirrors_the_cohort_of_2017_and_every_page_has_something_to_show(filled):
    strip = overview.finished_strips()[0]
    figures = {figure.label: figure.value for figure in strip.counts}
    people = Registration.objects.accepted().filter(cohort=strip.cohort)

    assert strip.cohort.title == "Durchgang 2017/18"
    assert figures["Vollständige Tandems"] == 11
    assert figures["Bescheinigungen"] == 19
    assert strip.due == []
    assert len(set(people.values_list("tandem__municipality", flat=True))) == 11
    with_certificate = set(Certificate.objects.values_list("registration__email", flat=True))
    assert {"fuehrung@netzkoord.example", "koordination@netzkoord.example"} <= with_certificate
    outcomes = Survey.objects.feedback().values_list("outcome", flat=True)
    assert sorted(outcomes) == [Outcome.COUNTED, Outcome.COUNTED, Outcome.COUNTED, Outcome.DESTROYED]
    papers = [Certificate.objects.filter(registration__role=role).latest("pk") for role in Audience]
    assert [len(PdfReader(io.BytesIO(bytes(paper.pdf))).pages) for paper in papers] == [1, 1]


def test_demo_refuses_a_database_with_real_people(db):
    factories.UserFactory()

    with pytest.raises(demo.NotADemo):
        demo.fill()

    assert not Installation.objects.current().is_demo
