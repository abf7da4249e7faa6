"""The records of a live index by slot: their keys, their columns, and the features that comparators read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.singly import Row
from identigraph.encoding import Codes, Encoded
from identigraph.identity.events import Key
from identigraph.records import Records
from identigraph.records.reading import Reading
from identigraph.records.rows import Rows


@attrs.define(eq=False, repr=False)
class Held:
    """Records that come and go. Made by `Held.of`.

    Args:
        first: those that were there at first; their slots are their rows.
        keys: of all, by slot.
        slots: the slot of each living record.
        gone: the slots of those that went.

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
    gone: set[int] = attrs.field(factory=set)
    _codes: Codes = attrs.field(kw_only=True)
    _values: list[list[str | None]] = attrs.field(kw_only=True)
    _columns: list[Mapping[str, str | None]] = attrs.field(factory=list, init=False)
    _rows: dict[int, Row] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, records: Records, columns: Iterable[Encoded]) -> Held:
        """Return records by slot.

        Args:
            records: the first ones.
            columns: what a row holds of each.
        """
        read = list(columns)
        codes = np.empty((len(records), len(read)), dtype=np.int32)
        for place, column in enumerate(read):
            codes[:, place] = column.codes
        values = [[*column.values.to_list(), None] for column in read]  # a missing value is -1, the last
        keys = list(records.row_keys(np.arange(len(records))).cast(pl.String).iter_rows())
        return cls(records, keys, dict(zip(keys, range(len(keys)), strict=True)), codes=codes, values=values)

    @property
    def reading(self) -> Reading:
        """How fields are read of records that come."""
        return self.first.reading or Reading.of(self.first)

    def row(self, slot: int) -> Row:
        """Return what comparators read of a record."""
        if slot >= len(self._codes):
            return self._rows[slot]
        codes = self._codes[slot].tolist()
        return tuple([values[code] for values, code in zip(self._values, codes, strict=True)])

    def is_living(self, slot: int) -> bool:
        """Tell whether a record has not gone."""
        return slot not in self.gone

    def add(self, key: Key, columns: Mapping[str, str | None], row: Row) -> int:
        """Add a record, and return its slot."""
        slot = len(self.keys)
        self._rows[slot] = row
        self._columns.append(columns)
        self.keys.append(key)
        self.slots[key] = slot
        return slot

    def remove(self, slot: int) -> None:
        """Mark a record as gone."""
        self.gone.add(slot)
        if self.slots.get(self.keys[slot]) == slot:
            del self.slots[self.keys[slot]]

    def content(self, slot: int) -> tuple[str | None, ...]:
        """Return the columns of a record, as they came."""
        first = len(self._codes)
        if slot < first:
            return self.first.table.row(slot)
        columns = self._columns[slot - first]
        return tuple(columns.get(name) for name in self.first.table.columns)

    def rows(self, slots: Sequence[int]) -> Rows:
        """Return some records as rows, in the order of their slots as given."""
        names = self.first.table.columns
        content = [self.content(slot) for slot in slots]
        ids = pl.Series([self.keys[slot][1] for slot in slots], dtype=pl.String).cast(self.first.ids.dtype)
        sources = pl.Series([self.keys[slot][0] for slot in slots], dtype=pl.String)
        frame = pl.DataFrame(content, schema=dict.fromkeys(names, pl.String), orient="row")
        return Rows(frame, ids, sources, self.first.has_ids, self.first.has_sources, self.first.lists)

    def keys_of(self, slots: Collection[int]) -> list[Key]:
        """Return the keys of some records."""
        return [self.keys[slot] for slot in slots]

    def __len__(self) -> int:
        """Return the number of living records."""
        return len(self.keys) - len(self.gone)

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Held: {len(self):,} records>"
