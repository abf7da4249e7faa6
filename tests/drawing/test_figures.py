"""Figures as text: what stands at the edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.drawing.figures import count, duration, probability, share, signed


@pytest.mark.parametrize("write", [count, share, probability, duration])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_a_dash(write, value):
    assert write(value) == "–"


@given(st.floats(0, 1))
def test_only_nothing_is_0_percent_and_only_everything_is_100(value):
    assert (share(value) == "0%") == (value == 0)
    assert (share(value) == "100%") == (value == 1)
    assert share(value) not in {"0.0%", "100.0%"}


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.1%"), (0.00099, "<0.1%"), (0.999, "99.9%"), (0.9995, ">99.9%"), (-0.25, "-25.0%")]
)
def test_shares_have_one_decimal(value, text):
    assert share(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (1, "1.0 s"),
        (119.4, "119.4 s"),
        (119.96, "2 min 0 s"),
        (7199.6, "2 h 0 min"),
    ],
)
def test_times_change_their_unit_without_a_seam(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("bits", "text"), [(0.04, "0.0"), (-0.04, "0.0"), (0.06, "+0.1"), (-math.inf, "−∞"), (math.nan, "–")]
)
def test_bits_have_a_sign_unless_they_are_none(bits, text):
    assert signed(bits) == text
