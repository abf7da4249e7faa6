"""What each part of ``ig.resolve`` is worth: the road rebuilt step by step on labeled sets, without labels.

    python benchmarks/ablation.py [--data DIR] [--save FILE] [SET ...]

Each row adds one part to the row above and leaves all others as they are inferred. Sets are as in `accuracy.py`.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import attrs
import polars as pl

import identigraph as ig
from identigraph.matching import SelfTrained

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = ["splink_fake_1000", "splink_fake_20000", "splink_historical_50k", "synth_100k", "dupehell_customer"]
COLUMNS = ["set", "step", "pair_p", "pair_r", "pair_f1", "b3_f1", "cpu_s"]


def steps(inferred: ig.Resolver) -> Iterator[tuple[str, ig.Resolver]]:
    """Yield what is added, and the resolver with it, from the plainest to the one that is inferred."""
    matcher = inferred.matcher
    model = matcher.model if isinstance(matcher, SelfTrained) else matcher
    plain = attrs.evolve(inferred, matcher=attrs.evolve(model, household=()), builder=ig.Components(0.95))
    yield "two classes, connected components at .95", plain
    classes = attrs.evolve(plain, matcher=model)
    yield "+ a class for siblings", classes
    linked = attrs.evolve(classes, builder=ig.graph.Hierarchical("average", 0.5))
    yield "+ average linkage at .5", linked
    asked = attrs.evolve(linked, builder=ig.ConstrainedComponents(linkage=ig.AverageLinkage(0.5)))
    yield "+ pairs that clusters ask for", asked
    judged = attrs.evolve(asked, builder=ig.ConstrainedComponents())
    yield "+ the threshold by comparators left out", judged
    yield "+ self-training", inferred


def measured(folder: Path) -> Iterator[dict[str, object]]:
    """Yield the figures of each step on one set."""
    records = pl.read_parquet(folder / "records.parquet")
    truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
    known = ig.Records.of(records, id="record_id", source="source")
    for step, resolver in steps(ig.Resolver.infer(known)):
        cpu = time.process_time()
        found = resolver.resolve(known).crosswalk.to_polars().select("record_id", "entity_id")
        cpu = time.process_time() - cpu
        scores = ig.metrics.compare_crosswalks(found, truth, on="record_id")
        pairs = scores.pairwise
        figures = (folder.name, step, pairs.precision, pairs.recall, pairs.f1, scores.b_cubed.f1, cpu)
        yield dict(zip(COLUMNS, figures, strict=True))


def main() -> None:
    """Measure the sets named, or five, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="names of sets; five where none is named")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "ablation.csv")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for name in asked.sets or SETS:
        print(name)
        for figures in measured(asked.data / name):
            rows.append(figures)
            shares = " ".join(f"{figures[k]:7.4f}" for k in ("pair_p", "pair_r", "pair_f1", "b3_f1"))
            print(f"  {figures['step']:42} {shares} {figures['cpu_s']:7.1f} CPU s", flush=True)
    asked.save.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv(asked.save, float_precision=5)


if __name__ == "__main__":
    main()
