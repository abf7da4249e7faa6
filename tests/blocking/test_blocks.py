"""Blocks of records that may be in many: memberships, and the pairs that share a block, against plain Python."""

from __future__ import annotations

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, block_on
from identigraph.blocking import HotPolicy, blocks, words_of
from identigraph.blocking.blocks import BlockCandidates, BlockMaker, Blocks, BlockStrategy
from identigraph.errors import EmptyBlockingWarning, HotBlockError, HotBlockWarning

REACH = 2
"""Neighbors in a capped block, few enough for small blocks to lose pairs."""
Shares = Counter[tuple[int, int]]


@attrs.frozen
class Drawn:
    """Random blocks, by plain Python.

    Args:
        memberships: (block, value), each once.
        carried: the value of each record, -1 where it has none.
    """

    memberships: list[tuple[int, int]]
    carried: list[int]

    def made(self) -> Blocks:
        """Return the blocks."""
        block, member = np.array(self.memberships, dtype=np.int64).reshape(-1, 2).T
        names = pl.Series([f"block {i}" for i in range(9)])
        return Blocks.of(block, member, np.array(self.carried, dtype=np.int32), names)

    def records(self) -> Records:
        """Return as many records, with something to split by."""
        return Records.of({"half": [("a", "b", None)[i % 3] for i in range(len(self.carried))]})

    def rows(self) -> dict[int, list[int]]:
        """Return the records in each block."""
        inside: dict[int, list[int]] = defaultdict(list)
        for block, value in sorted(self.memberships):
            inside[block] += [row for row, carried in enumerate(self.carried) if carried == value]
        return {block: sorted(rows) for block, rows in inside.items()}

    def parts(self, policy: HotPolicy) -> list[list[int]]:
        """Return the records of each block that is walked, or of each part of a hot one that is split."""
        half = self.records().column("half").codes.tolist()
        parts = []
        for rows in self.rows().values():
            if len(rows) <= policy.max_block or policy.hot == "cap":
                parts.append(rows)
            elif policy.hot == "split":
                parts += [[row for row in rows if half[row] == code] for code in (-1, 0, 1)]
        return parts

    def shares(self, policy: HotPolicy) -> Shares:
        """Return the pairs within reach, each with the number of blocks or parts that it shares."""
        counted: Shares = Counter()
        for rows in self.parts(policy):
            reach = REACH if len(rows) > policy.max_block else len(rows)
            counted.update((rows[i], rows[j]) for i, j in combinations(range(len(rows)), 2) if j - i <= reach)
        return counted


DRAWN = st.builds(
    Drawn,
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=14).map(sorted).flatmap(st.permutations),
    st.lists(st.integers(-1, 4), min_size=9, max_size=16) | st.lists(st.integers(-1, 4), max_size=4),
)
"""Few values, so that blocks are large and many of them hot."""
POLICIES = st.builds(
    lambda max_block, hot: HotPolicy(max_block, hot, ("half",) if hot == "split" else ()),
    st.sampled_from([2, 3, 5, 50]),
    st.sampled_from(["cap", "skip", "split"]),
)


