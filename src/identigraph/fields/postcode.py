"""Postcodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.address import postcodes
from identigraph.fields.address_words import country_codes
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean
from identigraph.text.columns import Column, case

LETTERED = {
    "gb": r"^(?:[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}|gir0aa)$",
    "ca": r"^[a-z][0-9][a-z][0-9][a-z][0-9]$",
    "nl": r"^[1-9][0-9]{3}[a-z]{2}$",
    "ie": r"^(?:[a-z][0-9]{2}|d6w)[a-z0-9]{4}$",
}
"""Postcodes whose letters tell the country."""
LENGTHS = {
    3: "fo is",
    4: "at au be bg ch cy dk hu li lu lv md mk no nz ph si tn za",
    5: "cz de ee es fi fr gr hr id it kr lt mc mx my pl rs sa se sk sm th tr ua us",
    6: "by cn in kz ro ru sg",
    7: "cl jp pt",
    8: "br",
}
DIGITS = {country: f"^[0-9]{{{length}}}$" for length, line in LENGTHS.items() for country in line.split()}
"""Postcodes of countries that have nothing but digits."""
OTHERS = r"^(?:[0-9]{3,10}|[a-z]{1,3}[0-9]{2,5}|[a-z][0-9]{4}[a-z]{3})$"
"""Postcodes of any other country."""
SPACED = {
    "gb": (r"^(.+)(...)$", "$1 $2"),
    "ca": (r"^(...)(...)$", "$1 $2"),
    "nl": (r"^(....)(..)$", "$1 $2"),
    "ie": (r"^(...)(....)$", "$1 $2"),
    "br": (r"^([0-9]{5})([0-9]{3})$", "$1-$2"),
    "jp": (r"^([0-9]{3})([0-9]{4})$", "$1-$2"),
    "pl": (r"^([0-9]{2})([0-9]{3})$", "$1-$2"),
    "pt": (r"^([0-9]{4})([0-9]{3})$", "$1-$2"),
    **dict.fromkeys(("cz", "gr", "se", "sk"), (r"^([0-9]{3})([0-9]{2})$", "$1 $2")),
}
"""Where a postcode has something between, by country."""


def _country(country: str | None) -> str | None:
    """Return `country` in lower case."""
    return country and country.lower()


@attrs.frozen
class Postcode:
    """Postcodes: ``<field>`` the code, ``.district`` and ``.area``, the larger places that its beginning names.

    Normalized: lower-case letters and digits with nothing between; a country in front (``D-``) and the last four digits
    of a ZIP+4 dropped; as the postcode of an `Address` is. Null: no digit, zeros or nines alone.

    ========================  ======================  =====================
    country                   ``.district``           ``.area``
    ========================  ======================  =====================
    GB ``sw1a1aa``            outward code, ``sw1a``  its letters, ``sw``
    CA ``k1a0b1``             first three, ``k1a``    first letter, ``k``
    IE ``d02x285``            routing key, ``d02``    its letters, ``d``
    NL ``1012ab``             first four, ``1012``    first two, ``10``
    US ``02139``              all five                first three, ``021``
    others, 5 digits or more  first three             first two
    others, 4 digits          first two               first two
    ========================  ======================  =====================

    Letters tell the first four countries; five digits may be of many, so that the row of the United States counts only
    where `country` says so. A code of another form than those of `country` has neither.

    Args:
        column: the column to read; left out, the column called like the field.
        country: the country of all postcodes, as its two-letter code of ISO 3166; None: told by each value.

    Raises:
        ConfigurationError: `country` is no such code.

    Examples:
        >>> import polars as pl
        >>> codes = pl.Series(["SW1A 1AA", "k1a-0b1", "D-10115", "02139-4307", "n/a"])
        >>> Postcode().normalize("column", codes).rows()[:3]
        [('sw1a1aa', 'sw1a', 'sw'), ('k1a0b1', 'k1a', 'k'), ('10115', '101', '10')]
        >>> Postcode(country="US").normalize("column", codes).rows()[3:]
        [('02139', '02139', '021'), (None, None, None)]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None
    country: str | None = attrs.field(default=None, kw_only=True, converter=_country)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse an unknown country."""
        if self.country is not None and self.country not in country_codes().values():
            raise ConfigurationError(f"country must be a two-letter code such as 'GB' or 'US', got {self.country!r}")

    @property
    def parts(self) -> tuple[str, ...]:
        """The code, its district, its area."""
        return (MAIN, "district", "area")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return code, district and area of each value."""
        del role
        code, country, fits = self._read(values)
        only_digits = fits & code.str.contains("^[0-9]{4,}$")
        of = {name: country == name for name in ("us", "nl", "ca", "ie", "gb")}
        district = case(
            (of["us"], code),
            (of["nl"], code.str.slice(0, 4)),
            (of["ca"] | of["ie"], code.str.slice(0, 3)),
            (of["gb"], code.str.extract("^(.+)...$", 1)),
            (only_digits & (code.str.len_bytes() > 4), code.str.slice(0, 3)),
            (only_digits, code.str.slice(0, 2)),
        )
        area = case(
            (of["us"], code.str.slice(0, 3)),
            (of["ca"], code.str.slice(0, 1)),
            (of["gb"] | of["ie"], code.str.extract("^([a-z]+)", 1)),
            (of["nl"] | only_digits, code.str.slice(0, 2)),
        )
        return {MAIN: code, "district": district, "area": area}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return code, district and area of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it has the form of a postcode of its country, or of any where that is unknown.

        Examples:
            >>> import polars as pl
            >>> codes = pl.Series(["SW1A 1AA", "10115", "n/a"])
            >>> Postcode().valid(codes).to_list(), Postcode(country="DE").valid(codes).to_list()
            ([True, True, False], [False, True, False])
        """
        return self._read(values)[2]

    def format(self, values: Column) -> Column:
        """Return each postcode in capitals, with the space or hyphen of its country.

        Examples:
            >>> import polars as pl
            >>> Postcode().format(pl.Series(["sw1a1aa", "K1A-0B1", "1012ab", "n/a"])).to_list()
            ['SW1A 1AA', 'K1A 0B1', '1012 AB', None]
        """
        plain, country, fits = self._read(values)
        code = plain.str.to_uppercase()
        for name in SPACED if self.country is None else {self.country} & SPACED.keys():
            code = case((country == name, code.str.replace(*SPACED[name])), default=code)
        return code.set(~fits, None)

    def _read(self, values: Column) -> tuple[Column, Column, Column]:
        """Return the code in each value, its country or null, and whether it fits that or any country."""
        code = postcodes(clean(values))
        if self.country is not None:
            pattern = LETTERED.get(self.country) or DIGITS.get(self.country, OTHERS)
            fits = _holds(code, pattern)
            return code, case((fits, self.country)), fits
        told = case(*((code.str.contains(pattern), country) for country, pattern in LETTERED.items()))
        return code, told, told.is_not_null() | _holds(code, OTHERS)


def _holds(code: Column, pattern: str) -> Column:
    """Tell whether there is a code, and it matches a pattern."""
    return code.str.contains(pattern).fill_null(value=False)
