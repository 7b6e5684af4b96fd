"""Whether two texts say the same in the same words: rules on plain values, no database.

The register keeps nothing of the answer that an entry comes from, so only the words can tell.
"""

import re

from evaluation.redactions import MARK
from netzkoord.lib.folding import words

NOTHING = re.compile(r"(?!)")


def spoken(text: str) -> str:
    """What is compared: the folded words with a blank between them; what has no word (an emoji) as it stands."""
    return " ".join(words(text) or text.split())


def pattern_of(entry: str) -> re.Pattern[str]:
    """Fits what was `spoken` in the words of the entry; where that is blackened, anything may have been said.

    An entry that is blackened as a whole fits nothing. Each part is looked for once, so that no text takes long.
    """
    first, *others = (literal(part) for part in entry.split(MARK))
    if not any([first, *others]):
        return NOTHING
    if not others:
        return re.compile(first)
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{between}.*{others[-1]}", re.DOTALL)


def literal(part: str) -> str:
    said = spoken(part)
    return rf"(?<!\S){re.escape(said)}(?!\S)" if said else ""
