"""Average linkage against joining the best two clusters one at a time, means taken over all pairs of records."""

from __future__ import annotations

from itertools import combinations
from math import fsum, inf, log2, sqrt
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from identigraph import Pairs
from identigraph.components import connected_components
from identigraph.errors import RangeError
from identigraph.graph import AverageLinkage, ClusterBuilder, Clusters, IdentityGraph, ScoredPairs
from identigraph.graph.judgements import Judgements
from identigraph.graph.keys import Keys

MOST = 12
ODDS = [0.6 * sqrt(n) for n in range(2, 400) if all(n % p for p in range(2, int(sqrt(n)) + 1))]
"""Roots of primes: no two means over different pairs are equal, unless odds are cut off at the limit."""

Odds = dict[tuple[int, int], float]


@attrs.frozen
class Case:
    """Records, log2 odds of some of their pairs, and codes of records that may not be together."""

    n: int
    odds: Odds
    apart: list[int] | None
    must: tuple[tuple[int, int], ...] = ()
    cannot: tuple[tuple[int, int], ...] = ()

    def graph(self) -> IdentityGraph:
        """Return the graph."""
        codes = None if self.apart is None else np.array(self.apart, dtype=np.int32)
        judged = (Pairs.of(*np.array(some, dtype=int).reshape(-1, 2).T) for some in (self.must, self.cannot))
        return graph_of(self.n, self.scored(), judgements=Judgements(*judged), apart=codes)

    def scored(self) -> ScoredPairs:
        """Return the pairs with their probabilities."""
        left, right = (np.array([pair[side] for pair in self.odds], dtype=np.int32) for side in (0, 1))
        probability = 1 / (1 + np.exp2(-np.array(list(self.odds.values()), dtype=np.float64)))
        arrays = (left, right, np.zeros(len(left)), probability)
        for array in arrays:
            array.setflags(write=False)
        return ScoredPairs(*arrays)

    def built(self, builder: AverageLinkage) -> list[int]:
        """Return the labels that the builder gives."""
        return builder.build(self.graph()).labels.tolist()


def graph_of(n: int, scored: ScoredPairs, **parts: Any) -> IdentityGraph:
    """Return a graph of records and scored pairs."""
    return IdentityGraph(Keys(pl.DataFrame({"source": [""] * n, "record_id": range(n)})), scored, **parts)


@st.composite
def cases(draw: Any, *, judged: bool = False) -> Case:
    n = draw(st.integers(0, MOST))
    pairs = draw(st.sets(st.sampled_from(list(combinations(range(n), 2))))) if n > 1 else set()
    random = draw(st.randoms(use_true_random=False))
    odds = [random.choice((1, 1, -1)) * value for value in random.sample(ODDS, len(pairs))]
    codes = st.lists(st.sampled_from([-1, 0, 1, 2, 63, 64, 70, 200]), min_size=n, max_size=n)
    case = Case(n, dict(zip(sorted(pairs), odds, strict=True)), draw(st.none() | codes))
    if not judged:
        return case
    must = tuple(pair for pair in combinations(range(n), 2) if random.random() < 0.05)
    groups = connected_components(n, *np.array(must, dtype=np.int64).reshape(-1, 2).T)
    apart = (pair for pair in combinations(range(n), 2) if groups[pair[0]] != groups[pair[1]])
    return attrs.evolve(case, must=must, cannot=tuple(pair for pair in apart if random.random() < 0.1))


def one_by_one(case: Case, builder: AverageLinkage) -> list[int]:
    """Return the labels after joining the best two clusters while there are two that may be joined."""
    groups = connected_components(case.n, *np.array(case.must, dtype=np.int64).reshape(-1, 2).T)
    clusters = [np.flatnonzero(groups == label).tolist() for label in np.unique(groups)]
    cut = log_odds(builder.threshold)
    bounds = min(max(builder.unseen, -limit(builder)), cut), limit(builder)
    while True:
        means = {(a[0], b[0]): mean_odds(case, bounds, a, b) for a, b in combinations(sorted(clusters), 2)}
        best = max(means, key=lambda ends: (means[ends], -ends[0], -ends[1]), default=None)
        if best is None or means[best] == -inf or means[best] < cut:
            return Clusters.of(labels_of(clusters, case.n)).labels.tolist()
        low, high = (next(c for c in clusters if c[0] == end) for end in best)
        clusters = [c for c in clusters if c is not low and c is not high] + [sorted(low + high)]


