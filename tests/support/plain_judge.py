"""What a limit leaves together, told link by link over all links with plain sets: slow, and easy to read."""

from __future__ import annotations

from itertools import groupby, pairwise

import attrs
import networkx as nx
import numpy as np

from identigraph.graph.constraints import AtMost, OneEach, Rule
from identigraph.graph.limits import Limit
from identigraph.graph.links import Links
from identigraph.graph.sightings import NEVER

Part = frozenset[int]
Refusal = tuple[frozenset[int], frozenset[int]]


@attrs.frozen(eq=False)
class Plain:
    """What one limit leaves together; links by their place among all links in order."""

    parts: set[Part]
    refused: dict[int, Refusal]
    cut: set[int]


def allowed(rule: Rule, both: frozenset[int], one: frozenset[int], other: frozenset[int]) -> bool:
    """Return whether a rule allows a union."""
    if isinstance(rule, OneEach):
        return not one & other
    if isinstance(rule, AtMost):
        return fits(rule, both)
    return not any(value ^ 1 in other for value in one)


def fits(rule: AtMost, values: frozenset[int]) -> bool:
    """Return whether no window that begins with a value holds more than the limit."""
    if len(values) <= rule.limit:
        return True
    if rule.window is None:
        return False
    times = {value: int(rule.first_seen[value]) for value in values}
    ever = sum(time == NEVER for time in times.values())
    known = [time for time in times.values() if time != NEVER]
    most = max((sum(begin <= time <= begin + rule.window for time in known) for begin in known), default=0)
    return most + ever <= rule.limit


class PlainJudge:
    """Takes links one by one."""

    def __init__(self, links: Links, limit: Limit, start: np.ndarray, margin: float | None) -> None:
        self.links, self.rule, self.margin = links, limit.rule, margin
        groups: dict[int, set[int]] = {}
        for node, label in enumerate(start.tolist()):
            groups.setdefault(label, set()).add(node)
        self.groups = [frozenset(group) for group in groups.values()]
        self.part = {node: group for group in self.groups for node in group}
        carried: dict[int, set[int]] = {}
        for node, code in zip(limit.rows.tolist(), limit.codes.tolist(), strict=True):
            carried.setdefault(node, set()).add(code)
        self.carried = carried
        self.closed: set[int] = set()
        self.refused: dict[int, Refusal] = {}
        self.cut: set[int] = set()
        self.united: list[int] = []

    def values(self, part: Part) -> frozenset[int]:
        """Return the values of a part."""
        return frozenset(value for node in part for value in self.carried.get(node, ()))

    def judged(self, isolate: np.ndarray) -> Plain:
        """Take all links and return what is left together."""
        layers = self.links.layer.tolist()
        for _, places in groupby(range(len(layers)), key=layers.__getitem__):
            self.take_layer(list(places), isolate)
        graph = nx.Graph()
        graph.add_nodes_from(self.part)
        graph.add_edges_from((min(group), node) for group in self.groups for node in group)
        graph.add_edges_from(self.ends(link) for link in self.united if link not in self.cut)
        return Plain({frozenset(part) for part in nx.connected_components(graph)}, self.refused, self.cut)

    def ends(self, link: int) -> tuple[int, int]:
        """Return the ends of a link."""
        return int(self.links.one[link]), int(self.links.other[link])

    def take_layer(self, places: list[int], isolate: np.ndarray) -> None:
        """Take the links of a layer: first unions and refusals, then what contested values are left with."""
        before, tree, contested = dict(self.part), nx.Graph(), dict[int, int]()
        for link in places:
            one, other = self.ends(link)
            left, right = self.part[one], self.part[other]
            if left == right:
                continue
            if self.may_unite(left, right):
                self.part |= dict.fromkeys(left | right, left | right)
                self.united.append(link)
                tree.add_edge(before[one], before[other], link=link)
                continue
            self.refused[link] = self.values(left), self.values(right)
            self.closed |= (left | right) if self.rule.closes else frozenset()
            if isolate[link]:
                contested = {one: link, other: link} | contested
        if self.margin is not None:
            self.cut |= self.unclear(tree, {before[node]: link for node, link in reversed(contested.items())})

    def may_unite(self, left: Part, right: Part) -> bool:
        """Return whether two parts may be united."""
        one, other = self.values(left), self.values(right)
        if not one or not other:
            return True
        for shut, new in ((left, other - one), (right, one - other)):
            if shut & self.closed and new:
                return False
        if left & self.closed and right & self.closed:
            return False
        return bool((left | right) & self.closed) or allowed(self.rule, one | other, one, other)

    def unclear(self, tree: nx.Graph, contested: dict[Part, int]) -> set[int]:
        """Return the links of ambiguous nodes that are not clearly stronger than what these were refused for."""
        strength = self.links.strength
        free = tree.subgraph(node for node in tree if not self.values(node))
        found = set()
        for node in free:
            refused = held = float("-inf")
            for there in nx.node_connected_component(free, node):
                way = self.weakest(nx.shortest_path(free, node, there), tree)
                if there in contested:
                    refused = max(refused, min(way, strength[contested[there]]))
                holding = [tree.edges[there, holder]["link"] for holder in tree[there] if self.values(holder)]
                held = max([held, *(min(way, strength[link]) for link in holding)])
            if refused > float("-inf") and held <= refused + self.margin:
                links = {tree.edges[node, other]["link"] for other in tree[node]}
                found |= {link for link in links if strength[link] <= refused + self.margin}
        return found

    def weakest(self, way: list[Part], tree: nx.Graph) -> float:
        """Return the strength of the weakest link of a way."""
        return min((self.links.strength[tree.edges[step]["link"]] for step in pairwise(way)), default=float("inf"))
