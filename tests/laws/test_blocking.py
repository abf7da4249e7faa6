"""Laws of blocking: the candidates of any expression against brute force over all pairs.

Keys, pieces of texts, elements of lists and own pairs have an oracle here; all other families are held to the laws that
need none: each pair once, held as proposed, joined as sets, free of the order of rows, the same again.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph import Pairs, Records, all_pairs, block_on, no_pairs, prefix, words_of
from identigraph.blocking import (
    BlockingStrategy,
    Candidates,
    adaptive_neighborhood,
    any_shared,
    blocks,
    candidates,
    canopies,
    given_pairs,
    hot,
    keys,
    meta_blocking,
    minhash,
    nearest,
    qgrams_of,
    simhash,
    sorted_neighborhood,
    suffixes_of,
    top_k,
    within_distance,
    within_time,
)
from identigraph.blocking.strategy import Algebra

pytestmark = [
    pytest.mark.filterwarnings("ignore::identigraph.errors.HotBlockWarning"),
    pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning"),
]

SOME, FEW = (settings(max_examples=settings.default.max_examples // part) for part in (2, 6))
"""For tests that run once for each family."""
Row = dict[str, Any]
PairSet = set[tuple[int, int]]
REACH = 2
"""Neighbors in a capped block, few enough for small tables to have hot blocks that lose pairs."""


class Case(NamedTuple):
    """A strategy, and the pairs it should give for rows in the order of the records."""

    strategy: BlockingStrategy
    oracle: Callable[[list[Row]], PairSet]


ROWS = st.fixed_dictionaries(
    {
        "a": st.sampled_from(["x1", "x2", "y1", None]),
        "b": st.sampled_from(["p", "q", None]),
        "text": st.sampled_from(["red car", "car red", "blue car", "red", "car car", "old blue van", None]),
        "tags": st.none() | st.lists(st.sampled_from(["t", "u", "v", "w"]), max_size=3),
        "seen": st.none() | st.integers(0, 59).map(lambda minute: f"2024-05-17T10:{minute:02}:00"),
        "north": st.none() | st.sampled_from([50.0, 50.0001, 50.0002, -89.9999, 89.9999]),
        "east": st.sampled_from([179.9999, -179.9999, 8.0, 8.0001]),
    }
)
COLUMNS = ("a", "b", "text", "tags", "seen", "north", "east")
TABLES = st.lists(ROWS, max_size=12)
FEATURES = {"a": "a", "b": "b", "first of a": prefix("a", 1)}


def value(row: Row, feature: str) -> str | None:
    """Return the value of one of `FEATURES`, by plain Python."""
    return row["a"] and row["a"][:1] if feature == "first of a" else row[feature]


# ---- families with an oracle


@attrs.frozen
class Policy:
    """What becomes of hot blocks, by plain Python."""

    max_block: int
    hot: str
    split_by: tuple[str, ...]

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of a maker."""
        split_by = tuple(FEATURES[name] for name in self.split_by)
        return {"max_block": self.max_block, "hot": self.hot, "split_by": split_by}

    def paired(self, rows: list[Row], block: list[int]) -> PairSet:
        """Return the pairs of one block."""
        if len(block) <= self.max_block:
            return set(combinations(block, 2))
        if self.hot == "skip":
            return set()
        if self.split_by:
            parts: dict[str | None, list[int]] = defaultdict(list)
            for i in block:
                parts[value(rows[i], self.split_by[0])].append(i)
            rest = attrs.evolve(self, split_by=self.split_by[1:])
            return {pair for part in parts.values() for pair in rest.paired(rows, part)}
        return {(block[i], block[j]) for i, j in combinations(range(len(block)), 2) if j - i <= REACH}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy that leaves most, some or none of the blocks of a small table hot."""
    way = draw(st.sampled_from(["cap", "skip", "split"]))
    names = draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=1, max_size=2, unique=True))
    return Policy(draw(st.sampled_from([2, 3, 4, 1_000])), way, tuple(names) if way == "split" else ())


def in_blocks(rows: list[Row], sets: list[set[Any]], policy: Policy) -> PairSet:
    """Return the pairs of rows whose sets meet, each element a block."""
    members: dict[Any, list[int]] = defaultdict(list)
    for i, elements in enumerate(sets):
        for element in elements:
            members[element].append(i)
    return {pair for block in members.values() for pair in policy.paired(rows, block)}


@st.composite
def key_cases(draw: st.DrawFn) -> Case:
    """A key of one to three features, with and without hot blocks."""
    names = draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=1, max_size=3, unique=True))
    policy = draw(policies())

    def oracle(rows: list[Row]) -> PairSet:
        found = [tuple(value(row, name) for name in names) for row in rows]
        return in_blocks(rows, [set() if None in key else {key} for key in found], policy)

    return Case(block_on(*(FEATURES[name] for name in names), **policy.options), oracle)


def windows(text: str, q: int) -> set[str]:
    return {text} if len(text) < q else {text[i : i + q] for i in range(len(text) - q + 1)}


CUTS: dict[str, tuple[Callable[..., BlockingStrategy], Callable[[str], set[str]]]] = {
    "words": (words_of, lambda text: set(text.split())),
    "qgrams": (lambda *features, **options: qgrams_of(*features, q=3, **options), lambda text: windows(text, 3)),
    "suffixes": (
        lambda *features, **options: suffixes_of(*features, shortest=2, **options),
        lambda text: {text[i:] for i in range(len(text) - 1)},
    ),
}


def rarest(sets: list[set[str]], keep: float, max_block: int) -> list[set[str]]:
    """Return of each set its hot pieces, and of the others that more than one has the share that fewest have."""
    sizes = {piece: sum(piece in other for other in sets) for piece in set().union(*sets)}
    kept = []
    for pieces in sets:
        shared = sorted((sizes[piece], piece) for piece in pieces if 1 < sizes[piece] <= max_block)
        few = {piece for _, piece in shared[: math.ceil(keep * len(shared))]}
        kept.append(few | {piece for piece in pieces if sizes[piece] > max_block})
    return kept


@st.composite
def piece_cases(draw: st.DrawFn) -> Case:
    """Words, q-grams or endings of a text or of two, all of them or the rarest."""
    make, pieces = CUTS[draw(st.sampled_from(sorted(CUTS)))]
    names = draw(st.sampled_from([("text",), ("text", "a"), ("b", "text")]))
    policy, keep = draw(policies()), draw(st.sampled_from([1.0, 0.5]))

    def oracle(rows: list[Row]) -> PairSet:
        texts = [" ".join(row[name] for name in names if row[name] is not None) for row in rows]
        sets = [pieces(text) - {""} for text in texts]
        return in_blocks(rows, sets if keep == 1 else rarest(sets, keep, policy.max_block), policy)

    return Case(make(*names, keep=keep, **policy.options), oracle)


@st.composite
def element_cases(draw: st.DrawFn) -> Case:
    """Elements of lists, or of texts that a separator divides."""
    policy = draw(policies())
    if draw(st.booleans()):
        strategy = any_shared("text", separator=" ", **policy.options)
        return Case(strategy, lambda rows: in_blocks(rows, [set((row["text"] or "").split()) for row in rows], policy))
    strategy = any_shared("tags", **policy.options)
    return Case(strategy, lambda rows: in_blocks(rows, [set(row["tags"] or ()) for row in rows], policy))


@attrs.frozen(repr=False)
class Own(Algebra):
    """Own pairs, those whose ids the records have."""

    pairs: tuple[tuple[int, int], ...]

    def candidates(self, records: Records) -> Candidates:
        """Return these pairs."""
        return given_pairs([pair for pair in self.pairs if max(pair) < len(records)]).candidates(records)

    def __repr__(self) -> str:
        """Return the pairs."""
        return f"Own({self.pairs})"


@st.composite
def given_cases(draw: st.DrawFn) -> Case:
    """Pairs of ids, in any order and repeated."""
    number = st.integers(0, 11)
    pairs = draw(st.lists(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]), max_size=12))

    def oracle(rows: list[Row]) -> PairSet:
        place = {row["id"]: i for i, row in enumerate(rows)}
        known = [(place[i], place[j]) for i, j in pairs if i in place and j in place]
        return {(min(pair), max(pair)) for pair in known}

    return Case(Own(tuple(pairs)), oracle)


def every_pair(rows: list[Row]) -> PairSet:
    return set(combinations(range(len(rows)), 2))


def either(one: Case, other: Case) -> Case:
    return Case(one.strategy | other.strategy, lambda r: one.oracle(r) | other.oracle(r))


def both(one: Case, other: Case) -> Case:
    return Case(one.strategy & other.strategy, lambda r: one.oracle(r) & other.oracle(r))


def without(one: Case, other: Case) -> Case:
    return Case(one.strategy - other.strategy, lambda r: one.oracle(r) - other.oracle(r))


PLAIN = st.sampled_from([Case(all_pairs(), every_pair), Case(no_pairs(), lambda _: set())])
ORACLES = {
    "keys": key_cases(),
    "pieces": piece_cases(),
    "elements": element_cases(),
    "own": given_cases(),
    "plain": PLAIN,
}
CASES = st.recursive(
    st.one_of(ORACLES.values()),
    lambda inner: st.builds(lambda join, a, b: join(a, b), st.sampled_from([either, both, without]), inner, inner),
    max_leaves=5,
)


@contextmanager
def small(batch: int = 500_000) -> Iterator[None]:
    """Make capped blocks reach `REACH` neighbors only, and batches hold `batch` pairs."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (hot, keys, blocks):
            patch.setattr(module, "NEIGHBORS", REACH)
        for module in (candidates, blocks):
            patch.setattr(module, "BATCH", batch)
        yield


