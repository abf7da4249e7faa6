"""The piece of a value that names the organisation, where department and place stand beside it between commas.

Told by words that bodies, and parts of bodies, have in their names, in English and its neighbors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl

CONTACT = r"\([^)]*\)|\S*[@{}]\S*|https?:\S*|www\.\S+|\be-?mail\b"
"""What is no piece: remarks in brackets, addresses of mail and of web pages."""
BETWEEN = r"[,;:|\n]| - |--+"
"""What stands between the pieces."""
UNIVERSITIES = ["universit", "universidad", "univerza", "univ"]
UNITS = [
    "abteilung", "chair", "departament", "departement", "department", "dipartiment", "dept", "division", "facolt",
    "facul", "fakult", "lehrstuhl", "section",
]  # fmt: skip
BODIES = [
    "acad", "agency", "akad", "association", "bank", "center", "centr", "clinic", "college", "commission", "compan",
    "consorti", "corp", "council", "ecole", "escuela", "foundation", "fondation", "fundac", "hochschul", "hopital",
    "hospital", "inc", "industr", "instit", "istitut", "klini", "lab", "laborato", "ltd", "minist", "museum",
    "organi", "politecn", "polytechn", "research", "school", "scuola", "societ", "stiftung", "technolog", "trust",
]  # fmt: skip
"""How words of names begin: of universities, of parts of a body, of other bodies."""
POSTCODES = r"\b\d+\b ?"


def core_names(cleaned: pl.Series, named: Callable[[pl.Series], pl.Series]) -> pl.Series:
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
    pieces = cleaned.str.replace_all(CONTACT, " ").str.replace_all(BETWEEN, "\n").str.split("\n")
    each = pl.DataFrame({"text": np.arange(len(cleaned)), "piece": pieces}).explode("piece")
    names = named(each.get_column("piece").str.replace_all(POSTCODES, ""))
    telling = each.select("text", name=names).drop_nulls("name").with_columns(rank=_rank(pl.col("name")))
    best = telling.sort("text", "rank", maintain_order=True).group_by("text", maintain_order=True).first()
    core = pl.Series(cleaned.name, [None] * len(cleaned), dtype=pl.String)
    return core.scatter(best.get_column("text").to_numpy(), best.get_column("name"))


def _rank(names: pl.Expr) -> pl.Expr:
    """Return 0 for universities, 1 for other bodies, 2 for what is not told, 3 for parts of a body."""
    ranked = pl.when(_has(names, UNIVERSITIES)).then(0).when(_has(names, UNITS)).then(3)
    return ranked.when(_has(names, BODIES)).then(1).otherwise(2)


def _has(names: pl.Expr, beginnings: Iterable[str]) -> pl.Expr:
    """Tell of each name whether a word of it begins so."""
    return names.str.contains(rf"\b(?:{'|'.join(beginnings)})")
