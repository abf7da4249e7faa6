"""One record at a time: its features from its columns, in less than a millisecond, as `Records` would have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
import polars as pl

from identigraph.encoding import Encoded
from identigraph.errors import ColumnNotFoundError, UnsupportedInputError
from identigraph.fields.derived import Derived, Feature
from identigraph.fields.kind import MAIN, ReadingKind, feature_name
from identigraph.records.fields import FieldReading, columns_of, encode_field
from identigraph.records.reading import Reading
from identigraph.text import words
from identigraph.text.cutting import BLANKS
from identigraph.text.single import NULL, Single

Row: TypeAlias = Mapping[str, str | None]


@attrs.frozen(eq=False, repr=False)
class RowReader:
    """Reads single records as `Records` with the same reading read a table. Made by `RowReader.of`.

    It never changes, so that many threads may read at once.

    Args:
        fields: what reads each field, and where its parts go.
        columns: the plain columns, and where each goes.
        derived: where the base of a derived feature is, the feature, and where it goes.
        features: what is read of a record, and where it is.
        size: how many places there are.

    Examples:
        >>> from identigraph.fields import PersonName
        >>> from identigraph.fields.derived import soundex
        >>> from identigraph.records import Records
        >>> reading = Reading.of(Records.of({"n": ["Ann Lee"]}, fields={"name": PersonName("n")}))
        >>> RowReader.of(reading, ["name", soundex("name")]).read("crm", {"n": "Dr. Ann LEE"})
        {'name': 'ann lee', soundex('name'): 'A540'}
    """

    fields: tuple[tuple[FieldReader, tuple[tuple[str, int], ...]], ...]
    columns: tuple[tuple[str, int], ...]
    derived: tuple[tuple[int, Derived, int], ...]
    features: tuple[tuple[Feature, int], ...]
    size: int

    @classmethod
    def of(cls, reading: Reading, features: Iterable[Feature], *, columns: Iterable[str] = ()) -> RowReader:
        """Return the reader of some features.

        Args:
            reading: how the fields are read.
            features: of the fields, of plain columns, or derived from these.
            columns: the plain columns that there are, beside those that the fields read.

        Raises:
            ColumnNotFoundError: there is no such feature.
        """
        wanted = tuple(features)
        places = {feature: place for place, feature in enumerate(dict.fromkeys(_with_bases(wanted)))}
        kinds = {name: field.kind for name, field in reading.fields.items()}
        made = {feature_name(name, part): (name, part) for name, kind in kinds.items() for part in kind.parts}
        plain = [name for name in places if isinstance(name, str) and name not in made]
        known = {*columns, *columns_of(kinds)}
        for name in plain:
            if name not in known:
                raise ColumnNotFoundError(name, [*made, *sorted(known)], what="field or column")
        parts: dict[str, list[tuple[str, int]]] = {}
        for feature, (name, part) in made.items():
            if feature in places:
                parts.setdefault(name, []).append((part, places[feature]))
        return cls(
            tuple((FieldReader.of(name, reading.fields[name]), tuple(held)) for name, held in parts.items()),
            tuple((name, places[name]) for name in plain),
            tuple((places[f.feature], f, place) for f, place in places.items() if isinstance(f, Derived)),
            tuple((feature, places[feature]) for feature in wanted),
            len(places),
        )

    def __repr__(self) -> str:
        """Return what it reads."""
        return f"<RowReader: {len(self.features):,} features of {len(self.fields)} fields>"

    def read(self, source: str, row: Row) -> dict[Feature, str | None]:
        """Return the features of a record.

        Args:
            source: where the record is from; that of one that the reading does not know is read as all told together.
            row: its columns as text; a column that is left out has no value. Lists are for `Records`.

        Raises:
            UnsupportedInputError: a column holds something else than a text.
        """
        held = [NULL] * self.size
        for reader, parts in self.fields:
            found = reader.read(source, row)
            for part, place in parts:
                held[place] = found.get(part, NULL)
        for column, place in self.columns:
            held[place] = words(_text(row, column))
        for base, feature, place in self.derived:
            held[place] = feature.apply(held[base])
        return {feature: held[place].value for feature, place in self.features}


@attrs.frozen(eq=False)
class FieldReader:
    """Reads one field of single records.

    Args:
        name: of the field.
        reading: how it is read.
        roles: the column of each role.
        combine: joins what several roles gave, where the kind does so.
        meaningless: normalized values that mean nothing.
        alone: whether the kind reads single records.
    """

    name: str
    reading: FieldReading
    roles: Mapping[str, str]
    combine: Any
    meaningless: frozenset[str]
    alone: bool

    @classmethod
    def of(cls, name: str, reading: FieldReading) -> FieldReader:
        """Return the reader of a field."""
        kind, nothing = reading.kind, frozenset(reading.meaningless)
        alone = isinstance(kind, ReadingKind)
        return cls(name, reading, kind.roles(name), getattr(kind, "combine", None), nothing, alone)

    def read(self, source: str, row: Row) -> Mapping[str, Single]:
        """Return the parts of the field, without those that have no value."""
        given = {role: _text(row, column) for role, column in self.roles.items()}
        if not self.alone:
            return self._by_records(source, given)
        kind: Any = self.reading.by_source.get(source, self.reading.settled)
        columns = kind.assemble(given)
        parts: dict[str, Single] = {}
        for role, column in columns.items():
            if column.value is not None:
                for part, value in kind.read(role, column).items():
                    if value.value is not None:
                        parts.setdefault(part, value)
        if self.combine is not None and len(columns) > 1 and parts:
            parts = self.combine(parts)
        main = parts.get(MAIN, NULL)
        return {} if main.value in self.meaningless else parts

    def _by_records(self, source: str, given: Mapping[str, Single]) -> Mapping[str, Single]:
        """Return the parts by the road of tables, for kinds that have no other."""
        held = {self.roles[role]: pl.Series([text.value], dtype=pl.String) for role, text in given.items()}
        sources = Encoded(np.zeros(1, dtype=np.int32), pl.Series([source]))
        parts, _ = encode_field(self.name, self.reading.kind, pl.DataFrame(held), sources, self.reading)
        return {part: Single(column.decoded().item()) for part, column in parts.items()}


def _with_bases(features: Iterable[Feature]) -> Iterator[Feature]:
    """Yield features, each behind those that it is derived from."""
    for feature in features:
        if isinstance(feature, Derived):
            yield from _with_bases([feature.feature])
        yield feature


def _text(row: Row, column: str) -> Single:
    """Return a column of a record, null where it is blank."""
    value = row.get(column)
    if value is None:
        return NULL
    if not isinstance(value, str):
        raise UnsupportedInputError(value, f"a text or None in column {column!r}")
    return Single(value) if value.strip(BLANKS) else NULL
