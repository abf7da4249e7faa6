"""Model numbers: which words are taken for one, and texts in which they are one word each."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text import clean, words
from identigraph.text.model_numbers import model_numbers, words_and_numbers

EXAMPLES = {
    "Zeon KX-T1212": "kxt1212",
    "Zeon KXT1212 (kx-t1212)": "kxt1212",
    "ZB565LL/A and ab12c": "ab12c zb565lla",
    "mount ZD10/BLUE": "zd10",
    "mount 24734": "24734",
    "mount 910-000619": "000619",
    "No. 1234": None,
    "x12": None,
    "120GB 7th 12-inch 16x9 1920x1080 18-55mm": None,
    "910000619bk": "910000619bk",
    "5.8 GHz, 1299.99 or $199": None,
    "pp.382-391 vol.14": None,
    "Zeon phone": None,
    "?!": None,
    "": None,
}
TEXTS = {
    "Zeon KX-T1212/B, 5.8 GHz": "zeon kxt1212b 5 8 ghz",
    "Wall-Mount ZD10/BLUE": "wall mount zd10 blue",
    "18-55mm zoom": "18 55mm zoom",
    "pp.382-391": "pp 382 391",
    "don't": "dont",
    "--": None,
}
LISTS = st.lists(st.one_of(st.none(), st.text(max_size=12), st.text("ab1 2-/.'", max_size=14)), max_size=8)


def series(values: list[str | None]) -> pl.Series:
    """Return cleaned values."""
    return clean(pl.Series("v", values, dtype=pl.String))


@pytest.mark.parametrize(("text", "numbers"), EXAMPLES.items())
def test_model_numbers_are_told_by_how_they_are_written(text: str, numbers: str | None) -> None:
    assert model_numbers(series([text])).item() == numbers


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_model_numbers_are_one_word_and_all_else_falls_into_words(text: str, expected: str | None) -> None:
    assert words_and_numbers(series([text])).item() == expected


@given(LISTS)
def test_values_keep_their_places(values: list[str | None]) -> None:
    for function in (model_numbers, words_and_numbers):
        together = function(series(values))
        assert together.name == "v"
        assert together.to_list() == [function(series([value])).item() for value in values]


@given(LISTS)
def test_letters_and_digits_are_those_of_the_plain_words_in_their_order(values: list[str | None]) -> None:
    squashed = [
        words(series(values)).str.replace_all(" ", ""),
        words_and_numbers(series(values)).str.replace_all(" ", ""),
    ]
    assert squashed[0].to_list() == squashed[1].to_list()


@given(LISTS)
def test_numbers_are_distinct_words_of_the_text_in_order_and_stay_what_they_are(values: list[str | None]) -> None:
    read = words_and_numbers(series(values))
    for text, numbers in zip(read, model_numbers(series(values)), strict=True):
        found = (numbers or "").split()
        assert found == sorted(set(found))
        assert set(found) <= set((text or "").split())
    assert model_numbers(read).to_list() == model_numbers(series(values)).to_list()
    assert words_and_numbers(read).to_list() == read.to_list()
