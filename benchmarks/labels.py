"""What a few labels are worth: `ig.resolve` without labels, and with those that `ig.suggest_labels` asked for.

    python benchmarks/labels.py [--data DIR] [--save FILE] [--labels N] [--seeds N] [SET ...]

Each set is resolved without labels first. Of that result `suggest_labels` picks the pairs, the truth answers them, and
the set is resolved again with these answers: `Supervised` with logistic regression, its default, and with a random
forest. Seeds draw the labels; the table shows the mean F1 and the lowest and highest. Nothing is chosen by the truth
but the answers to the labels.
"""

from __future__ import annotations

import argparse
import platform
import time
from importlib.metadata import version
from pathlib import Path

import attrs
import polars as pl
from sklearn.ensemble import RandomForestClassifier

import identigraph as ig

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = ["splink_historical_50k", "splink_fake_20000", "synth_100k", "abt_buy"]
CLASSIFIERS = {
    "logistic regression": None,
    "random forest": RandomForestClassifier(300, min_samples_leaf=2, random_state=0),
}
COLUMNS = ["set", "labels", "matcher", "seed", "pair_p", "pair_r", "pair_f1", "b3_f1", "cpu_s"]


def answered(asked: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Return suggested pairs with the answers of the truth."""
    known = truth.with_columns(pl.col("record_id").cast(asked.schema["left_id"]))
    for side in ("left", "right"):
        named = known.rename({"record_id": f"{side}_id", "entity_id": f"{side}_entity"})
        asked = asked.join(named, on=f"{side}_id", how="left", maintain_order="left")
    return asked.with_columns(match=pl.col("left_entity") == pl.col("right_entity"))


def scores(result: ig.Resolution, truth: pl.DataFrame) -> tuple[float, float, float, float]:
    """Return pairwise precision, recall and F1, and B-cubed F1."""
    found = result.crosswalk.to_polars().select("record_id", "entity_id")
    judged = ig.metrics.compare_crosswalks(found, truth, on="record_id")
    return judged.pairwise.precision, judged.pairwise.recall, judged.pairwise.f1, judged.b_cubed.f1


def measure(folder: Path, n: int, seeds: int) -> list[tuple[object, ...]]:
    """Return one row per matcher and seed."""
    table = pl.read_parquet(folder / "records.parquet")
    truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
    cpu = time.process_time()
    result = ig.resolve(table, id="record_id", source="source")
    rows = [(folder.name, 0, "no labels", 0, *scores(result, truth), time.process_time() - cpu)]
    inferred = ig.Resolver.infer(table, id="record_id", source="source")
    for seed in range(seeds):
        labels = answered(ig.suggest_labels(result, n, seed=seed).to_polars(), truth)
        for name, classifier in CLASSIFIERS.items():
            cpu = time.process_time()
            resolver = attrs.evolve(inferred, matcher=ig.Supervised(inferred.matcher, classifier))
            taught = resolver.resolve(table, id="record_id", source="source", labels=labels)
            rows.append((folder.name, n, name, seed, *scores(taught, truth), time.process_time() - cpu))
    return rows


def main() -> None:
    """Measure the sets named, or the four of the documentation, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--labels", type=int, default=150)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "labels.csv")
    asked = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz", "scikit-learn"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}\n")
    print(f"{'set':22} {'matcher':20} {'labels':>6}  pair-F1  lowest highest   B3-F1   CPU s")
    rows: list[tuple[object, ...]] = []
    for name in asked.sets:
        rows += measure(asked.data / name, asked.labels, asked.seeds)
        frame = pl.DataFrame([row for row in rows if row[0] == name], schema=COLUMNS, orient="row")
        for matcher, few in frame.group_by("matcher", maintain_order=True):
            f1 = few["pair_f1"]
            shares = f"{f1.mean():8.4f} {f1.min():7.4f} {f1.max():7.4f} {few['b3_f1'].mean():7.4f}"
            print(f"{name:22} {matcher[0]:20} {few['labels'][0]:6} {shares} {few['cpu_s'].mean():7.1f}", flush=True)
    asked.save.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv(asked.save, float_precision=5)


if __name__ == "__main__":
    main()
