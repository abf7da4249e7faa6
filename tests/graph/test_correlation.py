"""Correlation clustering: no move gains, and the agreement against its definition."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import Group, Plain, clusters_of, labels_of, odds_of, plain_graphs

from identigraph.errors import FitWarning, RangeError
from identigraph.graph import Clusters, correlation
from identigraph.graph.correlation import CorrelationClustering, agreement

THRESHOLDS = st.sampled_from([0.4, 0.5, 0.7, 0.9])
UNSEEN = st.sampled_from([-6.0, -1.0, -0.3, 0.0])


def agreed(plain: Plain, clusters: list[Group], threshold: float, unseen: float) -> float:
    """Return the sum of the weights of all pairs in one cluster."""
    pairs = (pair for cluster in clusters for pair in combinations(sorted(cluster), 2))
    return sum(odds_of(plain.scored[p]) - odds_of(threshold) if p in plain.scored else unseen for p in pairs)


@given(plain_graphs(), THRESHOLDS, UNSEEN)
def test_agreement_is_the_sum_of_all_weights_inside(plain: Plain, threshold: float, unseen: float) -> None:
    labels = np.arange(plain.n) // 3
    told = agreement(plain.graph(), Clusters.of(labels), threshold=threshold, unseen=unseen)
    assert told == pytest.approx(agreed(plain, clusters_of(labels.tolist()), threshold, unseen), abs=1e-6)


@given(plain_graphs(), THRESHOLDS, UNSEEN, st.booleans())
def test_no_single_move_gains(plain: Plain, threshold: float, unseen: float, joins: bool) -> None:
    """Of a group of must-linked records, to any cluster where it may be or to one of its own; whatever the start."""
    with pytest.MonkeyPatch.context() as patch:
        if not joins:
            patch.setattr(correlation, "linked", lambda graph, *_, **__: graph.groups)
        made = CorrelationClustering(threshold, unseen=unseen).build(plain.graph())
    clusters = clusters_of(made.labels.tolist())
    assert all(plain.allowed(*two) for c in clusters for two in combinations([g for g in plain.groups if g <= c], 2))
    best = agreed(plain, clusters, threshold, unseen) + 1e-6
    for group in plain.groups:
        rest = [cluster - group for cluster in clusters]
        moved = [[*rest, group]]
        moved += [[*rest[:i], c | group, *rest[i + 1 :]] for i, c in enumerate(rest) if plain.allowed(c, group)]
        assert max(agreed(plain, some, threshold, unseen) for some in moved) <= best


@given(plain_graphs(), THRESHOLDS, UNSEEN)
def test_it_is_never_worse_than_where_it_starts(plain: Plain, threshold: float, unseen: float) -> None:
    """Than the groups of must-linked records, and than what joins alone make."""
    builder, graph = CorrelationClustering(threshold, unseen=unseen), plain.graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)
        joins = CorrelationClustering(threshold, unseen=unseen, rounds=0).build(graph)
    alone = Clusters.of(np.array(labels_of(plain.groups, plain.n), dtype=np.int64))
    told = [agreement(graph, c, threshold=threshold, unseen=unseen) for c in (builder.build(graph), joins, alone)]
    assert told[0] >= max(told) - 1e-6


def bits(odds: dict[tuple[int, int], float], n: int) -> Plain:
    """Return a graph of log2 odds."""
    return Plain(n, {pair: float(np.float32(1 / (1 + 2**-value))) for pair, value in odds.items()})


def test_one_certain_pair_outweighs_others() -> None:
    plain = bits({(0, 1): 20.0, (0, 2): -4.0, (1, 2): -4.0, (2, 3): 1.0}, 4)
    assert CorrelationClustering().build(plain.graph()).labels.tolist() == [0, 0, 1, 1]


def moving() -> Plain:
    """Return a graph where joins put record 2 with 0 and 1 first, and it gains by moving to 3, 4 and 5 later.

    The pair (0, 2) is the best of all; all that come after draw 2 to the other side, where three records wait.
    """
    odds = {(0, 2): 5.0, (0, 1): 6.0, (1, 2): 1.0, (3, 4): 6.0, (4, 5): 6.0, (3, 5): 6.0}
    return bits(odds | {(2, 3): 3.0, (2, 4): 3.0, (2, 5): 3.0} | {(0, 3): -9.0, (0, 4): -9.0, (1, 5): -9.0}, 6)


def test_records_move_to_where_they_add_the_most() -> None:
    plain = moving()
    with pytest.warns(
        FitWarning, match="6 of 6 records are in components where some may gain by a move after 0 rounds"
    ) as caught:
        assert CorrelationClustering(rounds=0).build(plain.graph()).labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert caught[0].filename == __file__
    assert CorrelationClustering().build(plain.graph()).labels.tolist() == [0, 0, 1, 1, 1, 1]


def test_records_leave_a_cluster_that_speaks_against_them() -> None:
    """Record 1 is joined with 0 first, then 0 draws in 2 and 3, which 1 disagrees with by more in sum."""
    odds = {(0, 1): 5.0, (2, 3): 4.0, (0, 2): 4.0, (0, 3): 4.0, (1, 2): -3.0, (1, 3): -3.0}
    plain = attrs.evolve(bits(odds, 4), apart=(0, 1, 2, 3))
    with pytest.warns(FitWarning, match="4 of 4 records"):
        assert CorrelationClustering(rounds=0).build(plain.graph()).labels.tolist() == [0, 0, 0, 0]
    assert CorrelationClustering().build(plain.graph()).labels.tolist() == [0, 1, 0, 0]


def test_one_round_may_be_enough() -> None:
    assert CorrelationClustering(rounds=1).build(moving().graph()).labels.tolist() == [0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"unseen": 0.5}, "unseen must lie between -inf and 0, got 0.5"),
        ({"unseen": float("-inf")}, "unseen must lie"),
        ({"unseen": float("nan")}, "unseen must lie"),
        ({"rounds": -1}, "rounds must lie between 0 and inf, got -1"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(RangeError, match=named):
        CorrelationClustering(**arguments)
