"""Distance between places: the formula, and which records have a place."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import Measured, NearPlace, distance, haversine
from identigraph.errors import ColumnNotFoundError, ColumnWarning, ConfigurationError, RangeError

RADIUS = 6371.0088
HALF_WAY = math.pi * RADIUS
DEGREE = HALF_WAY / 180
NORTH, EAST = st.floats(-90, 90), st.floats(-180, 180)


@given(NORTH, EAST, NORTH, EAST)
def test_kilometers_are_the_angle_between_vectors(north: float, east: float, to_north: float, to_east: float) -> None:
    a, b = (
        np.array([math.cos(n) * math.cos(e), math.cos(n) * math.sin(e), math.sin(n)])
        for n, e in (map(math.radians, (north, east)), map(math.radians, (to_north, to_east)))
    )
    angle = math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
    found = float(haversine(north, east, to_north, to_east))
    assert found == pytest.approx(RADIUS * angle, abs=0.2 if angle > 3.14 else 1e-4)
    assert found == float(haversine(to_north, to_east, north, east))


@pytest.mark.parametrize(
    ("one", "other", "kilometers"),
    [
        ((0, 0), (0, 1), DEGREE),
        ((0, 0), (1, 0), DEGREE),
        ((60, 10), (60, 10), 0),
        ((90, 0), (-90, 0), HALF_WAY),
        ((0, 0), (0, 180), HALF_WAY),
        ((90, 0), (90, 137), 0),
        ((0, 179.5), (0, -179.5), DEGREE),
        ((10, 180), (10, -180), 0),
        ((89, 0), (89, 180), 2 * DEGREE),
        ((math.nan, 0), (0, 0), math.nan),
    ],
)
def test_poles_and_the_date_line_are_like_other_places(one: Any, other: Any, kilometers: float) -> None:
    assert float(haversine(*one, *other)) == pytest.approx(kilometers, abs=1e-6, nan_ok=True)


def test_arrays_are_compared_place_by_place() -> None:
    assert haversine([0, 0], [0, 0], [0, 1], [1, 0]).tolist() == pytest.approx([DEGREE, DEGREE])


def test_opposite_places_are_half_way_round_whatever_rounding_does() -> None:
    random = np.random.default_rng(0)
    north, east = random.uniform(-90, 90, 2_000), random.uniform(-180, 0, 2_000)
    assert haversine(north, east, -north, east + 180) == pytest.approx(np.full(2_000, HALF_WAY))


def compared(comparator: Measured, places: list[Any]) -> tuple[list[int], list[float]]:
    """Return levels and similarities of the first place with each other one."""
    records = Records.of({"lat": [place[0] for place in places], "lon": [place[1] for place in places]})
    row = np.argsort(records.position)
    pairs = Pairs.of(np.repeat(row[:1], len(places) - 1), row[1:])
    return comparator.levels(records, pairs).tolist(), comparator.similarities(records, pairs).tolist()


@pytest.mark.parametrize("degrees", [1, 7, 14, 79, 179])
def test_places_at_a_limit_are_within_it(degrees: int) -> None:
    """So many degrees of longitude at the equator, asked for as what they are: rounding decides nothing."""
    levels, _ = compared(distance("lat", "lon", degrees * DEGREE), [(0, 0), (0, degrees), (0, degrees + 1e-6)])
    assert levels == [1, 0]


def test_similarity_halves_with_each_farthest_distance() -> None:
    comparator = distance("lat", "lon", DEGREE / 4, DEGREE)
    assert comparator.labels == ("differs", f"within {DEGREE!r} km", f"within {DEGREE / 4!r} km")
    levels, similarity = compared(comparator, [(0, 0), (0, 0), (0, 0.2), (0, 1), (0, 2), (None, 0)])
    assert levels == [2, 2, 1, 0, -1]
    assert similarity == pytest.approx([1, 2**-0.2, 0.5, 0.25, math.nan], nan_ok=True)


def test_half_places_are_missing_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        levels, similarity = compared(distance("lat", "lon"), [(0, 0), (None, 0), (0, None), (None, None), (0, 0)])
    assert levels == [-1, -1, -1, 3]
    half = Records.of({"lat": [0, None], "lon": [0, 0]})
    assert NearPlace("lat", "lon", (1,)).grades(half, np.array([0]), np.array([1])).tolist() == [0]
    assert np.isnan(similarity).tolist() == [True, True, True, False]


def test_degrees_out_of_range_and_words_are_missing_and_told_once() -> None:
    comparator = distance("lat", "lon")
    with pytest.warns(ColumnWarning) as told:
        levels, _ = compared(comparator, [(0, 0), (91, 0), (0, 181), ("north", 0), (-90, 180), (90, -180.5)])
    assert levels == [-1, -1, -1, 0, -1]
    assert [str(warning.message) for warning in told] == [
        f"{comparator.measure!r}: 2 of 6 values of 'lat' are no number from -90 to 90; their records have no pair",
        f"{comparator.measure!r}: 2 of 6 values of 'lon' are no number from -180 to 180; their records have no pair",
    ]


def test_distances_are_above_0_and_at_least_one() -> None:
    for wrong in (0, -1, math.inf, math.nan):
        with pytest.raises(RangeError, match="kilometers must lie between"):
            distance("lat", "lon", 1, wrong)
    with pytest.raises(ConfigurationError, match="needs at least one distance in kilometers"):
        NearPlace("lat", "lon", ())


def test_a_misspelt_column_is_named() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column 'long'; did you mean 'lon'"):
        compared(distance("lat", "long"), [(0, 0), (1, 1)])


def test_it_reads_both_columns_and_knows_no_frequencies() -> None:
    comparator = distance("lat", "lon")
    assert comparator.columns == ("lat", "lon")
    assert comparator.plain() is comparator
    assert comparator.labels == ("differs", "within 10 km", "within 1 km", "within 0.1 km")
    assert repr(comparator) == "Measured('lat, lon', NearPlace('lat', 'lon', (0.1, 1, 10)))"
    assert hash(comparator) == hash(distance("lat", "lon", 10, 1, 0.1))
