"""Measures of blocking: candidate pairs and true labels in, a share out.

Blocking is good when few pairs are left to compare (`reduction_ratio`) and the true ones are among them
(`pairs_completeness`). Candidate pairs are two arrays of row numbers, `left` and `right`, each unordered pair once.
Completeness adds up: over batches that share no pair, that of all candidates is the sum of that of the batches, so a
stream of candidates need not be held whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.metrics.contingency import (
    Integers,
    Labels,
    check_lengths,
    codes,
    distinct_counts,
    label_series,
    pair_count,
)
from identigraph.metrics.score import share


def pairs_completeness(left: ArrayLike, right: ArrayLike, true: Labels, *, sources: Labels | None = None) -> float:
    """Return the share of the true pairs that are among the candidates: the recall that blocking leaves possible.

    With C the candidate pairs and T the pairs of records that share a true cluster::

        pairs completeness = |C ∩ T| / |T|

    Args:
        left: row number of the first record of each candidate pair.
        right: row number of the second.
        true: the label of each record's true cluster; null where it is not known.
        sources: the source of each record, where only pairs across sources are to be found; T then holds only these.
            Null is a source like any other.

    Returns:
        A number in 0..1; 1 where there is no true pair, since none was missed. A pair given twice counts once.

    Raises:
        ConfigurationError: lengths differ, or a row number is not that of a record.
        UnsupportedInputError: row numbers are not integers, or labels are not a one-dimensional sequence.

    Examples:
        The true pairs are 0-1, 2-3, 2-4, 3-4; candidates 0-1 and 3-2 are two of the four.

        >>> pairs_completeness([0, 3, 1], [1, 2, 2], ["a", "a", "b", "b", "b"])
        0.5

        Across sources the true pairs are 0-1, 2-3, 2-4.

        >>> round(pairs_completeness([0, 3], [1, 2], ["a", "a", "b", "b", "b"], sources=[1, 2, 1, 2, 2]), 4)
        0.6667

    References:
        Michelson and Knoblock (2006): Learning blocking schemes for record linkage. AAAI.
        Christen (2012): Data Matching, chapter 7. Springer.
    """
    labels = codes(label_series(true))
    groups = np.arange(len(labels)) if sources is None else codes(label_series(sources)) + 1
    check_lengths("sources", len(groups), "true", len(labels))
    first, second = _row_numbers(left, right, len(labels))
    together = _together(labels, first, second)
    first, second = first[together], second[together]
    pairs = np.minimum(first, second) * len(labels) + np.maximum(first, second)
    found, _ = distinct_counts(pairs[groups[first] != groups[second]])
    return share(len(found), _true_pairs(labels, groups))


def pairs_quality(left: ArrayLike, right: ArrayLike, true: Labels) -> float:
    """Return the share of the candidate pairs that are true: the precision of blocking.

    With C the candidate pairs and T the pairs of records that share a true cluster::

        pairs quality = |C ∩ T| / |C|

    Args:
        left: row number of the first record of each candidate pair.
        right: row number of the second.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        A number in 0..1, over the candidates both records of which have a label; 1 where there is none, since nothing
        wrong was said.

    Raises:
        ConfigurationError: lengths differ, or a row number is not that of a record.
        UnsupportedInputError: row numbers are not integers, or labels are not a one-dimensional sequence.

    Examples:
        >>> pairs_quality([0, 1, 2, 0], [1, 2, 3, 2], ["a", "a", "b", "b"])
        0.5

    References:
        Christen (2012): Data Matching, chapter 7. Springer.
    """
    labels = codes(label_series(true))
    first, second = _row_numbers(left, right, len(labels))
    known = (labels[first] >= 0) & (labels[second] >= 0)
    return share(int(_together(labels, first, second).sum()), int(known.sum()))


def reduction_ratio(n_pairs: int, n_records: int, *, sources: Labels | None = None) -> float:
    """Return the share of all possible pairs that blocking saves from being compared.

    With |C| candidate pairs and n records::

        reduction ratio = 1 - |C| / (n(n - 1)/2)

    and where only pairs across sources are possible, their number in place of n(n - 1)/2. Where it is weak: it is close
    to 1 for any useful blocking of large data; the number of pairs says more.

    Args:
        n_pairs: the number of candidate pairs.
        n_records: the number of records.
        sources: the source of each record, where only pairs across sources are possible. Null is a source like any
            other.

    Returns:
        A number in 0..1; 1 where no pair is possible.

    Raises:
        ConfigurationError: there are more candidates than possible pairs, a number is negative, or `sources` does not
            have one value per record.

    Examples:
        Five records make ten pairs; from a source of two and one of three, six.

        >>> reduction_ratio(3, 5)
        0.7
        >>> reduction_ratio(3, 5, sources=["crm", "crm", "web", "web", "web"])
        0.5

    References:
        Elfeky, Verykios, Elmagarmid (2002): TAILOR: a record linkage toolbox. ICDE.
    """
    possible = n_records * (n_records - 1) // 2
    if sources is not None:
        groups = codes(label_series(sources)) + 1
        if len(groups) != n_records:
            raise ConfigurationError(f"sources has {len(groups):,} values for {n_records:,} records; give one for each")
        possible -= pair_count(np.bincount(groups))
    if n_records < 0 or not 0 <= n_pairs <= possible:
        raise ConfigurationError(
            f"{n_pairs:,} candidate pairs cannot be: {n_records:,} records make {possible:,} pairs; give each pair once"
        )
    return share(possible - n_pairs, possible)


def _together(labels: Integers, left: Integers, right: Integers) -> NDArray[np.bool_]:
    """Return for each pair whether it is two records with the same known label."""
    together: NDArray[np.bool_] = (labels[left] == labels[right]) & (labels[left] >= 0) & (left != right)
    return together


def _true_pairs(labels: Integers, groups: Integers) -> int:
    """Return the number of pairs with the same known label in different `groups`."""
    known = labels >= 0
    cells = labels[known] * (groups.max(initial=0) + 1) + groups[known]
    return pair_count(np.bincount(labels[known])) - pair_count(distinct_counts(cells)[1])


def _row_numbers(left: ArrayLike, right: ArrayLike, n_records: int) -> tuple[Integers, Integers]:
    """Return both as arrays of integers, checked to be row numbers of `n_records` records."""
    arrays = []
    for name, given in (("left", left), ("right", right)):
        rows: NDArray[Any] = np.asarray(given)
        if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
            raise UnsupportedInputError(given, f"a one-dimensional array of row numbers for {name}")
        if rows.size and not 0 <= rows.min() <= rows.max() < n_records:
            outside = int(np.count_nonzero((rows < 0) | (rows >= n_records)))
            raise ConfigurationError(
                f"{outside:,} of {rows.size:,} row numbers in {name} lie outside 0..{n_records - 1}, the rows there are"
            )
        arrays.append(rows.astype(np.int64, copy=False))
    check_lengths("left", len(arrays[0]), "right", len(arrays[1]))
    return arrays[0], arrays[1]
