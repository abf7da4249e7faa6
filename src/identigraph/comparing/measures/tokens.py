"""Measures of words: what two texts share where words change places, are missing, or are misspelt.

A word is what stands between white space; punctuation belongs to it.
"""

from __future__ import annotations

import numpy as np
from rapidfuzz import fuzz

from identigraph.comparing.measures.bags import share, shared, without_words, words_of
from identigraph.comparing.measures.crossing import CELLS, CrossedWords, word_pairs
from identigraph.comparing.measures.edits import pairwise
from identigraph.comparing.measures.kernels import Floats, Texts, in_portions, measure


@measure
def token_sort(left: Texts, right: Texts) -> Floats:
    """Return the indel similarity of two texts with their words in alphabetical order.

    ``2 * LCS / (|a| + |b|)`` of the sorted texts. Blind to the order of words; a slip in a first letter may sort a word
    to another place and so cost more than it should.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        >>> token_sort("lee ann", "ann lee"), token_sort("lee ann", "ann leo")
        (1.0, 0.8571428571428572)

    References:
        A. Cohen, "FuzzyWuzzy: fuzzy string matching in Python" (2011), as rapidfuzz computes it.
    """
    return pairwise(fuzz.token_sort_ratio, left, right) / 100


@measure
def token_set(left: Texts, right: Texts) -> Floats:
    """Return the best indel similarity among the shared words, and these with the rest of either text.

    With s the shared words sorted and joined, a and b these followed by the rest of either text: the largest of
    ``indel(s, a)``, ``indel(s, b)`` and ``indel(a, b)``. 1 where the words of one text are all in the other, however
    many more there are: one shared first name with nothing else is enough.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        >>> token_set("ann lee", "lee ann marie"), round(token_set("ann lee", "ann fox"), 4)
        (1.0, 0.6)

    References:
        A. Cohen, "FuzzyWuzzy: fuzzy string matching in Python" (2011), as rapidfuzz computes it.
    """
    return pairwise(fuzz.token_set_ratio, left, right) / 100


@measure
def partial(left: Texts, right: Texts) -> Floats:
    """Return the indel similarity of the shorter text and the part of the longer one that it fits best.

    The parts are the runs of the length of the shorter text, and shorter ones at both ends. 1 where one text contains
    the other; so a short text scores high with many long ones.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null. An empty text scores 0 with any other.

    Examples:
        >>> partial("acme", "the acme company"), partial("acme", "the acne company")
        (1.0, 0.75)

    References:
        A. Cohen, "FuzzyWuzzy: fuzzy string matching in Python" (2011), as rapidfuzz computes it.
    """
    return pairwise(fuzz.partial_ratio, left, right) / 100


@measure
def token_jaccard(left: Texts, right: Texts) -> Floats:
    """Return the Jaccard index of the sets of words: the share of all words that both texts have.

    ``|A & B| / |A | B|``. Order and repetition mean nothing; a misspelt word is another word, and frequent words count
    as much as rare ones.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1.

    Examples:
        Two of three words.

        >>> round(token_jaccard("john smith", "john jacob smith"), 4)
        0.6667

    References:
        P. Jaccard, "The distribution of the flora in the alpine zone", New Phytologist 11 (1912).
    """
    a, b, _ = words_of(left, right, distinct=True)
    both = np.bincount(shared(a, b)[0], minlength=len(left))
    return without_words(share(both, a.per_text() + b.per_text() - both), a, b)


@measure
def monge_elkan(left: Texts, right: Texts) -> Floats:
    """Return the Monge-Elkan similarity: how well each word is matched by the best word of the other text, on average.

    From a to b it is the mean over the words of a of the largest Jaro-Winkler similarity to a word of b; of both
    directions the mean is taken, since each alone is asymmetric. Kind to words that change places with slips in them;
    several words may be matched by the same one, and long texts of unlike words still reach about 0.5.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1, one without scores 0.

    Examples:
        From left to right 1, from right to left (1 + 0) / 2.

        >>> monge_elkan("ann", "ann bob")
        0.75

    References:
        A. E. Monge and C. P. Elkan, "The field matching problem: algorithms and applications", Proceedings of the
        Second International Conference on Knowledge Discovery and Data Mining (1996).
    """
    return in_portions(_monge_elkan, left, right, word_pairs(left, right), CELLS)


def _monge_elkan(left: Texts, right: Texts) -> Floats:
    crossed = CrossedWords.of(left, right, distinct=False)
    mean = (_mean_best(crossed) + _mean_best(crossed.turned())) / 2
    return without_words(mean, crossed.left, crossed.right)


def _mean_best(crossed: CrossedWords) -> Floats:
    """Return the mean over the words of each left text of their largest similarity to a right word."""
    words = crossed.left
    best = np.zeros(len(words.text))
    np.maximum.at(best, crossed.at_left, crossed.similarity)
    return share(np.bincount(words.text, weights=best, minlength=words.texts), words.per_text())
