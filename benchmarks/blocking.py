"""Blocking strategies on labeled sets: what each finds, and what it costs.

    python benchmarks/blocking.py [--data DIR] [--save FILE] [SET ...]
    python benchmarks/blocking.py --speed [--data DIR]

Each set is a folder with ``records.parquet`` (record_id, source, fields) and ``truth.parquet`` (record_id, entity_id).
Fields are inferred; every strategy of `families` then runs on every set where its fields are, and where a set has
rules of a Splink tutorial these run beside them. No strategy is left out because of its figures; two are left out for
their time, with the reason, where a set has too many texts for them.

Columns: pairs completeness (share of true pairs found), pairs, pairs quality (share of pairs that are true), reduction
ratio, CPU seconds and the rise of the peak memory in MB, both for making all pairs from records whose columns are
encoded. The peak is that of the process, read from Linux; elsewhere it is missing.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import attrs
import numpy as np
import polars as pl

import identigraph as ig
from identigraph import blocking as b
from identigraph.blocking.choosing import choose_blocking, pair_budget
from identigraph.fields import FreeText, Organisation, PersonName

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
GIVEN, FAMILY, BORN, POSTCODE = "name.given", "name.family", "birth_date", "address.postcode"
MANY_TEXTS = 60_000
"""Above so many distinct texts of whole records, strategies whose time grows with their square are left out."""
LABELED = 500
"""True pairs that learned blocking is given, drawn at random."""
COLUMNS = ["set", "records", "strategy", "completeness", "pairs", "quality", "reduction", "cpu_s", "peak_mb"]


@attrs.frozen(eq=False)
class Labeled:
    """Records with the entity of each, as a code."""

    name: str
    records: ig.Records
    entity: np.ndarray

    @classmethod
    def read(cls, folder: Path) -> Labeled:
        """Return a set, its columns encoded."""
        table = pl.read_parquet(folder / "records.parquet")
        truth = pl.read_parquet(folder / "truth.parquet").select("record_id", "entity_id")
        fields = ig.Resolver.infer(table, id="record_id", source="source").fields
        records = ig.Records.of(table, id="record_id", source="source", fields=fields)
        for feature in records.features():
            records.column(feature)
        true = records.ids.to_frame("record_id").join(truth, on="record_id", how="left", maintain_order="left")
        return cls(folder.name, records, true.get_column("entity_id").rank("dense").to_numpy().astype(np.int64))

    @property
    def true_pairs(self) -> int:
        """The number of pairs of records of one entity."""
        sizes = np.bincount(self.entity)
        return int((sizes * (sizes - 1) // 2).sum())

    def sample(self, n: int) -> b.BlockingStrategy:
        """Return a random sample of the true pairs, by ids."""
        order = np.argsort(self.entity, kind="stable")
        first = np.searchsorted(self.entity[order], self.entity[order])
        last = np.searchsorted(self.entity[order], self.entity[order], side="right")
        draw = np.random.default_rng(0)
        partners = last - first - 1
        one = draw.choice(len(order), size=3 * n, p=partners / partners.sum())
        other = first[one] + (draw.random(3 * n) * (last - first)[one]).astype(np.int64)
        kept = np.flatnonzero(one != other)[:n]
        ids = self.records.ids
        sides = {"left_id": ids.gather(order[one[kept]]), "right_id": ids.gather(order[other[kept]])}
        sources = self.records.sources.decoded()
        named = {"left_source": sources.gather(order[one[kept]]), "right_source": sources.gather(order[other[kept]])}
        return b.given_pairs(pl.DataFrame({**sides, **named}))


def families(data: Labeled) -> Iterator[tuple[str, b.BlockingStrategy]]:
    """Yield one strategy of each family; the text is the field of names or titles, the record all fields together."""
    records = data.records
    fields = list(records.fields)
    kinds = (PersonName, Organisation, FreeText)
    text = next(name for kind in kinds for name in fields if isinstance(records.fields[name], kind))
    across = len(records.sources.values) > 1 and not _within_sources(data)
    chosen = choose_blocking(records, budget=pair_budget(len(records)))
    yield "inferred", chosen
    yield "key: text", b.block_on(text)
    yield "key: sounds", b.block_on(ig.soundex(ig.first_token(text)), ig.soundex(ig.last_token(text)))
    yield "sorted neighborhood", b.sorted_neighborhood(f"{text}.sorted", window=10)
    yield "adaptive neighborhood", b.adaptive_neighborhood(f"{text}.sorted")
    yield "words of text", b.words_of(text)
    yield "words of record", b.words_of(*fields)
    yield "words of record, filtered", b.words_of(*fields, keep=0.5)
    yield "q-grams of text", b.qgrams_of(text)
    yield "suffixes of text", b.suffixes_of(text)
    yield "meta-blocking", b.meta_blocking(b.words_of(*fields, max_block=200))
    yield "meta-blocking, reciprocal", b.meta_blocking(b.words_of(*fields, max_block=200), reciprocal=True)
    yield "canopies of text", b.canopies(text)
    yield "MinHash of text", b.minhash(text)
    yield "MinHash of record", b.minhash(*fields)
    yield "SimHash of record", b.simhash(*fields)
    yield "top 5 of text", b.top_k(text, k=5, across=across)
    yield "top 10 of text", b.top_k(text, k=10, across=across)
    yield "top 10 of record", b.top_k(*fields, k=10, across=across)
    yield "learned", b.learn_blocking(records, data.sample(LABELED))
    yield "inferred | top 5 of text", chosen | b.top_k(text, k=5, across=across)
    yield from TARGETED.get(data.name, {}).items()


def _within_sources(data: Labeled) -> bool:
    """Tell whether an entity has several records of one source."""
    cells = pl.DataFrame({"entity": data.entity, "source": data.records.sources.codes})
    return bool(cells.is_duplicated().any())


SPLINK_HISTORICAL = (
    b.block_on(ig.prefix(GIVEN, 3), ig.prefix(FAMILY, 4))
    | b.block_on(FAMILY, BORN)
    | b.block_on(GIVEN, BORN)
    | b.block_on(POSTCODE, GIVEN)
    | b.block_on(POSTCODE, FAMILY)
    | b.block_on(BORN, "birth_place")
    | b.block_on(ig.prefix(POSTCODE, 3), BORN)
    | b.block_on(ig.prefix(POSTCODE, 3), GIVEN)
    | b.block_on(ig.prefix(POSTCODE, 3), FAMILY)
    | b.block_on(ig.prefix(GIVEN, 2), ig.prefix(FAMILY, 2), ig.year(BORN))
)
SPLINK_FAKE = b.block_on(GIVEN) | b.block_on(FAMILY) | b.block_on(BORN) | b.block_on("email")
WHOLE = ("name", BORN, "birth_place", POSTCODE, "occupation")
TARGETED: dict[str, dict[str, b.BlockingStrategy]] = {
    "splink_historical_50k": {
        "Splink's tutorial rules": SPLINK_HISTORICAL,
        "top 20 of record | two keys": b.top_k(*WHOLE, k=20) | b.block_on(FAMILY) | b.block_on(POSTCODE),
    },
    "splink_fake_1000": {"Splink's tutorial rules": SPLINK_FAKE},
    "splink_fake_20000": {"Splink's rules for fake_1000": SPLINK_FAKE},
}
"""What runs on one set only: the rules of Splink's tutorials, and what is made for a set."""


