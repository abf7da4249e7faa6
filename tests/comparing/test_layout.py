"""What the bits of a pattern mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.comparing import Layout, Pattern
from identigraph.errors import ColumnNotFoundError, ConfigurationError

LAYOUT = Layout(
    ("surname", "city"), (("differs", "similar, 0.8", "similar, 0.92", "equal, common", "equal, rare"), ("no", "yes"))
)


@given(st.lists(st.integers(1, 127), min_size=1, max_size=9), st.data())
def test_packing_and_unpacking_lead_to_each_other(sizes, data) -> None:
    names = tuple(f"c{i}" for i in range(len(sizes)))
    layout = Layout(names, tuple(tuple(map(str, range(size))) for size in sizes))
    rows = data.draw(st.lists(st.tuples(*[st.integers(-1, size - 1) for size in sizes]), max_size=6))
    packed = layout.pack(np.array(rows, dtype=np.int8).reshape(len(rows), -1) if rows else [])
    expected = [sum((x + 1) << shift for x, shift in zip(row, layout.shifts, strict=True)) for row in rows]
    assert packed.tolist() == expected
    assert packed.dtype == np.int64
    assert layout.levels(packed).tolist() == [list(row) for row in rows]
    assert layout.widths == tuple(size.bit_length() for size in sizes)
    assert layout.bits == sum(layout.widths)


def test_a_label_means_its_level_or_the_first_that_begins_with_it() -> None:
    asked = ["differs", "similar", "similar, 0.92", "equal", "equal, rare", "missing"]
    assert [LAYOUT.level("surname", label) for label in asked] == [0, 1, 2, 3, 4, -1]
    assert LAYOUT.level("city", "missing") == -1


@pytest.mark.parametrize("label", ["sim", "equal,", "Equal", "yes", ""])
def test_any_other_label_is_refused_by_the_name_of_its_comparator(label) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"no level .* of comparator 'surname'"):
        LAYOUT.level("surname", label)


def test_a_name_is_found_or_the_closest_told() -> None:
    assert [LAYOUT.place(name) for name in LAYOUT.names] == [0, 1]
    with pytest.raises(ColumnNotFoundError, match="no comparator 'town'"):
        LAYOUT.place("town")
    with pytest.raises(ColumnNotFoundError, match="did you mean 'surname'"):
        LAYOUT.level("surnam", "missing")


def test_a_pattern_is_readable() -> None:
    pattern = LAYOUT.pattern(LAYOUT.pack([[4, -1]])[0])
    assert pattern == Pattern(LAYOUT, 5)
    assert type(pattern.packed) is int
    assert pattern.levels == {"surname": 4, "city": -1}
    assert pattern.labels == {"surname": "equal, rare", "city": "missing"}
    assert repr(pattern) == "<Pattern: surname equal, rare, city missing>"


@pytest.mark.parametrize(
    "other",
    [
        Layout(("city", "surname"), LAYOUT.labels[::-1]),
        Layout(LAYOUT.names, (LAYOUT.labels[0], ("no", "maybe"))),
        Layout(LAYOUT.names[:1], LAYOUT.labels[:1]),
    ],
)
def test_only_patterns_of_an_equal_layout_can_be_read(other) -> None:
    LAYOUT.check(Layout(LAYOUT.names, LAYOUT.labels), "the matcher")
    told = f"the matcher's comparators must be the same.*fitted to surname, city, and got {', '.join(other.names)}"
    with pytest.raises(ConfigurationError, match=told):
        LAYOUT.check(other, "the matcher")


def test_a_layout_is_a_value() -> None:
    assert hash(Layout(LAYOUT.names, LAYOUT.labels)) == hash(LAYOUT)
