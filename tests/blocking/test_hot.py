"""Hot blocks: what each policy does with them, what it counts, and what is said."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records, block_on, year
from identigraph.blocking import BlockReport, Candidates, HotPolicy, any_shared
from identigraph.blocking.hot import NEIGHBORS, pairs_in_blocks, refuse, split_blocks, tell, tell_empty
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)

Key = tuple[int, ...]
CAP = HotPolicy()


def listed(found: Candidates) -> list[tuple[int, int]]:
    return [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]


def divided(rows: list[int], columns: list[list[int]], max_block: int) -> list[list[int]]:
    """Return the parts of one block, by plain Python."""
    if len(rows) <= max_block or not columns:
        return [rows]
    parts: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        parts[columns[0][row]].append(row)
    return [part for rows in parts.values() for part in divided(rows, columns[1:], max_block)]


# ---- counting and dividing


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(2, 40), st.sampled_from(["cap", "split", "skip", "raise"]))
def test_pairs_in_blocks_are_those_of_counting_one_by_one(sizes: list[int], max_block: int, hot: Any) -> None:
    for size, counted in zip(sizes, pairs_in_blocks(np.array(sizes, dtype=np.int64), max_block, hot), strict=True):
        reach = size if size <= max_block else 0 if hot == "skip" else NEIGHBORS
        assert counted == sum(min(reach, size - 1 - i) for i in range(size))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 2), st.integers(-1, 2), st.integers(-1, 1)), max_size=30),
    st.integers(0, 3),
    st.integers(2, 6),
    st.randoms(use_true_random=False),
)
def test_hot_blocks_are_divided_by_one_column_after_another_as_long_as_a_part_is_hot(
    memberships: list[tuple[int, int, int, int]], used: int, max_block: int, random: Any
) -> None:
    table = np.array(memberships, dtype=np.int64).reshape(-1, 4).T
    block, columns = table[0], [codes.astype(np.int32) for codes in table[1 : 1 + used]]
    before = block.tolist()
    rows = np.array(random.sample(range(len(block)), len(block)), dtype=np.int32)
    found = split_blocks(block, rows, columns, max_block)
    assert block.tolist() == before
    whole: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(before):
        whole[number].append(place)
    by_place = [[int(codes[row]) for row in rows] for codes in columns]
    expected = [part for places in whole.values() for part in divided(places, by_place, max_block)]
    parts: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(found.tolist()):
        parts[number].append(place)
    assert sorted(parts.values()) == sorted(expected)
    cool = [number for number, places in whole.items() if len(places) <= max_block]
    assert all(found[place] == number for number in cool for place in whole[number])


# ---- split, as a caller sees it


@pytest.fixture(scope="module")
def crowd() -> Records:
    """Return 40 records of one city, and 3 of another.

    By district, 24, 6 and 10 without one; the 24 of the first by street, 16 and 8.
    """
    district = ["d"] * 24 + ["e"] * 6 + [None] * 10
    street = ["s"] * 16 + ["t"] * 8 + ["s", "t"] * 8
    return Records.of(
        {
            "city": ["a"] * 40 + ["b"] * 3,
            "cities": [["a", f"c{i}"] for i in range(40)] + [["b"], ["b"], ["b"]],
            "district": [*district, "d", "e", None],
            "street": [*street, "s", "t", "s"],
        }
    )


def in_parts(records: Records, parts: dict[Key, int]) -> set[tuple[int, int]]:
    """Return the pairs of parts, each given by its codes and its reach."""
    codes = [records.column(name).codes.tolist() for name in ("city", "district", "street")]
    pairs = set()
    for key, reach in parts.items():
        rows = [row for row in range(len(records)) if all(codes[i][row] == code for i, code in enumerate(key))]
        pairs |= {(row, later) for i, row in enumerate(rows) for later in rows[i + 1 : i + 1 + reach]}
    return pairs


@pytest.mark.parametrize(
    "maker", [lambda **options: block_on("city", **options), lambda **o: any_shared("cities", **o)]
)
@pytest.mark.parametrize(
    ("split_by", "max_block", "parts", "cost"),
    [
        (("district",), 12, {(0, 0): 10, (0, 1): 99, (0, -1): 99, (1,): 99}, 185 + 15 + 45 + 3),
        (("district",), 30, {(0, 0): 99, (0, 1): 99, (0, -1): 99, (1,): 99}, 276 + 15 + 45 + 3),
        (
            ("district", "street"),
            12,
            {(0, 0, 0): 10, (0, 0, 1): 99, (0, 1): 99, (0, -1): 99, (1,): 99},
            105 + 28 + 15 + 45 + 3,
        ),
        (("district", "street"), 40, {(0,): 99, (1,): 99}, 780 + 3),
    ],
)
def test_a_split_block_pairs_within_its_parts_and_caps_those_that_stay_hot(
    crowd: Records, maker: Any, split_by: Any, max_block: int, parts: dict[Key, int], cost: int
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HotBlockWarning)
        found = maker(max_block=max_block, hot="split", split_by=split_by).candidates(crowd)
    assert NEIGHBORS == 10
    assert set(listed(found)) == in_parts(crowd, parts)
    assert len(listed(found)) == found.cost == cost
    (report,) = found.reports
    assert (report.keyed, report.blocks, report.largest, report.pairs) == (43, 2, 40, cost)
    lost = (0, 0, 0, 0) if max_block == 40 else (1, 40, 780 + 3 - cost, 0)
    assert (report.hot_blocks, report.hot_records, report.hot_pairs, report.stranded) == lost


def test_a_split_by_derived_features_and_one_that_is_missing_everywhere_caps_the_whole() -> None:
    records = Records.of({"a": ["x"] * 30, "born": [f"19{60 + i % 2}-01-01" for i in range(30)], "none": [None] * 30})
    with pytest.warns(HotBlockWarning, match=r"were split: 1 in all, the largest of 30; 225 pairs are not compared;"):
        by_year = block_on("a", max_block=15, hot="split", split_by=(year("born"),)).candidates(records)
    assert by_year.cost == 2 * 105
    with pytest.warns(HotBlockWarning):
        by_nothing = block_on("a", max_block=15, hot="split", split_by=("none",)).candidates(records)
    assert by_nothing.cost == len(listed(by_nothing)) == 30 * 10 - 55


def test_splitting_by_an_unknown_column_is_an_error_with_a_hint_where_a_block_is_hot(crowd: Records) -> None:
    for strategy in (block_on("city", max_block=9, hot="split", split_by=("distrct",)),
                     any_shared("cities", max_block=9, hot="split", split_by=("distrct",))):  # fmt: skip
        with pytest.raises(ColumnNotFoundError, match=r"no field or column 'distrct'; did you mean 'district'\?$"):
            strategy.candidates(crowd)


# ---- what is told


def told(report: BlockReport, policy: HotPolicy = CAP, n: int = 100, **options: bool) -> list[tuple[Any, str]]:
    """Return the warnings, each as its class and text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tell(report, policy, n, **options)
    return [(w.category, str(w.message)) for w in caught]


