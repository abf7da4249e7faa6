"""Time and memory of the identity graph and its cluster builders on made-up evidence.

    python benchmarks/graph.py [--records 1000000] [--edges 5000000] [--builders NAME ...]

Entities of ten records on average have scored pairs, most of them high; one pair in ten joins two entities, most of
these low. Half of the records carry a login, 40 % one of two e-mail addresses, 80 % a cookie; 2 % of the cookies are
shared by two entities. Then one envelope of 50,000 records on one generic value. Each run has a process of its own; CPU
and wall seconds are those of building the clusters; peak memory is that of the whole process.
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

import numpy as np
import polars as pl

import identigraph as ig
from identigraph.graph import AverageLinkage, Components, ConstrainedComponents, IdentityGraph, Namespace

NAMESPACES = (
    Namespace("login", kind="login", limit=1),
    Namespace("email", kind="contact", limit=3),
    Namespace("cookie", kind="cookie", max_entities=20),
)
BUILDERS = {
    "components": Components(0.9),
    "average linkage": AverageLinkage(),
    "constrained components": ConstrainedComponents(),
    "constrained, components": ConstrainedComponents(linkage=Components(0.9)),
}

HOT = ("hot: constrained components", "hot, no cap: constrained components")
"""Runs on one value that 50,000 records carry: with at most 20 entities per value, and with any number."""


def made(records: int, edges: int, seed: int = 0) -> tuple[IdentityGraph, np.ndarray, float]:
    """Return a graph, the entity of each record, and the CPU seconds that reading its tables took."""
    rng = np.random.default_rng(seed)
    entity = rng.integers(0, records // 10, records)
    left, right = pairs_within(entity, int(edges * 0.9), rng)
    wrong = rng.integers(0, records, (2, edges - len(left)))
    wrong = wrong[:, wrong[0] != wrong[1]]
    probability = np.append(rng.beta(20, 1, len(left)), rng.beta(1.5, 6, wrong.shape[1]))
    pairs = {"left": np.append(left, wrong[0]), "right": np.append(right, wrong[1]), "weight": probability}
    start = time.process_time()
    graph = IdentityGraph.of(identifiers_of(entity, rng), id="id", namespaces=NAMESPACES, edges=pairs)
    return graph, entity, time.process_time() - start


def pairs_within(entity: np.ndarray, most: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return at most so many different pairs of records of one entity."""
    order = np.argsort(entity, kind="stable")
    sizes = np.bincount(entity)
    starts = np.cumsum(sizes) - sizes
    one = rng.integers(0, len(entity), 2 * most)
    of = entity[one]
    other = order[starts[of] + rng.integers(0, 1 << 30, len(one)) % sizes[of]]
    codes = np.unique((np.minimum(one, other) << 32) | np.maximum(one, other))
    codes = codes[(codes >> 32) != (codes & 0xFFFFFFFF)]
    codes = rng.permutation(codes)[:most]
    return codes >> 32, codes & 0xFFFFFFFF


def identifiers_of(entity: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """Return a table of records with logins, e-mail addresses and cookies."""
    n = len(entity)
    cookie = entity * 2 + rng.integers(0, 2, n)
    shared = rng.random(n) < 0.02
    cookie[shared] = (entity[shared] // 2) * 4
    columns = {
        "login": (entity, 0.5),
        "email": (entity * 2 + rng.integers(0, 2, n), 0.4),
        "cookie": (cookie, 0.8),
    }
    table = pl.DataFrame({"id": np.arange(n)})
    for name, (numbers, share) in columns.items():
        there = pl.Series(rng.random(n) < share)
        text = pl.Series(numbers).cast(pl.String)
        table = table.with_columns(pl.select(pl.when(there).then(pl.lit(name[0]) + text)).to_series().alias(name))
    return table


def hot(records: int = 50_000, *, capped: bool) -> IdentityGraph:
    """Return one envelope: every record shares one cookie, half of them have a login of their own."""
    login = [f"u{i}" if i % 2 else None for i in range(records)]
    table = {"id": np.arange(records), "login": login, "cookie": ["kiosk"] * records}
    cookie = NAMESPACES[2] if capped else Namespace("cookie", kind="cookie")
    return IdentityGraph.of(table, id="id", namespaces=[NAMESPACES[0], cookie])


def measure(name: str, records: int, edges: int) -> dict[str, object]:
    """Build clusters in this process and return the figures."""
    builder = BUILDERS[name.removeprefix("hot: ").removeprefix("hot, no cap: ")]
    if name.startswith("hot"):
        begin = time.process_time()
        graph, entity, reading = hot(capped=name.startswith("hot: ")), np.zeros(0), 0.0
        reading = time.process_time() - begin
    else:
        graph, entity, reading = made(records, edges)
    cpu, wall = time.process_time(), time.perf_counter()
    clusters = builder.build(graph)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"what": name, "clusters": clusters.count, "reading": reading, "cpu": cpu, "wall": wall, "peak": peak}
    if len(entity):
        score = ig.metrics.pairwise(clusters.labels, entity)
        figures["told"] = f"P {score.precision:.4f} R {score.recall:.4f}"
    return figures


def main() -> None:
    """Print one line per builder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--builders", nargs="*", default=[*BUILDERS, *HOT])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, asked.records, asked.edges)))
        return
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}")
    for name in asked.builders:
        size = ["--records", str(asked.records), "--edges", str(asked.edges)]
        command = [sys.executable, __file__, "--one", name, *size]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        f = json.loads(done.stdout.splitlines()[-1])
        costs = (
            f"CPU {f['cpu']:6.2f} s, wall {f['wall']:6.2f} s, peak {f['peak']:6.0f} MB, read in {f['reading']:.2f} s"
        )
        print(f"{name:>30}: {f['clusters']:>9,} clusters, {costs} {f.get('told', '')}")


if __name__ == "__main__":
    main()
