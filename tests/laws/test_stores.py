"""Laws of stores: whatever is done, wherever it is kept, the entities are those of one run, and found again so."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from empty_databases import emptied
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from made_people import AT, KEYS, POLICIES, drawn, evidence, partition, policy, stepped, table

import identigraph as ig
from identigraph.errors import ConfigurationError, JudgementConflictError
from identigraph.identity import replay
from identigraph.stores import Store
from identigraph.stores.state import State

RUNS = int(os.environ.get("IDENTIGRAPH_STORE_RUNS", "9"))
"""Examples of the law for SQLite; in memory as many, on PostgreSQL a third."""
MINUTE = timedelta(minutes=1)
SEEDS = st.integers(0, 10**6)


class Kept(RuleBasedStateMachine):
    """A store beside a plain table of the records that there should be."""

    def __init__(self, place: Any) -> None:
        """Make a place for the store, to be gone in the end."""
        super().__init__()
        self.make = place
        self.stack = ExitStack()
        self.now = AT
        self.known: dict[datetime, Any] = {}

    @initialize(name=st.sampled_from(sorted(POLICIES)), seed=SEEDS, size=st.integers(0, 16))
    def begin(self, name: str, seed: int, size: int) -> None:
        """Begin with the resolution of some records."""
        random = Random(seed)
        self.records = {key: drawn(random, key) for key in range(size)}
        found = policy(name).resolve(table(list(self.records.values())), **KEYS)
        self.place = self.stack.enter_context(self.make())
        self.store = Store.open(self.place, found, at=self.now)
        assert partition(self.store.resolution) == partition(found)

    def time(self) -> datetime:
        """Return the next minute."""
        self.now += MINUTE
        return self.now

    @rule(seed=SEEDS, budget=st.sampled_from([None, None, 1, 6]))
    def change(self, seed: int, budget: int | None) -> None:
        """Records come, change and go."""
        self.store.update(**stepped(self.records, Random(seed)), budget=budget, at=self.time())

    @rule(seed=SEEDS, kind=st.sampled_from(["must_link", "cannot_link", "unsure", "split", "lock", "pin"]))
    def judge(self, seed: int, kind: str) -> None:
        """Somebody judges; what contradicts another judgement changes nothing."""
        random, keys = Random(seed), [(record["source"], str(key)) for key, record in self.records.items()]
        if len(keys) < 4:
            return
        one, other, third, fourth = random.sample(keys, 4)
        told = {"at": self.time(), "reason": kind, "expires": random.choice([None, self.now + 3 * MINUTE])}
        with suppress(JudgementConflictError):
            if kind == "split":
                self.store.split([one, third], [other, fourth], **told)
            elif kind == "lock":
                self.store.lock([one, other], **told)
            elif kind == "pin":
                self.store.pin([one], str(self.store.register.entity_of(random.choice([one, other]))), **told)
            else:
                getattr(self.store, kind)(one, other, **told)

    @rule(seed=SEEDS)
    def revoke(self, seed: int) -> None:
        """Somebody takes a judgement back."""
        if active := self.store.judgements.active(self.now):
            self.store.revoke(Random(seed).choice(active).id, at=self.time())

    @rule(seed=SEEDS)
    def unmerge(self, seed: int) -> None:
        """Somebody takes a merge apart, if it still is one: then its ids are live again, or those of other entities."""
        if merges := self.store.events.of_kind("merged"):
            with suppress(ConfigurationError, JudgementConflictError):
                self.store.unmerge(Random(seed).choice(merges), at=self.time())

    @rule(seed=SEEDS)
    @precondition(lambda self: len(self.records) > 1 and not self.store.resolution.pending.any())
    def merge_and_undo(self, seed: int) -> None:
        """A merge that is undone leaves no trace in the crosswalk."""
        self.store.resolve(at=self.time())
        before, active = self.store.crosswalk.to_polars(), self.store.judgements.active(self.now)
        one, other = Random(seed).sample([(record["source"], str(key)) for key, record in self.records.items()], 2)
        with suppress(JudgementConflictError):
            happened = self.store.must_link(one, other, at=self.time())
            self.store.revoke(len(self.store.judgements), at=self.time())
            if self.store.judgements.active(self.now) == active and {event.kind for event in happened} == {"merged"}:
                assert self.store.crosswalk.to_polars().equals(before)

    @rule()
    def resolve(self) -> None:
        """What is pending or has expired is resolved."""
        self.store.resolve(at=self.time())

    @rule(builder=st.sampled_from([ig.Components(0.3), ig.Components(0.7)]))
    def apply(self, builder: Any) -> None:
        """Other settings are in force from now on."""
        self.store.apply(attrs.evolve(self.store.resolution.resolver, builder=builder), at=self.time())

    @rule()
    @precondition(lambda self: self.place is not None)
    def restart(self) -> None:
        """The store is closed and opened again."""
        self.store.close()
        self.store = Store.open(self.place)

    @rule(seed=SEEDS)
    @precondition(lambda self: self.place is not None)
    def somebody_else_changes(self, seed: int) -> None:
        """Another store at the same place changes records; the next change of this one sees it."""
        with Store.open(self.place) as other:
            other.update(**stepped(self.records, Random(seed)), at=self.time())
        self.store.resolve(at=self.time())

    @rule(form=st.sampled_from(["parquet", "jsonl"]))
    def move(self, form: str) -> None:
        """The store is written to files, and made anew of them at another place."""
        with TemporaryDirectory() as folder:
            self.store.dump(Path(folder) / "dump", form=form)
            self.store.close()
            self.place = self.stack.enter_context(self.make())
            self.store = Store.load(Path(folder) / "dump", self.place)

    @invariant()
    def is_one_run(self) -> None:
        """The entities and the evidence are those of one run on the records, by what people said up to now."""
        found = self.store.resolution
        if not found.pending.any():
            judged = self.store.judgements.rulings(self.store._state.at)
            wanted = found.resolver.resolve(table(list(self.records.values())), **KEYS, judgements=judged)
            assert partition(found) == partition(wanted)
            assert evidence(found).equals(evidence(wanted))

    @invariant()
    def is_replayed(self) -> None:
        """The events from nothing make the register, and the crosswalk is as it says."""
        register = replay(self.store.events)
        self.known[self.now] = register.crosswalk.to_polars()
        assert register == self.store.register
        assert held(self.store.resolution) == {
            (source, record): entity_id for source, record, entity_id in register.crosswalk.to_polars().rows()
        }

    @invariant()
    def is_found_again(self) -> None:
        """What is read is what is held."""
        with self.store._keeper.reading() as session:
            read = State.of(session)
        assert told(read) == told(self.store._state)

    def teardown(self) -> None:
        """Past answers are as they were, and what was left over is resolved."""
        with self.stack:
            if hasattr(self, "store"):
                self.end()

    def end(self) -> None:
        """Resolve what was left over, and look back."""
        with self.store:
            self.store.resolve(at=self.time())
            self.is_one_run()
            for time, crosswalk in self.known.items():
                assert self.store.as_known(time).to_polars().equals(crosswalk)


def held(resolution: ig.Resolution) -> dict[tuple[str, str], str]:
    """Return the id of each record, all as text."""
    return {(source, str(key)): str(entity) for source, key, entity in resolution.crosswalk.to_polars().rows()}


def told(state: State) -> list[Any]:
    """Return all of a state that can be compared."""
    found = state.resolution
    return [
        found.crosswalk.to_polars().to_dict(as_series=False),
        found.scored_pairs.to_polars().to_dict(as_series=False),
        found.records.table[found.records.position.argsort()].to_dict(as_series=False),
        dict(zip(state.numbers.tolist(), zip(found.pending, found.locks, strict=True), strict=True)),
        state._pairs.sort("one", "other").rows(),
        state._siblings.sort("one", "other").rows(),
        (state.register, state.log, state.change, state.at, state.highest, found.named, found.resolver.hash),
    ]


@contextmanager
def a_file() -> Any:
    """Give the path of a new file."""
    with TemporaryDirectory() as folder:
        yield Path(folder) / "store.db"


WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning", "ColumnWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]


def check(place: Any, runs: int) -> None:
    """Run the machine."""
    few = settings(
        max_examples=runs,
        stateful_step_count=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    run_state_machine_as_test(partial(Kept, place), settings=few)


def test_in_memory() -> None:
    check(partial(nullcontext, None), RUNS)


def test_in_a_file() -> None:
    check(a_file, RUNS)


def test_in_a_server(postgres_database: str) -> None:
    check(lambda: nullcontext(emptied(postgres_database)), max(1, RUNS // 3))
