"""Constrained components: entities of all evidence, within limits. The default builder.

Must-links come first, then layer by layer what identifiers and scored pairs join, the strongest first, as far as every
limit allows it. Scored pairs count as links where a linkage trusts them: average linkage, unless told otherwise, for
one wrong pair joins two families under plain components. A linkage looks at the pairs alone: a must-link joins what it
put together on either side, and does not make a record of one entity doubtful because it is nothing like the other.

The law: the partition is a function of records, evidence, judgements and settings, and that of one envelope a function
of the envelope alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Integral, Real
from typing import Protocol, runtime_checkable

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError, RangeError
from identigraph.graph.clusters import ClusterBuilder, Clusters, ScoredPairs, check_probability
from identigraph.graph.constraints import AtMost, Unpaired
from identigraph.graph.contracting import linking, odds_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.limits import Limit, Verdict, judge
from identigraph.graph.linkage import AverageLinkage
from identigraph.graph.links import SCORED, Links, links_of
from identigraph.graph.namespaces import CARRIED, check_count
from identigraph.graph.repairing import keeping_apart
from identigraph.graph.screening import Screened, distinct_pairs
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]

SCORED_PRIORITY = 5


@runtime_checkable
class Linkage(ClusterBuilder, Protocol):
    """A cluster builder with a threshold: pairs at or above it, inside a cluster, are links."""

    @property
    def cut(self) -> float:
        """The least match probability of a link."""
        ...


@attrs.frozen
class ConstrainedComponents:
    """Connected components within limits: the default builder.

    Args:
        linkage: which scored pairs are links: those at or above its threshold that it puts together. `AverageLinkage`
            unless told otherwise; `Components(0.9)` takes all pairs from a probability of 0.9 on.
        priority: the priority of scored pairs among the namespaces; 1 is the strongest.
        margin: how many bits stronger than a refused link a link must be, not to be ambiguous; 0 or more. None: nothing
            is ambiguous, links are taken in order and those that break a limit are left out.
        most_records: the most records of an entity; None: any number.
        protect: two entities that both hold a person's or login's identifier are joined by such identifiers, and by
            scored pairs from this match probability on, alone, 0 to 1. None: by any link.
        named_apart: whether a device or cookie, which several persons may use, joins no two entities that both hold a
            person's, login's or account's identifier, or a contact that two records or more carry.

    Raises:
        RangeError, ConfigurationError: an argument makes no sense.

    Examples:
        A tablet that two people log in on joins neither them nor what nobody was logged in for.

        >>> from identigraph.graph.namespaces import Namespace
        >>> events = {
        ...     "id": [1, 2, 3, 4],
        ...     "login": ["ann", "ann", "bob", None],
        ...     "cookie": ["phone", "tablet", "tablet", "tablet"],
        ... }
        >>> spaces = [Namespace("login", kind="login", limit=1), Namespace("cookie", kind="cookie")]
        >>> graph = IdentityGraph.of(events, id="id", namespaces=spaces)
        >>> ConstrainedComponents().build(graph).labels.tolist()
        [0, 0, 1, 2]
    """

    linkage: Linkage = attrs.field(factory=AverageLinkage, kw_only=True)
    priority: int = attrs.field(default=SCORED_PRIORITY, kw_only=True)
    margin: float | None = attrs.field(default=1.0, kw_only=True)
    most_records: int | None = attrs.field(default=None, kw_only=True)
    protect: float | None = attrs.field(default=0.99, kw_only=True)
    named_apart: bool = attrs.field(default=True, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if isinstance(self.linkage, type) or not isinstance(self.linkage, Linkage):
            told = f"linkage must be a builder with a threshold, such as ig.AverageLinkage(), got {self.linkage!r}"
            raise ConfigurationError(told)
        if isinstance(self.priority, bool) or not isinstance(self.priority, Integral):
            raise ConfigurationError(f"priority must be a whole number, got {self.priority!r}")
        if self.margin is not None and (not isinstance(self.margin, Real) or not self.margin >= 0):
            raise RangeError("margin", self.margin, 0, float("inf"))
        check_count("most_records", self.most_records, 1)
        if self.protect is not None:
            check_probability("protect", self.protect)

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the entities of the records of `graph`."""
        return self.decide(graph).clusters

    def decide(self, graph: IdentityGraph) -> Decided:
        """Return the entities, with the links that were taken and what kept others from being taken."""
        screened = graph.screened
        linked = self.linkage.build(graph.without_must_links) if len(graph.scored) else Clusters(np.arange(len(graph)))
        scored = self.candidates(graph)
        trusted = scored.where(linked.labels[scored.left] == linked.labels[scored.right])
        links = links_of(len(graph), trusted, screened, priority=self.priority)
        start = np.append(graph.groups, np.arange(len(graph), links.nodes))
        envelope = links.joined(start)
        limits = tuple(self._limits(graph, screened, links, start, envelope))
        broken = [limit.rule.suspects(envelope[limit.rows], limit.codes) for limit in limits]
        concerned = np.zeros(links.nodes, dtype=bool)
        concerned[np.concatenate([np.zeros(0, dtype=np.int64), *broken])] = True
        contested = links.in_order(concerned[envelope[links.one]])
        isolate = _isolating(contested, screened)
        verdicts = tuple(
            judge(contested, limit, start, envelope, margin=self.margin, isolate=isolate) for limit in limits
        )
        taken = np.ones(len(contested), dtype=bool)
        for verdict in verdicts:
            taken &= verdict.part[contested.one] == verdict.part[contested.other]
        part = np.where(concerned[envelope], contested.joined(start, taken), envelope)
        clusters = Clusters.of(part[: len(graph)])
        return Decided(clusters, linked, part, links, contested, taken, screened, limits, verdicts)

    def candidates(self, graph: IdentityGraph) -> ScoredPairs:
        """Return the scored pairs at or above the threshold of the linkage: links, where it puts them together."""
        return linking(graph.scored, self.linkage.cut)

    def _limits(
        self, graph: IdentityGraph, screened: Sequence[Screened], links: Links, start: Ints, envelope: Ints
    ) -> Iterator[Limit]:
        """Yield all that keeps records apart; must-linked records carry what all of them carry."""
        for found in screened:
            space, seen = found.namespace, found.sightings
            if space.limit is not None:
                window = None if space.window is None else space.window.total_seconds() * 1e6
                rows, codes = distinct_pairs(start[seen.rows[found.kept]], seen.codes[found.kept])
                yield Limit(space.name, AtMost(space.limit, window, seen.first_seen), rows, codes)
        yield from (_within(limit, envelope) for limit in keeping_apart(graph))
        if self.most_records is not None:
            rows = np.arange(len(graph))
            yield Limit("most_records", AtMost(self.most_records), start[rows], rows)
        yield from self._protected(screened, links, start, envelope)

    def _protected(self, screened: Sequence[Screened], links: Links, start: Ints, envelope: Ints) -> Iterator[Limit]:
        """Yield the limits that entities which are named are joined by strong links alone."""
        persons = np.array([*(found.namespace.identifying for found in screened), False])
        things = np.array([*(found.namespace.kind in CARRIED for found in screened), False])
        scored = links.space == SCORED
        if self.protect is not None:
            sure = links.strength >= odds_of(self.protect, ScoredPairs.none())
            named = [(found, found.kept) for found in screened if found.namespace.identifying]
            strong = np.where(scored, sure, persons[links.space])
            yield from _one_group("protected", named, strong, links, start, envelope)
        if self.named_apart:
            named = [(found, found.kept & found.repeated) for found in screened if found.namespace.naming]
            yield from _one_group("named_apart", named, ~things[links.space], links, start, envelope)


