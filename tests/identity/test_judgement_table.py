"""Logs as tables: one row per record, whatever the file, and what is no such table."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from made_judgements import START, day

from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    JudgementConflictError,
    UnknownJudgementError,
    UnsupportedInputError,
)
from identigraph.identity import Judgement, JudgementLog
from identigraph.identity.judgement_table import SCHEMA

LOG = (
    JudgementLog()
    .split([("crm", 1), ("crm", 2)], [("web", "a")], at=START, author="ann", reason="two people", expires=day(9))
    .pin([("crm", 1)], "C-1", at=day(1))
    .revoke(1, at=day(2), author="bob", reason="was wrong")
)
ROWS = [
    (1, "split", 0, "crm", "1", None, None, "ann", "two people", START, day(9)),
    (1, "split", 0, "crm", "2", None, None, "ann", "two people", START, day(9)),
    (1, "split", 1, "web", "a", None, None, "ann", "two people", START, day(9)),
    (2, "pin", 0, "crm", "1", "C-1", None, "", "", day(1), None),
    (3, "revoke", None, None, None, None, 1, "bob", "was wrong", day(2), None),
]


def test_a_table_has_a_row_per_record_of_a_judgement_and_one_per_revocation() -> None:
    assert LOG.table.name == "judgements"
    assert LOG.table.to_polars().rows() == ROWS
    assert dict(LOG.table.to_polars().schema) == SCHEMA


def test_rows_since_are_those_of_later_entries() -> None:
    assert LOG.since(1).to_polars().rows() == ROWS[3:]
    assert LOG.since(3).to_polars().rows() == []
    assert LOG.since(3).to_polars().schema == LOG.table.to_polars().schema
    assert JudgementLog().table.to_polars().schema == LOG.table.to_polars().schema


@pytest.mark.parametrize("ending", ["parquet", "ndjson", "csv"])
def test_a_log_is_read_back_from_a_file(tmp_path, ending) -> None:
    path = LOG.table.write(tmp_path / f"log.{ending}")
    assert JudgementLog.of(path) == JudgementLog.of(str(path)) == LOG


def test_an_empty_log_is_read_back() -> None:
    assert JudgementLog.of(JudgementLog().table) == JudgementLog()


def test_rows_of_groups_may_be_mixed() -> None:
    log = JudgementLog().split(list("abc"), list("def"), at=START)
    mixed = log.table.to_polars()[[0, 3, 1, 4, 2, 5]]
    assert JudgementLog.of(mixed) == JudgementLog.of(mixed.reverse()) == log


def test_a_table_written_by_hand_may_leave_out_what_it_does_not_say() -> None:
    table = {
        "id": [1.0, 1.0, 2.0],
        "kind": ["must_link", "must_link", "lock"],
        "group": [0, 0, 0],
        "source": [None, "crm", "crm"],
        "record_id": [7, 8, 9],
        "at": ["2026-01-01T00:00Z", "2026-01-01T00:00Z", "2026-01-02T01:00+01:00"],
    }
    assert JudgementLog.of(table).entries == (
        Judgement(1, "must_link", [[("", 7), ("crm", 8)]], at=START),
        Judgement(2, "lock", [[("crm", 9)]], at=day(1)),
    )


def test_rows_without_groups_are_of_one() -> None:
    table = LOG.table.to_polars().filter(kind="pin").with_columns(id=pl.lit(1), group=None)
    assert JudgementLog.of(table).entries == (Judgement(1, "pin", [[("crm", 1)]], at=day(1), entity_id="C-1"),)


@pytest.mark.parametrize("name", ["id", "kind", "group", "source", "record_id", "at"])
def test_a_column_that_is_missing_is_told(name) -> None:
    with pytest.raises(ColumnNotFoundError, match=f"no column '{name}' in the judgements"):
        JudgementLog.of(LOG.table.to_polars().drop(name))


def test_what_is_no_table_is_told() -> None:
    with pytest.raises(UnsupportedInputError, match="a table"):
        JudgementLog.of(7)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": pl.lit("must-link")}, "a judgement is one of 'must_link', .*; got 'must-link'"),
        ({"kind": pl.lit(None, dtype=pl.String)}, "5 of 5 rows of the judgements have no 'kind'"),
        ({"id": pl.lit(None, dtype=pl.Int64)}, "5 of 5 rows of the judgements have no 'id'"),
        ({"at": pl.lit(None, dtype=pl.String)}, "5 of 5 rows of the judgements have no 'at'"),
        ({"id": pl.lit("one")}, "5 of 5 rows of the judgements have no number in 'id'"),
        ({"group": pl.lit("x")}, "rows of the judgements have no number in 'group'"),
        ({"revokes": pl.when(pl.col("id") == 3).then(pl.lit("x"))}, "1 of 5 rows of the judgements have no number in"),
        ({"author": pl.int_range(5).cast(pl.String)}, "rows of one entry of the judgements differ in more than"),
        ({"at": pl.lit("yesterday")}, "entry 1 of the judgements has no time with a time zone, such as '2026-01-31T"),
        ({"expires": pl.lit("never")}, "entry 1 of the judgements has no time with a time zone"),
        ({"at": pl.lit("2026-01-01T00:00")}, "a time zone"),
        ({"at": pl.lit(datetime(2026, 1, 1))}, "a time zone"),  # noqa: DTZ001
        ({"id": pl.col("id") + 1}, "entries of a log are numbered from 1 on, got 2 in place 1"),
        ({"id": pl.col("id").replace(3, 4)}, "got 4 in place 3"),
        ({"record_id": pl.lit("a"), "source": pl.lit("crm")}, "itself"),
        ({"record_id": pl.lit(" ")}, "blank"),
        ({"entity_id": pl.lit("X")}, "'split' names no entity"),
        ({"entity_id": pl.lit("")}, "'pin' needs the id of an entity"),
        ({"expires": pl.lit(START)}, "a judgement expires after it was made"),
    ],
)
def test_rows_that_are_no_judgements_are_told(changed, told) -> None:
    with pytest.raises(ConfigurationError, match=told):
        JudgementLog.of(LOG.table.to_polars().with_columns(**changed))


@pytest.mark.parametrize("revokes", [None, 3, 4, 0])
def test_a_revocation_of_what_is_no_judgement_before_it_is_told(revokes) -> None:
    number = pl.when(pl.col("id") == 3).then(pl.lit(revokes, dtype=pl.Int64))
    with pytest.raises(UnknownJudgementError, match=f"no judgement {revokes} in a log of 2 entries"):
        JudgementLog.of(LOG.table.to_polars().with_columns(revokes=number))


def test_a_judgement_that_is_revoked_twice_is_told() -> None:
    table = LOG.table.to_polars()
    again = table.filter(pl.col("id") == 3).with_columns(id=pl.lit(4, dtype=pl.Int64))
    with pytest.raises(ConfigurationError, match="judgement 1 is revoked already, by entry 3"):
        JudgementLog.of(pl.concat([table, again]))


def test_contradictions_of_a_table_written_by_hand_are_told_when_rulings_are_made() -> None:
    table = {
        "id": [1, 1, 2, 2],
        "kind": ["must_link", "must_link", "cannot_link", "cannot_link"],
        "group": [0, 0, 0, 1],
        "source": [""] * 4,
        "record_id": ["a", "b"] * 2,
        "at": [datetime(2026, 1, 1, tzinfo=UTC)] * 4,
    }
    log = JudgementLog.of(table)
    with pytest.raises(JudgementConflictError, match="cannot_link 2 keeps apart what must_link 1 joins"):
        log.rulings(START)
