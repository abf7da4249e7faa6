"""One limit over all links: what is refused, with its witness, and what is cut because it might belong elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from identigraph.graph.constraints import AtMost, Rule
from identigraph.graph.limits import Limit, Verdict, judge
from identigraph.graph.links import Links
from identigraph.graph.walking import Walked

RECORDS = 6
STRONG, CLEAR, WEAK = 9.0, 5.0, 1.0


def judged(
    links: list[tuple[int, int, float]],
    values: dict[int, int],
    *,
    rule: Rule | None = None,
    margin: float | None = 1.0,
    isolate: bool | list[bool] = True,
    must: tuple[int, int] | None = None,
    layers: list[int] | None = None,
) -> Verdict:
    """Return the verdict on links in order; nodes from 6 on are values, as "a" = 0 of a limit are of records."""
    one, other = (np.array([link[side] for link in links], dtype=np.int64) for side in (0, 1))
    strength = np.array([link[2] for link in links])
    zero, nodes = np.zeros(len(links), dtype=np.int64), RECORDS + 2
    layer = zero if layers is None else np.array(layers)
    made = Links(RECORDS, nodes, one, other, zero, layer, strength, np.zeros(len(links)), np.arange(2))
    start = np.arange(nodes)
    if must is not None:
        start[must[1]] = must[0]
    rows = start[np.array(list(values), dtype=np.int64)]
    limit = Limit("login", rule or AtMost(1), rows, np.array(list(values.values()), dtype=np.int64))
    isolating = np.broadcast_to(np.array(isolate), len(links))
    return judge(made, limit, start, made.joined(start), margin=margin, isolate=isolating)


def together(verdict: Verdict) -> list[set[int]]:
    """Return the parts of more than one node."""
    parts = {part: set(np.flatnonzero(verdict.part == part).tolist()) for part in set(verdict.part.tolist())}
    return sorted((part for part in parts.values() if len(part) > 1), key=min)


def test_which_end_of_a_link_is_named_first_makes_no_difference() -> None:
    verdict = judged([(1, 0, STRONG), (2, 1, CLEAR)], {0: 7, 2: 8})
    assert (together(verdict), verdict.refused) == ([{0, 1}], {1: (8, 7)})


def test_without_a_conflict_all_stays_together() -> None:
    verdict = judged([(0, 1, 1), (1, 2, 1)], {0: 7, 2: 7})
    assert together(verdict) == [{0, 1, 2}]
    assert (verdict.refused, verdict.cut) == ({}, {})


def test_the_weakest_link_of_a_chain_is_refused_with_both_values() -> None:
    verdict = judged([(0, 1, STRONG), (1, 2, CLEAR)], {0: 7, 2: 8})
    assert together(verdict) == [{0, 1}]
    assert (verdict.refused, verdict.cut) == ({1: (7, 8)}, {})


@pytest.mark.parametrize(("margin", "cut"), [(None, {}), (0.0, {}), (3.9, {}), (4.0, {0: 1}), (9.0, {0: 1})])
def test_a_record_between_two_values_is_with_neither_unless_one_is_clearly_nearer(margin, cut) -> None:
    verdict = judged([(0, 1, CLEAR), (1, 2, WEAK)], {0: 7, 2: 8}, margin=margin)
    assert verdict.cut == cut
    assert together(verdict) == ([] if cut else [{0, 1}])


def test_links_that_are_alike_are_all_cut() -> None:
    """0 and 2 hold values; 1 hangs on 0 by a way through 3 whose two links are equally strong."""
    verdict = judged([(0, 3, WEAK), (1, 3, WEAK), (1, 2, WEAK)], {0: 7, 2: 8})
    assert (together(verdict), verdict.cut) == ([], {0: 2, 1: 2})


def test_of_a_way_the_weakest_link_is_cut_and_the_rest_stays() -> None:
    verdict = judged([(0, 3, STRONG), (1, 4, CLEAR), (3, 4, WEAK), (1, 2, WEAK)], {0: 7, 2: 8})
    assert (together(verdict), verdict.cut) == ([{0, 3}, {1, 4}], {2: 3})


def test_the_search_stops_at_the_nearest_value() -> None:
    """5 holds the same value as 0: what joins 0 with 5 is none of the business of 1."""
    verdict = judged([(0, 1, CLEAR), (0, 5, WEAK), (1, 2, WEAK)], {0: 7, 5: 7, 2: 8})
    assert (together(verdict), verdict.cut) == ([{0, 1, 5}], {})


@pytest.mark.parametrize(
    "ways",
    [
        [(0, 1, STRONG), (1, 5, WEAK)],
        [(1, 0, STRONG), (1, 5, WEAK)],
        [(3, 5, STRONG), (1, 3, STRONG), (0, 1, WEAK)],
    ],
)
def test_the_strongest_way_says_how_clearly_a_record_hangs_on_a_value(ways) -> None:
    """0 and 5 hold the same value: 1 hangs on one of them strongly, whatever the end it is at, or through 3."""
    verdict = judged([*ways, (1, 2, WEAK)], {0: 7, 5: 7, 2: 8})
    assert (together(verdict), verdict.cut) == ([{node for link in ways for node in link[:2]}], {})


def test_links_of_less_than_no_bits_are_cut_like_others() -> None:
    verdict = judged([(0, 3, 5.0), (3, 1, -2.0), (1, 2, -2.0)], {0: 7, 2: 8})
    assert (together(verdict), verdict.cut) == ([{0, 3}], {1: 2})


def test_a_link_between_two_ambiguous_records_is_cut_for_the_strongest_refused_one() -> None:
    links = [(0, 1, 4.0), (5, 4, 4.0), (1, 2, 3.5), (4, 3, 3.2), (1, 4, 1.0)]
    verdict = judged(links, {0: 7, 5: 7, 2: 8, 3: 8}, rule=AtMost(1, closes=False))
    assert (together(verdict), verdict.cut) == ([], {0: 2, 1: 3, 4: 2})


def test_links_of_other_policies_are_refused_and_nothing_is_cut() -> None:
    verdict = judged([(0, 1, WEAK), (1, 2, WEAK)], {0: 7, 2: 8}, isolate=False)
    assert (together(verdict), verdict.refused, verdict.cut) == ([{0, 1}], {1: (7, 8)}, {})


VALUE = RECORDS


def test_a_value_that_nobody_clearly_holds_links_nobody() -> None:
    verdict = judged([(0, VALUE, WEAK), (3, VALUE, WEAK), (1, VALUE, WEAK)], {0: 7, 1: 8})
    assert (together(verdict), verdict.refused, verdict.cut) == ([], {2: (8, 7)}, {0: 2, 1: 2})


def test_a_value_that_somebody_clearly_holds_keeps_who_has_none() -> None:
    verdict = judged([(0, VALUE, STRONG), (3, VALUE, STRONG), (1, VALUE, WEAK)], {0: 7, 1: 8})
    assert (together(verdict), verdict.cut) == ([{0, 3, VALUE}], {})


def test_without_a_margin_the_first_holder_keeps_a_value() -> None:
    verdict = judged([(0, VALUE, WEAK), (3, VALUE, WEAK), (1, VALUE, WEAK)], {0: 7, 1: 8}, margin=None)
    assert (together(verdict), verdict.cut) == ([{0, 3, VALUE}], {})


def test_a_refused_side_takes_nothing_new_so_that_a_higher_limit_never_splits() -> None:
    """With two values allowed {7, 8} refuses {9, 5}; then 9's side may not take 6, though it would fit by itself."""
    links = [(0, 1, 9), (2, 3, 8), (1, 2, 7), (0, 4, 6), (2, 5, 5)]
    verdict = judged(links, {0: 7, 1: 8, 2: 9, 4: 7, 5: 6}, rule=AtMost(2))
    assert together(verdict) == [{0, 1, 4}, {2, 3}]
    assert verdict.refused == {2: (7, 9), 4: (9, 6)}
    free = judged(links, {0: 7, 1: 8, 2: 9, 4: 7, 5: 6}, rule=AtMost(2, closes=False))
    assert together(free) == [{0, 1, 4}, {2, 3, 5}]


