"""Blocking by place: records whose coordinates lie within a distance.

Points on the globe are put into cubes twice as wide as the distance, in eight grids that are shifted against each other
by half a cube along each axis. Two points within the distance lie in one cube of at least one of the grids, also across
the date line and at the poles.
"""

from __future__ import annotations

import sys
from itertools import product

import attrs
import numpy as np
import polars as pl

from identigraph.blocking.blocks import BlockCandidates, Blocks
from identigraph.blocking.candidates import FilteredCandidates
from identigraph.blocking.checks import check_share
from identigraph.blocking.hot import Hot, HotPolicy, tell
from identigraph.blocking.strategy import Algebra
from identigraph.encoding import MISSING, Codes, Encoded, combine, first_rows
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.records.quantities import EARTH, Floats, numbers, shown

CELL = HotPolicy()
FINEST = 1e-9
"""The least width of half a cube in radii of the earth, some 6 mm: cubes are counted with 32 bits."""


@attrs.frozen(repr=False)
class PlaceBlocking(Algebra):
    """Pairs of records within a distance. Made by `within_distance`."""

    latitude: str
    longitude: str
    kilometers: float
    policy: HotPolicy = CELL

    @property
    def takes_whole_blocks(self) -> bool:
        """Pairs of a cube are tested for their distance."""
        return False

    def blocks(self, records: Records) -> Blocks:
        """Return a block for each cube: records within the distance share one."""
        carried, points = self._points(records)
        width = 2 * max(self._chord(), FINEST)
        present = np.arange(len(points))
        block, offset = [], 0
        for shift in product((0.0, 0.5), repeat=3):
            cells = np.floor(points / width + shift).astype(np.int64)
            codes, size = combine(list((cells - cells.min(axis=0, initial=0)).T.astype(np.int32)))
            block.append(codes.astype(np.int64) + offset)
            offset += size
        first = np.zeros(offset, dtype=np.int64)
        for cubes in block:
            first[cubes[::-1]] = present[::-1]
        degrees = np.degrees([np.arcsin(points[:, 2]), np.arctan2(points[:, 1], points[:, 0])]).round(4)
        names = pl.Series([f"{lat:g}, {lon:g}" for lat, lon in degrees.T], dtype=pl.String)
        return Blocks.of(np.concatenate(block), np.tile(present, 8), carried, names.gather(first))

    def candidates(self, records: Records) -> FilteredCandidates:
        """Return the pairs within the distance.

        Raises:
            ColumnNotFoundError: a column does not exist.
            HotBlockError: a cell is hot and ``hot="raise"``.

        Warns:
            ColumnWarning: values that are no coordinates; their records have no place.
            HotBlockWarning: pairs of hot cells are left out.
            EmptyBlockingWarning: no two records share a cell.
        """
        inner = BlockCandidates.of(repr(self), self.blocks(records), self.policy, records)
        tell(inner.reports[0], self.policy, len(records))
        carried, points = self._points(records)
        chord = self._chord()

        def near(pairs: Pairs) -> Mask:
            apart = points[carried[pairs.left]] - points[carried[pairs.right]]
            found: Mask = np.einsum("ij,ij->i", apart, apart) <= chord**2 * (1 + 1e-9)
            return found

        return FilteredCandidates(inner, near)

    def _chord(self) -> float:
        """Return the straight line through the earth between points at the distance, in radii."""
        return float(2 * np.sin(min(self.kilometers / EARTH, np.pi) / 2))

    def _points(self, records: Records) -> tuple[Codes, Floats]:
        """Return the place of each record and, for each place, the point on the unit sphere."""
        return records.remember(("place", self.latitude, self.longitude), lambda: self._read(records))

    def _read(self, records: Records) -> tuple[Codes, Floats]:
        north, latitude = numbers(records, self.latitude, -90, 90, repr(self))
        east, longitude = numbers(records, self.longitude, -180, 180, repr(self))
        carried, size = combine([_known(north, latitude), _known(east, longitude)])
        first = first_rows(carried, size)
        up, along = np.radians(latitude[north.codes[first]]), np.radians(longitude[east.codes[first]])
        return carried, np.column_stack([np.cos(up) * np.cos(along), np.cos(up) * np.sin(along), np.sin(up)])

    def __repr__(self) -> str:
        """Return the call that makes it."""
        arguments = [repr(self.latitude), repr(self.longitude), f"kilometers={shown(self.kilometers)}"]
        return f"within_distance({', '.join([*arguments, *self.policy.options(CELL)])})"


def within_distance(
    latitude: str,
    longitude: str,
    *,
    kilometers: float,
    max_block: int = CELL.max_block,
    hot: Hot = "cap",
    split_by: tuple[Feature, ...] = (),
) -> PlaceBlocking:
    """Return the strategy that pairs records whose places lie at most so many kilometers apart, as the crow flies.

    The distance is that on a sphere of the earth's mean radius (haversine), up to 0.6 % from that on the ellipsoid.

    Args:
        latitude: the column of degrees north, -90 to 90.
        longitude: the column of degrees east, -180 to 180.
        kilometers: the distance, above 0.
        max_block: the most records of a cell, which is twice as wide as the distance; at least 2.
        hot: what becomes of a cell that holds more; see `block_on`.
        split_by: see `block_on`.

    Raises:
        ConfigurationError: a column is no name, or a policy that makes no sense.
        RangeError: a number is not in its range.

    Examples:
        >>> shops = Records.of({"lat": [52.5200, 52.5201, 48.1351], "lon": [13.4050, 13.4049, 11.5820]})
        >>> sum(len(pairs) for pairs in within_distance("lat", "lon", kilometers=0.1).candidates(shops))
        1
    """
    for name in (latitude, longitude):
        if not isinstance(name, str):
            raise ConfigurationError(f"within_distance takes the names of two columns, got {type(name).__name__}")
    check_share("kilometers", kilometers, high=sys.float_info.max)
    return PlaceBlocking(latitude, longitude, kilometers, HotPolicy(max_block, hot, split_by).check("within_distance"))


def _known(column: Encoded, read: Floats) -> Codes:
    """Return the codes of a column, -1 also where its value could not be read."""
    return np.where(np.append(np.isnan(read), True)[column.codes], MISSING, column.codes).astype(np.int32)
