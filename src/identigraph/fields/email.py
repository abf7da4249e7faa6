"""E-mail addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import legible
from identigraph.fields.phone import CALLING_CODE
from identigraph.fields.url import DOMAIN
from identigraph.text import clean
from identigraph.text.columns import Column, case, one_of

PATTERN = r"^([^@\s]+)@([^@\s]+\.[^@\s.]+)$"
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
WELL_FORMED = rf"^{ATOM}(?:\.{ATOM})*@{DOMAIN}$"
LONGEST, LONGEST_LOCAL = 254, 64
DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Domains of one provider, whose mailboxes go by their local part without its dots."""
NOBODY = [
    "test", "no", "none", "null", "na", "n.a", "nil", "unknown", "undefined", "anonymous", "guest", "noemail",
    "nomail", "no-email", "noreply", "no-reply", "no.reply", "donotreply", "do-not-reply", "declined", "refused",
]  # fmt: skip
"""Local parts that nobody owns."""
UNOWNED = frozenset(NOBODY)
MASKED = r"^([^*@]+)\*[^@]*@"
TAGGED = r"^([^+]+)\+.*$"
NUMBER, ONLY_NUMBER = r"(\d{5,15})", r"^(\d{5,15})$"
ABROAD = rf"^\+(?:{CALLING_CODE})"
LETTER = "[a-z@*]"


@attrs.frozen
class Email:
    """E-mail addresses: ``<field>`` the address, ``.local`` what stands before the @, ``.domain`` what stands after.

    ``.mailbox`` is the one address of a mailbox that has several: without the dots in the local part at Gmail, and
    there with the domain ``gmail.com``; else it is the address. ``.beginning`` is what a masked address starts with;
    ``.digits`` is a number of five digits or more in the local part, or that stands where the address should.

    Normalized: cleaned to lower-case ASCII; a name around ``<address>``, quotes, white space and ``mailto:`` dropped; a
    ``+tag`` behind the local part dropped. Null: anything that is not one address, masked addresses
    (``abc***@x.com``), and addresses that nobody owns (``noreply@...``, ``none@...``).

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> parts = Email().normalize("column", pl.Series(["Ann.Lee+shop@Gmail.COM ", "ann***@x.com", "0170 555-123"]))
        >>> parts.select("", "local", "domain", "mailbox").row(0)
        ('ann.lee@gmail.com', 'ann.lee', 'gmail.com', 'annlee@gmail.com')
        >>> parts.select("", "beginning", "digits").rows()[1:]
        [(None, 'ann', None), (None, None, '0170555123')]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The address, its local part, its domain, its mailbox; the beginning of a masked one, the number in it."""
        return (MAIN, "local", "domain", "mailbox", "beginning", "digits")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return address, local part, domain and mailbox of each value, and what else is told of it."""
        del role
        plain = _bare(clean(values))
        local, domain = plain.str.extract(PATTERN, 1).str.replace(TAGGED, "$1"), plain.str.extract(PATTERN, 2)
        nobody = one_of(local, UNOWNED) | local.str.contains("*", literal=True)
        local, domain = local.set(nobody, None), domain.set(nobody, None)
        address = local + "@" + domain
        dotless = local.str.replace_all(".", "", literal=True) + "@gmail.com"
        return {
            MAIN: address,
            "local": local,
            "domain": domain,
            "mailbox": case((one_of(domain, DOTLESS), dotless), default=address),
            "beginning": plain.str.extract(MASKED, 1),
            "digits": _digits(plain, local),
        }

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return address, local part, domain and mailbox of each value, and what else is told of it."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether its address is well-formed and may be somebody's.

        That is, in ASCII, without quotes, of at most 254 characters, 64 of them before the @, and with a domain name
        that ends in letters. Whether the mailbox exists, only a letter to it tells.

        Examples:
            >>> import polars as pl
            >>> Email().valid(pl.Series(["Ann@X.com", "a..b@x.com", "ann@x.1", "josé@x.com"])).to_list()
            [True, False, False, False]
        """
        return self.format(values).is_not_null()

    def format(self, values: Column) -> Column:
        """Return each address in small letters, with its tag.

        Examples:
            >>> import polars as pl
            >>> Email().format(pl.Series(["Ann Lee <Ann.Lee+shop@X.com>", "none@x.com"])).to_list()
            ['ann.lee+shop@x.com', None]
        """
        address = _bare(legible(values).str.to_lowercase())
        lengths = (address.str.len_bytes() <= LONGEST) & (address.str.find("@", literal=True) <= LONGEST_LOCAL)
        good = address.str.contains(WELL_FORMED) & lengths & self.read("column", values)[MAIN].is_not_null()
        return address.set(~good.fill_null(value=False), None)


def _digits(plain: Column, local: Column) -> Column:
    """Return the number in the local part, or all digits but the calling code of a value that has no letters."""
    rest = plain.set(plain.str.contains(LETTER), None).str.replace(ABROAD, "")
    digits = rest.str.replace_all("[^0-9]+", "").str.extract(ONLY_NUMBER, 1)
    return local.str.extract(NUMBER, 1).fill_null(digits)


def _bare(text: Column) -> Column:
    """Return addresses without a name around them, white space, ``mailto:`` and quotes."""
    inner = text.str.replace(r"^.*<([^<>]*@[^<>]*)>.*$", "$1")
    return inner.str.replace_all(r"\s+|^mailto:", "").str.strip_chars("'\";,<>()")
