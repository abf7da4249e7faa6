"""Supervised matching: any classifier of scikit-learn on agreement patterns, beside the model that needs no labels.

Few labels cannot tell what thousands of unlabeled pairs tell, and unlabeled pairs cannot tell what a person knows. So
the matcher has two voices: a model that needs no labels, Fellegi-Sunter's or one taught by its clusters, and a
classifier, trained on the labeled pairs. How much each counts is learned from the labels as well:

    log odds = a * (log odds of the model) + b * (log odds of the classifier) + c,    a >= 0, b >= 0

where the classifier is asked about pairs that it has not seen, of entities that it has not seen (cross-fitted by
entity); that makes the probabilities calibrated. Until labels say otherwise the model is taken at its word, a = 1 and
b = 0: a handful of labels changes little. Patterns are all it looks at, so each distinct pattern is classified
once, however many pairs show it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Levels, Pattern
from identigraph.encoding import distinct_places
from identigraph.errors import ConfigurationError, NotFittedError, RangeError
from identigraph.estimators import default_classifier, fresh
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.logistic import fit_rising
from identigraph.matching.matcher import Evidence, Explanation, Floats, Labeled, LogOdds, as_labeled
from identigraph.matching.population import Population
from identigraph.matching.self_trained import SelfTrained
from identigraph.odds import log2_odds, probability_of
from identigraph.plain import Plain

SUREST = 0.99
"""The classifier's probabilities count up to this, and down to one less it: few labels make no certainty."""
MOST_BITS = 20.0
"""The model's log2 odds count up to so much."""
FOLDS = 5
RIDGE = 0.3
"""Penalty on the square of how far the share of each voice is from what is trusted."""
FEWEST_OF_A_KIND = 2
"""Labels of matches, and of others, that it takes at the least."""


@attrs.frozen(repr=False)
class Trained:
    """What a supervised matcher has learned: the labeled patterns stand for its classifier, which they train anew.

    Args:
        layout: what the bits of a pattern mean.
        packed: the labeled patterns.
        match: their answers.
        model_share, classifier_share, intercept: a, b and c, in bits.
    """

    layout: Layout
    packed: tuple[int, ...]
    match: tuple[bool, ...]
    model_share: float
    classifier_share: float
    intercept: float

    def __repr__(self) -> str:
        """Return the counts and shares."""
        return (
            f"<Trained: {len(self.match):,} labels, {self.model_share:.2f} of the model's log odds and "
            f"{self.classifier_share:.2f} of the classifier's>"
        )


