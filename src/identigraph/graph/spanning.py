"""Maximum spanning forests on arrays: of each component the links that hold it together the strongest way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.pairs import Mask

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def spanning_forest(nodes: int, one: Ints, other: Ints, weight: Floats) -> Mask:
    """Return the links of a maximum spanning forest; of equal weights the first link counts as the heavier.

    Each round every component takes its heaviest link to another one (Boruvka 1926).

    Args:
        nodes: the number of nodes.
        one: one end of each link.
        other: the other end.
        weight: shape (links,).

    Returns:
        Shape (links,). Between two nodes of a component the forest has the path whose weakest link is the strongest.

    Examples:
        >>> one, other = np.array([0, 1, 0]), np.array([1, 2, 2])
        >>> spanning_forest(3, one, other, np.array([0.9, 0.5, 0.7])).tolist()
        [True, False, True]
    """
    chosen = np.zeros(len(one), dtype=bool)
    order = np.argsort(-weight, kind="stable")
    a, b = one[order], other[order]
    label = np.arange(nodes, dtype=np.int64)
    rank = np.arange(len(order))
    while len(rank):
        left, right = label[a], label[b]
        between = left != right
        a, b, rank, left, right = a[between], b[between], rank[between], left[between], right[between]
        best = np.full(nodes, len(order), dtype=np.int64)
        np.minimum.at(best, left, rank)
        np.minimum.at(best, right, rank)
        picked = np.unique(best[best < len(order)])
        chosen[order[picked]] = True
        taken = order[picked]
        label = connected_components(nodes, label[one[taken]], label[other[taken]])[label]
    return chosen
