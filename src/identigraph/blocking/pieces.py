"""The texts that are cut into pieces, what they are cut into, and the blocks that pieces make."""

from __future__ import annotations

from typing import Literal

import polars as pl

from identigraph.blocking.blocks import Blocks
from identigraph.encoding import Encoded, encode
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.records import Records
from identigraph.text.cutting import Cut, qgrams, words

Unit = int | Literal["words"]
"""What texts are cut into: ``"words"``, or character q-grams of so many characters."""


def check_unit(unit: Unit) -> Unit:
    """Return `unit`, found to be ``"words"`` or a length from 1 to 20.

    Raises:
        ConfigurationError: it is neither.
    """
    if unit != "words" and (isinstance(unit, bool) or not isinstance(unit, int) or not 1 <= unit <= 20):
        raise ConfigurationError(f"unit must be 'words' or the length of character q-grams, 1 to 20, got {unit!r}")
    return unit


def text_of(records: Records, features: tuple[Feature, ...]) -> Encoded:
    """Return the texts of several features as one, their values joined by a space; missing where all are."""
    if len(features) == 1:
        return records.column(features[0])
    return records.remember(("text", features), lambda: _joined([records.column(f) for f in features]))


def cut(values: pl.Series, unit: Unit) -> Cut:
    """Return the words of each value, or its q-grams.

    Examples:
        >>> cut(pl.Series(["an an"]), "words").pieces(), cut(pl.Series(["anna"]), 3).pieces()
        ([(0, 'an'), (0, 'an')], [(0, 'ann'), (0, 'nna')])
    """
    return words(values) if unit == "words" else qgrams(values, unit)


def blocks_of(pieces: Cut, column: Encoded) -> Blocks:
    """Return the blocks of records that share a piece; `pieces` are those of the values of `column`."""
    once = pieces.distinct()
    return Blocks.of(once.item, once.text, column.codes, once.values)


def _joined(columns: list[Encoded]) -> Encoded:
    parts = pl.DataFrame({str(i): column.decoded() for i, column in enumerate(columns)})
    text = parts.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).replace("", None))
    return encode(text.to_series())
