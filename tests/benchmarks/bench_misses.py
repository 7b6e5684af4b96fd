"""How long the check page takes to say „nicht gefunden“, whatever leads nowhere. Run by name:

pytest tests/benchmarks/bench_misses.py -s
"""

import secrets
import statistics
import time

from django.core.cache import cache
from django.urls import reverse

from tests.factories import staff
from tests.participants.finished import attending, certificate_for, finished_cohort

ROUNDS = 200
MOST_APART = 1.1


def test_every_miss_takes_as_long(db, client):
    """By each of the three ways; processor time by turns, so that what else goes on troubles all alike."""
    code = certificate_for(attending(finished_cohort()), staff("Organisation")).code
    almost = code[:-1] + ("0" if code[-1] != "0" else "1")
    asked = {
        "link: another code": lambda: client.get(verify(secrets.token_hex(16))),
        "link: all but the last digit right": lambda: client.get(verify(almost)),
        "link: no code at all": lambda: client.get(verify("a")),
        "code: another": lambda: client.post(check, {"code": secrets.token_hex(16)}),
        "code: all but the last digit right": lambda: client.post(check, {"code": almost}),
        "code: right, with another number": lambda: client.post(check, {"code": code, "number": "1999-00001"}),
        "number: another": lambda: client.post(check, {"number": "1999-00001"}),
        "number: none at all": lambda: client.post(check, {"number": "keine"}),
    }
    check = reverse("participants:certificate_check")
    seconds = {name: [] for name in asked}
    for turn in range(ROUNDS + 10):
        for name, ask in asked.items():
            cache.clear()
            began = time.process_time()
            response = ask()
            if turn >= 10:
                seconds[name].append(time.process_time() - began)
            assert response.status_code == 404

    medians = {name: statistics.median(each) for name, each in seconds.items()}
    print()
    for way in ("link", "code", "number"):
        of_way = {name: median for name, median in medians.items() if name.startswith(way)}
        for name, median in of_way.items():
            print(f"{name}: {median * 1000:.2f} ms, {median / min(of_way.values()):.2f} of the shortest")
        assert max(of_way.values()) <= MOST_APART * min(of_way.values())


def verify(code):
    return reverse("participants:certificate_verify", args=[code])
