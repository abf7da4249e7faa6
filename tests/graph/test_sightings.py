"""Sightings: each (record, value, time) once, in order; no value in a repr."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.encoding import encode
from identigraph.graph import Namespace
from identigraph.graph.sightings import NEVER, Sightings

RAW = [" a", "a", "b", "no", None]
CELLS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(RAW), st.sampled_from([NEVER, 0, 1, 2])), max_size=12)
SPACE = Namespace("login", normalize=lambda raw: pl.Series([v.strip() if v != "no" else None for v in raw.to_list()]))


def seen(cells: list[tuple[int, str | None, int]]) -> Sightings:
    """Return sightings of a namespace whose value "no" cannot be normalized."""
    rows, times = (np.array([cell[part] for cell in cells], dtype=np.int64) for part in (0, 2))
    return Sightings.of(SPACE, rows, encode(pl.Series([cell[1] for cell in cells], dtype=pl.String)), times)


@given(CELLS)
def test_sightings_are_the_different_cells_in_order(cells) -> None:
    found = seen(cells)
    known = [(row, -1 if raw == "no" else "ab".index(raw.strip()), time) for row, raw, time in cells if raw]
    values = sorted({raw.strip() for _, raw, _ in cells if raw and raw != "no"})
    assert found.values.to_list() == values
    codes = [found.values[code] if code >= 0 else "" for code in found.codes.tolist()]
    told = list(zip(found.rows.tolist(), codes, found.times.tolist(), strict=True))
    assert told == sorted({(row, "ab"[code] if code >= 0 else "", time) for row, code, time in known})
    assert len(found) == len(told)


@given(CELLS)
def test_a_value_is_first_seen_at_the_earliest_time_known(cells) -> None:
    found = seen(cells)
    for value, first in zip(found.values.to_list(), found.first_seen.tolist(), strict=True):
        known = [time for _, raw, time in cells if raw and raw.strip() == value and time != NEVER]
        assert first == min(known, default=NEVER)


def test_sightings_tell_their_counts_and_no_value_and_cannot_be_changed() -> None:
    found = seen([(0, "secret", 1), (1, "secret", 2), (2, "other", 2)])
    assert repr(found) == "<Sightings of login: 3, 2 different values>"
    for array in (found.rows, found.codes, found.times):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
