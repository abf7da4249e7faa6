"""Dictionary encoding: a column as distinct values and one integer code per record."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import InvalidIntermediateError

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]

MISSING = -1
"""The code of a record that has no value."""

ELEMENT_SEPARATOR = "\x1f"
"""What stands between the elements of a list in a column of text: the unit separator of ASCII, in no clean text."""


@attrs.frozen(eq=False, repr=False)
class Encoded:
    """A column of strings as codes into its distinct values.

    Args:
        codes: shape (records,), int32; -1 where the value is missing.
        values: the distinct values, sorted; value ``values[codes[i]]`` belongs to record ``i``.

    Examples:
        >>> e = encode(pl.Series(["b", None, "a", "b"]))
        >>> e.codes.tolist(), e.values.to_list(), e.counts.tolist()
        ([1, -1, 0, 1], ['a', 'b'], [1, 2])
    """

    codes: Codes
    values: pl.Series

    def __attrs_post_init__(self) -> None:
        self.codes.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.codes)

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<Encoded: {len(self.codes):,} records, {len(self.values):,} distinct values>"

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many records carry each distinct value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)

    @property
    def present(self) -> int:
        """How many records have a value."""
        return int((self.codes >= 0).sum())

    def decoded(self) -> pl.Series:
        """Return the value of each record, null where missing."""
        return take(self.values, self.codes)

    def some(self, places: npt.NDArray[np.integer]) -> Encoded:
        """Return the column of the records at some places, which have all the values among them."""
        return Encoded(self.codes[places], self.values)


@attrs.frozen(eq=False, repr=False)
class Elements:
    """A column of sets of strings: which distinct values each record has.

    Args:
        starts: shape (records + 1,), int64, from 0; the codes of record ``i`` are ``codes[starts[i]:starts[i + 1]]``.
        codes: shape (elements,), int32; rising within a record, so each value at most once.
        values: the distinct values, sorted, each carried by some record.

    Examples:
        >>> e = elements_of(encode(pl.Series(["b", "a", None, "b"])), np.array([0, 0, 1, 2]), 3)
        >>> e.starts.tolist(), e.codes.tolist(), e.values.to_list(), e.rows.tolist()
        ([0, 2, 2, 3], [0, 1, 1], ['a', 'b'], [0, 0, 2])
    """

    starts: npt.NDArray[np.int64]
    codes: Codes
    values: pl.Series

    def __attrs_post_init__(self) -> None:
        self.starts.setflags(write=False)
        self.codes.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.starts) - 1

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        elements = f"{len(self.codes):,} elements, {len(self.values):,} distinct values"
        return f"<Elements: {len(self):,} records, {elements}>"

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The record of each element, shape (elements,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def encode(values: pl.Series) -> Encoded:
    """Return `values`, strings with nulls, dictionary-encoded."""
    distinct = values.drop_nulls().unique().sort()
    if len(distinct) == 0:
        return Encoded(np.full(len(values), MISSING, dtype=np.int32), distinct.cast(pl.String))
    physical = values.cast(pl.Enum(distinct)).to_physical()
    return Encoded(physical.cast(pl.Int32).fill_null(MISSING).to_numpy().copy(), distinct)


def take(values: pl.Series, codes: npt.NDArray[np.integer]) -> pl.Series:
    """Return ``values[codes]``, null where the code is negative.

    Examples:
        >>> take(pl.Series(["a", "b"]), np.array([1, -1])).to_list()
        ['b', None]
    """
    index = pl.Series(codes.astype(np.int64))
    return values.gather(pl.select(pl.when(index >= 0).then(index)).to_series())


def recode(column: Encoded, derived: pl.Series) -> Encoded:
    """Return the column whose records carry ``derived[i]`` where they carried distinct value ``i``.

    Examples:
        >>> short = recode(encode(pl.Series(["anna", "anne", "bob"])), pl.Series(["an", "an", None]))
        >>> short.codes.tolist(), short.values.to_list()
        ([0, 0, -1], ['an'])
    """
    if len(derived) != len(column.values):
        raise InvalidIntermediateError("a derived feature", f"{len(column.values):,} values", f"{len(derived):,}")
    inner = encode(derived)
    return Encoded(np.append(inner.codes, np.int32(MISSING))[column.codes], inner.values)


def merged(one: Encoded, other: Encoded) -> Encoded:
    """Return the column of the records of one, and then those of another that has few values.

    Examples:
        >>> both = merged(encode(pl.Series(["a", "c", None])), encode(pl.Series(["b", "c"])))
        >>> both.codes.tolist(), both.values.to_list()
        ([0, 2, -1, 1, 2], ['a', 'b', 'c'])
    """
    place = one.values.search_sorted(other.values).cast(pl.Int64).to_numpy() if len(other.values) else np.zeros(0, int)
    known = place < len(one.values)
    known[known] = (one.values.gather(place[known]) == other.values.filter(pl.Series(known))).to_numpy()
    new, before = np.flatnonzero(~known), len(one.values)
    order = np.argsort(np.append(np.arange(before) * 2 + 1, place[new] * 2), kind="stable")
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order], rank[-1] = np.arange(len(order)), MISSING
    theirs = place.copy()
    theirs[new] = before + np.arange(len(new))
    codes = np.append(rank[one.codes], np.append(rank[theirs], np.int32(MISSING))[other.codes])
    return Encoded(codes, pl.concat([one.values, other.values.gather(new)]).gather(order))


def carried(codes: Codes, values: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell of each value whether a record carries it.

    Examples:
        >>> carried(np.array([1, -1], dtype=np.int32), pl.Series(["a", "b"])).tolist()
        [False, True]
    """
    used = np.zeros(len(values) + 1, dtype=bool)
    used[codes] = True
    return used[:-1]


