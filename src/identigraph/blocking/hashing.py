"""Locality-sensitive hashing: texts that share most of their pieces fall into one block with a known probability.

MinHash is for the Jaccard similarity of two sets of pieces, SimHash for the cosine of them. Both look at distinct texts
only, and at each of them once, so their cost grows with the data and not with its square.
"""

from __future__ import annotations

import math
from hashlib import blake2b
from itertools import pairwise

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.blocks import BlockCandidates, Blocks, BlockStrategy
from identigraph.blocking.candidates import FilteredCandidates, Ints
from identigraph.blocking.checks import MOST_SEED, check_features, check_share, check_whole
from identigraph.blocking.hot import Hot, HotPolicy, tell
from identigraph.blocking.pieces import Unit, check_unit, cut, text_of
from identigraph.encoding import Encoded
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Hashes = npt.NDArray[np.uint64]

MOST_HASHES = 256
"""The most minima that are taken of a text."""
MOST_ROWS = 16
BITS = 64
BUCKETS = HotPolicy(200)


@attrs.frozen(repr=False)
class MinHash(BlockStrategy):
    """Pairs of records whose texts share a band of minima. Made by `minhash`."""

    features: tuple[Feature, ...]
    similarity: float
    recall: float
    unit: Unit
    seed: int
    policy: HotPolicy = BUCKETS

    @property
    def banding(self) -> tuple[int, int]:
        """The number of bands, and of minima in each."""
        return banding(self.similarity, self.recall)

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each value of each band."""
        bands, rows = self.banding
        column = text_of(records, self.features)
        pieces = _Pieces.of(column, self.unit)
        keys = []
        for band in range(bands):
            key = np.zeros(len(pieces.texts), dtype=np.uint64)
            for row in range(rows):
                key = _mixed(key ^ pieces.minima(self.seed * MOST_HASHES + band * rows + row))
            keys.append(key)
        return _bands(keys, pieces.texts, column)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"similarity={self.similarity}"]
        options += [f"recall={self.recall}"] if self.recall != RECALL else []
        return _call("minhash", self.features, options, self.unit, self.seed, self.policy)


RECALL = 0.95


def minhash(
    *features: Feature,
    similarity: float = 0.5,
    recall: float = RECALL,
    unit: Unit = 3,
    seed: int = 0,
    max_block: int = BUCKETS.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> MinHash:
    """Return the strategy that pairs records whose texts have about `similarity` of their pieces in common.

    The Jaccard similarity of two sets of pieces is ``|A ∩ B| / |A ∪ B|``. The chance that one minimum of two texts is
    the same is just that similarity s, so with b bands of r minima a pair shares a band with probability
    ``1 - (1 - s^r)^b``. Of the (b, r) for which this is at least `recall` at `similarity`, the one with the largest r
    is taken that needs no more than 256 minima: it lets the fewest other pairs through.

    Args:
        features: one or more texts, joined by a space.
        similarity: from which Jaccard similarity pairs are wanted, 0.1 to 1.
        recall: the share of the pairs at just that similarity that are found, 0.01 to 0.9999; of more similar ones more
            are.
        unit: ``"words"``, or the length of character q-grams, 1 to 20.
        seed: chooses the hash functions, 0 to 999,999.
        max_block: the most records that may share a band; at least 2.
        hot: what becomes of a band that more share; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: no feature, or a unit or policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> found = minhash("title", similarity=0.6, unit="words")
        >>> found, found.banding
        (minhash('title', similarity=0.6, unit='words'), (38, 5))
        >>> titles = ["garden hose green 20 m", "green garden hose 20 m", "led lamp"]
        >>> sum(len(pairs) for pairs in found.candidates(Records.of({"title": titles})))
        1

    References:
        Broder (1997): On the resemblance and containment of documents. SEQUENCES.
        Leskovec, Rajaraman, Ullman (2020): Mining of massive datasets, chapter 3. Cambridge.
    """
    check_features("minhash", features)
    check_whole("seed", seed, 0, MOST_SEED)
    check_share("similarity", similarity, 0.1)
    check_share("recall", recall, 0.01, 0.9999)
    policy = HotPolicy(max_block, hot, split_by).check("minhash")
    return MinHash(features, similarity, recall, check_unit(unit), seed, policy)


def banding(similarity: float, recall: float) -> tuple[int, int]:
    """Return the number of bands and of minima in each that find pairs of `similarity` with probability `recall`.

    Examples:
        >>> banding(0.5, 0.95), banding(1.0, 0.95)
        ((47, 4), (1, 16))
    """
    best = (math.ceil(math.log(1 - recall) / math.log1p(-min(similarity, 1 - 1e-12))), 1)
    for rows in range(2, MOST_ROWS + 1):
        bands = math.ceil(math.log(1 - recall) / math.log1p(-min(similarity**rows, 1 - 1e-12)))
        if bands * rows > MOST_HASHES:
            break
        best = (bands, rows)
    return best


@attrs.frozen(repr=False)
class SimHash(BlockStrategy):
    """Pairs of records whose texts have nearly the same SimHash. Made by `simhash`."""

    features: tuple[Feature, ...]
    distance: int
    unit: Unit
    seed: int
    policy: HotPolicy = BUCKETS

    @property
    def takes_whole_blocks(self) -> bool:
        """Pairs of a stretch are tested for their distance."""
        return False

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each value of each stretch of bits: texts within the distance share one."""
        texts, signatures = self._signatures(records)
        stretches = np.linspace(0, BITS, self.distance + 2).astype(np.uint64)
        keys = [(signatures >> low) & np.uint64(2 ** int(high - low) - 1) for low, high in pairwise(stretches)]
        return _bands(keys, texts, text_of(records, self.features))

    def candidates(self, records: Records) -> FilteredCandidates:
        """Return the pairs whose hashes differ in no more bits than the distance.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            HotBlockError: a block is hot and ``hot="raise"``.

        Warns:
            HotBlockWarning: pairs of hot blocks are left out.
            EmptyBlockingWarning: no two records share a block.
        """
        inner = BlockCandidates.of(repr(self), self.blocks(records), self.policy, records)
        tell(inner.reports[0], self.policy, len(records))
        column = text_of(records, self.features)
        texts, signatures = self._signatures(records)
        of_text = np.zeros(len(column.values) + 1, dtype=np.uint64)
        of_text[texts] = signatures
        of_record = of_text[column.codes]

        def near(pairs: Pairs) -> Mask:
            apart = np.bitwise_count(of_record[pairs.left] ^ of_record[pairs.right])
            found: Mask = apart <= self.distance
            return found

        return FilteredCandidates(inner, near)

    def _signatures(self, records: Records) -> tuple[Ints, Hashes]:
        """Return the texts that have pieces, and the hash of each."""
        column = text_of(records, self.features)
        key = ("simhash", self.features, self.unit, self.seed)
        return records.remember(key, lambda: _Pieces.of(column, self.unit).signatures(self.seed))

    def __repr__(self) -> str:
        """Return the call that makes it."""
        options = [f"distance={self.distance}"]
        return _call("simhash", self.features, options, self.unit, self.seed, self.policy)


