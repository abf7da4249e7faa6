"""Charts on axes from 0 to 1: where their marks lie, what they say, how few points they need."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.drawing.curves import LEFT, SIDE, TOP, chart, charts, curve, diagonal, point

SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30)


def places(drawn: str) -> list[tuple[float, float]]:
    """Return the points of a curve, in pixels."""
    return [tuple(map(float, place.split(","))) for place in re.search('points="(.*?)"', drawn)[1].split()]


@given(SHARES)
def test_a_curve_passes_each_of_its_points_within_half_a_pixel_and_stands_nowhere_twice(shares):
    across, up = (np.array(values) for values in zip(*shares, strict=True))
    drawn = places(curve(across, up))
    for x, y in shares:
        assert any(abs(a - LEFT - SIDE * x) <= 0.3 and abs(b - TOP - SIDE * (1 - y)) <= 0.3 for a, b in drawn)
    assert all(one != other for one, other in pairwise(drawn))


def test_a_million_points_draw_as_few():
    values = np.linspace(0, 1, 1_000_001)
    assert len(places(curve(values, values**2))) < 5 * SIDE
    assert places(curve(values, values**2))[-1] == (LEFT + SIDE, TOP)


def test_a_curve_without_points_is_empty():
    assert curve(np.array([]), np.array([])) == '<polyline points=""></polyline>'


def test_a_point_stands_on_its_shares_and_its_interval_reaches_to_the_ends():
    drawn = point(0.25, 0.5, "R&D", interval=(0.0, 1.0))
    assert "<title>R&amp;D</title>" in drawn
    x = LEFT + SIDE / 4
    assert f'<circle cx="{x:g}" cy="{TOP + SIDE / 2:g}"' in drawn
    assert f'x1="{x:g}" x2="{x:g}" y1="{TOP + SIDE}" y2="{TOP}"' in drawn


def test_the_diagonal_joins_nothing_with_everything():
    assert f'x1="{LEFT}" x2="{LEFT + SIDE}" y1="{TOP + SIDE}" y2="{TOP}"' in diagonal()


def test_ticks_stand_where_their_figures_are():
    drawn = chart("Title", "this", "that")
    across = re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">([\d.]+)<', drawn)
    up = re.findall(r'<text x="[\d.]+" y="([\d.]+)" text-anchor="end">([\d.]+)<', drawn)
    assert [figure for _, figure in across] == [figure for _, figure in up] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert [float(x) for x, _ in across] == pytest.approx([LEFT + SIDE * i / 5 for i in range(6)])
    assert [float(y) - 4 for y, _ in up] == pytest.approx([TOP + SIDE * (5 - i) / 5 for i in range(6)])


def test_a_chart_names_itself_and_its_axes_and_escapes_them():
    drawn = chart("A < B", "this", "that", diagonal())
    assert "<figcaption>A &lt; B</figcaption>" in drawn
    assert 'aria-label="A &lt; B: that against this"' in drawn
    assert drawn.index('class="diagonal"') > drawn.index(">that</text>") > drawn.index(">this</text>")


def test_charts_bring_their_style():
    drawn = charts(chart("One", "x", "y"), chart("Two", "x", "y"))
    assert re.findall("<figcaption>(.*?)</figcaption>", drawn) == ["One", "Two"]
    assert drawn.startswith('<div class="charts"><style>\n.identigraph .charts {')
