"""What each part of a blocking strategy brought, once pairs are scored and entities are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.candidates import Candidates, FilteredCandidates, UnionCandidates
from identigraph.pairs import Pairs

SCHEMA = {"key": pl.String, "pairs": pl.Int64, "new": pl.Int64, "kept": pl.Int64, "linked": pl.Int64, "only": pl.Int64}


def brought(candidates: Candidates, scored: Pairs, labels: npt.NDArray[np.integer]) -> pl.DataFrame:
    """Return what each part of a union brought and cost, in the order of the parts.

    All pairs are made once more, none is compared.

    Args:
        candidates: the pairs that were compared.
        scored: those of them that were kept after scoring.
        labels: the entity of each record.

    Returns:
        ``key``, the part; ``pairs`` it stands for; ``new``, those that no earlier part holds; of the new ones those
        ``kept`` after scoring and those ``linked``, both records being one entity in the end; and ``only``, the kept
        and linked pairs that no other part holds, which are lost without it.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> from identigraph.records import Records
        >>> records = Records.of({"a": ["x", "x", "y", "z"], "b": ["p", "p", "p", "q"]})
        >>> found = (block_on("a") | block_on("b")).candidates(records)
        >>> pairs = [pair for pairs in found for pair in zip(pairs.left.tolist(), pairs.right.tolist())]
        >>> scored = Pairs.of(*zip(*pairs))
        >>> brought(found, scored, np.zeros(4, dtype=np.int64)).rows()
        [("block_on('a')", 1, 1, 1, 1, 0), ("block_on('b')", 3, 2, 2, 2, 2)]
    """
    parts = parts_of(candidates)
    same = labels[scored.left] == labels[scored.right]
    held = [part.holds(scored) for part in parts]
    often = np.sum(held, axis=0, dtype=np.int64) if parts else np.zeros(len(scored), dtype=np.int64)
    earlier = np.zeros(len(scored), dtype=bool)
    rows = []
    for i, part in enumerate(parts):
        first = held[i] & ~earlier
        earlier |= held[i]
        counts = [first, first & same, held[i] & same & (often == 1)]
        key = " | ".join(report.part for report in part.reports)
        rows.append((key, part.cost, _new(part, parts[:i]), *(int(np.count_nonzero(mask)) for mask in counts)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def parts_of(candidates: Candidates) -> tuple[Candidates, ...]:
    """Return the parts whose pairs these are, each filtered as the whole is."""
    if isinstance(candidates, FilteredCandidates):
        return tuple(FilteredCandidates(part, candidates.passes) for part in parts_of(candidates.inner))
    return candidates.parts if isinstance(candidates, UnionCandidates) else (candidates,)


def _new(part: Candidates, earlier: tuple[Candidates, ...]) -> int:
    """Return how many pairs of a part none of the earlier ones holds."""
    count = 0
    for pairs in part:
        fresh = pairs
        for other in earlier:
            fresh = fresh.where(~other.holds(fresh))
        count += len(fresh)
    return count
