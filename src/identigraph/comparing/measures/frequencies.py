"""Measures of words that weigh by how rare they are in a corpus: TF-IDF cosine and its soft version.

The weight of a word is ``log(1 + n / n_word)``, with n the texts of the corpus and n_word those that have the word; one
that the corpus lacks weighs like one that a single text has. A word counts once per text. The corpus is a column of
texts, nulls left out; without one it is both columns together, or both texts.
"""

from __future__ import annotations

from functools import partial
from typing import Any, overload

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.measures.bags import Items, share, shared, without_words, words_of
from identigraph.comparing.measures.crossing import CELLS, CrossedWords, word_pairs
from identigraph.comparing.measures.kernels import Column, Floats, Texts, in_portions, is_text, scored, texts
from identigraph.errors import RangeError


@overload
def tfidf_cosine(left: str | None, right: str | None, *, corpus: Column | None = None) -> float | None: ...


@overload
def tfidf_cosine(left: Column, right: Column, *, corpus: Column | None = None) -> pl.Series: ...


def tfidf_cosine(left: Any, right: Any, *, corpus: Column | None = None) -> Any:
    """Return the cosine of the word vectors of two texts, rare words weighing more.

    ``sum(w**2 over shared words) / (norm_a * norm_b)`` with norms ``sqrt(sum(w**2 over the words))`` and the weights w
    of the module. Order and repetition mean nothing; a misspelt word is another word.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        corpus: a column of texts whose words give the weights; default both columns together. Give one for texts alone,
            for two texts tell little about which words are rare.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1.

    Examples:
        Of four texts one has *acme*, one *apex*, three *ltd*: log(5)**2 = 2.590 and log(1 + 4/3)**2 = 0.718.
        So 0.718 / (2.590 + 0.718).

        >>> corpus = ["acme ltd", "apex ltd", "ltd", "bolt"]
        >>> round(tfidf_cosine("acme ltd", "apex ltd", corpus=corpus), 3)
        0.217

    References:
        G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing and
        Management 24 (1988).
    """
    weights = Weights.of(_corpus(left, right, corpus))
    return scored(partial(_cosine, weights=weights), left, right, "tfidf_cosine")


@overload
def soft_tfidf(
    left: str | None, right: str | None, *, corpus: Column | None = None, cutoff: float = 0.9
) -> float | None: ...


@overload
def soft_tfidf(left: Column, right: Column, *, corpus: Column | None = None, cutoff: float = 0.9) -> pl.Series: ...


def soft_tfidf(left: Any, right: Any, *, corpus: Column | None = None, cutoff: float = 0.9) -> Any:
    """Return the TF-IDF cosine of two texts, words that are nearly alike counting as shared.

    From a to b it is the sum, over the words u of a whose closest word v of b has a Jaro-Winkler similarity s of at
    least `cutoff`, of ``s * w_u / norm_a * w_v / norm_b``; of words equally close the heaviest counts. Of both
    directions the mean is taken, at most 1, since each alone is asymmetric and exceeds 1 where several words are close
    to one. With a cutoff of 1 it is `tfidf_cosine`. A misspelt word is rare and so weighs much.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        corpus: a column of texts whose words give the weights; default both columns together.
        cutoff: the least similarity of two words that count as shared, above 0 and up to 1.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1.

    Raises:
        RangeError: the cutoff lies outside its range.

    Examples:
        Each word is in one of the two texts, so that all weigh alike: half of the vectors is shared, but for the 0.8933
        of *smith* and *smyth*.

        >>> round(soft_tfidf("ann smith", "bob smyth", cutoff=0.85), 4), soft_tfidf("ann smith", "bob smyth")
        (0.4467, 0.0)

    References:
        W. W. Cohen, P. Ravikumar and S. E. Fienberg, "A comparison of string distance metrics for name-matching tasks",
        Proceedings of the IJCAI Workshop on Information Integration on the Web (2003).
    """
    if not 0 < cutoff <= 1:
        raise RangeError("cutoff", cutoff, 0, 1)
    weights = Weights.of(_corpus(left, right, corpus))

    def kernel(a: Texts, b: Texts) -> Floats:
        return in_portions(partial(_soft, weights=weights, cutoff=cutoff), a, b, word_pairs(a, b), CELLS)

    return scored(kernel, left, right, "soft_tfidf")


@attrs.frozen(eq=False)
class Weights:
    """How rare words are.

    Args:
        size: the texts of the corpus.
        words: one row per word, with the number of texts that have it.
    """

    size: int
    words: pl.DataFrame

    @classmethod
    def of(cls, corpus: pl.Series) -> Weights:
        """Return the weights of the words of a corpus."""
        present = corpus.drop_nulls()
        words, _, vocabulary = words_of(present.to_list(), [""] * len(present), distinct=True)
        texts_with = np.bincount(words.item, minlength=len(vocabulary))
        return cls(len(present), pl.DataFrame({"word": vocabulary, "texts": texts_with}))

    def of_words(self, words: pl.Series) -> Floats:
        """Return the weight of each word."""
        known = words.to_frame("word").join(self.words, on="word", how="left", maintain_order="left")
        return np.log1p(max(self.size, 1) / known.get_column("texts").fill_null(1).to_numpy())


def _corpus(left: Any, right: Any, corpus: Column | None) -> pl.Series:
    """Return the corpus, by default of both texts or of both columns."""
    if corpus is not None:
        return texts(corpus)
    sides = [[side] if is_text(side) else side for side in (left, right)]
    return pl.concat([texts(side).alias("corpus") for side in sides])


def _cosine(left: Texts, right: Texts, weights: Weights) -> Floats:
    a, b, words = words_of(left, right, distinct=True)
    square = weights.of_words(words) ** 2
    pair, word, _ = shared(a, b)
    product = np.bincount(pair, weights=square[word], minlength=len(left))
    return without_words(share(product, _norms(a, square) * _norms(b, square)), a, b)


def _soft(left: Texts, right: Texts, weights: Weights, cutoff: float) -> Floats:
    crossed = CrossedWords.of(left, right, distinct=True)
    weight = weights.of_words(crossed.words)
    product = _close(crossed, weight, cutoff) + _close(crossed.turned(), weight, cutoff)
    norms = _norms(crossed.left, weight**2) * _norms(crossed.right, weight**2)
    return without_words(share(product / 2, norms), crossed.left, crossed.right)


def _close(crossed: CrossedWords, weight: Floats, cutoff: float) -> Floats:
    """Return the sum over the words of each left text of the weighted similarity to the closest right word."""
    near = np.flatnonzero(crossed.similarity >= cutoff)
    word, similarity = crossed.at_left[near], crossed.similarity[near]
    other = weight[crossed.right.item[crossed.at_right[near]]]
    order = np.lexsort((other, similarity, word))
    last = order[np.flatnonzero(np.diff(word[order], append=-1))]
    product = similarity[last] * other[last] * weight[crossed.left.item[word[last]]]
    return np.bincount(crossed.left.text[word[last]], weights=product, minlength=crossed.left.texts).astype(np.float64)


def _norms(words: Items, square: Floats) -> Floats:
    return np.sqrt(np.bincount(words.text, weights=square[words.item], minlength=words.texts))
