"""The estimate of recall: against the truth where errors are independent, and none where it cannot be made."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import identigraph as ig
from identigraph import blocking
from identigraph.blocking import BlockingStrategy
from identigraph.blocking.recall import RecallEstimate, estimate_recall
from identigraph.blocking.strategy import Union
from identigraph.fields import Date, Email, Identifier, PersonName

FIELDS = ("a", "b", "c", "d")


def people(error: float, *, entities: int = 3_000, seed: int = 0) -> tuple[ig.Records, np.ndarray]:
    """Return two records of each entity, each value wrong with probability `error`, and the true entity of each row."""
    draw = np.random.default_rng(seed)
    entity = np.repeat(np.arange(entities), 2)
    table: dict[str, object] = {"id": list(range(2 * entities))}
    for field in FIELDS:
        wrong = draw.random(2 * entities) < error
        table[field] = [f"{field}{x}" for x in np.where(wrong, draw.integers(10**6, 10**9, 2 * entities), entity)]
    records = ig.Records.of(table, id="id")
    return records, entity[records.ids.to_numpy()]


def estimated(strategy: BlockingStrategy, records: ig.Records) -> RecallEstimate | None:
    parts = strategy.strategies if isinstance(strategy, Union) else (strategy,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimate_recall(records, parts, [part.candidates(records) for part in parts])


def found(strategy: BlockingStrategy, records: ig.Records, entity: np.ndarray) -> float:
    return sum(ig.metrics.pairs_completeness(p.left, p.right, entity) for p in strategy.candidates(records))


@pytest.mark.parametrize("error", [0.05, 0.2, 0.4])
def test_it_is_near_the_truth_where_errors_are_independent(error: float) -> None:
    records, entity = people(error)
    strategy = ig.block_on("a") | ig.block_on("b") | ig.block_on("c") | ig.block_on("d")
    estimate = estimated(strategy, records)
    assert estimate is not None
    assert estimate.recall == pytest.approx(found(strategy, records, entity), abs=0.03)
    assert estimate.low <= estimate.recall <= estimate.high
    assert estimate.estimates == 6
    assert estimate.pairs > 1_000


def test_keys_that_read_fields_of_both_sides_make_it_too_low_at_worst() -> None:
    records, entity = people(0.2)
    strategy = ig.block_on("a") | ig.block_on("b", "c") | ig.block_on("c", "d") | ig.block_on("d")
    estimate = estimated(strategy, records)
    assert estimate is not None
    assert estimate.recall < estimate.high <= found(strategy, records, entity) + 0.03


def test_it_falls_with_the_keys() -> None:
    records, _ = people(0.3)
    every = ig.block_on("a") | ig.block_on("b") | ig.block_on("c") | ig.block_on("d")
    some = ig.block_on("a", "b") | ig.block_on("c", "d")
    more, less = estimated(every, records), estimated(some, records)
    assert more is not None
    assert less is not None
    assert more.recall > less.recall + 0.1


def test_pairs_that_agree_by_chance_do_not_lower_it() -> None:
    """Values of `a` and `b` are few, so that many pairs agree on both without being one entity."""
    records, entity = people(0.2, entities=2_000)
    few = {name: records.table.get_column(name).str.slice(-2).to_list() for name in ("a", "b")}
    rest = {name: records.table.get_column(name).to_list() for name in ("c", "d")}
    table = ig.Records.of({"id": records.ids.to_list(), **few, **rest}, id="id")
    strategy = ig.block_on("c") | ig.block_on("d") | ig.block_on("a", "b")
    estimate = estimated(strategy, table)
    truth = dict(zip(records.ids.to_list(), entity.tolist(), strict=True))
    entities = np.array([truth[i] for i in table.ids.to_list()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        true = found(strategy, table, entities)
    assert estimate is not None
    assert estimate.recall == pytest.approx(true, abs=0.05)


@pytest.mark.parametrize("strategy", [ig.block_on("a"), ig.block_on("a", "b", "c", "d"), ig.no_pairs()], ids=repr)
def test_there_is_none_where_no_two_groups_of_fields_have_keys(strategy: BlockingStrategy) -> None:
    records, _ = people(0.1, entities=200)
    assert estimated(strategy, records) is None


def test_there_is_one_where_two_groups_of_fields_have_a_key_each() -> None:
    records, _ = people(0.1, entities=200)
    estimate = estimated(ig.block_on("a", "c") | ig.block_on("b", "d"), records)
    assert estimate is not None
    assert estimate.estimates == 2


def test_there_is_none_for_few_records() -> None:
    records, _ = people(0.0, entities=10)
    assert estimated(ig.block_on("a") | ig.block_on("b") | ig.block_on("c") | ig.block_on("d"), records) is None


def test_what_strategies_read_is_seen_inside_combinations_and_derived_features() -> None:
    records, entity = people(0.2)
    plain = ig.block_on("a") | ig.block_on("b") | ig.block_on("c") | ig.block_on("d")
    wrapped = Union(
        (
            blocking.meta_blocking(ig.block_on("a"), pruning="weight_edge"),
            ig.block_on("b") & ig.block_on(ig.suffix("b", 20)),
            ig.block_on(ig.prefix("c", 20)) - ig.no_pairs(),
            blocking.sorted_neighborhood("d", window=2),
        )
    )
    one, other = estimated(plain, records), estimated(wrapped, records)
    assert one is not None
    assert other is not None
    assert other.recall == pytest.approx(one.recall, abs=0.02)
    assert other.recall == pytest.approx(found(wrapped, records, entity), abs=0.03)


def test_names_agree_by_given_and_family_name_and_are_one_field() -> None:
    records, _ = people(0.1)
    given = [
        f"g{'abcdefghij'[int(v[-1])]}{'abcdefghij'[int(v[-2])] if v[-2:].isdigit() else ''}" for v in records.table["a"]
    ]
    table = {
        "id": records.ids.to_list(),
        "first": given,
        "last": [f"l{v}" for v in records.table["b"]],
        "mail": [f"{v}@x.com" for v in records.table["c"]],
        "code": records.table["d"].to_list(),
    }
    fields = {"name": PersonName(given="first", family="last"), "email": Email("mail"), "code": Identifier()}
    named = ig.Records.of(table, id="id", fields=fields)
    strategy = ig.block_on("name.family") | ig.block_on("email") | ig.block_on("code")
    assert estimated(strategy, named) is not None
    assert estimated(ig.block_on("name.family") | ig.block_on("name.given"), named) is None


def test_lists_and_empty_fields_do_no_harm() -> None:
    records, _ = people(0.1, entities=300)
    table = {"id": records.ids.to_list(), **{f: records.table[f].to_list() for f in FIELDS}}
    table |= {"tags": [["x", "y"]] * len(records), "none": [None] * len(records)}
    fields = {"email": Email("none"), "born": Date("none")}
    strategy = ig.block_on("a") | ig.block_on("b") | ig.block_on("c") | ig.block_on("d")
    assert estimated(strategy, ig.Records.of(table, id="id")) is not None
    assert estimated(strategy, ig.Records.of(table, id="id", fields=fields)) is None
    listed = {name: Identifier() for name in FIELDS} | {"tags": Identifier()}
    assert estimated(strategy, ig.Records.of(table, id="id", fields=listed)) is not None
