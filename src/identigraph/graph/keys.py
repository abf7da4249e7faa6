"""Keys: the caller's ids of records as the numbers of nodes, and back.

Nodes are numbered by source and id, or, in the graph of a resolver, like its records, by their content. So nothing
depends on the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError, NullIdError, UnknownIdError
from identigraph.records.tables import as_text, read

Ints = npt.NDArray[np.int64]

ENDS = ("left", "right")
KEY = ["source", "record_id"]


@attrs.frozen(eq=False, repr=False)
class Keys:
    """The keys of all records, in the order of their numbers.

    Args:
        frame: ``source, record_id``; ids are whole numbers where all that came in were, else text. Where no sources
            were named the source is ``""``.
    """

    frame: pl.DataFrame

    @classmethod
    def of(cls, mentions: Iterable[pl.DataFrame]) -> Keys:
        """Return the different keys that are mentioned, in order.

        Examples:
            >>> Keys.of([pl.DataFrame({"source": ["", ""], "record_id": [7, 3]})]).frame.rows()
            [('', 3), ('', 7)]
        """
        frames = [frame.select(KEY) for frame in mentions]
        whole = bool(frames) and all(frame.schema["record_id"].is_integer() for frame in frames)
        ids = pl.col("record_id").cast(pl.Int64 if whole else pl.String)
        schema = {"source": pl.String, "record_id": pl.String}
        every = pl.concat([f.with_columns(ids) for f in frames]) if frames else pl.DataFrame(schema=schema)
        return cls(every.unique().sort(KEY))

    def __len__(self) -> int:
        """Return the number of records."""
        return self.frame.height

    def __repr__(self) -> str:
        """Return the count; never an id."""
        return f"<Keys: {len(self):,}>"

    def numbers(self, mentioned: pl.DataFrame) -> Ints:
        """Return the number of each record that is mentioned.

        Raises:
            UnknownIdError: there is no such record.
        """
        dtype = self.frame.schema["record_id"]
        same = mentioned.schema["record_id"] == dtype
        ids = pl.col("record_id") if same else pl.col("record_id").cast(pl.String).cast(dtype, strict=False)
        asked = mentioned.select("source", ids)
        found = self._in_one_source(asked) if self._is_of_one_source(asked) else self._joined(asked, KEY)
        missing = found < 0
        if missing.any():
            unknown = mentioned.filter(missing).get_column("record_id").unique().sort()
            raise UnknownIdError(unknown.head(20).to_list(), int(missing.sum()), len(found))
        return found

    def _is_of_one_source(self, asked: pl.DataFrame) -> bool:
        """Return whether all records, and all that are asked for, are of one source."""
        sources = self.frame.get_column("source")
        return sources.n_unique() == 1 and bool((asked.get_column("source") == sources[0]).all())

    def _in_one_source(self, asked: pl.DataFrame) -> Ints:
        """Return the number of each id, -1 for none: numbers are looked up in order, texts are joined."""
        known, ids = self.frame.get_column("record_id"), asked.get_column("record_id")
        if not known.dtype.is_integer() or ids.null_count() or not known.is_sorted():
            return self._joined(asked, ["record_id"])
        values, wanted = known.to_numpy(), ids.to_numpy()
        dense = values[-1] - values[0] == len(values) - 1
        place = wanted - values[0] if dense else np.searchsorted(values, wanted)
        place = np.clip(place, 0, len(values) - 1)
        return np.where(values[place] == wanted, place, -1).astype(np.int64)

    def _joined(self, asked: pl.DataFrame, on: list[str]) -> Ints:
        known = self.frame.select(on).with_row_index("number")
        found = asked.join(known, on=on, how="left", maintain_order="left").get_column("number")
        return found.cast(pl.Int64).fill_null(-1).to_numpy()

    def number(self, record: object, source: str | None = None) -> int:
        """Return the number of one record; its source is needed where several sources have the id.

        Raises:
            UnknownIdError: there is no such record.
            ConfigurationError: records of several sources have the id, and no source was named.
        """
        same = pl.col("record_id").cast(pl.String) == str(record)
        if source is not None:
            same &= pl.col("source") == source
        rows = self.frame.with_row_index("number").filter(same).get_column("number")
        if len(rows) == 0:
            raise UnknownIdError([str(record)], 1, 1)
        if len(rows) > 1:
            raise ConfigurationError(f"records of {len(rows)} sources have this id; name the source as well")
        return int(rows[0])

    def told(self, number: int) -> str:
        """Return the key of a record as one text.

        Examples:
            >>> Keys.of([pl.DataFrame({"source": ["crm"], "record_id": [7]})]).told(0)
            'crm:7'
        """
        source, record = self.frame.row(number)
        return f"{source}:{record}" if source else str(record)


def read_keyed(data: Any, *, id: str | None, source: str | None, what: str) -> pl.DataFrame:  # noqa: A002
    """Return a table whose first columns are ``source`` and ``record_id``, other columns as they came.

    Raises:
        ColumnNotFoundError: a column is missing.
        NullIdError: rows without id or source.
    """
    table = read(data)
    for name in (id, source):
        if name is not None and name not in table.columns:
            raise ColumnNotFoundError(name, table.columns, where=f" in the {what}")
    ids = pl.Series(np.arange(table.height)) if id is None else as_ids(table.get_column(id))
    sources = pl.repeat("", table.height, eager=True) if source is None else texts(table.get_column(source))
    for name, column in ((id, ids), (source, sources)):
        if column.null_count():
            raise NullIdError(str(name), column.null_count(), table.height, what="id" if name == id else "source")
    rest = table.drop([name for name in (id, source) if name is not None])
    keyed = pl.DataFrame([sources.alias("source"), ids.alias("record_id")])
    return pl.concat([keyed, rest.drop([name for name in KEY if name in rest.columns])], how="horizontal")


def read_pairs(data: Any, *, what: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the left keys, the right keys, and the other columns of a table of pairs.

    Args:
        data: any table with the columns ``left, right`` or ``left_id, right_id``, and may be ``left_source,
            right_source``; or a sequence of tuples, the first two of each being ids.
        what: the rows, in words.

    Raises:
        ConfigurationError: a column is missing.
        NullIdError: a missing id or source.
    """
    if isinstance(data, Sequence) and not isinstance(data, str) and all(isinstance(row, tuple) for row in data):
        data = _named(data)
    table = read(data)
    named = {end: next((c for c in (f"{end}_id", end) if c in table.columns), None) for end in ENDS}
    if None in named.values():
        columns = ", ".join(map(repr, table.columns))
        raise ConfigurationError(
            f"{what} need the columns 'left' and 'right' (or 'left_id', 'right_id'); got {columns}"
        )
    sources = [f"{end}_source" for end in ENDS if f"{end}_source" in table.columns]
    if len(sources) == 1:
        raise ConfigurationError(f"{what} name the source of one end only: {sources[0]!r}; name both or none")
    keys = [
        read_keyed(table, id=named[end], source=f"{end}_source" if sources else None, what=what).select(KEY)
        for end in ENDS
    ]
    return keys[0], keys[1], table.drop([name for name in (*named.values(), *sources) if name])


def as_ids(column: pl.Series) -> pl.Series:
    """Return ids as whole numbers where they are, else as text."""
    return column.cast(pl.Int64) if column.dtype.is_integer() else texts(column)


def texts(column: pl.Series) -> pl.Series:
    """Return a column as text, blanks as null."""
    return as_text(column.to_frame()).to_series()


def _named(rows: Sequence[Any]) -> pl.DataFrame:
    """Return tuples ``(left, right)`` or ``(left, right, weight)`` as a table."""
    widths = {len(row) for row in rows}
    if widths - {2, 3} or len(widths) > 1:
        raise ConfigurationError("pairs are tuples (left, right) or (left, right, weight), all of one length")
    columns = ["left", "right", "weight"][: next(iter(widths), 2)]
    return pl.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(columns)}, strict=False)
