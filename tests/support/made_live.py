"""Resolvers for live indexes, and the same steps done to two stores: record by record in one, by updates in the other.

Of few people many records are quite alike, so that means tie; low thresholds make envelopes large.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import attrs
import numpy as np
import polars as pl
from made_people import AT, KEYED, KEYS, POLICIES, Record, drawn, evidence, partition, policy, stepped, table

import identigraph as ig
from identigraph.errors import JudgementConflictError
from identigraph.identity import replay
from identigraph.stores import Store

MINUTE = timedelta(minutes=1)
HOT = ig.block_on("city", max_block=7) | ig.block_on("mail")
SHORT: dict[str, dict[str, Any]] = {
    "strict": {"builder": ig.AverageLinkage(0.05)},
    "loose": {"builder": ig.AverageLinkage(0.01)},
    "looser": {"builder": ig.AverageLinkage(0.0005)},
    "trusted": {"builder": ig.ConstrainedComponents(linkage=ig.AverageLinkage(0.01))},
    "hot": {"builder": ig.AverageLinkage(0.01), "blocking": HOT},
    "all pairs are kept": {"builder": ig.AverageLinkage(0.01), "keep": 0.0},
}
"""Resolvers that nothing keeps from asking record by record."""
LONG = ("all pairs", "both", "namespaces", "across", "within", "components", "constrained")
"""Resolvers of `made_people` that something does."""


def alike(random: Random, key: int, others: list[Record]) -> Record:
    """Return a record of one of few people, often with the same values as another."""
    if others and random.random() < 0.4:
        return {**random.choice(others), "id": key}
    return drawn(random, key)


@cache
def learned(name: str) -> ig.Resolver:
    """Return a resolver that has learned from three hundred records."""
    if name in LONG:
        return policy(name)
    random, records = Random(7), []
    for key in range(300):
        records.append(alike(random, key, records))
    comparators = [ig.similar("name"), ig.exact("mail"), ig.exact("city")]
    plain = ig.Resolver(comparators=comparators, **{"blocking": KEYED, **SHORT[name]})
    return plain.resolve(table(records), **KEYS).resolver


assert set(LONG) <= set(POLICIES)


@attrs.define
class Both:
    """Two stores that the same is done to: by a live index where records come, and by updates alone.

    Args:
        random: draws what is done.
        place: of the first store; the other is in memory.
        records: those that there should be, by id.
        now: the time of the last step.
    """

    random: Random
    place: Path | None
    records: dict[int, Record]
    store: Store = attrs.field(init=False)
    live: Any = attrs.field(init=False)
    other: Store = attrs.field(init=False)
    now: Any = AT

    def begin(self, resolver: ig.Resolver) -> None:
        """Begin with the resolution of the records."""
        found = resolver.resolve(table(list(self.records.values())), **KEYS)
        self.store, self.other = Store.open(self.place, found, at=AT), Store.open(None, found, at=AT)
        self.live = self.store.live()

    def step(self) -> None:
        """Do something."""
        steps = {
            self.add: 12,
            self.add_together: 1,
            self.add_again: 1,
            self.change: 1,
            self.judge: 4,
            self.revoke: 1,
            self.wait: 1,
            self.refit: 0.3,
            self.apply: 0.5,
            self.reopen: 0.5 if self.place else 0,
            self.by_another: 0.5 if self.place else 0,
        }
        self.now += MINUTE
        self.random.choices(list(steps), list(steps.values()))[0]()

    def add(self) -> None:
        """A record comes, perhaps one that went; what is found of it before are the pairs it then has."""
        key = self.random.choice([key for key in range(95) if key not in self.records])
        record = alike(self.random, key, list(self.records.values()))
        told = dict(sorted(record.items(), key=lambda _: self.random.random()))
        self.add_again()  # so that others' changes are seen
        found = self.live.find(told, top=1000)
        happened = self.live.add(told, at=self.now, cause="came")
        assert happened == self.other.update(add=table([record]), at=self.now, cause="came")
        self.records[key] = record
        self.check_found(record, found)

    def add_together(self) -> None:
        """Several records come at once, some of which are there."""
        told = self.random.sample(list(self.records.values()), min(2, len(self.records)))
        free = [key for key in range(95) if key not in self.records]
        for key in self.random.sample(free, self.random.randint(1, 6)):
            self.records[key] = alike(self.random, key, list(self.records.values()))
            told.append(self.records[key])
        self.random.shuffle(told)
        assert self.live.add_all(table(told), at=self.now) == self.other.update(add=table(told), at=self.now)

    def add_again(self) -> None:
        """A record that is there changes nothing."""
        if self.records:
            assert not self.live.add(self.random.choice(list(self.records.values())), at=self.now)

    def change(self) -> None:
        """Several records come, change and go at once."""
        self.update(self.store, self.other)

    def by_another(self) -> None:
        """Another store at the same place changes records."""
        with Store.open(self.place) as third:
            self.update(third, self.other)

    def update(self, *stores: Store) -> None:
        """Do the same change to stores."""
        told = stepped(self.records, self.random)
        for store in stores:
            store.update(**told, at=self.now)

    def judge(self) -> None:
        """Somebody judges; what contradicts another judgement changes nothing. Of some the records are to come yet."""
        keys = [
            (self.random.choice(("crm", "web")), str(key))
            for key in self.random.sample([key for key in range(95) if key not in self.records], 2)
        ]
        keys += [(record["source"], str(key)) for key, record in self.records.items()]
        if len(keys) < 6:
            return
        one, other, third, fourth = self.random.sample(keys[2:], 4)
        one = self.random.choice([one, one, keys[0]])
        kind = self.random.choice(["must_link", "cannot_link", "unsure", "split", "lock", "pin"])
        if any(judgement.kind == "pin" for judgement in self.other.judgements.active(self.now)):
            kind = "unsure" if kind == "pin" else kind  # two pins might be of one entity
        told = {"at": self.now, "expires": self.random.choice([None, None, self.now + 4 * MINUTE])}
        for store in (self.store, self.other):
            with suppress(JudgementConflictError):
                if kind == "split":
                    store.split([one, third], [other, fourth], **told)
                elif kind == "lock":
                    store.lock([one, other], **told)
                elif kind == "pin" and (entity_id := store.register.entity_of(other)):
                    store.pin([one], entity_id, **told)
                elif kind != "pin":
                    getattr(store, kind)(one, other, **told)

    def revoke(self) -> None:
        """Somebody takes a judgement back."""
        if active := self.other.judgements.active(self.now):
            number = self.random.choice(active).id
            for store in (self.store, self.other):
                store.revoke(number, at=self.now)

    def wait(self) -> None:
        """Time passes, and some judgements expire."""
        self.now += 4 * MINUTE

    def refit(self) -> None:
        """Weights are learned anew."""
        if len(self.records) > 20:
            for store in (self.store, self.other):
                store.refit(at=self.now)

    def apply(self) -> None:
        """Other settings are in force."""
        resolver = attrs.evolve(
            self.other.resolution.resolver, builder=ig.AverageLinkage(self.random.choice([0.3, 0.01]))
        )
        for store in (self.store, self.other):
            store.apply(resolver, at=self.now)

    def reopen(self) -> None:
        """The store is closed and opened again."""
        self.store.close()
        self.store = Store.open(self.place)
        self.live = self.store.live()

    def check_found(self, record: Record, found: list[Any]) -> None:
        """Raise unless what was found of a record before it came are the pairs that it has now."""
        state, key = self.other._state, (record["source"], str(record["id"]))
        scored, reports = state.resolution.scored, state.resolution.block_reports
        if any(report.hot_blocks for report in reports):
            return
        keys = list(state.resolution.records.row_keys(np.arange(len(self.records))).cast(pl.String).iter_rows())
        proposed = range(len(state.resolution.patterns))
        ends = [(keys[scored.left[row]], keys[scored.right[row]], scored.match_weight[row]) for row in proposed]
        pairs = {(*({one, other} - {key}), float(weight)) for one, other, weight in ends if key in (one, other)}
        assert {((each.source, each.record_id), each.match_weight) for each in found} == pairs
        assert [(-each.match_weight, each.source, each.record_id) for each in found] == sorted(
            (-weight, *other) for other, weight in pairs
        )

    def check(self) -> None:
        """Raise unless both stores know the same, and that is one run, which events tell of, and which is kept."""
        self.now += MINUTE
        for store in (self.store, self.other):
            store.resolve(at=self.now)
        found = self.store.resolution
        wanted = found.resolver.resolve(
            table(list(self.records.values())), **KEYS, judgements=self.store.judgements.rulings(self.now)
        )
        assert partition(found) == partition(wanted)
        assert evidence(found).equals(evidence(wanted))
        assert sorted(found.siblings.pairs.codes()) == sorted(wanted.siblings.pairs.codes())
        assert replay(self.store.events) == self.store.register
        assert self.store.events == self.other.events
