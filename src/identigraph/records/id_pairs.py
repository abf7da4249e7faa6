"""Pairs that the caller lists by the ids of their records, as row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.pairs import Rows
from identigraph.records.records import Records
from identigraph.records.tables import as_text, read

SIDES = ("left", "right")


@attrs.frozen(eq=False, repr=False)
class IdPairs:
    """Pairs of ids; made by `IdPairs.of`.

    Args:
        table: one row per pair: ``left_id, right_id``, all text, and ``left_source, right_source`` where sources are
            named.
    """

    table: pl.DataFrame

    @classmethod
    def of(cls, pairs: Any, *, what: str = "own pairs") -> IdPairs:
        """Return the pairs of a table with the columns of `IdPairs`, or of a sequence of pairs of ids.

        Raises:
            ConfigurationError: a column is missing, or an id is null; `what` names the pairs.
            UnsupportedInputError: it is no table.

        Examples:
            >>> IdPairs.of([(7, 8), (9, 7)]).table.rows()
            [('7', '8'), ('9', '7')]
        """
        if isinstance(pairs, Sequence) and not isinstance(pairs, str) and all(_is_pair(pair) for pair in pairs):
            pairs = {"left_id": [left for left, _ in pairs], "right_id": [right for _, right in pairs]}
        table = as_text(read(pairs))
        columns = ["left_id", "right_id", *(c for c in ("left_source", "right_source") if c in table.columns)]
        missing = [name for name in columns if name not in table.columns]
        if missing or len(columns) == 3:
            raise ConfigurationError(
                f"{what} need the columns 'left_id' and 'right_id', and may have both 'left_source' and "
                f"'right_source'; got {', '.join(map(repr, table.columns))}"
            )
        nulls = sum(table.get_column(name).null_count() for name in columns)
        if nulls:
            raise ConfigurationError(f"{what} have {nulls:,} missing ids or sources; drop these rows")
        return cls(table.select(columns))

    def __len__(self) -> int:
        """Return the number of pairs."""
        return self.table.height

    def __repr__(self) -> str:
        """Return the number of pairs; never an id."""
        return f"<IdPairs: {len(self):,}>"

    def rows(self, records: Records, *, what: str = "own pairs") -> tuple[Rows, Rows]:
        """Return the row numbers of both records of each pair.

        Raises:
            UnknownIdError: ids that no record has.
            ConfigurationError: ids that records of several sources have, where no sources are named; or a record that
                is paired with itself.
        """
        left, right = (self._side(records, side, what) for side in SIDES)
        itself = int((left == right).sum())
        if itself:
            raise ConfigurationError(f"{itself:,} of {len(left):,} pairs join a record with itself")
        return left, right

    def _side(self, records: Records, side: str, what: str) -> Rows:
        on = ["id", "source"] if f"{side}_source" in self.table.columns else ["id"]
        known = records.remember(("rows by id",), lambda: _known(records))
        asked = self.table.select(pl.col(f"{side}_{name}").alias(name) for name in on)
        if on == ["id"]:
            _check_unambiguous(known, asked, what)
        rows = asked.join(known, on=on, how="left", maintain_order="left").get_column("row")
        if rows.null_count():
            unknown = asked.filter(rows.is_null()).unique().sort(on).get_column("id").to_list()
            raise UnknownIdError(unknown, rows.null_count(), len(rows))
        found: npt.NDArray[np.int32] = rows.to_numpy().astype(np.int32)
        return found


def _known(records: Records) -> pl.DataFrame:
    ids = as_text(records.ids.to_frame("id")).to_series()
    return pl.DataFrame({"id": ids, "source": records.sources.decoded(), "row": np.arange(len(records))})


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _check_unambiguous(known: pl.DataFrame, asked: pl.DataFrame, what: str) -> None:
    """Raise where an id that is asked for is one of several sources."""
    repeated = known.filter(pl.col("id").is_duplicated())
    several = asked.join(repeated, on="id", how="semi").get_column("id").n_unique()
    if several:
        raise ConfigurationError(
            f"{several:,} ids of {what} belong to records of several sources; add 'left_source' and 'right_source'"
        )
