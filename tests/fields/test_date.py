"""Dates: formats, order found from the values, invalid dates, the first of January."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields.date import DEFAULT_DATES, MONTHS, Date
from identigraph.fields.date_order import MARKS, Orders
from identigraph.fields.kind import FieldKind
from identigraph.records import Reading, Records

DATA = Path(__file__).parents[2].parent / "shared" / "data"

ALONE = {
    "1990-03-15": "1990-03-15",
    " 1990-3-5 ": "1990-03-05",
    "1990-03-15T00:00:00": "1990-03-15",
    "1990-03-15 00:00:00+00:00": "1990-03-15",
    "7/13/1970 12:00:00 AM": "1970-07-13",
    "19900315": "1990-03-15",
    "19900315.0": "1990-03-15",
    "15/03/1990": "1990-03-15",
    "3/15/90": "1990-03-15",
    "90/03/15": "1990-03-15",
    "90/3/5": "1990-03-05",
    "15.03.1990": "1990-03-15",
    "15. 3. 1990": "1990-03-15",
    "15.03.00": "2000-03-15",
    "1990 03 15": "1990-03-15",
    "１９９０／０３／１５": "1990-03-15",
    "15-Mar-92": "1992-03-15",
    "92-Mar-15": "1992-03-15",
    "15MAR1992": "1992-03-15",
    "March 15, 1992": "1992-03-15",
    "March 15th, 1992": "1992-03-15",
    "15 March 1992": "1992-03-15",
    "the 1st of March 1992": "1992-03-01",
    "1992 Mar 15": "1992-03-15",
    "Fri, 15 Mar 1992 10:00:00 GMT": "1992-03-15",
    "Wednesday, 15 March 1992": "1992-03-15",
    "31-Mar-05": "2005-03-31",
    "15. März 1992": "1992-03-15",
    "1er août 2003": "2003-08-01",
    "15 de marzo de 1992": "1992-03-15",
    "15 dicembre 1992": "1992-12-15",
    "Mar 1992": "1992-03",
    "mar-92": "1992-03",
    "1990-03": "1990-03",
    "03/1990": "1990-03",
    "03/90": "1990-03",
    "1992": "1992",
    "1972.0": "1972",
    "1992.": "1992",
    "(1994).": "1994",
    "1993a.": "1993",
    # what is certain of invalid dates
    "1990-13-25": "1990",
    "1990-02-30": "1990",
    "1991-02-29": "1991",
    "1990-03-00": "1990-03",
    "1990-00-00": "1990",
    "1990-03-81": "1990-03",
    "1990-03-155": "1990-03",
    "19900381": "1990",
    "19900300": "1990-03",
    "19401327": "1940",
    "13/14/1990": "1990",
    "04/255/1971": "1971",
    "31-feb-1990": "1990",
    "30 feb 92": "1992",
    "45 march 1990": "1990-03",
    "13/90": "1990",
    # no date, or too little of one
    "3/81/90": None,
    "30/02/90": None,
    "3/15": None,
    "15/3/5": None,
    "3/190": None,
    "90/45": None,
    "-1990-01-01": None,
    "Mar 15": None,
    "5 3 1": None,
    "90": None,
    "199": None,
    "900315": None,
    "11990-03-15": None,
    "-0850-01-01": None,
    "0850-01-01": None,
    "0000-00-00": None,
    "9999-12-31": None,
    "1990-1991": None,
    "1990 march 1992": None,
    "12 foo 1990": None,
    "5 march 1": None,
    "12:45": None,
    "unknown": None,
    "99999999999999999999": None,
    "99999999999999999999 march": None,
    "": None,
    "--": None,
}

NAMES = {
    "{d}. {name} {y}": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "{name} {d}, {y}": "January February March April May June July August September October November December",
    "{d} {name} {y}": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "{d} de {name} de {y}": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "{d}º {name} {y}": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "{d}-{name}-{y}": "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
    "{y} {name} {d}": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
}
PLAIN = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y.%m.%d 00:00",
    "%d %b %Y",
    "%B %d, %Y",
    "(%Y-%m-%d).",
)

days = st.dates(date(1000, 1, 1), date(2100, 12, 31))
recent = st.dates(date(1930, 1, 1), date(2029, 12, 31))
like_dates = st.from_regex(r"\A[0-9]{1,4}[-/. ]?([0-9]{1,2}|mar|Mai)[-/. ]?[0-9]{0,4}\Z")
anything = st.lists(st.one_of(st.text(max_size=12), like_dates, days.map(str)), max_size=30, unique=True)


def main(values: list[str], kind: Date | None = None) -> list[str | None]:
    """Return the main part of `values`, normalized together."""
    return (kind or Date()).normalize("full", pl.Series(values, dtype=pl.String))[""].to_list()


def written(days: list[date], order: str, mark: str, *, year_digits: int = 4) -> list[str]:
    """Return `days` in numbers, in the given order."""
    numbers = [{"D": f"{d.day:02}", "M": f"{d.month:02}", "Y": f"{d.year:04}"[-year_digits:]} for d in days]
    return [mark.join(number[letter] for letter in order) for number in numbers]


def test_it_is_a_field_kind() -> None:
    assert isinstance(Date(), FieldKind)
    assert Date.per_source


@pytest.mark.parametrize(("value", "expected"), ALONE.items())
def test_a_value_alone_reads(value: str, expected: str | None) -> None:
    assert main([value]) == [expected]


def test_year_and_month_day_follow_from_the_date() -> None:
    parts = Date().normalize("full", pl.Series(["1990-03-15", "1990-03", "1990", "x"]))
    assert tuple(parts.columns) == Date().parts == ("", "year", "month_day")
    assert parts["year"].to_list() == ["1990", "1990", "1990", None]
    assert parts["month_day"].to_list() == ["03-15", None, None, None]


@given(st.lists(days, max_size=20), st.sampled_from(PLAIN))
def test_a_date_in_any_format_comes_back(dates: list[date], form: str) -> None:
    texts = [d.strftime(form.replace("%Y", f"{d.year:04}")) for d in dates]
    assert main(texts, Date(first_of_january="keep")) == [str(d) for d in dates]


@given(st.lists(days, max_size=20), st.sampled_from(sorted(NAMES.items())))
def test_a_month_is_known_by_its_name(dates: list[date], form: tuple[str, str]) -> None:
    names = form[1].split()
    texts = [form[0].format(y=f"{d.year:04}", d=d.day, name=names[d.month - 1]) for d in dates]
    assert main(texts) == [str(d) for d in dates]


@given(
    st.lists(days, max_size=20), st.sampled_from(["DMY", "MDY", "YMD"]), st.sampled_from(["/", ".", "-", " ", " / "])
)
def test_a_given_order_holds_without_evidence(dates: list[date], order: str, mark: str) -> None:
    kind = Date(order=order)  # type: ignore[arg-type]
    assert main(written(dates, order, mark), kind) == [str(d) for d in dates]


@given(st.lists(days, max_size=20), st.sampled_from(["DMY", "MDY"]), st.sampled_from(["/", ".", "-", " "]))
def test_one_clear_date_decides_the_order_of_all(dates: list[date], order: str, mark: str) -> None:
    texts = written([*dates, date(1999, 12, 25)], order, mark)
    assert main(texts) == [*map(str, dates), "1999-12-25"]


@given(st.lists(recent, max_size=20), st.sampled_from(["DMY", "MDY", "YMD"]), st.sampled_from(["/", ".", "-", " "]))
def test_years_of_two_digits_lie_between_1930_and_2029(dates: list[date], order: str, mark: str) -> None:
    texts = written([*dates, date(1999, 12, 25)], order, mark, year_digits=2)
    assert main(texts)[: len(dates)] == [str(d) for d in dates]
    assert main(texts[:-1], Date(order=order)) == [str(d) for d in dates]  # type: ignore[arg-type]


def test_without_evidence_the_day_is_first() -> None:
    assert main(["03/04/1990", "03/04/90"]) == ["1990-04-03"] * 2
    assert main(["03/04/1990", "12/25/1990", "25/12/1990"])[0] == "1990-04-03"


def test_the_majority_decides_and_clear_values_stay_right() -> None:
    values = ["03/04/1990", "12/25/1990", "11/25/1990", "25/12/1990"]
    assert main(values) == ["1990-03-04", "1990-12-25", "1990-11-25", "1990-12-25"]
    assert main(values, Date(order="DMY")) == ["1990-04-03", "1990-12-25", "1990-11-25", "1990-12-25"]


def test_each_mark_has_its_own_order() -> None:
    assert main(["03/04/1990", "12/25/1990", "03.04.1990"]) == ["1990-03-04", "1990-12-25", "1990-04-03"]
    assert main(["03/04/1990", "12/25/90"])[0] == "1990-03-04"


def test_the_order_of_two_digit_years_is_found() -> None:
    assert main(["05/03/04", "90/03/15"]) == ["2005-03-04", "1990-03-15"]
    assert main(["05/03/04", "15/03/90"]) == ["2004-03-05", "1990-03-15"]
    assert main(["05/03/04", "90/03/15"], Date(order="DMY")) == ["2004-03-05", "1990-03-15"]
    assert main(["05/03/04", "15/03/90"], Date(order="YMD")) == ["2005-03-04", "1990-03-15"]


def test_a_year_above_31_is_in_its_place_whatever_the_others_say() -> None:
    assert main(["90/03/15", "15/03/91", "16/03/91"])[0] == "1990-03-15"
    assert main(["15/03/90", "91/03/15", "91/03/16"])[0] == "1990-03-15"


def test_order_ymd_leaves_day_and_month_before_a_year_to_the_values() -> None:
    assert main(["03/04/1990", "12/25/1990"], Date(order="YMD"))[0] == "1990-03-04"


def test_the_order_of_eight_digits_is_the_one_in_which_most_are_dates() -> None:
    assert main(["15031990", "01021990", "19900315"]) == ["1990-03-15", "1990-02-01", None]
    assert main(["19900315", "19901327", "15031990"]) == ["1990-03-15", "1990", None]
    assert main(["19900315", "19121905"], Date(latest=1900)) == [None, None]
    assert main(["19900315", "18121305", "13051899"], Date(earliest=1900)) == ["1990-03-15", None, None]
    assert main(["03151990", "01021990"]) == ["1990-03-15", "1990-01-02"]
    assert main(["10111012"]) == ["1011-10-12"]
    assert main(["10111012"], Date(order="DMY")) == ["1012-11-10"]
    assert main(["10111012"], Date(order="MDY")) == ["1012-10-11"]
    assert main(["19900315"], Date(order="MDY")) == ["1990-03-15"]


def test_month_and_day_are_exchanged_where_no_slip_of_the_pen_explains_them() -> None:
    assert main(["1990-25-03", "1991-04-05"]) == ["1990-03-25", "1991-04-05"]
    assert main(["1990-25-03", "1991-44-05"]) == ["1990", "1991"]
    assert main(["1990-25-03", "1991-44-05", "1990-26-03"]) == ["1990-03-25", "1991", "1990-03-26"]
    assert main(["1990-25-03", "1991-14-15"]) == ["1990", "1991"]
    assert main(["1990-25-03", "05-44-1991"]) == ["1990-03-25", "1991"]


def test_invalid_dates_keep_what_is_certain() -> None:
    """Against the calendar of the standard library; a hundred impossible months keep any from being a swap."""
    triples = [(y, m, d) for y in (1900, 2000, 2023, 2024) for m in range(100) for d in range(100)]

    def certain(year: int, month: int, day: int) -> str:
        try:
            return str(date(year, month, day))
        except ValueError:
            return f"{year}-{month:02}" if 1 <= month <= 12 and (day == 0 or day > 31) else str(year)

    assert main([f"{y}-{m:02}-{d:02}" for y, m, d in triples]) == [certain(*triple) for triple in triples]


def spiked(firsts: int, others: int) -> list[str]:
    """Return so many firsts of January and so many other distinct dates."""
    return [f"{1900 + i}-01-01" for i in range(firsts)] + [f"{1900 + i}-06-15" for i in range(others)]


@pytest.mark.parametrize(
    ("firsts", "others", "expected"), [(3, 48, "1900"), (3, 47, "1900-01-01"), (3, 57, "1900-01-01"), (4, 75, "1900")]
)
def test_firsts_of_january_above_5_percent_of_over_50_dates_become_years(
    firsts: int, others: int, expected: str
) -> None:
    values = spiked(firsts, others)
    found = main(values)
    assert found[:firsts] == [expected[:4].replace("1900", str(1900 + i)) + expected[4:] for i in range(firsts)]
    assert found[firsts:] == values[firsts:]


def test_the_share_of_firsts_of_january_is_of_distinct_whole_dates() -> None:
    texts = [v.replace("-", "/") for v in spiked(3, 0)]
    assert main(spiked(3, 57) + texts)[0] == "1900-01-01"
    assert main(spiked(4, 48) + [str(y) for y in range(1800, 1900)] + ["x", "y"])[0] == "1900"


def test_the_first_of_january_may_be_ruled() -> None:
    assert main(["1990-01-01", "1990-01-02"], Date(first_of_january="year")) == ["1990", "1990-01-02"]
    assert main(spiked(60, 0), Date(first_of_january="keep")) == spiked(60, 0)


def test_years_out_of_range_are_null() -> None:
    kind = Date(earliest=1900, latest=2000)
    values = ["1899-12-31", "1900-01-01", "2000-12-31", "2001-01-01", "1899", "1/1/01"]
    assert main(values, kind) == [None, "1900-01-01", "2000-12-31", None, None, None]
    assert main(["0850-01-02"], Date(earliest=850)) == ["0850-01-02"]


def test_the_pivot_is_the_last_two_digit_year_of_this_century() -> None:
    assert main(["1/2/29", "1/2/30", "1-mar-29", "mar 40"]) == ["2029-02-01", "1930-02-01", "2029-03-01", "1940-03"]
    assert main(["1/2/29", "1/2/30", "mar 40"], Date(pivot=50)) == ["2029-02-01", "2030-02-01", "2040-03"]


def test_default_dates_are_as_the_kind_writes_them() -> None:
    kind = Date(earliest=1, latest=9999, first_of_january="keep")
    assert main(list(DEFAULT_DATES), kind) == list(DEFAULT_DATES)


def test_names_of_months_are_cleaned_and_unambiguous() -> None:
    assert all(name.isascii() and name.isalpha() and name.islower() for name in MONTHS)
    assert set(MONTHS.values()) == {f"{month:02}" for month in range(1, 13)}


def assembled(columns: Mapping[str, list[str | None]], kind: Date) -> list[str | None]:
    """Return the whole dates that `kind` makes of `columns`."""
    series = {role: pl.Series(values, dtype=pl.String) for role, values in columns.items()}
    made = kind.assemble(series)
    assert set(made) == {"full"}
    return made["full"].to_list()


def test_year_month_and_day_are_joined_as_far_as_known() -> None:
    columns: dict[str, list[str | None]] = {
        "year": ["1972", "1972.0", " 72 ", "05", "1972", "1972", None, "7", "0", "197x", "1972"],
        "month": ["3", "03.0", "Mar.", "März", None, "3", "3", "3", "3", "3", "13"],
        "day": ["5", "15.0", "5", "5", "5", None, "5", "5", "5", "5", "5"],
    }
    joined = assembled(columns, Date(year="y", month="m", day="d"))
    expected = ["1972-03-05", "1972-03-15", "1972-03-05", "2005-03-05", "1972", "1972-03"] + [None] * 4 + ["1972-13-05"]
    assert joined == expected


def test_columns_for_month_and_day_may_be_missing() -> None:
    assert assembled({"year": ["72", None]}, Date(year="y", pivot=80)) == ["2072", None]
    assert assembled({"year": ["1972"], "month": ["3"]}, Date(year="y", month="m")) == ["1972-03"]


def test_whole_dates_go_before_joined_ones() -> None:
    columns: dict[str, list[str | None]] = {"full": ["15.3.1972", None], "year": ["1971", "1971"]}
    assert assembled(columns, Date(full="f", year="y")) == ["15.3.1972", "1971"]
    assert assembled({"full": ["a", None]}, Date()) == ["a", None]


def test_roles_name_columns() -> None:
    assert Date().roles("born") == {"full": "born"}
    assert Date("dob").roles("born") == {"full": "dob"}
    assert Date(year="by", month="bm", day="bd").roles("born") == {"year": "by", "month": "bm", "day": "bd"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Date(earliest=0),
        lambda: Date(latest=10_000),
        lambda: Date(earliest=2000, latest=1999),
        lambda: Date(pivot=100),
        lambda: Date(pivot=-1),
    ],
)
def test_numbers_out_of_range_are_refused(make: Callable[[], Date]) -> None:
    with pytest.raises(RangeError):
        make()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": "YDM"}, "order must be"),
        ({"first_of_january": "drop"}, "first_of_january must be"),
        ({"month": "m"}, "needs a year"),
        ({"year": "y", "day": "d"}, "needs a month"),
    ],
)
def test_arguments_without_sense_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Date(**arguments)  # type: ignore[arg-type]


def test_no_values_give_no_rows() -> None:
    assert Date().normalize("full", pl.Series([], dtype=pl.String)).shape == (0, 3)


@given(anything, st.sampled_from([None, "DMY", "MDY", "YMD"]))
def test_any_text_gives_a_valid_date_or_part_of_one_or_null(values: list[str], order: str | None) -> None:
    parts = Date(order=order).normalize("full", pl.Series(values, dtype=pl.String))  # type: ignore[arg-type]
    assert len(parts) == len(values)
    assert set(parts.dtypes) == {pl.String}
    for value in parts[""].drop_nulls():
        assert len(value) in {4, 7, 10}
        assert 1000 <= date.fromisoformat(value + "-01-01"[len(value) - 10 :] * (len(value) < 10)).year <= 2100


@given(anything)
@example([f"{y}-01-01" for y in range(1950, 1960)] + [f"{y}-02-03" for y in range(1900, 1999)] + ["1/1/1950"])
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = Date().normalize("full", pl.Series(values, dtype=pl.String)).drop_nulls("").unique()
    assert Date().normalize("full", once[""]).equals(once)


@given(anything, st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_nothing(values: list[str], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dict(zip(values, main(values), strict=True)) == dict(zip(shuffled, main(shuffled), strict=True))


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
def test_sources_with_different_formats_agree() -> None:
    """Contoso's three sources write dates in two formats; records of one customer agree, as far as no date is wrong."""
    records = pl.read_parquet(DATA / "contoso_customers" / "records.parquet")
    truth = pl.read_parquet(DATA / "contoso_customers" / "truth.parquet")
    frames = []
    for group in records.partition_by("source"):
        values = group["DateOfBirth"].drop_nulls().unique()
        frames.append(group.join(Date().normalize("full", values).with_columns(DateOfBirth=values), on="DateOfBirth"))
    born = pl.concat(frames).join(truth, on="record_id")
    assert born["month_day"].null_count() == 0
    kinds = born.group_by("entity_id").agg(raw=pl.col("DateOfBirth").n_unique(), plain=pl.col("").n_unique())
    assert kinds.filter(pl.col("raw") > 1).height > 0.99 * kinds.height
    assert kinds.filter(pl.col("plain") == 1).height > 0.999 * kinds.height


