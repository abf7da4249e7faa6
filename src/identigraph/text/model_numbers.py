"""Model numbers in texts: the words that name one model of a product, by how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from identigraph.text.columns import Column, case, nonempty, where
from identigraph.text.single import Single, compiled
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


def model_numbers(cleaned: Column) -> Column:
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
    apart = _apart(cleaned)
    if isinstance(apart, Single):
        pieces = compiled(WITH_DIGIT).findall(apart.value or "")
        numbers = {word for mixed, word in _words_of(pieces) if mixed or compiled(DIGITS).search(word)}
        return nonempty(Single(" ".join(sorted(numbers))))
    words = _words(apart.str.extract_all(WITH_DIGIT))
    is_number = pl.col("mixed") | pl.col("word").str.contains(DIGITS)
    return _gathered(words.filter(is_number).select("text", "word").unique().sort("text", "word"), cleaned)


def words_and_numbers(cleaned: Column) -> Column:
    """Return cleaned text as words, model numbers written as one word each; null where nothing is left.

    Examples:
        >>> import polars as pl
        >>> words_and_numbers(pl.Series(["zeon kx-t1212/b, 5.8 ghz", "--"])).to_list()
        ['zeon kxt1212b 5 8 ghz', None]
    """
    apart = _apart(cleaned)
    return case(
        (apart.str.contains(HELD_TOGETHER), where(apart.str.contains(HELD_TOGETHER), _with_numbers, apart)),
        default=spaced(apart),
    )


def _with_numbers(texts: Column) -> Column:
    """Return texts as words, the pieces of each that are model numbers as one word."""
    if isinstance(texts, Single):
        return nonempty(Single(" ".join(word for _, word in _words_of(texts.value.split(" ")))))
    return _gathered(_words(texts.str.split(" ")), texts)


def _apart(cleaned: Column) -> Column:
    return cleaned.str.replace_all(APART, " $1")


def _read(pieces: Column) -> tuple[Column, Column]:
    """Tell of each piece of a text whether it mixes letters and digits, as a model number does; and return its words.

    What mixes them is one word.
    """
    together = pieces.str.replace_all(r"[^a-z0-9]+", "")
    mixed = pieces.str.contains(LETTERS_AND_DIGITS) & ~together.str.contains(QUANTITY)
    mixed = mixed & (together.str.len_bytes() >= SHORTEST)
    return mixed, case((mixed, together), default=spaced(pieces))


def _words(pieces: pl.Series) -> pl.DataFrame:
    """Return the words of the pieces of texts in their order: the place of the text, the word, whether it is mixed."""
    each = pl.DataFrame({"text": np.arange(len(pieces)), "piece": pieces}).explode("piece")
    mixed, words = _read(each.get_column("piece"))
    frame = pl.DataFrame({"text": each.get_column("text"), "mixed": mixed, "word": words.str.split(" ")})
    return frame.explode("word").drop_nulls("word")


def _words_of(pieces: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Yield the words of the pieces of one text, and before each whether it is mixed."""
    for piece in pieces:
        mixed, words = _read(Single(piece))
        for word in (words.value or "").split():
            yield mixed.value, word


def _gathered(words: pl.DataFrame, texts: pl.Series) -> pl.Series:
    """Return the words of each text with single spaces between them, null where there are none."""
    each = words.group_by("text", maintain_order=True).agg(pl.col("word").str.join(" "))
    gathered = pl.Series(texts.name, [None] * len(texts), dtype=pl.String)
    return gathered.scatter(each.get_column("text").to_numpy(), each.get_column("word"))
