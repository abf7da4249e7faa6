"""Similarity of sets: what two records share of several values each, such as all their e-mail addresses or tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, get_args

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.encoding import Elements, runs
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records

Ints = npt.NDArray[np.int64]
Coefficient: TypeAlias = Literal["jaccard", "dice", "overlap", "any"]

CHUNK = 200_000
"""Pairs whose elements are held at a time."""

COEFFICIENTS: Mapping[str, Callable[[Ints, Ints, Ints], npt.NDArray[np.float64]]] = {
    "jaccard": lambda shared, a, b: shared / (a + b - shared),
    "dice": lambda shared, a, b: 2 * shared / (a + b),
    "overlap": lambda shared, a, b: shared / np.minimum(a, b),
    "any": lambda shared, a, b: ((shared > 0) & (a > 0) & (b > 0)).astype(np.float64),
}
"""Similarity of sets of a and b elements, of which so many are shared."""


def _check_coefficient(instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    del instance, attribute
    if value not in COEFFICIENTS:
        raise ConfigurationError(f"coefficient must be one of {', '.join(get_args(Coefficient))}, got {value!r}")


@attrs.frozen
class SharedElements:
    """What two sets share at or above each of the cutoffs, 0 to 1.

    Args:
        feature: a column of lists, or of texts with a separator between elements.
        coefficient: ``"jaccard"``, the share of all elements that both have; ``"dice"``, of the mean number;
            ``"overlap"``, of the smaller set; ``"any"``, 1 where any is shared.
        cutoffs: one grade each.
        separator: what stands between the elements of one text; None: the column holds lists.
    """

    feature: Feature
    coefficient: Coefficient = attrs.field(default="jaccard", validator=_check_coefficient)
    cutoffs: tuple[float, ...] = attrs.field(default=(1.0,), converter=ascending, validator=check_shares)
    separator: str | None = None

    __repr__ = call_repr

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.feature if isinstance(self.feature, str) else self.feature.root,)

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        if self.coefficient == "any":
            return ("shares any",) * len(self.cutoffs)
        return tuple(f"shares, {self.coefficient} {cutoff:.2g}" for cutoff in self.cutoffs)

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell where both records have an element."""
        counts = np.diff(self._elements(records).starts)
        both: Mask = (counts[left] > 0) & (counts[right] > 0)
        return both

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches; 0 where nothing is shared."""
        similarity = np.nan_to_num(self.similarity(records, left, right), nan=0.0)
        return np.where(similarity > 0, reached(similarity, self.cutoffs), np.int8(0))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the coefficient of each pair, NaN where a set is empty."""
        elements = self._elements(records)
        counts = np.diff(elements.starts)
        portions = [_shared(elements, left[i : i + CHUNK], right[i : i + CHUNK]) for i in range(0, len(left), CHUNK)]
        shared = np.concatenate([np.zeros(0, dtype=np.int64), *portions])
        similarity = np.full(len(left), np.nan)
        at = np.flatnonzero((counts[left] > 0) & (counts[right] > 0))
        similarity[at] = COEFFICIENTS[self.coefficient](shared[at], counts[left[at]], counts[right[at]])
        return similarity

    def _elements(self, records: Records) -> Elements:
        return records.elements(self.feature, separator=self.separator)


def _shared(elements: Elements, left: Rows, right: Rows) -> Ints:
    """Return how many elements the records of each pair have in common."""
    size = max(len(elements.values), 1)
    (pair, a), (other, b) = (_of_rows(elements, rows) for rows in (left, right))
    found = np.intersect1d(pair * size + a, other * size + b, assume_unique=True)
    return np.bincount(found // size, minlength=len(left)).astype(np.int64)


def _of_rows(elements: Elements, rows: Rows) -> tuple[Ints, Ints]:
    """Return the elements of all rows named: the place of the row, and the code of the element."""
    place, at = runs(elements.starts[rows], np.diff(elements.starts)[rows])
    return place, elements.codes[at].astype(np.int64)
