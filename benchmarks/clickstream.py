"""Events with cookies, devices, logins and hashed addresses resolved by the identity graph, against the truth.

    python benchmarks/clickstream.py [--events 1000000] [--seeds 1 2 3]

Recall is of what can be known: pairs of events that chains of telling identifiers join (``knowable_id``); precision is
against the persons. Beside the constrained components: components over all identifiers, and over logins and sessions
alone. CPU seconds are of reading the table and of building.
"""

from __future__ import annotations

import argparse
import platform
import time
from datetime import timedelta
from importlib.metadata import version

import attrs
import polars as pl

from identigraph.datasets import Clickstream, clickstream
from identigraph.graph import Components, ConstrainedComponents, IdentityGraph, Namespace

NAMESPACES = (
    Namespace("login", kind="login", limit=1),
    Namespace("email_hash", kind="contact", limit=3),
    Namespace("phone_hash", kind="contact", priority=4, limit=3, ttl=timedelta(days=180)),
    Namespace("session", kind="session"),
    Namespace("device", kind="device", max_entities=5, ttl=timedelta(days=14)),
    Namespace("cookie", kind="cookie", max_entities=5),
)
FREE = tuple(Namespace(space.name, kind=space.kind) for space in NAMESPACES)
RUNS = {
    "constrained": (NAMESPACES, ConstrainedComponents()),
    "no limits": (FREE, ConstrainedComponents(linkage=Components(0.5), protect=None)),
    "login, session": (tuple(attrs.evolve(FREE[i]) for i in (0, 3)), ConstrainedComponents()),
}


def pairs(frame: pl.DataFrame, *columns: str) -> int:
    """Return the number of pairs of rows that agree in some columns."""
    sizes = frame.group_by(columns).len().get_column("len").cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def measure(made: Clickstream, name: str) -> str:
    """Resolve events and return the figures."""
    namespaces, builder = RUNS[name]
    start = time.process_time()
    graph = IdentityGraph.of(made.events, id="event_id", observed_at="observed_at", namespaces=namespaces)
    read = time.process_time()
    clusters = builder.build(graph)
    built = time.process_time()
    found = graph.keys.frame.select(event_id="record_id").with_columns(found=clusters.labels)
    people = made.people.filter(pl.col("kind") == "person").select("entity_id")
    frame = found.join(made.truth, on="event_id")
    figures = []
    for part in (frame, frame.join(people, on="entity_id", how="semi")):
        precision = pairs(part, "found", "entity_id") / max(pairs(part, "found"), 1)
        figures.append(f"P {precision:.4f} R {pairs(part, 'found', 'knowable_id') / pairs(part, 'knowable_id'):.4f}")
    costs = f"read {read - start:.1f} s, built {built - read:.1f} s"
    return f"{name:>16}: {clusters.count:>9,} entities, {figures[0]}; without bots {figures[1]}; CPU {costs}"


def main() -> None:
    """Print one line per run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    asked = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}")
    for seed in asked.seeds:
        made = clickstream(asked.events, seed=seed)
        print(f"seed {seed}: {made}")
        for name in RUNS:
            print(measure(made, name), flush=True)


if __name__ == "__main__":
    main()
