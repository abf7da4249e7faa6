"""From candidates to scored pairs: train on a sample, then look at every pair once.

The first pass counts the patterns of all candidates, or of a sample where there are many; the matcher is trained on the
counts. The second pass scores every candidate and keeps those above the threshold. What the first pass looked at is
kept, about three million pairs at the most, and not compared again; of the others none is held.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import Candidates
from identigraph.comparing import Comparison, Patterns
from identigraph.pairs import Mask, Pairs
from identigraph.progress import Progress, bar
from identigraph.records import Records

Packed = npt.NDArray[np.int64]

TRAINING_PAIRS = 3_000_000
"""Candidates that training looks at; with more than that, a sample of about so many."""


@attrs.frozen(eq=False, repr=False)
class Compared:
    """The patterns of candidates, counted, for training.

    Args:
        patterns: distinct patterns; counts stand for all candidates.
        batches: the pairs that were looked at and their patterns, for each batch of candidates.
        rate: the share of candidates that was looked at.
        pairs: how many were looked at.
    """

    patterns: Patterns
    batches: list[tuple[Pairs, Packed]]
    rate: float
    pairs: int


def compare_sample(
    records: Records, candidates: Candidates, comparison: Comparison, *, progress: Progress = None
) -> Compared:
    """Return the counted patterns of all candidates, or of a sample drawn by a hash of the pair."""
    rate = min(1.0, TRAINING_PAIRS / max(candidates.cost, 1))
    batches: list[tuple[Pairs, Packed]] = []
    with bar(progress, "compare", candidates.cost) as shown:
        for pairs in candidates:
            drawn = pairs if rate == 1.0 else pairs.where(_drawn(pairs, rate))
            batches.append((drawn, comparison.patterns(records, drawn)))
            shown.update(len(pairs))
    patterns = Patterns.counted(packed for _, packed in batches).scaled(1 / rate)
    seen = sum(len(pairs) for pairs, _ in batches)
    return Compared(patterns, batches, rate, seen)


def compare_all(
    records: Records,
    candidates: Candidates,
    comparison: Comparison,
    compared: Compared,
    *,
    progress: Progress = None,
) -> Iterator[tuple[Pairs, Packed]]:
    """Yield all candidates with their patterns, from memory where they are there."""
    if compared.rate == 1.0:
        yield from compared.batches
        return
    with bar(progress, "score", candidates.cost) as shown:
        for pairs, (_, known) in zip(candidates, compared.batches, strict=True):
            drawn = _drawn(pairs, compared.rate)
            packed = np.empty(len(pairs), dtype=np.int64)
            packed[drawn] = known
            packed[~drawn] = comparison.patterns(records, pairs.where(~drawn))
            yield pairs, packed
            shown.update(len(pairs))


def _drawn(pairs: Pairs, rate: float) -> Mask:
    """Return a pseudo-random mask that depends on nothing but the pair."""
    mixed = pairs.codes().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    drawn: Mask = (mixed >> np.uint64(32)) < np.uint64(int(rate * 2**32))
    return drawn
