"""Similarity of categories by a table: *divorced* is closer to *married* than to *never married*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.encoding import Codes, Encoded
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Rows
from identigraph.records import Records
from identigraph.text import words

SimilarityTable: TypeAlias = tuple[tuple[str, str, float], ...]


def as_table(table: Mapping[tuple[str, str], float] | Iterable[tuple[str, str, float]]) -> SimilarityTable:
    """Return a similarity table as sorted triples, values as words, each pair in alphabetical order.

    Raises:
        ConfigurationError: a pair has two similarities, or one outside 0 to 1.

    Examples:
        >>> as_table({("Widowed", "Married"): 0.5})
        (('married', 'widowed', 0.5),)
    """
    rows = [(*pair, share) for pair, share in table.items()] if isinstance(table, Mapping) else list(table)
    sides = [words(pl.Series([row[side] for row in rows], dtype=pl.String, strict=False)).to_list() for side in (0, 1)]
    triples = {(min(a, b), max(a, b), float(row[2])) for a, b, row in zip(*sides, rows, strict=True) if a and b}
    pairs = {(a, b) for a, b, _ in triples}
    if len(pairs) < len(triples):
        raise ConfigurationError(f"{len(triples) - len(pairs):,} pairs of the table have two similarities; keep one")
    wrong = sum(not 0 <= share <= 1 for *_, share in triples)
    if wrong:
        raise ConfigurationError(f"{wrong:,} similarities of the table lie outside 0 to 1")
    return tuple(sorted(triples))


@attrs.frozen
class CloseCategory:
    """Two categories that a table calls similar, at or above each of the cutoffs.

    Args:
        feature: a category.
        table: similarity of two values, 0 to 1, by pair; pairs that are not in it have 0.
        cutoffs: one grade each.
    """

    feature: Feature
    table: SimilarityTable = attrs.field(converter=as_table)
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending, validator=check_shares)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        return tuple(f"close, {cutoff:.2g}" for cutoff in self.cutoffs)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches."""
        column, known = records.column(self.feature), self._known(records)
        return grade_present(column, left, right, lambda a, b: reached(known.similarity(a, b), self.cutoffs))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the similarity of each pair by the table, 1 of equal values; NaN where a value is missing."""
        return measure_present(records.column(self.feature), left, right, self._known(records).similarity)

    def _known(self, records: Records) -> _Known:
        column = records.column(self.feature)
        return records.remember(("close", self.feature, self.table), lambda: _Known.of(column, self.table))


@attrs.frozen(eq=False)
class _Known:
    """The pairs of a table whose values a column has: sorted ``smaller << 32 | larger``, and their similarities."""

    pairs: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]

    @classmethod
    def of(cls, column: Encoded, table: SimilarityTable) -> _Known:
        """Return the pairs of `table` that `column` has; the first stands for none."""
        place = {value: code for code, value in enumerate(column.values.to_list())}
        found = {(place[a] << 32) | place[b]: share for a, b, share in table if a in place and b in place}
        pairs = sorted(found)
        return cls(np.array([-1, *pairs], dtype=np.int64), np.array([0.0, *(found[pair] for pair in pairs)]))

    def similarity(self, a: Codes, b: Codes) -> npt.NDArray[np.float64]:
        """Return the similarity of each pair of codes."""
        wanted = (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b)
        at = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        return np.where(a == b, 1.0, np.where(self.pairs[at] == wanted, self.shares[at], 0.0))
