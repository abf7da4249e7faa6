"""Heaviest matchings against networkx."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph.graph import matching
from identigraph.graph.matching import heaviest_matching


@st.composite
def weighted(draw: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pairs between two sides, in any order, and weights, many of them equal."""
    sides = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    cells = draw(st.sets(st.tuples(st.integers(0, sides[0]), st.integers(100, 100 + sides[1]))))
    pairs = draw(st.permutations(sorted(cells)))
    weight = draw(
        st.lists(st.integers(1, draw(st.sampled_from([2, 9, 1000]))), min_size=len(pairs), max_size=len(pairs))
    )
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return one, other, np.array(weight, dtype=np.int64)


@settings(max_examples=200)
@given(weighted(), st.booleans())
def test_no_matching_weighs_more(pairs: Any, walked: bool) -> None:
    """Also where nothing is settled beforehand."""
    one, other, weight = pairs
    with pytest.MonkeyPatch.context() as patch:
        if walked:
            patch.setattr(matching, "_unrivalled", lambda one, _other, _weight: np.zeros(len(one), dtype=bool))
        taken = heaviest_matching(one, other, weight)
    assert (np.diff(taken) > 0).all()
    assert len(set(one[taken])) == len(set(other[taken])) == len(taken)
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(one.tolist(), other.tolist(), weight.tolist(), strict=True))
    assert weight[taken].sum() == sum(graph[a][b]["weight"] for a, b in nx.max_weight_matching(graph))


@given(weighted(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(pairs: Any, random: Any) -> None:
    one, other, weight = pairs
    order = list(range(len(one)))
    random.shuffle(order)
    taken = heaviest_matching(one, other, weight)
    moved = np.array(order, dtype=np.int64)
    again = moved[heaviest_matching(one[moved], other[moved], weight[moved])]
    assert sorted(again.tolist()) == taken.tolist()


@given(weighted())
def test_pairs_without_rivals_belong_to_a_heaviest_matching(pairs: Any) -> None:
    one, other, weight = pairs
    sure = matching._unrivalled(one, other, weight)
    left = ~np.isin(one, one[sure]) & ~np.isin(other, other[sure])
    rest = heaviest_matching(one[left], other[left], weight[left])
    assert weight[sure].sum() + weight[left][rest].sum() == weight[heaviest_matching(one, other, weight)].sum()


def test_what_is_settled_on_arrays_is_not_walked() -> None:
    """A pair that outweighs both its rivals, then what is left without rivals."""
    one, other, weight = np.array([0, 0, 1, 2]), np.array([5, 6, 5, 6]), np.array([9, 4, 4, 3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_augmented", lambda one, _other, _weight: np.full(len(one), -1))
        assert heaviest_matching(one, other, weight).tolist() == [0, 3]


def test_a_long_chain_is_changed_to_its_end() -> None:
    """Each node likes what the one before holds; the last one has a free one."""
    n = 200
    one = np.concatenate([np.arange(n), np.arange(n)])
    other = np.concatenate([np.arange(n), np.arange(1, n + 1)]) + 1000
    weight = np.append(np.concatenate([np.full(n, 1000), np.full(n, 999)]), 500)
    taken = heaviest_matching(np.append(one, n), np.append(other, 1000), weight)
    assert weight[taken].sum() == 500 + 999 * n
