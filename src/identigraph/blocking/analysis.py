"""What a blocking strategy costs and finds, before that is paid: pairs, overlap, hot blocks, recall, time, memory.

The pairs of each part are made once, which takes a hundredth of the time of comparing them, and none is kept. For the
overlap of parts a sample of pairs is looked up in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import process_time

import attrs
import numpy as np
import polars as pl

from identigraph.blocking import drawn
from identigraph.blocking.blocks import BlockMaker
from identigraph.blocking.candidates import BATCH, BlockReport, Candidates, report_table
from identigraph.blocking.checks import check_share, check_whole
from identigraph.blocking.recall import RecallEstimate, estimate_recall
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.errors import UnsupportedInputError
from identigraph.pairs import Mask
from identigraph.records import Records

SAMPLE = 500_000
"""Pairs that are looked up in all parts."""
COMPARING = 1.5e-6
"""CPU seconds that comparing and scoring one pair takes with the comparators that are inferred; see benchmarks."""
SHOWN_HOT = 100
"""The most hot blocks of a part that are listed."""
BYTES_PER_PAIR = 64
"""Memory for a pair of the batch that is worked on."""


@attrs.frozen(eq=False, repr=False)
class Analysis:
    """What a blocking strategy costs and finds. Made by `analyze`.

    Args:
        records: the number of records.
        pairs: the number of different pairs; an estimate where `sampled`.
        sampled: whether overlaps were counted on a sample.
        parts: one row per part: ``part, pairs, alone, keyed, blocks, largest, hot_blocks, hot_records, hot_pairs,
            stranded``; ``alone`` counts the pairs that no other part holds, ``keyed`` the records that have a key,
            ``stranded`` those whose blocks were all left out.
        overlap: one row per combination of parts: ``parts``, their places in the table of parts, and ``pairs`` that
            just these hold; most pairs first.
        hot: one row per hot block, the largest hundred of each part: ``part, block, records, pairs``. Its names of
            blocks are values of records.
        never_compared: the number of records that are in no pair.
        recall: an estimate of the share of matches that the pairs hold; None where it cannot be made.
        making_seconds: CPU seconds that making all pairs took here.
        comparing_seconds: CPU seconds that comparing them is expected to take.
        memory: bytes that are expected to be held at a time.
    """

    records: int
    pairs: int
    sampled: bool
    parts: pl.DataFrame
    overlap: pl.DataFrame
    hot: pl.DataFrame
    never_compared: int
    recall: RecallEstimate | None
    making_seconds: float
    comparing_seconds: float
    memory: int

    @property
    def reduction_ratio(self) -> float:
        """The share of all n(n-1)/2 pairs that need not be compared; 1 for fewer than two records."""
        every = self.records * (self.records - 1) // 2
        return 1 - self.pairs / every if every else 1.0

    def __repr__(self) -> str:
        """Return the key figures; never a value of a record."""
        about = "about " if self.sampled else ""
        recall = "unknown" if self.recall is None else f"about {self.recall.recall:.2f}"
        return (
            f"<Analysis: {about}{self.pairs:,} pairs of {self.records:,} records in {self.parts.height:,} "
            f"part{'s'[: self.parts.height != 1]}, recall {recall}, {self.never_compared:,} records never compared>"
        )

    def _repr_html_(self) -> str:
        """Return the analysis, drawn, for a notebook."""
        return drawn.notebook(self)

    def report(self, path: str | Path) -> Path:
        """Write the analysis, drawn, as one HTML page, and return its path."""
        target = Path(path)
        target.write_text(drawn.page(self), encoding="utf-8")
        return target


def analyze(
    strategy: BlockingStrategy,
    records: Records,
    *,
    sample: int = SAMPLE,
    seconds_per_pair: float = COMPARING,
    seed: int = 0,
) -> Analysis:
    """Return what `strategy` costs on `records` and what it finds, before any pair is compared.

    Args:
        strategy: any blocking strategy; the parts of a union are looked at one by one.
        records: the records.
        sample: how many pairs are looked up in all parts, to count overlaps; with fewer in all, counts are exact.
        seconds_per_pair: CPU seconds that comparing a pair takes, for the expected time.
        seed: draws the sample.

    Raises:
        UnsupportedInputError: `strategy` is none.
        ColumnNotFoundError: a feature does not exist.
        HotBlockError: a block is hot and its policy is to raise.
        RangeError: a number is not in its range.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> records = Records.of({"mail": ["a@x", "a@x", None, "b@x"], "phone": ["1", "1", "1", None]})
        >>> found = analyze(block_on("mail") | block_on("phone"), records)
        >>> found
        <Analysis: 3 pairs of 4 records in 2 parts, recall unknown, 1 records never compared>
        >>> found.parts.select("part", "pairs", "alone").rows()
        [("block_on('mail')", 1, 0), ("block_on('phone')", 3, 2)]
        >>> found.overlap.rows()
        [([1], 2), ([0, 1], 1)]
    """
    if not isinstance(strategy, BlockingStrategy):
        raise UnsupportedInputError(strategy, "a blocking strategy, such as ig.block_on('email')")
    check_whole("sample", sample, 1)
    check_share("seconds_per_pair", seconds_per_pair, high=3_600)
    strategies = strategy.strategies if isinstance(strategy, Union) else (strategy,)
    walk = _Walk.along([part.candidates(records) for part in strategies], len(records), sample, seed)
    overlap = walk.overlap()
    pairs = int(overlap.get_column("pairs").sum())
    return Analysis(
        len(records),
        pairs,
        walk.share < 1,
        _part_table(strategies, walk, overlap),
        overlap,
        _hot_blocks(strategies, walk.parts, records),
        int((~walk.seen).sum()),
        estimate_recall(records, strategies, walk.parts),
        walk.seconds,
        pairs * seconds_per_pair,
        _memory(walk.parts),
    )


@attrs.frozen(eq=False)
class _Walk:
    """What was seen while the pairs of all parts were made.

    Args:
        parts: the parts.
        pairs: how many pairs each of them made.
        seen: which records are in any pair.
        share: the share of the pairs that was looked up in all parts.
        holders: for each of these that no earlier part holds, the parts that hold it; shape (pairs, parts).
        seconds: the CPU seconds that making the pairs took, without looking them up.
    """

    parts: list[Candidates]
    pairs: list[int]
    seen: Mask
    share: float
    holders: Mask
    seconds: float

    @classmethod
    def along(cls, parts: list[Candidates], n: int, sample: int, seed: int) -> _Walk:
        """Make the pairs of all parts, and look up a sample of them."""
        share = min(1.0, sample / max(sum(part.cost for part in parts), 1))
        draw = np.random.default_rng(seed)
        seen, made, holders, looking = np.zeros(n, dtype=bool), [], [np.zeros((0, len(parts)), dtype=bool)], 0.0
        started = process_time()
        for place, part in enumerate(parts):
            made.append(0)
            for pairs in part:
                made[-1] += len(pairs)
                before = process_time()
                seen[pairs.left] = seen[pairs.right] = True
                kept = pairs if share == 1 else pairs.where(draw.random(len(pairs)) < share)
                held = np.array([other.holds(kept) for other in parts]).T
                holders.append(held[~held[:, :place].any(axis=1)])
                looking += process_time() - before
        return cls(parts, made, seen, share, np.concatenate(holders), process_time() - started - looking)

    def overlap(self) -> pl.DataFrame:
        """Return how many pairs each combination of parts holds, and no other part."""
        packed = np.packbits(self.holders, axis=1)
        frame = pl.DataFrame({str(i): packed[:, i] for i in range(packed.shape[1])})
        counted = frame.group_by(frame.columns).len("pairs").sort("pairs", *frame.columns, descending=True)
        bits = np.unpackbits(counted.drop("pairs").to_numpy(), axis=1, count=len(self.parts))
        named = pl.Series("parts", [np.flatnonzero(row).tolist() for row in bits], dtype=pl.List(pl.Int64))
        scaled = (counted.get_column("pairs") / self.share).round().cast(pl.Int64)
        return pl.DataFrame([named, scaled.alias("pairs")])


def _part_table(strategies: Sequence[BlockingStrategy], walk: _Walk, overlap: pl.DataFrame) -> pl.DataFrame:
    reports = [_whole(repr(one), part.reports) for one, part in zip(strategies, walk.parts, strict=True)]
    single = overlap.filter(pl.col("parts").list.len() == 1)
    alone = dict(zip(single.get_column("parts").list.first(), single.get_column("pairs"), strict=True))
    table = report_table(reports).rename({"key": "part"})
    pairs = pl.Series("pairs", walk.pairs, dtype=pl.Int64)
    only = pl.Series("alone", [alone.get(i, 0) for i in range(len(reports))], dtype=pl.Int64)
    return table.with_columns(pairs).insert_column(2, only)


def _whole(part: str, reports: tuple[BlockReport, ...]) -> BlockReport:
    """Return one report for a part that is made of several."""
    figures = np.array([attrs.astuple(report)[1:] for report in reports]).reshape(len(reports), -1)
    if len(reports) == 1:
        return attrs.evolve(reports[0], part=part)
    return BlockReport(part, *(int(figure) for figure in figures.max(axis=0, initial=0)))


def _hot_blocks(strategies: Sequence[BlockingStrategy], parts: Sequence[Candidates], records: Records) -> pl.DataFrame:
    """Return the largest hot blocks of each part that makes blocks."""
    found = [pl.DataFrame(schema={"part": pl.String, "block": pl.String, "records": pl.Int64, "pairs": pl.Int64})]
    for strategy, part in zip(strategies, parts, strict=True):
        if isinstance(strategy, BlockMaker) and any(report.hot_blocks for report in part.reports):
            blocks = strategy.blocks(records)
            sizes = blocks.sizes
            hot = np.flatnonzero(sizes > strategy.policy.max_block)
            largest = hot[np.lexsort((hot, -sizes[hot]))][:SHOWN_HOT]
            columns = {"block": blocks.names(largest), "records": sizes[largest]}
            frame = pl.DataFrame({"part": [repr(strategy)] * len(largest), **columns}, schema_overrides=found[0].schema)
            found.append(frame.with_columns((pl.col("records") * (pl.col("records") - 1) // 2).alias("pairs")))
    return pl.concat(found)


def _memory(parts: Sequence[Candidates]) -> int:
    """Return about how many bytes the indexes of all parts and one batch of pairs take."""
    arrays: dict[int, int] = {}
    for part in parts:
        _weigh(part, arrays)
    return sum(arrays.values()) + BATCH * BYTES_PER_PAIR


def _weigh(value: object, arrays: dict[int, int]) -> None:
    """Note the bytes of every array that a value holds, in its arguments or computed since."""
    if isinstance(value, np.ndarray):
        arrays[id(value)] = value.nbytes
    elif isinstance(value, tuple | list):
        for item in value:
            _weigh(item, arrays)
    elif attrs.has(type(value)):
        for name in getattr(type(value), "__slots__", ()):
            with suppress(AttributeError):  # not computed so far
                _weigh(object.__getattribute__(value, name), arrays)
