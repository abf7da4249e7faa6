"""Elements: columns of lists and texts of several values against plain Python, and what refuses lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Records
from identigraph.encoding import ELEMENT_SEPARATOR, Elements
from identigraph.errors import ColumnNotFoundError, ConfigurationError, ListColumnError, UnsupportedInputError
from identigraph.fields import Date, Email, PersonName, Phone
from identigraph.fields.kind import FieldKind
from identigraph.records.fields import FieldReport
from identigraph.text import words

MAILS = ["ann@x.com", "ANN@x.com ", "bob@y.org", "no mail", "", " ", None, "O'Brien", "Á\x1f"]
lists = st.one_of(st.none(), st.lists(st.sampled_from(MAILS), max_size=4))
columns = st.lists(lists, min_size=1, max_size=8)


def one_by_one(values: list[Any], kind: FieldKind | None, part: str) -> list[set[str]]:
    """Return the elements of each list, each normalized by itself."""
    found = []
    for held in values:
        texts = [pl.Series([v]) for v in held or [] if v is not None and v.strip()]
        normal = [words(t) if kind is None else kind.normalize("column", t).get_column(part) for t in texts]
        found.append({n.item() for n in normal} - {None})
    return found


def by_id(records: Records, elements: Elements) -> list[list[str]]:
    """Return the elements of the records, in the order of their ids."""
    ends = zip(elements.starts[:-1], elements.starts[1:], strict=True)
    held = [elements.values.gather(elements.codes[start:end]).to_list() for start, end in ends]
    return [held[row] for row in np.argsort(records.ids.to_numpy())]


def people(**data: Any) -> Records:
    """Return records with ids from 0."""
    rows = len(next(iter(data.values())))
    return Records.of({"id": range(rows), **data}, id="id")


@settings(max_examples=60)
@given(columns)
def test_elements_are_those_of_each_list_normalized_one_by_one(values: list[Any]) -> None:
    data = people(c=pl.Series(values, dtype=pl.List(pl.String)))
    records = data.with_fields({"mail": Email("c")})
    for feature, kind, part in (("c", None, ""), ("mail", Email(), ""), ("mail.domain", Email(), "domain")):
        elements = records.elements(feature)
        expected = one_by_one(values, kind, part)
        assert by_id(records, elements) == [sorted(held) for held in expected]
        assert elements.values.to_list() == sorted(set().union(*expected))


@settings(max_examples=40)
@given(columns, st.randoms(use_true_random=False))
def test_the_order_and_repeats_of_elements_and_rows_change_nothing(values: list[Any], random: Any) -> None:
    rows = [{"id": i, "c": held, "d": "x"} for i, held in enumerate(values)]
    turned = [
        {**row, "c": held and random.sample(held * 2, len(held) * 2)} for row, held in zip(rows, values, strict=True)
    ]
    schema = {"id": pl.Int64, "c": pl.List(pl.String), "d": pl.String}
    one, other = (Records.of(pl.DataFrame(r, schema=schema), id="id") for r in (rows, random.sample(turned, len(rows))))
    assert one.ids.to_list() == other.ids.to_list()
    assert one.table.equals(other.table)
    assert one.lists == other.lists == {"c"}


@settings(max_examples=40)
@given(columns, st.sampled_from([";", "; ", "|", ".", "--"]))
def test_parts_between_separators_are_the_elements_of_a_list(values: list[Any], separator: str) -> None:
    plain = [[v for v in held or [] if v and ELEMENT_SEPARATOR not in v] for held in values]
    held = [[part for v in some for part in v.split(separator)] for some in plain]
    text = people(c=pl.Series([separator.join(some) for some in plain], dtype=pl.String))
    text = text.with_fields({"mail": Email("c")})
    for feature, kind in (("c", None), ("mail", Email())):
        found = by_id(text, text.elements(feature, separator=separator))
        assert found == [sorted(some) for some in one_by_one(held, kind, "")]


@given(st.lists(st.sampled_from(MAILS), min_size=1, max_size=8))
def test_a_column_of_single_values_has_one_element_per_record(values: list[str | None]) -> None:
    records = people(c=pl.Series(values, dtype=pl.String), n=pl.Series(values, dtype=pl.String))
    records = records.with_fields({"mail": Email("c"), "name": PersonName(given="c", family="n")})
    for feature in ("c", "mail", "mail.local", "name.given", ig.prefix("mail", 2)):
        decoded = records.column(feature).decoded().gather(np.argsort(records.ids.to_numpy()))
        assert by_id(records, records.elements(feature)) == [[v] if v is not None else [] for v in decoded]


@given(st.lists(st.sampled_from(MAILS), min_size=1, max_size=8))
def test_lists_of_one_at_most_are_read_like_single_values(values: list[str | None]) -> None:
    text = [v and v.replace(ELEMENT_SEPARATOR, "") for v in values]
    single = people(c=pl.Series(text, dtype=pl.String))
    listed = people(c=pl.Series([[v] for v in values], dtype=pl.List(pl.String)))
    assert (single.lists, listed.lists) == (set(), {"c"})
    assert single.table.equals(listed.table)
    assert single.column("c").decoded().equals(listed.column("c").decoded())


def test_a_derived_feature_is_a_function_of_each_element() -> None:
    records = people(c=[["Robert", "Rupert", "Ann"], ["--"], None, ["Rupert"]])
    assert by_id(records, records.elements(ig.soundex("c"))) == [["A500", "R163"], [], [], ["R163"]]
    assert by_id(records, records.elements(ig.prefix(ig.soundex("c"), 1))) == [["A", "R"], [], [], ["R"]]


def test_what_a_function_gives_is_split_at_the_separator() -> None:
    letters = ig.derive(" / ".join, "c")
    single, listed = people(c=["aba", None]), people(c=[["ab", "ca"], []])
    assert by_id(single, single.elements(letters, separator="/")) == [["a", "b"], []]
    assert by_id(listed, listed.elements(letters, separator="/")) == [["a", "b", "c"], []]


def test_elements_of_lists_are_split_at_the_separator_too() -> None:
    records = people(c=[["a; b", "c"], "b;d", None])
    assert by_id(records, records.elements("c", separator=";")) == [["a", "b", "c"], ["b", "d"], []]


def test_the_unit_separator_splits_no_text_outside_lists() -> None:
    records = people(c=["a\x1fb", "c;d"])
    assert records.lists == frozenset()
    assert by_id(records, records.elements("c")) == [["ab"], ["c d"]]
    assert by_id(records, records.elements("c", separator=";")) == [["ab"], ["c", "d"]]


def test_elements_are_normalized_source_by_source() -> None:
    tables = {
        "us": {"id": [0, 1], "born": [["03/25/1990", "04/05/1991"], ["12/31/1980"]]},
        "uk": {"id": [2, 3], "born": [["25/03/1990", "04/05/1991"], ["31/12/1980"]]},
    }
    records = Records.of(tables, id="id", fields={"born": Date()})
    expected = [["1990-03-25", "1991-04-05"], ["1980-12-31"], ["1990-03-25", "1991-05-04"], ["1980-12-31"]]
    assert by_id(records, records.elements("born")) == expected


def test_a_report_of_a_field_of_lists_counts_elements() -> None:
    records = people(c=[["a@x.com", "none"], [], ["A@x.com", "b@x.com"]]).with_fields({"mail": Email("c")})
    assert records.field_report("mail") == FieldReport(present=4, unparsed=1, defaults=0, distinct=2)
    split = people(c=["a@x.com;b@x.com"]).with_fields({"mail": Email("c")})
    assert len(split.elements("mail", separator=";").codes) == 2
    assert split.field_report("mail") == FieldReport(present=1, unparsed=1, defaults=0, distinct=0)


def test_elements_are_computed_once_per_feature_and_separator() -> None:
    records = people(c=[["a", "b;c"]])
    calls = list[str]()
    derived = ig.derive(lambda text: calls.append(text) or text, "c")  # type: ignore[func-returns-value]
    assert records.elements(derived) is records.elements(derived)
    assert calls == ["a", "b c"]
    for known in (records, records.with_fields({"c": PersonName(full="c")})):
        assert (len(known.elements("c").values), len(known.elements("c", separator=";").values)) == (2, 3)


def test_other_fields_give_other_elements() -> None:
    records = people(c=[["+1 704 555 0134", "a@x.com"]])
    assert by_id(records, records.with_fields({"c": Email()}).elements("c")) == [["a@x.com"]]
    assert len(records.with_fields({"c": Phone(region="US")}).elements("c").codes) == 1


def test_single_values_of_one_source_are_lists_of_one_beside_lists_of_another() -> None:
    tables = {
        "crm": {"id": [0, 1], "mails": [["b", "a"], []]},
        "web": {"id": [2, 3], "mail": ["a", "\x1f c\x1fd"]},
        "app": {"id": [4]},
    }
    records = Records.of(tables, id="id", columns={"web": {"mail": "x"}, "crm": {"mails": "x"}})
    assert records.lists == {"x"}
    assert by_id(records, records.elements("x")) == [["a", "b"], [], ["a"], ["cd"], []]


MESSAGE = (
    r"^column 'c' holds lists of values \(2 of 3 records have more than one\), where one value per record is expected; "
    r"pair records that share any element with ig\.blocking\.any_shared\('c'\), or explode it before$"
)


@pytest.mark.parametrize(
    "feature", ["c", "mail", "mail.local", ig.soundex("c"), ig.prefix(ig.soundex("mail"), 1)], ids=str
)
def test_lists_are_no_single_values(feature: Any) -> None:
    records = people(c=[["a", "b"], ["a", "c", "d"], ["a"]]).with_fields({"mail": Email("c")})
    records.field_report("mail")
    with pytest.raises(ListColumnError, match=MESSAGE):
        records.column(feature)


def test_a_field_of_several_columns_reads_no_lists() -> None:
    records = people(c=[["a", "b"], ["c"]], d=["x", "y"], e=[["a"], ["b"]])
    told = (
        r"^column 'c' holds .*\(1 of 2 records .*\), where field 'name', which reads several columns, expects one value"
    )
    with pytest.raises(ListColumnError, match=told):
        records.with_fields({"name": PersonName(given="c", family="d")})
    named = records.with_fields({"name": PersonName(given="e", family="d")})
    assert by_id(named, named.elements("name.given")) == [["a"], ["b"]]
    with pytest.raises(
        ConfigurationError, match=r"^field 'name' reads several columns \('e', 'd'\); split one of them"
    ):
        named.elements("name", separator=";")


def test_a_field_of_one_column_of_many_roles_reads_lists() -> None:
    records = people(aliases=[["Lee, Ann", "Ann Ray"], ["Ann Lee"]])
    records = records.with_fields({"name": PersonName(full="aliases")})
    assert by_id(records, records.elements("name.family")) == [["lee", "ray"], ["lee"]]


@pytest.mark.parametrize("separator", [None, ";"])
@pytest.mark.parametrize("feature", ["emial", "email.locl", ig.soundex("emial")], ids=str)
def test_elements_of_an_unknown_feature_are_refused(feature: Any, separator: str | None) -> None:
    records = people(mail=[["a", "b"]]).with_fields({"email": Email("mail")})
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column '.*'; did you mean 'email"):
        records.elements(feature, separator=separator)


def test_a_separator_is_a_text_that_is_not_empty() -> None:
    records = people(c=["a;b"])
    with pytest.raises(ConfigurationError, match=r"^separator must not be empty"):
        records.elements("c", separator="")
    with pytest.raises(
        UnsupportedInputError, match=r"^expected a separator of values, such as ';', got builtins\.int$"
    ):
        records.elements("c", separator=1)  # type: ignore[arg-type]


def test_no_records_have_no_elements() -> None:
    records = Records.of(pl.DataFrame(schema={"c": pl.List(pl.Int64)}))
    assert (records.lists, len(records.elements("c"))) == ({"c"}, 0)
    assert records.elements("c").starts.tolist() == [0]
    assert len(Records.of([], fields={"mail": Email()}).elements("mail", separator=";")) == 0
