"""Probabilities as log2 odds, and back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CERTAIN = 40.0
"""Log2 odds of what is taken as certain."""


def log2_odds(probability: npt.NDArray[np.floating]) -> Floats:
    """Return the log2 odds of probabilities, at most 40 and at least -40.

    Examples:
        >>> log2_odds(np.array([0.5, 0.8, 1.0])).round(6).tolist()
        [0.0, 2.0, 40.0]
    """
    exact = probability.astype(np.float64)
    with np.errstate(divide="ignore"):
        odds: Floats = np.clip(np.log2(exact / (1 - exact)), -CERTAIN, CERTAIN)
    return odds


def probability_of(log2_odds: Floats) -> Floats:
    """Return the probabilities of log2 odds: ``1 / (1 + 2**-odds)``.

    Examples:
        >>> probability_of(np.array([0.0, 1.0])).round(3).tolist()
        [0.5, 0.667]
    """
    probability: Floats = 1 / (1 + np.exp2(-np.clip(log2_odds, -1000, 1000)))
    return probability


def weight_of(probability: float) -> float:
    """Return the log2 odds of one probability, without bound: infinite for 0 and 1.

    Examples:
        >>> weight_of(0.5), round(weight_of(0.75), 3), weight_of(0)
        (0.0, 1.585, -inf)
    """
    if probability <= 0:
        return float("-inf")
    if probability >= 1:
        return float("inf")
    return float(np.log2(probability / (1 - probability)))
