"""Misspelled words: which word of a vocabulary a rare word stands for, one typo away."""

from __future__ import annotations

from functools import cached_property
from re import fullmatch
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import OSA

from identigraph.comparing.strings import Strings
from identigraph.encoding import Encoded, encode
from identigraph.text.cutting import words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SPELLED = r"^[a-z]{5,20}$"
"""Words that may be misspelled: of shorter ones many are one typo apart, and digits mean what they say."""
MORE_OFTEN = 10
"""A word that several records have stands for another that so many times as many have."""
MOST_WORDS = 300_000
"""A larger vocabulary is taken as it stands."""


@attrs.frozen(eq=False, repr=False)
class Vocabulary:
    """The words of a column of texts: what each stands for, and how many records have that.

    Args:
        table: ``word``, in alphabetical order, ``stands``: the word that it stands for, and ``records``.
        total: how many records have a text.
        spelling: whether words that the table lacks are looked for one typo away, as `spelled` does.
    """

    table: pl.DataFrame
    total: int
    spelling: bool = False

    @classmethod
    def of(cls, column: Encoded, *, spelling: bool = False) -> Vocabulary:
        """Return the words of a column.

        Examples:
            >>> column = encode(pl.Series(["silent garden", "silent gardne", "garden"]))
            >>> Vocabulary.of(column, spelling=True).table.rows()
            [('garden', 'garden', 3.0), ('gardne', 'garden', 3.0), ('silent', 'silent', 2.0)]
        """
        once = words(column.values).distinct()
        stands = np.arange(len(once.values))
        if spelling:
            stands = spelled(once.values, np.bincount(once.item, weights=column.counts[once.text]).astype(np.float64))
            once = attrs.evolve(once, item=stands[once.item]).distinct()
        records = np.bincount(once.item, weights=column.counts[once.text], minlength=len(once.values))
        table = {"word": once.values, "stands": once.values.gather(stands), "records": records[stands]}
        return cls(pl.DataFrame(table), column.present, spelling)

    def weights(self, records: Floats) -> Floats:
        """Return how telling words are that so many records have: ``log(1 + records / records with the word)``.

        Examples:
            >>> known = Vocabulary.of(encode(pl.Series(["hall", "garden hall"])))
            >>> known.weights(np.array([1.0, 2.0])).round(3).tolist()
            [1.099, 0.693]
        """
        return np.log1p(max(self.total, 1) / records)

    def known(self, asked: pl.Series) -> pl.DataFrame:
        """Return for each word what it ``stands`` for, and the ``records`` that have that, 1 where it is unknown.

        Examples:
            >>> column = encode(pl.Series(["silent garden", "silent garden"]))
            >>> Vocabulary.of(column, spelling=True).known(pl.Series(["gxrden", "hall"])).rows()
            [('garden', 2.0), ('hall', 1.0)]
        """
        found = self._found(asked)
        unknown = found.get_column("stands").is_null()
        if not (self.spelling and unknown.any()):
            return found.select(pl.col("stands").fill_null(asked), pl.col("records").fill_null(1.0))
        at = unknown.arg_true()
        corrected = pl.Series([self._corrected(word) for word in asked.gather(at)], dtype=pl.String)
        whole = asked.clone().scatter(at, corrected)
        return self._found(whole).select(pl.col("stands").fill_null(whole), pl.col("records").fill_null(1.0))

    def known_word(self, word: str) -> tuple[str, float]:
        """Return what one word stands for, as `known` says, and how telling that is.

        Examples:
            >>> column = encode(pl.Series(["silent garden", "silent garden"]))
            >>> Vocabulary.of(column, spelling=True).known_word("gxrden")
            ('garden', 0.6931471805599453)
        """
        found = self._by_word.get(word)
        if found is None and self.spelling:
            word = self._corrected(word)
            found = self._by_word.get(word)
        return found or (word, self._unknown)

    def ready(self) -> Self:
        """Return the same words, at hand for single words: the first would wait for that."""
        self.known_word("")
        if self.spelling:
            self._by_key  # noqa: B018 - made once
        return self

    def _found(self, asked: pl.Series) -> pl.DataFrame:
        table = asked.to_frame("word").join(self.table, on="word", how="left", maintain_order="left")
        return table.select("stands", "records")

    def _corrected(self, word: str) -> str:
        """Return the word that an unknown one is a typo of: of those one typo away the one that most records have."""
        if not fullmatch(SPELLED, word):
            return word
        near = {other for key in _shortened(word) for other in self._by_key.get(key, ())}
        near = {other for other in near if OSA.distance(word, other, score_cutoff=1) <= 1}
        return min(near, key=lambda other: (-self._often[other], other), default=word)

    @cached_property
    def _by_word(self) -> dict[str, tuple[str, float]]:
        """What each word stands for, and how telling that is."""
        weights = self.weights(self.table.get_column("records").to_numpy()).tolist()
        word, stands = (self.table.get_column(name).to_list() for name in ("word", "stands"))
        return dict(zip(word, zip(stands, weights, strict=True), strict=True))

    @cached_property
    def _unknown(self) -> float:
        """How telling a word is that no record has."""
        return float(self.weights(np.ones(1))[0])

    @cached_property
    def _often(self) -> dict[str, float]:
        """How many records have each word that may be misspelled; none where there are too many words."""
        open_to = self.table.filter(pl.col("word").str.contains(SPELLED))
        often = dict(open_to.select("word", "records").iter_rows())
        return often if len(often) <= MOST_WORDS else {}

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        """The words that may be misspelled, by what is left of each without one letter, and by themselves."""
        by_key: dict[str, list[str]] = {}
        for word in self._often:
            for key in _shortened(word):
                by_key.setdefault(key, []).append(word)
        return by_key

    def __repr__(self) -> str:
        """Return the counts; never a word."""
        return f"<Vocabulary: {self.table.height:,} words of {self.total:,} records>"


def _shortened(word: str) -> set[str]:
    """Return a word, and what is left of it without one letter, whichever."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


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
    better = _better(vocabulary.gather(open_to), records[open_to])
    return _followed(itself, open_to, open_to[better])


def _better(vocabulary: pl.Series, often: Floats) -> Ints:
    """Return for each word the place of the one that it is a misspelling of; its own where it is none."""
    rank = np.empty(len(vocabulary), dtype=np.int64)
    rank[np.lexsort((np.arange(len(vocabulary)), -often))] = np.arange(len(vocabulary))
    word, key = _keys(vocabulary)
    first = np.full(int(key.max()) + 1, len(vocabulary))
    np.minimum.at(first, key, rank[word])
    by_rank = np.argsort(rank)
    other = by_rank[first[key]]
    rarer = (often[word] == 1) | (often[word] * MORE_OFTEN <= often[other])
    at = np.flatnonzero((other != word) & rarer)
    at = at[Strings.of(encode(vocabulary)).osa(word[at].astype(np.int32), other[at].astype(np.int32), 1) <= 1]
    best = rank.copy()
    np.minimum.at(best, word[at], rank[other[at]])
    return by_rank[best]


def _keys(vocabulary: pl.Series) -> tuple[Ints, Ints]:
    """Return each word with each of its keys, numbered: itself, and itself without one letter.

    Words that are one typo apart share a key.
    """
    length = vocabulary.str.len_chars().to_numpy()
    word, keys = [np.arange(len(vocabulary))], [vocabulary]
    for place in range(int(length.max())):
        at = np.flatnonzero(length > place)
        some = vocabulary.gather(at)
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
