"""Sightings: which record carries which identifiers, and when."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Encoded, recode
from identigraph.graph.namespaces import Namespace

Ints = npt.NDArray[np.int64]

NEVER = int(np.iinfo(np.int64).min)
"""The time of a sighting of which none is known."""
LATEST = int(np.iinfo(np.int64).max)


@attrs.frozen(eq=False, repr=False)
class Sightings:
    """The identifiers of one namespace: which record carries which value.

    Args:
        namespace: what the values may do.
        rows: shape (sightings,): the record of each, rising.
        codes: shape (sightings,): the value of each, as its place in `values`; -1 where it could not be normalized.
        values: the distinct normalized values, sorted.
        times: shape (sightings,): microseconds since 1970; `NEVER` where no time is known.
    """

    namespace: Namespace
    rows: Ints
    codes: Ints
    values: pl.Series
    times: Ints

    def __attrs_post_init__(self) -> None:
        for array in (self.rows, self.codes, self.times):
            array.setflags(write=False)

    @classmethod
    def of(cls, namespace: Namespace, rows: Ints, raw: Encoded, times: Ints) -> Sightings:
        """Return the sightings of raw values, each (record, value, time) once; missing values are left out.

        Examples:
            >>> from identigraph.encoding import encode
            >>> raw = encode(pl.Series(["u7", " u7", None]))
            >>> seen = Sightings.of(Namespace("login"), np.arange(3), raw, np.full(3, NEVER))
            >>> seen.rows.tolist(), seen.codes.tolist(), seen.values.to_list()
            ([0, 1], [0, 0], ['u7'])
        """
        there = raw.codes >= 0
        column = recode(raw, namespace.normalized(raw.values).cast(pl.String))
        parts = {"row": rows[there], "code": column.codes[there].astype(np.int64), "time": times[there]}
        once = pl.DataFrame(parts).unique().sort("row", "code", "time")
        row, code, time = (once.get_column(name).to_numpy().copy() for name in ("row", "code", "time"))
        return cls(namespace, row, code, column.values, time)

    def __len__(self) -> int:
        """Return the number of sightings."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<Sightings of {self.namespace.name}: {len(self):,}, {len(self.values):,} different values>"

    @cached_property
    def first_seen(self) -> Ints:
        """The time that each value is first seen at; `NEVER` where no time is known."""
        first = np.full(len(self.values), LATEST)
        known = (self.times != NEVER) & (self.codes >= 0)
        np.minimum.at(first, self.codes[known], self.times[known])
        return np.where(first == LATEST, NEVER, first)
