"""From compared pairs to those worth keeping, batch by batch, against all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import FellegiSunter, Pairs, Records
from identigraph.comparing import Comparison, Comparisons
from identigraph.matching import Matcher, SelfTrained
from identigraph.matching.parameters import Parameters
from identigraph.scoring import scored_pairs
from identigraph.siblings import Siblings

pytest.importorskip("sklearn")

RECORDS = Records.of({"a": ["x"] * 12, "b": ["y"] * 12})
COMPARISON = Comparison([ig.exact("a", frequency=False), ig.exact("b", frequency=False)])
FITTED = Parameters(
    ("a", "b"),
    COMPARISON.layout.labels,
    m=((0.1, 0.9), (0.2, 0.8)),
    h=((0.5, 0.5), (0.05, 0.95)),
    u=((0.9, 0.1), (0.99, 0.01)),
    prior_same=0.1,
    prior_household=0.1,
    prior_others=0.8,
    iterations=1,
    converged=True,
)
MODEL = FellegiSunter(household=("b",), parameters=FITTED)


LEVELS = np.array(list(product((-1, 0, 1), repeat=2)))
ALL = Comparisons(COMPARISON.layout, COMPARISON.layout.pack(LEVELS))
TURNED = SelfTrained(MODEL).taught(ALL, MODEL.probabilities(MODEL.score(ALL)) < 0.3)
"""A matcher that was taught the opposite of what its model says."""

RULES = ig.Rules((ig.rule(ig.when(a="equal"), "match"),))
MATCHERS: dict[str, tuple[Matcher, Matcher]] = {
    "a model": (MODEL, MODEL),
    "self-trained": (TURNED, MODEL),
    "rules": (RULES, RULES),
}
"""What scores, and what keeps."""


@pytest.mark.parametrize("name", MATCHERS)
@settings(max_examples=settings().max_examples // 3)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.5, 1.0]), st.integers(1, 5))
def test_pairs_are_kept_by_the_model_in_the_order_of_their_records(name: str, seed: int, keep: float, n: int) -> None:
    """Whatever the batches are; what was taught weighs those that are kept, and keeps none itself."""
    matcher, judge = MATCHERS[name]
    every = dict(zip(product(range(9), range(9, 12)), patterns(seed).tolist(), strict=True))
    found = scored_pairs(matcher, COMPARISON, RECORDS, batches(every, n, seed), keep)
    wanted = []
    for (left, right), packed in sorted(every.items()):
        one = Comparisons(COMPARISON.layout, np.array([packed]))
        if judge.score(one)[0] >= judge.weight_at(keep):
            weight = matcher.score(one)
            wanted.append((left, right, packed, np.float32(weight[0]), np.float32(matcher.probabilities(weight)[0])))
    scored = found.pairs
    columns = (scored.left, scored.right, found.packed, scored.match_weight, scored.match_probability)
    got = list(zip(*(column.tolist() for column in columns), strict=True))
    assert [row[:3] for row in got] == [row[:3] for row in wanted]
    assert [row[3:] for row in got] == [pytest.approx(row[3:], abs=1e-5) for row in wanted]
    assert (found.seen, scored.match_weight.dtype, scored.match_probability.dtype) == (27, np.float32, np.float32)
    siblings = Siblings.among(pairs_of(every), np.array(list(every.values())), matcher, COMPARISON.layout)
    assert sorted(found.siblings.pairs.codes().tolist()) == sorted(siblings.pairs.codes().tolist())


def test_siblings_are_told_of_pairs_that_are_not_kept_too() -> None:
    """And pairs that the model keeps are kept where what was taught says that they are none."""
    packed = COMPARISON.layout.pack(np.array([[0, 1], [1, 1]]))
    both = scored_pairs(TURNED, COMPARISON, RECORDS, [(Pairs.of([0, 2], [1, 3]), packed)], 0.5)
    assert (both.pairs.left.tolist(), both.siblings.pairs.left.tolist()) == ([2], [0])
    assert both.pairs.match_probability[0] < 0.5


def test_no_pairs_are_scored_pairs() -> None:
    """Also by a matcher that was never fitted."""
    found = scored_pairs(FellegiSunter(), COMPARISON, RECORDS, [], 0.5)
    assert (len(found.pairs), len(found.packed), len(found.siblings), found.seen) == (0, 0, 0, 0)


def patterns(seed: int) -> npt.NDArray[np.int64]:
    """Return how 27 pairs agree."""
    return ALL.packed[np.random.default_rng(seed).integers(0, len(LEVELS), 27)]


def pairs_of(twos: Iterable[tuple[int, int]]) -> Pairs:
    """Return pairs."""
    left, right = np.array(list(twos), dtype=np.int32).reshape(-1, 2).T
    return Pairs(left.copy(), right.copy())


def batches(every: dict[tuple[int, int], int], n: int, seed: int) -> Iterable[tuple[Pairs, npt.NDArray[np.int64]]]:
    """Return pairs and how they agree, in any order, in so many portions; a portion may be empty."""
    twos = list(every)
    Random(seed).shuffle(twos)
    for part in (*(twos[i::n] for i in range(n)), []):
        yield pairs_of(part), np.array([every[two] for two in part], dtype=np.int64)
