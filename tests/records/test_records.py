"""Records: row numbers that follow the content, features encoded once, and the way back to the caller's rows."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Records
from identigraph.errors import ColumnNotFoundError
from identigraph.fields import Date, Email, PersonName
from identigraph.records.fields import FieldReport
from identigraph.records.reading import Reading

cells = st.sampled_from(["Ann", "ANN ", "Bob", "2001-02-03", None, ""])
tables = st.lists(st.fixed_dictionaries({"a": cells, "b": cells, "s": st.sampled_from(["crm", "web"])}), max_size=12)
FIELDS = {"name": PersonName(full="a"), "born": Date("b")}


def keyed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with ids from 100."""
    return [{"id": 100 + i, **row} for i, row in enumerate(rows)]


def features_by_id(records: Records) -> dict[int, tuple[str | None, ...]]:
    """Return all features of each record, by its id."""
    names = [*records.features(), ig.prefix("name.family", 2)]
    decoded = [records.column(name).decoded() for name in names]
    return dict(zip(records.ids, zip(*decoded, strict=True), strict=True))


def content(records: Records) -> list[tuple[str | None, ...]]:
    """Return the content of each row and its source, by row number."""
    sources = records.sources.decoded().to_list()
    return list(zip(*(records.table.get_column(c) for c in sorted(records.table.columns)), sources, strict=True))


@given(tables)
def test_position_leads_back_to_the_rows_of_the_input(rows: list[dict[str, Any]]) -> None:
    records = Records.of(keyed(rows), id="id", source="s")
    assert sorted(records.position.tolist()) == list(range(len(rows)))
    assert records.ids.to_list() == [100 + i for i in records.position]
    plain = [(row["a"] or None, row["b"] or None, row["s"]) for row in rows]
    assert content(records) == [plain[i] for i in records.position]


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    one = Records.of(keyed(rows), id="id", source="s")
    other = Records.of(random.sample(keyed(rows), len(rows)), id="id", source="s")
    assert one.ids.to_list() == other.ids.to_list()
    assert content(one) == content(other)


@settings(max_examples=10)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_feature(rows: list[dict[str, Any]], random: Any) -> None:
    one = Records.of(keyed(rows), id="id", source="s", fields=FIELDS)
    other = Records.of(random.sample(keyed(rows), len(rows)), id="id", source="s", fields=FIELDS)
    assert features_by_id(one) == features_by_id(other)


@given(tables)
def test_the_order_of_columns_changes_no_row_number(rows: list[dict[str, Any]]) -> None:
    turned = [dict(reversed(row.items())) for row in keyed(rows)]
    one, other = (Records.of(r, id="id", source="s") for r in (keyed(rows), turned))
    assert one.ids.to_list() == other.ids.to_list()
    assert content(one) == content(other)


