"""The analysis of errors on labeled sets: each pair is judged by what the stages did with it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph.graph import Clusters

ROOT = Path(__file__).resolve().parents[1]
Judged = runpy.run_path(str(ROOT / "benchmarks" / "error_analysis.py"))["Judged"]

PEOPLE = {
    "id": ["a1", "a2", "a3", "b1", "b2", "c1", "d1", "d2", "e1"],
    "key": ["a", "a", None, "b", "b", "c", "d", "d", "e"],
    "name": ["ann", "ann", "ann", "bob", "cat", "bob", "dan", "dan", "eve"],
}
ENTITIES = ["a", "a", "a", "b", "b", "c", "d", "d", None]
CLUSTERS = [1, 1, 1, 2, 3, 2, 4, 5, 4]


def _rows(result: ig.Resolution, ids: str) -> tuple[int, int]:
    one, other = (result.records.ids.to_list().index(each) for each in ids.split())
    return min(one, other), max(one, other)


@pytest.fixture(scope="module")
def judged() -> Any:
    """Return pairs of nine made-up records: candidates share a key, and those that share a name too are linked."""
    resolver = ig.Resolver(
        ig.block_on("key"),
        [ig.exact("name", frequency=False), ig.exact("key", frequency=False)],
        matcher=ig.Rules([ig.rule({"name": "equal", "key": "equal"}, "match")]),
    )
    result = resolver.resolve(PEOPLE, id="id")
    place = [PEOPLE["id"].index(each) for each in result.records.ids]
    result = attrs.evolve(result, clusters=Clusters.of(np.array(CLUSTERS)[place]))
    return Judged.of(result, pl.DataFrame({"record_id": PEOPLE["id"], "entity_id": ENTITIES}))


def test_each_pair_is_lost_or_found_by_what_the_stages_did_with_it(judged: Any) -> None:
    expected = {
        "found, linked": ["a1 a2"],
        "found, through other records": ["a1 a3", "a2 a3"],
        "lost at blocking": [],
        "lost at scoring": ["b1 b2"],
        "lost at clustering": ["d1 d2"],
        "false, linked": [],
        "false, below the threshold, through other records": [],
        "false, not proposed, through other records": ["b1 c1"],
    }
    assert list(judged.groups) == list(expected)
    for name, group in judged.groups.items():
        pairs = judged.pairs.where(group)
        found = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
        assert found == {_rows(judged.result, ids) for ids in expected[name]}, name


def test_a_record_without_a_label_is_in_no_pair(judged: Any) -> None:
    unlabeled = judged.result.records.ids.to_list().index("e1")
    assert unlabeled not in {*judged.pairs.left.tolist(), *judged.pairs.right.tolist()}


def test_entities_are_split_and_clusters_mixed(judged: Any) -> None:
    assert judged.split().rows() == [(1, 1, 3), (2, 2, 4)]
    assert judged.mixed().rows() == [(1, 1, 3), (2, 1, 2)]


def test_patterns_say_what_comparators_say_but_for_missing_values(judged: Any) -> None:
    found = judged.groups["found, through other records"]
    assert judged.patterns(found).rows() == [("name: equal", 2)]


def test_examples_stand_side_by_side(judged: Any) -> None:
    (shown,) = judged.examples(judged.groups["lost at scoring"], 5)
    assert {frozenset(row[1:]) for row in shown.rows()} == {
        frozenset({"b1", "b2"}), frozenset({"b"}), frozenset({"bob", "cat"}),
    }  # fmt: skip
    assert shown["column"].to_list() == ["record", "key", "name"]
