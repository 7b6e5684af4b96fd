"""Cards that say similar things, as a proposal for a person to take or leave. Calculates without the database.

Words are compared by their German stems (Snowball). Two cards are similar when at least half of the words of the
shorter one stand in the other too; a word also stands in a longer one that begins with it („Netzwerk“ in
„Netzwerkarbeit“).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import snowballstemmer

SHARED = 0.5
SHORTEST_WORD = 4
SHORTEST_BEGINNING = 5
WORD = re.compile(r"[^\W\d_]+")
# Long enough to count as words, and on every second card.
FILLING = frozenset(
    """
    aber alle allen alles auch beim dann dass diese dieser dieses doch eine einem einen einer eines etwas für
    haben hier ihre immer jede jeder kann kein keine können machen mehr mein meine mich muss müssen nach nicht
    noch oder ohne schon sein seine sich sind soll sollen über unser unsere unter viel viele wenn werden wird
    wollen zwischen welche welcher welches brauchen braucht geht gibt wann warum woher wohin
    """.split()  # noqa: SIM905 -- a list of this length is read as text
)


@dataclass(frozen=True)
class Similar:
    """Cards by their primary keys, and the word that most of them share, as it stands on the first of them."""

    cards: tuple[int, ...]
    word: str


def similar_cards(texts: Mapping[int, str]) -> list[Similar]:
    """Groups of two cards and more, the largest first; every card stands in one group at most."""
    words = {card: words_of(text) for card, text in texts.items()}
    home = {card: card for card in texts}
    for one, other in combinations(texts, 2):
        if are_similar(frozenset(words[one]), frozenset(words[other])):
            joined, left = home[one], home[other]
            home = {card: joined if group == left else group for card, group in home.items()}
    groups = {key: tuple(card for card in texts if home[card] == key) for key in dict.fromkeys(home.values())}
    found = [Similar(cards, shared_word(cards, words)) for cards in groups.values() if len(cards) > 1]
    return sorted(found, key=lambda group: -len(group.cards))


def words_of(text: str) -> dict[str, str]:
    """Stem → the word as it is written."""
    stemmer = snowballstemmer.stemmer("german")
    written = [word for word in WORD.findall(text) if len(word) >= SHORTEST_WORD]
    return {stemmer.stemWord(word.lower()): word for word in reversed(written) if word.lower() not in FILLING}


def are_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return False
    shared = sum(any(is_same(stem, candidate) for candidate in longer) for stem in shorter)
    return shared / len(shorter) >= SHARED


def is_same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter))


def shared_word(cards: tuple[int, ...], words: Mapping[int, Mapping[str, str]]) -> str:
    stems = Counter(stem for card in cards for stem in words[card])
    most = stems.most_common(1)[0][0]
    return next(words[card][most] for card in cards if most in words[card])
