"""The pairs that a blocking strategy proposes, as a set, with what holds for all candidates seen to hold."""

from __future__ import annotations

from itertools import combinations

from identigraph import Pairs
from identigraph.blocking import Candidates


def pairs_of(found: Candidates, n: int) -> set[tuple[int, int]]:
    """Return the pairs, each seen to come once, in front of no smaller row, and to be held, and no other."""
    pairs = [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]
    assert len(set(pairs)) == len(pairs) <= found.cost
    every = list(combinations(range(n), 2))
    held = found.holds(Pairs.of([i for i, _ in every], [j for _, j in every]))
    assert {pair for pair, holds in zip(every, held.tolist(), strict=True) if holds} == set(pairs)
    return set(pairs)
