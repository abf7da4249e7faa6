"""A comparator: how two records agree on one thing, as a level.

Level 0 says the values differ, higher levels agree better, -1 says that one of them is missing. A comparator is a list
of **graders**, best first, below equality: each looks at the pairs that nothing better has settled. Equality itself is
split into bands by how common the value is, for agreeing on *Zbigniew* says more than agreeing on *John*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, runtime_checkable

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.alone import Alone, Kinds, as_kinds
from identigraph.comparing.frequencies import Frequencies
from identigraph.encoding import Encoded
from identigraph.errors import RangeError
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs, Rows
from identigraph.plain import NOTE
from identigraph.records import Records
from identigraph.records.facts import Lookup

Levels = npt.NDArray[np.int8]
Grades = npt.NDArray[np.int8]
Similarities = npt.NDArray[np.float64]

FREQUENCY_BANDS = (0.01, 0.0025, 0.0006, 0.00015, 0.00004)
"""Shares of the records with a value, between bands of equality; steps of four, two bits of match weight each."""

SHARED_LABELS = ("equal, junk", "equal, household")
"""Equality of values that several people share, below that of personal ones."""

BAND_LABELS = ("equal, very common", "equal, common", "equal", "equal, uncommon", "equal, rare", "equal, very rare")


class Grader(Protocol):
    """One way of agreeing short of equality, in one grade or several."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What its grades 1, 2, ... say, rising."""
        ...

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair of row numbers; 0 where the pair does not agree in this way."""
        ...


@runtime_checkable
class Measuring(Grader, Protocol):
    """A grader whose grades come from a raw similarity."""

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the similarity of each pair of row numbers, 0 to 1; NaN where a value is missing."""
        ...


@runtime_checkable
class Splitting(Grader, Protocol):
    """A grader that splits its grades by how common values are."""

    def plain(self) -> Grader:
        """Return the grader that does not."""
        ...


class Sharing(Protocol):
    """What tells of each value of a feature who shares it: one person, one household, or anybody."""

    def classes(self, records: Records, feature: Feature) -> Grades:
        """Return the class of each distinct value: 0 junk, 1 household, 2 personal."""
        ...


