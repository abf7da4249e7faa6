"""Blocking chosen from the data: within the budget, without what adds nothing, free of order."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Records, block_on, prefix, soundex, year
from identigraph.blocking import BlockingStrategy, KeyBlocking, PieceBlocking, Union, offering
from identigraph.blocking.choosing import (
    MOST_KEYS,
    SINGLE_SHARE,
    WORD_CAPS,
    WORD_SHARE,
    choose_blocking,
    pair_budget,
)
from identigraph.errors import NoBlockingError
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Number,
    Organisation,
    PersonName,
    Phone,
    Url,
)

FIELDS: dict[str, FieldKind] = {
    "name": PersonName(given="given", family="family"),
    "born": Date(),
    "mail": Email(),
    "phone": Phone(),
    "address": Address(street="street", city="city"),
    "remark": FreeText(),
    "code": Identifier(),
}
BUDGETS = [200, 1_000, 4_000, 15_000, 60_000]
COARSER = {
    "born": {year("born"), "born.month_day"},
    "mail": {"mail.local"},
    "phone": {"phone.tail"},
    "address": {"address.street"},
    "remark": {"remark.sorted", prefix("remark", 6)},
    "name.given": {soundex("name.given"), prefix("name.given", 3)},
    "name.family": {soundex("name.family"), prefix("name.family", 4)},
}
"""What follows from equal values of a feature in `FIELDS`."""


def people(n: int, seed: int) -> dict[str, list[str | None]]:
    """Return random people, some values missing, with as many of some values as a real table has."""
    draw = random.Random(seed)

    def some(values: Iterable[str]) -> list[str | None]:
        pool = list(values)
        return [None if draw.random() < 0.05 else draw.choice(pool) for _ in range(n)]

    letters = "abcdefghijklmnopqrstuvwxyz"
    names = ["".join(draw.choices(letters, k=7)) for _ in range(150)]
    return {
        "given": some(names[:40]),
        "family": some(names[40:]),
        "born": some(f"{draw.randrange(1940, 2005)}-{draw.randrange(1, 13):02}-17" for _ in range(400)),
        "mail": some(f"{draw.choice(names)}@{draw.choice(['x', 'y'])}.com" for _ in range(500)),
        "phone": some(f"{draw.choice([212, 213])}{draw.randrange(2_000_000, 9_000_000)}" for _ in range(500)),
        "street": some(f"{draw.randrange(1, 40)} {draw.choice(names)} street" for _ in range(500)),
        "city": some(names[:25]),
        "remark": some(f"{draw.choice(names)} {draw.choice(names)} sold" for _ in range(450)),
        "code": some(f"{i:05}" for i in range(2 * n)),
    }


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.of(people(650, seed=1), fields=FIELDS)


def parts_of(strategy: BlockingStrategy) -> tuple[BlockingStrategy, ...]:
    return strategy.strategies if isinstance(strategy, Union) else (strategy,)


def keys_of(strategy: BlockingStrategy) -> list[KeyBlocking]:
    return [part for part in parts_of(strategy) if isinstance(part, KeyBlocking)]


def texts_of(strategy: BlockingStrategy) -> list[PieceBlocking]:
    return [part for part in parts_of(strategy) if isinstance(part, PieceBlocking)]


@pytest.mark.parametrize("budget", BUDGETS)
def test_the_budget_is_kept_by_all_keys_together_and_its_shares_by_each_part(records: Records, budget: int) -> None:
    strategy = choose_blocking(records, budget=budget)
    costs = [key.candidates(records).cost for key in keys_of(strategy)]
    assert 0 < sum(costs) <= budget
    assert all(0 < cost <= SINGLE_SHARE * budget for cost in costs)
    assert all(0 < text.candidates(records).cost <= WORD_SHARE * budget for text in texts_of(strategy))
    assert len(parts_of(strategy)) == len(set(parts_of(strategy)))


def test_more_budget_is_spent_on_more_pairs(records: Records) -> None:
    made = [sum(map(len, choose_blocking(records, budget=budget).candidates(records))) for budget in BUDGETS]
    assert made == sorted(set(made))


@pytest.mark.parametrize("budget", BUDGETS)
def test_no_chosen_key_contains_another(records: Records, budget: int) -> None:
    def follows(coarse: object, fine: object) -> bool:
        return coarse == fine or coarse in COARSER.get(fine, ())

    for one, other in permutations(keys_of(choose_blocking(records, budget=budget)), 2):
        assert not all(any(follows(coarse, fine) for fine in other.features) for coarse in one.features), (one, other)


@pytest.mark.parametrize("budget", BUDGETS)
def test_two_features_of_a_key_are_no_forms_of_one_another(records: Records, budget: int) -> None:
    same = [{fine, *coarse} for fine, coarse in COARSER.items()] + [{"remark", "remark.sorted", prefix("remark", 6)}]
    for key in keys_of(choose_blocking(records, budget=budget)):
        assert len(key.features) == len(set(key.features)) <= 2
        assert len(key.features) == 1 or not any(set(key.features) <= forms for forms in same)


def test_keys_of_one_and_of_two_features_and_of_words_are_all_chosen(records: Records) -> None:
    strategy = choose_blocking(records, budget=15_000)
    assert {len(key.features) for key in keys_of(strategy)} == {1, 2}
    assert [text.features for text in texts_of(strategy)] == [("remark",)]


@pytest.mark.parametrize("budget", BUDGETS)
def test_the_choice_is_free_of_the_order_of_rows_columns_and_fields(budget: int) -> None:
    columns = people(650, seed=1)
    chosen = choose_blocking(Records.of(columns, fields=FIELDS), budget=budget)
    draw = random.Random(budget)
    rows = draw.sample(range(650), k=650)
    moved = {name: [columns[name][i] for i in rows] for name in draw.sample(sorted(columns), k=len(columns))}
    fields = {name: FIELDS[name] for name in reversed(FIELDS)}
    assert choose_blocking(Records.of(moved, fields=fields), budget=budget) == chosen


def test_what_is_chosen_is_quiet_and_can_be_pasted(records: Records) -> None:
    strategy = choose_blocking(records, budget=15_000)
    assert eval(repr(strategy), dict(vars(ig))) == strategy  # noqa: S307
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        strategy.candidates(Records.of({name: ["x", "y"] for name in people(1, 1)}, fields=FIELDS))


def test_no_more_than_so_many_keys_are_taken_without_likely_matches_the_cheapest() -> None:
    columns = {f"c{i:02}": [f"k{j // 2 if j < 2 * (i + 1) else j}" for j in range(500)] for i in range(MOST_KEYS + 5)}
    records = Records.of(columns, fields=dict.fromkeys(columns, Category()))
    keys = keys_of(choose_blocking(records, budget=100_000))
    assert len(keys) == MOST_KEYS
    assert sum(key.candidates(records).cost for key in keys) <= 100_000


@pytest.mark.parametrize("n", [2, 447])
def test_few_records_are_all_compared(n: int) -> None:
    records = Records.of({"a": list(range(n))}, fields={"a": Identifier()})
    assert choose_blocking(records) == ig.all_pairs()


def test_all_are_compared_where_that_is_within_the_budget() -> None:
    records = Records.of({"a": [str(i // 2) for i in range(448)]}, fields={"a": Identifier()})
    assert choose_blocking(records) == block_on("a")
    assert choose_blocking(records, budget=448 * 447 // 2) == ig.all_pairs()
    assert choose_blocking(records, budget=448 * 447 // 2 - 1) == block_on("a")


@pytest.mark.parametrize("fields", [{"a": Identifier()}, {}])
def test_records_with_nothing_in_common_raise(fields: dict[str, FieldKind]) -> None:
    records = Records.of({"a": [str(i) for i in range(500)]}, fields=fields)
    with pytest.raises(NoBlockingError, match=r"^no two records share any value to block on; give one, for example"):
        choose_blocking(records)


def test_records_with_too_much_in_common_raise_and_say_so() -> None:
    records = Records.of({"a": ["x", "y"] * 250, "b": ["p"] * 500}, fields={"a": Category(), "b": Category()})
    with pytest.raises(NoBlockingError, match=r"^every value that records share is shared by too many to"):
        choose_blocking(records)


def hot(size: int, n: int) -> Records:
    """Return records of which `size` share one value; the rest share theirs with one other."""
    return Records.of({"a": ["x"] * size + [f"k{i // 2}" for i in range(n - size)]}, fields={"a": Category()})


def test_a_key_with_many_of_its_records_in_hot_blocks_is_not_chosen() -> None:
    with pytest.raises(NoBlockingError, match="shared by too many"):
        choose_blocking(hot(1_300, 6_000))


def test_a_key_with_few_of_its_records_in_hot_blocks_is_chosen_at_the_cost_of_thinned_out_blocks() -> None:
    records = hot(1_100, 6_000)
    kept = 10 * 1_100 - 55 + 4_900 // 2
    chosen = choose_blocking(records, budget=5 * kept)
    assert chosen == block_on("a")
    assert chosen.candidates(records).cost == kept
    with pytest.raises(NoBlockingError):
        choose_blocking(records, budget=5 * kept - 1)


def test_two_features_that_are_hot_together_are_not_chosen() -> None:
    pairs = {"a": ["x"] * 1_300 + [""] * 4_700, "b": ["p"] * 1_300 + ["q"] * 4_700}
    records = Records.of(pairs, fields={"a": Category(), "b": Category()})
    with pytest.raises(NoBlockingError, match="shared by too many"):
        choose_blocking(records)


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=40)
    | st.lists(st.tuples(st.integers(-1, 2**31 - 1), st.integers(-1, 2**31 - 1)), max_size=5)
)
def test_block_sizes_of_two_features_are_exact(codes: list[tuple[int, int]]) -> None:
    one, other = np.array(codes, dtype=np.int32).reshape(-1, 2).T
    expected = Counter(pair for pair in codes if min(pair) >= 0)
    assert sorted(offering.compound_sizes(one, other).tolist()) == sorted(expected.values())


@pytest.mark.filterwarnings("ignore::identigraph.errors.HotBlockWarning")
def test_words_are_purged_as_little_as_their_share_of_the_budget_allows() -> None:
    draw = random.Random(3)
    texts = [f"{draw.randrange(40)} {draw.randrange(1_000)} {i}" for i in range(600)]
    records = Records.of({"text": texts}, fields={"text": FreeText()})
    costs = {cap: ig.words_of("text", max_block=cap).candidates(records).cost for cap in WORD_CAPS}
    assert len(set(costs.values())) > 2
    for budget in (int(cost / WORD_SHARE) for cost in costs.values()):
        (words,) = texts_of(choose_blocking(records, budget=budget))
        assert words.policy.max_block == max(cap for cap, cost in costs.items() if 0 < cost <= WORD_SHARE * budget)


def test_the_words_of_all_texts_count_together_but_not_texts_of_single_words() -> None:
    columns = {
        "remark": [f"u{i} v{i}" for i in range(500)],
        "single": [f"s{i // 2}" for i in range(500)],
        "organisation": [f"o{i // 2} with son{i}" for i in range(500)],
    }
    fields = {"remark": FreeText(), "single": FreeText(), "organisation": Organisation()}
    chosen = choose_blocking(Records.of(columns, fields=fields))
    assert [text.features for text in texts_of(chosen)] == [("organisation", "remark")]


@pytest.mark.parametrize(
    "kind", [Address, Category, Date, Email, FreeText, Identifier, Number, Organisation, PersonName, Phone, Url]
)
def test_every_kind_offers_features_that_records_have(kind: type[FieldKind]) -> None:
    records = Records.of({"field": ["x"]}, fields={"field": kind()})
    offered = offering.offered("field", kind())
    assert len(offered) == len(set(offered)) > 0
    assert all(len(records.column(feature)) == 1 for feature in offered)


def test_records_without_fields_offer_their_columns_but_those_of_lists() -> None:
    records = Records.of({"b": ["x y", "x y"], "a": ["anna", "anne"], "tags": [["t"], ["t", "u"]], "id": ["1", "2"]})
    assert offering.offered_features(records) == sorted(
        ["b", soundex("b"), prefix("b", 3), soundex("a"), prefix("a", 3)], key=repr
    )


@given(st.integers(0, 10**8))
def test_the_budget_falls_from_ninety_pairs_a_record_to_twenty_five(n: int) -> None:
    assert 25 * n <= pair_budget(n) <= 90 * n