WHOLE = {
    "15 March 1990": "1990-03-15",
    "1990-03-15T10:00": "1990-03-15",
    "29.02.2024": "2024-02-29",
    "19900315": "1990-03-15",
    "03/1990": "1990-03",
    "March 1990": "1990-03",
    "1990": "1990",
    "(1990).": "1990",
    "29.02.2023": None,
    "1990-13-25": None,
    "1990-03-00": None,
    "1990-03-81": None,
    "19900381": None,
    "3/81/90": None,
    "0999-01-02": None,
    "soon": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WHOLE.items())
def test_a_value_that_is_a_date_in_all_it_says_is_written_in_iso_form(value: str, expected: str | None) -> None:
    values = pl.Series([value])
    assert Date().format(values).to_list() == [expected]
    assert Date().valid(values).to_list() == [expected is not None]


def test_a_first_of_january_that_says_the_year_is_valid_and_written_as_the_year() -> None:
    values = pl.Series(["1990-01-01", "1990-01-00"])
    assert Date(first_of_january="year").valid(values).to_list() == [True, False]
    assert Date(first_of_january="year").format(values).to_list() == ["1990", None]
    assert Date(first_of_january="keep").format(values).to_list() == ["1990-01-01", None]


def test_the_order_of_the_column_decides_how_a_date_is_written() -> None:
    assert Date().format(pl.Series(["03/04/1990", "12/25/1990"])).to_list() == ["1990-03-04", "1990-12-25"]
    assert Date().format(pl.Series(["03/04/1990"])).to_list() == ["1990-04-03"]


