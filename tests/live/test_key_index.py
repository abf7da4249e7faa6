"""The index of keys beside the law: what it refuses, tells and counts, and reading beside a writer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from threading import Thread

import numpy as np
import pytest

from identigraph import Records, all_pairs, block_on
from identigraph.blocking import Union, sorted_neighborhood
from identigraph.encoding import runs
from identigraph.errors import ColumnNotFoundError, ConfigurationError, ListColumnError
from identigraph.fields.derived import prefix
from identigraph.live import key_index
from identigraph.live.key_hashes import Hashes, Ints
from identigraph.live.key_index import KeyIndex, keys_of
from identigraph.live.sorted_blocks import SortedBlocks

CITY, NAME = block_on("city"), block_on("name")


def cities(*names: str | None) -> Records:
    """Return records of one column, in the order of their content."""
    return Records.of({"city": list(names)})


def test_keys_are_those_of_unions_however_they_are_nested() -> None:
    nested = Union((CITY, Union((NAME, block_on(prefix("name", 2))))))
    assert keys_of(nested) == (CITY, NAME, block_on(prefix("name", 2)))
    assert keys_of(Union(())) == ()


@pytest.mark.parametrize(
    "blocking",
    [all_pairs(), CITY & NAME, CITY - NAME, CITY | (CITY & NAME), Union((CITY, sorted_neighborhood("name") | NAME))],
    ids=repr,
)
def test_a_blocking_with_a_part_that_is_no_key_has_no_index(blocking: Union) -> None:
    assert keys_of(blocking) is None
    with pytest.raises(ConfigurationError, match=r"an index is of block_on\(\.\.\.\) and unions of it"):
        KeyIndex.of(blocking, cities("bern"))


def test_a_union_of_nothing_finds_nothing() -> None:
    index = KeyIndex.of(Union(()), cities("bern"))
    index.add(1, {})
    assert index.candidates({}).slots.tolist() == []
    assert len(index.pairs_with(cities("bern", "bern"), 2).pairs) == 0


def test_slots_are_given_one_after_the_other() -> None:
    index = KeyIndex.of(CITY, cities("bern"))
    for slot in (0, 2):
        with pytest.raises(ConfigurationError, match=f"the next slot is 1, got {slot}"):
            index.add(slot, {"city": "bern"})
        with pytest.raises(ConfigurationError, match=f"the next slot is 1, got {slot}"):
            index.pairs_with(cities("bern"), slot)
    assert index.candidates({"city": "bern"}).slots.tolist() == [0]


@pytest.mark.parametrize("slots", [2, -1, np.array([0, 2]), np.array([-1, 1])])
def test_only_slots_that_were_given_can_be_removed(slots: int) -> None:
    index = KeyIndex.of(CITY, cities("bern", "bern"))
    with pytest.raises(ConfigurationError, match="slots lie from 0 to 1, got"):
        index.remove(slots)
    assert index.gone == 0


def test_a_record_is_gone_once() -> None:
    index = KeyIndex.of(CITY, cities("bern", "bern", "bern"))
    index.remove(0)
    index.remove(np.array([0, 2, 2]))
    index.remove(np.array([], dtype=np.int64))
    assert index.gone == 2
    assert index.candidates({"city": "bern"}).slots.tolist() == [1]


def test_a_feature_that_is_not_told_of_is_an_error_and_changes_nothing() -> None:
    index = KeyIndex.of(NAME | CITY, Records.of({"city": ["bern"], "name": ["ann"]}))
    with pytest.raises(ColumnNotFoundError, match="no feature \"'city'\""):
        index.add(1, {"name": "ann"})
    with pytest.raises(ColumnNotFoundError, match="no feature \"'name'\""):
        index.candidates({"city": "bern"})
    assert (index.size, index.candidates({"city": "bern", "name": "ann"}).slots.tolist()) == (1, [0])


def test_lists_have_no_key() -> None:
    with pytest.raises(ListColumnError):
        KeyIndex.of(CITY, Records.of({"city": [["bern", "basel"]]}))


def test_whether_a_record_was_in_a_hot_block_is_told_when_it_is_out() -> None:
    index = KeyIndex.of(block_on("city", max_block=2), cities("bern", "bern", "bern"))
    index.remove(1)
    assert index.candidates({"city": "bern"}).hot
    index.remove(0)
    assert index.pairs_with(cities("bern", "bern"), 3).hot.all()
    near = index.candidates({"city": "bern"})
    assert (near.hot, near.slots.tolist()) == (False, [2])


def test_records_in_hot_blocks_are_counted_when_they_are_asked_for() -> None:
    index = KeyIndex.of(block_on("city", max_block=2), cities("bern", "bern", "basel"))
    index.candidates({"city": "basel"})
    assert index.hot_asks == 0
    index.candidates({"city": "bern"})
    index.pairs_with(cities("bern", "bern", "basel"), 3)
    assert index.hot_asks == 3


def test_the_index_shows_counts_only() -> None:
    index = KeyIndex.of(CITY, cities("bern", "bern", None))
    index.add(3, {"city": "zug"})
    index.remove(1)
    assert repr(index) == "<KeyIndex: 3 of 4 records, 1 key, 3 entries>"


def test_memory_is_that_of_all_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_index, "RECENT", 1)
    index = KeyIndex.of(CITY, cities("bern", "bern", None))
    assert index.memory == 3 + 8 + 16 + 8
    index.add(3, {"city": "zug"})
    assert index.memory == 6 + 16 + 24 + 12


def test_arrays_are_few_and_records_that_are_gone_leave_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Joined arrays hold no record that was gone before; each is more than four times as large as the next."""
    monkeypatch.setattr(key_index, "RECENT", 2)
    index = KeyIndex.of(CITY, cities(*["bern"] * 3))
    index.remove(0)
    for slot in range(3, 203):
        index.add(slot, {"city": str(slot % 7)})
        sizes = [len(layer) for layer in index._held.layers]
        assert all(one > 4 * other for one, other in pairwise(sizes))
    assert sum(sizes) == 202
    assert index.candidates({"city": "bern"}).slots.tolist() == [1, 2]


