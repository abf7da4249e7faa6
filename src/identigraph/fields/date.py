"""Dates: birth dates above all, whole or in part, in whatever order their source writes them.

A value goes through three forms: text with months as numbers; up to three numbers with the mark between them; year,
month and day. What cannot be told from one value, the order of the numbers, is told from all values with the same mark.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import ClassVar, Literal, TypeAlias

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean

Order: TypeAlias = Literal["DMY", "MDY", "YMD"]

DEFAULT_DATES = ("0001-01-01", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "9999-12-31")
"""Dates that systems fill in where none is known. A kind sees no counts: the caller drops them where they spike."""

MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "january jan januar janner jaenner janvier janv enero ene gennaio gen genn",
            "february feb febr februar fevrier fevr fev febrero febbraio febb",
            "march mar marz maerz mrz mars marzo",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag magg",
            "june jun juni juin junio giugno giu",
            "july jul juli juillet juil julio luglio lug",
            "august aug aout aou agosto ago",
            "september sep sept septembre septiembre setiembre set settembre sett",
            "october oct oktober okt octobre octubre ottobre ott",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
"""Two digits for each cleaned English, German, French, Spanish and Italian name of a month, and its abbreviations."""

TIME_OF_DAY = r"[ t]+\d{1,2}:.*$"
FILLER = r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|\b(?:the|of|de|del|den|der|le|el|il)\b"
ORDINAL = r"(\d)(?:st|nd|rd|th|er|o|a)\b"
NAME = "[a-z]{3,}"
BESIDE_NAME = r"^[^a-z\d]*(?<first>\d+)(?:[^a-z\d]+(?<second>\d+))?[^a-z\d]*$"
NUMBERS = (
    r"^[^\da-z-]*(?<a>\d+)"
    r"(?:[a-z]|\.0|\s*(?<mark>[^\da-z\s:]?)[^\da-z:]*(?<b>\d+)(?:[^\da-z:]+(?<c>\d+))?)?[^\da-z]*$"
)
ONE_NUMBER = r"^\s*(\d{1,4})(?:\.0*)?\s*$"

COMPACT = {"YMD": (0, 4, 6), "DMY": (4, 2, 0), "MDY": (4, 0, 2)}
"""Where year, month and day start in eight digits, by order."""

OLDEST = 120
"""Ages above this are none."""

WHOLE = len("1990-03-15")
SPIKE, SPIKE_LEAST = 0.05, 50
"""First-of-January rule: above this share of the distinct whole dates, of which there are more than so many."""


@attrs.frozen
class Date:
    """Dates: ``<field>`` in ISO form, whole or cut to what is known, ``.year``, and ``.month_day`` of whole dates.

    Normalized: ``1990-03-15``, ``1990-03`` or ``1990``. Read: ISO dates, with or without a time of day (dropped);
    ``19900315``; numbers in any order with any marks between them; months by name in English, German, French, Spanish
    and Italian; a year alone or with a month. Null: everything else, and years out of range.

    *Order.* Whether ``03/04/1990`` is in March or April is decided by the values with the same mark of which one number
    lies between 13 and 31; the majority wins, day first where there is no evidence. A leading year is followed by the
    month. Eight digits run together take the order in which most of them are dates, year first if equal; those
    that are dates in another order only are null.

    *Swaps.* A value with a number from 13 to 31 in the place of the month is read the other way round, unless as many
    values with the same mark have there what can be no day either: then such numbers are slips of the pen.

    *Invalid dates* keep what is beyond doubt, so that they never disagree falsely: ``1990-13-25`` and ``1990-02-30``
    become ``1990`` (which number is wrong is unknown), ``1990-03-00`` and ``1990-03-81`` become ``1990-03``. Of
    ``19900381`` only the year is kept, as one slipped digit shifts all that follow; of ``3/81/90`` nothing, as the
    wrong number may be the year.

    *First of January.* Where only a year is known, systems write its first of January. If more than 50 distinct whole
    dates are given and more than 5 % of them are firsts of January (0.27 % are expected), these become years. Weak:
    the distinct values show no such spike once they hold nearly every day of every year.

    Args:
        full: the column with dates; left out, as are the other three, the column called like the field.
        year: the column with years of four or two digits.
        month: the column with months, numbers or names; needs `year`.
        day: the column with days; needs `month`.
        age: the column with ages in whole years, which give the year of birth where there is no date; needs `as_of`. A
            year too early or late is a near year to comparators.
        as_of: the year in which ages were told.
        order: the order where a value leaves it open (for ``"YMD"``, where its year has two digits); None: found from
            the values.
        earliest: years before this one are null.
        latest: years after this one are null.
        pivot: years of two digits up to this one are 20xx, those above 19xx; birth dates then lie in the past.
        first_of_january: ``"year"``: every first of January becomes a year; ``"keep"``: none; None: by the rule above.

    Raises:
        RangeError: `earliest`, `latest`, `pivot` or `as_of` is out of range.
        ConfigurationError: `order` or `first_of_january` is not among its choices, or a column lacks the one it needs.

    Examples:
        >>> import polars as pl
        >>> dates = pl.Series(["12/25/1990", "03/04/1990", "15. März 1992", "(1994)."])
        >>> Date().normalize("full", dates).to_dict(as_series=False)["month_day"]
        ['12-25', '03-04', '03-15', None]
        >>> Date(order="DMY").normalize("full", dates)[""].to_list()
        ['1990-12-25', '1990-04-03', '1992-03-15', '1994']
    """

    per_source: ClassVar[bool] = True
    full: str | None = None
    year: str | None = attrs.field(default=None, kw_only=True)
    month: str | None = attrs.field(default=None, kw_only=True)
    day: str | None = attrs.field(default=None, kw_only=True)
    age: str | None = attrs.field(default=None, kw_only=True)
    as_of: int | None = attrs.field(default=None, kw_only=True)
    order: Order | None = attrs.field(default=None, kw_only=True)
    earliest: int = attrs.field(default=1000, kw_only=True)
    latest: int = attrs.field(default=2100, kw_only=True)
    pivot: int = attrs.field(default=29, kw_only=True)
    first_of_january: Literal["year", "keep"] | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse arguments that make no sense."""
        for name, low, high in (("latest", 1, 9999), ("earliest", 1, self.latest), ("pivot", 0, 99)):
            if not low <= getattr(self, name) <= high:
                raise RangeError(name, getattr(self, name), low, high)
        if self.as_of is not None and not self.earliest <= self.as_of <= self.latest:
            raise RangeError("as_of", self.as_of, self.earliest, self.latest)
        if self.age is not None and self.as_of is None:
            raise ConfigurationError(f"age={self.age!r} needs the year in which ages were told: give as_of=...")
        for name, choices in (("order", ("DMY", "MDY", "YMD")), ("first_of_january", ("year", "keep"))):
            if getattr(self, name) not in (None, *choices):
                raise ConfigurationError(f"{name} must be None or one of {choices}, got {getattr(self, name)!r}")
        for name, needed in (("day", "month"), ("month", "year")):
            if getattr(self, name) is not None and getattr(self, needed) is None:
                raise ConfigurationError(f"{name}={getattr(self, name)!r} needs a {needed} column: give {needed}=...")

    @property
    def parts(self) -> tuple[str, ...]:
        """The date, its year, its month and day."""
        return (MAIN, "year", "month_day")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the columns it reads: dates, or years, months and days, or both, and ages."""
        return named_columns(self, ("full", "year", "month", "day", "age"), name, "full")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return one column of dates: those given, and where there is none, year, month and day joined, then by age.

        Examples:
            >>> import polars as pl
            >>> columns = {"year": pl.Series(["1972.0", "72"]), "month": pl.Series(["3.0", None])}
            >>> Date(year="y", month="m").assemble(columns)["full"].to_list()
            ['1972-03', '1972']
            >>> ages = {"full": pl.Series(["1972-03-01", None]), "age": pl.Series(["50", "30"])}
            >>> Date("born", age="age", as_of=2022).assemble(ages)["full"].to_list()
            ['1972-03-01', '1992']
        """
        if "age" in columns:
            known = {role: column for role, column in columns.items() if role != "age"}
            by_age = self._born(columns["age"])
            return {"full": self.assemble(known)["full"].fill_null(by_age) if known else by_age}
        if "year" not in columns:
            return columns
        numbers = {role: columns[role].str.extract(ONE_NUMBER, 1) for role in ("year", "day") if role in columns}
        if "month" in columns:
            numbers["month"] = clean(columns["month"]).str.strip_chars(".").replace(MONTHS).str.extract(ONE_NUMBER, 1)
        joined = pl.DataFrame(numbers).select(full=_joined(numbers, self.pivot))["full"]
        return {"full": columns["full"].fill_null(joined) if "full" in columns else joined}

    def _born(self, ages: pl.Series) -> pl.Series:
        """Return the year of birth by age, as text; null for what is no age."""
        age = ages.str.extract(ONE_NUMBER, 1).cast(pl.Int32, strict=False)
        return pl.select(pl.when(age <= OLDEST).then((self.as_of or 0) - age).cast(pl.String)).to_series()

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return date, year, and month and day of each value."""
        del role
        return (
            self._kept(self._read(values)[MAIN])
            .to_frame()
            .with_columns(
                pl.col(MAIN).str.slice(0, 4).alias("year"),
                pl.when(pl.col(MAIN).str.len_bytes() == WHOLE).then(pl.col(MAIN).str.slice(5)).alias("month_day"),
            )
        )

    def valid(self, values: pl.Series) -> pl.Series:
        """Tell of each value whether all of it is a date, a month of a year, or a year.

        Examples:
            >>> import polars as pl
            >>> Date().valid(pl.Series(["29.2.2024", "March 1990", "29.2.2023", "1990-03-00", "soon"])).to_list()
            [True, True, False, False, False]
        """
        return self._read(values)["all"]

    def format(self, values: pl.Series) -> pl.Series:
        """Return each date in ISO form, as normalized; null where only a part of the value is a date.

        Examples:
            >>> import polars as pl
            >>> Date().format(pl.Series(["29.2.2024", "March 1990", "29.2.2023"])).to_list()
            ['2024-02-29', '1990-03', None]
        """
        read = self._read(values)
        return self._kept(read[MAIN]).set(~read["all"], None)

    def _read(self, values: pl.Series) -> pl.DataFrame:
        """Return the date in each value, and whether that is `all` that the value says."""
        text = _with_numbered_months(clean(values).str.replace(TIME_OF_DAY, ""), self.pivot)
        cut = _cut(text.str.extract_groups(NUMBERS).struct.unnest(), self.order, self.earliest, self.latest)
        numbers = _with_order(cut, self.order)
        dates = _unswapped(numbers.select(*_year_month_day(self.pivot), "short", "compact", "mark", "year_ends"))
        known = dates.select(pl.when(pl.col("year").is_between(self.earliest, self.latest)).then(_iso()).alias(MAIN))
        stated = cut.select(pl.sum_horizontal(pl.col(name).is_not_null() for name in "abc")).to_series()
        told = (known[MAIN].str.count_matches("-", literal=True) + 1 == stated).fill_null(value=False)
        return known.with_columns(told.alias("all"))

    def _kept(self, dates: pl.Series) -> pl.Series:
        """Return `dates` with the firsts of January that only say the year cut to that."""
        if self.first_of_january == "keep":
            return dates
        return _first_of_january_as_year(dates, always=self.first_of_january == "year")


def _joined(known: Container[str], pivot: int) -> pl.Expr:
    """Return year, month and day joined by dashes, as far as they are known; a year has two or four digits."""
    year, month, day = (pl.col(r) if r in known else pl.lit(None, pl.String) for r in ("year", "month", "day"))
    return _four_digits(year, pivot) + ("-" + month.str.zfill(2) + ("-" + day.str.zfill(2)).fill_null("")).fill_null("")


def _four_digits(year: pl.Expr, pivot: int) -> pl.Expr:
    """Return years of two digits in four, of four as they are, others null."""
    long = _pivoted(year.cast(pl.Int32, strict=False), pivot).cast(pl.String)
    return pl.when(year.str.len_bytes() == 2).then(long).when(year.str.len_bytes() == 4).then(year)


def _pivoted(year: pl.Expr, pivot: int) -> pl.Expr:
    """Return the numbers of years given by their last two digits."""
    return year + pl.when(year <= pivot).then(2000).otherwise(1900)


def _with_numbered_months(text: pl.Series, pivot: int) -> pl.Series:
    """Return `text` with every date that names its month written as year, month and day in numbers."""
    named = text.str.contains(NAME).fill_null(value=False)
    if not named.any():
        return text
    words = text.filter(named).str.replace_all(FILLER, " ").str.replace_all(ORDINAL, "$1")
    beside = words.str.replace(NAME, " ").str.extract_groups(BESIDE_NAME).struct.unnest()
    month = words.str.extract(f"({NAME})", 1).replace_strict(MONTHS, default=None, return_dtype=pl.String)
    numbers = beside.with_columns(month.alias("month")).select(text=_year_and_day_beside_month(pivot))
    return text.clone().scatter(named.arg_true(), numbers["text"])


def _year_and_day_beside_month(pivot: int) -> pl.Expr:
    """Return dates in numbers from a `month` and the `first` and the `second` number beside its name.

    The year is the number of four digits, else one above 31, else the second of two.
    """
    first, second = pl.col("first"), pl.col("second")
    large = first.cast(pl.Int64, strict=False) > 31
    leads = pl.when(second.is_null()).then(large).otherwise(large & (second.str.len_bytes() < 4))
    year = pl.when(leads).then(first).otherwise(second)
    day = pl.when(leads).then(second).otherwise(first)
    return _four_digits(year, pivot) + "-" + pl.col("month") + ("-" + day).fill_null("")


def _cut(numbers: pl.DataFrame, order: Order | None, earliest: int, latest: int) -> pl.DataFrame:
    """Return `numbers` with eight digits run together cut into year, month and day, and flagged `compact`.

    Those that are no date in the order chosen but are one in another stay as they are.
    """
    eight = ((numbers["a"].str.len_bytes() == 8) & numbers["b"].is_null()).fill_null(value=False)
    if not eight.any():
        return numbers.with_columns(compact=eight)
    cuts = {o: [pl.col("a").str.slice(start, 2 + 2 * (i == 0)) for i, start in enumerate(COMPACT[o])] for o in COMPACT}
    numeric = {o: [part.cast(pl.Int32, strict=False) for part in cut] for o, cut in cuts.items()}
    valid = numbers.select(**{o: _is_date(*n) & n[0].is_between(earliest, latest) & eight for o, n in numeric.items()})
    chosen = max((order, "YMD") if order else COMPACT, key=lambda o: valid[o].sum())
    compact = eight & (valid[chosen] | ~valid.select(pl.any_horizontal("*")).to_series())
    parts = (
        pl.when(compact).then(cut).otherwise(name).alias(name) for name, cut in zip("abc", cuts[chosen], strict=True)
    )
    return numbers.with_columns(*parts, compact=compact)


def _with_order(numbers: pl.DataFrame, order: Order | None) -> pl.DataFrame:
    """Return the numbers as integers, how many digits each has, and what place each has.

    There are up to three numbers, `a`, `b` and `c`. Of three with a year of two digits, `short` is true, and
    `year_leads` if it is the first; `year_ends` is true if the year, of two or four digits, is the last, and then
    `month_leads` if the month is the first.
    """
    a, b, c, short, year_ends = (pl.col(name) for name in ("a", "b", "c", "short", "year_ends"))
    a_digits, b_digits, c_digits = (pl.col(name).str.len_bytes() for name in "abc")
    frame = numbers.with_columns(
        a.cast(pl.Int32, strict=False), b.cast(pl.Int32, strict=False), c.cast(pl.Int32, strict=False),
        a_digits=a_digits, b_digits=b_digits, c_digits=c_digits,
    )  # fmt: skip
    a_digits, b_digits, c_digits = (pl.col(f"{name}_digits") for name in "abc")
    two = pl.max_horizontal(a_digits, b_digits, c_digits) == 2
    frame = frame.with_columns(short=(two & ((c_digits == 2) | (a > 31))).fill_null(value=False))
    first, last = short & (a > 31), short & (c > 31)
    leads = pl.lit(order == "YMD") if order else _majority(first, last)
    frame = frame.with_columns(year_leads=first | (short & ~last & leads))
    long = (c_digits == 4) & (pl.max_horizontal(a_digits, b_digits) < 4)
    frame = frame.with_columns(year_ends=(long | (short & ~pl.col("year_leads"))).fill_null(value=False))
    month_first, day_first = year_ends & _swapped(month=b, day=a), year_ends & _swapped(month=a, day=b)
    leads = pl.lit(order == "MDY") if order in {"DMY", "MDY"} else _majority(month_first, day_first)
    return frame.with_columns(month_leads=year_ends & leads)


def _majority(yes: pl.Expr, no: pl.Expr, *among: str) -> pl.Expr:
    """Return whether, of the values with the same mark (and equal `among`), more say `yes` than `no`."""
    return yes.sum().over("mark", *among) > no.sum().over("mark", *among)


def _swapped(*, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return whether `month` can only be a day, and `day` can be a month."""
    return month.is_between(13, 31) & day.is_between(1, 12)


