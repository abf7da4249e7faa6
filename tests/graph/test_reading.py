"""Tables of edges, identifiers and times as arrays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pytest

from identigraph.errors import ColumnNotFoundError, ColumnTypeError, ConfigurationError, RangeError, UnknownIdError
from identigraph.graph import Generic, IdentityGraph, Namespace
from identigraph.graph.keys import Keys
from identigraph.graph.reading import as_times, attributes_of, read_identifiers, read_weights, sightings_of
from identigraph.graph.sightings import NEVER

DAY = 1_704_067_200_000_000
"""The first of January 2024 in microseconds."""


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([DAY / 1e6, None], [DAY, NEVER]),
        ([1.5e-6, float("nan"), float("inf")], [2, NEVER, NEVER]),
        ([7], [7_000_000]),
        (["7", "1.5", None], [7_000_000, 1_500_000, NEVER]),
        (["2024-01-01", None], [DAY, NEVER]),
        (["2024-01-01T01:00:00"], [DAY + 3_600_000_000]),
        ([date(2024, 1, 1)], [DAY]),
        ([datetime(2024, 1, 1)], [DAY]),  # noqa: DTZ001 - times without a zone are what is read here
        ([datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))).astimezone(UTC)], [DAY]),
        ([None], [NEVER]),
    ],
)
def test_times_are_microseconds_since_1970(times, expected) -> None:
    assert as_times(pl.Series(times)).tolist() == expected


def test_texts_of_which_some_are_no_times_are_refused_with_their_count() -> None:
    with pytest.raises(ConfigurationError, match="2 of 4 values in column 'seen' are no times in ISO 8601"):
        as_times(pl.Series("seen", ["2024-01-01", None, "soon", "7"]))


def test_times_of_a_zone_are_the_same_moment() -> None:
    berlin = pl.Series([datetime(2024, 1, 1, 1)]).dt.replace_time_zone("Europe/Berlin")  # noqa: DTZ001
    assert as_times(berlin).tolist() == [DAY]


def test_what_is_no_time_is_told() -> None:
    with pytest.raises(ColumnTypeError, match="column 'at' has type Boolean"):
        as_times(pl.Series("at", [True]))
    with pytest.raises(ConfigurationError, match="column 'at' holds no times in ISO 8601") as caught:
        as_times(pl.Series("at", ["secret"]))
    assert "secret" not in str(caught.value)


def test_the_first_column_of_weights_counts() -> None:
    assert read_weights(pl.DataFrame({"weight": [0.2], "match_weight": [5.0]})).tolist() == [0.2]
    assert read_weights(pl.DataFrame({"weight": [0.2], "match_probability": [0.3]})).tolist() == [0.3]
    assert read_weights(pl.DataFrame({"match_weight": [2.0, -2.0]})).round(6).tolist() == [0.8, 0.2]
    assert read_weights(pl.DataFrame({"by": ["x"]})).tolist() == [1.0]
    assert read_weights(pl.DataFrame({"weight": ["0.5", "1"]})).tolist() == [0.5, 1.0]


@pytest.mark.parametrize("wrong", [None, "high", float("nan")])
def test_edges_without_a_number_are_told(wrong) -> None:
    with pytest.raises(ConfigurationError, match="1 of 2 edges have no number in column 'weight'"):
        read_weights(pl.DataFrame({"weight": [0.5, wrong]}, strict=False))


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_probabilities_outside_0_to_1_are_told(wrong) -> None:
    with pytest.raises(RangeError, match=r"weight of edges \(log2 odds belong into 'match_weight'\)"):
        read_weights(pl.DataFrame({"weight": [0.5, wrong]}))


def test_of_edges_between_the_same_records_the_strongest_counts() -> None:
    edges = [("b", "a", 0.5), ("a", "b", 0.75), ("b", "a", 0.25), ("a", "c", 1.0)]
    scored = IdentityGraph.of(edges=edges).scored
    assert (scored.left.tolist(), scored.right.tolist()) == ([0, 0], [1, 2])
    assert scored.match_probability.tolist() == [0.75, 1.0]
    assert scored.match_weight.tolist() == pytest.approx([1.584963, 40.0])


def seen(space: Namespace, records: object, listed: object = None, observed_at: str | None = None) -> list[tuple]:
    """Return sightings as tuples."""
    graph = IdentityGraph.of(records, id="id", namespaces=[space], identifiers=listed, observed_at=observed_at)
    found = graph.sightings[0]
    times = [None if time == NEVER else time for time in found.times.tolist()]
    return list(zip(found.rows.tolist(), [found.values[code] for code in found.codes.tolist()], times, strict=True))


def test_identifiers_come_from_columns_lists_and_a_table() -> None:
    records = {"id": [1, 2, 2], "mail": [["b", "a"], ["c"], None], "at": [1, 2, 3]}
    listed = {"record_id": [2, 1], "namespace": ["mail", "other"], "value": ["d", "e"], "observed_at": [4, 4]}
    space = Namespace("mail")
    assert seen(space, records, observed_at="at") == [(0, "a", 1_000_000), (0, "b", 1_000_000), (1, "c", 2_000_000)]
    table = pl.DataFrame(listed).filter(pl.col("namespace") == "mail")
    assert seen(space, records, table)[-1] == (1, "d", 4_000_000)
    assert seen(space, {"id": [1, 2]}, table.drop("observed_at")) == [(1, "d", None)]
    assert seen(Namespace("mail", column="address"), {"id": [7], "address": [3]}) == [(0, "3", None)]


def test_identifiers_alone_make_records() -> None:
    listed = {"source": ["a", "b"], "record_id": [1, 1], "namespace": ["x", "x"], "value": ["v", "v"]}
    graph = IdentityGraph.of(identifiers=listed, namespaces=[Namespace("x")])
    assert graph.keys.frame.rows() == [("a", 1), ("b", 1)]
    assert graph.sightings[0].rows.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"namespace": ["x"], "value": ["v"]}, "no column 'record_id' in the identifiers"),
        ({"record_id": [1], "value": ["v"]}, "no column 'namespace' in the identifiers"),
        ({"record_id": [1], "namespace": ["x"]}, "no column 'value' in the identifiers"),
        ({"record_id": [1], "namespace": ["login"], "value": ["v"]}, "no namespace 'login'; did you mean 'logins'"),
    ],
)
def test_what_is_no_table_of_identifiers_is_told(table, told) -> None:
    with pytest.raises(ColumnNotFoundError, match=told):
        read_identifiers(table, ["x", "logins"])


def test_namespaces_times_and_records_that_are_not_there_are_told() -> None:
    records = {"id": [1], "x": ["v"]}
    for space, observed_at, told in (("y", None, "no column 'y' of identifiers"), ("x", "at", "no column 'at'")):
        with pytest.raises(ColumnNotFoundError, match=told):
            seen(Namespace(space), records, observed_at=observed_at)
    with pytest.raises(UnknownIdError):
        seen(Namespace("x"), records, {"record_id": [2], "namespace": ["x"], "value": ["v"]})
    with pytest.raises(ColumnNotFoundError, match="no column 'x' of identifiers"):
        sightings_of(Namespace("x"), Keys.of([]), None, None, None)


def test_an_attribute_is_the_first_value_of_each_record_in_the_alphabet() -> None:
    rows = pl.DataFrame({"source": "", "record_id": [1, 2, 2, 3], "name": ["eve", "cy", "bob", " "]})
    spaces = [Namespace("x", generic=Generic("name")), Namespace("y"), Namespace("z", generic=Generic("name"))]
    found = attributes_of(Keys.of([rows]), rows, spaces)
    assert {name: column.decoded().to_list() for name, column in found.items()} == {"name": ["eve", "bob", None]}
    with pytest.raises(ColumnNotFoundError, match="no column 'name' for a generic rule"):
        attributes_of(Keys.of([rows]), rows.drop("name"), spaces)


def test_arrays_of_values_that_cannot_be_read_are_invalid_and_missing_ones_nothing() -> None:
    space = Namespace("x", normalize=lambda raw: pl.Series([None] * len(raw), dtype=pl.String))
    found = IdentityGraph.of({"x": ["v", None]}, namespaces=[space]).sightings[0]
    assert (found.rows.tolist(), found.codes.tolist()) == ([0], [-1])
    assert found.times.tolist() == np.full(1, NEVER).tolist()
