"""From compared pairs, batch by batch, to those worth keeping: likely matches, and siblings."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np

from identigraph.comparing import Comparison, Comparisons
from identigraph.comparing.layout import Packed
from identigraph.graph import ScoredPairs
from identigraph.matching import Matcher, SelfTrained, Supervised, model_of
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.siblings import Siblings


@attrs.frozen(eq=False)
class Scored:
    """Pairs at or above a probability, how they agree, those of all that are siblings, and how many were scored."""

    pairs: ScoredPairs
    packed: Packed
    siblings: Siblings
    seen: int


def scored_pairs(
    matcher: Matcher, comparison: Comparison, records: Records, batches: Iterable[tuple[Pairs, Packed]], keep: float
) -> Scored:
    """Return the pairs at or above the probability to keep, in the order of their records; the siblings among all.

    Args:
        matcher: fitted.
        comparison: how pairs are compared.
        records: the records.
        batches: pairs, and how they agree.
        keep: the least match probability of pairs that are kept: that of the model, where the matcher has one.
    """
    kept = [(Pairs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)), np.zeros(0, dtype=np.int64), np.zeros(0))]
    siblings: list[Siblings] = []
    seen = 0
    for pairs, packed in batches:
        seen += len(pairs)
        compared = Comparisons(comparison.layout, packed, None, comparison, records, pairs)
        above = keeps(matcher, compared, keep)
        kept.append((pairs.where(above), packed[above], matcher.score(compared.where(above))))
        siblings.append(Siblings.among(pairs, packed, matcher, comparison.layout))
    left, right = (np.concatenate([getattr(pairs, side) for pairs, _, _ in kept]) for side in ("left", "right"))
    agreement, weight = (np.concatenate([part[place] for part in kept]) for place in (1, 2))
    order = np.argsort(Pairs(left, right).codes(), kind="stable")
    scored = ScoredPairs.none()
    if seen:
        probability = matcher.probabilities(weight).astype(np.float32)
        scored = ScoredPairs(left, right, weight.astype(np.float32), probability).where(order)
    return Scored(scored, agreement[order], Siblings.joined(siblings), seen)


def keeps(matcher: Matcher, compared: Comparisons, keep: float) -> Mask:
    """Return which pairs have at least a match probability: that of the model, where the matcher has one."""
    judge = (isinstance(matcher, SelfTrained | Supervised) and model_of(matcher)) or matcher
    above: Mask = judge.score(compared) >= judge.weight_at(keep)
    return above
