"""Categories that a table calls similar, against a dict."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.comparing import CloseCategory, category
from identigraph.comparing.categories import as_table
from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields import Category

VALUES = st.sampled_from(["a", "b", "c", "d", "e"])
TABLES = st.dictionaries(st.frozensets(VALUES, min_size=1, max_size=2), st.floats(0, 1), max_size=8)


@given(st.lists(VALUES | st.none(), min_size=1, max_size=6), TABLES, st.lists(st.floats(0, 1), max_size=3))
def test_similarity_is_that_of_the_table_either_way(all_levels, values, table, cutoffs) -> None:
    pairs = {(max(pair), min(pair)): share for pair, share in table.items()}
    grader = CloseCategory("v", pairs, cutoffs)
    grades = all_levels(grader, {"v": values})
    for i, a in enumerate(values):
        for j, b in enumerate(values):
            share = 1.0 if a == b else table.get(frozenset((a, b)), 0.0)
            wanted = sum(share >= cutoff - 1e-6 for cutoff in cutoffs) if a and b else 0
            assert grades[i][j] == wanted


def test_values_of_a_table_are_words_in_either_order_and_numbers_as_text() -> None:
    written = [("Married", "DIVORCED", 0.6), ("divorced", " married", 0.6), ("Ledig!", "single", 1), (1, 2, 0.5)]
    assert as_table(written) == (("1", "2", 0.5), ("divorced", "married", 0.6), ("ledig", "single", 1.0))
    assert as_table(as_table(written)) == as_table(written)
    assert as_table({("?", "x"): 0.5, (None, "y"): 0.5}) == as_table(()) == ()


def test_contradictions_and_numbers_out_of_range_are_counted() -> None:
    with pytest.raises(ConfigurationError, match=r"^1 pairs of the table have two similarities; keep one$"):
        category("v", [("a", "b", 0.5), ("B", "A", 0.6)])
    wrong = {("a", "b"): 1.5, ("a", "c"): -0.1, ("a", "d"): float("nan"), ("a", "e"): 1}
    with pytest.raises(ConfigurationError, match=r"^3 similarities of the table lie outside 0 to 1$"):
        category("v", wrong)
    with pytest.raises(RangeError, match=r"^cutoffs must lie between 0 and 1, got 7$"):
        category("v", (), 7)


def test_what_a_table_says_of_a_value_with_itself_plays_no_part() -> None:
    comparator = category("v", {("a", "a"): 0.1, ("a", "b"): 0.7})
    assert comparator.compare("a", "A").similarity == 1.0
    assert comparator.compare("a", "b").label == "close, 0.5"


def test_other_tables_on_the_same_records_do_not_mix() -> None:
    records = Records.of({"v": ["a", "b"]})
    left, right = np.array([0]), np.array([1])
    shares = [
        CloseCategory("v", {("a", "b"): share}, (0.5,)).similarity(records, left, right).tolist()
        for share in (0.4, 0.9)
    ]
    assert shares == [[0.4], [0.9]]


def test_without_a_table_there_is_equality_alone() -> None:
    comparator = category("v")
    assert comparator.compare(["a", "a", None], ["b", "a", "a"])["level"].to_list() == [0, 2, -1]
    assert comparator.labels[:2] == ("differs", "close, 0.5")


def test_values_are_those_of_the_field() -> None:
    comparator = category("v", {("male", "other"): 0.7})
    found = comparator.compare(["m", "F"], ["other", "f"], fields={"v": Category()})
    assert found["similarity"].to_list() == [0.7, 1.0]
    records = Records.of(pl.DataFrame({"v": ["m", "f", "other"]}), fields={"v": Category()})
    place = {value: row for row, value in enumerate(records.column("v").decoded())}
    similarity = comparator.graders[0].similarity(records, np.array([place["male"]]), np.array([place["other"]]))
    assert similarity.tolist() == [0.7]
