"""Names of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.name_order import SUFFIXES, family_comes_first, family_names, full_names, given_names
from identigraph.fields.name_writing import written_names
from identigraph.fields.unknown import UNKNOWN
from identigraph.text import words
from identigraph.text.columns import Column, empty, joined, one_of, recoded
from identigraph.text.tokens import sorted_tokens

ROLES = ("given", "middle", "family", "family2", "suffix", "title", "full")

NOBODY = [
    "anonymous", "blank", "cardholder", "card holder", "account holder", "cash", "cash customer", "customer", "default",
    "default customer", "default user", "declined", "deleted", "deleted user", "dummy", "first last", "first name last",
    "first name last name", "firstname lastname", "guest customer", "guest guest", "guest user", "given", "missing",
    "n a", "n n", "name", "name unknown", "new customer", "no name", "noname", "none", "none given", "none none",
    "not available", "not applicable", "not given", "not known", "not provided", "object object", "occupant",
    "occupier", "refused", "resident", "surname", "tba", "tbd", "test", "test customer", "test test", "test user",
    "the occupier", "undefined", "undefined undefined", "unknown", "unknown unknown", "unnamed", "user",
    "valued customer", "withheld",
]  # fmt: skip
"""Whole names that nobody has. *Null* and *Na* are surnames."""
BARE_TITLES = [
    "sir", "mr", "mrs", "ms", "miss", "mx", "dr", "dame", "lady", "lord", "prof", "rev", "revd", "hon", "mme", "mlle",
    "herr", "frau", "senor", "senora", "capt", "lt", "sgt", "mister",
]  # fmt: skip
"""Titles that stand in the place of a given name by mistake: nobody is called so."""
BARE_POST_NOMINALS = ["baronet", "bart", "bt", "esq", "esquire", "obe", "mbe", "cbe", "phd"]
"""What stands in the place of a family name by mistake."""
BARE = {"given": frozenset(BARE_TITLES), "family": frozenset(BARE_POST_NOMINALS)}
NOBODY_ALONE = frozenset({"guest"})
"""Names that nobody has as the only or given name, though people have them as surname."""
NO_NAME = frozenset({*NOBODY, *UNKNOWN})
NAMES = ("given", "middle", "family")


@attrs.frozen
class PersonName:
    """Names of people: ``<field>`` the whole name, ``.given``, ``.middle``, ``.family``, ``.suffix``, ``.sorted``.

    The whole name is given, middle and family name, in that order; ``.sorted`` is its words in alphabetical order, for
    comparing whatever the order. Normalized: cleaned to lower-case ASCII words; titles and letters behind the name
    dropped where a name remains; the suffix is ``jr``, ``sr``, ``ii``, ``iii`` or ``iv``. Apostrophes vanish
    (``obrien``), *Mc Donald* becomes ``mcdonald``. A hyphen is a space, in given names too: *Mary-Ann* is ``mary`` with
    the middle name ``ann``, because *Mary Ann* is, and nothing tells the two spellings apart.

    A full name is read as *Family, Given Middle* where it has a comma, as family name first where that is written in
    capitals (*LEE Ann*), as one Han or Hangul word with the family name first, and else by the custom of its source:
    the last word is the family name, with the particles before it (*van der Berg*), unless the source has known given
    names in the last place at least twice as often as in the first. A word alone is a given name, after *Mr* a
    family name.

    Null: values without a letter, names that nobody has (``default customer``), a title in the place of a given name.

    Args:
        given: the column of given names; what follows the first is the middle name.
        middle: the column of further given names.
        family: the column of family names.
        family2: the column of second family names, as in Spain; both make one family name of several words.
        suffix: the column of suffixes.
        title: the column of titles, which say nothing about identity and are dropped.
        full: the column of full names; with no column named, the one called like the field.
        family_first: whether full names without a comma start with the family name; left out, decided per source.

    Examples:
        >>> import polars as pl
        >>> names = PersonName().normalize("full", pl.Series(["Dr. J. VAN DER BERG, Jr.", "O'Neil, Mary-Ann"]))
        >>> names.select("", "given", "middle", "family", "suffix").rows()
        [('j van der berg', 'j', None, 'van der berg', 'jr'), ('mary ann oneil', 'mary', 'ann', 'oneil', None)]
    """

    per_source: ClassVar[bool] = True
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    family2: str | None = None
    suffix: str | None = None
    title: str | None = None
    full: str | None = None
    family_first: bool | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The whole name, its pieces, and its words in alphabetical order."""
        return (MAIN, "given", "middle", "family", "suffix", "sorted")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the columns it reads; those of pieces come first, so that they win over the full name."""
        return named_columns(self, ROLES, name, "full")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns with both family names made one; `combine` joins all pieces after they are normalized."""
        if "family2" not in columns:
            return columns
        families = joined(*(columns[role] for role in ("family", "family2") if role in columns))
        return {role: column for role, column in columns.items() if role not in {"family", "family2"}} | {
            "family": families
        }

    def settled(self, columns: Mapping[str, pl.Series]) -> PersonName:
        """Return the kind with whether the family name comes first, as these full names tell it.

        Examples:
            >>> import polars as pl
            >>> names = pl.Series(["Wu Ann", "Gruber Bob", "Kraus Paul", "Brandt Eva", "Hochnadel P."])
            >>> PersonName().settled({"full": names}).family_first
            True
        """
        if self.family_first is not None or "full" not in columns:
            return self
        return attrs.evolve(self, family_first=family_comes_first(columns["full"]))

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the parts of each value."""
        if role == "full":
            return combine(full_names(values, family_first=self.family_first))
        if role in {"given", "family"}:
            return combine(given_names(values) if role == "given" else family_names(values))
        plain = words(values)
        if role == "title":
            return {MAIN: empty(plain)}
        return combine({role: recoded(plain, SUFFIXES, others=False) if role == "suffix" else plain})

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the parts of each value; pieces that the role does not give are null."""
        none = pl.lit(None, dtype=pl.String)
        parts = pl.DataFrame(self.read(role, values))
        return parts.select(pl.col(part) if part in parts.columns else none.alias(part) for part in self.parts)

    def combine(self, parts: Mapping[str, Column]) -> dict[str, Column]:
        """Return the parts with the whole name made of the pieces, row by row."""
        return combine(parts)

    def valid(self, values: Column) -> Column:
        """Tell of each full name whether somebody may be called so."""
        return self.read("full", values)[MAIN].is_not_null()

    def format(self, values: Column) -> Column:
        """Return each full name without titles, given name first, with capitals where its own case says nothing.

        Weak: what is in one case does not tell *Di Caprio* from *di Lampedusa*, *MacDonald* from *Macey*.

        Examples:
            >>> import polars as pl
            >>> PersonName().format(pl.Series(["VAN DER BERG, JAN", "dr. ann o'neil-mcdonald jr", "n/a"])).to_list()
            ['Jan van der Berg', "Ann O'Neil-McDonald Jr.", None]
        """
        parts = self.read("full", values)
        return written_names(values, parts[MAIN], parts["suffix"])


