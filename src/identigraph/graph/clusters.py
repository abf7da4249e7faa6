"""Clusters: which records are one entity, and what makes them: scored pairs in, a partition out."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import run_starts
from identigraph.errors import ConfigurationError, RangeError
from identigraph.pairs import Mask, Pairs, Rows

if TYPE_CHECKING:
    from identigraph.graph.identity_graph import IdentityGraph


@attrs.frozen(eq=False, repr=False)
class ScoredPairs:
    """Pairs of records with match weight and probability.

    Args:
        left, right: row numbers, left below right.
        match_weight: bits of evidence for one entity.
        match_probability: 0 to 1.

    Raises:
        ConfigurationError: arrays of unequal lengths, or a pair whose left row is not below its right one.
    """

    left: Rows
    right: Rows
    match_weight: npt.NDArray[np.float32]
    match_probability: npt.NDArray[np.float32]

    def __attrs_post_init__(self) -> None:
        lengths = {len(array) for array in (self.left, self.right, self.match_weight, self.match_probability)}
        if len(lengths) > 1:
            raise ConfigurationError(f"scored pairs are four arrays of one length, got {sorted(lengths)}")
        wrong = int((self.left >= self.right).sum())
        if wrong:
            raise ConfigurationError(f"{wrong:,} of {len(self):,} pairs do not have their lower row on the left")

    @classmethod
    def none(cls) -> ScoredPairs:
        """Return no pairs."""
        rows, zero = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        return cls(rows, rows, zero, zero)

    def where(self, mask: Mask | npt.NDArray[np.integer]) -> ScoredPairs:
        """Return the pairs that `mask` keeps, or at some places."""
        weight, probability = self.match_weight[mask], self.match_probability[mask]
        return ScoredPairs(self.left[mask], self.right[mask], weight, probability)

    def plus(self, other: ScoredPairs) -> ScoredPairs:
        """Return these pairs, and then others."""
        columns = zip(attrs.astuple(self, recurse=False), attrs.astuple(other, recurse=False), strict=True)
        return ScoredPairs(*(np.concatenate(both) for both in columns))

    def strongest(self) -> ScoredPairs:
        """Return the pairs in the order of their records, each once: of repeats the most probable.

        Examples:
            >>> ends = np.array([2, 0, 0], dtype=np.int32), np.array([3, 1, 1], dtype=np.int32)
            >>> weight, probability = np.array([1.0, 0.0, 2.0]), np.array([0.7, 0.5, 0.8])
            >>> ScoredPairs(*ends, weight, probability).strongest().match_probability.tolist()
            [0.8, 0.7]
        """
        codes = Pairs(self.left, self.right).codes()
        order = np.argsort(codes, kind="stable")
        starts = run_starts(codes[order])
        counts = np.diff(np.append(starts, len(order)))
        repeated = np.flatnonzero(np.repeat(counts > 1, counts))
        some = order[repeated]
        order[repeated] = some[np.lexsort((-self.match_weight[some], -self.match_probability[some], codes[some]))]
        return self.where(order[starts])

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def __repr__(self) -> str:
        """Return the count."""
        return f"<ScoredPairs: {len(self.left):,}>"


@attrs.frozen(eq=False, repr=False)
class Clusters:
    """A partition of the records.

    Args:
        labels: shape (records,): the cluster of each record, numbered from 0 by its first record.

    Raises:
        ConfigurationError: labels are numbered otherwise; `of` numbers any.

    Examples:
        >>> Clusters.of(np.array([7, 3, 7]))
        <Clusters: 3 records in 2 clusters>
        >>> Clusters.of(np.array([7, 3, 7])).labels.tolist()
        [0, 1, 0]
    """

    labels: npt.NDArray[np.int64]

    def __attrs_post_init__(self) -> None:
        highest = np.maximum.accumulate(np.append(-1, self.labels))
        if (self.labels < 0).any() or (np.diff(highest) > 1).any():
            raise ConfigurationError("labels must be numbered from 0 by first record; Clusters.of(labels) numbers them")

    @classmethod
    def of(cls, labels: npt.NDArray[np.integer]) -> Clusters:
        """Return the clusters that equal labels make, numbered from 0 by their first record."""
        frame = pl.DataFrame({"label": labels})
        numbers = frame.unique(maintain_order=True).with_row_index("number")
        numbered = frame.join(numbers, on="label", how="left", maintain_order="left")
        return cls(numbered.get_column("number").to_numpy().astype(np.int64))

    @property
    def count(self) -> int:
        """The number of clusters."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The number of records of each cluster."""
        return np.bincount(self.labels, minlength=self.count).astype(np.int64)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.labels)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Clusters: {len(self.labels):,} records in {self.count:,} clusters>"


@runtime_checkable
class ClusterBuilder(Protocol):
    """Anything that makes clusters of a graph."""

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Records that must be linked share a cluster; records that cannot be linked, and records with the same code in
        `graph.apart`, never do.
        """
        ...


def check_probability(name: str, value: float) -> None:
    """Check that an argument is a number from 0 to 1.

    Raises:
        RangeError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value <= 1:
        raise RangeError(name, value, 0, 1)
