"""Laws of blocking: the candidates of any expression against brute force over all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, all_pairs, block_on, no_pairs, prefix, words_of
from identigraph.blocking import BlockingStrategy, Candidates, candidates, keys

pytestmark = [
    pytest.mark.filterwarnings("ignore::identigraph.errors.HotBlockWarning"),
    pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning"),
]

Row = dict[str, str | None]
PairSet = set[tuple[int, int]]
REACH = 2
"""Neighbors in a capped block, few enough for small tables to have hot blocks that lose pairs."""


class Case(NamedTuple):
    """A strategy, and the pairs it should give for rows in the order of the records."""

    strategy: BlockingStrategy
    oracle: Callable[[list[Row]], PairSet]


ROWS = st.fixed_dictionaries(
    {
        "a": st.sampled_from(["x1", "x2", "y1", None]),
        "b": st.sampled_from(["p", "q", None]),
        "text": st.sampled_from(["red car", "car red", "blue car", "red", "car car", "old blue van", None]),
    }
)
COLUMNS = ("a", "b", "text")
TABLES = st.lists(ROWS, max_size=12)
FEATURES = {"a": "a", "b": "b", "first of a": prefix("a", 1)}


def value(row: Row, feature: str) -> str | None:
    """Return the value of one of `FEATURES`, by plain Python."""
    return row["a"] and row["a"][:1] if feature == "first of a" else row[feature]


def blocks_of(rows: list[Row], names: list[str]) -> dict[Hashable, list[int]]:
    """Return the rows of each key, in order; rows with a missing part are in none."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        key = tuple(value(row, name) for name in names)
        if None not in key:
            blocks[key].append(i)
    return blocks


@st.composite
def key_cases(draw: st.DrawFn) -> Case:
    """A key of one to three features, with and without hot blocks."""
    names = draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=1, max_size=3, unique=True))
    max_block = draw(st.sampled_from([2, 3, 4, 1_000]))
    hot = draw(st.sampled_from(["cap", "skip"]))

    def oracle(rows: list[Row]) -> PairSet:
        pairs: PairSet = set()
        for block in blocks_of(rows, names).values():
            reach = len(block) if len(block) <= max_block else REACH if hot == "cap" else 0
            pairs |= {(block[i], block[j]) for i, j in combinations(range(len(block)), 2) if j - i <= reach}
        return pairs

    strategy = block_on(*(FEATURES[name] for name in names), max_block=max_block, hot=hot)
    return Case(strategy, oracle)


@st.composite
def word_cases(draw: st.DrawFn) -> Case:
    """Words of the text, more or less of them purged."""
    max_block = draw(st.sampled_from([2, 3, 5, 50]))

    def oracle(rows: list[Row]) -> PairSet:
        carriers: dict[str, set[int]] = defaultdict(set)
        for i, row in enumerate(rows):
            for word in (row["text"] or "").split():
                carriers[word].add(i)
        kept = [rows for rows in carriers.values() if len(rows) <= max_block]
        return {pair for rows in kept for pair in combinations(sorted(rows), 2)}

    return Case(words_of("text", max_block=max_block), oracle)


def every_pair(rows: list[Row]) -> PairSet:
    return set(combinations(range(len(rows)), 2))


def either(one: Case, other: Case) -> Case:
    return Case(one.strategy | other.strategy, lambda r: one.oracle(r) | other.oracle(r))


def both(one: Case, other: Case) -> Case:
    return Case(one.strategy & other.strategy, lambda r: one.oracle(r) & other.oracle(r))


def without(one: Case, other: Case) -> Case:
    return Case(one.strategy - other.strategy, lambda r: one.oracle(r) - other.oracle(r))


PLAIN = st.sampled_from([Case(all_pairs(), every_pair), Case(no_pairs(), lambda _: set())])
CASES = st.recursive(
    key_cases() | word_cases() | PLAIN,
    lambda inner: st.builds(lambda join, a, b: join(a, b), st.sampled_from([either, both, without]), inner, inner),
    max_leaves=5,
)


