"""Sorted neighborhoods against plain loops over the sorted rows: fixed windows, runs of alike values, spans of time."""

from __future__ import annotations

import datetime as dt
import warnings
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from proposed_pairs import pairs_of
from rapidfuzz.distance import JaroWinkler

import identigraph as ig
from identigraph import Records, blocking, prefix, soundex
from identigraph.blocking import adaptive_neighborhood, block_on, sorted_neighborhood, within_time
from identigraph.errors import (
    ColumnNotFoundError,
    ColumnWarning,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)
from identigraph.fields import Date

quietly = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)


def in_rows(records: Records, values: list[Any]) -> list[Any]:
    return [values[place] for place in records.position]


NAMES = st.lists(st.none() | st.text("ab", min_size=1, max_size=3), min_size=1, max_size=25)


@quietly
@given(NAMES, st.data(), st.integers(2, 30))
def test_a_window_pairs_what_stands_less_than_its_width_apart_by_key_then_row(
    names: list[str | None], data: st.DataObject, window: int
) -> None:
    cities = data.draw(st.lists(st.sampled_from([None, "x", "y"]), min_size=len(names), max_size=len(names)))
    records = Records.of({"name": names, "city": cities})
    rows = in_rows(records, list(zip(names, cities, strict=True)))
    by_name = sorted((name, row) for row, (name, _) in enumerate(rows) if name)
    by_both = sorted((city, name[0], row) for row, (name, city) in enumerate(rows) if name and city)
    for features, order in ((("name",), by_name), (("city", prefix("name", 1)), by_both)):
        found = sorted_neighborhood(*features, window=window).candidates(records)
        near = [(one, other) for place, one in enumerate(order) for other in order[place + 1 : place + window]]
        assert pairs_of(found, len(names)) == {tuple(sorted((one[-1], other[-1]))) for one, other in near}
        assert found.cost == len(near)


@quietly
@given(NAMES, st.integers(2, 6))
def test_a_window_counts_what_it_loses_of_keys_that_more_records_share(names: list[str | None], window: int) -> None:
    records = Records.of({"name": names})
    found = sorted_neighborhood("name", window=window).candidates(records)
    rows = in_rows(records, names)
    sizes = [rows.count(name) for name in {*rows} - {None}]
    pairs = pairs_of(found, len(rows))
    equal = {(i, j) for i, j in combinations(range(len(rows)), 2) if rows[i] and rows[i] == rows[j]}
    (report,) = found.reports
    assert report.hot_pairs == len(equal - pairs)
    assert (report.pairs, report.keyed, report.largest) == (len(pairs), sum(sizes), max(sizes, default=0))
    assert report.blocks == sum(size > 1 for size in sizes)
    assert (report.hot_blocks, report.hot_records) == (
        sum(size > window for size in sizes),
        sum(size for size in sizes if size > window),
    )


@pytest.mark.parametrize(("names", "keyed"), [(["a", None, None], 1), ([None, None, None], 0)])
def test_fewer_than_two_keys_are_a_warning(names: list[str | None], keyed: int) -> None:
    said = "1 of 3 records have a key, and no two share one" if keyed else "what it reads is missing in all 3 records"
    with pytest.warns(EmptyBlockingWarning) as told:
        found = sorted_neighborhood("name", window=4).candidates(Records.of({"name": names}))
    assert [str(warning.message) for warning in told] == [
        f"sorted_neighborhood('name', window=4) finds no pair: {said}"
    ]
    assert pairs_of(found, 3) == set()


@quietly
@given(
    st.lists(st.none() | st.text("aab", min_size=3, max_size=7), min_size=1, max_size=30),
    st.sampled_from([0.6, 0.8, 0.9, 0.95, 1]),
)
@example(["aab", "abb"], JaroWinkler.similarity("aab", "abb"))
def test_a_run_goes_on_while_each_value_is_alike_to_the_one_before(names: list[str | None], similarity: float) -> None:
    records = Records.of({"name": names})
    rows = in_rows(records, names)
    run: dict[str, int] = {}
    before = None
    for value in sorted({*rows} - {None}):
        alike = before is not None and JaroWinkler.similarity(before, value) >= similarity
        run[value] = run[before] if alike else len(run)
        before = value
    same = {
        (i, j) for i, j in combinations(range(len(rows)), 2) if rows[i] and rows[j] and run[rows[i]] == run[rows[j]]
    }
    strategy = adaptive_neighborhood("name", similarity=similarity)
    assert pairs_of(strategy.candidates(records), len(rows)) == same
    blocks = strategy.blocks(records)
    first = {number: value for value, number in reversed(run.items())}
    assert blocks.names(np.arange(len(first))).to_list() == [first[number] for number in sorted(first)]
    if similarity == 1:
        assert pairs_of(block_on("name").candidates(records), len(rows)) == same


