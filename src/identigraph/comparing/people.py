"""Names in each other's place: given and family name swapped, one alone in the column of the other, middle names."""

from __future__ import annotations

from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grader, Grades, counts_of
from identigraph.comparing.graders import aligned_codes, contains
from identigraph.comparing.strings import Strings
from identigraph.encoding import Codes, Encoded
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.facts import Lookup

COMMON_BOTH, RARE_BOTH = 1.6e-5, 1e-6
"""Products of the shares of two names, above which both together are common, and below which they are rare."""
RARE = 0.0006
"""The share of the records below which a value is rare: the third of the bands of equality."""


@attrs.frozen(eq=False)
class Joined:
    """Two features with one dictionary.

    Args:
        values: the values of either, sorted.
        strings: the same, ready to be compared.
        first, second: the codes of each record, -1 where missing.
    """

    values: pl.Series
    strings: Strings
    first: Codes
    second: Codes

    @classmethod
    def of(cls, one: Encoded, other: Encoded) -> Joined:
        """Return two columns with one dictionary.

        Examples:
            >>> from identigraph.encoding import encode
            >>> both = Joined.of(encode(pl.Series(["ann", "lee"])), encode(pl.Series(["lee", None])))
            >>> both.first.tolist(), both.second.tolist()
            ([0, 1], [1, -1])
        """
        values = pl.concat([one.values, other.values]).unique().sort()
        both = Encoded(np.zeros(0, dtype=np.int32), values)
        return cls(values, Strings.of(both), aligned_codes(one, both), aligned_codes(other, both))

    @property
    def counts(self) -> Lookup:
        """How many records have each value, in either feature."""
        return Lookup.counts(Encoded(np.concatenate([self.first, self.second]), self.values))


def joined(records: Records, first: Feature, second: Feature) -> Joined:
    """Return two features with one dictionary; made once."""
    return records.remember(("joined", first, second), lambda: Joined.of(records.column(first), records.column(second)))


def shares_of(records: Records, first: Feature, second: Feature) -> npt.NDArray[np.float64]:
    """Return how common each value of two joined features is among those of both, 0 to 1; made once.

    Examples:
        >>> records = Records.of({"given": ["Ann", "Lee"], "family": ["Lee", None]})
        >>> shares_of(records, "given", "family").round(2).tolist()
        [0.33, 0.67]
    """
    counts = counts_of_both(records, first, second)
    return records.remember(("shares", first, second), lambda: counts.shares(joined(records, first, second).values))


def counts_of_both(records: Records, first: Feature, second: Feature) -> Lookup:
    """Return how many records of the population have each value of two features, in either.

    Examples:
        >>> records = Records.of({"given": ["Ann", "Lee"], "family": ["Lee", None]})
        >>> counts_of_both(records, "given", "family").number("lee")
        2.0
    """
    return records.fact(("counts", first, second), lambda: joined(records, first, second).counts)


@attrs.frozen
class Crossed:
    """Two features are swapped: the first of each record is the second of the other.

    Args:
        first: a feature, such as the given name.
        second: another, such as the family name.
        cutoff: the Jaro-Winkler similarity from which on values that are not equal are swapped too, 0 to 1; None: only
            equal ones are.
        frequency: whether equal values are told apart by how common both are.
    """

    first: Feature
    second: Feature
    cutoff: float | None = attrs.field(default=None, kw_only=True)
    frequency: bool = attrs.field(default=False, kw_only=True)

    __repr__ = call_repr

    @property
    def features(self) -> tuple[Feature, ...]:
        """Both."""
        return (self.first, self.second)

    @property
    def labels(self) -> tuple[str, ...]:
        """One for similar values, then by how common equal ones are."""
        similar = () if self.cutoff is None else ("swapped, similar",)
        return (*similar, *(("swapped, common", "swapped", "swapped, rare") if self.frequency else ("swapped",)))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair in which both features are swapped."""
        both = joined(records, self.first, self.second)
        a, b, c, d = both.first[left], both.second[left], both.first[right], both.second[right]
        equal = (a == d) & (b == c) & (a >= 0) & (b >= 0)
        grades: Grades = equal.astype(np.int8) * np.int8(1 + (self.cutoff is not None))
        if self.frequency:
            share = shares_of(records, self.first, self.second)
            common = share[a[equal]] * share[b[equal]]
            grades[equal] += (common < COMMON_BOTH).astype(np.int8) + (common < RARE_BOTH)
        if self.cutoff is not None:
            rest = np.flatnonzero(~equal & (a >= 0) & (b >= 0) & (c >= 0) & (d >= 0))
            near = _similar(both.strings, a[rest], d[rest], self.cutoff)
            rest = rest[near]
            grades[rest[_similar(both.strings, b[rest], c[rest], self.cutoff)]] = 1
        return grades

    def plain(self) -> Crossed:
        """Return the grader without frequencies."""
        return attrs.evolve(self, frequency=False)


def _similar(strings: Strings, a: Codes, b: Codes, cutoff: float) -> Mask:
    reached: Mask = strings.jaro_winkler(a, b, cutoff) > 0
    return reached


@attrs.frozen
class Misplaced:
    """A record lacks the second feature, and its first one is the second of the other record.

    So is a family name alone in the column of given names.

    Args:
        feature: the feature that both have.
        other: the one that one record lacks.
        label: what it says.
        cutoff: the Jaro-Winkler similarity from which on values that are not equal count too, 0 to 1; None: none do.
        frequency: whether equal values are told apart by whether they are rare.
    """

    feature: Feature
    other: Feature
    label: str
    cutoff: float | None = attrs.field(default=None, kw_only=True)
    frequency: bool = attrs.field(default=False, kw_only=True)

    __repr__ = call_repr

    @property
    def features(self) -> tuple[Feature, ...]:
        """Both."""
        return (self.feature, self.other)

    @property
    def labels(self) -> tuple[str, ...]:
        """One for similar values, then those for equal ones, common and rare."""
        similar = () if self.cutoff is None else (f"{self.label}, similar",)
        return (*similar, self.label, *((f"{self.label}, rare",) if self.frequency else ()))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair, in whichever record the feature is missing."""
        there = self._one_way(records, left, right)
        return np.maximum(there, self._one_way(records, right, left))

    def plain(self) -> Misplaced:
        """Return the grader without frequencies."""
        return attrs.evolve(self, frequency=False)

    def _one_way(self, records: Records, left: Rows, right: Rows) -> Grades:
        both = joined(records, self.feature, self.other)
        grades = np.zeros(len(left), dtype=np.int8)
        one, other = both.first[left], both.second[right]
        at = np.flatnonzero((both.second[left] < 0) & (one >= 0) & (other >= 0))
        one, other = one[at], other[at]
        if self.cutoff is not None:
            grades[at[_similar(both.strings, one, other, self.cutoff)]] = 1
        equal = one == other
        rare = (shares_of(records, self.feature, self.other)[one[equal]] < RARE) if self.frequency else 0
        grades[at[equal]] = np.int8(1 + (self.cutoff is not None)) + np.asarray(rare, dtype=np.int8)
        return grades


