"""Golden records against the rules, applied record by record."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph.fields import Email, PersonName
from identigraph.fields.kind import MAIN
from identigraph.graph import Clusters
from identigraph.profiles import Profiles
from identigraph.records import Records

COLUMNS = ("first", "last", "mail", "city")
GROUPS = (("first", "last"), ("mail",), ("city",))
VALUES = {
    "first": st.sampled_from([None, "Ann", "ANN", "Anna", "Bob", "?"]),
    "last": st.sampled_from([None, "Lee", "lee", "Ray", "??"]),
    "mail": st.sampled_from([None, "a@x.com", "A@X.com ", "bob@x.com", "no mail at all, sorry?", "?"]),
    "city": st.sampled_from([None, "Bern", "Basel", "BERN"]),
}


@attrs.frozen
class Spelled:
    """A field whose values are equal whatever their case, and cannot be read where there is a question mark."""

    columns: tuple[str, ...]
    per_source: ClassVar[bool] = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The first value, and all values."""
        return (MAIN, *self.columns)

    def roles(self, name: str) -> dict[str, str]:  # noqa: ARG002
        """Return the columns as their own roles."""
        return {column: column for column in self.columns}

    def assemble(self, columns: Any) -> Any:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the values in lower case."""
        read = values.str.strip_chars().str.to_lowercase()
        read = read.set(values.str.contains("?", literal=True), None)
        return pl.DataFrame({MAIN: read, role: read})


FIELDS = {"name": Spelled(("first", "last")), "contact": Spelled(("mail",))}

Row = dict[str, Any]


@st.composite
def tables(draw: Any) -> list[Row]:
    """Rows with unique ids, a source, the number of their entity and four columns."""
    n = draw(st.integers(0, 9))
    ids = draw(st.permutations(range(n)))
    return [
        {"id": ids[i], "source": draw(st.sampled_from("ab")), "entity": draw(st.integers(0, 3))}
        | {column: draw(VALUES[column]) for column in COLUMNS}
        for i in range(n)
    ]


def profiles_of(rows: list[Row], fields: Any = FIELDS) -> Profiles:
    """Return the profiles of rows, their entities called 100 and up by number."""
    schema = {"id": pl.Int64, "source": pl.String, "entity": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)}
    frame = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    records = Records.of(frame.drop("entity"), id="id", source="source", fields=fields)
    entities = frame.get_column("entity").to_numpy()[records.position]
    clusters = Clusters.of(entities)
    return Profiles(records, 100 + np.array(list(dict.fromkeys(entities.tolist())), dtype=np.int64), clusters)


def cells(profiles: Profiles) -> dict[tuple[int, str], tuple[Any, Any, Any]]:
    """Return (value, source, id) by entity and column."""
    table = {row["entity_id"]: row for row in profiles.to_polars().to_dicts()}
    return {
        (entity, column): (table[entity][column], source, record)
        for entity, column, source, record in profiles.lineage.to_polars().rows()
    }


def winner(group: tuple[str, ...], members: list[Row]) -> Row | None:
    """Return the member that a group of columns comes from, by the rules as they are written."""
    filled = [row for row in members if any(row[column] is not None for column in group)]
    carried = Counter(meaning(group, row) for row in filled)

    def rank(row: Row) -> tuple[Any, ...]:
        texts = [row[column] for column in group if row[column] is not None]
        read = meaning(group, row)
        length = sum(len(text) for text in texts)
        return (read[0] == "unreadable", -len(texts), -carried[read], -length, row["source"], row["id"])

    return min(filled, key=rank, default=None)


def meaning(group: tuple[str, ...], row: Row) -> tuple[str | None, ...]:
    """Return what a row says in a group of columns, however it is spelled."""
    if group == ("city",):
        return ("spelled", row["city"])
    read = [None if row[column] is None or "?" in row[column] else row[column].strip().lower() for column in group]
    return ("read", *read) if any(read) else ("unreadable", *(row[column] for column in group))


@given(tables())
def test_winners_are_those_of_the_rules(rows: list[Row]) -> None:
    profiles = profiles_of(rows)
    sizes = sorted(Counter(100 + row["entity"] for row in rows).items())
    assert profiles.to_polars().select("entity_id", "records").rows() == sizes
    assert len(profiles) == len(sizes)
    found = cells(profiles)
    for entity in {row["entity"] for row in rows}:
        members = [row for row in rows if row["entity"] == entity]
        for group in GROUPS:
            won = winner(group, members)
            for column in group:
                wanted = None if won is None or won[column] is None else (won[column], won["source"], won["id"])
                assert found.get((100 + entity, column)) == wanted


@given(tables())
def test_values_and_lineage_fit_each_other_and_the_members(rows: list[Row]) -> None:
    """Each value is carried by the member that lineage names; columns of a field name one record; nulls only if all."""
    by_key = {(row["source"], row["id"]): row for row in rows}
    found = cells(profiles_of(rows))
    for (entity, column), (value, source, record) in found.items():
        row = by_key[source, record]
        assert (row[column], row["entity"]) == (value, entity - 100)
    for entity in {100 + row["entity"] for row in rows}:
        members = [row for row in rows if row["entity"] + 100 == entity]
        assert len({found[entity, column][1:] for column in ("first", "last") if (entity, column) in found}) <= 1
        for column in ("mail", "city"):
            assert ((entity, column) in found) == any(row[column] is not None for row in members)


@settings(max_examples=25)
@given(tables(), st.randoms())
def test_the_order_of_rows_changes_neither_values_nor_lineage(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = profiles_of(rows), profiles_of(shuffled)
    assert one.to_polars().equals(other.to_polars())
    assert one.lineage.to_polars().equals(other.lineage.to_polars())


@settings(max_examples=25)
@given(tables(), st.integers(0, 3))
def test_a_record_of_nulls_changes_nothing(rows: list[Row], entity: int) -> None:
    empty = {"id": 999, "source": "0", "entity": entity} | dict.fromkeys(COLUMNS)
    known = [row for row in rows if row["entity"] == entity]
    if known:
        assert cells(profiles_of([empty, *rows])) == cells(profiles_of(rows))


def one_entity(*rows: Row) -> Row:
    """Return the golden record of rows that are one entity."""
    base = dict.fromkeys(COLUMNS) | {"source": "a", "entity": 0}
    return profiles_of([{"id": i} | base | row for i, row in enumerate(rows)]).to_polars().to_dicts()[0]


def test_the_value_of_most_records_wins_however_they_spell_it() -> None:
    three = [{"mail": "a@x.com"}, {"mail": "A@x.com"}, {"mail": "a@X.com "}]
    assert one_entity(*three, {"mail": "bob-bobbson@x.com"}, {"mail": "bob-bobbson@x.com"})["mail"] == "a@X.com "


def test_a_value_that_can_be_read_beats_many_that_cannot() -> None:
    assert one_entity({"mail": "ask me?"}, {"mail": "ask me?"}, {"mail": "a@x.com"})["mail"] == "a@x.com"


def test_a_value_that_cannot_be_read_beats_none() -> None:
    assert one_entity({"mail": "ask me?"}, {})["mail"] == "ask me?"


def test_the_record_that_fills_most_of_a_group_wins_whole() -> None:
    golden = one_entity({"first": "Annabella"}, {"first": "Annabella"}, {"first": "Ann", "last": "Lee"})
    assert (golden["first"], golden["last"]) == ("Ann", "Lee")


def test_names_and_addresses_are_read_by_their_fields() -> None:
    """Two records say Ann Lee and one address, though no two alike; the third spells its own more at length."""
    rows = [
        {"first": "Ann", "last": "Lee", "mail": "Ann@x.com"},
        {"first": "ANN", "last": "Lee", "mail": "ann@x.com"},
        {"first": "Bartholomew", "last": "Ray", "mail": "bartholomew@x.com"},
    ]
    full = [{"id": i, "source": "a", "entity": 0, "city": None} | row for i, row in enumerate(rows)]
    fields = {"name": PersonName(given="first", family="last"), "mail": Email()}
    assert profiles_of(full, fields).to_polars().rows() == [(100, 3, "Ann", "Lee", "Ann@x.com", None)]


def test_of_equals_the_lowest_source_and_id_is_named() -> None:
    rows = [{"source": s, "id": i, "entity": 0, "city": "Bern"} for s, i in (("b", 1), ("a", 9), ("a", 8))]
    profiles = profiles_of([dict.fromkeys(COLUMNS) | row for row in rows])
    assert profiles.lineage.to_polars().rows() == [(100, "city", "a", 8)]


def test_columns_of_the_caller_that_are_called_like_ours_get_an_underscore() -> None:
    records = Records.of({"entity_id": ["x"], "records": ["y"], "records_": ["z"]})
    profiles = Profiles(records, np.array([1]), Clusters.of(np.array([0])))
    assert profiles.to_polars().to_dicts() == [
        {"entity_id": 1, "records": 1, "entity_id_": "x", "records__": "y", "records_": "z"}
    ]
    assert profiles.lineage.to_polars().get_column("column").to_list() == ["entity_id", "records", "records_"]


def test_a_column_that_two_fields_read_goes_with_the_first() -> None:
    both = {"name": Spelled(("first", "last")), "given": Spelled(("first",))}
    rows = [{"id": 1, "first": "Ann"}, {"id": 2, "first": "Bob", "last": "Ray"}, {"id": 3, "first": "Ann"}]
    table = profiles_of([dict.fromkeys(COLUMNS) | {"source": "a", "entity": 0} | row for row in rows], both)
    assert table.to_polars().select("first", "last").rows() == [("Bob", "Ray")]


def test_without_columns_there_are_the_entities_and_no_lineage() -> None:
    records = Records.of({"id": ["x", "y"]}, id="id")
    profiles = Profiles(records, np.array([2, 1]), Clusters.of(np.array([0, 1])))
    assert profiles.to_polars().rows() == [(1, 1), (2, 1)]
    assert profiles.lineage.to_polars().schema == {
        "entity_id": pl.Int64,
        "column": pl.String,
        "source": pl.String,
        "record_id": pl.String,
    }
    assert len(profiles.lineage) == 0


def test_lineage_stands_in_the_order_of_entities_and_columns() -> None:
    rows = [{"id": i, "source": "a", "entity": 1 - i, "first": "Ann", "last": "Lee", "mail": None} for i in range(2)]
    lineage = profiles_of([row | {"city": "Bern"} for row in rows]).lineage.to_polars()
    named = [(entity, column) for entity in (100, 101) for column in ("first", "last", "city")]
    assert lineage.select("entity_id", "column").rows() == named


def test_the_repr_counts_and_shows_no_value() -> None:
    row = dict.fromkeys(COLUMNS) | {"id": 1, "source": "a", "entity": 0, "city": "Bern"}
    assert repr(profiles_of([row])) == "<Profiles: 1 entity>"
    assert repr(profiles_of([row, row | {"id": 2, "entity": 1}])) == "<Profiles: 2 entities>"


def test_profiles_come_out_as_polars_pandas_arrow_and_in_a_notebook() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    profiles = profiles_of([dict.fromkeys(COLUMNS) | {"id": 1, "source": "a", "entity": 0, "city": "Bern"}])
    assert profiles.to_pandas()["city"].tolist() == ["Bern"]
    assert profiles.to_arrow().column("city").to_pylist() == ["Bern"]
    assert pl.DataFrame(profiles).equals(profiles.to_polars())
    assert "Bern" in profiles._repr_html_()


def test_profiles_are_a_frozen_value() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        profiles_of([]).records = None  # type: ignore[misc]
