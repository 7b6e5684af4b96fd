"""Walking through the public forms as a browser does."""

import re

from django.urls import reverse
from post_office.models import Email

PAYLOAD = re.compile(r'name="payload" value="([^"]+)"')
# Which fields stand in which step of a registration.
STEPS = (
    ("form", "role", "municipality"),
    (
        "salutation",
        "title",
        "given_names",
        "family_name",
        "email",
        "organisation",
        "organisation_type",
        "position",
        "field_of_action",
        "phone",
    ),
    ("partner_email", "superior_email", "contact_list", "pool", "photo"),
)


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
    """Without a second person the form is that of somebody who comes alone."""
    fields = own_fields(role="MANAGER", municipality=municipality.pk, partner_email="") | changes
    return {"form": "TANDEM" if fields["partner_email"] else "ALONE"} | fields


def step_url(cohort, step):
    return reverse("participants:registration_step", args=[cohort.pk, step])


def fill_steps(client, cohort, fields):
    """Sends each step with its own fields; the answer to the last one, followed."""
    for step, names in enumerate(STEPS, start=1):
        data = {name: value for name, value in fields.items() if name in names}
        response = client.post(step_url(cohort, step), data, follow=step == len(STEPS))
    return response


def payload_of(response):
    return PAYLOAD.search(response.content.decode()).group(1)


def register(client, cohort, municipality, **changes):
    """Steps, check, submit; returns the last answer and follows nothing."""
    check = fill_steps(client, cohort, registration_fields(municipality, **changes))
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
