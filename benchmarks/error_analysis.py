"""Where ``ig.resolve`` errs on labeled sets: which true pairs are lost at which stage, where false ones come from.

    python benchmarks/error_analysis.py [--data DIR] [--patterns N] [--examples N] SET ...

Each set is a folder as for ``benchmarks/accuracy.py``; it is resolved once, with no configuration and no labels. A pair
is *linked* where blocking proposed it and its match probability reaches the threshold. True pairs, of records of one
entity, are found where both records share a cluster, and else lost:

    blocking     not proposed
    scoring      proposed, and below the threshold
    clustering   linked, and yet apart

False pairs, of records that share a cluster and no entity, are linked themselves, or joined through other records. Each
group of errors is shown by its most frequent agreement patterns: what each comparator says, but for those that miss a
value; how common an equal value is stays out. ``--examples N`` shows N random pairs of each group, side by side.
Records without a label are left out.
"""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

import identigraph as ig
from identigraph.comparing import Comparison

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Judged:
    """The pairs of records that share an entity, a cluster or both, by row number.

    Args:
        result: the resolution.
        entity: the true entity of each record, -1 where it is not known.
        pairs: the pairs.
        true: whether they share an entity.
        together: whether they share a cluster.
        proposed: whether they were among the candidates.
        linked: whether they were scored at or above the threshold.
    """

    result: ig.Resolution
    entity: Codes
    pairs: ig.Pairs
    true: Mask
    together: Mask
    proposed: Mask
    linked: Mask

    @classmethod
    def of(cls, result: ig.Resolution, truth: pl.DataFrame) -> Judged:
        """Return the pairs of a resolution, judged by a table ``record_id, entity_id``."""
        ids = result.records.ids.to_frame("record_id")
        known = ids.join(truth, on="record_id", how="left", maintain_order="left").get_column("entity_id")
        entity = known.rank("dense").cast(pl.Int64).fill_null(-1).to_numpy()
        true, together = _pairs_within(entity), _pairs_within(np.where(entity < 0, -1, result.clusters.labels))
        codes = np.union1d(true, together)
        proposed = np.zeros(len(codes), dtype=bool)
        for batch in result.resolver.candidates(result.records):
            proposed |= np.isin(codes, batch.codes())
        scored, cut = result.scored, threshold(result.resolver)
        above = scored.match_probability >= cut
        linked = np.isin(codes, ig.Pairs(scored.left[above], scored.right[above]).codes())
        pairs = ig.Pairs.of(codes >> 32, codes & 0xFFFFFFFF)
        return cls(result, entity, pairs, np.isin(codes, true), np.isin(codes, together), proposed | linked, linked)

    @property
    def groups(self) -> dict[str, Mask]:
        """The kinds of pairs by name; each pair is of one kind."""
        found, lost, false = self.true & self.together, self.true & ~self.together, ~self.true
        below = self.proposed & ~self.linked
        return {
            "found, linked": found & self.linked,
            "found, through other records": found & ~self.linked,
            "lost at blocking": lost & ~self.proposed,
            "lost at scoring": lost & below,
            "lost at clustering": lost & self.linked,
            "false, linked": false & self.linked,
            "false, below the threshold, through other records": false & below,
            "false, not proposed, through other records": false & ~self.proposed,
        }

    def patterns(self, group: Mask) -> pl.DataFrame:
        """Return what the comparators say of a group of pairs, and how often: ``agreement, pairs``."""
        comparators = [each.plain() if hasattr(each, "plain") else each for each in self.result.resolver.comparators]
        said = ig.compare(self.result.records, self.pairs.where(group), Comparison(comparators)).table()
        told = [
            pl.when(pl.col(name) != "missing").then(pl.format("{}: {}", pl.lit(name), name)) for name in said.columns
        ]
        agreement = said.select(pl.concat_str(told, separator=" | ", ignore_nulls=True).alias("agreement"))
        return agreement.group_by("agreement").agg(pairs=pl.len()).sort("pairs", "agreement", descending=[True, False])

    def examples(self, group: Mask, n: int) -> list[pl.DataFrame]:
        """Return the values of up to `n` pairs, drawn at random: ``column, left, right``."""
        at = np.flatnonzero(group)
        drawn = np.random.default_rng(0).permutation(at)[:n]
        return [self._side_by_side(int(self.pairs.left[i]), int(self.pairs.right[i])) for i in drawn]

    def _side_by_side(self, left: int, right: int) -> pl.DataFrame:
        records = self.result.records
        ids = [str(records.ids[row]) for row in (left, right)]
        columns = {
            "column": ["record", *records.table.columns],
            "left": [ids[0], *records.table.row(left)],
            "right": [ids[1], *records.table.row(right)],
        }
        shown = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String), strict=False)
        return shown.filter(pl.col("left").is_not_null() | pl.col("right").is_not_null())

    def split(self) -> pl.DataFrame:
        """Return how many clusters the records of each entity of several lie in: ``clusters, entities, records``."""
        return _spread(self.entity, self.result.clusters.labels, "clusters", "entities")

    def mixed(self) -> pl.DataFrame:
        """Return how many entities the records of each cluster of several are of: ``entities, clusters, records``."""
        return _spread(np.where(self.entity < 0, -1, self.result.clusters.labels), self.entity, "entities", "clusters")


