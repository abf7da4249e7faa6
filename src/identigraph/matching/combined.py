"""Rules first, then a model: what a rule decides is decided, the rest is weighed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Packed, Pattern
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.matcher import Explanation, Floats, Labeled, Matcher, as_labeled
from identigraph.matching.parameters import Parameters
from identigraph.matching.population import Population
from identigraph.matching.rules import Rules
from identigraph.odds import CERTAIN
from identigraph.plain import Plain, restored


@attrs.frozen
class Combined(Plain):
    """A matcher of rules before a model.

    A pattern on which a rule decides *match* or *non-match* is a certain match or none; *possible*, and patterns that
    no rule decides, are left to the model.

    Args:
        rules: asked first; what they decide where none holds means nothing here.
        model: any matcher.

    Examples:
        >>> from identigraph.matching import FellegiSunter, rule, when
        >>> first = Rules([rule(when(loyalty="equal"), "match"), rule(when(birth_date="differs"), "non-match")])
        >>> Combined(first, FellegiSunter()).is_fitted
        False
    """

    rules: Rules
    model: Matcher

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
    ) -> Combined:
        """Return the rules with the model fitted, with labels to those pairs that are left to it.

        Raises:
            ColumnNotFoundError: a rule names a comparator or a level that there is not.
        """
        rules = self.rules.fit(compared)
        known = as_labeled(compared, labels)
        if known is not None and known.compared is not compared:
            left = ~self._decided(known.compared.layout, known.compared.packed)[0]
            known = known.where(left)
        return Combined(rules, self.model.fit(compared, labels=known, population=population))

    def score(self, compared: Comparisons) -> Floats:
        """Return the match weight of each pair: the model's, or that of certainty where a rule decides."""
        decided, match = self._decided(compared.layout, compared.packed)
        bits = self.model.score(compared)
        neutral = self.model.weight_at(0.5)
        bits[decided] = np.where(match[decided], neutral + CERTAIN, neutral - CERTAIN)
        return bits

    def probabilities(self, weights: Floats) -> Floats:
        """Return the match probability that belongs to each match weight, by the model."""
        return self.model.probabilities(weights)

    def weight_at(self, probability: float) -> float:
        """Return the match weight that has a given probability, by the model."""
        return self.model.weight_at(probability)

    def explain(self, pattern: Pattern) -> Explanation:
        """Return the rule that decides a pattern, or else what the model says."""
        packed = np.array([pattern.packed], dtype=np.int64)
        decided, _ = self._decided(pattern.layout, packed)
        if not decided[0]:
            return self.model.explain(pattern)
        weights = self.score(Comparisons(pattern.layout, packed))
        told = self.rules.explain(pattern)
        return attrs.evolve(
            told, match_weight=float(weights[0]), match_probability=float(self.probabilities(weights)[0])
        )

    def _decided(self, layout: Layout, packed: Packed) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Tell for each pattern whether a rule decides it, and whether for a match."""
        decisions = np.array([*(each.decision for each in self.rules.rules), "possible"])
        decision = decisions[self.rules.places(layout, packed)]
        return decision != "possible", decision == "match"


def model_of(matcher: Matcher) -> FellegiSunter | None:
    """Return the Fellegi-Sunter model in a matcher, None where there is none.

    Examples:
        >>> from identigraph.matching import SelfTrained, Supervised
        >>> model_of(SelfTrained(FellegiSunter())), model_of(Supervised(None))
        (FellegiSunter(), None)
    """
    if isinstance(matcher, FellegiSunter):
        return matcher
    model = getattr(matcher, "model", None)
    return None if model is None else model_of(model)


def parameters_of(matcher: Matcher) -> Parameters | None:
    """Return the parameters of the Fellegi-Sunter model in a matcher, None where there is none or it is unfitted."""
    model = model_of(matcher)
    return None if model is None else model.parameters


def matcher_from(data: Mapping[str, Any], *, classes: Iterable[type] = ()) -> Matcher:
    """Return the matcher that its `to_dict` described, whichever it is.

    Args:
        data: what JSON can hold.
        classes: of matchers of your own.

    Raises:
        PlainDataError: the data are damaged, of something else, or of a later version.

    Examples:
        >>> matcher_from({"is": "Rules", "rules": [{"when": {"email": "equal"}, "then": "match"}]})
        Rules((rule(when(email='equal'), 'match'),))
    """
    return restored(data, Matcher, classes=classes)  # type: ignore[type-abstract]
