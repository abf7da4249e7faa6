"""Clusters that grow by one union at a time, as far as cannot-links and sources allow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from identigraph.graph.constraints import Rule
from identigraph.graph.limits import Limit
from identigraph.graph.roots import Values, pour, root_of

Ints = npt.NDArray[np.int64]

AT_ONCE = 1_000_000
"""So many pairs are Python numbers at a time."""


class Growing:
    """Clusters of nodes, each alone at first.

    Args:
        limits: what keeps nodes apart.
        envelope: shape (nodes,): no cluster will ever hold nodes with different numbers; an envelope that breaks no
            limit as a whole is not looked into.

    Examples:
        >>> from identigraph.graph.constraints import OneEach
        >>> limit = Limit("one_per_source", OneEach(), np.array([0, 2]), np.array([7, 7]))
        >>> growing = Growing([limit], np.zeros(3, dtype=np.int64))
        >>> growing.unite(0, 1), growing.unite(1, 2)
        (True, False)
        >>> growing.labels(np.arange(3)).tolist()
        [0, 0, 2]
    """

    def __init__(self, limits: Sequence[Limit], envelope: Ints) -> None:
        self.root = dict[int, int]()
        self.kept = [(limit.rule, values) for limit in limits if (values := _values(limit, envelope))]

    def find(self, node: int) -> int:
        """Return the lowest node of the cluster of a node."""
        return root_of(node, self.root)

    def unite(self, one: int, other: int) -> bool:
        """Unite the clusters of two nodes unless something keeps them apart; return whether they share one now."""
        left, right = sorted((self.find(one), self.find(other)))
        if left == right:
            return True
        if not all(_allowed(rule, values, left, right) for rule, values in self.kept):
            return False
        for _, values in self.kept:
            pour(values, right, left)
        self.root[right] = left
        return True

    def take(self, one: Ints, other: Ints) -> None:
        """Unite the ends of pairs in order, where allowed."""
        for left, right in pairs_of(one, other):
            self.unite(left, right)

    def labels(self, start: Ints) -> Ints:
        """Return the lowest node of the cluster of each node of `start`."""
        label = np.arange(int(start.max(initial=-1)) + 1)
        moved = np.fromiter(self.root, dtype=np.int64, count=len(self.root))
        label[moved] = [self.find(node) for node in moved.tolist()]
        found: Ints = label[start]
        return found


def pairs_of(one: Ints, other: Ints) -> Iterator[tuple[int, int]]:
    """Yield pairs of two arrays as Python numbers, made some at a time.

    Examples:
        >>> list(pairs_of(np.array([1, 2]), np.array([3, 4])))
        [(1, 3), (2, 4)]
    """
    for first in range(0, len(one), AT_ONCE):
        yield from zip(one[first : first + AT_ONCE].tolist(), other[first : first + AT_ONCE].tolist(), strict=True)


def _allowed(rule: Rule, values: dict[int, Values], left: int, right: int) -> bool:
    one, other = values.get(left), values.get(right)
    return not one or not other or rule.allows(one, other)


def _values(limit: Limit, envelope: Ints) -> dict[int, Values]:
    """Return the values of each node in an envelope that breaks the limit."""
    around = envelope[limit.rows]
    inside = np.isin(around, limit.rule.suspects(around, limit.codes))
    values: dict[int, Values] = {}
    for node, code in zip(limit.rows[inside].tolist(), limit.codes[inside].tolist(), strict=True):
        values.setdefault(node, set()).add(code)
    return values
