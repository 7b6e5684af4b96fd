"""Addresses of this app."""

from django.urls import URLPattern, path

from evaluation.views import feedback, needs, results, surveys, workshops

app_name = "evaluation"

urlpatterns: list[URLPattern] = [
    path("durchgaenge/<int:pk>/rueckmeldungen/", surveys.feedback_list, name="feedback_list"),
    path("termine/<int:pk>/rueckmeldung/starten/", surveys.feedback_survey_add, name="feedback_survey_add"),
    path("erhebungen/<int:pk>/schliessen/", surveys.survey_close, name="survey_close"),
    path("rueckmeldung/<str:token>/", feedback.feedback_answer, name="feedback_answer"),
    path("durchgaenge/<int:pk>/bedarfe/", needs.needs, name="needs"),
    path("durchgaenge/<int:pk>/bedarfe/starten/", needs.needs_survey_add, name="needs_survey_add"),
    path("bedarfe/<str:token>/", needs.needs_answer, name="needs_answer"),
    path("bedarfe/<str:token>/<int:step>/", needs.needs_answer_step, name="needs_answer_step"),
    path("bedarfe/<str:token>/pruefen/", needs.needs_answer_check, name="needs_answer_check"),
    path("bedarfe/<str:token>/fertig/", needs.needs_answer_done, name="needs_answer_done"),
    path("erhebungen/<int:pk>/", results.survey_detail, name="survey_detail"),
    path("erhebungen/<int:pk>/bericht.pdf", results.feedback_report, name="feedback_report"),
    path("durchgaenge/<int:pk>/bericht/", results.cohort_report, name="cohort_report"),
    path("durchgaenge/<int:pk>/evaluationsbericht.pdf", results.evaluation_report, name="evaluation_report"),
    path("workshops/", workshops.workshop_list, name="workshop_list"),
    path("workshops/<int:pk>/", workshops.workshop_detail, name="workshop_detail"),
    path("empfehlungen/", workshops.recommendation_list, name="recommendation_list"),
]
