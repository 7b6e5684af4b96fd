"""The workshops of a session, for pages of apps that know no workshop."""

from django import template
from django.db.models import QuerySet

from curriculum.models import Session
from evaluation.models import Workshop

register = template.Library()


@register.simple_tag
def workshops_of(session: Session) -> QuerySet[Workshop]:
    return session.workshops.all()
