"""TF-IDF vectors and their nearest neighbors, against plain definitions on dictionaries."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.blocking import cosine
from identigraph.blocking.cosine import Vectors, nearest, tfidf
from identigraph.text.cutting import Cut, words

Text = list[str]

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=6), max_size=14)
BATCHES = st.sampled_from([1, 9, 30, 1 << 18])
FRESH = st.sampled_from([0, 5, 1 << 20])


def cut(texts: list[Text]) -> Cut:
    return words(pl.Series([" ".join(text) for text in texts], dtype=pl.String))


def slow_tfidf(texts: list[Text]) -> list[dict[str, float]]:
    """Return the weight of each token of each text."""
    counts = [Counter(text) for text in texts]
    df = Counter(token for count in counts for token in count)
    raw = [{t: tf * (math.log((1 + len(texts)) / (1 + df[t])) + 1) for t, tf in count.items()} for count in counts]
    return [{t: w / math.hypot(*vector.values()) for t, w in vector.items()} for vector in raw]


def slow_nearest(
    texts: list[Text], k: int, floor: float, groups: list[int] | None = None
) -> list[tuple[int, int, float]]:
    """Return (query, neighbor, similarity in millionths) by comparing every text with every other."""
    vectors = slow_tfidf(texts)
    listed = []
    for a, one in enumerate(vectors):
        others = [b for b in range(len(texts)) if (b != a if groups is None else groups[a] != groups[b])]
        scores = [(-round(1e6 * sum(w * vectors[b].get(t, 0) for t, w in one.items())), b) for b in others]
        best = sorted(pair for pair in scores if -pair[0] >= round(1e6 * floor))[:k]
        listed += [(a, b, -score) for score, b in best]
    return listed


def found(vectors: Vectors, k: int, floor: float, groups: list[int] | None = None) -> list[tuple[int, int, float]]:
    codes = None if groups is None else np.array(groups, dtype=np.int64)
    query, neighbor, similarity = nearest(vectors, k, min_similarity=floor, groups=codes)
    assert (query.dtype, neighbor.dtype, similarity.dtype) == (np.int64, np.int64, np.float64)
    millionths = [round(s * 1e6) for s in similarity.tolist()]
    return list(zip(query.tolist(), neighbor.tolist(), millionths, strict=True))


@given(TEXTS)
def test_the_vectors_are_those_of_the_plain_definition(texts: list[Text]) -> None:
    vectors, slow = tfidf(cut(texts)), slow_tfidf(texts)
    assert len(vectors) == len(texts)
    assert np.diff(vectors.starts).tolist() == [len(vector) for vector in slow]
    for vector, low, high in zip(slow, vectors.starts, vectors.starts[1:], strict=False):
        assert np.sort(vectors.weights[low:high]) == pytest.approx(sorted(vector.values()), abs=1e-12)
        assert (np.diff(vectors.terms[low:high]) > 0).all()


@given(TEXTS)
def test_the_ids_of_tokens_rise_with_their_document_frequencies_then_alphabetically(texts: list[Text]) -> None:
    vectors = tfidf(cut(texts))
    df = Counter(token for text in texts for token in {*text})
    ranks = {token: i for i, token in enumerate(sorted(df, key=lambda token: (df[token], token)))}
    assert vectors.n_terms == len(ranks)
    assert vectors.terms.tolist() == [i for text in texts for i in sorted(ranks[t] for t in {*text})]


def test_vectors_that_are_taken_keep_their_tokens_and_may_repeat() -> None:
    vectors = tfidf(cut([["a", "b"], [], ["b", "c", "d"]])).taken(np.array([2, 1, 2]))
    assert (vectors.starts.tolist(), vectors.n_terms) == ([0, 3, 3, 6], 4)
    assert vectors.terms.tolist() == [1, 2, 3] * 2
    assert (vectors.weights[:3] == vectors.weights[3:]).all()


@given(TEXTS, st.integers(1, 5), st.sampled_from([0.1, 0.4, 0.7, 1.0]), BATCHES, FRESH, st.booleans())
def test_the_nearest_are_those_of_comparing_all_with_all_ties_and_any_batches_included(
    texts: list[Text], k: int, floor: float, batch: int, fresh: int, grouped: bool
) -> None:
    groups = [len(text) % 3 for text in texts] if grouped else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cosine, "BATCH", batch)
        patch.setattr(cosine, "FRESH", fresh)
        assert found(tfidf(cut(texts)), k, floor, groups) == slow_nearest(texts, k, floor, groups)


@pytest.mark.parametrize("batch", [1, 500, 5_000, 1 << 18])
@pytest.mark.parametrize("fresh", [0, 300, 1 << 20])
def test_bars_that_rise_while_batches_go_by_drop_nobody(
    batch: int, fresh: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cosine, "BATCH", batch)
    monkeypatch.setattr(cosine, "FRESH", fresh)
    rng = np.random.default_rng(5)
    texts = [list(rng.choice(list("abcdefghijklmnop"), size=rng.integers(0, 7))) for _ in range(150)]
    assert found(tfidf(cut(texts)), 3, 0.1) == slow_nearest(texts, 3, 0.1)


def test_of_equally_similar_texts_the_lower_rows_are_the_neighbors() -> None:
    assert found(tfidf(cut([["a", "b"]] * 5)), 2, 0.1) == [
        (query, neighbor, 1_000_000)
        for query, near in enumerate([(1, 2), (0, 2), (0, 1), (0, 1), (0, 1)])
        for neighbor in near
    ]


def test_with_k_above_the_number_of_texts_every_similarity_comes_both_ways() -> None:
    both = {(a, b): s for a, b, s in found(tfidf(cut([["a", "b"], ["b", "c"], ["c", "a", "a"], []])), 99, 0.01)}
    assert both.keys() == {(a, b) for a in range(3) for b in range(3) if a != b}
    assert all(both[b, a] == similarity for (a, b), similarity in both.items())


def test_a_similarity_equal_to_the_floor_at_six_decimals_is_kept() -> None:
    vectors = Vectors(np.array([0, 1, 3]), np.array([1, 0, 1]), np.array([1.0, 0.8, 0.6]), 2)
    assert found(vectors, 1, 0.6000004) == [(0, 1, 600_000), (1, 0, 600_000)]
    assert found(vectors, 1, 0.6000006) == []


@pytest.mark.parametrize("groups", [None, [0, 1]])
def test_a_similarity_that_rounds_to_less_than_the_floor_is_dropped(groups: list[int] | None) -> None:
    weight = 0.6 - 0.50005e-6
    vectors = Vectors(np.array([0, 1, 3]), np.array([1, 0, 1]), np.array([1.0, math.sqrt(1 - weight**2), weight]), 2)
    assert found(vectors, 1, 0.6, groups) == []
    assert found(vectors, 1, 0.599999, groups) == [(0, 1, 599_999), (1, 0, 599_999)]


def test_differences_beyond_six_decimals_do_not_decide_between_neighbors() -> None:
    weights = [0.6, 0.6 + 1e-8, 0.6 + 1e-6]
    entries = np.array([1.0, *(part for w in weights for part in (math.sqrt(1 - w * w), w))])
    vectors = Vectors(np.array([0, 1, 3, 5, 7]), np.array([3, 0, 3, 1, 3, 2, 3]), entries, 4)
    assert [neighbor for query, neighbor, _ in found(vectors, 2, 0.1) if query == 0] == [3, 1]


@pytest.mark.parametrize("query", [0, 4])
def test_a_later_neighbor_that_is_better_in_the_sixth_decimal_only_is_found(
    query: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cosine, "BATCH", 1)
    monkeypatch.setattr(cosine, "FRESH", 0)
    weights = [0.6, 0.6, 0.6, 0.6 + 0.6e-6]
    rows = [([step, 4], [math.sqrt(1 - w * w), w]) for step, w in enumerate(weights)]
    rows.insert(query, ([4], [1.0]))
    terms, entries = (np.concatenate(column) for column in zip(*rows, strict=True))
    vectors = Vectors(np.cumsum([0, *(len(row) for row, _ in rows)]), terms, entries, 5)
    assert [pair[1:] for pair in found(vectors, 1, 0.1) if pair[0] == query] == [(4 if query == 0 else 3, 600_001)]


def test_a_floor_below_the_sixth_decimal_makes_no_neighbors_of_texts_that_share_nothing() -> None:
    assert [pair[:2] for pair in found(tfidf(cut([["a"], ["b"], ["a"]])), 3, 1e-9)] == [(0, 2), (2, 0)]


@pytest.mark.parametrize("texts", [[], [[]], [[], []], [["a"]], [["a"], ["b"], []]])
def test_texts_that_share_no_token_have_no_neighbors(texts: list[Text]) -> None:
    assert found(tfidf(cut(texts)), 3, 0.1) == []


def test_within_one_group_nobody_is_a_neighbor() -> None:
    vectors = tfidf(cut([["a"], ["a"], ["a"]]))
    assert found(vectors, 3, 0.1, [0, 0, 0]) == []
    assert [pair[:2] for pair in found(vectors, 3, 0.1, [0, 0, 1])] == [(0, 2), (1, 2), (2, 0), (2, 1)]
