"""Tokens: sorting and replacing the space-separated words of cleaned text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial

import attrs
import polars as pl

from identigraph.text.columns import Column, case, halves, mapped, nonempty
from identigraph.text.single import Single


def sorted_tokens(values: Column, *, distinct: bool = False) -> Column:
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
    if isinstance(values, Single):
        return mapped(partial(_sorted, distinct), values)
    spaces = values.str.count_matches(" ", literal=True)
    result = values.clone()
    result.scatter((spaces == 1).arg_true(), _sorted_pairs(values.filter(spaces == 1), distinct=distinct))
    many = (spaces > 1).arg_true()
    token = pl.element().unique() if distinct else pl.element()
    result.scatter(many, values.gather(many).str.split(" ").list.eval(token.sort()).list.join(" "))
    return result


def spaced(cleaned: Column) -> Column:
    """Return text that is cleaned already with apostrophes dropped and other punctuation as single spaces.

    ``words(values)`` is ``spaced(clean(values))``; this is for what looks at the punctuation in between.

    Examples:
        >>> import polars as pl
        >>> spaced(pl.Series(["o'brien-smith, j.", "?!"])).to_list()
        ['obrien smith j', None]
    """
    plain = cleaned.str.replace_all(r"['`]", "").str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars(" ")
    return nonempty(plain)


@attrs.frozen(eq=False)
class Replacements:
    """What is to be put for words, and runs of words; nothing for those with an empty text. A longer run goes first.

    Args:
        table: words with single spaces between them, and what is put for them.
    """

    table: Mapping[str, str]

    @cached_property
    def padded(self) -> tuple[list[str], list[str]]:
        """The runs, the longest first, and what is put for them, in text with two spaces between words."""
        keys = sorted(self.table, key=lambda key: (-len(key), key))
        old = [f" {key.replace(' ', '  ')} " for key in keys]
        return old, [f" {self.table[key]} " if self.table[key] else "" for key in keys]

    @cached_property
    def by_first_word(self) -> Mapping[str, list[list[str]]]:
        """The runs that begin with a word, the longest first."""
        runs: dict[str, list[list[str]]] = {}
        for run in sorted(self.table, key=lambda key: (-len(key), key)):
            words = run.split(" ")
            runs.setdefault(words[0], []).append(words)
        return runs


def replace_tokens(values: Column, table: Mapping[str, str] | Replacements) -> Column:
    """Return `values` with each word, or run of words, that is a key of `table` replaced; nothing left gives null.

    Args:
        values: words with single spaces between them.
        table: what replaces what; an empty string drops the word. A longer key wins over a shorter one.

    Examples:
        >>> import polars as pl
        >>> replace_tokens(pl.Series(["univ of st ives", "of"]), {"univ": "university", "of": ""}).to_list()
        ['university st ives', None]
    """
    known = table if isinstance(table, Replacements) else Replacements(table)
    if isinstance(values, Single):
        return mapped(partial(_replaced, known), values)
    old, new = known.padded
    spaced = "  " + values.str.replace_all(" ", "  ", literal=True) + "  "
    replaced = spaced.str.replace_many(old, new, leftmost=True).str.replace_all("  ", " ", literal=True)
    return nonempty(replaced.str.strip_chars(" ")).alias(values.name)


def _sorted(distinct: bool, text: str) -> str:  # noqa: FBT001 - bound by the caller
    """Return the words of one text in order."""
    words = text.split(" ")
    return " ".join(sorted(set(words) if distinct else words)) if len(words) > 1 else text


def _replaced(known: Replacements, text: str) -> str | None:
    """Return one text with words replaced; None where nothing is left."""
    words, place, kept = text.split(" "), 0, list[str]()
    while place < len(words):
        runs = known.by_first_word.get(words[place], ())
        run = next((each for each in runs if words[place : place + len(each)] == each), None)
        put = words[place] if run is None else known.table[" ".join(run)]
        place += 1 if run is None else len(run)
        if put:
            kept.append(put)
    return " ".join(kept) or None


def _sorted_pairs(pairs: pl.Series, *, distinct: bool) -> pl.Series:
    """Return values of exactly two words with the words in order: most names are such, and this needs no lists."""
    first, second = halves(pairs, " ")
    in_order = first <= second
    ordered = case((in_order, first), default=second) + " " + case((in_order, second), default=first)
    return case((first == second, first), default=ordered) if distinct else ordered
