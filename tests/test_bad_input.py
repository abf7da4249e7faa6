"""Bad input, as a caller meets it: an error or a warning that names what is wrong, or a stated rule; never a crash."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import comparing
from identigraph.errors import (
    ColumnNotFoundError,
    ColumnTypeError,
    ColumnWarning,
    ConfigurationError,
    DuplicateIdError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    InvalidIntermediateError,
    ListColumnError,
    NoBlockingError,
    NullIdError,
    RangeError,
    UnknownIdError,
    UnsupportedInputError,
)

PEOPLE: list[dict[str, Any]] = [
    {"no": 1, "name": "Ann Lee", "email": "ann@x.com", "city": "Leeds"},
    {"no": 2, "name": "Ann Lee", "email": "ANN@x.com", "city": "Leeds"},
    {"no": 3, "name": "Bob Ray", "email": "bob@x.com", "city": "York"},
    {"no": 4, "name": "Carol Orr", "email": "carol@y.org", "city": "Leeds"},
    {"no": 5, "name": "David Fox", "email": "david@y.org", "city": "Bath"},
    {"no": 6, "name": "Eve Poe", "email": "eve@z.net", "city": "York"},
]
COLUMNS = {name: [row[name] for row in PEOPLE] for name in PEOPLE[0]}
ENTITIES = [1, 1, 2, 3, 4, 5]
RESOLVER = ig.Resolver(ig.block_on("email"), [ig.exact("email")])


def entities(resolution: ig.Resolution) -> list[int]:
    """Return the entity of each row, in the order of the input."""
    return resolution.crosswalk.to_polars()["entity_id"].to_list()


@contextmanager
def warned(category: type[Warning], message: str) -> Iterator[list[str]]:
    """Expect exactly one warning, and give a list that the notes of the run can be compared with."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield told
    assert [w.category for w in caught] == [category]
    assert re.search(message, str(caught[0].message)), str(caught[0].message)
    assert caught[0].filename == __file__
    told.append(str(caught[0].message))


# ---- ids and sources


