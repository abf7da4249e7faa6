"""Scored pairs by record, which grow: what a record is linked with, and what hangs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.encoding import runs
from identigraph.graph import ScoredPairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen
class Link:
    """A scored pair, from one of its records.

    Args:
        slot: the other record.
        pattern: how the two agree.
        weight: the match weight, in the precision of arrays.
        probability: of a match, in the precision of arrays.
    """

    slot: int
    pattern: int
    weight: float
    probability: float


@attrs.define(eq=False, repr=False)
class Links:
    """The scored pairs that blocking proposed, by record. Made by `Links.of`.

    Those of the records that were there at first are arrays; what comes is kept in lists.

    Args:
        starts: shape (slots + 1,): where the pairs of each record begin.
        slots, patterns, weights, probabilities: shape (2 * pairs,): the other record, and what a link says.
        fresh: the links that came, by slot.

    Examples:
        >>> left, right, weight = np.array([0, 1]), np.array([1, 2]), np.array([1.5, 0.0])
        >>> links = Links.of(3, ScoredPairs(left, right, weight, np.array([0.75, 0.5])), np.array([7, 8]))
        >>> sorted(link.slot for link in links.of_slot(1))
        [0, 2]
        >>> links.add(3, [Link(0, 9, 1.0, 0.75)])
        >>> [column.tolist() for column in links.columns_among(np.array([0, 1, 3]))[:3]]
        [[0, 0], [1, 3], [7, 9]]
        >>> sorted(link.slot for link in links.of_slot(0)), links.component([3], 0.75)
        ([1, 3], {0, 1, 3})
    """

    starts: Ints
    slots: Ints
    patterns: Ints
    weights: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]
    fresh: dict[int, list[Link]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, records: int, scored: ScoredPairs, patterns: Ints) -> Links:
        """Return the links of some scored pairs of records.

        Args:
            records: how many there are.
            scored: the pairs, by slot.
            patterns: shape (pairs,): how each agrees.
        """
        ends = np.concatenate([scored.left, scored.right])
        order = np.argsort(ends, kind="stable")
        starts = np.searchsorted(ends[order], np.arange(records + 1))
        others = np.concatenate([scored.right, scored.left])[order].astype(np.int64)
        place = order % max(len(scored), 1)
        weights, chances = (np.asarray(a, dtype=np.float64) for a in (scored.match_weight, scored.match_probability))
        return cls(starts, others, np.asarray(patterns)[place], weights[place], chances[place])

    def of_slot(self, slot: int) -> Iterator[Link]:
        """Yield the links of a record."""
        if slot < len(self.starts) - 1:
            low, high = self.starts[slot : slot + 2].tolist()
            if low < high:
                columns = (self.slots, self.patterns, self.weights, self.probabilities)
                yield from map(Link, *(column[low:high].tolist() for column in columns))
        yield from self.fresh.get(slot, ())

    def add(self, slot: int, links: Iterable[Link]) -> None:
        """Add the links of a record that comes."""
        for link in links:
            self.fresh.setdefault(slot, []).append(link)
            back = Link(slot, link.pattern, link.weight, link.probability)
            self.fresh.setdefault(link.slot, []).append(back)

    def component(self, start: Iterable[int], least: float) -> set[int]:
        """Return the records that chains of pairs at or above a probability lead to."""
        waiting = list(start)
        found = set(waiting)
        while waiting:
            for link in self.of_slot(waiting.pop()):
                if link.probability >= least and link.slot not in found:
                    found.add(link.slot)
                    waiting.append(link.slot)
        return found

    def among(self, slots: set[int]) -> Iterator[tuple[int, Link]]:
        """Yield each link between some records once, from its lower end."""
        pairs = ((slot, link) for slot in sorted(slots) for link in self.of_slot(slot))
        return ((slot, link) for slot, link in pairs if slot < link.slot and link.slot in slots)

    def columns_among(self, slots: Ints) -> tuple[Ints, Ints, Ints, Floats, Floats]:
        """Return the same of many records as columns: both slots, the lower first, pattern, weight and probability.

        Args:
            slots: rising.
        """
        first = slots[slots < len(self.starts) - 1]
        each, at = runs(self.starts[first], np.diff(self.starts)[first])
        came = [(slot, link) for slot in slots.tolist() for link in self.fresh.get(slot, ()) if slot < link.slot]
        low = np.append(first[each], [slot for slot, _ in came]).astype(np.int64)
        high = np.append(self.slots[at], [link.slot for _, link in came]).astype(np.int64)
        pattern = np.append(self.patterns[at], [link.pattern for _, link in came]).astype(np.int64)
        weight = np.append(self.weights[at], [link.weight for _, link in came])
        probability = np.append(self.probabilities[at], [link.probability for _, link in came])
        once = (low < high) & np.isin(high, slots)
        return low[once], high[once], pattern[once], weight[once], probability[once]
