"""Jitter counts surviving records whose id changed, and which of them true merges explain."""

from __future__ import annotations

import pytest

from identigraph.identity import Jitter, jitter


def counted(before: str, after: str) -> tuple[int, int, int]:
    """Return the jitter of records whose ids are the letters; a dot is a record that is not there."""
    sides = [
        {"record_id": [i for i, e in enumerate(ids) if e != "."], "entity_id": [e for e in ids if e != "."]}
        for ids in (before, after)
    ]
    found = jitter(*sides)
    return found.records, found.by_merges, found.otherwise


@pytest.mark.parametrize(
    ("before", "after", "expected", "because"),
    [
        ("AAB", "AAB", (3, 0, 0), "nothing changed"),
        ("AAB", "AAA", (3, 1, 0), "B was merged into A"),
        ("AAB", "BBB", (3, 2, 0), "A was merged into B"),
        ("AAB", "CCB", (3, 0, 2), "A was renamed"),
        ("AAB", "CCC", (3, 0, 3), "both were renamed, though they are one"),
        ("AABB", "BBAA", (4, 0, 4), "two ids were exchanged"),
        ("AABBC", "BBCCC", (5, 0, 4), "A is called B now, and B is called C"),
        ("AAABC", "BBCBC", (5, 2, 1), "most of A is in B, the rest moved"),
        ("AABC", "BCBC", (4, 0, 2), "A was divided"),
        ("AAAB", "ABBB", (4, 0, 2), "A lives on"),
        ("AAB.", "AA.C", (2, 0, 0), "records that came or left do not count"),
        ("...", "AAB", (0, 0, 0), "nothing survived"),
        ("A.", ".A", (0, 0, 0), "other records under the same id"),
    ],
)
def test_changed_ids_are_counted_by_their_reason(before, after, expected, because) -> None:
    assert counted(before, after) == expected, because


def test_shares_are_of_the_records_that_survived() -> None:
    found = Jitter(records=4, by_merges=2, otherwise=1)
    assert (found.share, found.apart_from_merges) == (0.75, 0.25)
    assert (Jitter(0, 0, 0).share, Jitter(0, 0, 0).apart_from_merges) == (0, 0)


def test_records_are_told_by_source_and_id() -> None:
    before = {"source": ["crm", "web"], "record_id": [1, 1], "entity_id": ["A", "B"]}
    after = {"source": ["web", "crm"], "record_id": ["1", "1"], "entity_id": ["B", "A"]}
    assert jitter(before, after) == Jitter(2, 0, 0)