@given(tables, st.data())
def test_two_rows_stand_in_one_order_whatever_other_rows_there_are(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Also where a column has no value any more, and where there are fewer sources."""
    table = pl.DataFrame(keyed(rows), schema={"id": pl.Int64, "a": pl.String, "b": pl.String, "s": pl.String})
    kept = data.draw(st.sets(st.sampled_from(table["id"].to_list()))) if rows else set()
    every = Records.of(table, id="id", source="s")
    some = Records.of(table.filter(pl.col("id").is_in(list(kept))), id="id", source="s")
    assert some.ids.to_list() == [each for each in every.ids if each in kept]


@settings(max_examples=10)
@given(tables, st.integers(1, 97))
def test_other_ids_change_no_content_and_no_feature(rows: list[dict[str, Any]], factor: int) -> None:
    renamed = [{**row, "id": f"key {row['id'] * factor % 101}"} for row in keyed(rows)]
    one, other = (Records.of(r, id="id", source="s", fields=FIELDS) for r in (keyed(rows), renamed))
    assert content(one) == content(other)
    for name in one.features():
        assert one.column(name).codes.tolist() == other.column(name).codes.tolist()


def test_rows_that_hold_the_same_values_in_other_columns_differ() -> None:
    records = Records.of({"a": ["x", "y"], "b": ["y", "x"]})
    assert records.table.rows() == Records.of({"a": ["y", "x"], "b": ["x", "y"]}).table.rows()


def test_plain_columns_are_read_as_words() -> None:
    records = Records.of({"id": [1, 2, 3, 4], "c": ["O’Brien-Smith", "obrien  SMITH", "--", None]}, id="id")
    column = dict(zip(records.ids, records.column("c").decoded(), strict=True))
    assert column == {1: "obrien smith", 2: "obrien smith", 3: None, 4: None}


def test_a_feature_is_computed_once() -> None:
    records = Records.of({"c": ["x"]})
    assert records.column("c") is records.column("c")
    assert records.column(ig.soundex("c")) is records.column(ig.soundex("c"))


def test_what_is_remembered_is_computed_once_per_key() -> None:
    records, calls = Records.of({"c": ["x"]}), list[int]()
    for key in (1, 1, 2):
        assert records.remember(key, lambda key=key: calls.append(key) or key * 10) == key * 10  # type: ignore[misc]
    assert calls == [1, 2]


def test_fields_go_before_columns_of_the_same_name_and_parts_by_a_dot() -> None:
    table = {"name": ["Ann Lee"], "name.given": ["column"], "name.color": ["red"]}
    records = Records.of(table, fields={"name": PersonName()})
    assert records.column("name").decoded().to_list() == ["ann lee"]
    assert records.column("name.given").decoded().to_list() == ["ann"]
    assert records.column("name.color").decoded().to_list() == ["red"]
    assert set(records.features()) >= {"name", "name.given", "name.family"}


@pytest.mark.parametrize(
    ("feature", "hint"),
    [("emial", "did you mean 'email'"), ("email.locl", "did you mean 'email.local'"), ("nam", "did you mean 'name'")],
)
def test_an_unknown_feature_is_told_with_the_closest(feature: str, hint: str) -> None:
    records = Records.of({"mail": ["a@x.com"], "name": ["x"]}, fields={"email": Email("mail")})
    with pytest.raises(ColumnNotFoundError, match=rf"^no field or column '{feature}'; {hint}"):
        records.column(feature)
    with pytest.raises(ColumnNotFoundError, match=rf"^no field or column '{feature}'; {hint}"):
        records.column(ig.soundex(feature))


def test_a_field_that_reads_an_unknown_column_is_refused_at_the_door() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'emial'; did you mean 'email'\?$"):
        Records.of({"email": ["a@x.com"]}, fields={"contact": Email("emial")})


def test_other_fields_are_read_anew_and_the_same_fields_not() -> None:
    records = Records.of({"c": ["Ann Lee"]}, fields={"f": PersonName(full="c")})
    assert records.column("f.given").decoded().to_list() == ["ann"]
    assert records.with_fields({"f": PersonName(full="c")}) is records
    changed = records.with_fields({"f": Email("c")})
    assert changed.column("f").decoded().to_list() == [None]
    assert records.column("f").decoded().to_list() == ["ann lee"]


def test_a_report_tells_what_became_of_the_values_of_a_field() -> None:
    records = Records.of({"mail": ["a@x.com", "A@x.com", "none", None]}, fields={"email": Email("mail")})
    assert records.field_report("email") == FieldReport(present=3, unparsed=1, defaults=0, distinct=1)
    with pytest.raises(ColumnNotFoundError, match=r"^no field 'mail'; did you mean 'email'\?$"):
        records.field_report("mail")


def test_row_keys_are_source_and_id() -> None:
    records = Records.of({"crm": {"id": ["a"], "v": ["x"]}, "web": {"id": ["b"], "v": ["y"]}}, id="id")
    rows = np.array([1, 0, 1])
    expected = [("crm", "a"), ("web", "b")]
    found = records.row_keys(rows).rows()
    assert set(found) == set(expected)
    assert found[0] == found[2]
    assert records.row_keys(rows).columns == ["source", "record_id"]


def test_it_tells_its_size_and_shows_no_value() -> None:
    one = Records.of([{"id": 1, "a": "secret"}], id="id")
    assert repr(one) == "<Records: 1 record from 1 source, 1 column>"
    assert len(one) == 1
    many = Records.of({"s": ["a", "b"] * 600, "x": ["v"] * 1_200, "y": ["w"] * 1_200}, source="s")
    assert repr(many) == "<Records: 1,200 records from 2 sources, 2 columns>"
    assert repr(Records.of([])) == "<Records: 0 records from 0 sources, 0 columns>"


def test_it_keeps_what_the_caller_named() -> None:
    named = Records.of({"id": [1], "s": ["crm"]}, id="id", source="s")
    assert (named.has_ids, named.has_sources, named.renamed) == (True, True, {})
    numbered = Records.of({"v": [1]})
    assert (numbered.has_ids, numbered.has_sources) == (False, False)
    mapped = Records.of({"crm": {"m": ["x"]}}, columns={"crm": {"m": "mail"}})
    assert mapped.renamed == {"crm": {"m": "mail"}}
    assert mapped.has_sources


def test_no_rows_have_the_columns_of_any_fields() -> None:
    records = Records.of([], id="id", fields=FIELDS)
    assert records.table.columns == ["a", "b"]
    assert len(records.column("name.given")) == 0
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'a'; there are: 'c'$"):
        Records.of({"c": []}, fields=FIELDS)


def test_records_are_frozen() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Records.of({"v": [1]}).ids = pl.Series([2])  # type: ignore[misc]


# Facts, parts, and what was asked for


def test_a_fact_is_told_once_and_as_it_was_given_where_it_was() -> None:
    """Keys that are written alike are one; with other facts nothing told from these records is left."""
    records, calls = Records.of({"c": ["x", "y"]}), list[int]()

    def told(each: Records) -> int:
        return each.fact(("counts", ig.soundex("c")), lambda: calls.append(len(each)) or len(each))

    assert (told(records), told(records), calls) == (2, 2, [2])
    assert records.facts == {"('counts', soundex('c'))": 2}
    records.remember("other", lambda: 1)
    records.remember(("facts", "other"), lambda: 1)
    assert list(records.facts) == ["('counts', soundex('c'))"]
    more = Records.of({"c": ["x", "y", "z"]}).with_facts(records.facts)
    assert (told(more), calls) == (2, [2])
    assert more.fact("more", lambda: 5) == 5
    assert more.facts == {**records.facts, "'more'": 5}
    assert told(more.with_facts({})) == 3


def test_with_other_facts_nothing_is_remembered_that_older_ones_told() -> None:
    records = Records.of({"c": ["x"]})
    records.remember("bands", lambda: "old")
    assert records.with_facts({}).remember("bands", lambda: "new") == "new"


@settings(max_examples=20)
@given(tables, st.lists(st.booleans(), min_size=12, max_size=12))
def test_some_records_say_what_they_said_among_all(rows: list[dict[str, Any]], keep: list[bool]) -> None:
    """In the same order; what was encoded has no value that none of them carries."""
    records = Records.of(keyed(rows), id="id", source="s", fields=FIELDS)
    every = features_by_id(records)
    kept = np.array(keep[: len(rows)], dtype=bool)
    some = records.some(kept).with_facts({})
    assert features_by_id(some.renewed()) == features_by_id(some)
    some = records.some(kept)
    assert some.ids.to_list() == records.ids.filter(pl.Series(kept, dtype=pl.Boolean)).to_list()
    assert some.position.tolist() == records.position[kept].tolist()
    assert set(some.asked) == set(some.encoded) == set(records.asked)
    assert features_by_id(some) == {key: every[key] for key in some.ids}
    assert content(some) == [row for row, here in zip(content(records), kept, strict=True) if here]
    for column in (*some.encoded.values(), some.sources):
        assert sorted(set(column.codes.tolist()) - {-1}) == list(range(len(column.values)))


def test_a_part_of_records_forgets_what_was_told_of_all() -> None:
    records = Records.of({"c": ["x", "y"]}).with_facts({"known": 1})
    records.remember("size", lambda: 2)
    some = records.some(np.array([True, False]))
    assert some.remember("size", lambda: 1) == 1
    assert some.facts == {"known": 1}


@given(tables)
def test_rows_read_again_are_the_same_records(rows: list[dict[str, Any]]) -> None:
    """Numbered by their row numbers."""
    records = Records.of(keyed(rows), id="id", source="s")
    again = Records.of_rows(records.rows)
    assert again.position.tolist() == list(range(len(rows)))
    assert again.ids.to_list() == records.ids.to_list()
    assert content(again) == content(records)
    assert (again.has_ids, again.has_sources, again.lists) == (True, True, frozenset())


def test_rows_keep_which_columns_held_lists_and_whether_ids_were_named() -> None:
    records = Records.of({"c": [["x", "y"], ["z"]]})
    again = Records.of_rows(records.rows)
    assert (again.lists, again.has_ids, again.has_sources) == (frozenset({"c"}), False, False)
    assert again.elements("c").values.to_list() == records.elements("c").values.to_list() == ["x", "y", "z"]


def test_what_was_asked_is_told_since_renewed_and_what_was_encoded_stays() -> None:
    records = Records.of({"c": ["Ann Lee"], "d": ["x"]}, fields={"name": PersonName(full="c")})
    column = records.column("name.given")
    records.remember("key", lambda: 1)
    assert set(records.asked) == {"name.given"} < set(records.encoded)
    again = records.renewed()
    assert (again.asked, set(again.encoded)) == ({}, set(records.encoded))
    assert again.column("name.given") is column
    assert again.remember("key", lambda: 2) == 1
    again.column("d")
    assert set(again.asked) == {"name.given", "d"}
    assert set(records.asked) == {"name.given"}
    assert again.field_report("name") == records.field_report("name")


def test_what_is_not_there_was_not_asked() -> None:
    records = Records.of({"c": ["x"]})
    with pytest.raises(ColumnNotFoundError):
        records.column("d")
    assert records.asked == {}


def test_separators_are_told_of_fields_where_they_were_asked_for() -> None:
    records = Records.of({"m": ["a@x.com; b@x.com"], "tags": ["a; b"]}, fields={"mail": Email("m")})
    assert records.separators == {}
    records.elements("mail")
    records.elements("tags", separator=";")
    assert records.separators == {}
    records.elements("mail", separator=";")
    records.elements("mail.domain", separator=" ")
    records.elements(ig.soundex("mail"), separator=",")
    assert records.separators == {"mail": {";", " "}}


def test_a_part_of_a_field_that_was_split_is_split_by_the_reading_too() -> None:
    records = Records.of({"m": ["a@x.com; b@y.com"]}, fields={"mail": Email("m")})
    domains = records.elements("mail.domain", separator=";").values.to_list()
    settled = records.with_fields(records.fields, reading=Reading.of(records, separators=records.separators))
    assert settled.elements("mail.domain", separator=";").values.to_list() == domains == ["x.com", "y.com"]
