"""Small graphs of scored pairs and judgements as plain Python, and what oracles ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

import attrs
import networkx as nx
import numpy as np
import polars as pl
from hypothesis import strategies as st

from identigraph import Pairs
from identigraph.graph import Clusters, IdentityGraph, ScoredPairs
from identigraph.graph.judgements import Judgements
from identigraph.graph.keys import Keys
from identigraph.odds import log2_odds

Pair = tuple[int, int]
Group = frozenset[int]

PROBABILITIES = tuple(float(np.float32(p)) for p in (0, 0.05, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 1))
THRESHOLDS = st.sampled_from([0.0, 0.4, 0.5, 0.7, 0.9, 1.0])


@attrs.frozen
class Plain:
    """Records from 0, probabilities of some pairs, judgements, and codes of records that may not be together."""

    n: int
    scored: dict[Pair, float]
    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    apart: tuple[int, ...] | None = None
    sources: tuple[str, ...] | None = None

    def graph(self, order: list[Pair] | None = None) -> IdentityGraph:
        """Return the graph, its pairs in an order."""
        pairs = list(self.scored) if order is None else order
        left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
        probability = np.array([self.scored[pair] for pair in pairs], dtype=np.float32)
        names = [""] * self.n if self.sources is None else list(self.sources)
        keys = pl.DataFrame({"source": pl.Series(names, dtype=pl.String), "record_id": np.arange(self.n)})
        return IdentityGraph(
            Keys(keys),
            ScoredPairs(left, right, log2_odds(probability).astype(np.float32), probability),
            judgements=Judgements(*(Pairs.of(*np.array(some, dtype=int).reshape(-1, 2).T) for some in self.judged)),
            apart=None if self.apart is None else np.array(self.apart, dtype=np.int32),
        )

    @property
    def judged(self) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
        """The pairs that must and that cannot be linked."""
        return self.must, self.cannot

    @property
    def groups(self) -> list[Group]:
        """The groups of must-linked records, by their lowest."""
        return parts(range(self.n), self.must)

    def strong(self, threshold: float) -> dict[Pair, float]:
        """Return the pairs at or above a threshold."""
        return {pair: p for pair, p in self.scored.items() if p >= np.float32(threshold)}

    def strongest(self, threshold: float) -> dict[Pair, float]:
        """Return the strongest probability between two groups, known by their lowest records, the strongest first."""
        of = {record: min(group) for group in self.groups for record in group}
        best: dict[Pair, float] = {}
        for (a, b), p in self.strong(threshold).items():
            one, other = sorted((of[a], of[b]))
            if one != other:
                best[one, other] = max(p, best.get((one, other), 0.0))
        return dict(sorted(best.items(), key=lambda item: (-item[1], item[0])))

    def allowed(self, one: Iterable[int], other: Iterable[int]) -> bool:
        """Return whether two sets of records may share a cluster, as far as they do not already break it themselves."""
        one, other = set(one), set(other)
        if any((a in one and b in other) or (a in other and b in one) for a, b in self.cannot):
            return False
        return self.apart is None or not ({self.apart[r] for r in one} & {self.apart[r] for r in other}) - {-1}

    def united(self, pairs: Iterable[Pair]) -> list[Group]:
        """Return the clusters that pairs make which are taken in order, where allowed."""
        clusters = self.groups
        for a, b in pairs:
            one, other = (next(c for c in clusters if r in c) for r in (a, b))
            if one != other and self.allowed(one, other):
                clusters = [c for c in clusters if c not in (one, other)] + [one | other]
        return clusters

    def repaired(self, clusters: Iterable[Group], threshold: float) -> list[Group]:
        """Return clusters with those that break something built anew from their strongest pairs."""
        found: list[Group] = []
        for cluster in clusters:
            inner = [group for group in self.groups if group <= cluster]
            if all(self.allowed(*two) for two in combinations(inner, 2)):
                found.append(cluster)
            else:
                links = {pair: p for pair, p in self.strong(threshold).items() if set(pair) <= cluster}
                anew = self.united(sorted(links, key=lambda pair: (-links[pair], pair)))
                found += [c for c in anew if c <= cluster]
        return found

    def connected(self, clusters: Iterable[Group], threshold: float) -> list[Group]:
        """Return clusters split where neither pairs nor must-links hold them together."""
        links = [*self.strong(threshold), *self.must]
        return [part for c in clusters for part in parts(c, [pair for pair in links if set(pair) <= c])]


def parts(nodes: Iterable[int], links: Iterable[Pair]) -> list[Group]:
    """Return the connected components."""
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(links)
    return sorted(map(frozenset, nx.connected_components(graph)), key=min)


def labels_of(clusters: Iterable[Group], n: int) -> list[int]:
    """Return the number of the cluster of each record, by first records."""
    labels = np.zeros(n, dtype=np.int64)
    for number, cluster in enumerate(clusters):
        labels[list(cluster)] = number
    return Clusters.of(labels).labels.tolist()


def clusters_of(labels: list[int]) -> list[Group]:
    """Return the sets of records with one label."""
    return [frozenset(r for r, label in enumerate(labels) if label == number) for number in sorted(set(labels))]


def odds_of(probability: float) -> float:
    """Return log2 odds in the precision of scored pairs."""
    return float(log2_odds(np.array([probability], dtype=np.float32))[0])


def crossing(one: Iterable[int], other: Iterable[int]) -> Iterator[Pair]:
    """Yield the pairs of a record of the one and one of the other, the lower one left."""
    return ((min(pair), max(pair)) for pair in product(one, other))


@st.composite
def plain_graphs(draw: Any, *, most: int = 9, constrained: bool = True) -> Plain:
    """Return any small graph, with and without judgements and codes."""
    n = draw(st.integers(0, most))
    random = draw(st.randoms(use_true_random=False))
    everyone = list(combinations(range(n), 2))
    share = random.choice((0.2, 0.5, 1.0))
    scored = {pair: random.choice(PROBABILITIES) for pair in everyone if random.random() < share}
    if not constrained or random.random() < 0.3:
        return Plain(n, scored)
    must = tuple(pair for pair in everyone if random.random() < 0.06)
    group = {record: part for part in parts(range(n), must) for record in part}
    cannot = tuple(pair for pair in everyone if random.random() < 0.1 and group[pair[0]] != group[pair[1]])
    apart = tuple(random.choice((-1, 0, 1, 2, 3, 70)) for _ in range(n)) if random.random() < 0.5 else None
    return Plain(n, scored, must, cannot, apart)
