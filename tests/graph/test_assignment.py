"""One record of each source, against all matchings of small graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_graphs import THRESHOLDS, Pair, Plain, clusters_of, labels_of, odds_of, plain_graphs

from identigraph.errors import ConfigurationError
from identigraph.graph.assignment import OnePerSource, OneToOne


@st.composite
def two_sources(draw: Any, *, most: int = 8) -> Plain:
    """Return a graph whose records are of two sources, both there."""
    plain = draw(plain_graphs(most=most).filter(lambda plain: plain.n > 1))
    codes = draw(st.lists(st.sampled_from([2, 5]), min_size=plain.n - 2, max_size=plain.n - 2))
    return attrs.evolve(plain, apart=(2, *codes, 5))


def matchings(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Yield all sets of pairs without a node in common."""
    if not pairs:
        yield []
        return
    (one, other), *rest = pairs
    yield from matchings(rest)
    for more in matchings([pair for pair in rest if not {one, other} & set(pair)]):
        yield [(one, other), *more]


def worth(plain: Plain, pairs: list[Pair], threshold: float) -> tuple[float, int]:
    """Return the sum of log odds above the threshold's, and the number of pairs."""
    strongest = plain.strongest(threshold)
    return round(sum(odds_of(strongest[pair]) - odds_of(threshold) for pair in pairs), 3), len(pairs)


@given(two_sources(), THRESHOLDS)
def test_exact_links_have_the_highest_sum_and_of_such_the_most_pairs(plain: Plain, threshold: float) -> None:
    """Between groups of must-linked records, each of one source and not of the same, that are not judged apart."""
    group = {min(g): g for g in plain.groups}
    codes = {low: {plain.apart[r] for r in g} for low, g in group.items()}  # type: ignore[index]
    fit = [
        (a, b)
        for a, b in plain.strongest(threshold)
        if len(codes[a]) == len(codes[b]) == 1 and plain.allowed(group[a], group[b])
    ]
    clusters = clusters_of(OneToOne(threshold).build(plain.graph()).labels.tolist())
    linked = [tuple(sorted(min(g) for g in plain.groups if g <= cluster)) for cluster in clusters]
    assert {len(lows) for lows in linked} <= {1, 2}
    taken = [lows for lows in linked if len(lows) == 2]
    assert set(taken) <= set(fit)
    assert worth(plain, taken, threshold) == max(worth(plain, some, threshold) for some in matchings(fit))


@given(two_sources(), THRESHOLDS)
def test_greedy_links_take_pairs_strongest_first(plain: Plain, threshold: float) -> None:
    strong = plain.strong(threshold)
    by_hand = plain.united(sorted(strong, key=lambda pair: (-strong[pair], pair)))
    assert OneToOne(threshold, exact=False).build(plain.graph()).labels.tolist() == labels_of(by_hand, plain.n)


@given(plain_graphs(), THRESHOLDS, st.data())
def test_one_per_source_takes_pairs_strongest_first_for_any_number_of_sources(
    plain: Plain, threshold: float, data: Any
) -> None:
    codes = tuple(data.draw(st.lists(st.integers(-1, 4), min_size=plain.n, max_size=plain.n)))
    sourced = attrs.evolve(plain, apart=codes)
    strong = plain.strong(threshold)
    by_hand = sourced.united(sorted(strong, key=lambda pair: (-strong[pair], pair)))
    assert OnePerSource(threshold).build(sourced.graph()).labels.tolist() == labels_of(by_hand, plain.n)


@given(two_sources(), THRESHOLDS)
def test_for_two_sources_one_per_source_is_one_to_one(plain: Plain, threshold: float) -> None:
    exact = OnePerSource(threshold, exact=True).build(plain.graph()).labels.tolist()
    assert exact == OneToOne(threshold).build(plain.graph()).labels.tolist()


def test_sources_are_those_of_the_keys_where_no_codes_are_given() -> None:
    """Records 0 and 2 are of one source, and the weaker pair loses."""
    plain = Plain(3, {(0, 1): 0.9, (1, 2): 0.95, (0, 2): 0.99}, sources=("crm", "shop", "crm"))
    for builder in (OneToOne(), OneToOne(exact=False), OnePerSource(), OnePerSource(exact=True)):
        assert builder.build(plain.graph()).labels.tolist() == [0, 1, 1]
    coded = attrs.evolve(plain, apart=(0, 0, 1))
    assert OneToOne().build(coded.graph()).labels.tolist() == [0, 1, 0]


def test_a_group_with_records_of_both_sources_is_complete() -> None:
    plain = Plain(4, {(0, 1): 0.9, (0, 3): 0.99, (2, 3): 0.6}, must=((0, 1),), apart=(0, 1, 0, 1))
    assert OneToOne().build(plain.graph()).labels.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("builder", [OneToOne(), OneToOne(exact=False), OnePerSource(exact=True)], ids=repr)
@pytest.mark.parametrize(
    ("plain", "named"),
    [
        (Plain(2, {(0, 1): 0.9}), r"got 1 \(sources of keys: ''\)"),
        (Plain(3, {(0, 1): 0.9}, sources=("a", "b", "c")), r"got 3 \(sources of keys: 'a', 'b', 'c'\)"),
        (Plain(3, {(0, 1): 0.9}, apart=(0, 1, -1)), r"got 2 and records of none"),
        (Plain(2, {(0, 1): 0.9}, apart=(0, -1)), r"got 1 and records of none"),
        (Plain(0, {}), r"got 0 \(sources of keys: \)"),
    ],
)
def test_one_to_one_links_need_two_sources(builder: Any, plain: Plain, named: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"exactly two sources, {named}.*OnePerSource\(\).*NP-hard"):
        builder.build(plain.graph())
