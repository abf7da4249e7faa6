"""Placeholders: values that strangers share far more often than usual."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from identigraph.encoding import encode
from identigraph.fields import Category, Date, Email, Identifier, PersonName, Phone
from identigraph.records import Records
from identigraph.records.placeholders import placeholders

PEOPLE = 120


def column(stem: str, each: int, rows: int = PEOPLE) -> pl.Series:
    """Return a column where each value is carried by so many neighbors."""
    return pl.Series([f"{stem}{i // each}" for i in range(rows)])


def found(
    kind: Any, spike: int, *, value: str = "none given", others: tuple[pl.Series, ...] | None = None
) -> list[str]:
    """Return the placeholders of a column whose last records carry one value."""
    main = encode(pl.concat([column("v", 2, PEOPLE - spike), pl.Series([value] * spike)]))
    others = (column("name", 1), column("street", 2)) if others is None else others
    return main.values.filter(pl.Series(placeholders(kind, main, others))).to_list()


@pytest.mark.parametrize("kind", [Identifier(), Email(), Phone()])
def test_a_value_that_many_strangers_share_is_a_placeholder(kind: Any) -> None:
    assert found(kind, 20) == ["none given"]
    assert found(kind, 10) == ["none given"]
    assert found(kind, 9) == []


def test_dates_and_names_need_more() -> None:
    assert found(PersonName(), 20) == ["none given"]
    assert found(PersonName(), 19) == []
    assert found(Date(), 20, value="1899-12-30") == ["1899-12-30"]
    assert found(Date(), 20, value="1980") == []
    assert found(Date(), 20, value="1980-01-01") == []


def test_kinds_that_many_share_by_right_have_none() -> None:
    assert found(Category(), 60) == []


def test_what_one_entity_carries_often_is_none() -> None:
    """All carriers have one name, or one street."""
    same = pl.concat([column("name", 2, PEOPLE - 20), pl.Series(["ann"] * 20)])
    assert found(Identifier(), 20, others=(same, column("street", 3))) == []
    assert found(Identifier(), 20, others=(column("name", 2), same)) == []


def test_placeholders_of_another_column_are_no_agreement() -> None:
    also = pl.concat([column("mail", 2, PEOPLE - 20), pl.Series(["no@mail"] * 20)])
    assert found(Identifier(), 20, others=(column("name", 2), column("street", 3), also)) == ["none given"]


def test_nothing_is_told_without_two_telling_columns() -> None:
    assert found(Identifier(), 20, others=()) == []
    assert found(Identifier(), 20, others=(column("name", 2),)) == []
    assert found(Identifier(), 20, others=(column("name", 2), column("land", 60))) == []
    empty = pl.concat([column("phone", 2, PEOPLE - 20), pl.Series([None] * 20, dtype=pl.String)])
    assert found(Identifier(), 20, others=(column("name", 2), empty)) == []


def test_what_is_usual_is_no_placeholder() -> None:
    """Of 21 and more values with as many carriers, none stands out."""
    main = encode(column("v", 10, 300))
    assert not placeholders(Identifier(), main, (column("name", 2, 300), column("street", 3, 300))).any()


def test_placeholders_are_left_out_and_counted() -> None:
    table = {"doc": [*column("v", 2, PEOPLE - 20), *["ask again"] * 20], "name": [*column("name", 2)],
             "street": [*column("street", 3)]}  # fmt: skip
    records = Records.of(table, fields={"doc": Identifier()})
    assert records.field_report("doc").defaults == 20
    assert "askagain" not in records.column("doc").values
    assert records.column("doc").present == PEOPLE - 20
