"""Cards that say similar things, as a proposal for a person to take or leave. Calculates without the database.

Words are compared by their German stems (Snowball). Two cards are similar when at least half of the words of the
shorter one stand in the other too; a word also stands in a longer one that begins with it („Netzwerk“ in
„Netzwerkarbeit“).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

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
    for one, other in similar_pairs(words):
        home[root_of(home, other)] = root_of(home, one)
    groups: dict[int, list[int]] = defaultdict(list)
    for card in texts:
        groups[root_of(home, card)].append(card)
    found = [Similar(tuple(cards), shared_word(cards, words)) for cards in groups.values() if len(cards) > 1]
    return sorted(found, key=lambda group: -len(group.cards))


def root_of(home: dict[int, int], card: int) -> int:
    """The card that stands for the whole group; the way there is shortened for those who ask next."""
    while home[card] != card:
        home[card] = home[home[card]]
        card = home[card]
    return card


def words_of(text: str) -> dict[str, str]:
    """Stem → the word as it is written; of a card without a word that counts, all that stands on it."""
    written = [word for word in WORD.findall(text) if len(word) >= SHORTEST_WORD]
    stems = {stem_of(word.lower()): word for word in reversed(written) if word.lower() not in FILLING}
    return stems or ({text.lower(): text} if text else {})


@lru_cache(maxsize=10_000)
def stem_of(word: str) -> str:
    stem: str = snowballstemmer.stemmer("german").stemWord(word)
    return stem


def similar_pairs(words: Mapping[int, Mapping[str, str]]) -> Iterator[tuple[int, int]]:
    """Looks up who shares a word instead of comparing every card with every other: a wall has hundreds."""
    standing_on = cards_by_stem(words)
    for card, stems in words.items():
        shared = Counter(chain.from_iterable(standing_on[stem] for stem in stems))
        for other, number in shared.items():
            if other != card and len(stems) <= len(words[other]) and number / len(stems) >= SHARED:
                yield card, other


def cards_by_stem(words: Mapping[int, Mapping[str, str]]) -> dict[str, set[int]]:
    """Stem → the cards on which it stands, or another stem that is the same word."""
    standing_on: dict[str, set[int]] = defaultdict(set)
    for card, stems in words.items():
        for stem in stems:
            standing_on[stem].add(card)
    found = {stem: set(cards) for stem, cards in standing_on.items()}
    for longer, cards in standing_on.items():
        for length in range(SHORTEST_BEGINNING, len(longer)):
            if (beginning := longer[:length]) in found:
                found[beginning] |= cards
                found[longer] |= standing_on[beginning]
    return found


def shared_word(cards: Sequence[int], words: Mapping[int, Mapping[str, str]]) -> str:
    stems = Counter(stem for card in cards for stem in words[card])
    most = stems.most_common(1)[0][0]
    return next(words[card][most] for card in cards if most in words[card])
