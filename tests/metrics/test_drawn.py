"""What a notebook shows of evaluated scores and probabilities."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from identigraph.drawing.curves import LEFT, SIDE, TOP
from identigraph.metrics import calibration, evaluate_scores
from identigraph.metrics.calibration import wilson


def points(drawn: str) -> list[list[tuple[float, float]]]:
    """Return the points of each curve, on axes from 0 to 1."""
    return [
        [
            (round((float(x) - LEFT) / SIDE, 3), round(1 - (float(y) - TOP) / SIDE, 3))
            for x, y in (point.split(",") for point in line.split())
        ]
        for line in re.findall(r'<polyline points="(.*?)"', drawn)
    ]


@pytest.mark.parametrize(
    ("scores", "truth", "missed", "curves"),
    [
        ([3, 2, 1], [True, False, True], 1, ["Precision and recall", "ROC"]),
        ([3, 2], [True, True], 0, ["Precision and recall"]),
        ([3, 2], [False, False], 0, ["Precision and recall"]),
        ([], [], 3, []),
    ],
)
def test_curves_are_drawn_where_there_are_pairs_for_them(scores, truth, missed, curves):
    drawn = evaluate_scores(scores, truth, missed=missed)._repr_html_()
    assert re.findall("<figcaption>(.*?)</figcaption>", drawn) == curves
    assert len(points(drawn)) == len(curves)


def test_the_curves_pass_through_what_each_threshold_gives():
    """Precision is 1 up to a recall of 1/2, then 2/3 up to 1; the ROC rises, runs and rises."""
    steps, roc = points(evaluate_scores([3, 2, 1], [True, False, True])._repr_html_())
    assert steps == [(0, 1), (0.5, 1), (0.5, 0.5), (0.5, 0.667), (1, 0.667)]
    assert roc == [(0, 0), (0, 0.5), (1, 0.5), (1, 1)]


def test_the_area_under_the_drawn_steps_is_the_average_precision():
    found = evaluate_scores(range(40), [i % 3 != 0 or i > 25 for i in range(40)], missed=4)
    steps, _ = points(found._repr_html_())
    area = sum((x2 - x1) * y for (x1, y), (x2, _) in pairwise(steps))
    assert area == pytest.approx(found.average_precision, abs=0.005)


def test_the_best_threshold_is_marked_and_the_key_figures_are_told():
    drawn = evaluate_scores([3, 2, 1], [True, False, True], missed=1)._repr_html_()
    assert "best F1 at 1: precision 66.7%, recall 66.7%" in drawn
    tiles = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd><dd>(.*?)</dd>", drawn)
    assert [(name, figure) for name, figure, _ in tiles] == [
        ("Matches", "3"),
        ("Average precision", "0.556"),
        ("ROC AUC", "0.5"),
        ("Best F1", "0.667"),
    ]
    assert tiles[0][2] == "1 of them never scored"


def test_the_mark_stands_at_its_recall_and_precision():
    """The best threshold of these is 3: all it predicts is right, and it finds two of the four matches."""
    drawn = evaluate_scores([3, 3, 2, 1], [True, True, False, False], missed=2)._repr_html_()
    (place,) = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert (float(place[0]), float(place[1])) == (LEFT + 0.5 * SIDE, TOP)


def test_areas_that_do_not_exist_are_a_dash():
    assert "<dt>ROC AUC</dt><dd>–</dd>" in evaluate_scores([1], [True])._repr_html_()
    assert "<b>0</b> labeled pairs" in calibration([], [])._repr_html_()


def test_the_reliability_diagram_has_a_point_for_each_bin_that_has_pairs():
    drawn = calibration([0.05, 0.35, 0.37], [False, True, False])._repr_html_()
    titles = re.findall("<g><title>(.*?)</title>", drawn)
    assert [title.split(" (")[0] for title in titles] == ["0–0.1: 1 pair, 0% match", "0.3–0.4: 2 pairs, 50.0% match"]
    (x, y) = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)[1]
    assert (float(x), float(y)) == (pytest.approx(LEFT + 0.36 * SIDE), TOP + 0.5 * SIDE)
    low, high = wilson(np.array([0.5]), np.array([2.0]))
    ends = re.findall(r'y1="([\d.]+)" y2="([\d.]+)" class="interval"', drawn)
    assert len(ends) == 2
    assert [1 - (float(y) - TOP) / SIDE for y in ends[1]] == pytest.approx([low[0], high[0]], abs=1e-4)


@pytest.mark.parametrize("shown", [evaluate_scores([2, 1], [True, False]), calibration([0.5], [True])])
def test_a_fragment_is_well_formed_and_loads_nothing(shown):
    drawn = shown._repr_html_()
    ET.fromstring(drawn)  # noqa: S314
    assert re.search("<script|http|url\\(|@import", drawn) is None
    rules = re.findall(
        r"^([^{}@\s][^{}]*) \{", "".join(re.findall("<style>(.*?)</style>", drawn, re.DOTALL)), re.MULTILINE
    )
    assert all(rule.startswith(".identigraph") for rule in rules)
