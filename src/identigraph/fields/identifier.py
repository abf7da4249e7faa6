"""Identifiers: customer, loyalty, tax, device and account numbers, logins, keys of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean

BLOCKED = [
    "null", "none", "nil", "nan", "na", "unknown", "undefined", "anonymous", "guest", "test", "tbd", "declined",
    "refused", "true", "false", "objectobject", "id", "distinctid", "email",
]  # fmt: skip
"""Letters and digits of values that identify nobody."""

BLOCKED_PATTERN = "^(?:0+|9{2,}|" + "|".join(f"{digit}{{4,}}" for digit in range(1, 9)) + ")$"
"""Runs of 0 or 9, and any other digit at least four times."""

FLOAT = r"^(\d+)\.0$"
NO_IDENTIFIER = r"^(?:-1(?:\.0)?|\d(?:\.\d+)?e\+\d+)$"
"""Minus one, and numbers whose digits a spreadsheet has lost (``1.23457E+11``)."""


@attrs.frozen
class Identifier:
    """Identifiers: ``<field>``, equal for all ways to write one identifier.

    Normalized: cleaned to lower-case ASCII letters and digits, all else dropped, leading zeros kept; ``123.0``, what
    tables make of a column of numbers with gaps, becomes ``123``. Null: values that identify nobody: ``null``,
    ``n/a``, ``unknown``, ``guest``, ``test`` and their like, ``-1``, runs of 0 or 9, any other digit four times or more
    and nothing else, and numbers in scientific notation, whose last digits are lost.

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> Identifier().normalize("column", pl.Series(["RUK-109 337", "0042", "42.0", "N/A", "9999"]))[""].to_list()
        ['ruk109337', '0042', '42', None, None]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The identifier alone."""
        return (MAIN,)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the identifier in each value."""
        del role
        text = pl.col("text")
        plain = text.str.replace(FLOAT, "$1").str.replace_all("[^0-9a-z]+", "")
        frame = pl.DataFrame({"text": clean(values)}).with_columns(plain.alias(MAIN))
        nobody = pl.any_horizontal(
            text.str.contains(NO_IDENTIFIER),
            pl.col(MAIN).str.contains(BLOCKED_PATTERN),
            pl.col(MAIN).is_in(["", *BLOCKED]),
        )
        return frame.select(pl.when(~nobody).then(MAIN).alias(MAIN))
