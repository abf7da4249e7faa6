"""Laws of resolving: what entities depend on, and what they do not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph.blocking import choosing
from identigraph.datasets import Customers, customers

KEYS = {"id": "record_id", "source": "source"}
TABLE_IDS = {"crm": "customer_no", "web": "id", "store": "CARD_NO", "support": "ticket"}

Partition = set[frozenset[Any]]


@cache
def made() -> Customers:
    """Return 300 customers."""
    return customers(300, seed=3)


def partition(resolution: ig.Resolution) -> Partition:
    """Return the entities as sets of (source, id)."""
    members: dict[int, set[Any]] = {}
    for source, record, entity in resolution.crosswalk.to_polars().rows():
        members.setdefault(entity, set()).add((source, record))
    return {frozenset(group) for group in members.values()}


@pytest.fixture(scope="module", params=[choosing.FEW_PAIRS, 0], ids=["all pairs", "keys"])
def known(request: pytest.FixtureRequest) -> Iterator[Partition]:
    """Return the entities of 300 customers: once all pairs are compared, once those of keys chosen from the data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW_PAIRS", request.param)
        yield partition(ig.resolve(made().records, **KEYS))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_of_columns_changes_nothing(known: Partition, seed: int) -> None:
    columns = made().records.columns
    Random(seed).shuffle(columns)
    shuffled = made().records.select(columns).sample(fraction=1, shuffle=True, seed=seed)
    assert partition(ig.resolve(shuffled, **KEYS)) == known


def test_what_records_and_sources_are_called_changes_nothing(known: Partition) -> None:
    """Ids turn into numbers in another order, sources get names that sort in another order."""
    sources = {"crm": "z", "web": "a", "store": "y", "support": "b"}
    ids = dict(zip(made().records["record_id"], Random(4).sample(range(10_000), 300), strict=True))
    renamed = made().records.with_columns(
        pl.col("record_id").replace_strict(ids), pl.col("source").replace_strict(sources)
    )
    wanted = {frozenset((sources[source], ids[record]) for source, record in entity) for entity in known}
    assert partition(ig.resolve(renamed, **KEYS)) == wanted


def test_the_order_of_tables_changes_nothing() -> None:
    tables = made().tables()
    turned = {name: tables[name].reverse() for name in reversed(tables)}
    assert partition(ig.resolve(turned, id=TABLE_IDS)) == partition(ig.resolve(tables, id=TABLE_IDS))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from("ab"),
            "given": st.sampled_from(["Ann", "Anna", "Bob", "Robert"]),
            "family": st.sampled_from(["Lee", "Leigh", "Ray", None]),
            "mail": st.sampled_from(["ann@x.com", "bob@x.com", "lee@y.org", None]),
        }
    ),
    min_size=2,
    max_size=12,
)
COMPARATORS = [ig.similar("given"), ig.similar("family"), ig.exact("mail")]
RESOLVERS = {
    "all pairs": ig.Resolver(ig.all_pairs(), COMPARATORS),
    "thinned out": ig.Resolver(ig.block_on("given", max_block=2) | ig.block_on("mail", max_block=2), COMPARATORS),
    "one record of a source": ig.Resolver(ig.all_pairs(), COMPARATORS, link="across", unique=True),
    "components": ig.Resolver(ig.all_pairs(), COMPARATORS, builder=ig.Components(0.5)),
}


@pytest.mark.filterwarnings("ignore::identigraph.errors.IdentigraphWarning")
@pytest.mark.parametrize("resolver", RESOLVERS.values(), ids=RESOLVERS)
@settings(max_examples=12)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_even_where_rows_are_equal(
    resolver: ig.Resolver, rows: list[dict[str, Any]], random: Any
) -> None:
    """Small tables of few values, full of ties and of records that are equal but for their id."""
    table = [{"id": i, **dict(sorted(row.items()))} for i, row in enumerate(rows)]
    shuffled = list(table)
    random.shuffle(shuffled)
    one, other = (resolver.resolve(rows, id="id", source="source") for rows in (table, shuffled))
    assert partition(one) == partition(other)
    assert one.profiles.to_polars().equals(other.profiles.to_polars())
    assert one.profiles.lineage.to_polars().equals(other.profiles.lineage.to_polars())
    assert one.scored_pairs.to_polars().equals(other.scored_pairs.to_polars())


@pytest.mark.filterwarnings("ignore::identigraph.errors.IdentigraphWarning")
@settings(max_examples=20)
@given(rows=ROWS, resolver=st.sampled_from(list(RESOLVERS.values())))
def test_counts_add_up(rows: list[dict[str, Any]], resolver: ig.Resolver) -> None:
    """Every record has one entity; sizes add up to records, sets of sources to entities, bins to pairs."""
    found = resolver.resolve(rows, source="source")
    crosswalk, summary = found.crosswalk.to_polars(), found.summary
    assert crosswalk.height == summary.records == summary.cluster_sizes["records"].sum() == len(rows)
    assert set(crosswalk["entity_id"]) == set(range(1, len(found) + 1))
    assert (
        summary.overlap["entities"].sum() == summary.cluster_sizes["clusters"].sum() == summary.entities == len(found)
    )
    assert found.profiles.to_polars()["records"].sum() == len(rows)
    asked = sum(stage.count for stage in found.stages if stage.name == "refine")
    assert asked <= summary.probabilities["pairs"].sum() == len(found.scored_pairs) <= found.candidate_pairs + asked


@pytest.mark.parametrize("threshold", [0.2, 0.9])
def test_a_higher_threshold_of_components_only_splits(threshold: float) -> None:
    found = ig.resolve(made().records, **KEYS)
    coarse, fine = (ig.Components(t).build(found.graph).labels for t in (threshold, threshold + 0.09))
    assert len({*zip(fine, coarse, strict=True)}) == len(set(fine))


SCRIPT = """
import hashlib, identigraph as ig
from identigraph.datasets import Customers, customers
found = ig.resolve(customers(600).records, id="record_id", source="source")
tables = (found.crosswalk, found.scored_pairs, found.profiles.table, found.profiles.lineage)
print(hashlib.sha256("".join(table.to_polars().write_csv() for table in tables).encode()).hexdigest())
"""


def test_threads_and_hash_seeds_change_nothing() -> None:
    """Each in a process of its own: the number of threads of polars is set before it is imported."""
    digests = []
    for threads, seed in (("1", "1"), ("4", "2")):
        env = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
        digests.append(run.stdout.strip())
    assert digests[0] == digests[1]
    assert len(digests[0]) == 64