def mean_odds(case: Case, bounds: tuple[float, float], one: list[int], other: list[int]) -> float:
    """Return the mean log odds over all pairs of records; minus infinity where the two may not be joined."""
    pairs = [(min(a, b), max(a, b)) for a in one for b in other]
    codes = [{case.apart[r] for r in records} - {-1} for records in (one, other)] if case.apart else [set(), set()]
    if codes[0] & codes[1] or not any(pair in case.odds for pair in pairs) or set(pairs) & set(case.cannot):
        return -inf
    unseen, most = bounds
    return fsum(min(max(case.odds.get(pair, unseen), -most), most) for pair in pairs) / len(pairs)


def labels_of(clusters: list[list[int]], n: int) -> np.ndarray:
    """Return the number of the cluster of each record."""
    labels = np.zeros(n, dtype=np.int64)
    for number, records in enumerate(clusters):
        labels[records] = number
    return labels


def limit(builder: AverageLinkage) -> float:
    """Return how far odds count."""
    return max(min(builder.limit, 40.0), abs(log_odds(builder.threshold)))


def log_odds(probability: float) -> float:
    """Return log2 of p / (1 - p), 40 for certainty."""
    return {0: -40.0, 1: 40.0}.get(probability) or log2(probability / (1 - probability))


BUILDERS = st.builds(
    AverageLinkage,
    st.sampled_from([0.0, 0.2, 0.5, 0.9, 0.999, 1.0]),
    unseen=st.sampled_from([-inf, -20.0, -8.0, -3.0, -1.0, 0.0]),
    limit=st.sampled_from([2.0, 8.0, 100.0]),
)


@given(cases(judged=True), BUILDERS)
def test_the_outcome_is_that_of_joining_the_best_two_one_by_one(case: Case, builder: AverageLinkage) -> None:
    """Where odds are equal, at the limit, the lowest records go first. Must-linked records begin as one cluster."""
    assert case.built(builder) == one_by_one(case, builder)


@given(cases(), st.randoms())
def test_the_numbering_of_records_changes_nothing(case: Case, random: Any) -> None:
    place = list(range(case.n))
    random.shuffle(place)
    odds = {(min(place[a], place[b]), max(place[a], place[b])): value for (a, b), value in case.odds.items()}
    apart = None if case.apart is None else [code for _, code in sorted(zip(place, case.apart, strict=True))]
    builder = AverageLinkage(limit=100)
    one, other = case.built(builder), Case(case.n, odds, apart).built(builder)
    moved = Clusters.of(np.array([other[place[record]] for record in range(case.n)], dtype=np.int64))
    assert moved.labels.tolist() == one


@given(cases())
def test_without_a_threshold_pairs_are_joined_from_one_half_on(case: Case) -> None:
    assert case.built(AverageLinkage()) == case.built(AverageLinkage(0.5))


@given(cases(), st.randoms())
def test_the_order_of_pairs_changes_nothing(case: Case, random: Any) -> None:
    pairs = list(case.odds.items())
    random.shuffle(pairs)
    assert attrs.evolve(case, odds=dict(pairs)).built(AverageLinkage()) == case.built(AverageLinkage())


@given(cases(), BUILDERS)
def test_no_cluster_holds_two_records_with_one_code(case: Case, builder: AverageLinkage) -> None:
    assume(case.apart is not None)
    assert case.apart is not None
    held = [(label, code) for label, code in zip(case.built(builder), case.apart, strict=True) if code >= 0]
    assert len(held) == len(set(held))


def test_one_wrong_pair_does_not_join_two_families() -> None:
    """Two sure pairs and a likely one between them: of the four pairs between the two, three speak against it."""
    chain = Case(4, {(0, 1): 6.6, (1, 2): 3.2, (2, 3): 6.6}, None)
    assert chain.built(AverageLinkage()) == [0, 0, 1, 1]
    assert chain.built(AverageLinkage(threshold=0.0)) == [0, 0, 0, 0]


def test_more_than_64_codes_keep_records_apart() -> None:
    """Records 0 and 130 share a code, 0 and 64 do not, though both are the first of their word of bits."""
    odds = {(0, 64): 5.0, (0, 130): 7.0, (1, 65): 5.0}
    labels = Case(131, odds, [*range(130), 0]).built(AverageLinkage())
    assert (labels[64] == labels[0], labels[65] == labels[1], labels[130] == labels[0]) == (True, True, False)


def test_certain_pairs_count_no_more_than_the_limit() -> None:
    """Probabilities of 0 and 1 have infinite odds."""
    left, right = np.array([0, 0, 1], dtype=np.int32), np.array([1, 2, 2], dtype=np.int32)
    pairs = ScoredPairs(left, right, np.zeros(3), np.array([1.0, 1.0, 0.0]))
    assert AverageLinkage(limit=9).build(graph_of(3, pairs)).labels.tolist() == [0, 0, 0]
    assert AverageLinkage(0.6, limit=9).build(graph_of(3, pairs)).labels.tolist() == [0, 0, 1]


