"""Graders: the ways in which two values may agree without being equal.

Each is a value that names the features it reads, and grades pairs of row numbers: 0 for no, then rising.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.comparator import Grades, ascending
from identigraph.comparing.strings import Strings
from identigraph.encoding import Encoded
from identigraph.fields.derived import Feature
from identigraph.fields.nicknames import nickname_pairs
from identigraph.pairs import Rows
from identigraph.records import Records


def strings_of(records: Records, feature: Feature) -> Strings:
    """Return the distinct values of a feature, ready to be compared; made once."""
    return records.remember(("strings", feature), lambda: Strings.of(records.column(feature)))


@attrs.frozen
class JaroWinkler:
    """Jaro-Winkler similarity at or above each of the cutoffs, 0 to 1.

    The similarity of Winkler (1990), with a prefix weight of 0.1 for up to four equal first characters.
    """

    feature: Feature
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending)

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        return tuple(f"similar, {cutoff:.2g}" for cutoff in self.cutoffs)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches."""
        codes = records.column(self.feature).codes
        similarity = strings_of(records, self.feature).jaro_winkler(codes[left], codes[right], self.cutoffs[0])
        return np.searchsorted(np.array(self.cutoffs) - 1e-6, similarity, side="right").astype(np.int8)


@attrs.frozen
class Typos:
    """At most so many typos: insertions, deletions, replacements, swaps of neighbors (optimal string alignment)."""

    feature: Feature
    most: int = 1

    @property
    def labels(self) -> tuple[str, ...]:
        """From the most typos to one."""
        return tuple(f"{n} typo{'s'[: n != 1]}" for n in range(self.most, 0, -1))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return ``most + 1`` less the number of typos."""
        codes = records.column(self.feature).codes
        distance = strings_of(records, self.feature).osa(codes[left], codes[right], self.most)
        grades: Grades = (self.most + 1 - distance).astype(np.int8)
        return grades


@attrs.frozen
class Same:
    """Another feature is equal on both sides."""

    feature: Feature
    label: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (self.label,)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both have the same value."""
        codes = records.column(self.feature).codes
        a, b = codes[left], codes[right]
        grades: Grades = ((a == b) & (a >= 0)).astype(np.int8)
        return grades


@attrs.frozen
class Different:
    """Another feature is present on both sides and differs; for conflicts."""

    feature: Feature
    label: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (self.label,)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both have a value and not the same."""
        codes = records.column(self.feature).codes
        a, b = codes[left], codes[right]
        grades: Grades = ((a != b) & (a >= 0) & (b >= 0)).astype(np.int8)
        return grades


@attrs.frozen
class Crossed:
    """The value of one feature stands in another: given and family name swapped, or one of them in the wrong place.

    Grade 2 where both are crossed, grade 1 (only with ``partly``) where one is.
    """

    first: Feature
    second: Feature

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("swapped",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where the first of one record equals the second of the other, both ways."""
        first, second = self._aligned(records)
        there = (first[left] == second[right]) & (first[left] >= 0)
        back = (first[right] == second[left]) & (first[right] >= 0)
        grades: Grades = (there & back).astype(np.int8)
        return grades

    def _aligned(self, records: Records) -> tuple[Rows, Rows]:
        """Return codes of both features into the values of the first."""
        return records.remember(("crossed", self.first, self.second), lambda: self._align(records))

    def _align(self, records: Records) -> tuple[Rows, Rows]:
        first, second = records.column(self.first), records.column(self.second)
        return first.codes, aligned_codes(second, first)


def aligned_codes(column: Encoded, other: Encoded) -> Rows:
    """Return the codes of `column` into the values of `other`; -2 where `other` lacks the value, -1 where missing.

    Examples:
        >>> import polars as pl
        >>> from identigraph.encoding import encode
        >>> aligned_codes(encode(pl.Series(["b", "c", None])), encode(pl.Series(["a", "b"]))).tolist()
        [1, -2, -1]
    """
    if len(other.values) == 0 or len(column.values) == 0:
        return np.where(column.codes < 0, np.int32(-1), np.int32(-2))
    place = other.values.search_sorted(column.values).to_numpy().astype(np.int64)
    place = np.minimum(place, len(other.values) - 1)
    found = (other.values.gather(place) == column.values).to_numpy()
    translated = np.where(found, place, -2).astype(np.int32)
    return np.append(translated, np.int32(-1))[column.codes]


@attrs.frozen
class Nickname:
    """One given name is a nickname of the other, or both are of a third."""

    feature: Feature

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("nickname",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where the names are related."""
        codes = records.column(self.feature).codes
        a, b = codes[left].astype(np.int64), codes[right].astype(np.int64)
        known = records.remember(("nicknames", self.feature), lambda: nickname_codes(records.column(self.feature)))
        related: Grades = contains(known, (np.minimum(a, b) << 32) | np.maximum(a, b)).astype(np.int8)
        return related


def nickname_codes(column: Encoded) -> npt.NDArray[np.int64]:
    """Return the pairs of distinct values that are nicknames, as sorted ``smaller << 32 | larger``."""
    place = {value: code for code, value in enumerate(column.values.to_list())}
    related = [(place[a], place[b]) for a, b in nickname_pairs() if a in place and b in place]
    codes = np.array(related, dtype=np.int64).reshape(-1, 2)
    return np.sort((codes.min(axis=1) << 32) | codes.max(axis=1))


def contains(sorted_codes: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell for each wanted code whether the sorted array has it.

    Examples:
        >>> contains(np.array([2, 5]), np.array([5, 3])).tolist()
        [True, False]
    """
    if len(sorted_codes) == 0:
        return np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(sorted_codes, wanted), len(sorted_codes) - 1)
    found: npt.NDArray[np.bool_] = sorted_codes[place] == wanted
    return found


@attrs.frozen
class Abbreviated:
    """One value is the first letter, or the beginning (three letters or more), of the other."""

    feature: Feature

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("initial",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where one value abbreviates the other."""
        codes = records.column(self.feature).codes
        strings = strings_of(records, self.feature)
        a, b = codes[left], codes[right]
        length_a, length_b = strings.length[a], strings.length[b]
        same_first = (strings.head[a] >> 24) == (strings.head[b] >> 24)
        shorter = np.minimum(length_a, length_b)
        grades = (same_first & (shorter == 1)).astype(np.int8)
        long = np.flatnonzero(same_first & (shorter >= 3) & (length_a != length_b))
        first, second = strings.values[a[long]], strings.values[b[long]]
        begins = [x.startswith(y) or y.startswith(x) for x, y in zip(first, second, strict=True)]
        grades[long] = np.array(begins, dtype=np.int8)
        return grades


@attrs.frozen
class SharedWord:
    """Both values have a word of three letters or more in common: ``smith`` and ``smith jones``."""

    feature: Feature

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("shared word",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where at least one value has several words and a word is shared."""
        column = records.column(self.feature)
        several = records.remember(("several", self.feature), lambda: _several_words(column))
        a, b = column.codes[left], column.codes[right]
        grades = np.zeros(len(a), dtype=np.int8)
        values = strings_of(records, self.feature).values
        at = np.flatnonzero(several[a] | several[b])
        grades[at] = [_share_a_word(x, y) for x, y in zip(values[a[at]], values[b[at]], strict=True)]
        return grades


def _several_words(column: Encoded) -> npt.NDArray[np.bool_]:
    several: npt.NDArray[np.bool_] = column.values.str.contains(" ", literal=True).to_numpy()
    return several


def _share_a_word(one: str, other: str) -> bool:
    return any(len(word) > 2 for word in set(one.split()) & set(other.split()))
