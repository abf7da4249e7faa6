"""Laws of live indexes: whatever comes one by one, and whatever is done between, the entities are those of one run."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_live import LONG, SHORT, Both, alike, learned
from made_people import Record
from made_stores import reread, told

RUNS = int(os.environ.get("IDENTIGRAPH_LIVE_RUNS", "3"))
"""Examples of the law for each resolver; of those that take the long way, one."""
WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning", "ColumnWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]
GENERATE = [Phase.explicit, Phase.generate]
SEEDS = st.integers(0, 10**6)


def people(random: Random, size: int) -> dict[int, Record]:
    """Return records, some quite alike."""
    records: dict[int, Record] = {}
    for key in range(size):
        records[key] = alike(random, key, list(records.values()))
    return records


def done(name: str, seed: int, size: int, steps: int, place: Path | None) -> None:
    """Do steps to two stores, and compare."""
    random = Random(seed)
    both = Both(random, place, people(random, size))
    both.begin(learned(name))
    assert both.live.obstacles if name in LONG else not both.live.obstacles
    for _ in range(steps):
        both.step()
    both.check()
    assert told(both.store._state) == told(both.other._state)
    assert told(reread(both.store)) == told(both.store._state)
    both.store.close()


@pytest.mark.parametrize("name", SHORT)
@settings(max_examples=RUNS, deadline=None, phases=GENERATE)
@given(seed=SEEDS, size=st.integers(0, 30), is_kept=st.booleans())
def test_records_one_by_one_make_what_updates_and_one_run_make(name: str, seed: int, size: int, is_kept: bool) -> None:
    with TemporaryDirectory() as folder:
        done(name, seed, size, 30, Path(folder) / "store.db" if is_kept else None)


@pytest.mark.parametrize("name", LONG)
@settings(max_examples=1, deadline=None, phases=GENERATE)
@given(seed=SEEDS, size=st.integers(0, 20), is_kept=st.booleans())
def test_so_they_do_the_long_way(name: str, seed: int, size: int, is_kept: bool) -> None:
    with TemporaryDirectory() as folder:
        done(name, seed, size, 8, Path(folder) / "store.db" if is_kept else None)
