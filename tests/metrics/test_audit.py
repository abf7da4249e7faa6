"""Allocation of labels against all allocations there are; estimates against exact figures and simulated audits."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError
from identigraph.metrics import QualityEstimate, allocate, estimate_quality

STRATA = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([0.0, 0.1, 0.25, 0.4, 0.5])), min_size=1, max_size=4)
LABELED = st.lists(st.tuples(st.lists(st.booleans(), min_size=1, max_size=5), st.integers(0, 9), st.booleans()))
"""The labels of each stratum, how many pairs are not labeled, and the decision."""


def variance(sizes: list[int], spread: list[float], labels: tuple[int, ...]) -> float:
    """Return the variance of the estimated matches, up to a constant: sum of (N S)² / n."""
    return math.fsum((size * s) ** 2 / n for size, s, n in zip(sizes, spread, labels, strict=True) if n)


@given(STRATA, st.integers(0, 30), st.integers(1, 3))
def test_no_other_allocation_within_the_bounds_varies_less(strata, n, least):
    sizes, spread = [size for size, _ in strata], [s for _, s in strata]
    floor = [min(least, size) for size in sizes]
    n = max(n, sum(floor))
    found = tuple(allocate(sizes, spread, n, least=least).tolist())
    choices = product(*(range(low, size + 1) for low, size in zip(floor, sizes, strict=True)))
    allowed = [labels for labels in choices if sum(labels) == min(n, sum(sizes))]
    assert found in allowed
    best = min(variance(sizes, spread, labels) for labels in allowed)
    assert variance(sizes, spread, found) == pytest.approx(best)


@pytest.mark.parametrize("spread", [[0.5, 0.5, 0.5], [0, 0, 0]])
def test_strata_of_equal_spread_share_labels_by_size(spread):
    assert allocate([1_000, 2_000, 3_000], spread, 60).tolist() == [10, 20, 30]


def test_labels_are_proportional_to_size_times_spread():
    assert allocate([1_000, 4_000], [0.4, 0.1], 100).tolist() == [50, 50]
    assert allocate([1_000, 1_000], [0.1, 0.4], 100).tolist() == [20, 80]


def test_of_strata_that_are_worth_the_same_the_larger_and_then_the_earlier_comes_first():
    assert allocate([4, 8], [0.5, 0.25], 5).tolist() == [2, 3]
    assert allocate([8, 8], [0.25, 0.25], 5).tolist() == [3, 2]


def test_strata_of_no_spread_get_the_least_until_the_others_are_full():
    assert allocate([10, 3], [0, 0.5], 5).tolist() == [2, 3]
    assert allocate([10, 3], [0, 0.5], 9).tolist() == [6, 3]


def test_more_labels_than_pairs_label_all():
    assert allocate([3, 0, 1], [0.1, 0.1, 0.1], 99).tolist() == [3, 0, 1]
    assert allocate([], [], 5).tolist() == []


@pytest.mark.parametrize(
    ("sizes", "spread", "n", "least", "message"),
    [
        ([5, 5], [0.1, 0.1], 3, 2, "n is 3, but 2 labels for each stratum make 4"),
        ([5, -1], [0.1, 0.1], 9, 2, "1 of 2 values of sizes are not whole numbers"),
        ([5, 1.5], [0.1, 0.1], 9, 2, "1 of 2 values of sizes are not whole numbers"),
        ([5, math.inf], [0.1, 0.1], 9, 2, "1 of 2 values of sizes are not whole numbers"),
        ([5, None], [0.1, 0.1], 9, 2, "1 of 2 values of sizes are missing"),
        ([5, 5], [-0.1, math.inf], 9, 2, "2 of 2 spreads"),
        ([5, 5], [0.1], 9, 2, "go together by position"),
        ([5, 5], [0.1, 0.1], 9, 0, "least must be at least 1"),
    ],
)
def test_what_cannot_be_allocated_is_told(sizes, spread, n, least, message):
    with pytest.raises(ConfigurationError, match=message):
        allocate(sizes, spread, n, least=least)


def arguments(labeled: list[tuple[list[bool], int, bool]]) -> tuple[list[int], list[int], list[bool], list[bool]]:
    """Return strata, sizes, predicted and truth."""
    strata = [h for h, (labels, _, _) in enumerate(labeled) for _ in labels]
    truth = [label for labels, _, _ in labeled for label in labels]
    return strata, [len(labels) + rest for labels, rest, _ in labeled], [side for _, _, side in labeled], truth


def of(part: Fraction, whole: Fraction) -> float:
    """Return a share, 1 where there is nothing."""
    return float(part / whole) if whole else 1.0


def intervals(found: QualityEstimate) -> list[tuple[float, float, float]]:
    """Return the low end, the estimate and the high end of each measure."""
    return [(low, estimate, high) for _, estimate, low, high in found.to_frame().rows()]


@given(LABELED)
def test_each_stratum_counts_as_its_labels_times_what_they_stand_for(labeled):
    found = estimate_quality(*arguments(labeled), draws=5)
    matches = [Fraction(sum(labels) * (len(labels) + rest), len(labels)) for labels, rest, _ in labeled]
    sizes = [Fraction(len(labels) + rest) for labels, rest, _ in labeled]
    right = sum((t for t, (_, _, side) in zip(matches, labeled, strict=True) if side), Fraction())
    said = sum((n for n, (_, _, side) in zip(sizes, labeled, strict=True) if side), Fraction())
    every = sum(matches, Fraction())
    assert found.precision == pytest.approx(of(right, said))
    assert found.recall == pytest.approx(of(right, every))
    assert found.f1 == pytest.approx(of(2 * right, said + every))
    assert (found.labeled, found.pairs) == (sum(len(labels) for labels, _, _ in labeled), sum(sizes))
    assert all(0 <= low <= estimate <= high <= 1 for low, estimate, high in intervals(found))


@given(LABELED)
def test_where_all_pairs_are_labeled_nothing_is_open(labeled):
    found = estimate_quality(*arguments([(labels, 0, side) for labels, _, side in labeled]), draws=5)
    assert all(low == estimate == high for low, estimate, high in intervals(found))


@given(LABELED, st.randoms())
def test_the_order_of_labeled_pairs_changes_nothing(labeled, random: Random):
    strata, sizes, predicted, truth = arguments(labeled)
    moved = list(zip(strata, truth, strict=True))
    random.shuffle(moved)
    other = estimate_quality([h for h, _ in moved], sizes, predicted, [y for _, y in moved], draws=5)
    assert estimate_quality(strata, sizes, predicted, truth, draws=5) == other


def possible(true: int, labeled: int, size: int) -> list[float]:
    """Return the chance of each number of matches among the unseen pairs: the beta-binomial distribution."""
    a, b, rest = true + 0.5, labeled - true + 0.5, size - labeled

    def beta(x: float, y: float) -> float:
        return math.exp(math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y))

    return [math.comb(rest, k) * beta(k + a, rest - k + b) / beta(a, b) for k in range(rest + 1)]


def ends(outcomes: list[tuple[float, float]], level: float) -> tuple[float, float]:
    """Return the quantiles of (figure, chance)."""
    ordered = sorted(outcomes)
    sums = np.cumsum([chance for _, chance in ordered])
    return tuple(ordered[int(np.argmax(sums >= q))][0] for q in ((1 - level) / 2, (1 + level) / 2))


def test_intervals_are_quantiles_of_what_the_labels_leave_possible():
    """Strata of 8 and 9 pairs, 3 and 4 labeled: all numbers of matches there can be, with their chances."""
    one, other = possible(2, 3, 8), possible(1, 4, 9)
    precision = [((2 + j) / 8, p) for j, p in enumerate(one)]
    recall = [((2 + j) / (3 + j + k), p * q) for j, p in enumerate(one) for k, q in enumerate(other)]
    f1 = [(2 * (2 + j) / (11 + j + k), p * q) for j, p in enumerate(one) for k, q in enumerate(other)]
    found = estimate_quality(
        [0] * 3 + [1] * 4, [8, 9], [True, False], [1, 1, 0, 1, 0, 0, 0], level=0.8, draws=40_000, seed=1
    )
    assert (found.precision_low, found.precision_high) == pytest.approx(ends(precision, 0.8))
    assert (found.recall_low, found.recall_high) == pytest.approx(ends(recall, 0.8), abs=0.01)
    assert (found.f1_low, found.f1_high) == pytest.approx(ends(f1, 0.8), abs=0.01)
    assert found.level == 0.8


@pytest.mark.parametrize("labels", [30, 120])
def test_intervals_hold_the_truth_about_as_often_as_they_say(labels):
    """200 audits of populations of four strata; at 95 %, chance alone makes less than 88 % or 100 % very rare."""
    random = np.random.default_rng(7)
    sizes, rates = np.array([400, 200, 200, 800]), np.array([0.95, 0.75, 0.25, 0.03])
    held = np.zeros(3)
    for audit in range(200):
        truth = [random.random(size) < rate for size, rate in zip(sizes, rates, strict=True)]
        matches = np.array([stratum.sum() for stratum in truth])
        right, said, every = matches[:2].sum(), sizes[:2].sum(), matches.sum()
        seen = np.concatenate([random.choice(stratum, labels, replace=False) for stratum in truth])
        strata = np.repeat(np.arange(4), labels)
        found = estimate_quality(strata, sizes, [True, True, False, False], seen, draws=500, seed=audit)
        figures = right / said, right / every, 2 * right / (said + every)
        held += [low <= figure <= high for figure, (low, _, high) in zip(figures, intervals(found), strict=True)]
    assert all(0.88 <= share <= 0.99 for share in held / 200)


def test_a_large_stratum_without_a_match_in_sight_still_may_hold_many():
    found = estimate_quality([0] * 50 + [1] * 50, [1_000, 1_000_000], [True, False], [True] * 50 + [False] * 50)
    assert found.recall == found.recall_high == 1
    assert found.recall_low < 0.1


def test_more_labels_and_lower_levels_narrow_an_interval():
    def width(labels: int, level: float) -> float:
        found = estimate_quality([0] * labels, [1_000], [True], [True, False] * (labels // 2), level=level)
        return found.precision_high - found.precision_low

    assert width(100, 0.95) < width(20, 0.95)
    assert width(20, 0.5) < width(20, 0.95)


def test_a_seed_draws_the_same_and_another_about_the_same():
    given_pairs = ([0] * 20, [1_000], [True], [True] * 15 + [False] * 5)
    one, same, other = (estimate_quality(*given_pairs, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert (one.precision_low, one.precision_high) == pytest.approx(
        (other.precision_low, other.precision_high), abs=0.02
    )


def test_a_stratum_without_pairs_needs_no_label():
    found = estimate_quality([0, 2], [1, 0, 1], [True, True, False], [True, True])
    assert (found.precision, found.recall) == (1, 0.5)


@pytest.mark.parametrize(
    ("strata", "sizes", "predicted", "truth", "message"),
    [
        ([0], [5, 7, 8], [1, 1, 0], [True], "2 of 3 strata, with 15 pairs, have no labeled pair"),
        ([0, 0, 1], [1, 7], [1, 0], [True] * 3, "1 of 2 strata have more labeled pairs than pairs"),
        ([0, 2], [5, 7], [1, 0], [True] * 2, "1 of 2 labeled pairs are in no stratum"),
        ([0, -1], [5, 7], [1, 0], [True] * 2, "1 of 2 values of strata are not whole numbers"),
        ([0], [5], [1, 0], [True], "go together by position"),
        ([0], [5], [1], [True, True], "go together by position"),
        ([0], [5], [1], [None], "1 of 1 values of truth are missing"),
    ],
)
def test_what_tells_too_little_is_told(strata, sizes, predicted, truth, message):
    with pytest.raises(ConfigurationError, match=message):
        estimate_quality(strata, sizes, predicted, truth)


@pytest.mark.parametrize("settings", [{"level": 0}, {"level": 1}, {"level": 95}, {"level": math.nan}, {"draws": 0}])
def test_settings_have_their_range(settings):
    with pytest.raises(RangeError, match=next(iter(settings))):
        estimate_quality([0], [5], [True], [True], **settings)


def test_decisions_are_booleans():
    with pytest.raises(UnsupportedInputError, match="booleans for predicted"):
        estimate_quality([0], [5], ["yes"], [True])


def test_the_frame_holds_each_measure_with_its_interval():
    found = estimate_quality([0, 0, 1], [9, 1], [True, False], [True, False, True], draws=50)
    assert found.to_frame().columns == ["measure", "estimate", "low", "high"]
    assert found.to_frame().rows() == [
        (name, *(getattr(found, name + end) for end in ("", "_low", "_high"))) for name in ("precision", "recall", "f1")
    ]