def test_two_refused_sides_are_never_united_though_they_hold_the_same() -> None:
    verdict = judged([(0, 1, 9), (2, 3, 8), (0, 2, 7)], {0: 7, 1: 8, 2: 7, 3: 9})
    assert (together(verdict), verdict.refused) == ([], {0: (7, 8), 1: (7, 9), 2: (7, 7)})


def test_a_stronger_layer_is_never_cut_for_a_weaker_one() -> None:
    links = [(0, 1, 0.0), (1, VALUE, 0.0), (2, VALUE, 0.0)]
    verdict = judged(links, {0: 7, 2: 8}, layers=[1, 2, 2])
    assert (together(verdict), verdict.cut) == ([{0, 1}], {1: 2})
    assert together(judged(links, {0: 7, 2: 8})) == []


def test_what_breaks_nothing_in_a_layer_leaves_the_rest_of_it_alone() -> None:
    """4 and 5 are joined clearly; 1 is with neither 0 nor 2, for the last link between them is of a cutting policy."""
    links = [(4, 5, STRONG), (0, 1, WEAK), (1, 2, WEAK), (0, 4, WEAK)]
    verdict = judged(links, {0: 7, 2: 8}, layers=[1, 1, 1, 2], isolate=[True, False, True, True])
    assert (together(verdict), verdict.cut) == ([{0, 4, 5}], {1: 2})


