"""Likely matches: few strangers among them, free of order, and what blocking keys are judged by."""

from __future__ import annotations

import random

import numpy as np

from identigraph import Pairs, Records, block_on
from identigraph.blocking import KeyBlocking, Union
from identigraph.blocking.choosing import choose_blocking
from identigraph.blocking.likely import SAMPLE, likely_pairs, probability, sampled_rows, text_fields
from identigraph.blocking.offering import key_features
from identigraph.fields import Category, Date, Identifier, PersonName

FIELDS = {"name": PersonName(), "born": Date(), "code": Identifier(), "kind": Category()}


def planted(n: int, seed: int = 0) -> tuple[dict[str, list[str]], list[str]]:
    """Return n people twice, with a code that is drawn anew each time and one letter of the name wrong."""
    draw = random.Random(seed)
    rows: dict[str, list[str]] = {name: [] for name in FIELDS}
    for _ in range(n):
        first, last = ("".join(draw.choices("abcdefghiklmnoprstu", k=7)) for _ in range(2))
        born = f"{draw.randrange(1940, 2005)}-{draw.randrange(1, 13):02}-{draw.randrange(10, 29)}"
        for wrong in ("", "x"):
            rows["name"].append(f"{first} {last}{wrong}")
            rows["born"].append(born)
            rows["code"].append(f"{draw.randrange(10 * n):06}")
            rows["kind"].append(draw.choice("pq"))
    return rows, [f"{i // 2}" for i in range(2 * n)]


def test_likely_pairs_are_nearly_all_matches_and_most_of_them() -> None:
    rows, entity = planted(400)
    records = Records.of({**rows, "entity": entity}, fields=FIELDS)
    likely = likely_pairs(records, key_features(records))
    true = records.table.get_column("entity").to_numpy()
    same = true[likely.pairs.left] == true[likely.pairs.right]
    sure = likely.weight > 0.5
    assert same[sure].mean() > 0.85
    assert (same & sure).sum() > 0.95 * 400


def test_a_key_that_finds_no_likely_match_is_taken_after_one_that_finds_them() -> None:
    rows, _ = planted(400)
    records = Records.of(rows, fields=FIELDS)
    chosen = choose_blocking(records, budget=700)
    assert isinstance(chosen, Union)
    keys = [part.features for part in chosen.strategies if isinstance(part, KeyBlocking)]
    assert any("born" in repr(key) or "name" in repr(key) for key in keys)
    useless, needed = block_on("code").candidates(records).cost, block_on("born").candidates(records).cost
    assert useless < needed
    assert not any(key == ("code",) for key in keys[:1])


def test_the_probability_rises_with_rarity_and_falls_with_what_differs() -> None:
    rows = {"a": ["x", "x", *"p" * 60, *map(str, range(38))], "b": ["k", "k", "k", "l", *map(str, range(96))]}
    records = Records.of(rows, id=None, fields={"a": Category(), "b": Category()})
    at = {int(position): i for i, position in enumerate(records.position)}

    def chance(one: int, other: int) -> float:
        return float(probability(records, ["a", "b"], Pairs.of([at[one]], [at[other]]))[0])

    assert chance(0, 1) > chance(0, 2) > chance(2, 3)


def test_the_sample_of_many_records_keeps_records_with_one_value_together() -> None:
    n = 3 * SAMPLE
    records = Records.of({"a": [str(i // 3) for i in range(n)]}, fields={"a": Category()})
    rows = sampled_rows(records)
    assert 0.9 * SAMPLE <= len(rows) <= 1.1 * SAMPLE
    assert set(np.bincount(records.column("a").codes[rows])) == {0, 3}


def test_categories_are_no_texts_and_the_field_with_the_most_values_comes_first() -> None:
    records = Records.of(
        {"k": ["a", "b", "c"], "few": ["1", "1", "2"], "many": ["1", "2", "3"]},
        fields={"few": Identifier(), "k": Category(), "many": Identifier()},
    )
    assert text_fields(records) == ("many", "few")


def test_records_without_texts_have_no_likely_pairs() -> None:
    records = Records.of({"a": ["x", "x"]}, fields={"a": Category()})
    assert len(likely_pairs(records, key_features(records))) == 0
