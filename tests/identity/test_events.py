"""Events are values, and come back from files."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import polars as pl
import pytest
from made_histories import KEYS, lived

from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.identity import Events
from identigraph.identity.events import as_time

HISTORY = [dict.fromkeys(KEYS, 0), {KEYS[0]: 0, KEYS[1]: 1}, dict.fromkeys(KEYS, 0), dict.fromkeys(KEYS[2:], 0)]


def test_events_are_a_sequence() -> None:
    events = lived(HISTORY).events
    assert repr(events) == "<Events: 2 shrank, 1 split, 2 created, 1 merged, 1 grew>"
    assert events.counts == {"shrank": 2, "split": 1, "created": 2, "merged": 1, "grew": 1}
    assert [event.change for event in events] == sorted(event.change for event in events)
    assert events[:2] + events[2:] == events
    assert events[0] == events.of_kind("created")[0]
    assert repr(Events()) == "<Events: none>"
    assert "created" in events._repr_html_()


@pytest.mark.parametrize("ending", ["parquet", "ndjson"])
def test_events_come_back_from_a_file(tmp_path, ending) -> None:
    events = lived(HISTORY).events
    assert Events.of(events.table.write(tmp_path / f"events.{ending}")) == events


def test_no_event_has_a_table_as_well() -> None:
    assert Events.of(Events().table) == Events()


def test_a_table_that_holds_no_events_is_refused(tmp_path) -> None:
    table = lived(HISTORY).events.table
    frame = table.to_polars()
    with pytest.raises(ColumnNotFoundError, match="no column 'at' in the events"):
        Events.of(frame.drop("at"))
    with pytest.raises(ConfigurationError, match="there are no events of kind 'vanished'; there are: shrank, "):
        Events.of(frame.with_columns(kind=pl.lit("vanished")))
    with pytest.raises(ConfigurationError, match="column 'other_ids' of the events holds no lists"):
        Events.of(table.write(tmp_path / "events.csv"))
    with pytest.raises(ConfigurationError, match="at has no time zone"):
        Events.of(frame.with_columns(at=pl.lit("2026-03-02T00:00")))


def test_records_can_be_left_out() -> None:
    events = lived(HISTORY).events
    without = events.without([KEYS[0]])
    assert all(KEYS[0] not in event.records for event in without)
    assert [event.kind for event in without] == [event.kind for event in events]
    assert events.without([("crm", "none")]) == events


def test_times_are_in_utc_and_have_a_zone() -> None:
    east = timezone(timedelta(hours=3))
    assert as_time(datetime(2026, 3, 2, 3, tzinfo=east)).isoformat() == "2026-03-02T00:00:00+00:00"
    with pytest.raises(ConfigurationError, match="at has no time zone; give one, for example datetime"):
        as_time(datetime(2026, 3, 2))  # noqa: DTZ001
