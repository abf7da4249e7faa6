"""Derived features: functions of distinct values, their names and their chains."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph.errors import ColumnNotFoundError, InvalidIntermediateError, RangeError
from identigraph.fields import derived
from identigraph.fields.derived import FUNCTIONS, Derived

normalized = st.lists(st.text("abyz019 é-@.", max_size=12), max_size=12)
SIZED = {"prefix": ig.prefix, "suffix": ig.suffix, "digits_suffix": ig.digits_suffix}
PLAIN = {
    "soundex": ig.soundex,
    "metaphone": ig.metaphone,
    "nysiis": ig.nysiis,
    "double_metaphone": derived.double_metaphone,
    "match_rating": derived.match_rating,
    "cologne": derived.cologne,
    "daitch_mokotoff": derived.daitch_mokotoff,
    "year": ig.year,
    "initials": ig.initials,
    "sorted_tokens": ig.sorted_tokens,
    "first_token": ig.first_token,
    "last_token": ig.last_token,
}

EXAMPLES: list[tuple[Derived, str, str | None]] = [
    (ig.prefix("a", 3), "johnson", "joh"),
    (ig.prefix("a", 3), "jo", "jo"),
    (ig.prefix("a", 2), "éva", "év"),
    (ig.suffix("a", 3), "johnson", "son"),
    (ig.suffix("a", 3), "on", "on"),
    (ig.digits_suffix("a", 4), "+1 704 555 01-34", "0134"),
    (ig.digits_suffix("a", 4), "x7", "7"),
    (ig.digits_suffix("a", 4), "none", None),
    (ig.soundex("a"), "rupert", "R163"),
    (ig.metaphone("a"), "smyth", "SM0"),
    (ig.nysiis("a"), "knight", "NAGT"),
    (ig.nysiis("a"), "42", None),
    (derived.double_metaphone("a"), "schmidt", "XMT"),
    (derived.match_rating("a"), "catherine", "CTHRN"),
    (derived.cologne("a"), "meyer", "67"),
    (derived.daitch_mokotoff("a"), "peters", "734000 739400"),
    (ig.year("a"), "1990-03-15", "1990"),
    (ig.year("a"), "1990", "1990"),
    (ig.year("a"), "19900315", None),
    (ig.initials("a"), "ann marie lee", "aml"),
    (ig.initials("a"), "--", None),
    (ig.sorted_tokens("a"), "lee ann lee", "ann lee"),
    (ig.first_token("a"), "canon eos 50d", "canon"),
    (ig.last_token("a"), "canon eos 50d", "50d"),
    (ig.last_token("a"), "", None),
    (ig.derive(lambda text: text[::2], "a"), "abc", "ac"),
    (ig.derive(lambda _: None, "a"), "abc", None),
    (ig.derive(lambda _: "", "a"), "abc", None),
]


@pytest.mark.parametrize(("feature", "value", "expected"), EXAMPLES, ids=lambda v: repr(v)[:40])
def test_a_value_gives(feature: Derived, value: str, expected: str | None) -> None:
    assert feature.apply(pl.Series(["", value])).to_list()[1] == expected


def test_there_is_a_function_for_every_name() -> None:
    assert {*SIZED, *PLAIN} == set(FUNCTIONS)
    assert all(make("a", 3).function == name for name, make in SIZED.items())
    assert all(make("a").function == name for name, make in PLAIN.items())


@pytest.mark.parametrize("name", FUNCTIONS)
@given(values=normalized)
def test_each_value_is_derived_for_itself(name: str, values: list[str]) -> None:
    feature = Derived(name, "a", 3)
    results = feature.apply(pl.Series(values, dtype=pl.String))
    assert results.dtype == pl.String
    assert results.to_list() == [feature.apply(pl.Series([value])).item() for value in values]
    assert "" not in results.to_list()


@given(st.text("abc dé", max_size=12), st.integers(1, 100))
def test_prefix_suffix_and_words_are_those_of_python(value: str, size: int) -> None:
    column = pl.Series([value])
    assert ig.prefix("a", size).apply(column).item() == (value[:size] or None)
    assert ig.suffix("a", size).apply(column).item() == (value[-size:] or None)
    assert ig.sorted_tokens("a").apply(column).item() == (" ".join(sorted(set(value.split(" ")))) or None)
    words = value.split()
    if words and value == value.strip():
        assert ig.first_token("a").apply(column).item() == words[0]
        assert ig.last_token("a").apply(column).item() == words[-1]
        assert ig.initials("a").apply(column).item() == "".join(word[0] for word in words)


@pytest.mark.parametrize("make", SIZED.values())
@pytest.mark.parametrize("size", [0, -1, 101, 2.0, True, "3", None])
def test_a_size_is_a_whole_number_from_1_to_100(make: Callable[[str, Any], Derived], size: object) -> None:
    with pytest.raises(RangeError, match=r"^size must lie between 1 and 100, got "):
        make("a", size)
    assert make("a", 100).size == 100


def test_an_unknown_function_is_refused_with_a_hint() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no function 'sondex'; did you mean 'soundex'\?$"):
        Derived("sondex", "a")


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        (ig.soundex("surname"), "soundex('surname')"),
        (ig.prefix(ig.soundex("surname"), 2), "prefix(soundex('surname'), 2)"),
        (ig.derive(str.upper, "surname"), "derive(upper, 'surname')"),
        (ig.derive(partial(str.center, __width=3), "surname"), "derive(partial, 'surname')"),
        (ig.first_token(ig.derive(str.upper, "a")), "first_token(derive(upper, 'a'))"),
    ],
)
def test_its_repr_is_the_call_that_makes_it(feature: Derived, expected: str) -> None:
    assert repr(feature) == expected


def test_the_root_is_the_feature_at_the_bottom() -> None:
    assert ig.year("a").root == "a"
    assert ig.prefix(ig.soundex(ig.first_token("name.family")), 2).root == "name.family"


def test_derived_features_are_values() -> None:
    assert ig.prefix("a", 3) == ig.prefix("a", 3)
    assert len({ig.prefix("a", 3), ig.prefix("a", 3), ig.prefix("a", 4), ig.prefix("b", 3), ig.suffix("a", 3)}) == 4
    with pytest.raises(AttributeError):
        ig.soundex("a").feature = "b"  # type: ignore[misc]


def test_your_own_function_is_called_once_per_distinct_value_and_gives_text() -> None:
    calls: list[str] = []
    records = ig.Records.of({"a": ["x", "y", "x", None, "X "]})
    column = records.column(ig.derive(lambda value: calls.append(value) or "same", "a"))  # type: ignore[func-returns-value]
    assert sorted(calls) == ["x", "y"]
    assert sorted(column.codes.tolist()) == [-1, 0, 0, 0, 0]
    message = r"^derive\(len, 'a'\) should return a string or None for each value, got int$"
    with pytest.raises(InvalidIntermediateError, match=message):
        records.column(ig.derive(len, "a"))  # type: ignore[arg-type]


def test_a_derived_feature_of_a_field_reads_its_parts() -> None:
    records = ig.Records.of(
        {"id": [1, 2, 3], "n": ["Robert Miller", "Miller, Rupert", "Ann Lee"]},
        id="id",
        fields={"name": ig.fields.PersonName(full="n")},
    )
    code = dict(zip(records.ids, records.column(ig.soundex("name.given")).decoded(), strict=True))
    assert code == {1: "R163", 2: "R163", 3: "A500"}
