"""Laws of linkage of a few records: plain Python gives what arrays give."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.graph import AverageLinkage, IdentityGraph
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.completing import asked_pairs
from identigraph.graph.few import MOST, CloseError, asked_of_few, clusters_of_few
from identigraph.odds import log2_odds, probability_of
from identigraph.pairs import Pairs

ODDS = st.one_of(st.sampled_from([-20.0, -3.0, -1.0, 0.0, 2.0, 2.0, 7.0, 30.0]), st.floats(-20, 20, width=16))


@st.composite
def scored(draw: st.DrawFn) -> tuple[int, dict[tuple[int, int], float], set[tuple[int, int]]]:
    """Records, the odds of every pair, and which of the pairs were proposed."""
    n = draw(st.integers(1, MOST))
    every = list(combinations(range(n), 2))
    odds = {pair: float(log2_odds(probability_of(np.array([draw(ODDS)])).astype(np.float32))[0]) for pair in every}
    return n, odds, set(draw(st.lists(st.sampled_from(every), unique=True))) if every else set()


def graph_of(n: int, odds: dict[tuple[int, int], float]) -> IdentityGraph:
    pairs = sorted(odds)
    weight = np.array([odds[pair] for pair in pairs], dtype=np.float64)
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    chance = probability_of(weight).astype(np.float32)
    whole = IdentityGraph.of({"id": list(range(n))}, id="id")
    return IdentityGraph(whole.keys, ScoredPairs(left, right, weight.astype(np.float32), chance))


@given(scored(), st.sampled_from([0.2, 0.5, 0.9]), st.sampled_from([-5.0, -1.0, -30.0]))
def test_a_few_records_ask_for_and_end_in_what_arrays_say(told, threshold, unseen) -> None:
    n, odds, proposed = told
    linkage = AverageLinkage(threshold, unseen=min(unseen, float(log2_odds(np.array([threshold]))[0])))
    graph = graph_of(n, {pair: odds[pair] for pair in proposed})
    cut = float(log2_odds(np.array([threshold], dtype=np.float32))[0])

    def weigh(pairs: Pairs) -> np.ndarray:
        return np.array(
            [odds[min(a, b), max(a, b)] for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]
        )

    asked = asked_pairs(graph, weigh, linkage, cut=cut)
    try:
        found = asked_of_few(n, {p: odds[p] for p in proposed}, lambda pairs: [odds[p] for p in pairs], linkage, cut)
        known = proposed | found
        clusters = clusters_of_few(n, {pair: odds[pair] for pair in known}, linkage, cut)
    except CloseError:
        return
    assert found - proposed == set(zip(asked.left.tolist(), asked.right.tolist(), strict=True))
    label = linkage.build(graph_of(n, {pair: odds[pair] for pair in known})).labels
    groups = {}
    for record, low in enumerate(clusters):
        groups.setdefault(low, []).append(record)
    expected = {}
    for record, number in enumerate(label.tolist()):
        expected.setdefault(number, []).append(record)
    assert sorted(groups.values()) == sorted(expected.values())


def test_means_that_additions_could_decide_between_are_told() -> None:
    with pytest.raises(CloseError):
        clusters_of_few(3, {(0, 1): 3.0, (1, 2): 3.0 + 1e-9}, AverageLinkage(), 0.0)
    with pytest.raises(CloseError):
        clusters_of_few(2, {(0, 1): 1e-9}, AverageLinkage(), 0.0)


def test_equal_means_go_to_the_lowest_labels() -> None:
    assert clusters_of_few(3, {(0, 1): 3.0, (1, 2): 3.0}, AverageLinkage(unseen=-30.0), 0.0) == [0, 0, 2]
