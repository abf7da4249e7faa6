"""Pairs listed by ids: any table in, row numbers out, and what names no record or no two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.errors import ConfigurationError, UnknownIdError, UnsupportedInputError
from identigraph.records.id_pairs import IdPairs

NAMED = {"left_id": [7, 9], "right_id": [8, 7]}
RECORDS = Records.of({"id": [7, 8, 9, 10], "name": ["ann", "anne", "bob", "cy"]}, id="id")
TWO = Records.of({"crm": {"id": [1, 2, 3], "a": list("xyz")}, "web": {"id": [1, 2, 4], "a": list("uvw")}}, id="id")


def named(records: Records, pairs: IdPairs) -> list[tuple[Any, Any]]:
    """Return the ids of the rows that pairs have, with their sources where there are several."""
    sides = [records.row_keys(rows).rows() for rows in pairs.rows(records)]
    if len(records.sources.values) == 1:
        sides = [[id_ for _, id_ in side] for side in sides]
    return list(zip(*sides, strict=True))


@pytest.mark.parametrize(
    "pairs",
    [
        [(7, 8), (9, 7)],
        ([7, 8], [9, 7]),
        [("7", "8"), ("9", "7")],
        [(7.0, 8), ("9", 7)],
        NAMED,
        [{"left_id": 7, "right_id": 8}, {"right_id": 7, "left_id": 9, "why": "told"}],
        pl.DataFrame({"score": [1, 0], **NAMED}),
        pl.LazyFrame(NAMED),
        pd.DataFrame(NAMED),
    ],
    ids=lambda pairs: type(pairs).__name__,
)
def test_pairs_of_any_form_are_rows_in_their_order_and_with_their_sides(pairs: Any) -> None:
    read = IdPairs.of(pairs)
    assert read.table.rows() == [("7", "8"), ("9", "7")]
    assert read.table.columns == ["left_id", "right_id"]
    assert (len(read), repr(read)) == (2, "<IdPairs: 2>")
    assert named(RECORDS, read) == [(7, 8), (9, 7)]
    left, right = read.rows(RECORDS)
    assert left.dtype == right.dtype == np.int32


def test_pairs_are_read_from_files(tmp_path: Path) -> None:
    pl.DataFrame(NAMED).write_csv(tmp_path / "pairs.csv")
    assert named(RECORDS, IdPairs.of(str(tmp_path / "pairs.csv"))) == [(7, 8), (9, 7)]


@given(st.lists(st.sampled_from([(7, 8), (8, 9), (10, 7), (9, 8)]), max_size=6))
def test_pairs_may_be_none_and_may_come_again(pairs: list[tuple[int, int]]) -> None:
    assert named(RECORDS, IdPairs.of(pairs)) == pairs


def test_sources_tell_records_of_one_id_apart() -> None:
    pairs = IdPairs.of(
        {"left_id": [1, 3], "left_source": ["crm", "crm"], "right_id": [1, 2], "right_source": ["web", "crm"]}
    )
    assert named(TWO, pairs) == [(("crm", 1), ("web", 1)), (("crm", 3), ("crm", 2))]


def test_ids_of_one_source_alone_need_none() -> None:
    assert named(TWO, IdPairs.of([(3, 4)])) == [(("crm", 3), ("web", 4))]


def test_ids_that_several_sources_have_are_counted() -> None:
    message = r"^2 ids of own pairs belong to records of several sources; add 'left_source' and 'right_source'$"
    with pytest.raises(ConfigurationError, match=message):
        IdPairs.of([(1, 4), (2, 4), (1, 3)]).rows(TWO)
    with pytest.raises(ConfigurationError, match=r"^1 ids of labels belong"):
        IdPairs.of([(4, 1)]).rows(TWO, what="labels")


def test_ids_that_no_record_has_are_named_and_counted() -> None:
    with pytest.raises(UnknownIdError, match=r"^3 of 4 ids name no record: '1', '5'; ") as caught:
        IdPairs.of([(5, 7), (7, 8), (5, 9), (1, 9)]).rows(RECORDS)
    assert (caught.value.ids, caught.value.count, caught.value.total) == (("1", "5"), 3, 4)
    with pytest.raises(UnknownIdError, match=r"^1 of 1 id"):
        IdPairs.of([(7, 5)]).rows(RECORDS)
    elsewhere = {"left_id": [3], "left_source": ["web"], "right_id": [1], "right_source": ["crm"]}
    with pytest.raises(UnknownIdError):
        IdPairs.of(elsewhere).rows(TWO)


def test_a_record_paired_with_itself_is_counted() -> None:
    with pytest.raises(ConfigurationError, match=r"^2 of 3 pairs join a record with itself$"):
        IdPairs.of([(7, 7), (7, 8), (9, 9)]).rows(RECORDS)


@pytest.mark.parametrize(
    ("pairs", "got"),
    [
        ({"left_id": [1]}, "'left_id'"),
        ({"left": [1], "right": [2]}, "'left', 'right'"),
        ({**NAMED, "left_source": ["a", "b"]}, "'left_id', 'right_id', 'left_source'"),
        ({**NAMED, "right_source": ["a", "b"]}, "'left_id', 'right_id', 'right_source'"),
    ],
)
def test_columns_that_are_missing_are_told_with_those_there(pairs: Any, got: str) -> None:
    told = "'left_id' and 'right_id', and may have both 'left_source' and 'right_source'"
    message = f"^labels need the columns {told}; got {got}$"
    with pytest.raises(ConfigurationError, match=message):
        IdPairs.of(pairs, what="labels")


def test_missing_ids_and_sources_are_counted() -> None:
    with pytest.raises(ConfigurationError, match=r"^own pairs have 2 missing ids or sources; drop these rows$"):
        IdPairs.of([(7, None), (" ", 8), (7, 8)])
    with pytest.raises(ConfigurationError, match=r"^labels have 1 missing ids or sources; drop these rows$"):
        IdPairs.of({**NAMED, "left_source": ["a", None], "right_source": ["a", "b"]}, what="labels")


@pytest.mark.parametrize("wrong", [None, 7, [(1, 2, 3)], [1, 2]], ids=repr)
def test_what_is_no_table_is_refused(wrong: Any) -> None:
    with pytest.raises(UnsupportedInputError):
        IdPairs.of(wrong)
