"""A page with nothing but the field for a municipality, and what was made of it; addresses of tests only."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from netzkoord.urls import urlpatterns as own_urlpatterns
from participants.forms.fields import MunicipalitySearchField, MunicipalitySearchForm

PAGE = """{% extends "base.html" %}{% load crispy_forms_filters %}
{% block heading %}Anmeldung{% endblock %}
{% block content %}{% include "components/form_errors.html" with form=form only %}
<form method="post" novalidate>{% csrf_token %}{{ form|crispy }}
{% include "components/submit.html" with label="Weiter" cancel_url="" only %}</form>{% endblock %}"""
ANSWER = """{% extends "base.html" %}{% block heading %}Fertig{% endblock %}
{% block content %}<p>{{ municipality.label }}; {{ municipality.pk }}; {{ remark }}</p>{% endblock %}"""


class PlaceForm(MunicipalitySearchForm):
    remark = forms.CharField(label="Bemerkung")
    municipality = MunicipalitySearchField(label="Kommune", help_text="Die Kommune, aus der Ihr Tandem kommt.")


@login_not_required
def place(request):
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return page_of(request, ANSWER, form.cleaned_data)
    return page_of(request, PAGE, {"form": form})


def page_of(request, template, context):
    return HttpResponse(engines["django"].from_string(template).render(context, request))


urlpatterns = [path("probe/", place), *own_urlpatterns]
