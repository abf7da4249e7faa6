"""What each part of blocking brought: counted right, against a plain count of sets of pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, block_on
from identigraph.blocking import Candidates
from identigraph.blocking.brought import brought
from identigraph.blocking.candidates import linking

ROW = st.tuples(*(st.sampled_from("xyz") for _ in range(3)), st.integers(0, 2), st.sampled_from("st"))


def listed(found: Candidates) -> set[tuple[int, int]]:
    return {pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)}


@pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
@given(st.lists(ROW, min_size=2, max_size=12), st.booleans(), st.integers(1, 3))
def test_the_counts_are_those_of_sets_of_pairs(rows: list[tuple[str, ...]], across: bool, every: int) -> None:
    columns = {name: [row[i] for row in rows] for i, name in enumerate(("a", "b", "c", "e", "source"))}
    records = Records.of(columns, source="source")
    whole = (block_on("a") | block_on("b") | block_on("c")).candidates(records)
    sources = records.sources.codes
    found = linking(whole, sources, across=True) if across else whole
    labels = records.column("e").codes.astype(np.int64)
    kept = sorted(listed(found))[::every]
    scored = Pairs.of(*(np.array([pair[side] for pair in kept], dtype=np.int32) for side in (0, 1)))
    sets = [listed(block_on(name).candidates(records)) & listed(found) for name in "abc"]
    same = {pair for pair in kept if labels[pair[0]] == labels[pair[1]]}
    expected = []
    for i, held in enumerate(sets):
        fresh = held - set().union(*sets[:i])
        others = set().union(*(other for j, other in enumerate(sets) if j != i))
        expected.append((len(fresh), len(fresh & {*kept}), len(fresh & same), len((held & same) - others)))
    assert brought(found, scored, labels).select("new", "kept", "linked", "only").rows() == expected
