"""Numbers: formats, the decimal mark found from the values, and what is no number."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields.kind import FieldKind
from identigraph.fields.number import Number

DATA = Path(__file__).parents[2].parent / "shared" / "data"

ALONE = {
    "33": "33",
    "33.0": "33",
    "0033": "33",
    "1,648.72": "1648.72",
    "1.648,72 €": "1648.72",
    "1 648,72": "1648.72",
    "1\u00a0648,72": "1648.72",
    "1'648.72": "1648.72",
    "1,23,456.78": "123456.78",
    "1.234.567": "1234567",
    "1,234,567": "1234567",
    "1234.567": "1234.567",
    "1234,567": "1234.567",
    "0.123": "0.123",
    "0,123": "0.123",
    "12,5": "12.5",
    "1.234": "1.234",
    "1,234": "1234",
    ".5": "0.5",
    ",5": "0.5",
    "5.": "5",
    "1.50": "1.5",
    "100": "100",
    "0.00": "0",
    "-0": "0",
    "+5": "5",
    "-12.5": "-12.5",
    "−12.5": "-12.5",
    "- 12.5": "-12.5",
    "12.5-": "-12.5",
    "(12.5)": "-12.5",
    "(-12.5)": "-12.5",
    "($1,000.00)": "-1000",
    "$158.00": "158",
    "-$5": "-5",
    "$-5": "-5",
    "US$ 5": "5",
    "5 EUR": "5",
    "$5 USD": "5",
    "£12.50": "12.5",
    "₹1,000": "1000",
    "Rs. 12": "12",
    "12 %": "12",
    "٣٤": "34",
    "12345678901234567890.10": "12345678901234567890.1",
    # no number
    "": None,
    "-": None,
    "$": None,
    ".": None,
    "abc": None,
    "12 kg": None,
    "1e5": None,
    "12 34": None,
    "1,23": "1.23",
    "1.2.3": None,
    "12,34,5": None,
    "0,123,456": None,
    "1,234.567.8": None,
    "10-20": None,
    "(5": None,
    "12 eur 13": None,
    "12/5": None,
}

decimals = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)
like_numbers = st.text("0123456789.,' -$()", max_size=12)
anything = st.lists(st.one_of(like_numbers, st.text(max_size=8)), max_size=20, unique=True)


def main(values: list[str]) -> list[str | None]:
    """Return the main part of `values`, normalized together."""
    return Number().normalize("column", pl.Series(values, dtype=pl.String))[""].to_list()


def plain(number: Decimal) -> str:
    """Return `number` without needless zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def test_it_is_a_field_kind() -> None:
    assert isinstance(Number(), FieldKind)
    assert Number.per_source
    assert Number().parts == ("",)
    assert Number("amount").roles("price") == {"column": "amount"}
    assert Number().roles("price") == {"column": "price"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Number().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), ALONE.items())
def test_a_value_alone_reads(value: str, expected: str | None) -> None:
    assert main([value]) == [expected]


def test_clear_values_decide_on_the_decimal_mark() -> None:
    assert main(["1.234", "1,234", "1,5"]) == ["1234", "1.234", "1.5"]
    assert main(["1.234", "1,234", "1.5"]) == ["1.234", "1234", "1.5"]
    assert main(["1.234", "1,234", "1.5", "1,5"]) == ["1.234", "1234", "1.5", "1.5"]
    assert main(["1.234", "1,234", "1.5", "1,5", "2,5"]) == ["1234", "1.234", "1.5", "1.5", "2.5"]
    assert main(["1.234", "1.234.567"]) == ["1234", "1234567"]


def test_ambiguous_and_neutral_values_are_no_evidence() -> None:
    assert main(["1.234", "1,234", "5,678", "12", "1 234"]) == ["1.234", "1234", "5678", "12", "1234"]


@given(st.lists(decimals, max_size=10), st.sampled_from([",.", ".,", " ,", " .", "'.", "',"]), st.booleans())
def test_a_number_in_any_notation_comes_back(numbers: list[Decimal], marks: str, brackets: bool) -> None:
    def written(number: Decimal) -> str:
        text = format(abs(number), ",.2f").translate(str.maketrans(",.", marks))
        sign = number < 0
        return f"({text})" if sign and brackets else "-" * sign + text

    assert main([written(n) for n in numbers]) == [plain(n) for n in numbers]


@given(anything)
def test_any_text_gives_a_number_without_needless_zeros_or_null(values: list[str]) -> None:
    found = main(values)
    assert len(found) == len(values)
    for value in found:
        assert value is None or (re.fullmatch(r"-?\d+(\.\d+)?", value) and value == plain(Decimal(value)))


@given(st.lists(decimals.map(str), max_size=10))
def test_plain_numbers_keep_their_value(values: list[str]) -> None:
    assert [Decimal(str(value)) for value in main(values)] == [Decimal(value) for value in values]


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = [value for value in main(values) if value is not None]
    assert main(once) == once


@given(anything, st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_nothing(values: list[str], random: Any) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert dict(zip(values, main(values), strict=True)) == dict(zip(shuffled, main(shuffled), strict=True))


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
def test_every_price_is_a_number() -> None:
    prices = pl.read_parquet(DATA / "abt_buy" / "records.parquet")["price"].drop_nulls().unique()
    expected = prices.str.replace_all("[$,]", "").cast(pl.Float64)
    assert pl.Series(main(prices.to_list())).cast(pl.Float64).equals(expected)


def test_a_number_is_written_in_decimal_notation_with_the_mark_of_its_column() -> None:
    values = pl.Series(["1.234", "(2,50) €", "a lot", ""])
    assert Number().format(values).to_list() == ["1234", "-2.5", None, None]
    assert Number().valid(values).to_list() == [True, True, False, False]


def test_a_given_decimal_mark_decides_what_a_value_leaves_open() -> None:
    values = pl.Series(["1.234", "1,234", "0,5", "0.5"])
    assert Number(decimal_mark=",").normalize("column", values)[""].to_list() == ["1234", "1.234", "0.5", "0.5"]
    assert Number(decimal_mark=".").normalize("column", values)[""].to_list() == ["1.234", "1234", "0.5", "0.5"]


def test_another_decimal_mark_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"decimal_mark must be None, '\.' or ',', got ';'"):
        Number(decimal_mark=";")  # type: ignore[arg-type]


def test_a_settled_number_keeps_its_mark() -> None:
    settled = Number().settled({"column": pl.Series(["0,5"])})
    assert settled.decimal_mark == ","
    assert settled.settled({"column": pl.Series(["0.5"])}) is settled
    assert Number().settled({"column": pl.Series(["1,234"])}).decimal_mark == "."
