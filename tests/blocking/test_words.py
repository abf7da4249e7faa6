"""Blocking on shared words: purged words, counts, and what is no text. The pairs themselves: laws/test_blocking.py."""

from __future__ import annotations

import pytest

from identigraph import Pairs, Records, block_on, derive, first_token, words_of
from identigraph.blocking import candidates
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError

TITLES = ["red vmcc1b mount", "mount vmcc1b", "red mount", "mount", "zebra", None]


@pytest.fixture(scope="module")
def records() -> Records:
    """Return titles with one word of two records, one of two, one of four and one of one."""
    return Records.of({"title": TITLES})


def titles(records: Records, pairs: Pairs) -> list[set[str]]:
    values = records.table.get_column("title")
    return [{values[i], values[j]} for i, j in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]


def test_words_above_the_cap_are_purged_and_counted(records: Records) -> None:
    found = words_of("title", max_block=3).candidates(records)
    (report,) = found.reports
    assert (found.cost, report.pairs, report.blocks, report.largest) == (2, 2, 2, 2)
    assert (report.keyed, report.hot_blocks, report.hot_records, report.hot_pairs) == (5, 1, 4, 6)
    assert report.part == "words_of('title', max_block=3)"


def test_records_of_two_purged_words_are_counted_once_and_their_pairs_for_each_word() -> None:
    records = Records.of({"title": ["a b", "a b", "a b", "a"]})
    (report,) = words_of("title", max_block=2).candidates(records).reports
    assert (report.pairs, report.blocks, report.largest) == (0, 0, 0)
    assert (report.hot_blocks, report.hot_records, report.hot_pairs) == (2, 4, 3 + 6)


def test_a_pair_comes_once_at_the_rarest_word_it_shares(records: Records) -> None:
    found = words_of("title", max_block=4).candidates(records)
    assert (found.cost, found.reports[0].largest) == (1 + 1 + 6, 4)
    (pairs,) = found
    listed = titles(records, pairs)
    assert {frozenset(pair) for pair in listed[:2]} == {
        frozenset({"red vmcc1b mount", "red mount"}),
        frozenset({"red vmcc1b mount", "mount vmcc1b"}),
    }
    assert len(listed) == 6


def test_a_batch_of_pairs_that_all_came_before_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "BATCH", 1)
    found = words_of("title").candidates(Records.of({"title": ["red car", "car red"]}))
    assert found.cost == 2
    assert [len(pairs) for pairs in found] == [1]


def test_what_stands_between_spaces_that_follow_one_another_is_no_word() -> None:
    spaced = derive(lambda title: f"  {title}  ", "title")
    assert words_of(spaced).candidates(Records.of({"title": ["red", "blue", "red"]})).cost == 1


def test_words_of_a_derived_feature_and_of_a_text_nobody_has() -> None:
    records = Records.of({"title": ["red car", "red bus", "car red"], "remark": [None, None, ""]})
    assert words_of(first_token("title")).candidates(records).cost == 1
    nothing = words_of("remark").candidates(records)
    assert (nothing.cost, list(nothing)) == (0, [])
    assert nothing.holds(Pairs.of([0, 1], [1, 2])).tolist() == [False, False]
    assert (nothing.reports[0].keyed, nothing.reports[0].blocks) == (0, 0)


@pytest.mark.parametrize("max_block", [1, 0, -3, True, 2.5, None, "50"])
@pytest.mark.parametrize("make", [words_of, block_on])
def test_a_cap_is_a_whole_number_of_at_least_two(make: object, max_block: object) -> None:
    with pytest.raises(RangeError, match="max_block must lie between 2 and inf, got") as caught:
        make("title", max_block=max_block)
    assert str(caught.value).endswith(repr(max_block))


@pytest.mark.parametrize("feature", [3, None, ("title",)])
def test_a_text_is_a_name_or_a_derived_feature(feature: object) -> None:
    with pytest.raises(ConfigurationError, match="words_of takes names and derived features, got"):
        words_of(feature)


def test_an_unknown_text_is_an_error_with_a_hint(records: Records) -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'titel'; did you mean 'title'"):
        words_of("titel").candidates(records)