def measure(data: Labeled, name: str, strategy: b.BlockingStrategy) -> dict[str, object]:
    """Make all pairs once and return the figures."""
    n = len(data.records)
    before = reset_peak()
    cpu = time.process_time()
    pairs = found = 0
    for batch in strategy.candidates(data.records):
        pairs += len(batch)
        found += int((data.entity[batch.left] == data.entity[batch.right]).sum())
    return {
        "set": data.name,
        "records": n,
        "strategy": name,
        "completeness": found / data.true_pairs,
        "pairs": pairs,
        "quality": found / max(pairs, 1),
        "reduction": 1 - pairs / (n * (n - 1) / 2),
        "cpu_s": time.process_time() - cpu,
        "peak_mb": (peak() - before) / 1024,
    }


def reset_peak() -> float:
    """Start the peak memory of this process anew and return what is in use, in KB."""
    clear = Path("/proc/self/clear_refs")
    if not clear.exists():
        return float("nan")
    clear.write_text("5")
    return peak()


def peak() -> float:
    """Return the peak memory of this process in KB."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    return float(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))


def run(folder: Path) -> list[dict[str, object]]:
    """Run all strategies on one set in this process, tell each as it is done, and return the figures."""
    warnings.simplefilter("ignore", ig.IdentigraphWarning)
    data = Labeled.read(folder)
    rows = []
    for name, strategy in families(data):
        if name == "top 10 of record" and len(data.records) > MANY_TEXTS:
            print(f"{data.name:22} {name}: left out, its time grows with the square of the texts")
            continue
        rows.append(measure(data, name, strategy))
        print(line(rows[-1]), flush=True)
    return rows


def line(row: dict[str, object]) -> str:
    """Return a row of the table as text."""
    return (
        f"{row['set']:22} {row['strategy']:28} {row['completeness']:8.4f} {row['pairs']:12,} {row['quality']:8.4f} "
        f"{row['reduction']:9.5f} {row['cpu_s']:8.2f} {row['peak_mb']:8.0f}"
    )


def speed(data: Path) -> None:
    """Print how fast pairs are expanded, texts hashed and neighbors found."""
    warnings.simplefilter("ignore", ig.IdentigraphWarning)
    for n, size in ((200_000, 1_000), (1_000_000, 100), (1_000_000, 10)):
        keys = np.random.default_rng(0).integers(0, n // size, n).astype(str)
        candidates = b.block_on("key", max_block=10 * size).candidates(ig.Records.of({"key": keys}))
        next(iter(candidates))  # the index is made
        cpu = time.process_time()
        pairs = sum(len(batch) for batch in candidates)
        rate = pairs / (time.process_time() - cpu) / 1e6
        print(f"key blocking, {n:,} records in blocks of {size:,}: {pairs:,} pairs, {rate:,.0f} million a CPU second")
    table = pl.read_parquet(data / "synth_100k" / "records.parquet")
    records = ig.Records.of(table, id="record_id", source="source")
    names = ("first_name", "last_name")
    for feature in names:
        records.column(feature)
    for strategy in (b.minhash(*names), b.minhash(*names, similarity=0.7), b.top_k(*names, k=10)):
        cpu = time.process_time()
        pairs = sum(len(batch) for batch in strategy.candidates(records))
        print(f"{strategy!r} on {len(records):,} names: {time.process_time() - cpu:.2f} CPU s, {pairs:,} pairs")


def main() -> None:
    """Run the sets, each in a process of its own, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help="folders of the data; all of them if none is named")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, help="write the figures to this CSV file")
    parser.add_argument("--speed", action="store_true", help="print rates instead")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        given.save.write_text(json.dumps(run(given.one)))
        return
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz"))
    print(f"{platform.python_implementation()} {platform.python_version()}, {packages}, {platform.machine()}")
    if given.speed:
        speed(given.data)
        return
    print(f"{'set':22} {'strategy':28} complete        pairs  quality   reduced    CPU s      +MB")
    folders = sorted(path.parent for path in given.data.glob("*/truth.parquet"))
    rows = [row for folder in folders if not given.sets or folder.name in given.sets for row in in_own_process(folder)]
    if given.save:
        given.save.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows).select(COLUMNS).write_csv(given.save, float_precision=5)


def in_own_process(folder: Path) -> list[dict[str, object]]:
    """Run one set in a fresh process."""
    target = Path(f"{folder.name}.blocking.json").resolve()
    try:
        command = [sys.executable, __file__, "--one", str(folder), "--save", str(target)]
        subprocess.run(command, check=True)
        rows: list[dict[str, object]] = json.loads(target.read_text())
        return rows
    finally:
        target.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
