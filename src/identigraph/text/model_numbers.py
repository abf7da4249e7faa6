"""Model numbers in texts: the words that name one model of a product, by how they are written."""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.text.clean import clean

SHORTEST = 4
"""Characters of the shortest model number that has letters."""
LETTERS_AND_DIGITS = r"[a-z].*\d|\d.*[a-z]"
QUANTITY = r"^(?:\d{1,4}[a-z]+|\d+x\d+[a-z]*)$"
"""A number and its unit, or two sides: ``120gb``, ``1920x1080``."""
BARE = r"(?:^|[^\d.,$])(\d{5,})(?:$|[^\d.,])"
"""Digits alone: five or more, and no amount."""


def model_numbers(values: pl.Series) -> pl.Series:
    """Return the words of each value that look like model numbers, distinct and in alphabetical order.

    Such words mix letters and digits in four characters or more, whatever punctuation stands between these, or are
    digits alone, five or more. A number with a unit (*120GB*) is none. Weak: *USB2.0* looks like one.

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
    words = pl.DataFrame({"text": np.arange(len(values)), "word": clean(values).str.split(" ")}).explode("word")
    mixed = pl.col("word").str.contains(LETTERS_AND_DIGITS)
    joined = pl.col("word").str.replace_all(r"[^a-z0-9]+", "")
    found = pl.concat(
        [
            words.filter(mixed).select("text", number=joined).filter(pl.col("number").str.len_chars() >= SHORTEST),
            words.filter(~mixed).select("text", number=pl.col("word").str.extract(BARE, 1)).drop_nulls(),
        ]
    )
    kept = found.filter(~pl.col("number").str.contains(QUANTITY)).unique().sort("text", "number")
    numbers = kept.group_by("text", maintain_order=True).agg(pl.col("number").str.join(" "))
    none = pl.Series(values.name, [None] * len(values), dtype=pl.String)
    return none.scatter(numbers.get_column("text").to_numpy(), numbers.get_column("number"))
