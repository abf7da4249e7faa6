"""Which pairs are most worth a person's time: active learning, with a random share that keeps it honest."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias, get_args

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking import Candidates, block_on
from identigraph.comparing import Comparison, Graded, compare
from identigraph.errors import ConfigurationError, IdentigraphWarning, RangeError
from identigraph.metrics.audit import allocate
from identigraph.odds import log2_odds, probability_of
from identigraph.pairs import Pairs
from identigraph.resolution import Resolution
from identigraph.table import Table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Strategy: TypeAlias = Literal["mixed", "random", "uncertain", "disagreeing", "off_block"]

MIX: Mapping[str, float] = {"random": 0.45, "uncertain": 0.3, "disagreeing": 0.15, "off_block": 0.1}
"""Shares of a mixed request; what one kind has too few of, the random share gets."""
STRATA = (-8.0, -6.0, -4.0, -2.5, -1.0, 0.5, 2.0, 4.0, 7.0)
"""Log2 odds between the strata from which random pairs are drawn."""
LEAST_SPREAD = 0.02
"""Taken for the standard deviation of answers in a stratum at the least: a model may be surer than it should."""
OFF_BLOCK_BLOCK = 50
"""Records of a block, at the most, in which pairs that were not proposed are sought."""
OFF_BLOCK_PAIRS = 200_000
"""Of those pairs, so many are scored at the most."""


def suggest_labels(resolution: Resolution, n: int = 150, strategy: Strategy = "mixed", *, seed: int = 0) -> Table:
    """Return the pairs most worth a person's time.

    Answer them in a column ``match`` and give the table to `resolve` as ``labels``.

    Strategies:

    - ``"random"``: drawn from strata of the match probability, more from those where answers will differ. Each stands
      for ``pairs`` pairs, so that they alone may measure precision and recall (`audit`).
    - ``"uncertain"``: probabilities near one half, one pair of each agreement pattern, frequent patterns first.
    - ``"disagreeing"``: likely matches that clusters keep apart, and unlikely ones that they join.
    - ``"off_block"``: the likeliest of the pairs that agree on one comparator and were not scored: blocking did not
      propose them, and no clusters asked for them.
    - ``"mixed"``: 45 % random, 30 % uncertain, 15 % disagreeing, 10 % off block.

    Args:
        resolution: what was resolved.
        n: how many pairs; fewer where there are not so many.
        strategy: see above.
        seed: for what is drawn; 0 or more.

    Returns:
        a table ``left_id, right_id, match_probability, reason, pairs``, with ``left_source`` and ``right_source`` where
        there are sources; ``pairs`` is null for pairs that were not drawn at random.

    Raises:
        ConfigurationError: an unknown strategy.
        RangeError: `n` is below 1.

    Examples:
        >>> from identigraph.datasets import customers
        >>> from identigraph.resolver import resolve
        >>> result = resolve(customers(300, seed=1).records, id="record_id", source="source")
        >>> asked = suggest_labels(result, 20)
        >>> asked.to_polars().height
        20
    """
    if strategy not in get_args(Strategy):
        raise ConfigurationError(f"strategy must be one of {', '.join(get_args(Strategy))}, got {strategy!r}")
    if isinstance(n, bool) or n < 1:
        raise RangeError("n", n, 1, float("inf"))
    seeker = _Seeker.of(resolution, np.random.default_rng(seed))
    shares = MIX if strategy == "mixed" else {strategy: 1.0}
    found = _Found.none()
    for kind, share in reversed(list(shares.items())):
        wanted = n - len(found) if kind == "random" else min(round(share * n), n - len(found))
        found = found.plus(SEEK[kind](seeker, wanted, found))
    return Table("label_suggestions", found.shuffled(seeker.generator).table(resolution))


@attrs.frozen(eq=False)
class _Found:
    """Suggested pairs: which, why, and how many pairs each stands for."""

    pairs: Pairs
    odds: Floats
    reason: npt.NDArray[np.object_]
    stands_for: Floats

    @classmethod
    def none(cls) -> _Found:
        rows = np.zeros(0, dtype=np.int32)
        return cls(Pairs(rows, rows), np.zeros(0), np.zeros(0, dtype=object), np.zeros(0))

    @classmethod
    def of(cls, pairs: Pairs, odds: Floats, reason: str, stands_for: Floats | None = None) -> _Found:
        worth = np.full(len(pairs), np.nan) if stands_for is None else stands_for
        return cls(pairs, odds, np.full(len(pairs), reason, dtype=object), worth)

    def plus(self, other: _Found) -> _Found:
        left = np.concatenate([self.pairs.left, other.pairs.left])
        right = np.concatenate([self.pairs.right, other.pairs.right])
        both = [(getattr(self, name), getattr(other, name)) for name in ("odds", "reason", "stands_for")]
        return _Found(Pairs(left, right), *(np.concatenate(sides) for sides in both))

    def shuffled(self, generator: np.random.Generator) -> _Found:
        """Return the same in an order that tells a person nothing."""
        order = generator.permutation(len(self))
        pairs = Pairs(self.pairs.left[order], self.pairs.right[order])
        return _Found(pairs, self.odds[order], self.reason[order], self.stands_for[order])

    def table(self, resolution: Resolution) -> pl.DataFrame:
        keys = resolution.pair_keys(self.pairs.left, self.pairs.right)
        more = [
            pl.Series("match_probability", probability_of(self.odds)),
            pl.Series("reason", self.reason, dtype=pl.String),
            pl.Series("pairs", self.stands_for).fill_nan(None),
        ]
        return keys.with_columns(more)

    def __len__(self) -> int:
        return len(self.pairs)


@attrs.frozen(eq=False)
class _Seeker:
    """What suggestions are chosen from: the kept pairs with their log2 odds and patterns."""

    resolution: Resolution
    generator: np.random.Generator
    pairs: Pairs
    odds: Floats

    @classmethod
    def of(cls, resolution: Resolution, generator: np.random.Generator) -> _Seeker:
        scored = resolution.scored
        odds = log2_odds(scored.match_probability)
        return cls(resolution, generator, Pairs(scored.left, scored.right), odds)

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.resolution.resolver.comparators)

    def free(self, taken: _Found) -> npt.NDArray[np.bool_]:
        """Return which of the kept pairs are not taken yet."""
        return ~np.isin(self.pairs.codes(), taken.pairs.codes())

    def chosen(self, at: Ints, reason: str, stands_for: Floats | None = None) -> _Found:
        return _Found.of(Pairs(self.pairs.left[at], self.pairs.right[at]), self.odds[at], reason, stands_for)

    def odds_of(self, pairs: Pairs) -> Floats:
        """Return the log2 odds of pairs that were not kept."""
        resolver = self.resolution.resolver
        weights = resolver.matcher.score(compare(self.resolution.records, pairs, self.comparison))
        return weights - resolver.matcher.weight_at(0.5)


def _random(seeker: _Seeker, n: int, taken: _Found) -> _Found:
    """Return random pairs of strata of the match probability; those taken already are left out.

    With fewer labels than strata, those get one where most answers are open.
    """
    free = np.flatnonzero(seeker.free(taken))
    stratum = np.searchsorted(np.array(STRATA), seeker.odds[free], side="right")
    probability = probability_of(seeker.odds[free])
    sizes = np.bincount(stratum, minlength=len(STRATA) + 1)
    mean = np.bincount(stratum, weights=probability * (1 - probability), minlength=len(sizes)) / np.maximum(sizes, 1)
    spread = np.maximum(np.sqrt(mean), LEAST_SPREAD)
    strata = np.argsort(-sizes * spread, kind="stable")[: int((sizes > 0).sum())]
    sizes[strata[n:]] = 0
    counts = allocate(sizes, spread, n, least=min(2, max(n // max(len(strata), 1), 1)))
    found = _Found.none()
    for place, count in enumerate(counts):
        if count:
            at = seeker.generator.choice(free[stratum == place], int(count), replace=False)
            found = found.plus(seeker.chosen(at, "random", np.full(int(count), sizes[place] / count)))
    return found


def _uncertain(seeker: _Seeker, n: int, taken: _Found) -> _Found:
    """Return one pair of each of the patterns that are least certain, frequent ones first."""
    free = np.flatnonzero(seeker.free(taken) & (np.abs(seeker.odds) < STRATA[-1]))
    free = seeker.generator.permutation(free)
    pairs = Pairs(seeker.pairs.left[free], seeker.pairs.right[free])
    packed = compare(seeker.resolution.records, pairs, seeker.comparison).packed
    _, first, counts = np.unique(packed, return_index=True, return_counts=True)
    probability = probability_of(seeker.odds[free[first]])
    worth = probability * (1 - probability) * np.log1p(counts)
    return seeker.chosen(free[first[np.argsort(-worth, kind="stable")[:n]]], "uncertain")


def _disagreeing(seeker: _Seeker, n: int, taken: _Found) -> _Found:
    """Return likely pairs that are apart and unlikely ones that are together, the plainest contradictions first."""
    labels = seeker.resolution.clusters.labels
    together = labels[seeker.pairs.left] == labels[seeker.pairs.right]
    against = np.where(together, -seeker.odds, seeker.odds)
    at = np.flatnonzero(seeker.free(taken) & (against > 0))
    at = seeker.generator.permutation(at)
    return seeker.chosen(at[np.argsort(-against[at], kind="stable")[:n]], "disagreeing")


def _off_block(seeker: _Seeker, n: int, taken: _Found) -> _Found:
    """Return the likeliest pairs that were not scored."""
    del taken
    pairs = _not_scored(seeker)
    if len(pairs) == 0 or not seeker.resolution.resolver.matcher.is_fitted:
        return _Found.none()
    odds = seeker.odds_of(pairs)
    at = np.argsort(-odds, kind="stable")[:n]
    return _Found.of(Pairs(pairs.left[at], pairs.right[at]), odds[at], "off block")


def _not_scored(seeker: _Seeker) -> Pairs:
    """Return pairs that agree on the feature of one comparator, and that neither blocking nor clusters asked for.

    Warnings about large blocks tell nothing here: these pairs are a sample anyway.
    """
    codes = [np.zeros(0, dtype=np.int64)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdentigraphWarning)
        proposed = seeker.resolution.resolver.candidates(seeker.resolution.records)
        for comparator in seeker.resolution.resolver.comparators:
            if isinstance(comparator, Graded):
                codes += _loose(seeker.resolution, proposed, comparator)
    distinct = np.setdiff1d(np.concatenate(codes), seeker.pairs.codes())
    if len(distinct) > OFF_BLOCK_PAIRS:
        distinct = np.sort(seeker.generator.choice(distinct, OFF_BLOCK_PAIRS, replace=False))
    return Pairs((distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32))


def _loose(resolution: Resolution, proposed: Candidates, comparator: Graded) -> Iterator[Ints]:
    """Yield the codes of pairs that agree on the feature of a comparator and are no candidates, batch by batch."""
    records, resolver = resolution.records, resolution.resolver
    if (records.column(comparator.feature).counts <= 1).all():
        return
    loose = block_on(comparator.feature, max_block=OFF_BLOCK_BLOCK, hot="skip").candidates(records)
    for pairs in resolver.linkable(records, loose):
        yield pairs.where(~proposed.holds(pairs)).codes()


SEEK: Mapping[str, Callable[[_Seeker, int, _Found], _Found]] = {
    "random": _random,
    "uncertain": _uncertain,
    "disagreeing": _disagreeing,
    "off_block": _off_block,
}
"""How pairs of each kind are found."""
