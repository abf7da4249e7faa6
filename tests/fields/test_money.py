"""Sums of money: amount and currency, however they are written."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields import FieldKind, Money, Number
from identigraph.fields.money import AMBIGUOUS, CURRENCIES, DECIMALS, SYMBOLS, WORDS

ALONE = {
    "12.5": ("12.5", None, "12.50"),
    "€12,50": ("12.5", "eur", "12.50 EUR"),
    "12.50EUR": ("12.5", "eur", "12.50 EUR"),
    "eur12.50": ("12.5", "eur", "12.50 EUR"),
    "12 Euros": ("12", "eur", "12.00 EUR"),
    "1.299,50 €": ("1299.5", "eur", "1299.50 EUR"),
    "£1,234.56": ("1234.56", "gbp", "1234.56 GBP"),
    "￡5": ("5", "gbp", "5.00 GBP"),
    "$5": ("5", "usd", "5.00 USD"),
    "US$ 5": ("5", "usd", "5.00 USD"),
    "US $5": ("5", "usd", "5.00 USD"),
    "$5 USD": ("5", "usd", "5.00 USD"),
    "$5 CAD": ("5", "cad", "5.00 CAD"),
    "R$ 5,00": ("5", "brl", "5.00 BRL"),
    "5 dollars": ("5", "usd", "5.00 USD"),
    "-€5": ("-5", "eur", "-5.00 EUR"),
    "€-5": ("-5", "eur", "-5.00 EUR"),
    "(€5)": ("-5", "eur", "-5.00 EUR"),
    "CHF 5.-": ("5", "chf", "5.00 CHF"),
    "5,-- €": ("5", "eur", "5.00 EUR"),
    "1'000 Fr.": ("1000", "chf", "1000.00 CHF"),
    "¥500": ("500", "jpy", "500 JPY"),
    "¥0.5": ("0.5", "jpy", "0.5 JPY"),
    "KWD 1.234": ("1.234", "kwd", "1.234 KWD"),
    "KWD 1": ("1", "kwd", "1.000 KWD"),
    "0.12345 USD": ("0.12345", "usd", "0.12345 USD"),
    "Rs. 12": ("12", "inr", "12.00 INR"),
    "₹1,000": ("1000", "inr", "1000.00 INR"),
    "5 zł": ("5", "pln", "5.00 PLN"),
    "5 Kč": ("5", "czk", "5.00 CZK"),
    "12,50 kr.": ("12.5", None, "12.50"),
    "99999999999999999999.01 USD": ("99999999999999999999.01", "usd", "99999999999999999999.01 USD"),
    "5 EUR USD": (None, None, None),
    "$5 kr": (None, None, None),
    "12 foo": (None, None, None),
    "EUR": (None, None, None),
    "5 %": (None, None, None),
    "12 EUR 13": (None, None, None),
    "": (None, None, None),
}
INLAND = [
    ("EUR", "12.5", "12.5 eur"),
    ("eur", "$5", "5 usd"),
    ("CAD", "$5", "5 cad"),
    ("CAD", "US$5", "5 usd"),
    ("CAD", "12 dollars", "12 cad"),
    ("MXN", "$5", "5 mxn"),
    ("SEK", "5 kr", "5 sek"),
    ("EUR", "5 kr", "5"),
    ("CNY", "¥5", "5 cny"),
    ("PKR", "Rs 5", "5 pkr"),
    ("GBP", "Rs 5", "5 inr"),
]


@pytest.mark.parametrize(("value", "expected"), ALONE.items())
def test_a_sum_alone_reads(value: str, expected: tuple[str | None, ...]) -> None:
    amount, currency, written = expected
    values = pl.Series([value])
    main = amount and (f"{amount} {currency}" if currency else amount)
    assert Money().normalize("column", values).row(0) == (main, amount, currency)
    assert Money().format(values).to_list() == [written]
    assert Money().valid(values).to_list() == [written is not None]


@pytest.mark.parametrize(("currency", "value", "expected"), INLAND)
def test_the_given_currency_is_that_of_bare_and_ambiguous_sums(currency: str, value: str, expected: str) -> None:
    assert Money(currency=currency).normalize("column", pl.Series([value]))[""].to_list() == [expected]


def test_the_column_decides_on_the_decimal_mark() -> None:
    sums = pl.Series(["€1.234", "2,50 €", "3,10"])
    assert Money().normalize("column", sums)["amount"].to_list() == ["1234", "2.5", "3.1"]


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2)


@given(st.lists(st.tuples(amounts, st.sampled_from(sorted(CURRENCIES)), st.booleans()), min_size=1, max_size=8))
def test_sums_with_codes_come_back(sums: list[tuple[Decimal, str, bool]]) -> None:
    values = [f"{code.upper()} {amount:,}" if before else f"{amount:,}{code}" for amount, code, before in sums]
    parts = Money().normalize("column", pl.Series(values))
    plain = Number().normalize("column", pl.Series([f"{amount:,}" for amount, _, _ in sums]))[""]
    assert parts["amount"].to_list() == plain.to_list()
    assert parts["currency"].to_list() == [code for _, code, _ in sums]


def test_all_signs_stand_for_currencies() -> None:
    meant = {*SYMBOLS.values(), *WORDS.values(), *DECIMALS, *(c for codes in AMBIGUOUS.values() for c in codes if c)}
    assert meant - {"yen"} <= CURRENCIES


def test_it_is_a_field_kind() -> None:
    assert isinstance(Money(), FieldKind)
    assert Money.per_source
    assert Money("total").roles("sum") == {"column": "total"}
    assert Money().roles("sum") == {"column": "sum"}
    columns = {"column": pl.Series(["1"])}
    assert Money().assemble(columns) is columns


@pytest.mark.parametrize("currency", ["euro", "xyz", "$", ""])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(ConfigurationError, match="ISO 4217"):
        Money(currency=currency)


def test_a_given_decimal_mark_decides_what_a_sum_leaves_open() -> None:
    values = pl.Series(["€ 1.234", "€ 1,234"])
    assert Money(decimal_mark=",").normalize("column", values)["amount"].to_list() == ["1234", "1.234"]
    assert Money(decimal_mark=".").normalize("column", values)["amount"].to_list() == ["1.234", "1234"]
    assert Money().settled({"column": pl.Series(["5,- €", "0,5 $"])}) == Money(decimal_mark=",")
