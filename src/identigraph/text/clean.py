"""Cleaning of text, a whole series at a time.

Two spellings of one text become one string: composed and decomposed accents, full-width and half-width letters,
case, zero-width characters, letters of other scripts that look or sound alike, runs of white space.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Literal

import polars as pl
from anyascii import anyascii

from identigraph.text.columns import Column, mapped, nonempty
from identigraph.text.single import Single
from identigraph.text.tokens import spaced

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
INVISIBLE = rf"[\p{{Cf}}\p{{Mn}}{CONTROL}]"
NOT_ASCII = r"[^\x00-\x7f]"
ENTITY = r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});"
"""A character as HTML writes it."""
WRITTEN, CONTROLS = re.compile(ENTITY), re.compile(f"[{CONTROL}]")
UNSEEN, UNKNOWN = {"Cf", "Mn"}, "Cn"
"""Categories of characters: those that are dropped, and that of those which are none."""


def clean(values: Column) -> Column:
    r"""Return `values` in one plain form: lower-case ASCII, single spaces, blank as null.

    The steps: read characters that HTML writes by name or number (``&uuml;``), Unicode NFKC, drop invisible and
    combining characters, transliterate what is not ASCII (by anyascii: ``ß`` to ``ss``, ``张`` to ``zhang``),
    lower-case, collapse white space.

    Args:
        values: strings; nulls stay null.

    Returns:
        A series of the same length and name.

    Examples:
        >>> import polars as pl
        >>> clean(pl.Series(["  José\u200b  MÜLLER ", "Jose\u0301 m&uuml;ller", "Ｊｏ", " "])).to_list()
        ['jose muller', 'jose muller', 'jo', None]
    """
    if isinstance(values, Single):
        return mapped(clean_text, values)
    plain = _to_ascii(_unescaped(values))
    spaced = plain.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return nonempty(spaced).alias(values.name)


def clean_text(text: str) -> str | None:
    """Return one text as `clean` does; None where it is blank.

    Characters that this version of Python may know otherwise than polars, younger than Unicode 3.2, go through `clean`.

    Examples:
        >>> clean_text("  José  M&uuml;ller ")
        'jose muller'
    """
    while "&" in text and WRITTEN.search(text) and (read := unescape(text)) != text:
        text = read
    if not text.isascii():
        if any(unicodedata.ucd_3_2_0.category(letter) == UNKNOWN for letter in text):
            found: str | None = clean(pl.Series([text])).item()
            return found
        text = anyascii(_visible("NFKD", _visible("NFKC", text)))
    plain = text if text.isprintable() else CONTROLS.sub("", text)
    return " ".join(plain.lower().split()) or None


def words(values: Column) -> Column:
    """Return cleaned `values` with everything but letters and digits turned into single spaces.

    Apostrophes inside a word vanish (``o'brien`` becomes ``obrien``), other punctuation separates words.

    Examples:
        >>> import polars as pl
        >>> words(pl.Series(["O’Brien-Smith, J.", "12/b  High St."])).to_list()
        ['obrien smith j', '12 b high st']
    """
    return spaced(clean(values))


def squash(values: Column) -> Column:
    """Return cleaned `values` with letters and digits only, nothing between them.

    Examples:
        >>> import polars as pl
        >>> squash(pl.Series(["RUK-109 337", "--"])).to_list()
        ['ruk109337', None]
    """
    return nonempty(clean(values).str.replace_all(r"[^a-z0-9]+", ""))


def digits(values: Column) -> Column:
    """Return the ASCII digits of cleaned `values`, null where there is none.

    Examples:
        >>> import polars as pl
        >>> digits(pl.Series(["(704) 555-01", "none", "٣٤"])).to_list()
        ['70455501', None, '34']
    """
    return nonempty(clean(values).str.replace_all(r"[^0-9]+", ""))


def _unescaped(values: pl.Series) -> pl.Series:
    """Return `values` with the characters that HTML writes by name or number, also where that was done twice."""
    written = values.str.contains(ENTITY).fill_null(value=False)
    read = pl.Series([unescape(value) for value in values.filter(written)], dtype=pl.String)
    if read.equals(values.filter(written)):
        return values
    return _unescaped(values.clone().scatter(written.arg_true(), read))


def _to_ascii(values: pl.Series) -> pl.Series:
    """Return `values` in ASCII; only those that are not ASCII already are touched."""
    foreign = values.str.contains(NOT_ASCII).fill_null(value=False)
    if not foreign.any():
        return values.str.replace_all(f"[{CONTROL}]", "")
    visible = values.filter(foreign).str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    latin = visible.str.normalize("NFKD").str.replace_all(INVISIBLE, "")
    plain = pl.Series([anyascii(v) for v in latin], dtype=pl.String)
    return values.clone().scatter(foreign.arg_true(), plain).str.replace_all(f"[{CONTROL}]", "")


def _visible(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """Return one text in a normal form, without what is invisible."""
    letters = unicodedata.normalize(form, text)
    return CONTROLS.sub("", "".join(each for each in letters if unicodedata.category(each) not in UNSEEN))
