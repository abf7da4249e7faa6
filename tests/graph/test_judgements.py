"""Judgements: verdicts of people as pairs of rows, each once, with all that was told beside."""

from __future__ import annotations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.graph.judgements import VERDICTS, Judgements, judged, read_verdicts
from identigraph.pairs import Pairs

PAIR = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])
TOLD = st.lists(st.tuples(PAIR, st.sampled_from(VERDICTS)), max_size=8)


def pairs(found: Pairs) -> list[tuple[int, int]]:
    """Return pairs as tuples."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def made(told: list[tuple[tuple[int, int], str]], **others: list[object]) -> Judgements:
    """Return judgements."""
    left, right = (np.array([pair[side] for pair, _ in told], dtype=np.int64) for side in (0, 1))
    return judged(left, right, pl.Series([said for _, said in told], dtype=pl.String), pl.DataFrame(others))


@given(TOLD)
def test_judgements_are_the_different_pairs_of_each_verdict_in_order(told) -> None:
    found = made(told)
    for verdict, kept in zip(VERDICTS, (found.must, found.cannot, found.unsure), strict=True):
        assert found.by_verdict[verdict] is kept
        assert pairs(kept) == sorted({tuple(sorted(pair)) for pair, said in told if said == verdict})
    assert list(found.by_verdict) == list(VERDICTS)
    assert len(found) == len(found.must) + len(found.cannot) + len(found.unsure)


@given(TOLD)
def test_must_links_lead_to_the_lowest_record_and_contradictions_are_inside(told) -> None:
    found = made(told)
    graph = nx.Graph(pairs(found.must))
    graph.add_nodes_from(range(6))
    assert found.groups(6).tolist() == [min(nx.node_connected_component(graph, row)) for row in range(6)]
    assert pairs(found.contradictions(6)) == [pair for pair in pairs(found.cannot) if nx.has_path(graph, *pair)]


def test_what_was_told_beside_is_kept_with_its_pair_and_of_repeats_the_first_in_order() -> None:
    told = [((3, 1), "must_link"), ((0, 1), "must_link"), ((1, 3), "must_link"), ((0, 1), "unsure")]
    found = made(told, author=["eve", "bob", "ann", "cy"])
    assert pairs(found.must) == [(0, 1), (1, 3)]
    assert found.told["must_link"].to_dicts() == [{"author": "bob"}, {"author": "ann"}]
    assert found.told["unsure"].to_dicts() == [{"author": "cy"}]
    assert found.told["cannot_link"].columns == ["author"]


def test_a_repr_tells_counts() -> None:
    assert repr(made([((0, 1), "unsure")])) == "<Judgements: 0 must-link, 0 cannot-link, 1 unsure>"
    assert len(Judgements()) == 0


def test_columns_of_the_names_used_here_are_no_trouble() -> None:
    found = made([((0, 1), "unsure")], left=[5], said=["x"], author=["ann"])
    assert found.told["unsure"].to_dicts() == [{"author": "ann"}]


def test_a_record_judged_against_itself_is_told() -> None:
    with pytest.raises(ConfigurationError, match="1 join a record with itself"):
        judged(np.array([1]), np.array([1]), pl.Series(["unsure"]), pl.DataFrame())


def test_verdicts_are_read_in_any_spelling() -> None:
    table = pl.DataFrame({"judgement": ["must-link", " Cannot Link", "UNSURE", "must_link"]})
    assert read_verdicts(table).to_list() == ["must_link", "cannot_link", "unsure", "must_link"]


def test_what_is_no_verdict_is_told() -> None:
    with pytest.raises(ConfigurationError, match="2 of 3 judgements are none of 'must_link', 'cannot_link', 'unsure'"):
        read_verdicts(pl.DataFrame({"judgement": ["maybe", None, "unsure"]}))
    with pytest.raises(ColumnNotFoundError, match="no column 'judgement' in the judgements; did you mean 'judgment'"):
        read_verdicts(pl.DataFrame({"judgment": ["unsure"]}))
