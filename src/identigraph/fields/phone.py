"""Telephone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import attrs
import phonenumbers
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import mapped
from identigraph.text import clean

FEWEST_DIGITS, MOST_DIGITS, TAIL_DIGITS = 5, 15, 7
INTERNATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL

CALLING_CODE = "|".join(str(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
"""Every calling code, as a pattern; none is the beginning of another."""

LABEL = r"^(?:telephone|telefon|tel|phone|ph|mobile|mobil|mob|cell|fax|home|work|office)\b[\s.:]*"
BEHIND = r"(?:[;,#|]|\bor\b|(?:extension|extn|ext|x|poste|ramal|anexo)[\s.:=]*\d).*$"
"""Where an extension or another number begins."""
EXTENSION = r"^[;,]?\s*(?:extension|extn|ext|x|poste|ramal|anexo|#)[\s.:=#]*(\d{1,7})(?:\D|$)"
FLOAT = r"^(\d+)\.0$"
OTHER = r"[a-z@*?]"
PLUS = r"^[^\d+]*\+"
PREFIXES = {"00": 11, "011": 13}
"""International prefixes, and the fewest digits with one: shorter numbers start with an area code, as 0113 (Leeds)."""
NORTH_AMERICAN = r"^1(\d{10})$"
ONE_DIGIT = "^(?:" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
ASCENDING = ["123456789012345"[:length] for length in range(FEWEST_DIGITS, MOST_DIGITS + 1)]


@attrs.frozen
class _NumberingPlan:
    """What is known of the numbers of a region: patterns and counts of digits."""

    calling_code: str
    international_prefix: str
    trunk_prefix: str | None
    valid: str
    longest: int

    @classmethod
    def of(cls, region: str) -> _NumberingPlan:
        """Return the plan of `region`."""
        known = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if known is None or known.general_desc is None:
            raise ConfigurationError(f"region must be a two-letter country code such as 'GB' or 'US', got {region!r}")
        pattern, lengths = known.general_desc.national_number_pattern, known.general_desc.possible_length
        prefix = known.national_prefix
        return cls(str(known.country_code), known.international_prefix or "00", prefix, pattern or "", max(lengths))


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
            _NumberingPlan.of(self.region)

    @property
    def parts(self) -> tuple[str, ...]:
        """The number, its last seven digits, its calling code, its extension."""
        return (MAIN, "tail", "country", "extension")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return number, tail, calling code and extension of each value."""
        del role
        number, country = pl.col("number"), pl.col("country")
        long = number.str.len_bytes() >= TAIL_DIGITS
        tail = pl.when(long).then(number.str.tail(TAIL_DIGITS)).alias("tail")
        return self._read(values).select(number.alias(MAIN), tail, country, "extension")

    def valid(self, values: pl.Series) -> pl.Series:
        """Tell of each value whether it is a number that can be assigned in its country.

        The country is the one that the value states, or else `region`; without any, no number is valid.

        Examples:
            >>> import polars as pl
            >>> Phone(region="GB").valid(pl.Series(["020 7946 0958", "020 7946 095", "+1 704 555 0134"])).to_list()
            [True, False, True]
        """
        return self.format(values).is_not_null()

    def format(self, values: pl.Series) -> pl.Series:
        """Return each number in the international format of its country (ITU-T E.123), with its extension.

        Examples:
            >>> import polars as pl
            >>> Phone(region="GB").format(pl.Series(["(020) 79460958 x12", "001 7045550134", "12345678"])).to_list()
            ['+44 20 7946 0958 x12', '+1 704-555-0134', None]
        """
        abroad = pl.when(pl.col("country").is_not_null()).then("+" + pl.col("abroad"))
        dialled = abroad if self.region is None else pl.coalesce(abroad, "digits")
        known = pl.when(pl.col("number").is_not_null()).then(dialled).alias("dialled")
        frame = self._read(values).select(known, "extension")
        return mapped(partial(_international, self.region), frame["dialled"], frame["extension"]).alias(values.name)

    def _read(self, values: pl.Series) -> pl.DataFrame:
        """Return `number`, `country` and `extension` of each value, null where it has none, and what they are made of.

        These are the `text` and its `digits`, and those `abroad`, behind an international prefix.
        """
        plan = None if self.region is None else _NumberingPlan.of(self.region)
        whole = clean(values).str.replace(LABEL, "")
        text = whole.str.replace(BEHIND, "").str.replace(FLOAT, "$1")
        extension = whole.str.extract(f"({BEHIND})", 1).str.extract(EXTENSION, 1)
        frame = pl.DataFrame({"text": text, "digits": text.str.replace_all("[^0-9]+", ""), "extension": extension})
        frame = frame.with_columns(abroad=_behind_international_prefix(plan).str.strip_chars_start("0"))
        frame = _national(frame.with_columns(country=pl.col("abroad").str.extract(f"^({CALLING_CODE})", 1)), plan)
        if plan is None or plan.calling_code == "1":
            frame = frame.with_columns(pl.col("number").str.replace(NORTH_AMERICAN, "$1").str.strip_chars_start("0"))
        known = frame.select(~_junk()).to_series()
        return frame.with_columns(pl.when(known).then(name).alias(name) for name in ("number", "country", "extension"))


