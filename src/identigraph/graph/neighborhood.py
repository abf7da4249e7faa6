"""One envelope link by link: steps, paths, cuts, bridges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush

import attrs

from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.roots import root_of

Link = int


@attrs.frozen(eq=False)
class Step:
    """Two parts of an entity that became one.

    Args:
        link: the link that joined them.
        left, right: a record of each part: the ends of the link, or of the value that it is of.
        left_records, right_records: how many records each part had.
    """

    link: Link
    left: int
    right: int
    left_records: int
    right_records: int


@attrs.frozen(eq=False)
class Neighborhood:
    """The links of some nodes, in the order in which they are taken.

    Args:
        records: nodes below this number are records, the others values.
        one, other: the ends of each link.
        certainty: how sure each link is, 0 to 1.
        holds: whether each holds.
    """

    records: int
    one: Sequence[int]
    other: Sequence[int]
    certainty: Sequence[float]
    holds: Sequence[bool]

    def held(self) -> Iterator[Link]:
        """Yield the links that hold."""
        return (link for link, holds in enumerate(self.holds) if holds)

    def steps(self) -> list[Step]:
        """Return in which order parts with records became one, by the links that hold.

        A value joins nothing before a second record carries it; the step is then between its first record and that one.
        """
        parts, found = _Parts(self.records), list[Step]()
        first: dict[int, int] = {}
        for link in self.held():
            one, other = self.one[link], self.other[link]
            joined = parts.unite(one, other)
            beside = first.setdefault(other, one) if other >= self.records else other
            if joined is not None and min(joined) > 0:
                found.append(Step(link, one, beside, *joined))
        return found

    def strongest_tree(self) -> list[Link]:
        """Return the held links of the maximum spanning forest by certainty that lead from record to record.

        Of equal links the earlier; without values that join no two records in it.
        """
        parts = _Parts(self.records)
        ordered = sorted(self.held(), key=lambda link: -self.certainty[link])
        tree = [link for link in ordered if parts.unite(self.one[link], self.other[link]) is not None]
        carried = Counter(self.other[link] for link in tree)
        return [link for link in tree if self.other[link] < self.records or carried[self.other[link]] > 1]

    def strongest_path(self, start: int, end: int) -> list[Link] | None:
        """Return the held links between two records whose weakest is the strongest; None where none lead there."""
        return self._path(start, end, self.strongest_tree(), frozenset())

    def cut(self, start: int, end: int) -> list[Link] | None:
        """Return the fewest suppressed links that would join two records; None where not even all lead there.

        Of equally few those the last of which is the earliest in order.
        """
        suppressed = frozenset(link for link, holds in enumerate(self.holds) if not holds)
        path = self._path(start, end, range(len(self.one)), suppressed)
        return None if path is None else [link for link in path if link in suppressed]

    def bridges(self) -> list[Link]:
        """Return the held links without any of which the entity falls apart."""
        graph, links_of = self._network()
        between = [links_of[frozenset(edge)] for edge in networkx().bridges(graph)]
        return sorted(links[0] for links in between if len(links) == 1)

    def articulations(self) -> list[int]:
        """Return the records without any of which other records of the entity fall apart."""
        graph, _ = self._network()
        return sorted(node for node in networkx().articulation_points(graph) if node < self.records)

    def member_certainty(self, members: Sequence[int]) -> dict[int, float]:
        """Return for each record of an entity the certainty at which it joins more than half of the entity.

        Held links are taken by certainty, the highest first; the certainty of a record is that of the link with which
        the part that it is in comes to hold more than half of all records. One record alone has 1; records that links
        do not lead to so many from have 0.
        """
        found = dict[int, float]()
        parts = _Parts(self.records)
        inside = {record: [record] for record in members}
        for link in self.strongest_tree():
            one, other = parts.find(self.one[link]), parts.find(self.other[link])
            parts.unite(one, other)
            joined = inside.pop(one, []) + inside.pop(other, [])
            inside[parts.find(one)] = joined
            if 2 * len(joined) > len(members):
                found |= {record: self.certainty[link] for record in joined if record not in found}
        return dict.fromkeys(members, float(len(members) == 1)) | found

    def linked_pairs(self) -> int:
        """Return how many pairs of records a held link or a value that both hold joins directly."""
        pairs, carriers = set[tuple[int, int]](), dict[int, list[int]]()
        for link in self.held():
            one, other = self.one[link], self.other[link]
            if other < self.records:
                pairs.add((one, other))
            else:
                carriers.setdefault(other, []).append(one)
        for records in carriers.values():
            pairs.update((a, b) for a in records for b in records if a < b)
        return len(pairs)

    def _network(self) -> tuple[object, dict[frozenset[int], list[Link]]]:
        """Return the held links as a graph without values that one record alone holds on to, and those of each edge."""
        carried = Counter(self.other[link] for link in self.held())
        graph, links_of = networkx().Graph(), dict[frozenset[int], list[Link]]()
        for link in self.held():
            one, other = self.one[link], self.other[link]
            if other < self.records or carried[other] > 1:
                graph.add_edge(one, other)
                links_of.setdefault(frozenset((one, other)), []).append(link)
        return graph, links_of

    def _path(self, start: int, end: int, links: Iterable[Link], costly: frozenset[Link]) -> list[Link] | None:
        """Return the path with the fewest costly links, of equally few that whose last costly link is the earliest."""
        beside: dict[int, list[tuple[int, Link]]] = {}
        for link in links:
            beside.setdefault(self.one[link], []).append((self.other[link], link))
            beside.setdefault(self.other[link], []).append((self.one[link], link))
        came: dict[int, tuple[int, Link]] = {}
        ways = [(0, -1, start, -1, -1)]
        while ways:
            count, last, here, before, by = heappop(ways)
            if here in came:
                continue
            came[here] = (before, by)
            if here == end:
                return _walked_back(came, end)
            for there, link in beside.get(here, ()):
                cost = (count + 1, max(last, link)) if link in costly else (count, last)
                heappush(ways, (*cost, there, here, link))
        return None


def _walked_back(came: dict[int, tuple[int, Link]], end: int) -> list[Link]:
    path, (before, link) = list[Link](), came[end]
    while before >= 0:
        path.append(link)
        before, link = came[before]
    return path[::-1]


class _Parts:
    """A partition of nodes that grows together, and how many records each part has."""

    def __init__(self, records: int) -> None:
        self.records, self.root, self.size = records, dict[int, int](), dict[int, int]()

    def find(self, node: int) -> int:
        """Return the root of the part of a node."""
        return root_of(node, self.root)

    def unite(self, one: int, other: int) -> tuple[int, int] | None:
        """Unite the parts of two nodes; return how many records each had, None where they were one."""
        left, right = self.find(one), self.find(other)
        if left == right:
            return None
        sizes = self._size(left), self._size(right)
        self.root[right] = left
        self.size[left] = sum(sizes)
        return sizes

    def _size(self, root: int) -> int:
        return self.size.get(root, 1 if root < self.records else 0)
