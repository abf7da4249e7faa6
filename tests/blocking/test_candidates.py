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
from identigraph.blocking.candidates import IntersectionCandidates, LinkCandidates, expand
from identigraph.errors import EmptyBlockingWarning
from identigraph.pairs import Mask

WALKS = st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 6)), max_size=12)


@pytest.fixture(scope="module")
def records() -> Records:
    """Return five records: `a` makes 4 pairs, `b` 2, one of them is both."""
    return Records.of({"a": ["x", "x", "x", "y", "y"], "b": ["p", "q", "q", "p", None]})


@given(WALKS, st.integers(1, 10))
def test_a_walk_pairs_each_start_with_the_positions_behind_it(walk: list[tuple[int, int]], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        starts = np.array([start for start, _ in walk], dtype=np.int64)
        batches = list(expand(starts, np.array([partners for _, partners in walk], dtype=np.int64)))
    expected = [(start, start + k) for start, partners in walk for k in range(1, partners + 1)]
    assert [pair for a, b in batches for pair in zip(a.tolist(), b.tolist(), strict=True)] == expected


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(1, 10))
def test_a_batch_is_full_but_never_above_its_size_unless_one_start_has_more(partners: list[int], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        counted = np.array(partners, dtype=np.int64)
        firsts = [first.tolist() for first, _ in expand(np.arange(len(partners)), counted)]
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
    found = LinkCandidates(whole, codes, across)
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
