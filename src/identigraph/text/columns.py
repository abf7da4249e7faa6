"""What is done with whole columns and takes more than one of them: choosing between columns row by row."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import polars as pl


def case(
    *branches: tuple[pl.Series, pl.Series | str | int | None], default: pl.Series | str | int | None = None
) -> pl.Series:
    """Return in each row the value of the first branch whose condition is true, or else the default.

    Args:
        branches: a condition, where null is not true, and a column or one value.
        default: a column or one value.

    Examples:
        >>> short, names = pl.Series([True, None, False]), pl.Series(["ann", "bo", None])
        >>> case((short, "short"), (names.is_null(), "none"), default=names).to_list()
        ['short', 'bo', 'none']
    """
    chosen = _column(default)
    for condition, value in reversed(branches):
        chosen = _column(value).zip_with(condition, chosen)
    return chosen


def _column(value: pl.Series | str | int | None) -> pl.Series:
    return value if isinstance(value, pl.Series) else pl.Series([value])


def largest(*columns: pl.Series) -> pl.Series:
    """Return the largest number of each row, of columns without nulls.

    Examples:
        >>> largest(pl.Series([1, 5]), pl.Series([2, 3])).to_list()
        [2, 5]
    """
    return reduce(lambda one, other: one.zip_with(one > other, other), columns)


def lengths(*texts: pl.Series) -> list[pl.Series]:
    """Return how many bytes each text has, 0 where it is null.

    Examples:
        >>> [column.to_list() for column in lengths(pl.Series(["ab", None]), pl.Series(["", "a"]))]
        [[2, 0], [0, 1]]
    """
    return pl.select(
        text.str.len_bytes().fill_null(0).alias(str(place)) for place, text in enumerate(texts)
    ).get_columns()


def among(column: pl.Series, characters: str) -> pl.Series:
    """Tell of each value, a single character, whether it is one of `characters`.

    Examples:
        >>> among(pl.Series(["/", "-"]), "./").to_list()
        [True, False]
    """
    return column.is_in(list(characters))


def groups(texts: pl.Series, pattern: str) -> dict[str, pl.Series]:
    """Return what the named groups of a pattern hold in each text, null where the pattern or the group has no match.

    Examples:
        >>> {name: found.to_list() for name, found in groups(pl.Series(["7b", "7"]), "(?<n>[0-9])(?<a>[a-z])?").items()}
        {'n': ['7', '7'], 'a': ['b', None]}
    """
    return texts.str.extract_groups(pattern).struct.unnest().to_dict()


def where(mask: pl.Series, change: Callable[[pl.Series], pl.Series], column: pl.Series) -> pl.Series:
    """Return `column` with the values changed where `mask` is true; the others are not looked at.

    Examples:
        >>> names = pl.Series(["ann", None, "bo"])
        >>> where(names == "bo", lambda few: few + "!", names).to_list()
        ['ann', None, 'bo!']
    """
    rows = mask.arg_true()
    return column.clone().scatter(rows, change(column.gather(rows))) if len(rows) else column
