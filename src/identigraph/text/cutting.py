"""Texts cut into pieces that can be shared: words, character q-grams, suffixes; each distinct piece has a number.

Invariant: pieces are numbered in alphabetical order and without gaps when texts are cut, so that the numbers are a
function of the set of texts, and what is sorted or added up by them does not depend on the order of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import encode, runs

Ints = npt.NDArray[np.int64]

MOST_CODES = 2**62
"""Up to so many possible q-grams are told apart by one number; beyond, those that occur are numbered on the way."""

COUNTED = 2**22
"""Up to so many possible q-grams are counted, more are sorted."""

BLANKS = "".join(map(chr, [*range(9, 14), 32, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288]))
"""White space of Unicode, of which a blank value is made."""

SPACES = re.compile(f"[{BLANKS}]+")

SPARSE = 8
"""So many times as many possible q-grams as there are q-grams are sorted too."""


@attrs.frozen(eq=False, repr=False)
class Cut:
    """The pieces of some texts. Made by `words`, `qgrams` and `suffixes`.

    Args:
        text: the place of the text of each piece; rising.
        item: the number of each piece, a place in `values`.
        texts: how many texts there are.
        find: returns the distinct pieces.
    """

    text: Ints
    item: Ints
    texts: int
    find: Callable[[], pl.Series]

    @cached_property
    def values(self) -> pl.Series:
        """The distinct pieces, in alphabetical order."""
        return self.find()

    def pieces(self) -> list[tuple[int, str]]:
        """Return the place of the text, and the piece, of each piece."""
        return list(zip(self.text.tolist(), self.values.gather(self.item).to_list(), strict=True))

    def per_text(self) -> Ints:
        """Return how many pieces each text has.

        Examples:
            >>> words(pl.Series(["ann lee ann", "", "bob"])).per_text().tolist()
            [3, 0, 1]
        """
        return np.bincount(self.text, minlength=self.texts)

    def counted(self) -> tuple[Cut, Ints]:
        """Return each piece once per text, rising by number within a text, and how often it stands there.

        Examples:
            >>> once, often = words(pl.Series(["lee ann lee"])).counted()
            >>> once.pieces(), often.tolist()
            ([(0, 'ann'), (0, 'lee')], [1, 2])
        """
        both = np.sort(self.text << 32 | self.item)
        starts = np.flatnonzero(np.diff(both, prepend=-1))
        once = attrs.evolve(self, text=both[starts] >> 32, item=both[starts] & 0xFFFFFFFF)
        return once, np.diff(starts, append=len(both))

    def taken(self, texts: Ints) -> Cut:
        """Return the pieces of the given texts, which may repeat.

        Examples:
            >>> words(pl.Series(["ann lee", "bob"])).taken(np.array([1, 0, 1])).pieces()
            [(0, 'bob'), (1, 'ann'), (1, 'lee'), (2, 'bob')]
        """
        count = self.per_text()
        text, place = runs((np.cumsum(count) - count)[texts], count[texts])
        return attrs.evolve(self, text=text, item=self.item[place], texts=len(texts))

    def distinct(self) -> Cut:
        """Return each piece once per text, rising by number within a text."""
        return self.counted()[0]


def words(values: pl.Series) -> Cut:
    """Return the words of each value: what stands between white space, in its order.

    Args:
        values: strings, no nulls.

    Examples:
        >>> words(pl.Series(["lee ann lee", " "])).pieces()
        [(0, 'lee'), (0, 'ann'), (0, 'lee')]
    """
    lists = values.str.replace_all(r"[^\S ]", " ").str.split(" ")
    text, pieces = np.repeat(np.arange(len(values)), lists.list.len().to_numpy()), lists.explode()
    blank = pieces == ""
    return _numbered(text[~blank.to_numpy()], pieces.filter(~blank), len(values))


def words_of(text: str) -> list[str]:
    """Return the words of one text, as `words` cuts it.

    Examples:
        >>> words_of(" lee ann ")
        ['lee', 'ann']
    """
    if text.isascii() and text.isprintable():
        return text.split()
    return [word for word in SPACES.split(text) if word]


def suffixes(values: pl.Series, shortest: int) -> Cut:
    """Return the endings of each value that have at least `shortest` characters, the shortest first.

    Args:
        values: strings, no nulls.
        shortest: characters of the shortest ending, 1 or more.

    Examples:
        >>> suffixes(pl.Series(["smith", "ng"]), 3).pieces()
        [(0, 'ith'), (0, 'mith'), (0, 'smith')]
    """
    letters = values.str.len_chars().to_numpy().astype(np.int64)
    text, length = runs(np.full(len(values), shortest), np.maximum(letters - shortest + 1, 0))
    return _numbered(text, values.gather(text).str.tail(pl.Series(length)), len(values))


def qgrams(values: pl.Series, q: int) -> Cut:
    """Return the q-grams of each value: all runs of q neighboring characters, in their order.

    A value that is shorter is a q-gram of its own, unless it is empty. Characters become digits, and a q-gram one
    number of q digits; only the distinct ones are cut out as text, and only when they are asked for.

    Args:
        values: strings, no nulls.
        q: characters of a q-gram, 1 or more.

    Examples:
        >>> qgrams(pl.Series(["anna", "an", ""]), 3).pieces()
        [(0, 'ann'), (0, 'nna'), (1, 'an')]
    """
    letters = values.str.len_chars().to_numpy().astype(np.int64)
    filled = np.where(letters > 0, np.maximum(letters, q), 0)
    starts = np.cumsum(filled) - filled
    text, at = runs(starts, np.maximum(filled - q + 1, 0))
    item, first = _ranked(_filled(values, letters, filled), at, q)
    found = text[first]
    return Cut(text, item, len(values), partial(_cut_out, values, found, at[first] - starts[found], q))


def _numbered(text: Ints, pieces: pl.Series, texts: int) -> Cut:
    """Return the pieces, which are no empty strings, as a cut."""
    encoded = encode(pieces)
    return Cut(text, encoded.codes.astype(np.int64), texts, lambda: encoded.values)


def _cut_out(values: pl.Series, text: Ints, place: Ints, q: int) -> pl.Series:
    """Return the q characters from each place of a text on."""
    frame = pl.DataFrame({"piece": values.gather(text), "place": place})
    return frame.select(pl.col("piece").str.slice("place", q)).to_series()


def _filled(values: pl.Series, letters: Ints, filled: Ints) -> npt.NDArray[np.uint32]:
    """Return the characters of all values as numbers above 0, short values filled up with zeros."""
    characters = np.frombuffer(values.str.join().item().encode("utf-32-le"), dtype=np.uint32) + np.uint32(1)
    missing = filled - letters
    return np.insert(characters, np.repeat(np.cumsum(letters), missing), 0) if missing.any() else characters


def _ranked(characters: npt.NDArray[np.uint32], at: Ints, q: int) -> tuple[Ints, Ints]:
    """Return the rank of the q characters from each place on among those there are, and where in `at` each is found."""
    digit, letters = _digits(characters)
    windows = len(digit) - q + 1
    code, size = digit[:windows].copy(), letters
    for offset in range(1, q):
        if size * letters > MOST_CODES:
            code, found = _dense(code, size)
            size = len(found)
        code *= letters
        code += digit[offset : offset + windows]
        size *= letters
    return _dense(code[at], size)


def _digits(characters: npt.NDArray[np.uint32]) -> tuple[Ints, int]:
    """Return the rank of each character among those there are, and their count."""
    known = np.zeros(int(characters.max(initial=0)) + 1, dtype=bool)
    known[characters] = True
    return (np.cumsum(known) - 1)[characters], int(known.sum())


def _dense(code: Ints, size: int) -> tuple[Ints, Ints]:
    """Return codes below `size` as numbers from 0 without gaps, in their order, and a place of each."""
    if size > min(COUNTED, SPARSE * len(code)):
        order = np.argsort(code, kind="stable")
        rank = np.empty(len(code), dtype=np.int64)
        rank[order] = np.cumsum(np.diff(code[order], prepend=code[order[:1]]) > 0)
    else:
        known = np.zeros(size, dtype=bool)
        known[code] = True
        found = np.flatnonzero(known)
        number = np.zeros(size, dtype=np.int64)
        number[found] = np.arange(len(found))
        rank = number[code]
    place = np.empty(int(rank.max(initial=-1)) + 1, dtype=np.int64)
    place[rank] = np.arange(len(code))
    return rank, place
