"""Blocking on equal keys: hot blocks, warnings, reports, and arguments that make no sense.

The pairs themselves, against brute force: laws/test_blocking.py.
"""

from __future__ import annotations

import warnings

import attrs
import numpy as np
import pytest

from identigraph import Records, all_pairs, block_on, no_pairs, prefix
from identigraph.blocking import BlockReport, Candidates, KeyBlocking
from identigraph.blocking.hot import NEIGHBORS, HotPolicy
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
)


def listed(found: Candidates) -> list[tuple[int, int]]:
    return [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]


@pytest.fixture(scope="module")
def records() -> Records:
    """Return a block of 30, one of 12, one of 3, a record alone and one without a key."""
    city = ["a"] * 30 + ["b"] * 12 + ["c"] * 3 + ["d", None]
    return Records.of({"city": city, "number": list(range(len(city)))})


def test_a_capped_block_pairs_each_record_with_its_ten_next_in_row_order(records: Records) -> None:
    with pytest.warns(HotBlockWarning):
        found = block_on("city", max_block=11).candidates(records)
    codes = records.column("city").codes
    rows = {code: np.flatnonzero(codes == code).tolist() for code in range(3)}
    near = {(block[i], later) for block in rows.values() for i in range(len(block)) for later in block[i + 1 : i + 11]}
    assert NEIGHBORS == 10
    assert sorted(listed(found)) == sorted(near)


def test_a_capped_block_is_counted_with_the_pairs_it_makes_and_those_it_loses(records: Records) -> None:
    with pytest.warns(HotBlockWarning) as told:
        found = block_on("city", max_block=11).candidates(records)
    kept, lost = 245 + 65 + 3, (435 - 245) + (66 - 65)
    assert len(listed(found)) == found.cost == kept
    shown = "block_on('city', max_block=11)"
    assert found.reports == (BlockReport(shown, kept, 46, 3, 30, hot_blocks=2, hot_records=42, hot_pairs=lost),)
    (warning,) = told
    assert str(warning.message) == (
        "block_on('city', max_block=11): blocks of more than 11 records were thinned out: 2 in all, the largest of 30; "
        "191 pairs are not compared; add a feature to the key, or raise max_block"
    )
    assert warning.filename == __file__


def test_a_skipped_block_makes_no_pair_and_is_counted_with_all_it_loses(records: Records) -> None:
    with pytest.warns(HotBlockWarning, match="30; 435 pairs are not compared and 30 records with nothing;"):
        found = block_on("city", max_block=20, hot="skip").candidates(records)
    assert len(listed(found)) == found.cost == 66 + 3
    shown = "block_on('city', max_block=20, hot='skip')"
    lost = {"hot_blocks": 1, "hot_records": 30, "hot_pairs": 435, "stranded": 30}
    assert found.reports == (BlockReport(shown, 69, 46, 3, 30, **lost),)


def test_a_refused_block_is_an_error_with_its_numbers(records: Records) -> None:
    with pytest.raises(HotBlockError) as caught:
        block_on("city", max_block=11, hot="raise").candidates(records)
    assert str(caught.value) == (
        "blocking key block_on('city', max_block=11, hot='raise') puts 30 records into one block (435 pairs), above "
        "its cap of 11; add a field to the key, or choose hot='split', 'cap' or 'skip'"
    )
    assert (caught.value.size, caught.value.pairs, caught.value.cap) == (30, 435, 11)
    assert block_on("city", max_block=30, hot="raise").candidates(records).cost == 435 + 66 + 3


def test_large_numbers_in_warnings_have_thousands() -> None:
    records = Records.of({"city": ["a"] * 1_101})
    with pytest.warns(HotBlockWarning, match=r"more than 1,000 .*the largest of 1,101; 594,595 pairs are not compared"):
        block_on("city").candidates(records)


def test_a_block_of_the_size_of_the_cap_is_not_hot(records: Records) -> None:
    (report,) = block_on("city", max_block=30).candidates(records).reports
    assert (report.hot_blocks, report.hot_records, report.hot_pairs) == (0, 0, 0)


