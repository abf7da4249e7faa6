"""The Fellegi-Sunter model: agreement patterns in, match weights and probabilities out.

Fellegi and Sunter (1969) weigh a pattern by how much likelier it is among pairs of one entity (m) than among others
(u), taking the comparators as independent given the class. For people that is not enough: members of a household agree
on surname, address and phone at once, and two classes take them for one person. So the model has a third class,
*same household, another person*, in which identity comparators (given name, birth date) behave as among strangers while
household comparators are learned. Where there are no households the class dies out by itself.

Things have editions: the conference paper and the article, a song and its live version share title and authors, and
differ in year or length. A fourth class, *editions of one thing*, is made in the same way for these.

    match weight       = log2( P(pattern | same) / P(pattern | not same) )
    match probability  = prior odds * 2**weight / (1 + prior odds * 2**weight)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Packed, Pattern
from identigraph.errors import ConfigurationError, FitWarning, NotFittedError, RangeError
from identigraph.matching.conditions import When, when
from identigraph.matching.expectation import Estimate, Settings, estimate, expected_classes
from identigraph.matching.fixed import Fixed, as_fixed
from identigraph.matching.interactions import find_interactions, interaction_bits
from identigraph.matching.matcher import Evidence, Explanation, Floats, Labeled, as_labeled
from identigraph.matching.parameters import Parameters
from identigraph.matching.population import Population
from identigraph.notes import warn
from identigraph.odds import CERTAIN, probability_of, weight_of
from identigraph.plain import Plain

LABELS_DOUBT = 20.0
"""Labeled matches that what training finds without labels counts for beside them."""


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _as_sets(sets: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names) for names in sets)


def _as_conditions(conditions: Iterable[When | Mapping[str, str]]) -> tuple[When, ...]:
    return tuple(each if isinstance(each, When) else when(each) for each in conditions)


def _check_prior(instance: object, attribute: attrs.Attribute[float | None], value: float | None) -> None:
    del instance
    if value is not None and not 0 < value < 1:
        raise RangeError(attribute.name, value, 0, 1)


@attrs.frozen
class FellegiSunter(Plain):
    """The model, unfitted or fitted; `fit` returns a new one.

    Args:
        household: names of the comparators on which members of one household agree; empty: no such class.
        identity: names of the comparators on which records of one entity hardly ever contradict each other, such as
            given name and birth date; at most 35 % of matching pairs are taken to differ there.
        editions: names of the comparators on which editions of one thing agree; empty: no such class.
        fixed: m or u probabilities that are given and not learned, by comparator; see `Fixed`.
        prior: the share of matches among all pairs that may be linked, above 0 and below 1; None: learned.
        strength: how many pairs the starting values of m, mostly equality, count for beside the pairs seen; above 0.
        interactions: sets of names of comparators that depend on each other beyond their class.
        definite: conditions on patterns that are matches whatever else is seen.
        veto: conditions on patterns that are no matches whatever else is seen, `definite` included.
        max_iterations: of expectation and maximization.
        tolerance: the largest change of an expected share at which training stops.
        parameters: what training found; None while unfitted.

    Raises:
        RangeError: an argument lies outside its range.

    Examples:
        >>> FellegiSunter().is_fitted
        False
        >>> FellegiSunter(prior=0.001, veto=[when(birth_date="differs")], fixed={"sex": {"u": (0.5, 0.5)}})
        FellegiSunter(fixed=(Fixed('sex', u=(0.5, 0.5)),), prior=0.001, veto=(when(birth_date='differs'),))
    """

    household: tuple[str, ...] = attrs.field(default=(), converter=_as_names)
    identity: tuple[str, ...] = attrs.field(default=(), converter=_as_names)
    editions: tuple[str, ...] = attrs.field(default=(), converter=_as_names, kw_only=True)
    fixed: tuple[Fixed, ...] = attrs.field(default=(), converter=as_fixed, kw_only=True)
    prior: float | None = attrs.field(default=None, validator=_check_prior, kw_only=True)
    strength: float = attrs.field(default=4.0, kw_only=True)
    interactions: tuple[tuple[str, ...], ...] = attrs.field(default=(), converter=_as_sets, kw_only=True)
    definite: tuple[When, ...] = attrs.field(default=(), converter=_as_conditions, kw_only=True)
    veto: tuple[When, ...] = attrs.field(default=(), converter=_as_conditions, kw_only=True)
    max_iterations: int = attrs.field(default=200, kw_only=True)
    tolerance: float = attrs.field(default=1e-4, kw_only=True)
    parameters: Parameters | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if not 0 < self.strength < float("inf"):
            raise RangeError("strength", self.strength, 0, float("inf"))

    @property
    def is_fitted(self) -> bool:
        """Whether it has parameters."""
        return self.parameters is not None

    @property
    def layout(self) -> Layout | None:
        """What the bits of the patterns that it was fitted to mean."""
        return None if self.parameters is None else self.parameters.layout

    @property
    def fitted(self) -> Parameters:
        """What training found.

        Raises:
            NotFittedError: the model has no parameters.
        """
        if self.parameters is None:
            raise NotFittedError(type(self).__name__)
        return self.parameters

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> FellegiSunter:
        """Return the model fitted to candidate pairs by expectation and maximization.

        The u probabilities are those of the population less the pairs that are found to match; candidates are taken as
        all the pairs of the population that may match. The prior is the share of matches among all pairs.

        No labels are needed. One answer for each pair of `compared` takes the place of the expectation, so that m is
        counted and not estimated. Labels of other pairs correct m: what is found without them counts for 20 labeled
        matches. Only labels drawn at random do so, each for the pairs that it stands for: matches picked by how they
        agree tell nothing about how matches agree.

        Args:
            compared: how the candidate pairs agree.
            labels: pairs whose answer is known, or one answer for each pair of `compared`.
            population: how pairs of the whole population agree; None: found from the records of `compared`.

        Raises:
            ColumnNotFoundError: an argument of the model names a comparator or a level that there is not.
            ConfigurationError: no two records of the population may be linked, or there is neither a population nor
                records to find one from.
        """
        layout, known = compared.layout, as_labeled(compared, labels)
        self._check_names(layout)
        people = population_of(compared) if population is None else population
        if people.pairs < 1:
            raise ConfigurationError("there is nothing to train on: no two records may be linked")
        counted = compared.counted()
        levels = layout.levels(counted.packed)
        whole = known is not None and known.compared is compared
        answered = _answered(counted.packed, known) if known is not None and whole else None
        settings, sure = self._settings(layout), self._sure(layout, counted.packed, answered)
        found = estimate(levels, counted.counts, people, settings, sure=sure)
        if not found.converged and self.max_iterations:
            told = f"training did not come to rest in {found.iterations:,} rounds, so the weights may still be off"
            warn(f"{told}; raise max_iterations", FitWarning)
        if known is not None and not whole:
            found = settings.held(_corrected(found, layout, known))
        matches = expected_classes(levels, counted.counts, found)[0]
        joint = find_interactions(self.interactions, layout, levels, matches, people)
        return attrs.evolve(self, parameters=Parameters.of(layout, found, joint))

    def score(self, compared: Comparisons) -> Floats:
        """Return the match weight, in bits, of each pair.

        Raises:
            NotFittedError: the model has no parameters.
            ConfigurationError: it was fitted to other comparators.
        """
        p = self.fitted
        p.layout.check(compared.layout, "the matcher")
        same, *others = p.log_likelihoods(compared.packed)
        bits: Floats = (same - _not_same(others, p)) / np.log(2)
        bits += interaction_bits(p.interactions, compared.layout, compared.packed)
        for conditions, odds in ((self.definite, CERTAIN), (self.veto, -CERTAIN)):
            for condition in conditions:
                bits[condition.holds(compared.layout, compared.packed)] = odds - p.prior_bits
        return bits

    def sibling_probability(self, compared: Comparisons) -> Floats:
        """Return the probability of each pair to be of one household, or editions of one thing, and not the same.

        It is 0 without these classes.

        Interactions, definite matches and vetoes do not count.

        Raises:
            NotFittedError: the model has no parameters.
            ConfigurationError: it was fitted to other comparators.
        """
        p = self.fitted
        p.layout.check(compared.layout, "the matcher")
        priors = [p.prior_same, *(prior for _, prior in p.not_same)]
        likelihoods = p.log_likelihoods(compared.packed)
        joint = np.array([each + np.log(prior) for each, prior in zip(likelihoods, priors, strict=True)])
        if len(joint) == 2:
            return np.zeros(len(compared))
        found: Floats = np.exp(np.logaddexp.reduce(joint[1:-1]) - np.logaddexp.reduce(joint))
        return found

    def probabilities(self, weights: Floats) -> Floats:
        """Return the match probability that belongs to match weights, by the prior."""
        return probability_of(self.fitted.prior_bits + weights)

    def weight_at(self, probability: float) -> float:
        """Return the match weight that has a given probability, by the prior."""
        return weight_of(probability) - self.fitted.prior_bits

    def explain(self, pattern: Pattern) -> Explanation:
        """Return the weight of each comparator's level for one pattern.

        With households or editions, the weight of a level is that against the mixture of these and strangers which the
        whole pattern makes likely; what is left is called *household*, or *editions*.

        Raises:
            NotFittedError: the model has no parameters.
            ConfigurationError: it was fitted to other comparators.
        """
        p = self.fitted
        compared = Comparisons(pattern.layout, np.array([pattern.packed], dtype=np.int64))
        total = float(self.score(compared)[0])
        evidence = list(_evidence(p, pattern))
        left = total - sum(e.weight for e in evidence)
        reason = self._ruled(compared) or "weights add up"
        if reason == "weights add up":
            if p.prior_household > 0:
                evidence.append(Evidence("household", "members of one household agree like this", left))
            elif p.prior_editions > 0:
                evidence.append(Evidence("editions", "editions of one thing agree like this", left))
        return Explanation(total, float(self.probabilities(np.array([total]))[0]), tuple(evidence), reason)

    def _check_names(self, layout: Layout) -> None:
        """Check that the comparators have all names and levels that the model speaks of."""
        joint = (name for names in self.interactions for name in names)
        for name in (*self.household, *self.editions, *self.identity, *joint):
            layout.place(name)
        for condition in (*self.definite, *self.veto):
            condition.check(layout)
        for given in self.fixed:
            given.check(layout)

    def _settings(self, layout: Layout) -> Settings:
        given = {each.comparator: each for each in self.fixed}
        m, u = (
            tuple(given[name].array(side) if name in given else None for name in layout.names) for side in ("m", "u")
        )
        return Settings(
            household=tuple(name in self.household for name in layout.names),
            editions=tuple(name in self.editions for name in layout.names),
            identity=tuple(name in self.identity for name in layout.names),
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
            strength=self.strength,
            prior=self.prior,
            m=m,
            u=u,
        )

    def _sure(self, layout: Layout, packed: Packed, answered: Floats | None) -> Floats | None:
        """Return per pattern the share of pairs that are known to match, NaN where unknown; None where none is."""
        if answered is None and not self.definite and not self.veto:
            return None
        sure = np.full(len(packed), np.nan) if answered is None else answered
        for conditions, share in ((self.definite, 1.0), (self.veto, 0.0)):
            for condition in conditions:
                sure[condition.holds(layout, packed)] = share
        return sure

    def _ruled(self, compared: Comparisons) -> str:
        """Return the condition that decides a pattern, if one does."""
        for conditions, what in ((self.veto, "veto"), (self.definite, "definite match")):
            for condition in conditions:
                if condition.holds(compared.layout, compared.packed)[0]:
                    return f"{what}: {condition!r}"
        return ""


def population_of(compared: Comparisons) -> Population:
    """Return how pairs of the whole population agree, from the records of comparisons.

    Raises:
        ConfigurationError: these have no records.
    """
    if compared.records is None or compared.comparison is None:
        raise ConfigurationError("training needs the records, for base rates; make the comparisons with compare(...)")
    return Population.of(compared.records, compared.comparison)


def _answered(packed: Packed, known: Labeled) -> Floats:
    """Return the share of matches among the pairs of each pattern."""
    place = np.searchsorted(packed, known.compared.packed)
    worth = np.ones(len(known)) if known.compared.counts is None else known.compared.counts
    matches = np.bincount(place, weights=worth * known.match, minlength=len(packed))
    share: Floats = matches / np.bincount(place, weights=worth, minlength=len(packed))
    return share


def _corrected(found: Estimate, layout: Layout, known: Labeled) -> Estimate:
    """Return the estimate with m corrected by labeled matches that were drawn at random.

    Where each stands for several pairs they count for ``sum(w)**2 / sum(w**2)`` labels in all (Kish 1965).
    """
    layout.check(known.compared.layout, "the matcher")
    levels = known.compared.levels[known.match]
    worth = np.ones(len(levels)) if known.stands_for is None else known.stands_for[known.match]
    worth = worth * (worth.sum() / max(float((worth**2).sum()), 1e-300))
    m = []
    for i, learned in enumerate(found.m):
        seen = np.bincount(levels[:, i].astype(np.int64) + 1, weights=worth, minlength=len(learned) + 1)[1:]
        m.append((LABELS_DOUBT * learned + seen) / (LABELS_DOUBT + seen.sum()))
    return attrs.evolve(found, m=m)


def _not_same(classes: Sequence[Floats], p: Parameters) -> Floats:
    """Return the log likelihood of the mixture of all classes that are no matches."""
    if len(classes) == 1:
        return classes[0]
    shares = np.array([prior for _, prior in p.not_same])
    logs = zip(classes, np.log(shares / shares.sum()), strict=True)
    mixed: Floats = reduce(np.logaddexp, (log + share for log, share in logs))
    return mixed


def _evidence(p: Parameters, pattern: Pattern) -> Iterable[Evidence]:
    """Yield the weight of each level, against the mixture that the pattern makes likely, then of each interaction."""
    packed = np.array([pattern.packed], dtype=np.int64)
    tables, priors = zip(*p.not_same, strict=True)
    logs = np.array(p.log_likelihoods(packed))[1:, 0] + np.log(priors)
    shares = np.exp(logs - np.logaddexp.reduce(logs))
    labels = pattern.labels
    for (name, level), m, *others in zip(pattern.levels.items(), p.m, *tables, strict=True):
        against = float(shares @ np.log2([table[level] for table in others]))
        weight = 0.0 if level < 0 else float(np.log2(m[level]) - against)
        yield Evidence(name, labels[name], weight)
    for joint in p.interactions:
        bits = interaction_bits([joint], pattern.layout, packed)
        yield Evidence(f"{joint.one} and {joint.other}", "together", float(bits[0]))
