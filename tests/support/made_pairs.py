"""Made pairs whose truth is known: levels drawn by class, comparators independent given the class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparisons, Layout, Patterns
from identigraph.matching import Population

LAYOUT = Layout(
    ("name", "town", "mail", "born"),
    (
        ("differs", "similar, 0.8", "similar, 0.92", "equal"),
        ("differs", "equal"),
        ("differs", "equal"),
        ("differs", "near", "equal"),
    ),
)
M = ((0.1, 0.1, 0.2, 0.6), (0.3, 0.7), (0.2, 0.8), (0.1, 0.2, 0.7))
U = ((0.9, 0.05, 0.03, 0.02), (0.8, 0.2), (0.98, 0.02), (0.9, 0.05, 0.05))


def made_pairs(n: int, share: float = 0.2, *, seed: int = 0) -> tuple[Comparisons, npt.NDArray[np.bool_]]:
    """Return `n` pairs, of which about a share match, and which match; a tenth of all levels are missing."""
    random = np.random.default_rng(seed)
    match = random.random(n) < share
    columns = []
    for m, u in zip(M, U, strict=True):
        levels = np.where(match, random.choice(len(m), n, p=m), random.choice(len(u), n, p=u))
        columns.append(np.where(random.random(n) < 0.1, -1, levels))
    return Comparisons(LAYOUT, LAYOUT.pack(np.column_stack(columns))), match


def population_of(compared: Comparisons, records: float = 300.0) -> Population:
    """Return the population whose pairs are those compared, and of which the top level alone is equality."""
    levels, counts = compared.levels, np.ones(len(compared)) if compared.counts is None else compared.counts
    sizes = [len(labels) for labels in compared.layout.labels]
    seen = tuple(
        np.bincount(levels[:, i].astype(np.int64) + 1, weights=counts, minlength=size + 1)[1:]
        for i, size in enumerate(sizes)
    )
    carriers = tuple(np.append(np.zeros(size - 1), records) for size in sizes)
    order = np.argsort(compared.packed, kind="stable")
    sample = Patterns.none().plus(Patterns(compared.packed[order], counts[order]))
    return Population(float(counts.sum()), seen, carriers, sample)
