"""The algebra of strategies: how they combine, how they are written, and what is no strategy."""

from __future__ import annotations

from operator import and_, or_, sub

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import blocking
from identigraph.blocking import BlockingStrategy, Candidates, Difference, Intersection, Union
from identigraph.blocking.strategy import Algebra
from identigraph.errors import UnsupportedInputError

A, B, C = ig.block_on("a"), ig.block_on("b"), ig.block_on("c")

FEATURES = st.recursive(
    st.sampled_from(["a", "name.family", "it's"]),
    lambda inner: st.builds(ig.soundex, inner) | st.builds(ig.prefix, inner, st.integers(1, 9)),
    max_leaves=3,
)
MANY = st.lists(FEATURES, min_size=1, max_size=3)
POLICIES = st.builds(
    lambda hot, cap, split_by: {"hot": hot, "max_block": cap, "split_by": tuple(split_by) if hot == "split" else ()},
    st.sampled_from(["cap", "skip", "raise", "split"]),
    st.sampled_from([2, 50, 1_000, 5_000]),
    MANY,
)
OTHERS = [
    ig.all_pairs(),
    ig.no_pairs(),
    blocking.any_shared("a", separator=";"),
    blocking.sorted_neighborhood("a", ig.soundex("b"), window=5),
    blocking.adaptive_neighborhood("a", similarity=0.75, max_block=20),
    blocking.within_time("a", hours=2, max_window=50),
    blocking.within_distance("a", "b", kilometers=0.5, hot="skip"),
    blocking.minhash("a", "b", similarity=0.4, unit="words", seed=3),
    blocking.simhash("a", distance=3),
    blocking.meta_blocking(ig.words_of("a") | ig.block_on("b"), weight="jaccard", pruning="weight_node"),
    blocking.top_k("a", k=3, across=True),
    blocking.canopies("a", loose=0.4, tight=0.9, unit=4),
]
LEAVES = (
    st.builds(lambda features, policy: ig.block_on(*features, **policy), MANY, POLICIES)
    | st.builds(lambda features, policy: ig.words_of(*features, **policy), MANY, POLICIES)
    | st.builds(lambda features, policy: blocking.qgrams_of(*features, q=3, keep=0.5, **policy), MANY, POLICIES)
    | st.builds(lambda features, policy: blocking.suffixes_of(*features, shortest=6, **policy), MANY, POLICIES)
    | st.sampled_from(OTHERS)
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda sign, a, b: sign(a, b), st.sampled_from([or_, and_, sub]), inner, inner),
    max_leaves=8,
)


@attrs.frozen
class Everybody:
    """A strategy of somebody else's: all pairs, whatever the records."""

    def candidates(self, records: ig.Records) -> Candidates:
        """Return all pairs."""
        return ig.all_pairs().candidates(records)


@given(EXPRESSIONS)
def test_what_an_expression_shows_makes_it_again(expression: BlockingStrategy) -> None:
    again = eval(repr(expression), {**vars(blocking), **vars(ig)})  # noqa: S307
    assert again == expression
    assert hash(again) == hash(expression)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (A | B | C, "block_on('a') | block_on('b') | block_on('c')"),
        (A | (B | C), "block_on('a') | block_on('b') | block_on('c')"),
        (A & B & C, "block_on('a') & block_on('b') & block_on('c')"),
        ((A & B) | C, "(block_on('a') & block_on('b')) | block_on('c')"),
        ((A | B) & C, "(block_on('a') | block_on('b')) & block_on('c')"),
        (A - B - C, "(block_on('a') - block_on('b')) - block_on('c')"),
        (A - (B | C), "block_on('a') - (block_on('b') | block_on('c'))"),
        (ig.all_pairs() - ig.no_pairs(), "all_pairs() - no_pairs()"),
    ],
)
def test_expressions_are_shown_flat_with_brackets_around_other_signs(expression: Algebra, shown: str) -> None:
    assert repr(expression) == shown


def test_an_expression_that_is_too_long_for_a_line_has_one_part_on_each() -> None:
    long = ig.block_on("a" * 40) | ig.block_on("b" * 40) | (A & B)
    assert repr(long).split("\n") == [
        "(",
        f"    block_on('{'a' * 40}')",
        f"    | block_on('{'b' * 40}')",
        "    | (block_on('a') & block_on('b'))",
        ")",
    ]


def test_strategies_are_values() -> None:
    assert len({A | B, ig.block_on("a") | ig.block_on("b"), B | A, A & B, A - B}) == 4
    assert (type(A | B), type(A & B), type(A - B)) == (Union, Intersection, Difference)
    assert len(set(OTHERS)) == len(OTHERS)


def test_strategies_without_settings_to_compare_are_equal_to_themselves_only() -> None:
    class Plain(Algebra):
        """Compares nothing, has no settings."""

    one, other = (blocking.nearest(np.eye(2) * scale) for scale in (1, 2))
    assert one == one  # noqa: PLR0124
    assert one != other
    assert len({one, other, Plain(), Plain()}) == 4


@pytest.mark.parametrize("sign", ["__or__", "__and__", "__sub__"])
@pytest.mark.parametrize("other", [3, "b", None])
def test_what_is_no_strategy_does_not_combine(sign: str, other: object) -> None:
    for strategy in (A, A | B, A & B, A - B):
        with pytest.raises(UnsupportedInputError, match="expected a blocking strategy, such as") as caught:
            getattr(strategy, sign)(other)
        assert str(caught.value).endswith(f"got builtins.{type(other).__name__}")


def test_any_object_with_candidates_is_a_strategy_and_combines() -> None:
    records = ig.Records.of({"a": ["x", "y"]})
    assert isinstance(Everybody(), BlockingStrategy)
    assert repr(ig.no_pairs() | Everybody()) == "no_pairs() | Everybody()"
    assert [len(pairs) for pairs in (ig.no_pairs() | Everybody()).candidates(records)] == [1]
    assert not isinstance(object(), BlockingStrategy)


def test_a_strategy_that_only_inherits_the_algebra_is_refused_when_it_is_used() -> None:
    class Nothing(Algebra):
        """Forgot its candidates."""

    with pytest.raises(UnsupportedInputError, match=r"a strategy with its own candidates\(records\), got .*Nothing"):
        (A | Nothing()).candidates(ig.Records.of({"a": ["x", "x"]}))
