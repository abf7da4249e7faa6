"""The caller's own pairs, by the ids of their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.candidates import Ints, ListedCandidates
from identigraph.blocking.hot import tell_empty
from identigraph.blocking.strategy import Algebra
from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.records import Records
from identigraph.records.tables import as_text, read


@attrs.frozen(eq=False, repr=False)
class GivenPairs(Algebra):
    """Pairs that the caller lists. Made by `given_pairs`.

    Args:
        pairs: one row per pair: ``left_id, right_id``, all text, and ``left_source, right_source`` where sources are
            named.
    """

    pairs: pl.DataFrame

    def candidates(self, records: Records) -> ListedCandidates:
        """Return the pairs, each once.

        Raises:
            UnknownIdError: ids that no record has.
            ConfigurationError: ids that records of several sources have, where no sources are named; or a record that
                is paired with itself.

        Warns:
            EmptyBlockingWarning: there is no pair.
        """
        left, right = (self._rows(records, side) for side in ("left", "right"))
        if (left == right).any():
            raise ConfigurationError(f"{int((left == right).sum()):,} of {len(left):,} pairs join a record with itself")
        found = ListedCandidates.of(repr(self), left, right, len(np.unique(np.concatenate([left, right]))))
        tell_empty(found.reports[0], len(records))
        return found

    def _rows(self, records: Records, side: str) -> Ints:
        """Return the row number of one record of each pair."""
        on = ["id", "source"] if f"{side}_source" in self.pairs.columns else ["id"]
        known = pl.DataFrame(
            {
                "id": as_text(records.ids.to_frame("id")).to_series(),
                "source": records.sources.decoded(),
                "row": np.arange(len(records)),
            }
        )
        asked = self.pairs.select(pl.col(f"{side}_{name}").alias(name) for name in on)
        if on == ["id"]:
            _check_unambiguous(known, asked)
        rows = asked.join(known, on=on, how="left", maintain_order="left").get_column("row")
        if rows.null_count():
            unknown = asked.filter(rows.is_null()).unique().sort(on).get_column("id").to_list()
            raise UnknownIdError(unknown, rows.null_count(), len(rows))
        return rows.to_numpy().astype(np.int64)

    def __repr__(self) -> str:
        """Return the number of pairs; never an id."""
        return f"<GivenPairs: {self.pairs.height:,} pairs>"


def given_pairs(pairs: Any) -> GivenPairs:
    """Return the strategy that proposes the pairs you list, for example those of another tool.

    The order within a pair and repeats mean nothing.

    Args:
        pairs: any table (see `identigraph.records.tables`) with the columns ``left_id`` and ``right_id``, and with
            ``left_source`` and ``right_source`` where ids are unique in their source only; or a sequence of pairs of
            ids.

    Raises:
        ConfigurationError: a column is missing, or an id is null.
        UnsupportedInputError: it is no table.

    Examples:
        >>> records = Records.of({"id": [7, 8, 9], "name": ["ann", "anne", "bob"]}, id="id")
        >>> mine = given_pairs([(7, 8), (8, 7)])
        >>> mine, sum(len(pairs) for pairs in mine.candidates(records))
        (<GivenPairs: 2 pairs>, 1)
    """
    if isinstance(pairs, Sequence) and not isinstance(pairs, str) and all(_is_pair(pair) for pair in pairs):
        pairs = {"left_id": [left for left, _ in pairs], "right_id": [right for _, right in pairs]}
    table = as_text(read(pairs))
    columns = ["left_id", "right_id", *(c for c in ("left_source", "right_source") if c in table.columns)]
    missing = [name for name in columns if name not in table.columns]
    if missing or len(columns) == 3:
        raise ConfigurationError(
            "own pairs need the columns 'left_id' and 'right_id', and may have both 'left_source' and 'right_source'; "
            f"got {', '.join(map(repr, table.columns))}"
        )
    nulls = sum(table.get_column(name).null_count() for name in columns)
    if nulls:
        raise ConfigurationError(f"own pairs have {nulls:,} missing ids or sources; drop these rows")
    return GivenPairs(table.select(columns))


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _check_unambiguous(known: pl.DataFrame, asked: pl.DataFrame) -> None:
    """Raise where an id that is asked for is one of several sources."""
    repeated = known.filter(pl.col("id").is_duplicated())
    several = asked.join(repeated, on="id", how="semi").get_column("id").n_unique()
    if several:
        raise ConfigurationError(
            f"{several:,} ids of own pairs belong to records of several sources; add 'left_source' and 'right_source'"
        )
