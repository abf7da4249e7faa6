"""How good a resolution is, judged against labels.

A clustering goes in as one label per record, aligned by position, or as a crosswalk table; a score comes out. Labels
are only compared for equality, so their type and their names do not matter. Records without a true label are left out
and counted. Nothing here knows how a clustering came about.
"""

from identigraph.metrics.blocking import pairs_completeness, pairs_quality, reduction_ratio
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

__all__ = [
    "ClusterScores",
    "MergeDistance",
    "PairwiseScore",
    "Score",
    "adjusted_rand",
    "b_cubed",
    "closest_cluster",
    "cluster_score",
    "cluster_sizes",
    "compare_clusterings",
    "compare_crosswalks",
    "merge_distance",
    "pairs_completeness",
    "pairs_quality",
    "pairwise",
    "reduction_ratio",
    "v_measure",
]
