"""What texts are cut into; texts of several columns; and the blocks that pieces make."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.blocking.pieces import blocks_of, check_unit, cut, text_of
from identigraph.encoding import encode
from identigraph.errors import ConfigurationError
from identigraph.text.cutting import words


def series(texts: list[str] | list[str | None]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def test_texts_are_cut_into_words_or_into_q_grams() -> None:
    assert cut(series(["ann", "b a"]), "words").pieces() == [(0, "ann"), (1, "b"), (1, "a")]
    assert cut(series(["ann", "b a"]), 2).pieces() == [(0, "an"), (0, "nn"), (1, "b "), (1, " a")]


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


@given(st.lists(st.sampled_from(["a b", "b c", "c", "a", "b a b", None]), max_size=10))
def test_records_of_one_piece_are_one_block_that_is_called_by_it(texts: list[str | None]) -> None:
    column = encode(series(texts))
    blocks = blocks_of(words(column.values), column)
    named = blocks.names(np.arange(len(blocks.sizes))).to_list()
    sizes = {word: sum(word in (text or "").split() for text in texts) for word in "abc"}
    assert dict(zip(named, blocks.sizes.tolist(), strict=True)) == {w: n for w, n in sizes.items() if n}
    block, row = blocks.rows(blocks.sizes > 0)
    found = {(named[b], r) for b, r in zip(block.tolist(), row.tolist(), strict=True)}
    assert found == {(word, i) for i, text in enumerate(texts) for word in (text or "").split()}
