"""Identifiers: one form for all ways to write one, and values that identify nobody."""

from __future__ import annotations

import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.identifier import Identifier
from identigraph.fields.kind import FieldKind

EXAMPLES = {
    "RUK-109 337": "ruk109337",
    "ruk/109.337": "ruk109337",
    "ＲＵＫ１０９３３７": "ruk109337",
    "Ünïd-5": "unid5",
    "0042": "0042",
    "42": "42",
    "42.0": "42",
    "0042.0": "0042",
    "1.10": "110",
    "42.00": "4200",
    "v42.0": "v420",
    "9": "9",
    "90": "90",
    "111": "111",
    "1112": "1112",
    "testing": "testing",
    "idaho": "idaho",
    "1e5": "1e5",
    "-12": "12",
}
NOBODY = [
    "", " ", "--", "0", "00", "000-000", "0.0", "99", "999-99-9999", "1111", "22222", "3333.0", "8888", "-1", "-1.0",
    "null", "NULL", "None", "nil", "NaN", "n/a", "NA", "N.A.", "Unknown", "undefined", "anonymous", "Guest", "test",
    "TBD", "declined", "refused", "true", "False", "[object Object]", "id", "distinct_id", "e-mail",
    "1.23457E+11", "1e+15",
]  # fmt: skip

anything = st.lists(
    st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("0019.-e+nA"))), max_size=20, unique=True
)


def main(values: list[str]) -> list[str | None]:
    """Return the main part of `values`."""
    return Identifier().normalize("column", pl.Series(values, dtype=pl.String))[""].to_list()


def test_it_is_a_field_kind() -> None:
    assert isinstance(Identifier(), FieldKind)
    assert not Identifier.per_source
    assert Identifier().parts == ("",)
    assert Identifier("card").roles("loyalty") == {"column": "card"}
    assert Identifier().roles("loyalty") == {"column": "loyalty"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Identifier().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_an_identifier_reads(value: str, expected: str) -> None:
    assert main([value]) == [expected]


@pytest.mark.parametrize("value", NOBODY)
def test_a_value_that_identifies_nobody_is_null(value: str) -> None:
    assert main([value]) == [None]


@given(
    st.text(string.ascii_lowercase, min_size=1),
    st.integers(1, 10**15),
    st.sampled_from(["-", " ", "/", ".", "_", ": "]),
)
def test_separators_and_case_make_no_difference(letters: str, digits: int, mark: str) -> None:
    plain = f"{letters}{digits}"
    assert main([plain, f"{letters}{mark}{digits}", f" {letters.upper()}{mark}{digits}#"]) == [plain] * 3


@given(st.integers(0, 10**15))
def test_a_number_and_its_float_are_equal(number: int) -> None:
    whole, floating = main([str(number), f"{number}.0"])
    assert whole == floating


@given(anything)
def test_any_text_gives_lower_case_letters_and_digits_or_null(values: list[str]) -> None:
    found = main(values)
    assert len(found) == len(values)
    assert all(value is None or set(value) <= set(string.ascii_lowercase + string.digits) for value in found)
    assert "" not in found


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = [value for value in main(values) if value is not None]
    assert main(once) == once


@given(anything)
def test_each_value_is_normalized_for_itself(values: list[str]) -> None:
    assert main(values) == [main([value])[0] for value in values]
