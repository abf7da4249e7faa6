"""Canopies: overlapping groups of similar vectors, grown around centers that are drawn one after another."""

from __future__ import annotations

import numpy as np

from identigraph.blocking.candidates import Ints, distinct
from identigraph.blocking.cosine import SCALE, Floats, Postings, Vectors, by_term


def grown(vectors: Vectors, loose: float, tight: float, seed: int) -> tuple[Ints, Ints, Ints]:
    """Return (canopy, member) of each membership, and the center of each canopy.

    Args:
        vectors: unit vectors; one without any term is in no canopy.
        loose: the least cosine between a member and the center.
        tight: vectors at least so similar to a center become none.
        seed: draws the centers.

    Examples:
        >>> import polars as pl
        >>> from identigraph.blocking.cosine import tfidf
        >>> from identigraph.text.cutting import words
        >>> vectors = tfidf(words(pl.Series(["a b", "a b", "c", ""])))
        >>> canopy, member, centers = grown(vectors, 0.5, 0.9, 0)
        >>> sorted(member[canopy == i].tolist() for i in range(len(centers)))
        [[0, 1], [2]]
    """
    postings = by_term(vectors)
    may_be_center = np.diff(vectors.starts) > 0
    similarity = np.zeros(len(vectors))
    members: list[Ints] = []
    centers: list[int] = []
    for center in np.random.default_rng(seed).permutation(len(vectors)).tolist():
        if may_be_center[center]:
            reached = _added(vectors, postings, center, similarity)
            rounded = np.rint(similarity[reached] * SCALE) / SCALE
            may_be_center[reached[rounded >= tight]] = False
            members.append(reached[rounded >= loose])
            centers.append(center)
            similarity[reached] = 0
    canopy = np.repeat(np.arange(len(members)), [len(m) for m in members])
    return canopy, np.concatenate([np.zeros(0, dtype=np.int64), *members]), np.array(centers, dtype=np.int64)


def _added(vectors: Vectors, postings: Postings, center: int, similarity: Floats) -> Ints:
    """Add up the similarities of all vectors to a center, and return the rows that share a term with it."""
    reached = []
    for place in range(int(vectors.starts[center]), int(vectors.starts[center + 1])):
        term = vectors.terms[place]
        sharing = slice(postings.starts[term], postings.starts[term + 1])
        rows = postings.rows[sharing]
        similarity[rows] += postings.weights[sharing] * vectors.weights[place]
        reached.append(rows)
    return distinct(np.concatenate(reached))
