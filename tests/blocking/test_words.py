"""Blocking on shared words, q-grams, endings and elements: counts, warnings, arguments, how strategies are written.

The pairs themselves, against brute force: laws/test_blocking.py.
"""

from __future__ import annotations

import warnings
from typing import Any

import attrs
import numpy as np
import pytest

import identigraph as ig
from identigraph import Pairs, Records, block_on, daitch_mokotoff, derive, first_token, words_of
from identigraph.blocking import (
    BlockReport,
    Candidates,
    any_shared,
    blocks,
    qgrams_of,
    suffixes_of,
)
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)

TITLES = ["red vmcc1b mount", "mount vmcc1b", "red mount", "mount", "zebra", None]
LISTS = {
    "list": [["B@x.com", "a@x.com"], ["b@x.com"], [], None, ["a@x.com", "c@x.com"], ["c@x.com", "c@x.com"]],
    "set": [{"B@x.com", "a@x.com"}, {"b@x.com"}, set(), None, {"a@x.com", "c@x.com"}, {"c@x.com"}],
    "text": ["B@x.com; a@x.com", "b@x.com;", ";", None, "a@x.com;c@x.com", "c@x.com ; c@x.com"],
    "lists of text": [["B@x.com;a@x.com"], ["b@x.com"], [], None, ["a@x.com", ";c@x.com"], ["c@x.com"]],
}
SHARED = {(0, 1), (0, 4), (4, 5)}
"""The rows of `LISTS` that share an element."""


@pytest.fixture(scope="module")
def records() -> Records:
    """Return titles with one word of two records, one of two, one of four and one of one."""
    return Records.of({"title": TITLES})


def listed(found: Candidates) -> list[tuple[int, int]]:
    return [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]


def in_input(records: Records, found: Candidates) -> set[tuple[int, int]]:
    """Return the pairs as rows of the input."""
    return {tuple(sorted((int(records.position[i]), int(records.position[j])))) for i, j in listed(found)}


# ---- words


def test_words_above_the_cap_are_purged_and_counted(records: Records) -> None:
    found = words_of("title", max_block=3).candidates(records)
    (report,) = found.reports
    assert (found.cost, report.pairs, report.blocks, report.largest) == (2, 2, 3, 4)
    assert (report.keyed, report.hot_blocks, report.hot_records, report.hot_pairs, report.stranded) == (5, 1, 4, 6, 1)
    assert report.part == "words_of('title', max_block=3)"


def test_records_of_two_purged_words_are_counted_once_and_their_pairs_for_each_word() -> None:
    records = Records.of({"title": ["a b", "a b", "a b", "a"]})
    with pytest.warns(EmptyBlockingWarning, match="every block, 2 in all, is hot and was left out"):
        found = words_of("title", max_block=2).candidates(records)
    shown = "words_of('title', max_block=2)"
    counted = {"hot_blocks": 2, "hot_records": 4, "hot_pairs": 3 + 6, "stranded": 4}
    assert found.reports == (BlockReport(shown, 0, 4, 2, 4, **counted),)
    assert (listed(found), found.cost) == ([], 0)


def test_a_pair_comes_once_by_left_row_however_many_words_it_shares(records: Records) -> None:
    found = words_of("title", max_block=4).candidates(records)
    assert (found.cost, found.reports[0].largest) == (1 + 1 + 6, 4)
    assert listed(found) == sorted(set(listed(found)))
    assert in_input(records, found) == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}


def test_a_pair_of_several_words_comes_once_in_batches_of_one_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BATCH", 1)
    found = words_of("title").candidates(Records.of({"title": ["red car", "car red"]}))
    assert found.cost == 2
    assert [len(pairs) for pairs in found] == [1]


def test_what_stands_between_spaces_that_follow_one_another_is_no_word() -> None:
    spaced = derive(lambda title: f"  {title}  ", "title")
    assert words_of(spaced).candidates(Records.of({"title": ["red", "blue", "red"]})).cost == 1


