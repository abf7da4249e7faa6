"""Laws of identity graphs: no order leaves a trace, no limit is broken, envelopes do not influence each other."""

from __future__ import annotations

from typing import Any

import attrs
import networkx as nx
import numpy as np
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_graphs import KINDS, Stream, builders, namespaces, parts_of, streams
from plain_judge import PlainJudge, fits

from identigraph.graph import Components, ConstrainedComponents, IdentityGraph, Namespace
from identigraph.graph.constrained import Decided
from identigraph.graph.constraints import AtMost
from identigraph.graph.links import SCORED

Case = tuple[Stream, tuple[Namespace, ...], ConstrainedComponents]
CASES = st.tuples(streams(), namespaces(), builders())


def parts(case: Case) -> set[frozenset[int]]:
    """Return the entities."""
    stream, spaces, builder = case
    return parts_of(builder.build(stream.graph(spaces)).labels)


def shuffled(stream: Stream, random: Any) -> Stream:
    """Return the same stream, what it is made of in another order and some of it repeated."""
    cells, pairs, must = list(stream.cells), list(stream.pairs), list(stream.must)
    cells += random.sample(cells, len(cells) // 3)
    must += must[:1]
    for part in (cells, pairs, must):
        random.shuffle(part)
    return attrs.evolve(stream, cells=tuple(cells), pairs=tuple(pairs), must=tuple(must))


def tables(stream: Stream) -> dict[str, Any]:
    """Return a stream as the tables that `IdentityGraph.of` reads."""
    space, row, value, time = (list(column) for column in zip(*stream.cells, strict=True))
    said = ["must_link"] * len(stream.must) + ["cannot_link"] * len(stream.cannot)
    sides = [*stream.must, *stream.cannot]
    return {
        "identifiers": pl.DataFrame(
            {"record_id": row, "namespace": space, "value": value, "observed_at": [t and t / 1e6 for t in time]},
            schema_overrides={"observed_at": pl.Float64},
        ),
        "edges": pl.DataFrame(stream.pairs, schema=["left", "right", "weight"], orient="row"),
        "judgements": pl.DataFrame(
            {"left": [a for a, _ in sides], "right": [b for _, b in sides], "judgement": said},
            schema={"left": pl.Int64, "right": pl.Int64, "judgement": pl.String},
        ),
    }


def renamed(frame: pl.DataFrame, name: Any) -> pl.DataFrame:
    """Return a table whose records are called otherwise."""
    ids = [column for column in ("record_id", "left", "right") if column in frame.columns]
    return frame.with_columns(pl.Series(column, [name(row) for row in frame[column].to_list()]) for column in ids)


@given(CASES, st.randoms(use_true_random=False))
def test_no_order_of_rows_and_no_repeated_row_leaves_a_trace(case, random) -> None:
    stream, spaces, builder = case
    assert parts((shuffled(stream, random), spaces, builder)) == parts(case)


@settings(max_examples=settings().max_examples // 2)
@given(CASES, st.randoms(use_true_random=False), st.sampled_from([str, lambda row: 3 * row + 7]))
def test_tables_in_any_order_and_with_other_ids_of_the_same_order_make_the_same_entities(case, random, rename) -> None:
    stream, spaces, builder = case
    spaces = tuple(attrs.evolve(space, generic=None) for space in spaces)
    names = {space.name for space in spaces}
    stream = attrs.evolve(stream, cells=tuple(cell for cell in stream.cells if cell[0] in names), apart=None)
    assume(stream.cells)
    entities = parts((stream, spaces, builder))
    listed = pl.Series(range(stream.n)).shuffle(random.randrange(99))
    for name in (lambda row: row, rename):
        told = {what: renamed(frame, name) for what, frame in tables(shuffled(stream, random)).items()}
        told["identifiers"] = pl.concat([told["identifiers"].tail(3), told["identifiers"]])
        graph = IdentityGraph.of({"id": [name(row) for row in listed]}, id="id", namespaces=spaces, **told)
        assert parts_of(builder.build(graph).labels) == entities


@given(CASES)
def test_no_limit_is_ever_broken_but_by_must_links_alone(case) -> None:
    stream, spaces, builder = case
    graph = stream.graph(spaces)
    decided = builder.decide(graph)
    groups = parts_of(graph.groups)
    for entity in parts_of(decided.clusters.labels):
        inside = [group for group in groups if group <= entity]
        assert set().union(*inside) == entity
        for found in decided.screened:
            space, seen = found.namespace, found.sightings
            if space.limit is not None:
                window = None if space.window is None else space.window.total_seconds() * 1e6
                rule = AtMost(space.limit, window, seen.first_seen)
                kept = list(zip(seen.rows[found.kept].tolist(), seen.codes[found.kept].tolist(), strict=True))
                carried = {part: frozenset(code for row, code in kept if row in part) for part in (entity, *inside)}
                assert fits(rule, carried[entity]) or carried[entity] in [carried[group] for group in inside]
        most = builder.most_records
        assert most is None or len(entity) <= most or entity in inside
        assert not any(set(pair) <= entity for pair in stream.cannot)
        if stream.apart is not None:
            codes = [{stream.apart[row] for row in group} - {-1} for group in inside]
            assert sum(map(len, codes)) == len(set().union(*codes))


@given(CASES)
def test_weak_evidence_never_joins_two_persons_and_no_thing_two_who_are_named(case) -> None:
    """Strong links and must-links lead from each record of an entity that names somebody to each other such one."""
    stream, spaces, builder = case
    decided = builder.decide(stream.graph(spaces))
    surely = {pair[:2] for pair in stream.pairs if np.float32(pair[2]) >= np.float32(builder.protect or 0)}
    ordered = [found.namespace for found in decided.screened]
    person = {number for number, space in enumerate(ordered) if space.identifying}
    named = {number for number, space in enumerate(ordered) if space.naming}
    things = {number for number, space in enumerate(ordered) if space.kind in ("device", "cookie")}
    for asked, holding, strong in (
        (
            builder.protect is not None,
            person,
            lambda ends, space: ends in surely if space == SCORED else space in person,
        ),
        (builder.named_apart, named, lambda _, space: space not in things),
    ):
        assert not asked or all_led_to(stream, decided, holding, strong)


def all_led_to(stream: Stream, decided: Decided, holding: set[int], strong: Any) -> bool:
    """Return whether strong links lead from each record of an entity with a value of some namespaces to each other."""
    graph, carrying, links = nx.Graph(stream.must), set(), decided.links
    for one, other, space in zip(links.one.tolist(), links.other.tolist(), links.space.tolist(), strict=True):
        if strong((one, other), space):
            graph.add_edge(one, other)
    for number in holding:
        found = decided.screened[number]
        rows, life = found.sightings.rows, found.life
        several = [len(set(rows[life == each].tolist())) > 1 for each in range(found.lives)]
        alone = found.namespace.kind != "contact"
        carrying |= {
            row
            for row, each in zip(rows.tolist(), life.tolist(), strict=True)
            if each >= 0 and (alone or several[each])
        }
    graph.add_nodes_from(carrying)
    entities = [sorted(entity & carrying) for entity in parts_of(decided.clusters.labels)]
    return all(nx.has_path(graph, entity[0], row) for entity in entities for row in entity)


@given(CASES)
def test_an_envelope_alone_is_resolved_as_among_all(case) -> None:
    stream, spaces, builder = case
    whole = parts(case)
    for rows in stream.envelopes():
        alone = parts((stream.only(rows), spaces, builder))
        assert {frozenset(rows[place] for place in part) for part in alone} == {
            part for part in whole if part <= set(rows)
        }
        envelope = stream.graph(spaces).envelope(rows[0])
        here = envelope.keys.frame["record_id"].to_list()
        cut_out = parts_of(builder.build(envelope).labels)
        assert {frozenset(here[place] for place in part) for part in cut_out} == {p for p in whole if p <= set(here)}


@given(CASES, st.lists(st.booleans(), min_size=40, max_size=40))
def test_a_graph_put_together_from_parts_is_the_whole(case, sides) -> None:
    """In either order, and of parts that have something in common."""
    stream, spaces, builder = case
    stream = attrs.evolve(stream, apart=None)

    def side(kept: bool) -> IdentityGraph:
        cells, pairs, must, cannot = (
            tuple(item for item, here in zip(items, sides, strict=False) if here is kept or item == items[0])
            for items in (stream.cells, stream.pairs, stream.must, stream.cannot)
        )
        return attrs.evolve(stream, cells=cells, pairs=pairs, must=must, cannot=cannot).graph(spaces)

    one, other = side(True), side(False)
    for whole in (one | other, other | one):
        assert parts_of(builder.build(whole).labels) == parts((stream, spaces, builder))


@given(CASES)
def test_a_link_that_does_not_hold_has_a_reason(case) -> None:
    stream, spaces, builder = case
    graph = stream.graph(spaces)
    decided = builder.decide(graph)
    links, start = decided.contested, np.append(graph.groups, np.arange(stream.n, decided.contested.nodes))
    whole = links.joined(start)
    for link in np.flatnonzero(~decided.taken).tolist():
        apart = [v for v in decided.verdicts if v.part[links.one[link]] != v.part[links.other[link]]]
        assert apart
        for verdict in apart:
            cuts = {int(whole[links.one[cut]]) for cut in verdict.cut}
            assert link in verdict.refused or int(whole[links.one[link]]) in cuts
            assert set(verdict.cut.values()) <= set(verdict.refused)


@given(
    st.tuples(streams(one_value=True), namespaces(), builders()),
    st.sampled_from([*KINDS, "most_records"]),
    st.integers(1, 2),
)
def test_a_higher_limit_never_splits(case, name, more) -> None:
    stream, spaces, builder = case
    spaces = tuple(attrs.evolve(space, max_entities=None) for space in spaces)
    higher = tuple(attrs.evolve(s, limit=s.limit + more) if s.name == name and s.limit else s for s in spaces)
    most = builder.most_records
    looser = attrs.evolve(builder, most_records=most + more) if most and name == "most_records" else builder
    low, high = parts((stream, spaces, builder)), parts((stream, higher, looser))
    assert all(any(part <= larger for larger in high) for part in low)


@given(streams(judged=False), namespaces(), st.sampled_from([0.5, 0.7, 0.9, 0.95]), st.sampled_from([1, 5, 9]))
def test_without_limits_entities_are_connected_components(stream, spaces, threshold, priority) -> None:
    spaces = tuple(
        attrs.evolve(space, limit=None, window=None, max_entities=None, generic=None, ttl=None) for space in spaces
    )
    graph = nx.Graph()
    graph.add_nodes_from(range(stream.n))
    linking = {space.name for space in spaces if space.links}
    graph.add_edges_from(
        (row, (name, value)) for name, row, value, _ in stream.cells if name in linking and value != "null"
    )
    graph.add_edges_from((a, b) for a, b, p in stream.pairs if p >= threshold)
    builder = ConstrainedComponents(linkage=Components(threshold), priority=priority, protect=None, named_apart=False)
    joined = {frozenset(x for x in part if isinstance(x, int)) for part in nx.connected_components(graph)}
    assert parts((stream, spaces, builder)) == joined - {frozenset()}


@given(CASES)
def test_verdicts_are_those_of_taking_links_one_by_one(case) -> None:
    stream, spaces, builder = case
    graph = stream.graph(spaces)
    decided = builder.decide(graph)
    links = decided.links.in_order(np.ones(len(decided.links), dtype=bool))
    start = np.append(graph.groups, np.arange(stream.n, links.nodes))
    policies = [found.namespace.policy == "isolate" for found in decided.screened]
    isolate = np.array([*policies, True])[links.space]
    holds = np.ones(len(links), dtype=bool)
    for limit, verdict in zip(decided.limits, decided.verdicts, strict=True):
        plain = PlainJudge(links, limit, start, builder.margin).judged(isolate)
        assert parts_of(verdict.part) == plain.parts
        assert {told(decided.contested, link) for link in verdict.cut} == {told(links, link) for link in plain.cut}
        sides = {told(links, link): both for link, both in plain.refused.items()}
        assert {told(decided.contested, link) for link in verdict.refused} == set(sides)
        for link, witness in verdict.refused.items():
            one, other = sides[told(decided.contested, link)]
            assert witness[0] in one
            assert witness[1] in other
        of = {node: part for part in plain.parts for node in part}
        holds &= np.array(
            [of[one] == of[other] for one, other in zip(links.one.tolist(), links.other.tolist(), strict=True)],
            dtype=bool,
        )
    assert parts_of(decided.clusters.labels) == parts_of(links.joined(start, holds)[: stream.n])


def told(links: Any, link: int) -> tuple[int, int, int]:
    """Return what a link joins, and by what."""
    return int(links.one[link]), int(links.other[link]), int(links.space[link])


@given(CASES)
def test_namespaces_are_as_good_as_new_when_changed(case) -> None:
    """A namespace whose limit is taken away is one that never had a limit."""
    stream, spaces, builder = case
    free = tuple(attrs.evolve(space, limit=None, window=None) for space in spaces)
    changed = builder.build(stream.graph(spaces).with_namespaces(*free))
    assert parts_of(changed.labels) == parts((stream, free, builder))


@given(CASES, st.integers(0, 8))
def test_a_record_that_carries_nothing_changes_nothing(case, place) -> None:
    stream, spaces, builder = case
    new = [row + (row >= place) for row in range(stream.n)]
    rows = [row for row in range(stream.n + 1) if row not in new]
    wider = Stream(
        stream.n + 1,
        tuple((name, new[row], value, time) for name, row, value, time in stream.cells),
        tuple((new[a], new[b], p) for a, b, p in stream.pairs),
        *(tuple((new[a], new[b]) for a, b in pairs) for pairs in (stream.must, stream.cannot)),
        None if stream.apart is None else tuple(np.insert(stream.apart, rows, -1).tolist()),
        tuple(np.insert(np.array(stream.names, dtype=object), rows, "zoe").tolist()),
    )
    others = {frozenset(new[row] for row in part) for part in parts(case)}
    assert parts((wider, spaces, builder)) == {*others, frozenset(rows)}


@given(CASES)
def test_must_links_unite(case) -> None:
    entities = parts(case)
    assert all(any({a, b} <= entity for entity in entities) for a, b in case[0].must)