@pytest.mark.parametrize("threshold", [0.0, 0.5, 0.99, 0.999, 0.99999, 1.0])
def test_a_pair_is_joined_from_the_threshold_on(threshold: float) -> None:
    """Also where the threshold asks for more than the limit lets odds count."""
    left, right = np.array([0, 2, 4], dtype=np.int32), np.array([1, 3, 5], dtype=np.int32)
    probability = np.array([max(threshold - 1e-6, 0), threshold, 1.0])
    scored = ScoredPairs(left, right, np.zeros(3), probability)
    labels = AverageLinkage(threshold).build(graph_of(6, scored)).labels.tolist()
    assert labels == ([0, 1, 2, 2, 3, 3] if threshold else [0, 0, 1, 1, 2, 2])


@pytest.mark.parametrize("apart", [None, np.array([0, 0, -1], dtype=np.int32)])
def test_without_pairs_every_record_is_a_cluster(apart: np.ndarray | None) -> None:
    assert AverageLinkage().build(graph_of(3, ScoredPairs.none(), apart=apart)).labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.9])
def test_probabilities_of_single_precision_reach_their_threshold(threshold: float) -> None:
    """0.3 and 0.9 are less in single precision than in double."""
    graph = IdentityGraph.of(edges=[("a", "b", threshold)])
    assert graph.scored.match_probability.dtype == np.float32
    assert AverageLinkage(threshold).build(graph).labels.tolist() == [0, 0]


def test_must_linked_records_begin_as_one_cluster() -> None:
    """One record of the two agrees with a third by 3 bits; the other pair was not scored and speaks against it."""
    pair = Case(3, {(1, 2): 3.0}, None)
    assert pair.built(AverageLinkage()) == [0, 1, 1]
    assert attrs.evolve(pair, must=((0, 1),)).built(AverageLinkage()) == [0, 0, 1]
    assert attrs.evolve(pair, must=((0, 1),)).built(AverageLinkage(unseen=-2.5)) == [0, 0, 0]
    assert attrs.evolve(pair, must=((0, 2),)).built(AverageLinkage(unseen=-2.5)) == [0, 0, 0]


def test_records_that_cannot_be_linked_never_share_a_cluster() -> None:
    """All pairs of four records agree by 9 bits; the first and the last may not be together."""
    clique = Case(4, dict.fromkeys(combinations(range(4), 2), 9.0), None)
    assert clique.built(AverageLinkage()) == [0, 0, 0, 0]
    assert attrs.evolve(clique, cannot=((0, 3),)).built(AverageLinkage()) == [0, 0, 0, 1]
    assert attrs.evolve(clique, cannot=((0, 3),), must=((2, 3),)).built(AverageLinkage()) == [0, 0, 1, 1]


@given(cases(judged=True), BUILDERS)
def test_pairs_between_records_that_no_chain_of_good_pairs_leads_between_change_nothing(
    case: Case, builder: AverageLinkage
) -> None:
    """Pairs below the threshold, added from each record to one far from all."""
    assume(builder.cut >= 0.5)
    far = {(record, case.n): log_odds(builder.cut) - 1.0 for record in range(case.n)}
    with_far = attrs.evolve(case, n=case.n + 1, odds=case.odds | far, apart=case.apart and [*case.apart, -1])
    alone = max(case.built(builder), default=-1) + 1
    assert with_far.built(builder) == [*case.built(builder), alone]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"threshold": 1.5}, "threshold must lie between 0 and 1, got 1.5"),
        ({"limit": 0}, "limit must lie between 0 and inf, got 0"),
        ({"limit": float("nan")}, "limit must"),
        ({"unseen": 0.5}, "unseen must lie between -inf and 0, got 0.5"),
        ({"unseen": float("nan")}, "unseen must"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, float], named: str) -> None:
    with pytest.raises(RangeError, match=named):
        AverageLinkage(**arguments)


def test_it_is_a_cluster_builder_and_a_value() -> None:
    assert isinstance(AverageLinkage(), ClusterBuilder)
    assert (AverageLinkage(), hash(AverageLinkage())) == (AverageLinkage(None), hash(AverageLinkage(None)))
    assert AverageLinkage() != AverageLinkage(0.5)
    assert repr(AverageLinkage(0.8, limit=4)) == "AverageLinkage(threshold=0.8, limit=4)"
