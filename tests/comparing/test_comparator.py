"""Graded: equality in bands of frequency, then graders, best first, on what nothing better has settled."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import Comparator, Different, Graded, Measured, Same, Typos
from identigraph.comparing.comparator import (
    BAND_LABELS,
    FREQUENCY_BANDS,
    check_comparators,
    grade_present,
    level_bits,
    measure_present,
    similarities_of,
)
from identigraph.errors import RangeError
from identigraph.fields import Date, PersonName
from identigraph.fields.derived import prefix

CITIES = Records.of({"city": ["bern", "basel", "berlin", None, "bern"]})
EVERYONE = Pairs(*np.triu_indices(5, k=1))


@attrs.frozen
class Counting:
    """A grader that gives every pair the same grade and notes how many pairs it was asked about."""

    grade: int
    asked: list[int] = attrs.field(factory=list)
    labels: tuple[str, ...] = ("low", "high")

    def grades(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the one grade for each pair."""
        del records, right
        self.asked.append(len(left))
        return np.full(len(left), self.grade, dtype=np.int8)


class Unlabelled:
    """A comparator without levels."""

    name = "none"
    labels = ()


def test_labels_go_from_differing_over_the_last_grader_to_equality() -> None:
    graded = Graded("city", "city", (Typos("city", 2), Same(prefix("city", 3), "same start")), frequency=False)
    assert graded.labels == ("differs", "same start", "2 typos", "1 typo", "equal")
    assert graded.equal_from == 4
    assert attrs.evolve(graded, frequency=True).labels == (*graded.labels[:-1], *BAND_LABELS)
    assert attrs.evolve(graded, frequency=True).equal_from == 4
    assert isinstance(graded, Comparator)


@pytest.mark.parametrize(("grade", "level"), [(0, 0), (1, 3), (2, 4)])
def test_a_grade_is_a_level_above_those_of_all_worse_graders(grade, level) -> None:
    levels = Graded("city", "city", (Counting(grade), Counting(0)), frequency=False).levels(CITIES, EVERYONE)
    assert set(levels.tolist()) == {-1, level, 5}


def test_graders_see_only_what_is_present_and_settled_by_nothing_better() -> None:
    first, second, third = Counting(0), Counting(1), Counting(1)
    Graded("city", "city", (first, second, third)).levels(CITIES, EVERYONE)
    assert (first.asked, second.asked, third.asked) == ([5], [5], [])


def test_no_pairs_have_no_levels() -> None:
    graded = Graded("city", "city", (Counting(1),), conflict=Counting(1))
    assert graded.levels(CITIES, Pairs.of([], [])).tolist() == []


def test_a_conflict_overrides_whatever_agrees_but_not_what_is_missing() -> None:
    levels = Graded("city", "city", (Counting(1),), conflict=Counting(2), frequency=False).levels(CITIES, EVERYONE)
    assert sorted(levels.tolist()) == [-1] * 4 + [0] * 6
    assert Graded("city", "city", conflict=Different("city", "other")).levels(CITIES, EVERYONE).max() > 0


def test_bands_of_equality_follow_the_share_of_records_with_the_value() -> None:
    counts = {"a": 19_700, "b": 300, "c": 299, "d": 75, "e": 74, "f": 18, "g": 17, "h": 4, "i": 2, "j": 1, "k": 1}
    others = [None] * 5 + [f"x{i}" for i in range(30_000 - sum(counts.values()))]
    records = Records.of({"v": [value for value, count in counts.items() for _ in range(count)] + others})
    graded = Graded("v", "v")
    bands = dict(zip(records.column("v").values, graded.bands(records).tolist(), strict=True))
    shares = {value: count / 30_000 for value, count in counts.items()}
    assert {v: bands[v] for v in counts} == {v: sum(s < band for band in FREQUENCY_BANDS) for v, s in shares.items()}
    assert [bands[v] for v in counts] == [0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5]
    assert not attrs.evolve(graded, frequency=False).bands(records).any()


@given(st.lists(st.sampled_from("aaaaaaabbbcd"), min_size=1, max_size=200))
def test_a_rarer_value_is_in_a_band_at_least_as_high(values) -> None:
    records = Records.of({"v": values})
    bands, counts = Graded("v", "v").bands(records), records.column("v").counts
    rising = np.argsort(counts)
    assert (np.diff(bands[rising]) <= 0).all()
    assert (bands[counts == counts.max()] == bands.min()).all()


def test_a_value_may_be_missing_everywhere() -> None:
    records = Records.of({"v": [None, None, "x"], "w": ["x", "y", "z"]})
    assert Graded("v", "v", (Typos("v"),)).levels(records, Pairs.of([0, 0, 1], [1, 2, 2])).tolist() == [-1] * 3


