"""The algebra of strategies: how they combine, how they are written, and what is no strategy."""

from __future__ import annotations

from operator import and_, or_, sub

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph.blocking import BlockingStrategy, Candidates, Difference, Intersection, Union
from identigraph.blocking.strategy import Algebra
from identigraph.errors import UnsupportedInputError

A, B, C = ig.block_on("a"), ig.block_on("b"), ig.block_on("c")

FEATURES = st.recursive(
    st.sampled_from(["a", "name.family", "it's"]),
    lambda inner: st.builds(ig.soundex, inner) | st.builds(ig.prefix, inner, st.integers(1, 9)),
    max_leaves=3,
)
LEAVES = (
    st.builds(
        lambda features, cap, hot: ig.block_on(*features, max_block=cap, hot=hot),
        st.lists(FEATURES, min_size=1, max_size=3),
        st.sampled_from([2, 50, 1_000, 5_000]),
        st.sampled_from(["cap", "skip", "raise"]),
    )
    | st.builds(lambda feature, cap: ig.words_of(feature, max_block=cap), FEATURES, st.sampled_from([2, 50, 200]))
    | st.sampled_from([ig.all_pairs(), ig.no_pairs()])
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
    again = eval(repr(expression), dict(vars(ig)))  # noqa: S307
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
