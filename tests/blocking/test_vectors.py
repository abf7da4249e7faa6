"""The nearest of the caller's own vectors: exact against a plain loop, approximate against exact."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import polars as pl
import proposed_pairs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.blocking import Candidates, nearest, vectors
from identigraph.errors import (
    ConfigurationError,
    EmptyBlockingWarning,
    MissingExtraError,
    RangeError,
    UnsupportedInputError,
)

quietly = pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
PairSet = set[tuple[int, int]]


def pairs_of(found: Candidates, n: int) -> PairSet:
    """Return the pairs, which are listed, so that their number is known exactly."""
    pairs = proposed_pairs.pairs_of(found, n)
    assert len(pairs) == found.cost
    return pairs


def angle(one: list[float], other: list[float]) -> float:
    """Return one less the cosine, rounded so that equal angles are equal."""
    length = math.hypot(*one) * math.hypot(*other)
    return round(1 - sum(a * b for a, b in zip(one, other, strict=True)) / length, 6)


def nearest_of(points: list[Any], sources: list[Any], k: int, metric: str, *, across: bool) -> PairSet:
    """Return the pairs of each point with its `k` nearest, those of equal distance by row."""
    known = [row for row, point in enumerate(points) if not any(map(math.isnan, point))]
    if metric == "cosine":
        known = [row for row in known if any(points[row])]
    found = set()
    for row in known:
        others = [other for other in known if other != row and not (across and sources[other] == sources[row])]
        distance = math.dist if metric == "euclidean" else angle
        others.sort(key=lambda other: (distance(points[row], points[other]), other))
        found |= {tuple(sorted((row, other))) for other in others[:k]}
    return found


def bounds(points: list[Any], sources: list[Any], k: int, distance: Any, *, across: bool) -> tuple[PairSet, PairSet]:
    """Return the pairs that are nearest whichever is taken of equally far ones, and those that may be."""
    known = [row for row, point in enumerate(points) if any(point) and not any(map(math.isnan, point))]
    sure, possible = set(), set()
    for row in known:
        far = {
            other: distance(points[row], points[other])
            for other in known
            if other != row and not (across and sources[other] == sources[row])
        }
        last = sorted(far.values())[:k][-1:]
        possible |= {tuple(sorted((row, other))) for other in far if [far[other]] <= last}
        sure |= {tuple(sorted((row, other))) for other in far if [far[other]] < last or len(far) <= k}
    return sure, possible


COORDINATE = st.integers(-2, 2) | st.integers(1_000, 1_002)
POINTS = st.lists(st.tuples(COORDINATE, COORDINATE) | st.just((math.nan, 0)), min_size=1, max_size=20)


@quietly
@given(POINTS, st.integers(1, 25), st.booleans(), st.data())
def test_exact_euclidean_neighbors_are_those_of_a_plain_loop(
    points: list[Any], k: int, across: bool, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.sampled_from("ab"), min_size=len(points), max_size=len(points)))
    records = Records.of({"n": range(len(points)), "source": places}, source="source")
    rows, sources = ([values[place] for place in records.position] for values in (points, places))
    strategy = nearest(np.array(points), k=k, metric="euclidean", exact=True, across=across)
    found = strategy.candidates(records)
    assert pairs_of(found, len(points)) == nearest_of(rows, sources, k, "euclidean", across=across)
    assert found.reports[0].keyed == sum(not math.isnan(x) for x, _ in points)


GRID = st.tuples(*[st.integers(-3, 3)] * 2) | st.just((math.nan, math.nan))


@quietly
@given(st.lists(GRID, min_size=1, max_size=15), st.integers(1, 4), st.booleans(), st.data())
def test_exact_neighbors_by_cosine_are_those_of_a_plain_loop(
    points: list[Any], k: int, across: bool, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.sampled_from("ab"), min_size=len(points), max_size=len(points)))
    records = Records.of({"n": range(len(points)), "source": places}, source="source")
    rows, sources = ([values[place] for place in records.position] for values in (points, places))
    found = pairs_of(nearest(np.array(points), k=k, exact=True, across=across).candidates(records), len(points))
    sure, possible = bounds(rows, sources, k, angle, across=across)
    assert sure <= found <= possible


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=30), st.integers(1, 5), st.sampled_from(["cosine", "euclidean"])
)
def test_of_equal_vectors_the_first_rows_are_nearest(which: list[int], k: int, metric: Any) -> None:
    some = np.random.default_rng(3).normal(size=(5, 33)).astype(np.float32)
    records = Records.of({"n": range(len(which))})
    rows = [some[which[place]].tolist() for place in records.position]
    found = nearest(some[which], k=k, metric=metric, exact=True).candidates(records)
    assert pairs_of(found, len(which)) == nearest_of(rows, rows, k, metric, across=False)


def test_vectors_far_from_zero_are_told_apart() -> None:
    points = (np.random.default_rng(0).normal(size=(200, 8)) / 100 + 1_000).astype(np.float32)
    records = Records.of({"n": range(200)})
    rows = points[records.position].astype(np.float64).tolist()
    for exact, least in ((True, 1), (False, 0.95)):
        found = pairs_of(nearest(points, k=3, metric="euclidean", exact=exact).candidates(records), 200)
        wanted = nearest_of(rows, rows, 3, "euclidean", across=False)
        assert len(found & wanted) >= least * len(wanted)


@pytest.mark.parametrize("exact", [True, False])
def test_zeros_alone_are_a_vector_but_for_the_cosine(exact: bool) -> None:
    records = Records.of({"n": range(4)})
    points = np.array([[0, 0], [0, 0], [1, 1], [5, 5]])
    by_metric = {
        metric: {
            frozenset(records.position[list(pair)].tolist())
            for pair in pairs_of(nearest(points, k=1, metric=metric, exact=exact).candidates(records), 4)
        }
        for metric in ("cosine", "euclidean")
    }
    assert by_metric["cosine"] == {frozenset({2, 3})}
    assert frozenset({0, 1}) in by_metric["euclidean"]
    assert len(by_metric["euclidean"]) == 3


def test_exact_search_is_the_same_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(1).integers(0, 9, size=(50, 3))
    records = Records.of({"n": range(50)})
    strategy = nearest(points, k=3, metric="euclidean", exact=True)
    whole = pairs_of(strategy.candidates(records), 50)
    for cells in (1, 200, 2_499):
        monkeypatch.setattr(vectors, "BATCH_CELLS", cells)
        assert pairs_of(strategy.candidates(records), 50) == whole


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("across", [False, True])
def test_approximate_search_finds_nearly_all_and_the_same_again(metric: Any, across: bool) -> None:
    points = np.random.default_rng(5).normal(size=(500, 16))
    sources = [f"s{place % 3}" for place in range(500)]
    records = Records.of({"n": range(500), "source": sources}, source="source")
    exact = pairs_of(nearest(points, k=8, metric=metric, exact=True, across=across).candidates(records), 500)
    strategy = nearest(points, k=8, metric=metric, across=across)
    found = pairs_of(strategy.candidates(records), 500)
    assert len(found & exact) >= 0.95 * len(exact)
    assert len(found) <= 500 * 8
    assert pairs_of(strategy.candidates(records), 500) == found
    codes = records.sources.codes
    assert {bool(codes[left] == codes[right]) for left, right in found} == ({False} if across else {True, False})


@quietly
@given(st.lists(GRID, min_size=1, max_size=15), st.integers(1, 20), st.booleans(), st.data())
def test_approximate_search_of_few_is_exact_but_for_ties(
    points: list[Any], k: int, across: bool, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.sampled_from("abc"), min_size=len(points), max_size=len(points)))
    records = Records.of({"n": range(len(points)), "source": places}, source="source")
    rows, sources = ([values[place] for place in records.position] for values in (points, places))
    found = pairs_of(nearest(np.array(points), k=k, across=across).candidates(records), len(points))
    sure, possible = bounds(rows, sources, k, angle, across=across)
    assert sure <= found <= possible


def test_approximate_search_among_many_equal_vectors_finds_neighbors_for_all() -> None:
    records = Records.of({"n": range(300)})
    found = pairs_of(nearest(np.ones((300, 4)), k=5).candidates(records), 300)
    degree = np.bincount(np.array(sorted(found)).ravel(), minlength=300)
    assert degree.min() >= 5


def test_without_the_package_only_exact_search_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    records = Records.of({"n": [1, 2]})
    for across in (False, True):
        with pytest.raises(MissingExtraError) as caught:
            nearest(np.eye(2), across=across).candidates(records)
        assert str(caught.value) == "this needs usearch; install it with: pip install 'identigraph[ann]'"
        assert (caught.value.package, caught.value.extra) == ("usearch", "ann")
        assert isinstance(caught.value.__cause__, ImportError)
    assert nearest(np.eye(2), exact=True).candidates(records).cost == 1


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_two_vectors_make_no_pair(exact: bool, across: bool, n: int) -> None:
    records = Records.of({"n": range(n), "source": ["a"] * n}, source="source")
    strategy = nearest(np.full((n, 3), math.nan), exact=exact, across=across)
    if n < 2:
        assert pairs_of(strategy.candidates(records), n) == set()
        one = nearest(np.ones((n, 3)), exact=exact, across=across)
        assert pairs_of(one.candidates(records), n) == set()
        return
    with pytest.warns(EmptyBlockingWarning) as told:
        assert pairs_of(strategy.candidates(records), n) == set()
    assert str(told[0].message) == f"{strategy!r} finds no pair: what it reads is missing in all 2 records"
    assert told[0].filename == __file__


def test_across_one_source_there_is_no_neighbor() -> None:
    records = Records.of({"n": range(3)})
    for exact in (True, False):
        with pytest.warns(EmptyBlockingWarning, match=r"finds no pair: 3 of 3 .* no two share one$"):
            nearest(np.eye(3), exact=exact, across=True).candidates(records)


def test_vectors_of_a_mapping_of_tables_come_one_table_after_another() -> None:
    records = Records.of({"b": {"n": ["x", "y"]}, "a": {"n": ["y", "x"]}})
    points = np.array([[0, 1], [9, 9], [9, 8], [0, 2]])
    found = nearest(points, k=1, metric="euclidean", exact=True, across=True).candidates(records)
    assert {frozenset(records.position[list(pair)].tolist()) for pair in pairs_of(found, 4)} == {
        frozenset({0, 3}),
        frozenset({1, 2}),
    }


def test_one_vector_is_needed_for_each_record() -> None:
    with pytest.raises(ConfigurationError) as caught:
        nearest(np.ones((1_001, 2))).candidates(Records.of({"n": [1, 2]}))
    assert str(caught.value) == (
        "got 1,001 vectors for 2 records; give one for each row of the table, in its order, with NaN where there is "
        "none"
    )


@pytest.mark.parametrize(
    "wrong",
    [None, "ab", [1.0, 2.0], np.ones((2, 2, 2)), np.ones((2, 0)), [["a", "b"]], [[1], [1, 2]], [[True, False]],
     np.array([[1 + 2j]]), [[None, 1.0]]],
)  # fmt: skip
def test_what_is_no_table_of_numbers_is_refused(wrong: Any) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        nearest(wrong)
    kind = f"{type(wrong).__module__}.{type(wrong).__qualname__}"
    assert str(caught.value) == f"expected an array of numbers of shape (rows, dimensions), got {kind}"


@pytest.mark.parametrize("infinite", [math.inf, -math.inf, 1e300])
def test_infinite_numbers_are_refused(infinite: float) -> None:
    with pytest.raises(ConfigurationError) as caught:
        nearest(np.array([[infinite, infinite], [1, 2], [3, infinite], [math.nan, 1]]))
    assert str(caught.value) == "2 vectors hold infinite numbers"


def test_an_unknown_metric_and_no_neighbor_are_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        nearest(np.eye(2), metric="manhattan")
    assert str(caught.value) == "metric must be 'cosine' or 'euclidean', got 'manhattan'"
    with pytest.raises(RangeError) as refused:
        nearest(np.eye(2), k=0)
    assert str(refused.value) == "k must lie between 1 and inf, got 0"


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16, np.int64, np.uint8])
def test_vectors_are_copied_from_any_table_of_numbers(kind: Any) -> None:
    points = np.array([[1, 2], [3, 4]], dtype=kind)
    strategies = [nearest(points), nearest(points.tolist()), nearest(pl.DataFrame(points))]
    points[:] = 0
    for strategy in strategies:
        assert strategy.vectors.tolist() == [[1, 2], [3, 4]]
        with pytest.raises(ValueError, match="read-only"):
            strategy.vectors[0, 0] = 7


def test_a_strategy_shows_the_shape_of_its_vectors_and_what_differs() -> None:
    points = np.ones((1_200, 3))
    assert repr(nearest(points)) == "nearest(<1,200 vectors of 3>, k=10)"
    assert repr(nearest(points, k=2, metric="euclidean", exact=True, across=True)) == (
        "nearest(<1,200 vectors of 3>, k=2, metric='euclidean', exact=True, across=True)"
    )
