"""Throughput of comparators and raw measures: pairs a second of CPU time, on names and on addresses.

    python benchmarks/comparators.py [--pairs N] [--data DIR] [--save FILE] [NAME ...]

Values are those of a set (``synth_100k`` by default): full names and street addresses. Pairs are random pairs of
records that share the first letter of their family name, or of their city, so that they are neither all alike nor all
unlike. Each line is one comparator on `Records` with pairs: first its levels, which filters settle for the most part,
then its raw similarity, which every unequal pair needs. Plain rapidfuzz, `process.cpdist` on the same pairs of strings,
stands beside those that it has, in the same run; the ratio is that of raw similarities, ours over rapidfuzz's.

Reading and encoding the columns is timed once and shown apart; what is prepared once for each distinct value
(signatures, words, phonetic codes) is left out, as it is paid once whatever the number of pairs. Times are CPU times of
the process, the least of three runs; wall time stands beside them.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, DamerauLevenshtein, Indel, Jaro, JaroWinkler, Levenshtein

import identigraph as ig
from identigraph import comparing
from identigraph.comparing import measures

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RUNS = 3
COLUMNS = ["comparator", "column", "pairs", "levels_per_s", "similarity_per_s", "rapidfuzz_per_s", "ratio", "wall_s"]
RAPIDFUZZ = {
    "jaro": Jaro.normalized_similarity,
    "jaro_winkler": JaroWinkler.normalized_similarity,
    "levenshtein": Levenshtein.normalized_similarity,
    "osa": OSA.normalized_similarity,
    "damerau_levenshtein": DamerauLevenshtein.normalized_similarity,
    "indel": Indel.normalized_similarity,
    "token_sort": fuzz.token_sort_ratio,
    "token_set": fuzz.token_set_ratio,
    "partial": fuzz.partial_ratio,
    "similar": JaroWinkler.normalized_similarity,
    "typos": OSA.normalized_similarity,
}
MEASURES = [
    "jaro_winkler", "jaro", "levenshtein", "osa", "damerau_levenshtein", "indel", "longest_common_substring",
    "longest_common_subsequence", "token_sort", "token_set", "partial", "token_jaccard", "qgram_jaccard", "qgram_dice",
    "qgram_overlap", "monge_elkan", "tfidf_cosine", "soft_tfidf",
]  # fmt: skip
CODES = ["soundex", "metaphone", "double_metaphone", "nysiis", "match_rating", "cologne", "daitch_mokotoff"]


def comparators(column: str) -> Iterator[tuple[str, comparing.Comparator]]:
    """Yield the comparators to be timed, by name."""
    yield "exact", comparing.exact(column)
    yield "similar", comparing.similar(column, 0.85)
    yield "typos", comparing.typos(column, 2)
    yield "text", comparing.text(column)
    for name in MEASURES:
        yield name, comparing.measured(column, getattr(measures, name), 0.85)
    for code in CODES:
        yield f"sounds, {code}", comparing.sounds(column, code)
    if column == "name":
        yield "given_name", comparing.given_name("name.given", family="name.family")
        yield "person_name", comparing.person_name("name")
        yield "organisation_name", comparing.measured(column, measures.organisation_name, 0.85)
    else:
        yield "address", comparing.address("address")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU and wall seconds of the quickest of some runs."""
    best = (float("inf"), float("inf"))
    for _ in range(RUNS):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
    return best


def pairs_of(records: ig.Records, feature: object, column: str, n: int) -> ig.Pairs:
    """Return `n` random pairs of records with a value in `column` that share a feature."""
    codes = np.where(records.column(column).codes >= 0, records.column(feature).codes, -1)
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    generator = np.random.default_rng(0)
    starts, ends = (
        np.searchsorted(codes[order], codes[order]),
        np.searchsorted(codes[order], codes[order], side="right"),
    )
    at = generator.integers(0, len(order), 2 * n)
    other = generator.integers(starts[at], ends[at])
    differ = order[at] != order[other]
    return ig.Pairs.of(order[at][differ][:n], order[other][differ][:n])


def main() -> None:
    """Time all comparators, or those named, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="names of comparators; all where none is named")
    parser.add_argument("--set", default="synth_100k")
    parser.add_argument("--pairs", type=int, default=200_000)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--save", type=Path, default=Path(__file__).parent / "results" / "comparators.csv")
    asked = parser.parse_args()
    table = pl.read_parquet(asked.data / asked.set / "records.parquet")
    resolver = ig.Resolver.infer(table, id="record_id", source="source")
    cpu = time.process_time()
    records = ig.Records.of(table, id="record_id", source="source").with_fields(resolver.fields)
    encoded = {feature: records.column(feature) for feature in ("name", "name.given", "name.family", "address")}
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "rapidfuzz"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}; {asked.set}, {asked.pairs:,} pairs")
    print(f"reading and encoding: {time.process_time() - cpu:.2f} CPU s\n")
    heads = f"{'levels/s':>12} {'similarity/s':>13} {'rapidfuzz/s':>12} {'ratio':>6} {'wall s':>7}"
    print(f"{'comparator':28} {'column':8} {heads}")
    rows = []
    for column, shared in (("name", ig.prefix("name.family", 1)), ("address", ig.prefix("address.city", 1))):
        pairs = pairs_of(records, shared, column, asked.pairs)
        values = np.array(encoded[column].values.to_list(), dtype=object)
        strings = tuple(values[encoded[column].codes[rows]] for rows in (pairs.left, pairs.right))
        for name, comparator in comparators(column):
            if asked.names and name not in asked.names:
                continue
            comparator.levels(records, ig.Pairs(pairs.left[:1000], pairs.right[:1000]))
            levels, _ = timed(lambda c=comparator, p=pairs: c.levels(records, p))
            raw, wall = timed(lambda c=comparator, p=pairs: c.similarities(records, p))
            plain = None
            if name in RAPIDFUZZ:
                scorer = RAPIDFUZZ[name]
                plain = len(strings[0]) / timed(lambda s=scorer, x=strings: process.cpdist(*x, scorer=s))[0]
            row = (name, column, len(pairs), len(pairs) / levels, len(pairs) / raw, plain, wall)
            ratio = None if plain is None else row[4] / plain
            rows.append((*row[:6], ratio, wall))
            beside = f"{plain:12,.0f} {ratio:6.2f}" if plain is not None else f"{'':12} {'':6}"
            print(f"{name:28} {column:8} {row[3]:12,.0f} {row[4]:13,.0f} {beside} {wall:7.2f}", flush=True)
    asked.save.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv(asked.save, float_precision=3)


if __name__ == "__main__":
    main()
