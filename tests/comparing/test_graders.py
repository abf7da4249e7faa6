"""Graders: tables of examples for each way of agreeing short of equality."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import distance

from identigraph import Records
from identigraph.comparing import (
    Abbreviated,
    Acronym,
    Contained,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
    similar,
    typos,
)
from identigraph.comparing.graders import aligned_codes, contains, nickname_codes
from identigraph.encoding import encode
from identigraph.errors import RangeError
from identigraph.fields import Organisation
from identigraph.fields.derived import prefix
from identigraph.fields.nicknames import nickname_pairs

EXAMPLES = [
    (JaroWinkler("v", (0.9, 0.95)), "martha", "marhta", 2),
    (JaroWinkler("v", (0.9, 0.97)), "martha", "marhta", 1),
    (JaroWinkler("v", (0.8,)), "dixon", "dicksonx", 1),
    (JaroWinkler("v", (0.9,)), "dixon", "dicksonx", 0),
    (JaroWinkler("v", (0.7,)), "abc", "abd", 1),
    (JaroWinkler("v", (0.0,)), "abc", "xyz", 1),
    (JaroWinkler("v", ()), "abc", "abc", 0),
    (Typos("v", 2), "smith", "smth", 2),
    (Typos("v", 2), "smith", "smyht", 1),
    (Typos("v", 2), "smith", "simth", 2),
    (Typos("v", 2), "smith", "smart", 0),
    (Typos("v"), "smith", "smyth", 1),
    (Typos("v", 2), "smith", "smith", 2),
    (Same("v", "same"), "smith", "smith", 1),
    (Same("v", "same"), "smith", "smyth", 0),
    (Same(prefix("v", 2), "same start"), "smith", "smyth", 1),
    (Different("v", "differs"), "jr", "sr", 1),
    (Different("v", "differs"), "jr", "jr", 0),
    (Nickname("v"), "bob", "robert", 1),
    (Nickname("v"), "bobby", "rob", 1),
    (Nickname("v"), "robert", "robert", 0),
    (Nickname("v"), "robert", "william", 0),
    (Nickname("v"), "bob", "bobx", 0),
    (Abbreviated("v"), "j", "john", 1),
    (Abbreviated("v"), "j", "jo", 1),
    (Abbreviated("v"), "j", "mary", 0),
    (Abbreviated("v"), "j", "k", 0),
    (Abbreviated("v"), "alex", "alexander", 2),
    (Abbreviated("v"), "ale", "alexander", 2),
    (Abbreviated("v"), "al", "alexander", 2),
    (Abbreviated("v"), "alec", "alexander", 0),
    (Abbreviated("v"), "alexis", "alexander", 0),
    (Abbreviated("v"), "é", "élodie", 1),
    (Abbreviated("v"), "é", "ödön", 0),
    (Abbreviated("v"), "élo", "élodie", 2),
    (Abbreviated("v"), "él", "élodie", 2),
    (Abbreviated("v"), "john", "john" + "n" * 100, 2),
    (Contained("v"), "2079460958", "20794609581234", 1),
    (Contained("v"), "2079460958", "12079460958", 1),
    (Contained("v"), "2079460958", "2079460958", 0),
    (Contained("v"), "946095", "2079460958", 0),
    (Contained("v", 6), "946095", "2079460958", 1),
    (Contained("v"), "9460958", "2079460985", 0),
    (SharedWord("v"), "smith", "smith jones", 1),
    (SharedWord("v"), "smith jones", "ray smith", 1),
    (SharedWord("v"), "smith jones", "smithy", 0),
    (SharedWord("v"), "de la cruz", "de la rosa", 0),
    (SharedWord("v"), "van der berg", "van lee", 1),
    (SharedWord("v"), "smith", "smith", 0),
]
ONE_FEATURE = [
    JaroWinkler("v", (0.0,)),
    Typos("v"),
    Same("v", "s"),
    Different("v", "d"),
    Nickname("v"),
    Abbreviated("v"),
    Contained("v", 2),
]
NAMES = st.sampled_from(["ann", "anna", "bob", "robert", "rob", "lee", "lee ray", "a", "b", None])


@pytest.mark.parametrize(("grader", "one", "other", "grade"), EXAMPLES)
def test_a_pair_of_values_has_its_grade_either_way(all_levels, grader, one, other, grade) -> None:
    grades = all_levels(grader, {"v": [one, other]})
    assert grades[0][1] == grades[1][0] == grade
    assert grade <= len(grader.labels)


@pytest.mark.parametrize("grader", [*ONE_FEATURE, SharedWord("v")])
@pytest.mark.parametrize("values", [["ann", "bob", None], [None, None, None]])
def test_where_a_value_is_missing_no_grader_agrees(all_levels, grader, values) -> None:
    grades = np.array(all_levels(grader, {"v": values}))
    missing = np.array([value is None for value in values])
    assert not grades[missing].any()
    assert not grades[:, missing].any()


@given(st.lists(NAMES, min_size=1, max_size=6), st.sampled_from([*ONE_FEATURE, SharedWord("v")]))
def test_grades_are_the_same_either_way_and_have_labels(all_levels, values, grader) -> None:
    grades = np.array(all_levels(grader, {"v": values}))
    assert (grades == grades.T).all()
    assert grades.min() >= 0
    assert grades.max() <= len(grader.labels)


def test_labels_rise_with_the_grades() -> None:
    assert JaroWinkler("v", (0.9, 0.8)).labels == ("similar, 0.8", "similar, 0.9")
    assert Typos("v", 2).labels == ("2 typos", "1 typo")
    assert Same("v", "same street").labels == ("same street",)
    assert Different("v", "suffix differs").labels == ("suffix differs",)
    assert Nickname("v").labels == ("nickname",)
    assert Abbreviated("v").labels == ("initial", "beginning")
    assert SharedWord("v").labels == ("shared word",)


@pytest.mark.parametrize("most", [0, -1, 21])
def test_typos_are_counted_up_to_a_sensible_number(most) -> None:
    with pytest.raises(RangeError, match="most must lie between 1 and 20"):
        Typos("v", most)


@pytest.mark.parametrize("least", [0, -1])
def test_what_is_contained_has_a_character_at_least(least) -> None:
    with pytest.raises(RangeError, match="least must lie between 1 and"):
        Contained("v", least)


@given(st.lists(NAMES), st.lists(NAMES))
def test_codes_are_translated_to_those_of_another_column(values, others) -> None:
    column, other = (encode(pl.Series(v, dtype=pl.String)) for v in (values, others))
    place = {value: code for code, value in enumerate(other.values)}
    assert aligned_codes(column, other).tolist() == [-1 if v is None else place.get(v, -2) for v in values]


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(-2, 12)))
def test_a_sorted_array_contains_what_a_set_contains(known, wanted) -> None:
    found = contains(np.array(sorted(known), dtype=np.int64), np.array(wanted, dtype=np.int64))
    assert found.tolist() == [code in known for code in wanted]


@given(st.lists(st.sampled_from(sorted({name for pair in nickname_pairs() for name in pair})), max_size=30))
def test_nicknames_are_told_by_codes_as_by_names(values) -> None:
    names = sorted({*values, "nobody"})
    related = {(a, b) for a, b in nickname_pairs() if a in names and b in names}
    codes = nickname_codes(encode(pl.Series(names))).tolist()
    assert {(names[code >> 32], names[code & 0xFFFFFFFF]) for code in codes} == related
    assert codes == sorted(codes)


@given(st.lists(NAMES | st.sampled_from(["", "é", "x" * 300]), min_size=1, max_size=6))
def test_graders_of_letters_measure_as_rapidfuzz_does(raw_records, values) -> None:
    records = raw_records({"v": values})
    there = records.column("v").decoded().to_list()
    left, right = np.indices((len(there),) * 2).reshape(2, -1)
    for grader, scorer in (
        (JaroWinkler("v", (0.9,)), distance.JaroWinkler.similarity),
        (Typos("v", 1), distance.OSA.normalized_similarity),
    ):
        wanted = [
            np.nan if None in (there[i], there[j]) else scorer(there[i], there[j])
            for i, j in zip(left, right, strict=True)
        ]
        assert grader.similarity(records, left, right).tolist() == pytest.approx(wanted, abs=1e-6, nan_ok=True)


def test_values_of_more_letters_than_any_name_are_measured() -> None:
    """Beyond what 16 bits hold."""
    found = [typos("v").compare("a" * 40_000, "a" * n) for n in (39_999, 39_998, 39_000)]
    assert [agreement.label for agreement in found] == ["1 typo", "2 typos", "differs"]
    assert [agreement.similarity for agreement in found] == pytest.approx([1 - 1 / 40_000, 1 - 2 / 40_000, 0.975])
    assert similar("v", 0.99).compare("a" * 40_000, "a" * 39_000).label == "similar, 0.99"


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("bank of new york", "bny", 1),
        ("bank of new york", "b n y", 1),
        ("bank of new york", "bony", 0),
        ("bank of new york", "bank of new york", 0),
        ("acme", "a", 0),
        ("bolt nut yard", "bank of new york", 0),
        (None, "bny", 0),
    ],
)
def test_an_acronym_has_the_first_letters_of_the_words_that_count(one, other, grade) -> None:
    records = Records.of({"v": [one, other]}, fields={"v": Organisation()})
    left, right = np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    acronym = Acronym("v", "v.initials")
    assert acronym.grades(records, left, right).tolist() == [grade, grade]
    assert acronym.labels == ("acronym",)
    assert acronym.features == ("v", "v.initials")
