"""Blocking on what texts and lists share: a word, a q-gram, an ending, an element.

A piece is the key of a block. Pieces that more than `max_block` records carry are left out (purged), for they say
little and cost much; records keep only their rarest ones where that is asked for (filtered).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.blocks import Blocks, BlockStrategy
from identigraph.blocking.checks import check_features, check_share, check_whole
from identigraph.blocking.hot import Hot, HotPolicy
from identigraph.blocking.pieces import blocks_of, text_of
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.plain import NOTE
from identigraph.records import Records
from identigraph.text.cutting import Cut, qgrams, suffixes, words

PURGE = HotPolicy(50, "skip")
ELEMENTS = HotPolicy()
CUT: Mapping[str, Callable[[pl.Series, int], Cut]] = {
    "words": lambda values, _: words(values),
    "qgrams": qgrams,
    "suffixes": suffixes,
}


@attrs.frozen(repr=False)
class PieceBlocking(BlockStrategy):
    """Pairs of records whose texts share a piece. Made by `words_of`, `qgrams_of` and `suffixes_of`.

    Args:
        kind: what texts are cut into.
        features: the texts.
        length: characters of a q-gram, or of the shortest suffix; 0 for words.
        policy: what becomes of hot pieces.
        keep: the share of its rarest pieces that count for a record.
    """

    kind: Literal["words", "qgrams", "suffixes"]
    features: tuple[Feature, ...]
    length: int = 0
    policy: HotPolicy = PURGE
    keep: float = 1.0
    quiet: bool = attrs.field(default=False, eq=False, metadata=NOTE)

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each piece."""
        column = text_of(records, self.features)
        found = blocks_of(CUT[self.kind](column.values, self.length), column)
        return found if self.keep == 1 else found.filtered(self.keep, self.policy.max_block)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        length = {"words": [], "qgrams": [f"q={self.length}"], "suffixes": [f"shortest={self.length}"]}[self.kind]
        keep = [f"keep={self.keep}"] if self.keep != 1 else []
        arguments = [*map(repr, self.features), *length, *self.policy.options(PURGE), *keep]
        return f"{self.kind}_of({', '.join(arguments)})"


def words_of(
    *features: Feature,
    max_block: int = PURGE.max_block,
    hot: Hot = "skip",
    split_by: tuple[Feature, ...] = (),
    keep: float = 1.0,
) -> PieceBlocking:
    """Return the strategy that pairs records whose texts share a rare word: token blocking.

    Args:
        features: one or more texts; the words of all count alike, whichever of them they stand in.
        max_block: the most records that may carry a word; a more frequent one is hot; at least 2.
        hot: what becomes of a hot word: left out (purged), unless you say otherwise; see `block_on`.
        split_by: see `block_on`.
        keep: the share, above 0 to 1, of its words that count for a record, its rarest ones: block filtering.

    Raises:
        ConfigurationError: no feature, something else than a feature, or a policy that makes no sense.
        RangeError: `max_block` is below 2, or `keep` is not in its range.

    Examples:
        >>> records = Records.of({"title": ["red vmcc1b mount", "mount vmcc1b", "red mount", "mount"]})
        >>> sum(len(pairs) for pairs in words_of("title", max_block=2).candidates(records))
        2

    References:
        Papadakis, Ioannou, Niederée, Fankhauser (2011): Efficient entity resolution for large heterogeneous information
        spaces. WSDM.
    """
    check_features("words_of", features)
    check_share("keep", keep)
    return PieceBlocking("words", features, 0, HotPolicy(max_block, hot, split_by).check("words_of"), keep)


