"""Stores and live indexes: opening, finding, adding one by one and together, for stores of several sizes.

    python benchmarks/live.py FILE [--sizes 100000 1000000] [--asks 2000] [--batch 10000] [--place FOLDER]

FILE is a Parquet table of people with ``record_id`` and ``source``. Its rows are shuffled. Of each size the first rows
are resolved and kept in an SQLite store in a new folder. The store is closed and opened again with its live index; then
rows that are not in it are looked for, added one by one, each durable before the next, and added together. Percentiles
are of wall time in milliseconds; CPU seconds are of the process.
"""

from __future__ import annotations

import argparse
import gc
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import identigraph as ig

PERCENTILES = (50, 90, 99, 100)


def timed(what: str, run: Callable[[], Any]) -> Any:
    """Return what a function returns, and print wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    print(f"  {what:<34}{time.perf_counter() - wall:>9.2f} s wall{time.process_time() - cpu:>9.2f} s CPU", flush=True)
    return found


def each(what: str, run: Callable[[Any], Any], rows: Iterable[Any]) -> None:
    """Print percentiles of the time that a function takes for each of some rows, and how many it does in a second."""
    times = []
    for row in rows:
        start = time.perf_counter()
        run(row)
        times.append(time.perf_counter() - start)
    told = " ".join(
        f"p{p} {ms:8.3f}" for p, ms in zip(PERCENTILES, np.percentile(times, PERCENTILES) * 1e3, strict=True)
    )
    print(f"  {what:<34}{told} ms{len(times) / sum(times):>10,.0f} per second", flush=True)


def _begin(place: Path, made: ig.Resolution) -> None:
    with ig.Store.open(place, made):
        pass


def measure(records: pl.DataFrame, size: int, asks: int, batch: int, folder: Path) -> None:
    """Print the figures of a store of one size."""
    place = folder / f"{size}.db"
    first, rest = records[:size], records[size:]
    print(f"\n{size:,} records")
    made = timed("resolve", lambda: ig.resolve(first, id="record_id", source="source"))
    timed("begin the store", partial(_begin, place, made))
    del made
    gc.collect()
    print(f"  file {place.stat().st_size / 1e6:,.0f} MB")
    live = timed("open with live index", lambda: ig.Store.open(place).live())
    print(f"  {live!r}, long way: {', '.join(live.obstacles) or 'no'}")
    rows = rest.cast(pl.String).to_dicts()
    warm, asked, alone = rows[:asks], rows[asks : 2 * asks], rows[2 * asks : 3 * asks]
    unnamed = [{name: value for name, value in row.items() if name != "record_id"} for row in (*warm, *asked)]
    each("find, first asks", live.find, unnamed[:asks])
    each("find", live.find, unnamed[asks:])
    each("add", live.add, alone)
    each("entity_of", lambda row: live.entity_of(row["source"], row["record_id"]), alone)
    live.lookup("email", "nobody@example.org")
    each("lookup of an email", lambda row: live.lookup("email", row["email"]), [row for row in alone if row["email"]])
    for number in range(2):
        together = rest[3 * asks + number * batch : 3 * asks + (number + 1) * batch]
        start = time.perf_counter()
        timed(f"add {together.height:,} together", lambda some=together: live.add_all(some))
        print(f"  {'':<34}{together.height / (time.perf_counter() - start):>9,.0f} records per second")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB", flush=True)


def main() -> None:
    """Print the figures of all sizes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--asks", type=int, default=2_000)
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--place", type=Path, default=None, help="where the folder of the stores is made")
    given = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz", "sqlalchemy"))
    print(f"{platform.machine()}, CPython {platform.python_version()}, {packages}")
    records = pl.read_parquet(given.file).sample(fraction=1, shuffle=True, seed=1)
    with tempfile.TemporaryDirectory(dir=given.place) as folder:
        for size in given.sizes:
            measure(records, size, given.asks, given.batch, Path(folder))


if __name__ == "__main__":
    main()