@pytest.mark.parametrize(("hot", "done"), [("cap", "thinned out"), ("split", "split"), ("skip", "left out")])
def test_hot_blocks_that_lose_pairs_are_told_with_the_numbers(hot: Any, done: str) -> None:
    report = BlockReport("keys", 5, 9_000, 7, 1_200, hot_blocks=3, hot_records=4_000, hot_pairs=1_000_000)
    text = (
        f"keys: blocks of more than 1,100 records were {done}: 3 in all, the largest of 1,200; 1,000,000 pairs are not "
        "compared; add a feature to the key, or raise max_block"
    )
    assert told(report, HotPolicy(1_100, hot)) == [(HotBlockWarning, text)]


def test_records_that_are_left_with_nothing_are_told() -> None:
    report = BlockReport("keys", 5, 9_000, 7, 1_200, 3, 4_000, hot_pairs=100, stranded=3_500)
    ((_, text),) = told(report, HotPolicy(1_100, "skip"))
    assert "; 100 pairs are not compared and 3,500 records with nothing; add" in text


@pytest.mark.parametrize(
    ("keyed", "stranded", "hot", "many"),
    [
        (1_000, 100, "skip", False),
        (1_000, 101, "skip", True),
        (50, 20, "skip", False),
        (50, 21, "skip", True),
        (1_000, 0, "cap", True),
        (1_000, 0, "split", True),
    ],
)
def test_purging_is_told_only_where_it_leaves_more_than_a_tenth_and_more_than_twenty_with_nothing(
    keyed: int, stranded: int, hot: Any, many: bool
) -> None:
    report = BlockReport("words", 5, keyed, 7, 60, 3, 400, hot_pairs=9, stranded=stranded)
    assert bool(told(report, HotPolicy(50, hot), purging=True)) == many
    assert told(report, HotPolicy(50, hot), purging=False)


@pytest.mark.parametrize(
    ("keyed", "blocks", "constant"), [(21, 1, True), (20, 1, False), (22, 1, False), (21, 2, False)]
)
def test_a_key_that_puts_more_than_twenty_records_and_all_into_one_block_is_called_constant(
    keyed: int, blocks: int, constant: bool
) -> None:
    text = (
        f"keys puts all {keyed:,} records that have a key into one block: the key is constant, and 210 pairs are "
        "compared; choose a key that tells records apart"
    )
    largest = min(keyed, 21)
    expected = [(HotBlockWarning, text)] if constant else []
    assert told(BlockReport("keys", 210, keyed, blocks, largest)) == expected