def test_words_of_a_derived_feature_and_of_a_text_nobody_has() -> None:
    records = Records.of({"title": ["red car", "red bus", "car red"], "remark": [None, None, ""]})
    assert words_of(first_token("title")).candidates(records).cost == 1
    with pytest.warns(EmptyBlockingWarning, match="finds no pair: what it reads is missing in all 3 records") as told:
        nothing = words_of("remark").candidates(records)
    assert [w.filename for w in told] == [__file__]
    assert (nothing.cost, list(nothing)) == (0, [])
    assert nothing.holds(Pairs.of([0, 1], [1, 2])).tolist() == [False, False]
    assert (nothing.reports[0].keyed, nothing.reports[0].blocks) == (0, 0)


def test_words_of_several_texts_count_alike_whichever_they_stand_in() -> None:
    records = Records.of({"a": ["red car", None, "blue", None], "b": ["x", "red bus", "car", None]})
    assert in_input(records, words_of("a", "b").candidates(records)) == {(0, 1), (0, 2)}
    with pytest.warns(EmptyBlockingWarning):
        assert listed(words_of("a").candidates(records)) == []


def test_purging_that_leaves_few_without_a_word_is_usual_and_not_told() -> None:
    """Of 140 records 20 are more than a tenth, but not more than twenty; 30 are both."""
    many, rare = ["ace"] * 60, [f"w{i // 2}" for i in range(140)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        titles = [f"{word} {rare[i] if i >= 20 else ''}" for i, word in enumerate(many)] + rare[60:]
        (report,) = words_of("title").candidates(Records.of({"title": titles})).reports
        assert (report.keyed, report.stranded, report.hot_blocks) == (140, 20, 1)
    titles = [f"{word} {rare[i] if i >= 30 else ''}" for i, word in enumerate(many)] + rare[60:]
    with pytest.warns(HotBlockWarning, match="1,770 pairs are not compared and 30 records with nothing"):
        words_of("title").candidates(Records.of({"title": titles}))


def test_hot_words_may_be_capped_split_or_refused() -> None:
    records = Records.of({"t": ["red"] * 30, "city": ["a", "b"] * 15})
    with pytest.warns(HotBlockWarning, match="were thinned out: 1 in all, the largest of 30; 190 pairs are not"):
        assert words_of("t", max_block=20, hot="cap").candidates(records).cost == 245
    with pytest.warns(HotBlockWarning, match="were split: 1 in all, the largest of 30; 225 pairs are not compared;"):
        assert words_of("t", max_block=20, hot="split", split_by=("city",)).candidates(records).cost == 210
    with pytest.raises(HotBlockError, match=r"puts 30 records into one block \(435 pairs\), above its cap of 20;"):
        words_of("t", max_block=20, hot="raise").candidates(records)


def test_quiet_words_do_not_warn_and_are_equal_to_others() -> None:
    quiet = attrs.evolve(words_of("a"), quiet=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert quiet.candidates(Records.of({"a": ["x", "y"]})).cost == 0
    assert quiet == words_of("a")
    assert repr(quiet) == "words_of('a')"


# ---- q-grams, endings, and the rarest pieces of each


def test_texts_that_share_so_many_letters_in_a_row_are_paired() -> None:
    records = Records.of({"name": ["anderson", "andersen", "sanders", "an", "an", "sonander", None]})
    near = {(0, 1), (0, 2), (1, 2), (0, 5), (1, 5), (2, 5)}
    assert in_input(records, qgrams_of("name", q=4).candidates(records)) == {*near, (3, 4)}
    assert in_input(records, qgrams_of("name", q=7).candidates(records)) == {(3, 4)}


def test_texts_that_share_an_ending_are_paired() -> None:
    records = Records.of({"name": ["catherina", "katherina", "marina", "rina", "ina", "ina"]})
    five = suffixes_of("name").candidates(records)
    assert in_input(records, five) == {(0, 1)}
    assert five.cost == 4, "herina, erina, atherina, therina: a pair counts once for each ending it shares"
    four = {(i, j) for i in range(4) for j in range(i + 1, 4)}
    assert in_input(records, suffixes_of("name", shortest=4).candidates(records)) == four
    three = suffixes_of("name", shortest=3, max_block=3).candidates(records)
    assert in_input(records, three) == {(0, 1)}


def test_q_grams_and_endings_run_across_joined_texts() -> None:
    records = Records.of({"a": ["xx", "yy", "q"], "b": ["zz", "zz", None]})
    assert in_input(records, suffixes_of("a", "b", shortest=3).candidates(records)) == {(0, 1)}
    assert in_input(records, qgrams_of("a", "b", q=3).candidates(records)) == {(0, 1)}


def test_records_keep_only_their_rarest_pieces_where_that_is_asked_for() -> None:
    """Rare: x of 0 and 1, y of 1 and 2; c of all. 0.5 of two words is one, of three two; 0.6 of two is two."""
    records = Records.of({"t": ["c x", "c x y", "c y", "c"]})
    assert in_input(records, words_of("t").candidates(records)) == {(i, j) for i in range(4) for j in range(i + 1, 4)}
    found = words_of("t", keep=0.5).candidates(records)
    assert in_input(records, found) == {(0, 1), (1, 2)}
    assert found.reports == (BlockReport("words_of('t', keep=0.5)", 2, 4, 2, 2),)
    assert in_input(records, words_of("t", keep=0.6).candidates(records)) == {(0, 1), (1, 2), (0, 2), (0, 3), (2, 3)}


# ---- elements


@pytest.mark.parametrize("form", LISTS)
def test_records_whose_lists_share_an_element_are_paired(form: str) -> None:
    records = Records.of({"mails": LISTS[form]})
    separator = ";" if "text" in form else None
    found = any_shared("mails", separator=separator).candidates(records)
    assert in_input(records, found) == SHARED
    (report,) = found.reports
    assert (report.keyed, report.blocks, report.largest, report.pairs) == (4, 3, 2, 3)


def test_single_values_are_lists_of_one() -> None:
    records = Records.of({"mail": ["a", "b", "a", None, "A"]})
    assert in_input(records, any_shared("mail").candidates(records)) == {(0, 2), (0, 4), (2, 4)}
    assert sorted(listed(block_on("mail").candidates(records))) == listed(any_shared("mail").candidates(records))


def test_elements_may_be_read_by_a_field_and_derived() -> None:
    mails = [["Ann <ann@x.com>", "bob@y.com"], ["ANN@X.COM"], ["ann@z.com"]]
    records = Records.of({"mails": mails}, fields={"m": ig.fields.Email("mails")})
    assert in_input(records, any_shared("m").candidates(records)) == {(0, 1)}
    assert in_input(records, any_shared(ig.prefix("m", 3)).candidates(records)) == {(0, 1), (0, 2), (1, 2)}


def test_hot_elements_are_capped_and_told_unless_something_else_is_said() -> None:
    records = Records.of({"tags": [["new", f"t{i}"] for i in range(30)]})
    with pytest.warns(
        HotBlockWarning, match="were thinned out: 1 in all, the largest of 30; 190 pairs are not compared;"
    ):
        assert any_shared("tags", max_block=20).candidates(records).cost == 245
    with pytest.warns(HotBlockWarning, match=r"were left out: 1 in all, .* and 30 records with nothing;") as told:
        assert any_shared("tags", max_block=20, hot="skip").candidates(records).cost == 0
    assert len(told) == 1
    assert any_shared("tags").policy.max_block == 1_000


# ---- arguments


@pytest.mark.parametrize("max_block", [1, 0, -3, True, 2.5, None, "50"])
@pytest.mark.parametrize("make", [words_of, block_on, qgrams_of, suffixes_of, any_shared])
def test_a_cap_is_a_whole_number_of_at_least_two(make: Any, max_block: object) -> None:
    with pytest.raises(RangeError, match="max_block must lie between 2 and inf, got") as caught:
        make("title", max_block=max_block)
    assert str(caught.value).endswith(repr(max_block))


@pytest.mark.parametrize("feature", [3, None, ("title",)])
@pytest.mark.parametrize("make", [words_of, qgrams_of, suffixes_of, any_shared])
def test_a_text_is_a_name_or_a_derived_feature(make: Any, feature: object) -> None:
    with pytest.raises(ConfigurationError, match=f"^{make.__name__} takes names and derived features, got"):
        make(feature)


@pytest.mark.parametrize("make", [words_of, qgrams_of, suffixes_of])
def test_pieces_are_of_at_least_one_text(make: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"^{make.__name__} needs at least one feature"):
        make()


@pytest.mark.parametrize("make", [words_of, qgrams_of, suffixes_of])
@pytest.mark.parametrize("keep", [0, -0.5, 1.1, True, None, np.nan])
def test_the_share_to_keep_lies_above_0_and_up_to_1(make: Any, keep: Any) -> None:
    with pytest.raises(RangeError, match=r"^keep must lie between 0 and 1, got"):
        make("title", keep=keep)


@pytest.mark.parametrize("length", [0, 21, 2.0, True, None])
def test_a_length_lies_between_1_and_20(length: Any) -> None:
    with pytest.raises(RangeError, match=r"^q must lie between 1 and 20, got"):
        qgrams_of("title", q=length)
    with pytest.raises(RangeError, match=r"^shortest must lie between 1 and 20, got"):
        suffixes_of("title", shortest=length)


@pytest.mark.parametrize("separator", ["", 3, [";"]])
def test_a_separator_is_a_text_of_at_least_one_character(separator: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^separator must be a text of at least one character, got") as caught:
        any_shared("tags", separator=separator)
    assert str(caught.value).endswith(repr(separator))


@pytest.mark.parametrize("make", [words_of, block_on, qgrams_of, suffixes_of, any_shared])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hot": "purge"}, "^hot must be 'cap', 'split', 'skip' or 'raise', got 'purge'$"),
        ({"hot": "split"}, "^hot='split' needs features to split by"),
        ({"hot": "cap", "split_by": ("city",)}, "^split_by is for hot='split', got hot='cap'$"),
        ({"hot": "split", "split_by": (3,)}, " takes names and derived features, got int$"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_every_maker(make: Any, options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        make("title", **options)
    assert " takes " not in message or str(caught.value).startswith(make.__name__)


@pytest.mark.parametrize("make", [words_of, qgrams_of, suffixes_of, any_shared])
def test_an_unknown_text_is_an_error_with_a_hint(records: Records, make: Any) -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'titel'; did you mean 'title'"):
        make("titel").candidates(records)


SHOWN = [
    "words_of('title')",
    "words_of('title', soundex('name'), max_block=9, hot='cap', keep=0.5)",
    "qgrams_of('title', q=4)",
    "qgrams_of('title', q=3, max_block=60, hot='split', split_by=('city', year('born')), keep=0.8)",
    "suffixes_of('title', shortest=5)",
    "suffixes_of('title', 'name', shortest=6, hot='raise')",
    "any_shared('mails')",
    "any_shared(prefix('mails', 3), separator=';', max_block=50, hot='skip')",
]


@pytest.mark.parametrize("shown", SHOWN)
def test_a_strategy_shows_as_the_call_that_makes_it(shown: str) -> None:
    strategy = eval(shown, {**vars(ig), **vars(ig.blocking)})  # noqa: S307
    assert repr(strategy) == shown
    again = eval(shown, {**vars(ig), **vars(ig.blocking)})  # noqa: S307
    assert strategy == again
    assert hash(strategy) == hash(again)


def test_strategies_of_other_kinds_and_settings_differ() -> None:
    space = {**vars(ig), **vars(ig.blocking)}
    assert len({eval(shown, space) for shown in SHOWN}) == len(SHOWN)  # noqa: S307
    assert words_of("a") != qgrams_of("a", q=1)


def test_any_of_several_phonetic_codes_is_enough() -> None:
    """Auerbach has two Daitch-Mokotoff codes, Auerbak one of them."""
    records = Records.of({"surname": ["Auerbach", "Auerbak", "Moskowitz"]})
    found = any_shared(daitch_mokotoff("surname"), separator=" ").candidates(records)
    assert [p.left.tolist() + p.right.tolist() for p in found] == [sorted(_rows(records, "auerbach", "auerbak"))]


def _rows(records: Records, *surnames: str) -> list[int]:
    column = records.column("surname")
    return [int(np.flatnonzero(column.codes == column.values.to_list().index(name))[0]) for name in surnames]
