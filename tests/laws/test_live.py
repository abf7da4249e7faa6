"""Laws of live indexes: whatever comes one by one, and whatever is done between, the entities are those of one run."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_live import LONG, SHORT, Both, alike, learned
from made_people import AT, KEYS, Record, evidence, partition, table
from made_stores import reread, told

import identigraph as ig
from identigraph.blocking import Union
from identigraph.datasets import customers
from identigraph.graph.few import MOST, CloseError
from identigraph.live.engine import Engine, Naming
from identigraph.live.parts import Parts
from identigraph.stores import Store

RUNS = int(os.environ.get("IDENTIGRAPH_LIVE_RUNS", "1"))
"""Examples of the law for each resolver; of those that take the long way, one."""
WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning", "ColumnWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]
GENERATE = [Phase.explicit, Phase.generate]
CUSTOMERS = {"id": "record_id", "source": "source"}
MADE = customers(300, seed=3).records
SEEDS = st.integers(0, 10**6)


def people(random: Random, size: int) -> dict[int, Record]:
    """Return records, some quite alike."""
    records: dict[int, Record] = {}
    for key in range(size):
        records[key] = alike(random, key, list(records.values()))
    return records


def done(name: str, seed: int, size: int, steps: int, place: Path | None) -> None:
    """Do steps to two stores, and compare."""
    random = Random(seed)
    both = Both(random, place, people(random, size))
    both.begin(learned(name))
    assert both.live.obstacles if name in LONG else not both.live.obstacles
    for _ in range(steps):
        both.step()
    both.check()
    assert told(both.store._state) == told(both.other._state)
    assert told(reread(both.store)) == told(both.store._state)
    both.store.close()


@pytest.mark.parametrize("name", SHORT)
@settings(max_examples=RUNS, deadline=None, phases=GENERATE)
@given(seed=SEEDS, size=st.integers(0, 30), is_kept=st.booleans())
def test_records_one_by_one_make_what_updates_and_one_run_make(name: str, seed: int, size: int, is_kept: bool) -> None:
    with TemporaryDirectory() as folder:
        done(name, seed, size, 30, Path(folder) / "store.db" if is_kept else None)


@pytest.mark.parametrize("name", LONG)
@settings(max_examples=1, deadline=None, phases=GENERATE)
@given(seed=SEEDS, size=st.integers(0, 20), is_kept=st.booleans())
def test_so_they_do_the_long_way(name: str, seed: int, size: int, is_kept: bool) -> None:
    with TemporaryDirectory() as folder:
        done(name, seed, size, 8, Path(folder) / "store.db" if is_kept else None)


@pytest.mark.parametrize("name", ["strict", "loose", "looser", "trusted"])
@settings(max_examples=8, deadline=None, phases=GENERATE)
@given(seed=SEEDS, size=st.integers(2, 40))
def test_a_few_records_by_hand_are_as_by_arrays(name: str, seed: int, size: int) -> None:
    """Whatever records they are, of whole envelopes or not; but where means are so close that arrays must tell."""
    random = Random(seed)
    found = learned(name).resolve(table(list(people(random, size).values())), **KEYS)
    naming = Naming(count().__next__, lambda _: 1.0)
    engine = Engine.of(Parts.of(found), log=ig.JudgementLog(), at=AT, naming=naming)
    compared = 0
    for _ in range(20):
        start = random.sample(range(size), random.randint(1, min(2, size)))
        slots = sorted(random.choice([engine._envelope, set])(start) | set(start))
        slots = sorted(random.sample(slots, min(len(slots), MOST)))
        clusters, asked = engine._by_arrays(slots, None)
        with suppress(CloseError):
            other, others = engine._by_hand(engine.held.ordered(slots), ordered=True)
            assert sorted(map(sorted, clusters)) == sorted(map(sorted, other))
            assert asked == others
            compared += 1
        with suppress(CloseError):
            other, others = engine._by_hand(slots, ordered=False)
            assert sorted(map(sorted, clusters)) == sorted(map(sorted, other))
            assert asked == others
    assert compared


@cache
def learned_of_customers() -> ig.Resolver:
    """Return a resolver that has learned from some customers."""
    keys = ("last_name", "email", "phone", "birth_date")
    comparators = [
        *(ig.similar(name) for name in ("first_name", "last_name", "street")),
        *(ig.exact(name) for name in ("birth_date", "email", "phone")),
    ]
    blocking = Union(tuple(map(ig.block_on, keys)))
    return ig.Resolver(blocking, comparators).resolve(MADE[:200], **CUSTOMERS).resolver


@settings(max_examples=2, deadline=None, phases=GENERATE)
@given(seed=SEEDS, first=st.integers(0, 60))
def test_customers_in_any_order_are_resolved_as_all_at_once(seed: int, first: int) -> None:
    """Also twice and three times under other ids."""
    random, rows = Random(seed), MADE[:100].to_dicts()
    again = [{**row, "record_id": f"{row['record_id']}-{time}"} for time in (2, 3) for row in random.sample(rows, 8)]
    rows += again
    random.shuffle(rows)
    resolver = learned_of_customers()
    store = Store.open(resolution=resolver.resolve(pl.DataFrame(rows[:first], schema=MADE.schema), **CUSTOMERS), at=AT)
    live = store.live()
    assert not live.obstacles
    for row in rows[first:]:
        live.add(row, at=AT)
    wanted = resolver.resolve(pl.DataFrame(rows), **CUSTOMERS)
    assert partition(store.resolution) == partition(wanted)
    assert evidence(store.resolution).equals(evidence(wanted))
    assert len(wanted.siblings.pairs) == len(store.resolution.siblings.pairs)
    assert len(live) == len(partition(wanted)) < len(rows)
