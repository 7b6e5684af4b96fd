"""The apps put together."""

from django.urls import URLPattern, URLResolver, include, path

from netzkoord.views.showcase import showcase

urlpatterns: list[URLPattern | URLResolver] = [
    path("bausteine/", showcase, name="showcase"),
    path("konto/", include("netzkoord.account_urls")),
    path("", include("curriculum.urls")),
    path("", include("participants.urls")),
    path("", include("evaluation.urls")),
]

handler400 = "netzkoord.views.errors.bad_request"
handler403 = "netzkoord.views.errors.permission_denied"
handler404 = "netzkoord.views.errors.page_not_found"
handler429 = "netzkoord.views.errors.too_many_requests"  # asked for by allauth
handler500 = "netzkoord.views.errors.server_error"