def _year_month_day(pivot: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return year, month and day, right or wrong, from the numbers and their places."""
    a, b, c, year_ends, month_leads = (pl.col(name) for name in ("a", "b", "c", "year_ends", "month_leads"))
    a_digits, b_digits, c_digits = (pl.col(f"{name}_digits") for name in "abc")
    month_and_year = c.is_null() & b.is_not_null() & (a_digits < 3)
    year = (
        pl.when("year_leads").then(_pivoted(a, pivot))
        .when("short").then(_pivoted(c, pivot))
        .when("year_ends").then(c)
        .when((a_digits == 4) & (pl.max_horizontal(b_digits, c_digits).fill_null(0) < 4)).then(a)
        .when(month_and_year & (b_digits == 4)).then(b)
        .when(month_and_year & (b_digits == 2) & (b > 31)).then(_pivoted(b, pivot))
    )  # fmt: skip
    month = pl.when((year_ends & month_leads) | month_and_year).then(a).otherwise(b)
    day = pl.when(year_ends & month_leads).then(b).when(year_ends).then(a).otherwise(c)
    return year.alias("year"), month.alias("month"), day.alias("day")


def _unswapped(dates: pl.DataFrame) -> pl.DataFrame:
    """Return `dates` with the month and day exchanged that were written in the other order than the rest.

    Numbers between 13 and 31 in the place of a month speak for that, larger ones and those beside another such number
    for slips of the pen; the majority wins.
    """
    month, day = pl.col("month"), pl.col("day")
    swapped = _swapped(month=month, day=day)
    slip = (month > 31) | (month.is_between(13, 31) & (day > 12))
    swap = swapped & _majority(swapped, slip, "year_ends")
    return dates.with_columns(
        month=pl.when(swap).then(day).otherwise(month),
        day=pl.when(swap).then(month).otherwise(day),
    )


def _is_date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return whether there is such a day in the Gregorian calendar."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = pl.when(leap).then(29).otherwise(28)
    days = pl.when(month == 2).then(february).when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31)
    return month.is_between(1, 12) & day.is_between(1, days)


def _iso() -> pl.Expr:
    """Return what is certain of `year`, `month` and `day` in ISO form."""
    year, month, day = (pl.col(name) for name in ("year", "month", "day"))
    no_day = day.is_null() | (day == 0) | ((day > 31) & ~pl.col("compact"))
    year_text, month_text = year.cast(pl.String).str.zfill(4), month.cast(pl.String).str.zfill(2)
    day_text = day.cast(pl.String).str.zfill(2)
    return (
        pl.when(_is_date(year, month, day))
        .then(pl.concat_str(year_text, month_text, day_text, separator="-"))
        .when("short").then(None)
        .when(month.is_between(1, 12) & no_day).then(pl.concat_str(year_text, month_text, separator="-"))
        .otherwise(year_text)
    )  # fmt: skip


def _first_of_january_as_year(dates: pl.Series, *, always: bool) -> pl.Series:
    """Return `dates` with the firsts of January cut to years, always or where they are a spike."""
    whole = dates.filter(dates.str.len_bytes() == WHOLE).unique()
    share = whole.str.ends_with("-01-01").mean()
    spike = len(whole) > SPIKE_LEAST and isinstance(share, float) and share > SPIKE
    return dates.str.replace("-01-01$", "") if always or spike else dates
