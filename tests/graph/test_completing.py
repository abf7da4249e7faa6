"""Asking for pairs that blocking never proposed: which are asked for, and what clusters are with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import Pair, Plain, crossing, odds_of

from identigraph import Pairs
from identigraph.graph import AverageLinkage, linkage
from identigraph.graph.completing import LOWEST_CUT, asked_pairs
from identigraph.graph.dendrogram import Dendrogram
from identigraph.graph.linkage import Promised, agglomerated, between_clusters
from identigraph.odds import probability_of

Odds = dict[Pair, float]


@attrs.frozen
class World:
    """The odds of all pairs, and which of them blocking proposed."""

    n: int
    odds: Odds
    proposed: frozenset[Pair]
    must: tuple[Pair, ...] = ()
    apart: tuple[int, ...] | None = None

    def plain(self, pairs: Any) -> Plain:
        """Return the graph with some pairs scored."""
        chance = {pair: float(probability_of(np.array(self.odds[pair]))) for pair in sorted(pairs)}
        return Plain(self.n, chance, self.must, apart=self.apart)

    def weigh(self, pairs: Pairs) -> npt.NDArray[np.float64]:
        """Return the odds of pairs, in the precision of scored pairs."""
        return np.array([odds_of(float(probability_of(np.array(self.odds[p])))) for p in listed(pairs)])

    def asked(self) -> list[Pair]:
        """Return the pairs that are asked for."""
        return listed(asked_pairs(self.plain(self.proposed).graph(), self.weigh, AverageLinkage()))

    def joins(self) -> Dendrogram:
        """Return the joins of promising clusters, looked at before they are joined."""
        graph = self.plain(self.proposed).graph()
        return agglomerated(
            graph, Promised(AverageLinkage().unseen), limit=AverageLinkage().limit, cut=LOWEST_CUT, weigh=self.weigh
        )


def listed(pairs: Pairs) -> list[Pair]:
    """Return pairs as plain twos."""
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@st.composite
def worlds(draw: Any) -> World:
    """Return any odds of all pairs, some of which were proposed."""
    n = draw(st.integers(0, 9))
    random = draw(st.randoms(use_true_random=False))
    everyone = list(combinations(range(n), 2))
    odds = {pair: random.uniform(-14, 14) for pair in everyone}
    share = random.choice((0.2, 0.4, 0.7))
    proposed = frozenset(pair for pair in everyone if random.random() < share)
    apart = tuple(random.choice((-1, -1, 0, 1)) for _ in range(n)) if random.random() < 0.3 else None
    return World(n, odds, proposed, apart=apart, must=((0, 1),) if n > 3 and apart is None else ())


@st.composite
def planted(draw: Any) -> tuple[World, list[int]]:
    """Return entities whose pairs agree and others that do not, with a tree of pairs of each proposed."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    random = draw(st.randoms(use_true_random=False))
    entity = [number for number, size in enumerate(sizes) for _ in range(size)]
    everyone = list(combinations(range(len(entity)), 2))
    same = {pair for pair in everyone if entity[pair[0]] == entity[pair[1]]}
    odds = {pair: random.uniform(1, 12) if pair in same else random.uniform(-14, -6) for pair in everyone}
    tree = {(random.choice([x for x in range(b) if entity[x] == entity[b]]), b) for b in {b for _, b in same}}
    others = [pair for pair in everyone if pair not in tree]
    proposed = tree | {pair for pair in others if random.random() < 0.2}
    return World(len(entity), odds, frozenset(proposed)), entity


@given(worlds())
def test_no_pair_is_asked_for_twice_and_none_that_was_scored(world: World) -> None:
    asked = world.asked()
    assert asked == sorted(set(asked))
    assert not set(asked) & world.proposed


@given(worlds())
def test_where_all_pairs_are_known_none_is_asked_for(world: World) -> None:
    assert attrs.evolve(world, proposed=frozenset(world.odds)).asked() == []


