"""Nearest neighbors of vectors that the caller brings, such as embeddings.

Exact search compares everything with everything, in batches; approximate search walks a graph of near neighbors (HNSW)
of the package usearch, built and asked by one thread in the order of the records, so that it gives the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Literal, get_args

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking.candidates import Ints, ListedCandidates
from identigraph.blocking.checks import check_whole
from identigraph.blocking.hot import tell_empty
from identigraph.blocking.strategy import Algebra
from identigraph.encoding import Codes
from identigraph.errors import ConfigurationError, MissingExtraError
from identigraph.records import Records
from identigraph.records.vectors import Points, as_vectors, vectors_of

Metric = Literal["cosine", "euclidean"]
BATCH_CELLS = 4_000_000
"""Distances that exact search holds at a time."""


@attrs.frozen(eq=False, repr=False)
class VectorNeighbors(Algebra):
    """Pairs of each record with those of the nearest vectors. Made by `nearest`.

    Args:
        vectors: shape (rows, dimensions), in the caller's order of rows.
        k: neighbors of each record.
        metric: how near is measured.
        exact: whether all distances are taken.
        across: whether neighbors must be of another source.
    """

    vectors: Points
    k: int
    metric: Metric
    exact: bool
    across: bool

    def candidates(self, records: Records) -> ListedCandidates:
        """Return the pairs of which one is among the nearest of the other.

        Raises:
            ConfigurationError: there is not one vector for each record.
            MissingExtraError: approximate search without the package usearch.

        Warns:
            EmptyBlockingWarning: fewer than two records have a vector.
        """
        points = vectors_of(records, self.vectors)
        known = np.flatnonzero(~np.isnan(points).any(axis=1) & (points.any(axis=1) | (self.metric == "euclidean")))
        sources = records.sources.codes[known] if self.across else np.arange(len(known), dtype=np.int32)
        points = _unit(points[known]) if self.metric == "cosine" else points[known]
        search = _exact if self.exact else _approximate_across if self.across else _approximate
        one, other = _joined(search(points, sources, self.k))
        found = ListedCandidates.of(repr(self), known[one], known[other], len(known))
        tell_empty(found.reports[0], len(records))
        return found

    def __repr__(self) -> str:
        """Return the call that makes it, the vectors by their shape."""
        rows, dimensions = self.vectors.shape
        options = [f"k={self.k}", *([f"metric={self.metric!r}"] if self.metric != "cosine" else [])]
        options += [f"{name}=True" for name in ("exact", "across") if getattr(self, name)]
        return f"nearest(<{rows:,} vectors of {dimensions:,}>, {', '.join(options)})"


def nearest(
    vectors: Any, *, k: int = 10, metric: Metric = "cosine", exact: bool = False, across: bool = False
) -> VectorNeighbors:
    """Return the strategy that pairs each record with those that have the `k` nearest vectors.

    Approximate search needs the extra ``ann`` and time that grows a little faster than the records; it misses a few
    neighbors. Exact search needs neither, and time that grows with the square: some 20,000 records a minute.

    Args:
        vectors: an array of shape (rows, dimensions): one vector for each row of the caller's table and in its order,
            or for a mapping of tables of all of them, one table after another; NaN in it where a record has none;
            for the cosine, zeros alone are none either.
        k: neighbors of each record; at least 1.
        metric: ``"cosine"``, the angle alone counts, or ``"euclidean"``.
        exact: whether all distances are taken.
        across: whether only records of other sources are neighbors.

    Raises:
        UnsupportedInputError: `vectors` is no array of numbers with two dimensions.
        ConfigurationError: an unknown metric, or infinite numbers.
        RangeError: `k` is below 1.

    Examples:
        >>> import numpy as np
        >>> embeddings = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
        >>> records = Records.of({"name": ["ann", "anne", "bob"]})
        >>> near = nearest(embeddings, k=1, exact=True)
        >>> near, sum(len(pairs) for pairs in near.candidates(records))
        (nearest(<3 vectors of 2>, k=1, exact=True), 2)

    References:
        Malkov, Yashunin (2020): Efficient and robust approximate nearest neighbor search using hierarchical navigable
        small world graphs. IEEE TPAMI 42(4).
    """
    points = as_vectors(vectors)
    if metric not in get_args(Metric):
        raise ConfigurationError(f"metric must be 'cosine' or 'euclidean', got {metric!r}")
    check_whole("k", k, 1)
    return VectorNeighbors(points, k, metric, exact, across)


def _unit(points: Points) -> Points:
    precise: Any = points.astype(np.float64)
    unit: Points = (precise / np.linalg.norm(precise, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _exact(points: Points, sources: Codes, k: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield each point with its `k` nearest of another source, at equal distance the first ones.

    Squared distances are told apart at twelve digits of the largest squared distance from the mean: what is beyond
    depends on the order in which products are added.
    """
    precise: Any = points.astype(np.float64)
    precise -= precise.mean(axis=0) if len(precise) else 0
    precise /= max(np.sqrt(np.einsum("ij,ij->i", precise, precise).max(initial=0)), 1e-300)
    squares = np.einsum("ij,ij->i", precise, precise)
    step = max(BATCH_CELLS // max(len(points), 1), 1)
    k = min(k, len(points) - 1)
    for low in range(0, len(points) if k > 0 else 0, step):
        rows = np.arange(low, min(low + step, len(points)))
        apart = np.round(squares[rows][:, None] + squares - 2 * precise[rows] @ precise.T, 12)
        apart[sources[rows][:, None] == sources] = np.inf
        near = np.argpartition(apart, k - 1, axis=1)[:, :k]
        tied = np.flatnonzero((apart <= np.take_along_axis(apart, near[:, -1:], axis=1)).sum(axis=1) > k)
        near[tied] = np.argsort(apart[tied], axis=1, kind="stable")[:, :k]
        yield _reached(rows, near, np.take_along_axis(apart, near, axis=1) < np.inf)


def _approximate(points: Points, sources: Codes, k: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield each point with about its `k` nearest."""
    del sources
    rows = np.arange(len(points))
    near, apart = _asked(_index(points, rows), points, min(k + 1, len(points)))
    apart[near == rows[:, None]] = np.inf
    yield _closest(rows, near, apart, k)


def _approximate_across(points: Points, sources: Codes, k: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield each point with about its `k` nearest of other sources: the nearest of those of each of them."""
    groups = [np.flatnonzero(sources == source) for source in np.unique(sources)]
    index = [_index(points, group) for group in groups]
    for asking, rows in enumerate(groups):
        answers = [
            _asked(index[asked], points[rows], min(k, len(group)))
            for asked, group in enumerate(groups)
            if asked != asking
        ]
        if answers:
            near, apart = (np.hstack([answer[side] for answer in answers]) for side in (0, 1))
            yield _closest(rows, near, apart, k)


def _asked(index: Any, points: Points, k: int) -> tuple[Any, Any]:
    """Return keys and distances of the `k` nearest that an index finds for each point."""
    if len(points) == 0:
        return np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0))
    found = index.search(points, k, threads=1)
    keys = np.asarray(found.keys, dtype=np.int64).reshape(len(points), -1)
    return keys, np.asarray(found.distances, dtype=np.float64).reshape(len(points), -1)


def _closest(rows: Ints, near: Any, apart: Any, k: int) -> tuple[Ints, Ints]:
    best = np.lexsort((near, apart), axis=1)[:, :k]
    return _reached(rows, np.take_along_axis(near, best, 1), np.take_along_axis(apart, best, 1) < np.inf)


def _index(points: Points, rows: Ints) -> Any:
    """Return an index of the points of `rows`.

    Raises:
        MissingExtraError: the package usearch is not installed.
    """
    try:
        package = import_module("usearch.index")
    except ImportError as error:
        raise MissingExtraError("usearch", "ann") from error
    index = package.Index(ndim=points.shape[1], metric="l2sq", dtype="f32", connectivity=16, expansion_search=128)
    if len(rows):
        index.add(rows.astype(np.uint64), points[rows], threads=1)
    return index


def _reached(rows: Ints, near: Ints, found: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    return np.repeat(rows, found.sum(axis=1)), near[found].astype(np.int64)


def _joined(searched: Iterator[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    batches = list(searched)
    nothing = np.zeros(0, dtype=np.int64)
    one, other = (np.concatenate([nothing, *(batch[side] for batch in batches)]) for side in (0, 1))
    return one, other
