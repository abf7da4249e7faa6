"""From columns to fields, and from differing tables to common columns."""

from __future__ import annotations

from collections import deque
from typing import Any

import polars as pl
import pytest

from identigraph import Records
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Number,
    Organisation,
    PersonName,
    Phone,
    Url,
)
from identigraph.records.infer import align_columns, infer_fields, source_differences

COLUMNS: dict[str, list[str | None]] = {
    "given": ["Ann", "Bob", "Carol"],
    "second given": ["Mae", "Tom", None],
    "family": ["Lee", "Ray", "Orr"],
    "full": ["Ann Lee", "Bob Ray", "Carol Orr"],
    "long": ["Ann Mae Lee", "Bob Tom Ray", "Carol Orr"],
    "foreign": ["Giulia Rossi", "Jürgen Weiß", "Xiaoming Li"],
    "firm": ["Lee Ltd", "Ray GmbH", "Orr Inc"],
    "email": ["ann@x.com", "bob@x.com", "carol@y.org"],
    "phone": ["(704) 555-0134", "(704) 555-0199", "(980) 555-0111"],
    "street": ["1 High Street", "7 Park Road", "9 Kings Close"],
    "line 2": ["Flat 2", None, "Unit 7"],
    "city": ["Leeds", "York", "Bath"],
    "postcode": ["LS1 4DY", "YO1 7HH", "BA1 1AA"],
    "country": ["UK", "France", "UK"],
    "birth": ["1980-02-03", "1955-12-24", "2001-07-30"],
    "year": ["1980", "1955", "2001"],
    "late year": ["2020", "2021", "2022"],
    "month": ["2", "12", "7"],
    "day": ["3", "24", "30"],
    "gender": ["F", "M", "F"],
    "url": ["www.x.com", "www.y.org", "www.z.net"],
    "code": ["A7", "B8", "C9"],
    "number": ["44", "68", "22"],
    "amount": ["1.50", "7.25", "3.00"],
    "text": ["likes long walks by the sea", "asks for a call back soon", "came by way of a friend of hers"],
    "empty": [None, None, None],
    "same": ["x", "x", "x"],
}  # fmt: skip


def table(**columns: str) -> pl.DataFrame:
    """Return a table of columns with the values of `COLUMNS`, in other rows where they were had before."""
    met = list(columns.values())
    values = {name: deque(COLUMNS[of]) for name, of in columns.items()}
    for place, (of, rows) in enumerate(zip(met, values.values(), strict=True)):
        rows.rotate(met[:place].count(of))
    return pl.DataFrame({name: pl.Series(list(rows), dtype=pl.String) for name, rows in values.items()})


