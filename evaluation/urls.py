"""Addresses of this app."""

from django.urls import URLPattern, path, re_path

from evaluation.views import (
    answering,
    before_after,
    fingerprints,
    mirror,
    needs,
    paper,
    questionnaires,
    questions,
    results,
    surveys,
    trends,
    workshops,
)

app_name = "evaluation"

urlpatterns: list[URLPattern] = [
    path("durchgaenge/<int:pk>/rueckmeldungen/", surveys.feedback_list, name="feedback_list"),
    path("termine/<int:pk>/rueckmeldung/starten/", surveys.feedback_survey_add, name="feedback_survey_add"),
    path("erhebungen/<int:pk>/schliessen/", surveys.survey_close, name="survey_close"),
    path("erhebung/<str:token>/", answering.survey_answer, name="survey_answer"),
    path("erhebung/<str:token>/<int:step>/", answering.survey_answer_step, name="survey_answer_step"),
    path("erhebung/<str:token>/pruefen/", answering.survey_answer_check, name="survey_answer_check"),
    path("erhebung/<str:token>/fertig/", answering.survey_answer_done, name="survey_answer_done"),
    path("erhebung/<str:token>/gesendet/", answering.survey_answer_sent, name="survey_answer_sent"),
    path("erhebung/<str:token>/hinweis/", answering.survey_answer_mentions, name="survey_answer_mentions"),
    path("tandem-spiegel/<str:token>/", mirror.tandem_mirror, name="tandem_mirror"),
    path("tandem-spiegel/<str:token>/freigeben/", mirror.tandem_mirror_release, name="tandem_mirror_release"),
    path(
        "tandem-spiegel/<str:token>/zuruecknehmen/", mirror.tandem_mirror_take_back, name="tandem_mirror_take_back"
    ),
    path("durchgaenge/<int:pk>/bedarfe/", needs.needs, name="needs"),
    path("durchgaenge/<int:pk>/bedarfe/starten/", needs.needs_survey_add, name="needs_survey_add"),
    path("erhebungen/<int:pk>/belege/", fingerprints.survey_fingerprints, name="survey_fingerprints"),
    path("erhebungen/<int:pk>/", results.survey_detail, name="survey_detail"),
    path("erhebungen/<int:pk>/bericht.pdf", results.feedback_report, name="feedback_report"),
    path("durchgaenge/<int:pk>/vorher-nachher/", before_after.before_after, name="before_after"),
    path("durchgaenge/<int:pk>/bericht/", results.cohort_report, name="cohort_report"),
    path("durchgaenge/<int:pk>/evaluationsbericht.pdf", results.evaluation_report, name="evaluation_report"),
    path("frageboegen/<int:pk>/papier.pdf", paper.questionnaire_paper, name="questionnaire_paper"),
    path("erhebungen/<int:pk>/fragebogen.pdf", paper.survey_paper, name="survey_paper"),
    path("erhebungen/<int:pk>/papier/", paper.paper_sheet_list, name="paper_sheet_list"),
    path("erhebungen/<int:pk>/papier/eingabe/", paper.paper_sheet_add, name="paper_sheet_add"),
    path("erhebungen/<int:pk>/papier/zweite-eingabe/", paper.paper_sheet_repeat, name="paper_sheet_repeat"),
    path("erhebungen/<int:pk>/papier/einlegen/", paper.paper_sheets_cast, name="paper_sheets_cast"),
    path("erhebungen/<int:pk>/papier/<int:number>/", paper.paper_sheet_decide, name="paper_sheet_decide"),
    path("erhebungen/<int:pk>/papier/<int:number>/loeschen/", paper.paper_sheet_delete, name="paper_sheet_delete"),
    path("durchgaenge/<int:pk>/rueckmeldungen/vergleich/", trends.heat_map, name="heat_map"),
    re_path(
        r"^durchgaenge/(?P<pk>[0-9]+)/rueckmeldungen/vergleich\.(?P<kind>csv|xlsx)$",
        trends.heat_map_export,
        name="heat_map_export",
    ),
    path("rueckmeldungen/verlauf/", trends.cohort_trend, name="cohort_trend"),
    re_path(
        r"^rueckmeldungen/verlauf\.(?P<kind>csv|xlsx)$", trends.cohort_trend_export, name="cohort_trend_export"
    ),
    path("workshops/", workshops.workshop_list, name="workshop_list"),
    path("workshops/<int:pk>/", workshops.workshop_detail, name="workshop_detail"),
    path("empfehlungen/", workshops.recommendation_list, name="recommendation_list"),
    path("frageboegen/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("frageboegen/neu/", questionnaires.questionnaire_add, name="questionnaire_add"),
    path(
        "frageboegen/vorschlag/<str:purpose>/", questionnaires.questionnaire_propose, name="questionnaire_propose"
    ),
    path("frageboegen/<int:pk>/", questionnaires.questionnaire_detail, name="questionnaire_detail"),
    path("frageboegen/<int:pk>/bearbeiten/", questionnaires.questionnaire_edit, name="questionnaire_edit"),
    path("frageboegen/<int:pk>/vorschau/", questionnaires.questionnaire_preview, name="questionnaire_preview"),
    path("frageboegen/<int:pk>/vergleich/", questionnaires.questionnaire_compare, name="questionnaire_compare"),
    path("frageboegen/<int:pk>/freigeben/", questionnaires.questionnaire_release, name="questionnaire_release"),
    path(
        "frageboegen/<int:pk>/zuruecknehmen/",
        questionnaires.questionnaire_take_back,
        name="questionnaire_take_back",
    ),
    path(
        "frageboegen/<int:pk>/neue-version/",
        questionnaires.questionnaire_version_add,
        name="questionnaire_version_add",
    ),
    path("frageboegen/<int:pk>/kopieren/", questionnaires.questionnaire_copy, name="questionnaire_copy"),
    path("frageboegen/<int:pk>/loeschen/", questionnaires.questionnaire_delete, name="questionnaire_delete"),
    path("frageboegen/<int:pk>/abschnitte/neu/", questions.section_add, name="section_add"),
    path("frageboegen/<int:pk>/abschnitte/ordnen/", questions.section_order, name="section_order"),
    path("abschnitte/<int:pk>/bearbeiten/", questions.section_edit, name="section_edit"),
    path("abschnitte/<int:pk>/loeschen/", questions.section_delete, name="section_delete"),
    path("abschnitte/<int:pk>/fragen/neu/", questions.question_add, name="question_add"),
    path("abschnitte/<int:pk>/fragen/ordnen/", questions.question_order, name="question_order"),
    path("fragen/<int:pk>/bearbeiten/", questions.question_edit, name="question_edit"),
    path("fragen/<int:pk>/bedingung/", questions.question_condition, name="question_condition"),
    path("fragen/<int:pk>/loeschen/", questions.question_delete, name="question_delete"),
]
