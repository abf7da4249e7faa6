"""Measures of clusters against their definitions, written out over sets."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.metrics import (
    MergeDistance,
    b_cubed,
    closest_cluster,
    cluster_score,
    cluster_sizes,
    merge_distance,
    v_measure,
)

Clustering = list[tuple[int, int]]
CLUSTERINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=9)
SCORES = pytest.mark.parametrize("score", [b_cubed, cluster_score, closest_cluster])

# Bagga and Baldwin (1998): truth {1..5}, {6, 7}, {8..C}; one response joins the last two, the other the first and last
BAGGA_BALDWIN_TRUE = list("aaaaabbccccc")
BAGGA_BALDWIN_SMALL_ERROR = list("aaaaabbbbbbb")
BAGGA_BALDWIN_BIG_ERROR = list("aaaaabbaaaaa")


def sides(records: Clustering) -> tuple[list[int], list[int]]:
    """Return the predicted and the true labels."""
    return [p for p, _ in records], [t for _, t in records]


def clusters(labels: list[Any]) -> set[frozenset[int]]:
    """Return the clusters as sets of rows."""
    return {frozenset(i for i, other in enumerate(labels) if other == label) for label in labels}


def mean(values: list[float]) -> float:
    """Return the mean, 1 of nothing."""
    return sum(values) / len(values) if values else 1.0


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the shared rows over all rows of two clusters."""
    return len(one & other) / len(one | other)


def entropy(labels: list[Any]) -> float:
    """Return the entropy of the labels in nats."""
    return -sum(c / len(labels) * log(c / len(labels)) for c in Counter(labels).values())


@given(CLUSTERINGS)
def test_b_cubed_is_the_average_over_records(records: Clustering) -> None:
    predicted, true = sides(records)
    precisions, recalls = [], []
    for p, t in records:
        put, belong = predicted.count(p), true.count(t)
        both = records.count((p, t))
        precisions.append(both / put)
        recalls.append(both / belong)
    score = b_cubed(predicted, true)
    assert score.precision == pytest.approx(mean(precisions))
    assert score.recall == pytest.approx(mean(recalls))


def test_b_cubed_of_the_example_of_bagga_and_baldwin() -> None:
    """Joining two big clusters is worse than joining a big and a small one: precision 76 % and 58 %."""
    small = b_cubed(BAGGA_BALDWIN_SMALL_ERROR, BAGGA_BALDWIN_TRUE)
    big = b_cubed(BAGGA_BALDWIN_BIG_ERROR, BAGGA_BALDWIN_TRUE)
    assert (round(small.precision, 2), small.recall) == (0.76, 1)
    assert (round(big.precision, 2), big.recall) == (0.58, 1)


@given(CLUSTERINGS)
def test_cluster_score_counts_the_clusters_in_both(records: Clustering) -> None:
    predicted, true = map(clusters, sides(records))
    score = cluster_score(*sides(records))
    assert score.precision == (len(predicted & true) / len(predicted) if records else 1)
    assert score.recall == (len(predicted & true) / len(true) if records else 1)


@given(CLUSTERINGS)
def test_closest_cluster_takes_the_most_alike_of_the_other_side(records: Clustering) -> None:
    predicted, true = map(clusters, sides(records))
    score = closest_cluster(*sides(records))
    assert score.precision == pytest.approx(mean([max(jaccard(p, t) for t in true) for p in predicted]))
    assert score.recall == pytest.approx(mean([max(jaccard(t, p) for p in predicted) for t in true]))


@SCORES
@pytest.mark.parametrize("labels", [[], [1], [1, 2, 3], [1, 1, 1], [2, 1, 2]])
def test_a_clustering_scores_one_against_itself(score: Any, labels: list[int]) -> None:
    result = score(labels, labels)
    assert (result.precision, result.recall, result.f1) == (1, 1, 1)


@SCORES
def test_all_singletons_against_one_cluster(score: Any) -> None:
    result = score([1, 2, 3, 4], [1, 1, 1, 1])
    wanted = {b_cubed: (1, 0.25), cluster_score: (0, 0), closest_cluster: (0.25, 0.25)}
    assert (result.precision, result.recall) == wanted[score]


