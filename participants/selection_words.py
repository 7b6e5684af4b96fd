"""Why somebody stands at a rank, in words."""

from curriculum.models import Criterion
from curriculum.rules import Rule
from netzkoord.templatetags.german import NBSP, german_datetime
from participants.selection import Candidate, Count, Group, Ranked

GROUPS = {
    Group.COMPLETE: "vollständiges Tandem",
    Group.HALF: "eine Person bestätigt",
    Group.UNCONFIRMED: "noch nicht bestätigt",
    Group.DISSOLVED: "gelöst",
}


def explanation(row: Ranked, rule: Rule) -> str:
    """„vollständiges Tandem; erste Anmeldung aus Moers; 2. im Land Hessen; Eingang Sa, 3. Oktober 2026, …“"""
    parts = [standing(row.candidate), *filter(None, map(count_in_words, row.counts))]
    if rule.is_by_weight:
        parts.append(f"zusammen {points(row)}")
    return "; ".join([*parts, tie_in_words(row)])


def standing(candidate: Candidate) -> str:
    if len(candidate.keys) > 1:
        return f"{len(candidate.keys)}{NBSP}Tandems mit einer gemeinsamen Person"
    return GROUPS[candidate.group]


def count_in_words(count: Count) -> str:
    """„erste Anmeldung aus Moers“, „2. aus Moers“; empty where there is nothing to say."""
    if count.criterion == Criterion.DECLINED_BEFORE:
        return "" if count.ordinal else "früher ohne Platz"
    which = "erste Anmeldung" if count.ordinal == 1 else f"{count.ordinal}."
    return f"{which} {of_trait(count)}"


def of_trait(count: Count) -> str:
    label = count.trait.label
    if count.criterion == Criterion.NEW_MUNICIPALITY:
        return f"aus {label}"
    if count.criterion == Criterion.STATE_SPREAD:
        return f"im Land {label}"
    if count.criterion == Criterion.FIELD_SPREAD:
        return f"im Handlungsfeld {label}" if label else "ohne Handlungsfeld"
    return label or "ohne Angabe zur Art der Organisation"


def points(row: Ranked) -> str:
    return f"{row.score[0]}{NBSP}Punkte"


def tie_in_words(row: Ranked) -> str:
    if row.lot:
        return f"Nummer{NBSP}{row.candidate.key}, Los{NBSP}{row.lot}"
    return f"Eingang {german_datetime(row.candidate.arrived_at)}"


def behind(ahead: Ranked, row: Ranked, rule: Rule) -> str:
    """„hinter Rang 6 (Köln), weil …“: the first thing in which the two differ."""
    return f"hinter Rang{NBSP}{ahead.rank} ({ahead.candidate.name}): {difference(ahead, row, rule)}"


def difference(ahead: Ranked, row: Ranked, rule: Rule) -> str:
    if ahead.candidate.placed and not row.candidate.placed:
        return "dort ist der Platz schon vergeben"
    if ahead.candidate.group != row.candidate.group:
        return f"dort {GROUPS[ahead.candidate.group]}, hier {GROUPS[row.candidate.group]}"
    if ahead.score != row.score:
        return counts_apart(ahead, row, rule)
    return "sonst gleich, im Los dahinter" if row.lot else "sonst gleich, später eingegangen"


def counts_apart(ahead: Ranked, row: Ranked, rule: Rule) -> str:
    if rule.is_by_weight:
        return f"dort {points(ahead)}, hier {points(row)}"
    pairs = zip(ahead.counts, row.counts, strict=True)
    theirs, mine = next((one, other) for one, other in pairs if one.ordinal != other.ordinal)
    if mine.criterion == Criterion.DECLINED_BEFORE:
        return "dort früher ohne Platz"
    return f"dort {count_in_words(theirs)}, hier {count_in_words(mine)}"