def test_a_long_run_is_hot() -> None:
    records = Records.of({"name": [f"abcdefgh{i:03}" for i in range(30)]})
    with pytest.warns(
        HotBlockWarning, match=r"^adaptive_neighborhood\('name', similarity=0.9, max_block=29\): blocks of"
    ):
        found = adaptive_neighborhood("name", max_block=29).candidates(records)
    assert len(pairs_of(found, 30)) == 20 * 10 + 45
    assert adaptive_neighborhood("name").policy.max_block == 100
    with pytest.raises(HotBlockError, match="puts 30 records into one block"):
        adaptive_neighborhood("name", max_block=29, hot="raise").candidates(records)


ZONES = st.sampled_from([None, dt.UTC, *(dt.timezone(dt.timedelta(hours=h)) for h in (-5, 1, 2))])
TIMES = st.builds(
    lambda minute, zone, known: (
        dt.datetime(2024, 2, 28, 22, tzinfo=zone) + dt.timedelta(minutes=minute) if known else None
    ),
    st.integers(0, 3_000) | st.integers(0, 60),
    ZONES,
    st.integers(0, 9),
)


def seconds(at: dt.datetime) -> float:
    return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp()


@quietly
@given(st.lists(TIMES, min_size=1, max_size=25), st.sampled_from([1, 30, 60, 1_440]), st.sampled_from(["T", " "]))
def test_times_are_pairs_at_most_the_span_apart_with_offsets_counted(
    times: list[dt.datetime | None], minutes: int, mark: str
) -> None:
    records = Records.of({"seen": [at and at.isoformat(mark) for at in times]})
    rows = in_rows(records, times)
    near = {
        (i, j)
        for i, j in combinations(range(len(rows)), 2)
        if rows[i] and rows[j] and abs(seconds(rows[i]) - seconds(rows[j])) <= minutes * 60
    }
    found = within_time("seen", minutes=minutes).candidates(records)
    assert pairs_of(found, len(rows)) == near
    assert (found.cost, found.reports[0].hot_pairs) == (len(near), 0)


@quietly
@given(st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=25), st.integers(1, 5), st.integers(1, 10))
def test_a_record_is_paired_with_so_many_behind_it_at_the_most_nearest_first(
    minutes: list[int | None], most: int, span: int
) -> None:
    seen = [minute if minute is None else f"2024-05-01T10:{minute:02}:00" for minute in minutes]
    records = Records.of({"seen": seen})
    rows = in_rows(records, minutes)
    order = sorted((minute, row) for row, minute in enumerate(rows) if minute is not None)
    behind = [[other for other in order[place + 1 :] if other[0] - one[0] <= span] for place, one in enumerate(order)]
    near = [(row, other) for (_, row), later in zip(order, behind, strict=True) for _, other in later[:most]]
    found = within_time("seen", minutes=span, max_window=most).candidates(records)
    assert pairs_of(found, len(rows)) == {tuple(sorted(pair)) for pair in near}
    (report,) = found.reports
    assert report.pairs == found.cost == len(near)
    assert report.hot_pairs == sum(len(later[most:]) for later in behind)
    assert report.hot_blocks == report.hot_records == sum(len(later) > most for later in behind)
    assert (report.keyed, report.blocks) == (len(order), sum(bool(later) for later in behind))
    assert report.largest == (max(map(len, behind)) + 1 if behind else 0)


def test_a_window_of_time_that_is_too_full_is_a_warning_with_its_numbers() -> None:
    records = Records.of({"seen": ["2024-05-01"] * 5 + ["2024-07-01"]})
    with pytest.warns(HotBlockWarning) as told:
        within_time("seen", days=1, max_window=2).candidates(records)
    assert str(told[0].message) == (
        "within_time('seen', seconds=86400, max_window=2): more than 2 records lie within the span behind 2 records, "
        "at the most 5; 3 pairs are not compared; shorten the span, combine it with a key by &, or raise max_window"
    )
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert within_time("seen", days=1, max_window=4).candidates(records).cost == 10


def test_a_date_field_gives_days_and_its_unreadable_dates_are_told() -> None:
    data = {"born": ["01.05.1980", "2 May 1980", "1980", "1980-05", None, "1980-05-04"]}
    with_dates = Records.of(data, fields={"born": Date()})
    with pytest.warns(ColumnWarning) as told:
        found = within_time("born", days=1).candidates(with_dates)
    (warning,) = told
    assert str(warning.message) == (
        "within_time('born', seconds=86400): 2 of 5 values of 'born' are no ISO 8601 date or time; their records have "
        "no pair"
    )
    assert warning.filename == __file__
    (pair,) = pairs_of(found, 6)
    assert {with_dates.position[row] for row in pair} == {0, 1}


