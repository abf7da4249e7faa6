"""How common values are, from a table of the caller: surnames of a census instead of those of the records at hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.records.tables import read
from identigraph.text import words


@attrs.frozen(eq=False, repr=False)
class Frequencies:
    """The share of the population that has each value; made by `Frequencies.of`.

    Args:
        table: ``value``, as words, and ``share``, above 0 and up to 1.
    """

    table: pl.DataFrame

    @classmethod
    def of(cls, table: Any) -> Frequencies:
        """Return the shares in a table.

        Args:
            table: a mapping from value to how often it occurs, or any table with the columns ``value`` and ``count``:
                counts or shares, which are divided by their sum. Values are compared as words, in lower-case ASCII;
                those that become one are added up. What the table lacks is as rare as can be.

        Raises:
            ColumnNotFoundError: a column is missing.
            ConfigurationError: a count is negative, null or no number, or all are 0.

        Examples:
            >>> census = Frequencies.of({"Smith": 990, "Zbigniew": 10})
            >>> census, census.shares(pl.Series(["smith", "nobody"])).tolist()
            (<Frequencies: 2 values>, [0.99, 0.0])
        """
        if isinstance(table, Mapping) and not {"value", "count"} <= set(table):
            table = {"value": list(table), "count": list(table.values())}
        frame = read(table)
        for name in ("value", "count"):
            if name not in frame.columns:
                raise ColumnNotFoundError(name, frame.columns, where=" of a frequency table")
        counts = frame.get_column("count").cast(pl.Float64, strict=False)
        wrong = int((counts.is_null() | ~counts.is_finite() | (counts < 0)).sum())
        if wrong:
            raise ConfigurationError(
                f"{wrong:,} of {len(counts):,} counts of a frequency table are no numbers from 0 on"
            )
        if not counts.sum() > 0:
            raise ConfigurationError(f"the {len(counts):,} counts of a frequency table add up to 0; leave it out")
        named = pl.DataFrame(
            {"value": words(frame.get_column("value").cast(pl.String)), "share": counts / counts.sum()}
        )
        summed = named.drop_nulls().group_by("value").agg(pl.col("share").sum()).sort("value")
        return cls(summed.filter(pl.col("share") > 0))

    def shares(self, values: pl.Series) -> npt.NDArray[np.float64]:
        """Return the share of each value, 0 where the table lacks it."""
        asked = values.to_frame("value").join(self.table, on="value", how="left", maintain_order="left")
        return asked.get_column("share").fill_null(0.0).to_numpy()

    def share(self, value: str) -> float:
        """Return the share of one value.

        Examples:
            >>> Frequencies.of({"Smith": 990, "Zbigniew": 10}).share("zbigniew")
            0.01
        """
        return self._by_value.get(value, 0.0)

    @cached_property
    def _by_value(self) -> dict[str, float]:
        return dict(self.table.iter_rows())

    def __repr__(self) -> str:
        """Return the count; never a value."""
        return f"<Frequencies: {self.table.height:,} values>"
