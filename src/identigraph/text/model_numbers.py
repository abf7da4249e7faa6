"""Model numbers in texts: the words that name one model of a product, by how they are written."""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.text.clean import clean
from identigraph.text.tokens import spaced

SHORTEST = 4
"""Characters of the shortest model number that has letters."""
LETTERS_AND_DIGITS = r"[a-z].*\d|\d.*[a-z]"
QUANTITY = r"^(?:\d{1,4}[a-z]+|\d+x\d+[a-z]*)$"
"""A number and its unit, or two sides: ``120gb``, ``1920x1080``."""
DIGITS = r"^\d{5,}$"
"""Digits alone that are a model number."""
APART = r"/([a-z]{4,})|[^a-z0-9\s'`/-]+"
"""What stands between two words: a slash before a longer one, such as a color; punctuation, but hyphens and slashes."""


def model_numbers(values: pl.Series) -> pl.Series:
    """Return the words of each value that look like model numbers, distinct and in alphabetical order.

    Such words mix letters and digits in four characters or more, hyphens and slashes between these left out, or are
    digits alone, five or more. A number with a unit (*120GB*) is none. Weak: *Windows95* looks like one.

    Args:
        values: texts as they were written; nulls stay null.

    Returns:
        Numbers in lower case without punctuation, single spaces between them; null where there is none.

    Examples:
        >>> import polars as pl
        >>> texts = pl.Series(["Zeon KX-T1212/B 120GB recorder - KXT1212B", "Zeon mount, 24734", "Zeon 5.8 GHz phone"])
        >>> model_numbers(texts).to_list()
        ['kxt1212b', '24734', None]
    """
    return _gathered(_words(values).filter("is_number").unique().sort("text", "word"), values)


def words_and_numbers(values: pl.Series) -> pl.Series:
    """Return cleaned `values` as words, model numbers written as one word each.

    Examples:
        >>> import polars as pl
        >>> words_and_numbers(pl.Series(["Zeon KX-T1212/B, 5.8 GHz", "--"])).to_list()
        ['zeon kxt1212b 5 8 ghz', None]
    """
    return _gathered(_words(values), values)


def _words(values: pl.Series) -> pl.DataFrame:
    """Return the words of all values in their order: the place of the text, the word, whether it is a model number."""
    plain = clean(values).str.replace_all(APART, " $1")
    pieces = pl.DataFrame({"text": np.arange(len(values)), "piece": plain.str.split(" ")}).explode("piece")
    joined = pl.col("piece").str.replace_all(r"[^a-z0-9]+", "")
    mixed = pl.col("piece").str.contains(LETTERS_AND_DIGITS) & ~joined.str.contains(QUANTITY)
    mixed &= joined.str.len_chars() >= SHORTEST
    split = pl.col("piece").map_batches(spaced, return_dtype=pl.String)
    words = pieces.select("text", mixed=mixed, word=pl.when(mixed).then(joined).otherwise(split).str.split(" "))
    is_number = pl.col("mixed") | pl.col("word").str.contains(DIGITS)
    return words.explode("word").drop_nulls("word").select("text", "word", is_number=is_number)


def _gathered(words: pl.DataFrame, values: pl.Series) -> pl.Series:
    """Return the words of each value with single spaces between them, null where there are none."""
    texts = words.group_by("text", maintain_order=True).agg(pl.col("word").str.join(" "))
    gathered = pl.Series(values.name, [None] * len(values), dtype=pl.String)
    return gathered.scatter(texts.get_column("text").to_numpy(), texts.get_column("word"))
