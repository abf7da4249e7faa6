"""Comparators on their own: two values or two columns in, without Records.

What is compared goes the same road as records do: it is normalized as the comparator's fields say, or else as words,
and encoded; so a comparator says of two values what it says of two records that carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, overload

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.measures.kernels import Column
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import FieldKind
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.tables import read

Kinds: TypeAlias = tuple[tuple[str, FieldKind], ...]

MISSING_LABEL = "missing"


def as_kinds(fields: Mapping[str, FieldKind] | Iterable[tuple[str, FieldKind]]) -> Kinds:
    """Return fields by name as pairs, which have a hash."""
    return tuple(fields.items()) if isinstance(fields, Mapping) else tuple(fields)


@attrs.frozen
class Agreement:
    """How two values agree.

    Args:
        level: 0 differs, higher agrees better, -1 a value is missing.
        label: what the level says.
        similarity: 0 to 1; None where a value is missing.
    """

    level: int
    label: str
    similarity: float | None


class Alone:
    """What makes a comparator usable on two values or two columns.

    A class with it has `name`, `labels`, `fields`, `columns`, `levels`, `similarities` and `plain`.
    """

    __slots__ = ()

    @overload
    def compare(
        self, left: Column, right: Column, *, fields: Mapping[str, FieldKind] | None = None
    ) -> pl.DataFrame: ...

    @overload
    def compare(self, left: Any, right: Any, *, fields: Mapping[str, FieldKind] | None = None) -> Any: ...

    def compare(self, left: Any, right: Any, *, fields: Mapping[str, FieldKind] | None = None) -> Any:
        """Return how two values, or the values of two columns row by row, agree.

        Values are normalized first, each side on its own, by the comparator's fields, or else to words. How common a
        value is cannot be told here: equality is one level. Measures that weigh words by rarity count them over both
        columns.

        Args:
            left: a value: a text, a number, a date, a set, None. Or a column: a list, a polars or pandas Series, a
                numpy array. Or, for comparators that read several columns, a mapping from column to value or column, or
                a data frame.
            right: the same, for the other side.
            fields: field name to kind, instead of the comparator's own.

        Returns:
            For values an `Agreement`; for columns a frame ``level, label, similarity`` of a row per pair.

        Raises:
            ConfigurationError: columns of unequal lengths, a value against a column, or one value where the comparator
                reads several columns.

        Examples:
            >>> from identigraph.comparing.building import similar
            >>> similar("surname").compare("Smith", "SMYTH").label
            'similar, 0.8'
            >>> similar("surname").compare(["Smith", None], ["smith", "lee"]).rows()
            [(3, 'equal', 1.0), (-1, 'missing', None)]
        """
        own: Any = self
        sides = [_by_column(own, side) for side in (left, right)]
        single = not any(is_column(value) for side in sides for value in side.values())
        tables = [_table(side, single=single) for side in sides]
        found = _compared(own, tables, dict(own.fields if fields is None else fields))
        return Agreement(*found.row(0)) if single else found


def is_column(value: object) -> bool:
    """Tell whether something is a column of values: a list, a Series, an array.

    Examples:
        >>> is_column(["ann"]), is_column("ann"), is_column({"ann", "lee"})
        (True, False, False)
    """
    return isinstance(value, list | pl.Series | np.ndarray) or hasattr(value, "iloc")


def _by_column(comparator: Any, side: Any) -> dict[str, Any]:
    """Return one side as a mapping from column to value."""
    if not comparator.columns:
        raise ConfigurationError(f"{comparator.name!r} reads no column: its values belong to the rows of a table")
    side = read(side).to_dict() if hasattr(side, "columns") else side
    if isinstance(side, Mapping) and side:
        return {str(name): value for name, value in side.items()}
    if isinstance(side, Mapping) or len(comparator.columns) > 1:
        told = ", ".join(map(repr, comparator.columns))
        raise ConfigurationError(f"{comparator.name!r} reads {told}; give a mapping with a value or column for each")
    return {comparator.columns[0]: side}


def _table(side: Mapping[str, Any], *, single: bool) -> pl.DataFrame:
    """Return one side as a table: of one row where it is `single` values."""
    for name, values in side.items():
        if not single and not is_column(values):
            raise ConfigurationError(f"one side of {name!r} is a column and the other one value; give two of a kind")
    return read({name: [value] if single else value for name, value in side.items()})


def _compared(comparator: Any, tables: list[pl.DataFrame], fields: dict[str, FieldKind]) -> pl.DataFrame:
    left, right = tables
    if left.height != right.height:
        raise ConfigurationError(f"columns have unequal lengths: left {left.height:,}, right {right.height:,}")
    records = Records.of({"left": left, "right": right}).with_fields(fields)
    rows = np.argsort(records.position, kind="stable")
    pairs = Pairs.of(rows[: left.height], rows[left.height :])
    plain = comparator.plain()
    levels = plain.levels(records, pairs)
    labels = np.array([*plain.labels, MISSING_LABEL], dtype=object)[levels]
    similarity = pl.Series("similarity", plain.similarities(records, pairs), dtype=pl.Float64).fill_nan(None)
    return pl.DataFrame([pl.Series("level", levels), pl.Series("label", labels, dtype=pl.String), similarity])
