"""Cleaning: all spellings of one text become one string."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text import clean, digits, squash, words
from identigraph.text.clean import clean_text
from identigraph.text.single import Single

FUNCTIONS = [clean, words, squash, digits]
EXAMPLES = {
    "  José\u200b  MÜLLER ": "jose muller",
    "Straße": "strasse",
    "Łódź": "lodz",
    "ﬁsh": "fish",
    "Ａｎｎ": "ann",
    "№ 5": "no 5",
    "ВАСИЛЬЕВ": "vasil'ev",
    "张秀英": "zhangxiuying",
    "손은주": "soneunju",
    "٣٤": "34",
    "a\tb\r\n c\u00a0d\u3000e\u2028f": "a b c d e f",
    "soft\u00adhyphen\ufeff": "softhyphen",
    "bell\x07rings\x1f": "bellrings",
    "O’Brien": "o'brien",
    "“quoted”": '"quoted"',
    "a–b—c": "a-b-c",
    "G&#252;nter &amp; S&ouml;hne &AMP;": "gunter & sohne &",
    "M&amp;#xFC;ller": "muller",
    "R&D; AT&T &unknown;": "r&d; at&t &unknown;",
}
BLANK = ["", " ", "\t\n", "\u200b", "\u00a0", "\x00", "\u0301"]

ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
latin_greek_cyrillic = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x44F, categories=["L", "Zs"], exclude_characters="ŉǰΐΰϴ"),
    max_size=10,
)
anything = st.lists(st.one_of(st.none(), st.text(max_size=10), ascii_text), max_size=12)


def one(function: Callable[[pl.Series], pl.Series], value: str) -> str | None:
    """Return the function of one value."""
    result: str | None = function(pl.Series([value])).item()
    return result


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_text_reads_in_plain_letters(value: str, expected: str) -> None:
    assert one(clean, value) == expected


@pytest.mark.parametrize("value", BLANK)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_blank_is_null(function: Callable[[pl.Series], pl.Series], value: str) -> None:
    assert one(function, value) is None


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (clean, "o'brien-smith, j. 2nd/b"),
        (words, "obrien smith j 2nd b"),
        (squash, "obriensmithj2ndb"),
        (digits, "2"),
    ],
)
def test_each_function_keeps_what_it_says(function: Callable[[pl.Series], pl.Series], expected: str) -> None:
    assert one(function, "O’Brien-Smith,  J. 2nd/B") == expected


@pytest.mark.parametrize("function", [words, squash, digits])
def test_punctuation_alone_is_null(function: Callable[[pl.Series], pl.Series]) -> None:
    assert one(function, "-- ?! '") is None


@pytest.mark.parametrize("function", FUNCTIONS)
@given(values=anything)
def test_the_series_keeps_length_name_and_nulls(
    function: Callable[[pl.Series], pl.Series], values: list[str | None]
) -> None:
    result = function(pl.Series("name", values, dtype=pl.String))
    assert (len(result), result.name, result.dtype) == (len(values), "name", pl.String)
    assert all(new is None for old, new in zip(values, result, strict=True) if old is None)


@pytest.mark.parametrize("function", FUNCTIONS)
@given(values=anything)
def test_the_input_is_left_as_it_was(function: Callable[[pl.Series], pl.Series], values: list[str | None]) -> None:
    series = pl.Series("name", values, dtype=pl.String)
    function(series)
    assert series.to_list() == values


@given(anything)
def test_clean_text_is_lower_case_ascii_with_single_spaces(values: list[str | None]) -> None:
    for text in clean(pl.Series(values, dtype=pl.String)).drop_nulls():
        assert text.isascii()
        assert text == " ".join(text.lower().split())
        assert text.isprintable()


@pytest.mark.parametrize("function", FUNCTIONS)
@given(values=anything)
def test_cleaning_again_changes_nothing(function: Callable[[pl.Series], pl.Series], values: list[str | None]) -> None:
    once = function(pl.Series(values, dtype=pl.String))
    assert function(once).to_list() == once.to_list()


@given(anything)
def test_each_value_is_cleaned_for_itself(values: list[str | None]) -> None:
    series = pl.Series(values, dtype=pl.String)
    assert clean(series).to_list() == [clean(series[i : i + 1]).item() for i in range(len(values))]


@given(st.text(max_size=12))
def test_composed_and_decomposed_text_are_one(value: str) -> None:
    forms = {one(clean, unicodedata.normalize(form, value)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {one(clean, value)}


@given(latin_greek_cyrillic)
def test_case_makes_no_difference(value: str) -> None:
    assert one(clean, value.upper()) == one(clean, value.lower()) == one(clean, value)


@given(ascii_text)
def test_width_makes_no_difference(value: str) -> None:
    wide = "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) for c in value)
    assert one(clean, wide) == one(clean, value)


@given(st.text(max_size=8), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e"))
def test_invisible_characters_make_no_difference(value: str, invisible: str) -> None:
    letters = [c for c in value if c not in "\u200c\u200d"]
    assert one(clean, invisible.join(letters)) == one(clean, "".join(letters))


@given(anything)
def test_words_and_squashed_text_have_the_same_letters_and_digits(values: list[str | None]) -> None:
    series = pl.Series(values, dtype=pl.String)
    assert words(series).str.replace_all(" ", "").to_list() == squash(series).to_list()
    assert squash(series).str.replace_all("[a-z]", "").replace("", None).to_list() == digits(series).to_list()


def test_one_text_is_cleaned_as_a_column_of_it_for_every_character() -> None:
    """Of Unicode 3.2: the tables of Python and of polars agree on these, whatever versions they are of."""
    known = unicodedata.ucd_3_2_0
    letters = [letter for letter in map(chr, range(0x110000)) if known.category(letter) not in {"Cn", "Cs"}]
    texts = [f"{letter} é{letter}ㄱ{letter}" for letter in letters]
    assert [clean_text(text) for text in texts] == clean(pl.Series(texts)).to_list()


@pytest.mark.parametrize("text", ["🫠 a", "\U0001e030", "ꟲ", "a\u0378b", *EXAMPLES, *BLANK])
def test_one_text_is_cleaned_as_a_column_of_it(text: str) -> None:
    for function in FUNCTIONS:
        assert function(Single(text)).value == function(pl.Series([text])).item()


@given(st.text(max_size=12))
def test_any_one_text_is_cleaned_as_a_column_of_it(text: str) -> None:
    assert clean_text(text) == clean(pl.Series([text])).item()
