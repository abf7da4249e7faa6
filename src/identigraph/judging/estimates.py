"""What precision, recall and F1 are expected to be, without labels."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.judging.held_out import Judged
from identigraph.judging.thresholds import cut_at
from identigraph.metrics.score import harmonic_mean

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
        return harmonic_mean(self.precision, self.recall)


def estimated(height: Floats, cut: float, judged: Judged) -> Estimated:
    """Return what is expected of the clusters of a cut.

    Args:
        height: shape (pairs,): the log2 odds at which each scored pair comes to share a cluster.
        cut: the height that clusters were cut at.
        judged: how likely these pairs are of one entity.
    """
    found = {each.comparator: cut_at(cut, height, each.chance) for each in judged.held_out}
    rows = [(name, one.precision, one.recall, one.f1) for name, one in found.items()]
    table = pl.DataFrame(rows, schema=["comparator", "precision", "recall", "f1"], orient="row")
    whole, scores = cut_at(cut, height, judged.chance), [one.f1 for one in found.values()]
    return Estimated(whole.precision, whole.recall, min(scores), max(scores), table)
