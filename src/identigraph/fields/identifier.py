"""Identifiers: customer, loyalty, tax, device and account numbers, logins, keys of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import legible
from identigraph.fields.schemes import scheme
from identigraph.fields.unknown import UNKNOWN
from identigraph.text import clean
from identigraph.text.columns import Column, mapped, one_of

BLOCKED = (
    "null none nil nan na unknown undefined anonymous guest test tbd declined refused true false objectobject id "
    "distinctid email"
)
NOBODY = frozenset({"", *BLOCKED.split(), *(word.replace(" ", "") for word in UNKNOWN)})
"""Letters and digits of values that identify nobody."""

BLOCKED_PATTERN = (
    "^(?:0+|9{2,}|"
    + "|".join(f"{digit}{{4,}}" for digit in range(1, 9))
    + "|[a-z]{0,2}(?:"
    + "|".join(f"{digit}{{7,}}" for digit in range(10))
    + "|12345678(?:9|90)?)[a-z]?)$"
)
"""Runs of 0 or 9, and any other digit at least four times; seven and more, or 12345678, with a few letters around."""
MASKED = r"[*•]{2,}"

FLOAT = r"^(\d+)\.0$"
NO_IDENTIFIER = r"^(?:-1(?:\.0)?|\d(?:\.\d+)?e\+\d+)$"
"""Minus one, and numbers whose digits a spreadsheet has lost (``1.23457E+11``)."""


@attrs.frozen
class Identifier:
    """Identifiers: ``<field>``, equal for all ways to write one identifier.

    Normalized: cleaned to lower-case ASCII letters and digits, all else dropped, leading zeros kept; ``123.0``, what
    tables make of a column of numbers with gaps, becomes ``123``. Null: values that identify nobody: ``null``,
    ``n/a``, ``unknown``, ``guest``, ``test`` and their like in many languages, ``-1``, runs of 0 or 9, any other digit
    four times or more and nothing else, ``99999999R`` and ``12345678Z``, masked digits (``***.123.456-**``), and
    numbers in scientific notation, whose last digits are lost.

    *With a scheme* they are normalized as the scheme wants it (an ISBN of ten digits becomes one of thirteen), and what
    has a wrong check digit, length or form is null.

    Args:
        column: the column to read; left out, the column called like the field.
        scheme: a scheme with check digits, known by the package ``stdnum``: ``"iban"``, ``"bic"``, ``"lei"``,
            ``"isin"``, ``"isbn"``, ``"ean"``, ``"imei"``, ``"luhn"`` (card numbers), ``"vat"`` (of the European Union,
            with the country in front), or a national one behind its country: ``"us.ssn"``, ``"gb.nhs"``, ``"nl.bsn"``,
            ``"de.idnr"``, ``"br.cpf"``. None: any identifier.

    Raises:
        ConfigurationError: there is no such scheme.

    Examples:
        >>> import polars as pl
        >>> Identifier().normalize("column", pl.Series(["RUK-109 337", "0042", "42.0", "N/A", "9999"]))[""].to_list()
        ['ruk109337', '0042', '42', None, None]
        >>> numbers = pl.Series(["GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"])
        >>> Identifier(scheme="iban").normalize("column", numbers)[""].to_list()
        ['GB82WEST12345698765432', None]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None
    scheme: str | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse an unknown scheme."""
        if self.scheme is not None:
            scheme(self.scheme)

    @property
    def parts(self) -> tuple[str, ...]:
        """The identifier alone."""
        return (MAIN,)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the identifier in each value."""
        del role
        plain = _identifiers(values)
        return {MAIN: plain if self.scheme is None else mapped(scheme(self.scheme).compact, _stated(values, plain))}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the identifier in each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it follows the scheme; without one, whether it may identify somebody."""
        return self.format(values).is_not_null()

    def format(self, values: Column) -> Column:
        """Return each identifier as its scheme writes it; without a scheme, as it stands.

        Examples:
            >>> import polars as pl
            >>> Identifier(scheme="iban").format(pl.Series(["gb82west12345698765432", "GB00"])).to_list()
            ['GB82 WEST 1234 5698 7654 32', None]
            >>> Identifier().format(pl.Series([" ruk-109", "n/a"])).to_list()
            ['ruk-109', None]
        """
        stated = _stated(values, _identifiers(values))
        return stated if self.scheme is None else mapped(scheme(self.scheme).written, stated)


def _stated(values: Column, identifiers: Column) -> Column:
    """Return `values` as written, null where they are no identifiers."""
    return legible(values).str.replace(FLOAT, "$1").set(identifiers.is_null(), None)


def _identifiers(values: Column) -> Column:
    """Return the letters and digits of each value, null where it identifies nobody."""
    text = clean(values)
    plain = text.str.replace(FLOAT, "$1").str.replace_all("[^0-9a-z]+", "")
    nobody = text.str.contains(NO_IDENTIFIER) | plain.str.contains(BLOCKED_PATTERN) | text.str.contains(MASKED)
    return plain.set(nobody | one_of(plain, NOBODY), None)
