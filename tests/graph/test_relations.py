"""Possibly same, possibly related: what may join entities beyond what does."""

from __future__ import annotations

import sys
from itertools import combinations
from typing import Any
from unittest.mock import patch

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_graphs import Stream, builders, ends, namespaces, streams

import identigraph as ig
from identigraph import Pairs
from identigraph.graph import Evidence, IdentityGraph, Namespace
from identigraph.graph.links import SCORED
from identigraph.graph.relations import RELATED, SAME, relations

UNSURE = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] != p[1]), max_size=3)
CASES = st.tuples(streams(), namespaces(), builders(), UNSURE)
LOGIN = Namespace("login", kind="login", limit=1)
RELATING = {"contact", "device", "cookie", "household", "organisation"}

Row = tuple[int, int, str, str, int, float]


def evidence(case: Any) -> Evidence:
    """Return the evidence behind a case, with pairs of which nobody could tell."""
    stream, spaces, builder, unsure = case
    graph = stream.graph(spaces)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in unsure if max(a, b) < stream.n})
    judgements = attrs.evolve(graph.judgements, unsure=Pairs.of(*ends(tuple(pairs))))
    return Evidence.of(attrs.evolve(graph, judgements=judgements), builder)


def plain(found: Evidence, largest: int) -> tuple[list[Row], int]:
    """Return the relations by a look at each pair of records, and how many values are skipped."""
    label, graph = found.clusters.labels.tolist(), found.graph
    told: dict[tuple[int, int, str], list[tuple[str, float]]] = {}

    def tell(one: int, other: int, relation: str, by: str, certainty: float) -> None:
        if one != other:
            told.setdefault((*sorted((one, other)), relation), []).append((by, certainty))

    for place in np.flatnonzero((found.links.space == SCORED) & ~found.holds):
        link = found.links.at(np.array([place]))
        tell(label[link.one[0]], label[link.other[0]], SAME, "scored", float(found.certainty(link)[0]))
    for a, b in zip(graph.judgements.unsure.left.tolist(), graph.judgements.unsure.right.tolist(), strict=True):
        tell(label[a], label[b], SAME, "unsure", 0.5)
    skipped = 0
    for screened in found.screened:
        space = screened.namespace
        if not space.links and space.kind not in ("contact", "household", "organisation"):
            continue
        for life in range(screened.lives):
            touched = {label[row] for row in screened.sightings.rows[screened.life == life].tolist()}
            skipped += len(touched) > largest
            for pair in combinations(sorted(touched), 2) if len(touched) <= largest else ():
                tell(*pair, RELATED if space.kind in RELATING else SAME, space.name, space.certainty)
    cannot = graph.judgements.cannot
    never = {tuple(sorted((label[a], label[b]))) for a, b in zip(cannot.left, cannot.right, strict=True)}
    rows = [
        (*key, ", ".join(sorted({by for by, _ in pieces})), len(pieces), max(sure for _, sure in pieces))
        for key, pieces in sorted(told.items())
        if key[:2] not in never
    ]
    return rows, skipped


