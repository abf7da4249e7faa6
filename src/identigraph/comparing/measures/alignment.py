"""Words of two texts matched one to one, each with at most one of the other text, so that all matches are worth most.

Invariant: a match is worth at most the lesser weight of its two words, so that no similarity exceeds 1; exchanging left
and right changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from identigraph.comparing.measures.bags import Ints, Items, share, without_words
from identigraph.comparing.measures.crossing import crossed
from identigraph.comparing.measures.kernels import Floats

SURPLUS = 0.25
"""What weight that only one text has counts, beside weight that words of the other text stand against."""

MOST_WORDS = 6
"""Up to so many words in the text with fewer, the best matching is found; beyond, a greedy one."""


def aligned(left: Items, right: Items, weights: Sequence[Floats], similarity: Callable[[Ints, Ints], Floats]) -> Floats:
    """Return the similarity of the texts of each pair by the best one-to-one matching of their words.

    ``matched / (lesser + 0.25 * (greater - lesser))``: matched is the largest sum, over all matchings, of the
    similarity of two words times the lesser of their weights; lesser and greater are the summed weights of the words of
    the lighter and of the heavier text. So a word without a partner costs a fourth of what two words that differ do.

    Args:
        left: the words of the left texts.
        right: the words of the right texts.
        weights: of each word of the left texts, and of each of the right texts.
        similarity: of words by number, 0 to 1, symmetric; it is asked once for each two words.

    Returns:
        0 to 1; 1 where neither text has a word, 0 where one of them has none.

    Examples:
        One word is in both texts, one more in the right one: 1 / (1 + 0.25 * 1).

        >>> left, right = Items(np.array([0]), np.array([5]), 1), Items(np.array([0, 0]), np.array([6, 5]), 1)
        >>> aligned(left, right, [np.ones(1), np.ones(2)], lambda a, b: (a == b) * 1.0).tolist()
        [0.8]
    """
    at_left, at_right = crossed(left, right)
    worth = _of_distinct(similarity, left.item[at_left], right.item[at_right])
    worth *= np.minimum(weights[0][at_left], weights[1][at_right])
    a, b = (np.bincount(s.text, weights=w, minlength=s.texts) for s, w in zip((left, right), weights, strict=True))
    whole = np.minimum(a, b) + SURPLUS * np.abs(a - b)
    return without_words(share(most_worth(worth, left.per_text(), right.per_text()), whole), left, right)


def _of_distinct(similarity: Callable[[Ints, Ints], Floats], a: Ints, b: Ints) -> Floats:
    """Return the similarity of words by number, asked once for each two words."""
    size = 1 + max(int(a.max(initial=0)), int(b.max(initial=0)))
    found, place = np.unique(np.minimum(a, b) * size + np.maximum(a, b), return_inverse=True)
    return similarity(found // size, found % size)[place]


def most_worth(worth: Floats, left: Ints, right: Ints) -> Floats:
    """Return the largest sum of worths of words matched one to one, for each pair of texts.

    Args:
        worth: of each word of a left text with each of the right one, 0 or more, in the order of `crossed`.
        left: how many words each left text has.
        right: how many words each right text has.

    Returns:
        shape (pairs,). Where both texts have more than 6 words it is the sum of a greedy matching: again and again the
        two words that are worth most.

    Examples:
        To take the 0.9 first would leave 0.1.

        >>> most_worth(np.array([0.9, 0.8, 0.8, 0.1]), np.array([2]), np.array([2])).tolist()
        [1.6]
    """
    starts = np.cumsum(left * right) - left * right
    most = np.zeros(len(left))
    for pairs in _alike(left, right):
        a, b = int(left[pairs[0]]), int(right[pairs[0]])
        tables = worth[starts[pairs] + np.arange(a * b)[:, None]].reshape(a, b, len(pairs))
        tables = tables if a <= b else tables.swapaxes(0, 1)
        most[pairs] = _best(tables) if min(a, b) <= MOST_WORDS else _greedy(tables)
    return most


def _alike(left: Ints, right: Ints) -> Iterator[Ints]:
    """Yield the pairs that have the same numbers of words, both above 0."""
    shape = left * (1 + right.max(initial=0)) + right
    filled = np.flatnonzero(left * right)
    order = filled[np.argsort(shape[filled], kind="stable")]
    ends = np.flatnonzero(np.diff(shape[order], append=-1)) + 1
    yield from np.split(order, ends)[:-1]


def _best(tables: Floats) -> Floats:
    """Return the largest sum of each table, by a dynamic program over columns and the sets of rows that are taken.

    Args:
        tables: shape (rows, columns, pairs); at least 0.
    """
    rows, columns, pairs = tables.shape
    best = np.zeros((1 << rows, pairs))
    for column in range(columns):
        for taken in range((1 << rows) - 1, 0, -1):
            for row in range(rows):
                if taken >> row & 1:
                    np.maximum(best[taken], best[taken ^ 1 << row] + tables[row, column], out=best[taken])
    most: Floats = best[-1]
    return most


def _greedy(tables: Floats) -> Floats:
    """Return the sum of taking the largest cell of each table, and no more of its row and column, again and again.

    Of equal cells the first in the order of rows is taken; the order of columns comes to the same sum.
    """
    rest = tables.transpose(2, 0, 1).copy()
    pairs, rows, columns = rest.shape
    every, total = np.arange(pairs), np.zeros(pairs)
    for _ in range(min(rows, columns)):
        row, column = np.divmod(rest.reshape(pairs, -1).argmax(axis=1), columns)
        total += rest[every, row, column]
        rest[every, row] = 0
        rest[every, :, column] = 0
    return total
