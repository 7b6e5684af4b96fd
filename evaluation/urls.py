"""Addresses of this app."""

from django.urls import URLPattern, path

from evaluation.views import answering, fingerprints, needs, results, surveys, workshops

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
    path("durchgaenge/<int:pk>/bedarfe/", needs.needs, name="needs"),
    path("durchgaenge/<int:pk>/bedarfe/starten/", needs.needs_survey_add, name="needs_survey_add"),
    path("erhebungen/<int:pk>/belege/", fingerprints.survey_fingerprints, name="survey_fingerprints"),
    path("erhebungen/<int:pk>/", results.survey_detail, name="survey_detail"),
    path("erhebungen/<int:pk>/bericht.pdf", results.feedback_report, name="feedback_report"),
    path("durchgaenge/<int:pk>/bericht/", results.cohort_report, name="cohort_report"),
    path("durchgaenge/<int:pk>/evaluationsbericht.pdf", results.evaluation_report, name="evaluation_report"),
    path("workshops/", workshops.workshop_list, name="workshop_list"),
    path("workshops/<int:pk>/", workshops.workshop_detail, name="workshop_detail"),
    path("empfehlungen/", workshops.recommendation_list, name="recommendation_list"),
]
