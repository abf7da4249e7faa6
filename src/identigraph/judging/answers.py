"""What answers to some pairs say of how likely all are: the chances that held-out comparators tell, corrected.

A few answers cannot tell what thousands of pairs tell, but they can tell where these are wrong. Logistic regression of
the answers on what is believed and on the height at which both records come to share a cluster:

    log odds = a (log odds believed) + b (height) + c

where until answers say otherwise what is believed is taken at its word, a = 1 and b = 0; where nothing is, a and b are
one half each, of the pair's own odds and of its height.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.judging.held_out import LOWEST, HeldOut, Judged
from identigraph.matching.logistic import fit_rising
from identigraph.odds import log2_odds, probability_of
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST_ODDS = 12.0
"""Log2 odds, and heights, count up to this."""
RIDGE = 0.3
"""Penalty on the square of how far each slope is from what is trusted."""


def corrected(believed: Judged | None, odds: Floats, height: Floats, place: Ints, match: Mask) -> Judged:
    """Return what is believed of all pairs, corrected by what is known of some.

    Args:
        believed: what comparators left out say; None: nothing.
        odds: shape (pairs,): log2 odds of each pair alone.
        height: shape (pairs,): the log2 odds at which both records come to share a cluster.
        place: shape (answers,): which pairs were answered.
        match: shape (answers,): the answers, of both kinds.

    Raises:
        ConfigurationError: all answers are the same.
    """
    level = np.clip(height, LOWEST - 1, MOST_ODDS)
    if believed is None:
        known, trusted = np.clip(odds, -MOST_ODDS, MOST_ODDS), (0.5, 0.5)
    else:
        known, trusted = _odds(believed.chance), (1.0, 0.0)
    told = np.column_stack([known, level])[place]
    (a, b), c = fit_rising(told, match, ridge=RIDGE, center=np.log(2) * np.array(trusted))

    def chance(bits: Floats) -> Floats:
        found = probability_of((a * bits + b * level + c) / np.log(2))
        return np.where(np.isneginf(height), 0.0, found)

    if believed is None:
        return Judged((HeldOut("answers", (), (), chance(known)),))
    return Judged(tuple(attrs.evolve(each, chance=chance(_odds(each.chance))) for each in believed.held_out))


def _odds(chance: Floats) -> Floats:
    return np.clip(log2_odds(chance), -MOST_ODDS, MOST_ODDS)