def test_many_that_come_together_are_sorted_with_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_index, "RECENT", 3)
    index = KeyIndex.of(CITY, cities("bern"))
    index.add(1, {"city": "bern"})
    coming = cities("bern", "zug", "bern")
    index.add_all(coming)
    assert len(index._held.recent) == 0
    of_bern = [2 + row for row, city in enumerate(coming.column("city").decoded()) if city == "bern"]
    assert index.candidates({"city": "bern"}).slots.tolist() == [0, 1, *of_bern]


def test_a_block_that_is_hot_for_sure_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a question does not grow with the block; it is walked where removals may have left few."""
    walked: list[int] = []
    monkeypatch.setattr(
        key_index, "runs", lambda starts, counts: walked.append(int(counts.sum())) or runs(starts, counts)
    )
    index = KeyIndex.of(block_on("city", max_block=3), cities(*["bern"] * 4))
    assert index.candidates({"city": "bern"}).hot
    index.remove(0)
    assert index.candidates({"city": "bern"}).hot
    index.remove(1)
    assert not index.candidates({"city": "bern"}).hot
    assert walked == [0, 0, 4]


def test_a_record_that_is_not_all_in_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    index = KeyIndex.of(CITY, cities("bern"))
    monkeypatch.setattr(KeyIndex, "_grow", lambda *_: None)
    index.add(1, {"city": "bern"})
    assert index.candidates({"city": "bern"}).slots.tolist() == [0]
    assert index.candidates({"city": "bern"}, below=9).slots.tolist() == [0]


def test_what_a_reader_holds_stays_when_it_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_index, "RECENT", 2)
    index = KeyIndex.of(CITY, cities("bern"))
    index.add(1, {"city": "bern"})
    before = index._held
    index.add(2, {"city": "bern"})
    index.add(3, {"city": "bern"})
    assert index._held is not before
    assert ([*before.recent.slots], [len(layer) for layer in before.layers]) == ([1, 2], [1])


def test_a_writer_that_sorts_in_between_takes_nothing_from_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_index, "RECENT", 3)
    index = KeyIndex.of(CITY, cities("bern"))
    index.add(1, {"city": "bern"})
    find = SortedBlocks.find

    def interrupted(blocks: SortedBlocks, asked: Hashes) -> tuple[Ints, Ints]:
        while index.size < 4:
            index.add(index.size, {"city": "bern"})
        return find(blocks, asked)

    monkeypatch.setattr(SortedBlocks, "find", interrupted)
    assert index.candidates({"city": "bern"}).slots.tolist() == [0, 1]
    assert len(index._held.recent) == 0


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have threads take turns as often as can be, and sorting happen often."""
    monkeypatch.setattr(key_index, "RECENT", 7)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_a_reader_beside_a_writer_finds_all_slots_below_the_size_it_was_told() -> None:
    index = KeyIndex.of(block_on("city", max_block=10_000) | block_on("name"), Records.of({"city": [], "name": []}))
    told = [0]
    ten = Records.of({"city": ["bern"] * 10, "name": [None] * 10})

    def write() -> None:
        while index.size < 1_500:
            index.add(index.size, {"city": "bern", "name": None})
            told[0] = index.size
            if index.size % 50 == 0:
                index.add_all(ten)
                told[0] = index.size

    writer = Thread(target=write)
    writer.start()
    asks = 0
    while writer.is_alive() or not asks:
        size = told[0]
        near = index.candidates({"city": "bern", "name": "ann"}, below=size)
        assert near.slots.tolist() == list(range(size))
        assert not near.hot
        asks += 1
    writer.join()
    assert index.candidates({"city": "bern", "name": None}, below=9_999).slots.tolist() == list(range(index.size))
