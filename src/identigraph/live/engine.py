"""The engine of a live index: what one record changes, found without looking at all others.

It holds what a resolution knows in forms that grow: blocks by key, scored pairs by record, entities by id. What the
record of a change leads to, its envelope, is resolved again: in plain Python where it is small and nothing but scores
speaks, else by the same arrays that resolve all records. The law is that of updates: the entities are those of one run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparison
from identigraph.comparing.singly import Given, PairComparer, Row
from identigraph.encoding import Encoded, encode
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.graph import AverageLinkage, ConstrainedComponents, ScoredPairs
from identigraph.graph.contracting import odds_of
from identigraph.graph.few import MOST, CloseError, Pair, asked_of_few, clusters_of_few
from identigraph.graph.judgements import Judgements
from identigraph.graph.of_records import graph_of
from identigraph.identity import Events, JudgementLog, Placed, Register, Rulings, assign
from identigraph.identity.assigning import IdFactory
from identigraph.identity.events import Key
from identigraph.identity.placing import place_few
from identigraph.identity.reading import Weigh
from identigraph.live.held import Held
from identigraph.live.key_index import KeyIndex, keys_of
from identigraph.live.links import Link, Links
from identigraph.live.parts import Parts
from identigraph.live.verdicts import Verdict, Verdicts
from identigraph.odds import log2_odds
from identigraph.pairs import Pairs
from identigraph.records import Records, RowReader
from identigraph.records.rows import Rows
from identigraph.refining import linkage_of
from identigraph.resolver import Resolver
from identigraph.scoring import scored_pairs
from identigraph.updating import resolved_part

Ints = npt.NDArray[np.int64]

WARM = 50_000
"""So many pairs of the first records are drawn, and the matcher asked how they agree, before anybody waits for it."""


@attrs.frozen
class Naming:
    """How new entities are named.

    Args:
        factory: makes a new id.
        weigh: the weight of a record for the id of its entity.
    """

    factory: IdFactory
    weigh: Weigh


def obstacles(parts: Parts) -> tuple[str, ...]:
    """Return what of a resolution cannot be asked record by record; nothing where all can.

    Examples:
        >>> from identigraph.blocking import all_pairs
        >>> from identigraph.comparing import exact
        >>> from identigraph.matching import Rules, rule, when
        >>> rules = Rules([rule(when(name="equal"), "match")])
        >>> resolver = Resolver(all_pairs(), [exact("name", frequency=False)], matcher=rules)
        >>> obstacles(Parts.of(resolver.resolve({"id": [1, 2], "name": ["Ann", "Bob"]}, id="id")))
        ('blocking that is no union of keys',)
    """
    resolver = parts.resolver
    found = {
        "a resolver that has not learned": resolver.settled is None,
        "blocking that is no union of keys": keys_of(resolver.blocking) is None,
        "links across or within sources only": resolver.link != "both",
        "one record per source and entity": resolver.unique,
        "identifiers that link or limit": any(space.links or space.limit is not None for space in resolver.namespaces),
        "a builder other than average linkage": not _is_average(resolver),
        "a comparator or matcher that looks at whole tables": not _is_alone(parts),
        "columns of lists": bool(parts.records.lists),
        "records that are pending": bool(parts.pending.any()),
    }
    return tuple(what for what, is_so in found.items() if is_so)


def _is_alone(parts: Parts) -> bool:
    """Tell whether comparators and matcher can be asked about single pairs."""
    resolver, comparison = parts.resolver, Comparison(parts.resolver.comparators)
    try:
        PairComparer.of(comparison, parts.records)
        Verdicts(resolver.matcher, comparison.layout, resolver.keep).on([0])
    except ConfigurationError:
        return False
    return True


def _is_average(resolver: Resolver) -> bool:
    builder = resolver.builder
    most = builder.most_records if isinstance(builder, ConstrainedComponents) else None
    return linkage_of(builder) is not None and most is None


@attrs.frozen
class Candidate:
    """A record that would be a scored pair with another.

    Args:
        slot: of the record.
        pattern: how the two agree.
        verdict: what the matcher says of that.
    """

    slot: int
    pattern: int
    verdict: Verdict


@attrs.frozen(eq=False)
class Coming:
    """A record that is read and compared, and changes nothing yet.

    Args:
        key: of the record.
        columns: as they came.
        features: what blocking reads.
        row: what comparators read.
        kept: the records that share a key with it and are worth keeping as scored pairs.
        siblings: those that are its siblings, and how likely.
        hot: whether it shares a block above the cap, in which all records decide what is proposed.
    """

    key: Key
    columns: Mapping[str, str | None]
    features: Mapping[Feature, str | None]
    row: Row
    kept: Sequence[Candidate]
    siblings: Sequence[tuple[int, float]]
    hot: bool


@attrs.frozen(eq=False)
class Came:
    """What a record that came changes.

    Args:
        slot: of the record.
        coming: the record.
        asked: the pairs of its envelope that clusters ask for.
        dropped: those that they asked for before, and no more.
        events: what becomes of entities.
    """

    slot: int
    coming: Coming
    asked: Mapping[Pair, Verdict]
    dropped: Sequence[Pair]
    events: Events


Scored: TypeAlias = tuple[int, int, int, float, float]
"""A scored pair: both slots, the lower first, the pattern, match weight and probability."""


@attrs.frozen(eq=False)
class CameTogether:
    """What records that came together change.

    Args:
        first: the slot of the first; the others follow.
        records: in the order of their slots.
        scored: their scored pairs.
        siblings: the pairs that are siblings, by slot, the lower first, and how likely.
        asked, dropped, events: as of `Came`.
    """

    first: int
    records: Records
    scored: Sequence[Scored]
    siblings: Sequence[tuple[int, int, float]]
    asked: Mapping[Pair, Verdict]
    dropped: Sequence[Pair]
    events: Events


@attrs.define(eq=False, repr=False)
class Engine:
    """A resolution that grows record by record. Made by `Engine.of`.

    One thread may add while others find. What is added is seen by others once it is `taken`.
    """

    resolver: Resolver
    held: Held
    reader: RowReader
    index: KeyIndex
    comparer: PairComparer
    verdicts: Verdicts
    links: Links
    register: Register
    naming: Naming
    log: JudgementLog
    size: int
    asked: dict[int, dict[int, Verdict | None]]
    must: Mapping[Key, set[Key]]

    @classmethod
    def of(cls, parts: Parts, *, log: JudgementLog, at: datetime, naming: Naming) -> Engine:
        """Return the engine that begins with the parts of a resolution; `obstacles` of its resolver are none.

        Args:
            parts: without pending records.
            log: what people said.
            at: the time whose judgements are in force.
            naming: how new entities are named.
        """
        resolver, records = parts.resolver, parts.records
        comparison = Comparison(resolver.comparators)
        comparer = PairComparer.of(comparison, records)
        index = KeyIndex.of(resolver.blocking, records)
        asked_of = records.renewed()  # of all that is encoded, batches take along what comparators read
        held = Held.of(asked_of, [_encoded(asked_of, what) for what in comparer.holds])
        features = [*index.features, *comparer.features]
        reader = RowReader.of(held.reading, features, columns=records.table.columns)
        proposed = np.arange(len(parts.patterns))
        asked: dict[int, dict[int, Verdict | None]] = {}
        later = parts.scored.where(np.arange(len(proposed), len(parts.scored)))
        for left, right in zip(later.left.tolist(), later.right.tolist(), strict=True):
            asked.setdefault(left, {})[right] = None
        verdicts = Verdicts(resolver.matcher, comparison.layout, resolver.keep)
        verdicts.look_at(_drawn_patterns(held, index, comparison))
        held.ready()
        return cls(
            resolver,
            held,
            reader,
            index,
            comparer,
            verdicts,
            Links.of(len(records), parts.scored.where(proposed), parts.patterns),
            parts.register.copy(),
            naming,
            log,
            len(records),
            asked,
            _joined_by(log.rulings(at).must),
        )

    @property
    def linkage(self) -> AverageLinkage:
        """What joins records."""
        linkage = linkage_of(self.resolver.builder)
        if linkage is None:
            raise ConfigurationError("a live index needs average linkage")
        return linkage

    def coming(self, key: Key, columns: Mapping[str, str | None]) -> Coming:
        """Return a record read and compared.

        Args:
            key: of the record.
            columns: its columns as text.

        Raises:
            UnsupportedInputError: a column holds something else than a text.
        """
        below = self.size
        features = self.reader.read(key[0], columns)
        row = self.comparer.row(features, columns)
        near = self.index.candidates(features, below=below)
        slots = near.slots.tolist()
        patterns = [self.comparer.pattern(row, self.held.row(slot)) for slot in slots]
        looks = self.verdicts.look_at(patterns)
        kept = [(s, pattern) for s, pattern, (is_kept, _) in zip(slots, patterns, looks, strict=True) if is_kept]
        verdicts = self.verdicts.on([pattern for _, pattern in kept])
        found = tuple(Candidate(*each, verdict) for each, verdict in zip(kept, verdicts, strict=True))
        siblings = tuple((s, chance) for s, (_, chance) in zip(slots, looks, strict=True) if chance)
        return Coming(key, columns, features, row, found, siblings, near.hot)

    def came(self, coming: Coming, *, at: datetime, cause: str = "") -> Came:
        """Return what a record changes that is new; it is seen by others once it is `taken`.

        Args:
            coming: the record, compared with all that are there.
            at: the time of the change.
            cause: what brought it about.
        """
        slot = self.held.add(coming.key, coming.columns, coming.row)
        self.index.add(slot, coming.features)
        kept = ((c.slot, c.pattern, c.verdict.weight, c.verdict.probability) for c in coming.kept)
        self.links.add(slot, (Link(*each) for each in kept))
        envelope = sorted(self._envelope([slot]))
        clusters, asked = self._resolved(envelope, at)
        return Came(slot, coming, asked, self._dropped(envelope, asked), self._named(clusters, at, cause))

    def came_together(self, rows: Rows, *, at: datetime, cause: str = "") -> CameTogether | None:
        """Return what records that are new change together; None where one shares a block above the cap.

        Args:
            rows: the records, in the columns of those that are there.
            at: the time of the change.
            cause: what brought it about.
        """
        came = self._read(rows)
        near = self.index.pairs_with(came, len(self.held.keys))
        if near.hot.any():
            return None
        first = self.held.add_all(came, [_encoded(came, what) for what in self.comparer.holds])
        self.index.add_all(came)
        new = np.arange(first, first + len(came))
        scored, siblings = self._scored(near.pairs, new)
        for low, high, pattern, weight, probability in scored:
            self.links.add(high, [Link(low, pattern, weight, probability)])
        envelope = sorted(self._envelope(new.tolist()))
        clusters, asked = self._by_arrays(envelope, self._rulings(envelope, at))
        dropped = self._dropped(envelope, asked)
        return CameTogether(first, came, scored, siblings, asked, dropped, self._named(clusters, at, cause))

    def _dropped(self, envelope: Sequence[int], asked: Mapping[Pair, Verdict]) -> list[Pair]:
        """Return the pairs of an envelope that clusters asked for before, and no more."""
        return [(low, high) for low in envelope for high in self.asked.get(low, ()) if (low, high) not in asked]

    def _scored(self, pairs: Pairs, new: Ints) -> tuple[list[Scored], list[tuple[int, int, float]]]:
        """Return the pairs of slots that are kept, and those that are siblings."""
        touched = np.unique(np.concatenate([pairs.left, pairs.right, new]))
        records, slots = self.held.records(touched, self._read)
        comparison, asked = Comparison(self.resolver.comparators), _rows_of(slots, pairs.left, pairs.right)
        batches = [(asked, comparison.patterns(records, asked))]
        found = scored_pairs(self.resolver.matcher, comparison, records, batches, self.resolver.keep)
        kept = found.pairs
        low, high = _slots_of(slots, Pairs(kept.left, kept.right))
        told = (low, high, found.packed, kept.match_weight, kept.match_probability)
        related = _slots_of(slots, found.siblings.pairs)
        return (
            list(zip(*(column.tolist() for column in told), strict=True)),
            list(zip(*(side.tolist() for side in related), found.siblings.probability.tolist(), strict=True)),
        )

    def _read(self, rows: Rows) -> Records:
        """Return rows as records that are read as all are, in order."""
        records = self.resolver.reading(Records.of_rows(rows))
        for what in self.comparer.holds:
            _encoded(records, what)
        return records

    def take_together(self, came: CameTogether) -> None:
        """Let others see what records changed."""
        self._take(came.asked, came.dropped, came.events)
        self.size = came.first + len(came.records)

    def take(self, came: Came) -> None:
        """Let others see what a record changed."""
        self._take(came.asked, came.dropped, came.events)
        self.size = came.slot + 1

    def _take(self, asked: Mapping[Pair, Verdict], dropped: Sequence[Pair], events: Events) -> None:
        for low, high in dropped:
            del self.asked[low][high]
        for (low, high), verdict in asked.items():
            self.asked.setdefault(low, {})[high] = verdict
        self.register.apply(events)

    def _envelope(self, start: Sequence[int]) -> set[int]:
        """Return the records that evidence leads to from some."""
        least = float(np.float32(self.linkage.cut))
        found = self.links.component(start, least)
        waiting = set(found) if self.must else set()
        while waiting:
            keys = self.must.get(self.held.keys[waiting.pop()], ())
            new = {self.held.slots[key] for key in keys if key in self.held.slots} - found
            new = self.links.component(new, least) - found
            found |= new
            waiting |= new
        return found

    def _resolved(self, envelope: Sequence[int], at: datetime) -> tuple[list[list[int]], dict[Pair, Verdict]]:
        """Return the entities of an envelope, and the pairs that they ask for."""
        if len(envelope) == 1:
            return [list(envelope)], {}
        rulings = self._rulings(envelope, at)
        if len(envelope) <= MOST and not rulings:
            for order in (envelope, None):
                slots = self.held.ordered(envelope) if order is None else order
                try:
                    return self._by_hand(slots, ordered=order is None)
                except CloseError:
                    continue
        return self._by_arrays(envelope, rulings)

    def _rulings(self, envelope: Sequence[int], at: datetime) -> Rulings | None:
        return self.log.rulings(at, of=self.held.keys_of(envelope)) if len(self.log) else None

    def _by_hand(self, slots: Sequence[int], *, ordered: bool) -> tuple[list[list[int]], dict[Pair, Verdict]]:
        """Return the entities of a few records of which nobody judged, and the pairs that they ask for."""
        place = {slot: i for i, slot in enumerate(slots)}
        linked = {_pair(place[low], place[link.slot]): link for low, link in self.links.among(set(slots))}
        patterns = {pair: link.pattern for pair, link in linked.items()}
        rows = [self.held.row(slot) for slot in slots]

        def verdicts(pairs: Sequence[Pair]) -> list[Verdict]:
            for one, other in pairs:
                if (one, other) not in patterns:
                    patterns[one, other] = self.comparer.pattern(rows[one], rows[other])
            return self.verdicts.on([patterns[pair] for pair in pairs])

        def weigh(pairs: Sequence[Pair]) -> list[float]:
            return [verdict.odds for verdict in verdicts(pairs)]

        linkage, cut = self.linkage, self._cut
        chances = {pair: link.probability for pair, link in linked.items()}
        asked = asked_of_few(len(slots), _odds_of(chances), weigh, linkage, cut, ordered=ordered)
        more = sorted(asked - linked.keys())
        found = dict(zip(more, verdicts(more), strict=True))
        chances |= {pair: verdict.probability for pair, verdict in found.items()}
        label = clusters_of_few(len(slots), _odds_of(chances), linkage, cut, ordered=ordered)
        if isinstance(self.resolver.builder, ConstrainedComponents):
            label = _trusted(label, chances, float(np.float32(linkage.cut)))
        clusters: dict[int, list[int]] = {}
        for slot, number in zip(slots, label, strict=True):
            clusters.setdefault(number, []).append(slot)
        return list(clusters.values()), {_pair(slots[a], slots[b]): found[a, b] for a, b in more}

    def _by_arrays(
        self, envelope: Sequence[int], rulings: Rulings | None
    ) -> tuple[list[list[int]], dict[Pair, Verdict]]:
        """Return the same as all records are resolved."""
        rising = np.array(sorted(envelope), dtype=np.int64)
        records, numbered = self.held.records(rising, self._read)
        slots = numbered.tolist()
        low, high, packed, weight, chance = self.links.columns_among(rising)
        pairs = _rows_of(numbered, low, high)
        order = np.argsort(pairs.codes(), kind="stable")
        scored = ScoredPairs(pairs.left, pairs.right, weight.astype(np.float32), chance.astype(np.float32)).where(order)
        keys = self.held.keys_of(slots)
        placed = Placed.of(Judgements(), len(slots)) if rulings is None else place_few(rulings, keys)
        graph = graph_of(
            records,
            scored,
            namespaces=self.resolver.namespaces,
            observed_at=self.resolver.observed_at,
            judgements=placed.judgements,
        )
        found, labels = resolved_part(self.resolver, records, graph, packed[order], placed.locks)
        clusters: dict[int, list[int]] = {}
        for slot, number in zip(slots, labels.tolist(), strict=True):
            clusters.setdefault(number, []).append(slot)
        asked = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
        rows = [self.held.row(slot) for slot in slots]
        verdicts = self.verdicts.on([self.comparer.pattern(rows[a], rows[b]) for a, b in asked])
        told = {_pair(slots[a], slots[b]): verdict for (a, b), verdict in zip(asked, verdicts, strict=True)}
        return list(clusters.values()), told

    def _named(self, clusters: Iterable[Sequence[int]], at: datetime, cause: str) -> Events:
        """Return what becomes of ids; the entities that pins take an id from are named anew as well."""
        told: list[Sequence[Key]] = [self.held.keys_of(cluster) for cluster in clusters]
        keys = {key for cluster in told for key in cluster}
        pins = self._pins(keys, at)
        while robbed := [held for held in map(self._held_by, sorted(set(pins.values()))) if not keys.issuperset(held)]:
            told += robbed
            keys.update(*robbed)
            pins = self._pins(keys, at)
        naming = self.naming
        return assign(self.register, told, at=at, factory=naming.factory, weigh=naming.weigh, pins=pins, cause=cause)

    def _held_by(self, entity_id: str) -> Sequence[Key]:
        return self.register.entities.get(entity_id, ())

    def _pins(self, keys: Collection[Key], at: datetime) -> Mapping[Key, str]:
        return self.log.rulings(at, of=keys).pins if len(self.log) else {}

    @property
    def _cut(self) -> float:
        return odds_of(self.linkage.cut, ScoredPairs.none())

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Engine: {len(self.held):,} records, {len(self.register):,} entities>"


def _drawn_patterns(held: Held, index: KeyIndex, comparison: Comparison) -> list[int]:
    """Return how some pairs that share a key agree, drawn at random."""
    pairs = index.drawn(WARM, seed=0)
    touched = np.unique(np.concatenate([pairs.left, pairs.right])).astype(np.int64)
    if not len(touched):
        return []
    records, slots = held.records(touched, Records.of_rows)
    patterns: list[int] = np.unique(comparison.patterns(records, _rows_of(slots, pairs.left, pairs.right))).tolist()
    return patterns


def _rows_of(slots: Ints, one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> Pairs:
    """Return pairs of slots as pairs of rows; `slots` has the slot of each row."""
    order = np.argsort(slots)
    return Pairs.of(*(order[np.searchsorted(slots, side, sorter=order)] for side in (one, other)))


def _slots_of(slots: Ints, pairs: Pairs) -> tuple[Ints, Ints]:
    """Return pairs of rows as pairs of slots, the lower first."""
    one, other = slots[pairs.left], slots[pairs.right]
    return np.minimum(one, other), np.maximum(one, other)


def _encoded(records: Records, what: Feature | Given) -> Encoded:
    """Return what a row holds, of all records."""
    return encode(records.table.get_column(what.column)) if isinstance(what, Given) else records.column(what)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _odds_of(chances: Mapping[Pair, float]) -> dict[Pair, float]:
    """Return the log2 odds of probabilities, as arrays have them."""
    odds = log2_odds(np.fromiter(chances.values(), dtype=np.float32, count=len(chances)))
    return dict(zip(chances, odds.tolist(), strict=True))


def _trusted(label: Sequence[int], chances: Mapping[Pair, float], least: float) -> list[int]:
    """Return the entities: what pairs at or above the threshold join inside clusters.

    Examples:
        >>> _trusted([0, 0, 0, 3], {(0, 1): 0.9, (1, 2): 0.2, (2, 3): 0.9}, 0.5)
        [0, 0, 2, 3]
    """
    part = list(range(len(label)))
    for (one, other), chance in chances.items():
        if chance >= least and label[one] == label[other]:
            low, high = sorted((part[one], part[other]))
            part = [low if number == high else number for number in part]
    return part


def _joined_by(pairs: Iterable[tuple[Key, Key]]) -> dict[Key, set[Key]]:
    """Return for each record those that it must be linked with."""
    joined: dict[Key, set[Key]] = {}
    for one, other in pairs:
        joined.setdefault(one, set()).add(other)
        joined.setdefault(other, set()).add(one)
    return joined