def test_duplicate_ids_are_an_error_with_the_first_ids_and_the_count() -> None:
    rows = {"id": [i // 2 for i in range(3_000)], "name": ["x"] * 3_000}
    message = (
        r"^1,500 ids in column 'id' occur more than once within a source: '0', '1', '2', '3', '4' and 1,495 more; "
    )
    with pytest.raises(DuplicateIdError, match=message) as caught:
        ig.resolve(rows, id="id")
    assert (caught.value.column, caught.value.ids[:2], caught.value.count) == ("id", (0, 1), 1_500)
    with pytest.raises(DuplicateIdError, match=r"^1 id in column 'id' occurs more than once within a source: '7'; "):
        ig.Resolver.infer({"id": ["7", 7, 8], "name": list("abc")}, id="id")


@pytest.mark.parametrize("nothing", [None, "", " \t", float("nan"), pd.NA, pd.NaT], ids=repr)
def test_null_ids_are_an_error_with_the_count(nothing: object) -> None:
    rows = [{"id": nothing if i % 9 == 0 else i, "name": "x"} for i in range(1, 1_000)]
    with pytest.raises(NullIdError, match=r"^111 of 999 rows have no id in column 'id'; fill or drop them") as caught:
        ig.resolve(rows, id="id")
    assert (caught.value.count, caught.value.total) == (111, 999)


def test_rows_without_a_source_are_an_error_with_the_count() -> None:
    with pytest.raises(
        NullIdError, match=r"^2 of 3 rows have no source in column 'system'; fill or drop them, or leave "
    ):
        ig.resolve({"system": ["crm", None, " "], "name": list("abc")}, source="system")


@pytest.mark.parametrize("option", ["id", "source"])
def test_an_unknown_id_or_source_column_is_an_error_with_a_hint(option: str) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'customer_nr'; did you mean 'customer_no'\?$"):
        ig.resolve({"customer_no": [1], "name": ["x"]}, **{option: "customer_nr"})
    with pytest.raises(ColumnNotFoundError, match=r"^no column 'xyz'; there are: 'no', 'name', 'email', 'city'$"):
        ig.Records.of(PEOPLE, **{option: "xyz"})


def test_ids_that_recur_in_other_sources_are_fine() -> None:
    tables = {"crm": PEOPLE[:3], "web": [{**row, "no": i} for i, row in enumerate(PEOPLE[3:], start=1)]}
    result = ig.resolve(tables, id="no")
    assert result.crosswalk.to_polars().select("source", "record_id").rows() == [
        (source, i) for source in ("crm", "web") for i in (1, 2, 3)
    ]
    one = [{**row, "no": i % 3, "system": "crm" if i < 3 else "web"} for i, row in enumerate(PEOPLE)]
    assert len(ig.resolve(one, id="no", source="system").records) == 6


@pytest.mark.parametrize(
    ("ids", "dtype"),
    [
        (list(range(10, 16)), pl.Int64),
        (pd.array(range(10, 16), dtype="Int32"), pl.Int64),
        ([f"c{i}" for i in range(6)], pl.String),
        ([dt.date(2020, 1, i) for i in range(1, 7)], pl.Date),
    ],
    ids=str,
)
def test_ids_come_back_as_they_were(ids: Any, dtype: Any) -> None:
    result = ig.resolve(pd.DataFrame({**COLUMNS, "no": ids}), id="no")
    assert result.crosswalk.to_polars()["record_id"].to_list() == list(ids)
    assert result.crosswalk.to_polars()["record_id"].dtype == dtype
    assert entities(result) == ENTITIES


def test_an_id_by_source_is_for_a_mapping_of_tables() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^id and columns by source are for a mapping \{source: table\}; got one"
    ):
        ig.resolve(PEOPLE, id={"crm": "no"})
    with pytest.raises(ConfigurationError, match=r"names its sources itself; leave source=\.\.\. out$"):
        ig.resolve({"crm": PEOPLE}, source="city")
    with pytest.raises(UnsupportedInputError, match=r"^expected the name of a column as id, got builtins\.list$"):
        ig.resolve(PEOPLE, id=["no", "city"])  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^Records know their ids, sources and columns; leave id, source and"):
        ig.resolve(ig.Records.of(PEOPLE), id="no")


# ---- blocking


def test_no_blocking_rule_is_an_error_that_says_how_to_compare_everything() -> None:
    message = r"no blocking strategy was given; give one, .*or compare everything .*: blocking=ig\.all_pairs\(\)$"
    with pytest.raises(NoBlockingError, match=message):
        ig.Resolver(comparators=[ig.exact("email")])
    with pytest.raises(
        ConfigurationError, match=r"^block_on needs at least one feature, for example block_on\('name'\)$"
    ):
        ig.block_on()
    with pytest.raises(ExceptionGroup) as caught:
        ig.Resolver()
    assert [type(e) for e in caught.value.exceptions] == [NoBlockingError, ConfigurationError]
    said_aloud = ig.Resolver(ig.all_pairs(), [ig.exact("email")]).resolve(COLUMNS)
    assert (said_aloud.candidate_pairs, entities(said_aloud)) == (15, ENTITIES)


HOT = {"k": ["one value"] * 10_000, "v": [f"v{i // 2}" for i in range(10_000)]}


@pytest.mark.parametrize(
    ("options", "done", "lost", "pairs"),
    [
        ({}, "thinned out", 49_895_055, 99_945),
        ({"hot": "split", "split_by": ("v",)}, "split", 49_990_000, 5_000),
        ({"hot": "skip"}, "left out", 49_995_000, 0),
    ],
)
def test_10_000_records_on_one_value_are_warned_of_and_counted(options: Any, done: str, lost: int, pairs: int) -> None:
    alone = " and 10,000 records with nothing" if pairs == 0 else ""
    strategy = ig.block_on("k", **options)
    message = (
        f"{strategy!r}: blocks of more than 1,000 records were {done}: 1 in all, the largest of 10,000; {lost:,} pairs "
        f"are not compared{alone}; add a feature to the key, or raise max_block"
    )
    with warned(HotBlockWarning, rf"^{re.escape(message)}$") as told:
        result = ig.Resolver(strategy, [ig.exact("v")]).resolve(HOT)
    assert list(result.notes) == told + ["no comparator could be left out to judge the clusters by"] * (pairs > 0)
    assert result.candidate_pairs == pairs
    report = result.summary.blocking.row(0, named=True)
    assert (report["largest"], report["hot_blocks"], report["hot_pairs"]) == (10_000, 1, lost)
    assert report["stranded"] == (10_000 if pairs == 0 else 0)


def test_10_000_records_on_one_value_can_be_refused() -> None:
    message = r"puts 10,000 records into one block \(49,995,000 pairs\), above its cap of 1,000; add a field to the key"
    with pytest.raises(HotBlockError, match=message) as caught:
        ig.Resolver(ig.block_on("k", hot="raise"), [ig.exact("v")]).resolve(HOT)
    assert (caught.value.size, caught.value.pairs, caught.value.cap) == (10_000, 49_995_000, 1_000)


@pytest.fixture(scope="module")
def million() -> ig.Records:
    """Return 1,000,000 records with one value, and one that two records share each."""
    n = 1_000_000
    pair = pl.select(pl.int_range(n) // 2).to_series().cast(pl.String)
    return ig.Records.of({"k": pl.repeat("one value", n, eager=True), "pair": "p" + pair})


@pytest.mark.parametrize(
    ("options", "done", "cost", "lost"),
    [
        ({}, "thinned out", "9,999,945", "499,989,500,055"),
        ({"hot": "split", "split_by": ("pair",)}, "split", "500,000", "499,999,000,000"),
        ({"hot": "split", "split_by": ("k",)}, "split", "9,999,945", "499,989,500,055"),
        ({"hot": "skip"}, "left out", "0", "499,999,500,000"),
    ],
)
def test_1_000_000_records_on_one_value_make_no_more_pairs_than_told(
    million: ig.Records, options: Any, done: str, cost: str, lost: str
) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = ig.block_on("k", **options).candidates(million)
    assert f"were {done}: 1 in all, the largest of 1,000,000; {lost} pairs are not" in str(told[0].message)
    assert f"{found.cost:,}" == cost
    assert f"{found.reports[0].hot_pairs:,}" == lost
    assert sum(len(pairs) for pairs in found) == found.cost
    near = np.arange(1, 1_000_000, 9_973, dtype=np.int32)
    assert found.holds(ig.Pairs(near - 1, near)).all() == (cost == "9,999,945")


def test_1_000_000_records_on_one_value_can_be_refused(million: ig.Records) -> None:
    message = r"puts 1,000,000 records into one block \(499,999,500,000 pairs\), above its cap of 1,000; add"
    with pytest.raises(HotBlockError, match=message):
        ig.block_on("k", hot="raise").candidates(million)


TEXT_MAKERS: dict[str, Any] = {
    "block_on": ig.block_on,
    "words_of": ig.words_of,
    "qgrams_of": ig.blocking.qgrams_of,
    "suffixes_of": ig.blocking.suffixes_of,
    "sorted_neighborhood": ig.blocking.sorted_neighborhood,
    "adaptive_neighborhood": ig.blocking.adaptive_neighborhood,
    "minhash": ig.blocking.minhash,
    "simhash": ig.blocking.simhash,
    "top_k": ig.blocking.top_k,
    "canopies": ig.blocking.canopies,
    "meta_blocking": lambda name: ig.blocking.meta_blocking(ig.words_of(name)),
}
MAKERS: dict[str, Any] = {
    **TEXT_MAKERS,
    "any_shared": ig.blocking.any_shared,
    "within_time": lambda name: ig.blocking.within_time(name, days=1),
    "within_distance": lambda name: ig.blocking.within_distance(name, name, kilometers=1),
    "split_by": lambda name: ig.block_on("same", max_block=2, hot="split", split_by=(name,)),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_misspelt_column_is_an_error_with_a_hint_whatever_reads_it(make: Any) -> None:
    records = ig.Records.of({**COLUMNS, "same": ["x"] * 6})
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column 'emial'; did you mean 'email'\?$"):
        make("emial").candidates(records)


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "split_by"])
@pytest.mark.parametrize("nothing", [None, "", " "], ids=repr)
def test_a_column_that_is_empty_everywhere_makes_no_pair_and_is_told(name: str, nothing: Any) -> None:
    records = ig.Records.of({"a": [nothing] * 30})
    with pytest.warns(
        EmptyBlockingWarning, match=r"finds no pair: what it reads is missing in all 30 records$"
    ) as told:
        found = MAKERS[name]("a").candidates(records)
    assert [w.filename for w in told] == [__file__]
    assert list(found) == []
    assert found.holds(ig.Pairs.of([0, 3], [1, 2])).tolist() == [False, False]


CONSTANT = {"block_on": ig.block_on, "any_shared": ig.blocking.any_shared, "words_of": ig.words_of}


@pytest.mark.parametrize("make", CONSTANT.values(), ids=CONSTANT)
@pytest.mark.parametrize("missing", [0, 100])
def test_a_column_that_is_the_same_everywhere_is_told(make: Any, missing: int) -> None:
    strategy = make("a")
    message = (
        rf"^{re.escape(repr(strategy))} puts all 30 records that have a key into one block: the key is constant, and "
        r"435 pairs are compared; choose a key that tells records apart$"
    )
    with warned(HotBlockWarning, message):
        found = strategy.candidates(ig.Records.of({"a": ["x"] * 30 + [None] * missing}))
    assert found.cost == 435


@pytest.mark.parametrize("make", TEXT_MAKERS.values(), ids=TEXT_MAKERS)
def test_lists_where_one_value_is_expected_are_an_error_that_says_what_to_do(make: Any) -> None:
    records = ig.Records.of({"tags": [["a", "b"], ["b"], ["b", "c"], None]})
    message = (
        r"^column 'tags' holds lists of values \(2 of 4 records have more than one\), where one value per record is "
        r"expected; pair records that share any element with ig\.blocking\.any_shared\('tags'\), or explode it before$"
    )
    with pytest.raises(ListColumnError, match=message):
        make("tags").candidates(records)
    with pytest.raises(ListColumnError, match=message):
        make(ig.prefix("tags", 3) if make is not TEXT_MAKERS["meta_blocking"] else "tags").candidates(records)
    assert ig.blocking.any_shared("tags").candidates(records).cost == 3


@pytest.mark.parametrize("values", [["a", "b", "a", None], [["a"], ["b"], ["a"], []], [7, 8, 7, None]], ids=str)
def test_single_values_where_lists_are_expected_are_lists_of_one(values: list[Any]) -> None:
    records = ig.Records.of({"tags": values})
    (pairs,) = ig.blocking.any_shared("tags").candidates(records)
    assert {int(records.position[i]) for i in (pairs.left[0], pairs.right[0])} == {0, 2}
    assert ig.block_on("tags").candidates(records).holds(pairs).tolist() == [True]


def test_own_pairs_of_unknown_ids_are_an_error_with_the_first_ids_and_the_count() -> None:
    own = ig.blocking.given_pairs([(1, 2), *((i, 3) for i in range(100, 109))])
    message = r"^9 of 10 ids name no record: '100', '101', '102', '103', '104' and 4 more; check that they are of these"
    with pytest.raises(UnknownIdError, match=message) as caught:
        ig.Resolver(own, [ig.exact("email")]).resolve(PEOPLE, id="no")
    assert (caught.value.count, caught.value.total) == (9, 10)
    found = ig.Resolver(ig.blocking.given_pairs([(1, 2)]), [ig.exact("email")]).resolve(PEOPLE, id="no")
    assert (found.candidate_pairs, entities(found)) == (1, ENTITIES)


def test_a_rule_that_finds_nothing_is_a_warning_that_names_it() -> None:
    message = r"^block_on\('name', 'city'\) finds no pair: 3 of 4 records have a key, and no two share one$"
    table = {"name": ["a", "b", "c", None], "city": ["x", "x", "y", "y"]}
    with warned(EmptyBlockingWarning, message) as told:
        result = ig.Resolver(ig.block_on("name", "city"), [ig.exact("name")]).resolve(table)
    assert entities(result) == [1, 2, 3, 4]
    assert list(result.notes) == told


# ---- comparators


BAD_COMPARATORS: dict[str, tuple[Any, type[Exception], str]] = {
    "cutoff": (lambda: comparing.similar("a", 80), RangeError, r"^cutoffs must lie between 0 and 1, got 80$"),
    "no number": (
        lambda: comparing.text("a", float("nan")),
        RangeError,
        r"^cutoffs must lie between 0 and 1, got nan$",
    ),
    "typos": (lambda: comparing.typos("a", 0), RangeError, r"^most must lie between 1 and 20, got 0$"),
    "years": (lambda: comparing.year("a", -1), RangeError, r"^absolute must lie between 0 and \S+, got -1$"),
    "share": (lambda: comparing.number("a", relative=(5,)), RangeError, r"^relative must lie between 0 and 1, got 5$"),
    "kilometers": (
        lambda: comparing.distance("a", "b", 0),
        RangeError,
        r"^kilometers must lie between \S+ and \S+, got 0$",
    ),
    "code": (
        lambda: comparing.sounds("a", "metafone"),
        ConfigurationError,
        r"^code must be one of soundex, .*'metafone'$",
    ),
    "coefficient": (
        lambda: comparing.shared("a", coefficient="cosine"),
        ConfigurationError,
        r"^coefficient must be one of jaccard, dice, overlap, any, got 'cosine'$",
    ),
    "table": (
        lambda: comparing.category("a", {("x", "y"): 7}),
        ConfigurationError,
        r"^1 similarities of the table lie outside 0 to 1$",
    ),
    "vectors": (
        lambda: comparing.vectors("a", ["not", "numbers"]),
        UnsupportedInputError,
        r"^expected an array of numbers of shape \(rows, dimensions\), got builtins\.list$",
    ),
    "frequencies": (
        lambda: comparing.Frequencies.of({"smith": -1, "lee": 2}),
        ConfigurationError,
        r"^1 of 2 counts of a frequency table are no numbers from 0 on$",
    ),
    "region": (
        lambda: comparing.phone("a", region="Britain"),
        ConfigurationError,
        r"^region must be a two-letter country",
    ),
    "scheme": (lambda: comparing.identifier("a", scheme="ibam"), ConfigurationError, r"scheme .*'ibam'"),
}


@pytest.mark.parametrize("name", BAD_COMPARATORS)
def test_a_comparator_that_makes_no_sense_is_refused_where_it_is_made(name: str) -> None:
    make, error, message = BAD_COMPARATORS[name]
    with pytest.raises(error, match=message):
        make()


READING: dict[str, Any] = {
    "exact": comparing.exact,
    "similar": comparing.similar,
    "text": comparing.text,
    "measured": lambda name: comparing.measured(name, comparing.measures.jaro),
    "sounds": comparing.sounds,
    "date": comparing.date,
    "number": comparing.number,
    "year": comparing.year,
    "distance": lambda name: comparing.distance("no", name),
    "shared": comparing.shared,
    "category": comparing.category,
    "given_name": comparing.given_name,
    "email": comparing.email,
    "frequencies": lambda name: comparing.exact(name, frequency=comparing.Frequencies.of({"a": 1})),
}


@pytest.mark.parametrize("make", READING.values(), ids=READING)
def test_a_misspelt_column_of_a_comparator_is_an_error_with_a_hint(make: Any) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column 'emial'; did you mean 'email'\?$"):
        ig.Resolver(ig.all_pairs(), [make("emial")]).resolve(PEOPLE)


def test_lists_where_a_comparator_expects_one_value_are_an_error_that_names_the_column() -> None:
    records = {"tags": [["a", "b"], ["b"], None]}
    with pytest.raises(ListColumnError, match=r"^column 'tags' holds lists of values \(1 of 3 records have more than"):
        ig.Resolver(ig.all_pairs(), [ig.exact("tags")]).resolve(records)


def test_vectors_for_other_records_are_an_error_with_both_counts() -> None:
    message = r"^got 2 vectors for 6 records; give one for each row of the table, in its order, with NaN where there is"
    with pytest.raises(ConfigurationError, match=message):
        ig.Resolver(ig.all_pairs(), [comparing.vectors("meaning", [[1.0], [2.0]])]).resolve(PEOPLE)


def test_what_a_measure_of_ones_own_says_outside_0_to_1_is_an_error_that_names_it() -> None:
    def percent(left: str, right: str) -> float:
        return 100.0 * (left[0] == right[0])

    message = r"measure 'percent'.*numbers from 0 to 1.*2 others among"
    with pytest.raises(InvalidIntermediateError, match=message):
        ig.Resolver(ig.all_pairs(), [comparing.scored_by("city", percent)]).resolve(
            {"city": ["Leeds", "London", "York", "Yarm"]}
        )


def test_degrees_that_are_none_are_told_once_and_their_records_differ_from_nobody() -> None:
    places = {"lat": [46.9, "46.9 N", 91], "lon": [7.4, 7.4, 7.4], "city": ["Bern", "Bern", "Basel"]}
    records = ig.Records.of(places)
    with pytest.warns(ColumnWarning, match=r"2 of 3 values of 'lat' are no number from -90 to 90") as told:
        levels = comparing.distance("lat", "lon").levels(records, ig.Pairs.of([0, 0, 1], [1, 2, 2]))
    assert [w.filename for w in told] == [__file__]
    assert levels.tolist() == [-1, -1, -1]


# ---- thresholds and names


@pytest.mark.parametrize("threshold", [1.5, -0.1, 95, float("nan"), True, "0.9"], ids=repr)
def test_a_threshold_outside_its_range_is_an_error(threshold: Any) -> None:
    with pytest.raises(RangeError, match=rf"^threshold must lie between 0 and 1, got {re.escape(repr(threshold))}$"):
        ig.resolve(PEOPLE, threshold=threshold)


def test_a_probability_to_keep_outside_its_range_is_an_error() -> None:
    with pytest.raises(RangeError, match=r"^keep must lie between 0 and 1, got 3$"):
        ig.Resolver(ig.block_on("email"), [ig.exact("email")], keep=3)


@pytest.mark.parametrize(
    "resolver",
    [
        ig.Resolver(ig.block_on("emial"), [ig.exact("email")]),
        ig.Resolver(ig.block_on(ig.prefix("emial", 3)), [ig.exact("email")]),
        ig.Resolver(ig.all_pairs(), [ig.exact("emial")]),
        ig.Resolver(ig.all_pairs(), [ig.exact("email")], fields={"contact": ig.fields.Email("emial")}),
    ],
    ids=["blocking", "derived", "comparator", "field"],
)
def test_a_misspelt_column_is_a_short_error_with_a_hint(resolver: ig.Resolver) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"^no (field or )?column 'emial'; did you mean 'email'\?$"):
        resolver.resolve(PEOPLE)


