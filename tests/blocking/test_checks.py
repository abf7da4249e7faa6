"""Checks of arguments: what passes, and what is said of the rest."""

from __future__ import annotations

import math
from typing import Any

import pytest

from identigraph import prefix
from identigraph.blocking.checks import check_features, check_share, check_whole
from identigraph.errors import ConfigurationError, RangeError


@pytest.mark.parametrize("features", [["name"], ("name", prefix("name", 3)), (name for name in ["a", "b"])])
def test_names_and_derived_features_pass(features: Any) -> None:
    check_features("block_on", features)


def test_no_feature_is_told_with_the_name_of_the_maker() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^qgrams_of needs at least one feature, for example qgrams_of\('name'"
    ):
        check_features("qgrams_of", ())


@pytest.mark.parametrize("wrong", [3, None, ("name",), ["name"], b"name", True])
def test_what_is_no_feature_is_told_with_its_type_wherever_it_stands(wrong: Any) -> None:
    for features in ((wrong,), ("name", wrong), (wrong, "name")):
        with pytest.raises(ConfigurationError, match=r"^block_on takes names and derived features, got") as caught:
            check_features("block_on", features)
        assert str(caught.value).endswith(f"got {type(wrong).__name__}")


@pytest.mark.parametrize(("value", "low", "high"), [(2, 2, math.inf), (10**12, 2, math.inf), (1, 1, 20), (20, 1, 20)])
def test_a_whole_number_in_its_range_passes(value: int, low: int, high: float) -> None:
    check_whole("q", value, low, high)


@pytest.mark.parametrize("value", [0, 21, -1, 2.0, True, None, "2", math.nan, [2]])
def test_other_numbers_and_what_is_none_are_told_with_the_range(value: Any) -> None:
    with pytest.raises(RangeError, match=r"^q must lie between 1 and 20, got") as caught:
        check_whole("q", value, 1, 20)
    assert str(caught.value).endswith(f"got {value!r}")
    assert caught.value.name == "q"


def test_a_whole_number_may_have_no_upper_end() -> None:
    with pytest.raises(RangeError, match=r"^k must lie between 1 and inf, got 0$"):
        check_whole("k", 0, 1)


@pytest.mark.parametrize(("value", "low", "high"), [(1, 0, 1), (1e-9, 0, 1), (0.5, 0.5, 1), (7.5, 0, 8)])
def test_a_share_in_its_range_passes(value: float, low: float, high: float) -> None:
    check_share("keep", value, low, high)


@pytest.mark.parametrize("value", [0, 0.0, -0.1, 1.01, math.nan, math.inf, True, None, "1"])
def test_a_share_of_nothing_and_what_is_out_of_range_are_told(value: Any) -> None:
    with pytest.raises(RangeError, match=r"^keep must lie between 0 and 1, got") as caught:
        check_share("keep", value)
    assert str(caught.value).endswith(f"got {value!r}")


def test_a_share_has_a_lower_end_where_one_is_given() -> None:
    with pytest.raises(RangeError, match=r"^similarity must lie between 0.5 and 1, got 0.4$"):
        check_share("similarity", 0.4, 0.5)
