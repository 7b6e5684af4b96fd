"""Addresses of this app."""

from django.urls import path

from curriculum.views import cohorts, editions, sessions, venues

app_name = "curriculum"

urlpatterns = [
    path("programm/", editions.edition_list, name="edition_list"),
    path("programm/<int:pk>/", editions.edition_detail, name="edition_detail"),
    path("durchgaenge/", cohorts.cohort_list, name="cohort_list"),
    path("durchgaenge/neu/", cohorts.cohort_add, name="cohort_add"),
    path("durchgaenge/<int:pk>/bearbeiten/", cohorts.cohort_edit, name="cohort_edit"),
    path("durchgaenge/<int:pk>/ausschreiben/", cohorts.cohort_announce, name="cohort_announce"),
    path("durchgaenge/<int:pk>/termine/", sessions.session_list, name="session_list"),
    path("durchgaenge/<int:pk>/termine/neu/", sessions.session_add, name="session_add"),
    path("termine/<int:pk>/", sessions.session_detail, name="session_detail"),
    path("termine/<int:pk>/bearbeiten/", sessions.session_edit, name="session_edit"),
    path("termine/<int:pk>/loeschen/", sessions.session_delete, name="session_delete"),
    path("orte/", venues.venue_list, name="venue_list"),
    path("orte/neu/", venues.venue_add, name="venue_add"),
    path("orte/<int:pk>/bearbeiten/", venues.venue_edit, name="venue_edit"),
    path("angebote/<int:pk>/", cohorts.announcement, name="announcement"),
]
