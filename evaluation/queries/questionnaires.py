"""Questionnaires as they are read: the list, one as a whole, and who asks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from curriculum.models import Cohort, Edition, EditionStatus
from evaluation.models import (
    JudgedNeed,
    Need,
    Option,
    Purpose,
    Question,
    Questionnaire,
    Survey,
    SurveyRule,
)
from evaluation.outlines import Outline, outline_from
from evaluation.queries.asking import Step, sheet_of, to_be_judged
from evaluation.queries.timetable import may_still_ask
from evaluation.questionnaires import first_version
from netzkoord.models import User


@dataclass(frozen=True)
class PurposeGroup:
    """The questionnaires for one purpose, all versions of one after another, the newest first."""

    purpose: Purpose
    questionnaires: list[Questionnaire]


def questionnaire_groups(user: User) -> list[PurposeGroup]:
    """Every questionnaire that the user may see, by purpose; one query."""
    seen = Questionnaire.objects.visible_to(user).annotate(
        question_count=Count("sections__questions", distinct=True), survey_count=Count("surveys", distinct=True)
    )
    rows = list(seen.order_by("title", "key", "-version"))
    return [PurposeGroup(purpose, [row for row in rows if row.purpose == purpose]) for purpose in Purpose]


def outline_of(questionnaire: Questionnaire) -> Outline:
    """Sections, questions and options of a questionnaire; three queries."""
    return outline_from(
        questionnaire,
        list(questionnaire.sections.all()),
        list(
            Question.objects.filter(section__questionnaire=questionnaire).order_by("section__position", "position")
        ),
        list(Option.objects.filter(question__section__questionnaire=questionnaire)),
    )


def draft_of(questionnaire: Questionnaire) -> Questionnaire | None:
    """The draft among the versions of this questionnaire, which may be itself."""
    return Questionnaire.objects.drafts().filter(key=questionnaire.key).first()


def other_versions(questionnaire: Questionnaire, user: User) -> list[Questionnaire]:
    seen = Questionnaire.objects.visible_to(user).filter(key=questionnaire.key).exclude(pk=questionnaire.pk)
    return list(seen.order_by("-version"))


def version_before(questionnaire: Questionnaire) -> Questionnaire | None:
    """The released version that this one follows."""
    older = Questionnaire.objects.released().filter(key=questionnaire.key, version__lt=questionnaire.version)
    return older.order_by("-version").first()


def why_release_stays(questionnaire: Questionnaire) -> str:
    """Why a release cannot be taken back, in a sentence; empty where it can."""
    versions = Questionnaire.objects.filter(key=questionnaire.key)
    if count := Survey.objects.filter(questionnaire=questionnaire).count():
        asked = "In einer Erhebung wird" if count == 1 else f"In {count} Erhebungen wird"
        return f"{asked} danach gefragt. Legen Sie für Änderungen eine neue Version an."
    if versions.filter(version__gt=questionnaire.version).exists():
        return "Es gibt schon eine neuere Version. Ändern Sie diese."
    others = Questionnaire.objects.released().filter(purpose=questionnaire.purpose).exclude(pk=questionnaire.pk)
    if not others.exists():
        return (
            f"Es ist der einzige freigegebene Fragebogen für den Zweck „{questionnaire.get_purpose_display()}“. "
            "Legen Sie für Änderungen eine neue Version an."
        )
    is_ruled = SurveyRule.objects.filter(questionnaire__key=questionnaire.key).exists()
    if is_ruled and not others.filter(key=questionnaire.key).exists():
        return (
            "Ein Durchgang fragt nach einer Regel von selbst damit. Legen Sie für Änderungen eine neue Version an."
        )
    return ""


def would_be_usual(questionnaire: Questionnaire) -> bool:
    """Whether it is, once released, what is asked where nobody has chosen: it was there first for its purpose."""
    own = Questionnaire.objects.filter(key=questionnaire.key).order_by("pk").values("pk")[:1]
    others = Questionnaire.objects.released().filter(purpose=questionnaire.purpose).exclude(key=questionnaire.key)
    return not others.annotate(first=first_version()).filter(first__lt=Subquery(own)).exists()


def cohorts_asking(questionnaire: Questionnaire) -> QuerySet[Cohort]:
    """Whose rule names it in any version, and where such a survey may still come."""
    rules = SurveyRule.objects.filter(cohort=OuterRef("pk"), questionnaire__key=questionnaire.key)
    asked = Survey.objects.filter(cohort=OuterRef("pk"), session=None, purpose=questionnaire.purpose)
    return may_still_ask().filter(Exists(rules), ~Exists(asked)).order_by("title", "pk")


def previewable_editions(user: User) -> QuerySet[Edition]:
    """The editions whose topics and competences a preview may show, the newest published one first."""
    seen = Edition.objects.visible_to(user).exclude(status=EditionStatus.DRAFT).select_related("programme")
    return seen.order_by("-published_on", "-pk")


def previewable_cohorts(user: User) -> QuerySet[Cohort]:
    """The cohorts whose needs a preview may show."""
    with_needs = Need.objects.order_by().values("cohort")
    return Cohort.objects.visible_to(user).filter(pk__in=with_needs).order_by("title", "pk")


def previewed_needs(cohort: Cohort | None) -> list[JudgedNeed] | None:
    """As they stand; None without a cohort."""
    return None if cohort is None else to_be_judged(None, cohort.needs.with_weight())


def preview_steps(
    questionnaire: Questionnaire, edition: Edition | None, role: str, needs: Sequence[JudgedNeed] | None
) -> list[Step]:
    """Every section as a step with all that this role may be asked, whatever was answered before. Five queries."""
    sheet = sheet_of(questionnaire, edition.pk if edition else 0, role=role, needs=needs)
    asked: Sequence[Step] = [Step(0, section, questions) for section, questions in sheet.sections if questions]
    return [Step(number, step.section, step.questions) for number, step in enumerate(asked, start=1)]
