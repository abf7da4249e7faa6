"""Expectation and maximization over agreement patterns, with two to four classes.

Classes are pairs of one entity (M), pairs of one household but two entities (H), pairs of two editions of one thing
(E), all others (R). Candidates are taken as the only pairs of the population that may be M, H or E; so the base rates
of R are the population's levels less what the candidates give to these, and the priors are shares of the whole
population, not of the candidates: a key that half of all candidates agree on cannot drive the prior to one.
"""

from __future__ import annotations

from itertools import zip_longest

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.matching.population import Population

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

START_EQUAL = 0.7
"""Where m of equality starts; the rest is spread over the levels below, falling by half."""
REMAINING = 0.05
"""At the least this share of the pairs seen at a level is left to strangers, however good the matches there."""
RARE = 0.5
"""Pairs of strangers that every level is given, seen or not."""
LARGEST_ENTITY = 30
"""Records that one entity or household has at the most, as far as base rates go: a value that more records share is met
among strangers too, whatever else agrees."""
BAND_EXCESS = 3.0
"""At the most so many times as often as it occurs does a value lead among the equal values of matching pairs."""
MOST_CONTRADICTED = 0.35
"""At the most this share of matching pairs differ on an identity comparator."""
TWINS = 0.004
"""At the least this share of siblings, household pairs or editions, agree on what tells them apart: twins, fathers and
sons. Editions, and household pairs that one comparator alone tells apart, agree in all degrees that matches do; others
entirely, for which other comparators make up."""
PRIOR_MATCHES, PRIOR_RELATED = 1.0, 0.1
"""Pairs of one entity, and of one household or of editions, that are taken to be there whatever the data say; they
matter in small tables only."""
START_MATCHES = 0.4
"""Expected matches per record at the start."""
MOST_MATCHES = 0.2
"""At the most this share of all pairs are matches, and as much are household pairs, and as much editions."""


@attrs.frozen(eq=False)
class Estimate:
    """What training found: probabilities by class, comparator and level; priors of M, H, E and R."""

    m: list[Floats]
    h: list[Floats]
    e: list[Floats]
    u: list[Floats]
    priors: tuple[float, float, float, float]
    iterations: int
    converged: bool


@attrs.frozen(eq=False)
class Settings:
    """What training is told.

    Args:
        household: per comparator, whether members of a household agree on it; none: there is no such class.
        editions: per comparator, whether editions of one thing agree on it; none: there is no such class.
        identity: per comparator, whether records of one entity hardly ever contradict each other there.
        max_iterations: rounds at the most.
        tolerance: the largest change of any probability of m at which it stops, and of h where some pairs are known to
            match, for m may rest before h does.
        strength: pairs that the starting values of m and h count for.
        prior: the share of matches among all pairs; None: learned.
        m, u: per comparator, probabilities that are given; None: learned.
    """

    household: tuple[bool, ...]
    editions: tuple[bool, ...]
    identity: tuple[bool, ...]
    max_iterations: int
    tolerance: float
    strength: float = 4.0
    prior: float | None = None
    m: tuple[Floats | None, ...] = ()
    u: tuple[Floats | None, ...] = ()

    def held(self, state: Estimate) -> Estimate:
        """Return an estimate with all that is given put in its place."""
        m = [found if given is None else given for found, given in zip_longest(state.m, self.m)]
        u = [found if given is None else given for found, given in zip_longest(state.u, self.u)]
        h, e = (
            [
                found if given is None or agrees else _with_twins(given, matches)
                for found, given, matches, agrees in zip_longest(table, self.u, m, shared)
            ]
            for table, shared in ((state.h, self.household), (state.e, self.editions))
        )
        priors = state.priors
        if self.prior is not None:
            rest = (1 - self.prior) / max(sum(priors[1:]), 1e-300)
            priors = (self.prior, priors[1] * rest, priors[2] * rest, priors[3] * rest)
        return attrs.evolve(state, m=m, h=h, e=e, u=u, priors=priors)


