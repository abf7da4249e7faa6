"""Log2 odds: there and back, and how far."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.odds import CERTAIN, log2_odds, probability_of, weight_of


@given(st.floats(1e-12, 1 - 1e-12))
def test_weights_and_probabilities_lead_to_each_other(probability) -> None:
    assert probability_of(np.array([weight_of(probability)]))[0] == pytest.approx(probability)
    assert weight_of(probability) == pytest.approx(math.log2(probability / (1 - probability)))


def test_certainty_lies_at_infinite_weights() -> None:
    assert [weight_of(p) for p in (-1, 0, 1, 2)] == [-math.inf, -math.inf, math.inf, math.inf]
    assert probability_of(np.array([-np.inf, np.inf])).tolist() == pytest.approx([0, 1])


@given(st.lists(st.floats(0, 1), max_size=9))
def test_odds_of_many_are_those_of_each_within_certainty(probabilities) -> None:
    expected = [min(max(weight_of(p), -CERTAIN), CERTAIN) for p in probabilities]
    assert log2_odds(np.array(probabilities)).tolist() == pytest.approx(expected)
    assert log2_odds(np.array([0, 0.5, 1], dtype=np.float32)).tolist() == [-CERTAIN, 0, CERTAIN]
