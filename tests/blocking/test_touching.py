"""Pairs that some rows bring, against all candidates looked through one by one."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proposed_pairs import pairs_of

from identigraph import Records, all_pairs, block_on, no_pairs
from identigraph.blocking import Candidates, sorted_neighborhood
from identigraph.blocking.candidates import UnionCandidates
from identigraph.blocking.keys import KeyCandidates
from identigraph.blocking.touching import is_steady, touching

pytestmark = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)

Row = tuple[str | None, str | None]
CITY, NAME = block_on("city"), block_on("name")
KEYS = {
    "one key": CITY,
    "two keys": CITY | NAME,
    "both": block_on("city", "name"),
    "all": all_pairs(),
    "no": no_pairs(),
}
HOT = {
    "thinned out": block_on("city", max_block=2) | NAME,
    "left out": block_on("city", max_block=2, hot="skip") | NAME,
    "split": block_on("city", max_block=2, hot="split", split_by=("name",)) | NAME,
}
OTHERS = {
    "no key": sorted_neighborhood("name", window=2),
    "a key and no key": CITY | sorted_neighborhood("name", window=2),
    "two at once": CITY & NAME,
    "two at once or one": (CITY & NAME) | NAME,
}
rows = st.lists(
    st.tuples(st.sampled_from(["bern", "zug", None]), st.sampled_from(["ann", "bob", "cy", None])), max_size=9
)


def records_of(told: dict[int, Row]) -> Records:
    """Return records by their ids."""
    return Records.of(
        {"id": list(told), "city": [city for city, _ in told.values()], "name": [name for _, name in told.values()]}
        if told
        else {"id": np.zeros(0, dtype=np.int64), "city": [], "name": []},
        id="id",
    )


def listed(pairs: Any) -> list[tuple[int, int]]:
    """Return pairs as plain twos."""
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def parts_of(candidates: Candidates) -> tuple[Candidates, ...]:
    """Return the parts of a union, or the one."""
    return candidates.parts if isinstance(candidates, UnionCandidates) else (candidates,)


@attrs.frozen
class Change:
    """Candidates before and after some records came."""

    before: Records
    now: Records
    then: Candidates
    found: Candidates

    @classmethod
    def of(cls, strategy: Any, old: list[Row], new: list[Row]) -> Change:
        """Return those of a strategy; the new rows have higher ids."""
        every = dict(enumerate([*old, *new]))
        before, now = records_of(dict(enumerate(old))), records_of(every)
        return cls(before, now, strategy.candidates(before), strategy.candidates(now))

    @property
    def is_new(self) -> Any:
        """Shape (records,): which came."""
        return self.now.ids.to_numpy() >= len(self.before)

    @property
    def touched(self) -> list[tuple[int, int]]:
        """The pairs that the new records bring."""
        return listed(touching(self.found, self.is_new, self.then.reports))

    @property
    def gained(self) -> set[tuple[int, int]]:
        """The pairs of now that were not proposed before."""
        row = np.flatnonzero(~self.is_new)
        known = {(int(row[a]), int(row[b])) for a, b in pairs_of(self.then, len(self.before))}
        return pairs_of(self.found, len(self.now)) - known

    def touches(self, pair: tuple[int, int]) -> bool:
        """Whether a record of a pair is new."""
        return bool(self.is_new[list(pair)].any())


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=settings().max_examples // 3)
@given(rows, rows)
def test_of_keys_they_are_the_pairs_of_which_a_record_is_new(name: str, old: list[Row], new: list[Row]) -> None:
    change = Change.of(KEYS[name], old, new)
    wanted = sorted(pair for pair in pairs_of(change.found, len(change.now)) if change.touches(pair))
    assert change.touched == wanted
    assert set(wanted) == change.gained
    assert is_steady(change.found)


@pytest.mark.parametrize("name", HOT)
@settings(max_examples=settings().max_examples // 3)
@given(rows, rows)
def test_of_a_key_with_a_hot_block_then_or_now_they_are_all_pairs(name: str, old: list[Row], new: list[Row]) -> None:
    change = Change.of(HOT[name], old, new)
    wanted: set[tuple[int, int]] = set()
    for part, report in zip(parts_of(change.found), change.then.reports, strict=True):
        hot = report.hot_blocks or part.reports[0].hot_blocks
        wanted |= {pair for pair in pairs_of(part, len(change.now)) if hot or change.touches(pair)}
    assert change.touched == sorted(wanted)
    assert change.gained <= wanted
    assert is_steady(change.found) == (not any(report.hot_blocks for report in change.found.reports))


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=settings().max_examples // 3)
@given(rows, rows)
def test_of_what_is_no_key_they_are_all_pairs(name: str, old: list[Row], new: list[Row]) -> None:
    change = Change.of(OTHERS[name], old, new)
    parts = parts_of(change.found)
    same = len(parts) == len(change.then.reports)
    wanted: set[tuple[int, int]] = set()
    for part in parts:
        key = same and isinstance(part, KeyCandidates)
        wanted |= {pair for pair in pairs_of(part, len(change.now)) if not key or change.touches(pair)}
    assert change.touched == sorted(wanted)
    assert change.gained <= wanted
    assert not is_steady(change.found)


@settings(max_examples=settings().max_examples // 3)
@given(rows, rows)
def test_reports_of_another_strategy_tell_nothing(old: list[Row], new: list[Row]) -> None:
    change = Change.of(CITY | NAME, old, new)
    found = touching(change.found, change.is_new, change.then.reports[:1])
    assert listed(found) == sorted(pairs_of(change.found, len(change.now)))


def test_without_new_records_there_are_no_pairs_and_with_new_ones_alone_all() -> None:
    some = [("bern", "ann")] * 3
    assert Change.of(CITY, some, []).touched == []
    assert len(Change.of(CITY, [], some).touched) == 3
