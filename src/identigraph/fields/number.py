"""Numbers: prices, amounts, ages, counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, TypeAlias

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean
from identigraph.text.columns import Column, case, coalesced, where
from identigraph.text.single import Single

DecimalMark: TypeAlias = Literal[".", ","]

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


def is_decimal_mark(kind: object, attribute: attrs.Attribute[DecimalMark | None], mark: object) -> None:
    """Raise where a decimal mark is none.

    Raises:
        ConfigurationError: it is neither None nor a point nor a comma.
    """
    del kind
    if mark not in (None, ".", ","):
        raise ConfigurationError(f"{attribute.name} must be None, '.' or ',', got {mark!r}")


@attrs.frozen
class Number:
    """Numbers: ``<field>`` in decimal notation, one text for each number.

    Normalized: ``1648.72``, without thousands separators, currency, percent sign, needless zeros and plus; ``(12.5)``
    and ``12.5-`` are ``-12.5``. Null: everything else, scientific notation included.

    *Decimal mark.* Where a value leaves open whether its mark is decimal or between thousands, as ``1.234`` and
    ``1,234`` do, the values that leave it not open decide by majority; without any, the point is decimal.

    Args:
        column: the column to read; left out, the column called like the field.
        decimal_mark: the decimal mark where a value leaves it open; None: found from the values.

    Raises:
        ConfigurationError: `decimal_mark` is neither a point nor a comma.

    Examples:
        >>> import polars as pl
        >>> Number().normalize("column", pl.Series(["$1,648.72", "33.0", "(12.5)", "1,234"]))[""].to_list()
        ['1648.72', '33', '-12.5', '1234']
        >>> Number().normalize("column", pl.Series(["1.648,72 €", "1,234", "a lot"]))[""].to_list()
        ['1648.72', '1.234', None]
    """

    per_source: ClassVar[bool] = True
    column: str | None = None
    decimal_mark: DecimalMark | None = attrs.field(default=None, kw_only=True, validator=is_decimal_mark)

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The number alone."""
        return (MAIN,)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def settled(self, columns: Mapping[str, pl.Series]) -> Number:
        """Return the kind with the decimal mark that these values tell.

        Examples:
            >>> import polars as pl
            >>> Number().settled({"column": pl.Series(["0,5", "1.234,5"])})
            Number(decimal_mark=',')
        """
        if self.decimal_mark is not None:
            return self
        return attrs.evolve(self, decimal_mark=_told(_Digits.of(columns["column"])))

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the number in each value."""
        del role
        found = _Digits.of(values)
        number = _without_needless_zeros(found.with_point(self.decimal_mark or _told(found)))
        return {MAIN: case((found.minus & (number != "0"), "-" + number), default=number)}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the number in each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it is a number."""
        return self.format(values).is_not_null()

    def format(self, values: Column) -> Column:
        """Return each number in decimal notation, as normalized: marks between thousands mislead across countries.

        Examples:
            >>> import polars as pl
            >>> Number().format(pl.Series(["$1,648.720", "a lot"])).to_list()
            ['1648.72', None]
        """
        return self.read("column", values)[MAIN]


@attrs.frozen(eq=False)
class _Digits(Generic[Column]):
    """The digits and marks of numbers, and how they may be read.

    Args:
        digits: null where a value is no number.
        point: whether the point can be its decimal mark.
        comma: whether the comma can.
        minus: whether it is below zero.
    """

    digits: Column
    point: Column
    comma: Column
    minus: Column

    @classmethod
    def of(cls, values: Column) -> _Digits[Column]:
        """Return the digits and marks in each value."""
        text = clean(values).str.replace_all(UNIT, "$$")
        inner = text.str.extract(IN_BRACKETS, 1)
        digits = coalesced(inner, text).str.extract(DIGITS, 1).str.strip_chars_end(" ")
        minus = inner.is_not_null() | text.str.contains("-", literal=True)
        return _Digits(digits, digits.str.contains(POINT), digits.str.contains(COMMA), minus)

    def with_point(self, mark: DecimalMark) -> Column:
        """Return numbers with a point as decimal mark and nothing between thousands; null where there is none."""
        by_comma = self.digits.str.replace_all("[.' ]", "").str.replace(",", ".")
        by_point = self.digits.str.replace_all("[,' ]", "")
        return case((self.comma if mark == "," else self.comma & ~self.point, by_comma), (self.point, by_point))


def _told(found: _Digits[Any]) -> DecimalMark:
    """Return the decimal mark of most numbers that do not leave it open; the point for one value alone."""
    if isinstance(found.digits, Single):
        return "."
    return "," if (found.comma & ~found.point).sum() > (found.point & ~found.comma).sum() else "."


def _without_needless_zeros(plain: Column) -> Column:
    """Return `plain` without zeros before its whole and behind its fraction."""
    short = where(plain.str.contains(".", literal=True), _without_last_zeros, plain).str.strip_chars_start("0")
    return case((short.str.starts_with(".") | (short == ""), "0" + short), default=short)


def _without_last_zeros(fraction: Column) -> Column:
    return fraction.str.strip_chars_end("0").str.strip_chars_end(".")
