"""How the name of a person is written: given name first, with the capitals, hyphens and apostrophes of the value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from identigraph.fields.letter_case import capitalized, is_plain_case, legible
from identigraph.text import words
from identigraph.text.columns import Column, mapped
from identigraph.text.single import Single

PIECE = re.compile(r'[^\s,;()"]+')
SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
LOWER = "af av bin bint da das de del den der dos du ibn ten ter van vom von y zu zur"
PARTICLES = frozenset(LOWER.split())
"""Words before a family name that have no capital. Those that have one as often (*Di*, *Le*, *El*) are not here."""
ARTICLES = frozenset({"la", "las", "los", "le", "les"})
"""Words that are particles behind one."""
SHORT = 2
"""Letters of a word in capitals that may be initials (*JP*)."""


def written_names(values: Column, main: Column, suffixes: Column) -> Column:
    """Return names as people write them.

    Args:
        values: full names.
        main: the whole name of each, normalized, given name first; null where it is none.
        suffixes: the suffix of each, normalized, or null.

    Examples:
        >>> import polars as pl
        >>> values, main = pl.Series(["O'NEIL, MARY-ANN", "张伟"]), pl.Series(["mary ann oneil", "wei zhang"])
        >>> written_names(values, main, pl.Series(["jr", None])).to_list()
        ["Mary-Ann O'Neil Jr.", '张伟']
    """
    return mapped(_written, main, legible(values), suffixes)


def _written(main: str, text: str, suffix: str | None) -> str:
    """Return one name; as it stands where its words are not those of `main`, as in scripts without spaces."""
    tokens = [(token, (words(Single(token)).value or "").split(" ")) for token in PIECE.findall(text)]
    pieces, known = _aligned(main.split(" "), tokens)
    if not known and not text.isascii():
        return text
    is_mixed = not is_plain_case(text)
    written = [_capitalized(pieces, place, is_mixed=is_mixed) for place in range(len(pieces))]
    return " ".join([*written, SUFFIXES[suffix]] if suffix in SUFFIXES else written)


def _aligned(name: list[str], tokens: list[tuple[str, list[str]]]) -> tuple[list[str], bool]:
    """Return the tokens whose words make up a normalized name, in its order, and whether all of its words have one."""
    pieces, known, left = [], True, list(tokens)
    while name:
        fitting = [token for token in left if name[: len(token[1])] == token[1]]
        if fitting:
            piece = max(fitting, key=lambda token: len(token[1]))
            left.remove(piece)
        else:
            piece, known = (name[0], name[:1]), False
        pieces.append(piece[0])
        name = name[len(piece[1]) :]
    return pieces, known


def _capitalized(pieces: Sequence[str], place: int, *, is_mixed: bool) -> str:
    """Return the piece of a name at `place` with its capitals."""
    piece, is_last = pieces[place], place == len(pieces) - 1
    if not is_plain_case(piece):
        return piece
    small = piece.lower()
    behind_particle = place > 1 and pieces[place - 1].lower() in PARTICLES
    if place and not is_last and (small in PARTICLES or (small in ARTICLES and behind_particle)):
        return small
    return piece if is_mixed and piece.isupper() and len(piece) <= SHORT else capitalized(piece)
