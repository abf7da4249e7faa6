"""The cut of the highest expected F1, against trying every cut in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.judging import Cut, best_cut, cut_at
from identigraph.judging.thresholds import FEWEST

CUTS = [Fraction(quarter, 4) for quarter in range(32, -21, -1)]
HEIGHTS = st.sampled_from([-np.inf, np.inf, *(quarter / 4 for quarter in range(-24, 40)), -4.9, 0.1, 2.6])
PAIRS = st.lists(st.tuples(HEIGHTS, st.sampled_from([0.0, 0.0625, 0.125, 0.25, 0.5, 0.75, 0.9375, 1.0])), max_size=25)


def expected(pairs: list[tuple[float, float]], cut: Fraction | float) -> tuple[int, Fraction, Fraction]:
    """Return how many pairs a cut makes, the matches expected of them, and of all that count."""
    made = [Fraction(chance) for height, chance in pairs if height >= cut]
    there = sum((Fraction(chance) for _, chance in pairs if chance >= 0.1), Fraction(0))
    return len(made), sum(made, Fraction(0)), there


def f1(pairs: list[tuple[float, float]], cut: Fraction) -> Fraction:
    """Return the expected F1 of a cut, 0 where no pair is made and none is there."""
    made, right, there = expected(pairs, cut)
    return 2 * right / (made + there) if made + there else Fraction(0)


def arrays(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return heights and chances."""
    return np.array([height for height, _ in pairs]), np.array([chance for _, chance in pairs])


@given(PAIRS, st.sampled_from([1, 40, 4_000]))
def test_the_best_cut_is_the_highest_of_all_with_the_highest_expected_f1(
    pairs: list[tuple[float, float]], times: int
) -> None:
    """None where that is the lowest: then no pair is said to be unlikely. Few matches are not cut below even odds."""
    tried = [cut for cut in CUTS if cut >= 0 or expected(pairs, cut)[2] * times >= FEWEST]
    best = max(tried, key=lambda cut: (f1(pairs, cut), cut))
    height, chance = (np.repeat(column, times) for column in arrays(pairs))
    found = best_cut(height, chance)
    assert found == (None if best == CUTS[-1] else cut_at(float(best), height, chance))


@given(PAIRS, st.sampled_from([-np.inf, np.inf, -5.0, -0.1, 0.0, 2.6, 8.0]))
def test_what_is_expected_of_a_cut_is_what_its_pairs_add_up_to(pairs: list[tuple[float, float]], cut: float) -> None:
    made, right, there = expected(pairs, cut)
    found = cut_at(cut, *arrays(pairs))
    assert found.height == cut
    assert found.precision == (float(right / made) if made else 1.0)
    assert found.recall == (float(min(right / there, Fraction(1))) if there else 1.0)
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / max(found.precision + found.recall, 1e-9))


def test_pairs_that_are_hardly_likely_cost_precision_but_are_not_lost() -> None:
    height, chance = np.array([3.0, 3.0, 1.0]), np.array([1.0, 0.09, 0.1])
    found = cut_at(2.0, height, chance)
    assert (found.precision, found.recall) == (pytest.approx(1.09 / 2), pytest.approx(1.09 / 1.1))
    assert cut_at(0.0, height, chance).recall == 1.0


def test_a_cut_is_not_taken_below_what_is_worth_it() -> None:
    """Pairs worth taking are matches with more than half the F1: 0.5 here, so 0.51 is, and 0.49 is not."""
    for chance, cut in ((0.51, 1.0), (0.49, 3.0)):
        found = best_cut(np.array([3.0] * 300 + [1.0, -4.0]), np.array([1.0] * 300 + [chance, 0.0]))
        assert found is not None
        assert found.height == cut


def test_f1_is_zero_where_nothing_is_right() -> None:
    assert Cut(0.0, 0.0, 0.0).f1 == 0.0
    assert Cut(0.0, 1.0, 0.5).f1 == pytest.approx(2 / 3)
