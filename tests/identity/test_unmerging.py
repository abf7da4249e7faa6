"""Taking merges apart: each record goes with the id that it came with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from identigraph.errors import ConfigurationError
from identigraph.identity import Event, Events, Register, assign_ids
from identigraph.identity.unmerging import parts_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def register(**entities: str) -> Register:
    """Return a register of entities by the letters of their records."""
    rows = [(record, entity_id) for entity_id, records in entities.items() for record in records]
    return Register.of({"record_id": [record for record, _ in rows], "entity_id": [i for _, i in rows]})


def became(before: Register, *groups: str) -> tuple[Register, Events]:
    """Return what a register becomes when its records, and new ones, are in these groups."""
    rows = [(record, number) for number, records in enumerate(groups) for record in records]
    now = {"record_id": [record for record, _ in rows], "cluster": [number for _, number in rows]}
    made = assign_ids(now, previous=before, at=MONDAY, factory=iter("NOPQ").__next__)
    return made.register, made.events


def parts(event: Event, now: Register) -> list[str]:
    return ["".join(record for _, record in keys) for keys in parts_of(event, now)]


def merged(events: Events) -> Event:
    [event] = events.of_kind("merged")
    return event


def test_each_loser_has_its_part_and_the_survivor_the_last() -> None:
    now, events = became(register(A="abc", B="de", C="f"), "abcdef")
    assert parts(merged(events), now) == ["de", "f", "abc"]


def test_what_came_later_stays_with_the_survivor() -> None:
    now, events = became(register(A="abc", B="d"), "abcd")
    later, _ = became(now, "abcdx")
    assert parts(merged(events), later) == ["d", "abcx"]


def test_a_survivor_that_was_merged_itself_is_found() -> None:
    now, events = became(register(A="abc", B="d", Z="vwxyz"), "abcd", "vwxyz")
    later, more = became(now, "abcdvwxyz")
    assert merged(more).entity_id == "Z"
    assert parts(merged(events), later) == ["d", "abcvwxyz"]
    assert parts(merged(more), later) == ["abcd", "vwxyz"]


def test_losers_are_apart_though_nothing_of_the_survivor_is_left() -> None:
    now, events = became(register(A="abc", B="d", C="e"), "abcde")
    later, _ = became(now, "de", "abc")
    if later.entity_of(("records", "d")) == "A":
        assert parts(merged(events), later) == ["d", "e"]
    gone, _ = became(now, "de")
    assert parts(merged(events), gone) == ["d", "e"]


@pytest.mark.parametrize("groups", [("abc", "d"), ("abc",), ("d",), ()])
def test_what_is_apart_is_told(groups: tuple[str, ...]) -> None:
    now, events = became(register(A="abc", B="d"), "abcd")
    later, _ = became(now, *groups)
    with pytest.raises(ConfigurationError, match="nothing to take apart"):
        parts_of(merged(events), later)


def test_an_event_of_another_register_is_told() -> None:
    _, events = became(register(A="abc", B="d"), "abcd")
    with pytest.raises(ConfigurationError, match="nothing to take apart"):
        parts_of(merged(events), register(X="ab"))


def test_other_events_are_told() -> None:
    now, events = became(register(A="abc"), "abcd")
    with pytest.raises(ConfigurationError, match="only a merge can be taken apart; the event is of the kind 'grew'"):
        parts_of(events[0], now)
