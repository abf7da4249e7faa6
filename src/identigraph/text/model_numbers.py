"""Model numbers in texts: the words that name one model of a product, by how they are written."""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.text.tokens import spaced

SHORTEST = 4
"""Characters of the shortest model number that has letters."""
LETTERS_AND_DIGITS = r"[a-z].*\d|\d.*[a-z]"
QUANTITY = r"^(?:\d{1,4}[a-z]+|\d+x\d+[a-z]*)$"
"""A number and its unit, or two sides: ``120gb``, ``1920x1080``."""
DIGITS = r"^\d{5,}$"
"""Digits alone that are a model number."""
WITH_DIGIT = r"[a-z0-9'`/-]*\d[a-z0-9'`/-]*"
HELD_TOGETHER = r"\d[a-z0-9'`/-]*[-/][a-z0-9'`/-]*[a-z0-9]|[a-z0-9][a-z0-9'`/-]*[-/][a-z0-9'`/-]*\d"
"""Letters or digits on both sides of a hyphen or slash, a digit among them."""
APART = r"/([a-z]{4,})|[^a-z0-9\s'`/-]+"
"""What stands between two words: a slash before a longer one, such as a color; punctuation, but hyphens and slashes."""


def model_numbers(cleaned: pl.Series) -> pl.Series:
    """Return the words of each text that look like model numbers, distinct and in alphabetical order.

    Such words mix letters and digits in four characters or more, hyphens and slashes between these left out, or are
    digits alone, five or more. A number with a unit (*120GB*) is none. Weak: *Windows95* looks like one.

    Args:
        cleaned: text as `clean` returns it; nulls stay null.

    Returns:
        Numbers without punctuation, single spaces between them; null where there is none.

    Examples:
        >>> import polars as pl
        >>> texts = pl.Series(["zeon kx-t1212/b 120gb recorder - kxt1212b", "zeon mount, 24734", "zeon 5.8 ghz phone"])
        >>> model_numbers(texts).to_list()
        ['kxt1212b', '24734', None]
    """
    words = _words(_apart(cleaned).str.extract_all(WITH_DIGIT))
    is_number = pl.col("mixed") | pl.col("word").str.contains(DIGITS)
    return _gathered(words.filter(is_number).select("text", "word").unique().sort("text", "word"), cleaned)


def words_and_numbers(cleaned: pl.Series) -> pl.Series:
    """Return cleaned text as words, model numbers written as one word each; null where nothing is left.

    Examples:
        >>> import polars as pl
        >>> words_and_numbers(pl.Series(["zeon kx-t1212/b, 5.8 ghz", "--"])).to_list()
        ['zeon kxt1212b 5 8 ghz', None]
    """
    plain = _apart(cleaned)
    together = plain.str.contains(HELD_TOGETHER).fill_null(value=False)
    joined = plain.filter(together)
    return spaced(plain).scatter(together.arg_true(), _gathered(_words(joined.str.split(" ")), joined))


def _apart(cleaned: pl.Series) -> pl.Series:
    return cleaned.str.replace_all(APART, " $1")


def _words(pieces: pl.Series) -> pl.DataFrame:
    """Return the words of the pieces of each text in their order: the place of the text, the word, whether it is mixed.

    A piece that mixes letters and digits, as a model number does, is one word.
    """
    each = pl.DataFrame({"text": np.arange(len(pieces)), "piece": pieces}).explode("piece")
    joined = pl.col("piece").str.replace_all(r"[^a-z0-9]+", "")
    mixed = pl.col("piece").str.contains(LETTERS_AND_DIGITS) & ~joined.str.contains(QUANTITY)
    mixed &= joined.str.len_chars() >= SHORTEST
    split = pl.col("piece").map_batches(spaced, return_dtype=pl.String)
    words = each.select("text", mixed=mixed, word=pl.when(mixed).then(joined).otherwise(split).str.split(" "))
    return words.explode("word").drop_nulls("word")


def _gathered(words: pl.DataFrame, texts: pl.Series) -> pl.Series:
    """Return the words of each text with single spaces between them, null where there are none."""
    each = words.group_by("text", maintain_order=True).agg(pl.col("word").str.join(" "))
    gathered = pl.Series(texts.name, [None] * len(texts), dtype=pl.String)
    return gathered.scatter(each.get_column("text").to_numpy(), each.get_column("word"))
