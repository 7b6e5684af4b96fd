"""Finding a survey by the code on the wall, and in it who is signed in."""

from django.contrib.auth.models import AnonymousUser

from evaluation.models import Invitation, Survey
from evaluation.models.surveys import CODE_LENGTH
from netzkoord.lib import codes
from netzkoord.models import User
from participants.models import Registration

# Where room codes are signed and typed, see `netzkoord.lib.codes`.
ROOM = "room"


def survey_in_room(code: str) -> Survey | None:
    """The anonymous survey with this code, typed with or without blanks, hyphen and capitals; one query."""
    typed = "".join(character for character in code.upper() if character.isalnum())[: CODE_LENGTH + 1]
    return Survey.objects.anonymous().filter(room_code=typed).select_related("cohort", "session__module").first()


def signed_code(survey: Survey) -> str:
    """The room code as the QR code says it."""
    return codes.signed(survey.room_code, place=ROOM)


def may_show_code(user: User) -> bool:
    """Organisers, and trainers of what they see at all: the feedback on their own sessions; readers do not ask."""
    return user.has_perm("evaluation.change_survey") or not user.has_perm("evaluation.view_all_surveys")


def grouped(code: str) -> str:
    return f"{code[:3]}-{code[3:]}"


def own_invitation(survey: Survey, user: User | AnonymousUser) -> Invitation | None:
    if not user.is_authenticated:
        return None
    own = Registration.objects.active().filter(person=user)
    return survey.invitations.filter(registration__in=own).first()
