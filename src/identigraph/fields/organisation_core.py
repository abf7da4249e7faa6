"""The piece of a value that names the organisation, where department and place stand beside it between commas.

Told by words that bodies, and parts of bodies, have in their names, in English and its neighbors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from identigraph.text.columns import Column, case
from identigraph.text.single import NULL, Single

CONTACT = r"\([^)]*\)|\S*[@{}]\S*|https?:\S*|www\.\S+|\be-?mail\b"
"""What is no piece: remarks in brackets, addresses of mail and of web pages."""
BETWEEN = r"[,;:|\n]| - |--+"
"""What stands between the pieces."""


def _beginning(words: str) -> str:
    """Return the pattern of words that begin so."""
    return rf"\b(?:{'|'.join(words.split())})"


UNIVERSITIES = _beginning("universit universidad univerza univ")
UNITS = _beginning(
    "abteilung chair departament departement department dipartiment dept division facolt facul fakult lehrstuhl section"
)
BODIES = _beginning(
    "acad agency akad association bank center centr clinic college commission compan consorti corp council ecole "
    "escuela foundation fondation fundac hochschul hopital hospital inc industr instit istitut klini lab laborato ltd "
    "minist museum organi politecn polytechn research school scuola societ stiftung technolog trust"
)
"""How words of names begin: of universities, of parts of a body, of other bodies."""
POSTCODES = r"\b\d+\b ?"


def core_names(cleaned: Column, named: Callable[[Column], Column]) -> Column:
    """Return the piece of each value that names the organisation.

    The first piece with a word of a university; else the first with a word of another body; else the first that is no
    part of a body; else the first. Numbers do not count.

    Args:
        cleaned: cleaned text.
        named: makes a name of each piece, null where none remains, as of a legal form alone.

    Examples:
        >>> values = pl.Series(["department of music, university of bern, bern, ch", "acme, 3012 bern", "acme labs"])
        >>> core_names(values, lambda pieces: pieces.str.strip_chars()).to_list()
        ['university of bern', 'acme', 'acme labs']
    """
    texts = cleaned.str.replace_all(CONTACT, " ").str.replace_all(BETWEEN, "\n")
    if isinstance(texts, Single):
        return _core(texts, named)
    each = pl.DataFrame({"text": np.arange(len(texts)), "piece": texts.str.split("\n")}).explode("piece")
    names = named(each.get_column("piece").str.replace_all(POSTCODES, ""))
    telling = pl.DataFrame({"text": each.get_column("text"), "name": names, "rank": _rank(names)}).drop_nulls("name")
    best = telling.sort("text", "rank", maintain_order=True).group_by("text", maintain_order=True).first()
    core = pl.Series(cleaned.name, [None] * len(cleaned), dtype=pl.String)
    return core.scatter(best.get_column("text").to_numpy(), best.get_column("name"))


def _core(text: Single, named: Callable[[Single], Single]) -> Single:
    """Return the piece of one text that names the organisation."""
    pieces = [] if text.value is None else text.value.split("\n")
    names = [named(Single(piece).str.replace_all(POSTCODES, "")) for piece in pieces]
    return min((name for name in names if name.value is not None), key=lambda name: _rank(name).value, default=NULL)


def _rank(names: Column) -> Column:
    """Return 0 for universities, 1 for other bodies, 2 for what is not told, 3 for parts of a body."""
    of = [(names.str.contains(words), rank) for words, rank in ((UNIVERSITIES, 0), (UNITS, 3), (BODIES, 1))]
    return case(*of, default=2)
