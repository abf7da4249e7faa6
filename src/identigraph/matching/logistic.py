"""Logistic regression in a few numbers, for calibrating: by Newton's method, with a little ridge."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.errors import ConfigurationError

Floats = npt.NDArray[np.float64]

RIDGE = 0.01
"""Penalty on the square of each slope, for scores of standard deviation 1: labels without any error would otherwise
drive it to infinity."""
ROUNDS = 50


def fit_logistic(
    scores: Floats,
    match: npt.NDArray[np.bool_],
    *,
    weights: Floats | None = None,
    ridge: float = RIDGE,
    center: Floats | None = None,
) -> tuple[Floats, float]:
    """Return slopes and intercept of the natural log odds of a match.

    The maximum of ``sum w (y s - log(1 + exp(s))) - ridge / 2 * sum((slope - center)**2)`` with ``s = scores @ slopes +
    intercept``, the scores scaled to standard deviation 1. Targets are those of Platt: with m matches among n labels
    ``(m + 1) / (m + 2)`` for a match and ``1 / (n - m + 2)`` for none, so that few labels claim no certainty. With a
    center, which keeps few labels from claiming it, they are 1 and 0.

    Args:
        scores: shape (labels, scores).
        match: shape (labels,).
        weights: shape (labels,), how much each label counts; None: all alike.
        ridge: the penalty, 0 or more.
        center: shape (scores,), the slopes that are taken for right until labels say otherwise; None: 0.

    Raises:
        ConfigurationError: there are no labels, or all are the same.

    Examples:
        >>> scores, match = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([False, False, True, True])
        >>> slopes, intercept = fit_logistic(scores, match)
        >>> round(float(-intercept / slopes[0]), 6)
        1.5

    References:
        J. Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers (1999).
    """
    matches = int(match.sum())
    if matches in {0, len(match)}:
        told = "there are none" if len(match) == 0 else f"all {len(match):,} say the same"
        raise ConfigurationError(f"labels must hold matches and others, but {told}; label pairs of both kinds")
    worth = np.ones(len(match)) if weights is None else weights
    target = match.astype(np.float64)
    if center is None:
        target = np.where(match, (matches + 1) / (matches + 2), 1 / (len(match) - matches + 2))
    spread = np.where(scores.std(axis=0) > 0, scores.std(axis=0), 1.0)
    middle = scores.mean(axis=0)
    design = np.column_stack([(scores - middle) / spread, np.ones(len(match))])
    penalty = np.append(np.full(scores.shape[1], ridge), 0.0)
    start = np.append(np.zeros(scores.shape[1]) if center is None else center * spread, 0.0)
    found = _newton(design, target, worth, penalty, start)
    slopes = found[:-1] / spread
    return slopes, float(found[-1] - middle @ slopes)


def fit_rising(
    scores: Floats, match: npt.NDArray[np.bool_], *, ridge: float = RIDGE, center: Floats | None = None
) -> tuple[Floats, float]:
    """Return slopes and intercept as `fit_logistic` does, no slope below 0.

    Scores that speak against what they should say are left out, and the rest is fitted again.

    Examples:
        >>> scores, match = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([True, True, False, False])
        >>> fit_rising(scores, match)[0].tolist()
        [0.0]
    """
    used = np.flatnonzero(scores.any(axis=0))
    while True:
        middle = None if center is None else center[used]
        slopes, intercept = fit_logistic(scores[:, used], match, ridge=ridge, center=middle)
        if (slopes >= 0).all():
            rising = np.zeros(scores.shape[1])
            rising[used] = slopes
            return rising, intercept
        used = used[slopes >= 0]


def _newton(design: Floats, target: Floats, worth: Floats, penalty: Floats, center: Floats) -> Floats:
    """Return the coefficients at the maximum; steps are halved until they lead upwards."""
    found = center.copy()
    best = _loss(design, target, worth, penalty, found - center, found)
    for _ in range(ROUNDS):
        probability = 1 / (1 + np.exp(-np.clip(design @ found, -500, 500)))
        gradient = design.T @ (worth * (probability - target)) + penalty * (found - center)
        curvature = (design.T * (worth * probability * (1 - probability))) @ design + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (
            size > 1e-6
            and (after := _loss(design, target, worth, penalty, found - size * step - center, found - size * step))
            > best
        ):
            size /= 2
        if size <= 1e-6 or best - after < 1e-10:
            break
        found, best = found - size * step, after
    return found


def _loss(design: Floats, target: Floats, worth: Floats, penalty: Floats, moved: Floats, found: Floats) -> float:
    score = design @ found
    return float(np.sum(worth * (np.logaddexp(0, score) - target * score)) + (penalty * moved**2).sum() / 2)
