"""Phonetic codes: words that sound alike get the same code.

The codes are made for names in Latin script as an English speaker says them; they are for finding candidates, not for
deciding. Each value is cleaned first and stripped of everything but letters, so ``van der Berg`` is coded as one word.
"""

from __future__ import annotations

from collections.abc import Callable

import jellyfish
import polars as pl

from identigraph.text.clean import clean


def soundex(values: pl.Series) -> pl.Series:
    """Return the Soundex code of each value: its first letter and three digits, null where there is no letter.

    The letters after the first are coded by place of articulation, vowels dropped. Coarse: many unlike names share a
    code, and a slip in the first letter is fatal.

    Examples:
        >>> import polars as pl
        >>> soundex(pl.Series(["Robert", "Rupert", "O'Hara", "42"])).to_list()
        ['R163', 'R163', 'O600', None]

    References:
        R. C. Russell, U.S. patent 1,261,167 (1918).
    """
    return _coded(values, jellyfish.soundex)


def metaphone(values: pl.Series) -> pl.Series:
    """Return the Metaphone code of each value: the consonants as English pronounces them, null where there is none.

    Finer than Soundex, of any length; ``0`` stands for *th*. Vowels count only at the start.

    Examples:
        >>> import polars as pl
        >>> metaphone(pl.Series(["Smith", "Smyth", "Knight", "Night", "?"])).to_list()
        ['SM0', 'SM0', 'NT', 'NT', None]

    References:
        L. Philips, "Hanging on the Metaphone", Computer Language 7 (1990).
    """
    return _coded(values, jellyfish.metaphone)


def nysiis(values: pl.Series) -> pl.Series:
    """Return the NYSIIS code of each value: a spelling with like sounds merged, null where there is no letter.

    Made for the names of a New York register; keeps where the vowels stand and so merges less than Soundex.

    Examples:
        >>> import polars as pl
        >>> nysiis(pl.Series(["Philip", "Filip", "Macintosh", "McIntosh", ""])).to_list()
        ['FALAP', 'FALAP', 'MCANT', 'MCANT', None]

    References:
        R. L. Taft, Name Search Techniques, New York State Identification and Intelligence System (1970).
    """
    return _coded(values, jellyfish.nysiis)


def _coded(values: pl.Series, code: Callable[[str], str]) -> pl.Series:
    """Return `code` of the letters of each value."""
    letters = clean(values).str.replace_all(r"[^a-z]+", "")
    codes = [code(v) if v else None for v in letters]
    return pl.Series(values.name, codes, dtype=pl.String).replace("", None)
