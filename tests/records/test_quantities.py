"""Columns read as quantities: times against the standard library, numbers in a range, and what is told of the rest."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.errors import ColumnNotFoundError, ColumnWarning
from identigraph.fields import Date, Number
from identigraph.records.quantities import numbers, raw, seconds, shown, times

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def expected(text: str) -> float | None:
    """Return what the standard library reads."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=dt.UTC)) - EPOCH).total_seconds()


def known(number: float) -> float | None:
    return None if math.isnan(number) else number


ZONES = st.none() | st.builds(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)), st.integers(-23 * 60 - 59, 23 * 60 + 59)
)
YEARS = (dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29))  # noqa: DTZ001 - the zone is drawn


@given(st.lists(st.datetimes(*YEARS, timezones=ZONES), max_size=10), st.sampled_from(["T", " "]))
def test_times_are_read_as_by_the_standard_library(moments: list[dt.datetime], mark: str) -> None:
    for precise in ("auto", "minutes", "milliseconds"):
        texts = [moment.isoformat(mark, precise) for moment in moments]
        assert seconds(pl.Series(texts, dtype=pl.String)).tolist() == pytest.approx([*map(expected, texts)], abs=1e-5)


DIGITS = st.sampled_from(
    ["00", "01", "02", "12", "13", "23", "25", "29", "30", "31", "32", "59", "60", "99", "1", "٠١"]
)
CLOCK = st.builds(
    "{}{}:{}{}".format, st.sampled_from(["T", " "]), DIGITS, DIGITS, st.just("") | DIGITS.map(":{}".format)
)
OFFSET = st.sampled_from(["", "Z", "+02:00", "-0530", "+24:00", "+05", "+5"])


@given(st.builds("{}-{}-{}{}{}".format, st.sampled_from(["2023", "2024", "1900"]), DIGITS, DIGITS, CLOCK, OFFSET))
def test_what_is_no_time_is_none(text: str) -> None:
    assert known(seconds(pl.Series([text]))[0]) == expected(text)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024", "2024-05", "20240501", "01.05.2024", "2024-05-01T", "2024-05-01T10", "2024-05-01 10:00 pm",
     "2024-02-30", "x2024-05-01", "2024-05-01x", "2024-05-01 25:00", "2024-05-01 10:60", "2024-05-01 10:00:60",
        "2024-05-01T10:00+01:60"],
)  # fmt: skip
def test_partial_and_broken_times_are_none(text: str) -> None:
    assert math.isnan(seconds(pl.Series([text]))[0])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59", -1),
        ("1970-01-01 00:00 Z", 0),
        ("1970-01-01T05:30:00+0530", 0),
        ("1970-01-01T00:00-01", 3_600),
        ("1970-01-02T00:00:00.25 +00:15", 86_400 - 900 + 0.25),
        ("2024-02-29", 1_709_164_800),
    ],
)
def test_dates_times_fractions_and_offsets_are_seconds(text: str, read: float) -> None:
    assert seconds(pl.Series([text])).tolist() == [read]


def test_times_of_a_column_come_by_distinct_value_and_the_unread_are_counted_by_record() -> None:
    records = Records.of({"at": ["1970-01-02", "never", "never", None, "1970-01-01"] + ["1970-01-03"] * 1_200})
    with pytest.warns(ColumnWarning) as told:
        column, read = times(records, "at", "reader(7)")
    assert column.values.to_list() == ["1970-01-01", "1970-01-02", "1970-01-03", "never"]
    assert [known(at) for at in read.tolist()] == [0, 86_400, 172_800, None]
    assert str(told[0].message) == (
        "reader(7): 2 of 1,204 values of 'at' are no ISO 8601 date or time; their records have no pair"
    )


def test_numbers_out_of_range_and_words_are_none_and_counted() -> None:
    given_numbers = [" 5 ", "-90", "90.0001", "1e1", "nan", "inf", "five", "90", "1,5", None]
    records = Records.of({"lat": given_numbers})
    with pytest.warns(ColumnWarning) as told:
        column, read = numbers(records, "lat", -90, 90, "reader()")
    found = dict(zip(column.values.to_list(), map(known, read.tolist()), strict=True))
    assert found == {
        " 5 ": 5, "-90": -90, "90.0001": None, "1e1": 10, "nan": None, "inf": None, "five": None, "90": 90, "1,5": None
    }  # fmt: skip
    assert str(told[0].message) == (
        "reader(): 5 of 9 values of 'lat' are no number from -90 to 90; their records have no pair"
    )


def test_where_all_is_read_nothing_is_told() -> None:
    records = Records.of({"lat": ["1", None], "at": ["2024-05-01", None]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert numbers(records, "lat", 0, 1, "r")[1].tolist() == [1]
        assert times(records, "at", "r")[1].tolist() == [1_714_521_600]


def test_a_column_is_read_as_given_and_a_field_as_normalized() -> None:
    data = {"at": ["2024-05-01T10:00", None], "day": ["1 May 2024", None], "price": ["$ 1,648.72", "3"]}
    records = Records.of(data, fields={"day": Date(), "cost": Number("price")})
    by_name = {name: raw(records, name).decoded().drop_nulls().sort().to_list() for name in (*data, "cost")}
    assert by_name == {
        "at": ["2024-05-01T10:00"],
        "day": ["2024-05-01"],
        "price": ["$ 1,648.72", "3"],
        "cost": ["1648.72", "3"],
    }
    assert raw(records, "price") is raw(records, "price")
    with pytest.raises(ColumnNotFoundError, match="no field or column 'prise'"):
        raw(records, "prise")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_shown_so_that_it_can_be_read_again(number: float) -> None:
    assert float(shown(number)) == number


def test_a_number_is_shown_short() -> None:
    assert [shown(1_800.0), shown(0.5), shown(1e300), shown(1_234_567)] == ["1800", "0.5", "1e+300", "1234567"]
