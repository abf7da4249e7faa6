"""Comparisons: how some pairs agree, as patterns, as levels, as labels and as similarities."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Comparison, Pairs, Records, compare
from identigraph.comparing import Comparisons, Layout
from identigraph.comparing.building import exact, similar
from identigraph.errors import ConfigurationError

RECORDS = Records.of({"name": ["ann", "anne", "bob", None, "ann"], "town": ["bath", "york", "bath", "bath", None]})
COMPARATORS = [similar("name", 0.8, frequency=False), exact("town", frequency=False)]
PAIRS = Pairs.of([0, 0, 0, 0, 1], [1, 2, 3, 4, 2])
COMPARED = compare(RECORDS, PAIRS, COMPARATORS)
LAYOUT = Layout(("a",), (("differs", "equal"),))


def test_comparing_gives_what_the_comparators_say() -> None:
    expected = np.column_stack([c.levels(RECORDS, PAIRS) for c in COMPARATORS])
    assert COMPARED.levels.tolist() == expected.tolist()
    assert COMPARED.layout == Comparison(COMPARATORS).layout
    assert compare(RECORDS, PAIRS, Comparison(COMPARATORS)).packed.tolist() == COMPARED.packed.tolist()
    assert (COMPARED.records, COMPARED.pairs, COMPARED.counts) == (RECORDS, PAIRS, None)
    assert (len(COMPARED), repr(COMPARED)) == (5, "<Comparisons: 5 pairs by 2 comparators>")


def test_the_table_holds_a_label_for_each_pair_and_comparator() -> None:
    table = COMPARED.table()
    assert table.columns == ["name", "town"]
    assert table.to_dicts() == [COMPARED[i].labels for i in range(5)]
    assert "missing" in table["name"].to_list()


def test_similarities_are_those_of_the_comparators_nan_where_missing() -> None:
    similarities = COMPARED.similarities
    assert similarities.shape == (5, 2)
    assert (np.isnan(similarities) == (COMPARED.levels < 0)).all()
    present = COMPARED.levels[:, 1] >= 0
    assert similarities[present, 1].tolist() == COMPARED.levels[present, 1].tolist()
    assert 0 < present.sum() < 5
    assert compare(RECORDS, PAIRS, []).similarities.shape == (5, 0)


@pytest.mark.parametrize("kept", [(None, None, None), (COMPARED.comparison, RECORDS, None), (None, RECORDS, PAIRS)])
def test_similarities_need_comparators_records_and_pairs(kept) -> None:
    with pytest.raises(ConfigurationError, match=r"make the comparisons with compare\(...\)"):
        Comparisons(COMPARED.layout, COMPARED.packed, None, *kept).similarities  # noqa: B018


def test_a_mask_keeps_patterns_pairs_and_counts() -> None:
    mask = np.array([True, False, False, True, True])
    kept = COMPARED.where(mask)
    assert kept.packed.tolist() == COMPARED.packed[mask].tolist()
    assert kept.pairs.codes().tolist() == PAIRS.codes()[mask].tolist()
    assert kept.counts is None
    assert kept.similarities.shape == (3, 2)
    counted = Comparisons(LAYOUT, np.array([1, 2, 1]), np.array([3.0, 4.0, 5.0])).where(np.array([False, True, True]))
    assert (counted.packed.tolist(), counted.counts.tolist(), counted.pairs) == ([2, 1], [4, 5], None)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=12), st.booleans())
def test_patterns_are_counted_each_for_the_pairs_that_it_stands_for(rows, weighted) -> None:
    packed = np.array([pattern for pattern, _ in rows], dtype=np.int64)
    counts = np.array([float(count) for _, count in rows]) if weighted else None
    found = Comparisons(LAYOUT, packed, counts).counted()
    expected = Counter()
    for pattern, count in rows:
        expected[pattern] += count if weighted else 1
    assert found.packed.tolist() == sorted(expected)
    assert dict(zip(found.packed.tolist(), found.counts.tolist(), strict=True)) == expected
