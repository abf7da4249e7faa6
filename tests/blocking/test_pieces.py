"""Pieces of texts, against plain Python; texts of several columns; and the blocks that pieces make."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.blocking.pieces import Pieces, blocks_of, check_unit, cut, qgrams, suffixes, text_of, words
from identigraph.encoding import encode
from identigraph.errors import ConfigurationError

TEXTS = st.lists(st.text("aßb 😀é", max_size=9), max_size=8)


def pieces(found: Pieces) -> list[tuple[int, str]]:
    """Return the pieces, in the order that is promised."""
    values = found.values.to_list()
    assert values == sorted(set(values))
    assert set(found.code.tolist()) == set(range(len(values)))
    listed = list(zip(found.member.tolist(), found.code.tolist(), strict=True))
    assert listed == sorted(set(listed))
    assert found.rows() == [(member, values[code]) for member, code in listed]
    return found.rows()


def expected(texts: list[str], found: Any) -> list[tuple[int, str]]:
    """Return the pieces of each text, none of them empty, in the order of letters."""
    return [(i, piece) for i, text in enumerate(texts) for piece in sorted(found(text) - {""})]


def series(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def windows(text: str, q: int) -> set[str]:
    return {text} if len(text) < q else {text[i : i + q] for i in range(len(text) - q + 1)}


@given(TEXTS)
def test_words_are_what_stands_between_spaces(texts: list[str]) -> None:
    wanted = expected(texts, lambda text: set(text.split(" ")))
    assert pieces(words(series(texts))) == pieces(cut(series(texts), "words")) == wanted


@given(TEXTS, st.integers(1, 12))
def test_q_grams_are_all_runs_of_q_characters_and_short_texts_themselves(texts: list[str], q: int) -> None:
    wanted = expected(texts, lambda text: windows(text, q))
    assert pieces(qgrams(series(texts), q)) == pieces(cut(series(texts), q)) == wanted


@pytest.mark.parametrize("q", [2, 15, 16, 17, 18, 20])
def test_q_grams_of_many_letters_are_told_apart_however_long(q: int) -> None:
    """Of 16 letters, as numbers of 64 bits, the first of 17 or more would be lost."""
    texts = [first + "abcdefghijklmnopabc" for first in "abcd"]
    texts = [*texts, "bcdef", texts[0][::-1], texts[0]]
    assert pieces(qgrams(series(texts), q)) == expected(texts, lambda text: windows(text, q))


@given(TEXTS, st.integers(1, 12))
def test_suffixes_are_all_endings_that_are_long_enough(texts: list[str], shortest: int) -> None:
    wanted = expected(texts, lambda text: {text[-k:] for k in range(shortest, len(text) + 1)})
    assert pieces(suffixes(series(texts), shortest)) == wanted


@pytest.mark.parametrize("unit", ["words", 1, 20])
def test_a_unit_is_words_or_a_length(unit: Any) -> None:
    assert check_unit(unit) == unit


@pytest.mark.parametrize("unit", ["word", 0, 21, 2.0, True, None])
def test_another_unit_is_refused(unit: Any) -> None:
    message = "^unit must be 'words' or the length of character q-grams, 1 to 20, got"
    with pytest.raises(ConfigurationError, match=message) as caught:
        check_unit(unit)
    assert str(caught.value).endswith(repr(unit))


@pytest.fixture
def records() -> Records:
    return Records.of({"a": ["Ann", None, "ann", ""], "b": ["Lee", "lee", None, None], "c": [None] * 4})


def test_one_text_is_the_column_and_several_are_joined_by_a_space_without_what_is_missing(records: Records) -> None:
    assert text_of(records, ("a",)) is records.column("a")
    joined = text_of(records, ("a", "c", "b"))
    order = np.argsort(records.position)
    assert joined.decoded().gather(order).to_list() == ["ann lee", "lee", "ann", None]
    assert text_of(records, ("b", "a")).decoded().gather(order).to_list() == ["lee ann", "lee", "ann", None]
    assert text_of(records, ("c", "c")).present == 0


def test_joined_texts_are_made_once(records: Records) -> None:
    assert text_of(records, ("a", "b")) is text_of(records, ("a", "b"))


@given(st.lists(st.sampled_from(["a b", "b c", "c", "a", None]), max_size=10))
def test_records_of_one_piece_are_one_block_that_is_called_by_it(texts: list[str | None]) -> None:
    column = encode(series(texts))
    blocks = blocks_of(words(column.values), column)
    named = blocks.names(np.arange(len(blocks.sizes))).to_list()
    sizes = {word: sum(word in (text or "").split() for text in texts) for word in "abc"}
    assert dict(zip(named, blocks.sizes.tolist(), strict=True)) == {w: n for w, n in sizes.items() if n}
    block, row = blocks.rows(blocks.sizes > 0)
    found = {(named[b], r) for b, r in zip(block.tolist(), row.tolist(), strict=True)}
    assert found == {(word, i) for i, text in enumerate(texts) for word in (text or "").split()}