def table(rows: list[Row], order: list[int] | None = None) -> Records:
    """Return the records of rows that keep their number as id, however they are ordered."""
    ids = list(range(len(rows))) if order is None else order
    return Records.of({"id": ids, **{name: [rows[i][name] for i in ids] for name in COLUMNS}}, id="id")


def in_order(records: Records, rows: list[Row]) -> list[Row]:
    """Return rows in the order of the records, with their ids."""
    return [{"id": i, **rows[i]} for i in records.ids]


def listed(found: Candidates) -> list[tuple[int, int]]:
    """Return all pairs one after the other."""
    return [pair for pairs in found for pair in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]


def found_ids(strategy: BlockingStrategy, records: Records) -> set[frozenset[int]]:
    """Return the pairs as sets of record ids."""
    ids = records.ids.to_list()
    return {frozenset((ids[i], ids[j])) for i, j in listed(strategy.candidates(records))}


def held(found: Candidates, asked: list[tuple[int, int]]) -> list[bool]:
    """Tell for each of any pairs whether it is held."""
    told = found.holds(Pairs.of([i for i, _ in asked], [j for _, j in asked]))
    assert told.dtype == bool
    return told.tolist()


@pytest.mark.parametrize("family", ORACLES)
@SOME
@given(st.data(), TABLES)
def test_a_family_gives_the_pairs_of_brute_force_each_once(family: str, data: st.DataObject, rows: list[Row]) -> None:
    case, records = data.draw(ORACLES[family]), table(rows)
    expected = case.oracle(in_order(records, rows))
    with small():
        bound = case.strategy.candidates(records)
        found = listed(bound)
        assert sorted(found) == sorted(expected)
        assert held(bound, sorted(every_pair(rows))) == [pair in expected for pair in sorted(every_pair(rows))]


