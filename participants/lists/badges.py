"""Name badges (Namensschilder) on sheets of labels, with the mark of the tandem; a sheet to test the printer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from curriculum.models import Audience, Cohort, Session
from netzkoord.lib import pdf
from netzkoord.lib.letters import printable
from netzkoord.lib.measure import Fitted, fit
from participants.lists.formats import LabelSheet
from participants.models import Registration, Selection, Tandem
from participants.queries.attendance_day import people_of

STYLES = ("css/pdf/badges.css",)
NAME_SIZES = (30, 27, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10, 9, 8, 7)
TEXT_SIZES = (13, 12, 11, 10, 9, 8, 7, 6)
# Of the height inside a label: the line of the mark, the name, the organisation, the municipality.
SHARES = (0.17, 0.4, 0.26, 0.17)
# Stays free of the share above the municipality: it is no third line of an organisation on two.
GAP = 0.05
PADDING = 3.5
MARK_WIDTH, MARK_HEIGHT, NODE = 26, 10, 5


@dataclass(frozen=True)
class Options:
    """What an organiser chooses: the sheet, the first free label on it (from 1), and what is printed."""

    sheet: LabelSheet
    start: int = 1
    shows_role: bool = True
    shows_lines: bool = False


@dataclass(frozen=True)
class Badge:
    """One badge at its place, with every text measured."""

    place: str
    size: str
    name: Fitted
    organisation: Fitted
    municipality: Fitted
    role: str
    number: str
    mark: str


def badge_paper(session: Session, options: Options) -> bytes:
    """Badges of everyone who comes to this session, by name. Raises `pdf.DocumentTooLarge`."""
    numbers = tandem_numbers(session.cohort)
    people = people_of(session)
    return pdf.render(
        "participants/pdf/badges.html",
        {"pages": list(pages(people, numbers, options)), "shows_lines": options.shows_lines},
        title=f"Namensschilder: {session.module}, {session.cohort}",
        description=f"Namensschilder zu {session.module}, {session.cohort}, auf {options.sheet.label}",
        styles=STYLES,
        pictures={f"mark-{role.value}": mark(role) for role in Audience},
    )


def tandem_numbers(cohort: Cohort) -> dict[int, str]:
    """By registration: the number that both halves of a complete tandem carry, in the order of their arrival.

    Who belongs to two tandems, by a reasoned exception, carries both numbers.
    """
    tandems = Tandem.objects.filter(cohort=cohort, selection=Selection.ACCEPTED).prefetch_related("registrations")
    found: dict[int, list[str]] = {}
    for number, tandem in enumerate(tandems.order_by("created_at", "pk"), 1):
        halves = {half.pk for half in tandem.confirmed_registrations()}
        if tandem.shared_half_id:
            halves.add(tandem.shared_half_id)
        for key in halves if len(halves) > 1 else ():
            found.setdefault(key, []).append(str(number))
    return {key: " + ".join(numbers) for key, numbers in found.items()}


def pages(people: list[Registration], numbers: dict[int, str], options: Options) -> Iterator[list[Badge]]:
    """The badges of each sheet; the first begins at the label that is still free."""
    count, used = options.sheet.count, options.start - 1
    badges = [
        badge(person, numbers.get(person.pk, ""), options, place=(used + at) % count)
        for at, person in enumerate(people)
    ]
    first = count - used
    yield badges[:first]
    for begin in range(first, len(badges), count):
        yield badges[begin : begin + count]


def badge(person: Registration, number: str, options: Options, *, place: int) -> Badge:
    sheet = options.sheet
    width, height = sheet.width - 2 * PADDING, sheet.height - 2 * PADDING
    _, name, organisation, municipality = (share * height for share in SHARES)
    return Badge(
        place=position(*sheet.corner(place)),
        size=f"width: {sheet.width:g}mm; height: {sheet.height:g}mm",
        name=fit(printable(person.full_name), width=width, height=name, sizes=NAME_SIZES, bold=True),
        organisation=fit(
            printable(person.organisation), width=width, height=organisation - GAP * height, sizes=TEXT_SIZES
        ),
        municipality=fit(
            printable(person.tandem.municipality.name),
            width=width,
            height=municipality,
            sizes=TEXT_SIZES,
            bold=True,
        ),
        role=person.get_role_display() if options.shows_role else "",
        number=number,
        mark=f"memory:mark-{person.role}",
    )


def position(left: float, top: float) -> str:
    return f"left: {left:.2f}mm; top: {top:.2f}mm"


def mark(role: Audience) -> str:
    """Two nodes joined by a line; the node of one's own half is filled, the left one the manager's."""
    own = {Audience.MANAGER: 0, Audience.COORDINATOR: 1}[role]
    left, right = NODE + 0.5, MARK_WIDTH - NODE - 0.5
    middle = MARK_HEIGHT / 2
    nodes = [node(x, middle, is_filled=at == own) for at, x in enumerate((left, right))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -1 {MARK_WIDTH} {MARK_HEIGHT + 2}">'
        f"<title>Tandem</title>"
        f'<path d="M{left} {middle}H{right}" stroke="#17242a" stroke-width="1.6"/>{"".join(nodes)}</svg>'
    )


def node(x: float, y: float, *, is_filled: bool) -> str:
    fill = "#17242a" if is_filled else "#ffffff"
    return f'<circle cx="{x}" cy="{y}" r="{NODE - 0.8}" fill="{fill}" stroke="#17242a" stroke-width="1.6"/>'


def calibration_paper(sheet: LabelSheet) -> bytes:
    """The outlines of one sheet on plain paper, to be held against the labels before any are used."""
    return pdf.render(
        "participants/pdf/badge_calibration.html",
        {"sheet": sheet, "outlines": outlines(sheet)},
        title=f"Probeblatt: {sheet.label}",
        styles=STYLES,
    )


def outlines(sheet: LabelSheet) -> Iterable[dict[str, Any]]:
    size = f"width: {sheet.width:g}mm; height: {sheet.height:g}mm"
    return [
        {"number": place + 1, "style": f"{position(*sheet.corner(place))}; {size}"} for place in range(sheet.count)
    ]
