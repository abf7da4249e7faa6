"""Links that hold and links that do not, as plain Python, and what oracles ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import attrs
import networkx as nx
import numpy as np
from hypothesis import strategies as st

from identigraph.graph import Clusters, ConstrainedComponents, Evidence, IdentityGraph, Namespace
from identigraph.graph.neighborhood import Neighborhood

LOGIN = Namespace("login", kind="login", limit=1)
COOKIE = Namespace("cookie", kind="cookie", policy="newest")
CERTAINTIES = (0.3, 0.5, 0.9, 0.9, 1.0)


@attrs.frozen
class Plain:
    """Nodes below `records` are records, others values; a link is (one, other, certainty, holds)."""

    records: int
    links: tuple[tuple[int, int, float, bool], ...]

    @classmethod
    def of(cls, evidence: Evidence) -> Plain:
        """Return all links of some evidence, must-links first."""
        links, must = evidence.links, evidence.graph.judgements.must
        ends = zip(links.one.tolist(), links.other.tolist(), evidence.certainty(links).tolist(), strict=True)
        part = evidence.part.tolist()
        sure = [(a, b, 1.0, True) for a, b in zip(must.left.tolist(), must.right.tolist(), strict=True)]
        return cls(links.records, (*sure, *((a, b, c, part[a] == part[b]) for a, b, c in ends)))

    @property
    def held(self) -> list[int]:
        """The places of the links that hold."""
        return [place for place, link in enumerate(self.links) if link[3]]

    def neighborhood(self) -> Neighborhood:
        """Return the same as a neighborhood."""
        one, other, certainty, holds = zip(*self.links, strict=True) if self.links else ((), (), (), ())
        return Neighborhood(self.records, one, other, certainty, holds)

    def parts(self, links: Iterable[int], without: int = -1) -> list[set[int]]:
        """Return the records that some links join, a node left out."""
        graph = nx.Graph()
        graph.add_nodes_from(range(self.records))
        graph.add_edges_from(self.links[place][:2] for place in links)
        graph.remove_nodes_from([without])
        parts = ({node for node in part if node < self.records} for part in nx.connected_components(graph))
        return [part for part in parts if part]

    def joined(self, links: Iterable[int], start: int, end: int) -> bool:
        """Return whether some links lead from one record to another."""
        return any({start, end} <= part for part in self.parts(links))

    def entity(self, record: int) -> set[int]:
        """Return the records that held links join with one."""
        return next(part for part in self.parts(self.held) if record in part)

    def around(self, record: int) -> list[int]:
        """Return the held links of the entity of a record."""
        entity = self.entity(record)
        return [place for place in self.held if self.links[place][0] in entity]

    def highest(self, fits: Any) -> float:
        """Return the highest certainty at which the held links that are so sure have a property; 0 for none."""
        tried = sorted({self.links[place][2] for place in self.held}, reverse=True)
        at = ([place for place in self.held if self.links[place][2] >= least] for least in tried)
        return next((least for least, links in zip(tried, at, strict=True) if fits(links)), 0.0)

    def bottleneck(self, start: int, end: int) -> float:
        """Return the certainty of the weakest link on the best path between two records."""
        return 1.0 if start == end else self.highest(lambda links: self.joined(links, start, end))

    def confidence(self, record: int) -> float:
        """Return the lowest bottleneck between any two records of an entity."""
        return min((self.bottleneck(*pair) for pair in combinations(self.entity(record), 2)), default=1.0)

    def member_confidence(self, record: int) -> float:
        """Return the certainty at which a record joins more than half of its entity."""
        size = len(self.entity(record))
        most = self.highest(lambda links: any(record in part and 2 * len(part) > size for part in self.parts(links)))
        return 1.0 if size == 1 else most

    def bridges(self, record: int) -> list[int]:
        """Return the held links of an entity without any of which its records fall apart."""
        entity = self.entity(record)
        return [
            link
            for link in self.around(record)
            if entity not in self.parts([place for place in self.held if place != link])
        ]

    def articulations(self, record: int) -> list[int]:
        """Return the records of an entity without any of which the others fall apart."""
        entity = self.entity(record)
        return [
            each
            for each in sorted(entity)
            if len(entity) > 1 and entity - {each} not in self.parts(self.held, without=each)
        ]

    def linked_pairs(self, record: int) -> int:
        """Return how many pairs of records of an entity a held link or a value of both joins."""
        ends = {self.links[place][:2] for place in self.around(record)}
        values = {other for _, other in ends if other >= self.records}
        return sum(
            (a, b) in ends or any((a, value) in ends and (b, value) in ends for value in values)
            for a, b in combinations(sorted(self.entity(record)), 2)
        )

    def distance(self, start: int, end: int, suppressed: Iterable[int]) -> int | None:
        """Return the fewest of some suppressed links that join two records beside those that hold."""
        graph = nx.Graph()
        graph.add_nodes_from(range(self.records))
        graph.add_edges_from((self.links[place][:2] for place in suppressed), weight=1)
        graph.add_edges_from((self.links[place][:2] for place in self.held), weight=0)
        found = nx.has_path(graph, start, end)
        return nx.dijkstra_path_length(graph, start, end) if found else None


@st.composite
def plain_links(draw: Any) -> Plain:
    """Draw links between up to six records and three values; pairs of records at most twice, those of values once."""
    records = draw(st.integers(2, 6))
    drawn = draw(st.binary(min_size=0, max_size=3 * 14))
    every = [*combinations(range(records), 2), *((r, records + v) for r in range(records) for v in range(3))]
    found: dict[tuple[int, int], list[tuple[int, int, float, bool]]] = {}
    for a, b, c in zip(drawn[::3], drawn[1::3], drawn[2::3], strict=False):
        ends = every[a % len(every)]
        several = found.setdefault(ends, [])
        holds = several[0][3] if several else c % 4 > 0
        if len(several) < 1 + (ends[1] < records):
            several.append((*ends, CERTAINTIES[b % len(CERTAINTIES)], holds))
    links = [link for several in found.values() for link in several]
    draw(st.randoms(use_true_random=False)).shuffle(links)
    plain = Plain(records, tuple(links))
    part = {node: number for number, nodes in enumerate(_parts(plain)) for node in nodes}
    return Plain(records, tuple((*link[:3], part[link[0]] == part[link[1]]) for link in links))


def _parts(plain: Plain) -> list[set[int]]:
    graph = nx.Graph()
    graph.add_nodes_from(range(plain.records + 3))
    graph.add_edges_from(plain.links[place][:2] for place in plain.held)
    return list(nx.connected_components(graph))


class Together:
    """A builder that puts all records into one cluster, without a threshold."""

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return one cluster."""
        return Clusters.of(np.zeros(len(graph), dtype=np.int64))


def evidence(case: Any) -> Evidence:
    """Return the evidence behind a case."""
    stream, spaces, builder = case
    return Evidence.of(stream.graph(spaces), builder)


def tablet(**changes: Any) -> Evidence:
    """Return the evidence about two people and one tablet; the newest owner keeps it."""
    events = {
        "id": ["ann 1", "ann 2", "bob", "nobody"],
        "login": ["ann", "ann", "bob", None],
        "cookie": ["phone", "tablet", "tablet", "tablet"],
        "at": [1, 2, 3, 4],
    }
    events |= changes
    graph = IdentityGraph.of(events, id="id", observed_at="at", namespaces=[LOGIN, COOKIE])
    return Evidence.of(graph, ConstrainedComponents())
