"""Self-training: a boosted classifier on agreement patterns that learns from the clusters of a first model.

The model weighs comparators one by one; clusters know more, for records that three others speak for are together even
where their own pair says little. So what clusters say of each pair teaches a classifier, which sees how comparators
hang together, and the records are clustered again with its odds. It is asked for patterns only: pairs are counted by
pattern first, so training takes a second or two however many pairs there are, and no single pair is learned by heart.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Levels, Packed, Pattern
from identigraph.encoding import distinct_places
from identigraph.errors import ConfigurationError
from identigraph.estimators import load
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.matcher import Evidence, Explanation, Floats, Labeled, LogOdds
from identigraph.matching.population import Population
from identigraph.matching.trees import Trees
from identigraph.odds import probability_of
from identigraph.plain import Plain

SUREST = 1e-6
"""Probabilities of the classifier count down to this, and up to one less it."""


@attrs.frozen(eq=False, repr=False)
class Learned:
    """What clusters taught: how many pairs of each pattern were of one cluster, and how many were not.

    Args:
        layout: what the bits of the patterns mean.
        packed: distinct patterns, rising.
        match, other: shape (patterns,): pairs inside clusters, and between them.
        trees: trained on the levels.
    """

    layout: Layout
    packed: Packed
    match: Floats
    other: Floats
    trees: Trees

    @classmethod
    def of(cls, layout: Layout, packed: Packed, match: Floats, other: Floats) -> Learned:
        """Return a classifier trained on counted patterns.

        Raises:
            ConfigurationError: all patterns are the same.
            MissingExtraError: scikit-learn is not installed.
        """
        levels = layout.levels(packed)
        used = tuple(i for i, column in enumerate(levels.T) if len(set(column[column >= 0].tolist())) > 1)
        if not used:
            raise ConfigurationError("there is nothing to learn: all pairs agree alike")
        inside, between = np.flatnonzero(match > 0), np.flatnonzero(other > 0)
        rows = np.append(inside, between)
        boosting = load("sklearn.ensemble").HistGradientBoostingClassifier
        untrained = boosting(
            max_iter=100,
            learning_rate=0.1,
            max_leaf_nodes=15,
            min_samples_leaf=min(5, max(len(rows) // 50, 1)),
            l2_regularization=5.0,
            early_stopping=False,
            random_state=0,
        )
        features = _features(levels, used)
        answers = np.append(np.ones(len(inside)), np.zeros(len(between)))
        weights = np.append(match[inside], other[between])
        with _one_thread():
            trained = untrained.fit(features[rows], answers, sample_weight=weights)
        return cls(layout, packed, match, other, Trees.of(trained, used))

    def log2_odds(self, packed: Packed) -> Floats:
        """Return the log2 odds of a match of each pattern."""
        if len(packed) == 0:
            return np.zeros(0)
        distinct, place = distinct_places(packed)
        surest = np.log2((1 - SUREST) / SUREST)
        bits: Floats = np.clip(self.trees.log_odds(self.layout.levels(distinct)) * np.log2(np.e), -surest, surest)
        return bits[place]

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Learned: {int(self.match.sum()):,} of {int(self.match.sum() + self.other.sum()):,} pairs of clusters>"


@attrs.frozen
class SelfTrained(LogOdds, Plain):
    """A boosted classifier taught by clusters, or until then the model that made them. Needs the extra ``learn``.

    Args:
        model: fitted to the candidate pairs without labels.
        learned: what clusters taught; None: nothing yet, the model is asked.

    Examples:
        >>> SelfTrained().is_fitted
        False
    """

    model: FellegiSunter = attrs.field(factory=FellegiSunter)
    learned: Learned | None = attrs.field(default=None, kw_only=True, eq=False)

    __repr__ = call_repr

    @property
    def is_fitted(self) -> bool:
        """Whether the model is."""
        return self.model.is_fitted

    @property
    def layout(self) -> Layout | None:
        """What the bits of the patterns that the model was fitted to mean."""
        return self.model.layout

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> SelfTrained:
        """Return the matcher with its model fitted to the candidate pairs; `taught` does the rest.

        Args:
            compared: how the candidate pairs agree.
            labels: as for the model.
            population: for the model; None: found from the records of `compared`.
        """
        return SelfTrained(self.model.fit(compared, labels=labels, population=population))

    def taught(self, compared: Comparisons, match: npt.NDArray[np.bool_]) -> SelfTrained:
        """Return the matcher taught by what clusters say of pairs.

        Args:
            compared: how the pairs agree; with counts, each stands for so many.
            match: shape (pairs,): whether both records of each are in one cluster.

        Raises:
            ConfigurationError: all pairs are of one kind, or of other comparators than the model's.
            MissingExtraError: scikit-learn is not installed.
        """
        self.model.fitted.layout.check(compared.layout, "the matcher")
        if match.all() or not match.any():
            raise ConfigurationError("there is nothing to learn from clusters in which all pairs are, or none is")
        packed, place = distinct_places(compared.packed)
        worth = np.ones(len(match)) if compared.counts is None else compared.counts
        inside, between = (_summed(place, len(packed), worth * kind) for kind in (match, ~match))
        learned = Learned.of(compared.layout, packed, inside, between)
        return attrs.evolve(self, learned=learned)

    def without(self, name: str) -> SelfTrained:
        """Return the matcher as if the same clusters had taught it without one comparator.

        Raises:
            ColumnNotFoundError: it has no comparator of that name.
        """
        if self.learned is None:
            return self
        one = self.learned
        packed, place = distinct_places(one.layout.without(one.packed, name))
        match, other = (_summed(place, len(packed), kind) for kind in (one.match, one.other))
        return attrs.evolve(self, learned=Learned.of(one.layout, packed, match, other))

    def score(self, compared: Comparisons) -> Floats:
        """Return the log2 odds of each pair.

        Raises:
            NotFittedError: the model has no parameters.
            ConfigurationError: it was fitted to other comparators.
        """
        if self.learned is None:
            return self.model.score(compared) + self.model.fitted.prior_bits
        self.learned.layout.check(compared.layout, "the matcher")
        return self.learned.log2_odds(compared.packed)

    def explain(self, pattern: Pattern) -> Explanation:
        """Return the evidence of the model for one pattern, and what clusters taught beyond it."""
        told = self.model.explain(pattern)
        if self.learned is None:
            return told
        one = Comparisons(pattern.layout, np.array([pattern.packed], dtype=np.int64))
        total = self.score(one)
        beyond = float(total[0]) - told.match_weight - self.model.fitted.prior_bits
        prior = Evidence("prior", "how rare matches are", self.model.fitted.prior_bits)
        learned = Evidence("self-training", "what clusters taught beyond the model", beyond)
        evidence = (*told.evidence, prior, learned)
        return Explanation(float(total[0]), float(probability_of(total)[0]), evidence, "self-trained")


def _summed(place: npt.NDArray[np.int64], n: int, worth: Floats) -> Floats:
    """Return the sums of numbers by the place of each, of `n` places."""
    return np.bincount(place, weights=worth, minlength=n).astype(np.float64)


def _features(levels: Levels, used: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Return what the classifier sees of each pattern: the levels of some comparators, NaN where missing."""
    features = levels[:, used].astype(np.float32)
    features[features < 0] = np.nan
    return features


def _one_thread() -> Any:
    """Return a context in which scikit-learn uses one thread: trees this small spend their time waiting for others."""
    return load("threadpoolctl").threadpool_limits(limits=1)
