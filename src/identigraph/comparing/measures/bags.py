"""What pairs of texts have in common, once each text is a bag: a multiset of numbered words or q-grams."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing.measures.kernels import Floats, Texts
from identigraph.text.cutting import Cut, words

Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Items:
    """The items of some texts, in their order.

    Args:
        text: the place of the text each item is of, rising.
        item: the number of each item.
        texts: how many texts there are.
    """

    text: Ints
    item: Ints
    texts: int

    @classmethod
    def of(cls, cut: Cut) -> Items:
        """Return the pieces of some texts."""
        return cls(cut.text, cut.item, cut.texts)

    def per_text(self) -> Ints:
        """Return how many items each text has."""
        return np.bincount(self.text, minlength=self.texts)

    def halves(self) -> tuple[Items, Items]:
        """Return the items of the first and of the second half of the texts."""
        half = self.texts // 2
        cut = int(np.searchsorted(self.text, half))
        return Items(self.text[:cut], self.item[:cut], half), Items(self.text[cut:] - half, self.item[cut:], half)


def shared(left: Items, right: Items) -> tuple[Ints, Ints, Ints]:
    """Return the items that the texts of each pair share: the place of the pair, the item, how often both have it.

    Examples:
        >>> left = Items(np.array([0, 0, 0]), np.array([5, 5, 7]), texts=1)
        >>> right = Items(np.array([0, 0]), np.array([5, 5]), texts=1)
        >>> [found.tolist() for found in shared(left, right)]
        [[0], [5], [2]]
    """
    size = 1 + max(int(left.item.max(initial=0)), int(right.item.max(initial=0)))
    a, in_a = np.unique(left.text * size + left.item, return_counts=True)
    b, in_b = np.unique(right.text * size + right.item, return_counts=True)
    both, at_a, at_b = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return both // size, both % size, np.minimum(in_a[at_a], in_b[at_b])


def share(part: npt.NDArray[np.number], whole: npt.NDArray[np.number]) -> Floats:
    """Return ``part / whole``, at most 1, and 0 where the whole is 0.

    Examples:
        >>> share(np.array([1, 0]), np.array([2, 0])).tolist()
        [0.5, 0.0]
    """
    quotient = np.zeros(len(part))
    np.divide(part, whole, out=quotient, where=whole > 0)
    return np.minimum(quotient, 1.0)


def without_words(similarity: Floats, left: Items, right: Items) -> Floats:
    """Return the similarity of the texts of each pair, 1 where neither has a word."""
    return np.where((left.per_text() == 0) & (right.per_text() == 0), 1.0, similarity)


def words_of(left: Texts, right: Texts, *, distinct: bool) -> tuple[Items, Items, pl.Series]:
    """Return the words of the texts of each pair, and the distinct words by number.

    Words are what stands between white space; `distinct` keeps one of each in a text.

    Examples:
        >>> left, right, words = words_of(["ann lee"], ["lee lee"], distinct=False)
        >>> left.item.tolist(), right.item.tolist(), words.to_list()
        ([0, 1], [1, 1], ['ann', 'lee'])
    """
    texts, number = numbered([*left, *right])
    pieces = words(texts).distinct() if distinct else words(texts)
    return *Items.of(pieces.taken(number)).halves(), pieces.values


def numbered(values: Texts) -> tuple[pl.Series, Ints]:
    """Return the distinct texts in the order they come in, and the number of each text among them.

    Examples:
        >>> texts, number = numbered(["lee", "ann", "lee"])
        >>> texts.to_list(), number.tolist()
        (['lee', 'ann'], [0, 1, 0])
    """
    texts = pl.Series("text", values, dtype=pl.String)
    distinct = texts.unique(maintain_order=True)
    return distinct, texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).to_numpy()
