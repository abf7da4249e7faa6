"""Ownership of identifiers: against a plain walk over sightings, whatever the order of rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph.errors import ConfigurationError
from identigraph.graph import IdentityGraph, Namespace
from identigraph.graph.ownership import owners_at, ownership

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SPACES = [Namespace("phone", kind="contact"), Namespace("device", kind="device")]
SIGHTINGS = st.lists(
    st.tuples(
        st.sampled_from(["555 1", "555 2", "null", None]), st.integers(0, 3), st.one_of(st.none(), st.integers(0, 5))
    ),
    min_size=1,
    max_size=12,
)


def owned_by(sightings: list[tuple[str | None, int, int | None]]) -> pl.DataFrame:
    table = {
        "id": list(range(len(sightings))),
        "phone": [value for value, _, _ in sightings],
        "device": [None for _ in sightings],
        "at": [None if day is None else (FIRST + timedelta(days=day)).isoformat() for _, _, day in sightings],
    }
    schema = {"id": pl.Int64, "phone": pl.String, "device": pl.String, "at": pl.String}
    graph = IdentityGraph.of(pl.DataFrame(table, schema=schema), id="id", namespaces=SPACES, observed_at="at")
    return ownership(graph.screened, np.array([entity for _, entity, _ in sightings]))


def walked(sightings: list[tuple[str | None, int, int | None]]) -> set[tuple[str, int, int | None, int | None, int]]:
    """The same, sighting by sighting."""
    found = set()
    for value in {value for value, _, _ in sightings} - {None, "null"}:
        seen = sorted((day, entity) for v, entity, day in sightings if v == value and day is not None)
        spans: list[list[int]] = []
        for day, entity in seen:
            if spans and spans[-1][0] == entity:
                spans[-1][2] += 1
            else:
                spans.append([entity, day, 1])
        ends = [*(span[1] for span in spans[1:]), None][: len(spans)]
        found |= {(value, entity, day, end, n) for (entity, day, n), end in zip(spans, ends, strict=True)}
        if not seen:
            carriers = [entity for v, entity, _ in sightings if v == value]
            found |= {(value, entity, None, None, carriers.count(entity)) for entity in carriers}
    return found


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_ownership_is_what_a_walk_over_sightings_finds_in_any_order(sightings, random) -> None:
    expected = walked(sightings)
    owned = owned_by(random.sample(sightings, len(sightings)))
    days = pl.col("since", "until").sub(pl.lit(FIRST)).dt.total_days()
    rows = owned.with_columns(days).select("value", "entity", "since", "until", "sightings").rows()
    assert len(rows) == len(set(rows))
    assert set(rows) == expected


@given(SIGHTINGS, st.integers(-1, 7))
def test_of_each_value_with_a_known_time_there_is_one_owner_from_its_first_sighting_on(sightings, day) -> None:
    at = FIRST + timedelta(days=day)
    now = owners_at(owned_by(sightings), at)
    for value in {value for value, _, seen in sightings if seen is not None} - {None, "null"}:
        seen = sorted((when, entity) for v, entity, when in sightings if v == value and when is not None)
        past = [entity for when, entity in seen if when <= day]
        assert now.filter(value=value).get_column("entity").to_list() == past[-1:]


def resolved() -> ig.Resolution:
    """Ann had a number first, Bob has it now."""
    rows = {
        "id": ["a", "b", "c", "d"],
        "mail": ["ann@x.com", "ann@x.com", "bob@x.com", "bob@x.com"],
        "phone": ["+41446681800", None, "+41446681800", None],
        "seen": ["2025-01-05", "2025-02-01", "2026-01-05", "2026-02-01"],
    }
    resolver = ig.Resolver(
        ig.block_on("mail"),
        [ig.exact("mail", frequency=False)],
        matcher=ig.Rules([ig.rule(ig.when(mail="equal"), "match")]),
        namespaces=[ig.Namespace("phone", kind="contact", linkable=False)],
        observed_at="seen",
    )
    return resolver.resolve(rows, id="id")


def test_a_resolution_tells_whose_an_identifier_was_by_what_it_believes_now() -> None:
    resolution = resolved()
    owner = dict(resolution.crosswalk.to_polars().select(pl.col("record_id"), "entity_id").rows())
    then, now = (
        resolution.as_of(datetime(year, 6, 1, tzinfo=UTC)).to_polars().get_column("entity_id").to_list()
        for year in (2025, 2026)
    )
    assert (then, now) == ([owner["a"]], [owner["c"]])
    assert len(resolution.as_of(datetime(2024, 1, 1, tzinfo=UTC))) == 0


def test_a_store_tells_the_same_and_asks_for_a_zone() -> None:
    store = ig.Store.open(resolution=resolved())
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert store.as_of(at).to_polars().get_column("sightings").to_list() == [1]
    with pytest.raises(ConfigurationError, match="time zone"):
        store.as_of(datetime(2026, 6, 1))  # noqa: DTZ001
