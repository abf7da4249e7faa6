"""Meta-blocking against the block graph as plain sets: each weight, each pruning."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proposed_pairs import pairs_of

import identigraph as ig
from identigraph import Pairs, Records, blocking
from identigraph.blocking import (
    BlockingStrategy,
    BlockReport,
    Candidates,
    any_shared,
    block_on,
    blocks,
    meta_blocking,
    minhash,
    simhash,
    sorted_neighborhood,
    top_k,
    within_distance,
    words_of,
)
from identigraph.blocking.blocks import BlockCandidates
from identigraph.blocking.graph import BlockGraph
from identigraph.errors import ConfigurationError, EmptyBlockingWarning, HotBlockError, HotBlockWarning, RangeError

thinned = pytest.mark.filterwarnings("ignore::identigraph.errors.HotBlockWarning")
quietly = pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
WEIGHTS = ["common", "jaccard", "ecbs", "arcs"]
PairSet = set[tuple[int, int]]
Blocks = list[set[int]]
Graph = dict[tuple[int, int], float]


def graph_of(shared: Blocks, weight: str, reach: int = 99, most: int = 1_000) -> Graph:
    """Return the weight of each pair that shares a block, in larger ones than `most` of its neighbors only."""
    of_row: dict[int, set[int]] = defaultdict(set)
    common: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, rows in enumerate(shared):
        ordered = sorted(rows)
        for place, row in enumerate(ordered):
            of_row[row].add(number)
            for other in ordered[place + 1 :][: reach if len(rows) > most else None]:
                common[row, other].append(number)

    def weigh(i: int, j: int, both: list[int]) -> float:
        one, other = len(of_row[i]), len(of_row[j])
        if weight == "common":
            return len(both)
        if weight == "jaccard":
            return len(both) / (one + other - len(both))
        if weight == "ecbs":
            return len(both) * math.log(len(shared) / one) * math.log(len(shared) / other)
        return sum(1 / math.comb(len(shared[number]), 2) for number in both)

    return {(i, j): weigh(i, j, both) for (i, j), both in common.items()}


def around(graph: Graph) -> dict[int, dict[tuple[int, int], float]]:
    """Return the edges of each record."""
    edges: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    for pair, weight in graph.items():
        for row in pair:
            edges[row][pair] = weight
    return edges


def pruned(graph: Graph, pruning: str, k: int, *, both: bool) -> PairSet:
    """Return the edges that are kept."""
    if pruning == "weight_edge":
        mean = sum(graph.values()) / max(len(graph), 1)
        return {pair for pair, weight in graph.items() if weight >= mean * (1 - 1e-9)}
    keeps: dict[int, PairSet] = {}
    for row, edges in around(graph).items():
        mean = sum(edges.values()) / len(edges)
        heaviest = sorted(edges, key=lambda pair: (-edges[pair], sum(pair) - row))[:k]
        near = {pair for pair, weight in edges.items() if weight >= mean * (1 - 1e-9)}
        keeps[row] = set(heaviest) if pruning == "cardinality_node" else near
    choose = all if both else any
    return {(i, j) for i, j in graph if choose((i, j) in keeps[row] for row in (i, j))}


TITLES = st.lists(
    st.none() | st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=14
)
PRUNINGS = [
    ("weight_edge", False),
    ("weight_node", False),
    ("weight_node", True),
    ("cardinality_node", False),
    ("cardinality_node", True),
]


def word_blocks(titles: list[str | None]) -> Blocks:
    """Return the rows that share each word, where there are two at least."""
    words: dict[str, set[int]] = defaultdict(set)
    for row, title in enumerate(titles):
        for word in (title or "").split():
            words[word].add(row)
    return [words[word] for word in sorted(words) if len(words[word]) > 1]


@given(TITLES, st.sampled_from(WEIGHTS), st.sampled_from([2, 3, 4, 1_000]), st.booleans())
def test_edges_weigh_what_the_formula_says(titles: list[str | None], weight: Any, most: int, union: bool) -> None:
    records = Records.of({"title": titles})
    rows = [titles[place] for place in records.position]
    parts = [words_of("title", max_block=most), *([block_on("title")] if union else [])]
    made = [BlockCandidates.of(repr(part), part.blocks(records), part.policy, records) for part in parts]
    graph = BlockGraph.of(made, weight)
    shared = [block for block in word_blocks(rows) if len(block) <= most]
    if union:
        shared += [{i for i, title in enumerate(rows) if title == each} for each in {*rows} - {None}]
        shared = [block for block in shared if len(block) > 1]
    expected = graph_of(shared, weight)
    edges = {
        (left, right): weight
        for codes, weights in graph.edges()
        for left, right, weight in zip(
            (codes >> 32).tolist(), (codes & 0xFFFFFFFF).tolist(), weights.tolist(), strict=True
        )
    }
    assert edges == pytest.approx(expected)
    every = list(combinations(range(len(rows)), 2))
    asked = graph.weights(Pairs.of([i for i, _ in every], [j for _, j in every])).tolist()
    assert asked == pytest.approx([expected.get(pair, -1) for pair in every])
    of_row = around(expected)
    means = [sum(of_row[row].values()) / max(len(of_row[row]), 1) for row in range(len(rows))]
    assert graph.mean_weights().tolist() == pytest.approx(means)
    total = sum(expected.values()) / max(len(expected), 1)
    assert graph.mean_weight().tolist() == pytest.approx([total] * len(rows))
    assert graph.degrees.tolist() == [sum(row in block for block in shared) for row in range(len(rows))]
    assert graph.usual_degree == max(round(sum(map(len, shared)) / len(rows)) - 1, 1)


@quietly
@settings(max_examples=25)
@given(titles=TITLES, k=st.integers(1, 4))
@pytest.mark.parametrize("weight", ["common", "jaccard", "arcs"])
@pytest.mark.parametrize(("pruning", "both"), PRUNINGS)
def test_prunings_keep_the_edges_that_a_plain_loop_keeps(
    weight: Any, pruning: Any, both: bool, titles: list[str | None], k: int
) -> None:
    records = Records.of({"title": titles})
    rows = [titles[place] for place in records.position]
    options = {"k": k} if pruning == "cardinality_node" else {}
    strategy = meta_blocking(words_of("title"), weight=weight, pruning=pruning, reciprocal=both, **options)
    expected = pruned(graph_of(word_blocks(rows), weight), pruning, k, both=both)
    assert pairs_of(strategy.candidates(records), len(rows)) == expected


def tilted(shared: Blocks, weight: Any) -> Graph:
    """Return a graph of rounded weights, so that sums of logarithms in another order make no difference."""
    return {pair: round(value, 9) for pair, value in graph_of(shared, weight).items()}


@quietly
@pytest.mark.parametrize(("pruning", "both"), PRUNINGS)
def test_prunings_by_ecbs_keep_the_edges_that_a_plain_loop_keeps(pruning: Any, both: bool) -> None:
    draw = np.random.default_rng(11)
    for _ in range(20):
        titles = [" ".join(draw.choice(list("abcdefghij"), size=draw.integers(1, 7))) for _ in range(15)]
        records = Records.of({"title": titles})
        graph = tilted(word_blocks([titles[place] for place in records.position]), "ecbs")
        strategy = meta_blocking(words_of("title"), weight="ecbs", pruning=pruning, reciprocal=both)
        made = BlockGraph.of([_blocked(words_of("title"), records)], "ecbs")
        found = pairs_of(strategy.candidates(records), 15)
        assert found == pruned(graph, pruning, made.usual_degree, both=both)


def _blocked(part: Any, records: Records) -> BlockCandidates:
    return BlockCandidates.of(repr(part), part.blocks(records), part.policy, records)


@quietly
@given(TITLES, st.sampled_from(PRUNINGS))
def test_left_out_k_is_the_mean_number_of_blocks_less_one(titles: list[str | None], how: tuple[Any, bool]) -> None:
    records = Records.of({"title": titles})
    k = BlockGraph.of([_blocked(words_of("title"), records)], "arcs").usual_degree
    found = [
        pairs_of(meta_blocking(words_of("title"), reciprocal=how[1], k=each).candidates(records), len(titles))
        for each in (None, k)
    ]
    assert found[0] == found[1]


@thinned
def test_small_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(2)
    titles = [" ".join(draw.choice(list("abcdefghij"), size=4)) for _ in range(40)]
    records = Records.of({"title": titles})
    strategies = [
        meta_blocking(words_of("title", max_block=12, hot="cap"), weight=weight, pruning=pruning, reciprocal=both)
        for weight in WEIGHTS
        for pruning, both in PRUNINGS
    ]
    whole = [pairs_of(strategy.candidates(records), 40) for strategy in strategies]
    for batch in (1, 30):
        monkeypatch.setattr(blocks, "BATCH", batch)
        assert [pairs_of(strategy.candidates(records), 40) for strategy in strategies] == whole


@thinned
@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(("pruning", "both"), PRUNINGS)
def test_hot_blocks_count_as_their_strategy_treats_them(weight: Any, pruning: Any, both: bool) -> None:
    titles = [f"the {'odd' if i % 2 else 'even'} {i // 3}" for i in range(30)] + ["alone", "alone"]
    records = Records.of({"title": titles})
    rows = [titles[place] for place in records.position]
    part = words_of("title", max_block=14, hot="cap") | block_on("title", max_block=2)
    same = [{i for i, title in enumerate(rows) if title == each} for each in {*rows}]
    shared = [*word_blocks(rows), *(block for block in same if len(block) > 1)]
    k = max(round(sum(map(len, shared)) / 32) - 1, 1)
    graph = {pair: round(value, 9) for pair, value in graph_of(shared, weight, reach=10, most=14).items()}
    found = meta_blocking(part, weight=weight, pruning=pruning, reciprocal=both).candidates(records)
    assert pairs_of(found, 32) == pruned(graph, pruning, k, both=both)
    (report,) = found.reports
    assert (report.hot_blocks, report.largest, report.hot_records) == (3, 30, 30)
    assert report.hot_pairs == sum(math.comb(size, 2) - (10 * size - 55) for size in (30, 15, 15))
    assert (report.blocks, report.keyed) == (len(shared), 32)
    assert report.pairs == found.cost


def test_skipped_blocks_strand_records_and_raised_ones_raise() -> None:
    records = Records.of({"title": ["the one", "the two", "the three", "four two"]})
    found = meta_blocking(words_of("title", max_block=2), pruning="weight_edge", weight="common").candidates(records)
    shown = "meta_blocking(words_of('title', max_block=2), weight='common', pruning='weight_edge')"
    assert found.reports == (BlockReport(shown, 1, 2, 2, 3, hot_blocks=1, hot_records=3, hot_pairs=3, stranded=2),)
    with pytest.raises(HotBlockError, match="puts 3 records into one block"):
        meta_blocking(words_of("title", max_block=2, hot="raise")).candidates(records)


@pytest.mark.parametrize(("pruning", "both"), PRUNINGS)
@pytest.mark.parametrize("titles", [[], ["one"], ["one", "two", None], [None, None]])
def test_without_a_shared_block_there_is_no_pair(titles: list[str | None], pruning: Any, both: bool) -> None:
    records = Records.of({"title": titles})
    strategy = meta_blocking(words_of("title") | block_on("title"), pruning=pruning, reciprocal=both)
    if len(titles) < 2:
        assert pairs_of(strategy.candidates(records), len(titles)) == set()
        return
    with pytest.warns(EmptyBlockingWarning) as told:
        found = strategy.candidates(records)
    assert str(told[0].message).startswith(f"{strategy!r} finds no pair: ")
    assert told[0].filename == __file__
    assert pairs_of(found, len(titles)) == set()


def test_any_strategies_of_blocks_are_pruned_and_the_pairs_are_theirs() -> None:
    draw = np.random.default_rng(8)
    data = {
        "title": [" ".join(draw.choice(list("abcdefghij"), size=4)) for _ in range(40)],
        "tags": [draw.choice(list("tuvwxyz"), size=2).tolist() for _ in range(40)],
    }
    records = Records.of(data)
    for inner in (
        any_shared("tags"),
        minhash("title"),
        blocking.qgrams_of("title"),
        any_shared("tags") | words_of("title"),
    ):
        every = pairs_of(inner.candidates(records), 40)
        kept = pairs_of(meta_blocking(inner, pruning="weight_edge").candidates(records), 40)
        assert 0 < len(kept) < len(every)
        assert kept <= every


@attrs.frozen
class Everybody:
    """A strategy of somebody else's, which makes no blocks."""

    def candidates(self, records: Records) -> Candidates:
        """Return all pairs."""
        return ig.all_pairs().candidates(records)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (sorted_neighborhood("a"), "sorted_neighborhood('a', window=10)"),
        (words_of("a") | sorted_neighborhood("a"), "sorted_neighborhood('a', window=10)"),
        (words_of("a") & block_on("b"), "words_of('a') & block_on('b')"),
        (meta_blocking(words_of("a")), "meta_blocking(words_of('a'), weight='arcs', pruning='cardinality_node')"),
        (Everybody(), "Everybody()"),
        ("name", "'name'"),
    ],
)
def test_a_strategy_without_blocks_is_refused(wrong: Any, named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        meta_blocking(wrong)
    assert str(caught.value) == f"meta_blocking takes strategies that make blocks, which {named} does not"


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (
            {"weight": "x"},
            ConfigurationError,
            "weight must be one of 'common', 'jaccard', 'ecbs', 'arcs', got 'x'",
        ),
        (
            {"pruning": "x"},
            ConfigurationError,
            "pruning must be one of 'weight_edge', 'weight_node', 'cardinality_node', got 'x'",
        ),
        (
            {"pruning": "weight_edge", "reciprocal": True},
            ConfigurationError,
            "reciprocal is for the prunings by node, 'weight_node' and 'cardinality_node'",
        ),
        (
            {"pruning": "weight_node", "k": 3},
            ConfigurationError,
            "k is for pruning='cardinality_node', got pruning='weight_node'",
        ),
        ({"k": 0}, RangeError, "k must lie between 1 and inf, got 0"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        meta_blocking(words_of("a"), **arguments)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "strategy",
    [
        meta_blocking(words_of("a")),
        meta_blocking(words_of("a") | block_on("b"), weight="ecbs", pruning="weight_node", reciprocal=True),
        meta_blocking(words_of("a", max_block=7), weight="jaccard", pruning="weight_edge"),
        meta_blocking(words_of("a"), weight="common", k=4),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307


@pytest.mark.parametrize(
    "strategy",
    [simhash("text"), within_distance("lat", "lon", kilometers=1), top_k("text", across=True)],
    ids=repr,
)
def test_strategies_that_test_the_pairs_of_a_block_are_refused(strategy: BlockingStrategy) -> None:
    """Their blocks hold pairs that they refuse; pruning would bring these back."""
    with pytest.raises(ConfigurationError, match=r"takes all pairs of a block, but .* tests them one by one"):
        meta_blocking(block_on("text") | strategy)


def test_hot_blocks_of_its_parts_are_told() -> None:
    records = Records.of({"city": ["x"] * 60 + ["y"] * 3, "name": [str(i // 2) for i in range(63)]})
    with pytest.warns(HotBlockWarning, match="blocks of more than 20 records were thinned out: 1 in all"):
        meta_blocking(block_on("city", max_block=20) | block_on("name")).candidates(records)