def test_what_was_refused_in_one_layer_stays_closed_in_the_next() -> None:
    verdict = judged(
        [(0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0)], {0: 7, 1: 8, 2: 8, 3: 9}, layers=[1, 2, 3], rule=AtMost(1)
    )
    assert (together(verdict), verdict.refused) == ([{1, 2}], {0: (7, 8), 2: (8, 9)})
    both = judged([(0, 1, 1.0), (2, 3, 1.0), (0, 2, 1.0)], {0: 7, 1: 8, 2: 7, 3: 8}, layers=[1, 1, 2])
    assert (together(both), both.refused[2]) == ([], (7, 7))


def test_must_linked_records_break_a_limit_by_themselves_and_take_no_more() -> None:
    verdict = judged([(0, 2, 1.0), (1, 3, 1.0)], {0: 7, 1: 8, 2: 7}, must=(0, 1))
    assert together(verdict) == [{0, 1, 3}]
    assert verdict.refused == {0: (8, 7)}


def test_envelopes_without_a_conflict_are_left_alone() -> None:
    verdict = judged([(0, 1, 2.0), (2, 3, 1.0), (4, 5, 0.5)], {0: 7, 1: 7, 2: 7, 3: 8, 4: 7})
    assert together(verdict) == [{0, 1}, {4, 5}]
    assert list(verdict.refused) == [1]


def walked(ends: list[tuple[int, int]], strength: list[float], **given: Any) -> Walked:
    """Return what became of links; nodes 0 and 9 hold different values."""
    walk = Walked(AtMost(1), {0: {7}, 9: {8}}, set(), 1.0, **given)
    walk.take(ends, strength, [True] * len(ends))
    return walk


def test_supporting_links_are_neither_united_nor_refused() -> None:
    walk = walked([(0, 1), (1, 2), (0, 2), (2, 9)], [9, 9, 9, 1])
    assert (walk.united, walk.refused) == ([0, 1], {3: (7, 8)})
    assert {walk.find(node) for node in (0, 1, 2)} == {0}
    assert walk.find(9) == 9


def test_a_contested_record_is_not_taken_by_a_weaker_link_either() -> None:
    """Records 0 and 4 hold what 3 does not: 1, which might be of either, is with none of them, in whatever order."""
    for last in ([(1, 3, WEAK), (1, 4, WEAK)], [(1, 4, WEAK), (1, 3, WEAK)]):
        verdict = judged([(0, 1, WEAK), *last], {0: 7, 3: 8, 4: 7})
        assert together(verdict) == []
    assert together(judged([(0, 1, CLEAR), (1, 3, WEAK), (1, 4, WEAK)], {0: 7, 3: 8, 4: 7})) == [{0, 1, 4}]


def test_what_was_cut_off_is_not_taken_back_for_a_weaker_reason() -> None:
    links = [(0, VALUE, WEAK), (3, VALUE, WEAK), (1, VALUE, WEAK), (0, 3, WEAK)]
    verdict = judged(links, {0: 7, 1: 8}, layers=[1, 1, 1, 2])
    assert (together(verdict), set(verdict.refused), set(verdict.cut)) == ([], {2}, {0, 1})


TWO = {"values": {0: 7, 1: 8, 3: 9, 2: 9, 4: 6, 5: 5}, "rule": AtMost(2)}
"""Records 0 and 1 fill the limit; 3 is refused and closed, though it has room for one more value."""


def test_a_closed_side_that_is_united_with_another_stays_closed() -> None:
    verdict = judged([(0, 1, 9), (1, 3, 8), (2, 3, 7), (2, 4, 6)], **TWO)
    assert (together(verdict), set(verdict.refused)) == ([{0, 1}, {2, 3}], {1, 3})


def test_a_closed_side_stays_closed_whatever_is_refused_elsewhere_in_between() -> None:
    verdict = judged([(0, 1, 9), (1, 3, 8), (0, 5, 7), (3, 4, 6)], layers=[1, 1, 2, 3], **TWO)
    assert (together(verdict), set(verdict.refused)) == ([{0, 1}], {1, 2, 3})


@pytest.mark.parametrize("swapped", [False, True])
def test_of_several_refused_links_the_strongest_says_what_is_clear(swapped) -> None:
    links = [(0, 1, 3.0), (1, 2, 2.0), (1, 3, 0.5)]
    verdict = judged([(b, a, s) if swapped else (a, b, s) for a, b, s in links], {0: 7, 2: 8, 3: 9})
    assert (together(verdict), verdict.cut) == ([], {0: 1})
