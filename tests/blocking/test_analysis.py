"""`analyze`: pairs, overlap, hot blocks, records never compared, time and memory; against sets of pairs."""

from __future__ import annotations

import warnings
from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import blocking
from identigraph.blocking import BlockingStrategy, analyze
from identigraph.blocking.candidates import BATCH
from identigraph.errors import ColumnNotFoundError, HotBlockError, HotBlockWarning, RangeError, UnsupportedInputError

VALUES = st.one_of(st.none(), st.sampled_from(["a", "b", "c d", "c e"]))
TABLES = st.integers(1, 25).flatmap(
    lambda n: st.fixed_dictionaries(
        {name: st.lists(VALUES, min_size=n, max_size=n) for name in ("one", "two", "three")}
    )
)


def pairs_of(strategy: BlockingStrategy, records: ig.Records) -> set[tuple[int, int]]:
    return {pair for p in strategy.candidates(records) for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)}


@given(TABLES)
def test_counts_are_those_of_the_sets_of_pairs(table: dict[str, list[str | None]]) -> None:
    records = ig.Records.of(table)
    parts = [ig.block_on("one"), ig.block_on("two") & ig.block_on("three"), ig.words_of("three")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = analyze(blocking.Union(tuple(parts)), records)
        sets = [pairs_of(part, records) for part in parts]
    union = set().union(*sets)
    holders = Counter(tuple(i for i, pairs in enumerate(sets) if pair in pairs) for pair in union)
    assert (found.pairs, found.sampled) == (len(union), False)
    assert found.parts.get_column("pairs").to_list() == [len(pairs) for pairs in sets]
    assert found.parts.get_column("alone").to_list() == [holders.get((i,), 0) for i in range(3)]
    assert {tuple(held): count for held, count in found.overlap.iter_rows()} == holders
    assert found.overlap.get_column("pairs").is_sorted(descending=True)
    assert found.never_compared == len(records) - len({row for pair in union for row in pair})


@pytest.fixture
def people() -> ig.Records:
    """400 records; city has two values, number one in twenty."""
    return ig.Records.of({"city": ["rome", "bonn"] * 200, "number": [str(i // 20) for i in range(400)]})


def test_a_sample_gives_about_the_same_counts(people: ig.Records) -> None:
    strategy = ig.block_on("city") | ig.block_on("number")
    exact, sampled = analyze(strategy, people), analyze(strategy, people, sample=4_000)
    assert (exact.sampled, sampled.sampled) == (False, True)
    assert sampled.pairs == pytest.approx(exact.pairs, rel=0.05)
    assert repr(sampled).startswith("<Analysis: about ")
    both = {tuple(parts): pairs for parts, pairs in exact.overlap.iter_rows()}[(0, 1)]
    assert {tuple(parts): pairs for parts, pairs in sampled.overlap.iter_rows()}[(0, 1)] == pytest.approx(both, rel=0.2)
    assert sampled.parts.get_column("pairs").to_list() == exact.parts.get_column("pairs").to_list()
    assert analyze(strategy, people, sample=4_000).pairs == sampled.pairs
    assert analyze(strategy, people, sample=4_000, seed=1).pairs != sampled.pairs


def test_hot_blocks_are_listed_largest_first_by_name_before_their_policy(people: ig.Records) -> None:
    strategy = ig.block_on("city", max_block=100, hot="skip") | ig.words_of("number", max_block=10)
    with pytest.warns(HotBlockWarning, match="left out"):
        found = analyze(strategy, people)
    assert found.hot.schema == {"part": pl.String, "block": pl.String, "records": pl.Int64, "pairs": pl.Int64}
    assert found.hot.head(2).select("block", "records", "pairs").rows() == [
        ("bonn", 200, 19_900),
        ("rome", 200, 19_900),
    ]
    assert found.hot.height == 2 + 20
    assert found.parts.get_column("hot_blocks").to_list() == [2, 20]
    assert found.parts.get_column("stranded").to_list() == [400, 400]
    assert found.never_compared == 400


def test_a_compound_key_names_its_blocks_by_all_values() -> None:
    records = ig.Records.of({"a": ["x"] * 3 + [None], "b": ["y"] * 4})
    with pytest.warns(HotBlockWarning):
        found = analyze(ig.block_on("a", "b", max_block=2, hot="skip"), records)
    assert found.hot.get_column("block").to_list() == ["x | y"]


def test_a_strategy_that_is_no_union_is_one_part(people: ig.Records) -> None:
    strategy = ig.block_on("number") - ig.block_on("city")
    found = analyze(strategy, people)
    assert found.parts.get_column("part").to_list() == ["block_on('number') - block_on('city')"]
    both = analyze(ig.block_on("number") & ig.block_on("city"), people)
    assert both.pairs + found.pairs == 20 * (20 * 19 // 2)
    assert both.parts.get_column("keyed").to_list() == [400]


def test_time_and_memory_follow_the_pairs_and_the_arrays(people: ig.Records) -> None:
    found = analyze(ig.block_on("city"), people, seconds_per_pair=0.001)
    assert found.comparing_seconds == pytest.approx(found.pairs * 0.001)
    assert found.making_seconds >= 0
    few, many = analyze(ig.block_on("number"), people), analyze(ig.block_on("number") | ig.block_on("city"), people)
    assert BATCH < few.memory < many.memory
    assert many.memory - few.memory >= 400 * (4 + 8)


def test_reduction_ratio_of_no_pair_and_of_all() -> None:
    records = ig.Records.of({"a": ["x", "y", "z"]})
    assert analyze(ig.all_pairs(), records).reduction_ratio == 0
    assert analyze(ig.no_pairs(), records).reduction_ratio == 1
    assert analyze(ig.no_pairs(), ig.Records.of({"a": ["x"]})).reduction_ratio == 1
    assert analyze(ig.no_pairs(), records).overlap.is_empty()


def test_values_of_records_are_in_the_table_of_hot_blocks_alone() -> None:
    records = ig.Records.of({"city": ["secretville"] * 30})
    with pytest.warns(HotBlockWarning):
        found = analyze(ig.block_on("city", max_block=5), records)
    assert "secretville" in found.hot.get_column("block").to_list()
    assert "secretville" not in repr(found) + found._repr_html_()


def test_the_page_is_written_where_asked(tmp_path, people: ig.Records) -> None:
    path = analyze(ig.block_on("city"), people).report(tmp_path / "blocking.html")
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "block_on(&#x27;city&#x27;)" in page


def test_bad_arguments_are_refused(people: ig.Records) -> None:
    with pytest.raises(UnsupportedInputError, match="expected a blocking strategy"):
        analyze("city", people)  # type: ignore[arg-type]
    with pytest.raises(RangeError, match="sample must lie between 1 and inf, got 0"):
        analyze(ig.block_on("city"), people, sample=0)
    with pytest.raises(RangeError, match="seconds_per_pair must lie between 0 and 3600"):
        analyze(ig.block_on("city"), people, seconds_per_pair=-1)
    with pytest.raises(ColumnNotFoundError, match="no field or column 'citty'; did you mean 'city'"):
        analyze(ig.block_on("citty"), people)
    with pytest.raises(HotBlockError, match="200 records into one block"):
        analyze(ig.block_on("city", max_block=100, hot="raise"), people)
