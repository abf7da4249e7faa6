"""Texts as vectors, and for each text the k most similar others: exact, without comparing all pairs one by one.

A text is the list of its tokens, words or character q-grams. Its vector has a weight for every token, larger for rarer
ones (TF-IDF), and unit length; the similarity of two texts is the cosine of their vectors. Each text's similarities to
all texts behind it are summed up over the posting lists of its tokens, a few texts at a time; what does not come up to
the k-th highest similarity that either text has shown so far is dropped at once.

Invariant: the neighbors depend on nothing but the vectors. Two texts' products are always added in the order of the
token ids, so that the similarity of a to b is that of b to a, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking.candidates import Ints
from identigraph.encoding import positions
from identigraph.text.cutting import Cut

Floats = npt.NDArray[np.float64]

BATCH = 1 << 18
"""How many similarities, and how many products, are held at a time, unless one text alone has more."""

FRESH = 1 << 20
"""How many neighbors are gathered before all but the nearest are dropped."""

SCALE = 1_000_000
"""Similarities are told apart at six decimals: beyond them stands the rounding of the sums."""

HALF = 0.4999
"""What a sum may have beyond a score and certainly be rounded down to it."""


@attrs.frozen(eq=False, repr=False)
class Vectors:
    """Sparse vectors of unit length, one for each text. Made by `tfidf`.

    Args:
        starts: where the tokens of each text start in `terms` and `weights`, and where the last one's end.
        terms: the ids of the tokens, rarest first; rising within a text, each once.
        weights: the weight of each of them in its text, above 0.
        n_terms: how many different tokens there are.
    """

    starts: Ints
    terms: Ints
    weights: Floats
    n_terms: int

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts) - 1

    def taken(self, rows: Ints) -> Vectors:
        """Return the vectors of the given rows, which may repeat."""
        counts = np.diff(self.starts)[rows]
        at = positions(self.starts[rows], counts)
        return Vectors(np.append(0, np.cumsum(counts)), self.terms[at], self.weights[at], self.n_terms)

    def rarest(self, carried: int) -> Vectors:
        """Return the vectors without the tokens that more than `carried` texts have, not scaled again.

        Examples:
            >>> import polars as pl
            >>> from identigraph.text.cutting import words
            >>> tfidf(words(pl.Series(["ann lee", "ann", ""]))).rarest(1).starts.tolist()
            [0, 1, 1, 1]
        """
        kept = (np.bincount(self.terms, minlength=self.n_terms) <= carried)[self.terms]
        starts = np.append(0, np.cumsum(kept))[self.starts]
        return Vectors(starts, self.terms[kept], self.weights[kept], self.n_terms)


@attrs.frozen(eq=False)
class Postings:
    """The vectors by token: which rows have it, rising, and with which weight."""

    starts: Ints
    rows: Ints
    weights: Floats


def tfidf(tokens: Cut) -> Vectors:
    """Return the vector of each text: its tokens weighted by how rare they are, scaled to unit length.

    A token that stands tf times in a text and in df of the n texts has the weight ``tf * (ln((1 + n) / (1 + df)) + 1)``
    before the scaling. A text without tokens has no direction; its vector is empty.

    Args:
        tokens: the words or q-grams of each text.

    References:
        Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988; the smoothed form is that of
        scikit-learn's ``TfidfVectorizer``.

    Examples:
        >>> import polars as pl
        >>> from identigraph.text.cutting import words
        >>> vectors = tfidf(words(pl.Series(["ann lee", "ann", ""])))
        >>> vectors.starts.tolist(), vectors.terms.tolist()
        ([0, 2, 3, 3], [0, 1, 1])
        >>> vectors.weights.round(3).tolist()  # ln(4 / 2) + 1 = 1.693 and ln(4 / 3) + 1 = 1.288, of length 2.127
        [0.796, 0.605, 1.0]
    """
    once, tf = tokens.counted()
    df = np.bincount(once.item)
    rarity = np.argsort(np.argsort(df, kind="stable"))
    order = np.argsort(once.text << 32 | rarity[once.item])
    text, item = once.text[order], once.item[order]
    raw = tf[order] * (np.log((1 + once.texts) / (1 + df[item])) + 1)
    length = np.sqrt(np.bincount(text, raw * raw, minlength=once.texts))
    starts = np.append(0, np.cumsum(once.per_text()))
    return Vectors(starts, rarity[item], raw / length[text], len(df))


def nearest(
    vectors: Vectors, k: int, *, min_similarity: float = 0.1, groups: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """Return for each text the k others with the highest cosine similarity.

    Every similarity is the exact sum, rounded to six decimals before anything is decided by it; of equally similar
    texts, the one with the lower row goes first. Who is among the nearest of another need not have it among its own.

    The time grows with the square of the number of texts, and with the products: half the sum of the squared document
    frequencies of the tokens. The memory does not, but for the k neighbors of each text.

    Args:
        vectors: the texts, at most 3 million.
        k: how many neighbors each text has at most; at least 1.
        min_similarity: the floor: less similar texts are no neighbors; above 0, at most 1.
        groups: the group of each text, as a code: neighbors are of another group then. Left out, all others count.

    Returns:
        Query, neighbor and their similarity, sorted by query, then by falling similarity, then by neighbor.

    Examples:
        >>> import polars as pl
        >>> from identigraph.text.cutting import words
        >>> vectors = tfidf(words(pl.Series(["ann lee", "ann", ""])))
        >>> query, neighbor, similarity = nearest(vectors, 1)  # 0.605 * 1.0, see `tfidf`
        >>> query.tolist(), neighbor.tolist(), similarity.round(3).tolist()
        ([0, 1], [1, 0], [0.605, 0.605])
    """
    n = len(vectors)
    least = max(round(min_similarity * SCALE), 1)
    bar = np.full(n, (least - 1 + HALF) / SCALE)
    keys, fresh = [np.empty(0, np.int64)], 0
    for left, right, similarity in _pairs(vectors, bar):
        score = np.rint(similarity * SCALE).astype(np.int64)
        allowed = score >= least if groups is None else (score >= least) & (groups[left] != groups[right])
        for query, neighbor in ((left, right), (right, left)):
            near = np.flatnonzero(allowed & (similarity >= bar[query]))
            keys.append((query[near] * (SCALE + 1) + SCALE - score[near]) * n + neighbor[near])
            fresh += len(near)
        if fresh > FRESH:
            keys, fresh = [_keep_nearest(np.concatenate(keys), k, bar)], 0
    place, neighbor = np.divmod(_keep_nearest(np.concatenate(keys), k, bar), max(n, 1))
    query, fall = np.divmod(place, SCALE + 1)
    return query, neighbor, (SCALE - fall) / SCALE


def by_term(vectors: Vectors) -> Postings:
    """Return the vectors by token."""
    order = np.argsort(vectors.terms, kind="stable")
    rows = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
    starts = np.searchsorted(vectors.terms[order], np.arange(vectors.n_terms + 1))
    return Postings(starts, rows[order], vectors.weights[order])


def _keep_nearest(keys: Ints, k: int, bar: Floats) -> Ints:
    """Return the first k keys of each query, sorted, and raise the bar of the queries that have k.

    A key is the query, what its similarity lacks of 1, and the neighbor, in one number. Neighbors come in by rising
    row, so a later one has to be better than the k-th: of many equally similar texts, most are never gathered.
    """
    n = len(bar)
    keys.sort()
    query = keys // ((SCALE + 1) * max(n, 1))
    count = np.bincount(query, minlength=n)
    kept = keys[np.arange(len(keys)) - np.repeat(np.cumsum(count) - count, count) < k]
    last = kept[np.cumsum(np.minimum(count, k))[count >= k] - 1]
    bar[count >= k] = (SCALE - last // max(n, 1) % (SCALE + 1) + HALF) / SCALE
    return kept


def _pairs(vectors: Vectors, bar: Floats) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield the pairs whose similarity reaches the bar of either text: left < right, and the similarity.

    The bars may be raised between two batches.
    """
    postings = by_term(vectors)
    behind, ends = _behind(vectors), postings.starts[vectors.terms + 1]
    held = np.empty(max(BATCH, len(vectors)))
    for low, high in _batches(vectors, ends - behind):
        width = len(vectors) - low
        cells, weights = _products(vectors, postings, behind, ends, low, high)
        similarity = held[: (high - low) * width]
        similarity.fill(0)
        np.add.at(similarity, cells, weights)
        square = similarity.reshape(high - low, width)
        reached = square >= bar[low:high, None]
        reached |= square >= bar[low:]
        cell = np.flatnonzero(reached)
        row, column = np.divmod(cell, width)
        yield row + low, column + low, similarity[cell]


