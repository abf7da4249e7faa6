"""Telephone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import ClassVar, Generic

import attrs
import phonenumbers
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import clean
from identigraph.text.columns import Column, case, coalesced, empty, mapped, one_of, wherever

FEWEST_DIGITS, MOST_DIGITS, TAIL_DIGITS = 5, 15, 7
INTERNATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL

CALLING_CODE = "|".join(str(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
"""Every calling code, as a pattern; none is the beginning of another."""
CALLED = f"^({CALLING_CODE})"

MORE = "[a-z;,#|]"
"""What stands in a value that has a label, an extension or another number."""
LABEL = r"^(?:telephone|telefon|tel|phone|ph|mobile|mobil|mob|cell|fax|home|work|office)\b[\s.:]*"
BEHIND = r"(?:[;,#|]|\bor\b|(?:extension|extn|ext|x|poste|ramal|anexo)[\s.:=]*\d).*$"
"""Where an extension or another number begins."""
ALL_BEHIND = f"({BEHIND})"
EXTENSION = r"^[;,]?\s*(?:extension|extn|ext|x|poste|ramal|anexo|#)[\s.:=#]*(\d{1,7})(?:\D|$)"
FLOAT = r"^(\d+)\.0$"
OTHER = r"[a-z@*?]"
PLUS = r"^[^\d+]*\+"
PREFIXES = {"00": 11, "011": 13}
"""International prefixes, and the fewest digits with one: shorter numbers start with an area code, as 0113 (Leeds)."""
NORTH_AMERICAN = r"^1(\d{10})$"
ONE_DIGIT = "^(?:" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
ASCENDING = frozenset("123456789012345"[:length] for length in range(FEWEST_DIGITS, MOST_DIGITS + 1))


@attrs.frozen
class _NumberingPlan:
    """What is known of the numbers of a region: its calling code, and patterns.

    Args:
        calling_code: its digits.
        abroad: what follows an international prefix, a pattern for each way to dial one.
        trunk: what follows a trunk prefix other than 0; None where there is no such prefix.
        valid: national numbers.
        padded: national numbers with a zero before them, or two.
        own: what follows the calling code of the region.
    """

    calling_code: str
    abroad: tuple[str, ...]
    trunk: str | None
    valid: str
    padded: str
    own: str

    @classmethod
    def of(cls, region: str) -> _NumberingPlan:
        """Return the plan of `region`."""
        known = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if known is None or known.general_desc is None:
            raise ConfigurationError(f"region must be a two-letter country code such as 'GB' or 'US', got {region!r}")
        code, prefix, trunk = known.country_code, known.international_prefix or "00", known.national_prefix
        valid, longest = known.general_desc.national_number_pattern or "", max(known.general_desc.possible_length)
        return cls(
            str(code),
            (rf"^00({code}\d{{8,}})$", rf"^(?:{prefix})(\d{{8,}})$"),
            None if trunk in {None, "0", "1"} else f"^{trunk}0?({valid})$",
            f"^(?:{valid})$",
            f"^0?(?:{valid})$",
            rf"^(?:{code})+(0?(?:{valid})|\d{{{longest}}})$",
        )


@cache
def _plan_of(region: str) -> _NumberingPlan:
    return _NumberingPlan.of(region)


@attrs.frozen(eq=False)
class _Read(Generic[Column]):
    """What values say: `number`, `country` and `extension`, null where there is none, and what they are made of.

    That is all `digits` before an extension, and those `abroad`, behind an international prefix.
    """

    digits: Column
    abroad: Column
    country: Column
    number: Column
    extension: Column


def _upper(region: str | None) -> str | None:
    """Return `region` in upper case."""
    return region and region.upper()


@attrs.frozen
class Phone:
    """Telephone numbers: ``<field>`` within its country, ``.tail`` its last seven digits, ``.country``, ``.extension``.

    Normalized: the digits of the national significant number without leading zeros, the same for all usual ways to
    write one number: international prefix (``+``, ``00``, ``011``) and calling code, trunk zero, punctuation, labels
    (``tel:``) and extensions (``x12``, ``ext. 12``, ``#12``, ``;ext=12``) are dropped. So is the 1 before ten digits,
    in the North American way, unless `region` lies elsewhere. ``.country`` is the calling code, where the value states
    one; ``.tail`` joins numbers with and without area code or calling code; ``.extension`` is the digits behind *x*,
    *ext.* or ``#``.

    Null: fewer than 5 or more than 15 digits, one digit repeated, 1234567890 and its like, letters, masked digits.

    Weak: numbers of different countries may be equal (compare ``.country`` as well); where a national prefix is not 0,
    or a calling code comes without ``+``, `region` is needed to see it.

    Args:
        column: the column to read; left out, the column called like the field.
        region: the country of numbers that state none, as its two-letter code of ISO 3166; None: unknown.

    Raises:
        ConfigurationError: `region` is no such code.

    Examples:
        >>> import polars as pl
        >>> numbers = pl.Series(["+44 (0)20 7946 0958", "(020) 7946-0958 ext. 12", "44 20 7946 0958", "555-555-5555"])
        >>> Phone(region="GB").normalize("column", numbers).rows()[:2]
        [('2079460958', '9460958', '44', None), ('2079460958', '9460958', None, '12')]
        >>> Phone(region="GB").normalize("column", numbers)[""].to_list()
        ['2079460958', '2079460958', '2079460958', None]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None
    region: str | None = attrs.field(default=None, kw_only=True, converter=_upper)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse an unknown region."""
        if self.region is not None:
            _plan_of(self.region)

    @property
    def parts(self) -> tuple[str, ...]:
        """The number, its last seven digits, its calling code, its extension."""
        return (MAIN, "tail", "country", "extension")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return number, tail, calling code and extension of each value."""
        del role
        read = self._read(values)
        tail = case((read.number.str.len_bytes() >= TAIL_DIGITS, read.number.str.tail(TAIL_DIGITS)))
        return {MAIN: read.number, "tail": tail, "country": read.country, "extension": read.extension}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return number, tail, calling code and extension of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it is a number that can be assigned in its country.

        The country is the one that the value states, or else `region`; without any, no number is valid.

        Examples:
            >>> import polars as pl
            >>> Phone(region="GB").valid(pl.Series(["020 7946 0958", "020 7946 095", "+1 704 555 0134"])).to_list()
            [True, False, True]
        """
        return self.format(values).is_not_null()

    def format(self, values: Column) -> Column:
        """Return each number in the international format of its country (ITU-T E.123), with its extension.

        Examples:
            >>> import polars as pl
            >>> Phone(region="GB").format(pl.Series(["(020) 79460958 x12", "001 7045550134", "12345678"])).to_list()
            ['+44 20 7946 0958 x12', '+1 704-555-0134', None]
        """
        read = self._read(values)
        dialled = ("+" + read.abroad).set(read.country.is_null(), None)
        if self.region is not None:
            dialled = coalesced(dialled, read.digits)
        known = case((read.number.is_not_null(), dialled))
        return mapped(partial(_international, self.region), known, read.extension)

    def _read(self, values: Column) -> _Read[Column]:
        """Return what each value says."""
        plan = None if self.region is None else _plan_of(self.region)
        plain = clean(values)
        text, extension = wherever(plain.str.contains(MORE), _without_extension, plain, empty(plain))
        text = text.str.replace(FLOAT, "$1")
        digits = text.str.replace_all("[^0-9]+", "")
        abroad = _behind_international_prefix(text, digits, plan).str.strip_chars_start("0")
        country = abroad.str.extract(CALLED, 1)
        number, country = _national(digits, abroad, country, plan)
        if plan is None or plan.calling_code == "1":
            number = number.str.replace(NORTH_AMERICAN, "$1").str.strip_chars_start("0")
        junk = _is_junk(text, coalesced(abroad, digits), number)
        number, country, extension = (each.set(junk, None) for each in (number, country, extension))
        return _Read(digits, abroad, country, number, extension)


def _international(region: str | None, dialled: str, extension: str | None) -> str | None:
    """Return a number as it is dialled in `region`, None where no country assigns it."""
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None
    number.extension = extension
    return phonenumbers.format_number(number, INTERNATIONAL) if phonenumbers.is_valid_number(number) else None


def _without_extension(text: Column, none: Column) -> tuple[Column, Column]:
    """Return numbers without label and extension, and the extensions."""
    del none
    whole = text.str.replace(LABEL, "")
    return whole.str.replace(BEHIND, ""), whole.str.extract(ALL_BEHIND, 1).str.extract(EXTENSION, 1)


def _behind_international_prefix(text: Column, digits: Column, plan: _NumberingPlan | None) -> Column:
    """Return the digits behind ``+`` or an international prefix, null where there is none."""
    behind = [case((text.str.contains(PLUS), digits))]
    if plan is not None:
        behind += [digits.str.extract(pattern, 1) for pattern in plan.abroad]
    for prefix, fewest in PREFIXES.items():
        stated = digits.str.starts_with(prefix) & (digits.str.len_bytes() >= fewest)
        behind.append(case((stated, digits.str.slice(len(prefix)))))
    return coalesced(*behind)


def _national(digits: Column, abroad: Column, country: Column, plan: _NumberingPlan | None) -> tuple[Column, Column]:
    """Return the national numbers, without leading zeros, and the countries, that of numbers in the `plan` too."""
    number = coalesced(abroad.str.slice(country.str.len_bytes()), digits)
    if plan is None:
        return number.str.strip_chars_start("0"), country
    inland = country.is_null()
    number = case((inland, _without_trunk_prefix(number, plan)), default=number).str.strip_chars_start("0")
    own = case((inland, _behind_own_calling_code(number, plan)))
    return coalesced(own, number).str.strip_chars_start("0"), case((own.is_null(), country), default=plan.calling_code)


def _without_trunk_prefix(number: Column, plan: _NumberingPlan) -> Column:
    """Return numbers without a trunk prefix other than 0, where only that makes them valid."""
    if plan.trunk is None:
        return number
    return case((number.str.contains(plan.valid), number), default=number.str.extract(plan.trunk, 1).fill_null(number))


def _behind_own_calling_code(number: Column, plan: _NumberingPlan) -> Column:
    """Return what follows the region's own calling code in numbers that are invalid or too long with it."""
    return case((~("0" + number).str.contains(plan.padded), number.str.extract(plan.own, 1)))


def _is_junk(text: Column, digits: Column, number: Column) -> Column:
    """Tell whether `text`, its `digits` and its `number` are no number at all."""
    junk = text.str.contains(OTHER) | (number.str.len_bytes() < FEWEST_DIGITS) | (digits.str.len_bytes() > MOST_DIGITS)
    for some in (number, digits):
        junk = junk | some.str.contains(ONE_DIGIT) | one_of(some, ASCENDING)
    return junk
