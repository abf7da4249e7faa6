"""Clusters that break a judgement or a limit of sources, taken apart at their weakest links."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.graph.clusters import Clusters, ScoredPairs
from identigraph.graph.constraints import OneEach, Unpaired
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.limits import Limit, judge
from identigraph.graph.links import links_of

Ints = npt.NDArray[np.int64]


def repaired(graph: IdentityGraph, labels: Ints, scored: ScoredPairs) -> Clusters:
    """Return the clusters of some labels, those that cannot be links or sources forbid taken apart.

    A cluster that breaks nothing stays as it is. In another, must-linked records stay together and links between its
    records are taken one by one, the strongest first, as far as allowed.

    Args:
        graph: what was clustered.
        labels: shape (records,): equal numbers are one cluster; must-linked records share one.
        scored: the scored pairs that may hold a cluster together.
    """
    limits = keeping_apart(graph)
    broken = [limit.rule.suspects(labels[limit.rows], limit.codes) for limit in limits]
    wrong = np.isin(labels, np.concatenate([np.zeros(0, dtype=np.int64), *broken]))
    if not wrong.any():
        return Clusters.of(labels)
    inside = (labels[scored.left] == labels[scored.right]) & wrong[scored.left]
    links = links_of(len(graph), scored.where(inside), (), priority=0)
    links = links.in_order(np.ones(len(links), dtype=bool))
    isolate = np.zeros(len(links), dtype=bool)
    parts = [judge(links, limit, graph.groups, labels, margin=None, isolate=isolate).part for limit in limits]
    held = np.ones(len(links), dtype=bool)
    for part in parts:
        held &= part[links.one] == part[links.other]
    start = np.where(wrong, graph.groups, labels)
    return Clusters.of(connected_components(len(graph), start[links.one[held]], start[links.other[held]])[start])


def keeping_apart(graph: IdentityGraph) -> tuple[Limit, ...]:
    """Return what keeps records of a graph apart in any cluster: cannot-links, and codes that differ."""
    start, cannot = graph.groups, graph.judgements.cannot
    rows = np.column_stack([cannot.left, cannot.right]).ravel()
    limits = [Limit("cannot_link", Unpaired(), start[rows], np.arange(len(rows)))] if len(rows) else []
    if graph.apart is not None:
        coded = np.flatnonzero(graph.apart >= 0)
        limits.append(Limit("one_per_source", OneEach(), start[coded], graph.apart[coded].astype(np.int64)))
    return tuple(limits)
