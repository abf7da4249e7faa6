"""What a matcher says of patterns, one by one: each is asked for once."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from identigraph.comparing import Comparisons
from identigraph.comparing.layout import Layout
from identigraph.matching import Matcher
from identigraph.pairs import Pairs
from identigraph.scoring import keeps
from identigraph.siblings import Siblings


@attrs.frozen
class Verdict:
    """What a matcher says of a pattern.

    Args:
        odds: the log2 odds of a match.
        weight, probability: the match weight and probability, in the precision of arrays.
    """

    odds: float
    weight: float
    probability: float


@attrs.define(eq=False, repr=False)
class Verdicts:
    """The verdicts on patterns, remembered.

    Args:
        matcher: fitted, and content with patterns.
        layout: what the bits of a pattern mean.
        keep: the least match probability of pairs that are kept.
    """

    matcher: Matcher
    layout: Layout
    keep: float
    _known: dict[int, Verdict] = attrs.field(factory=dict, init=False)
    _looked_at: dict[int, tuple[bool, float]] = attrs.field(factory=dict, init=False)

    def on(self, patterns: Sequence[int]) -> list[Verdict]:
        """Return the verdict on each pattern."""
        known = self._known
        unknown = list({pattern for pattern in patterns if pattern not in known})
        if unknown:
            self._ask(unknown)
        return [known[pattern] for pattern in patterns]

    def look_at(self, patterns: Sequence[int]) -> list[tuple[bool, float]]:
        """Return for each pattern whether a pair that agrees so is kept, and how likely both are siblings.

        The probability of siblings is 0 where it is no more than one half.
        """
        known = self._looked_at
        unknown = list({pattern for pattern in patterns if pattern not in known})
        if unknown:
            self._look_at(unknown)
        return [known[pattern] for pattern in patterns]

    def _ask(self, patterns: list[int]) -> None:
        weights = self.matcher.score(Comparisons(self.layout, np.array(patterns, dtype=np.int64)))
        chances = self.matcher.probabilities(weights).astype(np.float32)
        columns = (weights - self.matcher.weight_at(0.5), weights.astype(np.float32), chances)
        self._known.update(zip(patterns, map(Verdict, *(column.tolist() for column in columns)), strict=True))

    def _look_at(self, patterns: list[int]) -> None:
        packed = np.array(patterns, dtype=np.int64)
        kept = keeps(self.matcher, Comparisons(self.layout, packed), self.keep)
        rows = np.arange(len(packed), dtype=np.int32)
        related = Siblings.among(Pairs(rows, rows), packed, self.matcher, self.layout)
        siblings = np.zeros(len(packed))
        siblings[related.pairs.left] = related.probability
        self._looked_at.update(zip(patterns, zip(kept.tolist(), siblings.tolist(), strict=True), strict=True))

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Verdicts: on {len(self._looked_at):,} patterns>"
