"""From scored pairs to the settings that clusters are made with: missing pairs scored, a threshold, self-training.

Nothing here needs a label. Pairs that blocking did not propose are scored where clusters are about to be joined; then
comparators left out tell how likely pairs are of one entity, and with that the threshold of the highest expected F1; a
matcher that can learn from clusters is taught, unless comparators left out say that its clusters are worse.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import BlockingStrategy
from identigraph.blocking.reading import proposed_without
from identigraph.comparing import Comparison, Comparisons, Graded, Patterns
from identigraph.comparing.layout import Packed
from identigraph.graph import AverageLinkage, ClusterBuilder, ConstrainedComponents, IdentityGraph, ScoredPairs
from identigraph.graph.completing import LOWEST_CUT, asked_pairs
from identigraph.graph.contracting import odds_of
from identigraph.judging import Cut, Estimated, Judged, best_cut, corrected, cut_at, estimated, judged
from identigraph.judging.held_out import LOWEST
from identigraph.matching import FellegiSunter, Labeled, Link, Matcher, SelfTrained, Supervised, model_of
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

    def completed(self, cut: float = LOWEST_CUT) -> Scores:
        """Return them with the pairs that clusters ask for before they are joined, at or above some log2 odds."""
        asked = asked_pairs(self.graph.without_must_links, self._log2_odds_of, self.linkage, cut=cut)
        asked = asked.where(self._may_link(asked))
        if len(asked) == 0:
            return self
        packed = self.comparison.patterns(self.records, asked)
        more = _scored(self._weighed(self.matcher, asked, packed), asked, self.matcher)
        graph = attrs.evolve(self.graph, scored=self.graph.scored.plus(more))
        packed = np.concatenate([self.packed, packed])
        return attrs.evolve(self, graph=graph, packed=packed, asked=self.asked + len(asked))

    def by_policy(self, linkage: AverageLinkage) -> Scores:
        """Return the pairs that follow from the matcher and a linkage with its threshold, however these were found.

        They are those that blocking proposed, and those that joins at the threshold ask for. So the same records,
        matcher and threshold give the same entities again.
        """
        proposed = np.arange(len(self.packed) - self.asked)
        graph = attrs.evolve(self.graph, scored=self.graph.scored.where(proposed))
        found = attrs.evolve(self, graph=graph, packed=self.packed[proposed], asked=0, linkage=linkage)
        return found.completed(odds_of(linkage.cut, graph.scored))

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
        asked: pairs that were scored because clusters asked for them, on the way too.
    """

    scores: Scores
    builder: ClusterBuilder
    estimated: Estimated | None = None
    notes: tuple[str, ...] = ()
    asked: int = 0


@attrs.frozen(eq=False, repr=False)
class Answers:
    """Pairs whose answer is known, and what learns from them.

    Args:
        pairs: the pairs.
        known: how they agree, and the answers.
        learner: unfitted, gets what was found without answers for its model; None: answers set the threshold alone.
    """

    pairs: Pairs
    known: Labeled
    learner: Supervised | None = None

    def taught(self, model: Matcher, name: str | None = None) -> Matcher:
        """Return the learner beside a model, both without the comparator `name`; the model where nothing learns."""
        if self.learner is None or not isinstance(model, FellegiSunter | SelfTrained):
            return model
        compared = self.known.compared
        packed = compared.packed if name is None else compared.layout.without(compared.packed, name)
        known = attrs.evolve(self.known, compared=Comparisons(compared.layout, packed))
        return attrs.evolve(self.learner, model=model).fit(known.compared, labels=known)


def refine(
    scores: Scores,
    builder: ClusterBuilder,
    blocking: BlockingStrategy,
    seen: Patterns,
    *,
    teach: bool = True,
    answers: Answers | None = None,
) -> Refined:
    """Return what the clusters of scored pairs are made with; as given where the builder is not of average linkage.

    Args:
        scores: by a fitted matcher.
        builder: a threshold that it has is kept.
        blocking: what proposed the pairs.
        seen: the patterns of all candidates, counted.
        teach: whether a matcher that can learn from clusters may; not where it was fitted before.
        answers: pairs whose answer is known.
    """
    linkage = linkage_of(builder)
    if linkage is None or len(scores.graph.scored) == 0:
        return Refined(scores, builder)
    stage, notes = _first(attrs.evolve(scores, linkage=linkage).completed(), blocking)
    if teach:
        stage, notes = _self_trained(stage, notes, blocking, seen)
    if answers is not None:
        stage, notes = _answered(stage, answers, blocking)
    if stage.told is None or stage.cut is None:
        return Refined(stage.scores.by_policy(linkage), builder, None, notes, stage.scores.asked)
    if linkage.threshold is None:
        linkage = attrs.evolve(linkage, threshold=float(probability_of(np.array(stage.cut.height))))
    found = estimated(stage.scores.heights, stage.cut.height, stage.told)
    return Refined(stage.scores.by_policy(linkage), with_linkage(builder, linkage), found, notes, stage.scores.asked)


def linkage_of(builder: ClusterBuilder) -> AverageLinkage | None:
    """Return the average linkage of a builder, None where it has none."""
    inner = builder.linkage if isinstance(builder, ConstrainedComponents) else builder
    return inner if isinstance(inner, AverageLinkage) else None


def with_linkage(builder: ClusterBuilder, linkage: AverageLinkage) -> ClusterBuilder:
    """Return the builder with another average linkage."""
    return attrs.evolve(builder, linkage=linkage) if isinstance(builder, ConstrainedComponents) else linkage