def _behind(vectors: Vectors) -> Ints:
    """Return for each entry of the vectors where the postings of the rows behind its own start."""
    order = np.argsort(vectors.terms, kind="stable")
    behind = np.empty_like(order)
    behind[order] = np.arange(1, len(order) + 1)
    return behind


def _batches(vectors: Vectors, products: Ints) -> Iterator[tuple[int, int]]:
    """Yield the rows of each batch: the first, and the first that is not in it."""
    n = len(vectors)
    before = np.append(0, np.cumsum(products))[vectors.starts]
    low = 0
    while low < n:
        few = int(np.searchsorted(before, before[low] + BATCH, side="right")) - 1
        high = max(min(few, low + BATCH // (n - low), n), low + 1)
        yield low, high
        low = high


def _products(
    vectors: Vectors, postings: Postings, starts: Ints, ends: Ints, low: int, high: int
) -> tuple[Ints, Floats]:
    """Return what the tokens of the rows of a batch add to which cells of their similarities to the rows from `low`."""
    own = slice(vectors.starts[low], vectors.starts[high])
    count = ends[own] - starts[own]
    lists = [slice(start, end) for start, end in zip(starts[own].tolist(), ends[own].tolist(), strict=True)]
    cells = np.concatenate([postings.rows[:0], *(postings.rows[part] for part in lists)])
    weights = np.concatenate([postings.weights[:0], *(postings.weights[part] for part in lists)])
    offset = np.arange(high - low) * (len(vectors) - low) - low
    cells += np.repeat(np.repeat(offset, np.diff(vectors.starts[low : high + 1])), count)
    weights *= np.repeat(vectors.weights[own], count)
    return cells, weights
