"""Who stands behind an identifier: shares of owners, and values that were passed on, against plain definitions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from identigraph.graph import Namespace
from identigraph.graph.owners import Owners, owners_of, passed_on, shares
from identigraph.graph.sightings import NEVER, Sightings

CELLS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), max_size=10)
LIVES = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2)), max_size=12)
SEEN = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([None, *range(8)]), st.sets(st.integers(0, 3), max_size=2)),
    min_size=1,
    max_size=12,
)
KINDS = ["login", "account", "contact", "device"]


def sightings(kind: str, cells: list[tuple[int, int, bool]]) -> tuple[Sightings, np.ndarray]:
    """Return sightings of a namespace by record, value, and whether each is kept."""
    rows, codes, kept = (np.array([cell[part] for cell in cells], dtype=int) for part in range(3))
    values = pl.Series(["a", "b", "c"])
    space = Namespace(kind, kind=kind)
    return Sightings(space, rows.copy(), codes.copy(), values, np.full(len(rows), NEVER)), kept.astype(bool)


@given(st.sampled_from(KINDS), CELLS, st.tuples(*[CELLS] * 4), st.permutations(range(4)))
def test_owners_are_the_kept_stronger_identifiers_of_the_same_record(kind, cells, others, order) -> None:
    """In any order of namespaces; those of devices name nobody, and equals do not own each other."""
    seen, kept = sightings(kind, cells)
    ranked = [(name, sightings(name, carried)) for name, carried in zip(KINDS, others, strict=True)]
    found = owners_of(seen, kept, [ranked[place][1] for place in order])
    stronger = KINDS[: KINDS.index(kind)]
    assert found.exist == bool(stronger)
    expected = [
        (place, 3 * number + value)
        for number, name in enumerate(stronger)
        for place in np.flatnonzero(kept).tolist()
        for value in sorted({v for r, v, k in others[KINDS.index(name)] if k and r == cells[place][0]})
    ]
    assert list(zip(found.place.tolist(), found.owner.tolist(), strict=True)) == expected
    primary = [min((owner for at, owner in expected if at == place), default=-1) for place in range(len(cells))]
    assert found.primary(len(cells)).tolist() == primary


def test_a_namespace_that_does_not_link_names_nobody() -> None:
    seen, kept = sightings("cookie", [(0, 0, True)])
    birth = Sightings(Namespace("birth", linkable=False), seen.rows, seen.codes, seen.values, seen.times)
    assert not owners_of(seen, kept, [(birth, kept)]).exist


@given(LIVES)
@example([(-1, -1), (0, 0), (0, 1)])
def test_a_share_is_that_of_the_owner_among_all_who_own_in_a_life(cells) -> None:
    life, primary = (np.array([cell[side] for cell in cells], dtype=int) for side in (0, 1))
    expected = []
    for own, owner in cells:
        counts = Counter(who for each, who in cells if each == own and who >= 0)
        if own < 0 or not counts:
            expected.append(1.0)
        else:
            expected.append((counts[owner] if owner >= 0 else max(counts.values())) / counts.total())
    assert shares(life, primary).tolist() == pytest.approx(expected)


@given(SEEN, st.sampled_from([0, 1, 3]), st.booleans())
@example([(0, 0, set()), (1, 7, set())], 1, False)
def test_a_value_is_passed_on_after_a_silence_with_nobody_on_both_sides(seen, longest, exist) -> None:
    """An owner must be known on either side, where owners could be known at all."""
    times = np.array([NEVER if time is None else time for _, time, _ in seen])
    codes = np.array([value for value, _, _ in seen])
    order = np.lexsort((times, codes))
    begins = np.append(True, codes[order][1:] != codes[order][:-1])
    told = [(place, owner) for place, (_, _, owners) in enumerate(seen) for owner in sorted(owners)] if exist else []
    place, owner = np.array(told, dtype=np.int64).reshape(-1, 2).T.copy()
    found = passed_on(order, begins, times[order], longest, Owners(place, owner, exist))
    for at in range(len(order)):
        value, time, _ = seen[order[at]]
        before = None if begins[at] else seen[order[at - 1]][1]
        silent = before is not None and time is not None and time - before > longest
        sides = [
            set().union(*(seen[each][2] for each in side if seen[each][0] == value))
            for side in (order[:at], order[at:])
        ]
        changed = bool(sides[0] and sides[1] and not sides[0] & sides[1])
        assert found[at] == (silent and (changed or not exist))


def test_owners_are_known_by_the_place_of_a_sighting_whatever_its_number() -> None:
    """The sightings that count are numbers 5, 2 and 0: of Ann at 0, of Bob at 9, of nobody at 9."""
    owners = Owners(np.array([2, 5]), np.array([1, 0]), exist=True)
    found = passed_on(np.array([5, 2, 0]), np.array([True, False, False]), np.array([0, 9, 9]), 3, owners)
    assert found.tolist() == [False, True, False]
    nobody = Owners(np.array([], dtype=int), np.array([], dtype=int), exist=True)
    assert passed_on(np.array([5, 2]), np.array([True, False]), np.array([0, 9]), 3, nobody).tolist() == [False, False]
