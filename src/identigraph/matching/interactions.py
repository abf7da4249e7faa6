"""Comparators that are not independent: what two of them say together beyond what each says alone.

    bits(a, b) = log2( m(a, b) / (m(a) m(b)) ) - log2( u(a, b) / (u(a) u(b)) )

m(a, b) comes from the pairs that training takes for matches, u(a, b) from random pairs. Each ratio is that of the pairs
seen to the pairs expected were the two independent, ten pairs added to both, so that few pairs say little. All bands of
equality count as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import numpy.typing as npt

from identigraph.comparing.layout import Layout, Levels, Packed
from identigraph.errors import ConfigurationError
from identigraph.matching.parameters import Interaction
from identigraph.matching.population import Population

Floats = npt.NDArray[np.float64]

DOUBT = 10.0
"""Pairs added to those seen and to those expected."""


def find_interactions(
    sets: Iterable[tuple[str, ...]], layout: Layout, levels: Levels, matches: Floats, population: Population
) -> tuple[Interaction, ...]:
    """Return the interactions of all twos of the comparators in each set.

    Args:
        sets: names of comparators that depend on each other.
        layout: what the bits of a pattern mean.
        levels: shape (patterns, comparators).
        matches: how many of the pairs of each pattern are taken for matches.
        population: with its random pairs.

    Raises:
        ColumnNotFoundError: there is no such comparator.
        ConfigurationError: the population knows no random pairs.
    """
    twos = sorted({two for names in sets for two in combinations(sorted(set(names)), 2)})
    if not twos:
        return ()
    if population.sample is None:
        raise ConfigurationError(
            "interactions need the random pairs of the population; make it with Population.of(...)"
        )
    strangers, seen = layout.levels(population.sample.packed), population.sample.counts
    found = []
    for one, other in twos:
        i, j = layout.place(one), layout.place(other)
        merged = [_merged(len(layout.labels[k]), population.itself[k]) for k in (i, j)]
        bits = _ratio(levels[:, [i, j]], matches, merged) - _ratio(strangers[:, [i, j]], seen, merged)
        table = np.zeros((len(merged[0]) + 1, len(merged[1]) + 1))
        table[1:, 1:] = bits[np.ix_(merged[0], merged[1])]
        found.append(Interaction(one, other, tuple(tuple(map(float, row)) for row in table)))
    return tuple(found)


def interaction_bits(interactions: Iterable[Interaction], layout: Layout, packed: Packed) -> Floats:
    """Return the bits that interactions add to the match weight of each pattern."""
    total = np.zeros(len(packed))
    for interaction in interactions:
        codes = []
        for name in (interaction.one, interaction.other):
            place = layout.place(name)
            codes.append((packed >> layout.shifts[place]) & ((1 << layout.widths[place]) - 1))
        total += np.array(interaction.bits)[codes[0], codes[1]]
    return total


def _merged(size: int, own: Floats) -> npt.NDArray[np.int64]:
    """Return for each level the state that it counts as: bands of equality as the lowest of them."""
    equal = int(np.flatnonzero(np.append(own[:size] > 0, True))[0])
    return np.minimum(np.arange(size), min(equal, size - 1))


def _ratio(levels: Levels, weights: Floats, merged: list[npt.NDArray[np.int64]]) -> Floats:
    """Return the log2 of pairs seen to pairs expected, by state of the one and of the other."""
    at = np.flatnonzero((levels >= 0).all(axis=1))
    one, other = (merged[k][levels[at, k]] for k in (0, 1))
    seen = np.zeros((len(merged[0]), len(merged[1])))
    np.add.at(seen, (one, other), weights[at])
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / max(float(seen.sum()), 1e-300)
    ratio: Floats = np.log2((seen + DOUBT) / (expected + DOUBT))
    return ratio
