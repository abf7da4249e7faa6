"""Hierarchical clustering against joining the best two clusters one at a time."""

from __future__ import annotations

from itertools import combinations
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import THRESHOLDS, Group, Plain, crossing, labels_of, odds_of, plain_graphs

from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph import AverageLinkage, Components
from identigraph.graph.agglomeration import Hierarchical

UNSEEN = st.sampled_from([-inf, -5.0, -1.0, 0.0, 3.0, inf])


def lowest(plain: Plain, unseen: float, one: Group, other: Group) -> float:
    """Return the lowest log odds of all pairs between two clusters, minus infinity where they may not be joined."""
    pairs = list(crossing(one, other))
    if not plain.allowed(one, other) or not any(pair in plain.scored for pair in pairs):
        return -inf
    return min(odds_of(plain.scored[pair]) if pair in plain.scored else unseen for pair in pairs)


def complete_by_hand(plain: Plain, threshold: float, unseen: float) -> list[int]:
    """Return the labels after joining the two clusters of the highest lowest odds, of equals the lowest records."""
    clusters = plain.groups
    while True:
        found = [
            (-lowest(plain, unseen, one, other), min(one), min(other), one, other)
            for one, other in combinations(sorted(clusters, key=min), 2)
        ]
        best = min(found, key=lambda each: each[:3], default=None)
        if best is None or best[0] == inf or -best[0] < odds_of(threshold):
            return labels_of(clusters, plain.n)
        clusters = [c for c in clusters if c not in best[3:]] + [best[3] | best[4]]


@given(plain_graphs(), THRESHOLDS, UNSEEN)
def test_complete_linkage_joins_by_the_lowest_of_all_pairs(plain: Plain, threshold: float, unseen: float) -> None:
    made = Hierarchical("complete", threshold, unseen=unseen).build(plain.graph())
    assert made.labels.tolist() == complete_by_hand(plain, threshold, unseen)


@given(plain_graphs(), THRESHOLDS)
def test_single_linkage_takes_pairs_strongest_first_as_far_as_allowed(plain: Plain, threshold: float) -> None:
    """Not only where something is in the way: elsewhere the order does not matter."""
    strong = plain.strong(threshold)
    by_hand = plain.united(sorted(strong, key=lambda pair: (-strong[pair], pair)))
    assert Hierarchical("single", threshold).build(plain.graph()).labels.tolist() == labels_of(by_hand, plain.n)
    assert Components(threshold).build(plain.graph()).labels.tolist() == labels_of(by_hand, plain.n)


@given(plain_graphs(), THRESHOLDS, st.sampled_from([-9.0, -2.0, 0.0]))
def test_average_linkage_is_average_linkage(plain: Plain, threshold: float, unseen: float) -> None:
    made = Hierarchical("average", threshold, unseen=unseen).build(plain.graph())
    assert made.labels.tolist() == AverageLinkage(threshold, unseen=unseen).build(plain.graph()).labels.tolist()


def test_one_missing_pair_keeps_two_halves_apart_under_complete_linkage() -> None:
    square = dict.fromkeys(combinations(range(4), 2), 0.9) | {(0, 1): 0.99, (2, 3): 0.99}
    assert Hierarchical("complete").build(Plain(4, square).graph()).labels.tolist() == [0, 0, 0, 0]
    del square[1, 3]
    assert Hierarchical("complete").build(Plain(4, square).graph()).labels.tolist() == [0, 0, 1, 1]
    assert Hierarchical("complete", unseen=inf).build(Plain(4, square).graph()).labels.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"linkage": "ward"}, ConfigurationError, "one of 'average', 'complete', 'single', got 'ward'"),
        ({"threshold": -1}, RangeError, "threshold must lie between 0 and 1, got -1"),
        ({"unseen": 0.1}, RangeError, "unseen must lie between -inf and 0, got 0.1"),
        ({"linkage": "complete", "unseen": float("nan")}, RangeError, "unseen must lie between -inf and inf"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    arguments: dict[str, Any], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        Hierarchical(**arguments)
