"""Cleaning of text, a whole series at a time.

Two spellings of one text become one string: composed and decomposed accents, full-width and half-width letters,
case, zero-width characters, letters of other scripts that look or sound alike, runs of white space.
"""

from __future__ import annotations

from html import unescape

import polars as pl
from anyascii import anyascii

INVISIBLE = r"[\p{Cf}\p{Mn}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
NOT_ASCII = r"[^\x00-\x7f]"
ENTITY = r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});"
"""A character as HTML writes it."""


def clean(values: pl.Series) -> pl.Series:
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
    plain = _to_ascii(_unescaped(values))
    spaced = plain.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.replace("", None).alias(values.name)


def words(values: pl.Series) -> pl.Series:
    """Return cleaned `values` with everything but letters and digits turned into single spaces.

    Apostrophes inside a word vanish (``o'brien`` becomes ``obrien``), other punctuation separates words.

    Examples:
        >>> import polars as pl
        >>> words(pl.Series(["O’Brien-Smith, J.", "12/b  High St."])).to_list()
        ['obrien smith j', '12 b high st']
    """
    plain = clean(values).str.replace_all(r"['`]", "").str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    return plain.replace("", None)


def squash(values: pl.Series) -> pl.Series:
    """Return cleaned `values` with letters and digits only, nothing between them.

    Examples:
        >>> import polars as pl
        >>> squash(pl.Series(["RUK-109 337", "--"])).to_list()
        ['ruk109337', None]
    """
    return clean(values).str.replace_all(r"[^a-z0-9]+", "").replace("", None)


def digits(values: pl.Series) -> pl.Series:
    """Return the ASCII digits of cleaned `values`, null where there is none.

    Examples:
        >>> import polars as pl
        >>> digits(pl.Series(["(704) 555-01", "none", "٣٤"])).to_list()
        ['70455501', None, '34']
    """
    return clean(values).str.replace_all(r"[^0-9]+", "").replace("", None)


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
        return values.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "")
    visible = values.filter(foreign).str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    latin = visible.str.normalize("NFKD").str.replace_all(INVISIBLE, "")
    plain = pl.Series([anyascii(v) for v in latin], dtype=pl.String)
    return values.clone().scatter(foreign.arg_true(), plain).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "")
