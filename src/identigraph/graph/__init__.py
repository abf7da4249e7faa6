"""The identity graph and its cluster builders."""

from identigraph.components import connected_components
from identigraph.graph.agglomeration import Hierarchical
from identigraph.graph.assignment import OnePerSource, OneToOne
from identigraph.graph.bridges import BridgeCutting
from identigraph.graph.centers import Center, MergeCenter, Star
from identigraph.graph.clusters import ClusterBuilder, Clusters, ScoredPairs, check_probability
from identigraph.graph.communities import Communities
from identigraph.graph.components import Components
from identigraph.graph.constrained import ConstrainedComponents
from identigraph.graph.correlation import CorrelationClustering
from identigraph.graph.evidence import Evidence
from identigraph.graph.exchange import from_dict, read_json, to_dict, write_graphml, write_json
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import Judgements
from identigraph.graph.linkage import AverageLinkage
from identigraph.graph.markov import Markov
from identigraph.graph.namespaces import Generic, Namespace
from identigraph.graph.networks import from_networkx, to_networkx
from identigraph.graph.relations import Relations, relations
from identigraph.graph.why import Answer, Standing, how, standing, why

__all__ = [
    "Answer",
    "AverageLinkage",
    "BridgeCutting",
    "Center",
    "ClusterBuilder",
    "Clusters",
    "Communities",
    "Components",
    "ConstrainedComponents",
    "CorrelationClustering",
    "Evidence",
    "Generic",
    "Hierarchical",
    "IdentityGraph",
    "Judgements",
    "Markov",
    "MergeCenter",
    "Namespace",
    "OnePerSource",
    "OneToOne",
    "Relations",
    "ScoredPairs",
    "Standing",
    "Star",
    "check_probability",
    "connected_components",
    "from_dict",
    "from_networkx",
    "how",
    "read_json",
    "relations",
    "standing",
    "to_dict",
    "to_networkx",
    "why",
    "write_graphml",
    "write_json",
]
