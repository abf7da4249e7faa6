"""Batch after batch: a labeled set comes in portions, in several orders; are entities those of one run, do ids stay?

    python benchmarks/updating.py --data FOLDER [SET] [--batches 20] [--orders 3] [--save FILE.csv]

The resolver learns from the whole set once. For each order the table says whether the entities are those of one run on
all records, the share of records whose id changed for another reason than a merge, on the mean and at the most, and the
CPU seconds of a batch beside those of the one run. Ratios within one run are worth more than seconds.
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path

import polars as pl

import identigraph as ig

KEYS = {"id": "record_id", "source": "source"}


def fed(resolver: ig.Resolver, batches: list[pl.DataFrame]) -> tuple[ig.Resolution, list[float], list[float]]:
    """Return the last resolution, and of each batch the jitter apart from merges and the CPU seconds."""
    found, jitter, seconds = resolver.resolve(batches[0], **KEYS), list[float](), list[float]()
    for batch in batches[1:]:
        start = time.process_time()
        found = found.update(add=batch)
        seconds.append(time.process_time() - start)
        jitter.append(found.assigned.jitter.apart_from_merges)
    return found, jitter, seconds


def measured(table: pl.DataFrame, count: int, orders: int) -> pl.DataFrame:
    """Return one row per order."""
    resolver = ig.resolve(table, **KEYS).resolver
    start = time.process_time()
    whole = resolver.resolve(table, **KEYS)
    once, size, rows = time.process_time() - start, -(-table.height // count), []
    for order in range(orders):
        shuffled = table.sample(fraction=1, shuffle=True, seed=order) if order else table
        found, jitter, seconds = fed(resolver, [shuffled[low : low + size] for low in range(0, table.height, size)])
        rows.append(
            {
                "order": order,
                "records": table.height,
                "batches": count,
                "same_entities": len(ig.diff(whole, found)) == 0,
                "mean_jitter": sum(jitter) / len(jitter),
                "most_jitter": max(jitter),
                "batch_cpu_s": sum(seconds) / len(seconds),
                "last_batch_cpu_s": seconds[-1],
                "one_run_cpu_s": once,
            }
        )
    return pl.DataFrame(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", nargs="?", default="synth_100k")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--save", type=Path)
    told = parser.parse_args()
    warnings.simplefilter("ignore", ig.IdentigraphWarning)
    found = measured(pl.read_parquet(told.data / told.set / "records.parquet"), told.batches, told.orders)
    with pl.Config(tbl_cols=-1, tbl_width_chars=160):
        print(found)
    if told.save:
        found.write_csv(told.save)


if __name__ == "__main__":
    main()
