"""Clusters that break a judgement or a limit of sources, taken apart at their weakest links."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.encoding import first_rows
from identigraph.graph.clusters import Clusters, ScoredPairs
from identigraph.graph.constraints import OneEach, Unpaired
from identigraph.graph.growing import Growing
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.limits import Limit

Ints = npt.NDArray[np.int64]


def repaired(graph: IdentityGraph, labels: Ints, scored: ScoredPairs) -> Clusters:
    """Return the clusters of some labels, those that cannot be links or sources forbid taken apart.

    A cluster that breaks nothing stays as it is. In another, must-linked records stay together and links between its
    records are taken one by one, the strongest first, as far as allowed; of equals those of the lowest records.

    Args:
        graph: what was clustered.
        labels: shape (records,): equal numbers are one cluster; must-linked records share one.
        scored: the scored pairs that may hold a cluster together.

    Examples:
        >>> never = {"left": [1], "right": [3], "judgement": ["cannot_link"]}
        >>> graph = IdentityGraph.of(edges=[(1, 2, 0.9), (2, 3, 0.8)], judgements=never)
        >>> repaired(graph, np.zeros(3, dtype=np.int64), graph.scored).labels.tolist()
        [0, 0, 1]
    """
    clusters = Clusters.of(labels)
    limits = keeping_apart(graph)
    broken = [limit.rule.suspects(clusters.labels[limit.rows], limit.codes) for limit in limits]
    wrong = np.isin(clusters.labels, np.concatenate([np.zeros(0, dtype=np.int64), *broken]))
    if not wrong.any():
        return clusters
    inside = (clusters.labels[scored.left] == clusters.labels[scored.right]) & wrong[scored.left]
    links = scored.where(inside)
    order = np.lexsort((links.right, links.left, -links.match_probability))
    growing = Growing(limits, clusters.labels)
    growing.take(graph.groups[links.left[order]], graph.groups[links.right[order]])
    lowest = first_rows(clusters.labels.astype(np.int32), clusters.count)[clusters.labels]
    return Clusters.of(growing.labels(np.where(wrong, graph.groups, lowest)))


def held_together(graph: IdentityGraph, labels: Ints, scored: ScoredPairs) -> Clusters:
    """Return the clusters of some labels, split where no chain of links holds them together, then `repaired`.

    Args:
        graph: what was clustered.
        labels: shape (records,): equal numbers are one cluster; must-linked records share one.
        scored: the scored pairs that may hold a cluster together.

    Examples:
        >>> graph = IdentityGraph.of(edges=[(1, 2, 0.9), (3, 4, 0.8)])
        >>> held_together(graph, np.zeros(4, dtype=np.int64), graph.scored).labels.tolist()
        [0, 0, 1, 1]
    """
    links = scored.where(labels[scored.left] == labels[scored.right])
    start = graph.groups
    held = connected_components(len(graph), start[links.left], start[links.right])[start]
    return repaired(graph, held, links)


def keeping_apart(graph: IdentityGraph) -> tuple[Limit, ...]:
    """Return what keeps records of a graph apart in any cluster: cannot-links, and codes that differ."""
    start, cannot = graph.groups, graph.judgements.cannot
    rows = np.column_stack([cannot.left, cannot.right]).ravel()
    limits = [Limit("cannot_link", Unpaired(), start[rows], np.arange(len(rows)))] if len(rows) else []
    if graph.apart is not None:
        coded = np.flatnonzero(graph.apart >= 0)
        limits.append(Limit("one_per_source", OneEach(), start[coded], graph.apart[coded].astype(np.int64)))
    return tuple(limits)
