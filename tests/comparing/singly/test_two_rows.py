"""Comparators that have no other road than tables, on two rows."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest

from identigraph import Pairs, Records
from identigraph.comparing import Comparison, Graded, JaroWinkler, Measured, SameModel, SharedElements, shared, vectors
from identigraph.comparing.comparator import Grades, Levels, counts_of
from identigraph.comparing.singly import PairComparer
from identigraph.errors import ConfigurationError, InvalidIntermediateError
from identigraph.fields import Email, PersonName
from identigraph.fields.derived import Derived, prefix, soundex

PEOPLE = {
    "first": ["Ann", "Anna", "Bob", "Robert", None, "Ann"],
    "last": ["Lee", "Lee", "Ray", "Ray", "Ray", "Lee"],
    "mails": [["a@x.com", "b@x.com"], ["b@x.com"], ["c@x.com"], [], ["c@x.com", "a@x.com"], ["a@x.com"]],
    "city": ["Bern", "bern ", "Basel", None, "Basel", "Bern"],
}
KINDS = {"name": PersonName(given="first", family="last"), "mails": Email()}


@attrs.frozen
class SameStart:
    """A grader of one's own: the same beginning or sound of a name, if not many have it."""

    feature: str = "name.given"

    @property
    def labels(self) -> tuple[str, ...]:
        """What its levels say."""
        return ("same sound", "same start")

    def grades(self, records: Records, left: Any, right: Any) -> Grades:
        """Return 2 for the same start, 1 for the same sound."""
        grade = np.zeros(len(left), dtype=np.int8)
        for number, feature in enumerate((soundex(self.feature), prefix(self.feature, 2)), start=1):
            column = records.column(feature)
            counts = counts_of(records, feature).numbers(column.values)
            few = np.append(counts < 4, False)[column.codes]
            grade[(column.codes[left] == column.codes[right]) & few[left]] = number
        return grade


@attrs.frozen
class SameCity:
    """A comparator of one's own, of a plain column as it is given."""

    name: str = "city"
    most: int = 1

    @property
    def labels(self) -> tuple[str, ...]:
        """What its levels say."""
        return ("differs", "equal")

    def levels(self, records: Records, pairs: Pairs) -> Levels:
        """Return the level of each pair."""
        city = np.array(records.table.get_column("city").fill_null("?").to_list())
        equal = np.where(city[pairs.left] == city[pairs.right], self.most, 0)
        return np.where((city[pairs.left] == "?") | (city[pairs.right] == "?"), -1, equal).astype(np.int8)


@attrs.frozen
class OwnModel(SameModel):
    """A grader that is one of the library but for what its own code does."""


class Everybody:
    """Tells that every value is that of a household."""

    def classes(self, records: Records, feature: Any) -> Grades:
        """Return the class of each value."""
        return np.ones(len(records.column(feature).values), dtype=np.int8)


OWN: dict[str, Any] = {
    "grader": Graded("given", "name.given", (JaroWinkler("name.given", (0.95,)), SameStart()), frequency=False),
    "comparator": SameCity(),
    "grader of the library that was changed": Graded("city", "city", (OwnModel("city"),)),
    "sharing": Graded("city", "city", shared_by=Everybody()),
    "lists": shared("mails"),
    "sets of one": shared("name.given"),
    "pieces of several columns": Measured("words", SharedElements(Derived("sorted_tokens", "name"), separator=" ")),
}


@pytest.fixture
def records() -> Records:
    return Records.of(PEOPLE, fields=KINDS)


@pytest.mark.parametrize("name", OWN)
def test_what_is_not_of_the_library_compares_rows_as_records(name: str, records: Records) -> None:
    comparison = Comparison([OWN[name]])
    pairs = Pairs.of(*np.triu_indices(len(records), k=1))
    comparer = PairComparer.of(comparison, records)
    rows = list(comparer.rows(records))
    found = [comparer.pattern(rows[i], rows[j]) for i, j in zip(pairs.left, pairs.right, strict=True)]
    assert found == comparison.patterns(records, pairs).tolist()
    assert len(set(found)) > 1


def test_rows_then_hold_all_columns_and_what_fields_make_of_single_values(records: Records) -> None:
    comparer = PairComparer.of(Comparison([SameCity()]), records)
    assert sorted(comparer.columns) == ["city", "first", "last", "mails"]
    assert set(comparer.features) == {feature for feature in records.features() if feature.startswith("name")}


def test_levels_that_a_comparator_does_not_have_are_refused(records: Records) -> None:
    comparer = PairComparer.of(Comparison([SameCity(most=2)]), records)
    rows = list(comparer.rows(records))
    with pytest.raises(InvalidIntermediateError, match="levels from -1 to 1"):
        [comparer.pattern(row, row) for row in rows]


def test_vectors_belong_to_the_rows_of_a_table(records: Records) -> None:
    meaning = vectors("meaning", np.ones((6, 2)))
    assert isinstance(meaning, Measured)
    with pytest.raises(ConfigurationError, match="'meaning' reads no column"):
        PairComparer.of(Comparison([meaning]), records)
