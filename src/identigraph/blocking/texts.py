"""Blocking on the similarity of texts as a whole: the nearest by TF-IDF cosine, and canopies of near ones."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.blocks import BlockCandidates, Blocks, BlockStrategy
from identigraph.blocking.candidates import BlockReport, Candidates, Ints, distinct, linking
from identigraph.blocking.canopies import grown
from identigraph.blocking.checks import MOST_SEED, check_features, check_share, check_whole
from identigraph.blocking.cosine import Vectors, nearest, tfidf
from identigraph.blocking.hot import Hot, HotPolicy, tell
from identigraph.blocking.pieces import Unit, check_unit, cut, text_of
from identigraph.encoding import Codes, Encoded, combine, first_rows, positions
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.plain import NOTE
from identigraph.records import Records

TEXTS = HotPolicy()
FLOOR = 0.2
MOST_TEXTS = 3_000_000
"""The most texts among which neighbors are found; their time, which grows with the square, is the limit before."""


@attrs.frozen(repr=False)
class TextNeighbors(BlockStrategy):
    """Pairs of each record with those of the most similar texts. Made by `top_k`."""

    features: tuple[Feature, ...]
    k: int
    unit: Unit
    min_similarity: float
    across: bool
    policy: HotPolicy = TEXTS
    max_carried: int | None = None
    quiet: bool = attrs.field(default=False, eq=False, metadata=NOTE)

    @property
    def takes_whole_blocks(self) -> bool:
        """Every pair of near texts is a candidate, but for those within one source where that is asked."""
        return not self.across

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs of which one text is among the nearest of the other, or equal to it.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            ConfigurationError: there are more than 3 million different texts.
            HotBlockError: a text is hot and ``hot="raise"``.

        Warns:
            HotBlockWarning: pairs of hot texts are left out.
            EmptyBlockingWarning: no two texts are similar.
        """
        blocks = self.blocks(records)
        found = BlockCandidates.of(repr(self), blocks, self.policy, records)
        if not self.quiet:
            tell(found.reports[0], self.policy, len(records))
        whole = found if found.report.hot_blocks else LinkedTexts.of(found, blocks)
        return linking(whole, records.sources.codes, across=True) if self.across else whole

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each text, and one for each two that are near."""
        column = text_of(records, self.features)
        sources = records.sources.codes if self.across else np.zeros(len(records), dtype=np.int32)
        carried, size = combine([column.codes, sources])
        if size > MOST_TEXTS:
            raise ConfigurationError(
                f"top_k looks at no more than {MOST_TEXTS:,} different texts, got {size:,}; use blocking.minhash"
            )
        first = first_rows(carried, size)
        text = column.codes[first].astype(np.int64)
        groups = sources[first].astype(np.int64) if self.across else None
        vectors = _vectors(column, self.unit).taken(text)
        vectors = vectors if self.max_carried is None else vectors.rarest(self.max_carried)
        equal = len(records.sources.values) - 1 if self.across else 0
        query, neighbor, _ = nearest(vectors, self.k + equal, min_similarity=self.min_similarity, groups=groups)
        query, neighbor = _first(query, neighbor, text[query] != text[neighbor], self.k)
        pair = np.arange(len(query)) + len(column.values)
        block, member = np.concatenate([text, pair, pair]), np.concatenate([np.arange(size), query, neighbor])
        return Blocks.of(block, member, carried, pl.concat([column.values, column.values.gather(text[query])]))

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"k={self.k}", *([f"unit={self.unit!r}"] if self.unit != 3 else [])]
        options += [f"min_similarity={self.min_similarity}"] if self.min_similarity != FLOOR else []
        options += ["across=True"] if self.across else []
        options += [f"max_carried={self.max_carried}"] if self.max_carried is not None else []
        return f"top_k({', '.join([*map(repr, self.features), *options, *self.policy.options(TEXTS)])})"


@attrs.frozen(eq=False, repr=False)
class LinkedTexts:
    """The pairs of records whose texts are equal or linked, where no block is hot; looked up by text.

    Args:
        inner: the same pairs, as blocks.
        carried: the text of each record; -1 where it has none.
        links: ``one << 32 | other`` for each two linked texts, the lower first; rising.
    """

    inner: BlockCandidates
    carried: Codes
    links: Ints

    @classmethod
    def of(cls, inner: BlockCandidates, blocks: Blocks) -> LinkedTexts:
        """Return the pairs of `blocks`, each of which holds one text or links a few."""
        order = np.argsort(blocks.block, kind="stable")
        block, member = blocks.block[order], blocks.member[order]
        behind = np.searchsorted(block, block, side="right") - np.arange(1, len(block) + 1)
        one, other = np.repeat(member, behind), member[positions(np.arange(1, len(block) + 1), behind)]
        return cls(inner, blocks.carried, distinct(np.minimum(one, other) << 32 | np.maximum(one, other)))

    @property
    def cost(self) -> int:
        """The pairs of all blocks; a pair that shares two counts twice."""
        return self.inner.cost

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return self.inner.reports

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs by left, then right row."""
        return iter(self.inner)

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether the texts of each pair are equal or linked."""
        one, other = self.carried[pairs.left].astype(np.int64), self.carried[pairs.right].astype(np.int64)
        low, high = np.minimum(one, other), np.maximum(one, other)
        asked = low << 32 | high
        place = np.minimum(np.searchsorted(self.links, asked), max(len(self.links) - 1, 0))
        linked = self.links[place] == asked if len(self.links) else np.zeros(len(pairs), dtype=bool)
        held: Mask = (low >= 0) & ((low == high) | linked)
        return held


def top_k(
    *features: Feature,
    k: int = 10,
    unit: Unit = 3,
    min_similarity: float = FLOOR,
    across: bool = False,
    max_carried: int | None = None,
    max_block: int = TEXTS.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> TextNeighbors:
    """Return the strategy that pairs each record with those of the `k` most similar texts.

    Similar by the cosine of their TF-IDF vectors: rare pieces count for more. Exact. Records with equal texts are pairs
    as well and use up none of the `k`. It finds what no key does, for two texts need no whole word in common; its time
    grows with the square of the number of distinct texts, some 10 CPU seconds for 100,000 names. With `max_carried` it
    is some times faster: pieces that more texts have, which say little, count for nothing.

    Args:
        features: one or more texts, joined by a space.
        k: the number of other texts; at least 1.
        unit: ``"words"``, or the length of character q-grams, 1 to 20.
        min_similarity: from which cosine a text counts as near at all, above 0 to 1.
        across: whether only texts of records of other sources count, for linking tables.
        max_carried: the most texts that may have a piece; a more frequent one is left out; at least 2.
        max_block: the most records of two near texts together; at least 2.
        hot: what becomes of texts that more records share; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: no feature, or a unit or policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> records = Records.of({"name": ["johnson", "jonson", "johnston", "ray"]})
        >>> sum(len(pairs) for pairs in top_k("name", k=1).candidates(records))
        2

    References:
        Salton, Buckley (1988): Term-weighting approaches in automatic text retrieval.
    """
    check_features("top_k", features)
    check_whole("k", k, 1)
    check_share("min_similarity", min_similarity)
    if max_carried is not None:
        check_whole("max_carried", max_carried, 2)
    policy = HotPolicy(max_block, hot, split_by).check("top_k")
    return TextNeighbors(features, k, check_unit(unit), min_similarity, across, policy, max_carried)


@attrs.frozen(repr=False)
class Canopies(BlockStrategy):
    """Pairs of records in one canopy. Made by `canopies`."""

    features: tuple[Feature, ...]
    loose: float
    tight: float
    unit: Unit
    seed: int
    policy: HotPolicy = TEXTS

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each canopy, called by its center."""
        column = text_of(records, self.features)
        canopy, member, centers = grown(_vectors(column, self.unit), self.loose, self.tight, self.seed)
        return Blocks.of(canopy, member, column.codes, column.values.gather(centers))

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"loose={self.loose}", f"tight={self.tight}"]
        options += [f"unit={self.unit!r}"] if self.unit != 3 else []
        options += [f"seed={self.seed}"] if self.seed else []
        return f"canopies({', '.join([*map(repr, self.features), *options, *self.policy.options(TEXTS)])})"