FIELDS: list[tuple[dict[str, str], dict[str, FieldKind]]] = [
    ({"fname": "given", "lname": "family"}, {"name": PersonName(given="fname", family="lname")}),
    (
        {"first_name": "given", "mi": "second given", "surname": "family", "full_name": "full"},
        {"name": PersonName(given="first_name", middle="mi", family="surname", full="full_name")},
    ),
    (
        {"fname_c1": "given", "fname_c2": "second given", "lname_c1": "family", "lname_c2": "given"},
        {"name": PersonName(given="fname_c1", middle="fname_c2", family="lname_c1", family2="lname_c2")},
    ),
    ({"full_name": "full", "customer_name": "long"}, {"name": PersonName(full="customer_name")}),
    ({"Name": "foreign", "dob": "birth"}, {"name": PersonName(full="Name"), "birth_date": Date("dob")}),
    ({"Name": "foreign", "sex": "gender"}, {"name": PersonName(full="Name"), "sex": Category("sex")}),
    ({"Name": "foreign"}, {"Name": Organisation("Name")}),
    ({"Name": "firm", "sex": "gender"}, {"Name": Organisation("Name"), "sex": Category("sex")}),
    (
        {"contact_first": "given", "contact_last": "family", "agent_first": "second given", "agent_last": "given"},
        {
            "name": PersonName(given="contact_first", family="contact_last"),
            "agent_name": PersonName(given="agent_first", family="agent_last"),
        },
    ),
    ({"by": "year", "bm": "month", "bd": "day"}, {"birth_date": Date(year="by", month="bm", day="bd")}),
    (
        {"birth_year": "late year", "birth_month": "month", "birth_day": "day"},
        {"birth_date": Date(year="birth_year", month="birth_month", day="birth_day")},
    ),
    ({"year": "late year", "month": "month", "day": "day"}, {}),
    ({"created_year": "year", "created_month": "month", "created_day": "day"}, {}),
    (
        {"birth_year": "year", "yob": "late year"},
        {"birth_date": Date(year="birth_year"), "yob": FreeText("yob")},
    ),
    ({"full_name": "long", "customer_name": "full"}, {"name": PersonName(full="full_name")}),
    ({"by": "year", "bm": "month"}, {"by": Number("by"), "bm": Category("bm")}),
    ({"dob": "birth", "birth_date": "birth"}, {"birth_date": Date("birth_date"), "dob": Date("dob")}),
    (
        {"house number": "number", "street": "street", "address2": "line 2", "town": "city", "zip": "postcode"},
        {"address": Address(street="street", number="house number", street2="address2", city="town", postcode="zip")},
    ),
    ({"addr": "street", "land": "country"}, {"address": Address(street="addr", country="land")}),
    ({"addr": "street", "line2": "line 2"}, {"address": Address(street="addr", street2="line2")}),
    ({"street": "street", "road": "street"}, {"address": Address(street="road", street2="street")}),
    ({"suburb": "city", "city": "city"}, {"address": Address(city="city", district="suburb")}),
    (
        {"bill_street": "street", "bill_zip": "postcode", "ship_street": "street", "ship_zip": "postcode"},
        {
            "bill_address": Address(street="bill_street", postcode="bill_zip"),
            "ship_address": Address(street="ship_street", postcode="ship_zip"),
        },
    ),
    ({"postcode": "postcode", "zip": "postcode"}, {"address": Address(postcode="postcode"), "zip": FreeText("zip")}),
    (
        {"e.mail": "email", "e_mail": "email", "tel": "phone"},
        {"e_mail": Email("e.mail"), "e_mail_2": Email("e_mail"), "tel": Phone("tel")},
    ),
    (
        {"x.y": "email", "x_y": "email", "x_y_2": "email"},
        {"x_y": Email("x.y"), "x_y_2": Email("x_y"), "x_y_2_2": Email("x_y_2")},
    ),
    (
        {"website": "url", "passport": "code", "age": "number", "remarks": "text", "company": "firm"},
        {
            "website": Url("website"),
            "passport": Identifier("passport"),
            "age": Number("age"),
            "remarks": FreeText("remarks"),
            "company": Organisation("company"),
        },
    ),
    ({"name": "firm", "given": "given"}, {"name": Organisation("name"), "name_2": PersonName(given="given")}),
    ({"a": "empty", "b": "same", "total": "amount"}, {}),
    ({}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "fields"), FIELDS, ids=[", ".join(columns) for columns, _ in FIELDS])
def test_columns_that_make_one_thing_are_one_field(columns: dict[str, str], fields: dict[str, FieldKind]) -> None:
    assert infer_fields(table(**columns)).fields == fields


def test_every_column_is_read_by_a_field_or_set_aside() -> None:
    for columns, _ in FIELDS:
        inferred = infer_fields(table(**columns))
        read = {column for name, kind in inferred.fields.items() for column in kind.roles(name).values()}
        assert read | set(inferred.set_aside) == set(columns) == set(inferred.columns)
        assert not read & set(inferred.set_aside)


def test_fields_can_be_read() -> None:
    for columns, fields in FIELDS:
        records = Records.of(table(**columns), fields=fields)
        for feature in records.features():
            assert len(records.column(feature)) == len(records)


def test_columns_are_set_aside_with_the_reason() -> None:
    columns = {"full_name": "full", "customer_name": "long", "a": "empty", "b": "same", "total": "amount"}
    assert infer_fields(table(**columns)).set_aside == {
        "full_name": "says the same as customer_name",
        "a": "empty",
        "b": "the same value everywhere",
        "total": "an amount: says how much, not who",
    }
    event = "a point in time: says when, not who"
    assert infer_fields(table(year="late year", month="month", day="day")).set_aside == {
        "year": event, "month": event, "day": event,
    }  # fmt: skip


def test_lists_are_set_aside_where_a_row_has_several_values() -> None:
    text = pl.DataFrame({"mail": ["a@x.com", "b@x.com", "c@x.com"], "mails": ["a@x.com\x1fb@x.com", "c@x.com", None]})
    told = "lists, 1 row has several values: pair records that share any element with ig.blocking.any_shared('mails')"
    for inferred in (infer_fields(text), infer_fields(text, lists={"mail", "mails"})):
        assert inferred.set_aside == {"mails": told}
        assert list(inferred.fields) == ["mail"]
    assert set(infer_fields(text, lists=[]).set_aside) == set()


