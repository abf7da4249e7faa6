"""Accuracy of ``ig.resolve`` on labeled sets: one call, no configuration, no labels.

    python benchmarks/accuracy.py [--data DIR] [--save FILE] [SET ...]

Each set is a folder with ``records.parquet`` (record_id, source, fields) and ``truth.parquet`` (record_id, entity_id).
Each runs in a process of its own, which gives its CPU time and its peak memory, both of the whole process: imports,
reading and resolving. Pairs completeness is the share of true pairs among the candidates that blocking proposed.

The peers' figures are pairwise F1 / B-cubed F1 of clusters over all records, measured with Splink 5 (its tutorial's
settings, and in brackets the best threshold chosen with the truth), goldenmatch 3.22 and recordlinkage 0.16 without
labels, custmatch (500 labels) and dedupe 3.0 (150 labels).
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import polars as pl

import identigraph as ig

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PEERS = {
    "febrl3": "Splink .994/.996 (.997/.999), goldenmatch .999/1.0, recordlinkage .998/.999, custmatch .989/.993",
    "febrl4": "Splink .997/.999 (.999/1.0), goldenmatch .997/.999, recordlinkage .998/.999, custmatch .992/.996",
    "splink_historical_50k": "Splink .828/.856 (.828/.862), goldenmatch .842/.860, recordlinkage .765/.834, "
    "custmatch .845/.861",
    "splink_fake_1000": "Splink .835/.876 (.917/.938), goldenmatch .194/.500, recordlinkage .440/.631, "
    "dedupe .925/.944",
    "splink_fake_20000": "Splink .810/.870 (.818/.886)",
    "synth_100k": "Splink .909/.972 (.913/.973), goldenmatch .365/.859, recordlinkage .389/.827, custmatch .944/.981",
}
COLUMNS = ["set", "records", "entities", "found", "pair_p", "pair_r", "pair_f1", "b3_f1", "completeness", "pairs",
           "cpu_s", "wall_s", "peak_mb", "estimated_p", "estimated_r", "estimated_f1"]  # fmt: skip


def measure(folder: Path) -> dict[str, object]:
    """Resolve one set in this process and return its figures."""
    records = pl.read_parquet(folder / "records.parquet")
    truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
    cpu, wall = time.process_time(), time.perf_counter()
    result = ig.resolve(records, id="record_id", source="source")
    crosswalk = result.crosswalk.to_polars()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = ig.metrics.compare_crosswalks(crosswalk.select("record_id", "entity_id"), truth, on="record_id")
    told = result.estimated
    estimates = (None, None, None) if told is None else (told.precision, told.recall, told.f1)
    return {
        "set": folder.name,
        "records": records.height,
        "entities": truth.get_column("entity_id").n_unique(),
        "found": len(result),
        "pair_p": scores.pairwise.precision,
        "pair_r": scores.pairwise.recall,
        "pair_f1": scores.pairwise.f1,
        "b3_f1": scores.b_cubed.f1,
        "completeness": completeness(result, truth),
        "pairs": result.candidate_pairs,
        "cpu_s": cpu,
        "wall_s": wall,
        "peak_mb": peak,
        **dict(zip(("estimated_p", "estimated_r", "estimated_f1"), estimates, strict=True)),
    }


def completeness(result: ig.Resolution, truth: pl.DataFrame) -> float:
    """Return the share of true pairs among the candidates, batch by batch."""
    ids = result.records.ids.to_frame("record_id")
    true = ids.join(truth, on="record_id", how="left", maintain_order="left").get_column("entity_id")
    candidates = result.resolver.blocking.candidates(result.records)
    return sum(ig.metrics.pairs_completeness(pairs.left, pairs.right, true) for pairs in candidates)


def in_own_process(folder: Path) -> dict[str, object]:
    """Measure one set in a process of its own."""
    command = [sys.executable, "-W", "ignore", __file__, "--one", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SystemExit(f"{folder.name} failed")
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def line(figures: dict[str, object]) -> str:
    """Return one row of the printed table."""
    shares = " ".join(f"{figures[k]:7.4f}" for k in ("pair_p", "pair_r", "pair_f1", "b3_f1", "completeness"))
    counts = f"{figures['records']:9,} {figures['entities']:8,} {figures['found']:8,}"
    costs = f"{figures['pairs']:11,} {figures['cpu_s']:7.1f} {figures['wall_s']:7.1f} {figures['peak_mb']:8.0f}"
    told = "" if figures["estimated_f1"] is None else f"{figures['estimated_f1']:9.4f}"
    return f"{figures['set']:22} {counts} {shares} {costs} {told}"


def main() -> None:
    """Measure the sets named, or all, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="names of sets; all where none is named")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "accuracy.csv")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    folders = [asked.data / name for name in asked.sets] or sorted(p.parent for p in asked.data.glob("*/truth.parquet"))
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}\n")
    print(f"{'set':22} {'records':>9} {'entities':>8} {'found':>8} ", end="")
    print(" pair-P  pair-R pair-F1   B3-F1 complete       pairs   CPU s  wall s  peak MB  est. F1")
    rows = []
    for folder in folders:
        rows.append(in_own_process(folder))
        print(line(rows[-1]), flush=True)
        if folder.name in PEERS:
            print(f"{'':22} peers: {PEERS[folder.name]}")
    asked.save.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=COLUMNS).write_csv(asked.save, float_precision=5)


if __name__ == "__main__":
    main()
