"""Sorted neighborhood: records are put in order, and those that stand close together are pairs.

Order brings together what begins alike, so errors late in a value cost nothing. The window counts records (fixed),
grows as long as neighbors are alike (adaptive), or is a span of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from identigraph.blocking.blocks import Blocks, BlockStrategy
from identigraph.blocking.candidates import BlockReport, Candidates, Ints, expand
from identigraph.blocking.checks import NO_END, check_features, check_share, check_whole
from identigraph.blocking.hot import Hot, HotPolicy, tell_empty
from identigraph.blocking.strategy import Algebra
from identigraph.encoding import Codes, combine
from identigraph.errors import ConfigurationError, HotBlockWarning, RangeError
from identigraph.fields.derived import Feature
from identigraph.notes import warn
from identigraph.pairs import Mask, Pairs, Rows
from identigraph.records import Records
from identigraph.records.quantities import Floats, shown, times

RUN = HotPolicy(100)


@attrs.frozen(eq=False, repr=False)
class WindowCandidates:
    """The pairs of records that stand close together in an order.

    Args:
        n: the number of records.
        order: the rows that have a place, in order.
        reach: with how many rows behind it each of them is paired.
        report: what became of them.
    """

    n: int
    order: Rows
    reach: Ints
    report: BlockReport

    @property
    def cost(self) -> int:
        """The pairs it makes, exactly."""
        return self.report.pairs

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """The one report."""
        return (self.report,)

    @cached_property
    def _rank(self) -> Ints:
        """Place of each row in the order; -1 where it has none."""
        rank = np.full(self.n, -1, dtype=np.int64)
        rank[self.order] = np.arange(len(self.order))
        return rank

    def __iter__(self) -> Iterator[Pairs]:
        """Yield the pairs along the order."""
        for row, position in expand(self.order, np.arange(1, len(self.order) + 1), self.reach):
            other = self.order[position]
            yield Pairs(np.minimum(row, other), np.maximum(row, other))

    def holds(self, pairs: Pairs) -> Mask:
        """Tell whether each pair stands close together."""
        left, right = self._rank[pairs.left], self._rank[pairs.right]
        first = np.minimum(left, right)
        held: Mask = (first >= 0) & (np.abs(left - right) <= np.append(self.reach, 0)[first])
        return held


@attrs.frozen(repr=False)
class SortedNeighborhood(Algebra):
    """Pairs of records within a window over the sorted key. Made by `sorted_neighborhood`."""

    features: tuple[Feature, ...]
    window: int

    def candidates(self, records: Records) -> WindowCandidates:
        """Return the pairs within the window.

        Raises:
            ColumnNotFoundError: a feature does not exist.

        Warns:
            EmptyBlockingWarning: fewer than two records have a key.
        """
        key, _ = combine([records.column(feature).codes for feature in self.features])
        order = _ordered(key)
        reach = np.minimum(self.window - 1, np.arange(len(order))[::-1])
        report = self._report(np.bincount(key[order]) if len(order) else np.zeros(0, dtype=np.int64), int(reach.sum()))
        tell_empty(report, len(records))
        return WindowCandidates(len(records), order, reach, report)

    def _report(self, sizes: Ints, pairs: int) -> BlockReport:
        hot = sizes[sizes > self.window]
        beyond = hot - self.window
        lost = int((beyond * (beyond + 1) // 2).sum())
        largest, shared = int(sizes.max(initial=0)), int(np.count_nonzero(sizes > 1))
        return BlockReport(repr(self), pairs, int(sizes.sum()), shared, largest, len(hot), int(hot.sum()), lost)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return f"sorted_neighborhood({', '.join([*map(repr, self.features), f'window={self.window}'])})"


def sorted_neighborhood(*features: Feature, window: int = 10) -> SortedNeighborhood:
    """Return the strategy that sorts records by a key and pairs those within a window that slides over them.

    With n records that have a key it makes about ``(window - 1) n`` pairs, whatever the values are, so no block can be
    hot. Where it is weak: an error at the start of the key moves a record far away, so give several strategies with
    other keys, joined by ``|``; and of more than `window` records with one key some pairs are lost, which the report
    counts as hot.

    Args:
        features: the sort key: the first decides, then the next; a record with any of them missing has no place.
        window: how many records the window holds; at least 2. Each is paired with the ``window - 1`` behind it.

    Raises:
        ConfigurationError: no feature, or something else than a feature.
        RangeError: `window` is below 2.

    Examples:
        >>> records = Records.of({"surname": ["smith", "jones", "smyth", "johnson"]})
        >>> sum(len(pairs) for pairs in sorted_neighborhood("surname", window=2).candidates(records))
        3

    References:
        Hernández, Stolfo (1995): The merge/purge problem for large databases. SIGMOD.
    """
    check_features("sorted_neighborhood", features)
    check_whole("window", window, 2)
    return SortedNeighborhood(features, window)


@attrs.frozen(repr=False)
class AdaptiveNeighborhood(BlockStrategy):
    """Pairs of records in one run of alike values. Made by `adaptive_neighborhood`."""

    feature: Feature
    similarity: float
    policy: HotPolicy = RUN

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each run of values, each of which is alike to the one before."""
        column = records.column(self.feature)
        values = column.values.to_list()
        alike = cpdist(values[:-1], values[1:], scorer=JaroWinkler.similarity, dtype=np.float64)
        run = np.cumsum(np.append(False, alike < self.similarity))[: len(values)]
        starts = np.flatnonzero(np.diff(run, prepend=-1))
        names = column.values.gather(starts)
        return Blocks.of(run, np.arange(len(values)), column.codes, names)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        arguments = [repr(self.feature), f"similarity={self.similarity}", *self.policy.options(RUN)]
        return f"adaptive_neighborhood({', '.join(arguments)})"


