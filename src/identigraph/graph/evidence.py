"""Why it is so: the evidence behind clusters, link by link.

Every link that a graph holds either holds an entity together or is **suppressed**, with the reason and a witness: the
two values, records or sources that do not go together. From that all answers follow: the steps in which an entity came
about, the strongest path between two of its records, what would have to go for two records to be joined.

Invariant: links that hold lie inside clusters; every other link has a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import take
from identigraph.graph.clusters import ClusterBuilder, Clusters
from identigraph.graph.constrained import ConstrainedComponents, Linkage
from identigraph.graph.contracting import linking
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.links import SCORED, Links, links_of
from identigraph.graph.neighborhood import Neighborhood
from identigraph.graph.reasons import Reasons
from identigraph.graph.screening import Screened, distinct_pairs
from identigraph.graph.spanning import spanning_forest
from identigraph.odds import probability_of
from identigraph.pairs import Mask, Pairs
from identigraph.table import Table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False)
class Evidence:
    """The evidence behind the clusters of a graph; made by `Evidence.of`.

    Args:
        graph: the graph.
        clusters: what a builder made of it.
        links: all links but must-links.
        part: shape (nodes,): equal numbers are one entity; values belong to one, too.
        screened: the identifiers of each namespace, screened.
        reasons: why links do not hold.
    """

    graph: IdentityGraph
    clusters: Clusters
    links: Links
    part: Ints
    screened: tuple[Screened, ...]
    reasons: Reasons

    @classmethod
    def of(cls, graph: IdentityGraph, builder: ClusterBuilder) -> Evidence:
        """Return the evidence behind what a builder makes of a graph.

        Examples:
            >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.7), ("a", "c", 0.001)])
            >>> Evidence.of(graph, ConstrainedComponents())
            <Evidence: 3 records in 2 clusters, 1 link holds, 1 does not>
        """
        if isinstance(builder, ConstrainedComponents):
            decided = builder.decide(graph)
            links = links_of(len(graph), builder.candidates(graph), decided.screened, priority=builder.priority)
            start = np.append(graph.groups, np.arange(len(graph), links.nodes))
            reasons = Reasons.of(graph, decided, decided.links.joined(start))
            return cls(graph, decided.clusters, links, decided.part, decided.screened, reasons)
        clusters = builder.build(graph)
        scored = linking(graph.scored, builder.cut if isinstance(builder, Linkage) else 0.0)
        links = links_of(len(graph), scored, (), priority=0)
        return cls(graph, clusters, links, clusters.labels, (), Reasons.plain(graph, clusters))

    @cached_property
    def holds(self) -> Mask:
        """Which links hold: those inside entities, shape (links,)."""
        held: Mask = self.part[self.links.one] == self.part[self.links.other]
        return held

    def __repr__(self) -> str:
        """Return the counts; never an id."""
        held = int(self.holds.sum())
        not_held = len(self.links) - held
        told = f"{held:,} link{'s hold' if held != 1 else ' holds'}, {not_held:,} do{'es' if not_held == 1 else ''} not"
        return f"<Evidence: {len(self.graph):,} records in {self.clusters.count:,} clusters, {told}>"

    @cached_property
    def suppressed(self) -> Table:
        """One row per link that does not hold, with the reason and its witness.

        Columns ``left_source, left_id``; ``right_source, right_id`` of a scored pair, or ``value`` of an identifier;
        ``by``: ``scored`` or the namespace; ``certainty``; ``reason, limit, witness_left, witness_right`` as
        `reasons.Reason` has them. Values are data about persons: keep the table where you keep those.

        Examples:
            >>> table = {"left": ["a"], "right": ["b"], "judgement": ["cannot_link"]}
            >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99)], judgements=table)
            >>> found = Evidence.of(graph, ConstrainedComponents()).suppressed.to_polars()
            >>> found.select("left_id", "right_id", "limit", "witness_left", "witness_right").rows()
            [('a', 'b', 'cannot_link', 'a', 'b')]
        """
        links = self.links.in_order(~self.holds)
        return Table("suppressed", self.reasoned(links))

    @cached_property
    def entities(self) -> Table:
        """One row per entity: ``entity, records, links, confidence``.

        The confidence of an entity is the certainty of its weakest link along the strongest ways between its records,
        that is, in a maximum spanning forest, but for values at its ends. Entities of one record, and those of
        must-links alone, have 1; those that a builder put together without links 0.
        """
        one, other = self.links.one[self.holds], self.links.other[self.holds]
        certainty = self.certainty(self.links)[self.holds]
        tree = spanning_forest(self.links.nodes, self._start[one], self._start[other], certainty)
        tree &= (other < self.links.records) | (np.bincount(other[tree], minlength=self.links.nodes) > 1)[other]
        entity, weakest = self.clusters.labels[one], np.ones(self.clusters.count)
        np.minimum.at(weakest, entity[tree], certainty[tree])
        joined = self.links.joined(self._start, self.holds)[: len(self.graph)]
        cluster, _ = distinct_pairs(self.clusters.labels, joined)
        weakest[np.bincount(cluster, minlength=self.clusters.count) > 1] = 0
        counts = np.bincount(entity, minlength=self.clusters.count)
        columns = {"entity": np.arange(self.clusters.count), "records": self.clusters.sizes, "links": counts}
        return Table("entities", pl.DataFrame(columns).with_columns(confidence=weakest))

    def certainty(self, links: Links) -> Floats:
        """Return how sure each of some links is, 0 to 1: the match probability, or the certainty of the namespace."""
        spaces = np.array([found.namespace.certainty for found in self.screened] + [0.0])
        scored = links.space == SCORED
        return np.where(scored, probability_of(np.where(scored, links.strength, 0.0)), spaces[links.space])

    def told(self, links: Links) -> pl.DataFrame:
        """Return links as a table: ``left_source, left_id, right_source, right_id, by, value, certainty``."""
        scored = links.space == SCORED
        left = self.keys_of(links.one.tolist(), "left")
        right = self.keys_of(np.where(scored, links.other, -1).tolist(), "right")
        names = pl.Series("by", [*(found.namespace.name for found in self.screened), "scored"])
        by = names.gather(np.where(scored, len(names) - 1, links.space))
        return left.hstack(right).with_columns(by, self._values(links), certainty=self.certainty(links))

    def reasoned(self, links: Links) -> pl.DataFrame:
        """Return links that do not hold as a table: that of `told`, and the reasons."""
        ends = zip(links.one.tolist(), links.other.tolist(), links.space.tolist(), strict=True)
        reasons = [attrs.astuple(self.reasons.of_link(*end)) for end in ends]
        schema = dict.fromkeys(("reason", "limit", "witness_left", "witness_right"), pl.String)
        return self.told(links).hstack(pl.DataFrame(reasons, schema=schema, orient="row"))

    def near(self, record: int, *, entity: bool) -> Near:
        """Return the links of the entity of a record, or of its whole envelope with those that do not hold.

        Args:
            record: the number of a record.
            entity: whether the entity is asked for.
        """
        label = self.part if entity else self._envelope
        inside = label[self.links.one] == label[record]
        links = self.links.in_order(inside & self.holds if entity else inside)
        must = self.graph.judgements.must
        must = must.where(label[must.left] == label[record])
        certainty = np.append(np.ones(len(must)), self.certainty(links))
        holds = np.append(np.ones(len(must), dtype=bool), self.part[links.one] == self.part[links.other])
        ends = np.append(must.left, links.one).tolist(), np.append(must.right, links.other).tolist()
        return Near(self, Neighborhood(len(self.graph), *ends, certainty.tolist(), holds.tolist()), must, links)

    def members(self, record: int) -> list[int]:
        """Return the numbers of the records of the entity of a record."""
        labels = self.clusters.labels
        return [int(row) for row in np.flatnonzero(labels == labels[record])]

    def keys_of(self, rows: Sequence[int], side: str) -> pl.DataFrame:
        """Return the keys of some records as ``<side>_source, <side>_id``; nulls where a row is negative."""
        asked, frame = np.array(rows, dtype=np.int64), self.graph.keys.frame
        names = {"source": f"{side}_source", "record_id": f"{side}_id"}
        return pl.DataFrame([take(frame.get_column(name), asked).alias(told) for name, told in names.items()])

    @cached_property
    def _start(self) -> Ints:
        return np.append(self.graph.groups, np.arange(len(self.graph), self.links.nodes))

    @cached_property
    def _envelope(self) -> Ints:
        return self.links.joined(self._start)

    def _values(self, links: Links) -> pl.Series:
        """Return the identifier of each link, null for scored pairs."""
        values = pl.Series("value", [None] * len(links), dtype=pl.String)
        for number, found in enumerate(self.screened):
            own = np.flatnonzero(links.space == number)
            codes = links.value[links.other[own] - links.records]
            values.scatter(own, found.sightings.values.gather(codes))
        return values


@attrs.frozen(eq=False)
class Near:
    """The links of an entity or envelope, to be asked one by one.

    Args:
        evidence: where they are from.
        links: must-links, then the others in the order in which they are taken.
        must: the must-links.
        others: the others.
    """

    evidence: Evidence
    links: Neighborhood
    must: Pairs
    others: Links

    def told(self, some: Sequence[int]) -> pl.DataFrame:
        """Return some links, by their place, as a table; see `Evidence.told`."""
        left = self.evidence.keys_of(self.must.left.tolist(), "left")
        right = self.evidence.keys_of(self.must.right.tolist(), "right")
        by, value = pl.lit("must_link").alias("by"), pl.lit(None, dtype=pl.String).alias("value")
        must = left.hstack(right).with_columns(by, value, certainty=pl.lit(1.0))
        return pl.concat([must, self.evidence.told(self.others)])[list(some)]

    def reasoned(self, some: Sequence[int]) -> pl.DataFrame:
        """Return some links that do not hold, by their place, with the reasons; see `Evidence.reasoned`."""
        return self.evidence.reasoned(self.others.at(np.array(some, dtype=np.int64) - len(self.must)))
