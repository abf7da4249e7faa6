"""Postal addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.address_words import CITY_WORDS, STATES, STREET_WORDS, country_codes
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import legible, titled
from identigraph.fields.unknown import UNKNOWN
from identigraph.text import clean, words
from identigraph.text.columns import (
    Column,
    case,
    coalesced,
    empty,
    groups,
    joined,
    mapped,
    nonempty,
    one_of,
    recoded,
    starts,
    wherever,
)
from identigraph.text.tokens import Replacements, replace_tokens, spaced

ROLES = ("street", "number", "street2", "city", "district", "postcode", "state", "country", "full")
PARTS = (MAIN, "street", "number", "unit", "city", "district", "postcode", "state", "country")

NOWHERE = [
    "address unknown", "homeless", "nan", "n a", "nil", "no address", "no fixed abode", "no fixed address", "none",
    "not applicable", "not available", "not given", "not known", "not provided", "null", "object object", "same",
    "same as above", "tba", "tbd", "test", "undefined", "unknown", "unknown address", "withheld",
]  # fmt: skip
"""Values that name no place."""
NO_PLACE = frozenset({*NOWHERE, *UNKNOWN})
STREET_FORMS, CITY_FORMS = Replacements(STREET_WORDS), Replacements(CITY_WORDS)

UNIT_WORDS = "flat|apartment|apt|appt|aptm|unit|suite|ste|room|rm|floor|level|lvl|wohnung|whg"
UNIT = rf"(?:^|[\s,(])(?:(?:{UNIT_WORDS})\b[\s.:#]*|#\s*)((?:[a-z]-?)?[0-9]+(?:-[0-9]+)*[a-z]?\b|[a-z]\b)\)?"
NUMBER = r"[0-9]+[a-z]?(?:\s?[-/]\s?[0-9]+[a-z]?)?"
NUMBER_BEHIND = r"[0-9]+(?:\s?[a-z])?(?:\s?[-/]\s?[0-9]+[a-z]?)?"
NO = r"(?:(?:no|nr|number)\b[\s.:]*)?"
NUMBER_FIRST = rf"^{NO}({NUMBER})(?:[\s,.]+|$)"
NUMBER_ELSEWHERE = (
    rf"^(?P<before>(?:[^,0-9]|[0-9]+(?:st|nd|rd|th)\b)+?)[\s.,]+{NO}(?P<last>{NUMBER_BEHIND})\s*(?:,|$)"
    rf"|,\s*(?P<later>{NUMBER})[\s,]"
)
"""A house number that ends what stands before the first comma; or else one after a comma."""
NUMBERED_WAY = r"(?:^|\s)(?:highway|hwy|route|rte|interstate)\W*$|^\s*(?:street|st|avenue|ave|road|rd|calle|rue)\W*$"
"""What has a number in its name: *Route 9*, *Street 128*."""
BOX = r"\bp\W{0,2}o\W{0,2}box\b|\bpost office box\b|\bpostfach\b"
SPANISH_STREET = r"^\s*c/"
COMPOUND_STREET = r"([a-z]{2})(?:strasse|str|straat)\b"

POSTCODES = (
    r"(^|[\s,])([a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2})(\s*,|$)",
    r"(^|[\s,])([a-z][0-9][a-z] ?[0-9][a-z][0-9])(\s*,|$)",
    r"([\s,])(?:[a-z]{1,2}-)?([0-9]{5}(?:-[0-9]{4})?|[0-9]{6})()$",
    r"(,\s*|,[^,]*\s[a-z]{2,3}\s+)(?:[a-z]{1,2}-)?([0-9]{4})()$",
    r"([0-9][^,]*,\s*(?:[^,]*,\s*)?)(?:[a-z]{1,2}-)?([0-9]{4,6})(\s+[a-z][^,0-9]*)$",
)
"""Postcodes in one line with the rest: British, Canadian, of five, six and four digits at the end, before the town."""
SPLIT_POSTCODES = tuple(
    re.compile(rf"(?i)(?<![^\s,]){code}(?= *(?:,|$))")
    for code in ("([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})", "([a-z][0-9][a-z]) ?([0-9][a-z][0-9])")
)
"""British and Canadian postcodes, where they are read as such, and their two halves."""
CAPITALS = {"n", "s", "e", "w", "ne", "nw", "se", "sw", "po", "uk", "us", "usa", "uae"}
"""Words of addresses that are written in capitals."""
STATE_CODES = frozenset(STATES.values())
LAST_PIECE = r",\s*([a-z][a-z .]*)$"
SHORTEST_COUNTRY_NAME = 4
COUNTRY_ABBREVIATIONS = frozenset({"usa", "uk", "uae"})


@attrs.frozen
class Address:
    """Postal addresses: ``<field>`` house number and street, ``.street``, ``.number``, ``.unit``, ``.city`` and more.

    The other parts are ``.district``, ``.postcode``, ``.state`` and ``.country``.

    Normalized: cleaned to words of lower-case ASCII. Street types, directions and ordinals get one short form
    (*Street* and *Str.* are ``st``, *North* is ``n``, *Third* is ``3rd``); the house number may stand before or behind
    the street; *Flat 3*, *Apt. 3*, *#3* is the unit. Postcodes have no spaces, and of the nine digits of a ZIP+4 five.
    States and provinces of the United States, Canada and Australia become their codes, countries those of ISO 3166 with
    two letters, in lower case; others stay words. Null: ``n/a``, ``unknown`` and their like; a postcode without a
    digit or of zeros or nines alone.

    Of an address on one line (`full`), postcode and country are taken out where they are plain to see; all the rest is
    the street.

    Args:
        street: the column of streets, with or without house number.
        number: the column of house numbers; it is put before the street.
        street2: the column of second lines: its unit, or else all of it, is ``.unit``.
        city: the column of towns.
        district: the column of districts or suburbs.
        postcode: the column of postcodes.
        state: the column of states or provinces.
        country: the column of countries.
        full: the column of addresses on one line. With no column named, the one called like the field is the street.

    Examples:
        >>> import polars as pl
        >>> lines = pl.Series(["Flat 3, 12a High Street", "Hauptstraße 7"])
        >>> Address().normalize("street", lines).select("", "street", "number", "unit").rows()
        [('12a high st', 'high st', '12a', '3'), ('7 haupt st', 'haupt st', '7', None)]
    """

    per_source: ClassVar[bool] = False
    street: str | None = None
    number: str | None = None
    street2: str | None = None
    city: str | None = None
    district: str | None = None
    postcode: str | None = None
    state: str | None = None
    country: str | None = None
    full: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """House number and street together, and all parts by themselves."""
        return PARTS

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the columns it reads."""
        return named_columns(self, ROLES, name, "street")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns with house number and street made one, so that they are normalized together."""
        if "number" not in columns:
            return columns
        number, street = columns["number"], columns.get("street", columns["number"])
        line = case((starts(street + " ", number + " "), street), default=joined(number, street))
        return {"street": line} | {role: column for role, column in columns.items() if role not in ("street", "number")}

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the parts that the role gives, of each value."""
        if role == "full":
            return _whole(values)
        if role in ("street", "number"):
            return _street(clean(values))
        if role == "street2":
            return {"unit": _second_line(clean(values))}
        if role in ("city", "district"):
            return {role: _city(words(values))}
        if role == "postcode":
            return {"postcode": postcodes(clean(values))}
        return {"country": _country(words(values))} if role == "country" else {"state": _state(words(values))}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the parts of each value; those that the role does not give are null."""
        given, none = pl.DataFrame(self.read(role, values)), pl.lit(None, dtype=pl.String)
        return given.select(pl.col(part) if part in given.columns else none.alias(part) for part in PARTS)

    def valid(self, values: Column) -> Column:
        """Tell of each address on one line whether it names a street or a house."""
        return self.read("full", values)[MAIN].is_not_null()

    def format(self, values: Column) -> Column:
        """Return each address on one line, with the capitals and the postcode as people write them.

        Examples:
            >>> import polars as pl
            >>> lines = pl.Series(["FLAT 3, 12A HIGH STREET, LONDON, SW1A1AA", "1 main st, boston ma 02139", "n/a"])
            >>> Address().format(lines).to_list()
            ['Flat 3, 12a High Street, London, SW1A 1AA', '1 Main St, Boston MA 02139', None]
        """
        return mapped(_written, legible(values).set(~self.valid(values), None))


def _written(line: str) -> str:
    """Return an address on one line as people write it."""
    written = titled(line, _fixed)
    for code in SPLIT_POSTCODES:
        if code.search(written):
            return code.sub(lambda halves: f"{halves[1]} {halves[2]}".upper(), written, count=1)
    return written


def _fixed(words: list[str], place: int) -> str | None:
    """Return how the word at a `place` of an address in small letters is written, where it is no common word."""
    bare, last = words[place].strip(",."), place == len(words) - 1
    before_postcode = not last and any(letter.isdigit() for letter in words[place + 1][:3])
    is_state = bare in STATE_CODES and place > 0 and (last or before_postcode)
    return words[place].upper() if bare in CAPITALS or is_state else None


def _stated(plain: Column) -> Column:
    """Return words, null where they name no place."""
    return plain.set(one_of(plain, NO_PLACE), None)


def _street(lines: Column) -> dict[str, Column]:
    """Return house number, street and unit of cleaned lines, and house number and street together."""
    line = lines.str.replace_all(UNIT, ", ").str.strip_chars(" ,")
    number, street = line.str.extract(NUMBER_FIRST, 1), line.str.replace(NUMBER_FIRST, "")
    number, unit = wherever(number.str.contains("/", literal=True), _behind_unit, number, _unit(lines))
    number, street, unit = wherever(number.is_null(), _numbered_elsewhere, number, street, unit)
    number, street = _tidy(number), _short(street)
    return {MAIN: joined(number, street), "street": street, "number": number, "unit": unit}


def _behind_unit(number: Column, unit: Column) -> tuple[Column, Column]:
    """Return house numbers without the unit and slash before them, and units, this one where there is no other."""
    return number.str.replace("^.+/", ""), coalesced(unit, _tidy(number.str.extract("^(.+)/", 1)))


def _numbered_elsewhere(number: Column, line: Column, unit: Column) -> tuple[Column, Column, Column]:
    """Return house number, street and unit of lines that do not start with a number."""
    found = groups(line, NUMBER_ELSEWHERE)
    unnumbered = line.str.contains(BOX) | found["before"].str.contains(NUMBERED_WAY).fill_null(value=False)
    number = coalesced(found["last"], found["later"]).set(unnumbered, None)
    street = case((unnumbered, line), default=line.str.replace(NUMBER_ELSEWHERE, "${before} "))
    return number.str.replace("/.+$", ""), street, coalesced(unit, _tidy(number.str.extract("/(.+)$", 1)))


def _short(streets: Column) -> Column:
    """Return streets as words in the form that is kept."""
    whole = spaced(streets.str.replace(SPANISH_STREET, "calle ")).str.replace_all(COMPOUND_STREET, "$1 st")
    return _stated(replace_tokens(whole, STREET_FORMS))


def _unit(lines: Column) -> Column:
    """Return the number or letter of the first flat, suite or the like in cleaned lines."""
    return _tidy(lines.str.extract(UNIT, 1))


def _tidy(numbers: Column) -> Column:
    """Return house or unit numbers without spaces and leading zeros."""
    return nonempty(numbers.str.replace_all(" ", "", literal=True).str.strip_chars_start("0"))


def _second_line(lines: Column) -> Column:
    """Return the unit of cleaned second lines, or all their words."""
    return _unit(lines).fill_null(_short(lines))


def postcodes(plain: Column) -> Column:
    """Return cleaned postcodes without anything between, and ZIP codes without their last four digits.

    Examples:
        >>> import polars as pl
        >>> postcodes(pl.Series(["sw1a 1aa", "d-10115", "02139-4307", "n/a", "00000"])).to_list()
        ['sw1a1aa', '10115', '02139', None, None]
    """
    bare = plain.str.replace(r"^[a-z]{1,2}[ -]([0-9]{4,5})$", "$1").str.replace(r"\.0$", "")
    code = bare.str.replace_all(r"[^a-z0-9]+", "").str.replace(r"^([0-9]{5})[0-9]{4}$", "$1")
    return code.set(~code.str.contains("[0-9]") | code.str.contains("^(?:0+|9+)$"), None)


def _city(plain: Column) -> Column:
    """Return towns in words in the form that is kept, null without a letter."""
    town = replace_tokens(_stated(plain), CITY_FORMS)
    return town.set(~town.str.contains("[a-z]"), None)


def _state(plain: Column) -> Column:
    """Return the codes of states in words; words without a code stay."""
    return recoded(_stated(plain), STATES)


def _country(plain: Column) -> Column:
    """Return the codes of countries in words; words without a code stay. *NA* is Namibia, *n/a* is not."""
    named = _stated(plain)
    return recoded(named.str.replace_all(" ", "", literal=True), country_codes(), others=False).fill_null(named)


def _whole(values: Column) -> dict[str, Column]:
    """Return the parts of addresses on one line."""
    line = clean(values)
    last = line.str.extract(LAST_PIECE, 1).str.replace_all("[ .]", "")
    too_short = (last.str.len_bytes() < SHORTEST_COUNTRY_NAME) & ~one_of(last, COUNTRY_ABBREVIATIONS)
    country = recoded(last, country_codes(), others=False).set(too_short, None)
    line = case((country.is_null(), line), default=line.str.replace(LAST_PIECE, ""))
    code = empty(line)
    for pattern in POSTCODES:
        found = line.str.extract(pattern, 2)
        hit = code.is_null() & found.is_not_null()
        line = case((hit, line.str.replace(pattern, "$1 $3")), default=line).str.strip_chars(" ,")
        code = coalesced(code, found)
    return _street(line) | {"postcode": postcodes(code), "country": country}