@SCORES
@given(records=CLUSTERINGS)
def test_swapping_the_clusterings_swaps_precision_and_recall(score: Any, records: Clustering) -> None:
    predicted, true = sides(records)
    one, other = score(predicted, true), score(true, predicted)
    assert one.precision == pytest.approx(other.recall)
    assert one.recall == pytest.approx(other.precision)


@SCORES
@given(records=CLUSTERINGS, names=st.permutations(["a", "b", "c", "d"]), random=st.randoms())
def test_names_of_labels_and_order_of_records_change_nothing(
    score: Any, records: Clustering, names: list[str], random: Any
) -> None:
    renamed = [(names[p], 100 - t) for p, t in records]
    random.shuffle(renamed)
    one, other = score(*sides(records)), score([p for p, _ in renamed], [t for _, t in renamed])
    assert attrs.astuple(one) == pytest.approx(attrs.astuple(other))


@SCORES
@given(records=CLUSTERINGS, unknown=st.lists(st.integers(0, 3)))
def test_records_without_a_true_label_are_left_out_and_counted(
    score: Any, records: Clustering, unknown: list[int]
) -> None:
    predicted, true = sides(records)
    result = score(predicted + unknown, true + [None] * len(unknown))
    assert result == attrs.evolve(score(predicted, true), ignored=len(unknown))


@given(CLUSTERINGS)
def test_merge_distance_cuts_to_the_common_pieces_and_unites_them(records: Clustering) -> None:
    """Each predicted cluster is cut once less than it has true labels, each true one united likewise."""
    splits = sum(len({t for q, t in records if q == p}) - 1 for p in {p for p, _ in records})
    merges = sum(len({p for p, u in records if u == t}) - 1 for t in {t for _, t in records})
    distance = merge_distance(*sides(records))
    assert distance == MergeDistance(splits, merges)
    assert distance.total == splits + merges


@given(CLUSTERINGS)
def test_merge_distance_is_zero_exactly_for_equal_clusterings(records: Clustering) -> None:
    predicted, true = map(clusters, sides(records))
    assert (merge_distance(*sides(records)).total == 0) == (predicted == true)


def test_merge_distance_counts_what_it_ignores() -> None:
    assert merge_distance([1, 1, 2], [1, 2, None]) == MergeDistance(splits=1, merges=0, ignored=1)


@given(CLUSTERINGS)
def test_v_measure_is_mutual_information_over_the_mean_entropy(records: Clustering) -> None:
    predicted, true = sides(records)
    of_predicted, of_true = entropy(predicted), entropy(true)
    shared = of_predicted + of_true - entropy(records)
    wanted = 2 * shared / (of_predicted + of_true) if of_predicted + of_true else 1.0
    score = v_measure(predicted, true)
    assert score == pytest.approx(wanted, abs=1e-12)
    assert 0 <= score <= 1


def test_v_measure_of_the_textbook_example_of_manning_raghavan_and_schuetze() -> None:
    """Introduction to Information Retrieval, figure 16.4: normalized mutual information 0.36."""
    assert round(v_measure([1] * 6 + [2] * 6 + [3] * 5, list("xxxxxoxoooo#xx###")), 2) == 0.36


def test_v_measure_of_one_cluster_against_singletons_is_zero() -> None:
    assert v_measure([1, 1, 1], [1, 2, 3]) == v_measure([1, 2, 3], [1, 1, 1]) == 0


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcd"))))
def test_cluster_sizes_counts_clusters_and_records_of_each_size(labels: list[str | None]) -> None:
    known = [label for label in labels if label is not None]
    wanted = Counter(Counter(known).values())
    sizes = cluster_sizes(labels)
    assert sizes.rows() == [(size, count, size * count) for size, count in sorted(wanted.items())]
    assert sizes.schema == {"size": pl.Int64, "clusters": pl.Int64, "records": pl.Int64}
    assert sizes["records"].sum() == len(known)
