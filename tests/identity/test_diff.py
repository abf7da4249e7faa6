"""Two crosswalks differ in what is one, what fell apart, and which records changed sides; not in names."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from made_histories import groups, partitions, table

from identigraph.errors import ConfigurationError
from identigraph.identity import diff


def crosswalk(text: str) -> dict[str, list[str]]:
    """Return a crosswalk from its entities: ``"A=ab B=c"``."""
    entities = [part.split("=") for part in text.split()]
    rows = [(letter, label) for label, letters in entities for letter in letters]
    return {"record_id": [row[0] for row in rows], "entity_id": [row[1] for row in rows]}


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ("A=ab B=c", "1=ab 2=c", []),
        ("A=ab B=c", "1=abc", [("merge", ["A", "B"], ["1"], "")]),
        ("A=ab", "1=a 2=b", [("split", ["A"], ["1", "2"], "")]),
        ("A=abc B=d", "1=ab 2=cd", [("move", ["A"], ["2"], "c")]),
        ("A=a", "1=a 2=b", [("created", [], ["2"], "b")]),
        ("A=a B=b", "1=a", [("gone", ["B"], [], "b")]),
        ("A=a", "1=ab", [("grew", ["A"], ["1"], "b")]),
        ("A=abc", "1=a", [("shrank", ["A"], ["1"], "bc")]),
        ("A=ab", "1=a 2=bc", [("split", ["A"], ["1", "2"], ""), ("grew", [], ["2"], "c")]),
        ("A=ab B=cd C=ef", "1=acd 2=bef", [
            ("split", ["A"], ["1", "2"], ""),
            ("move", ["A"], ["1"], "a"),
            ("move", ["A"], ["2"], "b"),
        ]),
        ("A=abc B=defg C=hij", "1=abdefg 2=chij", [("merge", ["B", "A"], ["1"], ""), ("move", ["A"], ["2"], "c")]),
        ("A=ab B=cde", "1=bcde", [("merge", ["B", "A"], ["1"], ""), ("shrank", ["A"], [], "a")]),
    ],
)  # fmt: skip
def test_each_difference_is_a_row(before, after, rows) -> None:
    found = diff(crosswalk(before), crosswalk(after)).table.to_polars()
    assert [(change, old, new, "".join(ids)) for change, old, new, _, ids in found.iter_rows()] == rows


def test_counts_are_of_entities_but_of_moves_records() -> None:
    found = diff(crosswalk("A=abc B=defg C=h D=i E=j F=k"), crosswalk("1=a 2=bcdefg 3=hi 5=j 7=z"))
    assert found.counts == {"merge": 1, "split": 0, "move": 2, "created": 1, "gone": 1, "grew": 0, "shrank": 0}
    assert repr(found) == ("<Diff: 6 -> 5 entities; 1 merge, 2 records moved, 1 created, 1 gone, 1 unchanged>")
    assert (found.before, found.after, found.unchanged, len(found)) == (6, 5, 1, 4)
    assert "merge" in found._repr_html_()


def test_crosswalks_that_say_the_same_do_not_differ() -> None:
    same = diff(crosswalk("A=ab"), SimpleNamespace(crosswalk=crosswalk("B=ab")))
    assert repr(same) == "<Diff: 1 -> 1 entities; 1 unchanged>"
    assert same.table.columns == ["change", "before", "after", "sources", "record_ids"]


def test_ids_like_those_it_makes_for_new_entities_do_no_harm() -> None:
    assert diff({"record_id": ["a"], "entity_id": ["new 0"]}, crosswalk("new=a x=b")).counts["created"] == 1


def test_crosswalks_of_other_sources_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="none in common"):
        diff({**crosswalk("A=a"), "source": ["crm"]}, crosswalk("A=a"))


@given(partitions(), partitions())
def test_unchanged_are_the_clusters_that_both_have(before, after) -> None:
    found = diff(table(before), table(after))
    assert found.unchanged == len(groups(before) & groups(after))
    assert (found.before, found.after) == (len(groups(before)), len(groups(after)))
    assert bool(found.table) == (groups(before) != groups(after))


@given(partitions(), partitions())
def test_the_other_way_round_what_was_created_is_gone(before, after) -> None:
    there, back = (diff(table(a), table(b)).counts for a, b in ((before, after), (after, before)))
    assert (there["created"], there["gone"]) == (back["gone"], back["created"])
