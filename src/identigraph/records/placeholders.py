"""Placeholders: values that stand where nothing is known, told from the data.

A document number, an e-mail address, a telephone number is carried by the records of one entity, or of one household.
A value that far more records carry than any other, and whose carriers agree in nothing else, belongs to nobody: it was
typed, or filled in by a system, because the form wanted one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Encoded, encode
from identigraph.fields import Date, Email, FieldKind, Identifier, PersonName, Phone

Mask = npt.NDArray[np.bool_]

MOST_PLACEHOLDERS = 20
"""So many placeholders one column may have; the next most frequent value shows what is usual."""
OUTSTANDING = {Identifier: (10, 5.0), Email: (10, 5.0), Phone: (10, 5.0), Date: (20, 10.0), PersonName: (20, 10.0)}
"""Kinds of near unique values: the fewest records of a placeholder, and how many times the usual count it has."""
TELLING = 0.05
"""Distinct values per value from which on a column tells records apart."""
FEWEST_TELLING = 2
MOST_AGREEING = 0.15
"""Carriers are strangers where in no telling column more of their pairs agree."""


def placeholders(kind: FieldKind, main: Encoded, others: Iterable[pl.Series]) -> Mask:
    """Tell of each distinct value of a field whether it is a placeholder.

    Args:
        kind: what the field is; only values that few records share by right can be told.
        main: the values of the field.
        others: the other columns of the table.

    Examples:
        >>> main = encode(pl.Series([f"doc{i // 2}" for i in range(100)] + ["none given"] * 20))
        >>> name = pl.Series([f"name{i // 2}" for i in range(120)])
        >>> city = pl.Series([f"city{i // 3}" for i in range(120)])
        >>> main.values.filter(pl.Series(placeholders(Identifier(), main, [name, city]))).to_list()
        ['none given']
    """
    found = _outstanding(main, *OUTSTANDING.get(type(kind), (0, 0.0)))
    if isinstance(kind, Date) and found.any():
        found &= main.values.str.contains(r"^.{10}$").to_numpy() & ~main.values.str.ends_with("-01-01").to_numpy()
    if not found.any():
        return found
    telling = [column for column in map(encode, others) if len(column.values) >= max(TELLING * column.present, 2)]
    for value in np.flatnonzero(found).tolist():
        found[value] = _strangers(np.flatnonzero(main.codes == value), telling)
    return found


def _outstanding(column: Encoded, fewest: int, times: float) -> Mask:
    """Tell of each distinct value whether far more records carry it than is usual in its column."""
    counts = np.asarray(column.counts)
    if len(counts) <= MOST_PLACEHOLDERS or fewest == 0:
        return np.zeros(len(counts), dtype=bool)
    usual = np.partition(counts, -MOST_PLACEHOLDERS - 1)[-MOST_PLACEHOLDERS - 1]
    found: Mask = counts >= max(fewest, times * usual)
    return found


def _strangers(rows: npt.NDArray[np.int64], telling: list[Encoded]) -> bool:
    """Tell whether the carriers of a value agree in none of the telling columns, of which they know two at least."""
    known = 0
    for column in telling:
        common = np.append(_outstanding(column, 10, 5.0), True)
        codes = column.codes[rows]
        codes = codes[~common[codes]]
        if len(codes) < 0.1 * len(rows) or len(codes) < 2:
            continue
        counts = np.unique(codes, return_counts=True)[1]
        if (counts * (counts - 1)).sum() > MOST_AGREEING * len(codes) * (len(codes) - 1):
            return False
        known += 1
    return known >= FEWEST_TELLING
