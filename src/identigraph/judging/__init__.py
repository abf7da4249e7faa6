"""Judging without labels: what clusters are worth, told by fields that they have not seen."""

from identigraph.judging.answers import corrected
from identigraph.judging.estimates import Estimated, estimated
from identigraph.judging.guards import Guards, guarded
from identigraph.judging.held_out import HeldOut, Judged, dendrogram_of, judged
from identigraph.judging.thresholds import Cut, best_cut, cut_at

__all__ = [
    "Cut",
    "Estimated",
    "Guards",
    "HeldOut",
    "Judged",
    "best_cut",
    "corrected",
    "cut_at",
    "dendrogram_of",
    "estimated",
    "guarded",
    "judged",
]
