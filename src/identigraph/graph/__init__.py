"""The identity graph and its cluster builders."""

from identigraph.components import connected_components
from identigraph.graph.clusters import ClusterBuilder, Clusters, ScoredPairs, check_probability
from identigraph.graph.components import Components
from identigraph.graph.constrained import ConstrainedComponents
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import Judgements
from identigraph.graph.linkage import AverageLinkage
from identigraph.graph.namespaces import Generic, Namespace

__all__ = [
    "AverageLinkage",
    "ClusterBuilder",
    "Clusters",
    "Components",
    "ConstrainedComponents",
    "Generic",
    "IdentityGraph",
    "Judgements",
    "Namespace",
    "ScoredPairs",
    "check_probability",
    "connected_components",
]
