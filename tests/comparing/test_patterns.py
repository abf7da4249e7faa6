"""Agreement patterns: levels packed into one integer and back, and counted."""

from __future__ import annotations

from collections import Counter

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import Comparison, Patterns
from identigraph.comparing.building import exact, similar
from identigraph.comparing.patterns import check_names
from identigraph.errors import InvalidIntermediateError, RangeError

BATCHES = st.lists(st.lists(st.integers(0, 2**62), max_size=20).map(lambda few: few + few[:5]), max_size=5)
RECORDS = Records.of({"a": ["x", "y", "x"]})
PAIRS = Pairs.of([0, 0, 1], [1, 2, 2])


@attrs.frozen
class Given:
    """A comparator whose levels are given."""

    values: object
    size: int = 3
    name: str = "given"

    @property
    def labels(self) -> tuple[str, ...]:
        """Return as many labels as asked for."""
        return tuple(map(str, range(self.size)))

    def levels(self, records: Records, pairs: Pairs) -> object:
        """Return what was given."""
        del records, pairs
        return self.values


def counted(batches) -> Patterns:
    """Return the counted patterns of lists."""
    return Patterns.counted(np.array(batch, dtype=np.int64) for batch in batches)


def as_dict(patterns: Patterns) -> dict[int, float]:
    """Return pattern to count, checking that patterns rise."""
    assert patterns.packed.tolist() == sorted(set(patterns.packed.tolist()))
    assert len(patterns) == len(patterns.counts)
    return dict(zip(patterns.packed.tolist(), patterns.counts.tolist(), strict=True))


@given(BATCHES)
def test_patterns_are_counted_as_a_counter_counts(batches) -> None:
    assert as_dict(counted(batches)) == Counter(pattern for batch in batches for pattern in batch)


@given(BATCHES, BATCHES, st.sampled_from([0.5, 1, 4]))
def test_patterns_add_up_and_scale(one, other, factor) -> None:
    scaled = counted(one).scaled(factor)
    expected = Counter({pattern: count * factor for pattern, count in as_dict(counted(one)).items()})
    expected.update(as_dict(counted(other)))
    assert as_dict(scaled.plus(counted(other))) == expected


def test_a_repr_tells_the_counts() -> None:
    assert repr(counted([[3, 3, 1]])) == "<Patterns: 2 distinct, 3 pairs>"


@given(st.data(), st.lists(st.integers(1, 100), min_size=1, max_size=9), st.integers(0, 6))
def test_levels_are_packed_and_unpacked_without_loss(data, sizes, n) -> None:
    columns = [data.draw(st.lists(st.integers(-1, size - 1), min_size=n, max_size=n)) for size in sizes]
    comparison = Comparison([Given(levels, size) for levels, size in zip(columns, sizes, strict=True)])
    packed = comparison.patterns(RECORDS, Pairs.of([0] * n, [1] * n))
    assert comparison.layout.levels(packed).tolist() == [list(row) for row in zip(*columns, strict=True)]
    assert all(0 <= pattern < 2**comparison.layout.bits for pattern in packed.tolist())
    assert comparison.layout.bits == sum(size.bit_length() for size in sizes)
    assert comparison.layout.shifts == tuple(sum(s.bit_length() for s in sizes[:i]) for i in range(len(sizes)))


def test_different_levels_give_different_patterns_and_nothing_known_gives_0() -> None:
    comparison = Comparison([Given(np.repeat([-1, 0, 1, 2], 4)), Given(np.tile([-1, 0, 1, 2], 4))])
    packed = comparison.patterns(RECORDS, Pairs.of([0] * 16, [1] * 16)).tolist()
    assert packed[0] == 0
    assert sorted(packed) == list(range(16))


def test_all_63_bits_can_be_used() -> None:
    comparison = Comparison([Given(np.array([99] * 3), 100)] * 9)
    assert comparison.layout.bits == 63
    assert comparison.layout.levels(comparison.patterns(RECORDS, PAIRS)).tolist() == [[99] * 9] * 3


def test_comparators_that_need_more_bits_are_refused() -> None:
    with pytest.raises(RangeError, match="between 1 and 63, got 64"):
        Comparison([*[Given([], 100)] * 9, Given([], 1)])


def test_without_comparators_all_pairs_show_the_one_pattern() -> None:
    comparison = Comparison([])
    assert comparison.patterns(RECORDS, PAIRS).tolist() == [0, 0, 0]
    assert comparison.layout.levels(np.zeros(3, dtype=np.int64)).shape == (3, 0)
    layout = comparison.layout
    assert (layout.names, layout.labels, layout.shifts, layout.bits) == ((), (), (), 0)


def test_names_and_labels_are_those_of_the_comparators() -> None:
    comparison = Comparison([exact("a", frequency=False), similar("b", 0.9, frequency=False)])
    assert comparison.layout.names == ("a", "b")
    assert comparison.layout.labels == (("differs", "equal"), ("differs", "similar, 0.9", "equal"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(2, dtype=np.int8), "3 whole numbers, got int8 of shape"),
        (np.zeros((3, 1), dtype=np.int8), "3 whole numbers, got int8 of shape"),
        (np.zeros(3), "3 whole numbers, got float64 of shape"),
        (np.array([0, 3, 0]), "levels from -1 to 2, got 0 to 3"),
        (np.array([-2, 0, 0]), "levels from -1 to 2, got -2 to 0"),
    ],
)
def test_a_comparator_that_returns_something_else_is_named(values, message) -> None:
    with pytest.raises(InvalidIntermediateError, match=f"comparator 'given' should return {message}"):
        Comparison([Given(values)]).patterns(RECORDS, PAIRS)


def test_names_that_occur_twice_are_found() -> None:
    assert check_names([exact("a"), exact("b"), similar("b"), similar("a"), exact("c")]) == ["a", "b"]
