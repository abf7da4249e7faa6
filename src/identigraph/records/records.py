"""Records: the caller's rows, keyed by (source, id), as dictionary-encoded columns.

Inside the library a record is a **row number** from 0; the caller's ids appear only at the two ends. Row numbers follow
the content of the records, not the order they came in, so that nothing downstream can depend on that order; `position`
leads back to the caller's rows.

Invariant: keys are unique and without null; every feature has one code per record, -1 where missing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Elements, Encoded, compact, elements_of, encode, recode, take
from identigraph.errors import ColumnNotFoundError, ConfigurationError, ListColumnError
from identigraph.fields.derived import Derived, Feature
from identigraph.fields.kind import FieldKind, feature_name
from identigraph.records.elements import (
    Pieces,
    check_separator,
    count_several,
    cut,
    derived_elements,
    element_table,
    field_elements,
    plain_elements,
)
from identigraph.records.fields import FieldReport, columns_of, encode_field
from identigraph.records.rows import Columns, Ids, Rows, read_rows
from identigraph.text import words

if TYPE_CHECKING:
    from identigraph.records.reading import Reading

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class Records:
    """Rows about people or organisations, ready to be blocked and compared. Made by `Records.of`.

    Args:
        table: the caller's columns as text, one row per record, without id and source.
        ids: the caller's id of each record.
        sources: the source of each record.
        position: the caller's row number of each record.
        fields: what the columns mean: field name to kind.
        has_ids: whether the caller named ids, or rows were numbered.
        has_sources: whether the caller named sources.
        renamed: by source, the caller's columns that got a common name.
        lists: the columns that held lists in any source. Where no record has more than one value, such a column is
            read like any other.
        given_facts: what is known of a whole population, by the name of the fact; else it is told from these records.
        reading: how the fields are read, whatever else the table holds; None: as its values tell together.

    Examples:
        >>> records = Records.of({"id": [7, 8], "mail": ["A@x.com", "a@X.com "]}, id="id")
        >>> records
        <Records: 2 records from 1 source, 1 column>
        >>> records.column("mail").counts.tolist()
        [2]
    """

    table: pl.DataFrame
    ids: pl.Series
    sources: Encoded
    position: npt.NDArray[np.int64]
    fields: Mapping[str, FieldKind] = attrs.field(factory=dict)
    has_ids: bool = True
    has_sources: bool = True
    renamed: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    lists: frozenset[str] = frozenset()
    given_facts: Mapping[str, Any] = attrs.field(factory=dict)
    reading: Reading | None = None
    _features: dict[Feature, Encoded] = attrs.field(factory=dict, init=False)
    _asked: set[Feature] = attrs.field(factory=set, init=False)
    _memory: dict[Hashable, Any] = attrs.field(factory=dict, init=False)
    _reports: dict[str, FieldReport] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(
        cls,
        data: Any,
        *,
        id: Ids = None,  # noqa: A002 - the caller's word for it
        source: str | None = None,
        columns: Columns = None,
        fields: Mapping[str, FieldKind] | None = None,
        reading: Reading | None = None,
    ) -> Self:
        """Return the records of `data`.

        Args:
            data: any table (see `identigraph.records.tables`), or a mapping ``{source: table}``.
            id: the column of record ids, unique per source; for a mapping of tables also ``{source: column}``; left
                out, also for one source, rows are numbered from 0 in each source.
            source: the column that names the source of each row; not together with a mapping of tables.
            columns: for a mapping of tables, ``{source: {its column: common name}}``; other columns keep their names.
            fields: what the columns mean; left out, columns are plain text until `with_fields`.
            reading: how the fields are read, whatever else `data` holds; left out, as its values tell together.

        Raises:
            UnsupportedInputError: `data` is no table.
            ColumnNotFoundError: the id or source column does not exist.
            NullIdError: records without id or source.
            DuplicateIdError: an id occurs twice in one source.
            ColumnTypeError: a column holds structs, lists of lists or binary; ids or sources are lists.
            ListColumnError: a field of several columns reads lists.
            ConfigurationError: the reading is not of these fields.
        """
        records = cls.of_rows(read_rows(data, id=id, source=source, columns=columns))
        records = attrs.evolve(records, renamed=columns or {})
        return records.with_fields(fields, reading=reading) if fields else records

    @classmethod
    def of_rows(cls, rows: Rows) -> Self:
        """Return the records of rows that were read, in the order of their content."""
        order = content_order(rows)
        return cls(
            rows.content[order],
            rows.ids.alias("record_id").gather(order),
            encode(rows.sources.gather(order)),
            order.to_numpy().astype(np.int64),
            has_ids=rows.has_ids,
            has_sources=rows.has_sources,
            lists=rows.lists,
        )

    @property
    def rows(self) -> Rows:
        """The rows that these records were read from, in the order of their row numbers."""
        sources = self.sources.decoded()
        return Rows(self.table, self.ids, sources, self.has_ids, self.has_sources, self.lists)

    def with_fields(self, fields: Mapping[str, FieldKind], *, reading: Reading | None = None) -> Self:
        """Return the same records with other `fields`. No records without any column get the columns of the fields.

        Args:
            fields: what the columns mean.
            reading: how the fields are read, whatever else the table holds; left out, as its values tell together.

        Raises:
            ColumnNotFoundError: a field reads a column that the table does not have.
            ListColumnError: a field of several columns reads lists.
            ConfigurationError: the reading is not of these fields.
        """
        if fields == self.fields and reading == self.reading:
            return self
        if reading is not None:
            reading.check(fields)
        columns = columns_of(fields)
        table = self.table if self.table.width or len(self) else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        for column in columns:
            if column not in table.columns:
                raise ColumnNotFoundError(column, table.columns)
        for name, kind in fields.items():
            if len(together := columns_of({name: kind})) > 1:
                self._refuse_lists(together, field=name)
        return attrs.evolve(self, table=table, fields=dict(fields), reading=reading)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.ids)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        sources, columns = len(self.sources.values), self.table.width
        return (
            f"<Records: {len(self):,} record{'s'[: len(self) != 1]} from {sources} source{'s'[: sources != 1]}, "
            f"{columns} column{'s'[: columns != 1]}>"
        )

    def features(self) -> Iterator[str]:
        """Yield the names of all features that the fields make."""
        for name, kind in self.fields.items():
            for part in kind.parts:
                yield feature_name(name, part)

    def column(self, feature: Feature) -> Encoded:
        """Return a feature, dictionary-encoded; computed once.

        Args:
            feature: a field, a part of one (``"name.family"``), a plain column, or a `Derived` feature.

        Raises:
            ColumnNotFoundError: there is no such feature.
            ListColumnError: it reads lists, and a record has more than one value.
        """
        self._asked.add(feature)
        if feature not in self._features:
            self._features[feature] = self._derive(feature) if isinstance(feature, Derived) else self._read(feature)
        return self._features[feature]

    def elements(self, feature: Feature, *, separator: str | None = None) -> Elements:
        """Return the distinct values that each record has of a feature; computed once.

        A column of lists gives its elements, each normalized as a single value would be: as words, or by the kind of
        the field that reads the column. Any other column gives one element per record.

        Args:
            feature: as for `column`; of a `Derived` feature, the function is applied to each element.
            separator: what stands between several values in one text: the text of the column is split, and each part
                normalized. Of a `Derived` feature, what the function gives is split.

        Raises:
            ColumnNotFoundError: there is no such feature.
            ConfigurationError: an empty separator, or one for a field that reads several columns.

        Examples:
            >>> records = Records.of({"mails": [["B@x.com", "a@x.com", "b@X.com"], []], "tags": ["New; VIP", None]})
            >>> found = records.elements("mails")
            >>> found, found.values.to_list()
            (<Elements: 2 records, 2 elements, 2 distinct values>, ['a x com', 'b x com'])
            >>> records.elements("tags", separator=";").values.to_list()
            ['new', 'vip']
        """
        check_separator(separator)
        return self.remember(("elements", feature, separator), lambda: self._elements(feature, separator))

    @property
    def encoded(self) -> dict[Feature, Encoded]:
        """The features that were encoded so far."""
        return self._features

    @property
    def asked(self) -> dict[Feature, Encoded]:
        """The features that were asked for, since `renewed`."""
        return {feature: self._features[feature] for feature in self._asked if feature in self._features}

    def renewed(self) -> Self:
        """Return the same records, of which nothing was asked yet; what was encoded stays so."""
        found = attrs.evolve(self)
        found.encoded.update(self.encoded)
        found._reports.update(self._reports)  # noqa: SLF001 - its own kind
        found._memory.update(self._memory)  # noqa: SLF001 - as above
        return found

    @property
    def separators(self) -> dict[str, set[str]]:
        """What stands between several values in one text, by field, where that was asked for, of it or of a part."""
        asked = [key[1:] for key in self._memory if isinstance(key, tuple) and key[0] == "field elements" and key[2]]
        found: dict[str, set[str]] = {}
        for name, separator in asked:
            found.setdefault(name, set()).add(separator)
        return found

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` makes of these records, computed once per `key`."""
        if key not in self._memory:
            self._memory[key] = compute()
        remembered: T = self._memory[key]
        return remembered

    def fact(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what is known of the whole population under `key`: as given, else as `compute` tells, computed once.

        Whatever a comparator takes from other records than the two it compares is such a fact, so that a policy can
        keep it.
        """
        name = repr(key)
        if name in self.given_facts:
            given: T = self.given_facts[name]
            return given
        return self.remember(("fact", name), compute)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that were asked for, by name, and those that were given."""
        told = {key[1]: value for key, value in self._memory.items() if isinstance(key, tuple) and key[0] == "fact"}
        return {**told, **self.given_facts}

    def with_facts(self, facts: Mapping[str, Any]) -> Self:
        """Return the same records, of which others told what is known of the whole population."""
        return attrs.evolve(self, given_facts=dict(facts))

    def some(self, kept: npt.NDArray[np.bool_]) -> Self:
        """Return some of the records, in the same order; what was encoded stays so.

        Args:
            kept: shape (records,).

        Examples:
            >>> records = Records.of({"id": [7, 8], "mail": ["A@x.com", "b@x.com"]}, id="id")
            >>> records.some(records.ids.to_numpy() == 8).column("mail").values.to_list()
            ['b x com']
        """
        found = attrs.evolve(
            self,
            table=self.table.filter(kept),
            ids=self.ids.filter(kept),
            sources=compact(self.sources.codes[kept], self.sources.values),
            position=self.position[kept],
        )
        for feature, column in self.asked.items():
            found.encoded[feature] = compact(column.codes[kept], column.values)
        found._asked.update(found.encoded)  # noqa: SLF001 - its own kind
        return found

    def in_order(self) -> Self:
        """Return the same records as if they had come in the order of their rows; what was encoded stays so."""
        found = attrs.evolve(self, position=np.arange(len(self)))
        found.encoded.update(self.asked)
        found._asked.update(found.encoded)  # noqa: SLF001 - its own kind
        return found

    def field_report(self, name: str) -> FieldReport:
        """Return what became of the values of field `name`.

        Raises:
            ColumnNotFoundError: there is no such field.
        """
        if name not in self.fields:
            raise ColumnNotFoundError(name, self.fields, what="field")
        if self._reads_lists(name):
            return self._field_elements(name, None)[1]
        self._encode(name)
        return self._reports[name]

    def values_read(self, name: str, separator: str | None = None) -> tuple[pl.DataFrame, Encoded]:
        """Return the table that a field is read from, and the source of each of its rows.

        A column of lists, or one to be split, gives a row for each element.

        Raises:
            ColumnNotFoundError: there is no such field.
            ConfigurationError: a separator for a field that reads several columns.
        """
        if name not in self.fields:
            raise ColumnNotFoundError(name, self.fields, what="field")
        if separator is None and not self._reads_lists(name):
            return self.table, self.sources
        column = self._column_split(name)
        return element_table(column, self._pieces(column, separator), self.sources)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """The source and the id of each record, as text."""
        return list(self.row_keys(np.arange(len(self))).cast(pl.String).iter_rows())

    def rows_at(self, places: npt.NDArray[np.integer]) -> Rows:
        """Return the rows that some records were read from.

        Args:
            places: row numbers, in the order in which the rows are returned.

        Examples:
            >>> records = Records.of({"id": [7, 8], "city": ["Bern", "Basel"]}, id="id")
            >>> records.rows_at(np.flatnonzero(records.ids.to_numpy() == 8)).content.rows()
            [('Basel',)]
        """
        sources = take(self.sources.values, self.sources.codes[places])
        ids = self.ids.gather(places)
        return Rows(self.table[places], ids, sources, self.has_ids, self.has_sources, self.lists)

    def row_keys(self, rows: npt.NDArray[np.integer]) -> pl.DataFrame:
        """Return source and record_id of the given row numbers."""
        source = take(self.sources.values, self.sources.codes[rows]).alias("source")
        return pl.DataFrame([source, self.ids.gather(rows).alias("record_id")])

    def _derive(self, feature: Derived) -> Encoded:
        base = self.column(feature.feature)
        return recode(base, feature.apply(base.values))

    def _read(self, feature: str) -> Encoded:
        name = self._field_of(feature)
        self._refuse_lists(self._columns_read(name or feature))
        if name is None:
            raw = encode(self.table.get_column(feature))
            return recode(raw, words(raw.values))
        self._encode(name)
        return self._features[feature]

    def _elements(self, feature: Feature, separator: str | None) -> Elements:
        if isinstance(feature, Derived):
            return derived_elements(feature, self.elements(feature.feature), separator)
        name = self._field_of(feature)
        if separator is None and not self._reads_lists(name or feature):
            return elements_of(self.column(feature), np.arange(len(self)), len(self))
        if name is None:
            return plain_elements(self._pieces(feature, separator), len(self))
        return self._field_elements(name, separator)[0][feature.removeprefix(name).removeprefix(".")]

    def _field_elements(self, name: str, separator: str | None) -> tuple[dict[str, Elements], FieldReport]:
        """Return the parts of a field as elements, and what became of the values; computed once."""
        column = self._column_split(name)
        reading = None if self.reading is None else self.reading.of_field(name, separator)
        return self.remember(
            ("field elements", name, separator),
            lambda: field_elements(name, self.fields[name], self._pieces(column, separator), self.sources, reading),
        )

    def _column_split(self, name: str) -> str:
        """Return the one column of a field whose values are split."""
        columns = self._columns_read(name)
        if len(columns) > 1:
            told = ", ".join(map(repr, columns))
            raise ConfigurationError(f"field {name!r} reads several columns ({told}); split one of them by its name")
        return columns[0]

    def _pieces(self, column: str, separator: str | None) -> Pieces:
        return cut(self.table.get_column(column), separator, lists=column in self.lists)

    def _field_of(self, feature: str) -> str | None:
        """Return the field that makes a feature, None where it is a plain column."""
        name = feature if feature in self.fields else feature.rpartition(".")[0]
        if name in self.fields and feature in (feature_name(name, part) for part in self.fields[name].parts):
            return name
        if feature in self.table.columns:
            return None
        raise ColumnNotFoundError(feature, [*self.features(), *self.table.columns], what="field or column")

    def _columns_read(self, name: str) -> list[str]:
        """Return the columns that a field, or else a plain column, reads."""
        return columns_of({name: self.fields[name]}) if name in self.fields else [name]

    def _reads_lists(self, name: str) -> bool:
        return any(self._several(column) for column in self._columns_read(name))

    def _several(self, column: str) -> int:
        """Return how many records have more than one value in a column."""
        if column not in self.lists:
            return 0
        return self.remember(("several", column), lambda: count_several(self.table.get_column(column)))

    def _refuse_lists(self, columns: list[str], field: str = "") -> None:
        for column in columns:
            if several := self._several(column):
                raise ListColumnError(column, several, len(self), field=field)

    def _encode(self, name: str) -> None:
        """Normalize and encode all parts of a field."""
        if name in self._reports:
            return
        reading = None if self.reading is None else self.reading.of_field(name)
        parts, self._reports[name] = encode_field(name, self.fields[name], self.table, self.sources, reading)
        for part, column in parts.items():
            self._features[feature_name(name, part)] = column


def content_order(rows: Rows) -> pl.Series:
    """Return the order of rows by a hash of their content, free of the order of rows and of columns.

    Rows with the same values in other columns are told apart by the names of the columns; of rows that are equal in all
    columns and in their source, the one with the lower id comes first.
    """
    keys = order_keys(rows)
    return keys.select(pl.arg_sort_by(*keys.columns)).to_series()


def order_keys(rows: Rows) -> pl.DataFrame:
    """Return what rows are ordered by, column by column: two hashes of their content, source and id."""
    anywhere = np.zeros(len(rows.ids), dtype=np.uint64)
    placed = np.zeros(len(rows.ids), dtype=np.uint64)
    for rank, name in enumerate(sorted(rows.content.columns), start=1):
        hashed = rows.content.get_column(name).hash(seed=11).to_numpy()
        anywhere += hashed
        placed += hashed * np.uint64(2 * rank + 1)
    return pl.DataFrame({"anywhere": anywhere, "placed": placed, "source": rows.sources, "id": rows.ids})