# ---- little or nothing to go by


EMPTY = [
    [],
    {},
    pd.DataFrame(),
    pl.DataFrame(),
    pl.LazyFrame(),
    {"id": [], "email": []},
    pd.DataFrame({"id": [], "email": []}),
    pa.table({"id": pa.array([], pa.int64()), "email": pa.array([], pa.string())}),
]


@pytest.mark.parametrize("table", EMPTY, ids=lambda table: f"{type(table).__module__} {type(table).__name__}")
@pytest.mark.parametrize(
    "resolve",
    [
        ig.resolve,
        lambda table: ig.resolve(table, id="id"),
        RESOLVER.resolve,
        lambda table: attrs.evolve(RESOLVER, fields={"email": ig.fields.Email()}).resolve(table),
        lambda table: ig.resolve({"crm": table}),
    ],
    ids=["inferred", "with ids", "configured", "with fields", "mapped"],
)
def test_an_empty_table_is_an_empty_resolution(resolve: Any, table: Any, tmp_path: Path) -> None:
    result = resolve(table)
    assert repr(result) == "<Resolution: 0 records from 0 sources -> 0 entities>"
    assert len(result) == len(result.crosswalk) == len(result.profiles) == len(result.scored_pairs) == 0
    assert result.crosswalk.columns == ["source", "record_id", "entity_id"]
    assert len(result.profiles.lineage) == 0
    assert result.notes == ()
    assert "no records" in result._repr_html_()
    assert "no records" in result.report(tmp_path / "r.html").read_text("utf-8")


