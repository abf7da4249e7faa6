"""Blocking on shared words: records whose texts have a word in common that few records have.

A word is the key of a block; words that more than `max_block` records carry are purged, for they say little and cost
much. A pair is made at the first of its shared words only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.candidates import BlockReport, Candidates, Ints, expand
from identigraph.blocking.strategy import Algebra, check_features, check_max_block
from identigraph.encoding import Encoded
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs, Rows
from identigraph.records import Records


@attrs.frozen(repr=False)
class WordBlocking(Algebra):
    """Pairs of records that share a word of a feature which at most `max_block` records carry. Made by `words_of`."""

    feature: Feature
    max_block: int

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs that share a kept word.

        Raises:
            ColumnNotFoundError: the feature does not exist.
        """
        return WordCandidates(repr(self), records.column(self.feature), self.max_block)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return f"words_of({self.feature!r}, max_block={self.max_block})"


def words_of(feature: Feature, *, max_block: int = 50) -> WordBlocking:
    """Return the strategy that pairs records whose texts share a rare word.

    Args:
        feature: a text: a name, or a derived feature.
        max_block: words that more records carry are purged; at least 2.

    Raises:
        ConfigurationError: `feature` is neither.
        RangeError: `max_block` is below 2.

    Examples:
        >>> records = Records.of({"title": ["red vmcc1b mount", "mount vmcc1b", "red mount", "mount"]})
        >>> sum(len(pairs) for pairs in words_of("title", max_block=2).candidates(records))
        2
    """
    check_features("words_of", (feature,))
    check_max_block(max_block)
    return WordBlocking(feature, max_block)


@attrs.frozen(eq=False)
class _Incidence:
    """Which records carry which kept word: sorted by word, and sorted by record.

    Args:
        word: the rank of the word, rarest first, of each record that carries it; rising.
        row: that record; rising within a word.
        by_row_word: the ranks of the words of record 0, then of record 1, and so on; rising within a record.
        starts: where in `by_row_word` the words of each record start.
        largest: how many records carry the most frequent of the kept words.
        purged_words: words above the cap.
        purged_records: records that carry one of them.
        purged_pairs: pairs of records that share one of them, counted once for each.
    """

    word: Ints
    row: Ints
    by_row_word: Ints
    starts: Ints
    largest: int
    purged_words: int
    purged_records: int
    purged_pairs: int


@attrs.frozen(eq=False, repr=False)
class WordCandidates:
    """The pairs that share a kept word.

    Args:
        part: the strategy, as you would write it.
        column: the texts.
        max_block: words that more records carry are purged.
    """

    part: str
    column: Encoded
    max_block: int

    @cached_property
    def _incidence(self) -> _Incidence:
        frame = pl.DataFrame({"value": np.arange(len(self.column.values)), "word": self.column.values.str.split(" ")})
        frame = frame.explode("word").filter(pl.col("word") != "").unique()
        rows = pl.DataFrame({"value": self.column.codes.astype(np.int64), "row": np.arange(len(self.column))})
        carried = rows.join(frame, on="value").with_columns(pl.len().over("word").alias("records"))
        kept = carried.filter((pl.col("records") > 1) & (pl.col("records") <= self.max_block))
        ranked = kept.with_columns((pl.struct("records", "word").rank("dense") - 1).cast(pl.Int64).alias("rank"))
        by_word, by_row = ranked.sort("rank", "row"), ranked.sort("row", "rank")
        row = by_row.get_column("row").to_numpy()
        hot = carried.filter(pl.col("records") > self.max_block)
        sizes = hot.group_by("word").agg(pl.col("records").first()).get_column("records").to_numpy().astype(np.int64)
        return _Incidence(
            by_word.get_column("rank").to_numpy(),
            by_word.get_column("row").to_numpy().astype(np.int64),
            by_row.get_column("rank").to_numpy(),
            np.searchsorted(row, np.arange(len(self.column) + 1)),
            int(ranked.get_column("records").max() or 0),  # type: ignore[arg-type]
            len(sizes),
            hot.get_column("row").n_unique(),
            int((sizes * (sizes - 1) // 2).sum()),
        )

    @cached_property
    def _behind(self) -> Ints:
        """For each (word, record), how many records come behind it in the block of the word."""
        word = self._incidence.word
        end = np.searchsorted(word, word, side="right") - 1
        return (end - np.arange(len(word))).astype(np.int64)

    @property
    def cost(self) -> int:
        """The pairs within the blocks of all words; a pair that shares two words counts twice."""
        return int(self._behind.sum())

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        found = self._incidence
        blocks = int(found.word[-1]) + 1 if len(found.word) else 0
        hot = (found.purged_words, found.purged_records, found.purged_pairs)
        return (BlockReport(self.part, self.cost, self.column.present, blocks, found.largest, *hot),)

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs word after word, rarest first, each pair at the first word it shares."""
        found = self._incidence
        for first, second in expand(np.arange(len(found.row)), self._behind):
            left, right = found.row[first].astype(np.int32), found.row[second].astype(np.int32)
            fresh = self._first_shared(left, right) == found.word[first]
            if fresh.any():
                yield Pairs(left[fresh], right[fresh])

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair shares a kept word."""
        held: Mask = self._first_shared(pairs.left, pairs.right) >= 0
        return held

    def _first_shared(self, left: Rows, right: Rows) -> Ints:
        """Return the rarest kept word that each pair shares, -1 for none."""
        shared = np.full(len(left), -1, dtype=np.int64)
        pair_a, word_a = self._words(left)
        pair_b, word_b = self._words(right)
        if len(word_b) == 0:
            return shared
        width = int(self._incidence.word[-1]) + 1
        key_a, key_b = pair_a * width + word_a, pair_b * width + word_b
        place = np.minimum(np.searchsorted(key_b, key_a), len(key_b) - 1)
        both = np.flatnonzero(key_b[place] == key_a)[::-1]
        shared[pair_a[both]] = word_a[both]
        return shared

    def _words(self, rows: Rows) -> tuple[Ints, Ints]:
        """Return the kept words of all rows named, each with the place of its row; rising."""
        starts = self._incidence.starts
        count = starts[rows + 1] - starts[rows]
        pair = np.repeat(np.arange(len(rows)), count)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
        return pair, self._incidence.by_row_word[starts[rows][pair] + within]
