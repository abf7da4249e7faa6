"""From two clusterings to their contingency table, from which every measure of clusters is computed.

Invariant: the table does not depend on how the labels are called nor on the order of the records, up to the order of
its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from identigraph.encoding import encode
from identigraph.errors import ConfigurationError, UnsupportedInputError

Labels: TypeAlias = Iterable[Any]
"""One label per record: a list, an array, or a polars or pandas series, of numbers or strings."""
Integers: TypeAlias = NDArray[np.int64]

EXPECTED = "one label per record, all of one type (a list, array or series of integers or strings)"


@attrs.frozen(eq=False)
class Contingency:
    """How many records each predicted cluster shares with each true one.

    A cell is a pair of a predicted and a true cluster that share at least one record. Clusters are numbered from 0.

    Attributes:
        predicted_sizes: records in each predicted cluster.
        true_sizes: records in each true cluster.
        cell_sizes: records in each cell.
        cell_predicted: predicted cluster of each cell, ascending.
        cell_true: true cluster of each cell.
        ignored: records left out because they have no true label.
    """

    predicted_sizes: Integers
    true_sizes: Integers
    cell_sizes: Integers
    cell_predicted: Integers
    cell_true: Integers
    ignored: int

    @property
    def records(self) -> int:
        """The number of records counted."""
        return int(self.cell_sizes.sum())


def contingency(predicted: Labels, true: Labels) -> Contingency:
    """Return the contingency table of two clusterings of the same records.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null (or NaN) where it is not known.

    Returns:
        The table over the records with a true label; the others are counted as ignored.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        >>> table = contingency([7, 7, 7, 8, 9], ["a", "a", "b", "b", None])
        >>> table.predicted_sizes.tolist(), table.true_sizes.tolist(), table.ignored
        ([3, 1], [2, 2], 1)
        >>> list(zip(table.cell_predicted.tolist(), table.cell_true.tolist(), table.cell_sizes.tolist()))
        [(0, 0, 2), (0, 1, 1), (1, 1, 1)]
    """
    predicted_labels, true_labels = label_series(predicted), label_series(true)
    check_lengths("predicted", len(predicted_labels), "true", len(true_labels))
    known = true_labels.is_not_null()
    predicted_labels, true_labels = predicted_labels.filter(known), true_labels.filter(known)
    if missing := predicted_labels.null_count():
        raise ConfigurationError(
            f"{missing:,} of {len(true_labels):,} records with a true label have no predicted one; "
            "give each a cluster, a cluster of its own if it matched nothing"
        )
    predicted_codes, true_codes = codes(predicted_labels), codes(true_labels)
    true_sizes = np.bincount(true_codes)
    cells, cell_sizes = distinct_counts(predicted_codes * len(true_sizes) + true_codes)
    return Contingency(
        predicted_sizes=np.bincount(predicted_codes),
        true_sizes=true_sizes,
        cell_sizes=cell_sizes,
        cell_predicted=cells // len(true_sizes),
        cell_true=cells % len(true_sizes),
        ignored=len(known) - len(true_labels),
    )


def label_series(labels: Labels) -> pl.Series:
    """Return `labels` as a series, NaN as null.

    Raises:
        UnsupportedInputError: they are not a one-dimensional sequence of plain values.

    Examples:
        >>> label_series([2.0, float("nan")]).to_list()
        [2.0, None]
    """
    if labels is None or isinstance(labels, str | bytes):
        raise UnsupportedInputError(labels, EXPECTED)
    plain = labels.tolist() if isinstance(labels, np.ndarray) and labels.dtype == object else labels
    try:
        series = pl.Series(values=plain)
    except TypeError:
        raise UnsupportedInputError(labels, EXPECTED) from None
    if series.dtype.is_nested() or series.dtype == pl.Object:
        raise UnsupportedInputError(labels, EXPECTED)
    return series.fill_nan(None) if series.dtype.is_float() else series


def codes(labels: pl.Series) -> Integers:
    """Return the number of each label's cluster, counted from 0 without gaps; -1 where the label is null.

    Examples:
        >>> codes(pl.Series(["x", "y", None, "x"])).tolist()
        [0, 1, -1, 0]
    """
    if labels.dtype == pl.String:
        return encode(labels).codes.astype(np.int64)
    return (labels.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()


def distinct_counts(keys: Integers) -> tuple[Integers, Integers]:
    """Return the distinct values of `keys` (none negative), ascending, and how often each occurs.

    It sorts, which for a million integers takes a fraction of the time that `numpy.unique` takes to hash them.

    Examples:
        >>> values, counts = distinct_counts(np.array([5, 2, 5]))
        >>> values.tolist(), counts.tolist()
        ([2, 5], [1, 2])
    """
    ordered = np.sort(keys)
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[starts], np.diff(starts, append=len(ordered))


def pair_count(sizes: Integers) -> int:
    """Return the number of unordered pairs of records inside clusters of these `sizes`.

    Examples:
        >>> pair_count(np.array([1, 2, 4]))
        7
    """
    return int((sizes * (sizes - 1) // 2).sum())


def check_lengths(name: str, length: int, other_name: str, other_length: int) -> None:
    """Raise unless the two lengths are equal.

    Raises:
        ConfigurationError: with both lengths in the message.

    Examples:
        >>> check_lengths("left", 3, "right", 3)
    """
    if length != other_length:
        raise ConfigurationError(
            f"{name} and {other_name} go together by position, "
            f"but {name} has length {length:,} and {other_name} has length {other_length:,}"
        )
