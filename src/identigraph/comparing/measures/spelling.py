"""Pairs of words by number: how alike they are spelt, and whether one is the beginning of the other.

The words are the distinct words of some texts; `a` and `b` are the numbers of the two words of each pair.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from rapidfuzz.distance import JaroWinkler

from identigraph.comparing.measures.bags import Ints
from identigraph.comparing.measures.edits import pairwise
from identigraph.comparing.measures.kernels import Floats, Texts
from identigraph.text.tokens import replace_tokens

INITIAL = 0.85
BEGINNING = 0.9
SHORTEST_BEGINNING = 3
"""Letters that an abbreviation has at least, other than an initial."""


def spelt_alike(words: pl.Series, a: Ints, b: Ints, *, least: float = 0.0) -> Floats:
    """Return the Jaro-Winkler similarity, or what one word being the beginning of the other is worth, where it is more.

    An initial is worth 0.85 with the words it begins, a beginning of three letters and more 0.9.

    Args:
        words: the distinct words.
        a: the number of one word of each pair.
        b: the number of the other.
        least: a similarity below it becomes 0.

    Examples:
        >>> words = pl.Series(["smith", "smyth", "s", "univ", "university"])
        >>> spelt_alike(words, np.array([0, 0, 3, 0]), np.array([1, 2, 4, 3]), least=0.5).round(4).tolist()
        [0.8933, 0.85, 0.9, 0.0]
    """
    letters = np.array(words.to_list(), dtype=object)
    similarity = pairwise(JaroWinkler.similarity, letters[a].tolist(), letters[b].tolist())
    similarity = np.maximum(similarity, _beginnings(words, a, b))
    return np.where(similarity >= least, similarity, 0.0)


def _beginnings(words: pl.Series, a: Ints, b: Ints) -> Floats:
    """Return what one word being the beginning of the other is worth, 0 where neither is."""
    length, first = words.str.len_chars().to_numpy(), words.str.head(1).rank("dense").to_numpy()
    likely = np.flatnonzero((first[a] == first[b]) & (length[a] != length[b]))
    x, y = a[likely], b[likely]
    shorter, longer = np.where(length[x] < length[y], (x, y), (y, x))
    pairs = pl.DataFrame({"shorter": words.gather(shorter), "longer": words.gather(longer)})
    begins = pairs.select(pl.col("longer").str.starts_with(pl.col("shorter"))).to_series().to_numpy()
    worth = np.select([length[shorter] == 1, length[shorter] >= SHORTEST_BEGINNING], [INITIAL, BEGINNING], 0.0)
    beginnings = np.zeros(len(a))
    beginnings[likely] = begins * worth
    return beginnings


def respelt(values: Texts, table: Mapping[str, str]) -> Texts:
    """Return texts with single spaces between words, and words, or runs of words, replaced as the table says.

    Examples:
        >>> respelt(["acme  intl", "the"], {"intl": "international", "the": ""})
        ['acme international', '']
    """
    spaced = pl.Series(values, dtype=pl.String).str.replace_all(r"\s+", " ")
    return replace_tokens(spaced, table).fill_null("").to_list()
