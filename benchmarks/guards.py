"""What the guards of ``ig.resolve`` say of fits that are right, and of fits made wrong, on labeled sets.

    python benchmarks/guards.py [--data DIR] [--save FILE] [SET ...]

Each set is resolved as inferred, without a class for siblings, with a prior far too high, and with one column given
twice, under another name. Sets are as in `accuracy.py`. A row tells true and estimated F1, the largest correlation and
surplus of differing together, for the pairs of entities and for those that the model takes for matches, and whether
there is an alarm for either, or comparators are said to be copies.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from pathlib import Path

import attrs
import polars as pl

import identigraph as ig
from identigraph.matching import SelfTrained

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COLUMNS = ["set", "fit", "pair_f1", "estimated_f1", "of_entities", "of_model", "entities", "model", "copies"]


def fits(records: pl.DataFrame) -> Iterator[tuple[str, ig.Records, ig.Resolver]]:
    """Yield what is done to the fit, the records, and the resolver."""
    known, inferred = resolver_of(records)
    model = inferred.matcher.model if isinstance(inferred.matcher, SelfTrained) else inferred.matcher
    yield "as inferred", known, inferred
    yield "no siblings", known, attrs.evolve(inferred, matcher=attrs.evolve(model, household=()))
    nothing = attrs.evolve(model, household=(), identity=())
    yield "no siblings, no identity", known, attrs.evolve(inferred, matcher=nothing)
    yield "prior .01", known, attrs.evolve(inferred, matcher=attrs.evolve(model, prior=0.01))
    column = min(records.columns[2:], key=lambda name: records.get_column(name).null_count())
    yield f"{column} twice", *resolver_of(records.with_columns(pl.col(column).alias("given_again")))


def resolver_of(records: pl.DataFrame) -> tuple[ig.Records, ig.Resolver]:
    """Return the records and what is inferred from them."""
    known = ig.Records.of(records, id="record_id", source="source")
    return known, ig.Resolver.infer(known)


def measured(folder: Path) -> Iterator[dict[str, object]]:
    """Yield the figures of each fit on one set."""
    truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
    for fit, known, resolver in fits(pl.read_parquet(folder / "records.parquet")):
        found = resolver.resolve(known)
        crosswalk = found.crosswalk.to_polars().select("record_id", "entity_id")
        true = ig.metrics.compare_crosswalks(crosswalk, truth, on="record_id").pairwise.f1
        told = None if found.estimated is None else found.estimated.f1
        yield dict(zip(COLUMNS, (folder.name, fit, true, told, *figures(found.guards)), strict=True))


def figures(guards: ig.judging.Guards | None) -> tuple[object, ...]:
    """Return the worst figures of the guards, and whether they speak."""
    if guards is None:
        return ("", "", False, False, False)
    shown = []
    for of in ("entities", "model"):
        worst = guards.together.filter(of=of).sort("alarm", pl.col("surplus") / pl.col("limit"), descending=True)
        shown += [f"{c:.2f} / {s:.3f}" for c, s in worst.select("correlation", "surplus").head(1).rows()] or [""]
    return (*shown, guards.entities is not None, guards.model is not None, guards.copies is not None)


def main() -> None:
    """Measure the sets named, or all, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="names of sets; all where none is named")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "guards.csv")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    folders = [asked.data / name for name in asked.sets] or sorted(p.parent for p in asked.data.glob("*/truth.parquet"))
    asked.save.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    for folder in folders:
        for row in measured(folder):
            rows.append(row)
            print(" | ".join("-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
                             for value in row.values()), flush=True)  # fmt: skip
        pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv(asked.save, float_precision=5)


if __name__ == "__main__":
    main()
