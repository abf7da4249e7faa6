"""Laws of single records: what is read of one record, or of one value, is what a table of it gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pools import POOLS, ROWS, pool_records
from shared_fields import FIELDS, shared_table
from texts_of_kinds import KINDS, texts

from identigraph.fields import SettlingKind
from identigraph.fields.derived import FUNCTIONS, Derived, Feature, first_token, prefix, soundex
from identigraph.records import Reading, Records, RowReader
from identigraph.text.single import Single

FEW = settings(max_examples=settings.default.max_examples // 5)
MANY = settings(max_examples=settings.default.max_examples * 3)
SIZED = frozenset({"prefix", "suffix", "digits_suffix"})
ROLES = ("full", "column", "street", "number", "street2", "city", "postcode", "state", "country", "given", "middle",
         "family", "suffix", "title")  # fmt: skip


def derived(feature: str) -> list[Derived]:
    """Return what every function makes of a feature."""
    return [Derived(name, feature, 3 if name in SIZED else None) for name in FUNCTIONS]


@MANY
@given(kind=st.sampled_from(KINDS), text=texts, data=st.data())
def test_one_value_is_read_checked_and_written_as_a_column_of_it(kind: Any, text: str, data: st.DataObject) -> None:
    column, single = pl.Series([text]), Single(text)
    roles = [role for role in ROLES if hasattr(kind, role)]
    role = data.draw(st.sampled_from(roles or ["column"]))
    parts = {part: held.value for part, held in kind.read(role, single).items()}
    assert {part: parts.get(part) for part in kind.parts} == kind.normalize(role, column).row(0, named=True)
    assert kind.valid(single).value == kind.valid(column).item()
    assert kind.format(single).value == kind.format(column).item()


@MANY
@given(text=texts)
def test_one_value_is_derived_from_as_a_column_of_it(text: str) -> None:
    for feature in derived("any"):
        assert feature.apply(Single(text)).value == feature.apply(pl.Series([text])).item()


@FEW
@given(rows=ROWS, later=ROWS)
def test_a_record_is_read_as_a_table_reads_it(rows: list[dict[str, Any]], later: list[dict[str, Any]]) -> None:
    """Records that the reading is made of, and others; also of a source that it does not know."""
    reading = Reading.of(pool_records(rows))
    later = [{**row, "source": "new" if row["id"] == "0" else row["source"]} for row in later]
    records = pool_records(later, reading)
    features: list[Feature] = [*records.features(), *derived("name.family"), soundex(first_token("home")), "sex"]
    reader = RowReader.of(reading, features)
    columns = [records.column(feature).decoded() for feature in features]
    for place, row in enumerate(records.position):
        expected = {feature: column[place] for feature, column in zip(features, columns, strict=True)}
        assert reader.read(later[row]["source"], {name: later[row][name] for name in POOLS}) == expected


@pytest.mark.shared_data
@pytest.mark.parametrize("name", FIELDS)
def test_shared_data_is_read_one_by_one_as_together(shared_data: Path, name: str) -> None:
    """All features and all that is derived from them; and values checked and written."""
    whole = shared_table(shared_data, name)
    table = whole.sample(min(whole.height, 3_000), seed=1)
    reading = Reading.of(Records.of(table, id="record_id", source="source", fields=FIELDS[name]))
    few = table.sample(min(table.height, 40), seed=1)
    records = Records.of(few, id="record_id", source="source", fields=FIELDS[name], reading=reading)
    features: list[Feature] = [feature for part in records.features() for feature in (part, *derived(part))]
    reader = RowReader.of(reading, features)
    held = {feature: records.column(feature).decoded().to_list() for feature in features}
    for place, row in enumerate(records.table.iter_rows(named=True)):
        source = records.sources.decoded()[place]
        assert reader.read(source, row) == {feature: values[place] for feature, values in held.items()}
    for field, kind in FIELDS[name].items():
        values = records.table.get_column(next(iter(kind.roles(field).values()))).drop_nulls().unique()
        role = "full" if hasattr(kind, "full") else "column"
        settled: Any = kind.settled({role: values}) if isinstance(kind, SettlingKind) else kind
        for operation in (settled.valid, settled.format):
            assert [operation(Single(value)).value for value in values] == operation(values).to_list()


def test_a_reader_shows_no_value() -> None:
    reading = Reading.of(pool_records([]))
    assert repr(RowReader.of(reading, ["name", prefix("name", 2), "born"])) == "<RowReader: 3 features of 2 fields>"
