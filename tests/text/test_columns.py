"""Operations on columns: what one value gives is what a column of it gives; and what is not looked at."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.text.columns import (
    among,
    case,
    coalesced,
    empty,
    ends,
    groups,
    halves,
    joined,
    largest,
    lengths,
    mapped,
    matches,
    nonempty,
    one_of,
    recoded,
    starts,
    where,
    wherever,
)
from identigraph.text.single import Single

texts = st.one_of(st.none(), st.sampled_from(["", "a", "b", "a b", "é", "ab é", " a"]), st.text("ab é", max_size=5))
truths = st.sampled_from([None, True, False])
OPERATIONS = {
    "nonempty": (nonempty, 1),
    "empty": (empty, 1),
    "coalesced": (coalesced, 3),
    "joined": (joined, 3),
    "recoded": (lambda text: recoded(text, {"a": "x", "b": ""}), 1),
    "recoded to null": (lambda text: recoded(text, {"a": "x", "b": None}), 1),
    "recoded, no others": (lambda text: recoded(text, {"a": "x"}, others=False), 1),
    "one_of": (lambda text: one_of(text, frozenset({"a", "é"})), 1),
    "among": (lambda text: among(text, "ab"), 1),
    "starts": (starts, 2),
    "ends": (ends, 2),
    "groups": (lambda text: groups(text, "(?<first>[ab])(?<then> é)?"), 1),
    "matches": (lambda text: matches(text, r"\b\w"), 1),
    "halves": (lambda text: halves(text, " "), 1),
    "lengths": (lengths, 2),
    "mapped": (lambda *columns: mapped(lambda one, other: f"{one}{other}" if one else None, *columns), 2),
}


def plain(found: Any) -> Any:
    """Return what an operation gives as plain values."""
    if isinstance(found, dict):
        return {name: plain(column) for name, column in found.items()}
    if isinstance(found, list | tuple):
        return [plain(column) for column in found]
    return found.value if isinstance(found, Single) else found.item()


@pytest.mark.parametrize("name", OPERATIONS)
@given(values=st.tuples(texts, texts, texts))
def test_one_value_gives_what_a_column_of_it_gives(name: str, values: tuple[str | None, ...]) -> None:
    operation, width = OPERATIONS[name]
    if name == "among" and (values[0] is None or len(values[0]) != 1):
        return
    columns = [pl.Series([value], dtype=pl.String) for value in values[:width]]
    assert plain(operation(*map(Single, values[:width]))) == plain(operation(*columns))


@given(masks=st.tuples(truths, truths), values=st.tuples(texts, texts, texts))
def test_one_value_is_chosen_and_changed_as_in_a_column(
    masks: tuple[bool | None, ...], values: tuple[str | None, ...]
) -> None:
    series = [pl.Series([mask], dtype=pl.Boolean) for mask in masks], [pl.Series([v], dtype=pl.String) for v in values]
    singles = [Single(mask) for mask in masks], [Single(value) for value in values]
    found = []
    for (one, other), (a, b, c) in (series, singles):
        found.append([
            plain(case((one, a), (other, b), default=c)),
            plain(case((one, "x"), (other, b))),
            plain(case((one, a), default="y")),
            plain(case((one, 1), (other, 2), default=3)),
            plain(where(one, lambda text: text + "!", a)),
            plain(wherever(one, lambda left, right: (right, left), a, b)),
        ])  # fmt: skip
    assert found[0] == found[1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_the_largest_number_is_that_of_plain_python(numbers: list[int]) -> None:
    assert largest(*map(Single, numbers)).value == max(numbers)
    assert largest(*(pl.Series([number]) for number in numbers)).item() == max(numbers)


def test_values_where_the_mask_is_not_true_are_not_looked_at() -> None:
    def refuse(*columns: Any) -> Any:
        raise AssertionError(columns)

    for mask, column in ((pl.Series([False, None]), pl.Series(["a", "b"])), (Single(None), Single("a"))):
        assert where(mask, refuse, column) is column
        assert wherever(mask, refuse, column, column) == (column, column)
    seen = list[list[str]]()
    where(pl.Series([True, False]), lambda few: seen.append(few.to_list()) or few, pl.Series(["a", "b"]))  # type: ignore[func-returns-value]
    assert seen == [["a"]]


def test_a_case_of_many_rows_takes_the_first_true_condition_of_each() -> None:
    one, other = pl.Series([True, False, True, None]), pl.Series([True, True, False, False])
    assert case((one, "a"), (other, "b"), default="c").to_list() == ["a", "b", "a", "c"]
    assert case((pl.Series([], dtype=pl.Boolean), "a")).to_list() == []
