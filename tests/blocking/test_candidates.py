"""Streams of candidates: their costs and reports, pairs across and within sources, and batches of a block walk."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, permutations
from operator import and_, or_, sub

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, all_pairs, block_on, no_pairs
from identigraph.blocking import BlockingStrategy, Candidates, candidates
from identigraph.blocking.candidates import (
    BlockReport,
    IntersectionCandidates,
    ListedCandidates,
    distinct,
    expand,
    linking,
    report_table,
)
from identigraph.errors import EmptyBlockingWarning
from identigraph.pairs import Mask

WALKS = st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 1_000), st.integers(0, 6)), max_size=12)


@pytest.fixture(scope="module")
def records() -> Records:
    """Return five records: `a` makes 4 pairs, `b` 2, one of them is both."""
    return Records.of({"a": ["x", "x", "x", "y", "y"], "b": ["p", "q", "q", "p", None]})


@given(WALKS, st.integers(1, 10))
def test_a_walk_names_each_row_with_its_run_of_positions(walk: list[tuple[int, int, int]], batch: int) -> None:
    rows, starts, counts = np.array(walk, dtype=np.int64).reshape(-1, 3).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        batches = list(expand(rows.astype(np.int32), starts, counts))
    expected = [(row, start + k) for row, start, partners in walk for k in range(partners)]
    assert [pair for a, b in batches for pair in zip(a.tolist(), b.tolist(), strict=True)] == expected
    assert all(a.dtype == b.dtype == np.int32 for a, b in batches)


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(1, 10))
def test_a_batch_is_full_but_never_above_its_size_unless_one_row_has_more(partners: list[int], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        counted = np.array(partners, dtype=np.int64)
        rows = np.arange(len(partners), dtype=np.int32)
        firsts = [first.tolist() for first, _ in expand(rows, counted, counted)]
    assert all(0 < len(first) <= batch or len(set(first)) == 1 for first in firsts)
    for first, following in pairwise(firsts):
        assert len(first) + partners[following[0]] > batch


def parts_and_pairs(found: Candidates) -> list[tuple[str, int]]:
    return [(report.part, report.pairs) for report in found.reports]


def made(found: Candidates) -> int:
    return sum(len(pairs) for pairs in found)


def test_a_union_costs_the_sum_and_reports_all_parts(records: Records) -> None:
    found = (block_on("a") | block_on("b")).candidates(records)
    assert (found.cost, made(found)) == (6, 5)
    assert parts_and_pairs(found) == [("block_on('a')", 4), ("block_on('b')", 2)]


def test_an_intersection_costs_its_cheapest_part_and_reports_all(records: Records) -> None:
    found = (block_on("a") & block_on("b")).candidates(records)
    assert (found.cost, made(found)) == (2, 1)
    assert parts_and_pairs(found) == [("block_on('a')", 4), ("block_on('b')", 2)]


def test_a_difference_costs_and_reports_what_is_walked(records: Records) -> None:
    found = (block_on("a") - block_on("b")).candidates(records)
    assert (found.cost, made(found)) == (4, 3)
    assert parts_and_pairs(found) == [("block_on('a')", 4)]


def test_an_intersection_walks_its_cheapest_part_only(records: Records) -> None:
    class Dear:
        cost, reports = 10**9, ()

        def __iter__(self) -> Iterator[Pairs]:
            pytest.fail("walked")

        def holds(self, pairs: Pairs) -> Mask:
            return np.ones(len(pairs), dtype=bool)

    cheap = block_on("a").candidates(records)
    for parts in ((Dear(), cheap), (cheap, Dear())):
        assert made(IntersectionCandidates(parts)) == 4


@pytest.mark.parametrize("join", [or_, and_, sub])
@pytest.mark.parametrize("strategies", list(permutations([block_on("a"), block_on("b"), no_pairs(), all_pairs()], 2)))
def test_every_join_holds_what_it_yields_and_nothing_else(
    records: Records, join: Callable[..., BlockingStrategy], strategies: tuple[BlockingStrategy, BlockingStrategy]
) -> None:
    found = join(*strategies).candidates(records)
    everything = all_pairs().candidates(records)
    yielded = {code for pairs in found for code in pairs.codes().tolist()}
    assert all(len(pairs) for pairs in found)
    (asked,) = everything
    assert found.holds(asked).tolist() == [code in yielded for code in asked.codes().tolist()]


@given(st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.integers(0, 2)), max_size=10), st.booleans())
def test_linking_keeps_the_pairs_across_or_within_sources_in_iteration_and_in_holds(
    rows: list[tuple[str | None, int]], across: bool
) -> None:
    records = Records.of({"a": ["x", *(a for a, _ in rows)], "s": [0, *(s for _, s in rows)]}, source="s")
    inner = all_pairs() - block_on("a")
    codes = records.sources.codes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmptyBlockingWarning)
        whole = inner.candidates(records)
    found = linking(whole, codes, across=across)
    batches = list(found)
    assert all(len(pairs) for pairs in batches)
    listed = [pair for p in batches for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]
    wanted = [
        (i, j)
        for p in whole
        for i, j in zip(p.left.tolist(), p.right.tolist(), strict=True)
        if (codes[i] != codes[j]) == across
    ]
    assert listed == wanted
    asked = list(combinations(range(len(records)), 2))
    held = found.holds(Pairs.of([i for i, _ in asked], [j for _, j in asked]))
    assert held.tolist() == [pair in set(wanted) for pair in asked]
    assert (found.cost, found.reports) == (whole.cost, whole.reports)


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 3), max_size=20))
def test_distinct_integers_rise(codes: list[int]) -> None:
    assert distinct(np.array(codes, dtype=np.int64)).tolist() == sorted(set(codes))


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20), st.integers(1, 7))
def test_listed_pairs_come_once_by_left_row_and_are_held(drawn: list[tuple[int, int]], batch: int) -> None:
    asked = [(i, j) for i, j in drawn if i != j]
    one, other = np.array(asked, dtype=np.int64).reshape(-1, 2).T
    expected = sorted({(min(pair), max(pair)) for pair in asked})
    found = ListedCandidates.of("mine", one, other, 9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        batches = list(found)
    assert [pair for p in batches for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)] == expected
    assert all(0 < len(pairs) <= batch and pairs.left.dtype == np.int32 for pairs in batches)
    every = list(combinations(range(9), 2))
    held = found.holds(Pairs.of([i for i, _ in every], [j for _, j in every]))
    assert held.tolist() == [pair in expected for pair in every]
    n = len(expected)
    assert found.cost == n
    assert found.reports == (BlockReport("mine", pairs=n, keyed=9, blocks=n, largest=2 if n else 0),)


def test_a_table_of_reports_has_a_row_for_each_and_columns_also_without_any() -> None:
    names = ["key", "pairs", "keyed", "blocks", "largest", "hot_blocks", "hot_records", "hot_pairs", "stranded"]
    table = report_table([BlockReport("a", 1, 2, 3, 4, 5, 6, 7, 8), BlockReport("b", 9, 10, 11, 12)])
    assert table.columns == names
    assert table.rows() == [("a", 1, 2, 3, 4, 5, 6, 7, 8), ("b", 9, 10, 11, 12, 0, 0, 0, 0)]
    assert report_table([]).schema == table.schema
