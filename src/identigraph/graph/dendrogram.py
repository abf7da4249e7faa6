"""The joins of an agglomeration: cut at any height, and the height at which any two records share a cluster."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.pairs import Pairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, repr=False)
class Dendrogram:
    """The joins of clusters, in their order; a cluster goes by the lowest of its records.

    No join may make a third cluster a better partner than it was: then no join is above those that it rests on, and
    the joins from any height on are the clusters that one cut there gives.

    Args:
        start: shape (records,): the cluster of each record before all joins.
        kept, gone: shape (joins,): both clusters of each join, the first gives its name to both.
        height: shape (joins,): how much the two agreed, in log2 odds.
    """

    start: Ints
    kept: Ints
    gone: Ints
    height: Floats

    def cut(self, height: float) -> Ints:
        """Return the lowest record of the cluster of each record after all joins at or above a height.

        Examples:
            >>> joins = Dendrogram(np.arange(4), np.array([2, 0]), np.array([3, 2]), np.array([9.0, 1.0]))
            >>> joins.cut(0.0).tolist(), joins.cut(5.0).tolist()
            ([0, 1, 0, 0], [0, 1, 2, 2])
        """
        held = self.height >= height
        return connected_components(len(self.start), self.kept[held], self.gone[held])[self.start]

    def heights(self, pairs: Pairs) -> Floats:
        """Return the height from which on, downwards, both records of each pair are in one cluster; -inf: none is.

        Records that are one cluster before all joins are so at any height: inf.

        Examples:
            >>> joins = Dendrogram(np.arange(4), np.array([2, 0]), np.array([3, 2]), np.array([9.0, 1.0]))
            >>> joins.heights(Pairs.of([2, 1, 0], [3, 2, 3])).tolist()
            [9.0, -inf, 1.0]
        """
        return self.height_of(self.joins(pairs))

    def height_of(self, join: Ints) -> Floats:
        """Return the heights of joins as `joins` gives them: -inf where there is none, inf before all."""
        found: Floats = np.concatenate([self.height, [-np.inf, np.inf]])[join]
        return found

    def joins(self, pairs: Pairs) -> Ints:
        """Return the place of the join that brings both records of each pair together.

        The number of joins where none does; -1 for records that are one cluster before all joins.

        Examples:
            >>> joins = Dendrogram(np.arange(4), np.array([2, 0]), np.array([3, 2]), np.array([9.0, 1.0]))
            >>> joins.joins(Pairs.of([2, 1, 0], [3, 2, 3])).tolist()
            [0, 2, 1]
        """
        n = len(self.start)
        into, when = np.arange(n), np.full(n, len(self.gone))
        into[self.gone], when[self.gone] = self.kept, np.arange(len(self.gone))
        one, other = self.start[pairs.left], self.start[pairs.right]
        found = np.full(len(pairs), -1)
        left = np.flatnonzero(one != other)
        while len(left):
            a, b = one[left], other[left]
            first = np.where(when[a] < when[b], a, b)
            join = when[first]
            alone = join == len(self.gone)
            found[left[alone]] = len(self.gone)
            left, first, join = left[~alone], first[~alone], join[~alone]
            found[left] = join
            at_one = one[left] == first
            one[left] = np.where(at_one, into[first], one[left])
            other[left] = np.where(at_one, other[left], into[first])
            left = left[one[left] != other[left]]
        return found
