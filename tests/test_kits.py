"""Kits: one kind of field alone, on a value or on a column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph.blocking.offering import offered
from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.fields import Email, FieldKind
from identigraph.kits import KINDS, Counts, Kit, kit

ALONE = [
    kit("address"), kit("email"), kit("free_text"), kit("identifier"), kit("identifier", scheme="luhn"),
    kit("organisation"), kit("phone"), kit("phone", region="GB"), kit("postcode"), kit("url"),
]  # fmt: skip
"""Of kinds that read each value for itself."""
SAMPLES = [
    "Ann Lee", "ann@x.com", "020 7946 0958", "+44 20 7946 0958 x1", "SW1A 1AA", "4111111111111111", "Acme Ltd",
    "x.com/A", "12 High St, London", "n/a", "", " ", None, "?", "1990-02-30",
]  # fmt: skip

values_ = st.one_of(st.sampled_from(SAMPLES), st.text(max_size=10), st.none())


class Loud:
    """A caller's own kind, which cannot check and write values, and makes one part of two in its second role only."""

    per_source: ClassVar[bool] = False
    parts = ("", "size")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column."""
        return {"word": name}

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the values in capitals, null without a letter."""
        assert role == "word"
        return values.str.to_uppercase().set(~values.str.contains("[a-z]"), None).to_frame("")


@attrs.frozen
class Counting:
    """An e-mail kind that remembers what it was given."""

    seen: list[list[str]]
    per_source: ClassVar[bool] = False
    parts = Email().parts

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column."""
        return {"column": name}

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the parts of an e-mail address."""
        self.seen.append(values.to_list())
        return Email().normalize(role, values)


@pytest.mark.parametrize("tool", ALONE, ids=repr)
@settings(max_examples=settings.default.max_examples // 6)
@given(values=st.lists(values_, min_size=1, max_size=6))
def test_a_value_alone_is_read_as_in_a_column(tool: Kit, values: list[str | None]) -> None:
    for method in (tool.normalize, tool.valid, tool.format, tool.tokens):
        assert method(values).to_list() == [method(value) for value in values]
    assert tool.parts(values).rows(named=True) == [tool.parts(value) for value in values]


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=settings.default.max_examples // 6)
@given(values=st.lists(values_, max_size=8))
def test_a_column_is_read_as_by_records(name: str, values: list[str | None]) -> None:
    """The main part, and what is counted, are those of a field of records that reads whole values."""
    whole = {"full": "v"} if hasattr(KINDS[name](), "full") else {}
    records = ig.Records.of({"n": range(len(values)), "v": pl.Series(values, dtype=pl.String)})
    records = records.with_fields({"v": KINDS[name](**whole)})
    order = np.argsort(records.position)
    if name != "date":
        assert kit(name).normalize(values).to_list() == records.column("v").decoded().gather(order).to_list()
    counts, report = kit(name).count(values), records.field_report("v")
    assert (counts.values, counts.values - counts.missing) == (len(values), report.present)
    assert counts.unparsed >= report.unparsed
    valid = kit(name).valid(values)
    assert counts.invalid == valid.eq(other=False).sum()
    assert counts.missing == valid.null_count()
    assert counts.unparsed <= counts.invalid


COLUMNS = {
    "list": ["A@x.com", None, "no"],
    "tuple": ("A@x.com", None, "no"),
    "polars": pl.Series("mail", ["A@x.com", None, "no"]),
    "categorical": pl.Series("mail", ["A@x.com", None, "no"], dtype=pl.Categorical),
    "pandas": pd.Series(["A@x.com", None, "no"], name="mail", index=[7, 7, 2]),
    "numpy": np.array(["A@x.com", None, "no"], dtype=object),
    "arrow": pa.array(["A@x.com", None, "no"]),
    "chunks": pa.chunked_array([["A@x.com", None], ["no"]]),
}


@pytest.mark.parametrize("form", COLUMNS)
def test_columns_of_any_form_are_read(form: str) -> None:
    column: Any = COLUMNS[form]
    tool = kit("email")
    name = "mail" if form in {"polars", "categorical", "pandas"} else ""
    assert tool.normalize(column).equals(pl.Series(name, ["a@x.com", None, None]), check_names=True)
    assert tool.valid(column).equals(pl.Series(name, [True, None, False]), check_names=True)
    assert tool.format(column).equals(pl.Series(name, ["a@x.com", None, None]), check_names=True)
    assert tool.tokens(column).to_list() == [["a", "x", "com"], None, None]
    assert tool.parts(column)["domain"].to_list() == ["x.com", None, None]
    assert tool.count(column) == Counts(values=3, missing=1, unparsed=1, invalid=1, distinct=1)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("column", [[], [None, " "], pl.Series("v", [], dtype=pl.String), pl.Series([None])], ids=repr)
def test_a_column_without_a_value_gives_nulls(name: str, column: Any) -> None:
    tool = kit(name)
    nulls = [None] * len(column)
    for method in (tool.normalize, tool.valid, tool.format, tool.tokens):
        assert method(column).to_list() == nulls
    assert tool.parts(column).shape == (len(column), len(tool.kind.parts))
    assert tool.count(column) == Counts(len(column), len(column), 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "value", "normalized"),
    [
        ("identifier", 1042, "1042"),
        ("number", 12.50, "12.5"),
        ("number", Decimal("12.50"), "12.5"),
        ("date", date(1990, 3, 15), "1990-03-15"),
        ("date", datetime(1990, 3, 15, 10, 30), "1990-03-15"),  # noqa: DTZ001 - dates of birth have no zone
        ("date", np.datetime64("1990-03-15"), "1990-03-15"),
        ("date", np.datetime64("1990-03-15", "ns"), "1990-03-15"),
        ("date", np.datetime64("NaT", "D"), None),
        ("category", True, "true"),
        ("identifier", np.int64(7), "7"),
        ("identifier", np.array(7), "7"),
        ("number", float("nan"), None),
        ("email", None, None),
        ("email", " ", None),
    ],
)
def test_one_value_of_any_type_is_read_as_text(name: str, value: Any, normalized: str | None) -> None:
    assert kit(name).normalize(value) == normalized