def qgrams_of(
    *features: Feature,
    q: int = 4,
    max_block: int = PURGE.max_block,
    hot: Hot = "skip",
    split_by: tuple[Feature, ...] = (),
    keep: float = 1.0,
) -> PieceBlocking:
    """Return the strategy that pairs records whose texts share `q` characters in a row.

    Finds what words do not: typing errors inside long words, and words written together. A text of fewer characters is
    a q-gram of its own.

    Args:
        features: one or more texts, joined by a space.
        q: the number of characters, 1 to 20; longer ones are rarer.
        max_block: the most records that may carry a q-gram; at least 2.
        hot: what becomes of a hot q-gram: left out, unless you say otherwise; see `block_on`.
        split_by: see `block_on`.
        keep: the share, above 0 to 1, of its q-grams that count for a record, its rarest ones.

    Raises:
        ConfigurationError: no feature, something else than a feature, or a policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> records = Records.of({"name": ["johnson", "jonson", "johnston"]})  # joh, ohn; nso, son; ns
        >>> sum(len(pairs) for pairs in qgrams_of("name", q=3).candidates(records))
        2

    References:
        Christen (2012): A survey of indexing techniques for scalable record linkage and deduplication. IEEE TKDE 24(9).
    """
    check_features("qgrams_of", features)
    check_share("keep", keep)
    check_whole("q", q, 1, 20)
    return PieceBlocking("qgrams", features, q, HotPolicy(max_block, hot, split_by).check("qgrams_of"), keep)


def suffixes_of(
    *features: Feature,
    shortest: int = 5,
    max_block: int = PURGE.max_block,
    hot: Hot = "skip",
    split_by: tuple[Feature, ...] = (),
    keep: float = 1.0,
) -> PieceBlocking:
    """Return the strategy that pairs records whose texts have a rare ending in common: a suffix array.

    Finds errors at the start of a text. An ending that too many share is left out, and a longer one of the same text
    may still be rare enough.

    Args:
        features: one or more texts, joined by a space.
        shortest: characters of the shortest ending, 1 to 20.
        max_block: the most records that may share an ending; at least 2.
        hot: what becomes of a hot ending: left out, unless you say otherwise; see `block_on`.
        split_by: see `block_on`.
        keep: the share, above 0 to 1, of its endings that count for a record, its rarest ones.

    Raises:
        ConfigurationError: no feature, something else than a feature, or a policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> records = Records.of({"name": ["catherina", "katherina", "marina"]})
        >>> sum(len(pairs) for pairs in suffixes_of("name", shortest=5).candidates(records))
        1

    References:
        Aizawa, Oyama (2005): A fast linkage detection scheme for multi-source information integration. WIRI.
    """
    check_features("suffixes_of", features)
    check_share("keep", keep)
    check_whole("shortest", shortest, 1, 20)
    return PieceBlocking("suffixes", features, shortest, HotPolicy(max_block, hot, split_by).check("suffixes_of"), keep)


@attrs.frozen(repr=False)
class ElementBlocking(BlockStrategy):
    """Pairs of records whose lists share an element. Made by `any_shared`."""

    feature: Feature
    separator: str | None = None
    policy: HotPolicy = ELEMENTS

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each element."""
        elements = records.elements(self.feature, separator=self.separator)
        counts = np.diff(elements.starts)
        member = np.repeat(np.arange(len(records)), counts)
        carried = np.where(counts > 0, np.arange(len(records)), -1).astype(np.int32)
        return Blocks.of(elements.codes.astype(np.int64), member, carried, elements.values)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        separator = [f"separator={self.separator!r}"] if self.separator is not None else []
        return f"any_shared({', '.join([repr(self.feature), *separator, *self.policy.options(ELEMENTS)])})"


def any_shared(
    feature: Feature,
    *,
    separator: str | None = None,
    max_block: int = ELEMENTS.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> ElementBlocking:
    """Return the strategy that pairs records whose lists have any element in common.

    Args:
        feature: a column of lists or sets; or one of text, with a `separator`.
        separator: what stands between the elements of a text, such as ``";"``.
        max_block: the most records that may share an element; at least 2.
        hot: what becomes of an element that more share; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: `feature` is none, or a policy that makes no sense.
        RangeError: `max_block` is below 2.

    Examples:
        >>> records = Records.of({"mails": [["a@x.com", "b@x.com"], ["b@x.com"], ["c@x.com", "a@x.com"], []]})
        >>> sum(len(pairs) for pairs in any_shared("mails").candidates(records))
        2
    """
    check_features("any_shared", (feature,))
    if separator is not None and (not isinstance(separator, str) or not separator):
        raise ConfigurationError(f"separator must be a text of at least one character, got {separator!r}")
    return ElementBlocking(feature, separator, HotPolicy(max_block, hot, split_by).check("any_shared"))
