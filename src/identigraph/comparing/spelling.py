"""Misspelled words: which word of a vocabulary a rare word stands for, one typo away."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing.strings import Strings
from identigraph.encoding import encode

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SPELLED = r"^[a-z]{5,20}$"
"""Words that may be misspelled: of shorter ones many are one typo apart, and digits mean what they say."""
MORE_OFTEN = 10
"""A word that several records have stands for another that so many times as many have."""
MOST_WORDS = 300_000
"""A larger vocabulary is taken as it stands."""


def spelled(vocabulary: pl.Series, records: Floats) -> Ints:
    """Return for each word the place of the word that it stands for: its own, or that of one a typo away.

    A word of one record stands for the most frequent of the words one typo away, or the first of them; one of several
    records for such a word that ten times as many have. A typo is a letter too many, too few or wrong, or two swapped.

    Args:
        vocabulary: distinct words in alphabetical order.
        records: how many records have each.

    Examples:
        >>> vocabulary = pl.Series(["garden", "gardne", "hall", "halls", "part1", "part2"])
        >>> spelled(vocabulary, np.array([9.0, 1.0, 5.0, 1.0, 1.0, 1.0])).tolist()
        [0, 0, 2, 3, 4, 5]
    """
    itself = np.arange(len(vocabulary))
    open_to = vocabulary.str.contains(SPELLED).arg_true().to_numpy().astype(np.int64)
    if len(open_to) < 2 or len(open_to) > MOST_WORDS:
        return itself
    words, often = vocabulary.gather(open_to), records[open_to]
    better = _better(words, often)
    return _followed(itself, open_to, open_to[better])


def _better(words: pl.Series, often: Floats) -> Ints:
    """Return for each word the place of the one that it is a misspelling of; its own where it is none."""
    rank = np.empty(len(words), dtype=np.int64)
    rank[np.lexsort((np.arange(len(words)), -often))] = np.arange(len(words))
    word, key = _keys(words)
    first = np.full(int(key.max()) + 1, len(words))
    np.minimum.at(first, key, rank[word])
    by_rank = np.argsort(rank)
    other = by_rank[first[key]]
    rarer = (often[word] == 1) | (often[word] * MORE_OFTEN <= often[other])
    at = np.flatnonzero((other != word) & rarer)
    at = at[Strings.of(encode(words)).osa(word[at].astype(np.int32), other[at].astype(np.int32), 1) <= 1]
    best = rank.copy()
    np.minimum.at(best, word[at], rank[other[at]])
    return by_rank[best]


def _keys(words: pl.Series) -> tuple[Ints, Ints]:
    """Return each word with each of its keys, numbered: itself, and itself without one letter.

    Words that are one typo apart share a key.
    """
    length = words.str.len_chars().to_numpy()
    word, keys = [np.arange(len(words))], [words]
    for place in range(int(length.max())):
        at = np.flatnonzero(length > place)
        some = words.gather(at)
        word.append(at)
        keys.append(some.str.slice(0, place) + some.str.slice(place + 1))
    return np.concatenate(word), encode(pl.concat(keys)).codes.astype(np.int64)


def _followed(itself: Ints, open_to: Ints, better: Ints) -> Ints:
    """Return for each word the last of those that it leads to."""
    standing = itself.copy()
    standing[open_to] = better
    while (standing[standing] != standing).any():
        standing = standing[standing]
    return standing
