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
        is_kept: whether a pair that agrees so is kept.
        siblings: the probability that such a pair are siblings; 0 where it is no more than one half.
    """

    odds: float
    weight: float
    probability: float
    is_kept: bool
    siblings: float


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

    def on(self, patterns: Sequence[int]) -> list[Verdict]:
        """Return the verdict on each pattern."""
        known = self._known
        unknown = list({pattern for pattern in patterns if pattern not in known})
        if unknown:
            self._ask(unknown)
        return [known[pattern] for pattern in patterns]

    def _ask(self, patterns: list[int]) -> None:
        packed = np.array(patterns, dtype=np.int64)
        compared = Comparisons(self.layout, packed)
        weights = self.matcher.score(compared)
        chances = self.matcher.probabilities(weights).astype(np.float32)
        kept = keeps(self.matcher, compared, self.keep)
        rows = np.arange(len(packed), dtype=np.int32)
        related = Siblings.among(Pairs(rows, rows), packed, self.matcher, self.layout)
        siblings = np.zeros(len(packed))
        siblings[related.pairs.left] = related.probability
        odds = weights - self.matcher.weight_at(0.5)
        columns = (odds, weights.astype(np.float32), chances, kept, siblings)
        self._known.update(zip(patterns, map(Verdict, *(column.tolist() for column in columns)), strict=True))

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Verdicts: on {len(self._known):,} patterns>"
