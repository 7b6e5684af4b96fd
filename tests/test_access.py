"""The access matrix: every address tried by every role. A new address without a row fails.

Columns, in this order: nobody (not signed in) · stranger (signed in, nothing of theirs here) · participant of
another cohort · participant · trainer of another session · trainer · reader · organiser.
"""

import copy
import datetime

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from participants.check_in import code_at
from participants.models import CheckIn, MadeUpTime
from tests import worlds
from tests.access import (
    CURRICULUM,
    NEEDS,
    NOT_OFFERED,
    NOT_SET_UP,
    NOTHING_TO_CONFIRM,
    ORGANISER,
    OWN_COHORT,
    OWN_SURVEY,
    POST_BY_ANYONE,
    POST_BY_ORGANISER,
    POST_BY_SIGNED_IN,
    PUBLIC,
    READER,
    RECOMMENDATIONS,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF,
    TO_THE_CERTIFICATE,
    WALLS,
)

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

MATRIX: dict[str, tuple[str, str]] = {
    # frame
    "start": ("", PUBLIC),
    # the tests have no worker
    "health": ("", "503 503 503 503 503 503 503 503"),
    "showcase": ("", "404 404 404 404 404 404 404 404"),
    "legal_page": ("legal_key", PUBLIC),
    "legal_page_edit": ("legal_key", ORGANISER),
    "own_data": ("", SIGNED_IN),
    "own_disclosure_paper": ("", SIGNED_IN),
    "own_disclosure_file": ("", SIGNED_IN),
    "disclosure_make": ("participant", ORGANISER),
    "mail_calendar": ("cohort", ORGANISER),
    "mail_text_list": ("", ORGANISER),
    "mail_text_edit": ("mail_text", ORGANISER),
    "mail_text_preview": ("mail_text", POST_BY_ORGANISER),
    "mail_text_try": ("mail_text", POST_BY_ORGANISER),
    "mail_text_reset": ("mail_text", POST_BY_ORGANISER),
    "link_renew": ("", POST_BY_ANYONE),
    "link_request": ("", PUBLIC),
    "link_sent": ("", PUBLIC),
    "outbox": ("", ORGANISER),
    "outbox_mail": ("mail", ORGANISER),
    "outbox_resend": ("mail", POST_BY_ORGANISER),
    "outbox_resend_failed": ("", POST_BY_ORGANISER),
    "outbox_book": ("mail", POST_BY_ORGANISER),
    "outbox_correct": ("failed_mail", ORGANISER),
    "account_list": ("", ORGANISER),
    "staff_add": ("", ORGANISER),
    "staff_edit": ("trainer", ORGANISER),
    "cohort_detail": ("cohort", OWN_COHORT),
    "cohort_edition": ("open_cohort", ORGANISER),
    "edition_compare": ("edition", STAFF),
    "change_cause_add": ("change", ORGANISER),
    "change_cause_remove": ("cause", POST_BY_ORGANISER),
    "cohort_cancel": ("cohort", ORGANISER),
    "session_move": ("session", ORGANISER),
    "session_cancel": ("session", ORGANISER),
    "own_edition": ("registration", "302 404 404 200 404 404 404 404"),
    "own_module": ("own_module", "302 404 404 200 404 404 404 404"),
    "legal_page_preview": ("legal_key", POST_BY_ORGANISER),
    # sign-in: what is reached signed out only, signed in only, after signing in anew
    "account_email": ("", "302 302 302 302 302 302 302 302"),
    "account_login": ("", SIGNED_OUT),
    "account_request_login_code": ("", SIGNED_OUT),
    "account_confirm_login_code": ("", "302 302 302 302 302 302 302 302"),
    "account_logout": ("", "302 200 200 200 200 200 200 200"),
    "account_inactive": ("", PUBLIC),
    "account_change_password": ("", "302 302 302 302 302 302 302 302"),
    "account_set_password": ("", SIGNED_IN),
    "account_reset_password": ("", PUBLIC),
    "account_reset_password_done": ("", PUBLIC),
    "account_reset_password_from_key": ("reset_key", PUBLIC),
    "account_reset_password_from_key_done": ("", PUBLIC),
    "account_reauthenticate": ("", NOTHING_TO_CONFIRM),
    "account_signup": ("", NOT_OFFERED),
    "account_email_verification_sent": ("", NOT_OFFERED),
    "account_confirm_email": ("status_token", NOT_OFFERED),
    "mfa_login_webauthn": ("", "302 302 302 302 302 302 302 302"),
    "mfa_authenticate": ("", "302 302 302 302 302 302 302 302"),
    "mfa_reauthenticate": ("", NOTHING_TO_CONFIRM),
    "mfa_reauthenticate_webauthn": ("", NOTHING_TO_CONFIRM),
    "mfa_index": ("", SIGNED_IN),
    "mfa_activate_totp": ("", SIGNED_IN),
    "mfa_deactivate_totp": ("", NOT_SET_UP),
    "mfa_list_webauthn": ("", SIGNED_IN),
    "mfa_add_webauthn": ("", SIGNED_IN),
    "mfa_edit_webauthn": ("one", NOT_SET_UP),
    "mfa_remove_webauthn": ("one", NOT_SET_UP),
    "mfa_view_recovery_codes": ("", NOT_SET_UP),
    "mfa_generate_recovery_codes": ("", SIGNED_IN),
    "mfa_download_recovery_codes": ("", NOT_SET_UP),
    **CURRICULUM,
    # participants
    "participants:registration_add": ("open_cohort", PUBLIC),
    "participants:registration_step": ("first_step", PUBLIC),
    "participants:address_confirm": ("address_token", PUBLIC),
    "participants:address_edit": ("status_token", PUBLIC),
    "participants:approval_answer": ("approval_token", PUBLIC),
    "participants:consent_edit": ("status_token", POST_BY_ANYONE),
    "participants:partner_give_up": ("status_token", PUBLIC),
    "participants:partner_decline": ("partner_token", PUBLIC),
    "participants:proposal_answer": ("proposal", POST_BY_ANYONE),
    "participants:registration_check": ("open_cohort", "302 302 302 302 302 302 302 302"),
    "participants:registration_address": ("first_step", POST_BY_ANYONE),
    "participants:partner_address": ("partner_token", POST_BY_ANYONE),
    "participants:registration_submit": ("open_cohort", POST_BY_ANYONE),
    "participants:registration_done": ("open_cohort", PUBLIC),
    "participants:partner_done": ("open_cohort", PUBLIC),
    "participants:partner_check": ("partner_token", "302 302 302 302 302 302 302 302"),
    "participants:partner_submit": ("partner_token", POST_BY_ANYONE),
    "participants:partner_invite": ("status_token", POST_BY_ANYONE),
    "participants:registration_withdraw": ("status_token", PUBLIC),
    "participants:selection_desk": ("open_cohort", ORGANISER),
    "participants:selection_line": ("open_cohort", POST_BY_ORGANISER),
    "participants:selection_check": ("open_cohort", ORGANISER),
    "participants:selection_send": ("open_cohort", POST_BY_ORGANISER),
    "participants:selection_override": ("open_tandem", ORGANISER),
    "participants:tandem_decide": ("cohort", POST_BY_ORGANISER),
    "participants:decision_send": ("cohort", POST_BY_ORGANISER),
    "participants:tandem_export": ("cohort", ORGANISER),
    "participants:tandem_workbook": ("cohort", ORGANISER),
    "participants:chosen_export": ("cohort", POST_BY_ORGANISER),
    "participants:note_add_many": ("cohort", POST_BY_ORGANISER),
    "participants:note_add": ("tandem", ORGANISER),
    "participants:note_edit": ("note", ORGANISER),
    "participants:note_delete": ("note_of_tandem", POST_BY_ORGANISER),
    "participants:exception_add": ("single_tandem", ORGANISER),
    "participants:exception_revoke": ("tandem", POST_BY_ORGANISER),
    "participants:duplicate_list": ("cohort", ORGANISER),
    "participants:duplicate_compare": ("pair", ORGANISER),
    "participants:duplicate_merge": ("pair", POST_BY_ORGANISER),
    "participants:duplicate_dismiss": ("pair", POST_BY_ORGANISER),
    "participants:duplicate_reconsider": ("pair", POST_BY_ORGANISER),
    "participants:registration_import": ("cohort", ORGANISER),
    "participants:import_store": ("cohort", POST_BY_ORGANISER),
    "participants:import_problems": ("gone_list", "302 403 403 403 403 403 403 302"),
    "participants:import_template": ("cohort", ORGANISER),
    "participants:merge_undo": ("merge", POST_BY_ORGANISER),
    "participants:registration_confirm": ("confirm_token", PUBLIC),
    "participants:partner_add": ("partner_token", PUBLIC),
    "participants:registration_status": ("status_token", PUBLIC),
    "participants:tandem_list": ("cohort", ORGANISER),
    "participants:tandem_detail": ("tandem", ORGANISER),
    "participants:registration_edit": ("registration", ORGANISER),
    "participants:registration_replace": ("registration", ORGANISER),
    "participants:waiting_list_show": ("open_cohort", ORGANISER),
    "participants:offer_next": ("open_cohort", POST_BY_ORGANISER),
    "participants:offer_make": ("waiting_tandem", ORGANISER),
    "participants:offer_revoke": ("offer", ORGANISER),
    "participants:place_release": ("tandem", POST_BY_ORGANISER),
    "participants:pool_invite": ("open_cohort", ORGANISER),
    "participants:offer_show": ("offer_token", PUBLIC),
    "participants:offer_accept": ("offer_token", POST_BY_ANYONE),
    "participants:offer_decline": ("offer_token", PUBLIC),
    "participants:substitute_name": ("accepted_token", PUBLIC),
    "participants:pool_show": ("pool_token", PUBLIC),
    "participants:pool_leave": ("pool_token", PUBLIC),
    "participants:municipality_list": ("", ORGANISER),
    "participants:municipality_search": ("", PUBLIC),
    "participants:municipality_import": ("", ORGANISER),
    "participants:written_in_list": ("", ORGANISER),
    "participants:written_in_match": ("written_in", ORGANISER),
    "participants:municipality_add": ("", ORGANISER),
    "participants:municipality_edit": ("municipality", ORGANISER),
    "participants:attendance_edit": ("session", "302 403 403 403 404 200 403 200"),
    "participants:attendance_state": ("session", "302 403 403 403 404 200 403 200"),
    "participants:check_in_show": ("session", "302 403 403 403 404 200 403 200"),
    "participants:check_in_open": ("session", POST_BY_SIGNED_IN),
    "participants:check_in_screen": ("check_in", "302 403 403 403 404 200 403 200"),
    "participants:check_in_end": ("check_in", POST_BY_SIGNED_IN),
    "participants:check_in": ("", PUBLIC),
    "participants:check_in_confirm": ("", POST_BY_SIGNED_IN),
    "participants:check_in_scan": ("check_in_code", PUBLIC),
    "participants:own_check_in": ("accepted_token", PUBLIC),
    "participants:attendance_worker": ("", PUBLIC),
    "participants:session_papers": ("session", "302 403 403 403 404 200 403 200"),
    "participants:signature_list": ("session", "302 403 403 403 404 200 403 200"),
    "participants:badge_sheet": ("session", "302 403 403 403 404 200 403 200"),
    "participants:badge_calibration": ("sheet_key", "302 403 403 403 200 200 403 200"),
    "participants:cohort_contacts": ("cohort", "302 403 403 403 200 200 403 200"),
    "participants:transfer_show": ("agreement", PUBLIC),
    "participants:transfer_edit": ("agreement", PUBLIC),
    "participants:transfer_confirm": ("agreement", POST_BY_ANYONE),
    "participants:transfer_paper": ("agreement", PUBLIC),
    "participants:own_contacts": ("accepted_token", PUBLIC),
    "participants:attendance_overview": ("cohort", "302 403 403 403 200 200 403 200"),
    "participants:mail_rule_list": ("", ORGANISER),
    "participants:mail_rule_add": ("", ORGANISER),
    "participants:mail_rule_edit": ("mail_rule", ORGANISER),
    "participants:mail_rule_delete": ("mail_rule", POST_BY_ORGANISER),
    "participants:cohort_mail_rule_add": ("cohort", ORGANISER),
    "participants:mail_rule_suspend": ("cohort_rule", POST_BY_ORGANISER),
    "participants:mail_rule_resume": ("cohort_rule", POST_BY_ORGANISER),
    "participants:mailing_detail": ("mailing", ORGANISER),
    "participants:mailing_send": ("mailing", POST_BY_ORGANISER),
    "participants:mailing_skip": ("mailing", POST_BY_ORGANISER),
    "participants:mailing_unskip": ("mailing", POST_BY_ORGANISER),
    "participants:invitation_send": ("session", ORGANISER),
    "participants:invitation_download": ("invitation", PUBLIC),
    "participants:own_material": ("material", "302 404 404 200 404 404 404 404"),
    "participants:own_calendar": ("accepted_token", PUBLIC),
    "participants:calendar_feed": ("", SIGNED_IN),
    "participants:calendar_feed_create": ("", POST_BY_SIGNED_IN),
    "participants:calendar_feed_renew": ("", POST_BY_SIGNED_IN),
    "participants:calendar_feed_revoke": ("", POST_BY_SIGNED_IN),
    "participants:calendar_feed_file": ("feed_key", PUBLIC),
    "participants:own_practice_reports": ("registration", "302 404 404 200 404 404 404 404"),
    "participants:achievement_list": ("cohort", ORGANISER),
    "participants:achievement_add_many": ("cohort", POST_BY_ORGANISER),
    "participants:achievement_edit": ("own_project", ORGANISER),
    "participants:achievement_delete": ("own_project", POST_BY_ORGANISER),
    "participants:made_up_add": ("registration", ORGANISER),
    "participants:made_up_edit": ("made_up", ORGANISER),
    "participants:made_up_delete": ("made_up", POST_BY_ORGANISER),
    "participants:certificate_list": ("cohort", ORGANISER),
    "participants:certificate_issue": ("cohort", ORGANISER),
    "participants:certificate_archive": ("cohort", ORGANISER),
    "participants:certificate_print": ("cohort", ORGANISER),
    "participants:issuance_detail": ("issuance", ORGANISER),
    "participants:certificate_design": ("cohort", ORGANISER),
    "participants:certificate_design_preview": ("cohort", POST_BY_ORGANISER),
    "participants:certificate_download": ("certificate", "302 404 404 200 404 404 404 200"),
    "participants:certificate_badge": ("certificate", "302 404 404 200 404 404 404 200"),
    "participants:certificate_badge_file": ("certificate", NOT_SET_UP),
    "participants:badge_status": ("badge_list", NOT_OFFERED),
    "participants:badge_issuer": ("", NOT_OFFERED),
    "participants:certificate_replace": ("certificate", ORGANISER),
    "participants:certificate_revoke": ("certificate", ORGANISER),
    "participants:certificate_check": ("", PUBLIC),
    "participants:certificate_verify": ("certificate_code", PUBLIC),
    "participants:certificate_compare": ("certificate_code", TO_THE_CERTIFICATE),
    # evaluation
    "evaluation:needs": ("cohort", "302 404 404 404 200 200 200 200"),
    "evaluation:needs_survey_add": ("planned_cohort", ORGANISER),
    "evaluation:feedback_list": ("cohort", OWN_COHORT),
    "evaluation:feedback_survey_add": ("other_session", ORGANISER),
    "evaluation:survey_add": ("cohort_end", ORGANISER),
    "evaluation:survey_rule_edit": ("cohort_end", ORGANISER),
    "evaluation:survey_edit": ("planned_survey", ORGANISER),
    "evaluation:survey_take_back": ("planned_survey", ORGANISER),
    "evaluation:survey_open": ("planned_survey", POST_BY_ORGANISER),
    "evaluation:survey_screen": ("survey", "302 403 403 403 404 200 404 200"),
    "evaluation:room": ("", PUBLIC),
    "evaluation:room_sent": ("", PUBLIC),
    "evaluation:room_survey": ("room_code", PUBLIC),
    "evaluation:survey_detail": ("survey", OWN_SURVEY),
    "evaluation:survey_close": ("survey", ORGANISER),
    "evaluation:feedback_report": ("survey", OWN_SURVEY),
    "evaluation:result_csv": ("survey", OWN_SURVEY),
    "evaluation:result_workbook": ("survey", OWN_SURVEY),
    "evaluation:text_list": ("survey", ORGANISER),
    "evaluation:text_edit": ("free_text", ORGANISER),
    "evaluation:text_release_many": ("survey", POST_BY_ORGANISER),
    "evaluation:comment_edit": ("survey", "302 404 404 404 404 200 403 200"),
    "evaluation:result_return": ("survey", "302 404 404 404 404 200 403 200"),
    "evaluation:survey_returned": ("feedback_token", PUBLIC),
    "evaluation:cohort_report": ("cohort", READER),
    "evaluation:evaluation_report": ("cohort", READER),
    "evaluation:before_after": ("cohort", READER),
    "evaluation:tandem_mirror": ("accepted_token", PUBLIC),
    "evaluation:tandem_mirror_release": ("accepted_token", POST_BY_ANYONE),
    "evaluation:tandem_mirror_take_back": ("accepted_token", POST_BY_ANYONE),
    "evaluation:survey_answer": ("needs_token", PUBLIC),
    "evaluation:survey_answer_step": ("needs_step", PUBLIC),
    "evaluation:survey_answer_check": ("needs_token", PUBLIC),
    "evaluation:survey_answer_done": ("needs_token", "302 302 302 302 302 302 302 302"),
    "evaluation:survey_answer_sent": ("needs_token", "302 302 302 302 302 302 302 302"),
    "evaluation:survey_answer_mentions": ("needs_token", "405 405 405 405 405 405 405 405"),
    "evaluation:survey_fingerprints": ("survey", PUBLIC),
    "evaluation:questionnaire_list": ("", STAFF),
    "evaluation:questionnaire_detail": ("questionnaire", STAFF),
    "evaluation:questionnaire_preview": ("questionnaire", STAFF),
    "evaluation:questionnaire_compare": ("draft_questionnaire", "302 403 403 403 404 404 404 200"),
    "evaluation:questionnaire_add": ("", ORGANISER),
    "evaluation:questionnaire_edit": ("draft_questionnaire", ORGANISER),
    "evaluation:questionnaire_release": ("draft_questionnaire", ORGANISER),
    "evaluation:questionnaire_take_back": ("questionnaire", ORGANISER),
    "evaluation:questionnaire_delete": ("draft_questionnaire", ORGANISER),
    "evaluation:questionnaire_propose": ("purpose", POST_BY_ORGANISER),
    "evaluation:questionnaire_version_add": ("questionnaire", POST_BY_ORGANISER),
    "evaluation:questionnaire_copy": ("questionnaire", POST_BY_ORGANISER),
    "evaluation:section_add": ("draft_questionnaire", ORGANISER),
    "evaluation:section_order": ("draft_questionnaire", POST_BY_ORGANISER),
    "evaluation:section_edit": ("draft_section", ORGANISER),
    "evaluation:section_delete": ("draft_section", ORGANISER),
    "evaluation:question_add": ("draft_section", ORGANISER),
    "evaluation:question_order": ("draft_section", POST_BY_ORGANISER),
    "evaluation:question_edit": ("draft_question", ORGANISER),
    "evaluation:question_condition": ("draft_question", ORGANISER),
    "evaluation:question_delete": ("draft_question", ORGANISER),
    "evaluation:heat_map": ("cohort", READER),
    "evaluation:heat_map_export": ("cohort_csv", READER),
    "evaluation:cohort_trend": ("", READER),
    "evaluation:cohort_trend_export": ("csv", READER),
    "evaluation:questionnaire_paper": ("questionnaire", STAFF),
    "evaluation:survey_paper": ("survey", OWN_SURVEY),
    "evaluation:paper_sheet_list": ("paper_survey", ORGANISER),
    "evaluation:paper_sheet_add": ("paper_survey", ORGANISER),
    "evaluation:paper_sheet_repeat": ("paper_survey", ORGANISER),
    "evaluation:paper_sheets_cast": ("paper_survey", ORGANISER),
    "evaluation:paper_sheet_decide": ("paper_sheet", ORGANISER),
    "evaluation:paper_sheet_delete": ("paper_sheet", ORGANISER),
    **WALLS,
    **NEEDS,
    **RECOMMENDATIONS,
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


def whole_world():
    """With all that an address of the matrix may need."""
    world = worlds.build()
    world.one = 1
    world.sheet_key = "l4785"
    world.check_in = CheckIn.objects.create(
        day=world.session.days.get(), half="MORNING", expires_at=timezone.now() + datetime.timedelta(hours=1)
    )
    world.check_in_code = code_at(world.check_in, timezone.now())
    world.reset_key = ("1", default_token_generator.make_token(world.participant))
    world.needs_step = (world.needs_token, 1)
    world.own_project = (world.registration.pk, "praxisprojekt")
    world.cohort.make_up_until = timezone.localdate() + datetime.timedelta(days=30)
    world.cohort.save(update_fields=["make_up_until"])
    world.made_up = MadeUpTime.objects.create(
        registration=world.registration, minutes=45, made_up_on=timezone.localdate(), how="Aufgabe"
    )
    return world


@pytest.fixture(scope="module")
def shared_world(module_db):
    return whole_world()


@pytest.fixture
def world(shared_world, db):
    return copy.deepcopy(shared_world)


def address_of(world, name):
    attribute = MATRIX[name][0]
    if not attribute:
        return reverse(name)
    value = getattr(world, attribute)
    arguments = value if isinstance(value, tuple) else (getattr(value, "pk", value),)
    return reverse(name, args=arguments)


def client_of(world, role):
    client = Client(raise_request_exception=False)
    if role != "nobody":
        client.force_login(getattr(world, role))
    return client


def expected_of(role):
    column = ROLES.index(role)
    return {name: answers.split()[column] for name, (_, answers) in MATRIX.items()}


# Organiser, trainer and participant send every query of a page to both databases; the others see less of the same.
ON_BOTH_DATABASES = {"organiser", "trainer", "participant"}


def column(role):
    return pytest.param(role, marks=[] if role in ON_BOTH_DATABASES else pytest.mark.one_database)


@pytest.mark.slow
@pytest.mark.parametrize("role", [column(role) for role in ROLES])
def test_every_address_answers_this_role_as_the_matrix_says(world, role):
    client = client_of(world, role)

    answers = {name: str(client.get(address_of(world, name)).status_code) for name in MATRIX}

    assert answers == expected_of(role)


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES[1:-1])
def test_who_may_not_read_may_not_write_either(world, role):
    client = client_of(world, role)
    refused = {name for name, status in expected_of(role).items() if status in ("403", "404")}
    refused |= {name for name, (_, answers) in MATRIX.items() if answers is POST_BY_ORGANISER}

    answers = {name: client.post(address_of(world, name)).status_code for name in refused}

    assert {name: status for name, status in answers.items() if status not in (403, 404, 405)} == {}
    assert {answers[name] for name, (_, row) in MATRIX.items() if row is POST_BY_ORGANISER} == {403}
