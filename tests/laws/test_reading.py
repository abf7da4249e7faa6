"""Laws of readings: settling changes no feature, and what a record is read as depends on that record alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pools import POOLS, ROWS, features_by_key, pool_records
from shared_fields import FIELDS, shared_table

from identigraph.fields import SettlingKind
from identigraph.records import Reading, Records

FEW = settings(max_examples=settings.default.max_examples // 5)
SETTLING = [pool for pool in POOLS.values() if isinstance(pool[0], SettlingKind)]


@FEW
@given(rows=ROWS, data=st.data())
def test_any_records_read_alone_are_what_they_are_among_all(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    every = pool_records(rows)
    expected, reading = features_by_key(every), Reading.of(every)
    settled = pool_records(rows, reading)
    assert features_by_key(settled) == expected
    for name in every.fields:
        assert settled.field_report(name) == every.field_report(name)
    some = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row["id"]))
    alone = features_by_key(pool_records(some, reading))
    assert alone == {(row["source"], row["id"]): expected[row["source"], row["id"]] for row in some}


@pytest.mark.parametrize(("kind", "pool"), SETTLING, ids=[repr(kind) for kind, _ in SETTLING])
@FEW
@given(data=st.data())
def test_a_settled_kind_reads_each_value_as_the_kind_reads_all(
    kind: SettlingKind, pool: st.SearchStrategy[str], data: st.DataObject
) -> None:
    """And so it checks and writes them; settling it again, by whatever values, changes nothing."""
    values = pl.Series(data.draw(st.lists(pool, min_size=1, max_size=12, unique=True)))
    few = pl.Series(data.draw(st.lists(st.integers(0, len(values) - 1), max_size=3, unique=True)), dtype=pl.Int64)
    (role,) = kind.roles("field")
    settled: Any = kind.settled({role: values})
    assert settled.settled({role: values.gather(few)}) == settled
    assert settled.normalize(role, values.gather(few)).equals(kind.normalize(role, values)[few])
    for each in ("valid", "format"):
        assert getattr(settled, each)(values.gather(few)).equals(getattr(kind, each)(values).gather(few))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", FIELDS)
def test_records_of_shared_data_are_read_as_before_whole_and_in_part(shared_data: Path, name: str) -> None:
    whole = shared_table(shared_data, name)
    table = whole.sample(min(whole.height, 20_000), seed=2)
    every = Records.of(table, id="record_id", source="source", fields=FIELDS[name])
    expected, reading = features_by_key(every), Reading.of(every)
    for part in (table, table.sample(20, seed=3), table.sample(1, seed=4)):
        some = Records.of(part, id="record_id", source="source", fields=FIELDS[name], reading=reading)
        keys = zip(part["source"], part["record_id"], strict=True)
        assert features_by_key(some) == {key: expected[key] for key in keys}
