"""200 anonymous answers posted at once to a fresh SQLite file; prints refused posts and seconds as JSON.

Run by bench_sqlite.py in a process of its own: python -m tests.benchmarks.sqlite_posts configured|defaults FILE
"""

import json
import os
import sys
import threading
import time

POSTS = 200


def main(configuration: str, path: str) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    if configuration == "defaults":
        settings.DATABASES["default"]["OPTIONS"] = {}
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(post_all(prepare())))


def prepare() -> list[str]:
    """An open survey with a draft that is to be sent for each post; their addresses."""
    import datetime

    from django.urls import reverse
    from django.utils import timezone

    from evaluation.actions.surveys import start_feedback_survey
    from evaluation.tokens import answer_token
    from tests import factories
    from tests.evaluation import scenes

    session = factories.SessionFactory(days=[timezone.localdate()])
    for _ in range(POSTS):
        half = factories.RegistrationFactory(accepted=True, tandem__cohort=session.cohort)
        factories.attend(half, session.days.get())
    now = timezone.now()
    survey = start_feedback_survey(
        session=session,
        opens_at=now - datetime.timedelta(minutes=1),
        closes_at=now + datetime.timedelta(days=1),
        by=factories.UserFactory(),
    )
    invitations = survey.invitations.select_related("survey", "registration")
    for each in invitations:
        scenes.save(each, scenes.said({survey.questionnaire.questions()[0].pk: 5}))
    return [reverse("evaluation:survey_answer_check", args=[answer_token(each)]) for each in invitations]


def post_all(addresses: list[str]) -> dict[str, float]:
    from django.db import connection
    from django.test import Client

    refused: list[int] = []
    together = threading.Barrier(len(addresses) + 1)

    def post(address: str) -> None:
        client = Client(raise_request_exception=False)
        together.wait()
        status = client.post(address).status_code
        if status not in (200, 302):
            refused.append(status)
        connection.close()

    threads = [threading.Thread(target=post, args=[address]) for address in addresses]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    from evaluation.models import Envelope

    return {
        "refused": len(refused),
        "stored": Envelope.objects.count(),
        "seconds": round(time.perf_counter() - began, 2),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