@SOME
@given(TABLES, CASES)
def test_candidates_are_those_of_brute_force_each_once(rows: list[Row], case: Case) -> None:
    records = table(rows)
    with small():
        found = listed(case.strategy.candidates(records))
    assert all(left < right for left, right in found)
    assert sorted(found) == sorted(case.oracle(in_order(records, rows)))


@SOME
@given(TABLES, CASES)
def test_holds_is_membership_also_of_pairs_that_are_not_proposed(rows: list[Row], case: Case) -> None:
    records = table(rows)
    expected = case.oracle(in_order(records, rows))
    asked = sorted(every_pair(rows))
    with small():
        assert held(case.strategy.candidates(records), asked) == [pair in expected for pair in asked]


@SOME
@given(TABLES, CASES)
def test_cost_is_a_bound_and_exact_for_one_key(rows: list[Row], case: Case) -> None:
    with small():
        found = case.strategy.candidates(table(rows))
        made = len(listed(found))
        assert found.cost >= made
        if isinstance(case.strategy, keys.KeyBlocking | keys.AllPairs | keys.NoPairs):
            assert found.cost == made


@SOME
@given(TABLES, CASES, st.integers(1, 9))
def test_batches_are_the_same_again_never_empty_and_their_size_changes_nothing(
    rows: list[Row], case: Case, batch: int
) -> None:
    found = case.strategy.candidates(table(rows))
    with small():
        at_once = listed(found)
    with small(batch):
        first, again = list(found), list(found)
    assert [p.codes().tolist() for p in first] == [p.codes().tolist() for p in again]
    assert all(len(pairs) and pairs.left.dtype == pairs.right.dtype == np.int32 for pairs in first)
    assert listed(first) == at_once


