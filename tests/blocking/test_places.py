"""Records within a distance, against the haversine formula for every pair."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proposed_pairs import pairs_of

import identigraph as ig
from identigraph import Pairs, Records, blocking
from identigraph.blocking import within_distance
from identigraph.blocking.places import EARTH
from identigraph.errors import (
    ColumnNotFoundError,
    ColumnWarning,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)
from identigraph.fields import Number

quietly = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)
HALF_WAY_ROUND = EARTH * math.pi
Place = tuple[float | None, float | None]


def apart(one: Place, other: Place) -> float:
    """Return the kilometers between two places, by haversine."""
    (north, east), (to_north, to_east) = (map(math.radians, place) for place in (one, other))
    half = math.sin((north - to_north) / 2) ** 2
    half += math.cos(north) * math.cos(to_north) * math.sin((east - to_east) / 2) ** 2
    return 2 * EARTH * math.asin(min(math.sqrt(half), 1))


def records_of(places: list[Place]) -> Records:
    return Records.of({"lat": [lat for lat, _ in places], "lon": [lon for _, lon in places]})


AROUND = st.sampled_from([0.0, 90.0, -90.0, 45.0, 89.999, -89.999])
ALONG = st.sampled_from([0.0, 180.0, -180.0, 179.999, -179.999, 90.0])
NUDGE = st.sampled_from([0.0, 0.0001, -0.0001, 0.0005, 0.01, -0.01]) | st.floats(-0.02, 0.02)
PLACES = st.tuples(
    st.builds(lambda at, by: min(max(at + by, -90), 90), AROUND, NUDGE),
    st.builds(lambda at, by: min(max(at + by, -180), 180), ALONG, NUDGE),
) | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
KILOMETERS = st.sampled_from([1e-4, 0.02, 0.1, 1, 3, 50, 5_000, 15_000])


@quietly
@given(st.lists(PLACES, min_size=1, max_size=15), KILOMETERS)
def test_pairs_are_those_within_the_distance_also_at_the_date_line_and_the_poles(
    places: list[Place], kilometers: float
) -> None:
    records = records_of(places)
    rows = [places[place] for place in records.position]
    distance = {(i, j): apart(rows[i], rows[j]) for i, j in combinations(range(len(rows)), 2)}
    found = pairs_of(within_distance("lat", "lon", kilometers=kilometers).candidates(records), len(rows))
    unsure = 1e-8 * kilometers + 1e-11
    assert {pair for pair, km in distance.items() if km <= kilometers - unsure} <= found
    assert found <= {pair for pair, km in distance.items() if km <= kilometers + unsure}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((10.0, 180.0), (10.0, -180.0)),
        ((90.0, 12.0), (90.0, -99.0)),
        ((-90.0, 0.0), (-90.0, 180.0)),
        ((1.5, 2.5), (1.5, 2.5)),
    ],
)
@pytest.mark.parametrize("kilometers", [1e-300, 1e-12, 1e-9, 1e-7, 1e-5, 1.0])
def test_one_point_is_one_whatever_it_is_called_and_however_near_it_must_be(
    one: Place, other: Place, kilometers: float
) -> None:
    if kilometers < 1e-9 and one != other:
        kilometers = 1e-9
    records = records_of([one, other, (33.0, 44.0)])
    ((left, right),) = pairs_of(within_distance("lat", "lon", kilometers=kilometers).candidates(records), 3)
    assert {records.position[left], records.position[right]} == {0, 1}


@pytest.mark.parametrize(("north", "east"), [(0.0, 0.0), (0.0, 90.0), (89.5, 0.0), (89.5, 90.0)])
@pytest.mark.parametrize(("up", "along"), [(1, 0), (0, 1)])
def test_no_cell_comes_between_places_within_the_distance(north: float, east: float, up: int, along: int) -> None:
    draw = np.random.default_rng(6)
    one = np.column_stack([north + draw.uniform(-0.4, 0.4, 300), east + draw.uniform(-1, 1, 300)])
    step = draw.uniform(0.8, 0.999, 300) / EARTH * 180 / math.pi
    other = one + np.column_stack([step * up, step * along / np.cos(np.radians(one[:, 0]))])
    places = [*map(tuple, one.tolist()), *map(tuple, other.tolist())]
    assert max(apart(a, b) for a, b in zip(places[:300], places[300:], strict=True)) < 1
    records = records_of(places)
    rows = np.argsort(records.position)
    pairs = Pairs.of(rows[:300], rows[300:])
    assert within_distance("lat", "lon", kilometers=1).candidates(records).holds(pairs).all()


def test_a_degree_of_latitude_is_a_little_more_than_111_kilometers() -> None:
    records = records_of([(10.0, 20.0), (11.0, 20.0)])
    assert len(pairs_of(within_distance("lat", "lon", kilometers=111.1951).candidates(records), 2)) == 1
    with pytest.warns(EmptyBlockingWarning):
        within_distance("lat", "lon", kilometers=50).candidates(records)
    assert pairs_of(within_distance("lat", "lon", kilometers=111.1949).candidates(records), 2) == set()


def test_centimeters_are_told_apart() -> None:
    centimeter = 1e-5 / EARTH * 180 / math.pi
    records = records_of([(52.0, 13.0), (52.0 + centimeter, 13.0), (52.0 + 3 * centimeter, 13.0)])
    assert len(pairs_of(within_distance("lat", "lon", kilometers=1.1e-5).candidates(records), 3)) == 1
    assert len(pairs_of(within_distance("lat", "lon", kilometers=2.1e-5).candidates(records), 3)) == 2


@quietly
@given(st.lists(PLACES, min_size=1, max_size=10), st.sampled_from([HALF_WAY_ROUND * (1 + 1e-12), 1e6, 1e300]))
def test_within_half_the_way_round_the_earth_is_everybody(places: list[Place], kilometers: float) -> None:
    found = within_distance("lat", "lon", kilometers=kilometers).candidates(records_of(places))
    assert len(pairs_of(found, len(places))) == len(places) * (len(places) - 1) // 2


def test_coordinates_that_are_none_are_told_and_have_no_pair() -> None:
    lat = ["52.5", "52.5", "91", "north", None, "52.5", "52.5"]
    lon = ["13.4", "13.4", "13.4", "13.4", "13.4", None, "-180.5"]
    records = Records.of({"lat": lat, "lon": lon})
    with pytest.warns(ColumnWarning) as told:
        found = within_distance("lat", "lon", kilometers=1).candidates(records)
    shown = "within_distance('lat', 'lon', kilometers=1)"
    assert [str(warning.message) for warning in told] == [
        f"{shown}: 2 of 6 values of 'lat' are no number from -90 to 90; their records have no pair",
        f"{shown}: 1 of 6 values of 'lon' are no number from -180 to 180; their records have no pair",
    ]
    assert {warning.filename for warning in told} == {__file__}
    ((left, right),) = pairs_of(found, len(lat))
    assert {records.position[left], records.position[right]} == {0, 1}
    assert found.reports[0].keyed == 2


def test_fields_of_numbers_are_columns_too() -> None:
    data = {"n": ["52,5200", "52.5201", "1,5", "48.1"], "e": ["13,4050", "13.4049", "2,5", "11.5"]}
    records = Records.of(data, fields={"north": Number("n"), "east": Number("e")})
    ((left, right),) = pairs_of(within_distance("north", "east", kilometers=0.1).candidates(records), 4)
    assert {records.position[left], records.position[right]} == {0, 1}


def test_a_crowded_cell_is_hot_and_called_by_its_place() -> None:
    records = Records.of({"lat": [52.52] * 15 + [10.0], "lon": [13.405] * 15 + [10.0], "name": list(range(16))})
    strategy = within_distance("lat", "lon", kilometers=0.1, max_block=11)
    with pytest.warns(
        HotBlockWarning, match=r"^within_distance\('lat', 'lon', kilometers=0.1, max_block=11\): blocks of"
    ):
        found = strategy.candidates(records)
    assert len(pairs_of(found, 16)) == 15 * 10 - 55
    blocks = strategy.blocks(records)
    assert len(blocks.sizes) == 16
    assert set(blocks.names(np.flatnonzero(blocks.sizes == 15))) == {"52.52, 13.405"}
    with pytest.raises(HotBlockError, match="puts 15 records into one block"):
        within_distance("lat", "lon", kilometers=0.1, max_block=11, hot="raise").candidates(records)


def test_places_that_are_all_far_apart_or_missing_are_a_warning() -> None:
    with pytest.warns(EmptyBlockingWarning, match="finds no pair: 2 of 3 records have a key, and no two share one$"):
        within_distance("lat", "lon", kilometers=1).candidates(records_of([(1.0, 1.0), (50.0, 50.0), (None, 1.0)]))
    with pytest.warns(EmptyBlockingWarning, match="what it reads is missing in all 2 records$"):
        within_distance("lat", "lon", kilometers=1).candidates(records_of([(None, 1.0), (50.0, None)]))


@pytest.mark.parametrize("n", [0, 1])
def test_without_two_records_there_is_no_pair_and_nothing_to_warn_of(n: int) -> None:
    found = within_distance("lat", "lon", kilometers=1).candidates(records_of([(1.0, 1.0)][:n]))
    assert (pairs_of(found, n), found.cost) == (set(), 0)


@pytest.mark.parametrize(
    "strategy",
    [
        within_distance("lat", "lon", kilometers=1),
        within_distance("lat", "lon", kilometers=1.234_567_89, max_block=7, hot="skip"),
        within_distance("lat", "lon", kilometers=1e-30, hot="split", split_by=("a", ig.soundex("b"))),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"latitude": 1}, ConfigurationError, "within_distance takes the names of two columns, got int"),
        ({"longitude": None}, ConfigurationError, "within_distance takes the names of two columns, got NoneType"),
        ({"kilometers": 0}, RangeError, "kilometers must lie between 0 and 1.79769e+308, got 0"),
        ({"kilometers": -1}, RangeError, "kilometers must lie between 0 and 1.79769e+308, got -1"),
        ({"kilometers": math.inf}, RangeError, "kilometers must lie between 0 and 1.79769e+308, got inf"),
        ({"kilometers": math.nan}, RangeError, "kilometers must lie between 0 and 1.79769e+308, got nan"),
        ({"max_block": 1}, RangeError, "max_block must lie between 2 and inf, got 1"),
        (
            {"hot": "split", "split_by": (1,)},
            ConfigurationError,
            "within_distance takes names and derived features, got",
        ),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        within_distance(**{"latitude": "lat", "longitude": "lon", "kilometers": 1, **arguments})
    assert str(caught.value).startswith(said)


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'lot'"):
        within_distance("lat", "lot", kilometers=1).candidates(records_of([(1.0, 1.0)]))
