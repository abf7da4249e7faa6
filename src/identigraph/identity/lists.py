"""Columns of lists, out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError


def list_column(name: str, lists: Sequence[Sequence[object]], inner: Any) -> pl.Series:
    """Return a column of lists, whose elements are of type `inner`.

    It is made at once: polars takes a minute for a million Python lists of text, one by one.

    Examples:
        >>> list_column("ids", [("a", "b"), (), ("a",)], pl.String).to_list()
        [['a', 'b'], [], ['a']]
    """
    rows = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    flat = pl.DataFrame({"row": rows, name: pl.Series(list(chain.from_iterable(lists)), dtype=inner)})
    held = flat.group_by("row", maintain_order=True).agg(name)
    every = pl.DataFrame({"row": np.arange(len(lists))})
    joined = every.join(held, on="row", how="left", maintain_order="left").get_column(name)
    return joined.fill_null(pl.Series([[]], dtype=pl.List(inner))).cast(pl.List(inner))


def read_typed(frame: pl.DataFrame, schema: Mapping[str, Any], what: str) -> pl.DataFrame:
    """Return the columns of a schema, of its types.

    Raises:
        ColumnNotFoundError: one is missing.
        ConfigurationError: one holds text or numbers where lists are expected, as after CSV.

    Examples:
        >>> read_typed(pl.DataFrame({"to": [[]], "x": [1]}), {"to": pl.List(pl.String)}, "ids").schema["to"]
        List(String)
    """
    for name, dtype in schema.items():
        if name not in frame.columns:
            raise ColumnNotFoundError(name, frame.columns, where=f" in the {what}")
        if isinstance(dtype, pl.List) and not isinstance(frame.schema[name], pl.List):
            raise ConfigurationError(
                f"column {name!r} of the {what} holds no lists, but {frame.schema[name]}; CSV has none: keep the table "
                "as Parquet or NDJSON"
            )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