def estimate(
    levels: Levels,
    counts: Floats,
    population: Population,
    settings: Settings,
    *,
    sure: npt.NDArray[np.float64] | None = None,
) -> Estimate:
    """Return the parameters that make the patterns likeliest, from a fixed start.

    Args:
        levels: shape (patterns, comparators), -1 missing.
        counts: pairs per pattern.
        population: levels of all pairs.
        settings: what training is told.
        sure: per pattern, the share of its pairs that are known to match, NaN where it is not known.
    """
    state = settings.held(_start(population, settings, counts))
    for iteration in range(1, settings.max_iterations + 1):
        after = settings.held(_maximize(levels, _expect(levels, counts, state, sure), population, settings))
        tables = [(state.m, after.m)]
        if sure is not None:
            tables += [(state.h, after.h), (state.e, after.e)]
        moved = [float(np.abs(a - b).max()) for table in tables for a, b in zip(*table, strict=True)]
        change = max(moved, default=0.0)
        state = attrs.evolve(after, iterations=iteration)
        if change < settings.tolerance:
            state = attrs.evolve(state, converged=True)
            break
    return settings.held(_with_unseen_levels(state, levels, population))


def _start(population: Population, settings: Settings, counts: Floats) -> Estimate:
    m = [_starting_levels(own) for own in population.itself]
    u = [_normalized(_strangers(population, i, np.zeros(len(own)))) for i, own in enumerate(population.itself)]
    like = m if _one_own(settings.household) else list(population.itself)
    h, e = _shared_levels(m, u, like, settings.household), _shared_levels(m, u, m, settings.editions)
    share = min(START_MATCHES * _records(population) / population.pairs, 0.1, float(counts.sum()) / population.pairs)
    family, edition = (share if any(shared) else 0.0 for shared in (settings.household, settings.editions))
    return Estimate(m, h, e, u, (share, family, edition, 1 - share - family - edition), 0, converged=False)


