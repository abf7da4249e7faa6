"""Laws of comparing, for the comparators of every kind of field and for comparators composed at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from rapidfuzz.distance import JaroWinkler as Winkler

from identigraph import Pairs, Records
from identigraph.comparing import Comparison, Different, Graded, JaroWinkler, Same, Typos
from identigraph.comparing.comparator import FREQUENCY_BANDS, Grader
from identigraph.comparing.defaults import default_comparators
from identigraph.fields import Address, Category, Date, Email, FreeText, Number, Organisation, PersonName, Phone, Url
from identigraph.fields.derived import prefix

WORDS = st.one_of(st.none(), st.sampled_from(["martha", "marhta", "marta", "ann", "anna", "x", "dixon", "dicksonx"]))
TABLES = st.lists(st.tuples(WORDS, st.sampled_from([None, "jr", "sr"])), min_size=1, max_size=8)
GRADERS = st.sampled_from(
    [JaroWinkler("v", (0.8, 0.95)), JaroWinkler("v", (0.9,)), Typos("v", 2), Typos("v"), Same(prefix("v", 2), "start")]
)
GRADED = st.builds(
    Graded,
    st.just("v"),
    st.just("v"),
    st.lists(GRADERS, max_size=3).map(tuple),
    st.sampled_from([None, Different("suffix", "differs")]),
    st.booleans(),
)
PEOPLE = {
    "name": ["Ann Lee", "Anna Lee", "Lee, Ann", "Robert Ray", "Bob Ray Jr", "R. Ray", "Ann Lee Ray", None],
    "born": ["1990-03-15", "1990-03-16", "1990", None, "1991-05-01", "1990-15-03", "1990-03-15", None],
    "mail": ["ann@x.com", "anna@x.com", None, "bob@y.org", "bob@z.org", "bob@y.org", "ann@x.com", "-"],
    "tel": ["020 7946 0958", None, "020 7946 0959", "0161 496 0000", None, "496 0000", "020 7946 0958", "1"],
    "street": ["1 High St", "1 High Street", "2 High St", None, "9 Low Rd", "9 Low Rd", "1 High St", "?"],
    "town": ["Bath", "Bath", "Bth", None, "York", "York", "Bath", "Leeds"],
    "firm": ["Acme Ltd", "Acme Tools", None, "Bolt & Co", "Bolt Inc", "Acme", "Nut", "Nut"],
    "note": ["red lg tv with stand", "lg tv red", None, "a black camera", "camera", "tv stand", "red", ""],
    "site": ["https://x.com/a", "x.com/b", None, "y.org", "http://y.org/c", "z.net", "x.com/a", ""],
    "price": ["10.5", "10", None, "100", "101", "0", "-3", "10.5"],
    "colour": ["red", "red", None, "blue", "blue", "green", "red", "red"],
}
KINDS = {
    "name": PersonName(),
    "born": Date(),
    "mail": Email(),
    "tel": Phone(),
    "address": Address(street="street", city="town"),
    "firm": Organisation(),
    "note": FreeText(),
    "site": Url(),
    "price": Number(),
    "colour": Category(),
}


def slow_grade(grader: Grader, one: str, other: str) -> int:
    """Return the grade of two values, worked out one pair at a time."""
    if isinstance(grader, JaroWinkler):
        return sum(Winkler.similarity(one, other) >= cutoff for cutoff in grader.cutoffs)
    if isinstance(grader, Typos):
        return max(grader.most + 1 - OSA.distance(one, other), 0)
    return int(one[:2] == other[:2])


def slow_level(graded: Graded, rows: list[tuple[str | None, str | None]], i: int, j: int) -> int:
    """Return the level of rows `i` and `j` by the plain definition."""
    (one, suffix), (other, other_suffix) = rows[i], rows[j]
    if one is None or other is None:
        return -1
    if graded.conflict is not None and None not in (suffix, other_suffix) and suffix != other_suffix:
        return 0
    lowest = 1 + sum(len(grader.labels) for grader in graded.graders)
    if one == other:
        values = [value for value, _ in rows if value is not None]
        share = values.count(one) / len(values)
        return lowest + (sum(share < band for band in FREQUENCY_BANDS) if graded.frequency else 0)
    for grader in graded.graders:
        lowest -= len(grader.labels)
        grade = slow_grade(grader, one, other)
        if grade:
            return lowest + grade - 1
    return 0


def table_of(rows: list[tuple[str | None, str | None]]) -> tuple[Records, np.ndarray]:
    """Return the records of rows of values and suffixes, and the row number of each row."""
    records = Records.of({"v": [value for value, _ in rows], "suffix": [suffix for _, suffix in rows]})
    return records, np.argsort(records.position)


@given(TABLES, GRADED)
def test_levels_are_those_of_the_plain_definition(rows, graded) -> None:
    records, row = table_of(rows)
    left, right = np.indices((len(rows), len(rows))).reshape(2, -1)
    got = graded.levels(records, Pairs(row[left], row[right])).tolist()
    assert got == [slow_level(graded, rows, i, j) for i, j in zip(left, right, strict=True)]
    assert max(got) < len(graded.labels)


@given(TABLES, GRADED, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_batches_of_pairs_change_nothing(rows, graded, random) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    records, row = table_of(rows)
    moved, moved_row = table_of([rows[i] for i in order])
    left, right = np.indices((len(rows), len(rows))).reshape(2, -1)
    at = np.argsort(order)
    levels = graded.levels(records, Pairs(row[left], row[right]))
    again = [
        graded.levels(moved, Pairs(moved_row[at[left[some]]], moved_row[at[right[some]]]))
        for some in np.array_split(np.arange(len(left)), 3)
    ]
    assert np.concatenate(again).tolist() == levels.tolist()


@pytest.fixture(scope="module")
def people() -> Records:
    return Records.of(PEOPLE, fields=KINDS)


def test_default_comparators_keep_the_laws(people) -> None:
    """Symmetric; -1 only where a value is missing; equal values at a level of equality, or 0 in conflict."""
    n = len(people)
    left, right = np.indices((n, n)).reshape(2, -1).astype(np.int32)
    comparators = default_comparators(people)
    assert len(comparators) >= 12
    for comparator in comparators:
        levels = comparator.levels(people, Pairs(left, right))
        codes = people.column(comparator.feature).codes
        a, b = codes[left], codes[right]
        square = levels.reshape(n, n)
        assert (square == square.T).all(), comparator.name
        assert ((levels == -1) == ((a < 0) | (b < 0))).all(), comparator.name
        assert levels.max() < len(comparator.labels)
        assert ((levels >= comparator.equal_from) <= (a == b)).all()
        assert np.isin(levels[(a == b) & (a >= 0)] >= comparator.equal_from, [True, comparator.conflict is None]).all()


def test_patterns_of_default_comparators_hold_their_levels(people) -> None:
    comparison = Comparison(default_comparators(people))
    pairs = Pairs.of(*np.triu_indices(len(people), k=1))
    levels = comparison.levels(comparison.patterns(people, pairs))
    for i, comparator in enumerate(comparison.comparators):
        assert (levels[:, i] == comparator.levels(people, pairs)).all()
