"""Measures of postal addresses.

Made for house number and street as `identigraph.fields.Address` normalizes them, words of lower-case letters and
digits; others are compared as they stand.
"""

from __future__ import annotations

from functools import partial

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing.measures.alignment import aligned
from identigraph.comparing.measures.bags import Ints, Items, words_of
from identigraph.comparing.measures.crossing import CELLS, word_pairs
from identigraph.comparing.measures.joining import joined
from identigraph.comparing.measures.kernels import Floats, Texts, in_portions, measure
from identigraph.comparing.measures.spelling import respelt, spelt_alike
from identigraph.fields.address_words import STREET_WORDS

HOUSE_NUMBER = r"^[0-9]+[a-z]?(?:[-/][0-9]+[a-z]?)?$"
ONE_MISSING = 0.9
SHARED = 0.85
DIFFERENT = 0.5
LEAST = 0.8
"""Words less alike than this count as different."""
FREQUENT = 0.3


@measure
def address(left: Texts, right: Texts) -> Floats:
    """Return how alike two addresses of one line are: the similarity of the streets times that of the house numbers.

    The house number is the first word of digits, with or without a letter or a second number behind (*12*, *12a*,
    *12-14*). Its factor is 1 where the numbers are equal or neither address has one, 0.9 where one has none, 0.85 where
    they share a number (*12* and *12a*, *12-14* and *14*), and 0.5 where they differ.

    The street is all the rest: ``matched / (lesser + 0.25 * (greater - lesser))``. Matched is the largest sum, over all
    ways to match each word with at most one of the other street, of the similarity of two words times the lesser of
    their weights; lesser and greater are the summed weights of the words of the lighter and of the heavier street. The
    similarity is 1 for two spellings of one word (*street*, *st*), else that of Jaro-Winkler, or 0.9 where one word has
    three letters or more and begins the other, or 0.85 where it is its first letter; it is 0 below 0.8, and for unequal
    words with a digit. A word weighs 1, types of streets and directions 0.3. Two or three neighboring words that only
    the other street writes as one are joined. Up to 6 words in the shorter street the matching is the best one; beyond,
    the two words that are worth most are matched again and again.

    Towns and postcodes are better compared by themselves: here they are words of the street.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null. Where neither address has a street, the factor of the house
        numbers alone; where one has none, 0.

    Examples:
        The streets are equal; then *main* differs, which leaves 0.3 of 1.3.

        >>> address("12 main st", "main street 12a"), address("12 main st", "14 main st"), address("1 oak st", "oak st")
        (0.85, 0.5, 0.9)
        >>> round(address("12 main st", "12 oak st"), 4)
        0.2308
    """
    return in_portions(_address, left, right, word_pairs(left, right), CELLS)


def _address(left: Texts, right: Texts) -> Floats:
    a, b, words = words_of(respelt(left, STREET_WORDS), respelt(right, STREET_WORDS), distinct=False)
    house = words.str.contains(HOUSE_NUMBER).to_numpy()
    (a, number_a), (b, number_b) = _taken_apart(a, house), _taken_apart(b, house)
    a, b = joined(a, b, words)
    short = [word for word in STREET_WORDS.values() if word.isalpha()]
    weight = np.where(words.is_in(short).to_numpy(), FREQUENT, 1.0)
    streets = aligned(a, b, [weight[a.item], weight[b.item]], partial(_words_alike, words))
    return streets * _numbers_alike(words, number_a, number_b)


def _taken_apart(lines: Items, house: npt.NDArray[np.bool_]) -> tuple[Items, Ints]:
    """Return the words of the streets, and the word that is the house number of each line, -1 for none."""
    at = np.flatnonzero(house[lines.item])
    first = at[np.flatnonzero(np.diff(lines.text[at], prepend=-1))]
    number = np.full(lines.texts, -1, dtype=np.int64)
    number[lines.text[first]] = lines.item[first]
    street = attrs.evolve(lines, text=np.delete(lines.text, first), item=np.delete(lines.item, first))
    return street, number


def _words_alike(words: pl.Series, a: Ints, b: Ints) -> Floats:
    digits = words.str.contains("[0-9]").to_numpy()
    return np.where(digits[a] | digits[b], a == b, spelt_alike(words, a, b, least=LEAST))


def _numbers_alike(words: pl.Series, a: Ints, b: Ints) -> Floats:
    """Return the factor of the house numbers of each pair, by the numbers of their words."""
    parts = words.str.extract_all("[0-9]+")
    both = np.flatnonzero((a >= 0) & (b >= 0) & (a != b))
    pairs = pl.DataFrame({"a": parts.gather(a[both]), "b": parts.gather(b[both])})
    common = pairs.select(pl.col("a").list.set_intersection("b").list.len() > 0).to_series().to_numpy()
    factor = np.where(a == b, 1.0, ONE_MISSING)
    factor[both] = np.where(common, SHARED, DIFFERENT)
    return factor
