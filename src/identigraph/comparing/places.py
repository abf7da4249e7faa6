"""Distance between places on the globe."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities
from identigraph.comparing.cutoffs import ascending
from identigraph.errors import ConfigurationError, RangeError
from identigraph.pairs import Mask, Rows
from identigraph.records import Records
from identigraph.records.quantities import EARTH, Floats, numbers, shown

ROUNDING = 1e-9
"""A place this little beyond a distance is within it; as a share of the distance."""


def haversine(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, other_latitude: npt.ArrayLike, other_longitude: npt.ArrayLike
) -> Floats:
    """Return the kilometers between places, as the crow flies, on a sphere of the earth's mean radius.

    ``2 R asin(sqrt(sin(dlat / 2)**2 + cos(lat) cos(lat') sin(dlon / 2)**2))``; up to 0.6 % from the distance on the
    ellipsoid.

    Args:
        latitude: degrees north, -90 to 90.
        longitude: degrees east, -180 to 180.
        other_latitude: degrees north of the other place.
        other_longitude: degrees east of the other place.

    Returns:
        kilometers, 0 to 20,015; NaN where an angle is NaN.

    Examples:
        A degree of longitude at the equator, and from pole to pole.

        >>> round(float(haversine(0, 0, 0, 1)), 2), round(float(haversine(90, 0, -90, 0)))
        (111.2, 20015)

    References:
        R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68 (1984).
    """
    north, east, other_north, other_east = (
        np.radians(np.asarray(angle, dtype=np.float64))
        for angle in (latitude, longitude, other_latitude, other_longitude)
    )
    half = np.sin((north - other_north) / 2) ** 2
    half = half + np.cos(north) * np.cos(other_north) * np.sin((east - other_east) / 2) ** 2
    kilometers: Floats = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return kilometers


def _check_kilometers(
    instance: object, attribute: attrs.Attribute[tuple[float, ...]], value: tuple[float, ...]
) -> None:
    del instance
    if not value:
        raise ConfigurationError("a comparator of places needs at least one distance in kilometers")
    for kilometers in value:
        if not 0 < kilometers < np.inf:
            raise RangeError(attribute.name, kilometers, 0, float("inf"))


@attrs.frozen
class NearPlace:
    """Two places at most so many kilometers apart, one grade per distance.

    Args:
        latitude: the column of degrees north, -90 to 90.
        longitude: the column of degrees east, -180 to 180.
        kilometers: distances above 0; the nearest is the highest grade.
    """

    latitude: str
    longitude: str
    kilometers: tuple[float, ...] = attrs.field(converter=ascending, validator=_check_kilometers)

    __repr__ = call_repr

    @property
    def columns(self) -> tuple[str, ...]:
        """Both columns."""
        return (self.latitude, self.longitude)

    @property
    def labels(self) -> tuple[str, ...]:
        """One per distance, the farthest first."""
        return tuple(f"within {shown(kilometers)} km" for kilometers in reversed(self.kilometers))

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell where both records have a place."""
        known = np.isnan(self._places(records)).sum(axis=1) == 0
        both: Mask = known[left] & known[right]
        return both

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many of the distances each pair keeps within; 0 where a place is missing."""
        kilometers = np.nan_to_num(self._kilometers(records, left, right), nan=np.inf)
        beyond = np.searchsorted(np.array(self.kilometers) * (1 + ROUNDING), kilometers)
        return (len(self.kilometers) - beyond).astype(np.int8)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return ``2**(-d / D)`` for places d apart, with D the farthest distance asked for: 0.5 there."""
        similarity: Similarities = np.exp2(-self._kilometers(records, left, right) / self.kilometers[-1])
        return similarity

    def _kilometers(self, records: Records, left: Rows, right: Rows) -> Floats:
        places = self._places(records)
        return haversine(*places[left].T, *places[right].T)

    def _places(self, records: Records) -> Floats:
        """Return latitude and longitude of each record, shape (records, 2), NaN where there is none."""
        return records.remember(("coordinates", self.latitude, self.longitude), lambda: self._read(records))

    def _read(self, records: Records) -> Floats:
        sides = []
        for column, most in ((self.latitude, 90), (self.longitude, 180)):
            encoded, read = numbers(records, column, -most, most, repr(self))
            sides.append(np.append(read, np.nan)[encoded.codes])
        return np.column_stack(sides)
