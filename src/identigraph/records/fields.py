"""From columns of the table to the encoded parts of one field, each distinct value normalized once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import MISSING, Encoded, compact, encode
from identigraph.errors import InvalidIntermediateError
from identigraph.fields.date import DEFAULT_DATES, Date
from identigraph.fields.kind import MAIN, FieldKind
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


@attrs.frozen(eq=False)
class _Piece:
    """The normalized values of one role in one source: `index` of each of `rows` into `parts`."""

    rows: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    parts: pl.DataFrame


def encode_field(
    name: str, kind: FieldKind, table: pl.DataFrame, sources: Encoded
) -> tuple[dict[str, Encoded], FieldReport]:
    """Return the parts of a field, encoded, and what became of its values.

    Where several roles give the same part, the role named first wins, record by record.
    """
    columns = kind.assemble({role: table.get_column(column) for role, column in kind.roles(name).items()})
    present = np.zeros(table.height, dtype=bool)
    pieces: list[_Piece] = []
    for role, column in columns.items():
        raw = encode(column)
        present |= raw.codes >= 0
        pieces += _pieces(kind, role, raw, sources)
    parts = {part: _merged(part, pieces, table.height) for part in kind.parts}
    if len(columns) > 1:
        parts = _combined(kind, parts)
    unparsed = present.copy()
    for part in parts.values():
        unparsed &= part.codes < 0
    others = [table.get_column(other) for other in table.columns if other not in kind.roles(name).values()]
    parts, defaults = _without_defaults(kind, parts, others)
    distinct = len(parts[MAIN].values)
    return parts, FieldReport(int(present.sum()), int(unparsed.sum()), defaults, distinct)


def _pieces(kind: FieldKind, role: str, raw: Encoded, sources: Encoded) -> Iterator[_Piece]:
    """Yield the normalized distinct values of one role, source by source where the kind asks for it."""
    if len(raw.values) == 0:
        return
    if not kind.per_source or len(sources.values) == 1:
        rows = np.flatnonzero(raw.codes >= 0)
        yield _Piece(rows, raw.codes[rows].astype(np.int64), _normalized(kind, role, raw.values))
        return
    for source in range(len(sources.values)):
        rows = np.flatnonzero((sources.codes == source) & (raw.codes >= 0))
        used = np.zeros(len(raw.values), dtype=bool)
        used[raw.codes[rows]] = True
        rank = np.cumsum(used) - 1
        values = raw.values.filter(pl.Series(used))
        if len(values):
            yield _Piece(rows, rank[raw.codes[rows]], _normalized(kind, role, values))


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
    joined = combine(pl.DataFrame({part: column.decoded() for part, column in parts.items()}))
    return {part: encode(joined.get_column(part)) for part in kind.parts}


def _without_defaults(
    kind: FieldKind, parts: dict[str, Encoded], others: list[pl.Series]
) -> tuple[dict[str, Encoded], int]:
    """Return the parts without values that mean nothing, and how many records that concerns."""
    main = parts[MAIN]
    spike = placeholders(kind, main, others)
    if isinstance(kind, Date) and len(main.values):
        usual = main.counts.mean()
        spike |= main.values.is_in(DEFAULT_DATES).to_numpy() & (main.counts > SPIKE * max(usual, 1.0))
    if not spike.any():
        return parts, 0
    gone = np.append(spike, False)[main.codes]
    cleared = {p: compact(np.where(gone, np.int32(MISSING), c.codes), c.values) for p, c in parts.items()}
    return cleared, int(gone.sum())


def columns_of(fields: Mapping[str, FieldKind]) -> list[str]:
    """Return every column that the fields read, each once and in their order."""
    return list(dict.fromkeys(column for name, kind in fields.items() for column in kind.roles(name).values()))