@attrs.frozen
class Supervised(LogOdds, Plain):
    """A classifier on agreement patterns, beside a model that needs no labels. Needs the extra ``learn``.

    Args:
        model: fitted to the candidate pairs without labels; None: the classifier alone.
        classifier: any classifier of scikit-learn with `predict_proba`; None: logistic regression. One that draws at
            random needs a ``random_state`` to say the same twice.
        folds: parts for cross-fitting; 2 or more.
        seed: draws the parts; 0 or more.
        trained: what it learned; None while unfitted.

    Raises:
        UnsupportedInputError: the classifier is none.
        RangeError: fewer than two folds.

    Examples:
        >>> Supervised().is_fitted
        False
    """

    model: FellegiSunter | SelfTrained | None = attrs.field(factory=FellegiSunter)
    classifier: Any = None
    folds: int = attrs.field(default=FOLDS, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)
    trained: Trained | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if self.folds < 2:
            raise RangeError("folds", self.folds, 2, float("inf"))
        if self.classifier is not None:
            fresh(self.classifier)

    @property
    def is_fitted(self) -> bool:
        """Whether it was trained."""
        return self.trained is not None

    @property
    def layout(self) -> Layout | None:
        """What the bits of the patterns that it was trained on mean."""
        return None if self.trained is None else self.trained.layout

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> Supervised:
        """Return the matcher trained on labels, its model fitted to the candidate pairs first unless it is fitted.

        Args:
            compared: how the candidate pairs agree.
            labels: pairs whose answer is known, or one answer for each pair of `compared`.
            population: for the model; None: found from the records of `compared`.

        Raises:
            ConfigurationError: there are no labels, hardly any of one kind, or they are of other comparators.
            MissingExtraError: scikit-learn is not installed.
        """
        known = as_labeled(compared, labels)
        if known is None:
            raise ConfigurationError(
                "a supervised matcher is trained on labels; give labels=..., or use FellegiSunter()"
            )
        compared.layout.check(known.compared.layout, "the matcher")
        fewest = min(int(known.match.sum()), int((~known.match).sum()))
        if fewest < FEWEST_OF_A_KIND:
            told = f"{int(known.match.sum()):,} of {len(known):,} labels are matches"
            raise ConfigurationError(f"{told}; label at least {FEWEST_OF_A_KIND} pairs of each kind")
        model = self.model
        if model is not None and not model.is_fitted:
            model = model.fit(compared, population=population)
        matcher = attrs.evolve(self, model=model)
        return attrs.evolve(matcher, trained=matcher._learn(known))  # noqa: SLF001 - a copy of its own

    def score(self, compared: Comparisons) -> Floats:
        """Return the log2 odds of each pair.

        Raises:
            NotFittedError: it was not trained.
            ConfigurationError: it was trained on other comparators.
        """
        trained = self._fitted()
        trained.layout.check(compared.layout, "the matcher")
        packed, place = distinct_places(compared.packed)
        one = Comparisons(compared.layout, packed)
        classified = _bits(self._classifier, self._features(one)) * trained.classifier_share
        return (self._model_bits(one) * trained.model_share + classified + trained.intercept)[place]

    def explain(self, pattern: Pattern) -> Explanation:
        """Return what each of the two voices says of one pattern, and the evidence of the model."""
        trained = self._fitted()
        one = Comparisons(pattern.layout, np.array([pattern.packed], dtype=np.int64))
        total = self.score(one)
        classified = float(_bits(self._classifier, self._features(one))[0] * trained.classifier_share)
        evidence = [Evidence("classifier", f"trained on {len(trained.match):,} labels", classified)]
        if self.model is not None:
            told = self.model.explain(pattern).evidence
            evidence += [attrs.evolve(each, weight=each.weight * trained.model_share) for each in told]
        reason = "model and classifier" if self.model is not None else "classifier"
        return Explanation(float(total[0]), float(probability_of(total)[0]), tuple(evidence), reason)

    def _learn(self, known: Labeled) -> Trained:
        features, match = self._features(known.compared), known.match
        unseen = np.zeros(len(match))
        for part in _parts(known, self.folds, self.seed):
            unseen[part] = _bits(self._untrained().fit(features[~part], match[~part]), features[part])
        voices = np.column_stack([self._model_bits(known.compared), unseen])
        trusted = np.log(2) * np.array([0.0, 1.0] if self.model is None else [1.0, 0.0])
        may = known.calibrating
        slopes, intercept = fit_rising(voices[may], match[may], ridge=RIDGE, center=trusted)
        a, b, c = (float(number / np.log(2)) for number in (*slopes, intercept))
        packed, answers = tuple(map(int, known.compared.packed)), tuple(map(bool, match))
        return Trained(known.compared.layout, packed, answers, a, b, c)

    @cached_property
    def _classifier(self) -> Any:
        """The classifier, trained on all labels."""
        trained = self._fitted()
        one = Comparisons(trained.layout, np.array(trained.packed, dtype=np.int64))
        return self._untrained().fit(self._features(one), np.array(trained.match))

    def _untrained(self) -> Any:
        return default_classifier() if self.classifier is None else fresh(self.classifier)

    def _model_bits(self, compared: Comparisons) -> Floats:
        """Return the log2 odds of the model, 0 where there is none."""
        if self.model is None:
            return np.zeros(len(compared))
        return np.clip(self.model.score(compared) - self.model.weight_at(0.5), -MOST_BITS, MOST_BITS)

    def _features(self, compared: Comparisons) -> Floats:
        """Return what the classifier sees of each pattern, shape (pairs, features).

        Per comparator the level, as its weight in bits where there is a model and else as a share of the highest, and
        whether it is missing; with a model its log2 odds.
        """
        levels = compared.levels
        missing = (levels < 0).astype(np.float64)
        if self.model is None:
            tops = np.array([max(len(labels) - 1, 1) for labels in compared.layout.labels])
            return np.hstack([np.where(levels < 0, 0.0, levels / tops), missing])
        return np.hstack([_level_bits(self.model, levels), missing, self._model_bits(compared)[:, None]])

    def _fitted(self) -> Trained:
        if self.trained is None:
            raise NotFittedError(type(self).__name__)
        return self.trained


def _level_bits(model: FellegiSunter | SelfTrained, levels: Levels) -> Floats:
    """Return log2(m / u) of each level, 0 where missing."""
    p = model.model.fitted if isinstance(model, SelfTrained) else model.fitted
    tables = [np.append(np.log2(np.array(m) / np.array(u)), 0.0) for m, u in zip(p.m, p.u, strict=True)]
    return np.column_stack([table[levels[:, i]] for i, table in enumerate(tables)])


def _bits(classifier: Any, features: Floats) -> Floats:
    """Return the log2 odds of a match, within what few labels can tell."""
    if len(features) == 0:
        return np.zeros(0)
    probability = classifier.predict_proba(features)[:, list(classifier.classes_).index(True)]
    probability = np.clip(probability, 1 - SUREST, SUREST)
    return log2_odds(probability)


def _parts(known: Labeled, folds: int, seed: int) -> list[npt.NDArray[np.bool_]]:
    """Return masks of parts to be left out in turn: pairs of one entity in one part, both kinds outside of each."""
    groups = np.arange(len(known)) if known.groups is None else np.unique(known.groups, return_inverse=True)[1]
    sizes = np.bincount(groups)
    matches = np.bincount(groups, weights=known.match)
    drawn = np.random.default_rng(seed).permutation(len(sizes))
    order = drawn[np.lexsort((-sizes[drawn], -matches[drawn] / sizes[drawn]))]
    part_of = np.empty(len(sizes), dtype=np.int64)
    part_of[order] = np.arange(len(sizes)) % folds
    parts = [part_of[groups] == part for part in range(folds)]
    return [part for part in parts if part.any() and _has_both(known.match[~part])]


def _has_both(match: npt.NDArray[np.bool_]) -> bool:
    return bool(match.any() and not match.all())
