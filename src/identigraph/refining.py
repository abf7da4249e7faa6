"""From scored pairs to the settings that clusters are made with: missing pairs scored, a threshold, self-training.

Nothing here needs a label. Pairs that blocking did not propose are scored where clusters are about to be joined; then
comparators left out tell how likely pairs are of one entity, and with that the threshold of the highest expected F1; a
matcher that can learn from clusters is taught, unless comparators left out say that its clusters are worse.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import BlockingStrategy
from identigraph.blocking.reading import proposed_without
from identigraph.comparing import Comparison, Comparisons, Graded, Patterns
from identigraph.comparing.layout import Packed
from identigraph.graph import AverageLinkage, ClusterBuilder, ConstrainedComponents, IdentityGraph, ScoredPairs
from identigraph.graph.completing import asked_pairs
from identigraph.judging import Cut, Estimated, Judged, best_cut, cut_at, estimated, judged, without
from identigraph.judging.held_out import LOWEST
from identigraph.matching import FellegiSunter, Link, Matcher, SelfTrained
from identigraph.odds import probability_of, weight_of
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Floats = npt.NDArray[np.float64]

WORSE = 0.01
"""Self-training is not used where it lowers the expected F1 by more."""


@attrs.frozen(eq=False, repr=False)
class Scores:
    """Pairs scored by a matcher, in the graph of their records.

    Args:
        records: the records.
        comparison: how pairs are compared.
        matcher: what weighed them.
        graph: records and scored pairs.
        packed: shape (pairs,): how these agree.
        linkage: what joins them.
        link: which pairs may be scored, by source.
        asked: pairs of them that blocking did not propose.
    """

    records: Records
    comparison: Comparison
    matcher: Matcher
    graph: IdentityGraph
    packed: Packed
    linkage: AverageLinkage = attrs.field(factory=AverageLinkage)
    link: Link = "both"
    asked: int = 0

    @property
    def pairs(self) -> Pairs:
        """The scored pairs."""
        return Pairs(self.graph.scored.left, self.graph.scored.right)

    @property
    def log2_odds(self) -> Floats:
        """Shape (pairs,): the log2 odds of a match."""
        return self.graph.scored.match_weight.astype(np.float64) - self.matcher.weight_at(0.5)

    def by(self, matcher: Matcher) -> Scores:
        """Return the same pairs scored by another matcher."""
        scored = _scored(self._weighed(matcher, self.pairs, self.packed), self.pairs, matcher)
        return attrs.evolve(self, matcher=matcher, graph=attrs.evolve(self.graph, scored=scored))

    def completed(self) -> Scores:
        """Return them with the pairs that clusters ask for before they are joined."""
        asked = asked_pairs(self.graph, self._log2_odds_of, self.linkage)
        asked = asked.where(self._may_link(asked))
        if len(asked) == 0:
            return self
        packed = self.comparison.patterns(self.records, asked)
        more = _scored(self._weighed(self.matcher, asked, packed), asked, self.matcher)
        columns = zip(attrs.astuple(self.graph.scored, recurse=False), attrs.astuple(more, recurse=False), strict=True)
        scored = ScoredPairs(*(np.concatenate(both) for both in columns))
        graph = attrs.evolve(self.graph, scored=scored)
        packed = np.concatenate([self.packed, packed])
        return attrs.evolve(self, graph=graph, packed=packed, asked=self.asked + len(asked))

    @cached_property
    def heights(self) -> Floats:
        """Shape (pairs,): the log2 odds at which each comes to share a cluster."""
        return self.linkage.dendrogram(self.graph, down_to=float(LOWEST)).heights(self.pairs)

    def _log2_odds_of(self, pairs: Pairs) -> Floats:
        weighed = self._weighed(self.matcher, pairs, self.comparison.patterns(self.records, pairs))
        return np.where(self._may_link(pairs), weighed - self.matcher.weight_at(0.5), self.linkage.unseen)

    def _may_link(self, pairs: Pairs) -> Mask:
        source = self.records.sources.codes
        same: Mask = source[pairs.left] == source[pairs.right]
        return np.ones(len(pairs), dtype=bool) if self.link == "both" else same == (self.link == "within")

    def _weighed(self, matcher: Matcher, pairs: Pairs, packed: Packed) -> Floats:
        return matcher.score(Comparisons(self.comparison.layout, packed, None, self.comparison, self.records, pairs))


@attrs.frozen(eq=False, repr=False)
class Refined:
    """What clusters are made with, and what is expected of them.

    Args:
        scores: scored pairs, with those that clusters asked for.
        builder: with the threshold found.
        estimated: precision, recall and F1 expected; None where no comparator could be left out.
        notes: what was done and why.
    """

    scores: Scores
    builder: ClusterBuilder
    estimated: Estimated | None = None
    notes: tuple[str, ...] = ()


def refine(
    scores: Scores, builder: ClusterBuilder, blocking: BlockingStrategy, seen: Patterns, *, teach: bool = True
) -> Refined:
    """Return what the clusters of scored pairs are made with; as given where the builder is not of average linkage.

    Args:
        scores: by a fitted matcher.
        builder: a threshold that it has is kept.
        blocking: what proposed the pairs.
        seen: the patterns of all candidates, counted.
        teach: whether a matcher that can learn from clusters may; not where it was fitted before.
    """
    linkage = linkage_of(builder)
    if linkage is None or len(scores.graph.scored) == 0:
        return Refined(scores, builder)
    scores = attrs.evolve(scores, linkage=linkage).completed()
    model = scores.matcher.model if isinstance(scores.matcher, SelfTrained) else scores.matcher
    if not isinstance(model, FellegiSunter):
        return Refined(scores, builder)
    told = judged(scores.graph, scores.packed, model, _proposing(scores, blocking), linkage=linkage)
    if told is None:
        return Refined(scores, builder, notes=("no comparator could be left out to judge the clusters by",))
    cut = _cut(scores, told)
    if cut is None:
        return Refined(scores, builder, notes=("comparators left out tell no pair from another; the threshold is 0.5",))
    notes: tuple[str, ...] = ()
    if isinstance(scores.matcher, SelfTrained) and teach:
        scores, told, cut, notes = _self_trained(scores, scores.matcher, told, cut, blocking, seen)
    if linkage.threshold is None:
        linkage = attrs.evolve(linkage, threshold=float(probability_of(np.array(cut.height))))
    found = estimated(scores.heights, cut.height, told)
    return Refined(scores, with_linkage(builder, linkage), found, notes)


def linkage_of(builder: ClusterBuilder) -> AverageLinkage | None:
    """Return the average linkage of a builder, None where it has none."""
    inner = builder.linkage if isinstance(builder, ConstrainedComponents) else builder
    return inner if isinstance(inner, AverageLinkage) else None


def with_linkage(builder: ClusterBuilder, linkage: AverageLinkage) -> ClusterBuilder:
    """Return the builder with another average linkage."""
    return attrs.evolve(builder, linkage=linkage) if isinstance(builder, ConstrainedComponents) else linkage


def _proposing(scores: Scores, blocking: BlockingStrategy) -> Callable[[str], Mask]:
    """Return what gives, for the name of a comparator, the pairs that blocking proposes without it."""
    features = {c.name: c.feature for c in scores.comparison.comparators if isinstance(c, Graded)}

    def proposed(name: str) -> Mask:
        if name not in features:
            return np.zeros(len(scores.pairs), dtype=bool)
        return proposed_without(blocking, scores.records, scores.pairs, features[name])

    return proposed


def _cut(scores: Scores, told: Judged) -> Cut | None:
    """Return the threshold of the linkage, or else the best, and what is expected of it."""
    height = scores.heights
    if scores.linkage.threshold is None:
        return best_cut(height, told.chance)
    return cut_at(weight_of(scores.linkage.threshold), height, told.chance)


def _self_trained(
    scores: Scores,
    matcher: SelfTrained,
    told: Judged,
    first: Cut,
    blocking: BlockingStrategy,
    seen: Patterns,
) -> tuple[Scores, Judged, Cut, tuple[str, ...]]:
    """Return the scores by a matcher taught by clusters, and its cut; those given where these promise more."""
    inside = scores.heights >= first.height
    if inside.all() or not inside.any():
        return scores, told, first, ("self-training was not used: there is nothing to tell apart",)
    layout = scores.comparison.layout
    far = ~np.isin(seen.packed, scores.packed)
    packed = np.append(scores.packed, seen.packed[far])
    counts = np.append(np.ones(len(inside)), seen.counts[far])
    match = np.append(inside, np.zeros(int(far.sum()), dtype=bool))

    def learned(packed: Packed) -> SelfTrained:
        return matcher.taught(Comparisons(layout, packed, counts), match)

    def weighed(name: str) -> Floats:
        return learned(without(layout, packed, name)).score(Comparisons(layout, without(layout, taught.packed, name)))

    taught = scores.by(learned(packed)).completed()
    without_one = _proposing(taught, blocking)
    again = judged(taught.graph, taught.packed, matcher.model, without_one, weighed, linkage=taught.linkage)
    second = None if again is None else _cut(taught, again)
    if again is None or second is None or second.f1 < first.f1 - WORSE:
        return scores, told, first, ("self-training was not used: its clusters are not expected to be better",)
    told_of = f"self-training was used: estimated F1 {first.f1:.3f} before, {second.f1:.3f} after"
    return taught, again, second, (told_of,)


def _scored(weights: Floats, pairs: Pairs, matcher: Matcher) -> ScoredPairs:
    """Return pairs with their weights and probabilities."""
    probability = matcher.probabilities(weights).astype(np.float32)
    return ScoredPairs(pairs.left, pairs.right, weights.astype(np.float32), probability)
