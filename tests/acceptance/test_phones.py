"""Example numbers of all regions, in four ways to write them, against their E.164 form.

A normalized number has no leading zeros and its calling code stands beside it, so it is compared with what follows the
calling code in E.164, leading zeros taken off (Italian numbers have some).
"""

from __future__ import annotations

from collections.abc import Callable

import phonenumbers
import polars as pl
import pytest

from identigraph.fields import Phone

FORMATS = {"e164": 2, "international": 3, "national": 4, "rfc3966": 5}
COUNTING_UP = "123456789 and its like is null: a placeholder more often than a number"
FOUR_DIGITS = "fewer than five digits are null"
ARGENTINE_15 = "the 15 of Argentine mobile numbers, which is a 9 in front in E.164, is not known"
DIFFERING = {
    **{
        (region, kind, form): COUNTING_UP
        for region, kind in [
            ("AT", "fixed"), ("BE", "fixed"), ("CD", "fixed"), ("CI", "mobile"), ("DZ", "fixed"), ("FR", "fixed"),
            ("HR", "fixed"), ("HU", "fixed"), ("IQ", "fixed"), ("MM", "fixed"), ("MW", "fixed"), ("MY", "mobile"),
            ("PL", "fixed"), ("SI", "fixed"), ("TM", "fixed"), ("YE", "fixed"),
        ]
        for form in FORMATS
    },
    **{
        (region, kind, form): FOUR_DIGITS
        for region, kind in [("NU", "fixed"), ("TA", "fixed"), ("TK", "fixed"), ("TK", "mobile")]
        for form in FORMATS
    },
    ("AR", "mobile", "national"): ARGENTINE_15,
}  # fmt: skip
"""Region, kind of number and way to write it, of those that differ, and why."""


@pytest.fixture(scope="module")
def numbers(table: Callable[[str], list[list[str]]]) -> list[list[str]]:
    """Return the rows: region, kind, E.164, international, national, RFC 3966."""
    return table("phonenumbers/example_numbers.csv")[1:]


@pytest.fixture(scope="module")
def wrong(numbers: list[list[str]]) -> list[tuple[str, str, str, str | None]]:
    """Return region, kind, way to write it and normalized number of those that do not give E.164."""
    differing = []
    for region in sorted({row[0] for row in numbers}):
        rows, code = [row for row in numbers if row[0] == region], str(phonenumbers.country_code_for_region(region))
        for form, column in FORMATS.items():
            parts = Phone(region=region).normalize("column", pl.Series([row[column] for row in rows]))
            for row, number, country in zip(rows, parts[""], parts["country"], strict=True):
                expected = row[2].removeprefix(f"+{code}").lstrip("0")
                stated = {code, None} if form == "national" else {code}
                if number != expected or country not in stated:
                    differing.append((region, row[1], form, number))
    return differing


@pytest.mark.shared_data
def test_all_ways_to_write_a_number_give_e164_but_for_those_named(
    numbers: list[list[str]], wrong: list[tuple[str, str, str, str | None]]
) -> None:
    """81 of 2,692 differ, all but one because they are null on purpose; of the others more than 99 % are equal."""
    on_purpose = [row for row in wrong if row[3] is None]
    assert len(numbers) == 673
    assert {row[:3] for row in wrong} == set(DIFFERING)
    assert {row[:3] for row in wrong} - {row[:3] for row in on_purpose} == {("AR", "mobile", "national")}
    assert len(wrong) - len(on_purpose) <= 0.01 * (len(FORMATS) * len(numbers) - len(on_purpose))


@pytest.mark.shared_data
def test_numbers_null_on_purpose_count_up_or_have_four_digits(numbers: list[list[str]]) -> None:
    """The reasons given are the reasons."""
    kinds = {(row[0], row[1]): row[2] for row in numbers}
    for (region, kind, _), reason in DIFFERING.items():
        national = kinds[region, kind].removeprefix(f"+{phonenumbers.country_code_for_region(region)}").lstrip("0")
        assert (national in "1234567890") == (reason == COUNTING_UP)
        assert (len(national) == 4) == (reason == FOUR_DIGITS)


@pytest.mark.shared_data
def test_all_ways_to_write_a_number_are_written_alike_but_for_those_named(numbers: list[list[str]]) -> None:
    """Calling code and number, digit by digit those of E.164; what is null is not valid, all else is."""
    differing = set()
    for region in sorted({row[0] for row in numbers}):
        rows, kind = [row for row in numbers if row[0] == region], Phone(region=region)
        for form, column in FORMATS.items():
            values = pl.Series([row[column] for row in rows])
            written, valid = kind.format(values), kind.valid(values)
            digits = "+" + written.str.replace_all(r"\D", "")
            differing |= {(r[0], r[1], form) for r, got in zip(rows, digits, strict=True) if got != r[2]}
            assert (valid == written.is_not_null()).all()
    assert differing == set(DIFFERING)
