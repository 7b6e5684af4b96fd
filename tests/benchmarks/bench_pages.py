"""The heaviest pages against a trivial one, as ratios within one run. Run by name:

pytest tests/benchmarks/bench_pages.py -s
"""

import statistics
import time

from django.core.management import call_command
from django.urls import reverse

from curriculum.models import Cohort
from evaluation.models import Outcome, Survey
from netzkoord import demo
from netzkoord.models import User

ROUNDS = 15


def median_seconds(client, address):
    durations = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        durations.append(time.perf_counter() - began)
    return statistics.median(durations)


def test_heaviest_page_against_a_trivial_one(db, client):
    """With the data of the demo."""
    call_command("sync_roles", verbosity=0)
    demo.fill()
    cohort = Cohort.objects.finished()[0]
    survey = Survey.objects.filter(outcome=Outcome.COUNTED)[0]
    client.force_login(User.objects.get(email="organisation@netzkoord.example"))
    trivial = median_seconds(client, reverse("participants:certificate_check"))
    pages = {
        "start": reverse("start"),
        "edition": reverse("curriculum:edition_detail", args=[cohort.edition_id]),
        "registrations": reverse("participants:tandem_list", args=[cohort.pk]),
        "attendance": reverse("participants:attendance_edit", args=[survey.session_id]),
        "certificates": reverse("participants:certificate_list", args=[cohort.pk]),
        "feedback result": reverse("evaluation:survey_detail", args=[survey.pk]),
        "cohort report": reverse("evaluation:cohort_report", args=[cohort.pk]),
    }

    print()
    for name, address in pages.items():
        print(f"{name}: {median_seconds(client, address) / trivial:.1f} times the trivial page")