def test_an_age_is_the_year_of_birth_where_there_is_no_date() -> None:
    columns = {
        "full": pl.Series(["1980-02-03", None, None, None, None, None]),
        "year": pl.Series([None, "1975", None, None, None, None]),
        "age": pl.Series(["12", "45", "45", "45.0", "121", "young"]),
    }
    date = Date("born", year="year", age="age", as_of=2020)
    assert date.roles("born") == {"full": "born", "year": "year", "age": "age"}
    assert date.assemble(columns)["full"].to_list() == ["1980-02-03", "1975", "1975", "1975", None, None]
    alone = Date(age="age", as_of=2020)
    assert alone.roles("born") == {"age": "age"}
    assert alone.assemble({"age": columns["age"]})["full"].to_list() == ["2008", *["1975"] * 3, None, None]


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"age": "a"}, ConfigurationError, "age='a' needs the year in which ages were told: give as_of=..."),
        ({"age": "a", "as_of": 20}, RangeError, "as_of"),
    ],
)
def test_ages_without_their_year_are_refused(arguments: dict, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=re.escape(told)):
        Date(**arguments)


def test_the_orders_of_a_source_are_told_by_mark() -> None:
    values = ["12/25/1990", "15.3.1990", "90-03-15", "91 03 15", "15031990", "1990-44-05", "12*44*1990", "x"]
    settled = Date().settled({"full": pl.Series(values)})
    told = Orders(compact=("DMY",), year_first=" -", month_first="/", slips="*", slips_behind_year="-")
    assert (settled.order, settled.first_of_january) == (told, "keep")


