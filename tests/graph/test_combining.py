"""Parts of graphs, and graphs put together: assertions are sets."""

from __future__ import annotations

from functools import reduce
from typing import Any

import attrs
import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_graphs import builders, namespaces, streams
from whole_graphs import assert_same, kept_apart, whole_graphs

import identigraph as ig
from identigraph.encoding import encode
from identigraph.graph import Evidence, IdentityGraph, Namespace
from identigraph.graph.combining import envelopes, envelopes_of, some_records
from identigraph.graph.relations import relations
from identigraph.graph.sightings import Sightings
from identigraph.odds import log2_odds

CASES = st.tuples(streams(), namespaces(), builders())
LOGIN = Namespace("login", kind="login", limit=1)


def read(graph: IdentityGraph) -> IdentityGraph:
    """Return a graph as reading makes them: no text is empty, and codes that keep records apart are of sources."""

    def told(values: pl.Series) -> pl.Series:
        return pl.select(pl.lit("v") + values).to_series()

    sightings = tuple(attrs.evolve(seen, values=told(seen.values)) for seen in graph.sightings)
    return attrs.evolve(
        graph,
        sightings=sightings,
        attributes={name: encode(told(column.decoded())) for name, column in graph.attributes.items()},
        apart=None if graph.apart is None else encode(graph.keys.frame["source"]).codes,
    )


GRAPHS = whole_graphs().map(read)


def halves(graph: IdentityGraph, sides: list[bool]) -> list[IdentityGraph]:
    """Return two graphs of some records each, that have a third of them in common."""
    kept = np.array([sides[row % len(sides)] for row in range(len(graph))], dtype=bool)
    both = np.arange(len(graph)) % 3 == 0
    return [some_records(graph, kept | both), some_records(graph, ~kept | both)]


def assert_same_tables(one: IdentityGraph, other: IdentityGraph, builder: Any) -> None:
    """Assert that two graphs are resolved and explained alike."""
    mine, theirs = (Evidence.of(graph, builder) for graph in (one, other))
    assert mine.clusters.labels.tolist() == theirs.clusters.labels.tolist()
    for name in ("entities", "suppressed"):
        assert getattr(mine, name).to_polars().equals(getattr(theirs, name).to_polars())
    assert relations(mine).table.to_polars().equals(relations(theirs).table.to_polars())
    assert one.diagnostics.to_polars().equals(other.diagnostics.to_polars())
    assert one.set_aside.to_polars().equals(other.set_aside.to_polars())


def cells(seen: Sightings) -> list[tuple[int, str | None, int]]:
    """Return record, value and time of each sighting."""
    values = [seen.values[code] if code >= 0 else None for code in seen.codes.tolist()]
    return list(zip(seen.rows.tolist(), values, seen.times.tolist(), strict=True))


SIDES = st.lists(st.booleans(), min_size=8, max_size=8)


