"""Probabilities that are given."""

from __future__ import annotations

import numpy as np
import pytest

from identigraph.comparing import Layout
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching import Fixed
from identigraph.matching.fixed import LEAST, as_fixed

LAYOUT = Layout(("sex",), (("differs", "equal"),))


def test_what_is_given_is_raised_above_zero_and_adds_up() -> None:
    fixed = Fixed("sex", m=[0, 1])
    assert fixed.array("u") is None
    assert fixed.array("m").tolist() == pytest.approx([LEAST, 1 - LEAST], rel=1e-6)
    assert fixed.array("m").sum() == pytest.approx(1)
    assert Fixed("sex", u=(0.25, 0.75)).array("u").tolist() == [0.25, 0.75]
    assert fixed == Fixed("sex", m=(0.0, 1.0))


@pytest.mark.parametrize("given", [(), (0.5,), (0.5, 0.6), (-0.1, 1.1), (float("nan"), 1.0), (2, -1)])
@pytest.mark.parametrize("side", ["m", "u"])
def test_what_is_no_probability_is_refused(given, side) -> None:
    with pytest.raises(ConfigurationError, match="between 0 and 1 and add up to 1"):
        Fixed("sex", **{side: given})


def test_something_must_be_given() -> None:
    with pytest.raises(ConfigurationError, match="give m or u of comparator 'sex'"):
        Fixed("sex")


@pytest.mark.parametrize("side", ["m", "u"])
def test_comparator_and_number_of_levels_are_checked(side) -> None:
    Fixed("sex", **{side: (0.5, 0.5)}).check(LAYOUT)
    with pytest.raises(ConfigurationError, match=r"'sex' has 2 levels \(differs, equal\), and 3 probabilities"):
        Fixed("sex", **{side: (0.5, 0.25, 0.25)}).check(LAYOUT)
    with pytest.raises(ColumnNotFoundError, match="no comparator 'six'"):
        Fixed("six", **{side: (0.5, 0.5)}).check(LAYOUT)


def test_a_mapping_is_read_too() -> None:
    assert as_fixed({"sex": {"u": [0.5, 0.5]}}) == as_fixed([Fixed("sex", u=(0.5, 0.5))])
    assert np.array(as_fixed({})).size == 0