@runtime_checkable
class Comparator(Protocol):
    """Anything that turns pairs of records into agreement levels."""

    @property
    def name(self) -> str:
        """What it is called in weights and explanations."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """What its levels 0, 1, ... say, rising."""
        ...

    def levels(self, records: Records, pairs: Pairs) -> Levels:
        """Return the level of each pair, -1 where a value is missing."""
        ...


@attrs.frozen
class Graded(Alone):
    """The comparator of the library: equality of a feature, then graders, best first.

    Args:
        name: what it is called.
        feature: the feature that must be present on both sides, and whose equal values are the top levels.
        graders: ways of agreeing short of equality, best first.
        conflict: a way of contradicting: pairs it grades are level 0 whatever else agrees (junior against senior).
        frequency: whether equality is split into bands by how common the value is, among the records or, where
            `Frequencies` are given, by these.
        silent: pairs it grades are level -1, as if a value were missing, for another comparator tells of them: names
            that are swapped.
        measure: what gives the raw similarity of unequal values; left out, the largest that the graders measure.
        shared_by: what tells which values several people share: equality on these are two levels of their own, below
            that of personal values; see `Carriers`.
        fields: the fields that it reads where it is used without Records that have them; see `compare`.

    Examples:
        >>> records = Records.of({"city": ["Bern", "bern", "Basel", None]})
        >>> everyone = Pairs.of([0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3])
        >>> sorted(Graded("city", "city", frequency=False).levels(records, everyone).tolist())
        [-1, -1, -1, 0, 0, 1]
    """

    name: str
    feature: Feature
    graders: tuple[Grader, ...] = ()
    conflict: Grader | None = None
    frequency: bool | Frequencies = True
    measure: Measuring | None = None
    silent: Grader | None = attrs.field(default=None, kw_only=True)
    shared_by: Sharing | None = attrs.field(default=None, kw_only=True)
    fields: Kinds = attrs.field(default=(), converter=as_kinds, eq=False, repr=False, kw_only=True, metadata=NOTE)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """What its levels say."""
        graded = tuple(label for grader in reversed(self.graders) for label in grader.labels)
        return ("differs", *graded, *self._equal_labels)

    @property
    def equal_from(self) -> int:
        """The lowest level that says the values are equal."""
        return len(self.labels) - len(self._equal_labels)

    @property
    def _equal_labels(self) -> tuple[str, ...]:
        shared = () if self.shared_by is None else SHARED_LABELS
        return (*shared, *(BAND_LABELS if self.frequency else ("equal",)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads where it is used without Records."""
        read = [column for name, kind in self.fields for column in kind.roles(name).values()]
        features = [self.feature, *(feature for grader in self.graders for feature in getattr(grader, "features", ()))]
        roots = [feature if isinstance(feature, str) else feature.root for feature in features]
        return tuple(read) or tuple(dict.fromkeys(roots))

    def levels(self, records: Records, pairs: Pairs) -> Levels:
        """Return the level of each pair, -1 where the feature is missing on either side, or another tells of it."""
        codes = records.column(self.feature).codes
        left, right = codes[pairs.left], codes[pairs.right]
        levels = np.where((left < 0) | (right < 0), np.int8(-1), np.int8(0))
        equal = np.flatnonzero((left == right) & (left >= 0))
        levels[equal] = self.equal_from + self.bands(records)[left[equal]]
        self._grade(records, pairs, levels)
        levels[_graded(self.silent, records, pairs, levels >= 0)] = -1
        levels[_graded(self.conflict, records, pairs, levels > 0)] = 0
        return levels

    def similarities(self, records: Records, pairs: Pairs) -> Similarities:
        """Return the raw similarity of each pair, 0 to 1; NaN where the feature is missing on either side.

        Equal values have 1, values in conflict 0, others what `measure` says, or the largest that the graders measure;
        0 where nothing measures.
        """
        codes = records.column(self.feature).codes
        left, right = codes[pairs.left], codes[pairs.right]
        similarity = np.where((left < 0) | (right < 0), np.nan, (left == right).astype(np.float64))
        rest = np.flatnonzero(similarity == 0)
        for measure in self._measures():
            found = measure.similarity(records, pairs.left[rest], pairs.right[rest])
            similarity[rest] = np.fmax(similarity[rest], found)
        similarity[_graded(self.conflict, records, pairs, similarity > 0)] = 0
        return similarity

    def bands(self, records: Records) -> Grades:
        """Return the band of each distinct value of the feature: 0 for the most common, or those that many share."""
        shared_by = self.shared_by
        if shared_by is None:
            return records.remember(("bands", self.feature, self.frequency), lambda: self._bands(records))
        key = ("bands", self.feature, self.frequency, shared_by)
        return records.remember(key, lambda: self._shared_bands(records, shared_by))

    def plain(self) -> Self:
        """Return the comparator with one level of equality, and of whatever else is split by how common values are."""
        graders = tuple(grader.plain() if isinstance(grader, Splitting) else grader for grader in self.graders)
        return attrs.evolve(self, graders=graders, frequency=False, shared_by=None)

    def _shared_bands(self, records: Records, shared_by: Sharing) -> Grades:
        classes = shared_by.classes(records, self.feature)
        personal = np.int8(len(SHARED_LABELS))
        return np.where(classes < personal, classes, self._bands(records) + personal)

    def _bands(self, records: Records) -> Grades:
        column = records.column(self.feature)
        if not self.frequency:
            return np.zeros(len(column.values), dtype=np.int8)
        if isinstance(self.frequency, Frequencies):
            share = self.frequency.shares(column.values)
        else:
            share = counts_of(records, self.feature).shares(column.values)
        bands: Grades = (np.array(FREQUENCY_BANDS)[None, :] > share[:, None]).sum(axis=1).astype(np.int8)
        return bands

    def _grade(self, records: Records, pairs: Pairs, levels: Levels) -> None:
        """Fill in the levels that graders give, best grader first, on what is still unsettled."""
        top = self.equal_from
        at = np.flatnonzero(levels == 0)
        for grader in self.graders:
            top -= len(grader.labels)
            if len(at) == 0:
                return
            grades = grader.grades(records, pairs.left[at], pairs.right[at])
            levels[at] = np.where(grades > 0, grades + np.int8(top - 1), levels[at])
            at = at[grades == 0]

    def _measures(self) -> tuple[Measuring, ...]:
        if self.measure is not None:
            return (self.measure,)
        return tuple(grader for grader in self.graders if isinstance(grader, Measuring))


def _graded(grader: Grader | None, records: Records, pairs: Pairs, among: Mask) -> npt.NDArray[np.intp]:
    """Return the places of the pairs that a grader grades, of those that `among` names."""
    if grader is None:
        return np.zeros(0, dtype=np.intp)
    at = np.flatnonzero(among)
    return at[grader.grades(records, pairs.left[at], pairs.right[at]) > 0]


def counts_of(records: Records, feature: Feature) -> Lookup:
    """Return how many records of the population have each value of a feature.

    Examples:
        >>> records = Records.of({"city": ["Bern", "bern", "Basel", None]})
        >>> counts_of(records, "city").numbers(records.column("city").values).tolist()
        [1.0, 2.0]
    """
    return records.fact(("counts", feature), lambda: Lookup.counts(records.column(feature)))


