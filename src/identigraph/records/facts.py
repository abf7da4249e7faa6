"""Facts: what comparators know of a whole population, as plain tables that outlive it.

How common a value is, who shares it, which words there are: such things are told from the records at hand. A policy
keeps those of the records that it was made with, so that what two records say does not change when others come or go.
"""

from __future__ import annotations

from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Encoded

FEW = 200
"""So many values are looked up one by one."""


@attrs.frozen(eq=False, repr=False)
class Lookup:
    """A number for each of some texts, and one for all others.

    Args:
        table: ``value``, each once, and ``number``; values that have the number of the others are left out.
        rest: the number of any other text.
        total: how many records the numbers were told from.
    """

    table: pl.DataFrame
    rest: float
    total: int
    _known: dict[str, float] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, values: pl.Series, numbers: npt.NDArray[Any], *, rest: float, total: int) -> Lookup:
        """Return the numbers of distinct values.

        Examples:
            >>> found = Lookup.of(pl.Series(["ann", "bob"]), np.array([3, 1]), rest=1, total=4)
            >>> found, found.numbers(pl.Series(["bob", "ann", "eve"])).tolist()
            (<Lookup: 1 value of 4 records>, [1.0, 3.0, 1.0])
        """
        frame = pl.DataFrame({"value": values, "number": numbers.astype(np.float64)})
        return cls(frame.filter(pl.col("number") != rest).sort("value"), rest, total)

    @classmethod
    def counts(cls, column: Encoded) -> Lookup:
        """Return how many records have each value of a column; what it lacks counts like what one record has.

        Examples:
            >>> from identigraph.encoding import encode
            >>> Lookup.counts(encode(pl.Series(["a", "b", "a"]))).shares(pl.Series(["a", "c"])).round(2).tolist()
            [0.67, 0.33]
        """
        return cls.of(column.values, column.counts, rest=1, total=column.present)

    def numbers(self, values: pl.Series) -> npt.NDArray[np.float64]:
        """Return the number of each value."""
        if len(values) <= FEW:
            known = self._by_value()
            return np.array([known.get(value, self.rest) for value in values.to_list()], dtype=np.float64)
        asked = values.to_frame("value").join(self.table, on="value", how="left", maintain_order="left")
        return asked.get_column("number").fill_null(self.rest).to_numpy()

    def shares(self, values: pl.Series) -> npt.NDArray[np.float64]:
        """Return the number of each value as a share of the records."""
        return self.numbers(values) / max(self.total, 1)

    def number(self, value: str) -> float:
        """Return the number of one value.

        Examples:
            >>> found = Lookup.of(pl.Series(["ann", "bob"]), np.array([3, 1]), rest=1, total=4)
            >>> found.number("ann"), found.number("eve"), found.share("ann")
            (3.0, 1, 0.75)
        """
        return self._by_value().get(value, self.rest)

    def ready(self) -> Self:
        """Return the same numbers, at hand for single values: the first would wait for that."""
        self._by_value()
        return self

    def share(self, value: str) -> float:
        """Return the number of one value as a share of the records."""
        return self.number(value) / max(self.total, 1)

    def _by_value(self) -> dict[str, float]:
        """Return the numbers by value: all at once, so that no other thread sees some of them."""
        if not self._known and self.table.height:
            self._known.update(dict(self.table.iter_rows()))
        return self._known

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        values = self.table.height
        return f"<Lookup: {values:,} value{'s'[: values != 1]} of {self.total:,} records>"
