"""Boosted trees as plain data: what a boosted classifier of scikit-learn has learned, kept and asked without it.

A trained classifier is kept by its trees, so that it says the same wherever and whenever it is read back, whichever
version of scikit-learn is there, or none.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.layout import Levels

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CHUNK = 2_000
"""Patterns that are asked about at a time."""
HIGH = np.int8(127)
"""What a missing level counts as where it goes to the right: more than any level."""


@attrs.frozen(eq=False, repr=False)
class Trees:
    """Trees over levels, whose leaves add up to the log odds of a match.

    All nodes are numbered in a row. At a node, a level up to its threshold goes to the left; a missing one goes where
    the node says. A leaf leads to itself.

    Args:
        start: the log odds before any tree.
        roots: shape (trees,): the first node of each.
        feature: shape (nodes,): which comparator is asked.
        threshold: shape (nodes,): the highest level that goes to the left.
        missing_left: shape (nodes,): whether a missing level goes to the left.
        right, left: shape (nodes,): where levels lead.
        value: shape (nodes,): what a leaf adds.

    Examples:
        One tree: level 1 and above of the first comparator speak for a match, a missing one against.

        >>> start, roots, feature, threshold = 0.5, np.array([0]), np.zeros(3, dtype=int), np.zeros(3)
        >>> missing_left, right, left = np.array([True, False, False]), np.array([2, 1, 2]), np.array([1, 1, 2])
        >>> trees = Trees(start, roots, feature, threshold, missing_left, right, left, np.array([0.0, -3.0, 2.0]))
        >>> trees.log_odds(np.array([[-1], [0], [1]], dtype=np.int8)).tolist()
        [-2.5, -2.5, 2.5]
    """

    start: float
    roots: Ints
    feature: Ints
    threshold: Floats
    missing_left: npt.NDArray[np.bool_]
    right: Ints
    left: Ints
    value: Floats

    @classmethod
    def of(cls, classifier: Any, used: tuple[int, ...]) -> Self:
        """Return the trees of a trained ``HistGradientBoostingClassifier`` of two classes.

        Args:
            classifier: trained on the levels of the comparators `used`, NaN where missing.
            used: their places.
        """
        trees = [each[0].nodes for each in classifier._predictors]  # noqa: SLF001 - it has no other face; tests compare
        roots = np.cumsum([0, *map(len, trees)])[:-1]
        nodes, offset = np.concatenate(trees), np.repeat(roots, [len(tree) for tree in trees])
        leaf, itself = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
        right, left = (np.where(leaf, itself, nodes[side].astype(np.int64) + offset) for side in ("right", "left"))
        start = float(np.ravel(classifier._baseline_prediction)[0])  # noqa: SLF001 - as above
        feature = np.array(used, dtype=np.int64)[nodes["feature_idx"]]
        missing_left = nodes["missing_go_to_left"].astype(bool)
        return cls(
            start, roots, feature, nodes["num_threshold"].copy(), missing_left, right, left, nodes["value"].copy()
        )

    def log_odds(self, levels: Levels) -> Floats:
        """Return the natural log odds of a match.

        Args:
            levels: shape (patterns, comparators); -1 where missing.
        """
        chunks = [self._log_odds(levels[low : low + CHUNK]) for low in range(0, len(levels), CHUNK)]
        return np.concatenate([np.zeros(0), *chunks])

    def _log_odds(self, levels: Levels) -> Floats:
        seen = np.stack([np.where(levels < 0, HIGH, levels), levels], axis=2).reshape(len(levels), -1)
        asked, highest, leads = self._columns
        begins = (np.arange(len(levels)) * seen.shape[1]).astype(np.int32)
        level, node = seen.ravel(), np.repeat(self.roots[:, None], len(levels), axis=1).astype(np.int32)
        while True:
            following = leads[node * 2 + (level[begins + asked[node]] <= highest[node])]
            if (following == node).all():
                break
            node = following
        total: Floats = self.start + self.value[node].sum(axis=0)
        return total

    @cached_property
    def _columns(self) -> tuple[npt.NDArray[np.int32], Levels, npt.NDArray[np.int32]]:
        """Which level is asked at each node, the highest that goes to the left, and where each answer leads."""
        asked = (self.feature * 2 + self.missing_left).astype(np.int32)
        leads = np.column_stack([self.right, self.left]).ravel().astype(np.int32)
        return asked, np.floor(np.minimum(self.threshold, HIGH - 1)).astype(np.int8), leads

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Trees: {len(self.roots):,} trees, {len(self.feature):,} nodes>"
