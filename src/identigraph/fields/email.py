"""E-mail addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean

PATTERN = r"^([^@\s]+)@([^@\s]+\.[^@\s.]+)$"
NOBODY = [
    "test", "no", "none", "null", "na", "n.a", "nil", "unknown", "undefined", "anonymous", "guest", "noemail",
    "nomail", "no-email", "noreply", "no-reply", "no.reply", "donotreply", "do-not-reply", "declined", "refused",
]  # fmt: skip
"""Local parts that nobody owns."""


@attrs.frozen
class Email:
    """E-mail addresses: ``<field>`` the address, ``.local`` what stands before the @, ``.domain`` what stands after.

    Normalized: cleaned to lower-case ASCII; a name around ``<address>``, quotes, white space and ``mailto:`` dropped; a
    ``+tag`` behind the local part dropped. Null: anything that is not one address, masked addresses
    (``abc***@x.com``), and addresses that nobody owns
    (``noreply@...``, ``none@...``).

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> Email().normalize("column", pl.Series(["Ann.Lee+shop@Mail.COM ", "none@none.com"])).to_dicts()
        [{'': 'ann.lee@mail.com', 'local': 'ann.lee', 'domain': 'mail.com'}, {'': None, 'local': None, 'domain': None}]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The address, its local part, its domain."""
        return (MAIN, "local", "domain")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return address, local part and domain of each value."""
        del role
        inner = clean(values).str.replace(r"^.*<([^<>]*@[^<>]*)>.*$", "$1")
        plain = inner.str.replace_all(r"\s+|^mailto:", "").str.strip_chars("'\";,<>()")
        frame = pl.DataFrame({"local": plain.str.extract(PATTERN, 1), "domain": plain.str.extract(PATTERN, 2)})
        local = pl.col("local").str.replace(r"^([^+]+)\+.*$", "$1")
        owned = ~pl.col("local").is_in(NOBODY) & ~pl.col("local").str.contains(r"\*")
        frame = frame.with_columns(local).select(
            pl.when(owned).then("local").alias("local"), pl.when(owned).then("domain").alias("domain")
        )
        return frame.select((pl.col("local") + "@" + pl.col("domain")).alias(MAIN), "local", "domain")
