"""What can be known of the events of one entity, against a slow plain reading of the definition."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import combinations

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.datasets import clickstream
from identigraph.datasets.knowable import DEFAULT_DEVICE, DEFAULT_LOGINS, IDENTIFIERS, knowable_ids

START = datetime(2022, 1, 1)  # noqa: DTZ001
SILENT_DAYS = {"device": 14, "phone_hash": 180}
SCHEMA = {"entity": pl.String, "observed_at": pl.Datetime("us"), **dict.fromkeys(IDENTIFIERS, pl.String)}


def is_telling(column: str, value: str, entity: str, uses: list[dict]) -> bool:
    """Return whether `value` tells that the events of `entity` that carry it are of one entity; all `uses` carry it."""
    if value == DEFAULT_DEVICE or value in DEFAULT_LOGINS:
        return False
    if column == "login":
        return 2 * sum(use["entity"] == entity for use in uses) > len(uses)
    entities = {use["entity"] for use in uses}
    if len(entities) == 1:
        return True
    if column not in SILENT_DAYS:
        return False
    times = {e: [use["observed_at"] for use in uses if use["entity"] == e] for e in entities}
    silences = (max(min(times[a]) - max(times[b]), min(times[b]) - max(times[a])) for a, b in combinations(times, 2))
    return min(silences) >= timedelta(days=SILENT_DAYS[column])


def plain_knowable(events: pl.DataFrame) -> set[frozenset[int]]:
    """Return the sets of events that are knowable to belong together."""
    rows = events.to_dicts()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(rows)))
    for column in IDENTIFIERS:
        carriers = defaultdict(list)
        for number, row in enumerate(rows):
            if row[column] is not None:
                carriers[row[column]].append(number)
        for value, numbers in carriers.items():
            for entity in {rows[number]["entity"] for number in numbers}:
                own = [number for number in numbers if rows[number]["entity"] == entity]
                if is_telling(column, value, entity, [rows[number] for number in numbers]):
                    nx.add_path(graph, own)
    return {frozenset(part) for part in nx.connected_components(graph)}


def partition(ids: pl.Series) -> set[frozenset[int]]:
    """Return the sets of positions that have equal ids."""
    groups = defaultdict(set)
    for position, value in enumerate(ids):
        groups[value].add(position)
    return {frozenset(group) for group in groups.values()}


VALUES = st.sampled_from([None, None, None, "x", "y", DEFAULT_DEVICE, "guest"])
EVENTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([0, 1, 13, 14, 15, 28, 179, 180, 181, 400]).map(lambda d: START + timedelta(days=d)),
        *[VALUES] * len(IDENTIFIERS),
    ),
    max_size=12,
)


@given(EVENTS)
def test_knowable_ids_are_those_of_the_plain_reading(rows: list[tuple]) -> None:
    events = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    assert partition(knowable_ids(events, events["entity"])) == plain_knowable(events)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_knowable_ids_of_a_clickstream_are_those_of_the_plain_reading(seed: int) -> None:
    made = clickstream(4000, seed)
    events = made.events.with_columns(entity=made.truth["entity_id"])
    assert partition(made.truth["knowable_id"]) == plain_knowable(events)


def known(column: str, uses: list[tuple[str, int]]) -> list[str]:
    """Return the knowable ids of events by an entity on a day each, which all carry one value of `column`."""
    rows = [{"entity": entity, "observed_at": START + timedelta(days=day), column: "x"} for entity, day in uses]
    events = pl.DataFrame(rows, schema=SCHEMA)
    return knowable_ids(events, events["entity"]).to_list()


@pytest.mark.parametrize("column", IDENTIFIERS)
def test_a_value_of_one_entity_is_telling(column: str) -> None:
    assert known(column, [("a", 0), ("a", 500)]) == ["k1", "k1"]


@pytest.mark.parametrize("column", ["session", "cookie", "email_hash"])
def test_a_shared_value_is_not_telling_however_far_apart(column: str) -> None:
    assert known(column, [("a", 0), ("a", 1), ("b", 900)]) == ["k1", "k2", "k3"]


@pytest.mark.parametrize(("column", "days"), SILENT_DAYS.items())
def test_a_value_that_was_passed_on_is_telling_after_enough_silence(column: str, days: int) -> None:
    assert known(column, [("a", 0), ("a", 1), ("b", days), ("b", days + 9)]) == ["k1", "k2", "k3", "k4"]
    assert known(column, [("a", 0), ("a", 1), ("b", days + 1), ("b", days + 9)]) == ["k1", "k1", "k2", "k2"]


def test_a_login_is_telling_for_more_than_half() -> None:
    assert known("login", [("a", 0), ("b", 1), ("a", 2), ("b", 3)]) == ["k1", "k2", "k3", "k4"]
    assert known("login", [("a", 0), ("b", 1), ("a", 2), ("b", 3), ("a", 4)]) == ["k1", "k2", "k1", "k3", "k1"]
