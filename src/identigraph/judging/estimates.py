"""What precision, recall and F1 are expected to be, without labels."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.judging.held_out import Judged
from identigraph.judging.thresholds import Cut, cut_at

Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False)
class Estimated:
    """Precision, recall and F1 of the pairs of clusters, estimated without labels.

    Each comparator left out gives an estimate of its own; how far they are apart is the least that is unsure.

    Args:
        precision: expected share of the pairs made that are of one entity, 0 to 1.
        recall: expected share of the pairs of one entity that are made, 0 to 1.
        low, high: the lowest and the highest F1 that a comparator left out gives.
        table: one row per comparator left out: ``comparator, precision, recall, f1``.
    """

    precision: float
    recall: float
    low: float
    high: float
    table: pl.DataFrame = attrs.field(repr=False)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


def estimated(height: Floats, cut: float, judged: Judged, *, proposed: float = 1.0) -> Estimated:
    """Return what is expected of the clusters of a cut.

    Args:
        height: shape (pairs,): the log2 odds at which each scored pair comes to share a cluster.
        cut: the height that clusters were cut at.
        judged: how likely these pairs are of one entity.
        proposed: the share of all matches that blocking is estimated to propose; recall is lowered by it.
    """
    found = [(each.comparator, cut_at(cut, height, each.chance)) for each in judged.held_out]
    rows = [(name, one.precision, one.recall * proposed, _f1(one, proposed)) for name, one in found]
    table = pl.DataFrame(rows, schema=["comparator", "precision", "recall", "f1"], orient="row")
    whole = cut_at(cut, height, judged.chance)
    scores = np.array([row[3] for row in rows])
    return Estimated(whole.precision, whole.recall * proposed, float(scores.min()), float(scores.max()), table)


def _f1(cut: Cut, proposed: float) -> float:
    return attrs.evolve(cut, recall=cut.recall * proposed).f1
