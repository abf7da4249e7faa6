"""Texts sound alike by every phonetic code."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from identigraph.comparing import measures
from identigraph.text import phonetic

WORDS = [
    "smith",
    "Smyth",
    "schmidt",
    "o'hara",
    "OHara",
    "robert",
    "rupert",
    "peters",
    "Peterz",
    "auerbach",
    "?",
    "h",
    "",
]
PAIRS = list(product(WORDS, WORDS))
LEFT, RIGHT = [a for a, _ in PAIRS], [b for _, b in PAIRS]
ONE_CODE = ["soundex", "refined_soundex", "metaphone", "nysiis", "cologne"]


def sets_of(code) -> list[set[str]]:
    """Return the codes of each of the words."""
    names = pl.Series(WORDS)
    if code == "double_metaphone":
        both = [phonetic.double_metaphone(names, alternate=alternate) for alternate in (False, True)]
        return [set(codes) - {None} for codes in zip(*both, strict=True)]
    codes = getattr(phonetic, code)(names)
    return [set((value or "").split()) for value in codes]


@pytest.mark.parametrize("code", [*ONE_CODE, "double_metaphone", "daitch_mokotoff"])
def test_one_code_in_common_is_enough(code) -> None:
    expected = [
        float(a == b or bool(x & y)) for (a, b), (x, y) in zip(PAIRS, product(sets_of(code), repeat=2), strict=True)
    ]
    assert 0 < sum(expected) < len(expected)
    assert measures.same_sound(LEFT, RIGHT, code=code).to_list() == expected


def test_match_rating_goes_by_its_own_rule() -> None:
    agreed = phonetic.match_rating_agreement(pl.Series(LEFT), pl.Series(RIGHT)).fill_null(value=False)
    expected = [float(a == b or alike) for (a, b), alike in zip(PAIRS, agreed, strict=True)]
    assert measures.same_sound(LEFT, RIGHT, code="match_rating").to_list() == expected
    assert measures.same_sound("Smith", "Smyth", code="match_rating") == 1
    assert phonetic.match_rating(pl.Series(["Smith"]))[0] != phonetic.match_rating(pl.Series(["Smyth"]))[0]


@pytest.mark.parametrize(
    ("left", "right", "code"),
    [
        ("smith", "schmidt", "double_metaphone"),
        ("Peters", "Peterz", "daitch_mokotoff"),
        ("Meyer", "Maier", "cologne"),
        ("Braz", "Broz", "refined_soundex"),
    ],
)
def test_names_that_sound_alike(left, right, code) -> None:
    assert measures.same_sound([left, left], [right, "xavier"], code=code).to_list() == [1, 0]
