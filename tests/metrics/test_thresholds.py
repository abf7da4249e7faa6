"""What each threshold on scores gives, against counting pairs one by one in exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from random import Random

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError
from identigraph.metrics import ThresholdScore, evaluate_scores

Pairs = list[tuple[int, bool, int]]
"""Score, truth and weight of each pair."""

PAIRS = st.lists(st.tuples(st.integers(-3, 3), st.booleans(), st.integers(1, 3)), max_size=12)
SCORED = PAIRS.filter(bool)
MISSED = st.integers(0, 3)


def columns(pairs: Pairs) -> dict[str, list[object]]:
    """Return the pairs as arguments."""
    return {name: [pair[i] for pair in pairs] for i, name in enumerate(("scores", "truth", "weights"))}


def counts(pairs: Pairs, missed: int, threshold: float) -> tuple[int, int, int, int]:
    """Return true and false positives, false negatives and true negatives."""
    tp = sum(w for s, y, w in pairs if y and s >= threshold)
    fp = sum(w for s, y, w in pairs if not y and s >= threshold)
    fn = sum(w for s, y, w in pairs if y and s < threshold) + missed
    return tp, fp, fn, sum(w for s, y, w in pairs if not y and s < threshold)


def of(part: int, whole: int) -> Fraction:
    """Return a share, 1 where there is nothing."""
    return Fraction(part, whole) if whole else Fraction(1)


def expected(pairs: Pairs, missed: int, threshold: float) -> ThresholdScore:
    """Return what a threshold gives."""
    tp, fp, fn, tn = counts(pairs, missed, threshold)
    f1 = of(2 * tp, 2 * tp + fp + fn)
    rate = float(Fraction(fp, fp + tn)) if fp + tn else None
    shares = (float(share) for share in (of(tp, tp + fp), of(tp, tp + fn), f1))
    return ThresholdScore(threshold, tp + fp, tp, fp, fn, *shares, rate)


def close(one: ThresholdScore, other: ThresholdScore) -> bool:
    """Return whether two are the same up to rounding."""
    return all(
        a == (pytest.approx(b) if isinstance(b, float) else b)
        for a, b in zip(attrs.astuple(one), attrs.astuple(other), strict=True)
    )


@given(PAIRS, MISSED)
def test_there_is_one_row_per_distinct_score_highest_first(pairs, missed):
    found = evaluate_scores(**columns(pairs), missed=missed)
    thresholds = sorted({s for s, _, _ in pairs}, reverse=True)
    rows = [ThresholdScore(**row) for row in found.thresholds.iter_rows(named=True)]
    assert found.thresholds.columns == [field.name for field in attrs.fields(ThresholdScore)]
    assert [row.threshold for row in rows] == thresholds
    assert all(close(row, expected(pairs, missed, row.threshold)) for row in rows)
    assert (found.pairs, found.missed) == (len(pairs), missed)
    assert found.true_pairs == sum(w for _, y, w in pairs if y)
    assert found.false_pairs == sum(w for _, y, w in pairs if not y)


@given(PAIRS, MISSED, st.sampled_from([-math.inf, -9, -1.5, -1, 0, 0.5, 2, 3, 3.5, math.inf]))
def test_any_threshold_predicts_the_pairs_that_score_at_least_it(pairs, missed, threshold):
    found = evaluate_scores(**columns(pairs), missed=missed).at(threshold)
    assert found.threshold == threshold
    assert close(found, expected(pairs, missed, threshold))


@given(SCORED, MISSED, st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]))
def test_the_best_threshold_has_the_largest_f_beta_and_is_the_highest_of_such(pairs, missed, beta):
    def f_beta(threshold: int) -> Fraction:
        tp, fp, fn, _ = counts(pairs, missed, threshold)
        precision, recall = of(tp, tp + fp), of(tp, tp + fn)
        both = beta**2 * precision + recall
        return (1 + beta**2) * precision * recall / both if both else Fraction(0)

    best = max({s for s, _, _ in pairs}, key=lambda threshold: (f_beta(threshold), threshold))
    found = evaluate_scores(**columns(pairs), missed=missed)
    assert found.best(float(beta)) == found.at(best)


@given(SCORED, MISSED)
def test_average_precision_sums_precision_over_steps_of_recall(pairs, missed):
    found = evaluate_scores(**columns(pairs), missed=missed).average_precision
    matching = sum(w for _, y, w in pairs if y) + missed
    if not matching:
        assert math.isnan(found)
        return
    area, before = Fraction(0), 0
    for threshold in sorted({s for s, _, _ in pairs}, reverse=True):
        tp, fp, _, _ = counts(pairs, missed, threshold)
        area += Fraction(tp - before, matching) * Fraction(tp, tp + fp)
        before = tp
    assert found == pytest.approx(float(area))


@given(PAIRS, MISSED)
def test_roc_auc_is_the_chance_that_a_match_scores_above_one_that_is_none(pairs, missed):
    wins = [
        (w * v * (Fraction(s > r) + Fraction(s == r, 2)), w * v)
        for s, y, w in pairs
        for r, z, v in pairs
        if y and not z
    ]
    found = evaluate_scores(**columns(pairs), missed=missed).roc_auc
    if wins:
        assert found == pytest.approx(float(sum(win for win, _ in wins) / sum(weight for _, weight in wins)))
    else:
        assert math.isnan(found)


def test_the_example_of_scikit_learn():
    """Its documentation gives 0.83 for the average precision of these and 0.75 for the area under the ROC."""
    found = evaluate_scores([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    assert (round(found.average_precision, 2), found.roc_auc) == (0.83, 0.75)


def test_the_roc_leads_from_nothing_to_everything_over_scored_pairs():
    found = evaluate_scores([3, 2, 2, 1], [True, True, False, False], missed=5)
    assert found.roc.rows() == [(None, 0, 0), (3, 0, 0.5), (2, 0.5, 1), (1, 1, 1)]


def test_a_class_without_a_pair_has_no_rate():
    assert evaluate_scores([1], [True]).roc.rows() == [(None, None, 0), (1, None, 1)]
    assert evaluate_scores([1], [False]).roc.rows() == [(None, 0, None), (1, 1, None)]
    assert evaluate_scores([], []).roc.rows() == [(None, None, None)]


def test_precision_against_recall_are_columns_of_the_thresholds():
    found = evaluate_scores([3, 1, 2], [True, True, False])
    assert found.precision_recall.equals(found.thresholds.select("threshold", "recall", "precision"))


@given(PAIRS, MISSED)
def test_only_the_order_of_scores_counts(pairs, missed):
    """Match weights and probabilities made of them, -∞ and 0 among them, get the same figures."""
    given_pairs = columns(pairs)
    weights = [{-3: -math.inf, 3: math.inf}.get(s, float(s)) for s in given_pairs["scores"]]
    one = evaluate_scores(**given_pairs, missed=missed).thresholds
    other = evaluate_scores(**{**given_pairs, "scores": weights}, missed=missed).thresholds
    assert one.drop("threshold").equals(other.drop("threshold"))


@given(PAIRS, MISSED, st.randoms())
def test_order_of_pairs_changes_nothing(pairs, missed, random: Random):
    moved = random.sample(pairs, len(pairs))
    one, other = evaluate_scores(**columns(pairs), missed=missed), evaluate_scores(**columns(moved), missed=missed)
    assert one.thresholds.equals(other.thresholds)


@given(PAIRS)
def test_a_weight_is_as_good_as_repeating_the_pair(pairs):
    repeated = columns([pair for pair in pairs for _ in range(pair[2])])
    one, other = evaluate_scores(**columns(pairs)), evaluate_scores(repeated["scores"], repeated["truth"])
    assert one.thresholds.equals(other.thresholds)


@given(SCORED)
def test_scaling_weights_changes_no_share(pairs):
    given_pairs = columns(pairs)
    halves = [w / 2 for w in given_pairs["weights"]]
    one, other = evaluate_scores(**given_pairs), evaluate_scores(**{**given_pairs, "weights": halves})
    for name in ("precision", "recall", "f1", "false_positive_rate"):
        assert other.thresholds[name].to_list() == pytest.approx(one.thresholds[name].to_list())
    assert 2 * other.true_pairs == one.true_pairs
    assert 2 * other.best().predicted == one.best().predicted


def test_counts_are_exact_where_32_bits_are_not():
    found = evaluate_scores([1, 0], [True, True], weights=[2**40, 1])
    assert found.thresholds["true_positives"].to_list() == [2**40, 2**40 + 1]
    assert found.thresholds["true_positives"].dtype == pl.Int64


def test_weights_too_large_for_whole_numbers_are_counted_as_floats():
    assert evaluate_scores([1, 0], [True, True], weights=[1e300, 1e300]).true_pairs == 2e300


@pytest.mark.parametrize("kind", [list, tuple, np.array, partial(np.array, dtype=object), pl.Series, pd.Series, iter])
def test_pairs_come_in_any_form(kind):
    assert evaluate_scores(kind([3.5, 1.0]), kind([True, False])).roc_auc == 1


def test_whole_numbers_and_fractions_may_be_mixed():
    found = evaluate_scores([3, 1.5], [True, False], weights=[1, 0.5])
    assert found.thresholds.select("threshold", "predicted").rows() == [(3, 1), (1.5, 1.5)]


def test_no_pair_at_all_scores_nothing():
    found = evaluate_scores([], [], missed=2)
    assert found.thresholds.is_empty()
    assert (found.at(0).recall, found.average_precision) == (0, 0)
    with pytest.raises(ConfigurationError, match="no pair was scored"):
        found.best()


@pytest.mark.parametrize("missing", [None, math.nan])
def test_missing_scores_are_counted(missing):
    with pytest.raises(ConfigurationError, match="2 of 3 values of scores are missing"):
        evaluate_scores([missing, 1.0, missing], [True] * 3)


def test_missing_truth_is_counted():
    with pytest.raises(ConfigurationError, match="1 of 2 values of truth are missing"):
        evaluate_scores([1, 2], [True, None])


@pytest.mark.parametrize(
    ("scores", "truth", "weights"), [([1], [True, False], None), ([1], [True], [1, 1]), ([1, 2], [True], [1])]
)
def test_lengths_must_agree(scores, truth, weights):
    with pytest.raises(ConfigurationError, match="go together by position"):
        evaluate_scores(scores, truth, weights=weights)


@pytest.mark.parametrize("weights", [[1, 0], [1, -2], [1, math.inf]])
def test_weights_must_be_above_0(weights):
    with pytest.raises(ConfigurationError, match="1 of 2 weights"):
        evaluate_scores([1, 2], [True, False], weights=weights)


@pytest.mark.parametrize("missed", [-1, math.nan, math.inf])
def test_missed_pairs_are_a_number_from_0(missed):
    with pytest.raises(RangeError, match="missed"):
        evaluate_scores([1], [True], missed=missed)


@pytest.mark.parametrize(
    ("scores", "truth"),
    [
        (["a"], [True]),
        ([True], [True]),
        ([1], ["yes"]),
        ([1], [2]),
        (None, [True]),
        ([object()], [True]),
        ([1], [object()]),
        ([1], "1"),
        ([1], b"\x01"),
        ([1], [1.0]),
        ([[1]], [True]),
        ("1", [True]),
        (1, [True]),
    ],
)
def test_scores_are_numbers_and_truth_is_boolean(scores, truth):
    with pytest.raises(UnsupportedInputError):
        evaluate_scores(scores, truth)


@pytest.mark.parametrize("beta", [0, -1, math.inf, math.nan])
def test_beta_is_a_number_above_0(beta):
    with pytest.raises(ConfigurationError, match="beta"):
        evaluate_scores([1], [True]).best(beta)


def test_a_threshold_is_a_number():
    with pytest.raises(ConfigurationError, match="not a number"):
        evaluate_scores([1], [True]).at(math.nan)


def test_it_shows_its_counts():
    found = evaluate_scores([3, 1, 2], [True, True, False], weights=[1_000, 1, 1.4], missed=3)
    assert repr(found).startswith("<ScoreEvaluation: 3 labeled pairs, 1,001 true, 3 missed; average precision 0.99")