def _international(region: str | None, dialled: str, extension: str | None) -> str | None:
    """Return a number as it is dialled in `region`, None where no country assigns it."""
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None
    number.extension = extension
    return phonenumbers.format_number(number, INTERNATIONAL) if phonenumbers.is_valid_number(number) else None


def _behind_international_prefix(plan: _NumberingPlan | None) -> pl.Expr:
    """Return the digits behind ``+`` or an international prefix, null where there is none."""
    digits = pl.col("digits")
    behind: list[pl.Expr] = [pl.when(pl.col("text").str.contains(PLUS)).then(digits)]
    if plan is not None:
        behind.append(digits.str.extract(rf"^00({plan.calling_code}\d{{8,}})$", 1))
        behind.append(digits.str.extract(rf"^(?:{plan.international_prefix})(\d{{8,}})$", 1))
    for prefix, fewest in PREFIXES.items():
        stated = digits.str.starts_with(prefix) & (digits.str.len_bytes() >= fewest)
        behind.append(pl.when(stated).then(digits.str.slice(len(prefix))))
    return pl.coalesce(behind)


def _national(frame: pl.DataFrame, plan: _NumberingPlan | None) -> pl.DataFrame:
    """Return `frame` with the national `number`, without leading zeros, and the `country` of numbers in the `plan`."""
    rest, inland = pl.col("abroad").str.slice(pl.col("country").str.len_bytes()), pl.col("country").is_null()
    frame = frame.with_columns(number=pl.coalesce(rest, "digits"))
    if plan is None:
        return frame.with_columns(pl.col("number").str.strip_chars_start("0"))
    number = pl.when(inland).then(_without_trunk_prefix(plan)).otherwise("number").str.strip_chars_start("0")
    frame = frame.with_columns(number=number)
    frame = frame.with_columns(own=pl.when(inland).then(_behind_own_calling_code(plan)))
    return frame.with_columns(
        country=pl.when(pl.col("own").is_null()).then("country").otherwise(pl.lit(plan.calling_code)),
        number=pl.coalesce("own", "number").str.strip_chars_start("0"),
    )


def _without_trunk_prefix(plan: _NumberingPlan) -> pl.Expr:
    """Return `number` without a trunk prefix other than 0, where only that makes it valid."""
    number = pl.col("number")
    if plan.trunk_prefix in {None, "0", "1"}:
        return number
    behind = number.str.extract(f"^{plan.trunk_prefix}0?({plan.valid})$", 1)
    return pl.when(number.str.contains(f"^(?:{plan.valid})$")).then(number).otherwise(pl.coalesce(behind, number))


def _behind_own_calling_code(plan: _NumberingPlan) -> pl.Expr:
    """Return what follows the region's own calling code in `number`, where `number` is invalid or too long with it."""
    number = pl.col("number")
    behind = number.str.extract(rf"^(?:{plan.calling_code})+(0?(?:{plan.valid})|\d{{{plan.longest}}})$", 1)
    return pl.when(~("0" + number).str.contains(f"^0?(?:{plan.valid})$")).then(behind)


def _junk() -> pl.Expr:
    """Return whether `text`, `digits` and `number` are no number at all."""
    number, digits = pl.col("number"), pl.coalesce("abroad", "digits")
    return pl.any_horizontal(
        pl.col("text").str.contains(OTHER),
        number.str.len_bytes() < FEWEST_DIGITS,
        digits.str.len_bytes() > MOST_DIGITS,
        *(some.str.contains(ONE_DIGIT) | some.is_in(ASCENDING) for some in (number, digits)),
    )