@contextmanager
def small(batch: int = 500_000) -> Iterator[None]:
    """Make capped blocks reach `REACH` neighbors only, and batches hold `batch` pairs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "NEIGHBORS", REACH)
        patch.setattr(blocks, "BATCH", batch)
        patch.setattr(blocks, "LOOKED_UP", batch)
        yield


def found_in(drawn: Drawn, policy: HotPolicy) -> BlockCandidates:
    return BlockCandidates.of("drawn", drawn.made(), policy, drawn.records())


def every_pair(n: int) -> Pairs:
    asked = list(combinations(range(n), 2))
    return Pairs.of([i for i, _ in asked], [j for _, j in asked])


def coded(codes: Any) -> list[tuple[int, int]]:
    return [(code >> 32, code & 0xFFFFFFFF) for code in codes.tolist()]


# ---- memberships


@given(DRAWN)
def test_sizes_count_records_and_not_values(drawn: Drawn) -> None:
    found, rows = drawn.made(), drawn.rows()
    assert found.sizes.tolist() == [len(rows.get(block, [])) for block in range(max(rows, default=-1) + 1)]


@given(DRAWN, st.sets(st.integers(0, 5)))
def test_rows_are_the_records_of_the_blocks_asked_for_by_block_then_record(drawn: Drawn, kept: set[int]) -> None:
    found = drawn.made()
    block, row = found.rows(np.array([i in kept for i in range(len(found.sizes))], dtype=bool))
    expected = [(block, row) for block, rows in sorted(drawn.rows().items()) for row in rows if block in kept]
    assert list(zip(block.tolist(), row.tolist(), strict=True)) == expected
    assert row.dtype == np.int32


@given(DRAWN, st.sampled_from([0.1, 0.3, 0.5, 0.75, 1.0]), st.sampled_from([2, 4, 6, 50]))
def test_each_value_is_left_in_the_share_of_its_shared_blocks_that_are_smallest_and_in_the_hot_ones(
    drawn: Drawn, keep: float, max_block: int
) -> None:
    sizes = {block: len(rows) for block, rows in drawn.rows().items()}
    expected = {(block, value) for block, value in drawn.memberships if sizes[block] > max_block}
    for value in {value for _, value in drawn.memberships}:
        mine = sorted((sizes[b], b) for b, other in drawn.memberships if other == value and 1 < sizes[b] <= max_block)
        expected |= {(block, value) for _, block in mine[: math.ceil(keep * len(mine))]}
    found = drawn.made().filtered(keep, max_block)
    assert set(zip(found.block.tolist(), found.member.tolist(), strict=True)) == expected
    assert len(found.block) == len(expected)


@pytest.mark.parametrize(("max_block", "kept"), [(2, [0, 1]), (3, [0])])
def test_a_block_of_the_size_of_the_cap_is_filtered_and_a_larger_one_is_left_to_the_policy(
    max_block: int, kept: list[int]
) -> None:
    """Blocks of two and of three records share the value 0."""
    drawn = Drawn([(0, 0), (1, 0), (1, 1)], [0, 0, 1])
    found = drawn.made().filtered(0.5, max_block)
    assert found.block[found.member == 0].tolist() == kept


def test_blocks_have_names() -> None:
    drawn = Drawn([(2, 0), (0, 0)], [0, 0])
    assert drawn.made().names(np.array([2, 0])).to_list() == ["block 2", "block 0"]


# ---- pairs


@given(DRAWN, POLICIES)
def test_pairs_are_those_that_share_a_block_each_once_by_left_row(drawn: Drawn, policy: HotPolicy) -> None:
    with small():
        batches = list(found_in(drawn, policy))
    listed = [pair for p in batches for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]
    assert listed == sorted(drawn.shares(policy))
    assert all(pairs.left.dtype == pairs.right.dtype == np.int32 for pairs in batches)


@given(DRAWN, POLICIES)
def test_holds_tells_for_every_pair_whether_it_shares_a_block(drawn: Drawn, policy: HotPolicy) -> None:
    asked = every_pair(len(drawn.carried))
    expected = drawn.shares(policy)
    with small():
        held = found_in(drawn, policy).holds(asked)
    pairs = zip(asked.left.tolist(), asked.right.tolist(), strict=True)
    assert held.tolist() == [pair in expected for pair in pairs]


@given(DRAWN, POLICIES, st.randoms(use_true_random=False))
def test_shared_names_each_block_of_each_pair_in_any_order_and_repeated(
    drawn: Drawn, policy: HotPolicy, random: Any
) -> None:
    pairs = [(i, j) for i, j in combinations(range(len(drawn.carried)), 2) for _ in range(random.randrange(3))]
    random.shuffle(pairs)
    with small(random.choice([1, 20, 500_000])):
        candidates = found_in(drawn, policy)
        pair, block = candidates.shared(Pairs.of([i for i, _ in pairs], [j for _, j in pairs]))
    expected = drawn.shares(policy)
    assert pair.tolist() == sorted(pair.tolist())
    assert [Counter(pair.tolist())[place] for place in range(len(pairs))] == [expected[asked] for asked in pairs]
    inside = set(zip(candidates.block.tolist(), candidates.row.tolist(), strict=True))
    named = list(zip(pair.tolist(), block.tolist(), strict=True))
    assert len(set(named)) == len(named)
    assert all((number, row) in inside for place, number in named for row in pairs[place])


@given(DRAWN, POLICIES)
def test_cost_counts_a_pair_for_each_block_and_the_report_what_is_lost(drawn: Drawn, policy: HotPolicy) -> None:
    rows = drawn.rows()
    hot = [block for block, inside in rows.items() if len(inside) > policy.max_block]
    with small():
        candidates = found_in(drawn, policy)
        (report,) = candidates.reports
        cost = candidates.cost
    assert cost == report.pairs == drawn.shares(policy).total()
    assert report.keyed == sum(value >= 0 for value in drawn.carried)
    assert report.blocks == sum(len(inside) > 1 for inside in rows.values())
    assert report.largest == max(map(len, rows.values()), default=0)
    assert report.hot_blocks == len(hot)
    assert report.hot_records == len({row for block in hot for row in rows[block]})
    assert report.hot_pairs == sum(math.comb(len(inside), 2) for inside in rows.values()) - cost
    shared = {row for inside in rows.values() if len(inside) > 1 for row in inside}
    left = {
        r for b, inside in rows.items() if len(inside) > 1 and not (policy.hot == "skip" and b in hot) for r in inside
    }
    assert report.stranded == len(shared - left)
    assert report.part == "drawn"


@given(DRAWN, POLICIES, st.booleans())
def test_a_walk_names_each_pair_and_each_block_it_shares(drawn: Drawn, policy: HotPolicy, backward: bool) -> None:
    with small():
        candidates = found_in(drawn, policy)
        walked = [(pair, b) for codes, block in candidates.walked(backward=backward)
                  for pair, b in zip(coded(codes), block.tolist(), strict=True)]  # fmt: skip
    inside = set(zip(candidates.block.tolist(), candidates.row.tolist(), strict=True))
    assert all((block, row) in inside for pair, block in walked for row in pair)
    assert len(set(walked)) == len(walked)
    forward = drawn.shares(policy)
    both = forward + Counter({(j, i): blocks for (i, j), blocks in forward.items()})
    assert Counter(pair for pair, _ in walked) == (both if backward else forward)
    lefts = [left for (left, _), _ in walked]
    assert lefts == sorted(lefts)


@given(DRAWN, POLICIES, st.integers(1, 9), st.booleans())
def test_the_size_of_batches_changes_nothing_and_no_left_row_is_in_two(
    drawn: Drawn, policy: HotPolicy, batch: int, backward: bool
) -> None:
    with small():
        whole = [pair for pairs in found_in(drawn, policy) for pair in coded(pairs.codes())]
        steps = [pair for codes, _ in found_in(drawn, policy).walked(backward=backward) for pair in coded(codes)]
    with small(batch):
        candidates = found_in(drawn, policy)
        batches = [coded(pairs.codes()) for pairs in candidates]
        walks = [coded(codes) for codes, _ in candidates.walked(backward=backward)]
    assert [pair for pairs in batches for pair in pairs] == whole
    assert [pair for pairs in walks for pair in pairs] == steps
    assert all(batches)
    for parts in (batches, walks):
        lefts = [{left for left, _ in pairs} for pairs in parts]
        assert sum(map(len, lefts)) == len(set().union(*lefts))
        assert all(len(pairs) <= batch or len(seen) == 1 for pairs, seen in zip(parts, lefts, strict=True))


def test_batches_are_filled_before_the_next_one_starts() -> None:
    """Rows 0 to 9 have 9, 8, ... partners behind them: 9 + 8 is 17, with 7 it would be 24."""
    drawn = Drawn([(0, 0)], [0] * 10)
    with small(18):
        assert [len(pairs) for pairs in found_in(drawn, HotPolicy(50))] == [17, 18, 10]
    with small(17):
        assert [len(pairs) for pairs in found_in(drawn, HotPolicy(50))] == [17, 13, 15]


@given(DRAWN, POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_memberships_changes_nothing(drawn: Drawn, policy: HotPolicy, random: Any) -> None:
    moved = Drawn(random.sample(drawn.memberships, len(drawn.memberships)), drawn.carried)
    for one, other in zip(found_in(drawn, policy), found_in(moved, policy), strict=True):
        assert one.codes().tolist() == other.codes().tolist()


def test_a_hot_block_is_refused_where_that_is_the_policy() -> None:
    drawn = Drawn([(0, 0), (1, 1)], [0, 0, 0, 1, 1])
    with pytest.raises(HotBlockError, match=r"^blocking key drawn puts 3 records into one block \(3 pairs\)"):
        found_in(drawn, HotPolicy(2, "raise"))
    assert found_in(drawn, HotPolicy(3, "raise")).cost == 4


# ---- strategies of blocks


@attrs.frozen(repr=False)
class Own(BlockStrategy):
    """A strategy of somebody's own: everybody in one block."""

    def blocks(self, records: Records) -> Blocks:
        """Return one block."""
        return Drawn([(0, 0)], [0] * len(records)).made()

    def __repr__(self) -> str:
        """Return a name."""
        return "own()"


