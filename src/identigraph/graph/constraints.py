"""Constraints: what may not be united, each as a rule on sets of values.

Every constraint is told on sets that only grow when sides are united, and what is forbidden stays forbidden.
"""

from __future__ import annotations

from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.encoding import run_starts
from identigraph.graph.roots import Values
from identigraph.graph.sightings import NEVER

Ints = npt.NDArray[np.int64]


class Rule(Protocol):
    """What may not be united."""

    @property
    def closes(self) -> bool:
        """Whether a refused link closes both sides."""
        ...

    def allows(self, one: Values, other: Values) -> bool:
        """Return whether two sides with these values may be united."""
        ...

    def witness(self, one: Values, other: Values) -> tuple[int, int]:
        """Return a value of each side that do not go together, where the union is not allowed."""
        ...

    def suspects(self, parts: Ints, codes: Ints) -> Ints:
        """Return the parts that may break the rule, where part ``parts[i]`` carries value ``codes[i]``."""
        ...


@attrs.frozen(eq=False)
class AtMost:
    """At most so many different values; with a window, of those first seen within any span so long.

    Args:
        limit: the most values.
        window: a span, in the unit of `first_seen`.
        first_seen: the time of each value; values without one count in every window.
        closes: whether a refused link closes both sides, so that a higher limit never splits.
    """

    limit: int
    window: float | None = None
    first_seen: Ints = attrs.field(factory=lambda: np.zeros(0, dtype=np.int64))
    closes: bool = True

    def allows(self, one: Values, other: Values) -> bool:
        """Return whether the union keeps the limit."""
        if len(one) + len(other) <= self.limit:
            return True
        both = one | other
        return len(both) <= self.limit or self._spread(both)

    def witness(self, one: Values, other: Values) -> tuple[int, int]:
        """Return the lowest value that either side alone has; of a side without such, the lowest of all."""
        return min(one - other, default=min(one)), min(other - one, default=min(other))

    def suspects(self, parts: Ints, codes: Ints) -> Ints:
        """Return the parts with more different values than the limit, in whatever time."""
        pairs = np.sort((parts << 32) | codes)
        counted = pairs[run_starts(pairs)] >> 32
        starts = run_starts(counted)
        over: Ints = counted[starts[np.diff(np.append(starts, len(counted))) > self.limit]]
        return over

    def _spread(self, values: Values) -> bool:
        """Return whether no window has more values than the limit."""
        if self.window is None:
            return False
        times = sorted(self.first_seen[list(values)].tolist())
        known = [time for time in times if time != NEVER]
        fit = self.limit - (len(times) - len(known))
        if fit < 0:
            return False
        return all(later - time > self.window for time, later in zip(known, known[fit:], strict=False))


@attrs.frozen
class OneEach:
    """No value twice: of each source at most one record. Values are those of records, each with one."""

    closes = False

    def allows(self, one: Values, other: Values) -> bool:
        """Return whether the two sides have no value in common."""
        return one.isdisjoint(other)

    def witness(self, one: Values, other: Values) -> tuple[int, int]:
        """Return the lowest value that both sides have, twice."""
        return min(one & other), min(one & other)

    def suspects(self, parts: Ints, codes: Ints) -> Ints:
        """Return the parts that carry a value twice."""
        pairs = np.sort((parts << 32) | codes)
        twice: Ints = np.unique(pairs[1:][pairs[1:] == pairs[:-1]] >> 32)
        return twice


@attrs.frozen
class Unpaired:
    """No value together with its counterpart: 2 i and 2 i + 1 are the two ends of cannot-link i."""

    closes = False

    def allows(self, one: Values, other: Values) -> bool:
        """Return whether no value meets its counterpart."""
        few, many = sorted((one, other), key=len)
        return not any(value ^ 1 in many for value in few)

    def witness(self, one: Values, other: Values) -> tuple[int, int]:
        """Return the lowest value of the one side that meets its counterpart, and that one."""
        found = min(value for value in one if value ^ 1 in other)
        return found, found ^ 1

    def suspects(self, parts: Ints, codes: Ints) -> Ints:
        """Return the parts that carry both ends of a cannot-link."""
        pairs = np.sort((parts << 32) | (codes >> 1))
        both: Ints = np.unique(pairs[1:][pairs[1:] == pairs[:-1]] >> 32)
        return both