@attrs.frozen(eq=False, repr=False)
class _Stage:
    """Scores, what comparators left out say of their clusters, and the cut that follows; None where they cannot."""

    scores: Scores
    told: Judged | None = None
    cut: Cut | None = None

    @classmethod
    def of(cls, scores: Scores, told: Judged | None) -> _Stage:
        """Return the stage with its cut: the threshold of the linkage, or else the best."""
        if told is None:
            return cls(scores)
        height = scores.heights
        if scores.linkage.threshold is None:
            return cls(scores, told, best_cut(height, told.chance))
        return cls(scores, told, cut_at(weight_of(scores.linkage.threshold), height, told.chance))


def _first(scores: Scores, blocking: BlockingStrategy) -> tuple[_Stage, tuple[str, ...]]:
    """Return the scores judged as they are."""
    if not isinstance(scores.matcher, FellegiSunter | SelfTrained):
        return _Stage(scores), ()
    stage = _Stage.of(scores, _judges(scores, blocking, partial(_unseeing, scores.matcher)))
    if stage.told is None:
        return stage, ("no comparator could be left out to judge the clusters by",)
    if stage.cut is None:
        return stage, ("comparators left out tell no pair from another; the threshold is 0.5",)
    return stage, ()


def _self_trained(
    stage: _Stage, notes: tuple[str, ...], blocking: BlockingStrategy, seen: Patterns
) -> tuple[_Stage, tuple[str, ...]]:
    """Return the scores by a matcher taught by clusters, judged; those given where these promise more."""
    scores, matcher, cut = stage.scores, stage.scores.matcher, stage.cut
    if cut is None or not isinstance(matcher, SelfTrained):
        return stage, notes
    inside = scores.heights >= cut.height
    if inside.all() or not inside.any():
        return stage, ("self-training was not used: there is nothing to tell apart",)
    far = ~np.isin(seen.packed, scores.packed)
    packed = np.append(scores.packed, seen.packed[far])
    counts = np.append(np.ones(len(inside)), seen.counts[far])
    match = np.append(inside, np.zeros(int(far.sum()), dtype=bool))
    learned = matcher.taught(Comparisons(scores.comparison.layout, packed, counts), match)
    taught = scores.by(learned).completed()
    again = _Stage.of(taught, _judges(taught, blocking, partial(_unseeing, learned)))
    if again.cut is None or again.cut.f1 < cut.f1 - WORSE:
        return stage, ("self-training was not used: its clusters are not expected to be better",)
    return again, (f"self-training was used: estimated F1 {cut.f1:.3f} before, {again.cut.f1:.3f} after",)


def _answered(stage: _Stage, answers: Answers, blocking: BlockingStrategy) -> tuple[_Stage, tuple[str, ...]]:
    """Return the scores by what learned from answers, judged by comparators left out and corrected by the answers."""
    scores, model = stage.scores, stage.scores.matcher
    learned, told = answers.taught(model), stage.told
    if learned is not model:
        scores = scores.by(learned).completed()
        told = _judges(scores, blocking, lambda name: answers.taught(_unseeing(model, name), name))
    place = answers.pairs.places_in(scores.pairs)
    match, left = answers.known.match[place >= 0], int((place < 0).sum())
    told_of = f"{left:,} of {len(place):,} labeled pairs were not scored, so they do not set the threshold"
    notes = (told_of,) if left else ()
    if len(set(match.tolist())) < len(set(answers.known.match.tolist())):
        return _Stage.of(scores, told), (*notes, "the labeled pairs that were scored are all of one kind")
    told = corrected(told, scores.log2_odds, scores.heights, place[place >= 0], match)
    found = _Stage.of(scores, told)
    return attrs.evolve(found, cut=found.cut or cut_at(float(LOWEST), scores.heights, told.chance)), notes


def _judges(scores: Scores, blocking: BlockingStrategy, unseeing: Callable[[str], Matcher]) -> Judged | None:
    """Return what comparators left out say of scores; `unseeing` gives the matcher that never saw one of them."""
    model, layout = model_of(scores.matcher), scores.comparison.layout
    if model is None:
        return None

    def weighed(name: str) -> Floats:
        matcher = unseeing(name)
        weights = matcher.score(Comparisons(layout, layout.without(scores.packed, name)))
        return weights - matcher.weight_at(0.5)

    return judged(scores.graph, scores.packed, model, _proposing(scores, blocking), weighed, linkage=scores.linkage)


def _unseeing(matcher: Matcher, name: str) -> Matcher:
    """Return the matcher that never saw one comparator; a model needs nothing but that it is missing."""
    return matcher.without(name) if isinstance(matcher, SelfTrained) else matcher


def _proposing(scores: Scores, blocking: BlockingStrategy) -> Callable[[str], Mask]:
    """Return what gives, for the name of a comparator, the pairs that blocking proposes without it."""
    features = {c.name: c.feature for c in scores.comparison.comparators if isinstance(c, Graded)}

    def proposed(name: str) -> Mask:
        if name not in features:
            return np.zeros(len(scores.pairs), dtype=bool)
        return proposed_without(blocking, scores.records, scores.pairs, features[name])

    return proposed


def _scored(weights: Floats, pairs: Pairs, matcher: Matcher) -> ScoredPairs:
    """Return pairs with their weights and probabilities."""
    probability = matcher.probabilities(weights).astype(np.float32)
    return ScoredPairs(pairs.left, pairs.right, weights.astype(np.float32), probability)
