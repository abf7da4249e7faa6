"""Conditions on patterns, as one writes them by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import when
from identigraph.comparing import Layout
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching.conditions import levels_meant
from identigraph.plain import restored, written

LABELS = ("differs", "similar, 0.8", "similar, 0.92", "equal, common", "equal, rare")
LAYOUT = Layout(("name", "town.part"), (LABELS, ("differs", "equal")))
EVERY = [(name, part) for name in range(-1, 5) for part in range(-1, 2)]

MEANT = {
    "differs": {0},
    "similar": {1, 2},
    "similar, 0.8": {1},
    "equal": {3, 4},
    "equal, rare": {4},
    "missing": {-1},
    "present": {0, 1, 2, 3, 4},
    ">= similar": {1, 2, 3, 4},
    ">=similar, 0.92": {2, 3, 4},
    "<= similar": {0, 1, 2},
    "<= similar, 0.8": {0, 1},
    "<= equal": {0, 1, 2, 3, 4},
    ">= differs": {0, 1, 2, 3, 4},
    "differs | missing": {-1, 0},
    "equal | differs|  missing ": {-1, 0, 3, 4},
    ">= equal | similar, 0.8": {1, 3, 4},
    "  similar ": {1, 2},
}


@pytest.mark.parametrize(("wanted", "levels"), MEANT.items())
def test_what_is_asked_means_these_levels(wanted, levels) -> None:
    held = when(name=wanted).holds(LAYOUT, LAYOUT.pack(EVERY))
    assert {name for (name, _), holds in zip(EVERY, held.tolist(), strict=True) if holds} == levels
    assert [holds for (name, _), holds in zip(EVERY, held.tolist(), strict=True)] == [n in levels for n, _ in EVERY]
    assert set(levels_meant(LAYOUT, "name", wanted.strip())) == levels


@given(st.sampled_from(list(MEANT)), st.sampled_from(["differs", "equal", "missing", "present"]))
def test_all_that_is_asked_must_hold(name, part) -> None:
    both = when({"name": name, "town.part": part}).holds(LAYOUT, LAYOUT.pack(EVERY))
    one, other = (when({n: w}).holds(LAYOUT, LAYOUT.pack(EVERY)) for n, w in (("name", name), ("town.part", part)))
    assert both.tolist() == (one & other).tolist()


@pytest.mark.parametrize("make", [when, lambda **asked: when(asked)])
def test_a_condition_can_be_written_as_a_mapping(make) -> None:
    assert make(name="equal", town="differs") == when(name="equal", town="differs")


def test_a_mapping_and_names_add_up() -> None:
    assert when({"town.part": "equal"}, name="equal").asked == (("town.part", "equal"), ("name", "equal"))


@pytest.mark.parametrize("condition", [when(name="equal", town=">= similar, 0.8"), when({"town.part": "missing"})])
def test_a_condition_survives_json_and_its_repr(condition) -> None:
    assert restored(json.loads(json.dumps(written(condition))), type(condition)) == condition
    assert eval(repr(condition), {"when": when}) == condition  # noqa: S307
    assert hash(eval(repr(condition), {"when": when})) == hash(condition)  # noqa: S307


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (when, "asks for something"),
        (lambda: when({}), "asks for something"),
        (lambda: when(name=True), "got bool for 'name'"),
        (lambda: when(name=""), "got str for 'name'"),
        (lambda: when(name="  "), "got str for 'name'"),
        (lambda: when({1: "equal"}), "got str for 1"),
    ],
)
def test_conditions_that_ask_for_nothing_are_refused(make, told) -> None:
    with pytest.raises(ConfigurationError, match=told):
        make()


@pytest.mark.parametrize(
    "asked", [{"nam": "equal"}, {"name": "like"}, {"name": ">= missing |"}, {"name": ">= present!"}]
)
def test_checking_names_what_there_is_not(asked) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"no (comparator|level)"):
        when(asked).check(LAYOUT)


def test_no_pattern_holds_nothing() -> None:
    held = when(name="equal").holds(LAYOUT, np.zeros(0, dtype=np.int64))
    assert (held.shape, held.dtype) == ((0,), np.bool_)
