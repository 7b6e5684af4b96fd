"""The apps put together."""

from django.urls import URLPattern, URLResolver, include, path

from netzkoord.views import (
    accounts,
    disclosure,
    editions,
    legal,
    links,
    mail_texts,
    outbox,
    recommendations,
    schedule,
)
from netzkoord.views.health import health
from netzkoord.views.mail_calendar import mail_calendar
from netzkoord.views.own_edition import own_edition, own_module
from netzkoord.views.showcase import showcase
from netzkoord.views.start import cohort_detail, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("anlaesse/<int:pk>/entfernen/", editions.change_cause_remove, name="change_cause_remove"),
    path("bausteine/", showcase, name="showcase"),
    path("durchgaenge/<int:pk>/", cohort_detail, name="cohort_detail"),
    path("durchgaenge/<int:pk>/fassung/", editions.cohort_edition, name="cohort_edition"),
    path("durchgaenge/<int:pk>/absagen/", schedule.cohort_cancel, name="cohort_cancel"),
    path("durchgaenge/<int:pk>/mails/", mail_calendar, name="mail_calendar"),
    path("empfehlungen/<int:pk>/", recommendations.recommendation_detail, name="recommendation_detail"),
    path(
        "empfehlungen/<int:pk>/aenderungen/",
        recommendations.recommendation_change_add,
        name="recommendation_change_add",
    ),
    path("gesundheit/", health, name="health"),
    path("konten/", accounts.account_list, name="account_list"),
    path("konten/neu/", accounts.staff_add, name="staff_add"),
    path("konten/<int:pk>/bearbeiten/", accounts.staff_edit, name="staff_edit"),
    path("konto/", include("netzkoord.account_urls")),
    path("mailtexte/", mail_texts.mail_text_list, name="mail_text_list"),
    path("mailtexte/<str:name>/", mail_texts.mail_text_edit, name="mail_text_edit"),
    path("mailtexte/<str:name>/vorschau/", mail_texts.mail_text_preview, name="mail_text_preview"),
    path("mailtexte/<str:name>/probe/", mail_texts.mail_text_try, name="mail_text_try"),
    path("mailtexte/<str:name>/zuruecksetzen/", mail_texts.mail_text_reset, name="mail_text_reset"),
    path("links/anfordern/", links.link_request, name="link_request"),
    path("links/erneuern/", links.link_renew, name="link_renew"),
    path("links/gesendet/", links.link_sent, name="link_sent"),
    path("meine-daten/", disclosure.own_data, name="own_data"),
    path("meine-daten/auskunft.pdf", disclosure.own_disclosure_paper, name="own_disclosure_paper"),
    path("meine-daten/auskunft.json", disclosure.own_disclosure_file, name="own_disclosure_file"),
    path("personen/<int:pk>/auskunft/", disclosure.disclosure_make, name="disclosure_make"),
    path("mein-programm/<int:pk>/", own_edition, name="own_edition"),
    path("mein-programm/<int:pk>/module/<int:module_pk>/", own_module, name="own_module"),
    path("postausgang/", outbox.outbox, name="outbox"),
    path("postausgang/fehlgeschlagene-senden/", outbox.outbox_resend_failed, name="outbox_resend_failed"),
    path("postausgang/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
    path("postausgang/<int:pk>/adresse/", outbox.outbox_correct, name="outbox_correct"),
    path("postausgang/<int:pk>/als-gesendet/", outbox.outbox_book, name="outbox_book"),
    path("postausgang/<int:pk>/erneut-senden/", outbox.outbox_resend, name="outbox_resend"),
    path("programm/<int:pk>/vergleich/", editions.edition_compare, name="edition_compare"),
    path("programm/<int:pk>/vergleich/<uuid:key>/anlass/", editions.change_cause_add, name="change_cause_add"),
    path("rechtliches/<str:key>/", legal.legal_page, name="legal_page"),
    path("rechtliches/<str:key>/bearbeiten/", legal.legal_page_edit, name="legal_page_edit"),
    path("rechtliches/<str:key>/vorschau/", legal.legal_page_preview, name="legal_page_preview"),
    path("termine/<int:pk>/absagen/", schedule.session_cancel, name="session_cancel"),
    path("termine/<int:pk>/verschieben/", schedule.session_move, name="session_move"),
    path("", include("curriculum.urls")),
    path("", include("participants.urls")),
    path("", include("evaluation.urls")),
]

handler400 = "netzkoord.views.errors.bad_request"
handler403 = "netzkoord.views.errors.permission_denied"
handler404 = "netzkoord.views.errors.page_not_found"
handler429 = "netzkoord.views.errors.too_many_requests"  # asked for by allauth
handler500 = "netzkoord.views.errors.server_error"