@attrs.frozen
class AmongWords:
    """A feature of one record is a word of another feature of the other: a given name among the middle names."""

    feature: Feature
    other: Feature
    label: str

    __repr__ = call_repr

    @property
    def features(self) -> tuple[Feature, ...]:
        """Both."""
        return (self.feature, self.other)

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (self.label,)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where it is so, either way; words of one letter do not count."""
        one, other = records.column(self.feature), records.column(self.other)
        known = records.remember(("among", self.feature, self.other), lambda: word_codes(one, other))
        codes = [(one.codes[a].astype(np.int64) << 32) | other.codes[b] for a, b in ((left, right), (right, left))]
        grades: Grades = (contains(known, codes[0]) | contains(known, codes[1])).astype(np.int8)
        return grades


def word_codes(one: Encoded, other: Encoded) -> npt.NDArray[np.int64]:
    """Return which values of one column are words of which of another, sorted, as ``code << 32 | code of the other``.

    Examples:
        >>> from identigraph.encoding import encode
        >>> codes = word_codes(encode(pl.Series(["ann", "lee"])), encode(pl.Series(["mary lee", "lee ann"])))
        >>> [(code >> 32, code & 0xFFFFFFFF) for code in codes.tolist()]
        [(0, 0), (1, 0), (1, 1)]
    """
    words = pl.DataFrame({"value": other.values.str.split(" "), "other": np.arange(len(other.values), dtype=np.int64)})
    values = pl.DataFrame({"value": one.values, "one": np.arange(len(one.values), dtype=np.int64)})
    found = words.explode("value").filter(pl.col("value").str.len_chars() > 1).join(values, on="value").unique()
    return np.sort((found["one"].to_numpy() << 32) | found["other"].to_numpy())


@attrs.frozen
class Unless:
    """The grades of a grader, but of pairs that another one grades.

    Args:
        grader: the grader.
        exception: what it is silent about.
    """

    grader: Grader
    exception: Grader

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """Those of the grader."""
        return self.grader.labels

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair, 0 where it is excepted."""
        excepted = self.exception.grades(records, left, right) > 0
        rest = np.flatnonzero(~excepted)
        grades = np.zeros(len(left), dtype=np.int8)
        grades[rest] = self.grader.grades(records, left[rest], right[rest])
        return grades


class OfFeature(Grader, Protocol):
    """A grader of one feature."""

    @property
    def feature(self) -> Feature:
        """What it compares."""
        ...


@attrs.frozen
class Rarer:
    """The grades of a grader, each split in two: values of which one at least is not rare, and values both rare.

    Two spellings of a rare name say more than two of a common one, in whose neighborhood many names lie.

    Args:
        grader: a grader of one feature.
        share: the share of the records below which a value is rare, 0 to 1.
    """

    grader: OfFeature
    share: float = RARE

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """Two for each of the grader."""
        return tuple(told for label in self.grader.labels for told in (label, f"{label}, rare"))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return twice the grade of each pair, less one where a value is not rare."""
        column = records.column(self.grader.feature)
        rare = records.remember(("rare", self.grader.feature, self.share), lambda: self._rare(records))
        grades = self.grader.grades(records, left, right)
        both = rare[column.codes[left]] & rare[column.codes[right]]
        split: Grades = grades * np.int8(2) - ((grades > 0) & ~both)
        return split

    def plain(self) -> Grader:
        """Return the grader without frequencies."""
        return self.grader

    def _rare(self, records: Records) -> Mask:
        feature = self.grader.feature
        return np.append(counts_of(records, feature).shares(records.column(feature).values) < self.share, False)