def test_a_strategy_of_ones_own_needs_its_blocks_only() -> None:
    records = Records.of({"a": ["x", "y", "z"]})
    found = Own().candidates(records)
    assert (found.cost, found.reports[0].part) == (3, "own()")
    assert [pair for pairs in (Own() - block_on("a")).candidates(Records.of({"a": ["x", "x", "z"]})) for pair in
            coded(pairs.codes())] != []  # fmt: skip
    with pytest.warns(HotBlockWarning, match=r"^own\(\) puts all 21 records that have a key into one block"):
        Own().candidates(Records.of({"a": range(21)}))
    assert (Own().policy, Own().quiet) == (HotPolicy(), False)
    with pytest.raises(TypeError, match="abstract"):
        BlockStrategy()


def test_makers_of_blocks_are_known_as_such() -> None:
    assert all(isinstance(maker, BlockMaker) for maker in (Own(), words_of("a"), block_on("a")))
    assert not isinstance(block_on("a") | words_of("a"), BlockMaker)


@pytest.mark.parametrize("n", [0, 1])
def test_blocks_of_no_record_or_one_make_no_pair_and_warn_of_nothing(n: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", EmptyBlockingWarning)
        found = Own().candidates(Records.of({"a": ["x"][:n]}))
    assert (list(found), found.cost, list(found.walked(backward=True))) == ([], 0, [])
