"""The apps put together."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", include("netzkoord.account_urls")),
    path("", include("curriculum.urls")),
    path("", include("participants.urls")),
    path("", include("evaluation.urls")),
]