def threshold(resolver: ig.Resolver) -> float:
    """Return the match probability from which on a resolver links."""
    return float(getattr(resolver.builder, "linkage", resolver.builder).cut)


def _pairs_within(labels: Codes) -> Codes:
    """Return one sorted number for each pair of rows with one label, ``left << 32 | right``; -1 is no label."""
    rows = pl.DataFrame({"row": np.arange(len(labels)), "label": labels}).filter(pl.col("label") >= 0)
    both = rows.join(rows, on="label").filter(pl.col("row") < pl.col("row_right"))
    return np.sort((both["row"].to_numpy() << 32) | both["row_right"].to_numpy())


def _spread(groups: Codes, parts: Codes, part: str, group: str) -> pl.DataFrame:
    """Return how many groups of several records have how many parts."""
    rows = pl.DataFrame({"group": groups, "part": parts}).filter(pl.col("group") >= 0)
    each = rows.group_by("group").agg(pl.col("part").n_unique().alias(part), pl.len().alias("records"))
    several = each.filter(pl.col("records") > 1)
    return several.group_by(part).agg(pl.len().alias(group), pl.col("records").sum()).sort(part)


def read(folder: Path) -> Judged:
    """Return a set, resolved and judged."""
    truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
    result = ig.resolve(pl.read_parquet(folder / "records.parquet"), id="record_id", source="source")
    return Judged.of(result, truth)


def show(judged: Judged, *, patterns: int, examples: int) -> None:
    """Print counts, clusters, and the patterns and examples of each group of errors."""
    groups = judged.groups
    true, together = int(judged.true.sum()), int(judged.together.sum())
    print(f"{true:,} true pairs, {together:,} pairs in clusters, threshold {threshold(judged.result.resolver):g}")
    for name, group in groups.items():
        whole = together if name.startswith("false") else true
        print(f"  {name:52} {group.sum():9,} {group.sum() / max(whole, 1):8.2%}")
    for title, frame in (("entities split", judged.split()), ("clusters mixed", judged.mixed())):
        told = "; ".join(f"{n:,} in {parts}" if parts > 1 else f"{n:,} whole" for parts, n, _ in frame.rows())
        print(f"  {title}: {told}")
    for name, group in groups.items():
        if name.startswith("found") or not group.any():
            continue
        print(f"\n  {name}: {group.sum():,}")
        for agreement, count in judged.patterns(group).head(patterns).rows():
            told = textwrap.wrap(agreement or "nothing to compare", 100, subsequent_indent=" " * 18)
            print(f"    {count:7,} {count / group.sum():5.1%} ", "\n".join(told))
        for example in judged.examples(group, examples):
            print()
            for row in example.rows():
                print(f"      {row[0]:20.20} {row[1] or '-':38.38}  {row[2] or '-':38.38}")


def main() -> None:
    """Resolve the sets named and print where the errors come from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", help="names of sets")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--patterns", type=int, default=8, help="agreement patterns of each group of errors")
    parser.add_argument("--examples", type=int, default=0, help="pairs of each group of errors to be shown with values")
    asked = parser.parse_args()
    for name in asked.sets:
        print(f"{name}: ", end="")
        show(read(asked.data / name), patterns=asked.patterns, examples=asked.examples)
        print()


if __name__ == "__main__":
    main()
