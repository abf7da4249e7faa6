"""The main job, end to end: four CSV files with their own columns and formats in, one customer view out.

    python examples/demo.py [--records 20000] [--seed 7] [--out demo_output]

Generates labeled customers over CRM, web shop, store tills and support, writes one CSV per source, resolves the files
with no configuration, and measures the outcome against the generator's truth, which the resolving never sees.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import identigraph as ig
from identigraph.datasets import customers

IDS = {"crm": "customer_no", "web": "id", "store": "CARD_NO", "support": "ticket"}


def main() -> None:
    """Generate, resolve, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("demo_output"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)

    made = customers(asked.records, seed=asked.seed)
    paths = made.write(asked.out)
    files = {source: paths[source] for source in IDS}
    print(f"{made}\nwritten to " + ", ".join(path.name for path in files.values()))

    start = time.perf_counter()
    result = ig.resolve(files, id=IDS)
    seconds = time.perf_counter() - start

    result.crosswalk.write(asked.out / "crosswalk.csv")
    result.profiles.table.write(asked.out / "profiles.parquet")
    page = result.report(asked.out / "summary.html", title="Customer view of four sources")

    print(f"\n{result} in {seconds:.1f} s")
    for stage in result.stages:
        print(f"  {stage.name:8} {stage.count:>10,} {stage.detail:32} {stage.seconds:6.2f} s")
    scores = ig.metrics.compare_crosswalks(result.crosswalk.to_polars(), made.truth)
    print("\nagainst the truth, which was not used:")
    for name, score in (("pairwise", scores.pairwise), ("B-cubed", scores.b_cubed)):
        print(f"  {name:8}  precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}")
    true_entities = made.truth.get_column("entity_id").n_unique()
    print(f"  entities  {len(result):,} found, {true_entities:,} true")
    print(f"\nopen {page}; see also crosswalk.csv and profiles.parquet beside it")


if __name__ == "__main__":
    main()
