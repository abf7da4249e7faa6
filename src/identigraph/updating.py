"""Records that come, change and go: the entities that follow, without starting over.

What a resolver has learned stays as it is. So whether two records match is a matter of the two, and a change reaches no
further than its *envelope*: the records that evidence leads to from those that changed. Envelopes that nothing touched
keep their entities; the others are resolved as they would be among all records.

The law: the entities are those of one run of the same resolver on the records that are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking import Candidates
from identigraph.blocking.touching import is_steady, touching
from identigraph.changing import changed
from identigraph.comparing import Comparison
from identigraph.comparing.layout import Packed
from identigraph.graph import Clusters, IdentityGraph, ScoredPairs
from identigraph.graph.combining import envelopes_of, some_records
from identigraph.graph.contracting import odds_of
from identigraph.graph.locking import unlinked
from identigraph.graph.namespaces import check_count
from identigraph.graph.of_records import graph_of
from identigraph.identity import Assignment, Placed, Register, Rulings, assign_ids, place_on
from identigraph.identity.assigning import IdFactory
from identigraph.identity.reading import Weights
from identigraph.notes import quietly
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.records.joining import joined_records
from identigraph.records.tables import as_text, read
from identigraph.refining import Scores, linkage_of
from identigraph.report.clock import Clock
from identigraph.scoring import Scored, scored_pairs
from identigraph.siblings import Siblings

if TYPE_CHECKING:
    from identigraph.resolution import Resolution
    from identigraph.resolver import Resolver

Ints = npt.NDArray[np.int64]

CHUNK = 500_000
"""Pairs that are compared at a time."""


def updated(
    before: Resolution,
    resolver: Resolver,
    *,
    add: Any,
    replace: Any,
    delete: Any,
    judgements: Any,
    budget: int | None,
    naming: Naming,
) -> Resolution:
    """Return a resolution after records came, changed and went; see `Resolver.update`."""
    check_count("budget", budget, 1)
    clock = Clock()
    with clock.stage("read", "records that came"):
        change = changed(before.records, before.named, add=add, replace=replace, delete=delete)
        came = resolver.reading(Records.of_rows(change.came))
        records = joined_records(before.records.some(change.left), came)
        clock.count(len(came))
    row = np.full(len(before.records), -1, dtype=np.int64)
    row[change.left] = np.flatnonzero(records.position < len(records) - len(came))
    told = before.judged if judgements is None else judgements
    placed = place_on(records, told if judgements is not None else _of_those_left(told, records))
    with quietly():
        made = _Update(before, resolver, records, row, placed, clock, budget).made()
    made = attrs.evolve(made, judged=told)
    with clock.stage("name", "entities that changed"):
        pins = told.pins if isinstance(told, Rulings) else {}
        assigned = naming.assigned(before, made, pins)
        clock.count(len(assigned.events))
    return attrs.evolve(made, assigned=assigned, stages=clock.stages)


@attrs.frozen
class Naming:
    """How entities get ids that last: see `identigraph.assign_ids`.

    Args:
        weights: how much records count.
        factory: makes a new id; None: numbers go on where all ids are numbers, else UUIDs of version 7.
        at: the time of the change; None: now.
        cause: what brought it about.
    """

    weights: Weights = None
    factory: IdFactory | None = None
    at: datetime | None = None
    cause: str = ""

    def assigned(self, before: Resolution, now: Resolution, pins: Mapping[Any, str]) -> Assignment:
        """Return the entities with the ids of those before that they go on with."""
        previous = before.register
        rows = np.argsort(now.records.position, kind="stable")
        entity = pl.Series("entity_id", now.clusters.labels[rows])
        return assign_ids(
            now.records.row_keys(rows).with_columns(entity),
            previous=previous,
            weights=self.weights,
            pins=pins,
            factory=self.factory or numbering(previous),
            at=self.at,
            cause=self.cause,
        )


def numbering(register: Register) -> IdFactory | None:
    """Return what goes on with numbers where all ids are numbers, else None.

    Examples:
        >>> register = Register.of({"record_id": ["a", "b"], "entity_id": [1, 7]})
        >>> numbering(register)()
        '8'
    """
    if not all(map(str.isdecimal, register.issued)):
        return None
    numbers = count(max(map(int, register.issued), default=0) + 1)
    return lambda: str(next(numbers))


def _of_those_left(judged: Any, records: Records) -> Any:
    """Return what people said before, without the pairs of a table of which a record is gone; it may come back."""
    if judged is None or isinstance(judged, Rulings):
        return judged
    frame = read(judged)
    for side in ("left", "right"):
        on = [name for name in ("source", "id") if f"{side}_{name}" in frame.columns]
        there = as_text(records.row_keys(np.arange(len(records)))).rename({"record_id": "id"}).select(on)
        theirs = [pl.col(f"{side}_{name}").cast(pl.String) for name in on]
        frame = frame.join(there, left_on=theirs, right_on=on, how="semi", maintain_order="left")
    return frame


SCORING = ("blocking", "comparators", "fields", "link", "keep")
"""What of a resolver decides, beside the matcher, which pairs are scored and how."""


def _placed(resolution: Resolution) -> Placed:
    return Placed(resolution.graph.judgements, resolution.locks)


def resolved_by(before: Resolution, resolver: Resolver) -> Resolution:
    """Return the entities of the same records by a resolver with other settings; nothing is learned anew.

    Where it scores pairs as that of the resolution did, these are not scored again.

    Args:
        before: a resolution.
        resolver: that of the resolution, changed.
    """
    own = before.resolver
    same = own.settled is resolver.settled and own.matcher is resolver.matcher
    if not (same and all(getattr(own, name) == getattr(resolver, name) for name in SCORING)):
        records = Records.of_rows(before.records.rows)
        records = resolver.reading(attrs.evolve(records, position=before.records.position[records.position]))
        found = resolver.resolve(records, judgements=before.judged)
        return attrs.evolve(found, named=before.named)
    row = np.arange(len(before.records))
    changed_by = _Update(before, resolver, before.records, row, _placed(before), Clock(), None)
    every = np.ones(len(row), dtype=bool)
    graph = changed_by.graph_of(before.scored.where(np.arange(len(before.patterns))))
    asked, clusters = changed_by.resolved(graph, before.patterns, every, ~every)
    graph = attrs.evolve(graph, scored=graph.scored.plus(asked))
    return attrs.evolve(before, resolver=resolver, graph=graph, clusters=clusters, pending=~every)


def resolved_part(
    resolver: Resolver, records: Records, graph: IdentityGraph, packed: Packed, locks: Ints
) -> tuple[ScoredPairs, Ints]:
    """Return the pairs that clusters ask for, and the entity of each record, of whole envelopes.

    Args:
        resolver: that has learned.
        records: those of the envelopes.
        graph: these, and the evidence between them.
        packed: shape (pairs,): how the scored pairs agree.
        locks: shape (records,): the lock that each record is in, -1 for none.
    """
    linkage, asked = linkage_of(resolver.builder), ScoredPairs.none()
    if linkage is not None and len(graph.scored):
        comparison = Comparison(resolver.comparators)
        found = Scores(records, comparison, resolver.matcher, graph, packed, link=resolver.link).by_policy(linkage)
        graph = found.graph
        asked = graph.scored.where(np.arange(len(graph.scored) - found.asked, len(graph.scored)))
    return asked, resolver.builder.build(unlinked(graph, locks)).labels


@attrs.frozen(eq=False)
class _Update:
    """What becomes of a resolution when its records change.

    Args:
        before: the resolution.
        resolver: that of the resolution.
        records: those that are left and those that came.
        row: shape (records before,): the row of each record now, -1 where it is gone.
        placed: what people say now.
        clock: what the stages take.
        budget: the most records that are resolved again, but for the first envelope; None: all that are concerned.
    """

    before: Resolution
    resolver: Resolver
    records: Records
    row: Ints
    placed: Placed
    clock: Clock
    budget: int | None

    def made(self) -> Resolution:
        """Return the resolution after the change."""
        with self.clock.stage("compare", "pairs compared"):
            scored = self._scored(self._touching())
            self.clock.count(scored.seen)
        graph = self.graph_of(scored.pairs)
        with self.clock.stage("cluster", "records resolved again"):
            now, later = self._dirty(graph)
            asked, clusters = self.resolved(graph, scored.packed, now, later)
            self.clock.count(int(now.sum()))
        graph = attrs.evolve(graph, scored=graph.scored.plus(asked))
        return attrs.evolve(
            self.before,
            records=self.records,
            resolver=self.resolver,
            graph=graph,
            clusters=clusters,
            block_reports=self.candidates.reports,
            candidate_pairs=scored.seen,
            patterns=scored.packed,
            siblings=scored.siblings,
            pending=later,
            locks=self.placed.locks,
            row_before=self._row_before,
        )

    @property
    def _row_before(self) -> Ints:
        rows = np.full(len(self.records), -1, dtype=np.int64)
        left = np.flatnonzero(self.row >= 0)
        rows[self.row[left]] = left
        return rows

    @cached_property
    def new(self) -> Mask:
        """Shape (records,): which came."""
        came = np.ones(len(self.records), dtype=bool)
        came[self.row[self.row >= 0]] = False
        return came

    @cached_property
    def candidates(self) -> Candidates:
        """All pairs that blocking proposes and that may be linked."""
        return self.resolver.linkable(self.records, self._proposed)

    @cached_property
    def _proposed(self) -> Candidates:
        return self.resolver.blocking.candidates(self.records)

    @cached_property
    def held(self) -> Mask:
        """Shape (pairs proposed before,): which are of records that are left, and proposed still."""
        pairs = self._now(self._proposed_before)
        there = (pairs.left >= 0) & (pairs.right >= 0)
        if not self._is_steady:
            there[there] = self.candidates.holds(pairs.where(there))
        return there

    @cached_property
    def _is_steady(self) -> bool:
        """Whether no pair is proposed, before or now, because of other records than its two."""
        hot = any(report.hot_blocks for report in self.before.block_reports)
        return not hot and is_steady(self._proposed)

    @property
    def _proposed_before(self) -> Pairs:
        count = len(self.before.patterns)
        return Pairs(self.before.scored.left[:count], self.before.scored.right[:count])

    def _now(self, pairs: Pairs) -> Pairs:
        """Return pairs of rows before as rows now: what is left keeps its order."""
        row = self.row.astype(np.int32)
        return Pairs(row[pairs.left], row[pairs.right])

    def _touching(self) -> Pairs:
        """Return the pairs that may be new."""
        pairs = touching(self._proposed, self.new, self.before.block_reports)
        return pairs.where(self.resolver.may_link(self.records, pairs))

    def _scored(self, touched: Pairs) -> Scored:
        """Return the pairs that blocking proposes now, those compared before as they were."""
        comparison = Comparison(self.resolver.comparators)
        chunks = (
            touched.where(np.arange(low, min(low + CHUNK, len(touched)))) for low in range(0, len(touched), CHUNK)
        )
        batches = ((pairs, comparison.patterns(self.records, pairs)) for pairs in chunks)
        new = scored_pairs(self.resolver.matcher, comparison, self.records, batches, self.resolver.keep)
        old = self.before.scored.where(np.flatnonzero(self.held))
        pairs = self._now(Pairs(old.left, old.right))
        kept = ScoredPairs(pairs.left, pairs.right, old.match_weight, old.match_probability)
        fresh = Pairs(new.pairs.left, new.pairs.right).places_in(pairs) < 0
        packed = np.concatenate([self.before.patterns[self.held], new.packed[fresh]])
        scored = kept.plus(new.pairs.where(fresh))
        order = np.argsort(Pairs(scored.left, scored.right).codes(), kind="stable")
        return Scored(scored.where(order), packed[order], self._siblings(new.siblings), new.seen)

    def _siblings(self, new: Siblings) -> Siblings:
        """Return the siblings among all candidates."""
        old = self.before.siblings
        pairs = self._now(old.pairs)
        left = (pairs.left >= 0) & (pairs.right >= 0)
        if not self._is_steady:
            left[left] = self.candidates.holds(pairs.where(left))
        kept = Siblings(pairs, old.probability).where(left)
        return Siblings.joined([kept, new.where(new.pairs.places_in(kept.pairs) < 0)])

    def graph_of(self, scored: ScoredPairs) -> IdentityGraph:
        """Return the records, some pairs, and all other evidence."""
        resolver = self.resolver
        return graph_of(
            self.records,
            scored,
            namespaces=resolver.namespaces,
            observed_at=resolver.observed_at,
            judgements=self.placed.judgements,
            one_per_source=resolver.unique,
        )

    @cached_property
    def _cut(self) -> float | None:
        linkage = linkage_of(self.resolver.builder)
        return None if linkage is None else odds_of(linkage.cut, self.before.scored)

    def _dirty(self, graph: IdentityGraph) -> tuple[Mask, Mask]:
        """Return which records are resolved again, and which are to be later: those that a change reaches."""
        start = self.new.copy()
        start[self.row[self.before.pending & (self.row >= 0)]] = True
        for rows in (self._let_loose(), self._judged_anew(graph)):
            start[rows] = True
        envelope = envelopes_of(graph, cut=self._cut)
        reached = np.zeros(len(graph), dtype=bool)
        reached[envelope[start]] = True
        dirty = reached[envelope]
        if self.budget is None:
            return dirty, np.zeros(len(graph), dtype=bool)
        sizes = np.bincount(envelope, minlength=len(graph)) * reached
        within = reached & (np.cumsum(sizes) <= max(self.budget, sizes[reached][:1].sum()))
        return within[envelope], dirty & ~within[envelope]

    def _let_loose(self) -> Ints:
        """Return the rows of records that are left, and that something which is gone led to."""
        gone = self.row < 0
        lost = self._proposed_before.where(~self.held)
        gone[lost.left] = gone[lost.right] = True
        envelope = envelopes_of(self.before.graph, cut=self._cut)
        changed = np.zeros(len(gone), dtype=bool)
        changed[envelope[gone]] = True
        loose = self.row[changed[envelope]]
        return loose[loose >= 0]

    def _judged_anew(self, graph: IdentityGraph) -> Ints:
        """Return the rows of records of which people say something else than before."""
        ends = []
        for verdict in ("must", "cannot"):
            before, now = self._now(getattr(self.before.graph.judgements, verdict)), getattr(graph.judgements, verdict)
            ends += [before.where(before.places_in(now) < 0), now.where(now.places_in(before) < 0)]
        left = self.row >= 0
        locked = self.row[left][self.before.locks[left] != self.placed.locks[self.row[left]]]
        rows = np.concatenate([locked, *(side for pairs in ends for side in (pairs.left, pairs.right))])
        return rows[rows >= 0].astype(np.int64)

    def resolved(self, graph: IdentityGraph, packed: Packed, dirty: Mask, later: Mask) -> tuple[ScoredPairs, Clusters]:
        """Return the pairs that clusters ask for, and all entities; what is resolved later is as it was, or alone."""
        inside = dirty[graph.scored.left] & dirty[graph.scored.right]
        part = some_records(graph, dirty)
        new, labels = resolved_part(
            self.resolver, self.records.some(dirty), part, packed[inside], self.placed.locks[dirty]
        )
        row = np.flatnonzero(dirty).astype(np.int32)
        asked = self._asked_elsewhere(dirty | later)
        asked = asked.plus(attrs.evolve(new, left=row[new.left], right=row[new.right]))
        label = np.arange(len(dirty)) + len(self.before.records) + len(dirty)
        before = self.row[self.row >= 0]
        label[before] = self.before.clusters.labels[self.row >= 0]
        label[dirty] = len(self.before.records) + labels
        order = np.argsort(Pairs(asked.left, asked.right).codes(), kind="stable")
        return asked.where(order), Clusters.of(label)

    def _asked_elsewhere(self, dirty: Mask) -> ScoredPairs:
        """Return the pairs that clusters asked for before, where nothing changed."""
        old = self.before.scored.where(np.arange(len(self.before.patterns), len(self.before.scored)))
        pairs = self._now(Pairs(old.left, old.right))
        there = (pairs.left >= 0) & (pairs.right >= 0)
        there[there] = ~dirty[pairs.left[there]] & ~dirty[pairs.right[there]]
        return attrs.evolve(old.where(there), left=pairs.left[there], right=pairs.right[there])
