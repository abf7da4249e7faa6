"""Hot blocks: what becomes of a block that more records share than can be compared with one another.

A block of b records stands for b(b-1)/2 pairs, so a value that thousands share costs more than all others together. A
policy says what happens to it, and the report says what that left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import attrs
import numpy as np

from identigraph.blocking.candidates import BlockReport, Ints
from identigraph.blocking.checks import check_features, check_whole
from identigraph.encoding import Codes
from identigraph.errors import ConfigurationError, EmptyBlockingWarning, HotBlockError, HotBlockWarning
from identigraph.fields.derived import Feature
from identigraph.notes import warn
from identigraph.pairs import Rows

Hot = Literal["cap", "split", "skip", "raise"]
NEIGHBORS = 10
"""With how many of the records behind it a record of a capped block is still paired."""
STRANDED = 0.1
"""Blocks that are left out are worth a warning where they were the only ones of so large a share of the records."""
CONSTANT = 20
"""From so many records in one block, and none outside, a key is called constant."""
DONE = {"cap": "thinned out", "split": "split", "skip": "left out"}


@attrs.frozen
class HotPolicy:
    """What becomes of a block of more than `max_block` records.

    ``"cap"`` pairs each of its records with the ten records behind it only; ``"split"`` divides it by the features
    `split_by`, one after the other as long as a part is still hot, and caps what is left; ``"skip"`` leaves it out,
    which the literature calls purging; ``"raise"`` refuses.
    """

    max_block: int = 1_000
    hot: Hot = "cap"
    split_by: tuple[Feature, ...] = ()

    def check(self, maker: str) -> HotPolicy:
        """Return the policy, found to make sense.

        Raises:
            ConfigurationError: an unknown policy, or ``"split"`` without a feature to split by, or the reverse.
            RangeError: `max_block` is no whole number of at least 2.
        """
        check_whole("max_block", self.max_block, 2)
        if self.hot not in get_args(Hot):
            raise ConfigurationError(f"hot must be 'cap', 'split', 'skip' or 'raise', got {self.hot!r}")
        if self.hot == "split" and not self.split_by:
            raise ConfigurationError("hot='split' needs features to split by, for example split_by=('postcode',)")
        if self.split_by and self.hot != "split":
            raise ConfigurationError(f"split_by is for hot='split', got hot={self.hot!r}")
        if not isinstance(self.split_by, tuple):
            raise ConfigurationError("split_by takes a tuple of features, for example split_by=('postcode',)")
        if self.split_by:
            check_features(maker, self.split_by)
        return self

    def options(self, default: HotPolicy) -> list[str]:
        """Return the arguments that differ from those of `default`, as you would write them."""
        return [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in attrs.fields(HotPolicy)
            if getattr(self, field.name) != getattr(default, field.name)
        ]


def pairs_in_blocks(sizes: Ints, max_block: int, hot: Hot = "cap") -> Ints:
    """Return how many pairs are made in blocks of these sizes: of each record with all behind it, fewer in hot blocks.

    Examples:
        >>> pairs_in_blocks(np.array([2, 3, 100]), 50).tolist()
        [1, 3, 945]
    """
    reach = np.where(sizes > max_block, 0 if hot == "skip" else NEIGHBORS, sizes)
    reach = np.minimum(reach, sizes - 1)
    pairs: Ints = reach * sizes - reach * (reach + 1) // 2
    return pairs


def split_blocks(block: Ints, rows: Rows, columns: Iterable[Codes], max_block: int) -> Ints:
    """Return the block of each membership after hot blocks were divided by one column after another.

    A block is divided by a column only as long as it is hot. Records without a value in it stay together.

    Args:
        block: block of each membership, from 0.
        rows: its record.
        columns: codes of each record, one array per feature; -1 where missing.
        max_block: the most records of a block that is not hot.

    Examples:
        >>> everyone, city = np.zeros(5, dtype=np.int64), np.array([0, 1, 0, 1, -1], dtype=np.int32)
        >>> split_blocks(everyone, np.arange(5, dtype=np.int32), [city], 3).tolist()
        [2, 3, 2, 3, 1]
    """
    block = block.copy()
    for codes in columns:
        sizes = np.bincount(block)
        concerned = np.flatnonzero((sizes > max_block)[block])
        if len(concerned) == 0:
            break
        width = int(codes.max(initial=-1)) + 2
        parts = block[concerned] * width + codes[rows[concerned]] + 1
        order = np.argsort(parts, kind="stable")
        step = np.diff(parts[order], prepend=parts[order[0]]) != 0
        block[concerned[order]] = len(sizes) + np.cumsum(step)
    return block


def tell(report: BlockReport, policy: HotPolicy, n: int, *, purging: bool = False) -> None:
    """Warn where a strategy leaves pairs out, compares everything with everything or finds no pair.

    Args:
        report: what became of its blocks.
        policy: what became of the hot ones.
        n: the number of records.
        purging: whether it is usual that hot blocks are left out; it is then told only where that leaves many records
            without any block.

    Warns:
        HotBlockWarning: with the numbers.
        EmptyBlockingWarning: with the numbers.
    """
    many = report.stranded > max(STRANDED * report.keyed, CONSTANT)
    if report.hot_pairs and (many or not purging or policy.hot != "skip"):
        alone = f" and {report.stranded:,} records with nothing" if report.stranded else ""
        told = (
            f"{report.part}: blocks of more than {policy.max_block:,} records were {DONE[policy.hot]}: "
            f"{report.hot_blocks:,} in all, the largest of {report.largest:,}; {report.hot_pairs:,} pairs are not "
            f"compared{alone}; add a feature to the key, or raise max_block"
        )
        warn(told, HotBlockWarning)
    elif report.blocks == 1 and report.largest == report.keyed > CONSTANT:
        told = (
            f"{report.part} puts all {report.keyed:,} records that have a key into one block: the key is constant, and "
            f"{report.pairs:,} pairs are compared; choose a key that tells records apart"
        )
        warn(told, HotBlockWarning)
    else:
        tell_empty(report, n)


def tell_empty(report: BlockReport, n: int) -> None:
    """Warn where no two of `n` records are paired.

    Warns:
        EmptyBlockingWarning: with the numbers.
    """
    if report.pairs or n <= 1:
        return
    if report.keyed == 0:
        told = f"{report.part} finds no pair: what it reads is missing in all {n:,} records"
    elif report.blocks == 0:
        told = f"{report.part} finds no pair: {report.keyed:,} of {n:,} records have a key, and no two share one"
    else:
        told = f"{report.part} finds no pair: every block, {report.blocks:,} in all, is hot and was left out"
    warn(told, EmptyBlockingWarning)


def refuse(part: str, sizes: Ints, policy: HotPolicy) -> None:
    """Raise where the policy is to refuse hot blocks and there is one.

    Raises:
        HotBlockError: with the numbers.
    """
    largest = int(sizes.max(initial=0))
    if policy.hot == "raise" and largest > policy.max_block:
        raise HotBlockError(part, largest, largest * (largest - 1) // 2, policy.max_block)
