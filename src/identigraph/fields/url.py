"""Addresses of web pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean

PATTERN = (
    r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^@/?#\s]*@)?(?:www\d?\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?(?::\d*)?"
    r"((?:/[^?#\s]*)?)(?:[?#]\S*)?$"
)


@attrs.frozen
class Url:
    """Addresses of web pages: ``<field>`` host and path, ``.domain`` the host alone.

    Normalized: cleaned to lower-case ASCII; scheme, user, ``www.``, port, query, fragment and a slash at the end
    dropped. Null: what has no host with a dot in it.

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> Url().normalize("column", pl.Series(["https://www.Acme.com/Shop/?q=1", "acme.com", "none"])).rows()
        [('acme.com/shop', 'acme.com'), ('acme.com', 'acme.com'), (None, None)]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """Host and path, and the host alone."""
        return (MAIN, "domain")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return host and path, and the host, of each value."""
        del role
        plain = clean(values)
        host, path = plain.str.extract(PATTERN, 1), plain.str.extract(PATTERN, 2)
        return pl.DataFrame({MAIN: host + path.str.strip_chars_end("/"), "domain": host})
