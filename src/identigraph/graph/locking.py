"""Locks: records that are one entity whatever the evidence; nothing joins it and nothing leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import ConfigurationError
from identigraph.graph.combining import some_sightings
from identigraph.pairs import Mask

if TYPE_CHECKING:
    from identigraph.graph.identity_graph import IdentityGraph

Ints = npt.NDArray[np.int64]


def unlinked(graph: IdentityGraph, locks: Ints) -> IdentityGraph:
    """Return a graph without the evidence that would join locked records with others.

    Left out are scored pairs that lead out of a lock, and all identifiers of locked records. So these identifiers link
    nobody and count for nobody: a locked entity may hold more values than a limit allows, and how many entities share a
    value, or how many names stand behind it, is told from the other records that carry it. What makes the records of a
    lock one entity are must-links, which the judgements of the graph have to hold.

    Args:
        graph: records and evidence.
        locks: shape (records,): the number of the lock of each record; -1 where it is in none.

    Raises:
        ConfigurationError: `locks` has another length.

    Examples:
        >>> from identigraph.graph import IdentityGraph
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.9), ("b", "c", 0.9), ("c", "d", 0.9)])
        >>> kept = unlinked(graph, np.array([5, 5, -1, -1])).scored
        >>> kept.left.tolist(), kept.right.tolist()
        ([0, 2], [1, 3])
    """
    if len(locks) != len(graph):
        raise ConfigurationError(f"locks are a number per record: {len(graph):,}, got {len(locks):,}")
    inside = locks[graph.scored.left] == locks[graph.scored.right]
    free: Mask = locks < 0
    if free.all():
        return graph
    number = np.arange(len(graph))
    return attrs.evolve(
        graph,
        scored=graph.scored.where(inside),
        sightings=tuple(some_sightings(seen, free, number) for seen in graph.sightings),
    )
