"""The heaviest pages against a trivial one, as ratios within one run. Run by name:

pytest tests/benchmarks/bench_pages.py -s
"""

import statistics
import time

from django.urls import reverse

from tests import worlds

ROUNDS = 15


def median_seconds(client, address):
    durations = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        durations.append(time.perf_counter() - began)
    return statistics.median(durations)


def test_heaviest_page_against_a_trivial_one(db, client):
    world = worlds.build()
    client.force_login(world.organiser)
    trivial = median_seconds(client, reverse("participants:certificate_check"))
    pages = {
        "start": reverse("start"),
        "edition": reverse("curriculum:edition_detail", args=[world.edition.pk]),
        "registrations": reverse("participants:tandem_list", args=[world.cohort.pk]),
        "attendance": reverse("participants:attendance_edit", args=[world.session.pk]),
        "certificates": reverse("participants:certificate_list", args=[world.cohort.pk]),
        "feedback result": reverse("evaluation:survey_detail", args=[world.survey.pk]),
        "cohort report": reverse("evaluation:cohort_report", args=[world.cohort.pk]),
    }

    print()
    for name, address in pages.items():
        print(f"{name}: {median_seconds(client, address) / trivial:.1f} times the trivial page")