def canopies(
    *features: Feature,
    loose: float = 0.5,
    tight: float = 0.8,
    unit: Unit = 3,
    seed: int = 0,
    max_block: int = TEXTS.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> Canopies:
    """Return the strategy that pairs records within overlapping groups of similar texts.

    Again and again a text is drawn as a center; all texts at least `loose` similar to it (TF-IDF cosine) form a canopy,
    and those at least `tight` similar are drawn no more. Where it is weak: it depends on which centers are drawn, and
    its canopies hold more pairs than `top_k` for the same recall.

    Args:
        features: one or more texts, joined by a space.
        loose: the least similarity to the center of a canopy, above 0 to 1.
        tight: from which similarity a text is a center no more, `loose` to 1.
        unit: ``"words"``, or the length of character q-grams, 1 to 20.
        seed: draws the centers, 0 to 999,999.
        max_block: the most records of a canopy; at least 2.
        hot: what becomes of a larger one; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: no feature, or a unit or policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> records = Records.of({"name": ["johnson", "johnson", "jonson", "ray"]})
        >>> sum(len(pairs) for pairs in canopies("name", loose=0.3, tight=0.6).candidates(records))
        3

    References:
        McCallum, Nigam, Ungar (2000): Efficient clustering of high-dimensional data sets with application to reference
        matching. KDD.
    """
    check_features("canopies", features)
    check_share("loose", loose)
    check_share("tight", tight, loose)
    check_whole("seed", seed, 0, MOST_SEED)
    policy = HotPolicy(max_block, hot, split_by).check("canopies")
    return Canopies(features, loose, tight, check_unit(unit), seed, policy)


def _first(query: Ints, neighbor: Ints, other: Mask, k: int) -> tuple[Ints, Ints]:
    """Return the first `k` neighbors of each query that have another text."""
    query, neighbor = query[other], neighbor[other]
    kept = np.arange(len(query)) - np.searchsorted(query, query) < k
    return query[kept], neighbor[kept]


def _vectors(column: Encoded, unit: Unit) -> Vectors:
    """Return the vectors of the distinct texts; for q-grams a space is added to both ends of each."""
    values = column.values
    return tfidf(cut(values if unit == "words" else " " + values + " ", unit))
