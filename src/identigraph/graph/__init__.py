"""The identity graph and its cluster builders."""

from identigraph.components import connected_components
from identigraph.graph.clusters import ClusterBuilder, Clusters, Components, ScoredPairs, check_probability
from identigraph.graph.linkage import AverageLinkage

__all__ = [
    "AverageLinkage",
    "ClusterBuilder",
    "Clusters",
    "Components",
    "ScoredPairs",
    "check_probability",
    "connected_components",
]
