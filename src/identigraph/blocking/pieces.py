"""Texts cut into pieces that can be shared: words, character q-grams, suffixes; and the blocks that pieces make."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.blocks import Blocks
from identigraph.blocking.candidates import Ints, distinct, positions
from identigraph.encoding import Encoded, encode
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Rows
from identigraph.records import Records

MOST_CODES = 2**62
COUNTED = 2**22
"""Up to so many possible q-grams are counted, more are sorted."""
Codepoints: TypeAlias = npt.NDArray[np.uint32]
Unit = int | Literal["words"]
"""What texts are cut into: ``"words"``, or character q-grams of so many characters."""


@attrs.frozen(eq=False, repr=False)
class Pieces:
    """The distinct pieces of some texts.

    Args:
        member: the place of the text of each piece; rising.
        code: the piece, a place in `values`; rising within a text.
        values: the distinct pieces in alphabetical order.
    """

    member: Ints
    code: Ints
    values: pl.Series

    def rows(self) -> list[tuple[int, str]]:
        """Return (place of the text, piece) for each piece."""
        return list(zip(self.member.tolist(), self.values.gather(self.code).to_list(), strict=True))


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


def cut(values: pl.Series, unit: Unit) -> Pieces:
    """Return the distinct pieces of each value.

    A value that is shorter than a q-gram is a piece of its own.

    Examples:
        >>> cut(pl.Series(["anna", "an", "an an"]), 3).rows()
        [(0, 'ann'), (0, 'nna'), (1, 'an'), (2, ' an'), (2, 'an '), (2, 'n a')]
        >>> cut(pl.Series(["an an", ""]), "words").rows()
        [(0, 'an')]
    """
    return words(values) if unit == "words" else qgrams(values, unit)


def words(values: pl.Series) -> Pieces:
    """Return the distinct words of each value."""
    frame = pl.DataFrame({"member": _places(values), "piece": values.str.split(" ")})
    return _tidy(frame.explode("piece"))


def qgrams(values: pl.Series, q: int) -> Pieces:
    """Return the distinct character q-grams of each value.

    Characters become numbers, and a q-gram one number of q digits, so that no text is cut out but of distinct q-grams.
    """
    lengths = values.str.len_chars().to_numpy().astype(np.int64)
    short = np.flatnonzero((lengths < q) & (lengths > 0))
    characters = np.frombuffer("".join(values).encode("utf-32-le"), dtype=np.uint32)
    counts = np.maximum(lengths - q + 1, 0)
    at = positions(np.cumsum(lengths) - lengths, counts)
    code, distinct_at = _numbered(characters, at, q)
    letters = characters[distinct_at[:, None] + np.arange(q)]
    found = pl.Series(np.ascontiguousarray(letters).view(f"<U{q}").ravel().tolist(), dtype=pl.String)
    names = pl.concat([found, values.gather(short)])
    member = np.concatenate([np.repeat(np.arange(len(values)), counts), short])
    return _named(member, np.concatenate([code, len(found) + np.arange(len(short))]), names)


def _numbered(characters: Codepoints, at: Rows, q: int) -> tuple[Ints, Ints]:
    """Return for the q characters from each place on a number, the same for the same, and where each is found."""
    digit, letters = _digits(characters)
    windows = max(len(digit) - q + 1, 0)
    code, size = np.zeros(windows, dtype=np.int64), 1
    for offset in range(q):
        if size * letters > MOST_CODES:
            code, found = _dense(code, size)
            size = len(found)
        code *= letters
        code += digit[offset : offset + windows]
        size *= letters
    rank, found = _dense(code[at], size)
    return rank, at[found].astype(np.int64)


def _digits(characters: Codepoints) -> tuple[Ints, int]:
    """Return the number of each character among those there are, and their count, at least 1."""
    known = np.zeros(int(characters.max(initial=0)) + 1, dtype=bool)
    known[characters] = True
    return (np.cumsum(known) - 1)[characters], max(int(known.sum()), 1)


def _dense(code: Ints, size: int) -> tuple[Ints, Ints]:
    """Return codes below `size` as numbers from 0 without gaps, and a place of each."""
    if size > COUNTED:
        order = np.argsort(code, kind="stable")
        starts = np.flatnonzero(np.diff(code[order], prepend=code[order[:1]] - 1))
        rank = np.empty(len(code), dtype=np.int64)
        rank[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(code)))
        return rank, order[starts]
    place = np.full(size, -1, dtype=np.int64)
    place[code] = np.arange(len(code))
    return (np.cumsum(place >= 0) - 1)[code], place[place >= 0]


def suffixes(values: pl.Series, shortest: int) -> Pieces:
    """Return the endings of each value that have at least `shortest` characters.

    Examples:
        >>> suffixes(pl.Series(["smith", "ng"]), 3).rows()
        [(0, 'ith'), (0, 'mith'), (0, 'smith')]
    """
    frame = pl.DataFrame({"member": _places(values), "text": values, "letters": values.str.len_chars()})
    ends = [frame.clear().select("member", pl.col("text").alias("piece"))]
    for letters in range(shortest, int(frame.get_column("letters").max() or 0) + 1):  # type: ignore[arg-type]
        frame = frame.filter(pl.col("letters") >= letters)
        ends.append(frame.select("member", pl.col("text").str.tail(letters).alias("piece")))
    return _tidy(pl.concat(ends))


def blocks_of(pieces: Pieces, column: Encoded) -> Blocks:
    """Return the blocks of records that share a piece; `pieces` are those of the values of `column`."""
    return Blocks.of(pieces.code, pieces.member, column.codes, pieces.values)


def _joined(columns: list[Encoded]) -> Encoded:
    parts = pl.DataFrame({str(i): column.decoded() for i, column in enumerate(columns)})
    text = parts.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).replace("", None))
    return encode(text.to_series())


def _places(values: pl.Series) -> pl.Series:
    return pl.int_range(len(values), eager=True, dtype=pl.Int32)


def _tidy(pieces: pl.DataFrame) -> Pieces:
    """Return the pieces without blanks and repeats."""
    kept = pieces.filter(pl.col("piece") != "")
    encoded = encode(kept.get_column("piece"))
    return _named(kept.get_column("member").to_numpy().astype(np.int64), encoded.codes.astype(np.int64), encoded.values)


def _named(member: Ints, code: Ints, names: pl.Series) -> Pieces:
    """Return distinct pieces, from codes into `names`, which may repeat."""
    named = encode(names)
    both = distinct(member << 32 | named.codes[code])
    return Pieces(both >> 32, both & 0xFFFFFFFF, named.values)