def test_no_two_times_within_the_span_are_a_warning() -> None:
    records = Records.of({"seen": ["2024-05-01", "2024-05-03", None]})
    with pytest.warns(EmptyBlockingWarning, match="finds no pair: 2 of 3 records have a key, and no two share one$"):
        found = within_time("seen", days=1).candidates(records)
    assert found.reports[0].largest == 1
    with pytest.warns(EmptyBlockingWarning, match="what it reads is missing in all 2 records$"):
        within_time("seen", days=1).candidates(Records.of({"seen": [None, None]}))


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_span_of_fractions_of_a_second_is_not_lost_in_rounding(tenths: int) -> None:
    seen = [f"2024-05-01T10:00:00.{digit}" for digit in range(10)]
    records = Records.of({"seen": seen})
    assert len(pairs_of(within_time("seen", seconds=tenths / 10).candidates(records), 10)) == sum(
        range(10 - tenths, 10)
    )
    assert len(pairs_of(within_time("seen", seconds=tenths / 10 + 0.099_999).candidates(records), 10)) == sum(
        range(10 - tenths, 10)
    )


def test_the_parts_of_a_span_add_up() -> None:
    whole = within_time("seen", seconds=86_400 + 2 * 3_600 + 3 * 60 + 4.5)
    assert within_time("seen", days=1, hours=2, minutes=3, seconds=4.5) == whole
    assert repr(whole) == "within_time('seen', seconds=93784.5)"


@pytest.mark.parametrize("n", [0, 1])
def test_without_two_records_there_is_no_pair_and_nothing_to_warn_of(n: int) -> None:
    records = Records.of({"a": ["2024-05-01"][:n]})
    strategies = [sorted_neighborhood("a"), adaptive_neighborhood("a"), within_time("a", days=1)]
    for strategy in strategies:
        found = strategy.candidates(records)
        assert (pairs_of(found, n), found.cost) == (set(), 0)


@pytest.mark.parametrize(
    "strategy",
    [
        sorted_neighborhood("a"),
        sorted_neighborhood("a", soundex("b"), window=3),
        adaptive_neighborhood("a", similarity=0.75),
        adaptive_neighborhood("a", max_block=7, hot="split", split_by=("b", prefix("c", 2))),
        within_time("a", days=3),
        within_time("a", seconds=1_234_567.25, max_window=7),
        within_time("a", seconds=0.1),
        within_time("a", days=1 / 3),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (sorted_neighborhood, ConfigurationError, "sorted_neighborhood needs at least one feature, for example"),
        (lambda: sorted_neighborhood(3), ConfigurationError, "sorted_neighborhood takes names and derived features"),
        (lambda: sorted_neighborhood("a", window=1), RangeError, "window must lie between 2 and inf, got 1"),
        (lambda: sorted_neighborhood("a", window=2.5), RangeError, "window must lie between 2 and inf, got 2.5"),
        (lambda: adaptive_neighborhood(None), ConfigurationError, "adaptive_neighborhood takes names and derived feat"),
        (lambda: adaptive_neighborhood("a", similarity=0), RangeError, "similarity must lie between 0 and 1, got 0"),
        (
            lambda: adaptive_neighborhood("a", similarity=1.1),
            RangeError,
            "similarity must lie between 0 and 1, got 1.1",
        ),
        (lambda: adaptive_neighborhood("a", max_block=1), RangeError, "max_block must lie between 2 and inf, got 1"),
        (lambda: adaptive_neighborhood("a", hot="no"), ConfigurationError, "hot must be 'cap', 'split', 'skip' or"),
        (
            lambda: adaptive_neighborhood("a", hot="split", split_by=(3,)),
            ConfigurationError,
            "adaptive_neighborhood takes names and derived features, got int",
        ),
        (lambda: within_time(3, days=1), ConfigurationError, "within_time takes the name of a column, got int"),
        (lambda: within_time("a"), RangeError, "span of time in seconds must lie between 0 and inf, got 0.0"),
        (
            lambda: within_time("a", days=-1),
            RangeError,
            "span of time in seconds must lie between 0 and inf, got -86400",
        ),
        (
            lambda: within_time("a", days=float("inf")),
            RangeError,
            "span of time in seconds must lie between 0 and inf, got inf",
        ),
        (lambda: within_time("a", seconds=float("nan")), RangeError, "span of time in seconds must lie between 0 and"),
        (lambda: within_time("a", days=1, max_window=0), RangeError, "max_window must lie between 1 and inf, got 0"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "strategy", [sorted_neighborhood("nam"), adaptive_neighborhood("nam"), within_time("nam", days=1)]
)
def test_an_unknown_column_is_an_error(strategy: Any) -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'nam'; did you mean 'name'"):
        strategy.candidates(Records.of({"name": ["a", "b"]}))
