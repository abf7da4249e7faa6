"""Logistic regression: its gradient vanishes, and it claims no certainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.matching import logistic
from identigraph.matching.logistic import fit_logistic, fit_rising


def gradient(scores, match, ridge, center, slopes, intercept) -> np.ndarray:
    """Return the gradient of the loss, by the plain formula, in units of standard deviations."""
    n, matches = len(match), int(match.sum())
    certain = np.ndim(center) > 0
    target = [(matches + 1) / (matches + 2) if yes else 1 / (n - matches + 2) for yes in match]
    target = match if certain else target
    left = 1 / (1 + np.exp(-(scores @ slopes + intercept))) - target
    spread = np.where(scores.std(axis=0) > 0, scores.std(axis=0), 1)
    return np.append(
        (left[:, None] * (scores - scores.mean(axis=0)) / spread).sum(axis=0) + ridge * (slopes - center) * spread,
        left.sum(),
    )


@given(
    st.integers(0, 500),
    st.integers(2, 40),
    st.integers(0, 3),
    st.sampled_from([0.01, 0.3, 2.0]),
    st.booleans(),
)
def test_no_other_slopes_do_better(seed, n, k, ridge, trusted) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(n, k)) * 10 ** random.uniform(-2, 2, k) + random.normal(size=k)
    match = np.append(random.random(n - 2) < 0.4, [True, False])
    center = random.normal(size=k) / np.where(scores.std(axis=0) > 0, scores.std(axis=0), 1) if trusted else None
    slopes, intercept = fit_logistic(scores, match, ridge=ridge, center=center)
    assert gradient(scores, match, ridge, 0 if center is None else center, slopes, intercept) == pytest.approx(
        np.zeros(k + 1), abs=1e-3
    )


def test_labels_without_any_error_drive_nothing_to_infinity() -> None:
    scores = np.linspace(-1e3, 1e3, 50)[:, None]
    slopes, intercept = fit_logistic(scores, scores[:, 0] > 0)
    assert np.isfinite(slopes).all()
    assert 1 / (1 + np.exp(-(slopes[0] * 40 + intercept))) < 0.99


def test_rounds_are_limited(monkeypatch) -> None:
    scores = np.linspace(-3, 3, 40)[:, None] ** 3
    match = scores[:, 0] + np.tile([6, -6], 20) > 0
    rested = fit_logistic(scores, match)[0][0]
    monkeypatch.setattr(logistic, "ROUNDS", 1)
    assert 0 < fit_logistic(scores, match)[0][0] < rested * 0.99


def test_scores_that_are_all_alike_tell_nothing() -> None:
    slopes, intercept = fit_logistic(np.ones((10, 1)), np.arange(10) < 3)
    target = (3 * 4 / 5 + 7 / 9) / 10
    assert slopes[0] + intercept == pytest.approx(np.log(target / (1 - target)), abs=1e-3)


def test_slopes_taken_for_right_stay_where_labels_say_little() -> None:
    """With a large ridge they are kept, and the intercept follows them; what is left out takes its own along."""
    random = np.random.default_rng(3)
    scores = random.normal(size=(30, 3))
    match = np.arange(30) % 3 == 0
    center = np.array([1.0, -2.0, 0.5])
    slopes, intercept = fit_logistic(scores, match, ridge=1e7, center=center)
    assert slopes == pytest.approx(center, abs=1e-4)
    chance = 1 / (1 + np.exp(-(scores @ center + intercept)))
    assert chance.sum() == pytest.approx(10, abs=1e-3)
    rising, _ = fit_rising(scores, match, ridge=1e7, center=center)
    assert rising == pytest.approx([1, 0, 0.5], abs=1e-4)


def test_a_larger_ridge_means_smaller_slopes() -> None:
    scores = np.arange(20.0)[:, None]
    match = scores[:, 0] > 9
    small, large = (fit_logistic(scores, match, ridge=ridge)[0][0] for ridge in (0.01, 10))
    assert 0 < large < small


@pytest.mark.parametrize(
    ("match", "told"), [([], "there are none"), ([True, True], "all 2 say the same"), ([False], "all 1 say")]
)
def test_labels_of_one_kind_are_refused(match, told) -> None:
    with pytest.raises(ConfigurationError, match=f"labels must hold matches and others, but {told}"):
        fit_logistic(np.zeros((len(match), 1)), np.array(match, dtype=bool))


@pytest.mark.parametrize("signs", [(1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (1, 0), (0, 0), (1, 1, -1, 0)])
def test_scores_that_speak_against_what_they_should_say_are_left_out(signs) -> None:
    random = np.random.default_rng(1)
    match = np.arange(400) % 2 == 0
    scores = np.column_stack([sign * (match - 0.5 + random.normal(size=400)) for sign in signs])
    slopes, intercept = fit_rising(scores, match, ridge=0.3)
    used = [i for i, sign in enumerate(signs) if sign > 0]
    expected, middle = fit_logistic(scores[:, used], match, ridge=0.3)
    assert slopes[used].tolist() == expected.tolist()
    assert intercept == middle
    assert [slope > 0 for slope in slopes] == [sign > 0 for sign in signs]


def test_a_score_that_speaks_against_beside_another_is_left_out_too() -> None:
    """Alone the second rises; beside the first, which says the same and more, it would fall."""
    random = np.random.default_rng(2)
    match = np.arange(600) % 2 == 0
    noise = random.normal(size=600)
    scores = np.column_stack([match + noise, 0.2 * match + noise])
    assert fit_logistic(scores, match)[0][1] < 0 < fit_logistic(scores[:, 1:], match)[0][0]
    slopes, _ = fit_rising(scores, match)
    assert (slopes[0], slopes[1]) == (fit_logistic(scores[:, :1], match)[0][0], 0)
