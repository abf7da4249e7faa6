"""Columns that say the same as another: one thing told twice is no second evidence."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from identigraph.records.profile import ColumnProfile
from identigraph.records.recognized import Recognized

SAME = 0.98
"""The share of the rows with a value in either column, from which on up both say the same."""
VAGUE = ("identifier", "number", "category", "text")
"""Kinds that tell least of what a column is; a copy of a plainer kind is the one that is kept."""


def copies(
    table: pl.DataFrame, profiles: Mapping[str, ColumnProfile], columns: Mapping[str, Recognized]
) -> dict[str, Recognized]:
    """Return the columns that say the same as another, whatever their letter case, set aside.

    Of two the one of the plainer kind is kept, of one kind the first by name; the order of columns makes no difference.

    Args:
        table: of text columns.
        profiles: column name to profile.
        columns: column name to what it was recognized as.

    Examples:
        >>> table = pl.DataFrame({"mail": ["a@x.com", "b@x.com"], "contact": ["A@x.com", "b@x.com"]})
        >>> profiles = {name: ColumnProfile.of(table[name]) for name in table.columns}
        >>> copies(table, profiles, {"mail": Recognized("email"), "contact": Recognized("text")})
        {'contact': Recognized(kind=None, role='column', reason='says the same as mail')}
    """
    used = sorted(
        (VAGUE.index(each.kind) if each.kind in VAGUE else -1, name)
        for name, each in columns.items()
        if each.kind is not None and profiles[name].distinct > 1
    )
    kept: dict[str, pl.Series] = {}
    found: dict[str, Recognized] = {}
    for _, name in used:
        values = _plain(table.get_column(name))
        twin = next((other for other, known in kept.items() if _same(known, values)), None)
        if twin is None:
            kept[name] = values
        else:
            found[name] = Recognized(None, columns[name].role, f"says the same as {twin}")
    return found


def _plain(column: pl.Series) -> pl.Series:
    """Return a number for each value, whatever its letter case; null stays null."""
    numbers = column.str.strip_chars().str.to_lowercase().hash()
    return numbers.set(column.is_null(), None)


def _same(one: pl.Series, other: pl.Series) -> bool:
    some = len(one) - int((one.is_null() & other.is_null()).sum())
    return int((one == other).sum()) >= SAME * some
