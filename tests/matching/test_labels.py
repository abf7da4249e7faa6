"""Labels: what people answer, read strictly."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from identigraph import Comparison, Labels, Records
from identigraph.comparing import compare
from identigraph.comparing.building import exact
from identigraph.errors import ColumnNotFoundError, ConfigurationError, UnknownIdError, UnsupportedInputError
from identigraph.pairs import Pairs

YES = [True, 1, 1.0, "true", "TRUE", "1", "1.0", " Yes", "y", "match ", "Same"]
NO = [False, 0, 0.0, "false", "0", "0.0", "NO", "n", "non-match", "nonmatch", "no match", "different", "Distinct"]
OPEN = [None, "", "  ", "unsure", "Unknown", "?", "skip"]


def labels_of(answers: list[Any], **columns: Any) -> Labels:
    """Return labels of pairs of ids that rise."""
    n = len(answers)
    dtype = pl.String if any(isinstance(a, str) for a in answers) else None
    return Labels.of(
        {"left_id": range(n), "right_id": range(1, n + 1), "match": pl.Series(answers, dtype=dtype), **columns}
    )


@pytest.mark.parametrize(("answers", "match"), [(YES, True), (NO, False)])
def test_answers_are_read_whatever_their_case_and_type(answers, match) -> None:
    for answer in answers:
        found = labels_of([answer, None])
        assert (found.match.tolist(), found.answered.tolist()) == ([match], [True, False])


@pytest.mark.parametrize("answer", OPEN)
def test_what_is_unsure_is_counted_and_is_no_label(answer) -> None:
    found = labels_of(["yes", answer, "no"], reason=["random", "random", "uncertain"])
    assert found.answered.tolist() == [True, False, True]
    assert found.match.tolist() == [True, False]
    assert found.pairs.table.rows() == [("0", "1"), ("2", "3")]
    assert found.fair.tolist() == [True, True]
    assert repr(found) == "<Labels: 2 pairs, 1 match, 1 unsure>"


def test_reprs_are_counts() -> None:
    assert repr(labels_of([1, 1, 0])) == "<Labels: 3 pairs, 2 matches>"
    assert repr(labels_of([None])) == "<Labels: 0 pairs, 0 matches, 1 unsure>"
    assert len(labels_of([1, 0, None])) == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [(["yes", "maybe"], "1 of 2 answers"), ([1, 2, 0], "1 of 3"), ([0.5], "1 of 1"), (["yess", "nope", "?"], "2 of 3")],
)
def test_other_answers_are_refused_without_repeating_them(answers, told) -> None:
    with pytest.raises(ConfigurationError, match=f"{told}.*write one of these") as caught:
        labels_of(answers)
    assert not any(str(answer) in str(caught.value) for answer in answers if answer in {"maybe", "yess", "nope"})


def test_pairs_picked_for_more_than_how_they_agree_are_not_fair() -> None:
    reasons = ["random", "uncertain", "disagreeing", "off block", None, "mine"]
    assert labels_of([1] * 6, reason=reasons).fair.tolist() == [True, True, False, False, True, True]
    assert labels_of([1, None, 0], reason=["off block", "random", "random"]).fair.tolist() == [False, True]
    assert labels_of([1, 0], reason=[None, None]).fair.tolist() == [True, True]
    assert labels_of([1, 0], reason=[1, 2]).fair.tolist() == [True, True]
    assert labels_of([1, 0]).fair.tolist() == [True, True]


@pytest.mark.parametrize(
    ("table", "error", "told"),
    [
        ({"left_id": [1], "right_id": [2]}, ColumnNotFoundError, "no column 'match' of labels"),
        ({"left_id": [1], "match": [1]}, ConfigurationError, "labels need the columns 'left_id' and 'right_id'"),
        ({"left_id": [1], "right_id": [2], "left_source": ["a"], "match": [1]}, ConfigurationError, "may have both"),
        ({"left_id": [None], "right_id": [2], "match": [1]}, ConfigurationError, "labels have 1 missing ids"),
        ([(1, 2, True)], UnsupportedInputError, "expected"),
        (7, UnsupportedInputError, "expected"),
    ],
)
def test_tables_that_are_no_labels_are_refused(table, error, told) -> None:
    with pytest.raises(error, match=told):
        Labels.of(table)


def test_a_pair_without_ids_may_stand_there_unanswered() -> None:
    assert len(Labels.of({"left_id": [None, 1], "right_id": [2, 2], "match": [None, True]})) == 1


PEOPLE = {
    "s": ["a", "a", "b", "b", "b", "a"],
    "id": [1, 2, 1, 3, 4, 5],
    "name": ["ann", "bob", "ann", "bob", "cy", "ann"],
}
RECORDS = Records.of(PEOPLE, id="id", source="s")
COMPARISON = Comparison([exact("name", frequency=False)])


def row_of(source: str, number: int) -> int:
    """Return the row of a record."""
    keys = RECORDS.row_keys(range(6)).rows()
    return [tuple(map(str, key)) for key in keys].index((source, str(number)))


def test_compared_pairs_share_a_group_where_they_share_a_record_or_are_chained() -> None:
    """Pairs 1-2 and 2-3 share a record, 3-5 is chained to them; 4 with the other 1 is apart."""
    table = {
        "left_source": ["a", "a", "b", "b"],
        "left_id": [1, 2, 3, 4],
        "right_source": ["a", "b", "a", "b"],
        "right_id": [2, 3, 5, 1],
        "match": ["no", "yes", "no", "?"],
    }
    found = Labels.of(table).compared(RECORDS, COMPARISON)
    assert found.match.tolist() == [False, True, False]
    assert len(set(found.groups.tolist())) == 1
    more = Labels.of({**table, "match": [0, 1, 0, 0]}).compared(RECORDS, COMPARISON)
    assert [more.groups.tolist().count(group) for group in more.groups] == [3, 3, 3, 1]
    rows = [(row_of("a", 1), row_of("a", 2)), (row_of("a", 2), row_of("b", 3)), (row_of("b", 3), row_of("a", 5))]
    pairs = Pairs.of(*zip(*rows, strict=True))
    assert found.compared.pairs.codes().tolist() == pairs.codes().tolist()
    assert found.compared.packed.tolist() == compare(RECORDS, pairs, COMPARISON).packed.tolist()
    assert found.fair.tolist() == [True] * 3


@pytest.mark.parametrize(
    ("pair", "error", "told"),
    [
        ((2, 9), UnknownIdError, "9"),
        ((1, 2), ConfigurationError, "1 ids of labels belong to records of several sources"),
        ((2, 2), ConfigurationError, "1 of 1 pairs join a record with itself"),
    ],
)
def test_ids_that_mean_no_one_pair_are_refused(pair, error, told) -> None:
    labels = Labels.of({"left_id": [pair[0]], "right_id": [pair[1]], "match": [True]})
    with pytest.raises(error, match=told):
        labels.compared(RECORDS, COMPARISON)


@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_with_two_answers_is_refused_in_either_order(turned: bool) -> None:
    again = (2, 1) if turned else (1, 2)
    rows = {"left_id": [1, again[0], 3], "right_id": [2, again[1], 4], "match": [True, False, True]}
    with pytest.raises(ConfigurationError, match=r"1 of 2 labeled pairs have two answers"):
        Labels.of(rows)
    assert len(Labels.of({**rows, "match": [True, True, True]})) == 3


def test_pairs_of_other_sources_are_other_pairs() -> None:
    ids = {"left_id": [1, 1], "right_id": [2, 2], "left_source": ["a", "b"], "right_source": ["a", "a"]}
    assert len(Labels.of({**ids, "match": [True, False]})) == 2


def test_labels_stand_for_the_pairs_that_the_table_says_or_for_one_each() -> None:
    ids = {"left_id": [1, 2, 3, 4], "right_id": [5, 6, 7, 8], "match": [True, False, None, True]}
    assert Labels.of(ids).stands_for.tolist() == [1, 1, 1]
    assert Labels.of({**ids, "pairs": [2.5, None, 7, -1]}).stands_for.tolist() == [2.5, 0, 0]
    records = Records.of({"id": list(range(1, 9)), "name": ["ann"] * 8}, id="id")
    compared = Labels.of({**ids, "pairs": [2.5, None, 7, 1]}).compared(records, Comparison([exact("name")]))
    assert compared.stands_for.tolist() == [2.5, 0, 1]
    assert compared.where(np.array([True, False, True])).stands_for.tolist() == [2.5, 1]
