"""Why links do not hold: the limit that is in the way, and its witness."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.graph.clusters import Clusters
from identigraph.graph.constrained import Decided
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.limits import Limit
from identigraph.graph.links import SCORED

Ints = npt.NDArray[np.int64]

Key = tuple[int, int, int]
"""Both ends of a link, and its namespace."""

LINKAGE = "linkage"
BUILDER = "builder"


@attrs.frozen
class Reason:
    """Why a link does not hold.

    Args:
        reason: ``"limit"``: its union would break a limit; ``"ambiguous"``: it was cut, for a link against it is about
            as strong; ``"linkage"``: the linkage does not trust the pair, for other pairs speak against it;
            ``"builder"``: the builder put its ends into two clusters.
        limit: what is in the way: a namespace, ``cannot_link``, ``one_per_source``, ``most_records``, ``protected``,
            ``named_apart``; "" where the linkage or the builder is.
        left: the witness on one side: a value, a record, a source.
        right: the witness on the other side, which does not go together with the first.
    """

    reason: str
    limit: str = ""
    left: str = ""
    right: str = ""


@attrs.frozen(eq=False)
class Reasons:
    """The reasons of all links that do not hold.

    Args:
        graph: the graph.
        linked: shape (records,): the cluster that the linkage, or else the builder, puts each record into.
        where: ``"linkage"`` or ``"builder"``.
        limits: what keeps records apart.
        parts: for each limit, shape (nodes,): equal numbers mean together, as far as it goes.
        envelope: shape (nodes,): equal numbers mean one envelope of links that the linkage trusts.
        told: for links that were refused or cut, by the number of a limit and the link: the reason and the witness.
        first: the first witness of each limit in each envelope.
    """

    graph: IdentityGraph
    linked: Ints
    where: str
    limits: tuple[Limit, ...] = ()
    parts: tuple[Ints, ...] = ()
    envelope: Ints = attrs.field(factory=lambda: np.zeros(0, dtype=np.int64))
    told: dict[tuple[int, Key], tuple[str, tuple[int, int]]] = attrs.field(factory=dict)
    first: dict[tuple[int, int], tuple[int, int]] = attrs.field(factory=dict)

    @classmethod
    def plain(cls, graph: IdentityGraph, clusters: Clusters) -> Reasons:
        """Return the reasons of a builder that tells none."""
        return cls(graph, clusters.labels, BUILDER)

    @classmethod
    def of(cls, graph: IdentityGraph, decided: Decided, envelope: Ints) -> Reasons:
        """Return the reasons behind what constrained components decided."""
        told: dict[tuple[int, Key], tuple[str, tuple[int, int]]] = {}
        first: dict[tuple[int, int], tuple[int, int]] = {}
        for number, reason, link, witness in _told(decided):
            one, other = int(decided.contested.one[link]), int(decided.contested.other[link])
            told[number, (one, other, int(decided.contested.space[link]))] = (reason, witness)
            first.setdefault((number, int(envelope[one])), witness)
        parts = tuple(verdict.part for verdict in decided.verdicts)
        return cls(graph, decided.linked.labels, LINKAGE, decided.limits, parts, envelope, told, first)

    def of_link(self, one: int, other: int, space: int) -> Reason:
        """Return why a link does not hold, by the first limit that is in its way."""
        if space == SCORED and self.linked[one] != self.linked[other]:
            return self._distrusted(one, other)
        number = next(number for number, part in enumerate(self.parts) if part[one] != part[other])
        separated = ("ambiguous", self.first[number, int(self.envelope[one])])
        reason, witness = self.told.get((number, (one, other, space)), separated)
        limit = self.limits[number]
        return Reason(reason, limit.name, *(self._text(limit, code) for code in witness))

    def _distrusted(self, one: int, other: int) -> Reason:
        """Return why the linkage, or the builder, keeps two records apart."""
        left, right = int(self.linked[one]), int(self.linked[other])
        between = self._cannot_between.get((min(left, right), max(left, right)))
        if between is not None:
            return Reason("limit", "cannot_link", *(self.graph.keys.told(end) for end in between))
        common = self._codes_in.get(left, set()) & self._codes_in.get(right, set())
        if common:
            source = self._source(min(common))
            return Reason("limit", "one_per_source", source, source)
        return Reason(self.where)

    @cached_property
    def _cannot_between(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The first cannot-link between two clusters of the linkage."""
        cannot = self.graph.judgements.cannot
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for left, right in zip(cannot.left.tolist(), cannot.right.tolist(), strict=True):
            ends = sorted((int(self.linked[left]), int(self.linked[right])))
            found.setdefault((ends[0], ends[1]), (left, right))
        return found

    @cached_property
    def _codes_in(self) -> dict[int, set[int]]:
        """The codes that keep records apart, by cluster of the linkage."""
        found: dict[int, set[int]] = {}
        if self.graph.apart is not None:
            for cluster, code in zip(self.linked.tolist(), self.graph.apart.tolist(), strict=True):
                if code >= 0:
                    found.setdefault(cluster, set()).add(code)
        return found

    def _source(self, code: int) -> str:
        return str(self.graph.keys.frame.get_column("source")[int(np.flatnonzero(self.graph.apart == code)[0])])

    def _text(self, limit: Limit, code: int) -> str:
        """Return what a value of a limit stands for."""
        graph = self.graph
        if limit.name == "cannot_link":
            ends = (graph.judgements.cannot.left, graph.judgements.cannot.right)
            return graph.keys.told(int(ends[code % 2][code // 2]))
        if limit.name == "one_per_source":
            return self._source(code)
        if limit.name in ("most_records", "protected", "named_apart"):
            return graph.keys.told(code)
        seen = next(seen for seen in graph.sightings if seen.namespace.name == limit.name)
        return str(seen.values[code])


def _told(decided: Decided) -> Iterator[tuple[int, str, int, tuple[int, int]]]:
    """Yield the number of a limit, a reason, a link and its witness: refused links before those cut for their sake."""
    for number, verdict in enumerate(decided.verdicts):
        for link, witness in verdict.refused.items():
            yield number, "limit", link, witness
        for link, by in verdict.cut.items():
            yield number, "ambiguous", link, verdict.refused[by]
