"""Laws of readings: settling changes no feature, and what a record is read as depends on that record alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_fields import FIELDS, shared_table

from identigraph.fields import (
    Category,
    Date,
    Email,
    FieldKind,
    Money,
    Number,
    PersonName,
    SettlingKind,
)
from identigraph.records import Reading, Records

FEW = settings(max_examples=settings.default.max_examples // 5)
DAYS = st.builds("{:02}{}{:02}{}{}".format, st.integers(1, 33), st.sampled_from("/-. "), st.integers(1, 33),
                 st.sampled_from("/-. "), st.sampled_from(["1990", "91", "04"]))  # fmt: skip
LED = st.builds("{}{}{:02}{}{:02}".format, st.sampled_from(["1990", "91", "04"]), st.sampled_from(["/", "-", " ", ""]),
                st.integers(1, 45), st.sampled_from(["/", "-", " ", ""]), st.integers(1, 45))  # fmt: skip
DATES = st.one_of(DAYS, LED, st.sampled_from(["15031990", "03151990", "19900315", "1900-01-01", "Mar 90", "1990", "?"]))
NAMES = st.sampled_from(["Wu Ann", "Gruber Bob", "Kraus Paul", "Brandt Eva", "Hochnadel P.", "Ann Lee", "Lee, Bob",
                         "张伟", "Mr Jones", "default customer"])  # fmt: skip
NUMBERS = st.sampled_from(["1.234", "1,234", "0,5", "0.5", "1.234,5", "1,234.5", "12", "(3)", "€ 1.234", "x"])
GENDERS = st.sampled_from(["m", "f", "h", "w", "male", "u", "Frau", "n/a", "x", "y"])
POOLS: Mapping[str, tuple[FieldKind, st.SearchStrategy[str]]] = {
    "born": (Date(), DATES),
    "joined": (Date(order="MDY"), DATES),
    "left": (Date(order="YMD", first_of_january="year"), DATES),
    "name": (PersonName(), NAMES),
    "price": (Number(), NUMBERS),
    "cost": (Money(), NUMBERS),
    "sex": (Category(), GENDERS),
    "mail": (Email(), st.sampled_from(["a@x.com", "no", "A@x.com"])),
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {name: st.none() | pool for name, (_, pool) in POOLS.items()} | {"source": st.sampled_from(["crm", "web"])}
    ),
    min_size=1,
    max_size=12,
)
SETTLING = [pool for pool in POOLS.values() if isinstance(pool[0], SettlingKind)]


def features(records: Records) -> dict[Any, tuple[str | None, ...]]:
    """Return all features of each record, by source and id."""
    columns = [records.column(name).decoded() for name in records.features()]
    keys = zip(records.sources.decoded(), records.ids, strict=True)
    return dict(zip(keys, zip(*columns, strict=True), strict=True))


def read(rows: Sequence[Mapping[str, Any]], reading: Reading | None = None) -> Records:
    """Return records of the pools."""
    table = pl.DataFrame(rows, schema=dict.fromkeys([*POOLS, "source", "id"], pl.String))
    return Records.of(table, id="id", source="source", fields={n: k for n, (k, _) in POOLS.items()}, reading=reading)


@FEW
@given(rows=ROWS, data=st.data())
def test_any_records_read_alone_are_what_they_are_among_all(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    keyed = [{**row, "id": str(i)} for i, row in enumerate(rows)]
    every = read(keyed)
    reading = Reading.of(every)
    settled = read(keyed, reading)
    assert features(settled) == features(every)
    for name in every.fields:
        assert settled.field_report(name) == every.field_report(name)
    some = data.draw(st.lists(st.sampled_from(keyed), unique_by=lambda row: row["id"]))
    alone = features(read(some, reading))
    assert alone == {key: value for key, value in features(every).items() if key in alone}
    assert len(alone) == len(some)


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
    table = shared_table(shared_data, name)
    every = Records.of(table, id="record_id", source="source", fields=FIELDS[name])
    expected, reading = features(every), Reading.of(every)
    for part in (table, table.sample(20, seed=3), table.sample(1, seed=4)):
        some = Records.of(part, id="record_id", source="source", fields=FIELDS[name], reading=reading)
        assert features(some) == {key: expected[key] for key in zip(part["source"], part["record_id"], strict=True)}
