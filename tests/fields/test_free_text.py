"""Free text: words as they stand, distinct words in order, and model numbers."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.free_text import FreeText
from identigraph.fields.kind import FieldKind
from identigraph.text import clean
from identigraph.text.model_numbers import model_numbers, words_and_numbers

EXAMPLES = {
    "The cat, the Dog": ("the cat the dog", "cat dog the", None),
    "Zeon EOS-50D": ("zeon eos50d", "eos50d zeon", "eos50d"),
    "Café  ＣＡＦÉ": ("cafe cafe", "cafe", None),
    "don’t": ("dont", "dont", None),
    "?!": (None, None, None),
    "": (None, None, None),
}

texts = st.lists(st.one_of(st.text(max_size=12), st.text("ab A1-.", max_size=12)), max_size=10)


def normalized(values: list[str]) -> pl.DataFrame:
    """Return the parts of `values`."""
    return FreeText().normalize("column", pl.Series(values, dtype=pl.String))


def test_it_is_a_field_kind() -> None:
    assert isinstance(FreeText(), FieldKind)
    assert not FreeText.per_source
    assert FreeText("note").roles("text") == {"column": "note"}
    assert FreeText().roles("text") == {"column": "text"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert FreeText().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_text_reads_as_words(value: str, expected: tuple[str | None, str | None]) -> None:
    assert normalized([value]).row(0) == expected


@given(texts)
def test_the_parts_are_the_words_the_distinct_words_sorted_and_the_model_numbers(values: list[str]) -> None:
    parts = normalized(values)
    assert tuple(parts.columns) == FreeText().parts == ("", "sorted", "model_numbers")
    plain = clean(pl.Series(values, dtype=pl.String))
    assert parts[""].to_list() == words_and_numbers(plain).to_list()
    assert parts["model_numbers"].to_list() == model_numbers(plain).to_list()
    expected = [text and " ".join(sorted(set(text.split()))) for text in parts[""]]
    assert parts["sorted"].to_list() == expected


@given(texts)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = normalized(values).drop_nulls("")
    assert normalized(once[""].to_list()).equals(once)


@given(st.text(max_size=12))
def test_composed_and_decomposed_text_are_one(value: str) -> None:
    assert normalized([unicodedata.normalize("NFC", value)]).equals(normalized([unicodedata.normalize("NFD", value)]))


def test_a_text_is_written_as_it_stands_without_what_nobody_sees() -> None:
    values = pl.Series([" The\u200b  CAT,\n José ", "?!", ""])
    assert FreeText().format(values).to_list() == ["The CAT, José", None, None]
    assert FreeText().valid(values).to_list() == [True, False, False]
