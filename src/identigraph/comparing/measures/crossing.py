"""Every word of a text beside every word of the other, for measures that forgive slips in words."""

from __future__ import annotations

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.measures.bags import Ints, Items, words_of
from identigraph.comparing.measures.edits import jaro_winkler
from identigraph.comparing.measures.kernels import Floats, Texts, lengths_of
from identigraph.encoding import runs

CELLS = 1 << 22
"""Pairs of words that may be held at a time."""


@attrs.frozen(eq=False)
class CrossedWords:
    """The words of the texts of each pair, crossed.

    Args:
        left, right: the words of either side.
        words: the distinct words, by number.
        at_left, at_right: the places in `left` and `right` of the two words of each word pair.
        similarity: the Jaro-Winkler similarity of each word pair.
    """

    left: Items
    right: Items
    words: pl.Series
    at_left: Ints
    at_right: Ints
    similarity: Floats

    @classmethod
    def of(cls, left: Texts, right: Texts, *, distinct: bool) -> CrossedWords:
        """Return the words of the texts of each pair, crossed; `distinct` keeps one of each in a text."""
        a, b, words = words_of(left, right, distinct=distinct)
        at_left, at_right = crossed(a, b)
        similarity = jaro_winkler(words.gather(a.item[at_left]), words.gather(b.item[at_right]))
        return cls(a, b, words, at_left, at_right, similarity.to_numpy())

    def turned(self) -> CrossedWords:
        """Return the same with left and right exchanged."""
        return CrossedWords(self.right, self.left, self.words, self.at_right, self.at_left, self.similarity)


def crossed(left: Items, right: Items) -> tuple[Ints, Ints]:
    """Return each word of a left text with each of the right text of its pair: their places, in that order.

    Examples:
        >>> left, right = Items(np.array([0, 0]), np.array([5, 6]), 1), Items(np.array([0, 0]), np.array([7, 8]), 1)
        >>> [places.tolist() for places in crossed(left, right)]
        [[0, 0, 1, 1], [0, 1, 0, 1]]
    """
    count = right.per_text()
    return runs((np.cumsum(count) - count)[left.text], count[left.text])


def word_pairs(left: Texts, right: Texts) -> Ints:
    """Return at most how many word pairs the texts of each pair have.

    Examples:
        >>> word_pairs(["a b"], ["abcde"]).tolist()
        [6]
    """
    return (lengths_of(left) + 1) // 2 * ((lengths_of(right) + 1) // 2)
