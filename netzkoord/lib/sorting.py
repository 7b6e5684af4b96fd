"""What a page asks of the order of its rows: one moved to a place, or all set anew after dragging.

The page's side are `components/sort_form.html`, `components/sort_buttons.html` and `static/js/sorting.js`; a view
answers them with `answer_sorting`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from netzkoord.lib.ordering import NotTheSameRows, keys_of, moved_to, set_order

CONFLICT = 409
REFUSAL = (
    "Die Liste hat sich inzwischen geändert, die Reihenfolge ist deshalb nicht gespeichert. "
    "Sie sehen jetzt den neuen Stand. Bitte ordnen Sie noch einmal."
)
PLACE = re.compile(r"([0-9]{1,18}):([0-9]{1,9})", re.ASCII)
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)
LIST_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Sorting:
    """What a page asks for: the row with the key `moved` to a place, counted from 1, or all `keys` in a new order.

    Sent twice it asks for the same, so that a double click moves a row once.
    """

    keys: tuple[int, ...] = ()
    moved: int | None = None
    place: int = 0

    def arrange(self, keys: Sequence[int]) -> list[int]:
        """These keys in the order asked for. Raises `NotTheSameRows`."""
        if self.moved is not None:
            return moved_to(keys, self.moved, self.place)
        if sorted(self.keys) != sorted(keys):
            raise NotTheSameRows(f"{len(self.keys)} keys for {len(keys)} rows")
        return list(self.keys)

    def apply(self, rows: QuerySet[Any]) -> None:
        """Give the rows the positions asked for. Raises `NotTheSameRows`."""
        set_order(rows, self.arrange(keys_of(rows)))


def read_sorting(data: QueryDict) -> Sorting:
    """What a page has sent. Raises `NotTheSameRows` for what no page of ours sends."""
    for name in ("up", "down"):
        if name in data:
            place = PLACE.fullmatch(data.get(name, ""))
            if not place:
                raise NotTheSameRows(f"{name} without a row and a place")
            return Sorting(moved=int(place[1]), place=int(place[2]))
    keys = data.getlist("order")
    if not keys or not all(KEY.fullmatch(key) for key in keys):
        raise NotTheSameRows("neither a move nor an order")
    return Sorting(keys=tuple(int(key) for key in keys))


def answer_sorting(request: HttpRequest, sort: Callable[..., object], *, back: str) -> HttpResponse:
    """Call `sort(sorting=…)` as the page asks, and lead back to it with the focus on the button that was pressed.

    A refused order says so in a message; the script learns of it by the status 409 and loads the page anew.
    """
    try:
        sort(sorting=read_sorting(request.POST))
    except NotTheSameRows:
        messages.warning(request, REFUSAL)
        return HttpResponse(status=CONFLICT) if "order" in request.POST else redirect(back)
    return redirect(back + button_fragment(request.POST))


def button_fragment(data: QueryDict) -> str:
    """`#units-up-12`, the id that `components/sort_buttons.html` gives the button; empty after dragging."""
    name, pressed = data.get("list", ""), "up" if "up" in data else "down"
    place = PLACE.fullmatch(data.get(pressed, ""))
    return f"#{name}-{pressed}-{place[1]}" if place and LIST_NAME.fullmatch(name) else ""
