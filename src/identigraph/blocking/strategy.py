"""Blocking strategies and their algebra.

A strategy is a value with one method, ``candidates(records)``. Strategies combine with ``|`` (pairs of either),
``&`` (pairs of both) and ``-`` (pairs of one but not of the other).
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import attrs

from identigraph.blocking.candidates import (
    Candidates,
    DifferenceCandidates,
    IntersectionCandidates,
    UnionCandidates,
)
from identigraph.calls import WIDTH
from identigraph.errors import UnsupportedInputError
from identigraph.records import Records


@runtime_checkable
class BlockingStrategy(Protocol):
    """Anything that proposes candidate pairs of records."""

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs it proposes, lazily."""
        ...


@attrs.frozen(eq=False)
class Algebra:
    """Gives a strategy ``|``, ``&`` and ``-``."""

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs it proposes; each strategy has its own."""
        del records
        raise UnsupportedInputError(self, "a strategy with its own candidates(records)")

    def __or__(self, other: BlockingStrategy) -> Union:
        """Return the strategy that proposes the pairs of either."""
        return Union((*_parts(self, Union), *_parts(other, Union)))

    def __and__(self, other: BlockingStrategy) -> Intersection:
        """Return the strategy that proposes the pairs of both."""
        return Intersection((*_parts(self, Intersection), *_parts(other, Intersection)))

    def __sub__(self, other: BlockingStrategy) -> Difference:
        """Return the strategy that proposes the pairs of this one that `other` does not propose."""
        return Difference(self, _strategy(other))


@attrs.frozen(repr=False)
class Union(Algebra):
    """The pairs of any of several strategies; written ``a | b``."""

    strategies: tuple[BlockingStrategy, ...]

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs of any part, each once."""
        return UnionCandidates(tuple(s.candidates(records) for s in self.strategies))

    def __repr__(self) -> str:
        """Return the expression that makes it."""
        return _joined("|", self.strategies)


@attrs.frozen(repr=False)
class Intersection(Algebra):
    """The pairs that all of several strategies propose; written ``a & b``."""

    strategies: tuple[BlockingStrategy, ...]

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs that every part holds."""
        return IntersectionCandidates(tuple(s.candidates(records) for s in self.strategies))

    def __repr__(self) -> str:
        """Return the expression that makes it."""
        return _joined("&", self.strategies)


@attrs.frozen(repr=False)
class Difference(Algebra):
    """The pairs of one strategy that another does not propose; written ``a - b``."""

    kept: BlockingStrategy
    removed: BlockingStrategy

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs of the one without those of the other."""
        return DifferenceCandidates(self.kept.candidates(records), self.removed.candidates(records))

    def __repr__(self) -> str:
        """Return the expression that makes it."""
        return f"{_bracketed(self.kept)} - {_bracketed(self.removed)}"


def _strategy(value: object) -> BlockingStrategy:
    if not isinstance(value, BlockingStrategy):
        raise UnsupportedInputError(value, "a blocking strategy, such as ig.block_on('email')")
    return value


def _parts(strategy: object, kind: type[Union | Intersection]) -> tuple[BlockingStrategy, ...]:
    return strategy.strategies if isinstance(strategy, kind) else (_strategy(strategy),)


def _joined(sign: str, strategies: tuple[BlockingStrategy, ...]) -> str:
    """Return the expression on one line, or where that is too long each part on a line of its own."""
    parts = [_bracketed(strategy) for strategy in strategies]
    line = f" {sign} ".join(parts)
    return line if len(line) <= WIDTH else "(\n    " + f"\n    {sign} ".join(parts) + "\n)"


def _bracketed(strategy: BlockingStrategy) -> str:
    compound = isinstance(strategy, Union | Intersection | Difference)
    return f"({strategy!r})" if compound else repr(strategy)