@SOME
@given(st.data(), TABLES, CASES)
def test_the_order_of_rows_changes_nothing(data: st.DataObject, rows: list[Row], case: Case) -> None:
    moved = table(rows, data.draw(st.permutations(range(len(rows)))))
    with small():
        assert found_ids(case.strategy, moved) == found_ids(case.strategy, table(rows))


@SOME
@given(TABLES, CASES, CASES)
def test_adding_a_key_never_loses_a_pair_and_demanding_or_removing_one_never_adds(
    rows: list[Row], one: Case, other: Case
) -> None:
    records = table(rows)
    with small():
        alone = set(listed(one.strategy.candidates(records)))
        assert alone <= set(listed((one.strategy | other.strategy).candidates(records)))
        assert alone >= set(listed((one.strategy & other.strategy).candidates(records)))
        assert alone >= set(listed((one.strategy - other.strategy).candidates(records)))


# ---- families without an oracle here


@attrs.frozen(repr=False)
class Near(Algebra):
    """Neighbors by vectors that follow the ids of the records."""

    k: int
    metric: Any

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs of neighbors."""
        ids = records.ids.gather(np.argsort(records.position)).to_numpy().astype(np.int64)
        vectors = np.random.default_rng(5).normal(size=(12, 3))
        vectors[3] = np.nan
        return nearest(vectors[ids], k=self.k, metric=self.metric, exact=True).candidates(records)

    def __repr__(self) -> str:
        """Return the settings."""
        return f"Near({self.k}, {self.metric!r})"


WEIGHTS = st.sampled_from(["common", "jaccard", "ecbs", "arcs"])
MANY_BLOCKS = st.sampled_from(
    [
        words_of("text"),
        words_of("text", max_block=2) | block_on("a"),
        words_of("text", max_block=2, hot="split", split_by=("b",)),
        qgrams_of("text", "a", q=2, max_block=3, hot="cap") | any_shared("tags"),
    ]
)
NAMES = st.sampled_from([("text",), ("a",), ("text", "b")])
FAMILIES: dict[str, st.SearchStrategy[BlockingStrategy]] = {
    **{name: cases.map(lambda case: case.strategy) for name, cases in ORACLES.items()},
    "expressions": CASES.map(lambda case: case.strategy),
    "sorted neighborhood": st.builds(lambda names, w: sorted_neighborhood(*names, window=w), NAMES, st.integers(2, 5)),
    "adaptive neighborhood": st.builds(
        lambda names, similarity, policy: adaptive_neighborhood(names[0], similarity=similarity, **policy.options),
        NAMES,
        st.sampled_from([0.6, 0.8, 1.0]),
        policies(),
    ),
    "time": st.builds(
        lambda minutes, most: within_time("seen", minutes=minutes, max_window=most),
        st.sampled_from([1, 10, 100]),
        st.sampled_from([2, 3, 100]),
    ),
    "distance": st.builds(
        lambda kilometers, policy: within_distance("north", "east", kilometers=kilometers, **policy.options),
        st.sampled_from([0.005, 0.02, 50.0, 30_000.0]),
        policies(),
    ),
    "minhash": st.builds(
        lambda names, similarity, unit, seed, policy: minhash(
            *names, similarity=similarity, unit=unit, seed=seed, **policy.options
        ),
        NAMES,
        st.sampled_from([0.3, 0.7]),
        st.sampled_from([2, "words"]),
        st.integers(0, 3),
        policies(),
    ),
    "simhash": st.builds(
        lambda names, distance, seed, policy: simhash(*names, distance=distance, unit=2, seed=seed, **policy.options),
        NAMES,
        st.integers(0, 12),
        st.integers(0, 3),
        policies(),
    ),
    "meta-blocking": st.builds(
        lambda inner, weight, way, reciprocal: meta_blocking(
            inner, weight=weight, pruning=way, reciprocal=reciprocal and way != "weight_edge"
        ),
        MANY_BLOCKS,
        WEIGHTS,
        st.sampled_from(["weight_edge", "weight_node", "cardinality_node"]),
        st.booleans(),
    ),
    "top k": st.builds(
        lambda names, k, unit, policy: top_k(*names, k=k, unit=unit, **policy.options),
        NAMES,
        st.integers(1, 3),
        st.sampled_from([2, "words"]),
        policies(),
    ),
    "canopies": st.builds(
        lambda names, loose, seed, policy: canopies(*names, loose=loose, unit=2, seed=seed, **policy.options),
        NAMES,
        st.sampled_from([0.2, 0.5, 0.8]),
        st.integers(0, 3),
        policies(),
    ),
    "nearest": st.builds(Near, st.integers(1, 3), st.sampled_from(["cosine", "euclidean"])),
}
EVERY = pytest.mark.parametrize("family", FAMILIES)


@EVERY
@FEW
@given(st.data(), TABLES, st.integers(1, 9))
def test_every_family_keeps_the_promises_of_candidates(
    family: str, data: st.DataObject, rows: list[Row], batch: int
) -> None:
    """Each pair once, held as it is proposed, no more than the cost, the same again and in batches of any size."""
    strategy, records = data.draw(FAMILIES[family]), table(rows)
    with small():
        found = strategy.candidates(records)
        made = listed(found)
        asked = sorted(every_pair(rows))
        assert held(found, asked) == [pair in set(made) for pair in asked]
        assert found.cost >= len(made)
        assert found.cost == sum(report.pairs for report in found.reports) or family in {"expressions", "meta-blocking"}
    assert len(set(made)) == len(made)
    assert all(left < right for left, right in made)
    with small(batch):
        again = strategy.candidates(table(rows))
        batches = list(again)
        assert [p.codes().tolist() for p in again] == [p.codes().tolist() for p in batches]
    assert all(len(pairs) and pairs.left.dtype == pairs.right.dtype == np.int32 for pairs in batches)
    assert listed(batches) == made


@EVERY
@FEW
@given(st.data(), TABLES)
def test_every_family_is_free_of_the_order_of_rows(family: str, data: st.DataObject, rows: list[Row]) -> None:
    strategy = data.draw(FAMILIES[family])
    moved = table(rows, data.draw(st.permutations(range(len(rows)))))
    with small():
        assert found_ids(strategy, moved) == found_ids(strategy, table(rows))


@EVERY
@FEW
@given(st.data(), TABLES)
def test_every_family_joins_with_others_as_sets_do(family: str, data: st.DataObject, rows: list[Row]) -> None:
    one, records = data.draw(FAMILIES[family]), table(rows)
    other = data.draw(st.one_of(FAMILIES.values()))
    with small():
        mine, theirs = (set(listed(strategy.candidates(records))) for strategy in (one, other))
        for joined, expected in (
            (one | other, mine | theirs),
            (one & other, mine & theirs),
            (one - other, mine - theirs),
        ):
            found = listed(joined.candidates(records))
            assert sorted(found) == sorted(expected)
