"""Identifiers of made-up visitors: cookies that are deleted, devices and numbers that are passed on, ids that show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

import numpy as np
import polars as pl

from identigraph.datasets.members import Ints
from identigraph.datasets.visitors import Floats


def cookies(browser: Ints, day: Floats, life: Floats, rng: np.random.Generator) -> Ints:
    """Return the number of the cookie on each visit; -1 where there is no browser.

    A browser keeps its cookie from one visit to the next, unless the cookie is deleted in between: deletions come at
    random, on average every `life` days.

    Args:
        browser: number of the browser of each visit, -1 for none.
        day: when each visit begins.
        life: how many days a cookie lives in the browser, on average.
        rng: where random numbers come from.

    Examples:
        >>> browser, day = np.array([7, -1, 7, 5]), np.array([9.0, 2.0, 1.0, 3.0])
        >>> cookies(browser, day, np.full(4, 1e9), np.random.default_rng(0)).tolist()
        [1, -1, 1, 0]
        >>> cookies(browser, day, np.full(4, 1e-9), np.random.default_rng(0)).tolist()
        [2, -1, 1, 0]
    """
    order = np.lexsort((day, browser))
    order = order[browser[order] >= 0]
    other = np.diff(browser[order], prepend=-1) > 0
    gap = np.diff(day[order], prepend=0)
    deleted = rng.random(len(order)) >= np.exp(-np.maximum(gap, 0) / life[order])
    number = np.full(len(browser), -1)
    number[order] = np.cumsum(other | deleted) - 1
    return number


def passed_on(
    first: Floats, last: Floats, household: Ints, *, rest: float, share: float, rng: np.random.Generator
) -> Ints:
    """Return for each thing the thing whose identifier it carries: its own, or that of one used up long before.

    The earlier and the later owner live in different households; nothing is passed on twice.

    Args:
        first: day of the first use of each thing; NaN where it is not used.
        last: day of the last use.
        household: the household of its owner.
        rest: least number of days between the last use by the one and the first use by the other.
        share: share of things that are given away, if somebody comes late enough to take them.
        rng: where random numbers come from.

    Examples:
        >>> first, last, rng = np.array([0.0, 99.0]), np.array([10.0, 99.0]), np.random.default_rng(1)
        >>> passed_on(first, last, np.array([0, 1]), rest=20, share=0.6, rng=rng).tolist()
        [0, 0]
    """
    drawn = rng.random(len(first))
    given = np.flatnonzero((drawn < share) & ~np.isnan(first))
    takers = np.flatnonzero((drawn >= share) & ~np.isnan(first))
    takers = takers[np.argsort(first[takers], kind="stable")]
    place = np.searchsorted(first[takers], last[given] + rest + rng.exponential(rest / 2, len(given)))
    given, takers = given[place < len(takers)], takers[place[place < len(takers)]]
    apart = household[given] != household[takers]
    carries = np.arange(len(first))
    carries[takers[apart]] = given[apart]
    return carries


def numbered(prefix: str, numbers: pl.Series, rng: np.random.Generator, *, start: int = 1) -> pl.Series:
    """Return ids that tell no order: `prefix` and a shuffled number from `start` on; null where `numbers` is null.

    Examples:
        >>> numbered("c", pl.Series([0, 1, 0, None]), np.random.default_rng(0), start=10).to_list()
        ['c10', 'c11', 'c10', None]
    """
    count = int(numbers.max() or 0) + 1  # type: ignore[arg-type]
    shown = pl.Series(start + rng.permutation(count)).cast(pl.String)
    return prefix + shown.gather(numbers)


def device_ids(numbers: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Return a random UUID for each of `numbers`; null where it is null.

    Examples:
        >>> device_ids(pl.Series([0, None]), np.random.default_rng(0)).to_list()
        ['5f82c2d9-cfeb-4fa3-a1d7-d982f8bd1045', None]
    """
    distinct = numbers.drop_nulls().unique().sort()
    drawn = rng.bytes(16 * len(distinct))
    ids = [str(UUID(bytes=drawn[16 * i : 16 * i + 16], version=4)) for i in range(len(distinct))]
    return _replaced(numbers, distinct, ids)


def hashes(values: pl.Series) -> pl.Series:
    """Return the SHA-256 of each of `values`, in hexadecimal digits; null where it is null.

    Examples:
        >>> [h and h[:8] for h in hashes(pl.Series(["abc", None]))]
        ['ba7816bf', None]
    """
    distinct = values.drop_nulls().unique().sort()
    return _replaced(values, distinct, (hashlib.sha256(value.encode()).hexdigest() for value in distinct))


def _replaced(values: pl.Series, distinct: pl.Series, by: Iterable[str]) -> pl.Series:
    """Return `values` with each of the `distinct` ones replaced."""
    return values.replace_strict(distinct, pl.Series(list(by), dtype=pl.String), return_dtype=pl.String)
