"""Measures of blocking against brute force over all pairs."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.metrics import pairs_completeness, pairs_quality, reduction_ratio

Pairs = list[tuple[int, int]]


@st.composite
def blockings(draw: st.DrawFn) -> tuple[Pairs, list[str | None], list[int]]:
    """Candidates in random order and direction, true labels some of which are null, and sources."""
    records = draw(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 2)), max_size=7))
    pairs = list(combinations(range(len(records)), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    candidates = [pair if draw(st.booleans()) else pair[::-1] for pair in chosen]
    return candidates, [label for label, _ in records], [source for _, source in records]


def columns(pairs: Pairs) -> tuple[list[int], list[int]]:
    """Return the left and the right rows."""
    return [left for left, _ in pairs], [right for _, right in pairs]


def true_pairs(labels: list[str | None], sources: list[int] | None = None) -> set[frozenset[int]]:
    """Return the pairs of rows with the same known label, of different sources where these are given."""
    return {
        frozenset((i, j))
        for i, j in combinations(range(len(labels)), 2)
        if labels[i] is not None and labels[i] == labels[j] and (sources is None or sources[i] != sources[j])
    }


@given(blockings(), st.booleans())
def test_completeness_is_the_share_of_true_pairs_found(
    blocking: tuple[Pairs, list[str | None], list[int]], across: bool
) -> None:
    candidates, labels, sources = blocking
    given_sources = sources if across else None
    wanted = true_pairs(labels, given_sources)
    found = wanted & {frozenset(pair) for pair in candidates}
    completeness = pairs_completeness(*columns(candidates), labels, sources=given_sources)
    assert completeness == (len(found) / len(wanted) if wanted else 1)


@given(blockings())
def test_quality_is_the_share_of_labeled_candidates_that_are_true(
    blocking: tuple[Pairs, list[str | None], list[int]],
) -> None:
    candidates, labels, _ = blocking
    known = [pair for pair in candidates if None not in (labels[pair[0]], labels[pair[1]])]
    found = true_pairs(labels) & {frozenset(pair) for pair in candidates}
    assert pairs_quality(*columns(candidates), labels) == (len(found) / len(known) if known else 1)


@given(st.lists(st.integers(0, 3), max_size=9), st.booleans())
def test_reduction_ratio_is_the_share_of_possible_pairs_saved(sources: list[int], across: bool) -> None:
    n = len(sources)
    possible = sum(1 for i, j in combinations(range(n), 2) if not across or sources[i] != sources[j])
    for n_pairs in range(possible + 1):
        ratio = reduction_ratio(n_pairs, n, sources=sources if across else None)
        assert ratio == pytest.approx(1 - n_pairs / possible if possible else 1)


def test_all_pairs_find_everything_and_save_nothing() -> None:
    left, right = np.triu_indices(5, 1)
    labels = ["a", "b", "a", "b", "a"]
    assert pairs_completeness(left, right, labels) == 1
    assert pairs_quality(left, right, labels) == 0.4
    assert reduction_ratio(len(left), 5) == 0


def test_no_candidates_miss_everything_and_say_nothing_wrong() -> None:
    assert pairs_completeness([], [], ["a", "a"]) == 0
    assert pairs_quality([], [], ["a", "a"]) == 1
    assert reduction_ratio(0, 2) == 1


def test_without_records_all_shares_are_one() -> None:
    assert (pairs_completeness([], [], []), pairs_quality([], [], []), reduction_ratio(0, 0)) == (1, 1, 1)
    assert reduction_ratio(0, 0, sources=[]) == 1


@pytest.mark.parametrize(("left", "right"), [([0, 0], [1, 1]), ([0, 1], [1, 0]), ([0, 2], [1, 2])])
def test_repeated_turned_and_self_pairs_do_not_raise_completeness(left: list[int], right: list[int]) -> None:
    assert pairs_completeness(left, right, ["a", "a", "a"]) == 1 / 3


def test_a_record_paired_with_itself_lowers_quality() -> None:
    assert pairs_quality([0, 2], [1, 2], ["a", "a", "a"]) == 0.5


def test_a_null_source_is_a_source_like_any_other() -> None:
    assert pairs_completeness([0], [1], ["a", "a", "a"], sources=["crm", None, None]) == 0.5
    assert reduction_ratio(1, 3, sources=["crm", None, None]) == 0.5


def test_completeness_adds_up_over_batches() -> None:
    left, right = np.array([0, 0, 3], dtype=np.int32), np.array([1, 2, 4], dtype=np.int32)
    labels = list("aaabb")
    parts = [pairs_completeness(left[part], right[part], labels) for part in (slice(0, 1), slice(1, 3))]
    assert sum(parts) == pytest.approx(pairs_completeness(left, right, labels))


@pytest.mark.parametrize("of", [np.int32, np.uint32, np.int64])
def test_row_numbers_of_any_integer_type_are_taken(of: Any) -> None:
    n = 70_000
    labels = np.arange(n) // 2
    rows = np.arange(n).astype(of)
    assert pairs_completeness(rows[::2], rows[1::2], labels) == 1
    assert pairs_completeness(pl.Series(rows[::2]), pl.Series(rows[1::2]), labels) == 1


@pytest.mark.parametrize("measure", [pairs_completeness, pairs_quality])
@pytest.mark.parametrize("outside", [-1, 2])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_row_number_that_is_no_record_is_refused(measure: Any, outside: int, side: str) -> None:
    arguments = {"left": [0, 1], "right": [1, 0], side: [0, outside]}
    with pytest.raises(ConfigurationError, match=rf"1 of 2 row numbers in {side} lie outside 0\.\.1"):
        measure(arguments["left"], arguments["right"], ["a", "a"])


@pytest.mark.parametrize("measure", [pairs_completeness, pairs_quality])
@pytest.mark.parametrize("rows", [[0.0], [[0]], ["0"], [True], 0])
def test_row_numbers_must_be_a_list_of_integers(measure: Any, rows: object) -> None:
    with pytest.raises(UnsupportedInputError, match="row numbers for left"):
        measure(rows, [1], ["a", "a"])


@pytest.mark.parametrize("measure", [pairs_completeness, pairs_quality])
def test_unequal_lengths_of_pairs_are_named_both(measure: Any) -> None:
    with pytest.raises(ConfigurationError, match="left has length 2 and right has length 1"):
        measure([0, 1], [1], ["a", "a"])


def test_there_must_be_one_source_per_record() -> None:
    with pytest.raises(ConfigurationError, match="sources has length 1 and true has length 2"):
        pairs_completeness([0], [1], ["a", "a"], sources=["crm"])
    with pytest.raises(ConfigurationError, match="sources has 1 values for 2 records"):
        reduction_ratio(0, 2, sources=["crm"])


@pytest.mark.parametrize(("n_pairs", "n_records"), [(4, 3), (-1, 3), (0, -1)])
def test_impossible_numbers_of_pairs_are_refused(n_pairs: int, n_records: int) -> None:
    with pytest.raises(ConfigurationError, match=f"{n_pairs} candidate pairs cannot be: {n_records} records make"):
        reduction_ratio(n_pairs, n_records)


def test_more_pairs_than_there_are_across_sources_are_refused() -> None:
    assert reduction_ratio(2, 3, sources=[1, 1, 2]) == 0
    with pytest.raises(ConfigurationError, match="3 records make 2 pairs"):
        reduction_ratio(3, 3, sources=[1, 1, 2])
