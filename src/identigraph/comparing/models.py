"""Likeness of the model numbers in two texts: one shared, or one a part of the other."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.strings import Strings
from identigraph.encoding import Codes, Encoded, distinct_places, encode, runs
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.facts import Lookup
from identigraph.text.cutting import words

Ints = npt.NDArray[np.int64]

CHUNK = 200_000
"""Pairs whose model numbers are held at a time."""
COMMON = 0.0025
"""Share of the records from which on a model number is no sign of one model: the name of a series, or of a standard."""
SHORTEST_PART = 4
"""Characters of the shortest number that may be a part of a longer one."""
SHARED, COMMONLY_SHARED, PART = 3, 2, 1
SIMILARITY = np.array([0.0, 0.5, 0.7, 0.9])
"""What each grade counts for, where a number is asked for."""


@attrs.frozen(eq=False)
class ModelNumbers:
    """The model numbers of each distinct value of a column.

    Args:
        starts: shape (values + 1,): where the numbers of each value begin in `numbers`.
        numbers: which numbers, rising within a value.
        common: whether many records have it, of each number.
        strings: the numbers, ready to be compared.
    """

    starts: Ints
    numbers: Ints
    common: Mask
    strings: Strings

    @classmethod
    def of(cls, column: Encoded, common: Lookup | None = None) -> ModelNumbers:
        """Return the numbers of a column of model numbers with spaces between them.

        Args:
            column: the texts.
            common: 1 for each number that many records have; left out, those of the column have.
        """
        once = words(column.values).distinct()
        starts = np.append(0, np.cumsum(once.per_text()))
        many = (common or common_numbers(column)).numbers(once.values) > 0
        return cls(starts, once.item, many, Strings.of(encode(once.values)))

    def grades(self, a: Codes, b: Codes) -> Grades:
        """Return the grade of each value pair: the best that any number of one has with any of the other."""
        portions = [self._grades(a[low : low + CHUNK], b[low : low + CHUNK]) for low in range(0, len(a), CHUNK)]
        return np.concatenate([np.zeros(0, dtype=np.int8), *portions])

    def _grades(self, a: Codes, b: Codes) -> Grades:
        pair, one, other = self._crossed(a, b)
        low, high = np.minimum(one, other), np.maximum(one, other)
        key, place = distinct_places(low << 32 | high)
        grade = self._graded(key >> 32, key & 0xFFFFFFFF)[place]
        best = np.zeros(len(a), dtype=np.int8)
        np.maximum.at(best, pair, grade)
        return best

    def _crossed(self, a: Codes, b: Codes) -> tuple[Ints, Ints, Ints]:
        """Return all pairs of a number of one side and a number of the other: place of the pair, both numbers."""
        pair, at = runs(self.starts[a], self.starts[a + 1] - self.starts[a])
        values = b[pair]
        each, opposite = runs(self.starts[values], self.starts[values + 1] - self.starts[values])
        return pair[each], self.numbers[at][each], self.numbers[opposite]

    def _graded(self, one: Ints, other: Ints) -> Grades:
        """Return the grade of distinct pairs of numbers."""
        grades = np.where(one == other, np.where(self.common[one], COMMONLY_SHARED, SHARED), 0).astype(np.int8)
        apart = np.flatnonzero(one != other)
        a, b = one[apart].astype(np.int32), other[apart].astype(np.int32)
        grades[apart[self._parts(a, b)]] = PART
        return grades

    def _parts(self, a: Codes, b: Codes) -> Mask:
        """Tell where one of two different numbers is a part of the other."""
        length = self.strings.length
        shorter = np.minimum(length[a], length[b])
        may: Mask = (
            (shorter >= SHORTEST_PART) & (length[a] != length[b]) & (self.strings.common_at_most(a, b) >= shorter)
        )
        at = np.flatnonzero(may)
        values = self.strings.values
        may[at] = [x in y or y in x for x, y in zip(values[a[at]], values[b[at]], strict=True)]
        return may


def common_numbers(column: Encoded) -> Lookup:
    """Return 1 for each model number that many records of a column have, 0 for any other."""
    once = words(column.values).distinct()
    records = np.bincount(once.item, weights=column.counts[once.text], minlength=len(once.values))
    return Lookup.of(once.values, records > max(COMMON * column.present, 2), rest=0, total=column.present)


def common_in(records: Records, feature: Feature) -> Lookup:
    """Return 1 for each model number that many records of the population have, 0 for any other."""
    return records.fact(("common numbers", feature), lambda: common_numbers(records.column(feature)))


@attrs.frozen
class SameModel:
    """Model numbers that are alike, though not all of them are equal.

    Grades, rising: one is a part of the other, as of a model and one of its colors; one is shared that many records
    have; one is shared that few have. Numbers that are one character apart are no more alike than others: the models of
    a series are.

    Args:
        feature: model numbers with spaces between them, as `identigraph.text.model_numbers` finds them.
    """

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """What the grades say."""
        return ("part of the other", "shares a common one", "shares one")

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair."""
        column, index = records.column(self.feature), self._index(records)
        return grade_present(column, left, right, index.grades)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return a half to nine tenths for the grades, 0 where nothing is alike, NaN where a side has no number."""
        column, index = records.column(self.feature), self._index(records)
        return measure_present(column, left, right, lambda a, b: SIMILARITY[index.grades(a, b)])

    def _index(self, records: Records) -> ModelNumbers:
        column = records.column(self.feature)
        common = common_in(records, self.feature)
        return records.remember(("model numbers", self.feature), lambda: ModelNumbers.of(column, common))
