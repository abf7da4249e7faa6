"""Words that one text writes apart and the other as one: *mary ann* and *maryann*, *van der berg* and *vanderberg*."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.measures.bags import Ints, Items
from identigraph.comparing.measures.kernels import lengths_of

RUNS = (3, 2)
"""How many neighboring words may be one word in the other text, the most first."""


def joined(left: Items, right: Items, words: pl.Series) -> tuple[Items, Items]:
    """Return the words of the texts of each pair, those joined that the other text writes as one.

    Two or three neighboring words are joined where the other text has exactly the word that they make together, and
    their own text has not; where such runs overlap, the first, and of those that start at one word the longest.

    Args:
        left: the words of the left texts.
        right: the words of the right texts.
        words: the distinct words, by number.

    Examples:
        >>> left, right = Items(np.array([0, 0, 0]), np.array([0, 1, 2]), 1), Items(np.array([0]), np.array([3]), 1)
        >>> joined(left, right, pl.Series(["mary", "ann", "lee", "maryann"]))[0].item.tolist()
        [3, 2]
    """
    listed = words.to_list()
    return _joined(left, right, listed), _joined(right, left, listed)


def _joined(own: Items, other: Items, words: list[str]) -> Items:
    item, kept, free = own.item.copy(), np.ones(len(own.item), dtype=bool), 0
    numbers = {word: number for number, word in enumerate(words)}
    for start, length in _runs(own, other, lengths_of(words)):
        word = numbers.get("".join([words[number] for number in own.item[start : start + length].tolist()]), -1)
        if word >= 0 and start >= free and _has(other, own.text[start], word) and not _has(own, own.text[start], word):
            free = start + length
            item[start] = word
            kept[start + 1 : free] = False
    return attrs.evolve(own, text=own.text[kept], item=item[kept])


def _runs(own: Items, other: Items, letters: Ints) -> Iterator[tuple[int, int]]:
    """Return start and length of the runs of words that are no longer than some word of the other text."""
    longest = np.zeros(own.texts, dtype=np.int64)
    np.maximum.at(longest, other.text, letters[other.item])
    ends = np.concatenate([[0], np.cumsum(letters[own.item])])
    found = []
    for length in RUNS:
        start = np.arange(max(len(own.text) - length + 1, 0))
        fits = ends[start + length] - ends[start] <= longest[own.text[start]]
        start = start[fits & (own.text[start] == own.text[start + length - 1])]
        found.append(np.stack([start, np.full(len(start), length)]))
    starts, lengths = np.concatenate(found, axis=1)
    order = np.argsort(starts, kind="stable")
    return zip(starts[order].tolist(), lengths[order].tolist(), strict=True)


def _has(side: Items, text: int, word: int) -> bool:
    """Tell whether a text has a word."""
    low, high = np.searchsorted(side.text, [text, text + 1])
    return bool((side.item[low:high] == word).any())
