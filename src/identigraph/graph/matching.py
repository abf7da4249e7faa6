"""The matching of the highest weight between two sides, each node in one pair at most.

Pairs that no alternative outweighs are settled first, on arrays. What remains is solved by shortest augmenting paths:
nodes of the one side come one after another, each taking the way that adds the most, along which others may change
their partner (Jonker and Volgenant 1987). Prices keep the search short, and prove that the outcome is the best.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from identigraph.encoding import run_starts
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]

NONE = -1
"""What stands for no partner."""


def heaviest_matching(one: Ints, other: Ints, weight: Ints) -> Ints:
    """Return the places of the pairs of a matching with the highest sum of weights.

    Args:
        one: shape (pairs,): the node of the one side.
        other: shape (pairs,): the node of the other side; no number stands on both sides.
        weight: shape (pairs,): above 0. Whole numbers, so that sums are exact.

    Returns:
        Places in rising order. Of matchings of equal weight, one that depends on the numbers of nodes alone.

    Examples:
        >>> heaviest_matching(np.array([0, 0, 1]), np.array([5, 6, 5]), np.array([4, 3, 3])).tolist()
        [1, 2]
        >>> heaviest_matching(np.array([0, 0, 1]), np.array([5, 6, 5]), np.array([7, 3, 3])).tolist()
        [0]
    """
    left = np.flatnonzero(weight > 0)
    left = left[np.lexsort((other[left], one[left]))]
    settled = []
    while len(left):
        sure = left[_unrivalled(one[left], other[left], weight[left])]
        if len(sure) == 0:
            break
        settled.append(sure)
        used = np.isin(one[left], one[sure]) | np.isin(other[left], other[sure])
        left = left[~used]
    settled.append(left[_augmented(one[left], other[left], weight[left])])
    return np.sort(np.concatenate(settled))


def _unrivalled(one: Ints, other: Ints, weight: Ints) -> Mask:
    """Return the pairs that are first at both ends and weigh no less than the second of the one and of the other.

    Whoever leaves out such a pair gains no more than these two.
    """
    best = np.ones(len(weight), dtype=bool)
    rivals = np.zeros(len(weight), dtype=np.int64)
    for ends in (one, other):
        order = np.lexsort((other, one, -weight, ends))
        starts = run_starts(ends[order])
        first = np.zeros(len(weight), dtype=bool)
        first[order[starts]] = True
        best &= first
        after = np.minimum(starts + 1, len(order) - 1)
        alone = np.diff(np.append(starts, len(order))) == 1
        rivals[order[starts]] += np.where(alone, 0, weight[order[after]])
    unrivalled: Mask = best & (weight >= rivals)
    return unrivalled


def _augmented(one: Ints, other: Ints, weight: Ints) -> Ints:
    """Return the places of the pairs of a heaviest matching; pairs stand in the order of their nodes."""
    lefts, left = np.unique(one, return_inverse=True)
    rights, right = np.unique(other, return_inverse=True)
    ways: list[list[tuple[int, int]]] = [[] for _ in lefts]
    for node, beside, weighs in zip(left.tolist(), right.tolist(), weight.tolist(), strict=True):
        ways[node].append((beside, weighs))
    market = _Market(ways, len(rights))
    for node in range(len(lefts)):
        market.enter(node)
    owner = np.array(market.owner, dtype=np.int64)
    return np.flatnonzero(owner[right] == left)


class _Market:
    """Buyers, each of whom holds at most one good, and the prices of goods.

    Invariant: what a buyer holds brings the highest profit, weight minus price, that the buyer could make; a buyer
    without a good could make none. A good that nobody holds is free of charge. So no other way to hand out goods weighs
    more.
    """

    def __init__(self, ways: list[list[tuple[int, int]]], goods: int) -> None:
        self.ways = ways
        self.profit = [max(weight for _, weight in way) for way in ways]
        self.price = [0] * goods
        self.held, self.owner = [NONE] * len(ways), [NONE] * goods

    def enter(self, buyer: int) -> None:
        """Let a buyer in: along the way that loses the least, buyers change goods; the last gets a free one, or none.

        What a buyer loses by a good is the highest profit less the profit of that good. The ways are searched with the
        shortest at the top (Dijkstra).
        """
        reached, giver = {buyer: 0}, dict[int, int]()
        loss, last, least = 0, buyer, self.profit[buyer]
        free, near = NONE, list[tuple[int, int, int]]()
        while True:
            top = loss + self.profit[buyer]
            for good, weight in self.ways[buyer]:
                if good not in giver and top + self.price[good] - weight < least:
                    heappush(near, (top + self.price[good] - weight, good, buyer))
            while near and near[0][1] in giver:
                heappop(near)
            if not near or near[0][0] >= least:
                break
            loss, good, giving = near[0]
            giver[good] = giving
            if self.owner[good] == NONE:
                free, least = good, loss
                break
            buyer = self.owner[good]
            reached[buyer] = loss
            if loss + self.profit[buyer] < least:
                last, least = buyer, loss + self.profit[buyer]
        self._settle(reached, least)
        if free == NONE:
            free, self.held[last] = self.held[last], NONE
        self._hand_on(free, giver)

    def _settle(self, reached: dict[int, int], least: int) -> None:
        """Lower the profits of the buyers reached and raise the prices of what they hold, by how near they are."""
        for buyer, loss in reached.items():
            self.profit[buyer] -= least - loss
            if self.held[buyer] != NONE:
                self.price[self.held[buyer]] += least - loss

    def _hand_on(self, good: int, giver: dict[int, int]) -> None:
        """Let each buyer on the way to a good take it and leave the one held before to the next."""
        while good != NONE:
            buyer = giver[good]
            self.owner[good] = buyer
            self.held[buyer], good = good, self.held[buyer]
