"""Names in each other's place, rare values, and what is excepted: against plain definitions."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler as Winkler

from identigraph import Records
from identigraph.comparing import (
    AmongWords,
    Crossed,
    Graded,
    JaroWinkler,
    Misplaced,
    Nickname,
    Rarer,
    Same,
    Unless,
)

NAMES = st.sampled_from(["ann", "anna", "anne", "martha", "marhta", "lee", "lee ray", "a", None])
PEOPLE = st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6)
Person = tuple[str | None, str | None]


def near(one: str | None, other: str | None, cutoff: float) -> bool:
    return one is not None and other is not None and Winkler.similarity(one, other) >= cutoff


def columns(people: list[Person]) -> dict[str, list[str | None]]:
    return {"a": [person[0] for person in people], "b": [person[1] for person in people]}


@pytest.mark.parametrize(
    ("one", "other", "grade", "similar"),
    [
        (("ann", "lee"), ("lee", "ann"), 1, 2),
        (("ann", "lee"), ("lee", "anne"), 0, 1),
        (("martha", "lee"), ("lee", "marhta"), 0, 1),
        (("ann", "lee"), ("lee", "ray"), 0, 0),
        (("ann", "lee"), ("ray", "ann"), 0, 0),
        (("ann", "lee"), ("ann", "lee"), 0, 0),
        (("lee", "lee"), ("lee", "lee"), 1, 2),
        (("ann", None), ("lee", "ann"), 0, 0),
        (("ann", None), (None, "ann"), 0, 0),
        ((None, None), (None, None), 0, 0),
    ],
)
def test_crossed_is_first_for_second_both_ways(all_levels, one, other, grade, similar) -> None:
    people = columns([one, other])
    for grader, wanted in ((Crossed("a", "b"), grade), (Crossed("a", "b", cutoff=0.85), similar)):
        grades = all_levels(grader, people)
        assert grades[0][1] == grades[1][0] == wanted
    assert Crossed("a", "b").labels == ("swapped",)


def test_nothing_is_crossed_with_a_feature_that_nobody_has(all_levels) -> None:
    for grader in (Crossed("a", "b"), Crossed("b", "a", cutoff=0.5)):
        assert all_levels(grader, {"a": ["ann", "lee"], "b": [None, None]}) == [[0, 0], [0, 0]]


@given(PEOPLE)
def test_swapped_names_may_be_similar(all_levels, people) -> None:
    grades = all_levels(Crossed("a", "b", cutoff=0.85), columns(people))
    for i, (a, b) in enumerate(people):
        for j, (c, d) in enumerate(people):
            wanted = near(a, d, 0.85) and near(b, c, 0.85)
            assert grades[i][j] == (2 if wanted and a == d and b == c else int(wanted))


@given(PEOPLE)
def test_a_name_in_the_place_of_the_other_stands_alone(all_levels, people) -> None:
    grades = all_levels(Misplaced("a", "b", "family name", cutoff=0.85), columns(people))

    def one_way(one: Person, other: Person) -> int:
        alone = one[1] is None and near(one[0], other[1], 0.85)
        return alone * (2 if one[0] == other[1] else 1)

    for i, one in enumerate(people):
        for j, other in enumerate(people):
            assert grades[i][j] == max(one_way(one, other), one_way(other, one))


@given(PEOPLE)
def test_a_name_among_words_is_one_of_two_letters_or_more(all_levels, people) -> None:
    grades = all_levels(AmongWords("a", "b", "middle name"), columns(people))

    def one_way(one: Person, other: Person) -> bool:
        return one[0] is not None and len(one[0]) > 1 and one[0] in (other[1] or "").split(" ")

    for i, one in enumerate(people):
        for j, other in enumerate(people):
            assert grades[i][j] == (one_way(one, other) or one_way(other, one))


def crowd(*rare: Person) -> tuple[Records, np.ndarray]:
    """Return 5,000 people of one name, and others, whose row numbers are given."""
    people = [*rare, *[("john", "smith")] * 5_000]
    records = Records.of(columns(people))
    return records, np.argsort(records.position)[: len(rare) + 2]


def grade(grader: Any, records: Records, one: int, other: int) -> int:
    (found,), (back,) = (grader.grades(records, np.array([i]), np.array([j])) for i, j in ((one, other), (other, one)))
    assert found == back
    return int(found)


def test_names_that_are_rare_say_more() -> None:
    records, row = crowd(("zara", "quill"), ("zarah", "quill"), ("jonh", "smith"), ("quill", "zara"), ("zara", None))
    similar = Rarer(JaroWinkler("a", (0.7, 0.9)))
    assert similar.labels == ("similar, 0.7", "similar, 0.7, rare", "similar, 0.9", "similar, 0.9, rare")
    assert grade(similar, records, row[0], row[1]) == 4
    assert grade(similar, records, row[2], row[5]) == 3
    assert grade(similar, records, row[0], row[5]) == 0
    crossed = Crossed("a", "b", frequency=True)
    assert crossed.labels[grade(crossed, records, row[0], row[3]) - 1] == "swapped, rare"
    alone = Misplaced("a", "b", "family name", frequency=True)
    assert alone.labels == ("family name", "family name, rare")
    assert grade(alone, records, row[3], row[4]) == 2


@pytest.mark.parametrize(
    ("swapped", "label"),
    [(1, "swapped, rare"), (10, "swapped"), (400, "swapped, common")],
)
def test_swapped_names_are_told_apart_by_how_common_both_are(swapped, label) -> None:
    people = [("zara", "quill"), *[("quill", "zara")] * swapped, *[("john", "smith")] * 2_000]
    records = Records.of(columns(people))
    row = np.argsort(records.position)
    grader = Crossed("a", "b", frequency=True)
    assert grader.labels[grade(grader, records, row[0], row[1]) - 1] == label


def test_a_name_of_many_is_not_rare_where_it_is_misplaced() -> None:
    records, row = crowd(("smith", None), ("zara", "quill"))
    grader = Misplaced("a", "b", "family name", cutoff=0.9, frequency=True)
    assert grader.labels[grade(grader, records, row[0], row[2]) - 1] == "family name"


def test_without_frequencies_nothing_is_split() -> None:
    graders = (Rarer(Nickname("a")), Crossed("a", "b", frequency=True), Misplaced("a", "b", "x", frequency=True))
    plain = Graded("a", "a", graders).plain()
    assert plain.labels == ("differs", "x", "swapped", "nickname", "equal")


@given(PEOPLE)
def test_what_is_excepted_has_no_grade(all_levels, people) -> None:
    grader, exception = JaroWinkler("a", (0.5, 0.9)), Same("b", "same")
    found, plain, excepted = (
        np.array(all_levels(each, columns(people))) for each in (Unless(grader, exception), grader, exception)
    )
    assert (found == np.where(excepted > 0, 0, plain)).all()
    assert Unless(grader, exception).labels == grader.labels


def test_a_comparator_is_silent_of_what_another_tells(all_levels) -> None:
    people = {"a": ["ann", "lee", "ann"], "b": ["lee", "ann", "lee"]}
    silent = Graded("a", "a", silent=Crossed("a", "b"), frequency=False)
    assert all_levels(silent, people) == [[1, -1, 1], [-1, 1, -1], [1, -1, 1]]
    assert all_levels(attrs.evolve(silent, silent=None), people)[0] == [1, 0, 1]