@settings(max_examples=settings().max_examples // 2)
@given(CASES, st.sampled_from([1, 2, 20]))
def test_relations_are_what_a_look_at_every_pair_finds(case, largest) -> None:
    found = evidence(case)
    with patch.object(sys.modules[relations.__module__], "LARGEST", largest):
        got = relations(found)
    assert (got.table.to_polars().rows(), got.skipped) == plain(found, largest)


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_entities_that_a_judgement_keeps_apart_are_never_related(case) -> None:
    found = evidence(case)
    table = relations(found).table.to_polars()
    assert (table["left"] < table["right"]).all()
    label = found.clusters.labels
    never = {tuple(sorted((label[a], label[b]))) for a, b in case[0].cannot}
    assert not never & set(table.select("left", "right").rows())


@settings(max_examples=settings().max_examples // 2)
@given(CASES)
def test_relations_do_not_depend_on_the_names_of_records(case) -> None:
    """Records are numbered by their ids, so new names in the old order change nothing."""
    found = evidence(case)
    names = pl.DataFrame({"source": "", "record_id": [f"r{row}" for row in range(case[0].n)]})
    renamed = attrs.evolve(found.graph, keys=ig.graph.identity_graph.Keys(names))
    again = relations(Evidence.of(renamed, case[2]))
    assert again.table.to_polars().equals(relations(found).table.to_polars())


@settings(max_examples=settings().max_examples // 2)
@given(st.tuples(streams(judged=False), st.sampled_from([0.5, 0.9])))
def test_relations_are_the_same_for_records_in_reverse(case) -> None:
    """Under plain components, where no tie can be broken by the order of records."""
    stream, threshold = case
    last = stream.n - 1
    pairs = tuple(sorted((last - b, last - a, p) for a, b, p in stream.pairs))
    cells = tuple((name, last - row, value, time) for name, row, value, time in stream.cells)
    mail = Namespace("mail", kind="household")
    told = []
    for each, number in ((stream, lambda row: row), (Stream(stream.n, cells, pairs), lambda row: last - row)):
        builder = ig.ConstrainedComponents(linkage=ig.Components(threshold), margin=None)
        found = Evidence.of(each.graph((mail,)), builder)
        label = found.clusters.labels.tolist()
        first = {entity: frozenset(number(r) for r in range(stream.n) if label[r] == entity) for entity in label}
        told.append(
            {(frozenset((first[a], first[b])), *rest) for a, b, *rest in relations(found).table.to_polars().rows()}
        )
    assert told[0] == told[1]


def rows(builder: Any = None, **given_parts: Any) -> list[Row]:
    """Return the relations of a graph."""
    found = Evidence.of(IdentityGraph.of(**given_parts), builder or ig.ConstrainedComponents())
    return relations(found).table.to_polars().rows()


def test_the_telephone_of_a_household_relates_two_and_joins_nobody() -> None:
    people = {"id": ["ann", "bob", "carl"], "phone": ["0401", "0401", "0402"]}
    for space in (
        Namespace("phone", kind="household"),
        Namespace("phone", kind="contact", linkable=False, confidence=0.5),
    ):
        assert rows(records=people, id="id", namespaces=[space]) == [(0, 1, RELATED, "phone", 1, 0.5)]


@pytest.mark.parametrize(("kind", "expected"), [("person", []), ("account", []), ("cookie", [])])
def test_what_only_counts_relates_nobody(kind: Any, expected: list[Row]) -> None:
    people = {"id": [1, 2], "birth": ["d1", "d1"]}
    assert rows(records=people, id="id", namespaces=[Namespace("birth", kind=kind, linkable=False)]) == expected


def test_two_logins_on_one_account_are_possibly_the_same_person() -> None:
    people = {"id": [1, 2], "login": ["ann", "bob"], "card": ["c", "c"]}
    found = rows(records=people, id="id", namespaces=[LOGIN, Namespace("card", kind="account")])
    assert found == [(0, 1, SAME, "card", 1, 0.99)]


def test_what_speaks_for_one_relation_is_told_together() -> None:
    people = {"id": [1, 2], "login": ["ann", "bob"], "card": ["c", "c"], "cookie": ["t", "t"]}
    unsure = {"left": [2], "right": [1], "judgement": ["unsure"]}
    spaces = [LOGIN, Namespace("card", kind="account"), Namespace("cookie", kind="cookie")]
    found = rows(records=people, id="id", namespaces=spaces, judgements=unsure, edges=[(1, 2, 0.75)])
    assert found == [(0, 1, RELATED, "cookie", 1, 0.9), (0, 1, SAME, "card, scored, unsure", 3, 0.99)]


def test_an_unsure_judgement_says_possibly_same_until_somebody_is_sure() -> None:
    judged = {"left": ["a"], "right": ["b"], "judgement": ["unsure"]}
    assert rows(judgements=judged) == [(0, 1, SAME, "unsure", 1, 0.5)]
    later = {"left": ["a", "b"], "right": ["b", "a"], "judgement": ["unsure", "cannot_link"]}
    assert rows(judgements=later) == []
    assert rows(judgements={**later, "judgement": ["unsure", "must_link"]}) == []


def test_what_too_many_share_relates_nobody_and_is_counted() -> None:
    for people, skipped in ((20, 0), (21, 1)):
        events = {"id": range(people), "login": [f"u{i}" for i in range(people)], "cookie": ["kiosk"] * people}
        graph = IdentityGraph.of(events, id="id", namespaces=[LOGIN, Namespace("cookie", kind="cookie")])
        found = relations(Evidence.of(graph, ig.ConstrainedComponents()))
        assert found.skipped == skipped
        assert len(found.table) == (0 if skipped else people * (people - 1) // 2)


def test_other_builders_have_relations_by_scored_pairs() -> None:
    pairs = [("a", "b", 0.99), ("b", "c", 0.75), ("a", "c", 0.001)]
    assert rows(ig.AverageLinkage(0.5), edges=pairs) == [(0, 1, SAME, "scored", 1, pytest.approx(0.75))]


def test_nothing_is_related_to_nothing() -> None:
    assert rows() == []