def test_a_hot_block_in_which_all_are_neighbors_loses_nothing_and_does_not_warn() -> None:
    found = block_on("a", max_block=2).candidates(Records.of({"a": ["x"] * 11}))
    assert len(listed(found)) == found.cost == 55
    assert (found.reports[0].hot_blocks, found.reports[0].hot_pairs) == (1, 0)


def test_a_key_that_nobody_shares_warns_with_counts() -> None:
    records = Records.of({"a": ["x", "y", None], "b": ["p", "p", "p"]})
    with pytest.warns(EmptyBlockingWarning) as told:
        found = block_on("a", "b").candidates(records)
    (warning,) = told
    assert str(warning.message) == "block_on('a', 'b') finds no pair: 2 of 3 records have a key, and no two share one"
    assert warning.filename == __file__
    assert listed(found) == []


def test_quiet_keys_neither_warn_nor_differ_from_others(records: Records) -> None:
    quiet = KeyBlocking(("city",), HotPolicy(11), quiet=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert quiet.candidates(records).reports[0].hot_blocks == 2
        assert KeyBlocking(("number",), quiet=True).candidates(records).cost == 0
    assert quiet == block_on("city", max_block=11)
    assert repr(quiet) == "block_on('city', max_block=11)"
    with pytest.raises(HotBlockError):
        attrs.evolve(quiet, policy=HotPolicy(11, "raise")).candidates(records)


def test_the_blocks_of_a_key_are_called_by_its_values() -> None:
    records = Records.of({"a": ["Ann", "bob", "ann", None, "bob"], "b": ["x", "y", "x", "x", "z"]})
    blocks = block_on("a", prefix("b", 1)).blocks(records)
    every = np.arange(len(blocks.sizes))
    assert dict(zip(blocks.names(every).to_list(), blocks.sizes.tolist(), strict=True)) == {
        "ann | x": 2,
        "bob | y": 1,
        "bob | z": 1,
    }
    block, row = blocks.rows(blocks.sizes > 1)
    assert (blocks.names(block[:1]).to_list(), len(row)) == (["ann | x"], 2)
    assert set(records.column("a").decoded().gather(row)) == {"ann"}


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_all_pairs_are_all_and_no_pairs_none_for_any_number_of_records(n: int) -> None:
    records = Records.of({"a": list(range(n))})
    everything, nothing = all_pairs().candidates(records), no_pairs().candidates(records)
    assert listed(everything) == [(i, j) for i in range(n) for j in range(i + 1, n)]
    assert everything.reports[0].part == "all_pairs()"
    assert (listed(nothing), nothing.cost, nothing.reports[0].part) == ([], 0, "no_pairs()")


@pytest.mark.parametrize("n", [0, 1])
def test_a_key_of_no_record_or_one_has_nothing_to_warn_of(n: int) -> None:
    assert listed(block_on("a").candidates(Records.of({"a": ["x"][:n]}))) == []


def test_all_pairs_of_many_records_are_no_hot_block() -> None:
    found = all_pairs().candidates(Records.of({"a": ["x"] * 1_200}))
    assert (found.cost, found.reports[0].hot_blocks) == (1_200 * 1_199 // 2, 0)


def test_keys_of_no_feature_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^block_on needs at least one feature, for example block_on\('name'\)$"
    ):
        block_on()


@pytest.mark.parametrize("feature", [3, None, ["a", "b"], True])
def test_a_feature_is_a_name_or_derived(feature: object) -> None:
    with pytest.raises(ConfigurationError, match="block_on takes names and derived features, got") as caught:
        block_on("a", feature)
    assert str(caught.value).endswith(type(feature).__name__)


@pytest.mark.parametrize("hot", ["drop", "", None, "CAP"])
def test_an_unknown_policy_is_refused(hot: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^hot must be 'cap', 'split', 'skip' or 'raise', got ") as caught:
        block_on("a", hot=hot)
    assert str(caught.value).endswith(repr(hot))


@pytest.mark.parametrize("feature", ["emial", prefix("emial", 3)])
def test_an_unknown_column_is_an_error_with_a_hint(feature: object) -> None:
    records = Records.of({"email": ["x", "x"], "city": ["a", "a"]})
    with pytest.raises(ColumnNotFoundError, match="no field or column 'emial'; did you mean 'email'"):
        block_on("city", feature).candidates(records)
