"""Any measure of two texts as a grader: those of `identigraph.comparing.measures`, or your own."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from itertools import compress
from typing import Any

import attrs
import numpy as np
import polars as pl

from identigraph.calls import enclosed
from identigraph.comparing import measures
from identigraph.comparing.comparator import Grades, Similarities, measure_present
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.comparing.graders import strings_of
from identigraph.comparing.measures import Measure
from identigraph.comparing.measures.kernels import Floats, Texts
from identigraph.encoding import Codes
from identigraph.errors import InvalidIntermediateError
from identigraph.fields.derived import Feature
from identigraph.pairs import Rows
from identigraph.records import Records

Options = tuple[tuple[str, Any], ...]


@attrs.frozen(repr=False)
class TextMeasure:
    """A measure of two texts at or above each of the cutoffs, 0 to 1.

    Each distinct pair of values is scored once. A measure that takes a ``corpus`` gets the values of the population.

    Args:
        feature: what is compared.
        measure: a function of two columns of texts, as in `identigraph.comparing.measures`.
        cutoffs: one grade each.
        options: what the measure is given by keyword.
        label: what the grades say; left out, the name of the measure, and the cutoff of each.
    """

    feature: Feature
    measure: Measure[Any]
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending, validator=check_shares)
    options: Options = ()
    label: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        name = self.label or self.measure.__name__.replace("_", " ")
        if self.label and len(self.cutoffs) == 1:
            return (name,)
        return tuple(f"{name}, {cutoff:.2g}" for cutoff in self.cutoffs)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches."""
        return reached(np.nan_to_num(self.similarity(records, left, right), nan=-1.0), self.cutoffs)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return what the measure says of each pair, NaN where a value is missing.

        Raises:
            InvalidIntermediateError: the measure says something outside 0 to 1, or nothing.
        """
        column = records.column(self.feature)
        return measure_present(column, left, right, lambda a, b: self._scored(records, a, b))

    def _scored(self, records: Records, a: Codes, b: Codes) -> Floats:
        """Return the similarity of each pair of codes, each distinct pair scored once."""
        key = (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b)
        order = np.argsort(key)
        first = np.append(True, np.diff(key[order]) > 0)
        distinct = key[order][first]
        values = strings_of(records, self.feature).values
        one, other = (values[codes].tolist() for codes in (distinct >> 32, distinct & 0xFFFFFFFF))
        similarity = np.empty(len(key))
        similarity[order] = self.measured(one, other, self.options_in(records))[np.cumsum(first) - 1]
        return similarity

    def measured(self, left: Texts, right: Texts, options: Mapping[str, Any]) -> Floats:
        """Return the similarity of distinct pairs of texts; a kernel of the library is asked for unequal ones directly.

        Args:
            left: a text of each pair, the one that comes first in alphabetical order.
            right: the other.
            options: as `options_in` tells them.

        Raises:
            InvalidIntermediateError: the measure says something outside 0 to 1, or nothing.
        """
        kernel = getattr(self.measure, "kernel", None)
        if kernel is None:
            found = self.measure(pl.Series(left, dtype=pl.String), pl.Series(right, dtype=pl.String), **options)
            return self._checked(found.cast(pl.Float64).fill_null(float("nan")).to_numpy())
        unequal = np.array([a != b for a, b in zip(left, right, strict=True)])
        similarity = np.ones(len(left))
        similarity[unequal] = kernel(list(compress(left, unequal)), list(compress(right, unequal)), **options)
        return self._checked(similarity)

    def options_in(self, records: Records) -> dict[str, Any]:
        """Return what the measure is given by keyword, with the values of the population where it takes a corpus."""
        options = dict(self.options)
        if "corpus" in signature(self.measure).parameters and "corpus" not in options:
            options["corpus"] = records.fact(("texts", self.feature), lambda: records.column(self.feature).decoded())
        return options

    def _checked(self, similarity: Floats) -> Floats:
        wrong = int((~((similarity >= 0) & (similarity <= 1))).sum())
        if wrong:
            got = f"{wrong:,} others among {len(similarity):,} pairs"
            raise InvalidIntermediateError(f"measure {self.measure.__name__!r}", "numbers from 0 to 1", got)
        return similarity

    def __repr__(self) -> str:
        """Return the call that makes it, the measure by its name: comparators of names are called alike."""
        name = self.measure.__name__
        measure = f"measures.{name}" if getattr(measures, name, None) is self.measure else name
        options = [f"{name}={getattr(self, name)!r}" for name in ("options", "label") if getattr(self, name)]
        shown = [repr(self.feature), measure, repr(self.cutoffs), *options]
        return f"{type(self).__name__}{enclosed('(', shown, ')')}"
