"""Cutoffs: how many of them a similarity reaches, and what they may be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.comparing import JaroWinkler, NearNumber, TokenCosine
from identigraph.comparing.cutoffs import TOLERANCE, ascending, reached
from identigraph.errors import RangeError

SHARES = st.floats(0, 1)


@given(st.lists(SHARES, max_size=5), st.lists(SHARES))
def test_a_similarity_reaches_the_cutoffs_that_it_is_not_below(cutoffs, similarities) -> None:
    got = reached(np.array(similarities), ascending(cutoffs)).tolist()
    assert got == [sum(similarity >= cutoff - TOLERANCE for cutoff in cutoffs) for similarity in similarities]


def test_rounding_to_32_bits_does_not_keep_a_similarity_from_its_cutoff() -> None:
    assert float(np.float32(0.7)) < 0.7
    assert reached(np.array([0.7, 0.6999], dtype=np.float32), (0.7,)).tolist() == [1, 0]


def test_cutoffs_are_put_in_order() -> None:
    assert JaroWinkler("name", (0.9, 0.8)) == JaroWinkler("name", [0.8, 0.9])
    assert TokenCosine("name", (0.9, 0.8)).cutoffs == (0.8, 0.9)
    assert NearNumber("price", relative=(0.1, 0.01), absolute=(5, 1)).absolute == (1, 5)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_cutoffs_and_shares_lie_between_0_and_1(value) -> None:
    for make, name in ((JaroWinkler, "cutoffs"), (TokenCosine, "cutoffs"), (NearNumber, "relative")):
        with pytest.raises(RangeError, match=f"{name} must lie between 0 and 1"):
            make("name", (0.5, value))
