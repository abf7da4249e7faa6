"""Nicknames against the public list of them: each pair is related, in both directions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from identigraph.fields.nicknames import nickname_related

INITIALS = "initials with dots are no nickname that a normalized given name can have"
DIFFERING = {
    ("casey", "k.c."): INITIALS,
    ("kasey", "k.c."): INITIALS,
    ("leroy", "l.r."): INITIALS,
    ("littleberry", "l.b."): INITIALS,
}


@pytest.mark.shared_data
def test_every_name_is_related_to_its_nickname_but_for_those_named(table: Callable[[str], list[list[str]]]) -> None:
    """4 of 2,691 differ: more than 99 % are equal."""
    rows = table("nicknames/names.csv")[1:]
    full, short = (np.array([row[side] for row in rows]) for side in (0, 2))
    assert len(rows) == 2_691
    assert {row[1] for row in rows} == {"has_nickname"}
    for left, right in ((full, short), (short, full)):
        unrelated = ~nickname_related(left, right)
        assert {(row[0], row[2]) for row, differs in zip(rows, unrelated, strict=True) if differs} == set(DIFFERING)
    assert len(DIFFERING) <= 0.01 * len(rows)


@pytest.mark.shared_data
def test_names_of_the_list_that_share_no_full_name_are_not_related(table: Callable[[str], list[list[str]]]) -> None:
    """Every full name against the nickname in the next row, where no full name joins the two."""
    rows = table("nicknames/names.csv")[1:]
    near: dict[str, set[str]] = {}
    for full, _, short in rows:
        near.setdefault(full, {full}).add(short)
        near.setdefault(short, {short}).add(full)
    pairs = [(a[0], b[2]) for a, b in pairwise(rows) if not near[a[0]] & near[b[2]]]
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    assert len(pairs) > 500
    assert not nickname_related(left, right).any()
