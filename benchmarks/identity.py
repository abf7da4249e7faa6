"""Time of assigning ids that last: whole crosswalks, and record by record.

    python benchmarks/identity.py [--records 1000000]

Records of four sources in entities of 2.5 on average. The next day one entity in a hundred is another: a quarter of
these merge, a quarter split, some leave, some get new records, and the rows are in another order. CPU seconds of the
whole process. Then single changes on the register of all: wall time to assign ids to the area, and to apply the events.
"""

from __future__ import annotations

import argparse
import platform
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

import identigraph as ig
from identigraph.identity import Register, assign, replay, uuid7_factory

SOURCES = ("crm", "web", "shop", "app")
WEIGHTS = {"web": 0.05}
AT = datetime(2026, 3, 2, tzinfo=UTC)
CHANGES = 2_000


def monday(records: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return a crosswalk."""
    source = np.array(SOURCES)[rng.integers(0, len(SOURCES), records)]
    cluster = rng.integers(0, records * 2 // 5, records)
    return pl.DataFrame({"source": source, "record_id": np.arange(records), "cluster": cluster})


def tuesday(before: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return the crosswalk of the next day."""
    labels = before.get_column("cluster").to_numpy()
    chosen = rng.choice(np.unique(labels), labels.max() // 100, replace=False)
    merging, splitting, leaving, growing = np.array_split(chosen, 4)
    into = dict(zip(merging[::2].tolist(), merging[1::2].tolist(), strict=False))
    merged = np.array([into.get(label, label) for label in labels.tolist()])
    parted = np.isin(labels, splitting) & (rng.random(len(labels)) < 0.5)
    after = before.with_columns(cluster=np.where(parted, merged + labels.max() + 1, merged))
    after = after.filter(~np.isin(labels, leaving))
    names = {"source": "crm", "record_id": np.arange(len(labels), len(labels) + len(growing)), "cluster": growing}
    return pl.concat([after, pl.DataFrame(names)]).sample(fraction=1, shuffle=True, seed=1)


def timed(what: str, run: Callable[[], Any]) -> Any:
    """Return what a function returns, and print its CPU seconds."""
    start = time.process_time()
    found = run()
    print(f"{what:<36}{time.process_time() - start:>8.1f} s")
    return found


def single(what: str, register: Register, areas: list[list[list[tuple[str, str]]]]) -> None:
    """Print how long single changes take."""
    make, seconds = uuid7_factory(), []
    for area in areas:
        start = time.perf_counter()
        events = assign(register, area, at=AT, factory=make)
        assigned = time.perf_counter()
        register.apply(events)
        seconds.append((assigned - start, time.perf_counter() - assigned))
    p50, p99 = (np.percentile(np.array(seconds) * 1e6, q, axis=0) for q in (50, 99))
    told = ", ".join(f"{name} {p50[i]:.0f} ({p99[i]:.0f})" for i, name in enumerate(("assign", "apply")))
    print(f"{what:<36}{told} µs, median (99th percentile)")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args().records
    rng = np.random.default_rng(0)
    before = monday(records, rng)
    after = tuesday(before, rng)
    print(f"{platform.machine()}, CPython {platform.python_version()}, polars {version('polars')}, {records:,} records")
    first = timed("first assignment", lambda: ig.assign_ids(before, at=AT))
    second = timed("one entity in a hundred changed", lambda: ig.assign_ids(after, previous=first, weights=WEIGHTS))
    print(f"    {second!r}\n    {second.jitter!r}")
    timed("the same once more", lambda: ig.assign_ids(after, previous=second, weights=WEIGHTS))
    timed("replay", lambda: replay(first.events + second.events))
    ids, rows = timed("tables of the register", lambda: (second.register.ids, second.register.records))
    timed("register from its tables", lambda: Register.of(rows, ids=ids))
    timed("diff", lambda: ig.diff(before, after))
    register = second.register.copy()
    entities = list(register.entities)[: 3 * CHANGES]
    adds = [[[*register.entities[i], ("crm", f"new {i}")]] for i in entities[:CHANGES]]
    single("a record is added to an entity", register, adds)
    pairs = list(zip(entities[CHANGES : 2 * CHANGES], entities[2 * CHANGES :], strict=True))
    parts = [[register.entities[i] for i in pair] for pair in pairs]
    single("two entities are merged", register, [[[*left, *right]] for left, right in parts])
    single("the merge is undone", register, [[[*left], [*right]] for left, right in parts])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


if __name__ == "__main__":
    main()
