"""Learned blocking: it holds what was asked, within the budget, of known matches; and tells where it cannot."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Pairs, Records, blocking
from identigraph.blocking import (
    BlockingStrategy,
    Candidates,
    Union,
    block_on,
    given_pairs,
    learn_blocking,
    learning,
    no_pairs,
)
from identigraph.blocking.choosing import pair_budget
from identigraph.blocking.learning import _Choice, _cover, _needed
from identigraph.blocking.offering import compound_sizes, is_spread, offered_features, part_of, texts_of
from identigraph.errors import (
    ConfigurationError,
    FitWarning,
    HotBlockWarning,
    NoBlockingError,
    RangeError,
)
from identigraph.fields import Date, Email, FreeText, Number, PersonName


def listed(found: Candidates) -> list[tuple[int, int]]:
    return [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]


def parts(strategy: BlockingStrategy) -> tuple[BlockingStrategy, ...]:
    return strategy.strategies if isinstance(strategy, Union) else (strategy,)


def people(seed: int, n: int = 60) -> tuple[Records, BlockingStrategy]:
    """Return people of whom each second is the one before with some values changed, and the pairs of them."""
    draw = np.random.default_rng(seed)
    first, last = (["".join(draw.choice(list("abcdeiou"), size=6)) for _ in range(n)] for _ in range(2))
    rows: dict[str, list[Any]] = {"id": [], "name": [], "mail": [], "born": []}
    for person in range(n):
        born = f"19{draw.integers(50, 99)}-0{draw.integers(1, 9)}-1{draw.integers(0, 9)}"
        for copy in range(2):
            changed = copy * int(draw.integers(0, 4))
            rows["id"].append(2 * person + copy)
            rows["name"].append(f"{first[person]} {'x' * (changed == 1)}{last[person]}")
            rows["mail"].append(None if changed == 2 else f"{first[person]}@x.com")
            rows["born"].append(None if changed == 3 else born)
    fields = {"name": PersonName(), "mail": Email(), "born": Date()}
    records = Records.of(rows, id="id", fields=fields)
    return records, given_pairs([(2 * person, 2 * person + 1) for person in range(n)])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("recall", [0.3, 0.9, 1])
@pytest.mark.parametrize("budget", [None, 400])
def test_at_least_the_recall_that_was_asked_is_held_within_the_budget(
    seed: int, recall: float, budget: int | None
) -> None:
    records, matches = people(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learned = learn_blocking(records, matches, recall=recall, budget=budget)
    known = {*listed(matches.candidates(records))}
    found = learned.candidates(records)
    assert len(known & {*listed(found)}) >= recall * len(known)
    assert found.cost <= (budget or pair_budget(len(records)))
    for needless in parts(learned):
        others = {pair for part in parts(learned) if part is not needless for pair in listed(part.candidates(records))}
        assert not known & {*listed(needless.candidates(records))} <= others
    assert eval(repr(learned), {**vars(blocking), **vars(ig)}) == learned  # noqa: S307


CHOICES = st.lists(st.tuples(st.sets(st.integers(0, 9)), st.integers(1, 20)), min_size=1, max_size=8)


def choice(number: int, held: set[int], cost: int) -> _Choice:
    mask = np.zeros(10, dtype=bool)
    mask[list(held)] = True
    return _Choice(block_on(f"f{number}"), mask, cost)


@given(CHOICES, st.integers(1, 10), st.integers(1, 60))
def test_the_choice_with_the_most_new_matches_per_pair_is_taken_again_and_again(
    offers: list[tuple[set[int], int]], enough: int, allowed: int
) -> None:
    offered = [choice(number, held, cost) for number, (held, cost) in enumerate(offers)]
    missing, left, expected = set(range(10)), allowed, []
    while 10 - len(missing) < enough:
        worth = [
            (len(held & missing) / cost, number)
            for number, (held, cost) in enumerate(offers)
            if cost <= left and held & missing
        ]
        if not worth:
            break
        best = max(worth)[1]
        expected.append(f"block_on('f{best}')")
        missing -= offers[best][0]
        left -= offers[best][1]
    assert [repr(taken.strategy) for taken in _cover(offered, 10, enough, allowed)] == expected


@given(CHOICES)
def test_needless_choices_are_dropped_the_costliest_first_and_nothing_is_lost(
    offers: list[tuple[set[int], int]],
) -> None:
    taken = [choice(number, held, cost) for number, (held, cost) in enumerate(offers)]
    kept = list(range(len(offers)))
    for number in sorted(kept, key=lambda number: -offers[number][1]):
        others = [other for other in kept if other != number]
        if others and offers[number][0] <= set().union(*(offers[other][0] for other in others)):
            kept = others
    assert [repr(needed.strategy) for needed in _needed(taken)] == [f"block_on('f{number}')" for number in kept]
    held = [set().union(*(offers[number][0] for number in numbers)) for numbers in (kept, range(len(offers)))]
    assert held[0] == held[1]


def test_what_a_later_strategy_makes_needless_is_dropped() -> None:
    data = {"a": [1, 1, None, None, None, None, 7, 7], "b": [1, 1, 2, 2, 2, 3, 3, 3], "id": range(8)}
    records = Records.of(data, id="id")
    wanted = given_pairs([(0, 1), (2, 3)])
    assert learn_blocking(records, wanted) == block_on("b")
    assert learn_blocking(records, wanted, recall=0.5) == block_on("a")


def test_of_strategies_of_one_worth_the_shorter_is_taken() -> None:
    records = Records.of(
        {"surname": ["x", "x", "y"], "code": ["p", "p", "q"], "zzz": ["p", "p", "q"], "id": range(3)}, id="id"
    )
    assert learn_blocking(records, given_pairs([(0, 1)])) == block_on("zzz")


def test_just_the_share_that_was_asked_is_enough() -> None:
    assert 0.55 * 100 > 55
    columns = {"a": [i // 2 if i < 110 else None for i in range(200)], "b": [None] * 110 + ["z"] * 90}
    hundred = given_pairs([(i, i + 1) for i in range(0, 200, 2)])
    assert learn_blocking(Records.of({"id": range(200), **columns}, id="id"), hundred, recall=0.55) == block_on("a")
    one, other = [i // 2 if i < 18 else None for i in range(20)], [None] * 17 + ["z"] * 3
    records = Records.of({"id": range(20), "a": one, "b": other}, id="id")
    matches = given_pairs([(i, i + 1) for i in range(0, 20, 2)])
    assert learn_blocking(records, matches, recall=0.9) == block_on("a")
    assert learn_blocking(records, matches, recall=0.91) == block_on("a") | block_on("b")
    assert learn_blocking(records, matches, recall=1e-12) == block_on("a")


def test_two_features_make_one_key_where_one_alone_is_too_costly() -> None:
    pairs = [(i, i + 1) for i in range(0, 40, 2)]
    city = [str(i // 2 % 5) for i in range(40)]
    age = [str(i // 2 % 4) for i in range(40)]
    records = Records.of({"city": city, "age": age, "id": range(40)}, id="id")
    assert repr(learn_blocking(records, given_pairs(pairs), budget=20)) == "block_on('age', 'city')"
    with pytest.raises(NoBlockingError) as caught:
        learn_blocking(records, given_pairs(pairs), budget=19)
    assert str(caught.value).startswith("no strategy within 19 pairs holds any of 20 matches; give one, for example")


def test_words_of_texts_are_offered() -> None:
    titles = ["red vmcc1b wall", "vmcc1b lamp green", "old kx77 chair", "new kx77 chaise", "some other thing"]
    records = Records.of({"title": titles, "id": range(5)}, id="id", fields={"title": FreeText()})
    learned = learn_blocking(records, given_pairs([(0, 1), (2, 3)]))
    assert repr(learned).startswith("words_of('title'")
    assert {*listed(given_pairs([(0, 1), (2, 3)]).candidates(records))} <= {*listed(learned.candidates(records))}


def test_strategies_of_the_caller_are_chosen_from_as_well() -> None:
    data = {"name": ["alpha", "lpha", "kappa", "kapp"], "id": range(4)}
    records, wanted = Records.of(data, id="id"), given_pairs([(0, 1), (2, 3)])
    grams = blocking.qgrams_of("name", q=3)
    with pytest.warns(FitWarning):
        assert learn_blocking(records, wanted) == block_on(ig.soundex("name"))
    assert learn_blocking(records, wanted, among=[grams]) == grams
    assert learn_blocking(records, wanted, among=iter([no_pairs(), grams])) == grams


def test_records_with_fields_offer_these_and_not_their_columns() -> None:
    data = {"id": range(4), "note": ["x", "x", "y", "y"], "price": ["1", "1", "2", "3"]}
    wanted = given_pairs([(0, 1), (2, 3)])
    assert learn_blocking(Records.of(data, id="id"), wanted) == block_on("note")
    with pytest.warns(FitWarning):
        learned = learn_blocking(Records.of(data, id="id", fields={"cost": Number("price")}), wanted)
    assert learned == block_on("cost")


def test_columns_of_lists_are_not_offered() -> None:
    records = Records.of({"id": range(3), "tags": [["a"], ["a"], ["b", "c"]], "city": ["x", "x", "y"]}, id="id")
    assert learn_blocking(records, given_pairs([(0, 1)])) == block_on("city")


def test_what_nothing_within_the_budget_holds_is_told() -> None:
    records = Records.of({"id": range(6), "mail": ["x", "x", "p", "q", "r", "s"]}, id="id")
    with pytest.warns(FitWarning) as told:
        learned = learn_blocking(records, given_pairs([(0, 1), (2, 3), (4, 5)]), recall=0.95)
    assert learned == block_on("mail")
    assert str(told[0].message) == (
        "the learned blocking holds 1 of 3 matches, 33.3%, where 95.0% were asked: nothing else within 540 pairs holds "
        "more; raise the budget, or offer more with among"
    )
    assert told[0].filename == __file__


def test_a_hot_block_is_trusted_only_with_the_pairs_that_it_makes() -> None:
    n = 7_000
    data = {"id": range(n), "city": ["hot" if i < 1_100 else f"c{i // 2}" for i in range(n)]}
    records = Records.of(data, id="id", fields={"city": FreeText()})
    hot = records.position[records.position < 1_100].tolist()
    far = list(zip(hot[:550], hot[550:], strict=True))
    with pytest.raises(NoBlockingError, match=f"^no strategy within 630,000 pairs holds any of {len(far)} matches;"):
        learn_blocking(records, given_pairs(far))
    near = [(i, i + 1) for i in range(1_100, 1_900, 2)]
    with pytest.warns(FitWarning, match=f"holds {len(near)} of {len(near) + len(far)} matches"):
        learn_blocking(records, given_pairs(far + near))


def test_a_key_that_is_hot_in_many_records_is_not_offered() -> None:
    columns = {"city": ["x"] * 1_300 + ["y", "y"], "name": [f"n{i // 2}" for i in range(1_302)]}
    records = Records.of({"id": range(1_302), **columns}, id="id", fields={"city": FreeText(), "name": FreeText()})
    with pytest.raises(NoBlockingError, match=r"^no strategy within 117,180 pairs holds any of 1 matches;"):
        learn_blocking(records.with_fields({"city": FreeText()}), given_pairs([(1_300, 1_301)]))
    assert learn_blocking(records, given_pairs([(1_300, 1_301)])) == block_on("name")


def test_of_very_many_matches_every_so_manieth_is_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Asked(blocking.KeyBlocking):
        """A key that notes of how many pairs it is asked."""

        def candidates(self, records: Records) -> Any:
            """Return candidates that note how many pairs they are asked of."""
            return Noted(super().candidates(records))

    class Noted:
        """Candidates that note how many pairs they are asked of."""

        def __init__(self, inner: Candidates) -> None:
            self.inner, self.cost, self.reports = inner, inner.cost, inner.reports

        def __iter__(self) -> Iterator[Pairs]:
            return iter(self.inner)

        def holds(self, pairs: Pairs) -> Any:
            """Note the number of pairs."""
            asked.append(len(pairs))
            return self.inner.holds(pairs)

    records = Records.of({"key": ["x"] * 15, "other": range(15)})
    for most, seen in ((105, 105), (104, 53), (50, 35), (1, 1)):
        monkeypatch.setattr(learning, "MOST_MATCHES", most)
        learn_blocking(records, block_on("key"), among=[Asked(("key",))], budget=105)
        assert asked.pop() == seen
    assert learning.MOST_MATCHES == 1


def test_matches_may_be_any_strategy() -> None:
    data = {"entity": ["p", "p", "q", "q", None, None], "name": ["ann", "ann", "bob", "bob", "cid", "cid"]}
    records = Records.of(data, fields={"name": PersonName()})
    learned = learn_blocking(records, block_on("entity"))
    assert {*listed(block_on("entity").candidates(records))} <= {*listed(learned.candidates(records))}


@pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
@pytest.mark.parametrize("matches", [no_pairs(), block_on("id2")])
def test_no_match_is_refused(matches: BlockingStrategy) -> None:
    records = Records.of({"name": ["a", "a"], "id2": [1, 2]})
    with pytest.raises(ConfigurationError) as caught:
        learn_blocking(records, matches)
    assert str(caught.value) == "learning needs matches: pairs of records that are known to be one entity; got none"


def test_nothing_that_is_shared_is_refused() -> None:
    records = Records.of({"id": range(4), "name": ["ann", "bob", "cid", "dan"]}, id="id")
    with pytest.raises(NoBlockingError) as caught:
        learn_blocking(records, given_pairs([(0, 1), (2, 3)]))
    assert str(caught.value).startswith("no strategy within 360 pairs holds any of 2 matches; give one, for example")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"recall": 0}, "recall must lie between 0 and 1, got 0"),
        ({"recall": 1.5}, "recall must lie between 0 and 1, got 1.5"),
        ({"budget": 0}, "budget must lie between 1 and inf, got 0"),
    ],
)
def test_numbers_out_of_range_are_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(RangeError) as caught:
        learn_blocking(Records.of({"a": ["x", "x"]}), given_pairs([(0, 1)]), **arguments)
    assert str(caught.value) == said


def test_learned_keys_do_not_warn_and_those_of_the_caller_do() -> None:
    records = Records.of({"id": range(40), "a": ["x"] * 38 + ["y", "y"], "b": ["p"] * 2 + [None] * 38}, id="id")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learn_blocking(records, given_pairs([(0, 1), (38, 39)])).candidates(records)
    with pytest.warns(HotBlockWarning):
        learn_blocking(records, given_pairs([(0, 1)]), among=[block_on("a", max_block=2)])


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=20))
def test_sizes_of_a_key_of_two_features_are_those_of_a_plain_count(codes: list[tuple[int, int]]) -> None:
    one, other = (np.array([pair[side] for pair in codes], dtype=np.int32) for side in (0, 1))
    known = [pair for pair in codes if min(pair) >= 0]
    assert compound_sizes(one, other).tolist() == [known.count(pair) for pair in sorted({*known})]


def test_a_key_is_spread_where_a_fifth_at_the_most_is_in_hot_blocks() -> None:
    assert is_spread(np.array([1_000, 1]))
    assert is_spread(np.array([1_001, 1_000, 1_000, 1_000, 1_000, 4]))
    assert not is_spread(np.array([1_001, 1_000, 1_000, 1_000, 1_000, 3]))
    assert is_spread(np.zeros(0, dtype=np.int64))


def test_two_forms_of_one_part_are_no_key_together() -> None:
    records, _ = people(0)
    features = offered_features(records)
    for one, other in combinations(features, 2):
        if part_of(one) == part_of(other):
            assert str(part_of(one)).split(".")[0] in {"name", "mail", "born"}
    assert part_of(ig.soundex("name.family")) == part_of(ig.prefix("name.family", 4)) == "name.family"
    assert part_of("mail.local") == part_of("mail") == "mail"
    assert part_of("name.given") != part_of("name.family")


def test_texts_are_fields_of_one_word_and_a_half_or_more_in_the_mean() -> None:
    data = {
        "long": ["a b", "c"],
        "short": [
            "a b",
            "c",
        ][::-1],
        "word": ["x", "y"],
        "name": ["a b", "c d"],
    }
    kinds = {"long": FreeText(), "word": FreeText(), "name": PersonName()}
    assert texts_of(Records.of(data, fields=kinds)) == ["long"]
    assert texts_of(Records.of({"long": [None, None]}, fields={"long": FreeText()})) == []
