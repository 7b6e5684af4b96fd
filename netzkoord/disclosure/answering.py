"""What `evaluation` holds about a person: who was asked, who has answered, and what was said by name.

What was said anonymously is not among it: nothing leads from a person to it (docs/anonymity.md).
"""

from evaluation.models import Invitation, MirrorRelease, PersonalAnswer, SurveyComment
from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.shapes import Section, Shown, Value
from netzkoord.models import User

ABSTENTION = "kann ich nicht beurteilen"


def survey_of(row: Invitation, _: User) -> str:
    return str(row.survey)


def said(row: PersonalAnswer, _: User) -> Value:
    return ABSTENTION if row.is_abstention else row.text or str(row.option or "")


def rated(row: PersonalAnswer, _: User) -> str:
    return str(row.topic or row.competence or "")


INVITATION = Shown(
    Invitation,
    "surveys",
    "Erhebungen, zu denen Sie eingeladen sind",
    ("survey", "is_anonymous", "mailed_on", "reminders", "is_answered"),
    left_out={
        "id": "ist eine laufende Nummer",
        "registration": "steht bei Ihren Anmeldungen",
        "link_key": "ist der Schlüssel Ihres Links",
    },
    read={"survey": survey_of},
    added={
        "is_anonymous": ("Anonym", lambda row, _: row.survey.is_anonymous),
        "is_answered": ("Beantwortet", lambda row, _: row.is_answered),
    },
    note="Gespeichert ist, ob Sie geantwortet haben, nicht wann. Was in anonymen Erhebungen geantwortet wurde, "
    "kann niemand einer Person zuordnen.",
)
PERSONAL_ANSWER = Shown(
    PersonalAnswer,
    "personal_answers",
    "Ihre Angaben in der Bedarfserhebung",
    ("question", "about", "answer", "number", "skill", "saved_at"),
    left_out={
        "id": "ist eine laufende Nummer",
        "invitation": "steht bei den Erhebungen",
        "option": "steht als Antwort da",
        "topic": "steht als Gegenstand da",
        "competence": "steht als Gegenstand da",
        "text": "steht als Antwort da",
        "is_abstention": "steht als Antwort da",
    },
    added={"about": ("Gegenstand", rated), "answer": ("Antwort", said)},
    note="„Zahl“ ist bei einem Thema die Wichtigkeit, bei einer Kompetenz Ihre Selbsteinschätzung.",
)
MIRROR_RELEASE = Shown(
    MirrorRelease,
    "mirror_releases",
    "Ihre Freigaben im Tandem-Spiegel",
    ("partner", "released_at"),
    left_out={"id": "ist eine laufende Nummer", "registration": "steht bei Ihren Anmeldungen"},
)
COMMENT = Shown(
    SurveyComment,
    "comments",
    "Ihre Kommentare zu Ergebnissen",
    ("survey", "written_at", "text", "returned_at", "shows_texts"),
    left_out={"id": "ist eine laufende Nummer", "written_by": "sind Sie"},
)
SHOWN = (INVITATION, PERSONAL_ANSWER, MIRROR_RELEASE, COMMENT)


def sections(own: Belonging) -> list[Section]:
    person, halves = own.person, own.registrations
    invitations = Invitation.objects.filter(registration__in=halves).select_related(
        "survey__session__module", "survey__cohort", "participation"
    )
    answers = PersonalAnswer.objects.filter(invitation__registration__in=halves).select_related(
        "question", "option", "topic", "competence"
    )
    releases = MirrorRelease.objects.filter(registration__in=halves).select_related("partner")
    comments = SurveyComment.objects.filter(written_by=person).select_related(
        "survey__session__module", "survey__cohort"
    )
    return [
        Section(
            "surveys",
            "Erhebungen",
            "von Ihnen; wozu Sie eingeladen sind, von der Organisation",
            [
                INVITATION.table(invitations.order_by("survey__opens_at", "pk"), person),
                PERSONAL_ANSWER.table(
                    answers.order_by("invitation", "question__section__position", "question__position", "pk"),
                    person,
                ),
                MIRROR_RELEASE.table(releases, person),
                COMMENT.table(comments.order_by("-written_at", "-pk"), person),
            ],
        )
    ]
