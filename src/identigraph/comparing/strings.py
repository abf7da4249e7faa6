"""Similarity of strings, a batch of value pairs at a time: lossless filters first, then rapidfuzz.

A filter rules out pairs that cannot reach the cutoff, from numbers kept per distinct value: its length, a signature of
its characters, its first four characters. What passes goes to rapidfuzz; the outcome is rapidfuzz's on every pair.

Signature: characters fall into 32 classes of two bits each, "at least one" and "at least two", and `excess` counts what
is beyond two. Then the number of characters two strings have in common is at most
``popcount(s & t) + min(excess(s), excess(t))``.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from identigraph.encoding import Encoded

Grades = npt.NDArray[np.int8]
Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

LONGEST = 96
"""Columns with longer values are compared without filters."""


def _class_of_byte() -> npt.NDArray[np.uint8]:
    """Return the class of each byte: 26 letters, 5 pairs of digits, all others one."""
    classes = np.full(256, 31, dtype=np.uint8)
    for i in range(26):
        classes[ord("a") + i] = classes[ord("A") + i] = i
    for digit in range(10):
        classes[ord("0") + digit] = 26 + digit // 2
    return classes


CLASSES = _class_of_byte()


@attrs.frozen(eq=False)
class Strings:
    """The distinct values of a column, ready to be compared.

    Args:
        values: the strings, as Python objects.
        length: characters of each.
        signature, excess: which characters each has; see the module.
        head: the first four characters of each, packed.
        filtered: whether the filters apply (all ASCII and short).
    """

    values: npt.NDArray[np.object_]
    length: npt.NDArray[np.int16]
    signature: npt.NDArray[np.uint64]
    excess: npt.NDArray[np.int16]
    head: npt.NDArray[np.uint32]
    filtered: bool

    @classmethod
    def of(cls, column: Encoded) -> Strings:
        """Return the values of a column, ready to be compared."""
        values = column.values
        length = values.str.len_bytes().to_numpy().astype(np.int16)
        ascii_only = not values.str.contains(r"[^\x00-\x7f]").any()
        objects = np.array(values.to_list(), dtype=object)
        if not ascii_only or length.max(initial=0) > LONGEST:
            none = np.zeros(len(values), dtype=np.uint64)
            return cls(objects, length, none, length, _heads(values), filtered=False)
        signature, excess = _signatures(values, int(length.max(initial=1)))
        return cls(objects, length, signature, excess, _heads(values), filtered=True)

    def common_at_most(self, a: Codes, b: Codes) -> npt.NDArray[np.int16]:
        """Return at most how many characters two values have in common."""
        shared = np.bitwise_count(self.signature[a] & self.signature[b]).astype(np.int16)
        return shared + np.minimum(self.excess[a], self.excess[b])

    def jaro_winkler(self, a: Codes, b: Codes, cutoff: float) -> Floats:
        """Return the Jaro-Winkler similarity of each value pair, 0 where it is below `cutoff`."""
        return self._scored(a, b, self._may_reach(a, b, cutoff), JaroWinkler.similarity, cutoff)

    def osa(self, a: Codes, b: Codes, most: int) -> npt.NDArray[np.int16]:
        """Return the optimal string alignment distance of each value pair, ``most + 1`` where it is above `most`."""
        distance = np.full(len(a), most + 1, dtype=np.int16)
        near = np.flatnonzero(self._may_be_within(a, b, most))
        distance[near] = self._cpdist(a[near], b[near], OSA.distance, most, np.int16)
        return np.minimum(distance, most + 1)

    def _scored(self, a: Codes, b: Codes, passed: npt.NDArray[np.bool_], scorer: Any, cutoff: float) -> Floats:
        similarity = np.zeros(len(a), dtype=np.float32)
        index = np.flatnonzero(passed)
        similarity[index] = self._cpdist(a[index], b[index], scorer, cutoff, np.float32)
        return similarity

    def _cpdist(self, a: Codes, b: Codes, scorer: Any, cutoff: float, dtype: Any) -> npt.NDArray[Any]:
        return process.cpdist(self.values[a], self.values[b], scorer=scorer, score_cutoff=cutoff, dtype=dtype)

    def _may_reach(self, a: Codes, b: Codes, cutoff: float) -> npt.NDArray[np.bool_]:
        """Return where Jaro-Winkler may reach the cutoff: at most (c/|a| + c/|b| + 1)/3, lifted by the prefix."""
        if not self.filtered:
            return np.ones(len(a), dtype=bool)
        common = self.common_at_most(a, b).astype(np.float32)
        jaro = (common / self.length[a] + common / self.length[b] + 1) / 3
        lift = 0.1 * self._prefix(a, b).astype(np.float32)
        reach: npt.NDArray[np.bool_] = jaro + lift * (1 - jaro) >= cutoff - 1e-4
        return reach

    def _prefix(self, a: Codes, b: Codes) -> npt.NDArray[np.int8]:
        """Return how many of the first four characters agree from the start."""
        differ = self.head[a] ^ self.head[b]
        prefix = (differ < 1 << 24).astype(np.int8)
        for shift in (16, 8, 0):
            prefix += differ < 1 << shift
        return prefix

    def _may_be_within(self, a: Codes, b: Codes, most: int) -> npt.NDArray[np.bool_]:
        """Return where the distance may be within `most`: it is at least the longer length less what is common."""
        if not self.filtered:
            return np.ones(len(a), dtype=bool)
        longer = np.maximum(self.length[a], self.length[b])
        within: npt.NDArray[np.bool_] = longer - self.common_at_most(a, b) <= most
        return within


def _bytes(values: pl.Series, width: int) -> npt.NDArray[np.uint8]:
    """Return the characters of ASCII strings as a matrix, one row each, padded with 0."""
    padded = values.str.pad_end(width, "\x00")
    joined = padded.str.join("").item() if len(values) else ""
    return np.frombuffer(joined.encode(), dtype=np.uint8).reshape(len(values), width)


def _signatures(values: pl.Series, width: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int16]]:
    """Return signature and excess of each value."""
    characters = _bytes(values, width)
    once = np.zeros(len(values), dtype=np.uint64)
    twice = np.zeros(len(values), dtype=np.uint64)
    excess = np.zeros(len(values), dtype=np.int16)
    for place in range(width):
        byte = characters[:, place]
        bit = np.where(byte > 0, np.uint64(1) << CLASSES[byte].astype(np.uint64), np.uint64(0))
        excess += (twice & bit) > 0
        twice |= once & bit
        once |= bit
    return once | (twice << np.uint64(32)), excess


def _heads(values: pl.Series) -> npt.NDArray[np.uint32]:
    """Return the first four bytes packed, the first one highest, padded with 0.

    Two values padded at the same place have ended alike, which only lifts the bound of the filter.
    """
    heads = [int.from_bytes(head.encode()[:4].ljust(4, b"\0"), "big") for head in values.str.slice(0, 4)]
    return np.array(heads, dtype=np.uint32)