class Quantified(Measuring, Protocol):
    """A measure of things that are no texts: places, lists, vectors."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        ...

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell for each pair of row numbers whether both have what is measured."""
        ...


@attrs.frozen
class Measured(Alone):
    """The comparator of things that are no texts: the grades of one measure, and no equality beside them.

    Args:
        name: what it is called.
        measure: the measure.
        fields: the fields that it reads where it is used without Records that have them; see `compare`.
    """

    name: str
    measure: Quantified
    fields: Kinds = attrs.field(default=(), converter=as_kinds, eq=False, repr=False, kw_only=True, metadata=NOTE)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """What its levels say."""
        return ("differs", *self.measure.labels)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.measure.columns

    def levels(self, records: Records, pairs: Pairs) -> Levels:
        """Return the grade of each pair, -1 where either side has nothing to measure."""
        present = self.measure.present(records, pairs.left, pairs.right)
        return np.where(present, self.measure.grades(records, pairs.left, pairs.right), np.int8(-1))

    def similarities(self, records: Records, pairs: Pairs) -> Similarities:
        """Return the raw similarity of each pair, 0 to 1; NaN where either side has nothing to measure."""
        return self.measure.similarity(records, pairs.left, pairs.right)

    def plain(self) -> Self:
        """Return itself: it knows no frequencies."""
        return self


def similarities_of(comparator: Comparator, records: Records, pairs: Pairs) -> Similarities:
    """Return the raw similarities of a comparator; of one that has none, its level as a share of the highest.

    Examples:
        >>> records = Records.of({"city": ["Bern", "Basel"]})
        >>> similarities_of(Graded("city", "city"), records, Pairs.of([0], [1])).tolist()
        [0.0]
    """
    similarities = getattr(comparator, "similarities", None)
    if similarities is not None:
        found: Similarities = similarities(records, pairs)
        return found
    levels = np.asarray(comparator.levels(records, pairs))
    return np.where(levels < 0, np.nan, levels / max(len(comparator.labels) - 1, 1))


def grade_present(column: Encoded, left: Rows, right: Rows, grade: Callable[[Rows, Rows], npt.NDArray[Any]]) -> Grades:
    """Return what `grade` makes of the codes of each pair, 0 where one is missing; `grade` sees no missing code.

    Examples:
        >>> import polars as pl
        >>> from identigraph.encoding import encode
        >>> column = encode(pl.Series(["bern", "bern", None, "basel"]))
        >>> grade_present(column, np.array([0, 0, 0]), np.array([1, 2, 3]), np.equal).tolist()
        [1, 0, 0]
    """
    a, b = column.codes[left], column.codes[right]
    present = np.flatnonzero((a >= 0) & (b >= 0))
    grades = np.zeros(len(a), dtype=np.int8)
    if len(present):
        grades[present] = grade(a[present], b[present])
    return grades


def measure_present(
    column: Encoded, left: Rows, right: Rows, measure: Callable[[Rows, Rows], npt.NDArray[np.floating]]
) -> Similarities:
    """Return what `measure` makes of the codes of each pair, NaN where one is missing; `measure` sees no missing code.

    Examples:
        >>> import polars as pl
        >>> from identigraph.encoding import encode
        >>> column = encode(pl.Series(["bern", None]))
        >>> measure_present(column, np.array([0, 0]), np.array([0, 1]), lambda a, b: np.ones(len(a))).tolist()
        [1.0, nan]
    """
    a, b = column.codes[left], column.codes[right]
    present = np.flatnonzero((a >= 0) & (b >= 0))
    similarity = np.full(len(a), np.nan)
    if len(present):
        similarity[present] = measure(a[present], b[present])
    return similarity


def check_comparators(comparators: Sequence[Comparator]) -> None:
    """Check that every comparator has 1 to 127 levels, and that patterns of all fit into 63 bits.

    Raises:
        RangeError: a comparator has more levels, or together they take more bits than a pattern has.
    """
    for comparator in comparators:
        if not 1 <= len(comparator.labels) <= MOST_LEVELS:
            raise RangeError(f"levels of comparator {comparator.name!r}", len(comparator.labels), 1, MOST_LEVELS)
    bits = sum(level_bits(comparator) for comparator in comparators)
    if bits > PATTERN_BITS:
        raise RangeError("bits of all comparators' levels", bits, 1, PATTERN_BITS)


PATTERN_BITS = 63
"""Bits of an agreement pattern."""
MOST_LEVELS = 127
"""Levels that fit into an int8, beside -1."""


def level_bits(comparator: Comparator) -> int:
    """Return how many bits of an agreement pattern a comparator takes: its levels and one value for missing.

    Examples:
        >>> level_bits(Graded("city", "city")), level_bits(Graded("sex", "sex", frequency=False))
        (3, 2)
    """
    return len(comparator.labels).bit_length()