@given(worlds())
def test_every_join_was_looked_at_as_a_whole(world: World) -> None:
    """Its height is the mean of all pairs between both clusters, those not proposed among them."""
    joins, asked = world.joins(), set(world.asked())
    members = {label: np.flatnonzero(joins.start == label).tolist() for label in set(joins.start.tolist())}
    for kept, gone, height in zip(joins.kept.tolist(), joins.gone.tolist(), joins.height.tolist(), strict=True):
        between = list(crossing(members[kept], members[gone]))
        assert set(between) <= asked | world.proposed
        assert height == pytest.approx(np.mean([world.odds[pair] for pair in between]), abs=1e-2)
        assert height >= LOWEST_CUT
        members[kept] += members.pop(gone)


@given(planted())
def test_completed_clusters_are_those_of_all_pairs(case: tuple[World, list[int]]) -> None:
    """Not so without: a tree of pairs is not enough to hold an entity together."""
    world, entity = case
    completed = world.plain(world.proposed | set(world.asked())).graph()
    whole = world.plain(world.odds).graph()
    assert AverageLinkage().build(completed).labels.tolist() == AverageLinkage().build(whole).labels.tolist() == entity


@given(planted())
def test_all_pairs_of_what_is_joined_are_asked_for_and_no_others(case: tuple[World, list[int]]) -> None:
    """All pairs of strangers that were proposed speak against them, so that no others are looked at."""
    world, entity = case
    assert set(world.asked()) == {(a, b) for a, b in world.odds if entity[a] == entity[b]} - world.proposed


def test_one_wrong_pair_has_two_entities_looked_at_and_kept_apart() -> None:
    """Eight pairs of two entities of three were not proposed; the ninth is wrong."""
    odds = {pair: 8.0 if clusters_pair(pair) else -9.0 for pair in combinations(range(6), 2)} | {(0, 3): 6.0}
    world = World(6, odds, frozenset({pair for pair in odds if clusters_pair(pair)} | {(0, 3)}))
    assert world.asked() == [pair for pair in sorted(crossing(range(3), range(3, 6))) if pair != (0, 3)]
    completed = world.plain(odds).graph()
    assert AverageLinkage().build(completed).labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert world.joins().height.tolist() == [pytest.approx(8.0, abs=1e-3)] * 4


def clusters_pair(pair: Pair) -> bool:
    """Return whether both records are of the first three, or neither."""
    return (pair[0] < 3) == (pair[1] < 3)


def two_groups(one: int, other: int, between: Odds) -> Plain:
    """Return two groups of must-linked records, with some pairs between scored."""
    must = [(0, i) for i in range(1, one)] + [(one, i) for i in range(one + 1, one + other)]
    return Plain(one + other, {p: float(probability_of(np.array(o))) for p, o in between.items()}, tuple(must))


def counting(odds: float) -> tuple[list[int], Callable[[Pairs], npt.NDArray[np.float64]]]:
    """Return how many pairs each call asked for, and what weighs them all alike."""
    calls: list[int] = []

    def weigh(pairs: Pairs) -> npt.NDArray[np.float64]:
        calls.append(len(pairs))
        return np.full(len(pairs), odds)

    return calls, weigh


@pytest.mark.parametrize(
    ("odds", "asked", "joined"),
    [(-9.0, [16, 0], False), (-6.1, [16, 0], False), (-5.9, [16, 1584], False), (2.0, [16, 1584], True)],
)
def test_of_many_pairs_some_stand_for_all_where_they_are_clearly_below_the_cut(
    odds: float, asked: list[int], joined: bool
) -> None:
    """1,600 pairs between two groups, of which one was proposed; the cut is at -4."""
    calls, weigh = counting(odds)
    graph = two_groups(40, 40, {(0, 40): 8.0}).graph()
    joins = agglomerated(graph, Promised(AverageLinkage().unseen), limit=AverageLinkage().limit, cut=-4.0, weigh=weigh)
    assert calls == asked
    assert joins.height.tolist() == ([odds] if joined else [])


def test_pairs_that_are_drawn_first_are_spread_over_both_clusters() -> None:
    drawn: list[Pairs] = []

    def weigh(pairs: Pairs) -> npt.NDArray[np.float64]:
        drawn.append(pairs)
        return np.full(len(pairs), -9.0)

    asked_pairs(two_groups(40, 40, {(0, 40): 8.0}).graph(), weigh, AverageLinkage())
    assert len(set(drawn[0].left.tolist())) >= 12
    assert len(set(listed(drawn[0]))) == 16


