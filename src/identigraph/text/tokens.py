"""Tokens: sorting and replacing the space-separated words of cleaned text, a whole series at a time."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def sorted_tokens(values: pl.Series, *, distinct: bool = False) -> pl.Series:
    """Return the words of each value in alphabetical order: a key that is blind to word order.

    Args:
        values: words with single spaces between them, as `words` makes them.
        distinct: keep one of each word.

    Examples:
        >>> import polars as pl
        >>> sorted_tokens(pl.Series(["paul ann paul", "lee ann", None])).to_list()
        ['ann paul paul', 'ann lee', None]
        >>> sorted_tokens(pl.Series(["paul ann paul"]), distinct=True).to_list()
        ['ann paul']
    """
    spaces = values.str.count_matches(" ", literal=True)
    result = values.clone()
    result.scatter((spaces == 1).arg_true(), _sorted_pairs(values.filter(spaces == 1), distinct=distinct))
    many = (spaces > 1).arg_true()
    token = pl.element().unique() if distinct else pl.element()
    result.scatter(many, values.gather(many).str.split(" ").list.eval(token.sort()).list.join(" "))
    return result


def spaced(cleaned: pl.Series) -> pl.Series:
    """Return text that is cleaned already with apostrophes dropped and other punctuation as single spaces.

    ``words(values)`` is ``spaced(clean(values))``; this is for what looks at the punctuation in between.

    Examples:
        >>> import polars as pl
        >>> spaced(pl.Series(["o'brien-smith, j.", "?!"])).to_list()
        ['obrien smith j', None]
    """
    plain = cleaned.str.replace_all(r"['`]", "").str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars(" ")
    return plain.replace("", None)


def replace_tokens(values: pl.Series, table: Mapping[str, str]) -> pl.Series:
    """Return `values` with each word, or run of words, that is a key of `table` replaced; nothing left gives null.

    Args:
        values: words with single spaces between them.
        table: what replaces what; an empty string drops the word. A longer key wins over a shorter one.

    Examples:
        >>> import polars as pl
        >>> replace_tokens(pl.Series(["univ of st ives", "of"]), {"univ": "university", "of": ""}).to_list()
        ['university st ives', None]
    """
    keys = sorted(table, key=lambda key: (-len(key), key))
    old = [f" {key.replace(' ', '  ')} " for key in keys]
    new = [f" {table[key]} " if table[key] else "" for key in keys]
    spaced = "  " + values.str.replace_all(" ", "  ", literal=True) + "  "
    replaced = spaced.str.replace_many(old, new, leftmost=True).str.replace_all("  ", " ", literal=True)
    return replaced.str.strip_chars(" ").replace("", None).alias(values.name)


def _sorted_pairs(pairs: pl.Series, *, distinct: bool) -> pl.Series:
    """Return values of exactly two words with the words in order: most names are such, and this needs no lists."""
    first, second = pl.col("field_0"), pl.col("field_1")
    ordered = pl.when(first <= second).then(first + " " + second).otherwise(second + " " + first)
    single = pl.when(first == second).then(first).otherwise(ordered) if distinct else ordered
    return pairs.str.splitn(" ", 2).struct.unnest().select(single).to_series()
