"""Which text tells siblings apart, and which numbers editions differ in."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.comparing import exact, number, siblings
from identigraph.comparing.siblings import FEWEST_PAIRS, Sharing, naming_text, sharing, steady

VALUES = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=8, max_size=8)


@given(VALUES, VALUES)
def test_sharing_counts_the_pairs_that_are_equal_on_the_one_and_differ_on_the_other(one, other) -> None:
    equal = [(i, j) for i, j in combinations(range(8), 2) if one[i] is not None and one[i] == one[j]]
    known = [(i, j) for i, j in equal if other[i] is not None and other[j] is not None]
    differ = sum(other[i] != other[j] for i, j in known)
    present = sum(value is not None for value in one)
    told = sharing(Records.of({"one": one, "other": other}), exact("one"), exact("other"))
    expected = (2 * differ / max(present, 1), differ / max(len(known), 1))
    assert (told.each, told.share) == pytest.approx(expected)


def test_records_are_compared_with_the_next_ones_of_their_value_only(monkeypatch) -> None:
    table = {"one": ["a"] * 6, "other": [f"v{i}" for i in range(6)]}
    monkeypatch.setattr(siblings, "PEERS", 2)
    assert sharing(Records.of(table), exact("one"), exact("other")) == Sharing(2 * (5 + 4) / 6, 1.0)


def test_of_many_records_whole_values_are_looked_at(monkeypatch) -> None:
    """Every fourth value is; all its records agree with each other, and with no others."""
    table = {"one": [f"v{i:02}" for i in range(20) for _ in range(2)], "other": [str(i) for i in range(40)]}
    monkeypatch.setattr(siblings, "LOOKED_AT", 10)
    seen = []
    other = exact("other")

    class Watched:
        name = "other"

        def levels(self, records, pairs):
            seen.append(len(pairs))
            return other.levels(records, pairs)

    assert sharing(Records.of(table), exact("one"), Watched()) == Sharing(1.0, 1.0)
    assert seen == [5]


@pytest.mark.parametrize(
    ("songs", "bands", "expected"),
    [
        ("abcdef", "xxxyyy", "song"),
        ("xxxyyy", "abcdef", "band"),
        ("abcdef", "xxyyzz", "song"),
        ("abcdef", "xxyyzw", None),
        ("abcabc", "xxxyyy", None),
        ("aabcde", "xxxyyy", "song"),
        ("ababab", "xxyyzz", None),
        ("aaaaaa", "xxxxxx", None),
    ],
)
def test_the_text_that_differs_more_often_names_things_where_records_have_a_sibling_each(
    songs, bands, expected
) -> None:
    records = Records.of({"song": list(songs), "band": list(bands)})
    assert naming_text(records, [exact("song"), exact("band")]) == expected
    assert naming_text(records, [exact("band"), exact("song")]) == expected


def test_a_text_alone_has_no_siblings() -> None:
    records = Records.of({"song": list("abc")})
    assert naming_text(records, [exact("song")]) is None
    assert naming_text(records, []) is None


@pytest.mark.parametrize(
    ("pairs", "different", "expected"),
    [(FEWEST_PAIRS, 0, ("n",)), (FEWEST_PAIRS - 1, 0, ()), (40, 10, ("n",)), (40, 11, ())],
)
def test_a_number_is_steady_where_enough_pairs_tell_and_three_of_four_agree(pairs, different, expected) -> None:
    numbers = ["200" if i % 2 and i < 2 * different else "100" for i in range(2 * pairs)]
    table = {"a": [f"a{i // 2}" for i in range(2 * pairs)], "b": ["b"] * (2 * pairs), "n": numbers}
    records = Records.of(table)
    assert steady(records, ["a", "b"], [number("n")]) == expected


def test_numbers_are_told_by_records_that_are_equal_on_all_texts() -> None:
    table = {"a": [f"a{i // 2}" for i in range(80)], "b": ["b"] * 80, "n": [str(10 ** (i // 2 % 9)) for i in range(80)]}
    records = Records.of(table)
    assert steady(records, ["a", "b"], [number("n")]) == ("n",)
    assert steady(records, ["b"], [number("n")]) == ()
