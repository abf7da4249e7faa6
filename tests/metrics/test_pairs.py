"""Pairwise precision and recall, and the adjusted Rand index, against brute force over all pairs."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.metrics import adjusted_rand, pairwise

Clustering = list[tuple[int, int]]
CLUSTERINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=9)

# Manning, Raghavan, Schütze (2008), Introduction to Information Retrieval, figure 16.4: 17 points in 3 clusters
TEXTBOOK_PREDICTED = [1] * 6 + [2] * 6 + [3] * 5
TEXTBOOK_TRUE = list("xxxxxo" + "xoooo#" + "xx###")


def together(labels: list[int]) -> set[tuple[int, int]]:
    """Return the pairs of records with equal labels."""
    return {(i, j) for i, j in combinations(range(len(labels)), 2) if labels[i] == labels[j]}


def sides(records: Clustering) -> tuple[list[int], list[int]]:
    """Return the predicted and the true labels."""
    return [p for p, _ in records], [t for _, t in records]


@given(CLUSTERINGS)
def test_pairwise_counts_the_pairs_in_one_both_or_the_other(records: Clustering) -> None:
    predicted, true = sides(records)
    found, real = together(predicted), together(true)
    score = pairwise(predicted, true)
    assert score.true_positives == len(found & real)
    assert score.false_positives == len(found - real)
    assert score.false_negatives == len(real - found)
    assert score.precision == (len(found & real) / len(found) if found else 1)
    assert score.recall == (len(found & real) / len(real) if real else 1)


@given(CLUSTERINGS)
def test_f1_is_the_harmonic_mean_and_zero_where_both_are(records: Clustering) -> None:
    score = pairwise(*sides(records))
    if score.precision and score.recall:
        assert 1 / score.f1 == pytest.approx((1 / score.precision + 1 / score.recall) / 2)
    else:
        assert score.f1 == 0


def test_the_textbook_example_of_manning_raghavan_and_schuetze() -> None:
    score = pairwise(TEXTBOOK_PREDICTED, TEXTBOOK_TRUE)
    assert (score.true_positives, score.false_positives, score.false_negatives) == (20, 20, 24)
    assert (score.precision, round(score.recall, 3), round(score.f1, 2)) == (0.5, 0.455, 0.48)


@pytest.mark.parametrize("labels", [[], [1], [1, 2, 3], [1, 1, 1], [1, 1, 2]])
def test_a_clustering_scores_one_against_itself(labels: list[int]) -> None:
    score = pairwise(labels, labels)
    assert (score.precision, score.recall, score.f1, adjusted_rand(labels, labels)) == (1, 1, 1, 1)


def test_all_singletons_are_never_wrong_and_find_nothing() -> None:
    score = pairwise([1, 2, 3], [1, 1, 1])
    assert (score.precision, score.recall, score.f1) == (1, 0, 0)


def test_where_no_pair_is_true_nothing_is_missed() -> None:
    score = pairwise([1, 1, 1], [1, 2, 3])
    assert (score.precision, score.recall, score.f1) == (0, 1, 0)


@given(CLUSTERINGS)
def test_swapping_the_clusterings_swaps_precision_and_recall(records: Clustering) -> None:
    predicted, true = sides(records)
    one, other = pairwise(predicted, true), pairwise(true, predicted)
    assert (one.precision, one.recall, one.f1) == (other.recall, other.precision, other.f1)
    assert (one.false_positives, one.false_negatives) == (other.false_negatives, other.false_positives)
    assert adjusted_rand(predicted, true) == adjusted_rand(true, predicted)


@given(CLUSTERINGS, st.permutations(["a", "b", "c", "d"]), st.randoms())
def test_names_of_labels_and_order_of_records_change_nothing(
    records: Clustering, names: list[str], random: Random
) -> None:
    renamed = [(names[p], 100 - t) for p, t in records]
    random.shuffle(renamed)
    moved = [p for p, _ in renamed], [t for _, t in renamed]
    assert pairwise(*moved) == pairwise(*sides(records))
    assert adjusted_rand(*moved) == adjusted_rand(*sides(records))


@given(CLUSTERINGS, st.lists(st.integers(0, 3)))
def test_records_without_a_true_label_are_left_out_and_counted(records: Clustering, unknown: list[int]) -> None:
    predicted, true = sides(records)
    score = pairwise(predicted + unknown, true + [None] * len(unknown))
    assert score.ignored == len(unknown)
    assert score == attrs.evolve(pairwise(predicted, true), ignored=len(unknown))


def test_counts_are_exact_where_doubles_and_32_bits_are_not() -> None:
    n = 150_001
    score = pairwise(np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int8))
    assert score.true_positives == n * (n - 1) // 2
    assert type(score.true_positives) is int


@given(CLUSTERINGS)
def test_adjusted_rand_is_the_excess_over_the_expected_pairs(records: Clustering) -> None:
    predicted, true = sides(records)
    found, real, n = len(together(predicted)), len(together(true)), len(records)
    both = len(together(predicted) & together(true))
    expected = Fraction(found * real, n * (n - 1) // 2) if n > 1 else Fraction(0)
    best = Fraction(found + real, 2)
    assert adjusted_rand(predicted, true) == pytest.approx(
        float((both - expected) / (best - expected)) if best != expected else 1.0
    )


def test_adjusted_rand_of_opposite_clusterings_is_negative() -> None:
    """Two pairs of records, each split by the other clustering: (0 - 4/6) / (2 - 4/6) = -1/2."""
    assert adjusted_rand([1, 1, 2, 2], [1, 2, 1, 2]) == -0.5
