"""How good a resolution is, told from a few labels: a stratified sample to answer, and what the answers tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError
from identigraph.graph.inside import pairs_inside
from identigraph.matching.labels import Labels
from identigraph.metrics.audit import QualityEstimate, allocate, estimate_quality
from identigraph.odds import log2_odds
from identigraph.pairs import Pairs
from identigraph.records.tables import read
from identigraph.resolution import Resolution
from identigraph.table import Table

Ints = npt.NDArray[np.int64]

EDGES = (-4.0, -1.0, 3.0)
"""Log2 odds of a match between strata; few, for intervals need some labels in each."""
LEAST_SPREAD = 0.05
"""Taken for the standard deviation of answers in a stratum at the least."""
NEEDED = ("stratum", "together", "stratum_pairs")


def audit_sample(resolution: Resolution, n: int = 200, *, seed: int = 0) -> Table:
    """Return pairs to label, from whose answers `audit` estimates precision and recall.

    Strata are the pairs inside clusters and the kept pairs between clusters, each by match probability; inside, pairs
    that were never scored are one stratum more. More labels go where there are many pairs and answers will differ.

    Args:
        resolution: what is judged.
        n: how many pairs; fewer where there are not so many.
        seed: for what is drawn; 0 or more.

    Returns:
        a table ``left_id, right_id, stratum, together, stratum_pairs``, with ``left_source`` and ``right_source`` where
        there are sources; add a column ``match`` with the answers.

    Raises:
        RangeError: `n` is below 1, or below the number of strata, at most 9.

    Examples:
        >>> from identigraph.datasets import customers
        >>> from identigraph.resolver import resolve
        >>> result = resolve(customers(300, seed=1).records, id="record_id", source="source")
        >>> audit_sample(result, 30).to_polars().height
        30
    """
    if isinstance(n, bool) or n < 1:
        raise RangeError("n", n, 1, float("inf"))
    generator = np.random.default_rng(seed)
    pairs, stratum, spread = _strata(resolution)
    sizes = np.bincount(stratum, minlength=len(spread))
    strata = max(int((sizes > 0).sum()), 1)
    if n < strata:
        raise RangeError("n", n, strata, float("inf"))
    counts = allocate(sizes, spread, n, least=min(2, n // strata))
    drawn = [
        generator.choice(np.flatnonzero(stratum == place), int(count), replace=False)
        for place, count in enumerate(counts)
        if count
    ]
    at = generator.permutation(np.concatenate([np.zeros(0, dtype=np.int64), *drawn]))
    keys = resolution.pair_keys(pairs.left[at], pairs.right[at])
    labels = resolution.clusters.labels
    more = {
        "stratum": stratum[at],
        "together": labels[pairs.left[at]] == labels[pairs.right[at]],
        "stratum_pairs": sizes[stratum[at]],
    }
    return Table("audit_sample", keys.with_columns(**{name: pl.Series(values) for name, values in more.items()}))


def audit(labeled: Any, *, level: float = 0.95, seed: int = 0) -> QualityEstimate:
    """Return precision and recall of a resolution, estimated from the labeled sample that `audit_sample` gave.

    Pairwise, and of the pairs that were looked at: recall knows nothing of true pairs that neither blocking proposed
    nor clusters asked for, or that were far below the threshold.

    Args:
        labeled: the table of `audit_sample` with a column ``match``; see `identigraph.Labels.of` for the answers.
        level: of the intervals, above 0 and below 1.
        seed: for the intervals.

    Raises:
        ColumnNotFoundError: a column is missing.
        ConfigurationError: an answer is none, or a stratum has no answer.

    Examples:
        >>> rows = {"left_id": [1, 1, 2], "right_id": [2, 3, 4], "stratum": [0, 0, 1], "together": [True, True, False]}
        >>> found = audit({**rows, "stratum_pairs": [2, 2, 1], "match": ["yes", "no", "no"]})
        >>> found.precision, found.recall
        (0.5, 1.0)
    """
    frame = read(labeled)
    for name in NEEDED:
        if name not in frame.columns:
            raise ColumnNotFoundError(name, frame.columns, where=" of an audit sample")
    asked = frame.select(*NEEDED).unique("stratum").sort("stratum")
    answers = Labels.of(frame)
    sure = frame.filter(answers.answered)
    lacking = asked.height - sure.get_column("stratum").n_unique()
    if lacking:
        raise ConfigurationError(f"{lacking:,} of {asked.height:,} strata have no answer; label a pair of each")
    place = sure.get_column("stratum").replace_strict(asked.get_column("stratum"), np.arange(asked.height))
    return estimate_quality(
        place.to_numpy(),
        asked.get_column("stratum_pairs").to_numpy(),
        asked.get_column("together").to_numpy(),
        answers.match,
        level=level,
        seed=seed,
    )


def _strata(resolution: Resolution) -> tuple[Pairs, Ints, npt.NDArray[np.float64]]:
    """Return pairs, the stratum of each, and how much the answers in each stratum are taken to vary."""
    scored, labels = resolution.scored, resolution.clusters.labels
    never = pairs_inside(resolution.clusters, scored)
    probability = scored.match_probability.astype(np.float64)
    band = np.searchsorted(np.array(EDGES), log2_odds(probability), side="right")
    together = labels[scored.left] == labels[scored.right]
    bands = len(EDGES) + 1
    stratum = np.concatenate([band + bands * together, np.full(len(never), 2 * bands)])
    pairs = Pairs(np.concatenate([scored.left, never.left]), np.concatenate([scored.right, never.right]))
    chance = np.bincount(stratum[: len(band)], weights=probability, minlength=2 * bands + 1)
    mean = chance / np.maximum(np.bincount(stratum, minlength=2 * bands + 1), 1)
    mean[-1] = 0.5
    return pairs, stratum, np.maximum(np.sqrt(mean * (1 - mean)), LEAST_SPREAD)
