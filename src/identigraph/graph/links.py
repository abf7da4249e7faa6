"""Links: all evidence that joins, in the order in which it is taken.

A link joins a record with a record (a scored pair), or a record with a value of a namespace; values are nodes of their
own, so a value that many records carry is a star and never all pairs.

The order of links is that of layer, strength, recency and then of what they join; never of arrival.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.screening import Screened
from identigraph.graph.sightings import NEVER
from identigraph.odds import log2_odds
from identigraph.pairs import Mask

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SCORED = -1
"""The namespace of links that are scored pairs."""


@attrs.frozen(eq=False, repr=False)
class Links:
    """What joins records.

    Args:
        records: how many records there are: nodes from 0.
        nodes: how many nodes there are; values come after records.
        one: shape (links,): the record at one end.
        other: shape (links,): the record or value at the other end.
        space: shape (links,): the number of the namespace, `SCORED` for scored pairs.
        layer: shape (links,): the priority.
        strength: shape (links,): within a layer, in bits: log2 odds of scored pairs; of identifiers under the policies
            isolate and cap log2 of the owner's share in the value, else 0.
        recency: shape (links,): among those of equal strength, by the policy; the lowest first.
        value: shape (nodes - records,): the value that each node stands for, as its code in its namespace.
    """

    records: int
    nodes: int
    one: Ints
    other: Ints
    space: Ints
    layer: Ints
    strength: Floats
    recency: Floats
    value: Ints

    def in_order(self, some: Mask) -> Links:
        """Return some of the links, those that are taken first at the top."""
        keys = (self.other, self.one, self.recency, -self.strength, self.layer)
        places = np.flatnonzero(some)
        return self.at(places[np.lexsort([key[places] for key in keys])])

    def at(self, places: Ints) -> Links:
        """Return the links at some places."""
        return attrs.evolve(
            self,
            one=self.one[places],
            other=self.other[places],
            space=self.space[places],
            layer=self.layer[places],
            strength=self.strength[places],
            recency=self.recency[places],
        )

    def joined(self, start: Ints, taken: Mask | None = None) -> Ints:
        """Return for each node the lowest one that `start` and the links taken, or all links, lead to.

        Args:
            start: shape (nodes,): the lowest node that must-links lead to.
            taken: shape (links,).
        """
        one, other = (self.one, self.other) if taken is None else (self.one[taken], self.other[taken])
        return connected_components(self.nodes, start[one], start[other])[start]

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.one)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Links: {len(self):,} of {self.records:,} records and {self.nodes - self.records:,} values>"


def links_of(records: int, scored: ScoredPairs, screened: Sequence[Screened], *, priority: int) -> Links:
    """Return the links of scored pairs, all of which count, and of the identifiers that link.

    Args:
        records: how many records there are.
        scored: the scored pairs.
        screened: the identifiers of each namespace.
        priority: the layer of scored pairs.
    """
    parts = [_scored(scored, priority)]
    values, nodes = [np.zeros(0, dtype=np.int64)], records
    for number, found in enumerate(screened):
        if found.namespace.links:
            part, codes = _stars(found, number, nodes)
            parts.append(part)
            values.append(codes)
            nodes += len(codes)
    one, other, space, layer, strength, recency = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Links(records, nodes, one, other, space, layer, strength, recency, np.concatenate(values))


Part = tuple[Ints, Ints, Ints, Ints, Floats, Floats]


def _scored(scored: ScoredPairs, priority: int) -> Part:
    size = len(scored)
    odds = log2_odds(scored.match_probability)
    ends = scored.left.astype(np.int64), scored.right.astype(np.int64)
    return *ends, np.full(size, SCORED), np.full(size, priority), odds, np.zeros(size)


def _stars(found: Screened, number: int, first: int) -> tuple[Part, Ints]:
    """Return the links of a namespace to the values that two records or more carry, numbered from `first`."""
    order = np.flatnonzero(found.kept)
    recency = _recency(found)
    order = order[np.lexsort((recency[order], found.sightings.rows[order], found.life[order]))]
    rows, life = found.sightings.rows[order], found.life[order]
    once = np.append(True, (rows[1:] != rows[:-1]) | (life[1:] != life[:-1])) if len(rows) else np.zeros(0, dtype=bool)
    carried = np.bincount(life[once], minlength=found.lives) > 1
    used = order[once & carried[life]]
    node = np.cumsum(carried) - 1 + first
    codes = np.zeros(found.lives, dtype=np.int64)
    codes[life] = found.sightings.codes[order]
    size, rank = len(used), found.namespace.rank
    by_share = found.namespace.policy in ("isolate", "cap")
    strength = np.log2(found.share[used]) if by_share else np.zeros(size)
    part = (found.sightings.rows[used], node[found.life[used]], np.full(size, number), np.full(size, rank), strength)
    return (*part, recency[used]), codes[carried]


def _recency(found: Screened) -> Floats:
    """Return for each sighting the place of its link among those of equal strength, by the policy; the lowest first."""
    policy, times = found.namespace.policy, found.sightings.times.astype(np.float64)
    times[found.sightings.times == NEVER] = np.inf if policy == "oldest" else -np.inf
    if policy == "newest":
        return -times
    return times if policy == "oldest" else np.zeros(len(times))
