"""How good a resolution is, judged against labels.

A clustering goes in as one label per record, aligned by position, or as a crosswalk table; a score comes out. Labels
are only compared for equality, so their type and their names do not matter. Records without a true label are left out
and counted. Scores, probabilities and decisions of pairs are judged against pairs whose truth is known. Nothing here
knows how any of these came about.
"""

from identigraph.metrics.audit import QualityEstimate, allocate, estimate_quality
from identigraph.metrics.blocking import pairs_completeness, pairs_quality, reduction_ratio
from identigraph.metrics.calibration import Calibration, calibration
from identigraph.metrics.clusters import (
    MergeDistance,
    b_cubed,
    closest_cluster,
    cluster_score,
    cluster_sizes,
    merge_distance,
    v_measure,
)
from identigraph.metrics.compare import ClusterScores, compare_clusterings, compare_crosswalks
from identigraph.metrics.pairs import PairwiseScore, adjusted_rand, pairwise
from identigraph.metrics.score import Score
from identigraph.metrics.thresholds import ScoreEvaluation, ThresholdScore, evaluate_scores

__all__ = [
    "Calibration",
    "ClusterScores",
    "MergeDistance",
    "PairwiseScore",
    "QualityEstimate",
    "Score",
    "ScoreEvaluation",
    "ThresholdScore",
    "adjusted_rand",
    "allocate",
    "b_cubed",
    "calibration",
    "closest_cluster",
    "cluster_score",
    "cluster_sizes",
    "compare_clusterings",
    "compare_crosswalks",
    "estimate_quality",
    "evaluate_scores",
    "merge_distance",
    "pairs_completeness",
    "pairs_quality",
    "pairwise",
    "reduction_ratio",
    "v_measure",
]