def _strangers(population: Population, i: int, taken: Floats) -> Floats:
    """Return the pairs of strangers at each level of comparator `i`: those seen less those taken for M or H.

    What is left is at least a part of those seen, and more where a value has more carriers than an entity has records.
    Where there is but one comparator, nothing else could tell strangers from matches: then agreement is taken at its
    word, and only that least part of the upper levels is left.
    """
    seen, carriers = population.levels[i], population.carriers[i]
    if len(population.levels) == 1:
        taken = np.where(np.arange(len(seen)) >= max(len(seen) // 4, 1), seen, 0.0)
    most = np.where(carriers > 0, carriers * LARGEST_ENTITY / 2, np.inf)
    strangers: Floats = np.maximum(seen - np.minimum(taken, most), REMAINING * seen) + RARE
    return strangers


def _records(population: Population) -> float:
    """Return about how many records make so many pairs."""
    return float(np.sqrt(2 * population.pairs))


def _starting_levels(own: Floats) -> Floats:
    """Return the starting m of one comparator: mostly equality, by how common values are; then falling by half."""
    below = int(np.flatnonzero(np.append(own, 1.0))[0])
    levels = START_EQUAL * own
    falling = 0.5 ** np.arange(below, 0, -1)
    levels[:below] = (1 - START_EQUAL) * falling / max(falling.sum(), 1e-12)
    return _normalized(levels + 1e-4)


def _shared_levels(m: list[Floats], u: list[Floats], twins: list[Floats], shared: tuple[bool, ...]) -> list[Floats]:
    """Return h or e: as in `m` for shared comparators, as among strangers, with a few twins, for all others."""
    return [m[i] if agrees else _with_twins(u[i], twins[i]) for i, agrees in enumerate(shared)]


def _one_own(household: tuple[bool, ...]) -> bool:
    """Tell whether one comparator alone tells members of a household apart."""
    return household.count(False) == 1


def _with_twins(strangers: Floats, twins: Floats) -> Floats:
    return _normalized(strangers + TWINS * twins)


def _expect(levels: Levels, counts: Floats, state: Estimate, sure: Floats | None) -> Floats:
    """Return how many of the pairs of each pattern are M, H and E, shape (3, patterns)."""
    posterior = expected_classes(levels, counts, state)[:3]
    if sure is not None:
        rest = np.maximum(counts - posterior[0], 1e-300)
        same = np.where(np.isnan(sure), posterior[0], sure * counts)
        posterior[1:] *= (counts - same) / rest
        posterior[0] = same
    return posterior


def expected_classes(levels: Levels, counts: Floats, state: Estimate) -> Floats:
    """Return how many of the pairs of each pattern are M, H, E and R, shape (4, patterns)."""
    tables = (state.m, state.h, state.e, state.u)
    weighed = np.full((4, len(levels)), -np.inf)
    for k, (table, prior) in enumerate(zip(tables, state.priors, strict=True)):
        if prior > 0:
            weighed[k] = _log_likelihood(levels, table) + np.log(prior)
    posterior = np.exp(weighed - weighed.max(axis=0))
    posterior *= counts / posterior.sum(axis=0)
    expected: Floats = posterior
    return expected


def _log_likelihood(levels: Levels, table: list[Floats]) -> Floats:
    total = np.zeros(len(levels))
    for i, probabilities in enumerate(table):
        total += np.append(np.log(probabilities), 0.0)[levels[:, i]]
    return total


def _maximize(levels: Levels, expected: Floats, population: Population, settings: Settings) -> Estimate:
    m, h, e, u = [], [], [], []
    household, editions, identity = settings.household, settings.editions, settings.identity
    for i, own in enumerate(population.itself):
        prior = settings.strength * _starting_levels(own)
        sums = [_level_sums(levels[:, i], pairs, len(own)) for pairs in expected]
        strangers = _normalized(_strangers(population, i, np.sum(sums, axis=0)))
        bounded = [_bounded(seen + prior, own, identity=identity[i]) for seen in sums]
        u.append(strangers)
        m.append(bounded[0])
        h.append(bounded[1] if household[i] else _with_twins(strangers, bounded[0] if _one_own(household) else own))
        e.append(bounded[2] if editions[i] else _with_twins(strangers, bounded[0]))
    same = _share(expected[0], PRIOR_MATCHES, population)
    family, edition = (
        _share(pairs, PRIOR_RELATED, population) if any(shared) else 0.0
        for pairs, shared in zip(expected[1:], (household, editions), strict=True)
    )
    return Estimate(m, h, e, u, (same, family, edition, 1 - same - family - edition), 0, converged=False)


def _share(pairs: Floats, more: float, population: Population) -> float:
    """Return which share of the population so many pairs and a few more are, within bounds."""
    return min((float(pairs.sum()) + more) / population.pairs, MOST_MATCHES)


def _with_unseen_levels(state: Estimate, levels: Levels, population: Population) -> Estimate:
    """Return the estimate with a weight for levels that no pair shows: that of the closest one below, or else above.

    Other data may show them: a value can be rare only among many records. A weight from above speaks for nothing.
    """
    u, h, e = [], [], []
    for i, m in enumerate(state.m):
        everyone = np.arange(len(m))
        seen = np.flatnonzero((population.levels[i] > 0) | np.isin(everyone, levels[:, i]))
        if len(seen) == 0:
            seen = everyone
        like = seen[np.maximum(np.searchsorted(seen, everyone, side="right") - 1, 0)]
        least = (like > everyone).astype(np.float64)
        u.append(_normalized(m * np.maximum(state.u[i][like] / m[like], least)))
        h.append(_normalized(m * np.maximum(state.h[i][like] / m[like], least)))
        e.append(_normalized(m * np.maximum(state.e[i][like] / m[like], least)))
    return attrs.evolve(state, u=u, h=h, e=e)


def _level_sums(levels: npt.NDArray[np.int8], weights: Floats, size: int) -> Floats:
    """Return the weight of the pairs at each level."""
    return np.bincount(levels.astype(np.int64) + 1, weights=weights, minlength=size + 1)[1:].astype(np.float64)


def _bounded(counts: Floats, own: Floats, *, identity: bool) -> Floats:
    """Return counts by level as probabilities, within what a share of matching pairs may be.

    Bands of equality are bounded by how common their values are; what is cut off goes to the other bands, by the room
    that they have below their bounds. Differing is bounded for identity comparators; what is cut off goes to all other
    levels.
    """
    levels = _normalized(counts)
    equal = own > 0
    if equal.sum() > 1:
        total = levels[equal].sum()
        most = BAND_EXCESS * own[equal]
        bands = np.minimum(levels[equal] / total, most)
        levels[equal] = total * (bands + (1 - bands.sum()) * _normalized(most - bands))
    if identity and levels[0] > MOST_CONTRADICTED:
        levels[1:] *= (1 - MOST_CONTRADICTED) / levels[1:].sum()
        levels[0] = MOST_CONTRADICTED
    return levels


def _normalized(values: Floats) -> Floats:
    normalized: Floats = values / values.sum()
    return normalized
