"""From columns of the table to the encoded parts of one field, each distinct value normalized once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import MISSING, Encoded, carried, compact, encode
from identigraph.errors import InvalidIntermediateError
from identigraph.fields.date import DEFAULT_DATES, Date
from identigraph.fields.kind import MAIN, FieldKind, SettlingKind
from identigraph.records.placeholders import placeholders

SPIKE = 5.0
"""A default date is a spike, and means nothing, from this many times the mean count of a date."""


@attrs.frozen
class FieldReport:
    """What became of the values of one field. Of a field that reads lists, it counts elements and not records.

    Args:
        present: records with a value in any of its columns.
        unparsed: of these, records whose value gave nothing.
        defaults: records whose value is a default that means nothing, such as a spike of 1900-01-01, or a document
            number that hundreds of strangers carry.
        distinct: distinct normalized values.
    """

    present: int
    unparsed: int
    defaults: int
    distinct: int


@attrs.frozen
class FieldReading:
    """How one field is read, whatever else the table holds.

    Args:
        kind: what the field is.
        settled: reads the values of sources that `by_source` does not name.
        by_source: reads those of a source, where it differs.
        meaningless: normalized values that mean nothing, in alphabetical order; their records have none.
    """

    kind: FieldKind
    settled: FieldKind
    by_source: Mapping[str, FieldKind] = attrs.field(factory=dict)
    meaningless: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class _Piece:
    """The normalized values of one role in one source: `index` of each of `rows` into `parts`."""

    rows: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    parts: pl.DataFrame


def encode_field(
    name: str, kind: FieldKind, table: pl.DataFrame, sources: Encoded, reading: FieldReading | None = None
) -> tuple[dict[str, Encoded], FieldReport]:
    """Return the parts of a field, encoded, and what became of its values.

    Where several roles give the same part, the role named first wins, record by record.

    Args:
        name: of the field.
        kind: what it is.
        table: the columns of text.
        sources: the source of each row.
        reading: how the field is read; left out, as its values tell together.
    """
    raw = _raw(name, kind, table)
    present = reduce(np.logical_or, (column.codes >= 0 for column in raw.values()), np.zeros(table.height, dtype=bool))
    parts = _parts(kind, raw, sources, reading)
    unparsed = present.copy()
    for part in parts.values():
        unparsed &= part.codes < 0
    main = parts[MAIN]
    if reading is None:
        gone = meaningless(kind, main, _others(name, kind, table))
    else:
        gone = main.values.is_in(reading.meaningless).to_numpy()
    parts, defaults = _without(gone, parts)
    return parts, FieldReport(int(present.sum()), int(unparsed.sum()), defaults, len(parts[MAIN].values))


def settle_field(name: str, kind: FieldKind, table: pl.DataFrame, sources: Encoded) -> FieldReading:
    """Return how a field is read as its values tell it, those of each source or, for other sources, all of them.

    A kind without the method ``settled`` is taken as it is.
    """
    raw = _raw(name, kind, table)
    reading = FieldReading(kind, kind)
    if isinstance(kind, SettlingKind):
        settled = kind.settled({role: column.values for role, column in raw.items()})
        each = {source: kind.settled(values) for source, values in _by_source(raw, sources) if kind.per_source}
        reading = FieldReading(kind, settled, {source: own for source, own in each.items() if own != settled})
    main = _parts(kind, raw, sources, reading)[MAIN]
    gone = main.values.filter(pl.Series(meaningless(kind, main, _others(name, kind, table)), dtype=pl.Boolean))
    return attrs.evolve(reading, meaningless=tuple(gone))


def _raw(name: str, kind: FieldKind, table: pl.DataFrame) -> dict[str, Encoded]:
    """Return the columns to normalize, by role."""
    columns = kind.assemble({role: table.get_column(column) for role, column in kind.roles(name).items()})
    return {role: encode(column) for role, column in columns.items()}


def _others(name: str, kind: FieldKind, table: pl.DataFrame) -> list[pl.Series]:
    """Return the columns that a field does not read."""
    return [table.get_column(other) for other in table.columns if other not in kind.roles(name).values()]


def _by_source(raw: Mapping[str, Encoded], sources: Encoded) -> Iterator[tuple[str, dict[str, pl.Series]]]:
    """Yield the distinct values of each role in each source that has any."""
    for code, source in enumerate(sources.values):
        own = {role: carried(column.codes[sources.codes == code], column.values) for role, column in raw.items()}
        values = {role: column.values.filter(pl.Series(own[role])) for role, column in raw.items()}
        if any(len(column) for column in values.values()):
            yield source, values


def _parts(
    kind: FieldKind, raw: Mapping[str, Encoded], sources: Encoded, reading: FieldReading | None
) -> dict[str, Encoded]:
    """Return the parts of a field, encoded."""
    readers = _readers(kind, sources, reading)
    pieces = [piece for role, column in raw.items() for piece in _pieces(readers, role, column, sources)]
    parts = {part: _merged(part, pieces, len(sources)) for part in kind.parts}
    return _combined(kind, parts) if len(raw) > 1 else parts


def _readers(kind: FieldKind, sources: Encoded, reading: FieldReading | None) -> list[tuple[FieldKind, list[int]]]:
    """Return the kinds that read the values, each with the codes of the sources that it reads together."""
    every = list(range(len(sources.values)))
    if reading is None or not isinstance(kind, SettlingKind):
        return [(kind, [code]) for code in every] if kind.per_source else [(kind, every)]
    readers: list[tuple[FieldKind, list[int]]] = []
    for code, source in enumerate(sources.values):
        own = reading.by_source.get(source, reading.settled)
        together = next((codes for other, codes in readers if other == own), None)
        if together is None:
            readers.append((own, [code]))
        else:
            together.append(code)
    return readers


def _pieces(readers: list[tuple[FieldKind, list[int]]], role: str, raw: Encoded, sources: Encoded) -> Iterator[_Piece]:
    """Yield the normalized distinct values of one role, those of the sources together that one kind reads."""
    if len(raw.values) == 0:
        return
    for kind, codes in readers:
        if len(readers) == 1:
            rows = np.flatnonzero(raw.codes >= 0)
            yield _Piece(rows, raw.codes[rows].astype(np.int64), _normalized(kind, role, raw.values))
            continue
        rows = np.flatnonzero(np.isin(sources.codes, codes) & (raw.codes >= 0))
        used = carried(raw.codes[rows], raw.values)
        if used.any():
            rank = np.cumsum(used) - 1
            yield _Piece(rows, rank[raw.codes[rows]], _normalized(kind, role, raw.values.filter(pl.Series(used))))


def _normalized(kind: FieldKind, role: str, values: pl.Series) -> pl.DataFrame:
    parts = kind.normalize(role, values)
    unknown = set(parts.columns) - set(kind.parts)
    if unknown:
        raise InvalidIntermediateError(f"{type(kind).__name__}.normalize", f"parts {kind.parts}", repr(parts.columns))
    if parts.height != len(values):
        got = f"{parts.height:,} rows"
        raise InvalidIntermediateError(f"{type(kind).__name__}.normalize", f"{len(values):,} rows", got)
    return parts


def _merged(part: str, pieces: list[_Piece], n: int) -> Encoded:
    """Return one part from all pieces that give it, the first piece winning."""
    giving = [p for p in pieces if part in p.parts.columns]
    codes = np.full(n, MISSING, dtype=np.int32)
    if not giving:
        return Encoded(codes, pl.Series([], dtype=pl.String))
    together = encode(pl.concat([p.parts.get_column(part).cast(pl.String).alias(part) for p in giving]))
    offset = 0
    for piece in giving:
        mine = together.codes[offset + piece.index]
        codes[piece.rows] = np.where(codes[piece.rows] >= 0, codes[piece.rows], mine)
        offset += piece.parts.height
    return compact(codes, together.values)


def _combined(kind: FieldKind, parts: dict[str, Encoded]) -> dict[str, Encoded]:
    """Return the parts after the kind has joined what its roles gave, where it does so."""
    combine = getattr(kind, "combine", None)
    if combine is None:
        return parts
    joined = combine({part: column.decoded() for part, column in parts.items()})
    return {part: encode(joined[part]) for part in kind.parts}


def meaningless(kind: FieldKind, main: Encoded, others: list[pl.Series]) -> npt.NDArray[np.bool_]:
    """Tell of each distinct value of a field whether it means nothing: a placeholder, a default date that is a spike.

    Args:
        kind: what the field is.
        main: the values of the field.
        others: the columns that it does not read.
    """
    gone = placeholders(kind, main, others)
    if isinstance(kind, Date) and len(main.values):
        usual = main.counts.mean()
        gone |= main.values.is_in(DEFAULT_DATES).to_numpy() & (main.counts > SPIKE * max(usual, 1.0))
    return gone


def _without(gone: npt.NDArray[np.bool_], parts: dict[str, Encoded]) -> tuple[dict[str, Encoded], int]:
    """Return the parts without the main values that are `gone`, and how many records that concerns."""
    if not gone.any():
        return parts, 0
    concerned = np.append(gone, False)[parts[MAIN].codes]
    cleared = {p: compact(np.where(concerned, np.int32(MISSING), c.codes), c.values) for p, c in parts.items()}
    return cleared, int(concerned.sum())


def columns_of(fields: Mapping[str, FieldKind]) -> list[str]:
    """Return every column that the fields read, each once and in their order."""
    return list(dict.fromkeys(column for name, kind in fields.items() for column in kind.roles(name).values()))
