"""Levels of the whole population: equality counted exactly, all else from random pairs that may be linked."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import Comparison
from identigraph.comparing.building import exact, similar, typos
from identigraph.matching import Population
from identigraph.matching.population import linkable_pairs, random_pairs

LINKS = ["both", "across", "within"]
NAMES = st.sampled_from(["ann", "anna", "bob", "bobby", "cy", None])
ROWS = st.lists(st.tuples(st.sampled_from(["crm", "web", "shop"]), NAMES), min_size=2, max_size=12)
COMPARISON = Comparison([similar("v", 0.8), exact("v", frequency=False), typos("v", 1)])


def records_of(rows) -> Records:
    """Return records of sources and values."""
    return Records.of({"s": [source for source, _ in rows], "v": [value for _, value in rows]}, source="s")


def allowed(one: str, other: str, link: str) -> bool:
    """Tell whether records of two sources may be linked."""
    return link == "both" or (one != other) == (link == "across")


@attrs.frozen
class Parity:
    """A comparator that is not the library's: whether the row numbers are both odd or both even."""

    name: str = "parity"
    labels: tuple[str, ...] = ("differs", "same", "never")

    def levels(self, records: Records, pairs: Pairs) -> np.ndarray:
        """Return 1 where both are odd or both even."""
        del records
        return ((pairs.left + pairs.right) % 2 == 0).astype(np.int8)


@given(ROWS, st.sampled_from(LINKS))
def test_small_populations_are_counted_whole(rows, link) -> None:
    """The levels are those that brute force finds on all pairs that may be linked."""
    records = records_of(rows)
    sources = records.sources.decoded().to_list()
    pairs = [(i, j) for i, j in combinations(range(len(rows)), 2) if allowed(sources[i], sources[j], link)]
    left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    population = Population.of(records, COMPARISON, link=link)
    assert population.pairs == len(pairs)
    for comparator, levels in zip(COMPARISON.comparators, population.levels, strict=True):
        found = Counter(comparator.levels(records, Pairs(left, right)).tolist())
        assert levels.tolist() == [found[level] for level in range(len(comparator.labels))]


@pytest.mark.parametrize("link", LINKS)
def test_equality_is_counted_exactly_also_in_large_populations(link) -> None:
    rows = [(("crm", "web", "web")[i % 3], f"{'abcdefgh'[i * i % 7]}{i % 5}" if i % 11 else None) for i in range(3_000)]
    records = records_of(rows)
    population = Population.of(records, COMPARISON, link=link)
    having = Counter(rows)
    totals = Counter(value for _, value in rows)
    both = {value: count * (count - 1) / 2 for value, count in totals.items() if value is not None}
    within = {v: sum(having[s, v] * (having[s, v] - 1) / 2 for s in ("crm", "web")) for v in both}
    equal = {v: {"both": both[v], "within": within[v], "across": both[v] - within[v]}[link] for v in both}
    assert population.pairs == {"both": 4_498_500, "within": 499_500 + 1_999_000, "across": 2_000_000}[link]
    assert population.levels[1][1] == sum(equal.values())
    graded = COMPARISON.comparators[0]
    bands = dict(zip(records.column("v").values, graded.bands(records).tolist(), strict=True))
    for level in range(6):
        expected = sum(pairs for v, pairs in equal.items() if bands[v] == level)
        assert population.levels[0][graded.equal_from + level] == expected
    missing = 1 - sum(totals[v] for v in both) / 3_000
    assert population.levels[1].sum() == pytest.approx(population.pairs * (1 - missing) ** 2, rel=0.01)


def test_carriers_are_records_by_the_level_at_which_their_own_value_would_agree() -> None:
    records = Records.of({"v": ["ann"] * 150 + [f"x{i}" for i in range(50)] + [None] * 9})
    comparator = exact("v")
    population = Population.of(records, Comparison([comparator]))
    level = comparator.equal_from + comparator.bands(records)
    counts = records.column("v").counts
    assert population.carriers[0].tolist() == [counts[level == i].sum() for i in range(7)]
    assert population.itself[0].tolist() == [counts[level == i].sum() / 200 for i in range(7)]


def test_a_value_that_nobody_has_and_a_foreign_comparator_agree_at_the_top() -> None:
    records = Records.of({"v": ["a", "b", "a", "c"], "w": [None] * 4})
    population = Population.of(records, Comparison([exact("w", frequency=False), Parity()]))
    assert population.levels[0].tolist() == [0, 0]
    assert population.levels[1].tolist() == [4, 2, 0]
    assert [own.tolist() for own in population.itself] == [[0, 1], [0, 0, 1]]


@given(ROWS, st.sampled_from(LINKS))
def test_linkable_pairs_are_those_of_brute_force(rows, link) -> None:
    records = records_of(rows)
    sources, values = records.sources.decoded().to_list(), records.column("v").decoded().to_list()
    pairs = [(i, j) for i, j in combinations(range(len(rows)), 2) if allowed(sources[i], sources[j], link)]
    assert linkable_pairs(records, None, link) == len(pairs)
    equal = [values[i] == values[j] is not None for i, j in pairs]
    assert linkable_pairs(records, records.column("v").codes, link) == sum(equal)


@given(ROWS, st.sampled_from(LINKS), st.integers(0, 3))
def test_where_there_are_few_pairs_all_are_taken_once(rows, link, seed) -> None:
    records = records_of(rows)
    pairs = random_pairs(records, link, seed)
    assert len(set(pairs.codes().tolist())) == len(pairs) == linkable_pairs(records, None, link)


@pytest.mark.parametrize(("link", "share"), [("both", 1), ("across", 0.75), ("within", 0.25)])
def test_random_pairs_are_pairs_that_may_be_linked_each_as_likely(link, share) -> None:
    records = Records.of({"s": [f"s{i % 4}" for i in range(100)]}, source="s")
    pairs = random_pairs(records, link, 7, size=4_000)
    sources = records.sources.decoded().to_list()
    assert all(allowed(sources[i], sources[j], link) for i, j in zip(pairs.left, pairs.right, strict=True))
    assert (pairs.left < pairs.right).all()
    assert len(pairs) == pytest.approx(4_000 * share, rel=0.1)
    met = np.bincount(np.concatenate([pairs.left, pairs.right]), minlength=100)
    assert met.min() > 0.4 * met.mean()
    assert met.max() < 1.7 * met.mean()


def test_random_pairs_depend_on_the_seed_alone() -> None:
    records = Records.of({"v": [str(i) for i in range(200)]})
    draws = [random_pairs(records, "both", seed, size=500).codes().tolist() for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    assert len(draws[0]) == 500
