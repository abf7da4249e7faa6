"""Categories: words, no answer, gender, synonyms of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields.category import GENDER_LETTERS, GENDER_WORDS, NOT_STATED, Category
from identigraph.fields.kind import FieldKind

COLUMNS: list[tuple[list[str], list[str | None]]] = [
    (["M", "F", "Female", "Male", "U", "Unknown"], ["male", "female", "female", "male", None, None]),
    (["f", "m", "d", "k", "q", "x"], ["female", "male", "d", "k", "q", "x"]),
    (["F", "M", "prefer_not_to_say", "non_binary"], ["female", "male", None, "non binary"]),
    (["Männlich", "weiblich", "divers"], ["male", "female", "divers"]),
    (["Mann", "w"], ["male", "female"]),
    (["Homme", "Femme"], ["male", "female"]),
    (["H", "F"], ["male", "female"]),
    (["H", "M"], ["male", "female"]),
    (["h", "m", "u"], ["male", "female", None]),
    (["h", "m", "f"], ["male", "male", "female"]),
    (["m", "w"], ["male", "female"]),
    (["h", "m", "w"], ["male", "male", "female"]),
    (["male", "female", "other", "n/a"], ["male", "female", "other", None]),
    # not gender
    (["S", "M", "L", "U"], ["s", "m", "l", "u"]),
    (["m"], ["m"]),
    (["male", "m"], ["male", "m"]),
    (["H", "L"], ["h", "l"]),
    ([*"abcdefghijklm"], [*"abcdefghijklm"]),
    (["Platinum", "Gold ", "N/A"], ["platinum", "gold", None]),
]

anything = st.lists(
    st.one_of(
        st.text(max_size=8), st.sampled_from([*GENDER_WORDS, *GENDER_LETTERS, *NOT_STATED, *"abcdux", "H.", "M!"])
    ),
    max_size=20,
    unique=True,
)


def main(values: list[str], synonyms: Mapping[str, str] | None = None) -> list[str | None]:
    """Return the main part of `values`."""
    return Category(synonyms=synonyms).normalize("column", pl.Series(values, dtype=pl.String))[""].to_list()


def test_it_is_a_field_kind() -> None:
    assert isinstance(Category(), FieldKind)
    assert not Category.per_source
    assert Category().parts == ("",)
    assert Category("sex").roles("gender") == {"column": "sex"}
    assert Category().roles("gender") == {"column": "gender"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Category().assemble(columns) is columns


@pytest.mark.parametrize(("values", "expected"), COLUMNS)
def test_a_column_reads(values: list[str], expected: list[str | None]) -> None:
    assert main(values) == expected


@pytest.mark.parametrize(
    "word", ["Unknown", "n/a", "N.A.", "not stated", "Not-Specified", "Undisclosed", "null", "-", ""]
)
def test_no_answer_is_null(word: str) -> None:
    assert main([word, "gold"]) == [None, "gold"]


def test_letters_mean_gender_in_columns_of_up_to_12_values() -> None:
    others = [f"typo {i}" for i in range(10)]
    assert main(["m", "f", *others])[:2] == ["male", "female"]
    assert main(["m", "f", "M", "n/a", *others])[:3] == ["male", "female", "male"]
    assert main(["m", "f", "one more", *others])[:2] == ["m", "f"]
    assert main(["man", "woman", "m", *others])[:3] == ["male", "female", "male"]


def test_own_synonyms_replace_those_for_gender() -> None:
    synonyms = {"USA": "United States", "U.S.": "United States", "tbc": "unknown"}
    assert main(["usa", "u s", "United-States", "TBC", "Peru"], synonyms) == ["united states"] * 3 + [None, "peru"]
    assert main(["m", "f", "u"], {}) == ["m", "f", "u"]


def test_synonyms_are_a_value() -> None:
    one, other = Category(synonyms={"B": "c", "a": "C "}), Category(synonyms={"a": "c", "b": "c"})
    assert one == other
    assert one.synonyms == (("a", "c"), ("b", "c"))
    assert hash(one) == hash(other)
    assert eval(repr(one)) == one  # noqa: S307
    assert Category(synonyms=one.synonyms) == one
    assert Category(synonyms={}) != Category()


@pytest.mark.parametrize("synonyms", [{"a": "--"}, {"": "a"}, {"a": "b", "A": "c"}, {"a": "b", "b": "c"}])
def test_synonyms_without_one_meaning_are_refused(synonyms: Any) -> None:
    with pytest.raises(ConfigurationError, match="synonyms must map"):
        Category(synonyms=synonyms)


def test_a_value_may_be_its_own_synonym() -> None:
    assert main(["a", "b"], {"a": "b", "b": "b"}) == ["b", "b"]


@given(anything)
def test_any_text_gives_words_or_null(values: list[str]) -> None:
    found = main(values)
    assert len(found) == len(values)
    assert all(value is None or value == " ".join(value.split()) != "" for value in found)
    assert not set(found) & set(NOT_STATED)


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = list(dict.fromkeys(value for value in main(values) if value is not None))
    assert main(once) == once


@given(anything, st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_nothing(values: list[str], random: Any) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert dict(zip(values, main(values), strict=True)) == dict(zip(shuffled, main(shuffled), strict=True))


def test_a_category_is_written_with_a_capital() -> None:
    values = pl.Series(["m", "F", "non_binary", "prefer not to say", "?"])
    assert Category().format(values).to_list() == ["Male", "Female", "Non binary", None, None]
    assert Category().valid(values).to_list() == [True, True, True, False, False]


def test_a_column_of_genders_is_settled_on_their_synonyms() -> None:
    settled = Category().settled({"column": pl.Series(["h", "m"])})
    assert settled.normalize("column", pl.Series(["m"]))[""].to_list() == ["female"]
    assert settled.settled({"column": pl.Series(["f", "m"])}) is settled
    assert Category().settled({"column": pl.Series(["red", "m"])}) == Category(synonyms=())
