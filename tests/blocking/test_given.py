"""The caller's own pairs: ids of any type, sources, and pairs that name no record or no two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, block_on
from identigraph.blocking import BlockReport, GivenPairs, candidates, given_pairs
from identigraph.errors import (
    ConfigurationError,
    EmptyBlockingWarning,
    IdentigraphError,
    UnknownIdError,
    UnsupportedInputError,
)

NAMED = {"left_id": [7, 9], "right_id": [8, 7]}


@pytest.fixture(scope="module")
def records() -> Records:
    """Return four records with whole numbers as ids."""
    return Records.of({"id": [7, 8, 9, 10], "name": ["ann", "anne", "bob", "cy"]}, id="id")


@pytest.fixture(scope="module")
def two_sources() -> Records:
    """Return ids 1 and 2 in both of two sources, 3 and 4 in one each."""
    return Records.of({"crm": {"id": [1, 2, 3], "a": list("xyz")}, "web": {"id": [1, 2, 4], "a": list("uvw")}}, id="id")


def listed(records: Records, strategy: Any) -> set[frozenset[Any]]:
    """Return the pairs as the ids of their records, or as source and id where there are several sources."""
    keys = records.row_keys(pl.arange(len(records), eager=True).to_numpy())
    names = keys.rows() if len(records.sources.values) > 1 else keys["record_id"].to_list()
    found = strategy.candidates(records)
    return {
        frozenset((names[i], names[j])) for p in found for i, j in zip(p.left.tolist(), p.right.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    "pairs",
    [
        [(7, 8), (9, 7)],
        [[8, 7], (9, 7), (7, 9)],
        [("7", "8"), ("9", "7")],
        [(7.0, 8), ("9", 7)],
        NAMED,
        [{"left_id": 7, "right_id": 8}, {"right_id": 9, "left_id": 7, "why": "told"}],
        pl.DataFrame({"score": [1, 0], **NAMED}),
        pl.DataFrame(NAMED).with_columns(pl.all().cast(pl.String)),
        pd.DataFrame(NAMED),
        pd.DataFrame(NAMED).astype(float),
    ],
    ids=["tuples", "reversed and repeated", "texts", "mixed", "columns", "rows", "polars", "polars texts", "pandas",
         "pandas numbers"],
)  # fmt: skip
def test_pairs_in_any_form_are_found_each_once(records: Records, pairs: Any) -> None:
    assert listed(records, given_pairs(pairs)) == {frozenset({7, 8}), frozenset({7, 9})}


def test_pairs_may_come_from_a_file(records: Records, tmp_path: Path) -> None:
    pl.DataFrame(NAMED).write_csv(tmp_path / "pairs.csv")
    assert listed(records, given_pairs(str(tmp_path / "pairs.csv"))) == {frozenset({7, 8}), frozenset({7, 9})}


def test_ids_may_be_texts_and_row_numbers() -> None:
    texts = Records.of({"id": ["c-1", "C-1", "07"], "a": list("xyz")}, id="id")
    assert listed(texts, given_pairs([("c-1", "07")])) == {frozenset({"c-1", "07"})}
    with pytest.raises(UnknownIdError):
        given_pairs([("c-1", 7)]).candidates(texts)
    decimals = Records.of({"id": [7.0, 8.0, 8.5], "a": list("xyz")}, id="id")
    assert listed(decimals, given_pairs([(7, 8), ("8.5", "8")])) == {frozenset({7.0, 8.0}), frozenset({8.0, 8.5})}
    numbered = Records.of({"a": ["z", "y", "x"]})
    assert listed(numbered, given_pairs([(0, 2)])) == {frozenset({0, 2})}


PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=20)


@pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
@given(PAIRS, st.permutations(range(10)), st.integers(1, 5))
def test_each_pair_comes_once_by_row_and_is_held(pairs: list[tuple[int, int]], order: list[int], batch: int) -> None:
    records = Records.of({"id": order, "a": [f"a{i}" for i in order]}, id="id")
    row = {number: i for i, number in enumerate(records.ids.to_list())}
    expected = {tuple(sorted((row[i], row[j]))) for i, j in pairs}
    found = given_pairs(pairs).candidates(records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BATCH", batch)
        made = [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]
    assert made == sorted(expected)
    asked = [(i, j) for i in range(10) for j in range(i + 1, 10)]
    held = found.holds(Pairs.of([i for i, _ in asked], [j for _, j in asked]))
    assert held.tolist() == [pair in expected for pair in asked]
    named, n = {i for pair in pairs for i in pair}, len(expected)
    part = f"<GivenPairs: {len(pairs)} pairs>"
    assert found.reports == (BlockReport(part, pairs=n, keyed=len(named), blocks=n, largest=2 if n else 0),)


def test_sources_tell_records_of_one_id_apart(two_sources: Records) -> None:
    pairs = {"left_id": [1, 2], "right_id": [1, 3], "left_source": ["crm", "web"], "right_source": ["web", "crm"]}
    assert listed(two_sources, given_pairs(pairs)) == {
        frozenset({("crm", 1), ("web", 1)}),
        frozenset({("web", 2), ("crm", 3)}),
    }


def test_ids_that_only_one_source_has_need_no_source(two_sources: Records) -> None:
    assert listed(two_sources, given_pairs([(4, 3)])) == {frozenset({("web", 4), ("crm", 3)})}


@pytest.mark.parametrize(
    ("pairs", "count"), [([(1, 3)], 1), ([(3, 2), (4, 2), (4, 1)], 2), ([(1, 3), (2, 4), (1, 4)], 2)]
)
def test_ids_that_several_sources_have_need_one(two_sources: Records, pairs: Any, count: int) -> None:
    message = rf"^{count} ids of own pairs belong to records of several sources; add 'left_source' and 'right_source'$"
    with pytest.raises(ConfigurationError, match=message):
        given_pairs(pairs).candidates(two_sources)


@pytest.mark.parametrize(
    ("pairs", "ids", "count"),
    [
        ([(7, 8), (77, 8), (78, 9), (77, 9)], ("77", "78"), 3),
        ([(7, 78), (7, 8)], ("78",), 1),
        ([(70, 78), (7, 8)], ("70",), 1),
    ],
)
def test_ids_that_no_record_has_are_an_error_with_the_first_ids_and_the_count(
    records: Records, pairs: Any, ids: tuple[str, ...], count: int
) -> None:
    message = rf"^{count} of {len(pairs)} ids name no record: '{ids[0]}'"
    with pytest.raises(UnknownIdError, match=message) as caught:
        given_pairs(pairs).candidates(records)
    assert (caught.value.ids, caught.value.count, caught.value.total) == (ids, count, len(pairs))


def test_an_id_of_another_source_names_no_record(two_sources: Records) -> None:
    pairs = {"left_id": [1, 4], "right_id": [1, 1], "left_source": ["crm", "crm"], "right_source": ["web", "web"]}
    with pytest.raises(UnknownIdError, match=r"^1 of 2 ids name no record: '4'; check"):
        given_pairs(pairs).candidates(two_sources)


@pytest.mark.parametrize("pairs", [[(7, 7), (8, 9)], [(8, 9), ("7", 7.0)]])
def test_a_record_is_not_paired_with_itself(records: Records, pairs: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^1 of 2 pairs join a record with itself$"):
        given_pairs(pairs).candidates(records)


@pytest.mark.parametrize("pairs", [[], {"left_id": [], "right_id": []}, pl.DataFrame(schema=["left_id", "right_id"])])
def test_no_pair_is_told(records: Records, pairs: Any) -> None:
    with pytest.warns(EmptyBlockingWarning, match=r"^<GivenPairs: 0 pairs> finds no pair") as told:
        found = given_pairs(pairs).candidates(records)
    assert [w.filename for w in told] == [__file__]
    assert (list(found), found.cost) == ([], 0)
    assert found.holds(Pairs.of([0], [1])).tolist() == [False]


@pytest.mark.parametrize(
    ("pairs", "error", "message"),
    [
        (
            [(7, None), (None, 8), (7, 8)],
            ConfigurationError,
            "^own pairs have 2 missing ids or sources; drop these rows$",
        ),
        (
            {**NAMED, "left_source": ["a", " "], "right_source": ["b", None]},
            ConfigurationError,
            "^own pairs have 2 missing ids or sources; drop",
        ),
        ({"left_id": [7], "right": [8]}, ConfigurationError, r"'right_id', and may have .*; got 'left_id', 'right'$"),
        ({**NAMED, "left_source": ["a", "b"]}, ConfigurationError, "and 'right_source'; got 'left_id', 'right_id', 'l"),
        ({**NAMED, "right_source": ["a", "b"]}, ConfigurationError, "; got 'left_id', 'right_id', 'right_source'$"),
        ([(7, 8, 9)], UnsupportedInputError, "^expected a list of dicts"),
        ([(7, 8), 9], UnsupportedInputError, "^expected a list of dicts"),
        (7, UnsupportedInputError, "^expected a table"),
        ("ab", ConfigurationError, "^cannot read 'ab'"),
    ],
)  # fmt: skip
def test_what_are_no_pairs_is_refused(pairs: Any, error: type[IdentigraphError], message: str) -> None:
    with pytest.raises(error, match=message):
        given_pairs(pairs)


def test_own_pairs_combine_with_other_strategies_and_show_no_id(records: Records) -> None:
    mine = given_pairs([(7, 8), (9, 7)])
    assert isinstance(mine, GivenPairs)
    assert repr(mine - block_on("name")) == "<GivenPairs: 2 pairs> - block_on('name')"
    assert listed(records, mine & given_pairs([(8, 7)])) == {frozenset({7, 8})}


def test_own_pairs_are_equal_to_themselves_only() -> None:
    mine, other = given_pairs([(7, 8)]), given_pairs([(7, 9)])
    assert len({mine, other, mine}) == 2
    assert (mine | block_on("name")) == (mine | block_on("name"))
    assert (mine | block_on("name")) != (other | block_on("name"))
