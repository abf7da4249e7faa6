"""Ids that last, from tables to tables."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pandas as pd
import polars as pl
import pytest
from made_histories import MONDAY, factory

import identigraph as ig
from identigraph.errors import ConfigurationError, DuplicateIdError
from identigraph.identity import Events, Redirect, Register, Retired, assign_ids

FIRST = {"source": ["web", "crm", "crm"], "record_id": ["9", "1", "2"], "cluster": ["x", "y", "x"]}


def first(**told):
    return assign_ids(FIRST, factory=factory("C-"), at=MONDAY, **told)


def test_the_crosswalk_has_the_rows_of_the_input_in_their_order() -> None:
    found = first()
    assert found.crosswalk.to_polars().rows() == [("web", "9", "C-2"), ("crm", "1", "C-1"), ("crm", "2", "C-2")]
    assert repr(found) == "<Assignment: 3 records, 2 entities; 2 created>"
    assert (len(found), found.before.to_list()) == (2, [None, None, None])
    assert "C-1" in found._repr_html_()


def test_ids_that_are_numbers_stay_numbers_in_the_crosswalk() -> None:
    found = assign_ids(pd.DataFrame({"record_id": [10, 9], "cluster": [1, 1]}), factory=factory("C-"))
    assert found.crosswalk.to_polars().rows() == [("records", 10, "C-1"), ("records", 9, "C-1")]


@pytest.mark.parametrize("form", ["assignment", "register", "crosswalk", "frame", "object"])
def test_previous_may_be_what_there_is(form) -> None:
    before = first()
    frame = before.crosswalk.to_polars()
    forms = {"assignment": before, "register": before.register, "crosswalk": before.crosswalk, "frame": frame}
    previous = forms.get(form) or SimpleNamespace(crosswalk=frame) if form != "frame" else frame
    found = assign_ids({**FIRST, "cluster": [1, 2, 1]}, previous=previous, factory=lambda: "unused")
    assert found.events == Events()
    assert found.crosswalk.to_polars().equals(frame)


def test_previous_is_not_changed() -> None:
    before = first()
    kept = before.register.copy()
    assign_ids({**FIRST, "cluster": [1, 1, 1]}, previous=before)
    assert before.register == kept


def test_ids_are_uuids_and_the_time_is_now_unless_told() -> None:
    start = datetime.now(UTC)
    found = assign_ids(FIRST)
    assert {UUID(i).version for i in found.register.entities} == {7}
    assert start <= found.events[0].at <= datetime.now(UTC)


def test_numbers_and_texts_are_the_same_ids() -> None:
    before = assign_ids({"record_id": [1, 2], "cluster": [0, 1]}, factory=factory())
    assert assign_ids({"record_id": ["2", "1"], "cluster": [0, 1]}, previous=before).events == Events()


def test_labels_of_a_previous_crosswalk_are_its_ids_also_where_they_are_numbers() -> None:
    found = assign_ids({"record_id": [1, 2], "cluster": [7, 8]}, previous={"record_id": [1], "entity_id": [3]})
    assert found.crosswalk.to_polars()["entity_id"][0] == "3"


def test_an_entity_goes_on_with_the_id_of_its_heaviest_part() -> None:
    before = assign_ids(
        {"source": ["crm", "web", "web"], "record_id": [1, 2, 3], "cluster": [0, 1, 1]}, factory=factory("C-")
    )
    together = {"source": ["crm", "web", "web"], "record_id": [1, 2, 3], "cluster": [0, 0, 0], "w": [2.5, 1, 1]}
    survivors = {
        name: assign_ids(together, previous=before, weights=weights).events[0].entity_id
        for name, weights in {
            "number": None,
            "source": {"web": 0.05},
            "column": "w",
            "function": lambda source, record_id: source == "crm" or record_id == "3",
        }.items()
    }
    assert survivors == {"number": "C-2", "source": "C-1", "column": "C-1", "function": "C-1"}


def test_pins_may_name_records_by_number() -> None:
    before = assign_ids({"record_id": [1, 2], "cluster": [0, 0]}, factory=factory())
    found = assign_ids({"record_id": [1, 2], "cluster": [0, 1]}, previous=before, pins={2: "n1", 9: "no record"})
    assert found.crosswalk.to_polars()["entity_id"].to_list()[1] == "n1"
    assert len(found) == 2


def test_a_pin_takes_a_live_id_from_an_entity_that_is_as_it_was() -> None:
    before = first()
    found = assign_ids(FIRST, previous=before, pins={("web", "9"): "C-1"}, factory=factory("D-"), at=MONDAY)
    assert found.crosswalk.to_polars()["entity_id"].to_list() == ["C-1", "D-1", "C-1"]


def test_pins_that_say_what_is_so_change_nothing() -> None:
    assert assign_ids(FIRST, previous=first(), pins={("web", "9"): "C-2", ("crm", "2"): "C-2"}).events == Events()


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({("web", "9"): "C-1", ("crm", "2"): "C-2"}, "2 pins give the ids 'C-1' and 'C-2' to records of one cluster"),
        ({("web", "9"): "C-2", ("crm", "1"): "C-2"}, "pins give the id 'C-2' to records of 2 clusters"),
    ],
)
def test_pins_that_contradict_each_other_are_told_also_where_one_is_so_already(pins, message) -> None:
    with pytest.raises(ConfigurationError, match=message):
        assign_ids(FIRST, previous=first(), pins=pins)


def test_jitter_counts_records_that_were_there_before() -> None:
    found = assign_ids(
        {"source": ["crm", "crm", "web", "app"], "record_id": ["2", "1", "9", "1"], "cluster": [0, 0, 0, 0]},
        previous=first(),
    )
    assert (found.jitter.records, found.jitter.by_merges, found.jitter.otherwise) == (3, 1, 0)
    assert found.before.to_list() == ["C-2", "C-1", "C-2", None]
    assert first().jitter.share == 0


def test_no_records_are_no_entities_and_retire_all() -> None:
    nothing = {"source": [], "record_id": [], "cluster": []}
    assert len(assign_ids(nothing)) == 0
    found = assign_ids(nothing, previous=first(), at=MONDAY)
    assert (len(found), found.events.counts) == (0, {"retired": 2})
    assert found.crosswalk.columns == ["source", "record_id", "entity_id"]
    assert found.register.resolve("C-1") == Retired()


def test_records_that_are_missing_for_a_day_come_back_to_their_ids() -> None:
    before = first()
    gone = assign_ids({"source": ["web"], "record_id": ["9"], "cluster": [0]}, previous=before)
    assert assign_ids(FIRST, previous=gone).register.crosswalk.to_polars().equals(before.register.crosswalk.to_polars())


def test_a_previous_crosswalk_of_other_sources_is_an_error() -> None:
    message = "of the sources 'records', those of previous of 'crm', 'web': none in common, so every id would be new"
    with pytest.raises(ConfigurationError, match=message):
        assign_ids({"record_id": ["1"], "cluster": [0]}, previous=first())


def test_other_records_of_a_known_source_are_new() -> None:
    found = assign_ids({"source": ["crm"], "record_id": ["5"], "cluster": [0]}, previous=first())
    assert found.events.counts == {"retired": 2, "created": 1}


def test_a_time_without_time_zone_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="at has no time zone"):
        assign_ids(FIRST, at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_a_record_in_two_clusters_is_an_error_of_either_crosswalk() -> None:
    twice = {"record_id": ["1", "1"], "cluster": [0, 1]}
    with pytest.raises(DuplicateIdError):
        assign_ids(twice)
    with pytest.raises(DuplicateIdError):
        assign_ids({"record_id": ["1"], "cluster": [0]}, previous=twice)


def test_what_a_resolver_made_gets_ids_that_last() -> None:
    customers = {
        "id": [1, 2, 3],
        "email": ["ann@x.com", "ANN@x.com", "bob@y.org"],
        "name": ["Ann Lee"] * 2 + ["Bob Ray"],
    }
    result = ig.resolve(customers, id="id")
    before = ig.assign_ids(result, factory=factory("C-"))
    assert before.crosswalk.to_polars()["entity_id"].to_list() == ["C-1", "C-1", "C-2"]
    assert ig.assign_ids(result, previous=before).events == Events()
    assert ig.diff(result, before).counts["merge"] == 0


def test_a_register_from_elsewhere_keeps_what_it_knows() -> None:
    register = Register.of({"record_id": ["a", "b"], "entity_id": ["A", "B"]})
    found = assign_ids(pl.DataFrame({"record_id": ["a", "b"], "cluster": [0, 0]}), previous=register)
    assert found.register.resolve("B") == Redirect("A")
