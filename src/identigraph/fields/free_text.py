"""Free text: descriptions, titles, remarks, and whatever no other kind knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import legible
from identigraph.text import clean, words
from identigraph.text.columns import Column
from identigraph.text.model_numbers import model_numbers, words_and_numbers
from identigraph.text.tokens import sorted_tokens


@attrs.frozen
class FreeText:
    """Free text: ``<field>`` its words, ``.sorted`` its distinct words in alphabetical order, ``.model_numbers``.

    Normalized: cleaned to words of lower-case ASCII letters and digits. Model numbers are one word each, whatever
    punctuation stands inside them (*KX-T12* is ``kxt12``); those of a text are ``.model_numbers``, distinct and in
    alphabetical order. Null: values without a letter or digit.

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> FreeText().normalize("column", pl.Series(["The Zeon, the KX-T12", "?"])).rows()
        [('the zeon the kxt12', 'kxt12 the zeon', 'kxt12'), (None, None, None)]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The words, the distinct words in alphabetical order, and the model numbers among them."""
        return (MAIN, "sorted", "model_numbers")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the words of each value, as they stand and sorted, and its model numbers."""
        del role
        cleaned = clean(values)
        plain = words_and_numbers(cleaned)
        return {MAIN: plain, "sorted": sorted_tokens(plain, distinct=True), "model_numbers": model_numbers(cleaned)}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the words of each value, as they stand and sorted, and its model numbers."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it has a letter or digit."""
        return words(values).is_not_null()

    def format(self, values: Column) -> Column:
        """Return each text as written, without invisible characters and needless white space.

        Examples:
            >>> import polars as pl
            >>> FreeText().format(pl.Series([" The  cat ", "?"])).to_list()
            ['The cat', None]
        """
        return legible(values).set(~self.valid(values), None)
