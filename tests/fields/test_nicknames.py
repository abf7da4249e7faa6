"""Nicknames: related names, against the package's own list."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nicknames import name_triplets

from identigraph.fields.nicknames import nickname_groups, nickname_pairs, nickname_related

RELATED = ["bob robert", "rob bobby", "bill william", "liz elizabeth", "betty liz", "peggy margaret", "ted edward"]
UNRELATED = ["robert william", "ann bob", "bob bob", "bob xyzzy", "xyzzy xyzzy", "albert robert", "bob "]

name = st.sampled_from(["xyzzy", "", *sorted({n for pair in nickname_pairs() for n in pair})])


def related(left: list[str], right: list[str]) -> list[bool]:
    """Return which pairs are related."""
    return nickname_related(np.array(left, dtype=np.str_), np.array(right, dtype=np.str_)).tolist()


@pytest.mark.parametrize("pair", RELATED)
def test_a_nickname_is_related_to_its_name_and_to_its_siblings(pair: str) -> None:
    left, right = pair.split(" ")
    assert related([left, right], [right, left]) == [True, True]
    assert tuple(sorted((left, right))) in nickname_pairs()


@pytest.mark.parametrize("pair", UNRELATED)
def test_equal_unknown_and_unlike_names_are_not_related(pair: str) -> None:
    left, right = pair.split(" ")
    assert related([left, right], [right, left]) == [False, False]
    assert tuple(sorted((left, right))) not in nickname_pairs()


def test_missing_names_are_not_related() -> None:
    names = np.array(["bob", None], dtype=object)
    assert nickname_related(names, names[::-1]).tolist() == [False, False]


def test_every_pair_is_related() -> None:
    pairs = np.array(nickname_pairs())
    assert nickname_related(pairs[:, 0], pairs[:, 1]).all()
    assert nickname_related(pairs[:, 1], pairs[:, 0]).all()


def test_no_pairs_are_no_pairs() -> None:
    assert related([], []) == []


def test_pairs_share_a_group_and_stand_once_in_order() -> None:
    groups: dict[str, set[str]] = {}
    for member, group in nickname_groups().iter_rows():
        groups.setdefault(group, set()).add(member)
    assert all(group in members for group, members in groups.items())
    expected = {pair for members in groups.values() for pair in combinations(sorted(members), 2)}
    assert list(nickname_pairs()) == sorted(expected)


def test_every_nickname_of_the_package_is_related_to_its_name() -> None:
    listed = {tuple(sorted((t.name1, t.name2))) for t in name_triplets() if (t.name1 + t.name2).isalpha()}
    assert listed - {(n, n) for n, _ in listed} <= set(nickname_pairs())


@given(st.lists(st.tuples(name, name), max_size=30))
def test_arrays_and_pairs_say_the_same(pairs: list[tuple[str, str]]) -> None:
    known = set(nickname_pairs())
    expected = [tuple(sorted(pair)) in known for pair in pairs]
    assert related([a for a, _ in pairs], [b for _, b in pairs]) == expected