def test_what_grades_sees_no_missing_value() -> None:
    column = CITIES.column("city")
    seen: list[int] = []

    def grade(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        seen.extend([*a.tolist(), *b.tolist()])
        return a + b + 1

    grades = grade_present(column, EVERYONE.left, EVERYONE.right, grade)
    a, b = column.codes[EVERYONE.left], column.codes[EVERYONE.right]
    assert min(seen) == 0
    assert grades.tolist() == [x + y + 1 if min(x, y) >= 0 else 0 for x, y in zip(a, b, strict=True)]


@pytest.mark.parametrize(("graders", "frequency", "bits"), [(0, False, 2), (1, False, 3), (3, False, 4), (0, True, 3)])
def test_a_comparator_takes_bits_for_its_levels_and_for_missing(graders, frequency, bits) -> None:
    graded = Graded("v", "v", (Counting(0),) * graders, frequency=frequency)
    assert level_bits(graded) == bits
    assert 2 ** (bits - 1) < len(graded.labels) + 1 <= 2**bits


def test_a_comparator_has_1_to_127_levels() -> None:
    many = Counting(0, labels=("low",) * 124)
    check_comparators([Graded("v", "v", (many,), frequency=False)])
    with pytest.raises(RangeError, match="levels of comparator 'v' must lie between 1 and 127, got 128"):
        check_comparators([Graded("v", "v", (many, Counting(0)), frequency=False)])
    with pytest.raises(RangeError, match="got 0"):
        check_comparators([Unlabelled()])


def test_all_comparators_together_take_63_bits_at_the_most() -> None:
    check_comparators([Graded("v", "v")] * 21)
    with pytest.raises(RangeError, match="bits of all comparators' levels must lie between 1 and 63, got 66"):
        check_comparators([Graded("v", "v")] * 22)


# ---- raw similarities


@attrs.frozen
class Saying:
    """A grader that says the same similarity of every pair, and notes the pairs it was asked about."""

    said: float
    asked: list[int] = attrs.field(factory=list)
    labels: tuple[str, ...] = ("near",)

    def grades(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return 1 for each pair."""
        del records, right
        return np.ones(len(left), dtype=np.int8)

    def similarity(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the one similarity for each pair."""
        del records, right
        self.asked.append(len(left))
        return np.full(len(left), self.said)


def similarities(graded: Graded) -> list[float | None]:
    """Return the similarities of all pairs of cities, rising, None where missing."""
    found = graded.similarities(CITIES, EVERYONE)
    return [None if np.isnan(got) else got for got in np.sort(found).tolist()]


@pytest.mark.parametrize(
    ("graders", "measure", "said"),
    [
        ((), None, 0),
        ((Counting(1),), None, 0),
        ((Saying(0.25), Counting(1), Saying(0.75), Saying(0.5)), None, 0.75),
        ((Saying(float("nan")), Saying(0.5)), None, 0.5),
        ((Saying(float("nan")),), None, 0),
        ((Saying(0.75),), Saying(0.25), 0.25),
        ((), Saying(0.25), 0.25),
    ],
)
def test_similarity_of_unequal_values_is_that_of_the_measure_or_the_largest_of_the_graders(
    graders, measure, said
) -> None:
    assert similarities(Graded("city", "city", graders, measure=measure)) == [said] * 5 + [1.0] + [None] * 4


def test_only_unequal_values_are_measured() -> None:
    saying = Saying(0.5)
    Graded("city", "city", (saying,)).similarities(CITIES, EVERYONE)
    assert saying.asked == [5]


def test_values_in_conflict_have_no_similarity() -> None:
    conflict = Different("suffix", "suffix differs")
    records = Records.of({"v": ["ann", "ann", "anna", "ann", None], "suffix": ["jr", "sr", "jr", None, "jr"]})
    row = np.argsort(records.position)
    pairs = Pairs.of(row[[0, 0, 1, 0, 0]], row[[1, 2, 2, 3, 4]])
    graded = Graded("v", "v", (Saying(0.5),), conflict)
    assert graded.similarities(records, pairs).tolist() == pytest.approx([0, 0.5, 0, 1, np.nan], nan_ok=True)
    assert graded.plain().levels(records, pairs).tolist() == [0, 1, 0, 2, -1]


def test_no_pairs_have_no_similarities() -> None:
    graded = Graded("city", "city", (Typos("city"),), conflict=Counting(1))
    assert graded.similarities(CITIES, Pairs.of([], [])).tolist() == []


def test_a_plain_comparator_has_one_level_of_equality_and_the_same_of_all_else() -> None:
    graded = Graded("city", "city", (Typos("city", 2),), Different("city", "x"), measure=Typos("city"))
    plain = graded.plain()
    assert plain == attrs.evolve(graded, frequency=False)
    assert plain.plain() == plain
    assert plain.labels == (*graded.labels[: graded.equal_from], "equal")
    other = Graded("city", "city", (Typos("city", 2),))
    levels = other.levels(CITIES, EVERYONE)
    assert other.plain().levels(CITIES, EVERYONE).tolist() == np.minimum(levels, other.equal_from).tolist()


def test_the_columns_of_a_comparator_are_those_of_its_fields_or_its_feature() -> None:
    assert Graded("city", "city").columns == ("city",)
    assert Graded("start", prefix(prefix("city", 3), 2)).columns == ("city",)
    kinds = {"born": Date(year="y", month="m"), "name": PersonName(given="g", family="f")}
    assert Graded("born", "born", fields=kinds).columns == ("y", "m", "g", "f")
    assert Graded("born", "born", fields=kinds) == Graded("born", "born")


@attrs.frozen
class Sizes:
    """A measure of how near two numbers of letters are, which knows no value of one letter."""

    columns: tuple[str, ...] = ("v",)
    labels: tuple[str, ...] = ("same size",)

    def present(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Tell where both have more than one letter."""
        size = self.sizes(records)
        return (size[left] > 1) & (size[right] > 1)

    def grades(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return 1 where both have as many letters."""
        return (self.sizes(records)[left] == self.sizes(records)[right]).astype(np.int8)

    def similarity(self, records: Records, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return 1 or 0, NaN for values of one letter."""
        return np.where(self.present(records, left, right), self.grades(records, left, right), np.nan)

    @staticmethod
    def sizes(records: Records) -> np.ndarray:
        """Return how many letters each record has."""
        return records.column("v").decoded().str.len_chars().fill_null(0).to_numpy()


def test_a_measure_alone_is_a_comparator() -> None:
    measured = Measured("size", Sizes())
    assert isinstance(measured, Comparator)
    assert measured.labels == ("differs", "same size")
    assert measured.columns == ("v",)
    assert measured.plain() is measured
    assert measured.compare(["ann", "ann", "ann", None], ["bob", "al", "a", "a"]).rows() == [
        (1, "same size", 1.0), (0, "differs", 0.0), (-1, "missing", None), (-1, "missing", None)
    ]  # fmt: skip
    assert repr(measured).startswith("Measured('size', Sizes(")
    assert Measured("size", Sizes(), fields={"v": Date()}) == measured


@attrs.frozen
class Own:
    """A comparator of one's own, without similarities: one level per letter of the first name."""

    said: tuple[int, ...]
    labels: tuple[str, ...]
    name: str = "own"

    def levels(self, records: Records, pairs: Pairs) -> np.ndarray:
        """Return the levels given."""
        del records, pairs
        return np.array(self.said)


def test_the_similarity_of_a_comparator_without_any_is_its_level_as_a_share_of_the_highest() -> None:
    own = Own((0, 1, 2, 4, -1), tuple("abcde"))
    assert isinstance(own, Comparator)
    found = similarities_of(own, CITIES, EVERYONE).tolist()
    assert found == pytest.approx([0, 0.25, 0.5, 1, np.nan], nan_ok=True)
    assert similarities_of(Own((0, -1), ("only",)), CITIES, EVERYONE).tolist() == pytest.approx(
        [0, np.nan], nan_ok=True
    )


def test_the_similarities_of_a_comparator_are_its_own() -> None:
    graded = Graded("city", "city", (Saying(0.5),))
    assert similarities_of(graded, CITIES, EVERYONE).tolist() == pytest.approx(
        graded.similarities(CITIES, EVERYONE).tolist(), nan_ok=True
    )


def test_what_measures_sees_no_missing_value() -> None:
    column = CITIES.column("city")
    measured = measure_present(column, EVERYONE.left, EVERYONE.right, lambda a, b: (a + b) / 10)
    a, b = column.codes[EVERYONE.left], column.codes[EVERYONE.right]
    wanted = [(x + y) / 10 if min(x, y) >= 0 else np.nan for x, y in zip(a, b, strict=True)]
    assert measured.tolist() == pytest.approx(wanted, nan_ok=True)
    nobody = np.flatnonzero(column.codes < 0)
    assert np.isnan(measure_present(column, nobody, nobody, lambda *_: pytest.fail("asked"))).all()