def adaptive_neighborhood(
    feature: Feature,
    *,
    similarity: float = 0.9,
    max_block: int = RUN.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> AdaptiveNeighborhood:
    """Return the strategy that sorts the values of a feature and lets the window grow while neighbors are alike.

    A block is a run of values each of which has a Jaro-Winkler similarity of at least `similarity` to the one before.
    Where it is weak: runs of frequent names grow into one another; hence the cap.

    Args:
        feature: what is sorted.
        similarity: from which neighbors are alike, above 0 to 1; with 1 it is `block_on`.
        max_block: the most records of a run; a longer one is hot; at least 2.
        hot: what becomes of a hot run; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: no feature, or a policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> records = Records.of({"surname": ["smith", "jones", "smyth", "jonas", "ray"]})
        >>> sum(len(pairs) for pairs in adaptive_neighborhood("surname", similarity=0.8).candidates(records))
        2

    References:
        Yan, Lee, Kan, Giles (2007): Adaptive sorted neighborhood methods for efficient record linkage. JCDL.
    """
    check_features("adaptive_neighborhood", (feature,))
    check_share("similarity", similarity)
    return AdaptiveNeighborhood(feature, similarity, HotPolicy(max_block, hot, split_by).check("adaptive_neighborhood"))


@attrs.frozen(repr=False)
class TimeWindow(Algebra):
    """Pairs of records that lie close in time. Made by `within_time`."""

    column: str
    span: float
    max_window: int

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs within the span.

        Raises:
            ColumnNotFoundError: there is no such column or field.

        Warns:
            ColumnWarning: values that are no date or time; their records have no place.
            HotBlockWarning: more records than `max_window` lie within the span, and only the next ones are paired.
            EmptyBlockingWarning: no two records lie within the span.
        """
        column, at = times(records, self.column, repr(self))
        return self._windows(np.append(at, np.nan)[column.codes], len(records))

    def _windows(self, at: Floats, n: int) -> WindowCandidates:
        rows = np.flatnonzero(~np.isnan(at))
        order = rows[np.argsort(at[rows], kind="stable")].astype(np.int32)
        at = at[order]
        reach = np.searchsorted(at, at + self.span + ROUNDING, side="right") - np.arange(1, len(at) + 1)
        kept = np.minimum(reach, self.max_window)
        over = reach > self.max_window
        largest = int(reach.max(initial=-1)) + 1
        lost = int((reach - kept).sum())
        blocks = int(np.count_nonzero(reach))
        hot = int(over.sum())
        report = BlockReport(repr(self), int(kept.sum()), len(order), blocks, largest, hot, hot, lost)
        if lost:
            told = (
                f"{self!r}: more than {self.max_window:,} records lie within the span behind {report.hot_blocks:,} "
                f"records, at the most {largest:,}; {lost:,} pairs are not compared; shorten the span, combine it with "
                "a key by &, or raise max_window"
            )
            warn(told, HotBlockWarning)
        tell_empty(report, n)
        return WindowCandidates(n, order, kept.astype(np.int64), report)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        most = [f"max_window={self.max_window}"] if self.max_window != MOST else []
        return f"within_time({', '.join([repr(self.column), f'seconds={shown(self.span)}', *most])})"


MOST = 1_000
"""Records behind one that it is paired with at the most, nearest in time first."""
ROUNDING = 5e-7
"""Seconds by which a span may be passed, half a microsecond: finer times are lost in rounding."""


def within_time(
    column: str,
    *,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    max_window: int = MOST,
) -> TimeWindow:
    """Return the strategy that pairs records which lie at most a span of time apart.

    Mostly one half of an intersection: ``block_on("ip") & within_time("seen_at", minutes=30)``.

    Args:
        column: a date field, or a column of ISO 8601 dates or times; an offset such as ``+02:00`` counts, without one
            all times are taken as of one zone.
        days: days of the span; the parts add up.
        hours: hours.
        minutes: minutes.
        seconds: seconds.
        max_window: with how many records behind it in time a record is paired at the most; at least 1.

    Raises:
        ConfigurationError: `column` is no name.
        RangeError: the span is not above 0, or `max_window` is below 1.

    Examples:
        >>> seen = ["2024-05-01 10:00", "2024-05-01 10:20", "2024-05-01 11:00", None]
        >>> half_hour = within_time("seen", minutes=30)
        >>> sum(len(pairs) for pairs in half_hour.candidates(Records.of({"seen": seen})))
        1
    """
    if not isinstance(column, str):
        raise ConfigurationError(f"within_time takes the name of a column, got {type(column).__name__}")
    span = days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds
    if not 0 < span < NO_END:
        raise RangeError("span of time in seconds", span, 0, NO_END)
    check_whole("max_window", max_window, 1)
    return TimeWindow(column, span, max_window)


def _ordered(key: Codes) -> Rows:
    """Return the rows that have a key, by key."""
    rows = np.flatnonzero(key >= 0)
    return rows[np.argsort(key[rows], kind="stable")].astype(np.int32)