def test_orders_without_evidence_leave_eight_digits_to_each_value() -> None:
    assert Date().settled({"full": pl.Series(["1990"])}).order == Orders()
    assert main(["15031990", "03151990", "19900315", "99999999"], Date(order=Orders())) == [
        "1990-03-15", "1990-03-15", "1990-03-15", None,
    ]  # fmt: skip
    assert Date(order="MDY").settled({"full": pl.Series(["1990"])}).order == Orders(("MDY", "YMD"), "", MARKS)
    assert Date(order="YMD").settled({"full": pl.Series(["1990"])}).order == Orders(("YMD",), MARKS)


def test_slips_are_told_apart_by_where_the_year_stands() -> None:
    orders = Orders(slips="/", slips_behind_year="-")
    values = ["1990-25-03", "1990/25/03", "25-03-1990", "03/25/1990"]
    assert main(values, Date(order=orders)) == ["1990", "1990-03-25", "1990-03-25", "1990"]


def test_firsts_of_january_are_settled_by_their_share() -> None:
    for values, told in ((spiked(3, 48), "year"), (spiked(3, 57), "keep")):
        assert Date().settled({"full": pl.Series(values)}).first_of_january == told
        assert Date(first_of_january="keep").settled({"full": pl.Series(values)}).first_of_january == "keep"


def test_an_age_or_parts_of_a_date_settle_with_the_whole_dates() -> None:
    table = {"d": ["12/25/1990", None], "y": [None, "1991"]}
    kind = Date("d", year="y")
    reading = Reading.of(Records.of(table, fields={"born": kind}))
    alone = Records.of({"d": ["03/04/1990"], "y": ["1991"]}, fields={"born": kind}, reading=reading)
    assert alone.column("born").values.to_list() == ["1990-03-04"]