def test_a_constant_key_is_told_with_thousands_and_as_hot_where_it_loses_pairs() -> None:
    ((_, text),) = told(BlockReport("keys", 499_500, 1_000, 1, 1_000))
    assert "puts all 1,000 records that have a key into one block: the key is constant, and 499,500 pairs are" in text
    ((_, text),) = told(BlockReport("keys", 9_945, 1_001, 1, 1_001, 1, 1_001, hot_pairs=490_555))
    assert "were thinned out" in text


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (BlockReport("k", 0, 0, 0, 0), "k finds no pair: what it reads is missing in all 1,200 records"),
        (BlockReport("k", 0, 1_100, 0, 1), "k finds no pair: 1,100 of 1,200 records have a key, and no two share one"),
        (BlockReport("k", 0, 9, 1_500, 9), "k finds no pair: every block, 1,500 in all, is hot and was left out"),
        (BlockReport("k", 1, 9, 1_500, 9), None),
    ],
)
def test_no_pair_at_all_is_told_with_the_reason(report: BlockReport, text: str | None) -> None:
    expected = [] if text is None else [(EmptyBlockingWarning, text)]
    assert told(report, n=1_200) == expected
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tell_empty(report, 1_200)
    assert [(w.category, str(w.message)) for w in caught] == expected


def test_two_records_are_enough_to_be_told_of() -> None:
    text = "k finds no pair: 2 of 2 records have a key, and no two share one"
    assert told(BlockReport("k", 0, 2, 0, 1), n=2) == [(EmptyBlockingWarning, text)]


@pytest.mark.parametrize("n", [0, 1])
def test_no_record_and_one_have_no_pair_and_that_is_not_told(n: int) -> None:
    assert told(BlockReport("k", 0, n, 0, n), n=n) == []


@pytest.mark.parametrize(("stranded", "category"), [(60, HotBlockWarning), (20, EmptyBlockingWarning)])
def test_a_policy_that_leaves_all_out_is_told_once(stranded: int, category: type[Warning]) -> None:
    report = BlockReport("k", 0, 60, 1, stranded, 1, stranded, hot_pairs=190, stranded=stranded)
    assert [given for given, _ in told(report, HotPolicy(15, "skip"), purging=True)] == [category]


def test_refusing_names_the_largest_block_and_is_for_one_policy_only() -> None:
    sizes = np.array([3, 8, 5])
    with pytest.raises(
        HotBlockError, match=r"^blocking key k puts 8 records into one block \(28 pairs\), above its"
    ) as e:
        refuse("k", sizes, HotPolicy(4, "raise"))
    assert (e.value.size, e.value.pairs, e.value.cap) == (8, 28, 4)
    refuse("k", sizes, HotPolicy(8, "raise"))
    refuse("k", sizes, HotPolicy(4, "skip"))
    refuse("k", sizes[:0], HotPolicy(4, "raise"))


# ---- what makes no sense


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (HotPolicy(hot="split"), r"^hot='split' needs features to split by, for example split_by=\('postcode',\)$"),
        (HotPolicy(split_by=("a",)), r"^split_by is for hot='split', got hot='cap'$"),
        (HotPolicy(hot="skip", split_by=("a",)), r"^split_by is for hot='split', got hot='skip'$"),
        (HotPolicy(hot="split", split_by=(3,)), r"^block_on takes names and derived features, got int$"),
        *(
            (HotPolicy(hot="split", split_by=wrong), r"^split_by takes a tuple of features, for example split_by=\('po")
            for wrong in ("city", ["city"], year("born"), 3, {"city"})
        ),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(policy: HotPolicy, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        policy.check("block_on")


@pytest.mark.parametrize("max_block", [1, 0, -3, True, 2.5, None, "50"])
def test_a_cap_is_a_whole_number_of_at_least_two(max_block: Any) -> None:
    with pytest.raises(RangeError, match=r"^max_block must lie between 2 and inf, got") as caught:
        HotPolicy(max_block).check("block_on")
    assert str(caught.value).endswith(repr(max_block))


def test_a_policy_that_makes_sense_is_given_back_and_shows_what_differs() -> None:
    policy = HotPolicy(2, "split", ("city", year("born")))
    assert policy.check("block_on") is policy
    assert policy.options(HotPolicy()) == ["max_block=2", "hot='split'", "split_by=('city', year('born'))"]
    assert policy.options(policy) == []
    assert HotPolicy(50).options(HotPolicy(50, "skip")) == ["hot='cap'"]
