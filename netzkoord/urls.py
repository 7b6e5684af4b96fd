"""The apps put together."""

from django.urls import URLPattern, URLResolver, include, path

from netzkoord.views import accounts, legal, outbox
from netzkoord.views.health import health
from netzkoord.views.showcase import showcase
from netzkoord.views.start import cohort_detail, own_edition, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("bausteine/", showcase, name="showcase"),
    path("durchgaenge/<int:pk>/", cohort_detail, name="cohort_detail"),
    path("gesundheit/", health, name="health"),
    path("konten/", accounts.account_list, name="account_list"),
    path("konten/neu/", accounts.staff_add, name="staff_add"),
    path("konten/<int:pk>/bearbeiten/", accounts.staff_edit, name="staff_edit"),
    path("konto/", include("netzkoord.account_urls")),
    path("mein-programm/<int:pk>/", own_edition, name="own_edition"),
    path("postausgang/", outbox.outbox, name="outbox"),
    path("postausgang/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
    path("postausgang/<int:pk>/erneut-senden/", outbox.outbox_resend, name="outbox_resend"),
    path("rechtliches/<str:key>/", legal.legal_page, name="legal_page"),
    path("rechtliches/<str:key>/bearbeiten/", legal.legal_page_edit, name="legal_page_edit"),
    path("rechtliches/<str:key>/vorschau/", legal.legal_page_preview, name="legal_page_preview"),
    path("", include("curriculum.urls")),
    path("", include("participants.urls")),
    path("", include("evaluation.urls")),
]

handler400 = "netzkoord.views.errors.bad_request"
handler403 = "netzkoord.views.errors.permission_denied"
handler404 = "netzkoord.views.errors.page_not_found"
handler429 = "netzkoord.views.errors.too_many_requests"  # asked for by allauth
handler500 = "netzkoord.views.errors.server_error"