def simhash(
    *features: Feature,
    distance: int = 6,
    unit: Unit = 3,
    seed: int = 0,
    max_block: int = BUCKETS.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> SimHash:
    """Return the strategy that pairs records whose texts have SimHashes that differ in at most `distance` of 64 bits.

    Each piece of a text votes on each bit with its own hash; the majority sets it. Two texts whose vectors of pieces
    stand at an angle t differ in each bit with probability ``t/π``. The bits are cut into ``distance + 1`` stretches,
    one of which must be the same, so that no pair within the distance is missed outside hot blocks. Where it is weak:
    on short texts one error moves many bits; it is for descriptions and whole records.

    Args:
        features: one or more texts, joined by a space.
        distance: bits that may differ, 0 to 15.
        unit: ``"words"``, or the length of character q-grams, 1 to 20.
        seed: chooses the hash function, 0 to 999,999.
        max_block: the most records that may share a stretch of bits; at least 2.
        hot: what becomes of a stretch that more share; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: no feature, or a unit or policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> texts = ["garden hose green 20 m with nozzle", "garden hose green 20 m with nozzles", "led lamp 9 w"]
        >>> sum(len(pairs) for pairs in simhash("text", distance=12).candidates(Records.of({"text": texts})))
        1

    References:
        Charikar (2002): Similarity estimation techniques from rounding algorithms. STOC.
        Manku, Jain, Das Sarma (2007): Detecting near-duplicates for web crawling. WWW.
    """
    check_features("simhash", features)
    check_whole("seed", seed, 0, MOST_SEED)
    check_whole("distance", distance, 0, 15)
    return SimHash(features, distance, check_unit(unit), seed, HotPolicy(max_block, hot, split_by).check("simhash"))


@attrs.frozen(eq=False)
class _Pieces:
    """The pieces of the texts that have any.

    Args:
        texts: their places among the values.
        starts: where the pieces of each of them start.
        code: the piece.
        hashes: a hash of each distinct piece.
    """

    texts: Ints
    starts: Ints
    code: Ints
    hashes: Hashes

    @classmethod
    def of(cls, column: Encoded, unit: Unit) -> _Pieces:
        """Return the pieces of the values of `column`."""
        pieces = cut(column.values, unit).distinct()
        starts = np.flatnonzero(np.diff(pieces.text, prepend=-1))
        return cls(pieces.text[starts], starts, pieces.item, _hashed(pieces.values))

    def minima(self, function: int) -> Hashes:
        """Return the least value of a hash function of 32 bits over the pieces of each text."""
        shuffled = _mixed(self.hashes ^ _mixed(np.array([function + 1], dtype=np.uint64))).astype(np.uint32)
        if len(self.starts) == 0:
            return np.zeros(0, dtype=np.uint64)
        return np.minimum.reduceat(shuffled.take(self.code, mode="clip"), self.starts).astype(np.uint64)

    def signatures(self, seed: int) -> tuple[Ints, Hashes]:
        """Return the texts, and of each the bits that most of its pieces have."""
        found = np.zeros(len(self.texts), dtype=np.uint64)
        total = np.diff(self.starts, append=len(self.code))
        hashes = _mixed(self.hashes ^ _mixed(np.array([seed + 1], dtype=np.uint64)))
        for bit in range(BITS if len(self.starts) else 0):
            set_bits = ((hashes >> np.uint64(bit)) & np.uint64(1)).astype(np.int32)
            most = 2 * np.add.reduceat(set_bits[self.code], self.starts) > total
            found |= most.astype(np.uint64) << np.uint64(bit)
        return self.texts, found


def _bands(keys: list[Hashes], texts: Ints, column: Encoded) -> Blocks:
    """Return a block for each distinct key of each band, called by the first text in it."""
    block, first, offset = [], [], 0
    for key in keys:
        order, step = _grouped(key)
        codes = np.empty(len(key), dtype=np.int64)
        codes[order] = offset + np.cumsum(step) - 1
        block.append(codes)
        first.append(texts[order[step]])
        offset += int(step.sum())
    names = column.values.gather(np.concatenate(first))
    return Blocks.of(np.concatenate(block), np.tile(texts, len(keys)), column.codes, names)


def _grouped(keys: Hashes) -> tuple[Ints, Mask]:
    """Return an order in which equal keys stand together, by place, and where each group starts.

    Keys are mixed, and the place takes the lowest bits of each: sorting numbers is several times faster than sorting
    places by them, and the bits that are left tell texts apart but for one pair in billions, which is then compared for
    nothing.
    """
    bits = np.uint64(max(len(keys) - 1, 1).bit_length())
    packed = np.sort(_mixed(keys) >> bits << bits | np.arange(len(keys), dtype=np.uint64))
    group = packed >> bits
    step = np.append(np.ones(min(len(keys), 1), dtype=bool), group[1:] != group[:-1])
    return (packed & np.uint64(2 ** int(bits) - 1)).astype(np.int64), step


def _hashed(values: pl.Series) -> Hashes:
    """Return a hash of 64 bits of each string, the same on every machine."""
    digests = b"".join(blake2b(value.encode(), digest_size=8).digest() for value in values)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _mixed(values: Hashes) -> Hashes:
    """Return each number mixed up by the finalizer of SplitMix64: a permutation of all 64-bit numbers."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Hashes = mixed ^ (mixed >> np.uint64(31))
    return found


def _call(
    maker: str, features: tuple[Feature, ...], options: list[str], unit: Unit, seed: int, policy: HotPolicy
) -> str:
    options = [*options, *([f"unit={unit!r}"] if unit != 3 else []), *([f"seed={seed}"] if seed else [])]
    return f"{maker}({', '.join([*map(repr, features), *options, *policy.options(BUCKETS)])})"
