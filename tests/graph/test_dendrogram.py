"""Cutting the joins of average linkage, against building at each height anew and against looking at every cut."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import Plain, odds_of, plain_graphs

from identigraph import Pairs
from identigraph.graph import AverageLinkage, Clusters
from identigraph.graph.dendrogram import Dendrogram
from identigraph.graph.linkage import Averaged, linked

DOWN_TO = -5.0
CUTS = [0.05, 0.2, 0.4, 0.5, 0.7, 0.9, 0.99]


def made(plain: Plain, down_to: float = DOWN_TO) -> Dendrogram:
    """Return the joins of a graph."""
    return AverageLinkage().dendrogram(plain.graph(), down_to=down_to)


def by_hand(joins: Dendrogram, pair: tuple[int, int]) -> float:
    """Return the highest height of a join at which a cut puts both records into one cluster."""
    cuts = [np.inf, *sorted(set(joins.height.tolist()), reverse=True)]
    together = (cut for cut in cuts if joins.cut(cut)[pair[0]] == joins.cut(cut)[pair[1]])
    return next(together, -np.inf)


@given(plain_graphs(), st.sampled_from(CUTS))
def test_cutting_is_building_at_the_cut(plain: Plain, threshold: float) -> None:
    """Also where pairs were not scored: they count -5, for the joins and for the builder."""
    cut = made(plain).cut(odds_of(threshold))
    assert Clusters.of(cut).labels.tolist() == AverageLinkage(threshold).build(plain.graph()).labels.tolist()


@given(plain_graphs())
def test_cutting_at_the_height_of_any_join_is_linking_down_to_it(plain: Plain) -> None:
    """The bounds of odds are given here, so that no height changes what pairs count."""
    joins = made(plain)
    for height in joins.height.tolist():
        alone = linked(plain.graph(), Averaged(DOWN_TO), limit=16.0, cut=height)
        assert joins.cut(height).tolist() == alone.tolist()


@given(plain_graphs(constrained=False), st.floats(-20, -5), st.sampled_from(CUTS))
def test_how_far_down_joins_go_changes_nothing_above_where_all_pairs_are_scored(
    plain: Plain, down_to: float, threshold: float
) -> None:
    """Pairs that were not scored count no more than the depth; the odds of those that were are within 16 here."""
    scored = {pair: min(max(plain.scored.get(pair, 0.3), 0.01), 0.99) for pair in combinations(range(plain.n), 2)}
    whole = Plain(plain.n, scored)
    assert made(whole, down_to).cut(odds_of(threshold)).tolist() == made(whole).cut(odds_of(threshold)).tolist()


@given(plain_graphs())
def test_heights_are_the_highest_cuts_at_which_two_records_share_a_cluster(plain: Plain) -> None:
    joins, every = made(plain), list(combinations(range(plain.n), 2))
    pairs = Pairs.of([a for a, _ in every], [b for _, b in every])
    assert joins.heights(pairs).tolist() == [by_hand(joins, pair) for pair in every]
    assert joins.height_of(joins.joins(pairs)).tolist() == joins.heights(pairs).tolist()


@given(plain_graphs())
def test_the_join_of_two_records_is_the_first_after_which_they_share_a_cluster(plain: Plain) -> None:
    joins, every = made(plain), list(combinations(range(plain.n), 2))
    found = joins.joins(Pairs.of([a for a, _ in every], [b for _, b in every]))
    cluster = joins.start.copy()
    together = {pair: -1 for pair in every if cluster[pair[0]] == cluster[pair[1]]}
    for place, (kept, gone) in enumerate(zip(joins.kept, joins.gone, strict=True)):
        cluster[cluster == gone] = kept
        together |= {pair: place for pair in every if pair not in together and cluster[pair[0]] == cluster[pair[1]]}
    assert found.tolist() == [together.get(pair, len(joins.gone)) for pair in every]


@given(plain_graphs())
def test_no_join_is_above_those_it_rests_on_and_each_cluster_is_joined_away_once(plain: Plain) -> None:
    joins = made(plain)
    top = np.full(plain.n, np.inf)
    for kept, gone, height in zip(joins.kept, joins.gone, joins.height, strict=True):
        assert kept < gone
        assert DOWN_TO <= height <= min(top[kept], top[gone]) + 1e-9
        top[kept] = height
    assert len(set(joins.gone.tolist())) == len(joins.gone)


@given(plain_graphs(), st.floats(-5, 16), st.floats(0, 5))
def test_a_lower_cut_only_joins(plain: Plain, cut: float, less: float) -> None:
    fine, coarse = made(plain).cut(cut), made(plain).cut(cut - less)
    assert len(set(zip(fine.tolist(), coarse.tolist(), strict=True))) == len(set(fine.tolist()))


def test_must_linked_records_share_a_cluster_at_any_height() -> None:
    joins = made(Plain(4, {(1, 3): 0.9}, must=((0, 1),)))
    assert joins.cut(np.inf).tolist() == [0, 0, 2, 3]
    assert joins.heights(Pairs.of([0, 0, 0, 1], [1, 2, 3, 3])).tolist() == [
        np.inf,
        -np.inf,
        *[pytest.approx((odds_of(0.9) - 5) / 2)] * 2,
    ]


def test_a_cut_at_the_height_of_a_join_holds_it() -> None:
    joins = Dendrogram(np.arange(3), np.array([1, 0]), np.array([2, 1]), np.array([3.0, 1.0]))
    assert joins.cut(3.0).tolist() == [0, 1, 1]
    assert joins.cut(3.1).tolist() == [0, 1, 2]
    assert joins.cut(1.0).tolist() == [0, 0, 0]


def test_of_nothing_nothing_is_made() -> None:
    joins = made(Plain(0, {}))
    assert (joins.cut(0.0).tolist(), joins.heights(Pairs.of([], [])).tolist()) == ([], [])
    alone = made(Plain(3, {}))
    assert (alone.cut(0.0).tolist(), alone.heights(Pairs.of([0], [2])).tolist()) == ([0, 1, 2], [-np.inf])
