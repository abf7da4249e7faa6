"""The evidence behind clusters: what holds, what is suppressed, how sure it is."""

from __future__ import annotations

import numpy as np
import pytest
from held_links import COOKIE, LOGIN, Plain, Together, evidence, tablet
from hypothesis import given, settings
from hypothesis import strategies as st
from made_graphs import builders, namespaces, parts_of, streams

import identigraph as ig
from identigraph.graph import Evidence, IdentityGraph
from identigraph.graph.links import SCORED

CASES = st.tuples(streams(), namespaces(), builders())
OTHERS = [
    ig.Components(0.5),
    ig.AverageLinkage(0.6),
    ig.graph.Star(),
    ig.graph.Markov(),
    ig.graph.CorrelationClustering(),
]


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_links_that_hold_make_the_entities_and_no_other_link_lies_inside_one(case) -> None:
    found = evidence(case)
    plain = Plain.of(found)
    entities = parts_of(found.clusters.labels)
    assert {frozenset(part) for part in plain.parts(plain.held)} == entities
    for place, (one, other, _, holds) in enumerate(plain.links):
        if other < plain.records:
            assert holds == any({one, other} <= entity for entity in entities)
        elif not holds:
            carriers = {plain.links[held][0] for held in plain.held if plain.links[held][1] == other}
            assert not carriers & plain.entity(plain.links[place][0])
    assert found.clusters.labels.tolist() == case[2].build(found.graph).labels.tolist()


@settings(max_examples=settings().max_examples // 2)
@given(st.tuples(streams(), st.just(()), st.sampled_from(OTHERS)))
def test_other_builders_have_evidence_too(case) -> None:
    """Pairs from their threshold on hold where they put both together, and nothing but these."""
    found = evidence(case)
    plain = Plain.of(found)
    assert {frozenset(part) for part in plain.parts(plain.held)} == parts_of(found.clusters.labels)
    cut = np.float32(case[2].cut)
    assert len(found.links) == sum(np.float32(pair[2]) >= cut for pair in case[0].pairs)
    assert found.screened == ()


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_entities_are_as_sure_as_the_weakest_link_on_the_best_ways_between_records(case) -> None:
    found = evidence(case)
    plain, table = Plain.of(found), found.entities.to_polars()
    labels = found.clusters.labels.tolist()
    assert table["entity"].to_list() == list(range(found.clusters.count))
    for number, records, links, confidence in table.rows():
        record = labels.index(number)
        assert records == len(plain.entity(record))
        must = sum(labels[pair[0]] == number for pair in case[0].must)
        assert links == len(plain.around(record)) - must
        assert confidence == plain.confidence(record)


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_every_link_is_told_once_with_its_certainty(case) -> None:
    stream, spaces, _ = case
    found = evidence(case)
    told = found.told(found.links).rows(named=True)
    sure = {space.name: space.certainty for space in spaces}
    given_pairs = {pair[:2]: pair[2] for pair in stream.pairs}
    carried = {cell[:3] for cell in stream.cells}
    for row, space in zip(told, found.links.space.tolist(), strict=True):
        if space == SCORED:
            assert (row["by"], row["value"]) == ("scored", None)
            assert row["certainty"] == pytest.approx(given_pairs[row["left_id"], row["right_id"]], abs=1e-6)
        else:
            assert row["certainty"] == sure[row["by"]]
            assert (row["right_source"], row["right_id"]) == (None, None)
            assert (row["by"], row["left_id"], row["value"]) in carried


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_suppressed_links_come_in_the_order_in_which_links_are_taken(case) -> None:
    found = evidence(case)
    table = found.suppressed.to_polars()
    assert table.height == int((~found.holds).sum())
    rank = {space.name: space.rank for space in case[1]} | {"scored": case[2].priority}
    layers = [rank[by] for by in table["by"]]
    assert layers == sorted(layers)
    assert table.drop("reason", "limit", "witness_left", "witness_right").equals(
        found.told(found.links.in_order(~found.holds))
    )


def test_a_contested_tablet_is_told_with_its_witness() -> None:
    found = tablet()
    assert repr(found) == "<Evidence: 4 records in 2 clusters, 4 links hold, 1 does not>"
    columns = ["left_source", "left_id", "right_source", "right_id", "by", "value", "certainty"]
    table = found.suppressed.to_polars()
    assert table.columns == [*columns, "reason", "limit", "witness_left", "witness_right"]
    (row,) = table.rows()
    assert row[:9] == ("", "ann 2", None, None, "cookie", "tablet", 0.9, "limit", "login")
    assert set(row[9:]) == {"ann", "bob"}


def test_a_value_that_one_record_of_an_entity_carries_makes_it_no_less_sure() -> None:
    """Bob keeps the tablet, and his only record is an entity as sure as any of one record."""
    found = tablet(login=["ann", "ann", "bob", "ann"], at=[1, 2, 3, 3], cookie=["phone", "phone", "tablet", "tablet"])
    held = found.entities.to_polars().rows()
    assert [row[:2] for row in held] == [(0, 3), (1, 1)]
    assert [row[3] for row in held] == [0.999, 1.0]


def test_a_weaker_link_beside_a_stronger_one_makes_an_entity_no_less_sure() -> None:
    both = {"id": [1, 2], "login": ["ann", "ann"], "cookie": ["phone", "phone"]}
    found = Evidence.of(IdentityGraph.of(both, id="id", namespaces=[LOGIN, COOKIE]), ig.ConstrainedComponents())
    assert found.entities.to_polars().rows() == [(0, 2, 4, 0.999)]


def test_must_links_are_sure_and_what_a_builder_joins_without_links_is_not() -> None:
    judged = {"left": [1], "right": [2], "judgement": ["must_link"]}
    sure = Evidence.of(IdentityGraph.of(judgements=judged), ig.ConstrainedComponents())
    assert sure.entities.to_polars().rows() == [(0, 2, 0, 1.0)]
    found = Evidence.of(IdentityGraph.of(edges=[(1, 2, 0.9)], judgements={**judged, "right": [3]}), Together())
    assert found.entities.to_polars()["confidence"].round(3).to_list() == [0.9]
    loose = Evidence.of(IdentityGraph.of({"id": [1, 2, 3]}, id="id", edges=[(1, 2, 0.9)]), Together())
    assert loose.entities.to_polars().rows() == [(0, 3, 1, 0.0)]


def test_nothing_has_evidence_of_nothing() -> None:
    found = Evidence.of(IdentityGraph.of(), ig.ConstrainedComponents())
    assert repr(found) == "<Evidence: 0 records in 0 clusters, 0 links hold, 0 do not>"
    assert (len(found.suppressed), len(found.entities)) == (0, 0)


def test_a_repr_holds_no_id_and_no_value() -> None:
    assert not any(word in repr(tablet()) for word in ("ann", "bob", "tablet", "login"))
