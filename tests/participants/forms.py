"""Walking through the public form as a browser does."""

import re

from django.urls import reverse
from post_office.models import Email

PAYLOAD = re.compile(r'name="payload" value="([^"]+)"')


def own_fields(**changes):
    return {
        "salutation": "MS",
        "title": "Dr.",
        "given_names": "Anna",
        "family_name": "Müller",
        "email": "anna@stadt.example",
        "organisation": "Stadt Moers",
        "organisation_type": "MUNICIPAL",
    } | changes


def registration_fields(municipality, **changes):
    return own_fields(role="MANAGER", municipality=municipality.pk, partner_email="") | changes


def payload_of(response):
    return PAYLOAD.search(response.content.decode()).group(1)


def register(client, cohort, municipality, **changes):
    """Form, check, submit; returns the last answer, the payload used and follows nothing."""
    check = client.post(
        reverse("participants:registration_add", args=[cohort.pk]),
        registration_fields(municipality, **changes),
        follow=True,
    )
    return client.post(
        reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(check)}
    )


def complete(client, token, **changes):
    check = client.post(reverse("participants:partner_add", args=[token]), own_fields(**changes), follow=True)
    return client.post(reverse("participants:partner_submit", args=[token]), {"payload": payload_of(check)})


def mails():
    """Recipient and first words of every subject, in the order in which they were written."""
    return [(email.to[0], email.subject.partition(":")[0]) for email in Email.objects.order_by("pk")]


def link_in(email):
    """The path of the one link in a mail."""
    return re.search(r"^http://testserver(/\S+)$", email.message, re.MULTILINE).group(1)


def last_mail(to):
    return Email.objects.filter(to=to).order_by("-pk").first()
