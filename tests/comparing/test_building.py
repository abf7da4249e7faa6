"""Comparators as one writes them by hand: what each verb builds, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from identigraph.comparing import (
    CloseCategory,
    Frequencies,
    Graded,
    JaroWinkler,
    Measured,
    NearDate,
    NearNumber,
    NearPlace,
    SameSound,
    SharedElements,
    TextMeasure,
    TokenCosine,
    Typos,
    age,
    category,
    date,
    distance,
    exact,
    measured,
    measures,
    number,
    scored_by,
    shared,
    similar,
    sounds,
    text,
    typos,
    vectors,
    year,
)
from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields import Date, Number
from identigraph.fields.derived import soundex
from identigraph.fields.derived import year as year_of

CLOSE = {("single", "divorced"): 0.5}


@pytest.mark.parametrize(
    ("built", "written"),
    [
        (exact("a"), Graded("a", "a")),
        (exact(soundex("a")), Graded("soundex('a')", soundex("a"))),
        (similar("a"), Graded("a", "a", (JaroWinkler("a", (0.8, 0.92)),))),
        (similar("a", 0.9, 0.7), Graded("a", "a", (JaroWinkler("a", (0.7, 0.9)),))),
        (typos("a"), Graded("a", "a", (Typos("a", 2),))),
        (typos("a", 1), Graded("a", "a", (Typos("a", 1),))),
        (text("a"), Graded("a", "a", (TokenCosine("a", (0.3, 0.5, 0.7, 0.85)),))),
        (text("a", 0.5), Graded("a", "a", (TokenCosine("a", (0.5,)),))),
        (measured("a", measures.osa), Graded("a", "a", (TextMeasure("a", measures.osa, (0.7, 0.85)),))),
        (
            measured("a", measures.qgram_dice, 0.5, q=3),
            Graded("a", "a", (TextMeasure("a", measures.qgram_dice, (0.5,), (("q", 3),)),)),
        ),
        (sounds("a"), Graded("a", "a", (SameSound("a", "soundex"),))),
        (sounds("a", "cologne", "nysiis"), Graded("a", "a", (SameSound("a", "cologne"), SameSound("a", "nysiis")))),
        (date("a"), Graded("a", "a", (NearDate("a"),))),
        (year("a"), Graded("a year", year_of("a"), (NearNumber(year_of("a"), absolute=(1, 3)),))),
        (year("a", 2), Graded("a year", year_of("a"), (NearNumber(year_of("a"), absolute=(2,)),))),
        (age("a"), Graded("a", "a", (NearNumber("a", absolute=(1, 3)),))),
        (age("a", 5), Graded("a", "a", (NearNumber("a", absolute=(5,)),))),
        (number("a"), Graded("a", "a", (NearNumber("a", (0.1, 0.01)),))),
        (number("a", relative=(), absolute=(5,)), Graded("a", "a", (NearNumber("a", (), (5,)),))),
        (distance("a", "b"), Measured("a, b", NearPlace("a", "b", (0.1, 1, 10)))),
        (distance("a", "b", 5), Measured("a, b", NearPlace("a", "b", (5,)))),
        (shared("a"), Measured("a", SharedElements("a", "jaccard", (0.01, 0.5, 1)))),
        (shared("a", 0.3, coefficient="dice"), Measured("a", SharedElements("a", "dice", (0.3,)))),
        (
            shared("a", 0.3, coefficient="any", separator="|"),
            Measured("a", SharedElements("a", "any", (1,), separator="|")),
        ),
        (category("a", CLOSE), Graded("a", "a", (CloseCategory("a", CLOSE, (0.5,)),))),
        (category("a", CLOSE, 0.3), Graded("a", "a", (CloseCategory("a", CLOSE, (0.3,)),))),
    ],
    ids=lambda comparator: comparator.name,
)
def test_a_verb_builds_a_comparator(built: Any, written: Any) -> None:
    assert built == written
    assert hash(built) == hash(written)
    assert built.labels == written.labels


@pytest.mark.parametrize("build", [exact, similar, typos, text, sounds, date, year, age, number, category])
def test_equality_is_split_by_frequency_unless_told_otherwise(build: Any) -> None:
    census = Frequencies.of({"smith": 1})
    assert build("a").frequency is True
    assert build("a", frequency=False).frequency is False
    assert build("a", frequency=census).frequency is census
    assert build("a", frequency=False) == build("a").plain()


def test_measures_have_frequencies_as_well() -> None:
    for comparator in (measured("a", measures.jaro), scored_by("a", max)):
        assert comparator.frequency is True
    assert measured("a", measures.jaro, frequency=False).frequency is False
    assert scored_by("a", max, frequency=False).frequency is False


def test_fields_are_read_where_there_are_none_and_are_no_part_of_a_comparator() -> None:
    assert date("a").fields == year("a").fields == (("a", Date()),)
    assert number("a").fields == age("a").fields == (("a", Number()),)
    assert exact("a").fields == similar("a").fields == distance("a", "b").fields == ()
    assert repr(date("a")) == "Graded('a', 'a', graders=(NearDate('a'),))"


@pytest.mark.parametrize(
    "refused",
    [
        lambda: similar("a", 1.2),
        lambda: text("a", -0.1),
        lambda: number("a", relative=(2,)),
        lambda: number("a", absolute=(-1,)),
        lambda: number("a", absolute=(float("inf"),)),
        lambda: year("a", -1),
        lambda: age("a", float("nan")),
        lambda: typos("a", 0),
        lambda: measured("a", measures.jaro, 1.2),
        lambda: scored_by("a", max, -1),
        lambda: distance("a", "b", 0),
        lambda: shared("a", 1.2),
        lambda: category("a", (), 1.2),
        lambda: vectors("a", [[1.0]], 1.2),
    ],
)
def test_numbers_out_of_range_are_refused(refused: Any) -> None:
    with pytest.raises(RangeError):
        refused()


def test_an_unknown_code_is_refused_where_it_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"^code must be one of soundex, .*daitch_mokotoff, got 'klingon'$"):
        sounds("a", "soundex", "klingon")  # type: ignore[arg-type]
