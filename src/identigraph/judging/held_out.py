"""Held-out comparators: how likely pairs are of one entity, told by a comparator that made no cluster.

A model's own probabilities cannot show that it is wrong. A comparator it has not seen can. Leave one out, cluster by
all others, and look at how the pairs of equal *height* - the threshold at which they come to share a cluster - agree on
the one left out. With m and u its levels among matches and among others, they agree as

    c m + (1 - c) u,    c: the share of matches among pairs of that height,

if its errors have nothing to do with those of the others; c is found by maximum likelihood. m is counted where clusters
are surest, u is the model's, that of siblings where it has them. Pairs that blocking proposed because they agree on the
comparator left out tell nothing, so only those count that a key without it holds as well; where these are few, heights
are taken at their word. The chance of a pair is then c by its height, and what the comparator says on top: its mean
weight over all pairs that the same join of two clusters brings together, for they are matches or not as one. `Judged`
holds the mean over all comparators left out in turn.

The idea is that of capture and recapture: two sources that err independently tell how much each has missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.comparing.layout import Packed
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.dendrogram import Dendrogram
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.linkage import AverageLinkage
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.odds import probability_of
from identigraph.pairs import Mask, Pairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LOWEST, HIGHEST = -5, 8
"""Heights that are told apart, in log2 odds."""
FEWEST_SURE = 200
"""Pairs of the surest heights that m is counted from."""
DOUBT = 4.0
"""Pairs that the model's m counts for beside those counted."""
TRUST = 20.0
"""Pairs that a height counts for itself, at its word, beside those that tell."""
TELLING = 3.0
"""Bits that a comparator tells of a match on average, at the least, to be left out where no identity is named."""


@attrs.frozen(eq=False, repr=False)
class HeldOut:
    """What one comparator says of clusters that were made without it.

    Args:
        comparator: its name.
        heights: log2 odds, rising.
        shares: the share of matches among pairs of these heights, rising, above 0 and below 1.
        chance: shape (pairs,): the probability of each scored pair to be a match.
    """

    comparator: str
    heights: tuple[float, ...]
    shares: tuple[float, ...]
    chance: Floats

    def __repr__(self) -> str:
        """Return the comparator and how many heights it tells of."""
        return f"<HeldOut: {self.comparator}, {len(self.heights)} heights>"


@attrs.frozen(eq=False, repr=False)
class Judged:
    """How likely scored pairs are of one entity, told by comparators left out.

    Args:
        held_out: what each of them says; one or more.
    """

    held_out: tuple[HeldOut, ...]

    @property
    def chance(self) -> Floats:
        """Shape (pairs,): the mean of what they say of each pair."""
        mean: Floats = np.mean([each.chance for each in self.held_out], axis=0)
        return mean

    def __repr__(self) -> str:
        """Return the comparators."""
        return f"<Judged by {', '.join(each.comparator for each in self.held_out)}>"


def judged(
    graph: IdentityGraph,
    packed: Packed,
    model: FellegiSunter,
    proposed: Callable[[str], Mask],
    weighed: Callable[[str], Floats],
    *,
    linkage: AverageLinkage,
) -> Judged | None:
    """Return how likely the scored pairs of a graph are of one entity; None where no comparator can be left out.

    None can where blocking needs each of them, or where too few pairs are surely of one entity.

    Args:
        graph: records and scored pairs.
        packed: shape (pairs,): how these agree.
        model: fitted.
        proposed: gives for the name of a comparator which pairs blocking proposes without it.
        weighed: gives for the name of a comparator the log2 odds of the pairs by what never saw it.
        linkage: what joins them.
    """
    layout, pairs = model.fitted.layout, Pairs(graph.scored.left, graph.scored.right)
    levels = layout.levels(packed)
    found: list[HeldOut] = []
    for name in _left_out(model):
        place = layout.place(name)
        level = levels[:, place].astype(np.int64)
        tree = dendrogram_of(graph, weighed(name), linkage)
        counted = proposed(name) & (level >= 0)
        m, u = (np.array(side[place]) for side in (model.fitted.m, model.fitted.h))
        said = _said(name, tree, tree.joins(pairs), level, counted, m, u)
        if said is not None:
            found.append(said)
    return Judged(tuple(found)) if found else None


def dendrogram_of(graph: IdentityGraph, odds: Floats, linkage: AverageLinkage) -> Dendrogram:
    """Return the joins of average linkage with other log2 odds of the scored pairs of a graph, down to low heights."""
    scored = graph.scored
    bits = odds.astype(np.float32)
    rescored = ScoredPairs(scored.left, scored.right, bits, probability_of(odds).astype(np.float32))
    return linkage.dendrogram(attrs.evolve(graph, scored=rescored), down_to=float(LOWEST))


