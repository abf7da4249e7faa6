"""The identity graph and its cluster builders."""

from identigraph.graph.clusters import ClusterBuilder, Clusters, Components, ScoredPairs, check_probability
from identigraph.graph.components import connected_components

__all__ = ["ClusterBuilder", "Clusters", "Components", "ScoredPairs", "check_probability", "connected_components"]
