"""What is expected of clusters without labels: figures of the whole, and of each comparator left out."""

from __future__ import annotations

import numpy as np
import pytest

from identigraph.judging import HeldOut, Judged, estimated

HEIGHT = np.array([5.0, 5.0, 3.0, 1.0])


def said(name: str, *chance: float) -> HeldOut:
    """Return what a comparator says of the four pairs."""
    return HeldOut(name, (0.5,), (0.5,), np.array(chance))


SURE, UNSURE = said("sure", 1.0, 1.0, 0.5, 0.5), said("unsure", 0.5, 0.5, 0.5, 0.0)


def test_figures_are_those_of_the_mean_and_bounds_those_of_each() -> None:
    found = estimated(HEIGHT, 2.0, Judged((SURE, UNSURE)))
    assert (found.precision, found.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 2.25))
    assert found.f1 == pytest.approx(4 / 5.25)
    assert found.table.rows() == [
        ("sure", pytest.approx(2.5 / 3), pytest.approx(2.5 / 3), pytest.approx(2.5 / 3)),
        ("unsure", pytest.approx(0.5), 1.0, pytest.approx(2 / 3)),
    ]
    assert found.table.columns == ["comparator", "precision", "recall", "f1"]
    assert (found.low, found.high) == (pytest.approx(2 / 3), pytest.approx(2.5 / 3))


def test_a_comparator_alone_is_the_lowest_and_the_highest() -> None:
    found = estimated(HEIGHT, 0.0, Judged((SURE,)))
    assert found.low == found.high == pytest.approx(found.f1) == pytest.approx(6 / 7)


def test_where_nothing_is_right_f1_is_zero() -> None:
    assert estimated(HEIGHT, 2.0, Judged((said("none", 0, 0, 0, 0),))).f1 == 0.0


def test_its_repr_leaves_the_table_out() -> None:
    assert "comparator" not in repr(estimated(HEIGHT, 2.0, Judged((SURE,))))
