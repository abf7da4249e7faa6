"""Measures of q-grams: the runs of q neighboring characters that two texts share, wherever they stand.

The q-grams of a text are a bag, a multiset: *banana* has *an* and *na* twice each. Texts are not padded; a text shorter
than q, be it empty, is its own only q-gram and so scores 0 with every other text.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.comparing.measures.bags import Ints, Items, share, shared
from identigraph.comparing.measures.kernels import Floats, Texts, in_portions, lengths_of, measure
from identigraph.errors import ConfigurationError
from identigraph.text.cutting import qgrams

CHARACTERS = 1 << 22
"""Characters that are cut into q-grams at a time."""


@measure
def qgram_jaccard(left: Texts, right: Texts, *, q: int = 2) -> Floats:
    """Return the Jaccard index of the bags of q-grams: the share of all q-grams that both texts have.

    ``shared / (n_a + n_b - shared)`` with n q-grams each, of which ``sum(min(count_a, count_b))`` are shared. Words may
    change places at little cost; one wrong character costs up to q of the q-grams, much in a short text.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        q: characters of a q-gram, 1 or more.

    Returns:
        0 to 1; symmetric; null where either side is null. Texts with the same q-grams in another order score 1.

    Raises:
        ConfigurationError: q is less than 1.

    Examples:
        *ni ig gh ht* and *na ac ch ht* share one of seven.

        >>> round(qgram_jaccard("night", "nacht"), 4)
        0.1429

    References:
        P. Jaccard, "The distribution of the flora in the alpine zone", New Phytologist 11 (1912); E. Ukkonen,
        "Approximate string-matching with q-grams and maximal matches", Theoretical Computer Science 92 (1992).
    """
    both, a, b = _counted(left, right, q)
    return share(both, a + b - both)


@measure
def qgram_dice(left: Texts, right: Texts, *, q: int = 2) -> Floats:
    """Return the Dice coefficient of the bags of q-grams: those shared, as a share of the mean number.

    ``2 * shared / (n_a + n_b)``, counted as in `qgram_jaccard`, J, with which it rises: ``2 J / (1 + J)``.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        q: characters of a q-gram, 1 or more.

    Returns:
        0 to 1; symmetric; null where either side is null. Texts with the same q-grams in another order score 1.

    Raises:
        ConfigurationError: q is less than 1.

    Examples:
        Four q-grams each, one shared.

        >>> qgram_dice("night", "nacht")
        0.25

    References:
        L. R. Dice, "Measures of the amount of ecologic association between species", Ecology 26 (1945).
    """
    both, a, b = _counted(left, right, q)
    return share(2 * both, a + b)


@measure
def qgram_overlap(left: Texts, right: Texts, *, q: int = 2) -> Floats:
    """Return the overlap coefficient of the bags of q-grams: those shared, as a share of the smaller number.

    ``shared / min(n_a, n_b)``, counted as in `qgram_jaccard`. 1 where one text contains the other, which suits
    abbreviated values; so a short text scores high with many long ones.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        q: characters of a q-gram, 1 or more.

    Returns:
        0 to 1; symmetric; null where either side is null. An empty text scores 0 with any other.

    Raises:
        ConfigurationError: q is less than 1.

    Examples:
        >>> qgram_overlap("night", "nacht"), qgram_overlap("ann", "joanna")
        (0.25, 1.0)

    References:
        M. K. Vijaymeena and K. Kavitha, "A survey on similarity measures in text mining", Machine Learning and
        Applications 3 (2016).
    """
    both, a, b = _counted(left, right, q)
    return share(both, np.minimum(a, b))


def _counted(left: Texts, right: Texts, q: int) -> tuple[Ints, Ints, Ints]:
    """Return how many q-grams the texts of each pair share, and how many each has."""
    if q < 1:
        raise ConfigurationError(f"q must be 1 or more, got {q}")
    a, b = lengths_of(left), lengths_of(right)
    q = min(q, max(int(a.max(initial=1)), int(b.max(initial=1))))
    both = in_portions(lambda x, y: _shared(x, y, q), left, right, np.maximum(a, q) + np.maximum(b, q), CHARACTERS)
    return both.astype(np.int64), np.maximum(a - q + 1, 1), np.maximum(b - q + 1, 1)


def _shared(left: Texts, right: Texts, q: int) -> Floats:
    pair, _, often = shared(*Items.of(qgrams(pl.Series([*left, *right], dtype=pl.String), q)).halves())
    return np.bincount(pair, weights=often, minlength=len(left)).astype(np.float64)
