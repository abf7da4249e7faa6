"""Similarity of strings, a batch of value pairs at a time: lossless filters first, then rapidfuzz.

A filter rules out pairs that cannot reach the cutoff, from numbers kept per distinct value: its length, a signature of
its characters, its first four characters. What passes goes to rapidfuzz; the outcome is rapidfuzz's on every pair.
Values that are long, empty or not ASCII pass all filters.

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

from identigraph.encoding import Codes, Encoded

Floats = npt.NDArray[np.float64]

PLAIN = r"^[\x01-\x7f]{1,96}$"
"""Values that have a signature; that of all others, `ALL` and `MANY`, lets them pass."""

ALL, MANY = np.uint64(2**64 - 1), np.int32(2**30)

HEAD = 4
"""Characters of a head: as many as lift the similarity of Jaro to that of Winkler."""

ROUNDING = 1e-12
"""A similarity this little below a cutoff is no lower."""

SLACK = 0.01
"""How far below a cutoff rapidfuzz is asked to score: it gives up on pairs whose similarity is just the cutoff."""


def _class_of_byte() -> npt.NDArray[np.uint64]:
    """Return the class of each byte: 26 letters, 5 pairs of digits, all others one."""
    classes = np.full(256, 31, dtype=np.uint64)
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
        length: characters of each, 1 for the empty one.
        signature, excess: which characters each has; see the module.
        head: the first four characters of each, packed, the first one highest.
    """

    values: npt.NDArray[np.object_]
    length: npt.NDArray[np.int32]
    signature: npt.NDArray[np.uint64]
    excess: npt.NDArray[np.int32]
    head: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, column: Encoded) -> Strings:
        """Return the values of a column, ready to be compared."""
        values = column.values
        objects = np.array(values.to_list(), dtype=object)
        length = np.maximum(values.str.len_chars().to_numpy().astype(np.int32), 1)
        other = ~values.str.contains(PLAIN).to_numpy()
        characters = _bytes(values.zip_with(pl.Series(~other), pl.Series([""])))
        signature, excess = _signatures(characters)
        signature[other], excess[other] = ALL, MANY
        head = _heads(characters)
        head[other] = [head_of(value) for value in objects[other]]
        return cls(objects, length, signature, excess, head)

    def common_at_most(self, a: Codes, b: Codes) -> npt.NDArray[np.int32]:
        """Return at most how many characters two values have in common, which may be said to be more than they have."""
        common: npt.NDArray[np.int32] = np.bitwise_count(self.signature[a] & self.signature[b]).astype(np.int32)
        common += np.minimum(self.excess[a], self.excess[b])
        return common

    def jaro_winkler(self, a: Codes, b: Codes, cutoff: float) -> Floats:
        """Return the Jaro-Winkler similarity of each value pair, 0 where it is below `cutoff`."""
        similarity = np.zeros(len(a))
        near = np.flatnonzero(self._may_reach(a, b, cutoff))
        scored = self._cpdist(a[near], b[near], JaroWinkler.similarity, max(cutoff - SLACK, 0.0), np.float64)
        similarity[near] = np.where(scored >= cutoff - ROUNDING, scored, 0.0)
        return similarity

    def jaro_winkler_of_all(self, a: Codes, b: Codes) -> npt.NDArray[np.float64]:
        """Return the Jaro-Winkler similarity of each value pair, whatever it is."""
        return self._cpdist(a, b, JaroWinkler.similarity, 0.0, np.float64)

    def osa(self, a: Codes, b: Codes, most: int) -> npt.NDArray[np.int32]:
        """Return the optimal string alignment distance of each value pair, ``most + 1`` where it is above `most`."""
        distance = np.full(len(a), most + 1, dtype=np.int32)
        near = np.flatnonzero(self._may_be_within(a, b, most))
        distance[near] = self._cpdist(a[near], b[near], OSA.distance, most, np.int32)
        return distance

    def common_start(self, a: Codes, b: Codes) -> npt.NDArray[np.int8]:
        """Return at most how many of the first four characters agree from the start."""
        differ = self.head[a] ^ self.head[b]
        prefix = (differ < 1 << 24).astype(np.int8)
        for shift in (16, 8, 0):
            prefix += differ < 1 << shift
        return prefix

    def _cpdist(self, a: Codes, b: Codes, scorer: Any, cutoff: float, dtype: Any) -> npt.NDArray[Any]:
        return process.cpdist(self.values[a], self.values[b], scorer=scorer, score_cutoff=cutoff, dtype=dtype)

    def _may_reach(self, a: Codes, b: Codes, cutoff: float) -> npt.NDArray[np.bool_]:
        """Return where Jaro-Winkler may reach the cutoff: at most (c/|a| + c/|b| + 1)/3, lifted by the prefix."""
        common = self.common_at_most(a, b).astype(np.float32)
        jaro = (common / self.length[a] + common / self.length[b] + 1) / 3
        lift = 0.1 * self.common_start(a, b).astype(np.float32)
        reach: npt.NDArray[np.bool_] = jaro + lift * (1 - jaro) >= cutoff - 1e-4
        return reach

    def _may_be_within(self, a: Codes, b: Codes, most: int) -> npt.NDArray[np.bool_]:
        """Return where the distance may be within `most`: it is at least the longer length less what is common."""
        longer = np.maximum(self.length[a], self.length[b])
        within: npt.NDArray[np.bool_] = longer - self.common_at_most(a, b) <= most
        return within


def _bytes(values: pl.Series) -> npt.NDArray[np.uint8]:
    """Return the characters of ASCII strings as a matrix, one row each, padded with 0."""
    width = max(int(values.str.len_bytes().to_numpy().max(initial=0)), HEAD)
    joined = values.str.pad_end(width, "\x00").str.join("").item() if len(values) else ""
    return np.frombuffer(joined.encode(), dtype=np.uint8).reshape(len(values), width)


def _signatures(characters: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Return signature and excess of each row of characters."""
    once = np.zeros(len(characters), dtype=np.uint64)
    twice = np.zeros(len(characters), dtype=np.uint64)
    excess = np.zeros(len(characters), dtype=np.int32)
    for byte in characters.T:
        bit = np.where(byte > 0, np.uint64(1) << CLASSES[byte], np.uint64(0))
        excess += (twice & bit) > 0
        twice |= once & bit
        once |= bit
    return once | (twice << np.uint64(32)), excess


def _heads(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Return the first four characters packed, the first one highest, padded with 0.

    Two values padded at the same place have ended alike, which only lifts the bound of the filter.
    """
    return np.ascontiguousarray(characters[:, :HEAD]).view(">u4")[:, 0].astype(np.uint32)


def begin_alike(one: str, other: str, size: int) -> bool:
    """Tell whether two values have equal heads up to so many characters, 1 to 4, as `Strings.common_start` counts them.

    Examples:
        >>> begin_alike("ann", "anders", 2), begin_alike("ann", "anders", 3)
        (True, False)
    """
    return head_of(one) ^ head_of(other) < 1 << 8 * (HEAD - size)


def head_of(value: str) -> int:
    """Return the head of any value: a byte for each character, the same byte for the same character.

    Examples:
        >>> hex(head_of("annie")), hex(head_of("a"))
        ('0x616e6e69', '0x61000000')
    """
    head = bytes(ord(c) if c.isascii() else 128 | ord(c) & 127 for c in value[:HEAD])
    return int.from_bytes(head.ljust(HEAD, b"\0"), "big")
