"""Tokens: sorting and replacing words, against plain Python."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text import clean, words
from identigraph.text.tokens import replace_tokens, sorted_tokens, spaced

word = st.sampled_from(["a", "b", "ab", "1"])
line = st.lists(word, min_size=1, max_size=6).map(" ".join)
lines = st.lists(st.one_of(st.none(), line), max_size=12)
table = st.dictionaries(
    st.lists(word, min_size=1, max_size=3).map(" ".join), st.sampled_from(["", "x", "x y", "z"]), min_size=1, max_size=6
)


def replaced(tokens: list[str], table: dict[str, str]) -> str | None:
    """Return the words with the longest key at each place replaced, from the left."""
    done: list[str] = []
    while tokens:
        keys = [key for key in table if tokens[: len(key.split())] == key.split()]
        key = max(keys, key=len, default=tokens[0])
        done.append(table.get(key, key))
        tokens = tokens[len(key.split()) :]
    return " ".join(word for word in done if word) or None


@given(lines)
def test_sorted_tokens_are_sorted(values: list[str | None]) -> None:
    expected = [None if v is None else " ".join(sorted(v.split())) for v in values]
    assert sorted_tokens(pl.Series(values, dtype=pl.String)).to_list() == expected


@given(lines)
def test_distinct_tokens_are_sorted_and_stand_once(values: list[str | None]) -> None:
    expected = [None if v is None else " ".join(sorted(set(v.split()))) for v in values]
    assert sorted_tokens(pl.Series(values, dtype=pl.String), distinct=True).to_list() == expected


@given(lines)
def test_sorting_leaves_name_and_input_alone(values: list[str | None]) -> None:
    series = pl.Series("name", values, dtype=pl.String)
    assert sorted_tokens(series).name == "name"
    assert series.to_list() == values


@given(lines, table)
def test_replacing_takes_whole_words_from_the_left_the_longest_first(
    values: list[str | None], table: dict[str, str]
) -> None:
    expected = [None if v is None else replaced(v.split(), table) for v in values]
    assert replace_tokens(pl.Series("name", values, dtype=pl.String), table).to_list() == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("st st", "street street"), ("stst", "stst"), ("p o box 1", "pobox 1"), ("p o b", "p o b"), ("of", None)],
)
def test_words_are_replaced_and_parts_of_words_are_not(value: str, expected: str | None) -> None:
    table = {"st": "street", "p o box": "pobox", "of": ""}
    assert replace_tokens(pl.Series([value]), table).item() == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=10), st.text("aB'`.- ")), max_size=10))
def test_words_are_cleaned_text_spaced(values: list[str | None]) -> None:
    series = pl.Series(values, dtype=pl.String)
    assert spaced(clean(series)).to_list() == words(series).to_list()
