"""Phonetic codes: what sounds alike gets one code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise, product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text.phonetic import (
    SOUNDS,
    cologne,
    daitch_mokotoff,
    double_metaphone,
    match_rating,
    match_rating_agreement,
    metaphone,
    nysiis,
    refined_soundex,
    soundex,
)

Code = Callable[[pl.Series], pl.Series]
ONE_WORD: list[Code] = [soundex, metaphone, nysiis, match_rating, cologne, daitch_mokotoff, refined_soundex]
CODES: list[Code] = [*ONE_WORD, double_metaphone, partial(double_metaphone, alternate=True)]
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
MATCH_RATING = {"Byrne": "BYRN", "Smyth": "SMYTH", "Ad": "AD", "Kathrynoglin": "KTHGLN", "Anna Lee": "ANL"}
DOUBLE_METAPHONE = {
    "Smith": ("SM0", "XMT"),
    "Schmidt": ("XMT", "SMT"),
    "Jos\u00e9": ("HS", "HS"),
    "Jankelowicz": ("JNKL", "ANKL"),
    "O'Brien": ("APRN", "APRN"),
    "San Jacinto": ("SNHS", "SNHS"),
    "Sanjacinto": ("SNJS", "SNJS"),
}
COLOGNE = {
    "M\u00fcller-L\u00fcdenscheidt": "65752682",
    "Breschnew": "17863",
    "Wikipedia": "3412",
    "Stra\u00dfe": "8278",
    "Claus": "458",
    "Acker": "047",
    "Axel": "0485",
    "Lexxon": "548486",
    "Philipp": "351",
    "Scx": "8",
    "Hh": None,
}
DAITCH_MOKOTOFF = {
    "Augsburg": "054795",
    "Breuer": "791900",
    "Freud": "793000",
    "Halberstadt": "587433 587943",
    "Mannheim": "665600",
    "Chernowitz": "496740 596740",
    "Cherkassy": "495400 595400",
    "Kleinman": "586660",
    "Nowy Targ": "673950",
    "Berlin": "798600",
    "Ceni\u00f3w": "467000 567000",
    "Tsenyuv": "467000",
    "Przemysl": "746480 794648",
    "Pshemeshil": "746480",
    "Rosokhovatsets": "945744",
    "Jackson": "145460 154600 445460 454600",
    "Besst": "743000",
    "Bouey": "710000",
    "Hannmann": "566600",
    "Cjc": "400000 440000 450000 540000 545000 550000",
}
REFINED_SOUNDEX = {"jumped": "J408106", "Caren": "C30908", "Carren": "C30908", "O'Hara": "O090"}

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


@pytest.mark.parametrize(("value", "expected"), MATCH_RATING.items())
def test_match_rating_is_the_first_and_last_three_consonants(value: str, expected: str) -> None:
    assert one(match_rating, value) == expected


@pytest.mark.parametrize(("value", "expected"), DOUBLE_METAPHONE.items())
def test_double_metaphone_has_two_codes_and_keeps_words_apart(value: str, expected: tuple[str, str]) -> None:
    assert (one(double_metaphone, value), one(partial(double_metaphone, alternate=True), value)) == expected


@pytest.mark.parametrize(("value", "expected"), COLOGNE.items())
def test_cologne_is_the_sounds_of_german(value: str, expected: str | None) -> None:
    assert one(cologne, value) == expected


@pytest.mark.parametrize(("value", "expected"), DAITCH_MOKOTOFF.items())
def test_daitch_mokotoff_has_a_code_for_every_way_to_say_a_name(value: str, expected: str) -> None:
    assert one(daitch_mokotoff, value) == expected


@pytest.mark.parametrize(("value", "expected"), REFINED_SOUNDEX.items())
def test_refined_soundex_is_a_letter_and_as_many_digits_as_sounds(value: str, expected: str) -> None:
    assert one(refined_soundex, value) == expected


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


@pytest.mark.parametrize("code", ONE_WORD)
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


@given(name=names, mark=st.sampled_from(["'", "\u200b", "\u0301", "`"]))
def test_case_and_apostrophes_make_no_difference_to_double_metaphone(name: str, mark: str) -> None:
    assert one(double_metaphone, mark.join(name.title())) == one(double_metaphone, name)


@given(names)
def test_double_metaphone_has_at_most_four_letters_and_both_codes_or_none(name: str) -> None:
    primary, alternate = one(double_metaphone, name), one(partial(double_metaphone, alternate=True), name)
    assert (primary is None) == (alternate is None)
    assert all(1 <= len(code) <= 4 for code in (primary, alternate) if code is not None)


def plain_cologne(name: str) -> str:
    """Return the Cologne code by the rules as Postel gives them, a letter after the other."""
    digits = ""
    for place, letter in enumerate(name):
        before, after = name[place - 1] if place else "", name[place + 1 : place + 2]
        if letter == "c":
            hard = after and after in ("ahkoqux" if place else "ahkloqrux")
            digits += "4" if hard and before not in {"s", "z"} else "8"
        elif letter == "x":
            digits += "8" if before in {"c", "k", "q"} else "48"
        elif letter in "dt":
            digits += "8" if after and after in "csz" else "2"
        elif letter == "p":
            digits += "3" if after == "h" else "1"
        else:
            digits += next((d for d, group in zip("01345678", LETTERS, strict=True) if letter in group), "")
    merged = [digit for digit, _ in groupby(digits)]
    return "".join(digit for place, digit in enumerate(merged) if place == 0 or digit != "0")


LETTERS = ["aeijouy", "b", "fvw", "gkq", "l", "mn", "r", "sz"]


@given(st.one_of(names, st.text("acdhkpstxz", min_size=1, max_size=8)))
def test_cologne_follows_the_rules_letter_by_letter(name: str) -> None:
    assert one(cologne, name) == (plain_cologne(name) or None)


def plain_daitch_mokotoff(name: str) -> str:
    """Return the Daitch-Mokotoff codes of all ways to say a name, each coded for itself."""
    spellings, rest = [], name
    while rest:
        spellings.append(max((s for s in SOUNDS if rest.startswith(s)), key=len))
        rest = rest.removeprefix(spellings[-1])
    codes = set()
    for reading in product(*(SOUNDS[spelling] for spelling in spellings)):
        sounds = [reading[0][0]]
        sounds += [sound[1 if after[0] in ("0", "1") else 2] for sound, after in pairwise([*reading[1:], ("", "", "")])]
        code, last = "", ""
        for sound in sounds:
            code += sound[1:] if sound and sound[0] == last else sound
            last = sound[-1:]
        codes.add(f"{code:0<6}"[:6])
    return " ".join(sorted(codes))


@given(st.one_of(names, st.lists(st.sampled_from(sorted(SOUNDS)), min_size=1, max_size=5).map("".join)))
def test_daitch_mokotoff_is_the_codes_of_all_ways_to_say_a_name(name: str) -> None:
    assert one(daitch_mokotoff, name) == plain_daitch_mokotoff(name)


def test_daitch_mokotoff_of_many_ambiguous_letters_is_quick() -> None:
    """Ways to say a name are merged as soon as their codes are: there are 2 to the 200 of them."""
    codes = (one(daitch_mokotoff, "cj" * 100) or "").split()
    assert len(codes) == len(set(codes)) > 10
    assert {len(code) for code in codes} == {6}
    assert all(re.fullmatch("[145]+0*", code) for code in codes)


@given(names)
def test_refined_soundex_merges_runs_of_one_digit(name: str) -> None:
    groups = ["aehiouwy", "bp", "fv", "cks", "gj", "qxz", "dt", "l", "mn", "r"]
    digits = [next(str(d) for d, group in enumerate(groups) if letter in group) for letter in name]
    assert one(refined_soundex, name) == name[0].upper() + "".join(digit for digit, _ in groupby(digits))


AGREE = [("Smith", "Smyth", True), ("Byrne", "Boern", True), ("Michael", "Mike", False), ("Tim", "Timothy", None)]


@pytest.mark.parametrize(("left", "right", "expected"), AGREE)
def test_match_rating_agreement_rates_what_two_codes_have_at_one_place(
    left: str, right: str, expected: bool | None
) -> None:
    agree = match_rating_agreement(pl.Series("name", [left, right]), pl.Series([right, left]))
    assert (agree.to_list(), agree.name, agree.dtype) == ([expected, expected], "name", pl.Boolean)


@given(names, st.sampled_from([None, "", "42"]))
def test_a_name_agrees_with_itself_and_with_nothing_it_is_open(name: str, nothing: str | None) -> None:
    left, right = pl.Series([name, name, nothing]), pl.Series([f" {name.upper()}", nothing, name], dtype=pl.String)
    assert match_rating_agreement(left, right).to_list() == [True, None, None]


def test_match_rating_agreement_takes_as_many_names_on_both_sides() -> None:
    with pytest.raises(ValueError, match="shorter"):
        match_rating_agreement(pl.Series(["a", "b"]), pl.Series(["a"]))
