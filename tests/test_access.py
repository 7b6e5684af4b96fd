"""The access matrix: every address tried by every role. A new address without a row fails.

Columns, in this order: nobody (not signed in) · stranger (signed in, nothing of theirs here) · participant of
another cohort · participant · trainer of another session · trainer · reader · organiser.
"""

from types import SimpleNamespace

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from netzkoord.lib import links
from tests import worlds

ROLES = [
    "nobody",
    "stranger",
    "other_participant",
    "participant",
    "other_trainer",
    "trainer",
    "reader",
    "organiser",
]

# Address → (argument, expected answers to GET). The argument names an attribute of the world below.
PUBLIC = "200 200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200 200"
ORGANISER = "302 403 403 403 403 403 403 200"
STAFF = "302 403 403 403 200 200 200 200"
READER = "302 403 403 403 403 403 200 200"
OWN_COHORT = "302 403 403 403 200 200 200 200"
OWN_SESSION = "302 403 403 403 404 200 200 200"
OWN_SURVEY = "302 403 403 403 404 200 200 200"

MATRIX: dict[str, tuple[str, str]] = {
    # frame
    "start": ("", PUBLIC),
    "health": ("", PUBLIC),
    "showcase": ("", "404 404 404 404 404 404 404 404"),
    "legal_page": ("legal_key", PUBLIC),
    "legal_page_edit": ("legal_key", ORGANISER),
    "outbox": ("", ORGANISER),
    "outbox_mail": ("mail", ORGANISER),
    "account_list": ("", ORGANISER),
    "staff_add": ("", ORGANISER),
    "staff_edit": ("trainer", ORGANISER),
    "cohort_detail": ("cohort", OWN_COHORT),
    # curriculum
    "curriculum:edition_list": ("", STAFF),
    "curriculum:edition_detail": ("edition", STAFF),
    "curriculum:cohort_list": ("", STAFF),
    "curriculum:cohort_add": ("", ORGANISER),
    "curriculum:cohort_edit": ("cohort", ORGANISER),
    "curriculum:cohort_announce": ("cohort", ORGANISER),
    "curriculum:session_list": ("cohort", OWN_COHORT),
    "curriculum:session_add": ("cohort", ORGANISER),
    "curriculum:session_detail": ("session", OWN_SESSION),
    "curriculum:session_edit": ("session", ORGANISER),
    "curriculum:session_delete": ("session", ORGANISER),
    "curriculum:venue_list": ("", ORGANISER),
    "curriculum:venue_add": ("", ORGANISER),
    "curriculum:venue_edit": ("venue", ORGANISER),
    "curriculum:announcement": ("cohort", PUBLIC),
    # participants
    "participants:registration_add": ("open_cohort", PUBLIC),
    "participants:registration_confirm": ("confirm_token", PUBLIC),
    "participants:partner_add": ("partner_token", PUBLIC),
    "participants:registration_status": ("status_token", PUBLIC),
    "participants:tandem_list": ("cohort", ORGANISER),
    "participants:tandem_detail": ("tandem", ORGANISER),
    "participants:registration_edit": ("registration", ORGANISER),
    "participants:municipality_list": ("", ORGANISER),
    "participants:municipality_add": ("", ORGANISER),
    "participants:attendance_edit": ("session", "302 403 403 403 404 200 403 200"),
    "participants:certificate_list": ("cohort", ORGANISER),
    "participants:certificate_issue": ("cohort", ORGANISER),
    "participants:certificate_download": ("certificate", "302 404 404 200 404 404 404 200"),
    "participants:certificate_revoke": ("certificate", ORGANISER),
    "participants:certificate_check": ("", PUBLIC),
    "participants:certificate_verify": ("certificate_code", PUBLIC),
    # evaluation
    "evaluation:needs": ("cohort", OWN_COHORT),
    "evaluation:needs_survey_add": ("other_cohort", ORGANISER),
    "evaluation:feedback_list": ("cohort", OWN_COHORT),
    "evaluation:feedback_survey_add": ("other_session", ORGANISER),
    "evaluation:survey_detail": ("survey", OWN_SURVEY),
    "evaluation:survey_close": ("survey", ORGANISER),
    "evaluation:feedback_report": ("survey", OWN_SURVEY),
    "evaluation:cohort_report": ("cohort", READER),
    "evaluation:evaluation_report": ("cohort", READER),
    "evaluation:feedback_answer": ("feedback_token", PUBLIC),
    "evaluation:needs_answer": ("needs_token", PUBLIC),
    "evaluation:workshop_list": ("", STAFF),
    "evaluation:workshop_detail": ("workshop", STAFF),
    "evaluation:recommendation_list": ("", STAFF),
}


def all_names(resolver: URLResolver, namespace: str = "") -> list[str]:
    names = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            assert entry.name, f"address without a name: {entry.pattern}"
            names.append(namespace + entry.name)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            names += all_names(entry, inner)
    return names


def test_every_address_has_a_row():
    assert sorted(set(all_names(get_resolver()))) == sorted(MATRIX)
