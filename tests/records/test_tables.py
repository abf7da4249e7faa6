"""Any table in: what is accepted, how values become text, what is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.encoding import ELEMENT_SEPARATOR
from identigraph.errors import ColumnTypeError, ConfigurationError, UnsupportedInputError
from identigraph.records.tables import as_text, check_unique, is_mapping_of_tables, list_columns, read

DATA = {"id": [1, 2, 3], "name": ["Ann", None, "Cy"], "paid": [1.0, 2.5, None]}
TEXT = {"id": ["1", "2", "3"], "name": ["Ann", None, "Cy"], "paid": ["1", "2.5", None]}
FRAME = pl.DataFrame(DATA)
at = dt.datetime.fromisoformat

FORMS: dict[str, Callable[[], Any]] = {
    "polars": lambda: FRAME,
    "polars lazy": FRAME.lazy,
    "pandas": lambda: pd.DataFrame(DATA),
    "pandas by arrow": lambda: pd.DataFrame(DATA).convert_dtypes(dtype_backend="pyarrow"),
    "pandas nullable": lambda: pd.DataFrame(DATA).convert_dtypes(),
    "pyarrow table": FRAME.to_arrow,
    "pyarrow reader": lambda: FRAME.to_arrow().to_reader(),
    "pyarrow batch": lambda: FRAME.to_arrow().to_batches()[0],
    "duckdb": lambda: duckdb.sql("from (values (1, 'Ann', 1.0), (2, null, 2.5), (3, 'Cy', null)) t(id, name, paid)"),
    "dict of lists": lambda: DATA,
    "dict of arrays": lambda: {"id": np.array([1, 2, 3]), "name": DATA["name"], "paid": np.array([1, 2.5, np.nan])},
    "dict of series": lambda: {"id": pl.Series([1, 2, 3]), "name": pa.array(DATA["name"]),
                               "paid": pd.Series([1, 2.5, None])},
    "dict of iterables": lambda: {"id": range(1, 4), "name": iter(DATA["name"]), "paid": tuple(DATA["paid"])},
    "list of dicts": lambda: [{"id": 1, "name": "Ann", "paid": 1.0}, {"id": 2, "paid": 2.5}, {"id": 3, "name": "Cy"}],
}  # fmt: skip
FILES: dict[str, Callable[[Path], object]] = {
    "a.csv": FRAME.write_csv,
    "A.CSV": FRAME.write_csv,
    "a.tsv": lambda path: FRAME.write_csv(path, separator="\t"),
    "a.parquet": FRAME.write_parquet,
    "a.ndjson": FRAME.write_ndjson,
    "a.jsonl": FRAME.write_ndjson,
    "a.arrow": FRAME.write_ipc,
    "a.feather": FRAME.write_ipc,
}


class Color(enum.Enum):
    """An enumeration of numbers."""

    RED = 1


class Pair(NamedTuple):
    """A struct."""

    one: int
    other: int


class Marker:
    """An object without a text of its own."""


def text_of(values: Any, name: str = "c") -> list[str | None]:
    """Return a column of Python values as text."""
    return as_text(read({name: values})).to_series().to_list()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_in_any_form_is_the_same_text(form: str) -> None:
    assert as_text(read(FORMS[form]())).to_dict(as_series=False) == TEXT


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("name", FILES)
def test_the_same_table_in_any_file_is_the_same_text(name: str, kind: type, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    text = as_text(read(kind(tmp_path / name))).to_dict(as_series=False)
    if Path(name).suffix.lower() in {".csv", ".tsv"}:
        text["paid"] = [value and value.replace("1.0", "1") for value in text["paid"]]
    assert text == TEXT


def test_csv_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbfid,name,zip\n007,"Lee, Ann",01234\n8, ,""\n')
    table = as_text(read(tmp_path / "a.csv"))
    assert table.to_dict(as_series=False) == {"id": ["007", "8"], "name": ["Lee, Ann", None], "zip": ["01234", None]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, -2, 2**70], ["1", "-2", str(2**70)]),
        ([1.0, 2.5, -3.0, math.nan, 2_075_550_134.0], ["1", "2.5", "-3", None, "2075550134"]),
        ([True, False, None], ["true", "false", None]),
        ([dt.date(2020, 1, 2), None], ["2020-01-02", None]),
        ([at("2020-01-02"), at("2020-01-02T03:04:05")], ["2020-01-02", "2020-01-02 03:04:05"]),
        ([at("2020-01-02T03:04:05.000600")], ["2020-01-02 03:04:05.000600"]),
        ([at("2020-01-02T00:00Z")], ["2020-01-02"]),
        ([at("2020-01-02T03:00Z")], ["2020-01-02 03:00:00+00:00"]),
        ([dt.time(3, 4), None], ["03:04:00", None]),
        ([dt.timedelta(days=1), dt.timedelta(hours=5)], ["P1D", "PT5H"]),
        ([decimal.Decimal("1.50"), decimal.Decimal(2), decimal.Decimal("-0.25")], ["1.5", "2", "-0.25"]),
        ([uuid.UUID(int=1), None], ["00000000-0000-0000-0000-000000000001", None]),
        ([Color.RED, None], ["1", None]),
        (["a", "", " ", "\t\n", "\u00a0", None, " b "], ["a", None, None, None, None, None, " b "]),
        ([None, None], [None, None]),
        ([pd.NA, pd.NaT, "a"], [None, None, "a"]),
        ([pd.NaT, dt.date(2020, 1, 2)], [None, "2020-01-02"]),
        ([], []),
    ],
    ids=str,
)  # fmt: skip
def test_values_become_text(values: list[object], expected: list[str | None]) -> None:
    assert text_of(values) == expected


def test_values_of_mixed_types_become_text_by_the_same_rule() -> None:
    values = [1, "1", 1.0, 2.5, math.nan, True, np.False_, None, pd.NaT, pd.NA, dt.date(2020, 1, 2),
              at("2020-01-02"), at("2020-01-02T03:04+01:00"), decimal.Decimal("1.50"),
              uuid.UUID(int=2)]  # fmt: skip
    expected = ["1", "1", "1", "2.5", None, "true", "false", None, None, None, "2020-01-02",
                "2020-01-02", "2020-01-02 03:04:00+01:00", "1.5", str(uuid.UUID(int=2))]  # fmt: skip
    assert text_of(values) == expected
    assert as_text(read(pd.DataFrame({"c": pd.Series(values, dtype=object)}))).to_series().to_list() == expected
    assert as_text(read([{"c": value} for value in values])).to_series().to_list() == expected


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=3), st.dates(),
    st.integers(-(10**9), 10**9).map(float), st.just(math.nan),
    st.datetimes(min_value=at("1900-01-01"), max_value=at("2100-01-01")),
)  # fmt: skip


LISTED = [["b", "a", "b", None, " "], [], None, ["c"]]
LIST_FORMS: dict[str, Callable[[], Any]] = {
    "polars": lambda: pl.DataFrame({"c": LISTED}),
    "polars lazy": lambda: pl.LazyFrame({"c": LISTED}),
    "polars array": lambda: pl.DataFrame({"c": pl.Series(
        [["b", "a"], [None, None], None, ["c", "c"]], dtype=pl.Array(pl.String, 2))}),
    "polars categories": lambda: pl.DataFrame({"c": pl.Series(LISTED, dtype=pl.List(pl.Categorical))}),
    "pandas": lambda: pd.DataFrame({"c": LISTED}),
    "pandas of arrays": lambda: pd.DataFrame({"c": [v and np.array(v, dtype=object) for v in LISTED]}),
    "pandas by arrow": lambda: pd.DataFrame({"c": pd.Series(LISTED, dtype=pd.ArrowDtype(pa.list_(pa.string())))}),
    "pyarrow": lambda: pa.table({"c": LISTED}),
    "pyarrow large": lambda: pa.table({"c": pa.array(LISTED, type=pa.large_list(pa.string()))}),
    "duckdb": lambda: duckdb.sql("from (values (['b', 'a', 'b', null, ' ']), ([]), (null), (['c'])) t(c)"),
    "dict of lists": lambda: {"c": LISTED},
    "dict of tuples": lambda: {"c": [v if v is None else tuple(v) for v in LISTED]},
    "dict of sets": lambda: {"c": [v if v is None else set(v) for v in LISTED]},
    "dict of frozensets": lambda: {"c": (v if v is None else frozenset(v) for v in LISTED)},
    "dict of arrays": lambda: {"c": [np.array(["b", "a"]), np.array([]), np.nan, np.array(["c"])]},
    "dict of an array": lambda: {"c": np.array([["b", "a"], ["", ""], [None, None], ["c", None]], dtype=object)},
    "dict of series": lambda: {"c": pl.Series(LISTED)},
    "dict of arrow": lambda: {"c": pa.array(LISTED)},
    "dict of pandas": lambda: {"c": pd.Series(LISTED)},
    "lists and values": lambda: {"c": [["b", "a"], " ", np.nan, "c"]},
    "list of dicts": lambda: [{"c": ["a", "b"]}, {"c": []}, {}, {"c": "c"}],
    "pandas missing": lambda: pd.DataFrame({"c": [["a", pd.NA, "b"], pd.NA, float("nan"), ["c"]]}),
}  # fmt: skip


@pytest.mark.parametrize("form", LIST_FORMS)
def test_the_same_lists_in_any_form_are_the_same_text(form: str) -> None:
    table = read(LIST_FORMS[form]())
    assert list_columns(table) == {"c"}
    assert as_text(table).to_dict(as_series=False) == {"c": ["a\x1fb", None, None, "c"]}


@pytest.mark.parametrize("name", ["a.parquet", "a.ndjson", "a.arrow"])
def test_lists_are_read_from_files(name: str, tmp_path: Path) -> None:
    frame, path = pl.DataFrame({"c": LISTED}), tmp_path / name
    {"a.parquet": frame.write_parquet, "a.ndjson": frame.write_ndjson, "a.arrow": frame.write_ipc}[name](path)
    assert as_text(read(tmp_path / name)).to_series().to_list() == ["a\x1fb", None, None, "c"]


@given(st.lists(st.lists(scalars, max_size=4), min_size=1, max_size=6))
def test_elements_become_text_by_the_rule_of_values_in_order_without_blanks_and_repeats(lists: list[list[Any]]) -> None:
    texts = [
        {text_of([v.replace("\x1f", "") if isinstance(v, str) else v])[0] for v in held} - {None} for held in lists
    ]
    assert text_of(lists) == [ELEMENT_SEPARATOR.join(sorted(held)) or None for held in texts]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pl.Series([[10, 9, 10], []]), ["10\x1f9", None]),
        (pl.Series([[1.0, 2.5, math.nan]]), ["1\x1f2.5"]),
        (pl.Series([[True, None]]), ["true"]),
        (pl.Series([[dt.date(2020, 1, 2)]]), ["2020-01-02"]),
        (pl.Series([[], None], dtype=pl.List(pl.Null)), [None, None]),
        (pl.Series([], dtype=pl.List(pl.Int8)), []),
        (pl.Series([["a\x1fb", "\x1f", "ab"]]), ["ab"]),
        ([np.array(["2020-01-02", "NaT"], dtype="datetime64[ns]")], ["2020-01-02"]),
        (np.array(["2020-01-02", "NaT"], dtype="datetime64[ns]"), ["2020-01-02", None]),
        ([np.array(7), [Color.RED, 2]], ["7", "1\x1f2"]),
        ([[], ()], [None, None]),
    ],
    ids=str,
)
def test_lists_of_any_values_become_text(column: Any, expected: list[str | None]) -> None:
    assert text_of(column) == expected


@given(st.lists(scalars, min_size=1, max_size=8))
def test_the_text_of_a_value_does_not_depend_on_its_neighbors(values: list[Any]) -> None:
    assert text_of(values) == [text_of([value])[0] for value in values]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series(["a", None], dtype="string"), ["a", None]),
        (pd.Series(["a", None], dtype="str"), ["a", None]),
        (pd.Series(["a", None], dtype=object), ["a", None]),
        (pd.Series(["a", None], dtype="category"), ["a", None]),
        (pd.Series([1, 2], dtype="category"), ["1", "2"]),
        (pd.Series([1, None], dtype="Int64"), ["1", None]),
        (pd.Series([1, 2], dtype="Int64"), ["1", "2"]),
        (pd.Series([1, None], dtype="float32"), ["1", None]),
        (pd.Series([1, 2], dtype="uint8"), ["1", "2"]),
        (pd.Series([True, None], dtype="boolean"), ["true", None]),
        (pd.Series([True, False]), ["true", "false"]),
        (pd.Series(["2020-01-02", None], dtype="datetime64[s]"), ["2020-01-02", None]),
        (pd.Series(["2020-01-02T03:04", None], dtype="datetime64[ns]"), ["2020-01-02 03:04:00", None]),
        (pd.Series(["2020-01-02", None], dtype="datetime64[us, UTC]"), ["2020-01-02", None]),
        (pd.Series([pd.Timedelta(days=2), None]), ["P2D", None]),
        (pd.Series(pd.period_range("2020-01", periods=2, freq="M")), ["2020-01", "2020-02"]),
        (pd.Series([dt.date(2020, 1, 2), None]), ["2020-01-02", None]),
        (pd.Series([None, None]), [None, None]),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pd.Series) else "",
)
def test_a_pandas_column_becomes_text(column: Any, expected: list[str | None]) -> None:
    assert as_text(read(pd.DataFrame({"c": column}))).to_series().to_list() == expected
    assert text_of(column) == expected


def test_the_index_of_pandas_plays_no_part() -> None:
    frame = pd.DataFrame({"a": ["x", "y"]}, index=[7, 7])
    assert read(frame).to_dict(as_series=False) == {"a": ["x", "y"]}


@pytest.mark.parametrize(
    "nothing", [{}, [], pd.DataFrame(), pl.DataFrame(), pl.LazyFrame()], ids=lambda v: str(type(v))
)
def test_nothing_is_an_empty_table(nothing: object) -> None:
    assert as_text(read(nothing)).shape == (0, 0)


@pytest.mark.parametrize(
    "table",
    [
        {"a": ["x"], "tags": [[["b"]]]},
        {"tags": [None, {"b": 1}]},
        [{"tags": [{"b": 1}]}],
        {"tags": [({"b"},)]},
        {"tags": [["text"], Pair(1, 2)]},
        {"tags": [[Pair(1, 2)]]},
        {"tags": [b"b"]},
        {"tags": ["text", bytearray(b"b")]},
        {"tags": ["text", [b"b"]]},
        {"tags": [Marker()]},
        {"tags": [Marker(), "text"]},
        {"tags": [[Marker()]]},
        {"tags": np.zeros((2, 2, 2))},
        {"tags": np.zeros(2, dtype="i4,i4")},
        pd.DataFrame({"tags": [[["b"]]]}),
        pd.DataFrame({"tags": [np.array([[1]])]}),
        pl.DataFrame({"tags": [[["b"]]]}),
        pl.DataFrame({"tags": [[{"b": 1}]]}),
        pl.DataFrame({"tags": [[b"b"]]}),
        pl.DataFrame({"tags": pl.Series([[[1]]], dtype=pl.Array(pl.Int8, (1, 1)))}),
        pl.DataFrame({"tags": [{"b": 1}]}),
        pl.DataFrame({"tags": [b"b"]}),
        pl.DataFrame({"tags": pl.Series([Marker()], dtype=pl.Object)}),
        pa.table({"tags": [[["b"]]]}),
        pa.table({"tags": pa.array([[("b", 1)]], type=pa.map_(pa.string(), pa.int64()))}),
    ],
    ids=lambda table: f"{type(table).__module__} {str(table)[:30]}",
)
def test_what_has_no_plain_text_is_refused_by_column(table: object) -> None:
    with pytest.raises(ColumnTypeError, match=r"^column 'tags' has type .+, which has no plain text form; unnest it"):
        as_text(read(table))


@pytest.mark.parametrize(
    "data",
    [None, 1, ({"a": 1},), {"a"}, (row for row in [{"a": 1}]), np.zeros((2, 2)), object(), b"a.csv",
     pl.Series([1]), pd.Series([1]), pa.chunked_array([[1]])],
    ids=lambda data: type(data).__name__,
)  # fmt: skip
def test_what_is_no_table_is_refused_by_its_type(data: object) -> None:
    name = rf"{type(data).__module__}\.{type(data).__qualname__}"
    with pytest.raises(
        UnsupportedInputError, match=rf"^expected a table \(polars, pandas, .*\}}, got {name}$"
    ) as caught:
        read(data)
    assert caught.value.got is type(data)


def test_rows_must_be_dicts() -> None:
    with pytest.raises(UnsupportedInputError, match=r"^expected a list of dicts, one per record, got builtins\.tuple$"):
        read([{"a": 1}, (1,)])


@pytest.mark.parametrize("value", ["text", b"bytes", 1])
def test_a_column_must_be_a_column(value: object) -> None:
    with pytest.raises(UnsupportedInputError, match=r"^expected a column of values for 'a', got builtins\."):
        read({"a": value})


def test_columns_of_unequal_lengths_are_told_with_their_lengths() -> None:
    with pytest.raises(ConfigurationError, match=r"^columns have unequal lengths: 'a' 1, 'b' 1,200, 'c' 1$"):
        read({"a": [1], "b": range(1_200), "c": [1]})


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]),
        pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]).convert_dtypes(),
    ],
)
def test_columns_that_share_a_name_are_refused(data: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^column names occur more than once: 'a'; rename them$"):
        read(data)


@pytest.mark.parametrize("data", [pd.DataFrame([[1, 2]], columns=[1, "1"]), {1: [1], "1": [2]}, [{1: 1}, {"1": 2}]])
def test_names_that_are_equal_as_text_are_refused(data: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^column names occur more than once: '1'; rename them$"):
        read(data)


def test_names_that_are_no_text_become_text() -> None:
    assert read(pd.DataFrame([[1, 2]])).columns == ["0", "1"]
    assert read([{1: "a", None: "b"}]).to_dict(as_series=False) == {"1": ["a"], "None": ["b"]}
    assert read({1: ["a"]}).columns == ["1"]


def test_check_unique_tells_where() -> None:
    check_unique(["a", "b"])
    with pytest.raises(ConfigurationError, match=r"^column names occur more than once in crm: 'a', 'b'; rename them$"):
        check_unique(["b", "a", "b", "a", "c"], " in crm")


def test_a_path_must_exist_and_have_a_known_ending(tmp_path: Path) -> None:
    endings = r"\.csv, \.tsv, \.parquet, \.ndjson, \.jsonl, \.arrow, \.feather"
    for path in ("a.xlsx", "a", "a.csv.gz", ""):
        with pytest.raises(ConfigurationError, match=rf"^cannot read '{path}': its ending is none of {endings}$"):
            read(path)
    with pytest.raises(ConfigurationError, match=r"^there is no file '.*no\.csv'$"):
        read(tmp_path / "no.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"id,name\n1,a,b\n"),
        ("a.csv", "id,name\n1,José\n".encode("latin-1")),
        ("a.parquet", b"secret"),
        ("a.ndjson", b"secret"),
        ("a.arrow", b"secret"),
    ],
)
def test_a_broken_file_is_named_and_nothing_of_it_told(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    kind = name[2:].upper()
    with pytest.raises(ConfigurationError, match=rf"^cannot read '{name}' as {kind}: the file is empty or broken; "):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"crm": FRAME, "web": [{"a": 1}]}, True),
        ({"crm": "a.csv", "web": Path("b.parquet")}, True),
        ({"crm": pd.DataFrame(), "web": FRAME.to_arrow(), "app": FRAME.lazy(), "shop": {"a": [1]}}, True),
        ({"crm": FRAME.to_arrow().to_reader()}, True),
        ({"crm": FRAME, "web": []}, True),
        ({"crm": FRAME, "web": [1]}, False),
        ({"id": [1], "name": ["a"]}, False),
        ({"id": [], "name": []}, False),
        ({"id": pl.Series([1]), "name": pd.Series(["a"]), "b": pa.array([1])}, False),
        ({"id": "text"}, False),
        ({}, False),
        ([{"a": 1}], False),
        (FRAME, False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_mapping_of_tables_is_told_from_a_table(data: object, expected: bool) -> None:
    assert is_mapping_of_tables(data) is expected
