"""The Fellegi-Sunter model: agreement patterns in, match weights and probabilities out.

Fellegi and Sunter (1969) weigh a pattern by how much likelier it is among pairs of one entity (m) than among others
(u), taking the comparators as independent given the class. For people that is not enough: members of a household agree
on surname, address and phone at once, and two classes take them for one person. So the model has a third class,
*same household, another person*, in which identity comparators (given name, birth date) behave as among strangers while
household comparators are learned. Where there are no households the class dies out by itself.

    match weight       = log2( P(pattern | same) / P(pattern | not same) )
    match probability  = prior odds * 2**weight / (1 + prior odds * 2**weight)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing import Comparison, Patterns
from identigraph.errors import ConfigurationError, NotFittedError
from identigraph.matching.expectation import estimate
from identigraph.matching.parameters import Parameters
from identigraph.matching.population import Population

Floats = npt.NDArray[np.float64]
Packed = npt.NDArray[np.int64]

GROUP_BITS = 12
"""Bits of a pattern that one table look-up covers."""


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@attrs.frozen
class FellegiSunter:
    """The model, unfitted or fitted; `fit` returns a new one.

    Args:
        household: names of the comparators on which members of one household agree; empty: two classes only.
        identity: names of the comparators on which records of one entity hardly ever contradict each other, such as
            given name and birth date; at most 35 % of matching pairs are taken to differ there.
        max_iterations: of expectation and maximization.
        tolerance: the largest change of an expected share at which training stops.
        parameters: what training found; None while unfitted.

    Examples:
        >>> FellegiSunter().is_fitted
        False
    """

    household: tuple[str, ...] = attrs.field(default=(), converter=_as_names)
    identity: tuple[str, ...] = attrs.field(default=(), converter=_as_names)
    max_iterations: int = 200
    tolerance: float = 1e-4
    parameters: Parameters | None = None

    __repr__ = call_repr

    @property
    def is_fitted(self) -> bool:
        """Whether it has parameters."""
        return self.parameters is not None

    def fit(self, comparison: Comparison, patterns: Patterns, population: Population) -> FellegiSunter:
        """Return the model fitted to candidate pairs, without labels, by expectation and maximization.

        The u probabilities are those of the population less the pairs that are found to match; candidates are taken as
        all the pairs of the population that may match. The prior is the share of matches among all pairs.

        Args:
            comparison: the comparators.
            patterns: the agreement patterns of the candidate pairs, each with its number of pairs.
            population: the levels of all pairs.

        Raises:
            ConfigurationError: `household` or `identity` names a comparator that does not exist, or no two records of
                the population may be linked.
        """
        unknown = sorted({*self.household, *self.identity} - set(comparison.names))
        if unknown:
            raise ConfigurationError(f"there is no comparator {unknown[0]!r}; there are {', '.join(comparison.names)}")
        if population.pairs < 1:
            raise ConfigurationError("there is nothing to train on: no two records may be linked")
        found = estimate(
            comparison.levels(patterns.packed),
            patterns.counts,
            population,
            household=tuple(name in self.household for name in comparison.names),
            identity=tuple(name in self.identity for name in comparison.names),
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
        )
        return attrs.evolve(self, parameters=Parameters.of(comparison.names, comparison.labels, found))

    def weights(self, comparison: Comparison, packed: Packed) -> Floats:
        """Return the match weight, in bits, of each packed pattern.

        Raises:
            NotFittedError: the model has no parameters.
            ConfigurationError: it was fitted to other comparators.
        """
        p = self._fitted()
        if (p.names, p.labels) != (comparison.names, comparison.labels):
            got = f"it was fitted to {', '.join(p.names)}, and got {', '.join(comparison.names)}"
            raise ConfigurationError(f"the matcher's comparators must be the same, level by level: {got}; fit it again")
        same, household, others = _log_likelihoods(comparison, packed, p)
        if p.prior_household > 0:
            rest = p.prior_household + p.prior_others
            others = np.logaddexp(household + np.log(p.prior_household / rest), others + np.log(p.prior_others / rest))
        bits: Floats = (same - others) / np.log(2)
        return bits

    def probabilities(self, weights: Floats) -> Floats:
        """Return the match probability that belongs to match weights, by the prior."""
        odds = self._fitted().prior_bits + weights
        probability: Floats = 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))
        return probability

    def weight_at(self, probability: float) -> float:
        """Return the match weight that has a given probability, by the prior."""
        if probability <= 0:
            return float("-inf")
        if probability >= 1:
            return float("inf")
        return float(np.log2(probability / (1 - probability)) - self._fitted().prior_bits)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as plain data."""
        return attrs.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FellegiSunter:
        """Return the model that `to_dict` described.

        Examples:
            >>> FellegiSunter.from_dict(FellegiSunter(household=("surname",)).to_dict())
            FellegiSunter(household=('surname',))
        """
        parameters = data.get("parameters")
        kept = {key: value for key, value in data.items() if key != "parameters"}
        return cls(**kept, parameters=None if parameters is None else Parameters.from_dict(parameters))

    def _fitted(self) -> Parameters:
        if self.parameters is None:
            raise NotFittedError(type(self).__name__)
        return self.parameters


def _log_likelihoods(comparison: Comparison, packed: Packed, p: Parameters) -> tuple[Floats, Floats, Floats]:
    """Return the log likelihood of each pattern in each class, a few comparators per table look-up."""
    logs = [np.zeros(len(packed)) for _ in range(3)]
    for low, width, members in _groups(comparison):
        code = (packed >> low) & ((1 << width) - 1)
        levels = comparison.levels(np.arange(1 << width, dtype=np.int64) << low)
        for log, probabilities in zip(logs, (p.m, p.h, p.u), strict=True):
            table = np.zeros(1 << width)
            for i in members:
                known = np.log(np.append(np.asarray(probabilities[i]), 1.0))
                table += known[np.minimum(levels[:, i], len(known) - 1)]
            np.add(log, table[code], out=log)
    return logs[0], logs[1], logs[2]


def _groups(comparison: Comparison) -> list[tuple[int, int, list[int]]]:
    """Return (first bit, bits, comparators) of groups of neighbors that one look-up covers."""
    ends = [*comparison.shifts[1:], comparison.bits]
    groups: list[tuple[int, int, list[int]]] = []
    for i, (low, high) in enumerate(zip(comparison.shifts, ends, strict=True)):
        if groups and high - groups[-1][0] <= GROUP_BITS:
            groups[-1] = (groups[-1][0], high - groups[-1][0], [*groups[-1][2], i])
        else:
            groups.append((low, high - low, [i]))
    return groups
