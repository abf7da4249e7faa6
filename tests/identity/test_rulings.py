"""Rulings: what judgements ask for by record key, and which ask for nothing."""

from __future__ import annotations

import pytest
from made_judgements import EVERY, judgement

from identigraph.errors import JudgementConflictError
from identigraph.identity import Rulings

A, B, C, D, E = EVERY


def rulings(*some, known=None):
    """Return what judgements ask for, where some records are there."""
    numbered = [judgement(kind, *groups.split(), id=number) for number, (kind, groups) in enumerate(some, start=1)]
    return Rulings.of(numbered, known=known)


def test_must_links_and_locks_are_chains() -> None:
    found = rulings(("must_link", "bca"), ("lock", "ed"))
    assert found.must == ((A, B), (B, C), (D, E))
    assert (found.cannot, found.unsure, found.pins) == ((), (), {})


def test_cannot_links_and_splits_are_all_pairs_between_groups() -> None:
    found = rulings(("cannot_link", "c b a"), ("split", "ab de"), ("unsure", "a c e"))
    assert found.cannot == ((A, B), (A, C), (B, C), (A, D), (A, E), (B, D), (B, E))
    assert found.unsure == ((A, C), (A, E), (C, E))
    assert (found.must, found.locks) == ((), {})


def test_pins_and_locks_are_told_by_record_and_of_equal_locks_the_first() -> None:
    found = rulings(("pin", "ab"), ("lock", "cd"), ("lock", "dc"), ("lock", "e"))
    assert found.pins == {A: "X", B: "X"}
    assert found.locks == {C: 2, D: 2, E: 4}
    assert found.must == ((C, D), (C, D))


def test_records_that_are_not_there_are_left_out() -> None:
    some = ("must_link", "abc"), ("split", "ab de"), ("lock", "abc"), ("pin", "bc")
    found = rulings(*some, known={A, C, D})
    assert found.must == ((A, C), (A, C))
    assert found.cannot == ((A, D),)
    assert found.locks == {A: 3, C: 3}
    assert found.pins == {C: "X"}
    assert found.dormant == ()


@pytest.mark.parametrize(
    ("kind", "groups", "known", "speaks"),
    [
        ("must_link", "ab", "a", False),
        ("must_link", "abc", "ac", True),
        ("lock", "ab", "", False),
        ("lock", "ab", "b", True),
        ("pin", "ab", "", False),
        ("pin", "ab", "a", True),
        ("cannot_link", "a b", "b", False),
        ("cannot_link", "a b c", "ac", True),
        ("unsure", "a b", "a", False),
        ("split", "ab cd", "ab", False),
        ("split", "ab cd", "bc", True),
    ],
)
def test_a_judgement_is_dormant_where_too_few_of_its_records_are_there(kind, groups, known, speaks) -> None:
    found = rulings((kind, groups), ("lock", "e"), known={("records", letter) for letter in known + "e"})
    assert [each.id for each in found.dormant] == ([] if speaks else [1])
    assert len(found) == 2
    assert repr(found) == f"<Rulings: 2 judgements, {int(not speaks)} dormant>"


def test_contradictions_are_told_also_where_records_are_not_there() -> None:
    some = ("must_link", "ab"), ("must_link", "bc"), ("cannot_link", "a c")
    with pytest.raises(JudgementConflictError):
        rulings(*some, known={A, C})
    assert rulings(*some[:2], known={A, C}).must == ()


def test_a_repr_tells_counts() -> None:
    assert repr(rulings(("must_link", "ab"))) == "<Rulings: 1 judgement, 0 dormant>"
