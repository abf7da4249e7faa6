"""Time and memory of ``ig.resolve`` as tables grow, and of importing the library.

    python benchmarks/scale.py [--sizes 10000 100000 1000000] [--data FOLDER ...]

Tables are generated (``identigraph.datasets.customers``), or read from folders with ``records.parquet`` and
``truth.parquet``. Each run has a process of its own; CPU and wall seconds are those of the resolving, peak memory is
that of the whole process. Import time is the median of five processes, beside that of numpy, polars and rapidfuzz.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import polars as pl

import identigraph as ig
from identigraph.datasets import customers

BARE = "import time; t = time.perf_counter(); import numpy, polars, rapidfuzz; print(time.perf_counter() - t)"
OURS = "import time; t = time.perf_counter(); import identigraph; print(time.perf_counter() - t)"


def measure(what: str) -> dict[str, object]:
    """Resolve one table in this process: a number of generated records, or a folder."""
    if what.isdigit():
        made = customers(int(what), seed=1)
        records, truth, on = made.records, made.truth, ["source", "record_id"]
    else:
        records = pl.read_parquet(Path(what) / "records.parquet")
        truth = pl.read_parquet(Path(what) / "truth.parquet").select("record_id", "entity_id")
        on = ["record_id"]
    cpu, wall = time.process_time(), time.perf_counter()
    result = ig.resolve(records, id="record_id", source="source")
    crosswalk = result.crosswalk.to_polars()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = ig.metrics.compare_crosswalks(crosswalk.select(*on, "entity_id"), truth, on=on)
    return {
        "what": what,
        "records": len(result.records),
        "entities": len(result),
        "pairs": result.candidate_pairs,
        "cpu": cpu,
        "wall": wall,
        "peak": peak,
        "pairwise": scores.pairwise.f1,
        "b_cubed": scores.b_cubed.f1,
        "stages": {stage.name: round(stage.seconds, 2) for stage in result.stages},
    }


def in_own_process(what: str) -> dict[str, object]:
    """Measure in a process of its own."""
    command = [sys.executable, "-W", "ignore", __file__, "--one", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def import_seconds(code: str) -> float:
    """Return the median seconds that an import takes in a fresh process."""
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> None:
    """Print one line per table, then the import times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="*", default=["10000", "100000", "1000000"])
    parser.add_argument("--data", nargs="*", default=[])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}")
    for what in [*asked.sizes, *asked.data]:
        f = in_own_process(what)
        counts = f"{f['records']:>9,} records, {f['pairs']:>10,} pairs"
        costs = f"CPU {f['cpu']:6.1f} s, wall {f['wall']:6.1f} s, peak {f['peak']:6.0f} MB"
        print(f"{Path(what).name:>16}: {counts}, {costs}, F1 {f['pairwise']:.3f} / {f['b_cubed']:.3f}  {f['stages']}")
    print(f"import: identigraph {import_seconds(OURS):.2f} s, numpy + polars + rapidfuzz {import_seconds(BARE):.2f} s")


if __name__ == "__main__":
    main()
