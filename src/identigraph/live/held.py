"""The records of a live index by slot: their keys, their columns, and what comparators read of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.changing import some_rows
from identigraph.comparing.singly import Row
from identigraph.encoding import Codes, Encoded
from identigraph.identity.events import Key
from identigraph.records import Records
from identigraph.records.joining import joined_records
from identigraph.records.reading import Reading
from identigraph.records.records import order_keys
from identigraph.records.rows import Rows, joined

Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False, slots=False)
class _Segment:
    """Records that came together; their slots are their rows and those before them."""

    start: int
    records: Records
    codes: Codes
    values: list[list[str | None]]

    @classmethod
    def of(cls, start: int, records: Records, columns: Iterable[Encoded]) -> _Segment:
        """Return records with what a row holds of each."""
        read = list(columns)
        codes = np.empty((len(records), len(read)), dtype=np.int32)
        for place, column in enumerate(read):
            codes[:, place] = column.codes
        values = [[*column.values.to_list(), None] for column in read]  # a missing value is -1, the last
        return cls(start, records, codes, values)

    def row(self, slot: int) -> Row:
        """Return what comparators read of a record."""
        codes = self.codes[slot - self.start].tolist()
        return tuple([values[code] for values, code in zip(self.values, codes, strict=True)])

    @cached_property
    def orders(self) -> pl.DataFrame:
        """What the records are ordered by."""
        return order_keys(self.records.rows)

    def some(self, slots: Ints) -> Records:
        """Return some records, which slots name that may be of others too."""
        kept = np.zeros(len(self.records), dtype=bool)
        place = slots - self.start
        kept[place[(place >= 0) & (place < len(kept))]] = True
        return self.records.some(kept).in_order()


@attrs.define(eq=False, repr=False)
class Held:
    """Records that come. Made by `Held.of`.

    Args:
        first: those that were there at first; their slots are their rows.
        keys: of all, by slot.
        slots: the slot of each.

    Examples:
        >>> records = Records.of({"id": [7, 8], "city": ["Bern", None]}, id="id")
        >>> held = Held.of(records, [records.column("city")])
        >>> held.row(held.slots["records", "7"]), held.row(held.slots["records", "8"])
        (('bern',), (None,))
        >>> held.add(("records", "9"), {"city": "Basel"}, ("basel",))
        2
        >>> held.rows([2, held.slots["records", "7"]]).content.rows(), len(held)
        ([('Basel',), ('Bern',)], 3)
    """

    first: Records
    keys: list[Key]
    slots: dict[Key, int]
    _segments: list[_Segment] = attrs.field(kw_only=True)
    _starts: list[int] = attrs.field(kw_only=True)
    _columns: dict[int, Mapping[str, str | None]] = attrs.field(factory=dict, init=False)
    _rows: dict[int, Row] = attrs.field(factory=dict, init=False)
    _orders: dict[int, tuple[Any, ...]] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, records: Records, columns: Iterable[Encoded]) -> Held:
        """Return records by slot.

        Args:
            records: the first ones.
            columns: what a row holds of each.
        """
        keys = records.keys
        slots = dict(zip(keys, range(len(keys)), strict=True))
        return cls(records, keys, slots, segments=[_Segment.of(0, records, columns)], starts=[0])

    @property
    def reading(self) -> Reading:
        """How fields are read of records that come."""
        return self.first.reading or Reading.of(self.first)

    def ready(self) -> None:
        """Make what else would be made when it is first asked for."""
        for segment in self._segments:
            _ = segment.orders

    def row(self, slot: int) -> Row:
        """Return what comparators read of a record."""
        found = self._rows.get(slot)
        return self._segments[bisect_right(self._starts, slot) - 1].row(slot) if found is None else found

    def add(self, key: Key, columns: Mapping[str, str | None], row: Row) -> int:
        """Add a record, and return its slot."""
        slot = len(self.keys)
        self._rows[slot] = row
        self._columns[slot] = columns
        self.keys.append(key)
        self.slots[key] = slot
        return slot

    def add_all(self, records: Records, columns: Iterable[Encoded]) -> int:
        """Add records that come together, and return the slot of the first; the others follow in their order."""
        start = len(self.keys)
        self._segments.append(_Segment.of(start, records, columns))
        self._starts.append(start)
        keys = records.keys
        self.keys += keys
        self.slots.update(zip(keys, range(start, start + len(keys)), strict=True))
        return start

    def content(self, slot: int) -> tuple[str | None, ...]:
        """Return the columns of a record, as they came."""
        return self.rows([slot]).content.row(0)

    def ordered(self, slots: Iterable[int]) -> list[int]:
        """Return records in the order in which all are numbered: that of their content."""
        return sorted(slots, key=self._order)

    def _order(self, slot: int) -> tuple[Any, ...]:
        if slot not in self._rows:
            segment = self._segments[bisect_right(self._starts, slot) - 1]
            return segment.orders.row(slot - segment.start)
        found = self._orders.get(slot)
        if found is None:
            found = self._orders[slot] = order_keys(self._single([slot])).row(0)
        return found

    def rows(self, slots: Sequence[int]) -> Rows:
        """Return some records as rows, in the order given."""
        asked = np.asarray(slots, dtype=np.int64)
        single = np.fromiter((slot in self._rows for slot in slots), dtype=bool, count=len(asked))
        where = np.searchsorted(self._starts, asked, "right") - 1
        order, parts = [np.zeros(0, dtype=np.int64)], [self.first.rows_at(np.zeros(0, dtype=np.int64))]
        for place, segment in enumerate(self._segments):
            here = np.flatnonzero((where == place) & ~single)
            if len(here):
                order.append(here)
                parts.append(segment.records.rows_at(asked[here] - segment.start))
        if single.any():
            order.append(np.flatnonzero(single))
            parts.append(self._single(asked[single].tolist()))
        return some_rows(joined(parts), np.concatenate(order).argsort(kind="stable"))

    def records(self, slots: Ints, read: Callable[[Rows], Records]) -> tuple[Records, Ints]:
        """Return some records with what was encoded of them, and the slot of each.

        Args:
            slots: rising.
            read: reads rows that came one by one.
        """
        alone = np.isin(slots, np.fromiter(self._rows, dtype=np.int64, count=len(self._rows)))
        among, single = slots[~alone], slots[alone]
        parts = [
            segment.some(among)
            for segment in self._segments
            if np.any((among >= segment.start) & (among < segment.start + len(segment.records)))
        ]
        if len(single):
            parts.append(read(self._single(single.tolist())))
        found = reduce(joined_records, parts)
        return found, np.append(among, single)[found.position]

    def keys_of(self, slots: Collection[int]) -> list[Key]:
        """Return the keys of some records."""
        return [self.keys[slot] for slot in slots]

    def _single(self, slots: Sequence[int]) -> Rows:
        """Return records that came one by one as rows."""
        names = self.first.table.columns
        content = [tuple(self._columns[slot].get(name) for name in names) for slot in slots]
        ids = pl.Series([self.keys[slot][1] for slot in slots], dtype=pl.String).cast(self.first.ids.dtype)
        sources = pl.Series([self.keys[slot][0] for slot in slots], dtype=pl.String)
        frame = pl.DataFrame(content, schema=dict.fromkeys(names, pl.String), orient="row")
        return Rows(frame, ids, sources, self.first.has_ids, self.first.has_sources, self.first.lists)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.keys)

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Held: {len(self):,} records>"
