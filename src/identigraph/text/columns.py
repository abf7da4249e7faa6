"""What is done with columns, whether of many values or of one, beyond the methods that a Series and a `Single` share.

Code of kinds and of texts is written in these operations, once: a Series runs it on a table, a `Single` on a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any, TypeVar

import polars as pl

from identigraph.text.single import FALSE, NULL, TRUE, Single, compiled

Column = TypeVar("Column", pl.Series, Single)


def case(*branches: tuple[Column, Column | str | int | None], default: Column | str | int | None = None) -> Column:
    """Return in each row the value of the first branch whose condition is true, or else the default.

    Args:
        branches: a condition, where null is not true, and a column or one value.
        default: a column or one value.

    Examples:
        >>> short, names = pl.Series([True, None, False]), pl.Series(["ann", "bo", None])
        >>> case((short, "short"), (names.is_null(), "none"), default=names).to_list()
        ['short', 'bo', 'none']
    """
    if isinstance(branches[0][0], Single):
        found: Any = next((value for condition, value in branches if condition.value), default)
        return found if isinstance(found, Single) else Single(found)
    chosen = _series(default)
    for condition, value in reversed(branches):
        chosen = _series(value).zip_with(condition, chosen)
    return chosen


def where(mask: Column, change: Callable[[Column], Column], column: Column) -> Column:
    """Return `column` with the values changed where `mask` is true; the others are not looked at.

    Examples:
        >>> names = pl.Series(["ann", None, "bo"])
        >>> where(names == "bo", lambda few: few + "!", names).to_list()
        ['ann', None, 'bo!']
    """
    if isinstance(mask, Single):
        return change(column) if mask.value else column
    rows = mask.arg_true()
    return column.clone().scatter(rows, change(column.gather(rows))) if len(rows) else column


def wherever(mask: Column, change: Callable[..., tuple[Column, ...]], *columns: Column) -> tuple[Column, ...]:
    """Return several columns with the values changed together where `mask` is true, as `where` does with one.

    Examples:
        >>> turned = wherever(pl.Series([True, False]), lambda a, b: (b, a), pl.Series([1, 2]), pl.Series([3, 4]))
        >>> [column.to_list() for column in turned]
        [[3, 2], [1, 4]]
    """
    if isinstance(mask, Single):
        return change(*columns) if mask.value else columns
    rows = mask.arg_true()
    if len(rows) == 0:
        return columns
    changed = change(*(column.gather(rows) for column in columns))
    return tuple(column.clone().scatter(rows, new) for column, new in zip(columns, changed, strict=True))


def mapped(function: Callable[..., str | None], *columns: Column) -> Column:
    """Return `function` of each row of `columns`, null where the first of them is null.

    Examples:
        >>> mapped(str.upper, pl.Series(["a", None])).to_list(), mapped(str.upper, Single("a")).value
        (['A', None], 'A')
    """
    first = columns[0]
    if isinstance(first, Single):
        return first if first.value is None else Single(function(*(column.value for column in columns)))
    rows = zip(*(column.to_list() for column in columns), strict=True)
    found = [None if row[0] is None else function(*row) for row in rows]
    return pl.Series(first.name, found, dtype=pl.String)


def nonempty(texts: Column) -> Column:
    """Return texts, null where they are empty.

    Examples:
        >>> nonempty(pl.Series(["a", ""])).to_list()
        ['a', None]
    """
    if isinstance(texts, Single):
        return NULL if texts.value == "" else texts
    return texts.set(texts == "", None)


def empty(texts: Column) -> Column:
    """Return as many nulls.

    Examples:
        >>> empty(pl.Series(["a", "b"])).to_list()
        [None, None]
    """
    return NULL if isinstance(texts, Single) else texts.set(texts.is_not_null(), None)


def coalesced(*columns: Column) -> Column:
    """Return in each row the first value that there is.

    Examples:
        >>> coalesced(pl.Series([None, "b"]), pl.Series(["c", "d"])).to_list()
        ['c', 'b']
    """
    return reduce(lambda first, second: first.fill_null(second), columns)


def joined(*texts: Column) -> Column:
    """Return the texts of each row with a space between them, nulls left out; null where nothing is left.

    Examples:
        >>> joined(pl.Series(["ann", None]), pl.Series(["lee", None])).to_list()
        ['ann lee', None]
    """
    if isinstance(texts[0], Single):
        return Single(" ".join(text.value for text in texts if text.value is not None) or None)
    both = pl.concat_str(*texts, separator=" ", ignore_nulls=True)
    return nonempty(pl.select(both).to_series())


def recoded(texts: Column, table: Mapping[str, str], *, others: bool = True) -> Column:
    """Return what a table says of each text; null for `others`, or these as they are.

    Examples:
        >>> texts = pl.Series(["ca", "paris"])
        >>> recoded(texts, {"ca": "california"}).to_list(), recoded(texts, {"ca": "california"}, others=False).to_list()
        (['california', 'paris'], ['california', None])
    """
    if isinstance(texts, Single):
        return NULL if texts.value is None else Single(table.get(texts.value, texts.value if others else None))
    if others:
        return texts.replace(table)
    return texts.replace_strict(table, default=None, return_dtype=pl.String)


def one_of(texts: Column, values: frozenset[str]) -> Column:
    """Tell of each text whether it is one of `values`; null is none.

    Examples:
        >>> one_of(pl.Series(["a", "b", None]), frozenset({"a"})).to_list()
        [True, False, False]
    """
    if isinstance(texts, Single):
        return TRUE if texts.value in values else FALSE
    return texts.is_in(_listed(values)).fill_null(value=False)


def starts(texts: Column, beginnings: Column) -> Column:
    """Tell of each text whether it starts with that of another column.

    Examples:
        >>> starts(pl.Series(["ann lee", "bo"]), pl.Series(["ann", "b "])).to_list()
        [True, False]
    """
    if isinstance(texts, Single):
        return texts.starts_with(beginnings)
    return pl.select(pl.lit(texts).str.starts_with(pl.lit(beginnings))).to_series()


def ends(texts: Column, endings: Column) -> Column:
    """Tell of each text whether it ends with that of another column.

    Examples:
        >>> ends(pl.Series(["ann lee", "bo"]), pl.Series(["lee", " o"])).to_list()
        [True, False]
    """
    if isinstance(texts, Single):
        return texts.ends_with(endings)
    return pl.select(pl.lit(texts).str.ends_with(pl.lit(endings))).to_series()


def among(characters: Column, several: str) -> Column:
    """Tell of each character whether it is one of `several`.

    Examples:
        >>> among(pl.Series(["/", "-"]), "./").to_list()
        [True, False]
    """
    if isinstance(characters, Single):
        return TRUE if characters.value in several else FALSE
    return characters.is_in(list(several))


def groups(texts: Column, pattern: str) -> dict[str, Column]:
    """Return what the named groups of a pattern hold in each text, null where the pattern or the group has no match.

    Examples:
        >>> {name: found.to_list() for name, found in groups(pl.Series(["7b", "7"]), "(?<n>[0-9])(?<a>[a-z])?").items()}
        {'n': ['7', '7'], 'a': ['b', None]}
    """
    if isinstance(texts, Single):
        known = compiled(pattern)
        found = None if texts.value is None else known.search(texts.value)
        held = found.groupdict() if found else dict.fromkeys(known.groupindex)
        return {name: Single(text) for name, text in held.items()}
    return texts.str.extract_groups(pattern).struct.unnest().to_dict()


def matches(texts: Column, pattern: str) -> Column:
    """Return all matches of a pattern in each text, run together.

    Examples:
        >>> matches(pl.Series(["ann lee", "?"]), "[a-z]+").to_list()
        ['annlee', '']
    """
    if isinstance(texts, Single) and (texts.value is None or texts.value.isascii()):
        return (
            texts
            if texts.value is None
            else Single("".join(found[0] for found in compiled(pattern).finditer(texts.value)))
        )
    if isinstance(texts, Single):
        return Single(matches(pl.Series([texts.value]), pattern).item())
    return texts.str.extract_all(pattern).list.join("")


def halves(texts: Column, mark: str) -> tuple[Column, Column]:
    """Return what stands before the first mark in each text, all without a mark; and what stands behind, or null.

    Examples:
        >>> [half.to_list() for half in halves(pl.Series(["ann lee ray", "bo"]), " ")]
        [['ann', 'bo'], ['lee ray', None]]
    """
    if isinstance(texts, Single):
        if texts.value is None:
            return NULL, NULL
        before, found, behind = texts.value.partition(mark)
        return Single(before), Single(behind if found else None)
    split = texts.str.splitn(mark, 2).struct
    return split.field("field_0"), split.field("field_1")


def largest(*numbers: Column) -> Column:
    """Return the largest number of each row, of columns without nulls.

    Examples:
        >>> largest(pl.Series([1, 5]), pl.Series([2, 3])).to_list()
        [2, 5]
    """
    return reduce(lambda one, other: one.zip_with(one > other, other), numbers)


def lengths(*texts: Column) -> list[Column]:
    """Return how many bytes each text has, 0 where it is null.

    Examples:
        >>> [column.to_list() for column in lengths(pl.Series(["ab", None]), pl.Series(["", "a"]))]
        [[2, 0], [0, 1]]
    """
    if isinstance(texts[0], Single):
        return [text.str.len_bytes().fill_null(0) for text in texts]
    return pl.select(text.str.len_bytes().fill_null(0).alias(str(i)) for i, text in enumerate(texts)).get_columns()


@cache
def _listed(values: frozenset[str]) -> pl.Series:
    return pl.Series(sorted(values), dtype=pl.String).implode()


def _series(value: pl.Series | str | int | None) -> pl.Series:
    return value if isinstance(value, pl.Series) else pl.Series([value])
