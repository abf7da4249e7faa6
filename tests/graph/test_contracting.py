"""Pairs between groups of must-linked records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from plain_graphs import THRESHOLDS, Plain, odds_of, parts, plain_graphs

from identigraph.graph.contracting import Contracted, joined, linking
from identigraph.graph.contracting import odds_of as odds_of_threshold


@given(plain_graphs(), THRESHOLDS)
def test_of_several_pairs_between_two_groups_the_strongest_stands_for_all(plain: Plain, threshold: float) -> None:
    pairs, expected = Contracted.of(plain.graph(), threshold), plain.strongest(threshold)
    ends = list(zip(pairs.low.tolist(), pairs.high.tolist(), strict=True))
    assert ends == sorted(expected)
    assert pairs.odds.tolist() == pytest.approx([odds_of(expected[pair]) for pair in ends])
    assert pairs.probability.tolist() == [expected[pair] for pair in ends]
    first = pairs.strongest_first
    assert list(zip(first.low.tolist(), first.high.tolist(), strict=True)) == list(expected)
    lowest = {record: min(group) for group in plain.groups for record in group}
    assert pairs.label.tolist() == [lowest[record] for record in range(plain.n)]
    assert repr(pairs) == f"<Contracted: {len(expected)} pairs of {len(plain.groups)} groups>"


@given(plain_graphs(), THRESHOLDS)
def test_components_are_those_of_pairs_and_must_links(plain: Plain, threshold: float) -> None:
    pairs = Contracted.of(plain.graph(), threshold)
    lowest = {
        record: min(part) for part in parts(range(plain.n), [*plain.strong(threshold), *plain.must]) for record in part
    }
    expected = [lowest[record] for record in range(plain.n)]
    assert pairs.components[pairs.label].tolist() == expected
    assert joined(plain.n, pairs.label, pairs.low, pairs.high).tolist() == expected


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_pairs_that_equal_the_threshold_reach_it_in_their_precision(threshold: float) -> None:
    scored = Plain(2, {(0, 1): float(np.float32(threshold))}).graph().scored
    assert len(linking(scored, threshold)) == 1
    assert odds_of_threshold(threshold, scored) == odds_of(float(scored.match_probability[0]))
