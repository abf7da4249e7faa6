"""Rows: content, ids and sources of one table and of several."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from identigraph.errors import (
    ColumnNotFoundError,
    ColumnTypeError,
    ConfigurationError,
    DuplicateIdError,
    NullIdError,
    UnsupportedInputError,
)
from identigraph.records.rows import NO_SOURCE, read_rows

CRM = {"id": [1, 2], "mail": ["a@x.com", "b@x.com"], "age": [44, None]}
WEB = {"no": ["1", "9"], "e_mail": ["a@x.com", " "]}


def keys(data: Any, **options: Any) -> list[tuple[str, Any]]:
    """Return (source, id) of each row."""
    rows = read_rows(data, **options)
    return list(zip(rows.sources, rows.ids, strict=True))


def test_without_id_and_source_rows_are_numbered() -> None:
    rows = read_rows(CRM)
    assert rows.ids.to_list() == [0, 1]
    assert rows.sources.to_list() == [NO_SOURCE] * 2
    assert rows.content.rows() == [("1", "a@x.com", "44"), ("2", "b@x.com", None)]
    assert (rows.has_ids, rows.has_sources) == (False, False)


def test_id_and_source_are_no_content() -> None:
    rows = read_rows(CRM, id="id", source="mail")
    assert rows.ids.to_list() == [1, 2]
    assert rows.sources.to_list() == ["a@x.com", "b@x.com"]
    assert rows.content.columns == ["age"]
    assert (rows.has_ids, rows.has_sources) == (True, True)


def test_rows_are_numbered_in_each_source() -> None:
    table = {"s": ["crm", "web", "crm", "crm", "web"]}
    assert keys(table, source="s") == [("crm", 0), ("web", 0), ("crm", 1), ("crm", 2), ("web", 1)]


def test_sources_become_text() -> None:
    assert keys({"s": [1, 1.5], "id": [1, 1]}, id="id", source="s") == [("1", 1), ("1.5", 1)]


@pytest.mark.parametrize("ids", [[1, 2], ["a", "b"], [1.5, 2.0], [dt.date(2020, 1, 1), dt.date(2020, 1, 2)]], ids=str)
def test_ids_keep_their_type(ids: list[object]) -> None:
    assert read_rows({"id": ids}, id="id").ids.to_list() == ids


def test_tables_of_several_sources_are_put_one_below_the_other() -> None:
    rows = read_rows({"crm": CRM, "web": WEB}, id={"crm": "id", "web": "no"}, columns={"web": {"e_mail": "mail"}})
    assert rows.sources.to_list() == ["crm", "crm", "web", "web"]
    assert rows.ids.to_list() == ["1", "2", "1", "9"]
    assert rows.content.to_dict(as_series=False) == {
        "mail": ["a@x.com", "b@x.com", "a@x.com", None],
        "age": ["44", None, None, None],
    }
    assert (rows.has_ids, rows.has_sources) == (True, True)


def test_tables_without_ids_are_numbered_each_by_itself() -> None:
    assert keys({"crm": CRM, "web": WEB}) == [("crm", 0), ("crm", 1), ("web", 0), ("web", 1)]
    assert not read_rows({"crm": CRM, "web": WEB}).has_ids
    assert keys({"crm": CRM, "web": WEB}, id={"crm": "id"}) == [("crm", 1), ("crm", 2), ("web", 0), ("web", 1)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2], [1, 3], [1, 2, 1, 3]),
        (pl.Series([1, 2], dtype=pl.Int32), [3], [1, 2, 3]),
        ([1, 2], ["1", "x"], ["1", "2", "1", "x"]),
        ([1, 2], [1.0, 2.5], ["1", "2", "1", "2.5"]),
        ([1, 2], [dt.date(2020, 1, 2)], ["1", "2", "2020-01-02"]),
        ([1, 2], pl.Series([], dtype=pl.String), [1, 2]),
        (pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Int64), []),
    ],
)
def test_ids_of_several_types_become_text(one: Any, other: Any, expected: list[object]) -> None:
    assert read_rows({"a": {"id": one}, "b": {"id": other}}, id="id").ids.to_list() == expected


def test_columns_of_several_types_become_text() -> None:
    tables = {"a": {"v": [1, None]}, "b": {"v": ["x"]}, "c": {"v": [True]}, "d": {"v": [None]}, "e": [], "f": {}}
    assert read_rows(tables).content.get_column("v").to_list() == ["1", None, "x", "true", None]


def test_columns_that_swap_names_are_swapped() -> None:
    swapped = read_rows({"crm": CRM}, columns={"crm": {"mail": "age", "age": "mail"}})
    assert swapped.content.select("mail", "age").rows() == [("44", "a@x.com"), (None, "b@x.com")]


@pytest.mark.parametrize("nothing", [[], {}, pl.DataFrame()], ids=str)
def test_no_rows_have_all_columns_that_are_asked_for(nothing: Any) -> None:
    rows = read_rows(nothing, id="id", source="s")
    assert rows.content.shape == (0, 0)
    assert len(rows.ids) == len(rows.sources) == 0
    several = read_rows({"crm": CRM, "web": nothing}, id="id", columns={"web": {"e_mail": "mail"}})
    assert several.ids.to_list() == [1, 2]
    assert several.content.columns == ["mail", "age"]


def test_a_renamed_id_column_is_an_id_still() -> None:
    rows = read_rows({"crm": CRM}, id="id", columns={"crm": {"id": "key", "mail": "email"}})
    assert rows.ids.to_list() == [1, 2]
    assert rows.content.columns == ["email", "age"]


def test_columns_of_lists_are_told_by_their_common_names() -> None:
    tables = {"crm": {"id": [1], "tags": [["b", "a"]]}, "web": {"id": [2], "tag": ["c"]}, "app": {"id": [3]}}
    rows = read_rows(tables, id="id", columns={"crm": {"tags": "t"}, "web": {"tag": "t"}})
    assert rows.lists == {"t"}
    assert rows.content.to_dict(as_series=False) == {"t": ["a\x1fb", "c", None]}
    assert read_rows({"t": [["a"]], "u": ["a"]}).lists == {"t"}


FAULTS: list[tuple[str, Any, dict[str, Any], type[Exception], str]] = [
    ("no id column", CRM, {"id": "Id_"}, ColumnNotFoundError, r"^no column 'Id_'; did you mean 'id'\?$"),
    (
        "no source column",
        CRM,
        {"source": "xyz"},
        ColumnNotFoundError,
        r"^no column 'xyz'; there are: 'id', 'mail', 'age'$",
    ),
    ("null ids", {"id": [1, None, 2]}, {"id": "id"}, NullIdError, r"^1 of 3 rows have no id in column 'id'; "),
    ("blank ids", {"id": ["a", " ", ""]}, {"id": "id"}, NullIdError, r"^2 of 3 rows have no id in column 'id'; "),
    (
        "not a number",
        {"id": [1.0, float("nan")]},
        {"id": "id"},
        NullIdError,
        r"^1 of 2 rows have no id in column 'id'; ",
    ),
    ("null source", {"s": ["a", None]}, {"source": "s"}, NullIdError, r"^1 of 2 rows have no source in column 's'; "),
    ("repeated ids", {"id": [3, 1, 3, 1, 2]}, {"id": "id"}, DuplicateIdError, r"^2 ids in column 'id' .*: '1', '3'; "),
    (
        "repeated in one source",
        {"id": [1, 1, 1], "s": ["a", "b", "b"]},
        {"id": "id", "source": "s"},
        DuplicateIdError,
        r"^1 id in column 'id' occurs more than once within a source: '1'; ",
    ),
    ("lists as ids", {"id": [[1], [2]]}, {"id": "id"}, ColumnTypeError, r"^column 'id' has type List\(Int64\)"),
    ("lists as sources", {"s": [["a"]]}, {"source": "s"}, ColumnTypeError, r"^column 's' has type List\(String\)"),
    ("ids by source", CRM, {"id": {"crm": "id"}}, ConfigurationError, r"^id and columns by source are for a mapping"),
    ("columns by source", CRM, {"columns": {}}, ConfigurationError, r"^id and columns by source are for a mapping"),
    (
        "id of no name",
        CRM,
        {"id": 0},
        UnsupportedInputError,
        r"^expected the name of a column as id, got builtins\.int$",
    ),
    (
        "source of no name",
        CRM,
        {"source": ["s"]},
        UnsupportedInputError,
        r"^expected the name of a column as source, got builtins\.list$",
    ),
    (
        "mapping and source",
        {"crm": CRM},
        {"source": "age"},
        ConfigurationError,
        r"^a mapping \{source: table\} names its sources itself; leave source=\.\.\. out$",
    ),
    (
        "id of an unknown source",
        {"crm": CRM, "web": WEB},
        {"id": {"wbe": "no"}},
        ColumnNotFoundError,
        r"^no source 'wbe'; did you mean 'web'\?$",
    ),
    (
        "columns of an unknown source",
        {"crm": CRM, "web": WEB},
        {"columns": {"shop": {"no": "id"}}},
        ColumnNotFoundError,
        r"^no source 'shop'; there are: 'crm', 'web'$",
    ),
    (
        "an id that one table lacks",
        {"crm": CRM, "web": WEB},
        {"id": "id"},
        ColumnNotFoundError,
        r"^no column 'id' in source 'web'; there are: 'no', 'e_mail'$",
    ),
    (
        "a renamed column that the table lacks",
        {"crm": CRM, "web": WEB},
        {"columns": {"web": {"email": "mail"}}},
        ColumnNotFoundError,
        r"^no column 'email' in source 'web'; did you mean 'e_mail'\?$",
    ),
    (
        "two columns of one name",
        {"crm": CRM},
        {"columns": {"crm": {"mail": "age"}}},
        ConfigurationError,
        r"^column names occur more than once in source 'crm': 'age'; rename them$",
    ),
    (
        "null ids in one table",
        {"crm": CRM, "web": {"id": [None, 2]}},
        {"id": "id"},
        NullIdError,
        r"^1 of 2 rows have no id in column 'id'; ",
    ),
    (
        "repeated ids in one table",
        {"crm": CRM, "web": {"id": [7, 7]}},
        {"id": "id"},
        DuplicateIdError,
        r"^1 id in column 'id' occurs more than once within a source: '7'; ",
    ),
]


@pytest.mark.parametrize(("data", "options", "error", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_told(data: Any, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_rows(data, **options)


def test_ids_that_recur_in_other_sources_are_fine() -> None:
    assert keys({"id": [1, 1], "s": ["a", "b"]}, id="id", source="s") == [("a", 1), ("b", 1)]
    assert keys({"a": {"id": [1]}, "b": {"id": [1]}}, id="id") == [("a", 1), ("b", 1)]
