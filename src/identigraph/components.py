"""Connected components on arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def connected_components(
    n: int, left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    """Return for each of `n` nodes the smallest node it is connected with.

    Each round hooks the root of the larger label onto the smaller one across every edge, then lets all nodes point at
    their root (Shiloach and Vishkin 1982); edges inside one component drop out.

    Args:
        n: the number of nodes, 0 or more.
        left: one end of each edge.
        right: the other end of each edge.

    Returns:
        Shape (n,): equal labels mean one component; a node without edges is its own label.

    Examples:
        >>> connected_components(5, np.array([0, 3]), np.array([2, 4])).tolist()
        [0, 1, 0, 3, 3]
    """
    label = np.arange(n, dtype=np.int64)
    a, b = left.astype(np.int64), right.astype(np.int64)
    while len(a):
        low, high = np.minimum(label[a], label[b]), np.maximum(label[a], label[b])
        open_edges = low < high
        a, b, low, high = a[open_edges], b[open_edges], low[open_edges], high[open_edges]
        np.minimum.at(label, high, low)
        label = _shortcut(label)
    return label


def _shortcut(label: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the labels after every node points at its root."""
    while True:
        root = label[label]
        if np.array_equal(root, label):
            return label
        label = root
