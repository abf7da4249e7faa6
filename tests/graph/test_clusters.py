"""Clusters, scored pairs, and clusters by connected components."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph import ClusterBuilder, Clusters, Components, IdentityGraph, ScoredPairs, check_probability
from identigraph.graph.keys import Keys

LABELS = st.lists(st.integers(-5, 5), max_size=20)


def scored(pairs: list[tuple[int, int, float]]) -> ScoredPairs:
    """Return (left, right, probability) as scored pairs."""
    left, right, probability = (np.array(column) for column in zip(*pairs, strict=True))
    return ScoredPairs(left.astype(np.int32), right.astype(np.int32), np.zeros(len(pairs)), probability)


def graph_of(n: int, pairs: ScoredPairs, **parts: Any) -> IdentityGraph:
    """Return a graph of records and scored pairs."""
    return IdentityGraph(Keys(pl.DataFrame({"source": [""] * n, "record_id": range(n)})), pairs, **parts)


@given(LABELS)
def test_clusters_are_numbered_from_zero_by_their_first_record(labels: list[int]) -> None:
    order = list(dict.fromkeys(labels))
    clusters = Clusters.of(np.array(labels, dtype=np.int32))
    assert clusters.labels.tolist() == [order.index(label) for label in labels]
    assert clusters.labels.dtype == np.int64


@given(LABELS)
def test_clusters_know_their_count_and_sizes(labels: list[int]) -> None:
    clusters = Clusters.of(np.array(labels, dtype=np.int64))
    sizes = [len(list(same)) for _, same in groupby(sorted(clusters.labels.tolist()))]
    assert (len(clusters), clusters.count, clusters.sizes.tolist()) == (len(labels), len(sizes), sizes)


@given(LABELS)
def test_numbering_numbered_clusters_again_changes_nothing(labels: list[int]) -> None:
    once = Clusters.of(np.array(labels, dtype=np.int64))
    assert Clusters.of(once.labels).labels.tolist() == once.labels.tolist()


@pytest.mark.parametrize("labels", [[1], [0, 2], [-1, 0], [0, 1, 0, 3]])
def test_labels_that_are_numbered_otherwise_are_refused(labels: list[int]) -> None:
    with pytest.raises(ConfigurationError, match=r"Clusters.of\(labels\)"):
        Clusters(np.array(labels))


def test_scored_pairs_have_one_length() -> None:
    row, odds = np.array([0]), np.array([0.5])
    with pytest.raises(ConfigurationError, match=r"one length, got \[1, 2\]"):
        ScoredPairs(row, row + 1, odds, np.array([0.5, 0.5]))


def test_scored_pairs_have_their_lower_row_on_the_left() -> None:
    with pytest.raises(ConfigurationError, match="2 of 3 pairs"):
        scored([(0, 1, 0.9), (2, 1, 0.9), (3, 3, 0.9)])


def test_reprs_are_counts() -> None:
    assert repr(Clusters.of(np.array([4, 4, 2]))) == "<Clusters: 3 records in 2 clusters>"
    assert repr(scored([(0, 1, 0.5)])) == "<ScoredPairs: 1>"
    assert (len(ScoredPairs.none()), repr(ScoredPairs.none())) == (0, "<ScoredPairs: 0>")
    assert repr(Components()) == "Components()"
    assert repr(Components(threshold=0.8)) == "Components(threshold=0.8)"


def test_components_link_pairs_at_or_above_the_threshold() -> None:
    pairs = scored([(0, 1, 0.75), (1, 2, 0.7499), (3, 4, 0.8)])
    assert Components(threshold=0.75).build(graph_of(6, pairs)).labels.tolist() == [0, 0, 1, 2, 2, 3]
    assert Components(threshold=0).build(graph_of(5, pairs)).labels.tolist() == [0, 0, 0, 1, 1]
    assert Components(threshold=1).build(graph_of(5, pairs)).count == 5


def test_components_of_no_pairs_are_single_records() -> None:
    assert Components().build(graph_of(3, ScoredPairs.none())).labels.tolist() == [0, 1, 2]
    assert Components().build(graph_of(0, ScoredPairs.none())).count == 0


def test_components_take_links_strongest_first_where_codes_keep_records_apart() -> None:
    """Records 0 and 2 share a code; the pair of 1 and 2 is the stronger one. Records 3 and 4 have no code."""
    pairs = scored([(0, 1, 0.95), (1, 2, 0.99), (3, 4, 0.95)])
    codes = np.array([0, 1, 0, -1, -1], dtype=np.int32)
    assert Components().build(graph_of(5, pairs)).labels.tolist() == [0, 0, 0, 1, 1]
    assert Components().build(graph_of(5, pairs, apart=codes)).labels.tolist() == [0, 1, 1, 2, 2]


def test_components_are_a_cluster_builder_and_a_value() -> None:
    assert isinstance(Components(), ClusterBuilder)
    assert (Components(), hash(Components())) == (Components(0.9), hash(Components(0.9)))


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.25), np.float64(1), np.int64(0)])
def test_numbers_from_zero_to_one_are_probabilities(value: float) -> None:
    check_probability("threshold", value)


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), True, "0.5", None])
def test_anything_else_is_no_probability(value: float) -> None:
    with pytest.raises(RangeError, match="threshold must lie between 0 and 1"):
        check_probability("threshold", value)
    with pytest.raises(RangeError, match="threshold must lie between 0 and 1"):
        Components(threshold=value)


@given(st.integers(0, 4), st.integers(0, 4))
def test_pairs_and_more_pairs_stand_after_each_other(one: int, other: int) -> None:
    """With their own weights and probabilities, in the types they have."""
    rows = np.arange(9, dtype=np.int32)
    every = ScoredPairs(rows, rows + 1, rows.astype(np.float32) * 2, rows.astype(np.float32) / 9)
    found = every.where(rows < one).plus(every.where(rows[:other][::-1]))
    places = [*range(one), *reversed(range(other))]
    for name in ("left", "right", "match_weight", "match_probability"):
        column = getattr(every, name)
        assert getattr(found, name).tolist() == column[places].tolist()
        assert getattr(found, name).dtype == column.dtype
