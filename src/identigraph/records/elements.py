"""Elements: texts that hold several values, cut into these, each with the row of its record."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import ELEMENT_SEPARATOR, Elements, Encoded, elements_of, encode, recode
from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.fields.derived import Derived
from identigraph.fields.kind import FieldKind
from identigraph.records.fields import FieldReading, FieldReport, columns_of, encode_field
from identigraph.text import words


@attrs.frozen(eq=False)
class Pieces:
    """Texts, several of a record or none.

    Args:
        rows: shape (texts,): the record of each text.
        texts: no blank ones among them.
    """

    rows: npt.NDArray[np.int64]
    texts: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> Pieces:
        """Return the texts of a column, one of a record."""
        return cls(np.arange(len(column)), column)

    def split(self, separator: str) -> Pieces:
        """Return what stands between separators, stripped, without blanks.

        Examples:
            >>> pieces = Pieces.of(pl.Series(["a; b", None, ";", "c"])).split(";")
            >>> pieces.rows.tolist(), pieces.texts.to_list()
            ([0, 0, 3], ['a', 'b', 'c'])
        """
        frame = pl.DataFrame({"row": self.rows, "text": self.texts.str.split(separator)})
        parts = frame.explode("text").with_columns(pl.col("text").str.strip_chars()).filter(pl.col("text") != "")
        return Pieces(parts.get_column("row").to_numpy(), parts.get_column("text"))


def cut(column: pl.Series, separator: str | None, *, lists: bool) -> Pieces:
    r"""Return the elements of a column of text: of its lists, and between separators where there is one.

    Examples:
        >>> cut(pl.Series(["a;b\x1fc"]), ";", lists=True).texts.to_list()
        ['a', 'b', 'c']
    """
    pieces = Pieces.of(column)
    for mark in ([ELEMENT_SEPARATOR] if lists else []) + ([separator] if separator is not None else []):
        pieces = pieces.split(mark)
    return pieces


def count_several(column: pl.Series) -> int:
    r"""Return how many records have more than one element in a column of lists.

    Examples:
        >>> count_several(pl.Series(["b\x1fc", "b", None]))
        1
    """
    return int(column.str.contains(ELEMENT_SEPARATOR, literal=True).sum())


def plain_elements(pieces: Pieces, records: int) -> Elements:
    """Return the pieces of a plain column as elements, each read as words."""
    raw = encode(pieces.texts)
    return elements_of(recode(raw, words(raw.values)), pieces.rows, records)


def element_table(column: str, pieces: Pieces, sources: Encoded) -> tuple[pl.DataFrame, Encoded]:
    """Return pieces as a table of one column, and the source of each."""
    return pieces.texts.alias(column).to_frame(), Encoded(sources.codes[pieces.rows], sources.values)


def field_elements(
    name: str, kind: FieldKind, pieces: Pieces, sources: Encoded, reading: FieldReading | None = None
) -> tuple[dict[str, Elements], FieldReport]:
    """Return the parts of a field of one column as elements, and what became of the pieces of that column."""
    (column,) = columns_of({name: kind})
    parts, report = encode_field(name, kind, *element_table(column, pieces, sources), reading)
    return {part: elements_of(found, pieces.rows, len(sources)) for part, found in parts.items()}, report


def derived_elements(feature: Derived, base: Elements, separator: str | None) -> Elements:
    """Return a function of each element; with a separator, the parts of what it gives.

    Examples:
        >>> from identigraph.fields.derived import initials
        >>> names = elements_of(encode(pl.Series(["ann lee", "al lark", "bo"])), np.array([0, 0, 0]), 1)
        >>> derived_elements(initials("names"), names, None).values.to_list()
        ['al', 'b']
    """
    derived = recode(Encoded(base.codes, base.values), feature.apply(base.values))
    if separator is None:
        return elements_of(derived, base.rows, len(base))
    pieces = Pieces(base.rows, derived.decoded()).split(separator)
    return elements_of(encode(pieces.texts), pieces.rows, len(base))


def check_separator(separator: object) -> None:
    """Raise where a separator is neither None nor a text.

    Raises:
        UnsupportedInputError: it is of another type.
        ConfigurationError: it is empty.
    """
    if separator is not None and not isinstance(separator, str):
        raise UnsupportedInputError(separator, "a separator of values, such as ';'")
    if separator == "":
        raise ConfigurationError("separator must not be empty; leave it out where a record has one value")
