"""How cookies are deleted, devices and numbers are passed on, and ids are written."""

from __future__ import annotations

import hashlib
from uuid import UUID

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.datasets.identifiers import cookies, device_ids, hashes, numbered, passed_on

RNG = np.random.default_rng


@given(st.lists(st.tuples(st.integers(-1, 4), st.floats(0, 1000)), max_size=30), st.sampled_from([1e-9, 5, 50, 1e9]))
def test_a_cookie_is_of_one_browser_and_of_one_stretch_of_its_visits(
    visits: list[tuple[int, float]], life: float
) -> None:
    browser = np.array([b for b, _ in visits], dtype=np.int64)
    day = np.array([d for _, d in visits], dtype=np.float64)
    cookie = cookies(browser, day, np.full(len(visits), life), RNG(0))
    assert ((cookie == -1) == (browser == -1)).all()
    assert set(cookie[cookie >= 0]) == set(range(cookie.max(initial=-1) + 1))
    for b in range(5):
        mine = np.flatnonzero(browser == b)
        in_time = cookie[mine[np.argsort(day[mine], kind="stable")]]
        assert set(np.diff(in_time)) <= {0, 1}
        assert not set(in_time) & set(cookie[browser != b])


def test_a_cookie_survives_a_gap_as_often_as_an_exponential_life_does() -> None:
    count, gap, life = 20_000, 30.0, 60.0
    cookie = cookies(np.zeros(count, np.int64), gap * np.arange(count), np.full(count, life), RNG(0))
    assert (np.diff(cookie) == 0).mean() == pytest.approx(np.exp(-gap / life), abs=0.015)


def things(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first use, last use and household of things, a tenth of them unused, three to a household."""
    rng = RNG(1)
    first = np.where(rng.random(count) < 0.1, np.nan, 1000 * rng.random(count))
    return first, first + 100 * rng.random(count), np.arange(count) // 3


def test_what_is_passed_on_rests_goes_to_strangers_and_is_passed_on_once() -> None:
    first, last, household = things(3000)
    carries = passed_on(first, last, household, rest=21, share=0.1, rng=RNG(0))
    taker = np.flatnonzero(carries != np.arange(3000))
    giver = carries[taker]
    assert 150 < len(taker) < 300
    assert (first[taker] - last[giver] >= 21).all()
    assert (household[taker] != household[giver]).all()
    assert len(set(giver)) == len(giver)
    assert not set(giver) & set(taker)
    assert not np.isnan(first[[*giver, *taker]]).any()


def test_nothing_is_passed_on_within_a_household() -> None:
    first, last, _ = things(300)
    carries = passed_on(first, last, np.zeros(300, np.int64), rest=21, share=0.5, rng=RNG(0))
    assert (carries == np.arange(300)).all()


def test_nothing_is_passed_on_when_nobody_comes_late_enough() -> None:
    carries = passed_on(np.zeros(9), np.ones(9), np.arange(9), rest=1, share=0.5, rng=RNG(0))
    assert carries.tolist() == list(range(9))


def test_numbered_ids_are_distinct_shuffled_and_null_where_the_number_is() -> None:
    shown = numbered("u", pl.Series([*range(500), 3, None]), RNG(0), start=1000)
    assert shown[500] == shown[3]
    assert shown[501] is None
    numbers = shown[:500].str.slice(1).cast(pl.Int64)
    assert sorted(numbers) == list(range(1000, 1500))
    assert abs(np.corrcoef(numbers, np.arange(500))[0, 1]) < 0.2
    assert numbered("u", pl.Series([None], dtype=pl.Int64), RNG(0)).to_list() == [None]


def test_device_ids_are_random_uuids_one_per_number() -> None:
    ids = device_ids(pl.Series([5, 9, 5, None]), RNG(0)).to_list()
    assert ids[0] == ids[2] != ids[1]
    assert ids[3] is None
    assert [UUID(i).version for i in ids[:3]] == [4, 4, 4]


def test_hashes_are_sha256_in_hexadecimal_digits() -> None:
    values = ["a@example.com", "b@example.com", "a@example.com"]
    assert hashes(pl.Series([*values, None])).to_list() == [
        *(hashlib.sha256(v.encode()).hexdigest() for v in values),
        None,
    ]


def test_there_is_nothing_to_hash_or_to_name_where_all_is_null() -> None:
    assert hashes(pl.Series([None], dtype=pl.String)).to_list() == [None]
    assert device_ids(pl.Series([None], dtype=pl.Int64), RNG(0)).to_list() == [None]