def _within(limit: Limit, envelope: Ints) -> Limit:
    """Return a limit without cannot-links whose ends nothing leads from one to the other: those say nothing here.

    Records that carry them would not be as free to be cut off as the others, for what is in another envelope.
    """
    if not isinstance(limit.rule, Unpaired):
        return limit
    ends = envelope[limit.rows]
    speaks = np.repeat(ends[::2] == ends[1::2], 2)
    return attrs.evolve(limit, rows=limit.rows[speaks], codes=limit.codes[speaks])


def _one_group(
    name: str, named: Sequence[tuple[Screened, Mask]], strong: Mask, links: Links, start: Ints, envelope: Ints
) -> Iterator[Limit]:
    """Yield the limit that an entity holds the identifiers of one group, groups being what strong links join."""
    if not named or strong.all():
        return
    first = np.cumsum([0, *(found.lives for found, _ in named)])
    codes = np.concatenate([found.life[holds] + add for (found, holds), add in zip(named, first, strict=False)])
    rows = np.concatenate([found.sightings.rows[holds] for found, holds in named])
    several = np.zeros(links.nodes, dtype=bool)
    several[AtMost(1).suspects(envelope[rows], codes)] = True
    group = links.joined(start, strong & several[envelope[links.one]])
    rows = start[rows[several[envelope[rows]]]]
    yield Limit(name, AtMost(1, closes=False), rows, group[rows])


@attrs.frozen(eq=False)
class Decided:
    """What constrained components made of a graph.

    Args:
        clusters: the entities.
        linked: what the linkage makes of scored pairs alone.
        part: shape (nodes,): equal numbers are one entity; values belong to one, too.
        links: all links.
        contested: the links of the envelopes that break a limit as a whole, in order; all others hold.
        taken: shape (contested,): which of these hold.
        screened: the identifiers of each namespace.
        limits: what keeps records apart.
        verdicts: what each limit leaves together.
    """

    clusters: Clusters
    linked: Clusters
    part: Ints
    links: Links
    contested: Links
    taken: Mask
    screened: tuple[Screened, ...]
    limits: tuple[Limit, ...]
    verdicts: tuple[Verdict, ...]


def _isolating(links: Links, screened: Sequence[Screened]) -> Mask:
    """Return whether the policy of each link is to isolate what is contested; of scored pairs it is."""
    policies = np.array([found.namespace.policy == "isolate" for found in screened] + [True])
    isolating: Mask = policies[links.space]
    return isolating
