"""What tests of the pieces of a draft share."""

from html import unescape

from curriculum.models import Competence, CompetenceArea, Responsibility, ResponsibilityLevel
from netzkoord.models import AuditAction, AuditEvent

MARKUP = "<script>alert(1)</script>"
# What is typed into a field that is printed → the one sentence that answers it.
BAD_TEXT = [
    ("Netz\u202ewerk", "U+202E ("),
    ("Netz\x00werk", "Nullzeichen sind nicht erlaubt."),
    ("李", "kann nicht gedruckt werden"),
    ("x" * 5000, "Platz ist für"),
]


def page_data(response):
    """What the browser of this person would send back, unchanged, from the form on the page: lists by name."""
    data = {}
    for field in response.context["form"]:
        value = field.value()
        if isinstance(value, list):
            data[field.name] = [str(key) for key in value]
        elif value is not False:
            data[field.name] = ["" if value is None else str(value)]
    return data


def changed(data, **values):
    return data | {name: value if isinstance(value, list) else [str(value)] for name, value in values.items()}


def text_of(response):
    return unescape(response.content.decode())


def errors_in(response):
    return [str(error) for errors in response.context["form"].errors.values() for error in errors]


def audit_lines():
    return list(AuditEvent.objects.filter(action=AuditAction.EDITION_CHANGED).order_by("pk"))


def add_competence(edition):
    area = CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")
    return Competence.objects.create(area=area, position=1, name="Netzwerke verstehen")


def add_level(edition):
    return ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.STRATEGIC, question="Wohin?", responsible="Leitung"
    )
