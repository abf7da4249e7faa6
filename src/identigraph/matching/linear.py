"""Linear weights that a person sets by hand: a table of comparator, weight and cap, and a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Layout, Packed, Pattern
from identigraph.errors import ConfigurationError, RangeError
from identigraph.matching.logistic import fit_logistic
from identigraph.matching.matcher import Evidence, Explanation, Floats, Labeled, LogOdds, as_labeled
from identigraph.matching.population import Population
from identigraph.odds import CERTAIN, probability_of
from identigraph.plain import Plain

EQUAL = "equal"
SMALLEST_SCALE = 0.05
"""Bits per point at the least, whatever labels say: more points never make a match less likely."""


def _as_pairs(given: Mapping[str, float] | Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(dict(given).items())


@attrs.frozen
class Points:
    """One row of the table.

    Args:
        comparator: whose levels count.
        agree: points of equality, whatever its band, or else of the highest level; lower levels get their share:
            level / lowest level of equality.
        differ: points of level 0, mostly negative.
        levels: points of single levels by label, instead of their share.
        group: points of all rows of one group are added up and kept within the cap of the group.

    Examples:
        >>> Points("surname", 4, differ=-3, levels={"similar, 0.8": 1})
        Points('surname', 4, differ=-3, levels=(('similar, 0.8', 1),))
    """

    comparator: str
    agree: float
    differ: float = attrs.field(default=0.0, kw_only=True)
    levels: tuple[tuple[str, float], ...] = attrs.field(default=(), kw_only=True, converter=_as_pairs)
    group: str = attrs.field(default="", kw_only=True)

    __repr__ = call_repr

    def by_level(self, layout: Layout) -> Floats:
        """Return the points of missing, which are none, and of each level.

        Raises:
            ColumnNotFoundError: there is no such comparator or level.
        """
        labels = layout.labels[layout.place(self.comparator)]
        equal = [level for level, label in enumerate(labels) if label.split(",")[0] == EQUAL]
        full = max(min(equal, default=len(labels) - 1), 1)
        points = np.append([0.0, self.differ], self.agree * np.minimum(np.arange(1, len(labels)) / full, 1))
        for label, given in self.levels:
            points[layout.level(self.comparator, label) + 1] = given
        return points


def _as_table(table: Mapping[str, float] | Iterable[Points | Mapping[str, Any]]) -> tuple[Points, ...]:
    if isinstance(table, Mapping):
        rows = [Points(name, weight) for name, weight in table.items()]
    else:
        rows = [row if isinstance(row, Points) else Points(**row) for row in table]
    names = [row.comparator for row in rows]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated or not rows:
        told = f"{repeated[0]!r} stands there more than once" if repeated else "it has no row"
        raise ConfigurationError(f"a table of points has one row per comparator; {told}")
    return tuple(rows)


@attrs.frozen
class Linear(LogOdds, Plain):
    """A matcher that adds up points, and takes those above a threshold for matches.

    ``match weight = scale * (sum over groups of min(max(points, -cap), cap) - threshold)``, in bits, so that at the
    threshold the match probability is one half. Missing values have no points.

    Args:
        table: rows of points, also as mappings (``{"comparator": "email", "agree": 6}``); or a mapping from comparator
            to the points of its highest level.
        threshold: points of a match as likely as not.
        scale: bits per point, above 0.
        caps: by group, the most points for or against a match.

    Examples:
        >>> named = [Points("surname", 3, differ=-4, group="name"), Points("given", 3, group="name")]
        >>> matcher = Linear([Points("email", 6), *named], threshold=5, caps={"name": 4})
        >>> layout = Layout(("email", "surname", "given"), (("differs", "equal"),) * 3)
        >>> matcher.points(layout, layout.pack([[1, 0, -1], [1, 1, 1], [0, 1, 1]])).tolist()
        [2.0, 10.0, 4.0]
    """

    table: tuple[Points, ...] = attrs.field(converter=_as_table)
    threshold: float
    scale: float = 1.0
    caps: tuple[tuple[str, float], ...] = attrs.field(default=(), converter=_as_pairs)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if not self.scale > 0:
            raise RangeError("scale", self.scale, 0, float("inf"))
        groups = {row.group for row in self.table} - {""}
        for group, cap in self.caps:
            if group not in groups:
                raise ConfigurationError(f"there is a cap for group {group!r}, but no row of points is in it")
            if not cap >= 0:
                raise RangeError(f"cap of group {group!r}", cap, 0, float("inf"))

    @property
    def is_fitted(self) -> bool:
        """It needs no fitting."""
        return True

    @property
    def layout(self) -> Layout | None:
        """None: it reads any patterns that have its comparators."""
        return None

    def fit(
        self,
        compared: Comparisons,
        *,
        labels: Labeled | npt.ArrayLike | None = None,
        population: Population | None = None,
    ) -> Linear:
        """Return the matcher; with labels, threshold and scale are those that make the labels likeliest.

        The points stay as they were set. Logistic regression of the labels on the points gives both numbers, so that
        the match probability is calibrated.

        Raises:
            ColumnNotFoundError: a row names a comparator or a level that there is not.
            ConfigurationError: all labels are the same.
        """
        del population
        known = as_labeled(compared, labels)
        for row in self.table:
            row.by_level(compared.layout)
        if known is None:
            return self
        known = known.where(known.calibrating)
        points = self.points(known.compared.layout, known.compared.packed)
        slopes, intercept = fit_logistic(points[:, None], known.match)
        scale = max(float(slopes[0] / np.log(2)), SMALLEST_SCALE)
        return attrs.evolve(self, scale=scale, threshold=float(-intercept / np.log(2) / scale))

    def points(self, layout: Layout, packed: Packed) -> Floats:
        """Return the points of each pattern, each group within its cap."""
        total = np.zeros(len(packed))
        caps = dict(self.caps)
        for group in dict.fromkeys(row.group for row in self.table):
            cap = caps.get(group, np.inf)
            rows = [_points_of(row, layout, packed) for row in self.table if row.group == group]
            total += np.clip(np.sum(rows, axis=0), -cap, cap)
        return total

    def score(self, compared: Comparisons) -> Floats:
        """Return the match weight of each pair, in bits."""
        points = self.points(compared.layout, compared.packed)
        bits: Floats = np.clip(self.scale * (points - self.threshold), -CERTAIN, CERTAIN)
        return bits

    def explain(self, pattern: Pattern) -> Explanation:
        """Return the points of each comparator for one pattern, in bits."""
        packed = np.array([pattern.packed], dtype=np.int64)
        labels = pattern.labels
        evidence = tuple(
            Evidence(
                row.comparator, labels[row.comparator], float(_points_of(row, pattern.layout, packed)[0]) * self.scale
            )
            for row in self.table
        )
        points = float(self.points(pattern.layout, packed)[0])
        weight = np.clip(np.array([self.scale * (points - self.threshold)]), -CERTAIN, CERTAIN)
        reason = f"{points:g} points, {self.threshold:g} make a match as likely as not"
        return Explanation(float(weight[0]), float(probability_of(weight)[0]), evidence, reason)


def _points_of(row: Points, layout: Layout, packed: Packed) -> Floats:
    place = layout.place(row.comparator)
    width, shift = layout.widths[place], layout.shifts[place]
    points: Floats = row.by_level(layout)[(packed >> shift) & ((1 << width) - 1)]
    return points
