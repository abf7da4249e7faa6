"""Values of fields that are read by what they tell together, with a few of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from identigraph.fields import Address, Category, Date, Email, FieldKind, Money, Number, PersonName, Phone
from identigraph.records import Reading, Records

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
    "mail": (Email(), st.sampled_from(["a@x.com", "no", "A@x.com", " \u2028"])),
    "phone": (Phone(), st.sampled_from(["020 7946 0958 x12", "+44 20 79460958", "12"])),
    "home": (Address(street="home"), st.sampled_from(["Flat 3, 12a High St", "Hauptstraße 7", "n/a"])),
}
"""Field name, which is its column, to kind and values."""
ROWS = st.lists(
    st.fixed_dictionaries(
        {name: st.none() | pool for name, (_, pool) in POOLS.items()} | {"source": st.sampled_from(["crm", "web"])}
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: [{**row, "id": str(place)} for place, row in enumerate(rows)])


def pool_records(rows: Sequence[Mapping[str, Any]], reading: Reading | None = None) -> Records:
    """Return records with the fields of the pools."""
    table = pl.DataFrame(rows, schema=dict.fromkeys([*POOLS, "source", "id"], pl.String))
    fields = {name: kind for name, (kind, _) in POOLS.items()}
    return Records.of(table, id="id", source="source", fields=fields, reading=reading)


def features_by_key(records: Records) -> dict[Any, tuple[str | None, ...]]:
    """Return all features of each record, by source and id."""
    columns = [records.column(name).decoded() for name in records.features()]
    keys = zip(records.sources.decoded(), records.ids, strict=True)
    return dict(zip(keys, zip(*columns, strict=True), strict=True))
