"""Every cluster builder on the scored pairs of labeled sets.

    python benchmarks/builders.py --data DIR [SET ...] [--save FILE]

Each set is resolved once with ``ig.resolve``; then each builder makes clusters of the very same graph, at its default
threshold of 0.5 where it has one (0.9 and 0.5 for plain components). Columns: pairwise precision, recall and F1 and
B-cubed F1 over all records, CPU seconds of building. A builder that does not suit a set says why.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import polars as pl

import identigraph as ig
from identigraph.errors import ConfigurationError
from identigraph.graph import (
    AverageLinkage,
    BridgeCutting,
    Center,
    ClusterBuilder,
    Communities,
    Components,
    ConstrainedComponents,
    CorrelationClustering,
    Hierarchical,
    Markov,
    MergeCenter,
    OnePerSource,
    OneToOne,
    Star,
)

SETS = ("synth_100k", "contoso_customers", "splink_historical_50k", "splink_fake_20000", "dblp_acm")
BUILDERS: dict[str, ClusterBuilder] = {
    "ConstrainedComponents()": ConstrainedComponents(),
    "AverageLinkage()": AverageLinkage(),
    "Components(0.5)": Components(0.5),
    "Components(0.9)": Components(0.9),
    "Hierarchical('single')": Hierarchical("single"),
    "Hierarchical('complete')": Hierarchical("complete"),
    "CorrelationClustering()": CorrelationClustering(),
    "Center()": Center(),
    "MergeCenter()": MergeCenter(),
    "Star()": Star(),
    "Markov()": Markov(),
    "Communities()": Communities(),
    "BridgeCutting()": BridgeCutting(),
    "OnePerSource(exact=False)": OnePerSource(exact=False),
    "OneToOne()": OneToOne(),
}
CITATION = ("set", "builder", "precision", "recall", "f1", "b_cubed", "cpu", "note")


def measure(folder: Path) -> list[tuple[object, ...]]:
    """Return one row per builder on one set."""
    records, truth = (pl.read_parquet(folder / f"{name}.parquet") for name in ("records", "truth"))
    result = ig.resolve(records, id="record_id", source="source")
    keys = result.graph.keys.frame.with_columns(pl.col("record_id").cast(pl.String))
    true = truth.with_columns(pl.col("record_id").cast(pl.String)).select("record_id", "entity_id")
    entity = keys.join(true, on="record_id", how="left", maintain_order="left").get_column("entity_id")
    rows: list[tuple[object, ...]] = []
    for name, builder in BUILDERS.items():
        start = time.process_time()
        try:
            labels = builder.build(result.graph).labels
        except ConfigurationError as error:
            rows.append((folder.name, name, None, None, None, None, None, str(error)))
            continue
        cpu = time.process_time() - start
        scores = ig.metrics.compare_clusterings(labels, entity)
        pairwise = scores.pairwise
        figures = (pairwise.precision, pairwise.recall, pairwise.f1, scores.b_cubed.f1, cpu, "")
        rows.append((folder.name, name, *figures))
        print("{:22} {:26} P {:.4f} R {:.4f} F1 {:.4f} B3 {:.4f} {:6.2f} s".format(folder.name, name, *figures[:5]))
    return rows


def main() -> None:
    """Print and save one row per set and builder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "builders.csv")
    asked = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "networkx"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}")
    warnings.simplefilter("ignore")
    rows = [row for name in asked.sets for row in measure(asked.data / name)]
    pl.DataFrame(rows, schema=list(CITATION), orient="row", infer_schema_length=None).write_csv(asked.save)


if __name__ == "__main__":
    main()
