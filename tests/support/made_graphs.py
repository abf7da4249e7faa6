"""Dense random identity graphs: few records, fewer identifiers, so that conflicts abound; made of arrays, fast."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import attrs
import networkx as nx
import numpy as np
import polars as pl
from hypothesis import strategies as st

from identigraph.encoding import encode
from identigraph.graph import AverageLinkage, Components, ConstrainedComponents, IdentityGraph, ScoredPairs
from identigraph.graph.judgements import Judgements
from identigraph.graph.keys import Keys
from identigraph.graph.namespaces import Generic, Namespace
from identigraph.graph.sightings import NEVER, Sightings
from identigraph.odds import log2_odds
from identigraph.pairs import Pairs

Pair = tuple[int, int]
Cell = tuple[str, int, str, int | None]
"""A namespace, a record, a value, a time in microseconds."""

MOST = 8
VALUES = ("a", "b", "c", "null")
NAMES = ("maria", "marie", "john", "paul", None)
KINDS: dict[str, Any] = {
    "number": "person",
    "login": "login",
    "mail": "contact",
    "device": "device",
    "cookie": "cookie",
}
KIND = tuple(KINDS)
TIMES = (None, *range(9))
CHANCES = (0.3, 0.6, 0.9, 0.95, 0.97, 0.995, 1.0)


@attrs.frozen
class Stream:
    """What an identity graph is made of, as plain Python."""

    n: int
    cells: tuple[Cell, ...] = ()
    pairs: tuple[tuple[int, int, float], ...] = ()
    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    apart: tuple[int, ...] | None = None
    names: tuple[str | None, ...] | None = None

    def graph(self, spaces: tuple[Namespace, ...]) -> IdentityGraph:
        """Return the graph."""
        named = {} if self.names is None else {"name": encode(pl.Series(self.names, dtype=pl.String))}
        return IdentityGraph(
            Keys(pl.DataFrame({"source": [""] * self.n, "record_id": range(self.n)})),
            scored_pairs(self.pairs),
            tuple(self.sightings(space) for space in spaces),
            Judgements(Pairs.of(*ends(self.must)), Pairs.of(*ends(self.cannot))),
            None if self.apart is None else np.array(self.apart, dtype=np.int32),
            named,
        )

    def sightings(self, space: Namespace) -> Sightings:
        """Return the sightings of a namespace."""
        own = {cell[1:] for cell in self.cells if cell[0] == space.name}
        values = sorted({value for _, value, _ in own})
        found = sorted((row, values.index(value), NEVER if time is None else time) for row, value, time in own)
        rows, codes, times = np.array(found, dtype=np.int64).reshape(-1, 3).T.copy()
        return Sightings(space, rows, codes, pl.Series(values, dtype=pl.String), times)

    def envelopes(self) -> list[list[int]]:
        """Return the records of each envelope: what all identifiers, scored pairs and must-links join."""
        graph = nx.Graph()
        graph.add_nodes_from(range(self.n))
        graph.add_edges_from((row, (name, value)) for name, row, value, _ in self.cells)
        graph.add_edges_from([*self.must, *(pair[:2] for pair in self.pairs)])
        return [sorted(x for x in part if isinstance(x, int)) for part in nx.connected_components(graph)]

    def only(self, rows: list[int]) -> Stream:
        """Return the stream of some records alone, which are numbered anew in their order."""
        new = {row: place for place, row in enumerate(rows)}
        return Stream(
            len(rows),
            tuple((name, new[row], value, time) for name, row, value, time in self.cells if row in new),
            tuple((new[a], new[b], p) for a, b, p in self.pairs if a in new and b in new),
            *(tuple((new[a], new[b]) for a, b in pairs if a in new and b in new) for pairs in (self.must, self.cannot)),
            None if self.apart is None else tuple(self.apart[row] for row in rows),
            None if self.names is None else tuple(self.names[row] for row in rows),
        )


def ends(pairs: tuple[Pair, ...]) -> tuple[list[int], list[int]]:
    """Return the left and the right ends."""
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def scored_pairs(pairs: tuple[tuple[int, int, float], ...]) -> ScoredPairs:
    """Return pairs with their probabilities."""
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    probability = np.array([pair[2] for pair in pairs], dtype=np.float32)
    return ScoredPairs(left, right, log2_odds(probability).astype(np.float32), probability)


@st.composite
def streams(draw: Any, *, judged: bool = True, one_value: bool = False) -> Stream:
    """Draw a stream; with `one_value` no record has two values of a namespace.

    Bytes are drawn and read as cells and pairs, which takes a tenth of the time of drawing each part.
    """
    n = draw(st.integers(3, MOST))
    cells = [(KIND[a % 5], b % n, VALUES[c % 4], TIMES[d % 10]) for a, b, c, d in _bytes(draw, 4, 2 * n, 4 * n)]
    cells = list({cell[:2]: cell for cell in cells}.values()) if one_value else cells
    every = list(combinations(range(n), 2))
    pairs = {every[a % len(every)]: CHANCES[b % 7] for a, b in _bytes(draw, 2, 0, n)}
    scored = tuple((*pair, p) for pair, p in sorted(pairs.items()))
    names = tuple(NAMES[a % 5] for (a,) in _bytes(draw, 1, n, n))
    if not judged:
        return Stream(n, tuple(cells), scored, names=names)
    must = tuple(every[a % len(every)] for (a,) in _bytes(draw, 1, 0, 2))
    joined = nx.Graph(must)
    joined.add_nodes_from(range(n))
    cannot = tuple(every[a % len(every)] for (a,) in _bytes(draw, 1, 0, 3))
    cannot = tuple(pair for pair in cannot if not nx.has_path(joined, *pair))
    apart = draw(st.none() | st.just(tuple(a % 5 - 1 for (a,) in _bytes(draw, 1, n, n))))
    return Stream(n, tuple(cells), scored, must, cannot, apart, names)


def _bytes(draw: Any, width: int, least: int, most: int) -> list[tuple[int, ...]]:
    """Return from `least` to `most` tuples of so many bytes."""
    drawn = draw(st.binary(min_size=width * least, max_size=width * most))
    return [tuple(drawn[i : i + width]) for i in range(0, len(drawn) - width + 1, width)]


def namespaces() -> st.SearchStrategy[tuple[Namespace, ...]]:
    """Return a strategy of a rule for each of most namespaces."""
    several = st.lists(st.binary(min_size=8, max_size=8), min_size=5, max_size=5)
    return several.map(
        lambda drawn: tuple(_namespace(*bound) for bound in zip(KIND, drawn, strict=True) if bound[1][7] % 4)
    )


def _namespace(name: str, drawn: bytes) -> Namespace:
    limit, window, entities, policy, linkable, priority, generic, ttl = drawn
    spans = (None, None, None, *(timedelta(microseconds=length) for length in (1, 2, 4)))
    most = (None, 1, 1, 1, 2, 3)[limit % 6]
    return Namespace(
        name,
        kind=KINDS[name],
        limit=most,
        window=None if most is None else spans[window % 6],
        max_entities=(*[None] * 6, 1, 2)[entities % 8],
        policy=("isolate", "isolate", "isolate", "isolate", "newest", "oldest", "refuse", "cap")[policy % 8],
        linkable=(None, None, None, False)[linkable % 4],
        priority=(None, None, 1, 5)[priority % 4],
        generic=(*[None] * 6, Generic("name", most=1), Generic("name", most=2))[generic % 8],
        ttl=spans[ttl % 6],
    )


@st.composite
def builders(draw: Any) -> ConstrainedComponents:
    """Draw the settings of constrained components."""
    linkages = [AverageLinkage(), AverageLinkage(0.9), Components(0.5), Components(0.9)]
    return ConstrainedComponents(
        linkage=draw(st.sampled_from(linkages)),
        priority=draw(st.sampled_from([1, 5, 5, 9])),
        margin=draw(st.sampled_from([None, 0, 1, 4])),
        most_records=draw(st.sampled_from([None, None, 2, 3, 4])),
        protect=draw(st.sampled_from([None, 0.5, 0.99])),
        named_apart=draw(st.booleans()),
    )


def parts_of(labels: Any) -> set[frozenset[int]]:
    """Return the sets of places that carry equal labels."""
    found: dict[int, set[int]] = {}
    for place, label in enumerate(labels.tolist()):
        found.setdefault(label, set()).add(place)
    return {frozenset(part) for part in found.values()}
