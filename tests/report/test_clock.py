"""The clock of a run."""

from __future__ import annotations

import logging
import re

import pytest

from identigraph.report.clock import Clock


def test_stages_keep_their_order_counts_and_times(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([10.0, 10.5, 20.0, 22.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    clock = Clock()
    with clock.stage("read", "records"):
        clock.count(3)
        clock.count(4)
    with clock.stage("block", "pairs"):
        pass
    told = [(stage.name, stage.detail, stage.count, stage.seconds) for stage in clock.stages]
    assert told == [("read", "records", 4, 0.5), ("block", "pairs", 0, 2.0)]


def test_every_stage_logs_one_line_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    with caplog.at_level(logging.INFO, logger="identigraph"), clock.stage("read", "records"):
        clock.count(3)
        assert not caplog.records
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert caplog.records[0].name == "identigraph.read"
    assert re.fullmatch(r"read: 3 records, \d+\.\d\d s", caplog.records[0].getMessage())


def test_a_stage_that_fails_is_not_among_those_done(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    with caplog.at_level(logging.INFO, logger="identigraph"), pytest.raises(ZeroDivisionError), clock.stage("a", "b"):
        raise ZeroDivisionError
    assert (clock.stages, caplog.records) == ((), [])


def test_stages_given_out_do_not_change_afterwards() -> None:
    clock = Clock()
    before = clock.stages
    with clock.stage("read", "records"):
        pass
    assert (len(before), len(clock.stages)) == (0, 1)
