"""Rules: an ordered table that a person writes and reads, the first rule that holds decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, get_args

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import enclosed
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Packed, Pattern
from identigraph.errors import ConfigurationError, RangeError
from identigraph.matching.conditions import When, when
from identigraph.matching.matcher import Evidence, Explanation, Floats, Labeled, LogOdds, as_labeled
from identigraph.matching.population import Population
from identigraph.odds import weight_of
from identigraph.plain import Plain

Decision: TypeAlias = Literal["match", "possible", "non-match"]

PROBABILITY: Mapping[str, float] = {"match": 0.99, "possible": 0.3, "non-match": 0.001}
"""The match probability of a decision, until labels tell a better one."""
LABELS_WORTH = 2.0
"""Labels that the probability of a decision counts for beside those of its rule."""


def _check_decision(instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    del instance, attribute
    if value not in PROBABILITY:
        raise ConfigurationError(f"a rule decides {', '.join(map(repr, get_args(Decision)))}; got {value!r}")


@attrs.frozen(repr=False)
class Rule:
    """One row of the table.

    Args:
        condition: when it holds.
        decision: ``"match"``, ``"possible"`` or ``"non-match"``.
        name: what decisions name; left out, the condition.
        probability: the match probability of the pairs that it decides, 0 to 1; left out, .99, .3 or .001 by decision.
    """

    condition: When
    decision: Decision = attrs.field(validator=_check_decision)
    name: str = ""
    probability: float | None = None

    def __attrs_post_init__(self) -> None:
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise RangeError("probability", self.probability, 0, 1)

    @property
    def title(self) -> str:
        """What decisions name."""
        return self.name or repr(self.condition).removeprefix("when(").removesuffix(")")

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"name={self.name!r}"] if self.name else []
        options += [f"probability={self.probability!r}"] if self.probability is not None else []
        return f"rule({', '.join([repr(self.condition), repr(self.decision), *options])})"


def rule(
    condition: When | Mapping[str, str], decision: Decision, *, name: str = "", probability: float | None = None
) -> Rule:
    """Return one row of a table of rules.

    Args:
        condition: when it holds: what `when` returns, or a mapping from comparator to what it must say.
        decision: ``"match"``, ``"possible"`` or ``"non-match"``.
        name: what decisions name; left out, the condition.
        probability: the match probability of the pairs that it decides, 0 to 1.

    Raises:
        ConfigurationError: another decision, or a condition that asks for nothing.
        RangeError: the probability lies outside its range.

    Examples:
        >>> rule(when(email="equal"), "match", name="same mail")
        rule(when(email='equal'), 'match', name='same mail')
    """
    return Rule(condition if isinstance(condition, When) else when(condition), decision, name, probability)


def _as_rules(rules: Iterable[Rule | Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(each if isinstance(each, Rule) else _as_rule(**each) for each in rules)


def _as_rule(when: Mapping[str, str], then: Decision, **more: Any) -> Rule:
    """Return a row as one writes it in JSON: ``{"when": {...}, "then": ...}``."""
    return rule(when, then, **more)


@attrs.frozen(repr=False)
class Rules(LogOdds, Plain):
    """A matcher of rules: the first rule that holds decides, and what none decides is ``otherwise``.

    The match weight is the log2 odds of the probability of the rule: nothing is learned without labels. With labels,
    `fit` gives each rule the share of true matches among its labeled pairs, on which the probability that it had counts
    for two labels.

    Args:
        rules: in the order in which they are asked; also as mappings ``{"when": {"email": "equal"}, "then": "match"}``,
            with a ``name`` and a ``probability``.
        otherwise: the decision where none holds.

    Examples:
        >>> table = Rules([
        ...     rule(when(birth_date="differs"), "non-match", name="other birth date"),
        ...     rule(when(email="equal", surname="equal"), "match", name="same mail and surname"),
        ...     rule(when(email="equal"), "possible"),
        ... ])
        >>> layout = Layout(("email", "surname", "birth_date"), (("differs", "equal"),) * 3)
        >>> table.decide(layout, layout.pack([[1, 0, 1], [1, 1, 0]])).rows()
        [('possible', "email='equal'"), ('non-match', 'other birth date')]
    """

    rules: tuple[Rule, ...] = attrs.field(converter=_as_rules)
    otherwise: Decision = attrs.field(default="non-match", validator=_check_decision)

    @property
    def is_fitted(self) -> bool:
        """It needs no fitting."""
        return True

    @property
    def layout(self) -> Layout | None:
        """None: it reads any patterns that have its comparators."""
        return None

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> Rules:
        """Return the rules, with labels each with the probability that these tell.

        Args:
            compared: how the candidate pairs agree.
            labels: pairs whose answer is known, or one answer for each pair of `compared`.
            population: not used.

        Raises:
            ColumnNotFoundError: a rule names a comparator or a level that there is not.
        """
        del population
        for each in self.rules:
            each.condition.check(compared.layout)
        known = as_labeled(compared, labels)
        if known is None:
            return self
        known = known.where(known.calibrating)
        place = self.places(known.compared.layout, known.compared.packed)
        learned = []
        for i, each in enumerate(self.rules):
            answers, before = known.match[place == i], self._probability(i)
            share = (answers.sum() + LABELS_WORTH * before) / (len(answers) + LABELS_WORTH)
            learned.append(attrs.evolve(each, probability=float(share)))
        return attrs.evolve(self, rules=learned)

    def score(self, compared: Comparisons) -> Floats:
        """Return the log2 odds of the rule that decides each pair."""
        odds = [weight_of(self._probability(place)) for place in range(len(self.rules) + 1)]
        return np.array(odds)[self.places(compared.layout, compared.packed)]

    def places(self, layout: Layout, packed: Packed) -> npt.NDArray[np.int64]:
        """Return which rule decides each pattern, counted from 0; the number of rules where none does.

        Raises:
            ColumnNotFoundError: a rule names a comparator or a level that there is not.
        """
        place = np.full(len(packed), len(self.rules))
        for i in range(len(self.rules) - 1, -1, -1):
            place[self.rules[i].condition.holds(layout, packed)] = i
        return place

    def decide(self, layout: Layout, packed: Packed) -> pl.DataFrame:
        """Return the decision on each pattern and the rule that made it: columns ``decision, rule``."""
        place = self.places(layout, packed)
        decisions = np.array([*(r.decision for r in self.rules), self.otherwise], dtype=object)
        titles = np.array([*(r.title for r in self.rules), "no rule"], dtype=object)
        names = {"decision": decisions[place], "rule": titles[place]}
        return pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in names.items()})

    def explain(self, pattern: Pattern) -> Explanation:
        """Return the rule that decides a pattern."""
        packed = np.array([pattern.packed], dtype=np.int64)
        place = int(self.places(pattern.layout, packed)[0])
        decision, title = self.decide(pattern.layout, packed).row(0)
        asked = dict(self.rules[place].condition.asked) if place < len(self.rules) else {}
        evidence = tuple(Evidence(name, label, 0.0) for name, label in pattern.labels.items() if name in asked)
        reason = f"{decision}: {title}" if asked else f"{decision}: no rule holds"
        probability = self._probability(place)
        return Explanation(weight_of(probability), probability, evidence, reason)

    def _probability(self, place: int) -> float:
        if place == len(self.rules):
            return PROBABILITY[self.otherwise]
        known = self.rules[place].probability
        return PROBABILITY[self.rules[place].decision] if known is None else known

    def __str__(self) -> str:
        """Return the table as people read it, a line per rule.

        Examples:
            >>> print(Rules([rule(when(email="equal", surname=">= similar"), "match", name="same mail")]))
            1. when email equal and surname >= similar then match (same mail)
            otherwise non-match
        """
        lines = []
        for place, each in enumerate(self.rules, start=1):
            asked = " and ".join(f"{name} {wanted}" for name, wanted in each.condition.asked)
            lines.append(f"{place}. when {asked} then {each.decision}" + (f" ({each.name})" if each.name else ""))
        return "\n".join([*lines, f"otherwise {self.otherwise}"])

    def __repr__(self) -> str:
        """Return the call that makes it."""
        shown = enclosed("(", map(repr, self.rules), ")")
        shown = f"{shown[:-1]},)" if len(self.rules) == 1 and "\n" not in shown else shown
        options = [f"otherwise={self.otherwise!r}"] if self.otherwise != "non-match" else []
        return f"Rules{enclosed('(', [shown, *options], ')')}"
