"""Logistic regression in a few numbers, for calibrating: by Newton's method, with a little ridge."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import ConfigurationError

Floats = npt.NDArray[np.float64]

RIDGE = 0.01
"""Penalty on the square of each slope, for scores of standard deviation 1: labels without any error would otherwise
drive it to infinity."""
ROUNDS = 50
SMALLEST_STEP = 1e-6
RESTED = 1e-10
"""The least gain of a round that is worth another."""


def fit_logistic(
    scores: Floats,
    match: npt.NDArray[np.bool_],
    *,
    ridge: float = RIDGE,
    center: Floats | None = None,
) -> tuple[Floats, float]:
    """Return slopes and intercept of the natural log odds of a match.

    The maximum of ``sum(y s - log(1 + exp(s))) - ridge / 2 * sum((slope - center)**2)`` with ``s = scores @ slopes +
    intercept``, the scores scaled to standard deviation 1. Targets are those of Platt: with m matches among n labels
    ``(m + 1) / (m + 2)`` for a match and ``1 / (n - m + 2)`` for none, so that few labels claim no certainty. With a
    center, which keeps few labels from claiming it, they are 1 and 0.

    Args:
        scores: shape (labels, scores).
        match: shape (labels,).
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
    target = match.astype(np.float64)
    if center is None:
        target = np.where(match, (matches + 1) / (matches + 2), 1 / (len(match) - matches + 2))
    spread = np.where(scores.std(axis=0) > 0, scores.std(axis=0), 1.0)
    middle = scores.mean(axis=0)
    design = np.column_stack([(scores - middle) / spread, np.ones(len(match))])
    penalty = np.append(np.full(scores.shape[1], ridge), 0.0)
    start = np.append(np.zeros(scores.shape[1]) if center is None else center * spread, 0.0)
    found = _Loss(design, target, penalty, start).least()
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


@attrs.frozen(eq=False)
class _Loss:
    """What is to be made the least: the log loss, and the penalty for leaving the center."""

    design: Floats
    target: Floats
    penalty: Floats
    center: Floats

    def least(self) -> Floats:
        """Return the coefficients at the minimum; steps are halved until they lead downwards."""
        found = self.center.copy()
        best = self.at(found)
        for _ in range(ROUNDS):
            step, size = self.step(found), 1.0
            while size > SMALLEST_STEP and self.at(found - size * step) > best:
                size /= 2
            after = self.at(found - size * step)
            if best - after < RESTED:
                break
            found, best = found - size * step, after
        return found

    def at(self, found: Floats) -> float:
        """Return the loss of coefficients."""
        score = self.design @ found
        lost = np.sum(np.logaddexp(0, score) - self.target * score)
        return float(lost + (self.penalty * (found - self.center) ** 2).sum() / 2)

    def step(self, found: Floats) -> Floats:
        """Return the step of Newton's method from coefficients."""
        probability = 1 / (1 + np.exp(-np.clip(self.design @ found, -500, 500)))
        gradient = self.design.T @ (probability - self.target) + self.penalty * (found - self.center)
        curvature = (self.design.T * (probability * (1 - probability))) @ self.design
        return np.asarray(np.linalg.solve(curvature + np.diag(self.penalty + 1e-9), gradient), dtype=np.float64)
