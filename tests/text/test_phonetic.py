"""Phonetic codes: what sounds alike gets one code."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text.phonetic import metaphone, nysiis, soundex

Code = Callable[[pl.Series], pl.Series]
CODES = [soundex, metaphone, nysiis]
SOUNDEX = {
    "Robert": "R163",
    "Rupert": "R163",
    "Rubin": "R150",
    "Ashcraft": "A261",
    "Tymczak": "T522",
    "Pfister": "P236",
    "Honeyman": "H555",
    "Lee": "L000",
    "O'Hara": "O600",
    "van der Berg": "V536",
    "Jos\u00e9": "J200",
}
METAPHONE = {"Thumb": "0M", "Knight": "NT", "Philip": "FLP", "Schmidt": "SXMTT", "Xavier": "SFR"}
NYSIIS = {"MacIntosh": "MCANT", "Knuth": "NAT", "Phillips": "FALAP", "Brown": "BRAON", "O'Daniel": "ODANAL"}

anything = st.lists(st.one_of(st.none(), st.text(max_size=8), st.text("abhwy -'1", max_size=6)), max_size=12)
names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


def one(code: Code, value: str) -> str | None:
    """Return the code of one value."""
    result: str | None = code(pl.Series([value])).item()
    return result


@pytest.mark.parametrize(("value", "expected"), SOUNDEX.items())
def test_soundex_is_a_letter_and_three_digits(value: str, expected: str) -> None:
    assert one(soundex, value) == expected


@pytest.mark.parametrize(("value", "expected"), METAPHONE.items())
def test_metaphone_is_the_consonants_as_spoken(value: str, expected: str) -> None:
    assert one(metaphone, value) == expected


@pytest.mark.parametrize(("value", "expected"), NYSIIS.items())
def test_nysiis_is_a_spelling_of_its_own(value: str, expected: str) -> None:
    assert one(nysiis, value) == expected


@pytest.mark.parametrize(("code", "same"), [(soundex, "Smith Smyth"), (metaphone, "Smith Smyth"), (nysiis, "Jon John")])
def test_names_that_sound_alike_share_a_code(code: Code, same: str) -> None:
    assert len({one(code, name) for name in same.split()}) == 1


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("value", ["", " ", "42", "?!", "\u200b"])
def test_without_a_letter_there_is_no_code(code: Code, value: str) -> None:
    assert one(code, value) is None


def test_letters_that_are_silent_alone_have_no_metaphone() -> None:
    assert metaphone(pl.Series(["h", "w", "a"])).to_list() == ["H", None, "A"]


@pytest.mark.parametrize("code", CODES)
@given(values=anything)
def test_any_text_gives_a_code_or_null_and_never_an_empty_string(code: Code, values: list[str | None]) -> None:
    codes = code(pl.Series("name", values, dtype=pl.String))
    assert (len(codes), codes.name, codes.dtype) == (len(values), "name", pl.String)
    assert "" not in codes.to_list()
    assert all(new is None for old, new in zip(values, codes, strict=True) if old is None)


@pytest.mark.parametrize("code", CODES)
@given(name=names, mark=st.sampled_from([" ", "-", "'", "\u200b", "7", "."]))
def test_case_and_what_is_no_letter_make_no_difference(code: Code, name: str, mark: str) -> None:
    assert one(code, mark.join(name.title())) == one(code, name.upper()) == one(code, name)


@pytest.mark.parametrize("code", CODES)
@given(value=st.text(max_size=8))
def test_composed_and_decomposed_text_have_one_code(code: Code, value: str) -> None:
    assert one(code, unicodedata.normalize("NFC", value)) == one(code, unicodedata.normalize("NFD", value))


@given(names)
def test_soundex_never_depends_on_vowels_behind_the_first_letter(name: str) -> None:
    swapped = name[0] + name[1:].translate(str.maketrans("aeiou", "eioua"))
    assert one(soundex, swapped) == one(soundex, name)
