"""Numbers: prices, amounts, ages, counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean

UNIT = (
    r"(?:aud|brl|cad|chf|cny|czk|dkk|eur|euros?|gbp|hkd|huf|inr|jpy|krw|mxn|nok|nzd|pln|rub|sek|sgd|try|ugx|usd|zar"
    r"|rs\.?|kr\.?|fr\.|zl|kc|rb|[yw]|(?:a|au|c|ca|hk|mx|nz|r|s|us)?\$|%)"
)
"""Currencies, cleaned (``€`` is ``eur``, ``£`` is ``gbp``, ``¥`` is ``y``), and the percent sign."""
IN_BRACKETS = r"^[\s$]*\((.*)\)[\s$]*$"
DIGITS = r"^[\s$]*[+-]?[\s$]*([.,]?\d[\d.,' ]*)[\s$]*-?$"


def _style(group: str, decimal: str) -> str:
    """Return the pattern of numbers with the `group` marks between thousands and the `decimal` mark."""
    return rf"^(?:\d+|[1-9]\d{{0,2}}(?:[{group}' ]\d{{2,3}})*[{group}' ]\d{{3}})?(?:{decimal}\d*)?$"


POINT, COMMA = _style(",", r"\."), _style(".", ",")


@attrs.frozen
class Number:
    """Numbers: ``<field>`` in decimal notation, one text for each number.

    Normalized: ``1648.72``, without thousands separators, currency, percent sign, needless zeros and plus; ``(12.5)``
    and ``12.5-`` are ``-12.5``. Null: everything else, scientific notation included.

    *Decimal mark.* Where a value leaves open whether its mark is decimal or between thousands, as ``1.234`` and
    ``1,234`` do, the values that leave it not open decide by majority; without any, the point is decimal.

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> Number().normalize("column", pl.Series(["$1,648.72", "33.0", "(12.5)", "1,234"]))[""].to_list()
        ['1648.72', '33', '-12.5', '1234']
        >>> Number().normalize("column", pl.Series(["1.648,72 €", "1,234", "a lot"]))[""].to_list()
        ['1648.72', '1.234', None]
    """

    per_source: ClassVar[bool] = True
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The number alone."""
        return (MAIN,)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the number in each value."""
        del role
        frame = pl.DataFrame({"text": clean(values).str.replace_all(UNIT, "$$")})
        frame = frame.with_columns(inner=pl.col("text").str.extract(IN_BRACKETS, 1))
        digits = pl.coalesce("inner", "text").str.extract(DIGITS, 1).str.strip_chars_end()
        frame = frame.with_columns(digits=digits).with_columns(
            point=pl.col("digits").str.contains(POINT), comma=pl.col("digits").str.contains(COMMA)
        )
        number = frame.with_columns(plain=_with_point()).select(number=_without_needless_zeros(pl.col("plain")))[
            "number"
        ]
        minus = (frame["inner"].is_not_null() | frame["text"].str.contains("-", literal=True)) & (number != "0")
        return number.zip_with(~minus, "-" + number).to_frame(MAIN)

    def valid(self, values: pl.Series) -> pl.Series:
        """Tell of each value whether it is a number."""
        return self.format(values).is_not_null()

    def format(self, values: pl.Series) -> pl.Series:
        """Return each number in decimal notation, as normalized: marks between thousands mislead across countries.

        Examples:
            >>> import polars as pl
            >>> Number().format(pl.Series(["$1,648.720", "a lot"])).to_list()
            ['1648.72', None]
        """
        return self.normalize("column", values)[MAIN]


def _with_point() -> pl.Expr:
    """Return `digits` with a point as decimal mark and nothing between thousands, null where they are no number."""
    digits, point, comma = pl.col("digits"), pl.col("point"), pl.col("comma")
    comma_rules = (comma & ~point).sum() > (point & ~comma).sum()
    return (
        pl.when(comma & (comma_rules | ~point)).then(digits.str.replace_all("[.' ]", "").str.replace(",", "."))
        .when(point).then(digits.str.replace_all("[,' ]", ""))
    )  # fmt: skip


def _without_needless_zeros(plain: pl.Expr) -> pl.Expr:
    """Return `plain` without zeros before its whole and behind its fraction."""
    fraction = plain.str.contains(".", literal=True)
    short = pl.when(fraction).then(plain.str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(plain)
    short = short.str.strip_chars_start("0")
    return pl.when(short.str.starts_with(".") | (short == "")).then("0" + short).otherwise(short)
