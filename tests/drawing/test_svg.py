"""Small charts: lengths, places and directions of what they draw."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.drawing.svg import bar, diverging, dots, histogram, lengths, slanted

COUNTS = st.lists(st.integers(0, 10**9), max_size=8)
WEIGHTS = st.floats(-40, 40).map(lambda weight: round(weight, 6))


def numbers(name: str, svg: str) -> list[float]:
    """Return the values of one attribute."""
    return [float(v) for v in re.findall(rf'\b{name}="(-?[\d.e+-]+)"', svg)]


@given(COUNTS)
def test_longer_bars_stand_for_more(counts):
    got, _ = lengths(counts)
    assert len(got) == len(counts)
    assert all(0 <= length <= 1 for length in got)
    assert all((got[i] < got[j]) == (a < b) for i, a in enumerate(counts) for j, b in enumerate(counts))


@given(COUNTS.filter(any))
def test_the_longest_bar_is_whole(counts):
    assert max(lengths(counts)[0]) == 1


@pytest.mark.parametrize(
    ("counts", "is_log"), [([9, 1], True), ([8, 1], False), ([9, 0], False), ([9], False), ([900, 90, 1], True)]
)
def test_the_scale_is_logarithmic_where_one_bar_dwarfs_the_next(counts, is_log):
    assert lengths(counts)[1] == is_log


def test_what_is_no_number_has_no_length():
    assert lengths([math.nan, None, math.inf, -3, 2])[0] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(("length", "width"), [(0, 0), (1e-9, 0.4), (0.5, 50), (1, 100), (7, 100)])
def test_a_bar_stays_visible_and_within_its_cell(length, width):
    assert numbers("width", bar(length)) == [width]


@given(WEIGHTS, WEIGHTS.map(abs), WEIGHTS.map(abs))
def test_a_diverging_bar_spans_zero_and_its_value(value, below, above):
    low, high = min(-below, value), max(above, value)
    drawn = diverging(value, low, high, "")
    (left,), (width,) = numbers("x", drawn), numbers("width", drawn)
    place = 100 / ((high - low) or 1)
    ends = sorted([(0 - low) * place, (value - low) * place])
    np.testing.assert_allclose([left, left + width], ends, atol=1e-3)
    assert ("against" in drawn) == (value < 0)


@pytest.mark.parametrize(("value", "width"), [(math.inf, 75), (-math.inf, 25), (math.nan, 0), (None, 0)])
def test_infinite_weights_reach_the_end_of_the_scale_and_missing_ones_have_no_bar(value, width):
    assert numbers("width", diverging(value, -1, 3, "")) == [width]


def test_a_scale_of_nothing_does_not_break():
    assert numbers("width", diverging(0.0, 0.0, 0.0, "")) == [0]


def test_histogram_columns_stand_where_their_bins_are_and_grow_by_factors():
    drawn = histogram([(0.5, 0.6, 99), (0.6, 1.0, 9), (1.0, 1.0, 0)], "pairs")
    assert numbers("x", re.sub("<text.*?</text>", "", drawn)) == [73, 237, 893]
    assert numbers("width", drawn) == [162, 654, 1]
    heights = numbers("height", drawn)
    assert heights[0] == pytest.approx(2 * heights[1], rel=1e-4)
    assert heights[2] == 0


@pytest.mark.parametrize(("most", "figures"), [(1, ["0", "10"]), (10**3, ["0", "1,000", "100", "10"]), (10**9, ["0"])])
def test_the_axis_of_a_histogram_shows_0_and_at_most_five_powers_of_ten(most, figures):
    shown = re.findall(r'text-anchor="end">([\d,]+)<', histogram([(0.0, 1.0, most)], ""))
    assert shown[: len(figures)] == figures
    assert len(shown) <= 6


def test_labels_have_room_for_the_longest_name():
    short, long = slanted(["a", "b"]), slanted(["a", "b" * 20])
    for name in ("width", "height"):
        assert numbers(name, short)[0] < numbers(name, long)[0]
    assert numbers("width", slanted(["a" * 99]))[0] == numbers("width", slanted(["a" * 24]))[0]


def test_columns_reach_from_the_axis_to_the_line_of_their_figure():
    drawn = histogram([(0.0, 0.5, 1_000), (0.5, 1.0, 10)], "")
    lines = dict(zip(re.findall(r'text-anchor="end">([\d,]+)<', drawn), numbers("y1", drawn), strict=True))
    columns = re.sub("<text.*?</text>", "", drawn)
    assert numbers("y", columns) == pytest.approx([lines["1,000"], lines["10"]])
    ends = [top + height for top, height in zip(numbers("y", columns), numbers("height", columns), strict=True)]
    assert ends == pytest.approx([lines["0"]] * 2, abs=1e-3)


def test_a_histogram_lies_within_its_box_with_its_figures_outside_the_plot():
    drawn = histogram([(0.0, 1.0, 1_000)], "")
    _, _, width, height = map(float, re.search(r'viewBox="(.*?)"', drawn)[1].split())
    assert max(numbers("x", drawn) + numbers("x2", drawn)) < width
    assert max(numbers("y1", drawn)) < max(numbers("y", drawn)) < height
    assert min(numbers("y1", drawn)) > 0


@pytest.mark.parametrize(("total", "pitch"), [(1, 26), (6, 26), (7, 20), (12, 20)])
def test_names_stand_above_their_dots(total, pitch):
    at = numbers("cx", dots(range(total), total, ""))
    assert at == [pitch * i + pitch / 2 for i in range(total)]
    labels = slanted(["name"] * total)
    assert [float(x) - 3 for x in re.findall(r"translate\((\S+) ", labels)] == at
    assert numbers("width", labels)[0] > at[-1]


def test_dots_lie_in_the_middle_of_their_row():
    drawn = dots([0, 2], 3, "")
    assert numbers("height", drawn) == [2 * y for y in {*numbers("cy", drawn)}]
    assert numbers("y1", drawn) == numbers("y2", drawn) == [*{*numbers("cy", drawn)}]
    assert numbers("width", drawn)[0] == max(numbers("cx", drawn)) + min(numbers("cx", drawn))


def test_ticks_divide_the_axis_of_a_histogram_in_five():
    drawn = histogram([(0.5, 1.0, 9)], "")
    (axis,) = re.findall(r'<line x1="(\d+)" x2="(\d+)"[^>]*class="axis"', drawn)
    left, right = map(int, axis)
    ticks = re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle">([\d.]+)<', drawn)
    assert [(float(x), float(figure)) for x, figure in ticks] == [
        (left + (right - left) * i / 5, pytest.approx(0.5 + i / 10)) for i in range(6)
    ]


def test_a_logarithmic_scale_is_relative_to_the_largest():
    assert lengths([99, 9, 0])[0] == pytest.approx([1, 0.5, 0])
