"""Each source has its own columns and its own way to write."""

from __future__ import annotations

import pytest

from identigraph.datasets import Customers, customers
from identigraph.datasets.sources import FIELDS, SOURCES


@pytest.fixture(scope="module")
def made() -> Customers:
    return customers(10_000, seed=2)


def test_values_are_in_the_format_of_their_source(made: Customers) -> None:
    tables = made.tables()
    assert tables["crm"]["DOB"].drop_nulls().str.contains(r"^\d{4}-\d\d-\d\d$").all()
    assert tables["web"]["birthday"].drop_nulls().str.contains(r"^[0-3]\d/[01]\d/\d{4}$").all()
    assert tables["store"]["BIRTH_DT"].drop_nulls().str.contains(r"^[01]\d/[0-3]\d/\d{4}$").all()
    assert tables["support"]["date_of_birth"].drop_nulls().str.contains(r"^[0-3]\d\.[01]\d\.\d{4}$").all()
    assert tables["crm"]["PhoneNumber"].drop_nulls().str.starts_with("+").mean() > 0.97
    assert tables["web"]["tel"].drop_nulls().str.contains(r"^\(\d{3}\) \d{3}-\d{4}$").mean() > 0.1
    assert not tables["store"]["TELEPHONE"].drop_nulls().str.contains(r"[+() ]").any()


def test_the_store_writes_capitals_without_diacritics(made: Customers) -> None:
    store = made.records.filter(source="store")
    for field in ("first_name", "last_name", "street", "city"):
        assert (store[field] == store[field].str.to_uppercase()).all()
        assert store[field].drop_nulls().str.contains(r"^[\x00-\x7fº]*$").mean() > 0.999


def test_each_source_has_column_names_of_its_own(made: Customers) -> None:
    tables = made.tables()
    assert list(tables) == [source.name for source in SOURCES]
    names = [name for table in tables.values() for name in table.columns]
    assert len(names) == len(set(names))


def test_tables_hold_the_same_records_under_other_names(made: Customers) -> None:
    for source in SOURCES:
        table, own = made.tables()[source.name], made.records.filter(source=source.name)
        assert table.columns == list(source.columns)
        for column, fields in source.columns.items():
            if len(fields) == 1:
                assert table[column].equals(own[fields[0]], null_equal=True)


def test_the_web_shop_has_the_name_in_one_column(made: Customers) -> None:
    own = made.records.filter(source="web")
    expected = [" ".join(part for part in parts if part) or None for parts in own.select(FIELDS[:2]).iter_rows()]
    assert made.tables()["web"]["name"].to_list() == expected
    assert None in expected
