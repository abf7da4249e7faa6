"""The cut of a dendrogram at which F1 is expected to be highest, by what held-out comparators say.

Taken from the surest down, pairs are worth taking while they are matches with more than half the probability that F1
then is (Lipton, Elkan and Naryanaswamy 2014): below that, each costs more than it brings.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.judging.held_out import HIGHEST, LOWEST
from identigraph.metrics.score import harmonic_mean

Floats = npt.NDArray[np.float64]

STEP = 0.25
"""Log2 odds between the cuts that are tried."""
LIKELY = 0.1
"""Pairs that are likely matches by less do not count as lost: what is said of them is mostly error."""
FEWEST = 200
"""Matches that it takes to cut below even odds: what fewer say is too unsure to join on."""


@attrs.frozen
class Cut:
    """Where to cut a dendrogram, and what is expected of the pairs then made.

    Args:
        height: in log2 odds.
        precision: the share of pairs made that are matches; 1 where none is made.
        recall: the share of matches, among all pairs that ever share a cluster, that are made; 1 where there is none.
    """

    height: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return harmonic_mean(self.precision, self.recall)


def best_cut(height: Floats, chance: Floats) -> Cut | None:
    """Return the cut of the highest expected F1, of equal ones the highest; None where it would be the lowest tried.

    For then nothing is ever said to be unlikely, and the judges cannot tell. With fewer than 200 matches no cut below
    even odds is tried.

    Args:
        height: shape (pairs,): the log2 odds at which each pair comes to share a cluster.
        chance: shape (pairs,): the probability of each pair to be a match.

    Examples:
        Of 50 pairs each, a fifth, seven in ten and all are matches; without the first, 85 of 95 are found.

        >>> height, chance = np.repeat([-2.0, 0.0, 3.0], 50), np.repeat([0.2, 0.7, 1.0], 50)
        >>> cut = best_cut(height, chance)
        >>> cut.height, round(cut.precision, 2), round(cut.recall, 3)
        (0.0, 0.85, 0.895)
    """
    lowest = LOWEST if _there(chance) >= FEWEST else 0
    tried = np.arange(HIGHEST / STEP, lowest / STEP - 1, -1) * STEP
    order = np.argsort(-height, kind="stable")
    made = np.searchsorted(-height[order], -tried, side="right")
    right = np.append(0.0, np.cumsum(chance[order]))[made]
    expected = 2 * right / np.maximum(made + _there(chance), 1e-9)
    best = int(np.argmax(expected))
    return None if tried[best] == LOWEST else cut_at(float(tried[best]), height, chance)


def cut_at(cut: float, height: Floats, chance: Floats) -> Cut:
    """Return what is expected of one cut.

    Examples:
        >>> height, chance = np.repeat([-2.0, 0.0, 3.0], 50), np.repeat([0.2, 0.7, 1.0], 50)
        >>> cut_at(1.0, height, chance)
        Cut(height=1.0, precision=1.0, recall=0.5263157894736842)
    """
    made, there = chance[height >= cut], _there(chance)
    right = float(made.sum())
    return Cut(cut, right / len(made) if len(made) else 1.0, min(right / there, 1.0) if there else 1.0)


def _there(chance: Floats) -> float:
    """Return how many matches there are to be made."""
    return float(chance[chance >= LIKELY].sum())