@pytest.mark.parametrize("resolve", [ig.resolve, RESOLVER.resolve])
def test_one_record_is_one_entity(resolve: Any, tmp_path: Path) -> None:
    result = resolve(PEOPLE[:1], id="no")
    assert repr(result) == "<Resolution: 1 record from 1 source -> 1 entity>"
    assert result.crosswalk.to_polars().select("record_id", "entity_id").rows() == [(1, 1)]
    assert result.profiles.to_polars()["name"].to_list() == ["Ann Lee"]
    assert result.notes == ()
    assert result.report(tmp_path / "r.html").exists()


def test_two_records_are_resolved() -> None:
    result = ig.resolve(PEOPLE[1:3])
    assert entities(result) == [1, 2]


ALONE = r"^every record stays an entity of its own: no column has values that some records share and others do not$"


@pytest.mark.parametrize(
    ("columns", "aside"),
    [
        ({"a": ["x"] * 3, "b": ["y"] * 3}, {"a": "the same value everywhere", "b": "the same value everywhere"}),
        ({"a": [None] * 3, "b": ["", " ", None]}, {"a": "empty", "b": "empty"}),
        (
            {"created_at": ["2024-01-01", "2024-01-02", "2024-01-03"]},
            {"created_at": "a point in time: says when, not who"},
        ),
        ({}, {}),
    ],
    ids=["constant", "empty", "event", "no column"],
)
def test_columns_that_tell_nothing_leave_every_record_alone_with_a_warning(
    columns: dict[str, list[Any]], aside: dict[str, str]
) -> None:
    with warned(ColumnWarning, ALONE) as told:
        result = ig.resolve({"id": [1, 2, 3], **columns}, id="id")
    assert entities(result) == [1, 2, 3]
    assert result.set_aside == aside
    assert list(result.notes) == told
    assert dict(result.summary.columns.select("column", "note").rows()) == aside


