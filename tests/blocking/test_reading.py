"""What strategies read, and which pairs they propose without some feature, against each part alone."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proposed_pairs import pairs_of

import identigraph as ig
from identigraph import Pairs, Records, blocking
from identigraph.blocking import BlockingStrategy, Candidates, Difference
from identigraph.blocking.reading import features_read, overlaps, proposed_without

ROWS = Records.of(
    {
        "a": ["x", "x", "x", "y", "y", None],
        "b": ["u", "v", "v", "v", "w", "w"],
        "c": ["k", "k", "l", "l", "k", "k"],
        "place": list("012345"),
    }
)
PLACES = [int(place) for place in ROWS.column("place").decoded()]
"""Where each record stands above: rows are numbered by their content."""
EVERY = list(combinations(range(6), 2))
PAIRS = Pairs.of([PLACES.index(i) for i, _ in EVERY], [PLACES.index(j) for _, j in EVERY])
KEYS = {name: ig.block_on(name) for name in "abc"}


@attrs.frozen
class Opaque:
    """A strategy that does not tell what it reads."""

    inner: BlockingStrategy

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs of the strategy inside."""
        return self.inner.candidates(records)


class Plain:
    """A strategy that is no value of attrs."""

    def __repr__(self) -> str:
        """Return its name, the same in every process."""
        return "Plain()"

    def candidates(self, records: Records) -> Candidates:
        """Return all pairs."""
        return ig.all_pairs().candidates(records)


def without(strategy: Any, feature: Any) -> set[tuple[int, int]]:
    """Return the pairs that are proposed without a feature."""
    held = proposed_without(strategy, ROWS, PAIRS, feature)
    return {pair for pair, holds in zip(EVERY, held.tolist(), strict=True) if holds}


def proposed(strategy: Any) -> set[tuple[int, int]]:
    """Return the pairs that a strategy proposes."""
    found = pairs_of(strategy.candidates(ROWS), 6)
    return {(min(pair), max(pair)) for pair in ((PLACES[a], PLACES[b]) for a, b in found)}


@pytest.mark.parametrize(
    ("strategy", "read"),
    [
        (ig.block_on("a", ig.soundex("name.family")), {"a", "name.family"}),
        (ig.block_on(ig.prefix(ig.soundex("b"), 2)), {"b"}),
        (ig.block_on("a") | ig.block_on("b", "c"), {"a", "b", "c"}),
        (ig.block_on("a") & ig.words_of("b"), {"a", "b"}),
        (ig.block_on("a") - ig.no_pairs(), {"a"}),
        (blocking.meta_blocking(ig.words_of("a") | ig.block_on("b")), {"a", "b"}),
        (blocking.sorted_neighborhood("a", ig.year("b")), {"a", "b"}),
        (blocking.adaptive_neighborhood(ig.soundex("a")), {"a"}),
        (blocking.any_shared("tags", separator=";"), {"tags"}),
        (blocking.within_time("seen", hours=2), {"seen"}),
        (blocking.within_distance("lat", "lon", kilometers=1), {"lat", "lon"}),
        (blocking.minhash("a", "b"), {"a", "b"}),
        (blocking.simhash("a"), {"a"}),
        (blocking.top_k("a"), {"a"}),
        (blocking.canopies("a"), {"a"}),
        (ig.all_pairs(), set()),
        (ig.no_pairs(), set()),
        (blocking.given_pairs([(0, 1)]), set()),
        (Opaque(ig.block_on("a")), set()),
        (Plain(), set()),
    ],
    ids=lambda value: "" if isinstance(value, set) else repr(value),
)
def test_strategies_tell_what_they_read(strategy: BlockingStrategy, read: set[str]) -> None:
    assert features_read(strategy) == read


@given(
    st.lists(st.sampled_from([*KEYS.values(), ig.block_on("a", "b"), ig.block_on("b", "c")]), min_size=1, max_size=4),
    st.sampled_from("abc"),
)
def test_pairs_are_those_of_the_parts_that_do_not_read_the_feature(parts: list[Any], feature: str) -> None:
    """Each key alone, or several at once: one that reads the feature beside others does not count."""
    union = blocking.Union(tuple(parts))
    wanted = set().union(*(proposed(part) for part in parts if feature not in part.features))
    assert without(union, feature) == wanted
    assert without(union, ig.soundex(feature)) == wanted
    assert without(union, "other") == proposed(union)


def test_a_strategy_alone_is_a_union_of_one() -> None:
    assert without(KEYS["a"], "b") == proposed(KEYS["a"]) == {(0, 1), (0, 2), (1, 2), (3, 4)}
    assert without(KEYS["a"], "a") == set()


@pytest.mark.parametrize("strategy", [ig.all_pairs(), KEYS["a"] | ig.all_pairs(), ig.all_pairs() | KEYS["a"]])
def test_all_pairs_are_proposed_without_any_feature(strategy: BlockingStrategy) -> None:
    assert without(strategy, "a") == set(EVERY)


@pytest.mark.parametrize("part", [Opaque(KEYS["b"]), Plain(), blocking.given_pairs([(0, 5)]), ig.no_pairs()])
def test_parts_that_do_not_tell_what_they_read_are_taken_to_read_the_feature(part: Any) -> None:
    assert without(part, "a") == set()
    assert without(blocking.Union((KEYS["b"], part)), "a") == proposed(KEYS["b"])


def test_an_intersection_reads_what_any_of_its_parts_does() -> None:
    both = KEYS["a"] & KEYS["b"]
    assert without(both, "a") == without(both, "b") == set()
    assert without(both | KEYS["c"], "a") == proposed(KEYS["c"])
    assert without(both, "c") == proposed(both) == {(1, 2)}


def test_a_difference_without_the_feature_proposes_its_pairs() -> None:
    rest = Difference(KEYS["b"], KEYS["c"])
    assert without(rest, "a") == proposed(rest)
    assert without(rest, "b") == set()


@pytest.mark.parametrize(
    ("one", "feature", "same"),
    [
        ("mail", "mail", True),
        ("mail", "phone", False),
        ("mail", "mail.local", True),
        ("mail.local", "mail", True),
        ("mail.local", "mail.domain", False),
        ("mail.local", "mail.local", True),
        ("mail.local", "phone.local", False),
        ("name.sorted", "name.given", True),
        ("name.given", "name.sorted", True),
        ("name.sorted", "firm.sorted", False),
        ("name.family", ig.soundex("name.family"), True),
        ("name.family", ig.soundex("name.given"), False),
        ("name.family", ig.prefix(ig.soundex("name"), 1), True),
        ("names", "name", False),
    ],
)
def test_parts_of_a_field_overlap_where_they_are_the_same_or_one_is_the_whole(
    one: str, feature: Any, same: bool
) -> None:
    assert overlaps(one, feature) == same
