"""Bins, intervals and measures of calibration, against sums over pairs one by one."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.metrics import calibration
from identigraph.metrics.calibration import wilson

Pairs = list[tuple[float, bool, int]]
"""Probability, truth and weight of each pair."""

PROBABILITIES = st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 1.0]) | st.floats(0, 1)
PAIRS = st.lists(st.tuples(PROBABILITIES, st.booleans(), st.integers(1, 3)), max_size=14)
SOME = PAIRS.filter(bool)
BINS = st.integers(1, 6)
WAYS = st.sampled_from(["width", "count"])
NAMES = ["from", "to", "pairs", "weight", "mean_probability", "share_true", "low", "high"]


def columns(pairs: Pairs) -> dict[str, list[object]]:
    """Return the pairs as arguments."""
    return {name: [pair[i] for pair in pairs] for i, name in enumerate(("probabilities", "truth", "weights"))}


def mean(values: list[tuple[float, int]]) -> float:
    """Return the weighted mean."""
    return math.fsum(value * w for value, w in values) / sum(w for _, w in values)


@given(PAIRS, BINS, WAYS)
def test_each_row_tells_of_the_pairs_from_its_start_to_its_end(pairs, bins, by):
    found = calibration(**columns(pairs), bins=bins, by=by).bins
    assert found.columns == NAMES
    rows = list(found.iter_rows(named=True))
    for i, row in enumerate(rows, start=1):
        is_open = by == "width" and i < len(rows)
        held = [x for x in pairs if row["from"] <= x[0] < row["to"] or (x[0] == row["to"] and not is_open)]
        assert (row["pairs"], row["weight"]) == (len(held), sum(w for _, _, w in held))
        if held:
            assert row["mean_probability"] == pytest.approx(mean([(p, w) for p, _, w in held]))
            assert row["share_true"] == pytest.approx(mean([(y, w) for _, y, w in held]))
        else:
            assert [row[name] for name in NAMES[4:]] == [None] * 4
    assert found["pairs"].sum() == len(pairs)


@given(PAIRS, BINS)
def test_bins_of_equal_width_part_0_to_1(pairs, bins):
    found = calibration(**columns(pairs), bins=bins).bins
    assert found["from"].to_list() == pytest.approx([i / bins for i in range(bins)])
    assert found["to"].to_list() == pytest.approx([(i + 1) / bins for i in range(bins)])


@given(st.lists(PROBABILITIES, min_size=1, max_size=20, unique=True), BINS)
def test_bins_of_equal_count_differ_by_one_pair_where_no_probabilities_are_equal(probabilities, bins):
    found = calibration(probabilities, [True] * len(probabilities), bins=bins, by="count").bins
    assert found.height == min(bins, len(probabilities))
    assert found["pairs"].max() - found["pairs"].min() <= 1


@given(SOME, BINS)
def test_bins_of_equal_count_reach_from_their_smallest_to_their_largest_probability(pairs, bins):
    found = calibration(**columns(pairs), bins=bins, by="count").bins
    probabilities = {p for p, _, _ in pairs}
    assert {*found["from"], *found["to"]} <= probabilities
    assert (found["from"][0], found["to"][-1]) == (min(probabilities), max(probabilities))
    assert all(end < start for end, start in zip(found["to"][:-1], found["from"][1:], strict=True))
    assert found["pairs"].min() > 0


def test_equal_probabilities_share_a_bin():
    found = calibration([0.1] * 5 + [0.9] * 5, [False] * 5 + [True] * 5, bins=4, by="count")
    assert found.bins.select("from", "to", "pairs", "share_true").rows() == [(0.1, 0.1, 5, 0), (0.9, 0.9, 5, 1)]


@given(SOME)
def test_brier_and_log_loss_are_means_over_pairs(pairs):
    found = calibration(**columns(pairs))
    given_true = [(min(max(p if y else 1 - p, 1e-15), 1 - 1e-15), w) for p, y, w in pairs]
    assert found.brier == pytest.approx(mean([((p - y) ** 2, w) for p, y, w in pairs]), abs=1e-12)
    assert found.log_loss == pytest.approx(mean([(-math.log(q), w) for q, w in given_true]), abs=1e-12)


@pytest.mark.parametrize(("probability", "loss"), [(0.0, 34.539), (0.5, 0.693), (1.0, 0.0)])
def test_being_sure_and_wrong_costs_much_and_not_infinity(probability, loss):
    assert calibration([probability], [True]).log_loss == pytest.approx(loss, abs=1e-3)
    assert calibration([1 - probability], [False]).log_loss == pytest.approx(loss, abs=1e-3)


@given(SOME, BINS, WAYS)
def test_the_calibration_error_is_the_mean_distance_over_bins(pairs, bins, by):
    found = calibration(**columns(pairs), bins=bins, by=by)
    filled = found.bins.drop_nulls().select("mean_probability", "share_true", "weight").rows()
    expected = math.fsum(w * abs(p - t) for p, t, w in filled) / sum(w for _, _, w in pairs)
    assert found.expected_calibration_error == pytest.approx(expected, abs=1e-12)


def test_probabilities_that_mean_what_they_say_have_no_error():
    found = calibration([0.25] * 4 + [0.75] * 4, [True, False, False, False, True, True, True, False])
    assert found.expected_calibration_error == 0
    assert found.brier == pytest.approx(0.1875)


@given(SOME, BINS)
def test_a_weight_is_as_good_as_repeating_the_pair_except_for_intervals(pairs, bins):
    repeated = columns([pair for pair in pairs for _ in range(pair[2])])
    one = calibration(**columns(pairs), bins=bins)
    other = calibration(repeated["probabilities"], repeated["truth"], bins=bins)
    assert one.brier == pytest.approx(other.brier)
    assert one.log_loss == pytest.approx(other.log_loss)
    assert one.expected_calibration_error == pytest.approx(other.expected_calibration_error, abs=1e-12)
    assert one.bins["weight"].to_list() == other.bins["pairs"].to_list()


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.5, 0.95]))
def test_the_ends_of_an_interval_are_the_shares_that_are_just_not_too_far(found, level):
    """An end π solves |p - π| = z √(π(1 - π)/n)."""
    true, n = found
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = wilson(np.array([true / n]), np.array([float(n)]), level)
    for end in (float(low[0]), float(high[0])):
        assert abs(true / n - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n), abs=1e-7)
    assert 0 <= low[0] <= true / n <= high[0] <= 1
    assert low[0] < high[0]


def test_the_interval_of_none_of_ten():
    """At 95 % it ends at z² / (n + z²) = 3.8415 / 13.8415."""
    found = calibration([0.3] * 10, [False] * 10, bins=1).bins
    assert (found["low"][0], round(found["high"][0], 4)) == (0, 0.2775)


def test_equal_weights_leave_intervals_as_they_are_and_unequal_ones_widen_them():
    truth = [True, False, True, True]
    plain, heavy, skew = (calibration([0.5] * 4, truth, bins=1, weights=w).bins for w in (None, [7] * 4, [1, 1, 1, 5]))
    assert heavy.select("low", "high").rows()[0] == pytest.approx(plain.select("low", "high").rows()[0])
    effective = (1 + 1 + 1 + 5) ** 2 / (1 + 1 + 1 + 25)
    low, high = wilson(np.array([7 / 8]), np.array([effective]))
    assert skew.select("low", "high").rows()[0] == pytest.approx((low[0], high[0]))


@pytest.mark.parametrize(("by", "rows"), [("width", 10), ("count", 0)])
def test_without_a_pair_there_is_nothing_to_measure(by, rows):
    found = calibration([], [], by=by)
    assert found.bins.height == rows
    assert all(math.isnan(x) for x in (found.brier, found.log_loss, found.expected_calibration_error))


@pytest.mark.parametrize("outside", [-0.1, 1.1, math.inf])
def test_probabilities_outside_0_to_1_are_counted(outside):
    with pytest.raises(ConfigurationError, match="1 of 2 probabilities lie outside"):
        calibration([0.5, outside], [True, False])


@pytest.mark.parametrize("bins", [0, -1, 2.5, True])
def test_bins_are_a_whole_number(bins):
    with pytest.raises(ConfigurationError, match="bins must be a whole number"):
        calibration([0.5], [True], bins=bins)


def test_there_are_two_ways_to_cut_bins():
    with pytest.raises(ConfigurationError, match="by must be 'width' or 'count'"):
        calibration([0.5], [True], by="height")


def test_what_is_given_is_checked():
    with pytest.raises(ConfigurationError, match="1 of 1 values of probabilities are missing"):
        calibration([math.nan], [True])
    with pytest.raises(ConfigurationError, match="go together by position"):
        calibration([0.5], [True, True])
    with pytest.raises(ConfigurationError, match="1 of 1 weights"):
        calibration([0.5], [True], weights=[0])
    with pytest.raises(UnsupportedInputError):
        calibration(["half"], [True])


def test_it_shows_its_figures():
    found = calibration([0.25] * 4, [True, False, False, True], bins=1)
    assert repr(found) == (
        "<Calibration: 4 labeled pairs in 1 bin, Brier 0.312, log loss 0.837, calibration error 0.250>"
    )
