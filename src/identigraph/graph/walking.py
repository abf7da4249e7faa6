"""Taking links one by one where a limit is in the way: unions, refusals, cuts."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from identigraph.graph.constraints import Rule, Values


@attrs.define(eq=False)
class Walked:
    """What became of links that were taken one by one, by their place in the sequence.

    Args:
        rule: what may not be united.
        values: the values of each part that has some, by the root of the part.
        closed: roots of parts that were refused a link under a rule that closes.
        margin: how many bits stronger than a refused link is clearly stronger; None: nothing is ambiguous.
        first_value: nodes from this one on are values.
    """

    rule: Rule
    values: dict[int, Values]
    closed: set[int]
    margin: float | None
    first_value: int
    own: frozenset[int] = attrs.field(init=False)
    root: dict[int, int] = attrs.field(factory=dict, init=False)
    holders: dict[int, int] = attrs.field(factory=dict, init=False)
    beside: dict[int, list[tuple[int, int]]] = attrs.field(factory=dict, init=False)
    strength: list[float] = attrs.field(factory=list, init=False)
    united: list[int] = attrs.field(factory=list, init=False)
    refused: dict[int, tuple[int, int]] = attrs.field(factory=dict, init=False)
    contested: set[int] = attrs.field(factory=set, init=False)
    cut: dict[int, int] = attrs.field(factory=dict, init=False)
    searched: dict[int, int] = attrs.field(factory=dict, init=False)
    isolated: dict[int, int] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.own = frozenset(self.values)
        self.holders = dict.fromkeys(self.values, 1)

    def find(self, node: int) -> int:
        """Return the root of the part of a node."""
        root = self.root
        while (above := root.get(node, node)) != node:
            root[node] = root.get(above, above)
            node = above
        return node

    def take(self, ends: Sequence[tuple[int, int]], strength: Sequence[float], isolate: Sequence[bool]) -> None:
        """Take links in order, the strongest first: unite their ends, or refuse them."""
        self.strength = list(strength)
        for link, (one, other) in enumerate(ends):
            left, right = self.find(one), self.find(other)
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
                    self._isolate(link, one)
                    self._isolate(link, other)
        for value, link in self.isolated.items():
            if not self._is_held(value):
                for _, kept in self.beside.get(value, ()):
                    self.cut.setdefault(kept, link)

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
        one, other = self.values.pop(left, set()), self.values.pop(right, set())
        few, many = sorted((one, other), key=len)
        many |= few
        self.root[right] = left
        if many:
            self.values[left] = many
        if right in self.closed:
            self.closed.add(left)
        if right in self.contested:
            self.contested.add(left)
        self.holders[left] = self.holders.get(left, 0) + self.holders.get(right, 0)

    def _refuse(self, link: int, left: int, right: int) -> None:
        one, other = self.values[left], self.values[right]
        self.refused[link] = self.rule.witness(one, other)
        self.contested |= {left, right}
        if self.rule.closes:
            self.closed |= {left, right}

    def _isolate(self, refused: int, node: int) -> None:
        """Cut a node without values of its own off from those it hangs on by links that are not clearly stronger."""
        if node >= self.first_value:
            self.isolated.setdefault(node, refused)
        if self.margin is None or node in self.own:
            return
        holders = self.holders.get(self.find(node), 0)
        if self.searched.get(node) == holders:
            return
        self.searched[node] = holders
        for link in self._weakest_to_holders(node, self.strength[refused] + self.margin):
            self.cut.setdefault(link, refused)

    def _is_held(self, value: int) -> bool:
        """Return whether links that are not cut lead from a node to one with values of its own."""
        seen, ways = {value}, [value]
        while ways:
            here = ways.pop()
            if here in self.own:
                return True
            further = [there for there, link in self.beside.get(here, ()) if link not in self.cut and there not in seen]
            seen.update(further)
            ways += further
        return False

    def _weakest_to_holders(self, node: int, clear: float) -> set[int]:
        """Return the weakest links on the ways from a node to the nearest ones with values, where none is clear."""
        found = set[int]()
        ways: list[tuple[int, int, float, tuple[int, ...]]] = [(node, -1, float("inf"), ())]
        while ways:
            here, came, weakest, tied = ways.pop()
            if here in self.own:
                found.update(tied if weakest <= clear else ())
                continue
            for there, link in self.beside.get(here, ()):
                if link != came:
                    least = min(weakest, self.strength[link])
                    kept = tied if weakest == least else ()
                    ways.append((there, link, least, (*kept, link) if self.strength[link] == least else kept))
        return found
