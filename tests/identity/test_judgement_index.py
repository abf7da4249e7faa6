"""The index of a log: which judgements lead from one to the other."""

from __future__ import annotations

from made_judgements import day, judgement

from identigraph.identity import Revocation
from identigraph.identity.judgement_index import JudgementIndex

ENTRIES = (
    judgement("must_link", "ab", id=1),
    judgement("unsure", "b", "c", id=2),
    judgement("split", "b", "de", id=3),
    judgement("pin", "e", id=4),
    judgement("pin", "f", id=5),
    judgement("lock", "g", id=6),
    Revocation(7, 1, at=day(2)),
)


def test_what_a_judgement_leads_to_goes_over_records_and_pinned_ids_but_not_over_what_is_unsure() -> None:
    index = JudgementIndex.of(ENTRIES)
    for told, found in (
        (judgement("lock", "a"), [1, 3, 4, 5]),
        (judgement("lock", "f"), [1, 3, 4, 5]),
        (judgement("pin", "x"), [1, 3, 4, 5]),
        (judgement("pin", "x", entity_id="Y"), []),
        (judgement("lock", "c"), []),
        (judgement("unsure", "g", "x"), [6]),
    ):
        assert [each.id for each in index.concerned(told)] == found


def test_an_index_that_was_handed_out_never_changes() -> None:
    index = JudgementIndex.of(ENTRIES[:6])
    grown = index.with_entry(ENTRIES[6])
    assert (index.revoked, grown.revoked) == ({}, {1: ENTRIES[6]})
    assert grown.with_entry(judgement("lock", "g", id=8)).naming[("records", "g")] == (6, 8)
    assert grown.naming[("records", "g")] == (6,)
    assert set(grown.judgements) == {1, 2, 3, 4, 5, 6}


def test_the_end_of_a_judgement_is_the_first_of_its_ends() -> None:
    index = JudgementIndex.of(ENTRIES)
    assert index.end(ENTRIES[0]) == day(2)
    assert index.end(ENTRIES[5]) is None
    assert index.end(judgement("lock", "g", id=6, expires=day(9))) == day(9)
    assert index.end(judgement("lock", "g", id=1, expires=day(1))) == day(1)
    assert index.end(judgement("lock", "g", id=1, expires=day(9))) == day(2)