def test_blanks_are_missing_and_constant_and_empty_columns_are_set_aside() -> None:
    noise = {"constant": ["x"] * 6, "nulls": [None] * 6, "blanks": ["", " ", "\t", None, "\u00a0", "  "]}
    blank = {"nick": ["", "annie", None, " ", "", "\t"]}
    null = {"nick": [None, "annie", None, None, None, None]}
    result = ig.resolve({**COLUMNS, **noise, **blank}, id="no")
    assert result.set_aside == {"constant": "the same value everywhere", "nulls": "empty", "blanks": "empty"}
    assert result.records.column("nick").present == 1
    assert entities(result) == entities(ig.resolve({**COLUMNS, **null}, id="no")) == ENTITIES
    notes = dict(result.summary.columns.select("column", "note").rows())
    assert {name: notes[name] for name in noise} == result.set_aside


# ---- types


NESTED = {
    "lists": [[["a"]]] * 6,
    "dict": [{"a": 1}] * 6,
    "dicts": [[{"a": 1}]] * 6,
    "tuples": [[("a",)]] * 6,
    "bytes": [b"a"] * 6,
    "array": [np.array([[1]])] * 6,
    "object": [object()] * 6,
    "mixed": ["text", [b"a"], 1, None, "text", "text"],
}
LISTS = {
    "list": [["a", "b"], ["b"], [], None, ["a"], ["c", "a"]],
    "tuple": [("a", "b"), ("b",), (), None, ("a",), ("c", "a")],
    "set": [{"a", "b"}, {"b"}, set(), None, {"a"}, {"c", "a"}],
    "array": [np.array(["b", "a"]), np.array(["b"]), np.array([]), None, np.array(["a"]), np.array(["a", "c"])],
    "mixed": [["b", "a", "b"], "b", " ", None, frozenset("a"), ("a", "c")],
}


