"""Features and what can be derived from them: soundex of a surname, year of a date, first letters of a name.

A **feature** is a column of normalized strings that records carry: a field (``"email"``), a part of one
(``"name.family"``), or a plain column of the table. A `Derived` feature is a function of another one. Functions work
on distinct values, a whole series at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from identigraph.errors import ColumnNotFoundError, InvalidIntermediateError, RangeError
from identigraph.text import phonetic, tokens
from identigraph.text.columns import Column, mapped, matches, nonempty


@attrs.frozen(repr=False, cache_hash=True)
class Derived:
    """A function of a feature; made by `soundex`, `prefix`, `year` and their like, or by `derive` for your own.

    Args:
        function: a name in `FUNCTIONS`, or a function from one normalized string to a string or None.
        feature: what it reads.
        size: the number of characters, for functions that take one.

    Raises:
        ColumnNotFoundError: there is no function of that name; the message names the closest.

    Examples:
        >>> soundex("surname"), prefix(soundex("surname"), 2)
        (soundex('surname'), prefix(soundex('surname'), 2))
    """

    function: str | Callable[[str], str | None]
    feature: str | Derived
    size: int | None = None

    def __attrs_post_init__(self) -> None:
        if isinstance(self.function, str) and self.function not in FUNCTIONS:
            raise ColumnNotFoundError(self.function, FUNCTIONS, what="function")

    @property
    def root(self) -> str:
        """The feature at the bottom of the chain."""
        return self.feature if isinstance(self.feature, str) else self.feature.root

    def apply(self, values: Column) -> Column:
        """Return the derived value of each distinct value; null where there is none, or nothing is left.

        Raises:
            InvalidIntermediateError: your own function returned something else than a string or None.
        """
        if isinstance(self.function, str):
            derived: Column = FUNCTIONS[self.function](values, self.size or 0)
            return nonempty(derived)
        return mapped(self._checked, values)

    def _checked(self, value: str) -> str | None:
        """Return what your own function makes of a value, None where nothing is left."""
        derived = self.function(value)  # type: ignore[operator]
        if not isinstance(derived, str | None):
            raise InvalidIntermediateError(repr(self), "a string or None for each value", type(derived).__name__)
        return derived or None

    def __repr__(self) -> str:
        """Return the call that makes it."""
        if isinstance(self.function, str):
            return f"{self.function}({self.feature!r}" + (f", {self.size})" if self.size is not None else ")")
        name = getattr(self.function, "__name__", type(self.function).__name__)
        return f"derive({name}, {self.feature!r})"


Feature: TypeAlias = "str | Derived"


def _prefix(values: Column, size: int) -> Column:
    return values.str.slice(0, size)


def _suffix(values: Column, size: int) -> Column:
    return values.str.tail(size)


def _unsized(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda values, _: function(values)


def _year(values: Column) -> Column:
    return values.str.extract(r"^(\d{4})\b", 1)


def _initials(values: Column) -> Column:
    return matches(values, r"\b\w")


def _sorted_tokens(values: Column) -> Column:
    return tokens.sorted_tokens(values, distinct=True)


def _first_token(values: Column) -> Column:
    return values.str.extract(r"^(\S+)", 1)


def _last_token(values: Column) -> Column:
    return values.str.extract(r"(\S+)$", 1)


def _digits_suffix(values: Column, size: int) -> Column:
    return values.str.replace_all(r"[^0-9]+", "").str.tail(size)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "digits_suffix": _digits_suffix,
    "soundex": _unsized(phonetic.soundex),
    "metaphone": _unsized(phonetic.metaphone),
    "double_metaphone": _unsized(phonetic.double_metaphone),
    "nysiis": _unsized(phonetic.nysiis),
    "match_rating": _unsized(phonetic.match_rating),
    "cologne": _unsized(phonetic.cologne),
    "daitch_mokotoff": _unsized(phonetic.daitch_mokotoff),
    "year": _unsized(_year),
    "initials": _unsized(_initials),
    "sorted_tokens": _unsized(_sorted_tokens),
    "first_token": _unsized(_first_token),
    "last_token": _unsized(_last_token),
}
"""The functions that a `Derived` feature may name: distinct values and a size in, one value each out."""


def _sized(function: str, feature: Feature, size: int) -> Derived:
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 100:
        raise RangeError("size", size, 1, 100)
    return Derived(function, feature, size)


def prefix(feature: Feature, size: int) -> Derived:
    """Return the first `size` characters of a feature, a whole number from 1 to 100.

    Examples:
        >>> import polars as pl
        >>> prefix("surname", 3).apply(pl.Series(["johnson", "li"])).to_list()
        ['joh', 'li']
    """
    return _sized("prefix", feature, size)


def suffix(feature: Feature, size: int) -> Derived:
    """Return the last `size` characters of a feature, a whole number from 1 to 100.

    Examples:
        >>> import polars as pl
        >>> suffix("surname", 3).apply(pl.Series(["johnson", "li"])).to_list()
        ['son', 'li']
    """
    return _sized("suffix", feature, size)


def digits_suffix(feature: Feature, size: int) -> Derived:
    """Return the last `size` digits of a feature, whatever stands between them.

    Examples:
        >>> import polars as pl
        >>> digits_suffix("phone", 4).apply(pl.Series(["704 555-01 34", "none"])).to_list()
        ['0134', None]
    """
    return _sized("digits_suffix", feature, size)


def soundex(feature: Feature) -> Derived:
    """Return the Soundex code of a feature: a letter and three digits.

    Examples:
        >>> import polars as pl
        >>> soundex("surname").apply(pl.Series(["robert", "rupert"])).to_list()
        ['R163', 'R163']
    """
    return Derived("soundex", feature)


def metaphone(feature: Feature) -> Derived:
    """Return the Metaphone code of a feature.

    Examples:
        >>> import polars as pl
        >>> metaphone("surname").apply(pl.Series(["knight", "night"])).to_list()
        ['NT', 'NT']
    """
    return Derived("metaphone", feature)


def nysiis(feature: Feature) -> Derived:
    """Return the NYSIIS code of a feature.

    Examples:
        >>> import polars as pl
        >>> nysiis("surname").apply(pl.Series(["knight"])).to_list()
        ['NAGT']
    """
    return Derived("nysiis", feature)


def double_metaphone(feature: Feature) -> Derived:
    """Return the primary Double Metaphone code of a feature: Metaphone that knows names of many languages.

    Examples:
        >>> import polars as pl
        >>> double_metaphone("surname").apply(pl.Series(["schmidt", "schmitt"])).to_list()
        ['XMT', 'XMT']
    """
    return Derived("double_metaphone", feature)


def match_rating(feature: Feature) -> Derived:
    """Return the Match Rating code of a feature: its first three and last three consonants.

    Examples:
        >>> import polars as pl
        >>> match_rating("surname").apply(pl.Series(["catherine", "kathrynoglin"])).to_list()
        ['CTHRN', 'KTHGLN']
    """
    return Derived("match_rating", feature)


def cologne(feature: Feature) -> Derived:
    """Return the code of a feature in Cologne phonetics, for German names.

    Examples:
        >>> import polars as pl
        >>> cologne("surname").apply(pl.Series(["meyer", "maier"])).to_list()
        ['67', '67']
    """
    return Derived("cologne", feature)


def daitch_mokotoff(feature: Feature) -> Derived:
    """Return the Daitch-Mokotoff codes of a feature, for Slavic and Yiddish names: sorted, a space between them.

    To block on any of them: ``ig.blocking.any_shared(ig.daitch_mokotoff("surname"), separator=" ")``.

    Examples:
        >>> import polars as pl
        >>> daitch_mokotoff("surname").apply(pl.Series(["moskowitz", "peters"])).to_list()
        ['645740', '734000 739400']
    """
    return Derived("daitch_mokotoff", feature)


def year(feature: Feature) -> Derived:
    """Return the year of a date feature, also of a partial date.

    Examples:
        >>> import polars as pl
        >>> year("birth_date").apply(pl.Series(["1990-03-15", "1990"])).to_list()
        ['1990', '1990']
    """
    return Derived("year", feature)


def initials(feature: Feature) -> Derived:
    """Return the first letters of the words of a feature.

    Examples:
        >>> import polars as pl
        >>> initials("name").apply(pl.Series(["ann marie lee"])).to_list()
        ['aml']
    """
    return Derived("initials", feature)


def sorted_tokens(feature: Feature) -> Derived:
    """Return the distinct words of a feature in alphabetical order.

    Examples:
        >>> import polars as pl
        >>> sorted_tokens("name").apply(pl.Series(["lee ann", "ann lee"])).to_list()
        ['ann lee', 'ann lee']
    """
    return Derived("sorted_tokens", feature)


def first_token(feature: Feature) -> Derived:
    """Return the first word of a feature.

    Examples:
        >>> import polars as pl
        >>> first_token("title").apply(pl.Series(["canon eos 50d"])).to_list()
        ['canon']
    """
    return Derived("first_token", feature)


def last_token(feature: Feature) -> Derived:
    """Return the last word of a feature.

    Examples:
        >>> import polars as pl
        >>> last_token("title").apply(pl.Series(["canon eos 50d"])).to_list()
        ['50d']
    """
    return Derived("last_token", feature)


def derive(function: Callable[[str], str | None], feature: Feature) -> Derived:
    """Return your own function of a feature; it is called once per distinct value.

    Examples:
        >>> import polars as pl
        >>> def vowels(text):
        ...     return "".join(c for c in text if c in "aeiou") or None
        >>> derive(vowels, "surname").apply(pl.Series(["miller", "ng"])).to_list()
        ['ie', None]
    """
    return Derived(function, feature)