@pytest.mark.parametrize(("other", "calls", "height"), [(100, [16, 9984], 3.0), (101, [], (9.0 - 5 * 10099) / 10100)])
def test_more_than_ten_thousand_pairs_are_not_asked_for_but_count_as_unseen(
    other: int, calls: list[int], height: float
) -> None:
    told, weigh = counting(3.0)
    graph = two_groups(100, other, {(0, 100): 9.0}).graph()
    joins = agglomerated(
        graph, Promised(AverageLinkage().unseen), limit=AverageLinkage().limit, cut=-4.9999, weigh=weigh
    )
    assert told == calls
    assert joins.height.tolist() == [pytest.approx(height, abs=1e-4)]


@pytest.mark.parametrize(
    ("rounds", "asked", "joins"),
    [(0, [], 0), (1, [], 1), (2, [2], 1), (3, [2], 2), (4, [2, 4], 2), (5, [2, 4, 2], 2), (8, [2, 4, 2, 4], 4)],
)
def test_asking_ends_after_some_rounds(
    monkeypatch: pytest.MonkeyPatch, rounds: int, asked: list[int], joins: int
) -> None:
    """A chain of five; nothing is joined after the last round, whether it was looked at or not."""
    monkeypatch.setattr(linkage, "MOST_ROUNDS", rounds)
    chain = {(0, 1): 9.0, (1, 2): 8.0, (2, 3): 7.0, (3, 4): 6.0}
    world = World(5, dict.fromkeys(combinations(range(5), 2), 5.0) | chain, frozenset(chain))
    calls: list[int] = []

    def weigh(pairs: Pairs) -> npt.NDArray[np.float64]:
        calls.append(len(pairs))
        return world.weigh(pairs)

    made = agglomerated(
        world.plain(chain).graph(),
        Promised(AverageLinkage().unseen),
        limit=AverageLinkage().limit,
        cut=LOWEST_CUT,
        weigh=weigh,
    )
    assert [count for count in calls if count] == asked
    assert len(made.height) == joins


def test_odds_count_up_to_the_limit() -> None:
    """Of four pairs one was proposed; the others weigh a hundred bits."""
    joins = agglomerated(
        two_groups(2, 2, {(0, 2): 1.0}).graph(),
        Promised(AverageLinkage().unseen),
        limit=7.0,
        cut=0.0,
        weigh=counting(100.0)[1],
    )
    assert joins.height.tolist() == [7.0]


def test_asking_of_no_pairs_asks_for_none() -> None:
    calls, weigh = counting(0.0)
    assert len(asked_pairs(Plain(3, {}).graph(), weigh, AverageLinkage())) == 0
    assert calls == []


def test_records_that_may_not_be_together_are_not_asked_about() -> None:
    plain = Plain(3, {(0, 1): 0.99, (1, 2): 0.98}, apart=(0, 1, 0))
    calls, weigh = counting(3.0)
    assert len(asked_pairs(plain.graph(), weigh, AverageLinkage())) == 0
    assert calls == []


@given(st.lists(st.integers(0, 5), min_size=2, max_size=14), st.randoms(use_true_random=False))
def test_pairs_between_clusters_are_all_of_their_product(labels: list[int], random: Any) -> None:
    cluster = np.array([labels.index(label) for label in labels])
    twos = [pair for pair in combinations(sorted(set(cluster.tolist())), 2) if random.random() < 0.6]
    random.shuffle(twos)
    one, other = (np.array([two[side] for two in twos], dtype=np.int64) for side in (0, 1))
    pairs, place = between_clusters(cluster, one, other)
    members = {label: np.flatnonzero(cluster == label).tolist() for label in set(cluster.tolist())}
    wanted = [(number, pair) for number, (a, b) in enumerate(twos) for pair in crossing(members[a], members[b])]
    assert sorted(zip(place.tolist(), listed(pairs), strict=True)) == sorted(wanted)
    assert place.tolist() == sorted(place.tolist())