@pytest.mark.parametrize("values", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("make", [dict, pd.DataFrame], ids=["dict", "pandas"])
def test_nested_and_unhashable_values_are_an_error_that_names_the_column(make: Any, values: list[Any]) -> None:
    message = (
        r"^column 'tags' has type \S+, which has no plain text form; unnest it into columns of text, numbers or dates"
    )
    with pytest.raises(ColumnTypeError, match=message) as caught:
        ig.resolve(make({**COLUMNS, "tags": values}), id="no")
    assert caught.value.column == "tags"


@pytest.mark.parametrize("values", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("make", [dict, pd.DataFrame], ids=["dict", "pandas"])
def test_lists_are_set_aside_and_harm_no_profile(make: Any, values: list[Any]) -> None:
    result = ig.resolve(make({**COLUMNS, "tags": values}), id="no")
    told = "lists, 2 rows have several values: pair records that share any element with ig.blocking.any_shared('tags')"
    assert result.set_aside["tags"] == told
    assert entities(result) == ENTITIES
    assert result.records.elements("tags").values.to_list() == ["a", "b", "c"]
    assert ["a", "b"] in result.profiles.to_polars()["tags"].to_list()
    assert result.profiles.to_polars().schema["tags"] == pl.List(pl.String)
    assert result.crosswalk.to_polars().height == 6


NESTED_TYPES = [pl.List(pl.List(pl.String)), pl.List(pl.Binary), pl.Array(pl.Int8, (1, 1)), pl.Struct({"a": pl.Int64})]


@pytest.mark.parametrize("dtype", [*NESTED_TYPES, pl.Binary], ids=str)
def test_nested_columns_are_an_error_that_names_the_column(dtype: Any) -> None:
    frame = pl.DataFrame(COLUMNS).with_columns(tags=pl.lit(None, dtype=dtype))
    with pytest.raises(ColumnTypeError, match=rf"^column 'tags' has type {re.escape(str(dtype))}, which has no plain"):
        ig.resolve(frame, id="no")
    with pytest.raises(ColumnTypeError, match=r"^column 'tags' has type "):
        ig.resolve(frame.to_arrow(), id="tags")


@pytest.mark.parametrize("option", ["id", "source"])
def test_lists_are_no_ids_and_no_sources(option: Any) -> None:
    with pytest.raises(ColumnTypeError, match=r"^column 'tags' has type List\(String\), which has no plain text"):
        ig.resolve({**COLUMNS, "tags": [["a"]] * 6}, **{option: "tags"})


def test_a_column_of_mixed_types_is_read_by_a_stated_rule() -> None:
    mixed = [7, "7", 7.0, True, dt.date(1980, 2, 3), "1980-02-03"]
    result = ig.resolve(pd.DataFrame({**COLUMNS, "mixed": pd.Series(mixed, dtype=object)}), id="no")
    read = result.records.table["mixed"].gather(np.argsort(result.records.position)).to_list()
    assert read == ["7", "7", "7", "true", "1980-02-03", "1980-02-03"]
    assert entities(result) == ENTITIES


BIRTHS = ["1980-02-03", "1980-02-03", None, "1955-12-24", "2001-07-30", "1999-01-31"]
FORMS: dict[str, Any] = {
    "list of dicts with missing keys": [
        {k: v for k, v in {**row, "born": born}.items() if v} for row, born in zip(PEOPLE, BIRTHS, strict=True)
    ],
    "dict of arrays": {name: np.array(values, dtype=object) for name, values in {**COLUMNS, "born": BIRTHS}.items()},
    "polars": pl.DataFrame({**COLUMNS, "born": BIRTHS}).with_columns(pl.col("born").str.to_date()),
    "polars lazy": pl.LazyFrame({**COLUMNS, "born": BIRTHS}),
    "pandas": pd.DataFrame({**COLUMNS, "born": BIRTHS}),
    "pandas of objects": pd.DataFrame({**COLUMNS, "born": BIRTHS}, dtype=object),
    "pandas categories": pd.DataFrame({**COLUMNS, "born": BIRTHS}).astype({"city": "category", "name": "category"}),
    "pandas strings": pd.DataFrame({**COLUMNS, "born": BIRTHS}).astype({"city": "string", "name": "string"}),
    "pandas dates with NaT": pd.DataFrame({**COLUMNS, "born": pd.to_datetime(BIRTHS)}),
    "pandas with NA": pd.DataFrame({**COLUMNS, "born": pd.array([b or pd.NA for b in BIRTHS], dtype="string")}),
    "pandas by pyarrow": pd.DataFrame({**COLUMNS, "born": BIRTHS}).convert_dtypes(dtype_backend="pyarrow"),
    "pyarrow": pa.table({**COLUMNS, "born": BIRTHS}),
    "records": ig.Records.of({**COLUMNS, "born": BIRTHS}, id="no"),
}


@pytest.fixture(scope="module")
def expected() -> ig.Resolution:
    """Return what the plain columns give."""
    return ig.resolve({**COLUMNS, "born": BIRTHS}, id="no")


@pytest.mark.parametrize("form", [*FORMS, "duckdb"])
def test_a_table_in_any_form_gives_the_same(form: str, expected: ig.Resolution) -> None:
    data = FORMS[form] if form in FORMS else duckdb.from_arrow(pa.table({**COLUMNS, "born": BIRTHS}))
    result = ig.resolve(data) if isinstance(data, ig.Records) else ig.resolve(data, id="no")
    assert entities(result) == ENTITIES
    assert result.resolver == expected.resolver
    assert result.crosswalk.to_polars().equals(expected.crosswalk.to_polars())
    assert result.records.table.select(sorted(expected.records.table.columns)).equals(
        expected.records.table.select(sorted(expected.records.table.columns))
    )


def test_a_stream_of_arrow_batches_is_read_once() -> None:
    reader = pa.table({**COLUMNS, "born": BIRTHS}).to_reader(max_chunksize=2)
    assert entities(ig.resolve(reader, id="no")) == ENTITIES
    tables = {"crm": pa.table(COLUMNS).to_reader(), "web": pa.table(COLUMNS).to_reader()}
    assert len(ig.resolve(tables, id="no").records) == 12


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.parquet", "a.ndjson"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_is_read(name: str, kind: type, tmp_path: Path) -> None:
    frame, target = pl.DataFrame(COLUMNS), tmp_path / name
    write = {".csv": frame.write_csv, ".parquet": frame.write_parquet, ".ndjson": frame.write_ndjson,
             ".tsv": lambda path: frame.write_csv(path, separator="\t")}[target.suffix]  # fmt: skip
    write(target)
    result = ig.resolve(kind(target), id="no")
    assert entities(result) == ENTITIES
    assert [str(i) for i in result.crosswalk.to_polars()["record_id"]] == ["1", "2", "3", "4", "5", "6"]
    assert len(ig.resolve({"crm": kind(target), "web": PEOPLE}, id="no").records) == 12


def test_a_path_that_does_not_exist_or_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^there is no file 'no such\.csv'$"):
        ig.resolve("no such.csv")
    with pytest.raises(ConfigurationError, match=r"^there is no file 'no\.parquet'$"):
        ig.resolve({"crm": PEOPLE, "web": "no.parquet"})
    with pytest.raises(ConfigurationError, match=r"^cannot read 'customers\.xlsx': its ending is none of \.csv, "):
        ig.resolve("customers.xlsx")
    (tmp_path / "latin.csv").write_bytes("name\nJosé\n".encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"^cannot read 'latin\.csv' as CSV: .*; text must be UTF-8, and rows"):
        ig.resolve(tmp_path / "latin.csv")


@pytest.mark.parametrize(
    "data",
    [None, 7, (row for row in PEOPLE), tuple(PEOPLE), np.zeros((2, 2)), pd.Series([1]), pl.Series([1]), object()],
    ids=lambda data: type(data).__name__,
)
def test_what_is_no_table_is_an_error_that_says_what_was_given(data: object) -> None:
    given = re.escape(f"{type(data).__module__}.{type(data).__qualname__}")
    for read in (ig.resolve, ig.Resolver.infer, ig.Records.of, RESOLVER.resolve):
        with pytest.raises(UnsupportedInputError, match=rf"^expected a table \(polars, pandas, .*, got {given}$"):
            read(data)


def test_rows_that_are_no_dicts_and_columns_that_are_no_columns_are_errors() -> None:
    with pytest.raises(UnsupportedInputError, match=r"^expected a list of dicts, one per record, got builtins\.tuple$"):
        ig.resolve([(1, "Ann")])
    with pytest.raises(UnsupportedInputError, match=r"^expected a column of values for 'name', got builtins\.str$"):
        ig.resolve({"name": "Ann"})
    with pytest.raises(ConfigurationError, match=r"^columns have unequal lengths: 'id' 2, 'name' 1$"):
        ig.resolve({"id": [1, 2], "name": ["Ann"]})


def test_a_column_named_twice_is_an_error_that_names_it() -> None:
    frame = pd.DataFrame([[1, "Ann", "Lee"]], columns=["id", "name", "name"])
    with pytest.raises(ConfigurationError, match=r"^column names occur more than once: 'name'; rename them$"):
        ig.resolve(frame, id="id")


# ---- unequal tables


CRM = [{"no": row["no"], "Mail": row["email"], "Name": row["name"], "age": 40 + row["no"]} for row in PEOPLE[:3]]
WEB = [{"user": f"u{row['no']}", "e_mail": row["email"].upper(), "color": "red"} for row in PEOPLE]
TABLES = {"crm": CRM, "web": WEB}
BY_SOURCE = {"crm": "no", "web": "user"}


def test_columns_of_unequal_tables_are_aligned_and_the_differences_told() -> None:
    result = ig.resolve(TABLES, id=BY_SOURCE)
    assert result.records.table.columns == ["email", "Name", "age", "color"]
    assert result.notes == (
        "columns were aligned: 'email' = 'Mail' (crm), 'e_mail' (web)",
        "columns have values in some sources only: 'Name' (crm), 'age' (crm), 'color' (web)",
        "no comparator could be left out to judge the clusters by",
    )
    assert result.summary.notes == result.notes
    together = dict(result.crosswalk.to_polars().select("record_id", "entity_id").rows())
    assert together["3"] == together["u3"]
    assert len({together[f"u{i}"] for i in (3, 4, 5, 6)}) == 4


def test_columns_are_aligned_as_the_caller_says() -> None:
    given = {"crm": {"Mail": "contact"}, "web": {"e_mail": "contact", "color": "Name"}}
    result = ig.resolve(TABLES, id=BY_SOURCE, columns=given)
    assert result.records.table.columns == ["contact", "Name", "age"]
    assert result.notes == (
        "columns were aligned: 'Name' = 'color' (web); 'contact' = 'Mail' (crm), 'e_mail' (web)",
        "columns have values in some sources only: 'age' (crm)",
        "no comparator could be left out to judge the clusters by",
    )
    untouched = ig.resolve(TABLES, id=BY_SOURCE, columns={})
    assert untouched.records.table.columns == ["Mail", "Name", "age", "e_mail", "color"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"id": {"crn": "no"}}, ColumnNotFoundError, r"^no source 'crn'; did you mean 'crm'\?$"),
        ({"columns": {"wbe": {}}}, ColumnNotFoundError, r"^no source 'wbe'; did you mean 'web'\?$"),
        ({"id": "no"}, ColumnNotFoundError, r"^no column 'no' in source 'web'; there are: 'user', 'e_mail', 'color'$"),
        (
            {"columns": {"web": {"email": "mail"}}},
            ColumnNotFoundError,
            r"^no column 'email' in source 'web'; did you mean 'e_mail'\?$",
        ),
        (
            {"columns": {"crm": {"Mail": "Name"}}},
            ConfigurationError,
            r"^column names occur more than once in source 'crm': 'Name'; rename them$",
        ),
    ],
)
def test_a_fault_in_what_is_said_of_several_tables_is_told(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ig.resolve(TABLES, **options)


# ---- one name, many ways to write it


SPELLINGS = [
    "José Müller",
    "Jose\u0301 Mu\u0308ller",
    "JOSÉ MÜLLER",
    "Ｊｏｓé　Ｍüｌｌｅｒ",
    "Jo\u200bsé Mül\ufeffler",
    " josé\u00a0müller ",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("fields", [{}, {"name": ig.fields.PersonName()}], ids=["plain", "name"])
def test_composed_case_width_and_invisible_letters_make_no_difference(spelling: str, fields: Any) -> None:
    features = ["name.given", "name.family"] if fields else ["name"]
    resolver = ig.Resolver(ig.block_on(*features), [ig.exact(name) for name in features], fields=fields)
    result = resolver.resolve({"name": ["Ann Lee", SPELLINGS[0], "Bob Ray", spelling, "Cy Orr"]})
    assert entities(result) == [1, 2, 3, 2, 4]
    for feature in features:
        assert len(result.records.column(feature).values) == 4


def test_spellings_of_one_name_are_one_entity_without_configuration() -> None:
    others = [row["name"] for row in PEOPLE[2:]]
    result = ig.resolve({"full_name": SPELLINGS + others, "email": ["jm@x.com"] * 3 + [None] * 3 + others})
    assert entities(result)[:6] == [1] * 6
    assert len(result) == 5


# ---- laws


cells = st.sampled_from(["Ann Lee", "ANN LEE", "Bob Ray", "Eve Poe", "Eve Pow", "ann@x.com", None])
rows = st.lists(
    st.fixed_dictionaries({"name": cells, "email": cells, "city": cells, "s": st.sampled_from("ab")}), max_size=10
)


def partition(result: ig.Resolution) -> set[frozenset[int]]:
    """Return the records of each entity."""
    grouped = result.crosswalk.to_polars().group_by("entity_id").agg("record_id")
    return {frozenset(ids) for ids in grouped["record_id"].to_list()}


@pytest.mark.filterwarnings("ignore::identigraph.IdentigraphWarning")
@settings(max_examples=8)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_and_the_names_of_ids_change_no_entity(
    table: list[dict[str, Any]], random: Any
) -> None:
    numbered = [{"id": i, **row} for i, row in enumerate(table)]
    expected = partition(ig.resolve(numbered, id="id", source="s"))
    shuffled = random.sample(numbered, len(numbered))
    assert partition(ig.resolve(shuffled, id="id", source="s")) == expected
    turned = [dict(reversed(row.items())) for row in numbered]
    assert partition(ig.resolve(turned, id="id", source="s")) == expected
    renamed = [{**row, "id": row["id"] + 1_000} for row in numbered]
    found = partition(ig.resolve(renamed, id="id", source="s"))
    assert {frozenset(i - 1_000 for i in ids) for ids in found} == expected