def test_lists_are_aligned_with_nothing() -> None:
    crm = {"mails": [["a@x.com", "b@x.com"], ["c@x.com"]], "Mail": ["d@x.com", "e@x.com"]}
    assert align_columns({"crm": crm, "web": {"e_mail": ["d@x.com", "f@x.com"]}}) == {
        "crm": {"Mail": "email"}, "web": {"e_mail": "email"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"crm": {"Mail": "email", "fn": "given", "last": "family"}, "web": {"e_mail": "email", "lname": "family"}},
            {
                "crm": {"Mail": "email", "last": "family_name"},
                "web": {"e_mail": "email", "lname": "family_name"},
            },
        ),
        ({"crm": {"Mail": "email"}, "web": {"email": "email"}}, {"crm": {"Mail": "email"}, "web": {}}),
        ({"crm": {"Mail": "email"}, "web": {"Mail": "email"}}, {"crm": {}, "web": {}}),
        ({"crm": {"Mail": "email"}, "web": {"age": "number"}}, {"crm": {}, "web": {}}),
        ({"crm": {"Mail": "email"}, "web": {"email": "number", "e_mail": "email"}}, {"crm": {}, "web": {}}),
        ({"crm": {"a": "email", "b": "email"}, "web": {"email": "email"}}, {"crm": {}, "web": {}}),
        ({"crm": {"a": "email", "b": "email"}, "web": {"c": "email"}}, {"crm": {}, "web": {}}),
        ({"crm": {"born": "birth"}, "web": {"dob": "birth"}, "app": {"x": "number"}},
         {"crm": {"born": "birth_date"}, "web": {"dob": "birth_date"}, "app": {}}),
        ({"crm": {"Mail": "email"}}, {"crm": {}}),
        ({"crm": {"Mail": "empty"}, "web": {"e_mail": "email"}}, {"crm": {}, "web": {}}),
    ],
    ids=str,
)  # fmt: skip
def test_columns_recognized_as_the_same_get_a_common_name(
    tables: dict[str, dict[str, str]], expected: dict[str, dict[str, str]]
) -> None:
    assert align_columns({source: table(**columns) for source, columns in tables.items()}) == expected


@pytest.mark.parametrize("ids", ["key", {"crm": "key", "web": "key"}])
def test_ids_are_not_aligned(ids: Any) -> None:
    tables = {"crm": table(key="email", Mail="email"), "web": table(key="email", e_mail="email")}
    assert align_columns(tables, id=ids) == {"crm": {"Mail": "email"}, "web": {"e_mail": "email"}}
    assert align_columns(tables) == {"crm": {}, "web": {}}
    assert align_columns(tables, id={"crm": "key"})["crm"] == {}


def test_sources_may_be_named_by_anything() -> None:
    assert align_columns({1: table(Mail="email"), 2: table(e_mail="email")}) == {
        "1": {"Mail": "email"},
        "2": {"e_mail": "email"},
    }


def test_differences_of_sources_are_told() -> None:
    tables = {
        "crm": {"Mail": ["a@x.com"], "age": [44], "vip": [None], "none": [None]},
        "web": {"e_mail": ["b@x.com"], "color": ["red"], "vip": [1]},
        "app": {"email": ["b@x.com"], "color": ["blue"]},
    }
    columns = {"crm": {"Mail": "email"}, "web": {"e_mail": "email"}}
    assert source_differences(Records.of(tables, columns=columns)) == (
        "columns were aligned: 'email' = 'Mail' (crm), 'e_mail' (web)",
        "columns have values in some sources only: 'age' (crm), 'vip' (web), 'color' (app, web)",
    )


@pytest.mark.parametrize(
    "records",
    [
        Records.of([]),
        Records.of({"a": ["x", None]}),
        Records.of({"a": ["x", "y"], "s": ["crm", "web"]}, source="s"),
        Records.of({"crm": {"a": ["x"]}, "web": {"a": ["y"], "b": [None]}}),
    ],
    ids=repr,
)
def test_sources_that_do_not_differ_need_no_word(records: Records) -> None:
    assert source_differences(records) == ()


def test_one_table_with_sources_is_told_apart_as_well() -> None:
    records = Records.of({"a": ["x", "y"], "b": [None, "z"], "s": ["crm", "web"]}, source="s")
    assert source_differences(records) == ("columns have values in some sources only: 'b' (web)",)