def test_a_value_that_is_null_is_neither_valid_nor_not() -> None:
    tool = kit("email")
    assert [tool.valid(value) for value in ("ann@x.com", "ann", " ", None)] == [True, False, None, None]
    assert tool.tokens(None) is None
    assert tool.parts(None) == dict.fromkeys(Email().parts)


@pytest.mark.parametrize(
    "values",
    [b"x", {"a": 1}, {"x"}, frozenset("x"), [["x"], ["y"]], pl.Series([["x"]]), pl.DataFrame({"a": ["x"]}),
     pd.DataFrame({"a": ["x"]}), pa.table({"a": ["x"]}), np.array([["x"]])],
    ids=lambda values: type(values).__name__,
)  # fmt: skip
def test_what_is_neither_a_value_nor_a_column_is_refused(values: Any) -> None:
    with pytest.raises(UnsupportedInputError, match="a value, or a column of values"):
        kit("email").normalize(values)


def test_one_value_has_no_counts() -> None:
    with pytest.raises(UnsupportedInputError, match="a column of values"):
        kit("email").count("ann@x.com")  # type: ignore[arg-type]


def test_each_distinct_value_is_read_once() -> None:
    kind = Counting([])
    assert kit(kind).normalize(["b@x.com", "a@x.com", None, "b@x.com"]).to_list()[3] == "b@x.com"
    assert kind.seen == [["a@x.com", "b@x.com"]]


def test_the_words_of_addresses_are_cut_at_marks_and_those_of_others_at_spaces() -> None:
    assert kit("url").tokens("acme-x.com/a_b") == ["acme", "x", "com", "a", "b"]
    assert kit("email").tokens("ann.lee-2@x.com") == ["ann", "lee", "2", "x", "com"]
    assert kit("date").tokens("15 March 1990") == ["1990-03-15"]
    assert kit("number").tokens("-12.5") == ["-12.5"]
    assert kit("person_name").tokens("O'Neil, Mary-Ann") == ["mary", "ann", "oneil"]


def test_kinds_that_read_several_columns_take_whole_values() -> None:
    assert kit("address").parts("12 High St, London, SW1A 1AA")["postcode"] == "sw1a1aa"
    names = kit(ig.fields.PersonName(given="fn", family="ln"))
    assert names.parts("Lee, Ann")["family"] == "lee"


def test_a_kind_of_ones_own_needs_neither_check_nor_writing() -> None:
    tool = kit(Loud())
    assert tool.normalize(["a", "1"]).to_list() == ["A", None]
    assert tool.valid(["a", "1"]).to_list() == [True, False]
    assert tool.format(["a", "1"]).to_list() == ["A", None]
    assert tool.parts("a") == {"": "A", "size": None}
    assert tool.keys("word") == (ig.block_on("word"),)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_kit_by_its_name_with_the_keys_that_blocking_offers(name: str) -> None:
    tool = kit(name)
    assert type(tool.kind).__name__.lower() == name.replace("_", "")
    assert isinstance(tool.kind, FieldKind)
    assert tool.keys("f") == tuple(ig.block_on(feature) for feature in offered("f", tool.kind))
    assert tool.keys("f")


def test_all_kinds_of_fields_have_a_kit() -> None:
    kinds = {name for name in ig.fields.__all__ if name not in {"CheckedKind", "FieldKind", "Orders", "SettlingKind"}}
    assert {kind.__name__ for kind in KINDS.values()} == kinds


def test_options_go_to_the_kind() -> None:
    assert kit("phone", region="gb") == Kit(ig.fields.Phone(region="GB"))
    assert kit(Email("mail")) == Kit(Email("mail"))
    assert repr(kit("phone", region="gb")) == "Kit(Phone(region='GB'))"


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("emial", {}, "no kind 'emial'; did you mean 'email'?"),
        ("Person name", {}, "did you mean 'person_name'"),
        ("zzz", {}, "there are: address, category, .*, url"),
        ("email", {"region": "GB"}, "kind 'email' has no option 'region'; there are: column"),
        ("phone", {"region": "UK"}, "region must be a two-letter"),
        (Email(), {"column": "mail"}, r"give them to Email\(\) itself"),
    ],
)
def test_unknown_kinds_and_options_are_refused(kind: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        kit(kind, **options)
