"""Addresses of this app."""

from django.urls import URLPattern, path

from participants.views import (
    attendance,
    calendars,
    certificates,
    invitations,
    materials,
    municipalities,
    municipality_import,
    partners,
    practice_reports,
    registrations,
    selection,
    tandems,
    written_in,
)

app_name = "participants"

urlpatterns: list[URLPattern] = [
    path("angebote/<int:pk>/anmelden/", registrations.registration_add, name="registration_add"),
    path("angebote/<int:pk>/anmelden/pruefen/", registrations.registration_check, name="registration_check"),
    path("angebote/<int:pk>/anmelden/absenden/", registrations.registration_submit, name="registration_submit"),
    path("angebote/<int:pk>/anmelden/fertig/", registrations.registration_done, name="registration_done"),
    path("angebote/<int:pk>/anmelden/tandem-fertig/", partners.partner_done, name="partner_done"),
    path("anmeldung/bestaetigen/<str:token>/", registrations.registration_confirm, name="registration_confirm"),
    path("anmeldung/partner/<str:token>/", partners.partner_add, name="partner_add"),
    path("anmeldung/partner/<str:token>/pruefen/", partners.partner_check, name="partner_check"),
    path("anmeldung/partner/<str:token>/absenden/", partners.partner_submit, name="partner_submit"),
    path("anmeldung/<str:token>/", registrations.registration_status, name="registration_status"),
    path("anmeldung/<str:token>/einladen/", partners.partner_invite, name="partner_invite"),
    path("anmeldung/<str:token>/zurueckziehen/", registrations.registration_withdraw, name="registration_withdraw"),
    path("anmeldung/<str:token>/termine.ics", calendars.own_calendar, name="own_calendar"),
    path(
        "anmeldung/<str:token>/einladung/<int:pk>.pdf", invitations.invitation_download, name="invitation_download"
    ),
    path("durchgaenge/<int:pk>/anmeldungen/", tandems.tandem_list, name="tandem_list"),
    path("durchgaenge/<int:pk>/anmeldungen/entscheiden/", tandems.tandem_decide, name="tandem_decide"),
    path("durchgaenge/<int:pk>/anmeldungen/entscheiden/senden/", tandems.decision_send, name="decision_send"),
    path("durchgaenge/<int:pk>/anmeldungen/tabelle.csv", tandems.tandem_export, name="tandem_export"),
    path("durchgaenge/<int:pk>/auswahl/", selection.selection_desk, name="selection_desk"),
    path("durchgaenge/<int:pk>/auswahl/linie/", selection.selection_line, name="selection_line"),
    path("durchgaenge/<int:pk>/auswahl/pruefen/", selection.selection_check, name="selection_check"),
    path("durchgaenge/<int:pk>/auswahl/senden/", selection.selection_send, name="selection_send"),
    path("tandems/<int:pk>/auswahl/", selection.selection_override, name="selection_override"),
    path("tandems/<int:pk>/", tandems.tandem_detail, name="tandem_detail"),
    path("anmeldungen/<int:pk>/bearbeiten/", tandems.registration_edit, name="registration_edit"),
    path("kommunen/", municipalities.municipality_list, name="municipality_list"),
    path("kommunen/suche/", municipalities.municipality_search, name="municipality_search"),
    path("kommunen/einlesen/", municipality_import.municipality_import, name="municipality_import"),
    path("kommunen/eingetragen/", written_in.written_in_list, name="written_in_list"),
    path("kommunen/eingetragen/<int:pk>/", written_in.written_in_match, name="written_in_match"),
    path("kommunen/neu/", municipalities.municipality_add, name="municipality_add"),
    path("kommunen/<int:pk>/bearbeiten/", municipalities.municipality_edit, name="municipality_edit"),
    path("termine/<int:pk>/anwesenheit/", attendance.attendance_edit, name="attendance_edit"),
    path("termine/<int:pk>/anwesenheit/stand.json", attendance.attendance_state, name="attendance_state"),
    path("durchgaenge/<int:pk>/anwesenheit/", attendance.attendance_overview, name="attendance_overview"),
    path(
        "mein-durchgang/<int:pk>/erlebnisberichte/",
        practice_reports.own_practice_reports,
        name="own_practice_reports",
    ),
    path("mein-material/<int:pk>/", materials.own_material, name="own_material"),
    path("durchgaenge/<int:pk>/bescheinigungen/", certificates.certificate_list, name="certificate_list"),
    path(
        "durchgaenge/<int:pk>/bescheinigungen/ausstellen/", certificates.certificate_issue, name="certificate_issue"
    ),
    path("bescheinigungen/<int:pk>.pdf", certificates.certificate_download, name="certificate_download"),
    path("bescheinigungen/<int:pk>/widerrufen/", certificates.certificate_revoke, name="certificate_revoke"),
    path("termine/<int:pk>/einladung/", invitations.invitation_send, name="invitation_send"),
    path("kalender/", calendars.calendar_feed, name="calendar_feed"),
    path("kalender/anlegen/", calendars.calendar_feed_create, name="calendar_feed_create"),
    path("kalender/erneuern/", calendars.calendar_feed_renew, name="calendar_feed_renew"),
    path("kalender/widerrufen/", calendars.calendar_feed_revoke, name="calendar_feed_revoke"),
    path("kalender/<str:key>.ics", calendars.calendar_feed_file, name="calendar_feed_file"),
    path("pruefen/", certificates.certificate_check, name="certificate_check"),
    path("pruefen/<str:code>/", certificates.certificate_verify, name="certificate_verify"),
]
