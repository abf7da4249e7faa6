"""How fields are read, settled once: what a value is read as no longer depends on the rest of the table.

`Records` read values by what those of a table tell together: which of two numbers is the month, whether the family name
comes first, which values are placeholders. A `Reading` holds all that these told, and reads each record for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from identigraph.errors import ConfigurationError
from identigraph.fields.kind import FieldKind
from identigraph.records.fields import FieldReading, settle_field
from identigraph.records.records import Records


@attrs.frozen
class Reading:
    """How fields are read, whatever else the table holds: plain values only.

    Args:
        fields: how each field is read, by its name.
        separated: how the pieces are read that a field is split into, by its name and by what stands between them.

    Examples:
        >>> from identigraph.fields import Date
        >>> shop = Records.of({"born": ["12/25/1990", "03/04/1990"]}, fields={"born": Date()})
        >>> reading = Reading.of(shop)
        >>> alone = Records.of({"born": ["03/04/1990"]}, fields={"born": Date()}, reading=reading)
        >>> alone.column("born").values.to_list()
        ['1990-03-04']
    """

    fields: Mapping[str, FieldReading]
    separated: Mapping[str, Mapping[str, FieldReading]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, records: Records, *, separators: Mapping[str, Iterable[str]] | None = None) -> Reading:
        """Return how the fields of these records are read.

        Args:
            records: with fields; what they are read as stays the same with the reading.
            separators: what stands between several values in one text of a field, where `Records.elements` is asked
                for these.

        Raises:
            ColumnNotFoundError: separators of no field.
        """
        fields = {name: _settled(records, name) for name in records.fields}
        split = {name: {mark: _settled(records, name, mark) for mark in m} for name, m in (separators or {}).items()}
        return cls(fields, split)

    def of_field(self, name: str, separator: str | None = None) -> FieldReading:
        """Return how a field is read, or else the pieces of its texts.

        Raises:
            ConfigurationError: that is not settled.
        """
        found = self.fields.get(name) if separator is None else self.separated.get(name, {}).get(separator)
        if found is not None:
            return found
        if separator is None:
            known = ", ".join(map(repr, self.fields)) or "none"
            raise ConfigurationError(f"the reading has no field {name!r}; it has {known}: make it of records with it")
        given = f"Reading.of(records, separators={{{name!r}: [{separator!r}]}})"
        raise ConfigurationError(
            f"the reading has field {name!r} whole, not split by {separator!r}; make it by {given}"
        )

    def check(self, fields: Mapping[str, FieldKind]) -> None:
        """Raise where the reading is not of these fields.

        Raises:
            ConfigurationError: it lacks one, or has it as another kind.
        """
        for name, kind in fields.items():
            known = self.of_field(name).kind
            if known != kind:
                raise ConfigurationError(
                    f"the reading has field {name!r} as {known!r}, got {kind!r}; make it of records with these fields"
                )


def _settled(records: Records, name: str, separator: str | None = None) -> FieldReading:
    """Return how a field is read, or else the pieces of its texts."""
    table, sources = records.values_read(name, separator)
    return settle_field(name, records.fields[name], table, sources)
