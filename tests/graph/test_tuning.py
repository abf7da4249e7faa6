"""The threshold of the highest expected F1, against every threshold tried by hand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph import Pairs
from identigraph.errors import ConfigurationError
from identigraph.graph import AverageLinkage, Clusters, IdentityGraph, ScoredPairs
from identigraph.graph.keys import Keys
from identigraph.graph.tuning import APART, LARGEST, LOG2_ODDS, MOST_ODDS, Known, pairs_inside, tune_threshold
from identigraph.matching.logistic import fit_rising


@attrs.frozen
class Case:
    """Records with the log2 odds of all their pairs, of which some were scored, and pairs whose answer is known."""

    n: int
    odds: dict[tuple[int, int], float]
    scored: list[tuple[int, int]]
    known: dict[tuple[int, int], bool]

    def scored_pairs(self) -> ScoredPairs:
        """Return the scored pairs."""
        pairs = pairs_of(self.scored)
        odds = np.array([self.odds[pair] for pair in self.scored])
        return ScoredPairs(pairs.left, pairs.right, odds, 1 / (1 + np.exp2(-odds)))

    def log2_odds(self, pairs: Pairs) -> np.ndarray:
        """Return the odds of any pairs."""
        return np.array([self.odds[pair] for pair in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)])

    def tuned(self, builder: AverageLinkage, apart: Any = None) -> Any:
        """Return what tuning finds."""
        known = Known(pairs_of(list(self.known)), np.array(list(self.known.values())))
        return tune_threshold(builder, self.graph(apart), self.log2_odds, known)

    def graph(self, apart: Any = None) -> IdentityGraph:
        """Return the graph, some records kept apart by codes."""
        keys = Keys(pl.DataFrame({"source": [""] * self.n, "record_id": range(self.n)}))
        return IdentityGraph(keys, self.scored_pairs(), apart=apart)


def pairs_of(rows: list[tuple[int, int]]) -> Pairs:
    """Return pairs as arrays."""
    left, right = np.array(rows, dtype=np.int32).reshape(-1, 2).T
    return Pairs(left, right)


@st.composite
def cases(draw: Any) -> Case:
    n = draw(st.integers(3, 9))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    everyone = list(combinations(range(n), 2))
    entity = random.integers(0, max(n // 2, 2), n)
    truth = {pair: bool(entity[pair[0]] == entity[pair[1]]) for pair in everyone}
    odds = {pair: float(random.normal(3 if truth[pair] else -5, 4)) for pair in everyone}
    scored = [pair for pair in everyone if random.random() < draw(st.sampled_from([0.4, 1.0]))]
    known = {pair: truth[pair] for pair in everyone if random.random() < 0.6}
    known.update({everyone[0]: True, everyone[-1]: False})
    return Case(n, odds, scored, known)


def clusters_at(case: Case, builder: AverageLinkage, odds: float, apart: Any) -> list[int]:
    """Return the labels at a threshold."""
    at = attrs.evolve(builder, threshold=1 / (1 + 2**-odds))
    return at.build(case.graph(apart)).labels.tolist()


def levels_by_hand(built: list[list[int]], pairs: list[tuple[int, int]]) -> np.ndarray:
    """Return the highest of the thresholds at which both records are in one cluster."""
    return np.array(
        [max([o for o, c in zip(LOG2_ODDS, built, strict=True) if c[a] == c[b]], default=APART) for a, b in pairs]
    )


def by_hand(case: Case, builder: AverageLinkage, apart: Any) -> list[tuple[float, float, float]]:
    """Return expected precision, recall and F1 of each threshold, by the formula."""
    built = [clusters_at(case, builder, odds, apart) for odds in LOG2_ODDS]
    inside = [pair for pair in case.odds if built[0][pair[0]] == built[0][pair[1]] and pair not in case.scored]
    pairs, known = [*case.scored, *inside], list(case.known)

    def features(some: list[tuple[int, int]]) -> np.ndarray:
        odds = np.clip([case.odds[pair] for pair in some], -MOST_ODDS, MOST_ODDS)
        return np.column_stack([odds, levels_by_hand(built, some)])

    slopes, intercept = fit_rising(
        features(known), np.array(list(case.known.values())), ridge=0.3, center=np.log(2) * np.full(2, 0.5)
    )
    chance = 1 / (1 + np.exp(-(features(pairs) @ slopes + intercept)))
    rows = []
    for labels in built:
        found = sum(p for p, (a, b) in zip(chance, pairs, strict=True) if labels[a] == labels[b])
        made = sum(labels[a] == labels[b] for a, b in combinations(range(case.n), 2))
        there = max(chance.sum(), 1e-9)
        rows.append((found / max(made, 1e-9), found / there, 2 * found / max(made + chance.sum(), 1e-9)))
    return rows


@settings(max_examples=30)
@given(cases(), st.sampled_from([-8.0, -2.0]), st.booleans())
def test_the_threshold_is_that_of_the_highest_expected_f1(case: Case, unseen: float, source: bool) -> None:
    builder = AverageLinkage(unseen=unseen)
    apart = np.arange(case.n, dtype=np.int32) // 2 if source else None
    made = case.tuned(builder, apart)
    rows = by_hand(case, builder, apart)
    table = made.table
    assert table.columns == ["threshold", "expected_precision", "expected_recall", "expected_f1"]
    assert table["threshold"].to_list() == pytest.approx([1 / (1 + 2**-odds) for odds in LOG2_ODDS])
    assert table.rows() == [
        (threshold, *(pytest.approx(value, abs=1e-6) for value in row))
        for threshold, row in zip(table["threshold"], rows, strict=True)
    ]
    best = max(table["expected_f1"])
    highest = max(t for t, f1 in table.select("threshold", "expected_f1").rows() if f1 == best)
    assert made.builder == attrs.evolve(builder, threshold=highest)
    assert made.clusters.labels.tolist() == made.builder.build(case.graph(apart)).labels.tolist()
    assert repr(made) == f"<Tuning: threshold {highest:.3g} of 7 tried>"


def chain(low: float, answer: bool) -> Case:
    """Return twenty couples, to each a third record that agrees by `low` bits with both; nothing else was scored."""
    odds = dict.fromkeys(combinations(range(60), 2), -11.0)
    triples = [(i, i + 1, i + 2) for i in range(0, 60, 3)]
    known = {}
    for one, two, three in triples:
        odds.update({(one, two): 8.0, (one, three): low, (two, three): low})
        known.update({(one, two): True, (one, three): answer, (two, three): answer})
    known.update({(i, i + 4): False for i in range(0, 54, 3)})
    return Case(60, odds, [pair for each in triples for pair in combinations(each, 2)], known)


def test_labels_draw_the_threshold_down_or_up() -> None:
    """Pairs of -1.5 bits: matches all of them, or none."""
    low, high = (chain(-1.5, answer=answer).tuned(AverageLinkage()) for answer in (True, False))
    assert low.builder.threshold == pytest.approx(1 / (1 + 2**2))
    assert low.clusters.count == 20
    assert high.builder.threshold == pytest.approx(1 / (1 + 2**-2))
    assert high.clusters.count == 40


def test_of_thresholds_that_promise_the_same_the_highest_is_taken() -> None:
    odds = dict.fromkeys(combinations(range(6), 2), -11.0) | {(0, 1): 9.0, (2, 3): 9.0}
    made = Case(6, odds, list(odds), {(0, 1): True, (2, 3): True, (4, 5): False}).tuned(AverageLinkage())
    assert len(set(made.table["expected_f1"])) == 1
    assert made.builder.threshold == pytest.approx(0.8)


@pytest.mark.parametrize("match", [True, False])
def test_answers_of_one_kind_are_refused(match: bool) -> None:
    case = chain(-1.5, answer=match)
    with pytest.raises(ConfigurationError, match="labels must hold matches and others"):
        attrs.evolve(case, known=dict.fromkeys(case.known, match)).tuned(AverageLinkage())


@given(st.lists(st.integers(0, 4), max_size=12), st.data())
def test_pairs_inside_are_those_of_one_cluster_that_were_not_scored(labels: list[int], data) -> None:
    clusters = Clusters.of(np.array(labels, dtype=np.int64))
    everyone = list(combinations(range(len(labels)), 2))
    scored = data.draw(st.sets(st.sampled_from(everyone))) if everyone else set()
    pairs = pairs_of(sorted(scored))
    zeros = np.zeros(len(pairs), dtype=np.float32)
    found = pairs_inside(clusters, ScoredPairs(pairs.left, pairs.right, zeros, zeros))
    got = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(got) == len(set(got))
    assert set(got) == {(a, b) for a, b in everyone if labels[a] == labels[b] and (a, b) not in scored}


def test_large_clusters_are_not_scored_inside() -> None:
    labels = np.array([0] * LARGEST + [1] * (LARGEST + 1))
    found = pairs_inside(Clusters.of(labels), ScoredPairs.none())
    assert len(found) == LARGEST * (LARGEST - 1) // 2
    assert found.right.max() == LARGEST - 1
