"""Addresses of web pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import legible
from identigraph.text import clean
from identigraph.text.columns import Column

PATTERN = (
    r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^@/?#\s]*@)?(?:www\d?\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?(?::\d*)?"
    r"((?:/[^?#\s]*)?)(?:[?#]\S*)?$"
)
LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"(?:{LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,57}}[a-z0-9])"
"""A domain name of labels of at most 63 characters, the last of letters, or encoded from another script."""
IPV4 = r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"

HOST = f"^(?:{DOMAIN}|{IPV4})$"
ANY_CASE = f"(?i){PATTERN}"


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

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return host and path, and the host, of each value."""
        del role
        plain = clean(values)
        host, path = plain.str.extract(PATTERN, 1), plain.str.extract(PATTERN, 2)
        return {MAIN: host + path.str.strip_chars_end("/"), "domain": host}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return host and path, and the host, of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether its host is well-formed: a domain name that ends in letters, or an IPv4 address.

        Examples:
            >>> import polars as pl
            >>> Url().valid(pl.Series(["www.acme.com/shop", "10.0.0.1", "12.50", "-a.com"])).to_list()
            [True, True, False, False]
        """
        host = self.read("column", values)["domain"]
        return (host.str.contains(HOST) & (host.str.len_bytes() <= 253)).fill_null(value=False)

    def format(self, values: Column) -> Column:
        """Return host and path of each address, the host in small letters, the path as written.

        Examples:
            >>> import polars as pl
            >>> Url().format(pl.Series(["HTTPS://www.Acme.com/Shop/?q=1", "none"])).to_list()
            ['acme.com/Shop', None]
        """
        text, main = legible(values), self.read("column", values)[MAIN]
        host, path = text.str.extract(ANY_CASE, 1), text.str.extract(ANY_CASE, 2)
        written = (host.str.to_lowercase() + path.str.strip_chars_end("/")).fill_null(main)
        return written.set(~self.valid(values), None)