def compact(codes: Codes, values: pl.Series) -> Encoded:
    """Return codes into sorted values as a column, without the values that no record carries.

    Examples:
        >>> short = compact(np.array([2, -1, 0], dtype=np.int32), pl.Series(["a", "b", "c"]))
        >>> short.codes.tolist(), short.values.to_list()
        ([1, -1, 0], ['a', 'c'])
    """
    used = carried(codes, values)
    if used.all():
        return Encoded(codes, values)
    rank = np.append(np.cumsum(used) - 1, MISSING).astype(np.int32)
    return Encoded(rank[codes], values.filter(pl.Series(used)))


def elements_of(column: Encoded, rows: npt.NDArray[np.integer], records: int) -> Elements:
    """Return the distinct values of each record, where value ``i`` of `column` is one of record ``rows[i]``.

    Args:
        column: values, each carried somewhere; missing ones are left out.
        rows: shape (values,), from 0 to below `records`, in any order.
        records: how many records there are.

    Examples:
        >>> elements_of(encode(pl.Series(["b", "a", "b"])), np.array([1, 1, 1]), 2).starts.tolist()
        [0, 0, 2]
    """
    present = column.codes >= 0
    size = max(len(column.values), 1)
    keys = np.unique(rows[present].astype(np.int64) * size + column.codes[present])
    owners, codes = np.divmod(keys, size)
    starts = np.append(0, np.cumsum(np.bincount(owners, minlength=records))).astype(np.int64)
    return Elements(starts, codes.astype(np.int32), column.values)


def combine(columns: list[Codes]) -> tuple[Codes, int]:
    """Return one code per record for a compound key, and the number of distinct codes; missing if any part is.

    Codes are dense and follow the order of the compound.

    Examples:
        >>> codes, n = combine([np.array([0, 0, 1, -1], dtype=np.int32), np.array([2, 2, 0, 1], dtype=np.int32)])
        >>> codes.tolist(), n
        ([0, 0, 1, -1], 2)
    """
    if len(columns) == 1:
        only = columns[0]
        return only, int(only.max(initial=-1)) + 1
    compound = columns[0].astype(np.int64)
    missing = columns[0] < 0
    for codes in columns[1:]:
        compound = compound * (int(codes.max(initial=0)) + 1) + codes
        missing |= codes < 0
        if codes is not columns[-1]:
            compound, _ = _dense(compound, missing)
    dense, size = _dense(compound, missing)
    return dense.astype(np.int32), size


def first_rows(codes: Codes, size: int) -> npt.NDArray[np.int64]:
    """Return for each of `size` codes the first row that has it, each being there.

    Examples:
        >>> first_rows(np.array([1, -1, 0, 1], dtype=np.int32), 2).tolist()
        [2, 0]
    """
    first = np.zeros(size + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first[:-1]


def run_starts(ordered: npt.NDArray[Any]) -> Ints:
    """Return where each run of equal values begins.

    Examples:
        >>> run_starts(np.array([3, 3, 5, 5, 5])).tolist(), run_starts(np.array([])).tolist()
        ([0, 2], [])
    """
    if len(ordered) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))


def distinct_places(values: Ints) -> tuple[Ints, Ints]:
    """Return the distinct integers, rising, and the place of each value among them.

    Examples:
        >>> [each.tolist() for each in distinct_places(np.array([7, 3, 7]))]
        [[3, 7], [1, 0, 1]]
    """
    ordered = np.sort(values)
    distinct: Ints = ordered[run_starts(ordered)]
    return distinct, np.searchsorted(distinct, values)


def positions(
    starts: npt.NDArray[np.integer], counts: npt.NDArray[np.integer], dtype: type[np.signedinteger] = np.int32
) -> npt.NDArray[Any]:
    """Return ``counts[i]`` positions from ``starts[i]`` on, one run after another.

    Examples:
        >>> positions(np.array([5, 0]), np.array([2, 3])).tolist()
        [5, 6, 0, 1, 2]
    """
    found = np.repeat((starts - np.cumsum(counts) + counts).astype(dtype), counts)
    found += np.arange(len(found), dtype=dtype)
    return found


def runs(starts: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """Return the `positions` of all runs, and before them which run each is of.

    Examples:
        >>> [side.tolist() for side in runs(np.array([5, 0]), np.array([2, 3]))]
        [[0, 0, 1, 1, 1], [5, 6, 0, 1, 2]]
    """
    return np.repeat(np.arange(len(counts)), counts), positions(starts, counts, np.int64)


def _dense(compound: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], int]:
    """Return `compound` as ranks from 0, -1 where missing."""
    ranks = np.full(len(compound), MISSING, dtype=np.int64)
    present = np.flatnonzero(~missing)
    if len(present) == 0:
        return ranks, 0
    order = present[np.argsort(compound[present], kind="stable")]
    ordered = compound[order]
    step = np.empty(len(ordered), dtype=np.int64)
    step[0] = 0
    np.not_equal(ordered[1:], ordered[:-1], out=step[1:])
    ranks[order] = np.cumsum(step)
    return ranks, int(ranks[order[-1]]) + 1
