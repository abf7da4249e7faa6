"""Rules on sets of values against going through all windows, values and parts."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_judge import fits

from identigraph.graph.constraints import AtMost, OneEach, Unpaired
from identigraph.graph.sightings import NEVER

VALUES = st.sets(st.integers(0, 5), max_size=4)
SOME = st.sets(st.integers(0, 5), min_size=1, max_size=4)
TIMES = st.lists(st.sampled_from([NEVER, *range(8)]), min_size=6, max_size=6).map(np.array)
CARRIED = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=12)
RULES = [AtMost(1), AtMost(2), OneEach(), Unpaired()]


def suspects(rule: Any, carried: list[tuple[int, int]]) -> list[int]:
    """Return what a rule suspects."""
    parts, codes = np.array(carried, dtype=np.int64).reshape(-1, 2).T
    return rule.suspects(parts, codes).tolist()


@given(VALUES, VALUES, st.integers(1, 4), st.none() | st.integers(1, 4), TIMES)
def test_at_most_allows_what_keeps_every_window(one, other, limit, window, times) -> None:
    rule = AtMost(limit, window, times)
    assert rule.allows(one, other) == fits(rule, frozenset(one | other))


@pytest.mark.parametrize(
    ("times", "window", "allowed"),
    [
        ([0, 5, 10], 4, True),
        ([0, 5, 10], 5, False),
        ([0, 0, 10], 5, False),
        ([NEVER, 0, 10], 5, False),
        ([NEVER, NEVER, 10], 5, False),
        ([NEVER, NEVER, 0, 10], 5, False),
        ([0, 5, 10], None, False),
        ([0, 5], None, False),
    ],
)
def test_a_window_is_as_long_as_told_and_values_of_no_time_are_in_every_one(times, window, allowed) -> None:
    assert AtMost(1, window, np.array(times)).allows({0}, set(range(1, len(times)))) is allowed


@given(CARRIED, st.integers(1, 3))
def test_at_most_suspects_the_parts_with_more_values(carried, limit) -> None:
    expected = [part for part in range(4) if len({code for p, code in carried if p == part}) > limit]
    assert suspects(AtMost(limit), carried) == expected


@given(CARRIED)
def test_one_each_suspects_the_parts_with_a_value_twice(carried) -> None:
    codes = {part: [code for p, code in carried if p == part] for part in range(4)}
    assert suspects(OneEach(), carried) == [p for p in range(4) if len(set(codes[p])) < len(codes[p])]


@given(st.permutations(range(8)), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_unpaired_suspects_the_parts_with_both_ends(codes, parts) -> None:
    of = dict(zip(codes, parts, strict=True))
    expected = sorted({of[code] for code in (0, 2, 4, 6) if of[code] == of[code + 1]})
    assert suspects(Unpaired(), list(zip(parts, codes, strict=True))) == expected


@given(VALUES, VALUES)
def test_one_each_allows_sides_without_a_common_value_and_unpaired_without_counterparts(one, other) -> None:
    assert OneEach().allows(one, other) == (not one & other)
    assert Unpaired().allows(one, other) == (not {value ^ 1 for value in one} & other)


@given(st.sampled_from(RULES), SOME, SOME)
def test_a_witness_is_a_value_of_each_side_that_do_not_go_together(rule, one, other) -> None:
    if rule.allows(one, other):
        return
    first, second = rule.witness(one, other)
    assert first in one
    assert second in other
    if isinstance(rule, AtMost):
        assert first not in other or one <= other
        assert second not in one or other <= one
    else:
        assert not rule.allows({first}, {second})


@pytest.mark.parametrize(
    ("rule", "one", "other", "witness"),
    [
        (AtMost(1), {1}, {2}, (1, 2)),
        (AtMost(1), {1, 5}, {3, 1}, (5, 3)),
        (AtMost(1), {6, 5}, {4, 3}, (5, 3)),
        (AtMost(1), {1, 2}, {1}, (2, 1)),
        (AtMost(1), {1}, {1, 2}, (1, 2)),
        (OneEach(), {4, 2, 3}, {3, 4}, (3, 3)),
        (Unpaired(), {0, 4, 2}, {5, 3, 9}, (2, 3)),
    ],
)
def test_witnesses_are_the_lowest_values_that_differ(rule, one, other, witness) -> None:
    assert rule.witness(one, other) == witness


def test_only_limits_of_values_close() -> None:
    """A refused link shuts both sides where a higher limit could split; not where limits cannot be raised."""
    assert [rule.closes for rule in (AtMost(1), AtMost(1, closes=False), OneEach(), Unpaired())] == [
        True,
        False,
        False,
        False,
    ]


@given(st.sampled_from(RULES), st.lists(SOME, min_size=3, max_size=3))
def test_what_is_forbidden_stays_forbidden(rule, sides) -> None:
    for one, other in combinations(sides, 2):
        if not rule.allows(one, other):
            for more in sides:
                assert not rule.allows(one | more, other)
