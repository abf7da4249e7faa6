"""Words, q-grams and suffixes of texts, against cutting them in plain Python."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from identigraph.text import cutting
from identigraph.text.cutting import Cut, qgrams, suffixes, words

TEXTS = st.lists(st.text("aßb 😀é\x00\n", max_size=9) | st.text(max_size=5), max_size=8)
ALPHABET = "abcdefghijklmnop"


def series(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def plain_words(text: str) -> list[str]:
    """Return the words of a text; the separators of ASCII are white space to Python alone."""
    return re.findall(r"(?:\S|[\x1c-\x1f])+", text)


def plain_qgrams(text: str, q: int) -> list[str]:
    return [text[i : i + q] for i in range(max(len(text) - q + 1, 1))] if text else []


def plain_suffixes(text: str, shortest: int) -> list[str]:
    return [text[-length:] for length in range(shortest, len(text) + 1)]


def check(cut: Cut, expected: list[list[str]]) -> None:
    """Check that a cut has these pieces, and that it numbers them by the alphabet and without gaps."""
    assert cut.pieces() == [(i, piece) for i, pieces in enumerate(expected) for piece in pieces]
    assert cut.values.to_list() == sorted({piece for pieces in expected for piece in pieces})
    assert cut.values.dtype == pl.String
    assert (cut.text.dtype, cut.item.dtype, cut.texts) == (np.int64, np.int64, len(expected))


@given(TEXTS)
def test_words_are_what_stands_between_white_space(texts: list[str]) -> None:
    check(words(series(texts)), [plain_words(text) for text in texts])


@given(TEXTS, st.integers(1, 12))
@example(["ann\x00", "ann", "an", "an\x00"], 4)
@example(["ab", "b", ""], 1)
def test_q_grams_are_all_runs_of_q_characters_and_short_texts_themselves(texts: list[str], q: int) -> None:
    check(qgrams(series(texts), q), [plain_qgrams(text, q) for text in texts])


@given(TEXTS, st.integers(1, 9), st.sampled_from([1, 2, 30, 2**62]), st.sampled_from([0, 2**22]))
def test_q_grams_are_the_same_however_they_are_counted(texts: list[str], q: int, most: int, counted: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "MOST_CODES", most)
        patch.setattr(cutting, "COUNTED", counted)
        patch.setattr(cutting, "SPARSE", 2**40)
        check(qgrams(series(texts), q), [plain_qgrams(text, q) for text in texts])


@pytest.mark.parametrize("q", [2, 15, 16, 17, 18, 20])
def test_q_grams_of_many_letters_are_told_apart_however_long(q: int) -> None:
    """Of 16 letters, as numbers of 64 bits, the first of 17 or more would be lost."""
    texts = [first + ALPHABET + "abc" for first in "abcd"]
    texts = [*texts, "bcdef", texts[0][::-1], texts[0]]
    check(qgrams(series(texts), q), [plain_qgrams(text, q) for text in texts])


@given(TEXTS, st.integers(1, 12))
def test_suffixes_are_all_endings_that_are_long_enough(texts: list[str], shortest: int) -> None:
    check(suffixes(series(texts), shortest), [plain_suffixes(text, shortest) for text in texts])


@given(TEXTS)
def test_pieces_are_counted_once_per_text_in_alphabetical_order(texts: list[str]) -> None:
    cut = words(series(texts))
    once, often = cut.counted()
    expected = [sorted(Counter(plain_words(text)).items()) for text in texts]
    check(once, [[word for word, _ in counts] for counts in expected])
    assert often.tolist() == [count for counts in expected for _, count in counts]
    check(cut.distinct(), [[word for word, _ in counts] for counts in expected])


@given(TEXTS)
def test_each_text_has_as_many_pieces_as_are_cut_from_it(texts: list[str]) -> None:
    assert words(series(texts)).per_text().tolist() == [len(plain_words(text)) for text in texts]


@given(TEXTS.filter(bool), st.data())
def test_texts_are_taken_with_all_their_pieces_and_may_repeat(texts: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6))
    taken = words(series(texts)).taken(np.array(rows, dtype=np.int64))
    assert taken.pieces() == [(i, word) for i, row in enumerate(rows) for word in plain_words(texts[row])]
    assert taken.texts == len(rows)