@contextmanager
def small(batch: int = 500_000) -> Iterator[None]:
    """Make capped blocks reach `REACH` neighbors only, and batches hold `batch` pairs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "NEIGHBORS", REACH)
        patch.setattr(candidates, "BATCH", batch)
        yield


def table(rows: list[Row], order: list[int] | None = None) -> Records:
    """Return the records of rows that keep their number as id, however they are ordered."""
    ids = list(range(len(rows))) if order is None else order
    return Records.of({"id": ids, **{name: [rows[i][name] for i in ids] for name in COLUMNS}}, id="id")


def in_order(records: Records, rows: list[Row]) -> list[Row]:
    """Return rows in the order of the records."""
    return [rows[i] for i in records.ids]


def listed(found: Candidates) -> list[tuple[int, int]]:
    """Return all pairs one after the other."""
    return [pair for pairs in found for pair in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]


def found_ids(case: Case, records: Records) -> set[frozenset[int]]:
    """Return the pairs as sets of record ids."""
    ids = records.ids.to_list()
    return {frozenset((ids[i], ids[j])) for i, j in listed(case.strategy.candidates(records))}


@given(TABLES, CASES)
def test_candidates_are_those_of_brute_force_each_once(rows: list[Row], case: Case) -> None:
    records = table(rows)
    with small():
        found = listed(case.strategy.candidates(records))
    assert all(left < right for left, right in found)
    assert sorted(found) == sorted(case.oracle(in_order(records, rows)))


@given(TABLES, CASES)
def test_holds_is_membership_also_of_pairs_that_are_not_proposed(rows: list[Row], case: Case) -> None:
    records = table(rows)
    expected = case.oracle(in_order(records, rows))
    asked = sorted(every_pair(rows))
    with small():
        held = case.strategy.candidates(records).holds(Pairs.of([i for i, _ in asked], [j for _, j in asked]))
    assert held.dtype == bool
    assert held.tolist() == [pair in expected for pair in asked]


@given(TABLES, CASES)
def test_cost_is_a_bound_and_exact_for_one_key(rows: list[Row], case: Case) -> None:
    with small():
        found = case.strategy.candidates(table(rows))
        made = len(listed(found))
        assert found.cost >= made
        if isinstance(case.strategy, keys.KeyBlocking | keys.AllPairs | keys.NoPairs):
            assert found.cost == made


@given(TABLES, CASES, st.integers(1, 9))
def test_batches_are_the_same_again_never_empty_and_their_size_changes_nothing(
    rows: list[Row], case: Case, batch: int
) -> None:
    found = case.strategy.candidates(table(rows))
    with small():
        at_once = listed(found)
    with small(batch):
        first, again = list(found), list(found)
    assert [p.codes().tolist() for p in first] == [p.codes().tolist() for p in again]
    assert all(len(pairs) and pairs.left.dtype == pairs.right.dtype == np.int32 for pairs in first)
    assert listed(first) == at_once


@given(st.data(), TABLES, CASES)
def test_the_order_of_rows_changes_nothing(data: st.DataObject, rows: list[Row], case: Case) -> None:
    moved = table(rows, data.draw(st.permutations(range(len(rows)))))
    with small():
        assert found_ids(case, moved) == found_ids(case, table(rows))


@given(TABLES, CASES, CASES)
def test_adding_a_key_never_loses_a_pair_and_demanding_or_removing_one_never_adds(
    rows: list[Row], one: Case, other: Case
) -> None:
    records = table(rows)
    with small():
        alone = set(listed(one.strategy.candidates(records)))
        assert alone <= set(listed((one.strategy | other.strategy).candidates(records)))
        assert alone >= set(listed((one.strategy & other.strategy).candidates(records)))
        assert alone >= set(listed((one.strategy - other.strategy).candidates(records)))
