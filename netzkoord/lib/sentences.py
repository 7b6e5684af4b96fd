"""Pieces of German sentences: several names, a number with its word, rows of a table."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Model

# So many rows of one kind are named one by one; more are counted.
NAMED = 3


def listed(parts: Sequence[str]) -> str:
    """„A“, „A und B“, „A, B und C“."""
    return " und ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def quoted(names: Iterable[object]) -> str:
    """The same with each name in German quotation marks."""
    return listed([f"„{name}“" for name in names])


def counted(count: int, one: str, many: str) -> str:
    """„1 Lernziel“, „3 Lernziele“, „keine Lernziele“."""
    return f"{count} {one}" if count == 1 else f"{count or 'keine'} {many}"


def spans(numbers: Iterable[int]) -> str:
    """„1–3, 7“ for 1, 2, 3 and 7; empty for none."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def rows_in_words(rows: Iterable[Model]) -> tuple[str, ...]:
    """„Durchgang „Hannover 2027““ for a few rows of a kind, „22 Anmeldungen“ for many."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    return tuple(sorted(text for model, own in by_model.items() for text in kind_in_words(model, own)))


def kind_in_words(model: type[Model], rows: list[Model]) -> list[str]:
    options = model._meta
    if len(rows) > NAMED:
        return [f"{len(rows)}\u00a0{options.verbose_name_plural}"]
    return [f"{options.verbose_name} „{row}“" for row in rows]
