"""The needs of a cohort: taking up what was named, taking it back, and what a module gives to a need."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from curriculum.actions.agenda import NewPoint, lock
from curriculum.actions.agenda_exchange import exchange_unit
from curriculum.models import AgendaItem, Cohort, Module, Unit
from curriculum.queries.agenda import course_print
from evaluation.models import Coverage, CoverageDegree, Need, NeedSource
from evaluation.queries.candidates import candidates_of
from evaluation.queries.variants import Variant, is_adopted, is_gain
from netzkoord.models import User


class NothingLeft(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Everything that was chosen is a source of a need by now."""


class CourseChanged(Exception):  # noqa: N818 -- as above
    """Somebody has changed the course of the session since the variant was shown."""


class AlreadyAdopted(Exception):  # noqa: N818 -- as above
    """The course has been changed since, and has what the variant would bring."""


@transaction.atomic
def take_up(*, need: Need, keys: Collection[str]) -> Need:
    """Make the candidates with these keys sources of the need, which is stored first if it is new.

    The cohort is locked: two people take up each candidate once, and two who give a need the same title mean the
    same one. Raises `NothingLeft`, also where the need has been removed meanwhile.
    """
    cohort = Cohort.objects.select_for_update().get(pk=need.cohort_id)
    chosen = [candidate.source for candidate in candidates_of(cohort).all if candidate.key in keys]
    if not chosen:
        raise NothingLeft
    taking = stored(need)
    for source in chosen:
        source.need = taking
    NeedSource.objects.bulk_create(chosen)
    return taking


def stored(need: Need) -> Need:
    """The need as the database has it, locked; a new one is that of its title, or stored. Raises `NothingLeft`."""
    is_new = need._state.adding
    own = {"title": need.title} if is_new else {"pk": need.pk}
    if found := Need.objects.select_for_update().filter(cohort=need.cohort_id, **own).first():
        return found
    if not is_new:
        raise NothingLeft
    need.save()
    return need


@transaction.atomic
def take_back(*, source: NeedSource) -> bool:
    """Remove a source; and its need, when nothing else is known of it. Whether the need is still there."""
    need = Need.objects.select_for_update().filter(pk=source.need_id).first()
    if need is None:
        return False
    need.sources.filter(pk=source.pk).delete()
    if need.sources.exists() or is_known(need):
        return True
    need.delete()
    return False


def is_known(need: Need) -> bool:
    """Whether anything is kept of the need beside where it was named."""
    has_words = bool(need.understanding or need.outcome)
    return has_words or need.coverages.exists() or need.is_asked


def note(*, need: Need) -> None:
    """Store what was typed; the days say since when it is known how the need is meant, and what became of it."""
    today = timezone.localdate()
    need.understood_on = (need.understood_on or today) if need.understanding else None
    need.outcome_on = (need.outcome_on or today) if need.outcome else None
    need.save()


@transaction.atomic
def set_coverage(
    *, need: Need, module: Module, degree: str, unit: Unit | None, point: AgendaItem | None = None
) -> None:
    """How far the module serves the need, with a unit, a point of the course, or as a whole; an empty degree: not.

    What stands of the same module in an older edition of the cohort's programme gives way.
    """
    Need.objects.select_for_update().get(pk=need.pk)
    Coverage.objects.filter(need=need, module__key=module.key).delete()
    if degree:
        Coverage.objects.create(
            need=need,
            module=module,
            degree=CoverageDegree(degree),
            unit=unit,
            point=point,
            point_title=str(point or ""),
        )


@transaction.atomic
def adopt_variant(*, variant: Variant, seen: str, by: User) -> None:
    """Change the course of the session, and note what that gives to the need; the edition stays as it is.

    `seen` stands for the course on which the variant was shown. When it is another one by now, nothing is done:
    raises `AlreadyAdopted` or `CourseChanged`.
    """
    lock(variant.session)
    if course_print(variant.session) != seen:
        raise AlreadyAdopted if is_adopted(variant) else CourseChanged
    point = NewPoint(variant.kind, variant.minutes, variant.unit, variant.title)
    gains = is_gain(variant)
    item = exchange_unit(session=variant.session, leave_out=variant.leave_out, point=point, by=by)
    if item is None:
        raise CourseChanged
    if gains:
        set_coverage(
            need=variant.need,
            module=variant.session.module,
            degree=variant.degree,
            unit=variant.unit,
            point=item,
        )
