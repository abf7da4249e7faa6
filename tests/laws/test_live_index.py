"""Laws of the index of keys: whatever comes and goes, it finds what the blocking proposes of all that is left."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph import Records, block_on
from identigraph.blocking import Union
from identigraph.fields.derived import Feature, first_token, initials, prefix, soundex, suffix
from identigraph.live import key_index
from identigraph.live.key_index import KeyIndex
from identigraph.records import Reading, RowReader

pytestmark = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)

MANY = settings(max_examples=settings.default.max_examples * 2)
COLUMNS = ("name", "city", "born")
FEATURES: tuple[Feature, ...] = (
    *COLUMNS,
    prefix("name", 1),
    soundex("name"),
    soundex(first_token("name")),
    initials("name"),
    suffix("city", 2),
)
POLICIES: tuple[dict[str, Any], ...] = ({}, {"hot": "skip"}, {"hot": "split", "split_by": ("born",)})

Row = dict[str, str | None]

rows = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Ann Lee", "ann lee", "Anne Li", "Bob", "Bob Ray", "", None]),
        "city": st.sampled_from(["Bern", "Luzern", "Basel", None]),
        "born": st.sampled_from(["1980", "1981", None]),
    }
)
keys = st.builds(
    lambda features, cap, policy: block_on(*features, max_block=cap, **policy),
    st.lists(st.sampled_from(FEATURES), min_size=1, max_size=3),
    st.integers(2, 6),
    st.sampled_from(POLICIES),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), rows),
        st.tuples(st.just("add_all"), st.lists(rows, max_size=5)),
        st.tuples(st.just("remove"), st.integers(0, 30)),
        st.tuples(st.just("ask"), rows),
    ),
    max_size=14,
)


def records_of(told: dict[int, Row]) -> Records:
    """Return records by their slots."""
    return Records.of(pl.DataFrame([{"id": slot, **row} for slot, row in told.items()], SCHEMA), id="id")


SCHEMA = {"id": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)}
READER = RowReader.of(Reading.of(records_of({})), FEATURES, columns=COLUMNS)


class Plain:
    """A slow index: all living records, looked through one by one."""

    def __init__(self, blocking: Union) -> None:
        self.blocking = blocking
        self.living: dict[int, Row] = {}

    def blocks(self, told: dict[int, Row]) -> list[tuple[int, dict[int, Any]]]:
        """Return for each key its cap, and the values of each record that has it."""
        read = {slot: READER.read("", row) for slot, row in told.items()}
        found = []
        for key in self.blocking.strategies:
            values = {slot: tuple(features[f] for f in key.features) for slot, features in read.items()}
            found.append((key.policy.max_block, {s: value for s, value in values.items() if None not in value}))
        return found

    def shared(self, told: dict[int, Row], coming: set[int]) -> tuple[set[tuple[int, int]], set[int]]:
        """Return pairs of blocks that are not hot with one that comes, and those that come and are in a hot one."""
        pairs, hot = set(), set()
        for cap, values in self.blocks(told):
            sizes = Counter(values.values())
            for slot in coming & values.keys():
                same = {other for other in values if values[other] == values[slot]} - {slot}
                if sizes[values[slot]] > cap:
                    hot.add(slot)
                else:
                    pairs |= {(min(slot, other), max(slot, other)) for other in same}
        return pairs, hot

    def proposed(self, told: dict[int, Row], coming: set[int]) -> set[tuple[int, int]]:
        """Return what the blocking proposes of those that come."""
        records = records_of(told)
        ids = records.ids.to_list()
        pairs = {
            tuple(sorted((ids[i], ids[j])))
            for batch in self.blocking.candidates(records)
            for i, j in zip(batch.left.tolist(), batch.right.tolist(), strict=True)
        }
        return {pair for pair in pairs if coming & set(pair)}


@MANY
@given(parts=st.lists(keys, min_size=1, max_size=4), first=st.lists(rows, max_size=9), steps=steps, few=st.data())
def test_what_is_found_is_what_the_blocking_proposes(
    parts: list[Any], first: list[Row], steps: list[Any], few: st.DataObject
) -> None:
    """One by one and together, whenever what came is sorted; where a block is hot, that is told instead."""
    plain = Plain(Union(tuple(parts)))
    records = records_of(dict(enumerate(first)))
    order = records.position.tolist()
    plain.living = {slot: first[row] for slot, row in enumerate(order)}
    with patch.object(key_index, "RECENT", few.draw(st.integers(1, 6))):
        index = KeyIndex.of(plain.blocking, records)
        size = len(first)
        for step, told in steps:
            if step == "ask":
                check_one(index, plain, told, few.draw(st.integers(0, size)))
            elif step == "add":
                index.add(size, READER.read("", told))
                plain.living[size] = told
                size += 1
            elif step == "remove" and size:
                index.remove(told % size)
                plain.living.pop(told % size, None)
            elif step == "add_all":
                check_all(index, plain, told, size)
                size += len(told)
            assert (index.size, index.size - index.gone) == (size, len(plain.living))


def check_one(index: KeyIndex, plain: Plain, row: Row, below: int) -> None:
    """See what is found for one record, among all and among the first ones."""
    for bound in (None, below):
        slot = index.size
        told = {s: held for s, held in plain.living.items() if bound is None or s < bound} | {slot: row}
        pairs, hot = plain.shared(told, {slot})
        near = index.candidates(READER.read("", row), below=bound)
        assert near.slots.tolist() == sorted(pair[0] for pair in pairs)
        assert near.hot == bool(hot)
        if not hot:
            assert pairs == plain.proposed(told, {slot})


def check_all(index: KeyIndex, plain: Plain, coming: list[Row], size: int) -> None:
    """See what is found for records that come together, and take them in."""
    records = records_of(dict(enumerate(coming)))
    new = {size + place: coming[row] for place, row in enumerate(records.position.tolist())}
    plain.living |= new
    pairs, hot = plain.shared(plain.living, set(new))
    found = index.pairs_with(records, size)
    assert list(zip(found.pairs.left.tolist(), found.pairs.right.tolist(), strict=True)) == sorted(pairs)
    assert {size + place for place, told in enumerate(found.hot.tolist()) if told} == hot
    if not hot:
        assert pairs == plain.proposed(plain.living, set(new))
    index.add_all(records)
