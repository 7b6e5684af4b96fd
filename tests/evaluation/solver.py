"""Adding and subtracting sums until fewer than k people are left: exact linear algebra over fractions."""

from collections import Counter
from fractions import Fraction
from itertools import combinations


def smallest_leak(figures, k):
    """The smallest group of fewer than `k` that some combination of the figures speaks of alone; None if none does.

    A figure is a set of people whose values are summed. People who are in the same figures form a cell: no
    combination can tell them apart. A combination speaks of some cells alone exactly when leaving their columns out
    lowers the rank of the figures.
    """
    figures = [frozenset(figure) for figure in figures]
    cells = Counter(tuple(person in figure for figure in figures) for person in frozenset().union(*figures))
    columns, sizes = list(cells), list(cells.values())
    small = [index for index, size in enumerate(sizes) if size < k]
    whole = rank(columns)
    for number in range(1, len(small) + 1):
        for chosen in combinations(small, number):
            size = sum(sizes[index] for index in chosen)
            if size < k and rank([c for index, c in enumerate(columns) if index not in chosen]) < whole:
                return size
        if number >= k:
            break
    return None


def rank(rows):
    """By elimination; nothing is rounded."""
    rows = [[Fraction(int(value)) for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(found, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for index in range(found + 1, len(rows)):
            factor = rows[index][column] / rows[found][column]
            rows[index] = [mine - factor * other for mine, other in zip(rows[index], rows[found], strict=True)]
        found += 1
    return found