def bands(height: Floats) -> Ints:
    """Return heights as whole log2 odds from -5 to 8; -6 where pairs never share a cluster.

    Examples:
        >>> bands(np.array([-np.inf, -5.0, 0.7, 99.0])).tolist()
        [-6, -5, 0, 8]
    """
    whole = np.floor(np.clip(height, LOWEST - 1, HIGHEST)).astype(np.int64)
    return np.where(np.isneginf(height), LOWEST - 1, np.maximum(whole, LOWEST))


def shares_of(seen: Floats, m: Floats, u: Floats, trusted: Floats) -> Floats:
    """Return the likeliest share of matches for each row of counted levels, by 100 rounds of EM.

    Args:
        seen: shape (rows, levels): pairs at each level.
        m: probability of each level among matches.
        u: probability of each level among others.
        trusted: shape (rows,): shares that count for 20 pairs.

    Examples:
        >>> m, u, seen = np.array([0.1, 0.9]), np.array([0.9, 0.1]), np.array([[1000.0, 9000.0], [0.0, 0.0]])
        >>> shares_of(seen, m, u, np.array([0.5, 0.3])).round(2).tolist()
        [0.99, 0.3]
    """
    share = trusted[:, None]
    for _ in range(100):
        match = share * m
        expected = (seen * match / np.maximum(match + (1 - share) * u, 1e-300)).sum(axis=1)
        share = ((expected + TRUST * trusted) / (seen.sum(axis=1) + TRUST))[:, None]
    return share[:, 0]


def _left_out(model: FellegiSunter) -> Iterator[str]:
    """Yield the comparators to leave out in turn.

    Those on which records of one entity hardly contradict each other, where others do as strangers do; without such,
    all that are telling and that no household shares.
    """
    p = model.fitted
    apart = [name for name in model.identity if name not in model.household]
    if apart:
        yield from apart
        return
    for name, m, u in zip(p.names, p.m, p.u, strict=True):
        told = float((np.array(m) * np.log2(np.array(m) / np.array(u))).sum())
        if told >= TELLING and name not in model.household:
            yield name


def rising(values: Floats, weights: Floats) -> Floats:
    """Return the rising values that are closest to some by weighted squares: neighbors that fall are pooled.

    References:
        Ayer, Brunk, Ewing, Reid and Silverman (1955), An empirical distribution function for sampling with incomplete
        information, Annals of Mathematical Statistics 26.

    Examples:
        >>> rising(np.array([0.1, 0.5, 0.3, 0.9]), np.array([1.0, 1.0, 3.0, 1.0])).tolist()
        [0.1, 0.35, 0.35, 0.9]
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            low = pools.pop()
            heavy = low[1] + pool[1]
            pool = ((low[0] * low[1] + pool[0] * pool[1]) / heavy, heavy, low[2] + pool[2])
        pools.append(pool)
    return np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools])


def _said(
    name: str, tree: Dendrogram, join: Ints, level: Ints, counted: Mask, model_m: Floats, u: Floats
) -> HeldOut | None:
    """Return the share of matches at each height; None where too few pairs are sure to count m from."""
    height = tree.height_of(join)
    band = bands(height)
    sure = HIGHEST
    while sure > 2 and (counted & (band >= sure)).sum() < FEWEST_SURE:
        sure -= 1
    at = np.flatnonzero(counted & (band >= LOWEST))
    seen = np.zeros((sure - LOWEST + 1, len(u)))
    np.add.at(seen, (np.minimum(band[at], sure) - LOWEST, level[at]), 1.0)
    if seen[-1].sum() < FEWEST_SURE / 4:
        return None
    heights: Floats = np.arange(LOWEST, sure + 1, dtype=np.float64) + 0.5
    m, pairs = seen[-1] + DOUBT * model_m, seen.sum(axis=1)
    m /= m.sum()
    shares = rising(shares_of(seen, m, u, probability_of(heights)), pairs + TRUST)
    shares = np.clip(shares, 1e-3, 0.999)
    there = np.bincount(np.minimum(band[(band >= LOWEST) & (level >= 0)], sure) - LOWEST, minlength=len(seen))
    known = (pairs + 1) / (there + 1)
    base = np.interp(height, heights, known * np.log2(shares / (1 - shares)) + (1 - known) * heights)
    chance = np.where(np.isneginf(height), 0.0, probability_of(base + _together(join, level, np.log2(m / u))))
    return HeldOut(name, tuple(heights.tolist()), tuple(shares.tolist()), chance)


def _together(join: Ints, level: Ints, bits: Floats) -> Floats:
    """Return for each pair the mean bits of the levels of all pairs of its join, 0 where all are missing."""
    place, known = join + 1, level >= 0
    total = np.bincount(place[known], weights=bits[level[known]], minlength=int(place.max(initial=0)) + 1)
    count = np.bincount(place[known], minlength=len(total))
    return (total / np.maximum(count, 1))[place]
