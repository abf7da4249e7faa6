"""Sorted blocks against dictionaries of lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from identigraph.live.sorted_blocks import SortedBlocks

lists = st.dictionaries(st.integers(2**64 - 9, 2**64 - 1) | st.integers(0, 9), st.lists(st.integers(0, 9), min_size=1))


def blocks_of(*parts: dict[int, list[int]]) -> SortedBlocks:
    """Return the blocks of slots listed by hash, part after part."""
    flat = [[(key, slot) for key, slots in part.items() for slot in slots] for part in parts]
    return SortedBlocks.of(
        (np.array([key for key, _ in part], dtype=np.uint64), np.array([slot for _, slot in part], dtype=np.int64))
        for part in flat
    )


def plain(blocks: SortedBlocks) -> dict[int, list[int]]:
    """Return the slots of each hash, seen to be well formed."""
    assert (np.diff(blocks.hashes.astype(object)) > 0).all()
    assert (blocks.hashes.dtype, blocks.starts.dtype, blocks.slots.dtype) == (np.uint64, np.int64, np.int32)
    assert (blocks.counts > 0).all()
    assert int(blocks.starts[-1]) == len(blocks) == len(blocks.slots)
    ends = zip(blocks.starts.tolist(), blocks.starts[1:].tolist(), strict=False)
    parts = [sorted(blocks.slots[start:end].tolist()) for start, end in ends]
    return dict(zip(blocks.hashes.tolist(), parts, strict=True))


def ordered(held: dict[int, list[int]]) -> dict[int, list[int]]:
    """Return lists in order, without empty ones."""
    return {key: sorted(slots) for key, slots in held.items() if slots}


@given(lists, lists)
def test_parts_follow_each_other(one: dict[int, list[int]], other: dict[int, list[int]]) -> None:
    parts = [{k: v for k, v in one.items() if k < 10}, {k: v for k, v in other.items() if k >= 10}]
    assert plain(blocks_of(*parts)) == ordered(parts[0] | parts[1])
    assert plain(blocks_of(other)) == ordered(other)
    assert plain(blocks_of()) == {}


@given(lists, st.sets(st.integers(0, 9) | st.integers(2**64 - 9, 2**64 - 1)))
def test_blocks_are_found_by_their_hash(held: dict[int, list[int]], asked: set[int]) -> None:
    blocks = blocks_of(held)
    starts, counts = blocks.find(np.array(list(asked), dtype=np.uint64))
    found = [sorted(blocks.slots[s : s + n].tolist()) for s, n in zip(starts.tolist(), counts.tolist(), strict=True)]
    assert found == [sorted(held.get(key, [])) for key in asked]


@given(lists, lists)
def test_both_have_the_blocks_of_either(one: dict[int, list[int]], other: dict[int, list[int]]) -> None:
    both = blocks_of(one).plus(blocks_of(other))
    assert plain(both) == ordered({key: one.get(key, []) + other.get(key, []) for key in one | other})


@given(lists, st.sets(st.integers(0, 9)))
def test_records_that_are_gone_leave_their_blocks(held: dict[int, list[int]], gone: set[int]) -> None:
    is_gone = np.isin(np.arange(10), list(gone))
    left = blocks_of(held).without(is_gone)
    assert plain(left) == ordered({key: [s for s in slots if s not in gone] for key, slots in held.items()})


def test_memory_is_that_of_the_arrays() -> None:
    blocks = blocks_of({1: [5, 6], 2: [7]})
    assert blocks.memory == 2 * 8 + 3 * 8 + 3 * 4