@settings(max_examples=settings().max_examples // 4)
@given(GRAPHS, SIDES)
def test_putting_graphs_together_is_commutative_associative_and_idempotent(graph, sides) -> None:
    one, other = halves(graph, sides)
    assert_same(one | other, other | one)
    assert_same(one | one, one)
    assert_same((one | other) | graph, one | (other | graph))
    assert_same(graph | one, graph)


@settings(max_examples=settings().max_examples // 4)
@given(CASES, SIDES)
def test_graphs_put_together_in_any_order_are_resolved_and_explained_alike(case, sides) -> None:
    stream, spaces, builder = case
    graph = attrs.evolve(stream, apart=None).graph(spaces)
    one, other = halves(graph, sides)
    assert_same_tables(one | other, other | one, builder)
    assert_same_tables(graph | one, graph | other, builder)


@settings(max_examples=settings().max_examples // 4)
@given(CASES)
def test_the_envelopes_put_together_are_the_whole(case) -> None:
    stream, spaces, builder = case
    graph = attrs.evolve(stream, apart=None).graph(spaces)
    parts = [graph.envelope(row) for row in np.unique(envelopes(graph)).tolist()]
    assert_same_tables(reduce(IdentityGraph.__or__, parts, parts[0]), graph | graph, builder)


@settings(max_examples=settings().max_examples // 4)
@given(CASES)
def test_an_envelope_alone_is_screened_and_explained_as_among_all(case) -> None:
    stream, spaces, builder = case
    graph = stream.graph(spaces)
    label = envelopes(graph)
    whole = Evidence.of(graph, builder).suppressed.to_polars()
    aside = graph.set_aside.to_polars()
    for row in np.unique(label).tolist():
        here = np.flatnonzero(label == row)
        alone = graph.envelope(row)
        assert alone.keys.frame["record_id"].to_list() == here.tolist()
        for mine, found in zip(alone.screened, graph.screened, strict=True):
            inside = np.isin(found.sightings.rows, here)
            assert mine.fate.tolist() == found.fate[inside].tolist()
            assert mine.share.tolist() == pytest.approx(found.share[inside].tolist())
        assert alone.set_aside.to_polars().rows() == [row for row in aside.rows() if row[2] in here]
        told = Evidence.of(alone, builder).suppressed.to_polars()
        assert sorted(told.rows(), key=str) == sorted(
            whole.filter(pl.col("left_id").is_in(here.tolist())).rows(), key=str
        )


@settings(max_examples=settings().max_examples // 4)
@given(GRAPHS)
def test_an_envelope_is_what_evidence_of_any_sort_leads_to(graph) -> None:
    """And is closed: no scored pair, must-link, cannot-link or value that could be read leads out of it."""
    label = envelopes(graph)
    judged = graph.judgements
    for pairs in (graph.scored, judged.must, judged.cannot):
        assert (label[pairs.left] == label[pairs.right]).all()
    for seen in graph.sightings:
        for code in range(len(seen.values)):
            assert len(set(label[seen.rows[seen.codes == code]].tolist())) <= 1
    assert (label <= np.arange(len(graph))).all()


@settings(max_examples=settings().max_examples // 4)
@given(GRAPHS, SIDES)
def test_some_records_keep_what_is_among_them_and_nothing_else(graph, sides) -> None:
    kept = np.array([sides[row % 8] for row in range(len(graph))], dtype=bool)
    part, rows = some_records(graph, kept), np.flatnonzero(kept)
    assert part.keys.frame.equals(graph.keys.frame.filter(kept))
    new = {row: place for place, row in enumerate(rows.tolist())}
    for mine, theirs in zip(
        (part.scored, *part.judgements.by_verdict.values()),
        (graph.scored, *graph.judgements.by_verdict.values()),
        strict=True,
    ):
        ends = zip(theirs.left.tolist(), theirs.right.tolist(), strict=True)
        inside = [(new[a], new[b]) for a, b in ends if a in new and b in new]
        assert list(zip(mine.left.tolist(), mine.right.tolist(), strict=True)) == inside
    for mine, theirs in zip(part.sightings, graph.sightings, strict=True):
        assert cells(mine) == [(new[row], *told) for row, *told in cells(theirs) if row in new]
        assert sorted(set(mine.codes.tolist()) - {-1}) == list(range(len(mine.values)))
    for verdict, told in part.judgements.told.items():
        assert told.height == len(part.judgements.by_verdict[verdict])
    assert kept_apart(part) == {(new[a], new[b]) for a, b in kept_apart(graph) if a in new and b in new}
    for name, column in part.attributes.items():
        assert column.decoded().equals(graph.attributes[name].decoded().filter(kept))
        assert set(column.codes.tolist()) - {-1} == set(range(len(column.values)))


# Stories


def test_of_a_pair_that_both_graphs_scored_the_likelier_counts() -> None:
    one, other = IdentityGraph.of(edges=[("a", "b", 0.7)]), IdentityGraph.of(edges=[("b", "a", 0.9), ("b", "c", 0.8)])
    for whole in (one | other, other | one):
        assert whole.scored.match_probability.round(3).tolist() == pytest.approx([0.9, 0.8])


def test_numbers_and_texts_as_ids_are_put_together_as_texts() -> None:
    whole = IdentityGraph.of({"id": [7]}, id="id") | IdentityGraph.of({"id": ["x"]}, id="id")
    assert whole.keys.frame["record_id"].to_list() == ["7", "x"]


def test_identifiers_of_a_namespace_that_one_graph_has_alone_are_kept() -> None:
    one = IdentityGraph.of({"id": [1, 2], "login": ["ann", "bob"]}, id="id", namespaces=[LOGIN])
    other = IdentityGraph.of({"id": [2, 3], "card": ["c", "c"]}, id="id", namespaces=[Namespace("card")])
    whole = one | other
    assert [space.name for space in whole.namespaces] == ["login", "card"]
    assert ig.ConstrainedComponents().build(whole).labels.tolist() == [0, 1, 1]
    assert ig.ConstrainedComponents().build(other | one).labels.tolist() == [0, 1, 1]


def test_values_of_both_graphs_are_one_where_they_are_equal() -> None:
    one, other = (
        IdentityGraph.of({"id": ids, "login": values, "at": at}, id="id", observed_at="at", namespaces=[LOGIN])
        for ids, values, at in (([1, 2], ["b", "c"], [5, 5]), ([2, 3], ["c", "a"], [5, 1]))
    )
    (seen,) = (one | other).sightings
    assert seen.values.to_list() == ["a", "b", "c"]
    assert (seen.rows.tolist(), seen.codes.tolist(), (seen.times // 10**6).tolist()) == (
        [0, 1, 2],
        [1, 2, 0],
        [5, 5, 1],
    )


def test_attributes_of_both_graphs_are_kept_and_of_two_the_first_in_the_alphabet() -> None:
    named = Namespace("login", kind="login", generic=ig.graph.Generic("name", most=1))
    one, other = (
        IdentityGraph.of({"id": ids, "login": ["x"] * 2, "name": names}, id="id", namespaces=[named])
        for ids, names in (([1, 2], ["zoe", None]), ([1, 3], ["ann", "bob"]))
    )
    for whole in (one | other, other | one):
        assert whole.attributes["name"].decoded().to_list() == ["ann", None, "bob"]


def test_records_of_one_source_stay_apart_in_the_whole() -> None:
    one, other = (
        IdentityGraph.of({"id": [number], "from": [source]}, id="id", source="from", one_per_source=True)
        for number, source in ((1, "web"), (2, "web"))
    )
    assert kept_apart(one | other) == {(0, 1)}


def test_what_contradicts_itself_only_in_the_whole_is_refused_there() -> None:
    one, other = (
        IdentityGraph.of(judgements={"left": ["a"], "right": ["b"], "judgement": [said]})
        for said in ("must_link", "cannot_link")
    )
    with pytest.raises(ig.errors.ContradictionError):
        _ = one | other


def test_graphs_of_other_rules_or_only_one_of_which_keeps_sources_apart_are_refused() -> None:
    one = IdentityGraph.of({"id": [1], "login": ["a"]}, id="id", namespaces=[LOGIN])
    with pytest.raises(ig.errors.ConfigurationError, match="different rules for namespace 'login'; give both the same"):
        _ = one | one.with_namespaces(Namespace("login"))
    with pytest.raises(ig.errors.ConfigurationError, match="only one of the two graphs keeps records of one source"):
        _ = one | IdentityGraph.of({"id": [1]}, id="id", one_per_source=True)


def test_columns_of_judgements_may_differ_between_graphs() -> None:
    one = IdentityGraph.of(judgements={"left": [1], "right": [2], "judgement": ["unsure"], "author": ["eve"]})
    other = IdentityGraph.of(judgements={"left": [2], "right": [3], "judgement": ["unsure"], "reason": ["twins"]})
    told = (one | other).judgements.told["unsure"]
    assert told.select("author", "reason").rows() == [("eve", None), (None, "twins")]


# Envelopes of what joins


def reached(graph: IdentityGraph, cut: float | None) -> list[int]:
    """Return for each record the lowest one that joining evidence leads to, walked by another library."""
    web: nx.Graph = nx.Graph()
    web.add_nodes_from(range(len(graph)))
    scored, must = graph.scored, graph.judgements.must
    for left, right, chance in zip(scored.left.tolist(), scored.right.tolist(), scored.match_probability, strict=True):
        if cut is None or log2_odds(np.array([chance]))[0] >= cut:
            web.add_edge(left, right)
    web.add_edges_from(zip(must.left.tolist(), must.right.tolist(), strict=True))
    if any(space.links or space.limit is not None for space in graph.namespaces):
        for place, seen in enumerate(graph.sightings):
            for row, value, _ in cells(seen):
                one = pl.Series([value], dtype=pl.String)
                if value is not None and seen.namespace.is_valid(one)[0] and not seen.namespace.is_blocked(one)[0]:
                    web.add_edge(row, (place, value))
    rows = {}
    for part in nx.connected_components(web):
        members = [node for node in part if isinstance(node, int)]
        rows |= dict.fromkeys(members, min(members, default=-1))
    return [rows[row] for row in range(len(graph))]


@settings(max_examples=settings().max_examples // 2)
@given(GRAPHS, st.none() | st.sampled_from([-3.0, 0.0, 3.0]), st.booleans(), st.booleans())
def test_envelopes_of_joining_evidence_are_what_it_leads_to(graph, cut, links: bool, limits: bool) -> None:
    """Also where no namespace links, or none limits."""
    spaces = [space if links else attrs.evolve(space, linkable=False) for space in graph.namespaces]
    spaces = [space if limits else attrs.evolve(space, limit=None, window=None) for space in spaces]
    graph = graph.with_namespaces(*spaces)
    assert envelopes_of(graph, cut=cut).tolist() == reached(graph, cut)


def seen_in(*spaces: Namespace) -> list[int]:
    """Return the envelopes of three records: 0 and 1 have one login, 1 and 2 one card."""
    records = {"id": [0, 1, 2], "login": ["x", "x", None], "card": [None, "y", "y"]}
    return envelopes_of(IdentityGraph.of(records, id="id", namespaces=spaces)).tolist()


def test_identifiers_lead_somewhere_where_any_namespace_links_or_limits() -> None:
    """Even those that only count: a value that many share may be set aside by another."""
    login, card = (Namespace(name, linkable=False) for name in ("login", "card"))
    assert seen_in(login, card) == [0, 1, 2]
    assert seen_in(login) == [0, 1, 2]
    assert seen_in(attrs.evolve(login, linkable=True), card) == [0, 0, 0]
    assert seen_in(attrs.evolve(login, limit=1), card) == [0, 0, 0]
    assert seen_in(attrs.evolve(login, limit=1)) == [0, 0, 2]


def test_values_that_are_blocked_or_not_valid_lead_nowhere() -> None:
    assert seen_in(Namespace("login", blocked=["x"]), Namespace("card")) == [0, 1, 1]
    assert seen_in(Namespace("login"), Namespace("card", valid="[a-x]")) == [0, 0, 2]


def test_cannot_links_and_pairs_below_the_cut_lead_nowhere() -> None:
    told = {"left": ["a", "c"], "right": ["b", "d"], "judgement": ["cannot_link", "must_link"]}
    graph = IdentityGraph.of(edges=[("a", "c", 0.5), ("b", "d", 0.49)], judgements=told)
    assert envelopes_of(graph, cut=0.0).tolist() == [0, 1, 0, 0]
