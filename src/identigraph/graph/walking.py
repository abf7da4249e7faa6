"""Taking links one by one where a limit is in the way: unions, refusals, cuts."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import attrs

from identigraph.graph.constraints import Rule
from identigraph.graph.roots import Values, pour, root_of


@attrs.define(eq=False)
class Walked:
    """What became of links that were taken one by one, by their place in the sequence.

    Args:
        rule: what may not be united.
        values: the values of each part that has some, by the root of the part.
        closed: roots of parts that were refused a link under a rule that closes.
        margin: how many bits stronger than a refused link is clearly stronger; None: nothing is ambiguous.
    """

    rule: Rule
    values: dict[int, Values]
    closed: set[int]
    margin: float | None
    own: frozenset[int] = attrs.field(init=False)
    root: dict[int, int] = attrs.field(factory=dict, init=False)
    beside: dict[int, list[tuple[int, int]]] = attrs.field(factory=dict, init=False)
    strength: list[float] = attrs.field(factory=list, init=False)
    united: list[int] = attrs.field(factory=list, init=False)
    refused: dict[int, tuple[int, int]] = attrs.field(factory=dict, init=False)
    contested: set[int] = attrs.field(factory=set, init=False)
    cut: dict[int, int] = attrs.field(factory=dict, init=False)
    contests: dict[int, int] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.own = frozenset(self.values)

    def find(self, node: int) -> int:
        """Return the root of the part of a node."""
        return root_of(node, self.root)

    def take(self, ends: Sequence[tuple[int, int]], strength: Sequence[float], isolate: Sequence[bool]) -> None:
        """Take links in order, the strongest first: unite their ends, or refuse them."""
        self.strength = list(strength)
        for link, (one, other) in enumerate(ends):
            left, right = root_of(one, self.root), root_of(other, self.root)
            if left == right:
                continue
            if self._may_unite(left, right):
                self._unite(left, right)
                self.united.append(link)
                self.beside.setdefault(one, []).append((other, link))
                self.beside.setdefault(other, []).append((one, link))
            else:
                self._refuse(link, left, right)
                if isolate[link]:
                    self.contests.setdefault(one, link)
                    self.contests.setdefault(other, link)
        self._isolate()

    def _isolate(self) -> None:
        """Cut off what is ambiguous: nodes without values that hang on some no more clearly than on refused ones.

        How strongly a node hangs on something is the weakest link on the strongest way there, over nodes without
        values. A node that hangs on values by no more than `margin` bits above what it was refused for loses its links
        that are no stronger than that.
        """
        if self.margin is None:
            return
        refused = self._spread({node: (self.strength[link], link) for node, link in self.contests.items()})
        held = self._spread({node: (self._hold(node), -1) for node in refused})
        for node, (strength, by) in refused.items():
            clear = strength + self.margin
            if held[node][0] <= clear:
                self.cut |= {
                    link: min(by, self.cut.get(link, by))
                    for _, link in self.beside.get(node, ())
                    if self.strength[link] <= clear
                }

    def _hold(self, node: int) -> float:
        """Return the strength of the strongest link from a node to one with values."""
        links = self.beside.get(node, ())
        return max((self.strength[link] for there, link in links if there in self.own), default=float("-inf"))

    def _spread(self, sources: dict[int, tuple[float, int]]) -> dict[int, tuple[float, int]]:
        """Return for each node without values how strongly, at best, it hangs on a source, and by which link.

        Args:
            sources: nodes with a strength and a link of their own.
        """
        found: dict[int, tuple[float, int]] = {}
        ways = [(-strength, link, node) for node, (strength, link) in sources.items() if node not in self.own]
        heapify(ways)
        while ways:
            weakness, by, node = heappop(ways)
            if node not in found:
                found[node] = (-weakness, by)
                for there, link in self.beside.get(node, ()):
                    if there not in self.own and there not in found:
                        heappush(ways, (max(weakness, -self.strength[link]), by, there))
        return found

    def _may_unite(self, left: int, right: int) -> bool:
        one, other = self.values.get(left), self.values.get(right)
        if not one or not other:
            return True
        shut = (left in self.closed) + (right in self.closed)
        if shut == 0:
            return self.rule.allows(one, other)
        if shut == 2:
            return False
        return other <= one if left in self.closed else one <= other

    def _unite(self, left: int, right: int) -> None:
        pour(self.values, right, left)
        self.root[right] = left
        if right in self.closed:
            self.closed.add(left)
        if right in self.contested:
            self.contested.add(left)

    def _refuse(self, link: int, left: int, right: int) -> None:
        one, other = self.values[left], self.values[right]
        self.refused[link] = self.rule.witness(one, other)
        self.contested |= {left, right}
        if self.rule.closes:
            self.closed |= {left, right}
