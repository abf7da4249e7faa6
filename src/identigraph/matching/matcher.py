"""What a matcher is: agreement patterns in, match weights and probabilities out.

A match weight is in bits: the log2 of how much likelier a pair is a match for what is seen. Higher is likelier, and the
match probability of a pair follows from its weight alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self, runtime_checkable

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Pattern
from identigraph.errors import ConfigurationError
from identigraph.matching.population import Population
from identigraph.odds import probability_of, weight_of

Floats = npt.NDArray[np.float64]


def _as_answers(values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    return np.asarray(values, dtype=bool)


@attrs.frozen(eq=False, repr=False)
class Labeled:
    """Comparisons whose answer is known.

    Args:
        compared: how the pairs agree.
        match: shape (pairs,): whether each is of one entity.
        groups: shape (pairs,): pairs with the same number share an entity; None: each pair is on its own.
        fair: shape (pairs,): whether each was picked by chance, or by how it agrees alone, so that it may set
            probabilities; None: all were.
        stands_for: shape (pairs,): how many pairs each stands for, 0 where it was not drawn at random; None: one each.

    Raises:
        ConfigurationError: not one answer for each pair.
    """

    compared: Comparisons
    match: npt.NDArray[np.bool_] = attrs.field(converter=_as_answers)
    groups: npt.NDArray[np.int64] | None = None
    fair: npt.NDArray[np.bool_] | None = None
    stands_for: Floats | None = None

    def __attrs_post_init__(self) -> None:
        if self.match.shape != (len(self.compared),):
            raise ConfigurationError(f"got {len(self.match):,} labels for {len(self.compared):,} pairs")

    @property
    def calibrating(self) -> npt.NDArray[np.bool_]:
        """Which labels may set probabilities: the fair ones; all, where those are all matches or all others."""
        if self.fair is None or len(set(self.match[self.fair].tolist())) < 2:
            return np.ones(len(self), dtype=bool)
        return self.fair

    def where(self, mask: npt.NDArray[np.bool_]) -> Labeled:
        """Return the labels that `mask` keeps."""
        groups = None if self.groups is None else self.groups[mask]
        fair = None if self.fair is None else self.fair[mask]
        stands_for = None if self.stands_for is None else self.stands_for[mask]
        return Labeled(self.compared.where(mask), self.match[mask], groups, fair, stands_for)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.match)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Labeled: {len(self):,} pairs, {int(self.match.sum()):,} matches>"


@runtime_checkable
class Matcher(Protocol):
    """Anything that weighs agreement patterns."""

    @property
    def is_fitted(self) -> bool:
        """Whether it can score."""
        ...

    @property
    def layout(self) -> Layout | None:
        """What the bits of the patterns that it was fitted to mean; None: it reads any."""
        ...

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> Matcher:
        """Return the matcher fitted to candidate pairs.

        Args:
            compared: how the candidate pairs agree.
            labels: pairs whose answer is known, or one answer for each pair of `compared`.
            population: how pairs of the whole population agree; None: found from the records of `compared`.
        """
        ...

    def score(self, compared: Comparisons) -> Floats:
        """Return the match weight of each pair, in bits."""
        ...

    def probabilities(self, weights: Floats) -> Floats:
        """Return the match probability that belongs to each match weight."""
        ...

    def weight_at(self, probability: float) -> float:
        """Return the match weight that has a given probability."""
        ...

    def explain(self, pattern: Pattern) -> Explanation:
        """Return what speaks for a match and what against, for one pattern."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Return the matcher as plain data, which JSON can hold."""
        ...

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the matcher that `to_dict` described."""
        ...


@attrs.frozen
class Evidence:
    """What one comparator says for a match.

    Args:
        comparator: its name.
        label: what its level says.
        weight: bits for a match; negative: against it.
    """

    comparator: str
    label: str
    weight: float


@attrs.frozen
class Explanation:
    """Why a pattern has the match weight that it has.

    Args:
        match_weight: bits.
        match_probability: 0 to 1.
        evidence: what each comparator says.
        reason: one sentence: the rule that decided, or what the weights add up to.
    """

    match_weight: float
    match_probability: float
    evidence: tuple[Evidence, ...]
    reason: str

    def __str__(self) -> str:
        """Return the sentence, and a line per comparator, the weightiest first."""
        lines = [f"{self.reason} (weight {self.match_weight:+.1f}, probability {self.match_probability:.3g})"]
        ranked = sorted(self.evidence, key=lambda e: (-abs(e.weight), e.comparator))
        return "\n".join([*lines, *(f"  {e.weight:+6.1f}  {e.comparator}: {e.label}" for e in ranked)])


class LogOdds:
    """Weights of matchers that know no prior: the log2 odds of the match probability."""

    __slots__ = ()

    def probabilities(self, weights: Floats) -> Floats:
        """Return the match probability that belongs to each match weight: ``1 / (1 + 2**-weight)``."""
        return probability_of(weights)

    def weight_at(self, probability: float) -> float:
        """Return the match weight that has a given probability."""
        return weight_of(probability)


def as_labeled(compared: Comparisons, labels: Labeled | npt.ArrayLike | None) -> Labeled | None:
    """Return labels as `Labeled`: an array answers for each pair of `compared`."""
    if labels is None or isinstance(labels, Labeled):
        return labels
    return Labeled(compared, np.asarray(labels))