def combine(parts: Mapping[str, Column]) -> dict[str, Column]:
    """Return name parts with the whole name, and its words sorted, made of the pieces of each row.

    Args:
        parts: ``given``, ``middle``, ``family``, ``suffix``, or some of these, however they were come by.

    Returns:
        the parts of `PersonName` that these give; all null in rows whose whole name is one that nobody has.

    Examples:
        >>> import polars as pl
        >>> rows = {"given": ["ann", "default"], "middle": ["b", None], "family": ["lee", "customer"]}
        >>> pl.DataFrame(combine({piece: pl.Series(column) for piece, column in rows.items()})).rows()
        [('ann b lee', 'ann', 'b', 'lee', 'ann b lee'), (None, None, None, None, None)]
    """
    pieces = {piece: parts[piece] for piece in (*NAMES, "suffix") if piece in parts}
    for piece, bare in BARE.items():
        if piece in pieces:
            pieces[piece] = pieces[piece].set(one_of(pieces[piece], bare), None)
    names = [pieces[piece] for piece in NAMES if piece in pieces]
    whole = joined(*names) if names else empty(next(iter(parts.values())))
    nobody = one_of(whole, NO_NAME)
    guest = one_of(whole, NOBODY_ALONE)
    nobody = nobody | (guest & pieces["family"].is_null() if "family" in pieces else guest)
    stated = {part: column.set(nobody, None) for part, column in {MAIN: whole, **pieces}.items()}
    return stated | {"sorted": sorted_tokens(stated[MAIN])}
