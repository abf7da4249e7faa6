"""Laws of comparing, for every comparator, for those of every kind of field, and for comparators composed at random."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from comparator_cases import BUILDERS, CASES, Case, close, in_one, osa_share, reaches, slips, winkler
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from rapidfuzz.distance import JaroWinkler as Winkler
from raw_kind import Raw

from identigraph import Pairs, Records, comparing
from identigraph.comparing import (
    Agreement,
    Comparison,
    Different,
    Graded,
    JaroWinkler,
    Same,
    Typos,
    similar,
    typos,
    vectors,
)
from identigraph.comparing.comparator import FREQUENCY_BANDS, Grader
from identigraph.comparing.defaults import default_comparators
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FreeText,
    Number,
    Organisation,
    PersonName,
    Phone,
    Url,
)
from identigraph.fields.derived import prefix

FEW = settings(max_examples=max(settings.default.max_examples // 5, 5))
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
    "name": ["Ann Lee", "Anna Lee", "Ann, Lee", "Robert Ray", "Bob Ray Jr", "Ray", "Ann Lee Ray", None],
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
    """Symmetric; -1 where a value is missing or another tells; equal values at a level of equality, or in conflict."""
    n = len(people)
    left, right = np.indices((n, n)).reshape(2, -1).astype(np.int32)
    comparators = default_comparators(people)
    assert len(comparators) >= 12
    for comparator in comparators:
        levels = comparator.levels(people, Pairs(left, right))
        square = levels.reshape(n, n)
        assert (square == square.T).all(), comparator.name
        assert levels.max() < len(comparator.labels)
        if not isinstance(comparator, Graded):
            continue
        codes = people.column(comparator.feature).codes
        a, b = codes[left], codes[right]
        silent = np.zeros(n * n) if comparator.silent is None else comparator.silent.grades(people, left, right)
        assert ((levels == -1) == ((a < 0) | (b < 0) | (silent > 0))).all(), comparator.name
        assert ((levels >= comparator.equal_from) <= (a == b)).all()
        equal = (a == b) & (a >= 0) & (silent == 0)
        assert np.isin(levels[equal] >= comparator.equal_from, [True, comparator.conflict is None]).all()


def test_patterns_of_default_comparators_hold_their_levels(people) -> None:
    comparison = Comparison(default_comparators(people))
    pairs = Pairs.of(*np.triu_indices(len(people), k=1))
    levels = comparison.layout.levels(comparison.patterns(people, pairs))
    for i, comparator in enumerate(comparison.comparators):
        assert (levels[:, i] == comparator.levels(people, pairs)).all()


# ---- every comparator by itself: against the plain definition, in both directions, one value at a time, on Records


def test_every_builder_has_its_laws() -> None:
    named = {name for name in comparing.__all__ if name.islower() and callable(getattr(comparing, name))}
    assert (
        named - {"compare", "cosine", "haversine", "profile_contacts"}
        == BUILDERS
        == {name.split()[0] for name in CASES} | {"vectors"}
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@FEW
@given(data=st.data())
def test_columns_compare_as_the_plain_definition_says_in_both_directions_and_with_themselves(
    case: Case, data: st.DataObject
) -> None:
    pairs = data.draw(st.lists(st.tuples(case.values, case.values), min_size=1, max_size=6))
    one, other = map(list, zip(*pairs, strict=True))
    left, right = one + other + one + other, other + one + one + other
    found = case.comparator.compare(case.columns(left), case.columns(right))
    wanted = [case.expected(a, b, left + right) for a, b in zip(left, right, strict=True)]
    labels, levels = case.comparator.plain().labels, found["level"].to_list()
    assert levels == [-1 if pair is None else pair[0] for pair in wanted]
    assert found["label"].to_list() == ["missing" if level < 0 else labels[level] for level in levels]
    assert found["similarity"].is_null().to_list() == [pair is None for pair in wanted]
    told = [(got, pair[1]) for got, pair in zip(found["similarity"].to_list(), wanted, strict=True) if pair is not None]
    assert [got for got, _ in told] == pytest.approx([similarity for _, similarity in told], abs=1e-6)
    assert all(0 <= got <= 1 for got, _ in told)
    assert max(levels) < len(labels)
    n = len(pairs)
    assert found[:n].equals(found[n : 2 * n])
    itself = found[2 * n :].filter(pl.col("level") >= 0)
    assert set(itself["level"]) <= {len(labels) - 1}
    assert set(itself["similarity"]) <= {1.0}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@FEW
@given(data=st.data())
def test_values_compare_as_their_records_do(case: Case, data: st.DataObject) -> None:
    one, other = data.draw(case.values), data.draw(case.values)
    rest = [] if case.learns else data.draw(st.lists(case.values, max_size=4))
    sides = [{name: column[0] for name, column in case.columns([value]).items()} for value in (one, other)]
    alone = case.comparator.compare(*sides)
    records = Records.of(case.columns([one, other, *rest]), fields=dict(case.comparator.fields))
    row = np.argsort(records.position)
    pairs = Pairs.of(row[[0]], row[[1]])
    plain = case.comparator.plain()
    assert plain.levels(records, pairs).tolist() == [alone.level]
    similarity = plain.similarities(records, pairs)[0]
    assert alone.similarity == (None if math.isnan(similarity) else similarity)
    assert case.comparator.similarities(records, pairs)[0] == pytest.approx(similarity, nan_ok=True)
    level = case.comparator.levels(records, pairs)[0]
    assert min(level, len(plain.labels) - 1) == alone.level
    assert alone.label == ("missing" if level < 0 else plain.labels[alone.level])


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.columns is in_one], ids=lambda c: repr(c.comparator)
)
def test_one_column_is_compared_with_or_without_its_name(case: Case) -> None:
    assert case.comparator.compare(None, None) == Agreement(-1, "missing", None)
    assert case.comparator.compare([None], [None]).equals(case.comparator.compare({"v": [None]}, {"v": [None]}))


CUTS = (0.7, 0.8, 0.9)
COMPONENTS = st.sampled_from([0.0, 0.0, 1.0, -1.0, 0.5, 3.0, math.nan]) | st.floats(-10, 10, width=32)


@given(st.lists(st.lists(COMPONENTS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_vectors_compare_by_their_cosine(points: list[list[float]]) -> None:
    n = len(points)
    records = Records.of({"v": [f"v{i}" for i in range(n)]})
    row = np.argsort(records.position)
    left, right = np.indices((n, n)).reshape(2, -1)
    comparator = vectors("meaning", points)
    pairs = Pairs(row[left], row[right])
    levels, similarities = comparator.levels(records, pairs), comparator.similarities(records, pairs)
    known = [math.isfinite(sum(point)) and np.linalg.norm(np.float32(point)) > 0 for point in points]
    for i, j, level, got in zip(left, right, levels.tolist(), similarities.tolist(), strict=True):
        if not known[i] or not known[j]:
            assert (level, math.isnan(got)) == (-1, True)
            continue
        a, b = (np.float64(np.float32(points[k])) for k in (i, j))
        cosine = max(float(a @ b) / (math.hypot(*a) * math.hypot(*b)), 0)
        assert got == pytest.approx(cosine, abs=1e-5)
        assert 0 <= got <= 1
        assert level == reaches(got, CUTS)
        assert i != j or (level, got) == (3, pytest.approx(1, abs=1e-6))
    assert (levels.reshape(n, n) == levels.reshape(n, n).T).all()
    assert comparator.plain() == comparator


ODD = st.one_of(
    st.text("abé漢ß -'\u0301", max_size=12),
    slips(["martha", "márthá", "johnson", "a" * 90, "johnson" * 15, "ann 漢字 lee", "x" * 40_000]),
    st.just(""),
)


@FEW
@given(st.lists(st.tuples(ODD, ODD), min_size=1, max_size=5))
def test_what_filters_spare_changes_no_level(pairs: list[tuple[str, str]]) -> None:
    """Values that are empty, long, or not ASCII included."""
    left, right = map(list, zip(*pairs, strict=True))
    fields = {"v": Raw()}
    kept = [bool(a.strip() and b.strip()) for a, b in pairs]
    for comparator, slow in (
        (similar("v", 0.0, 0.8, 0.92), lambda a, b: reaches(winkler(a, b), (0.0, 0.8, 0.92))),
        (typos("v", 3), lambda a, b: close(a, b, 3)),
    ):
        found = comparator.compare(left, right, fields=fields)
        graded = [comparator.equal_from if a == b else slow(a, b) for a, b in pairs]
        assert found["level"].to_list() == [level if k else -1 for level, k in zip(graded, kept, strict=True)]
        scored = winkler if comparator.graders[0].labels[0].startswith("similar") else osa_share
        similarities = [scored(a, b) if k else None for (a, b), k in zip(pairs, kept, strict=True)]
        assert found["similarity"].to_list() == pytest.approx(similarities, abs=1e-6)
