"""Answers to some pairs correct what is believed of all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from identigraph.errors import ConfigurationError
from identigraph.judging import HeldOut, Judged, corrected
from identigraph.odds import log2_odds, probability_of

Floats = npt.NDArray[np.float64]
HEIGHT = np.repeat([-np.inf, -4.0, -1.0, 2.0, 6.0, np.inf], 50)
BITS = np.tile(np.linspace(-3, 3, 50), 6)


def believed(*shifts: float) -> Judged:
    """Return what comparators say, each so many bits surer than `BITS`."""
    return Judged(tuple(HeldOut(str(by), (), (), probability_of(BITS + by)) for by in shifts))


def drawn(chance: Floats, n: int = 200, seed: int = 0) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return pairs and answers drawn at their chance, of those that ever share a cluster."""
    random = np.random.default_rng(seed)
    place = random.choice(np.flatnonzero(np.isfinite(HEIGHT)), n)
    return place, random.random(n) < chance[place]


def test_answers_that_say_what_is_believed_change_little() -> None:
    before = believed(0.0)
    place, match = drawn(before.chance, 4_000)
    after = corrected(before, BITS, HEIGHT, place, match)
    there = np.isfinite(HEIGHT)
    assert np.abs(after.chance - before.chance)[there].max() < 0.06
    assert [each.comparator for each in after.held_out] == ["0.0"]


@pytest.mark.parametrize("off", [-2.5, 2.5])
def test_what_is_believed_too_surely_or_too_little_is_put_right(off: float) -> None:
    truth = probability_of(BITS - off)
    place, match = drawn(truth)
    after = corrected(believed(0.0), BITS, HEIGHT, place, match)
    there = np.isfinite(HEIGHT)
    error = [float(np.abs(chance - truth)[there].mean()) for chance in (believed(0.0).chance, after.chance)]
    assert error[1] < error[0] / 3


def test_where_height_tells_what_is_believed_does_not_answers_say_so() -> None:
    truth = probability_of(np.clip(HEIGHT, -6, 12))
    place, match = drawn(truth, 600)
    after = corrected(believed(0.0), BITS, HEIGHT, place, match)
    low, high = after.chance[HEIGHT == -4.0].max(), after.chance[HEIGHT == 6.0].min()
    assert low < 0.35
    assert high > 0.65


def test_each_comparator_is_corrected_alike() -> None:
    before = believed(-1.0, 1.0)
    place, match = drawn(probability_of(BITS - 2))
    after = corrected(before, BITS, HEIGHT, place, match)
    one, other = (log2_odds(each.chance) for each in after.held_out)
    there = np.isfinite(HEIGHT)
    gap = (other - one)[there]
    assert gap == pytest.approx(gap[0])
    assert gap[0] > 0
    assert after.chance[there] == pytest.approx(np.mean([each.chance for each in after.held_out], axis=0)[there])


def test_pairs_that_never_share_a_cluster_are_no_matches_and_those_that_always_do_are_as_the_surest() -> None:
    place, match = drawn(believed(0.0).chance)
    for before in (believed(0.0), None):
        after = corrected(before, BITS, HEIGHT, place, match).chance
        assert (after[np.isneginf(HEIGHT)] == 0).all()
        assert (after[np.inf == HEIGHT] >= after[HEIGHT == 6.0]).all()


def test_with_nothing_believed_odds_and_height_count_half_until_answers_say_otherwise() -> None:
    truth = probability_of((BITS + np.clip(HEIGHT, -6, 12)) / 2)
    place, match = drawn(truth, 3_000)
    after = corrected(None, BITS, HEIGHT, place, match)
    assert [each.comparator for each in after.held_out] == ["answers"]
    assert np.abs(after.chance - truth)[np.isfinite(HEIGHT)].max() < 0.08


def test_answers_of_one_kind_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="labels must hold matches and others"):
        corrected(believed(0.0), BITS, HEIGHT, np.arange(60, 70), np.ones(10, dtype=bool))
