"""What came last against plain lists, and seen while more comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.live import recent as module
from identigraph.live.recent import Recent

keys = st.integers(2**64 - 4, 2**64 - 1) | st.integers(0, 4)
entries = st.lists(st.tuples(keys, st.integers(0, 2**31 - 1)), max_size=30)


def recent_of(told: list[tuple[int, int]]) -> Recent:
    """Return entries that came one by one."""
    recent = Recent()
    for key, slot in told:
        recent.add(key, slot)
    return recent


@given(entries, keys)
def test_the_slots_of_a_key_are_found_the_last_one_first(told: list[tuple[int, int]], key: int) -> None:
    recent = recent_of(told)
    assert recent.of(key) == [slot for own, slot in reversed(told) if own == key]
    assert len(recent) == len(told)


@pytest.mark.parametrize("many", [0, 100])
@given(told=entries, asked=st.lists(keys, unique=True))
def test_many_keys_are_found_as_few_are(many: int, told: list[tuple[int, int]], asked: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MANY", many)
        places, slots = recent_of(told).sharing(np.array(asked, dtype=np.uint64))
    assert (places.dtype, slots.dtype) == (np.int64, np.int32)
    expected = [(place, slot) for place, key in enumerate(asked) for own, slot in told if own == key]
    assert sorted(zip(places.tolist(), slots.tolist(), strict=True)) == sorted(expected)


def test_entries_come_in_while_sorted_ones_are_looked_at() -> None:
    recent = recent_of([(7, 0)])
    blocks = recent.blocks
    recent.add(7, 1)
    assert (blocks.slots.tolist(), recent.blocks.starts.tolist()) == ([0], [0, 2])


def test_an_entry_that_is_not_all_in_is_in_no_block() -> None:
    recent = recent_of([(7, 0)])
    recent.hashes.append(3)
    recent.before.append(-1)
    assert recent.blocks.hashes.tolist() == [7]
