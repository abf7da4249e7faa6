"""How values are written for people: legible text, and capitals where names and titles have them."""

from __future__ import annotations

import re
from collections.abc import Callable

from identigraph.text.columns import Column, nonempty

UNSEEN = r"[\p{Cf}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
WORD_START = re.compile(r"(^|[-/(.&])(mc(?=[^\W\d_]{3})|[^\W\d_]['’](?=[^\W\d_]{2}))?([^\W\d_])")
"""Where a capital stands: at the start, behind a hyphen, behind *Mc* and *O'*."""
DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
NO_VOWEL = re.compile(r"[0-9]*[bcdfghjklmnpqrstvwxz][bcdfghjklmnpqrstvwxz0-9]*")
LONGEST_PAIR = 5
"""The most characters of letters around an *&* that stand for words (*AT&T*)."""
SMALL = "a am an and at by da de del der des di do du e et for für in la le of on the to und y"
SMALL_WORDS = frozenset(SMALL.split())
"""Words without a capital unless they come first."""


def legible(values: Column) -> Column:
    r"""Return `values` as written, without what nobody sees: Unicode NFKC, single spaces, blank as null.

    Examples:
        >>> import polars as pl
        >>> legible(pl.Series([" José\u200b  MÜLLER ", "Ｊｏ", " "])).to_list()
        ['José MÜLLER', 'Jo', None]
    """
    plain = values.str.normalize("NFKC").str.replace_all(UNSEEN, "").str.replace_all(r"[ \t\n\r]+", " ")
    return nonempty(plain.str.strip_chars(" "))


def is_plain_case(text: str) -> bool:
    """Tell whether `text` is all small letters or all capitals, so that its case says nothing.

    Examples:
        >>> is_plain_case("ANN LEE"), is_plain_case("ann lee"), is_plain_case("Ann Lee")
        (True, True, False)
    """
    return text in {text.lower(), text.upper()}


def capitalized(word: str) -> str:
    """Return a word of a name with its capitals.

    Examples:
        >>> [capitalized(word) for word in ("LEE-SMITH", "o'neil", "mcdonald", "j.r.", "12A")]
        ['Lee-Smith', "O'Neil", 'McDonald', 'J.R.', '12a']
    """
    return WORD_START.sub(lambda found: found[1] + (found[2] or "").capitalize() + found[3].upper(), word.lower())


def titled(text: str, fixed: Callable[[list[str], int], str | None]) -> str:
    """Return `text` with the capitals of a title where its own case says nothing, else as it is.

    Args:
        text: words with single spaces between them.
        fixed: given all words in small letters, and the place of one, how that one is written, or None.

    Examples:
        >>> titled("BANK OF NEW YORK", lambda words, place: None), titled("eBay", lambda words, place: None)
        ('Bank of New York', 'eBay')
    """
    if not is_plain_case(text):
        return text
    words = text.lower().split(" ")
    small = [word if place and word in SMALL_WORDS else capitalized(word) for place, word in enumerate(words)]
    return " ".join(fixed(words, place) or word for place, word in enumerate(small))


def is_abbreviation(word: str) -> bool:
    """Tell whether a word in small letters is spelled out when spoken: letters with points or *&*, or without a vowel.

    Examples:
        >>> [is_abbreviation(word) for word in ("s.a.", "bmw", "3m", "at&t", "acme")]
        [True, True, True, True, False]
    """
    bare = word.strip(",()")
    return bool(DOTTED.fullmatch(bare) or NO_VOWEL.fullmatch(bare) or ("&" in bare[1:-1] and len(bare) <= LONGEST_PAIR))
